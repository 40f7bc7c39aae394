//! The words on the drawing; the page puts them in its language.

use crate::ui::canvas::scene::Text;

/// The words on the drawing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CanvasWords {
    /// Name of the whole drawing.
    pub label: Text,
    /// How it is used by keyboard, for readers.
    pub instruction: Text,
    /// Shown while an edge is being drawn: choose where it ends, Escape gives up.
    pub connecting: Text,
    pub zoom_in: Text,
    pub zoom_out: Text,
    pub fit: Text,
    pub arrange: Text,
    /// Name of the list of line kinds.
    pub legend: Text,
    /// Name of the menu of a thing.
    pub menu: Text,
    /// Tooltip of the handle from which an edge is drawn.
    pub handle: Text,
    /// Begins to draw an edge from a node.
    pub connect: Text,
    /// Title of the menu of an edge that leads to nothing yet.
    pub leads_to: Text,
    /// Moves nodes by a press on their new place, and what to do then.
    pub place: Text,
    pub placing: Text,
    /// Moves an end of an edge by a press on a node, and what to do then.
    pub move_end: Text,
    pub move_start: Text,
    pub rewiring: Text,
    /// Writes a label anew.
    pub write_label: Text,
    /// Marks an area or adds things by presses, and what to do then.
    pub mark: Text,
    pub marking: Text,
    pub choose_all: Text,
    pub align_left: Text,
    pub align_column: Text,
    pub align_top: Text,
    pub align_row: Text,
    pub spread: Text,
    pub add_note: Text,
    pub add_frame: Text,
    /// Writes a note, or the name of a frame.
    pub write: Text,
    pub colour: Text,
    pub remove: Text,
    /// Stands in a note or frame without words.
    pub empty_note: Text,
    /// Name of the small map, and of the button that shows it.
    pub map: Text,
    pub show_map: Text,
    /// How many things are selected: `{0}` is the number.
    pub chosen: Text,
    /// How many items are on their way: `{0}` is the number.
    pub in_flight: Text,
}
