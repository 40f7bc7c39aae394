//! Where a flying item is: along its edge, then on to its own place in the node it flies to.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::ui::canvas::geometry::{Curve, Point, Rect};
use crate::ui::canvas::layout::{Layout, Place};
use crate::ui::canvas::measure;
use crate::ui::canvas::route::Wire;
use crate::ui::canvas::scene::{EdgeId, ItemId, Node, NodeId, Scene, Shape, Tube};
use crate::ui::choreography::{Flight, Goal, Hop};
use crate::ui::shared::Shared;

/// How far something falls that nobody took.
const FALL: f64 = 96.0;

/// With more ways than this, those of flights that have landed are forgotten.
const TRACKS: usize = 6_000;

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

    /// Goes over to another state of the drawing; says whose ways are other ones now.
    pub fn update(&mut self, scene: &Scene, layout: &Layout) -> Changed {
        let is_other_graph = self.nodes.len() != scene.nodes.len()
            || self.nodes.len() != layout.places.len()
            || self.wires.len() != layout.wires.len();
        let mut changed = Changed::default();
        for node in &scene.nodes {
            let now = layout
                .places
                .get(&node.id)
                .map(|place| (node.clone(), *place));
            match (self.nodes.get_mut(&node.id), now) {
                (Some(known), Some(now)) if *known == now => {}
                (Some(known), Some(now)) => {
                    *known = now;
                    changed.nodes.insert(node.id.clone());
                }
                (None, None) => {}
                (Some(_), None) | (None, Some(_)) => changed.everything = true,
            }
        }
        for (id, wire) in layout.wires.iter() {
            match self.wires.get_mut(id) {
                Some(known) if known == wire => {}
                // Whose wire is another one, one of its ends is at another place or has changed.
                Some(known) => {
                    *known = wire.clone();
                    changed.edges.insert(id.clone());
                }
                None => changed.everything = true,
            }
        }
        if changed.everything || is_other_graph {
            *self = Index::of(scene, layout);
            changed.everything = true;
        }
        changed
    }

    /// The wire of an edge.
    pub fn wire(&self, edge: &EdgeId) -> Option<&Wire> {
        self.wires.get(edge).map(|wire| &**wire)
    }
}

/// The way of one flight through a drawing: found once, asked for its places in every frame.
#[derive(Clone, Debug)]
pub struct Track {
    wire: Option<Shared<Wire>>,
    /// Whether the wire is followed from its start to its end.
    forward: bool,
    from: Place,
    /// Where it ends; without it, the item falls.
    end: Option<Point>,
    /// How far that is from the end of the wire.
    extra: f64,
    /// Everything of it lies within.
    bounds: Rect,
}

/// Flights that go the same way have the same.
pub type Way = (usize, bool, [u64; 2]);

impl Track {
    /// The way of `hop`; `None` when its nodes are not in the drawing.
    pub fn of(hop: &Hop, index: &Index) -> Option<Track> {
        let (_, from) = index.nodes.get(&hop.from)?;
        let from = *from;
        let goal = match &hop.to {
            Goal::Node(id) => index.nodes.get(id),
            Goal::Nowhere => None,
        };
        let wire = hop.edge.as_ref().and_then(|edge| index.wires.get(edge));
        let Some((node, to)) = goal else {
            return Some(Track {
                wire: None,
                forward: true,
                from,
                end: None,
                extra: 0.0,
                bounds: from.rect.grown(FALL),
            });
        };
        let end = resting_place(node, &hop.item);
        let end = end.map(|at| to.center.shifted(at.x, at.y));
        let forward = wire.is_none_or(|wire| {
            // An edge is followed backwards when the item leaves from where the edge arrives.
            let (start, end) = (wire.curve.start(), wire.curve.end());
            start.distance(from.center) <= end.distance(from.center)
        });
        let end = match wire {
            Some(wire) if forward => end.unwrap_or(wire.curve.end()),
            Some(wire) => end.unwrap_or(wire.curve.start()),
            None => end.unwrap_or(to.center),
        };
        let bounds = match wire {
            // It ends in its place in the node, and that is beside the end of the wire.
            Some(wire) => wire.bounds.grown(FALL * 2.0),
            None => from.rect.union(to.rect),
        };
        let extra = wire.map_or(0.0, |wire| arrival(&wire.curve, forward).distance(end));
        Some(Track {
            wire: wire.cloned(),
            forward,
            from,
            end: Some(end),
            extra,
            bounds,
        })
    }

    /// Where the item is after a share of its way.
    pub fn at(&self, share: f64) -> Aloft {
        let Some(end) = self.end else {
            return falling(&self.from, share);
        };
        let at = match &self.wire {
            Some(wire) => self.along(&wire.curve, end, share),
            None => self.from.center.towards(end, share),
        };
        Aloft { at, opacity: 1.0 }
    }

    /// Along a curve, and straight on to `end`, at an even pace over both.
    fn along(&self, curve: &Curve, end: Point, share: f64) -> Point {
        let walked = share * (curve.length() + self.extra);
        if walked >= curve.length() && self.extra > 0.0 {
            let share = (walked - curve.length()) / self.extra;
            return arrival(curve, self.forward).towards(end, share);
        }
        let part = if curve.length() > 0.0 {
            (walked / curve.length()).min(1.0)
        } else {
            1.0
        };
        curve.at(if self.forward { part } else { 1.0 - part })
    }

    /// Whether any of it may be seen in a part of the drawing.
    pub fn reaches(&self, seen: Rect) -> bool {
        self.bounds.overlaps(seen)
    }

    /// The wire that is followed.
    pub fn wire(&self) -> Option<&Shared<Wire>> {
        self.wire.as_ref()
    }

    /// What it has in common with those that go the same way.
    pub fn way(&self) -> Way {
        let wire = self
            .wire
            .as_ref()
            .map_or(0, |wire| std::ptr::from_ref::<Wire>(wire).addr());
        let ends = match (&self.wire, self.end) {
            (Some(_), _) => [0; 2],
            (None, end) => {
                let from = self.from.center;
                let end = end.unwrap_or(from);
                [
                    (from.x + 3.0 * from.y).to_bits(),
                    (end.x + 3.0 * end.y).to_bits(),
                ]
            }
        };
        (wire, self.forward, ends)
    }
}

/// The ways of all flights in a drawing; found anew when the drawing changes.
#[derive(Debug, Default)]
pub struct Tracks {
    found: FxHashMap<u64, Option<Track>>,
}

impl Tracks {
    /// Forgets the ways that a change of the drawing concerns.
    pub fn forget<'a>(&mut self, flights: impl Iterator<Item = &'a Flight>, changed: &Changed) {
        if changed.everything {
            self.found.clear();
            return;
        }
        for flight in flights.filter(|flight| changed.concerns(&flight.hop)) {
            self.found.remove(&flight.number);
        }
    }

    /// Finds the ways of those that have none yet, and forgets those that have landed.
    pub fn follow<'a>(&mut self, flights: impl Iterator<Item = &'a Flight>, index: &Index) {
        let mut oldest = u64::MAX;
        for flight in flights {
            oldest = oldest.min(flight.number);
            self.found
                .entry(flight.number)
                .or_insert_with(|| Track::of(&flight.hop, index));
        }
        if self.found.len() > TRACKS {
            self.found.retain(|number, _| *number >= oldest);
        }
    }

    /// The way of a flight, if its ends are in the drawing.
    pub fn of(&self, flight: &Flight) -> Option<&Track> {
        self.found.get(&flight.number)?.as_ref()
    }
}

/// Where one who follows a curve comes out.
fn arrival(curve: &Curve, forward: bool) -> Point {
    if forward { curve.end() } else { curve.start() }
}

fn falling(from: &Place, share: f64) -> Aloft {
    let drop = share * share * FALL;
    let start = Point::new(from.shape.right + 10.0, from.center.y);
    Aloft {
        at: start.shifted(share * 26.0, drop),
        opacity: 1.0 - share * share,
    }
}

/// What of a drawing has changed, for those who fly over it.
#[derive(Debug, Default)]
pub struct Changed {
    everything: bool,
    nodes: FxHashSet<NodeId>,
    edges: FxHashSet<EdgeId>,
}

impl Changed {
    fn concerns(&self, hop: &Hop) -> bool {
        let is_goal = |id: &NodeId| self.nodes.contains(id);
        self.everything
            || is_goal(&hop.from)
            || matches!(&hop.to, Goal::Node(to) if is_goal(to))
            || hop
                .edge
                .as_ref()
                .is_some_and(|edge| self.edges.contains(edge))
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

    fn aloft(hop: &Hop, share: f64, scene: &Scene, layout: &Layout) -> Option<Aloft> {
        Track::of(hop, &Index::of(scene, layout)).map(|track| track.at(share))
    }

    #[test]
    fn ways_are_found_once_and_forgotten_with_their_flights() {
        let scene = scene();
        let layout = Layout::arrange(&scene, &Pins::new(), Flow::LeftToRight, None);
        let index = Index::of(&scene, &layout);
        let flight = |number| Flight {
            number,
            hop: hop("gate", Goal::Node("shelf".into())),
            starts_at: 0.0,
            lands_at: 1.0,
        };
        let mut tracks = Tracks::default();
        for first in (0..TRACKS as u64 * 2).step_by(100) {
            let flights: Vec<Flight> = (first..first + 100).map(flight).collect();
            tracks.follow(flights.iter(), &index);
            let ways = flights.iter().filter_map(|flight| tracks.of(flight));
            assert_eq!(ways.count(), 100);
        }
        assert!(tracks.found.len() <= TRACKS + 100);
        assert!(tracks.of(&flight(1)).is_none());
        let last = flight(TRACKS as u64 * 2 - 1);
        tracks.forget([&last].into_iter(), &Changed::default());
        assert!(tracks.of(&last).is_some());
        let mut changed = Changed::default();
        changed.nodes.insert("shelf".into());
        tracks.forget([&last].into_iter(), &changed);
        assert!(tracks.of(&last).is_none());
    }

    #[test]
    fn only_what_is_carried_about_has_other_ways() {
        let scene = scene();
        let layout = Layout::arrange(&scene, &Pins::new(), Flow::LeftToRight, None);
        let mut index = Index::of(&scene, &layout);
        let changed = index.update(&scene, &layout);
        assert!(!changed.concerns(&hop("gate", Goal::Node("shelf".into()))));
        let carried = layout.dragged(&scene, &[("shelf".into(), Point::new(500.0, 300.0))]);
        let changed = index.update(&scene, &carried);
        assert!(!changed.everything);
        assert!(changed.concerns(&hop("gate", Goal::Node("shelf".into()))));
        assert!(!changed.concerns(&Hop {
            edge: None,
            ..hop("gate", Goal::Nowhere)
        }));
        let end = |index: &Index| {
            let hop = hop("gate", Goal::Node("shelf".into()));
            Track::of(&hop, index).map(|track| track.at(1.0))
        };
        assert_eq!(end(&index), end(&Index::of(&scene, &carried)));
        let mut more = scene.clone();
        let late = Node::new("late", Shape::Circle { letter: "L".into() }, 0, "late");
        more.nodes.push(Shared::new(late));
        let layout = Layout::arrange(&more, &Pins::new(), Flow::LeftToRight, None);
        assert!(index.update(&more, &layout).everything);
    }

    #[test]
    fn both_directions_of_an_edge_are_ways_of_their_own() {
        let scene = scene();
        let layout = Layout::arrange(&scene, &Pins::new(), Flow::LeftToRight, None);
        let index = Index::of(&scene, &layout);
        let way = |from: &str, to: &str| {
            let hop = hop(from, Goal::Node(to.into()));
            Track::of(&hop, &index).map(|track| track.way())
        };
        assert_eq!(way("gate", "shelf"), way("gate", "shelf"));
        assert_ne!(way("gate", "shelf"), way("shelf", "gate"));
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
            let hop = hop("gate", Goal::Node("shelf".into()));
            aloft(&hop, share, &scene, &layout)
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
            let hop = hop("shelf", Goal::Node("gate".into()));
            aloft(&hop, share, &scene, &layout)
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
            aloft(&hop("gate", Goal::Nowhere), share, &scene, &layout).expect("it is drawn")
        };
        assert!(fall(1.0).at.y > fall(0.0).at.y + 50.0);
        assert_eq!(fall(1.0).opacity, 0.0);
        let lost = hop("nobody", Goal::Nowhere);
        assert_eq!(aloft(&lost, 0.5, &scene, &layout), None);
    }
}
