//! What the canvas is told.

use web_sys::{PointerEvent, WheelEvent};

use crate::ui::canvas::geometry::Point;
use crate::ui::canvas::gesture::Hit;
use crate::ui::canvas::keys::KeyCommand;
use crate::ui::canvas::scene::{Target, Text};
use crate::ui::canvas::turns::Order;

/// What happens to the canvas.
pub enum Msg {
    Resized(f64, f64),
    Wheel(WheelEvent),
    /// A press, with what lay there when it came.
    Down(Hit, PointerEvent),
    Move(PointerEvent),
    Up(PointerEvent),
    Cancel(PointerEvent),
    Leave,
    LongPress(Option<Target>, Point),
    DoublePress(Target),
    /// The menu of what lies at a place of the window.
    ContextMenu(Option<Target>, Point),
    Key(KeyCommand),
    /// What the last press or key changed is drawn: the next one's turn.
    Turn,
    Focus(bool),
    Zoom(f64),
    Fit,
    /// The hands have left the drawing: it may move.
    Settle,
    /// Something may lie over what is selected, or no longer.
    Uncover,
    /// That place of the drawing goes into the middle.
    Go(Point),
    ToggleMarking,
    ToggleMap,
    /// A part of the page was let go at a place of the window.
    Dropped(Text, Point),
    Pasted(String),
    Arrived,
    Choose(Text),
    CloseMenu,
    Written(Option<Text>),
}

impl Msg {
    /// Whether it keeps its place among presses and keys.
    pub(super) fn order(&self) -> Order {
        match self {
            Msg::Move(_) | Msg::Leave => Order::Follow,
            Msg::Down(..)
            | Msg::Up(_)
            | Msg::Cancel(_)
            | Msg::LongPress(..)
            | Msg::DoublePress(_)
            | Msg::ContextMenu(..)
            | Msg::Key(_)
            | Msg::ToggleMarking
            | Msg::Dropped(..)
            | Msg::Pasted(_) => Order::Turn,
            // A menu and a pen say what they are about by themselves.
            Msg::Resized(..)
            | Msg::Wheel(_)
            | Msg::Turn
            | Msg::Focus(_)
            | Msg::Zoom(_)
            | Msg::Fit
            | Msg::Settle
            | Msg::Uncover
            | Msg::Go(_)
            | Msg::ToggleMap
            | Msg::Arrived
            | Msg::Choose(_)
            | Msg::CloseMenu
            | Msg::Written(_) => Order::Free,
        }
    }
}
