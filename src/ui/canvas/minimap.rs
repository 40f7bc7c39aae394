//! The whole drawing, small, with the part that is seen: a press or a drag on it goes there.

use web_sys::Element;
use yew::prelude::*;

use crate::ui::canvas::geometry::{Point, Rect};
use crate::ui::canvas::layout::Layout;
use crate::ui::canvas::scene::{Scene, Shape};
use crate::ui::shared::Shared;

/// Width and height of the map.
const SIZE: (f64, f64) = (150.0, 100.0);
/// Around the drawing, in the drawing's own measure.
const MARGIN: f64 = 40.0;
/// With more nodes than this they are drawn as one shape each of one path.
const BOXES_AT_MOST: usize = 5_000;

#[derive(Properties, PartialEq)]
pub struct MinimapProps {
    pub scene: Shared<Scene>,
    pub layout: Shared<Layout>,
    /// What the drawing takes with all that is written beside it.
    pub bounds: Rect,
    /// What the canvas shows of the drawing.
    pub window: Rect,
    pub label: AttrValue,
    /// The place of the drawing that is to be in the middle.
    pub ongo: Callback<Point>,
}

/// What the map shows: the drawing, and what is seen of it.
pub fn extent(bounds: Rect, window: Rect) -> Rect {
    let all = bounds.union(window.intersection(bounds.grown(window.width().max(400.0))));
    let (width, height) = (all.width().max(1.0), all.height().max(1.0));
    // The same proportions as the map, so that nothing is stretched.
    let scale = (width / SIZE.0).max(height / SIZE.1);
    Rect::around(all.center(), SIZE.0 * scale, SIZE.1 * scale).grown(MARGIN)
}

/// The place of the drawing under a place of a map of that size.
pub fn place_at(extent: Rect, at: Point, width: f64, height: f64) -> Point {
    Point::new(
        extent.left + at.x / width.max(1.0) * extent.width(),
        extent.top + at.y / height.max(1.0) * extent.height(),
    )
}

/// Every node as a box of one path: cheap to draw however many there are.
fn boxes(scene: &Scene, layout: &Layout) -> String {
    use std::fmt::Write;
    let mut data = String::new();
    for node in scene.nodes.iter().take(BOXES_AT_MOST) {
        if let Some(place) = layout.places.get(&node.id) {
            let rect = match node.shape {
                Shape::Tube(_) => place.shape,
                Shape::Circle { .. } | Shape::Hexagon { .. } => place.shape.grown(6.0),
            };
            // Writing into a String cannot fail.
            let _ = write!(
                data,
                "M{:.0} {:.0}h{:.0}v{:.0}h-{:.0}z",
                rect.left,
                rect.top,
                rect.width(),
                rect.height(),
                rect.width()
            );
        }
    }
    data
}

#[derive(Properties, PartialEq)]
struct BoxesProps {
    scene: Shared<Scene>,
    layout: Shared<Layout>,
}

/// The nodes; drawn anew only when somebody moved.
#[component]
fn Boxes(props: &BoxesProps) -> Html {
    let data = use_memo(props.layout.clone(), |layout| boxes(&props.scene, layout));
    html! { <path class="minimap-nodes" d={(*data).clone()} /> }
}

/// The map.
#[component]
pub fn Minimap(props: &MinimapProps) -> Html {
    let map = use_node_ref();
    let extent = extent(props.bounds, props.window);
    let seen = props.window.intersection(extent);
    let go = {
        let (map, ongo) = (map.clone(), props.ongo.clone());
        move |event: &PointerEvent| {
            if let Some(map) = map.cast::<Element>() {
                let rect = map.get_bounding_client_rect();
                let at = Point::new(
                    f64::from(event.client_x()) - rect.left(),
                    f64::from(event.client_y()) - rect.top(),
                );
                ongo.emit(place_at(extent, at, rect.width(), rect.height()));
            }
        }
    };
    let onpointerdown = {
        let (go, map) = (go.clone(), map.clone());
        Callback::from(move |event: PointerEvent| {
            if let Some(map) = map.cast::<Element>() {
                // A pointer that is already gone cannot be captured; then it was a press.
                let _ = map.set_pointer_capture(event.pointer_id());
            }
            event.prevent_default();
            go(&event);
        })
    };
    let onpointermove = Callback::from(move |event: PointerEvent| {
        if event.buttons() != 0 {
            go(&event);
        }
    });
    let view_box = format!(
        "{:.0} {:.0} {:.0} {:.0}",
        extent.left,
        extent.top,
        extent.width(),
        extent.height()
    );
    html! {
        <svg
            ref={map} class="canvas-minimap" viewBox={view_box} role="img" aria-label={props.label.clone()}
            {onpointerdown} {onpointermove}
        >
            <Boxes scene={props.scene.clone()} layout={props.layout.clone()} />
            <rect
                class="minimap-window" x={format!("{:.0}", seen.left)} y={format!("{:.0}", seen.top)}
                width={format!("{:.0}", seen.width().max(1.0))} height={format!("{:.0}", seen.height().max(1.0))}
            />
        </svg>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_map_holds_the_drawing_and_what_is_seen() {
        let bounds = Rect::new(0.0, 0.0, 1000.0, 200.0);
        let window = Rect::new(-300.0, 50.0, 200.0, 400.0);
        let all = extent(bounds, window);
        for rect in [bounds, window] {
            assert_eq!(rect.intersection(all), rect);
        }
        let far = extent(bounds, Rect::new(90_000.0, 0.0, 90_500.0, 300.0));
        assert!(far.width() < 20_000.0, "a drawing out of sight stays large");
    }

    #[test]
    fn a_press_leads_to_the_place_under_it() {
        let extent = Rect::new(-100.0, 0.0, 1100.0, 800.0);
        let at = place_at(extent, Point::new(75.0, 50.0), 150.0, 100.0);
        assert_eq!(at, Point::new(500.0, 400.0));
    }
}
