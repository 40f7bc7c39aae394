//! Where a flying item is: along its edge, then on to its own place in the node it flies to.

use rustc_hash::FxHashMap;

use crate::ui::canvas::geometry::{Curve, Point, Rect};
use crate::ui::canvas::layout::{Layout, Place};
use crate::ui::canvas::measure;
use crate::ui::canvas::route::Wire;
use crate::ui::canvas::scene::{EdgeId, ItemId, Node, NodeId, Scene, Shape, Tube};
use crate::ui::choreography::{Goal, Hop};
use crate::ui::shared::Shared;

/// How far something falls that nobody took.
const FALL: f64 = 96.0;

/// A flying item at one moment.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Aloft {
    pub at: Point,
    /// 1 is fully there; what falls off fades.
    pub opacity: f64,
}

/// The nodes and wires of a drawing by their ids: thousands of items ask for theirs in every frame.
#[derive(Debug, Default)]
pub struct Index {
    nodes: FxHashMap<NodeId, (Shared<Node>, Place)>,
    wires: FxHashMap<EdgeId, Shared<Wire>>,
}

impl Index {
    /// Everything that is drawn.
    pub fn of(scene: &Scene, layout: &Layout) -> Index {
        let nodes = scene.nodes.iter().filter_map(|node| {
            let place = layout.places.get(&node.id)?;
            Some((node.id.clone(), (node.clone(), *place)))
        });
        let wires = layout.wires.iter();
        Index {
            nodes: nodes.collect(),
            wires: wires.map(|(id, wire)| (id.clone(), wire.clone())).collect(),
        }
    }

    /// The wire of an edge.
    pub fn wire(&self, edge: &EdgeId) -> Option<&Wire> {
        self.wires.get(edge).map(|wire| &**wire)
    }

    /// Whether any of a hop may be seen in a part of the drawing.
    pub fn reaches(&self, hop: &Hop, seen: Rect) -> bool {
        let place = |id: &NodeId| self.nodes.get(id).map(|(_, place)| place.rect);
        let wire = hop.edge.as_ref().and_then(|edge| self.wire(edge));
        match (&hop.to, wire) {
            // It ends in its place in the node, and that is beside the end of the wire.
            (Goal::Node(_), Some(wire)) => wire.bounds.grown(FALL * 2.0).overlaps(seen),
            (Goal::Node(to), None) => {
                let ends = place(&hop.from).zip(place(to));
                ends.is_some_and(|(from, to)| from.union(to).overlaps(seen))
            }
            (Goal::Nowhere, _) => place(&hop.from).is_some_and(|it| it.grown(FALL).overlaps(seen)),
        }
    }
}

/// Where the item of `hop` is after a share of its way; `None` when its nodes are not in the drawing.
pub fn aloft(hop: &Hop, share: f64, index: &Index) -> Option<Aloft> {
    let (_, from) = index.nodes.get(&hop.from)?;
    let goal = match &hop.to {
        Goal::Node(id) => index.nodes.get(id),
        Goal::Nowhere => None,
    };
    let Some((node, to)) = goal else {
        return Some(falling(from, share));
    };
    let end = resting_place(node, &hop.item);
    let end = end.map(|at| to.center.shifted(at.x, at.y));
    let wire = hop.edge.as_ref().and_then(|edge| index.wire(edge));
    let forward = wire.is_none_or(|wire| {
        // An edge is followed backwards when the item leaves from where the edge arrives.
        wire.curve.start().distance(from.center) <= wire.curve.end().distance(from.center)
    });
    let at = match wire {
        Some(wire) => along(&wire.curve, forward, end, share),
        None => from.center.towards(end.unwrap_or(to.center), share),
    };
    Some(Aloft { at, opacity: 1.0 })
}

/// Along a curve, and straight on to `end`, at an even pace over both.
fn along(curve: &Curve, forward: bool, end: Option<Point>, share: f64) -> Point {
    let arrival = if forward { curve.end() } else { curve.start() };
    let extra = end.map_or(0.0, |end| arrival.distance(end));
    let walked = share * (curve.length() + extra);
    if walked >= curve.length() && extra > 0.0 {
        return arrival.towards(end.unwrap_or(arrival), (walked - curve.length()) / extra);
    }
    let part = if curve.length() > 0.0 {
        (walked / curve.length()).min(1.0)
    } else {
        1.0
    };
    curve.at(if forward { part } else { 1.0 - part })
}

fn falling(from: &Place, share: f64) -> Aloft {
    let drop = share * share * FALL;
    let start = Point::new(from.shape.right + 10.0, from.center.y);
    Aloft {
        at: start.shifted(share * 26.0, drop),
        opacity: 1.0 - share * share,
    }
}

/// Where an item lies in a node, around the node's centre: its slot, its segment, or where the tube's bar begins.
fn resting_place(node: &Node, item: &ItemId) -> Option<Point> {
    let slot = node
        .slots
        .iter()
        .position(|slot| slot.item.as_ref() == Some(item));
    if let Some(index) = slot.filter(|&index| index < measure::SLOTS.0 * measure::SLOTS.1) {
        return Some(measure::slot_center(node, index));
    }
    match &node.shape {
        Shape::Tube(tube) => {
            let index = tube
                .segments
                .iter()
                .position(|segment| segment.item == *item)?;
            let drawn = if tube.total() > Tube::DRAWN as u64 {
                measure::HEAD_SEGMENTS
            } else {
                Tube::DRAWN
            };
            Some(measure::segment_center(index.min(drawn)))
        }
        Shape::Circle { .. } | Shape::Hexagon { .. } => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::canvas::layout::{Flow, Pins};
    use crate::ui::canvas::scene::{Edge, Marks, Segment, Tone};
    use crate::ui::choreography::Look;

    fn scene() -> Scene {
        let segment = Segment {
            item: "box".into(),
            tone: Tone::Ink,
            letter: None,
            marks: Marks::default(),
            level: None,
            title: "".into(),
        };
        let tube = Tube {
            segments: vec![segment],
            ..Tube::default()
        };
        let nodes = vec![
            Node::new("gate", Shape::Circle { letter: "G".into() }, 0, "gate"),
            Node::new("shelf", Shape::Tube(tube), 1, "shelf"),
        ];
        Scene::new(
            nodes,
            vec![Edge::new("e", "gate".into(), "shelf".into(), "")],
            vec![],
        )
    }

    fn hop(from: &str, to: Goal) -> Hop {
        Hop {
            item: "box".into(),
            from: from.into(),
            to,
            edge: Some("e".into()),
            follows: None,
            tone: Tone::Ink,
            look: Look::Full,
            letter: None,
        }
    }

    #[test]
    fn an_item_flies_from_border_to_its_own_place() {
        let scene = scene();
        let layout = Layout::arrange(&scene, &Pins::new(), Flow::LeftToRight, None);
        let (gate, shelf) = (
            layout.places[&"gate".into()],
            layout.places[&"shelf".into()],
        );
        let at = |share| {
            aloft(
                &hop("gate", Goal::Node("shelf".into())),
                share,
                &Index::of(&scene, &layout),
            )
            .expect("both are drawn")
            .at
        };
        assert_eq!(at(0.0).x, gate.shape.right);
        assert_eq!(
            at(1.0),
            shelf.center.shifted(measure::segment_center(0).x, 0.0)
        );
    }

    #[test]
    fn an_answer_flies_the_edge_backwards() {
        let scene = scene();
        let layout = Layout::arrange(&scene, &Pins::new(), Flow::LeftToRight, None);
        let at = |share| {
            aloft(
                &hop("shelf", Goal::Node("gate".into())),
                share,
                &Index::of(&scene, &layout),
            )
            .expect("both are drawn")
            .at
        };
        assert!(at(0.0).x > at(0.5).x && at(0.5).x > at(1.0).x);
    }

    #[test]
    fn what_nobody_took_falls_and_fades() {
        let scene = scene();
        let layout = Layout::arrange(&scene, &Pins::new(), Flow::LeftToRight, None);
        let fall = |share| {
            aloft(
                &hop("gate", Goal::Nowhere),
                share,
                &Index::of(&scene, &layout),
            )
            .expect("it is drawn")
        };
        assert!(fall(1.0).at.y > fall(0.0).at.y + 50.0);
        assert_eq!(fall(1.0).opacity, 0.0);
        let lost = hop("nobody", Goal::Nowhere);
        assert_eq!(aloft(&lost, 0.5, &Index::of(&scene, &layout)), None);
    }
}
