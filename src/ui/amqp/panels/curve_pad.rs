//! A curve of rates over time, that the pointer draws. The points as text below it say the same and can be written.

use web_sys::Element;
use yew::prelude::*;

use crate::actors::chance::time;
use crate::actors::schedule::Point;
use crate::ui::amqp::forms::described::Wrongs;
use crate::ui::text::{Lang, fill_plain};

#[derive(Properties, PartialEq)]
pub struct CurvePadProps {
    /// Its accessible name, with a place for the highest rate.
    pub label: AttrValue,
    /// `0s=1 10s=50`
    pub points: AttrValue,
    pub ondraw: Callback<AttrValue>,
}

const WIDTH: f64 = 240.0;
const HEIGHT: f64 = 72.0;

/// How many columns a drawn curve has.
const COLUMNS: u64 = 20;

/// How long a curve is and how high, if it does not say.
const LENGTH_MS: u64 = 20_000;
const TOP: f64 = 20.0;

/// Length and height of the drawing.
#[derive(Clone, Copy)]
struct Scale {
    length_ms: u64,
    top: f64,
}

impl Scale {
    fn of(points: &[Point]) -> Scale {
        let length_ms = points.last().map_or(0, |point| point.at_ms);
        let top = points.iter().map(|p| p.per_second).fold(0.0, f64::max);
        Scale {
            length_ms: if length_ms == 0 { LENGTH_MS } else { length_ms },
            // Some room above, to draw higher.
            top: if top > 0.0 { top * 1.25 } else { TOP },
        }
    }

    fn place(self, point: &Point) -> (f64, f64) {
        let x = point.at_ms as f64 / self.length_ms as f64 * WIDTH;
        let y = HEIGHT - point.per_second / self.top * HEIGHT;
        (x, y)
    }
}

/// The points after the pointer was at a place, given as parts of width and height.
fn drawn(points: &[Point], scale: Scale, x: f64, y: f64) -> String {
    let column = (x.clamp(0.0, 1.0) * COLUMNS as f64).round() as u64;
    let at_ms = scale.length_ms * column / COLUMNS;
    let rate = (1.0 - y.clamp(0.0, 1.0)) * scale.top;
    let per_second = if rate >= 10.0 {
        rate.round()
    } else {
        (rate * 10.0).round() / 10.0
    };
    let step = scale.length_ms / COLUMNS / 2;
    // What stood in this column is drawn over; the ends stay where they are.
    let mut kept: Vec<Point> = points
        .iter()
        .filter(|point| point.at_ms.abs_diff(at_ms) > step)
        .copied()
        .collect();
    kept.push(Point { at_ms, per_second });
    crate::ordered::sort_by_key(&mut kept, |point| point.at_ms);
    let words: Vec<String> = kept
        .iter()
        .map(|point| format!("{}={}", time(point.at_ms), point.per_second))
        .collect();
    words.join(" ")
}

/// A curve that the pointer draws.
#[component]
pub fn CurvePad(props: &CurvePadProps) -> Html {
    // The scale stays while one draws, or the curve would run away under the pointer.
    let held = use_mut_ref(|| None::<Scale>);
    let points = Wrongs::new(Lang::En).curve(&props.points);
    let scale = held.borrow().unwrap_or_else(|| Scale::of(&points));
    let places: Vec<String> = points
        .iter()
        .map(|point| {
            let (x, y) = scale.place(point);
            format!("{x:.1},{y:.1}")
        })
        .collect();
    let draw = {
        let (points, ondraw) = (points.clone(), props.ondraw.clone());
        Callback::from(move |event: PointerEvent| {
            let target: Option<Element> = event.current_target_element();
            let Some(target) = target else { return };
            let area = target.get_bounding_client_rect();
            if area.width() > 0.0 && area.height() > 0.0 {
                let x = (f64::from(event.client_x()) - area.left()) / area.width();
                let y = (f64::from(event.client_y()) - area.top()) / area.height();
                ondraw.emit(drawn(&points, scale, x, y).into());
            }
        })
    };
    let onpointerdown = {
        let (held, draw) = (held.clone(), draw.clone());
        Callback::from(move |event: PointerEvent| {
            *held.borrow_mut() = Some(scale);
            if let Some(target) = event.current_target_element() {
                // Without capture it draws only inside.
                let _ = target.set_pointer_capture(event.pointer_id());
            }
            draw.emit(event);
        })
    };
    let onpointermove = Callback::from(move |event: PointerEvent| {
        if event.buttons() & 1 == 1 {
            draw.emit(event);
        }
    });
    let onpointerup = {
        let (held, redraw) = (held, use_force_update());
        Callback::from(move |_: PointerEvent| {
            held.borrow_mut().take();
            redraw.force_update();
        })
    };
    let label = fill_plain(&props.label, &[&format!("{:.0}", scale.top)]);
    html! {
        <svg
            class="curve-pad" viewBox={format!("0 0 {WIDTH} {HEIGHT}")} role="img" aria-label={label}
            preserveAspectRatio="none" {onpointerdown} {onpointermove} {onpointerup}
        >
            <polyline class="curve-line" points={places.join(" ")} />
        </svg>
    }
}

/// The element an event is handled at.
trait CurrentTarget {
    fn current_target_element(&self) -> Option<Element>;
}

impl CurrentTarget for PointerEvent {
    fn current_target_element(&self) -> Option<Element> {
        wasm_bindgen::JsCast::dyn_into(self.current_target()?).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stroke_draws_over_its_column_only() {
        let points = Wrongs::new(Lang::En).curve("0s=1 10s=16 20s=1");
        let scale = Scale::of(&points);
        assert_eq!(drawn(&points, scale, 0.5, 0.0), "0ms=1 10s=20 20s=1");
        assert_eq!(drawn(&points, scale, 0.25, 1.0), "0ms=1 5s=0 10s=16 20s=1");
        assert_eq!(drawn(&points, scale, 7.0, -3.0), "0ms=1 10s=16 20s=20");
    }
}
