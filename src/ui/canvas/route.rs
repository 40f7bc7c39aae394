//! The way of every edge: smooth where nothing stands between, else around it through free lanes.

use std::rc::Rc;

use crate::ordered::Map;
use crate::ui::canvas::geometry::{Cubic, Curve, Point, Rect};
use crate::ui::canvas::lanes::{Lanes, SPACING, Side};
use crate::ui::canvas::layout::{Flow, Place};
use crate::ui::canvas::measure;
use crate::ui::canvas::scene::{Edge, EdgeId, Node, NodeId, Scene, Shape, Text};
use crate::ui::shared::Shared;

/// A label on an edge.
#[derive(Clone, Debug, PartialEq)]
pub struct WireLabel {
    /// Cut to a length that can be drawn.
    pub text: Text,
    pub rect: Rect,
}

/// The drawn way of an edge.
#[derive(Clone, Debug, PartialEq)]
pub struct Wire {
    pub curve: Curve,
    /// The curve as the `d` of an SVG path.
    pub data: Text,
    /// The arrow head as the `d` of an SVG path.
    pub arrow: Text,
    pub label: Option<WireLabel>,
    /// Where a mark or a count is drawn.
    pub mark: Point,
}

impl Wire {
    /// The rectangle around it.
    pub fn bounds(&self) -> Rect {
        let start = Rect::around(self.curve.start(), 0.0, 0.0);
        let line = self
            .curve
            .samples()
            .iter()
            .fold(start, |rect, &at| rect.union(Rect::around(at, 4.0, 4.0)));
        self.label
            .as_ref()
            .map_or(line, |label| line.union(label.rect))
    }
}

/// Labels longer than this are cut in the drawing.
const LABEL_CHARS: usize = 24;
/// Between a node and a line that goes around it.
pub(super) const CLEARANCE: f64 = 16.0;
/// Room for the head of an arrow before its last corner.
const ARROW_ROOM: f64 = 12.0;
/// Less than this between a node and a lane is too little for a smooth line.
const SMOOTH_ROOM: f64 = 32.0;
const CORNER: f64 = 14.0;
/// Shares of the way at which a label may sit, the best first.
const LABEL_SHARES: [f64; 9] = [0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74, 0.18, 0.82];

/// What the ways need to know of a node, with the flow along x.
#[derive(Clone, Copy)]
struct Stop {
    rect: Rect,
    center: Point,
    /// Where edges leave and come in.
    out: Point,
    into: Point,
    column: usize,
    /// How far parallel edges may be apart at its border.
    slack: f64,
}

/// A way before it is turned into the flow's direction.
enum Draft {
    Smooth([Point; 4]),
    /// Smooth into a lane, along it, and smooth out of it.
    Through([Point; 4]),
    Corners(Vec<Point>),
}

/// Finds the way of every edge; what did not change keeps its pointer.
pub(super) fn route(
    scene: &Scene,
    places: &Map<NodeId, Place>,
    flow: Flow,
    previous: Option<&Map<EdgeId, Shared<Wire>>>,
) -> Map<EdgeId, Shared<Wire>> {
    let stops: Map<&NodeId, Stop> = scene
        .nodes
        .iter()
        .filter_map(|node| {
            places
                .get(&node.id)
                .map(|place| (&node.id, stop(node, place, flow)))
        })
        .collect();
    let boxes: Vec<(&NodeId, Rect)> = stops.iter().map(|(id, stop)| (*id, stop.rect)).collect();
    let siblings = siblings(scene);
    let mut lanes = Lanes::default();
    let mut curves: Vec<(&Shared<Edge>, Curve)> = Vec::new();
    for edge in &scene.edges {
        let (Some(from), Some(to)) = (stops.get(&edge.from), stops.get(&edge.to)) else {
            continue;
        };
        let offset = siblings.get(&edge.id).copied().unwrap_or_default();
        let others: Vec<Rect> = boxes
            .iter()
            .filter(|(id, _)| **id != edge.from && **id != edge.to)
            .map(|(_, rect)| *rect)
            .collect();
        let draft = draft(from, to, edge.from == edge.to, offset, &others, &mut lanes);
        curves.push((edge, finish(draft, flow)));
    }
    let node_rects: Vec<Rect> = places.values().map(|place| place.rect).collect();
    let mut labels: Vec<Rect> = Vec::new();
    curves
        .into_iter()
        .map(|(edge, curve)| {
            let label = label(edge, &curve, &node_rects, &labels);
            labels.extend(label.as_ref().map(|label| label.rect));
            let wire = wire(curve, label);
            let old = previous.and_then(|previous| previous.get(&edge.id));
            (edge.id.clone(), Shared::keep(wire, old))
        })
        .collect()
}

fn wire(curve: Curve, label: Option<WireLabel>) -> Wire {
    Wire {
        data: Rc::from(curve.path_data()),
        arrow: Rc::from(arrow(&curve)),
        mark: label.as_ref().map_or_else(
            || curve.at(0.5),
            |label| label.rect.center().shifted(0.0, -18.0),
        ),
        label,
        curve,
    }
}

/// An arrow head at the end of a curve.
fn arrow(curve: &Curve) -> String {
    let (tip, along) = (curve.end(), curve.end_direction());
    let base = tip.shifted(-along.x * 8.0, -along.y * 8.0);
    let (side_x, side_y) = (-along.y * 3.6, along.x * 3.6);
    format!(
        "M{:.1} {:.1}L{:.1} {:.1}L{:.1} {:.1}Z",
        tip.x,
        tip.y,
        base.x + side_x,
        base.y + side_y,
        base.x - side_x,
        base.y - side_y
    )
}

fn stop(node: &Node, place: &Place, flow: Flow) -> Stop {
    let port = measure::out_port(node, flow);
    let out = place.center.shifted(port.x, port.y);
    let slack = match node.shape {
        Shape::Circle { .. } | Shape::Hexagon { .. } => 0.0,
        Shape::Tube(_) => measure::TUBE.1 / 2.0 - 6.0,
    };
    let cap = if slack > 0.0 { measure::TUBE_CAP } else { 0.0 };
    match flow {
        Flow::LeftToRight => Stop {
            rect: place.rect,
            center: place.center,
            out,
            into: Point::new(place.shape.left - cap, place.center.y),
            column: place.column,
            slack,
        },
        Flow::TopToBottom => {
            let rect = place.rect;
            // The name stands above a tube, at its left; where it is short, arrows reach the tube itself.
            let is_clear = measure::head_width(node) < measure::TUBE.0 / 2.0 - 12.0;
            let top = if slack > 0.0 && is_clear {
                place.shape.top
            } else {
                rect.top
            };
            Stop {
                rect: Rect::new(rect.top, rect.left, rect.bottom, rect.right),
                center: Point::new(place.center.y, place.center.x),
                out: Point::new(out.y, out.x),
                into: Point::new(top, place.center.x),
                column: place.column,
                slack: slack * 3.0,
            }
        }
    }
}

/// How far each edge keeps from the middle because others join the same two nodes.
fn siblings(scene: &Scene) -> Map<&EdgeId, f64> {
    let mut bundles: Map<(&NodeId, &NodeId), Vec<&EdgeId>> = Map::new();
    for edge in &scene.edges {
        bundles
            .entry((&edge.from, &edge.to))
            .or_default()
            .push(&edge.id);
    }
    let offsets = bundles.into_values().flat_map(|bundle| {
        let middle = (bundle.len() as f64 - 1.0) / 2.0;
        bundle
            .into_iter()
            .enumerate()
            .map(move |(index, id)| (id, index as f64 - middle))
    });
    offsets.collect()
}

fn draft(
    from: &Stop,
    to: &Stop,
    is_loop: bool,
    offset: f64,
    others: &[Rect],
    lanes: &mut Lanes,
) -> Draft {
    if is_loop {
        return around_itself(from, offset);
    }
    if from.column == to.column
        && let Some(draft) = within_column(from, to, offset, others)
    {
        return draft;
    }
    if to.into.x - from.out.x > 24.0 {
        let smooth = smooth(from, to, offset);
        if !hits(&smooth, others) {
            return Draft::Smooth(smooth);
        }
    }
    through_lane(from, to, others, lanes)
}

/// A smooth line that leaves and arrives along the flow.
fn smooth(from: &Stop, to: &Stop, offset: f64) -> [Point; 4] {
    let ends = |slack: f64| (offset * 8.0).clamp(-slack, slack);
    let start = from.out.shifted(0.0, ends(from.slack));
    let end = to.into.shifted(0.0, ends(to.slack));
    let reach = ((end.x - start.x) * 0.5).max(24.0);
    let bow = offset * 30.0;
    [
        start,
        start.shifted(reach, bow),
        end.shifted(-reach, bow),
        end,
    ]
}

fn hits([start, one, two, end]: &[Point; 4], others: &[Rect]) -> bool {
    let corners = [*start, *one, *two, *end];
    let around = corners
        .iter()
        .fold(Rect::around(*start, 0.0, 0.0), |rect, &at| {
            rect.union(Rect::around(at, 0.0, 0.0))
        });
    let near: Vec<Rect> = others
        .iter()
        .map(|rect| rect.grown(3.0))
        .filter(|rect| rect.overlaps(around))
        .collect();
    if near.is_empty() {
        return false;
    }
    let curve = Curve::new(
        *start,
        vec![Cubic {
            one: *one,
            two: *two,
            to: *end,
        }],
    );
    curve
        .samples()
        .iter()
        .any(|&at| near.iter().any(|rect| rect.contains(at)))
}

/// Between two nodes of one column: straight if they are neighbours.
fn within_column(from: &Stop, to: &Stop, offset: f64, others: &[Rect]) -> Option<Draft> {
    let down = to.center.y > from.center.y;
    let (start_y, end_y) = if down {
        (from.rect.bottom, to.rect.top)
    } else {
        (from.rect.top, to.rect.bottom)
    };
    let x = (from.center.x + to.center.x) / 2.0 + offset * 18.0;
    let between = Rect::new(x - 4.0, start_y.min(end_y), x + 4.0, start_y.max(end_y));
    let in_order = (end_y > start_y) == down && (end_y - start_y).abs() > 10.0;
    if !in_order || others.iter().any(|rect| rect.overlaps(between)) {
        return None;
    }
    let (start, end) = (
        Point::new(from.center.x + offset * 18.0, start_y),
        Point::new(to.center.x + offset * 18.0, end_y),
    );
    let reach = (end_y - start_y) * 0.5;
    Some(Draft::Smooth([
        start,
        start.shifted(0.0, reach),
        end.shifted(0.0, -reach),
        end,
    ]))
}

/// A small loop above the node.
fn around_itself(stop: &Stop, offset: f64) -> Draft {
    let (out, into) = (stop.out, stop.into);
    let top = stop.rect.top - CLEARANCE - offset.abs() * SPACING;
    let side = CLEARANCE + offset.abs() * SPACING;
    Draft::Corners(vec![
        out,
        out.shifted(side, 0.0),
        Point::new(out.x + side, top),
        Point::new(into.x - side, top),
        into.shifted(-side, 0.0),
        into,
    ])
}

/// Out of the node, along a lane where nothing stands, and into the other from its usual side.
fn through_lane(from: &Stop, to: &Stop, others: &[Rect], lanes: &mut Lanes) -> Draft {
    let leave = from.rect.right.max(from.out.x) + CLEARANCE;
    let enter = to.rect.left.min(to.into.x) - CLEARANCE - ARROW_ROOM;
    let (start, end) = (from.out.y, to.into.y);
    let mut walls: Vec<Rect> = others.to_vec();
    if enter < leave {
        walls.extend([from.rect, to.rect]);
    }
    let lane = lanes.lane(start, end, (leave.min(enter), leave.max(enter)), &walls);
    let clear = |wall: &&Rect| wall.left > from.out.x && wall.right < to.into.x;
    let first = others
        .iter()
        .filter(clear)
        .map(|wall| wall.left - 8.0)
        .fold(enter, f64::min);
    let last = others
        .iter()
        .filter(clear)
        .map(|wall| wall.right + 8.0)
        .fold(leave, f64::max);
    if first - from.out.x > SMOOTH_ROOM && to.into.x - last > SMOOTH_ROOM && last > first {
        return Draft::Through([
            from.out,
            Point::new(first, lane),
            Point::new(last, lane),
            to.into,
        ]);
    }
    let leave = lanes.gutter(leave, Side::After, (start, lane));
    let enter = lanes.gutter(enter, Side::Before, (end, lane));
    Draft::Corners(vec![
        from.out,
        Point::new(leave, start),
        Point::new(leave, lane),
        Point::new(enter, lane),
        Point::new(enter, end),
        to.into,
    ])
}

fn finish(draft: Draft, flow: Flow) -> Curve {
    let turn = |at: Point| match flow {
        Flow::LeftToRight => at,
        Flow::TopToBottom => Point::new(at.y, at.x),
    };
    match draft {
        Draft::Smooth([start, one, two, end]) => Curve::new(
            turn(start),
            vec![Cubic {
                one: turn(one),
                two: turn(two),
                to: turn(end),
            }],
        ),
        Draft::Through([start, first, last, end]) => {
            let bend = |from: Point, to: Point| {
                let reach = (to.x - from.x) * 0.5;
                let (one, two) = (from.shifted(reach, 0.0), to.shifted(-reach, 0.0));
                Cubic {
                    one: turn(one),
                    two: turn(two),
                    to: turn(to),
                }
            };
            Curve::new(
                turn(start),
                vec![bend(start, first), bend(first, last), bend(last, end)],
            )
        }
        Draft::Corners(corners) => {
            let corners: Vec<Point> = corners.into_iter().map(turn).collect();
            Curve::rounded(&corners, CORNER)
        }
    }
}

/// Sets the label where it covers neither a node nor another label, if there is such a place.
fn label(edge: &Edge, curve: &Curve, nodes: &[Rect], labels: &[Rect]) -> Option<WireLabel> {
    if edge.label.is_empty() {
        return None;
    }
    let text = measure::shortened(&edge.label, LABEL_CHARS);
    let width = measure::mono_width(&text) + 10.0;
    let covered = |rect: Rect| {
        let over = |other: &&Rect| other.overlaps(rect);
        nodes.iter().filter(over).count() + labels.iter().filter(over).count()
    };
    let rects = LABEL_SHARES
        .iter()
        .map(|&share| Rect::around(curve.at(share), width, 18.0));
    let rect = rects.min_by_key(|&rect| covered(rect))?;
    Some(WireLabel {
        text: Rc::from(text),
        rect,
    })
}
