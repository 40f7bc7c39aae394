//! A question at its place on the drawing: it floats over the canvas and takes nothing away from it.

use web_sys::{Element, HtmlElement};
use yew::prelude::*;

use crate::ui::canvas::geometry::{Point, Rect};
use crate::ui::dom;

#[derive(Properties, PartialEq)]
pub struct AnchoredProps {
    pub label: AttrValue,
    /// What it is about, on the canvas: it stands beside that and is kept inside.
    pub about: Rect,
    /// Width and height of the canvas.
    pub size: (f64, f64),
    pub onclose: Callback<()>,
    pub children: Html,
}

/// Content at a place of the canvas. Its first field gets the focus, Escape closes it.
#[component]
pub fn Anchored(props: &AnchoredProps) -> Html {
    let frame = use_node_ref();
    {
        let frame = frame.clone();
        use_effect_with((), move |()| {
            let field = frame.cast::<Element>().and_then(|frame| {
                frame
                    .query_selector("input, select, textarea, button")
                    .ok()
                    .flatten()
            });
            let field = field.and_then(|it| wasm_bindgen::JsCast::dyn_into::<HtmlElement>(it).ok());
            if let Some(field) = field {
                // A field that left the page in this very moment needs no focus.
                let _ = field.focus();
            }
        });
    }
    {
        let frame = frame.clone();
        use_effect_with((props.about, props.size), move |(about, size)| {
            if let Some(frame) = frame.cast::<Element>() {
                let own = frame.get_bounding_client_rect();
                let at = place((own.width(), own.height()), *about, *size).rounded();
                dom::set_variable(&frame, "--popover-left", &format!("{}px", at.x));
                dom::set_variable(&frame, "--popover-top", &format!("{}px", at.y));
            }
        });
    }
    let onkeydown = {
        let onclose = props.onclose.clone();
        Callback::from(move |event: KeyboardEvent| {
            // The keys of the canvas are not meant for a form on it.
            event.stop_propagation();
            if event.key() == "Escape" && !event.default_prevented() {
                event.prevent_default();
                onclose.emit(());
            }
        })
    };
    html! {
        <div ref={frame} class="canvas-popover" role="dialog" aria-label={props.label.clone()} {onkeydown}>
            { props.children.clone() }
        </div>
    }
}

/// Between a question and what it is about, and the border of the canvas.
const GAP: f64 = 10.0;

/// The upper left corner of something of size `own` beside `about`: below, right, left or above it, whatever has room;
/// where nothing has, as far away as the canvas allows.
fn place(own: (f64, f64), about: Rect, (width, height): (f64, f64)) -> Point {
    let inside = |at: Point| {
        Point::new(
            at.x.min(width - own.0 - GAP).max(GAP),
            at.y.min(height - own.1 - GAP).max(GAP),
        )
    };
    let middle = about.center();
    let (left, top) = (middle.x - own.0 / 2.0, middle.y - own.1 / 2.0);
    let sides = [
        Point::new(left, about.bottom + GAP),
        Point::new(about.right + GAP, top),
        Point::new(about.left - GAP - own.0, top),
        Point::new(left, about.top - GAP - own.1),
        Point::new(width, height),
        Point::new(0.0, height),
        Point::new(0.0, 0.0),
    ];
    let covered = |at: Point| {
        let rect = Rect::new(at.x, at.y, at.x + own.0, at.y + own.1);
        let both = rect.intersection(about);
        both.width().max(0.0) * both.height().max(0.0)
    };
    sides
        .into_iter()
        .map(inside)
        .min_by(|a, b| covered(*a).total_cmp(&covered(*b)))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_stands_beside_what_it_is_about_and_inside_the_canvas() {
        let (own, size) = ((300.0, 250.0), (1000.0, 600.0));
        let check = |about: Rect, expected: Point| assert_eq!(place(own, about, size), expected);
        check(
            Rect::new(400.0, 50.0, 600.0, 150.0),
            Point::new(350.0, 160.0),
        );
        check(
            Rect::new(100.0, 300.0, 300.0, 500.0),
            Point::new(310.0, 275.0),
        );
        check(
            Rect::new(700.0, 300.0, 950.0, 500.0),
            Point::new(390.0, 275.0),
        );
        let everywhere = place(own, Rect::new(0.0, 0.0, 1000.0, 600.0), size);
        assert!(everywhere.x >= GAP && everywhere.x + own.0 <= 1000.0 - GAP);
        let narrow = place(own, Rect::new(0.0, 0.0, 50.0, 50.0), (200.0, 200.0));
        assert_eq!(narrow, Point::new(GAP, GAP));
    }
}
