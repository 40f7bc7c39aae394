//! What the keys do while the drawing has the focus.

use crate::ui::canvas::geometry::Point;

/// What a key asks for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum KeyCommand {
    /// To the neighbour in a direction.
    Go(Point),
    /// The same, and both are selected.
    Extend(Point),
    /// Everything is selected.
    All,
    /// Writes the label of the selected edge, or the selected note.
    Write,
    /// Moves the selected node.
    Nudge(Point),
    /// To the first or last node in the order of reading.
    First,
    Last,
    /// Along the edges of the selected node.
    NextEdge,
    PreviousEdge,
    /// Opens details; ends an edge that is being drawn.
    Confirm,
    /// Begins to draw an edge.
    Connect,
    Delete,
    Menu,
    /// Gives up: first the edge, then the selection.
    Escape,
    ZoomIn,
    ZoomOut,
    Fit,
}

/// Which keys are held down with it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Modifiers {
    pub ctrl_or_meta: bool,
    pub alt: bool,
    pub shift: bool,
}

/// How far Alt and an arrow move a node.
const NUDGE: f64 = 20.0;

/// What `key` (as `KeyboardEvent.key` names it) asks for; `None` leaves it to the page.
pub fn command(key: &str, held: Modifiers) -> Option<KeyCommand> {
    if held.ctrl_or_meta {
        return matches!(key, "a" | "A").then_some(KeyCommand::All);
    }
    if let Some(direction) = direction(key) {
        return Some(if held.alt {
            KeyCommand::Nudge(Point::new(direction.x * NUDGE, direction.y * NUDGE))
        } else if held.shift {
            KeyCommand::Extend(direction)
        } else {
            KeyCommand::Go(direction)
        });
    }
    if held.alt {
        return None;
    }
    match key {
        "Home" => Some(KeyCommand::First),
        "End" => Some(KeyCommand::Last),
        "]" => Some(KeyCommand::NextEdge),
        "[" => Some(KeyCommand::PreviousEdge),
        "Enter" => Some(KeyCommand::Confirm),
        "F2" => Some(KeyCommand::Write),
        "c" | "C" => Some(KeyCommand::Connect),
        "Delete" | "Backspace" => Some(KeyCommand::Delete),
        "ContextMenu" | "m" => Some(KeyCommand::Menu),
        "F10" if held.shift => Some(KeyCommand::Menu),
        "Escape" => Some(KeyCommand::Escape),
        "+" | "=" => Some(KeyCommand::ZoomIn),
        "-" | "_" => Some(KeyCommand::ZoomOut),
        "0" => Some(KeyCommand::Fit),
        _ => None,
    }
}

fn direction(key: &str) -> Option<Point> {
    match key {
        "ArrowLeft" => Some(Point::new(-1.0, 0.0)),
        "ArrowRight" => Some(Point::new(1.0, 0.0)),
        "ArrowUp" => Some(Point::new(0.0, -1.0)),
        "ArrowDown" => Some(Point::new(0.0, 1.0)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_of_the_browser_stay_with_the_browser() {
        let ctrl = Modifiers {
            ctrl_or_meta: true,
            ..Modifiers::default()
        };
        for key in ["c", "+", "ArrowLeft", "0"] {
            assert_eq!(command(key, ctrl), None, "{key}");
        }
        assert_eq!(command("a", ctrl), Some(KeyCommand::All));
        assert_eq!(command("Tab", Modifiers::default()), None);
        assert_eq!(command(" ", Modifiers::default()), None);
    }

    #[test]
    fn alt_moves_the_node_instead_of_the_selection() {
        let alt = Modifiers {
            alt: true,
            ..Modifiers::default()
        };
        assert_eq!(
            command("ArrowDown", alt),
            Some(KeyCommand::Nudge(Point::new(0.0, NUDGE)))
        );
        assert_eq!(
            command("ArrowDown", Modifiers::default()),
            Some(KeyCommand::Go(Point::new(0.0, 1.0)))
        );
    }
}
