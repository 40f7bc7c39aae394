//! The way of every edge: smooth where nothing stands between, else around it through free lanes.

use std::rc::Rc;

use rustc_hash::FxHashMap;

use crate::ordered::Map;
use crate::ui::canvas::boxes::Boxes;
use crate::ui::canvas::geometry::{Cubic, Curve, Point, Rect};
use crate::ui::canvas::lanes::{Lanes, SPACING, Side};
use crate::ui::canvas::layout::{Flow, Layout, Place};
use crate::ui::canvas::measure;
use crate::ui::canvas::scene::{Edge, EdgeId, Node, NodeId, Scene, Shape, Text};
use crate::ui::canvas::visible::visible;
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
    /// Around line and label.
    pub bounds: Rect,
    /// How far it keeps from the middle because others join the same two nodes.
    offset: f64,
}

fn bounds_of(curve: &Curve, label: Option<&WireLabel>) -> Rect {
    let start = Rect::around(curve.start(), 0.0, 0.0);
    let line = curve
        .samples()
        .iter()
        .fold(start, |rect, &at| rect.union(Rect::around(at, 4.0, 4.0)));
    label.map_or(line, |label| line.union(label.rect))
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
/// How far beside its ends a line looks for a free lane.
const WALLS: f64 = 700.0;
/// Shares of the way at which a label may sit, the best first.
const LABEL_SHARES: [f64; 9] = [0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74, 0.18, 0.82];
/// How far beside the line it may sit when every place on it is taken.
const LABEL_BESIDE: [f64; 5] = [0.0, -12.0, 12.0, -22.0, 22.0];

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

/// With more edges than this each goes its smooth way, wherever it leads: nobody can follow single lines there.
const ROUTED_AT_MOST: usize = 1_500;

/// The ways of all edges, and what they take of the room between the nodes.
pub(super) type Ways = (Map<EdgeId, Shared<Wire>>, Shared<Lanes>);

/// Finds the way of every edge; what did not change keeps its pointer. While every node stands where it stood, an edge
/// keeps its way, and a new one finds its own beside the others.
pub(super) fn route(
    scene: &Scene,
    places: &Map<NodeId, Place>,
    flow: Flow,
    previous: Option<&Layout>,
) -> Ways {
    let stops = stops(scene, places, flow);
    let boxes: Boxes = stops.values().map(|stop| stop.rect).collect();
    let number: Map<&NodeId, u32> = stops.keys().copied().zip(0..).collect();
    let siblings = siblings(&scene.edges, &|_| true);
    let is_routed = scene.edges.len() <= ROUTED_AT_MOST;
    let same = previous.filter(|layout| layout.flow == flow && layout.places == *places);
    // What edges that are gone had taken is free again as soon as they are many.
    let same = same.filter(|layout| layout.lanes.taken() < scene.edges.len() * 3 + 200);
    let mut lanes = same.map_or_else(Lanes::default, |layout| (*layout.lanes).clone());
    let mut found = Vec::new();
    let mut curves: Vec<Drafted<'_>> = Vec::with_capacity(scene.edges.len());
    for edge in &scene.edges {
        let (Some(from), Some(to)) = (stops.get(&edge.from), stops.get(&edge.to)) else {
            continue;
        };
        let offset = siblings.get(&edge.id).copied().unwrap_or_default();
        if let Some(wire) = same.and_then(|layout| kept(layout, edge, offset)) {
            curves.push((edge, Err(wire)));
            continue;
        }
        let ends = [number.get(&edge.from), number.get(&edge.to)];
        let mut others = |rect: Rect| -> Vec<Rect> {
            boxes.near(rect, &mut found);
            let strangers = found.iter().filter(|(at, _)| !ends.contains(&Some(at)));
            strangers.map(|(_, rect)| *rect).collect()
        };
        let draft = if is_routed {
            draft(
                from,
                to,
                edge.from == edge.to,
                offset,
                &mut others,
                &mut lanes,
            )
        } else {
            Draft::Smooth(smooth(from, to, offset))
        };
        curves.push((edge, Ok((finish(draft, flow), offset))));
    }
    let wires = labelled(curves, places, previous, is_routed);
    (
        wires,
        Shared::keep(lanes, previous.map(|layout| &layout.lanes)),
    )
}

/// A new curve with its offset, or the wire there was.
type Drafted<'a> = (&'a Shared<Edge>, Result<(Curve, f64), &'a Shared<Wire>>);

/// The wire an edge had, if nothing about the edge changed.
fn kept<'a>(layout: &'a Layout, edge: &Edge, offset: f64) -> Option<&'a Shared<Wire>> {
    let wire = layout.wires.get(&edge.id)?;
    let said = wire.label.as_ref().map(|label| &*label.text);
    let near = |id: &NodeId, at: Point| {
        let place = layout.places.get(id);
        place.is_some_and(|place| place.rect.grown(2.0).contains(at))
    };
    let is_same = wire.offset == offset
        && said == shown_label(edge).as_deref()
        && near(&edge.from, wire.curve.start())
        && near(&edge.to, wire.curve.end());
    is_same.then_some(wire)
}

/// Sets the labels on the ways.
fn labelled(
    curves: Vec<Drafted<'_>>,
    places: &Map<NodeId, Place>,
    previous: Option<&Layout>,
    is_careful: bool,
) -> Map<EdgeId, Shared<Wire>> {
    let nodes: Boxes = places.values().map(|place| place.rect).collect();
    let stay = curves
        .iter()
        .filter_map(|(_, drafted)| drafted.as_ref().err());
    let mut labels: Boxes = stay
        .filter_map(|wire| wire.label.as_ref().map(|label| label.rect))
        .collect();
    let mut found = Vec::new();
    curves
        .into_iter()
        .map(|(edge, drafted)| {
            let (curve, offset) = match drafted {
                Ok(drafted) => drafted,
                Err(wire) => return (edge.id.clone(), wire.clone()),
            };
            let mut covered = |rect: Rect| {
                if !is_careful {
                    return 0;
                }
                nodes.near(rect, &mut found);
                // A label that covers another hides both, one on a node only a part of it.
                let over_nodes = found.len();
                labels.near(rect, &mut found);
                over_nodes + found.len() * 3
            };
            let label = label(edge, &curve, &mut covered);
            if let Some(label) = &label {
                labels.push(label.rect);
            }
            let wire = wire(curve, label, offset);
            let old = previous.and_then(|previous| previous.wires.get(&edge.id));
            (edge.id.clone(), Shared::keep(wire, old))
        })
        .collect()
}

/// Only the wires of these nodes anew, each its smooth way: what a hand needs while it carries them.
pub(super) fn follow(
    scene: &Scene,
    places: &Map<NodeId, Place>,
    flow: Flow,
    wires: &Map<EdgeId, Shared<Wire>>,
    carried: &dyn Fn(&NodeId) -> bool,
) -> Map<EdgeId, Shared<Wire>> {
    let mut wires = wires.clone();
    let follows = |edge: &Edge| carried(&edge.from) || carried(&edge.to);
    let siblings = siblings(&scene.edges, &follows);
    for edge in &scene.edges {
        if !follows(edge) {
            continue;
        }
        let stop = |id: &NodeId| Some(stop(scene.node(id)?, places.get(id)?, flow));
        let (Some(from), Some(to)) = (stop(&edge.from), stop(&edge.to)) else {
            continue;
        };
        let offset = siblings.get(&edge.id).copied().unwrap_or_default();
        let is_loop = edge.from == edge.to;
        let draft = draft(
            &from,
            &to,
            is_loop,
            offset,
            &mut |_| Vec::new(),
            &mut Lanes::default(),
        );
        let curve = finish(draft, flow);
        let label = label(edge, &curve, &mut |_| 0);
        wires.insert(edge.id.clone(), Shared::new(wire(curve, label, offset)));
    }
    wires
}

fn stops<'a>(scene: &'a Scene, places: &Map<NodeId, Place>, flow: Flow) -> Map<&'a NodeId, Stop> {
    scene
        .nodes
        .iter()
        .filter_map(|node| {
            let place = places.get(&node.id)?;
            Some((&node.id, stop(node, place, flow)))
        })
        .collect()
}

fn wire(curve: Curve, label: Option<WireLabel>, offset: f64) -> Wire {
    Wire {
        offset,
        data: Rc::from(curve.path_data()),
        arrow: Rc::from(arrow(&curve)),
        bounds: bounds_of(&curve, label.as_ref()),
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

/// How far each of the edges asked for keeps from the middle because others join the same two nodes.
fn siblings<'a>(
    edges: &'a [Shared<Edge>],
    is_asked: &dyn Fn(&Edge) -> bool,
) -> FxHashMap<&'a EdgeId, f64> {
    let mut bundles: FxHashMap<(&NodeId, &NodeId), Vec<&EdgeId>> = FxHashMap::default();
    for edge in edges.iter().filter(|edge| is_asked(edge)) {
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
    others: &mut dyn FnMut(Rect) -> Vec<Rect>,
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

fn hits([start, one, two, end]: &[Point; 4], others: &mut dyn FnMut(Rect) -> Vec<Rect>) -> bool {
    let around = [*one, *two, *end]
        .iter()
        .fold(Rect::around(*start, 0.0, 0.0), |rect, &at| {
            rect.union(Rect::around(at, 0.0, 0.0))
        });
    let near = others(around.grown(3.0));
    if near.is_empty() {
        return false;
    }
    let cubic = Cubic {
        one: *one,
        two: *two,
        to: *end,
    };
    let curve = Curve::new(*start, vec![cubic]);
    let inside = |&at: &Point| near.iter().any(|rect| rect.grown(3.0).contains(at));
    curve.samples().iter().any(inside)
}

/// Between two nodes of one column: straight if they are neighbours.
fn within_column(
    from: &Stop,
    to: &Stop,
    offset: f64,
    others: &mut dyn FnMut(Rect) -> Vec<Rect>,
) -> Option<Draft> {
    let down = to.center.y > from.center.y;
    let (start_y, end_y) = if down {
        (from.rect.bottom, to.rect.top)
    } else {
        (from.rect.top, to.rect.bottom)
    };
    let x = (from.center.x + to.center.x) / 2.0 + offset * 18.0;
    let between = Rect::new(x - 4.0, start_y.min(end_y), x + 4.0, start_y.max(end_y));
    let in_order = (end_y > start_y) == down && (end_y - start_y).abs() > 10.0;
    if !in_order || !others(between).is_empty() {
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
fn through_lane(
    from: &Stop,
    to: &Stop,
    others: &mut dyn FnMut(Rect) -> Vec<Rect>,
    lanes: &mut Lanes,
) -> Draft {
    let leave = from.rect.right.max(from.out.x) + CLEARANCE;
    let enter = to.rect.left.min(to.into.x) - CLEARANCE - ARROW_ROOM;
    let (start, end) = (from.out.y, to.into.y);
    // Further away than this no lane is worth the way.
    let (low, high) = (start.min(end) - WALLS, start.max(end) + WALLS);
    let band = Rect::new(leave.min(enter) - 4.0, low, leave.max(enter) + 4.0, high);
    let others = others(band);
    let mut walls: Vec<Rect> = others.clone();
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

/// The label as it is drawn.
fn shown_label(edge: &Edge) -> Option<String> {
    let is_there = !edge.label.is_empty();
    is_there.then(|| measure::shortened(&visible(&edge.label), LABEL_CHARS))
}

/// Sets the label where it covers neither a node nor another label, if there is such a place: on the line, else just
/// above or below it.
fn label(edge: &Edge, curve: &Curve, covered: &mut dyn FnMut(Rect) -> usize) -> Option<WireLabel> {
    let text = shown_label(edge)?;
    let width = measure::mono_width(&text) + 10.0;
    let mut best: Option<(usize, Rect)> = None;
    for beside in LABEL_BESIDE {
        for share in LABEL_SHARES {
            let at = curve.at(share).shifted(0.0, beside);
            let rect = Rect::around(at, width, 18.0);
            let cost = covered(rect);
            if best.is_none_or(|(least, _)| cost < least) {
                best = Some((cost, rect));
            }
            if cost == 0 {
                break;
            }
        }
        if best.is_some_and(|(cost, _)| cost == 0) {
            break;
        }
    }
    best.map(|(_, rect)| WireLabel {
        text: Rc::from(text),
        rect,
    })
}
