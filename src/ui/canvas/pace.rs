//! How quick a node goes, as a medallion at its edge: a snail, or the two bars of what stands still.

use yew::prelude::*;

use crate::ui::canvas::geometry::Point;
use crate::ui::canvas::measure;
use crate::ui::canvas::scene::{Node, Pace};

/// How large the medallion is.
pub const RADIUS: f64 = 10.0;

/// The middle of the medallion: below on the left, where nothing else is.
pub fn place(node: &Node) -> Point {
    let shape = measure::shape_rect(&node.shape);
    Point::new(shape.left * 1.02, shape.bottom * 0.5)
}

/// The strokes of its drawing, around its middle; none for a node that goes at its own pace.
pub const fn strokes(pace: Pace) -> Option<&'static str> {
    match pace {
        Pace::Own => None,
        // Foot and neck, two feelers, the shell and its turn.
        Pace::Slow => Some(
            "M-7 4.5H3c2 0 2.6-1.6 2.4-3.6M5.4 .9 4.2-2M5.4 .9 7-1.6M1.9 .6a3.9 3.9 0 1 1-3.9-3.9a3.9 3.9 0 0 1 3.9 3.9M-.2 .6a1.8 1.8 0 1 0-1.8 1.8",
        ),
        Pace::Still => Some("M-2.6-4v8M2.6-4v8"),
    }
}

/// The medallion of a node, if it has one.
pub fn pace(node: &Node) -> Html {
    let Some(strokes) = strokes(node.pace) else {
        return Html::default();
    };
    let at = place(node);
    let class = match node.pace {
        Pace::Own | Pace::Slow => "pace",
        Pace::Still => "pace pace-still",
    };
    html! {
        <g {class} transform={format!("translate({:.1} {:.1})", at.x, at.y)}>
            <circle class="pace-ground" r={RADIUS.to_string()} />
            <path class="pace-strokes" d={strokes} />
        </g>
    }
}
