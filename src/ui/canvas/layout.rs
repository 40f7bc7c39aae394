//! Where things stand: layered from left to right (on phones from above), and stable under small edits.
//!
//! A node that had a place keeps it; a new one goes where there is room near its neighbours; a place that a person
//! gave (a pin) wins over all. The same calls in the same order give the same picture on every machine.

use crate::ordered::Map;
use crate::ui::canvas::geometry::{Point, Rect};
use crate::ui::canvas::lanes::Lanes;
use crate::ui::canvas::outline::{Outline, outlines};
use crate::ui::canvas::placing;
use crate::ui::canvas::route::{Wire, follow, route};
use crate::ui::canvas::scene::{EdgeId, Node, NodeId, Scene};
use crate::ui::canvas::{columns, measure};
use crate::ui::shared::Shared;

/// Which way the columns follow each other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Flow {
    #[default]
    LeftToRight,
    /// For narrow screens.
    TopToBottom,
}

/// Below this width in CSS pixels a drawing flows from above.
pub const NARROW: f64 = 600.0;

impl Flow {
    /// The flow that suits a canvas of this width.
    pub fn for_width(width: f64) -> Flow {
        // Before it is measured it has none, and nobody sees it.
        if width > 0.0 && width < NARROW {
            Flow::TopToBottom
        } else {
            Flow::LeftToRight
        }
    }
}

/// Places that a person gave.
pub type Pins = Map<NodeId, Point>;

/// Where a node stands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Place {
    /// The middle of its shape.
    pub center: Point,
    /// All of it, with labels and slots.
    pub rect: Rect,
    /// Only the shape.
    pub shape: Rect,
    /// Counted from where the flow begins.
    pub column: usize,
    /// How many slots it shows: edges leave behind them.
    pub(super) slots: (usize, usize),
}

impl Place {
    /// The place of `node` around `center`.
    pub(super) fn of(node: &Node, center: Point, column: usize) -> Place {
        Place {
            center,
            rect: measure::room(node).shifted(center.x, center.y),
            shape: measure::shape_rect(&node.shape).shifted(center.x, center.y),
            column,
            slots: measure::slot_grid(node),
        }
    }
}

/// A whole arrangement of one scene.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Layout {
    pub flow: Flow,
    pub places: Map<NodeId, Place>,
    pub wires: Map<EdgeId, Shared<Wire>>,
    pub outlines: Vec<Outline>,
    /// Around all of it.
    pub bounds: Rect,
    /// What the wires have taken of the room between the nodes.
    pub(super) lanes: Shared<Lanes>,
    /// Where nodes stood that are gone or pinned: one that comes back, or is let go, finds its old place.
    remembered: Map<NodeId, Point>,
}

/// How many vanished nodes are remembered.
const REMEMBERED: usize = 500;

impl Layout {
    /// Arranges `scene`. Without `previous` everything is arranged afresh.
    pub fn arrange(scene: &Scene, pins: &Pins, flow: Flow, previous: Option<&Layout>) -> Layout {
        let columns = match flow {
            Flow::LeftToRight => columns::columns(scene),
            Flow::TopToBottom => columns::wrapped(scene, &columns::columns(scene)),
        };
        let known = previous
            .filter(|layout| layout.flow == flow)
            .map(Layout::known)
            .unwrap_or_default();
        let places = placing::place(scene, &columns, pins, flow, &known);
        let (wires, lanes) = route(scene, &places, flow, previous);
        let outlines = outlines(scene, &places);
        let bounds = bounds(&places, &wires, &outlines);
        let mut remembered = known;
        remembered.retain(|id, _| pins.contains_key(id) || !places.contains_key(id));
        while remembered.len() > REMEMBERED {
            remembered.pop_first();
        }
        Layout {
            flow,
            places,
            wires,
            outlines,
            bounds,
            lanes,
            remembered,
        }
    }

    /// Every place it knows, of nodes that stand and of nodes that stood.
    fn known(&self) -> Map<NodeId, Point> {
        let standing = self
            .places
            .iter()
            .map(|(id, place)| (id.clone(), place.center));
        standing.chain(self.remembered.clone()).collect()
    }

    /// This arrangement while some nodes are being carried: the others stay, the wires of the carried follow.
    pub fn dragged(&self, scene: &Scene, carried: &[(NodeId, Point)]) -> Layout {
        let mut layout = self.clone();
        for (id, to) in carried {
            if let (Some(node), Some(place)) = (scene.node(id), layout.places.get_mut(id)) {
                *place = Place::of(node, *to, place.column);
            }
        }
        let is_carried = |id: &NodeId| carried.iter().any(|(carried, _)| carried == id);
        layout.wires = follow(scene, &layout.places, self.flow, &self.wires, &is_carried);
        layout.outlines = outlines(scene, &layout.places);
        layout
    }

    /// The node at a place, the last drawn first.
    pub fn node_at(&self, at: Point) -> Option<&NodeId> {
        self.places
            .iter()
            .rev()
            .find(|(_, place)| place.rect.contains(at))
            .map(|(id, _)| id)
    }

    /// The node one comes to from `from` by going in a direction (a unit vector): near, and more ahead than aside.
    pub fn neighbour(&self, from: &NodeId, direction: Point) -> Option<&NodeId> {
        self.neighbour_among(from, direction, |_| true)
    }

    /// The same among some of the nodes.
    pub fn neighbour_among(
        &self,
        from: &NodeId,
        direction: Point,
        among: impl Fn(&NodeId) -> bool,
    ) -> Option<&NodeId> {
        let start = self.places.get(from)?.center;
        let cost = |place: &Place| {
            let (dx, dy) = (place.center.x - start.x, place.center.y - start.y);
            let ahead = dx * direction.x + dy * direction.y;
            let aside = (dx * direction.y - dy * direction.x).abs();
            (ahead > 8.0 && ahead * 2.0 > aside * 0.8).then_some(ahead + aside * 2.0)
        };
        self.places
            .iter()
            .filter(|(id, _)| *id != from && among(id))
            .filter_map(|(id, place)| cost(place).map(|cost| (cost, id)))
            .min_by(|a, b| a.0.total_cmp(&b.0))
            .map(|(_, id)| id)
    }
}

fn bounds(
    places: &Map<NodeId, Place>,
    wires: &Map<EdgeId, Shared<Wire>>,
    outlines: &[Outline],
) -> Rect {
    let rects = places
        .values()
        .map(|place| place.rect)
        .chain(outlines.iter().map(|outline| outline.rect))
        .chain(wires.values().map(|wire| wire.bounds));
    rects.reduce(Rect::union).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::canvas::scene::{Edge, Group, Shape, Tube};

    /// A warehouse: gates bring parcels, sorters part them, shelves hold them, vans take them away.
    fn warehouse(sorters: usize, shelves: usize) -> Scene {
        let gate = |id: &str| Node::new(id, Shape::Circle { letter: "G".into() }, 0, id);
        let mut nodes = vec![gate("north"), gate("south")];
        let mut edges = Vec::new();
        for sorter in 0..sorters {
            let id = format!("sorter{sorter}");
            nodes.push(Node::new(
                id.as_str(),
                Shape::Hexagon { letter: "S".into() },
                1,
                id.as_str(),
            ));
            edges.push(wire("north", &id, ""));
        }
        for shelf in 0..shelves {
            let id = format!("shelf{shelf}");
            nodes.push(Node::new(
                id.as_str(),
                Shape::Tube(Tube::default()),
                2,
                id.as_str(),
            ));
            edges.push(wire(
                &format!("sorter{}", shelf % sorters),
                &id,
                "weight.*.kg",
            ));
            let van = format!("van{shelf}");
            nodes.push(Node::new(
                van.as_str(),
                Shape::Circle { letter: "V".into() },
                3,
                van.as_str(),
            ));
            edges.push(wire(&id, &van, ""));
        }
        Scene::new(nodes, edges, vec![])
    }

    fn wire(from: &str, to: &str, label: &str) -> Edge {
        Edge::new(
            format!("{from}>{to}>{label}"),
            from.into(),
            to.into(),
            label,
        )
    }

    fn assert_apart(layout: &Layout) {
        let places: Vec<_> = layout.places.iter().collect();
        for (index, (one, a)) in places.iter().enumerate() {
            for (other, b) in &places[index + 1..] {
                assert!(
                    !a.rect.overlaps(b.rect),
                    "{one} lies on {other}: {:?} {:?}",
                    a.rect,
                    b.rect
                );
            }
        }
    }

    fn fresh(scene: &Scene, flow: Flow) -> Layout {
        Layout::arrange(scene, &Pins::new(), flow, None)
    }

    #[test]
    fn no_two_nodes_overlap_whichever_way_it_flows() {
        for (sorters, shelves) in [(1, 1), (2, 5), (4, 12), (1, 30)] {
            for flow in [Flow::LeftToRight, Flow::TopToBottom] {
                assert_apart(&fresh(&warehouse(sorters, shelves), flow));
            }
        }
    }

    #[test]
    fn ranks_stand_one_after_the_other() {
        let layout = fresh(&warehouse(2, 4), Flow::LeftToRight);
        let x = |id: &str| layout.places[&NodeId::from(id)].center.x;
        assert!(x("north") < x("sorter0") && x("sorter0") < x("shelf0") && x("shelf0") < x("van0"));
        let layout = fresh(&warehouse(2, 4), Flow::TopToBottom);
        let y = |id: &str| layout.places[&NodeId::from(id)].center.y;
        assert!(y("north") < y("sorter0") && y("sorter0") < y("shelf0") && y("shelf0") < y("van0"));
    }

    #[test]
    fn a_new_node_moves_nobody() {
        let before = fresh(&warehouse(2, 4), Flow::LeftToRight);
        let mut scene = warehouse(2, 4);
        scene.nodes.push(Shared::new(Node::new(
            "late",
            Shape::Tube(Tube::default()),
            2,
            "late",
        )));
        scene.edges.push(Shared::new(wire("sorter0", "late", "#")));
        let after = Layout::arrange(&scene, &Pins::new(), Flow::LeftToRight, Some(&before));
        for (id, place) in &before.places {
            assert_eq!(after.places[id].center, place.center, "{id} moved");
        }
        assert_apart(&after);
    }

    #[test]
    fn who_comes_back_finds_the_old_place() {
        let before = fresh(&warehouse(2, 4), Flow::LeftToRight);
        let mut scene = warehouse(2, 4);
        scene.nodes.retain(|node| node.id != NodeId::from("shelf1"));
        let without = Layout::arrange(&scene, &Pins::new(), Flow::LeftToRight, Some(&before));
        assert!(!without.places.contains_key(&NodeId::from("shelf1")));
        let again = Layout::arrange(
            &warehouse(2, 4),
            &Pins::new(),
            Flow::LeftToRight,
            Some(&without),
        );
        assert_eq!(again.places, before.places);
    }

    #[test]
    fn a_pin_wins_and_the_others_make_room() {
        let scene = warehouse(2, 4);
        let before = fresh(&scene, Flow::LeftToRight);
        let target = before.places[&NodeId::from("shelf2")].center;
        let pins = Pins::from([(NodeId::from("shelf0"), target)]);
        let after = Layout::arrange(&scene, &pins, Flow::LeftToRight, Some(&before));
        assert_eq!(after.places[&NodeId::from("shelf0")].center, target);
        assert_apart(&after);
    }

    #[test]
    fn a_node_that_is_let_go_returns_to_where_it_stood() {
        let scene = warehouse(2, 4);
        let before = fresh(&scene, Flow::LeftToRight);
        let pins = Pins::from([(NodeId::from("shelf0"), Point::new(900.0, 900.0))]);
        let pinned = Layout::arrange(&scene, &pins, Flow::LeftToRight, Some(&before));
        let after = Layout::arrange(&scene, &Pins::new(), Flow::LeftToRight, Some(&pinned));
        assert_eq!(after.places, before.places);
    }

    #[test]
    fn a_drag_moves_one_node_and_its_wires() {
        let scene = warehouse(2, 4);
        let before = fresh(&scene, Flow::LeftToRight);
        let dragged = before.dragged(&scene, &[("shelf0".into(), Point::new(900.0, 900.0))]);
        let moved = |id: &&NodeId| dragged.places[*id] != before.places[*id];
        assert_eq!(before.places.keys().filter(moved).count(), 1);
        let kept = |id: &&EdgeId| dragged.wires[*id] == before.wires[*id];
        assert_eq!(
            before.wires.keys().filter(kept).count(),
            before.wires.len() - 2
        );
    }

    #[test]
    fn the_same_scene_gives_the_same_picture() {
        let said = || format!("{:?}", fresh(&warehouse(3, 9), Flow::LeftToRight));
        assert!(said() == said());
    }

    #[test]
    fn wires_start_and_end_at_their_nodes_and_avoid_the_others() {
        let mut scene = warehouse(3, 6);
        // A way back, a way that jumps over columns, a loop and three between the same two.
        let more = [
            ("shelf0", "sorter1", "back"),
            ("north", "van5", "jump"),
            ("sorter0", "sorter0", "loop"),
        ];
        scene
            .edges
            .extend(more.map(|(from, to, label)| Shared::new(wire(from, to, label))));
        scene
            .edges
            .extend(["a", "b", "c"].map(|label| Shared::new(wire("sorter2", "shelf2", label))));
        for flow in [Flow::LeftToRight, Flow::TopToBottom] {
            let layout = fresh(&scene, flow);
            assert_eq!(layout.wires.len(), scene.edges.len());
            for edge in &scene.edges {
                let curve = &layout.wires[&edge.id].curve;
                let near = |id: &NodeId, at: Point| layout.places[id].rect.grown(1.0).contains(at);
                assert!(
                    near(&edge.from, curve.start()) && near(&edge.to, curve.end()),
                    "{}",
                    edge.id
                );
                let strangers = layout
                    .places
                    .iter()
                    .filter(|(id, _)| **id != edge.from && **id != edge.to);
                for (id, place) in strangers {
                    assert!(
                        !curve.samples().iter().any(|&at| place.rect.contains(at)),
                        "{} crosses {id}",
                        edge.id
                    );
                }
            }
        }
    }

    #[test]
    fn labels_of_parallel_wires_do_not_cover_each_other() {
        let mut scene = warehouse(1, 1);
        scene.edges = ["red", "green", "blue", "violet"]
            .map(|label| Shared::new(wire("sorter0", "shelf0", label)))
            .into();
        let layout = fresh(&scene, Flow::LeftToRight);
        let labels: Vec<Rect> = layout
            .wires
            .values()
            .filter_map(|wire| wire.label.as_ref().map(|label| label.rect))
            .collect();
        assert_eq!(labels.len(), 4);
        for (index, one) in labels.iter().enumerate() {
            assert!(
                labels[index + 1..]
                    .iter()
                    .all(|other| !one.overlaps(*other)),
                "{labels:?}"
            );
        }
    }

    #[test]
    fn members_of_a_group_stand_together_inside_their_outline() {
        let mut scene = warehouse(2, 6);
        let members: Vec<NodeId> = ["van0", "van3", "van5"].map(NodeId::from).into();
        scene.groups.push(Shared::new(Group {
            id: "fleet".into(),
            name: "fleet".into(),
            members: members.clone(),
            inside: None,
            standing: Default::default(),
            describe: "".into(),
        }));
        let layout = fresh(&scene, Flow::LeftToRight);
        assert_eq!(layout.outlines.len(), 1);
        let outline = layout.outlines[0].rect;
        for (id, place) in &layout.places {
            assert_eq!(outline.overlaps(place.rect), members.contains(id), "{id}");
        }
    }

    #[test]
    fn arrows_lead_to_the_neighbour_in_their_direction() {
        let layout = fresh(&warehouse(1, 3), Flow::LeftToRight);
        let step = |from: &str, x: f64, y: f64| {
            layout
                .neighbour(&from.into(), Point::new(x, y))
                .map(|id| id.as_str().to_owned())
        };
        assert_eq!(step("sorter0", 1.0, 0.0).as_deref(), Some("shelf1"));
        assert_eq!(step("shelf1", 0.0, 1.0).as_deref(), Some("shelf2"));
        assert_eq!(step("van1", 1.0, 0.0), None);
    }
}
