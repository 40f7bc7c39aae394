//! What comes and goes over the border of the canvas: the clipboard, and parts dragged here from the page.
//!
//! The clipboard's own events need no permission, unlike its asynchronous interface, so they work in a frame too.

use wasm_bindgen::JsCast;
use web_sys::{ClipboardEvent, Event};
use yew::prelude::*;

use crate::ui::canvas::geometry::Point;
use crate::ui::canvas::scene::Text;
use crate::ui::canvas::view::Canvas;

/// The kind of data under which a part of the page is dragged.
pub const PART: &str = "application/x-part";

/// Puts what is selected on the clipboard; with `cuts` it goes.
pub(super) fn copy(ctx: &Context<Canvas>, event: &Event, cuts: bool) {
    let Some(oncopy) = &ctx.props().oncopy else {
        return;
    };
    let data = event
        .dyn_ref::<ClipboardEvent>()
        .and_then(|event| event.clipboard_data());
    if let (Some(data), Some(text)) = (data, oncopy.emit(cuts)) {
        // Refused only outside of a copy, and this is one.
        let _ = data.set_data("text/plain", &text);
        event.prevent_default();
    }
}

impl Canvas {
    pub(super) fn paste(&self, ctx: &Context<Self>, event: &Event) {
        let data = event
            .dyn_ref::<ClipboardEvent>()
            .and_then(|event| event.clipboard_data());
        let text = data.and_then(|data| data.get_data("text/plain").ok());
        if let Some(text) = text.filter(|text| !text.trim().is_empty()) {
            event.prevent_default();
            ctx.props().onpaste.emit((text, self.middle_of_view()));
        }
    }

    /// The place of the drawing in the middle of what is seen.
    pub(super) fn middle_of_view(&self) -> Point {
        let middle = Point::new(self.size.0 / 2.0, self.size.1 / 2.0);
        self.viewport.to_drawing(middle).rounded()
    }

    /// A part was dragged here from elsewhere on the page.
    pub(super) fn dropped(&mut self, ctx: &Context<Self>, event: &DragEvent) {
        let part = event
            .data_transfer()
            .and_then(|data| data.get_data(PART).ok());
        if let Some(part) = part.filter(|part| !part.is_empty()) {
            event.prevent_default();
            event.stop_propagation();
            let at = self.on_canvas(f64::from(event.client_x()), f64::from(event.client_y()));
            let at = self.viewport.to_drawing(at).rounded();
            ctx.props().onpart.emit((Text::from(part), at));
        }
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
