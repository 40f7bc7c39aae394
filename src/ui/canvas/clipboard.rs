//! What comes and goes over the border of the canvas: the clipboard, and parts dragged here from the page.
//!
//! The clipboard's own events need no permission, unlike its asynchronous interface, so they work in a frame too.

use wasm_bindgen::JsCast;
use web_sys::{ClipboardEvent, DataTransfer, Event};
use yew::prelude::*;

use crate::ui::canvas::geometry::Point;
use crate::ui::canvas::scene::Text;
use crate::ui::canvas::view::Canvas;

/// The kind of data under which a part of the page is dragged.
pub const PART: &str = "application/x-part";

/// Puts what is selected on the clipboard; with `cuts` it goes.
pub(super) fn on_copy(
    oncopy: &Option<Callback<bool, Option<String>>>,
    cuts: bool,
) -> Callback<Event> {
    let oncopy = oncopy.clone();
    Callback::from(move |event: Event| {
        let text = oncopy.as_ref().and_then(|oncopy| oncopy.emit(cuts));
        if let (Some(data), Some(text)) = (data_of(&event), text) {
            // Refused only outside of a copy, and this is one.
            let _ = data.set_data("text/plain", &text);
            event.prevent_default();
        }
    })
}

/// Takes what is pasted while the browser still gives it.
pub(super) fn on_paste(onpasted: Callback<String>) -> Callback<Event> {
    Callback::from(move |event: Event| {
        let text = data_of(&event).and_then(|data| data.get_data("text/plain").ok());
        if let Some(text) = text.filter(|text| !text.trim().is_empty()) {
            event.prevent_default();
            onpasted.emit(text);
        }
    })
}

fn data_of(event: &Event) -> Option<DataTransfer> {
    event.dyn_ref::<ClipboardEvent>()?.clipboard_data()
}

/// Takes what is dropped while the browser still gives it: the part, and where in the window.
pub(super) fn on_drop(ondropped: Callback<(Text, Point)>) -> Callback<DragEvent> {
    Callback::from(move |event: DragEvent| {
        let data = event.data_transfer();
        let part = data.and_then(|data| data.get_data(PART).ok());
        if let Some(part) = part.filter(|part| !part.is_empty()) {
            event.prevent_default();
            event.stop_propagation();
            let at = Point::new(f64::from(event.client_x()), f64::from(event.client_y()));
            ondropped.emit((part.into(), at));
        }
    })
}

impl Canvas {
    /// The place of the drawing in the middle of what is seen.
    pub(super) fn middle_of_view(&self) -> Point {
        let middle = Point::new(self.size.0 / 2.0, self.size.1 / 2.0);
        self.viewport.to_drawing(middle).rounded()
    }

    /// A part was dragged to a place of the window.
    pub(super) fn dropped(&mut self, ctx: &Context<Self>, part: Text, at: Point) {
        let at = self.on_canvas(at.x, at.y);
        let at = self.viewport.to_drawing(at).rounded();
        ctx.props().onpart.emit((part, at));
    }
}

/// Whether what is dragged over the canvas is a part of the page.
pub(super) fn accept(event: &DragEvent) {
    let is_part = event
        .data_transfer()
        .is_some_and(|data| data.types().includes(&PART.into(), 0));
    if is_part {
        event.prevent_default();
    }
}
