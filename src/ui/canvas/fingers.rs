//! Fingers on the canvas: two move and zoom the drawing, one that rests opens the menu.

use gloo_events::EventListener;
use gloo_timers::callback::Timeout;
use wasm_bindgen::JsCast;
use web_sys::{Element, WheelEvent};
use yew::prelude::*;

use crate::ui::canvas::geometry::Point;
use crate::ui::canvas::gesture::Gesture;
use crate::ui::canvas::message::Msg;
use crate::ui::canvas::scene::Target;
use crate::ui::canvas::view::Canvas;
use crate::ui::dom;

/// How long a finger rests until the menu opens, in milliseconds.
const LONG_PRESS_MS: u32 = 500;

impl Canvas {
    /// A finger comes down; whether it is the second, which makes both move the drawing.
    pub(super) fn finger_down(&mut self, pointer: i32, at: Point) -> bool {
        self.fingers.retain(|(known, _)| *known != pointer);
        self.fingers.push((pointer, at));
        if self.fingers.len() < 2 {
            return false;
        }
        self.drop_gesture();
        self.gesture = Gesture::Pinch;
        true
    }

    /// One of two fingers moves.
    pub(super) fn fingers_move(&mut self, pointer: i32, at: Point) -> bool {
        let places = |fingers: &[(i32, Point)]| match fingers {
            [one, other, ..] => Some((one.1, other.1)),
            _ => None,
        };
        let before = places(&self.fingers);
        for (known, place) in &mut self.fingers {
            if *known == pointer {
                *place = at;
            }
        }
        let (Some(before), Some(after)) = (before, places(&self.fingers)) else {
            return false;
        };
        self.viewport = self.viewport.pinched(before, after);
        self.is_steered = true;
        true
    }

    /// Whether a hand is on the drawing.
    pub(super) fn is_pressed(&self) -> bool {
        self.gesture != Gesture::Idle || !self.fingers.is_empty()
    }

    /// A finger leaves.
    pub(super) fn finger_up(&mut self, pointer: i32) {
        self.fingers.retain(|(known, _)| *known != pointer);
    }

    /// Opens the menu if the finger stays where it is.
    pub(super) fn await_long_press(
        &mut self,
        ctx: &Context<Self>,
        target: Option<Target>,
        event: &PointerEvent,
    ) {
        let at = Point::new(f64::from(event.client_x()), f64::from(event.client_y()));
        let link = ctx.link().clone();
        self.long_press = Some(Timeout::new(LONG_PRESS_MS, move || {
            link.send_message(Msg::LongPress(target, at));
        }));
    }

    /// The finger has stayed: the menu of what is under it.
    pub(super) fn long_press(
        &mut self,
        ctx: &Context<Self>,
        target: Option<Target>,
        at: Point,
    ) -> bool {
        self.drop_gesture();
        let opens = self.open_menu_of(ctx, target, at);
        if let Some(menu) = &mut self.menu {
            menu.by_finger = true;
        }
        opens
    }
}

/// Whether the canvas an event happened on has the focus.
pub(super) fn has_focus(event: &WheelEvent) -> bool {
    let host = event
        .current_target()
        .and_then(|host| host.dyn_into::<Element>().ok());
    host.is_some_and(|host| matches!(host.matches(":focus"), Ok(true)))
}

/// Two fingers belong to the drawing; one may scroll the page.
pub(super) fn fingers(host: &Element) -> EventListener {
    dom::listen_active(host, "touchmove", |event| {
        let touches = event.dyn_ref::<web_sys::TouchEvent>();
        if touches.is_some_and(|event| event.touches().length() > 1) {
            event.prevent_default();
        }
    })
}
