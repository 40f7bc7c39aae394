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
}
