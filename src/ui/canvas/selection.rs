//! Selecting several things, and what is done with them together: plain functions.

use crate::ordered::{Map, Set, sort_by};
use crate::ui::canvas::geometry::{Point, Rect};
use crate::ui::canvas::layout::Layout;
use crate::ui::canvas::scene::{NodeId, Scene, Target};
use crate::ui::canvas::sketch::{PatchKind, Sketch, rect_of};

/// Everything that lies wholly inside `area`, in the order of reading: nodes, the edges between them, notes and frames.
pub fn inside(area: Rect, scene: &Scene, layout: &Layout, sketch: &Sketch) -> Vec<Target> {
    let holds = |rect: Rect| rect == rect.intersection(area);
    let nodes: Vec<&NodeId> = scene
        .nodes
        .iter()
        .map(|node| &node.id)
        .filter(|id| {
            layout
                .places
                .get(*id)
                .is_some_and(|place| holds(place.shape))
        })
        .collect();
    let patches = sketch.patches.iter().filter(|patch| {
        // A frame is chosen by itself, its members by themselves.
        matches!(patch.kind, PatchKind::Note { .. })
            && rect_of(patch, &layout.places).is_some_and(holds)
    });
    patches
        .map(|patch| Target::Patch(patch.id.clone()))
        .chain(nodes.into_iter().cloned().map(Target::Node))
        .collect()
}

/// `chosen` with `target` taken in, or out when it was in.
pub fn toggled(chosen: &Set<Target>, target: &Target) -> Vec<Target> {
    let mut others: Vec<Target> = chosen
        .iter()
        .filter(|other| *other != target)
        .cloned()
        .collect();
    if !chosen.contains(target) {
        others.push(target.clone());
    }
    others
}

/// The nodes that go along when a hand takes `node`: all that are selected, if it is one of them.
pub fn carried(node: &NodeId, chosen: &Set<Target>) -> Vec<NodeId> {
    if chosen.contains(&Target::Node(node.clone())) {
        return nodes_of(chosen);
    }
    vec![node.clone()]
}

/// The nodes among what is selected.
pub fn nodes_of(chosen: &Set<Target>) -> Vec<NodeId> {
    let nodes = chosen.iter().filter_map(|target| match target {
        Target::Node(id) => Some(id.clone()),
        _ => None,
    });
    nodes.collect()
}

/// How nodes are lined up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    /// Their left borders under each other.
    Left,
    /// Their middles under each other.
    Column,
    /// Their middles side by side.
    Row,
    /// Their upper borders side by side.
    Top,
    /// Evenly from the first to the last, downwards.
    Spread,
}

impl Align {
    /// Every way, in the order menus offer them.
    pub const ALL: [Align; 5] = [
        Align::Left,
        Align::Column,
        Align::Top,
        Align::Row,
        Align::Spread,
    ];
}

/// Where `nodes` go when they are lined up.
pub fn aligned(nodes: &[NodeId], layout: &Layout, how: Align) -> Vec<(NodeId, Point)> {
    let mut places: Vec<(&NodeId, Point, Rect)> = nodes
        .iter()
        .filter_map(|id| {
            let place = layout.places.get(id)?;
            Some((id, place.center, place.shape))
        })
        .collect();
    let count = places.len() as f64;
    if places.len() < 2 {
        return Vec::new();
    }
    let mean = |of: fn(Point) -> f64| places.iter().map(|(_, at, _)| of(*at)).sum::<f64>() / count;
    let least = |of: fn(Rect) -> f64| {
        let all = places.iter().map(|(_, _, rect)| of(*rect));
        all.fold(f64::INFINITY, f64::min)
    };
    let (x, y) = (mean(|at| at.x).round(), mean(|at| at.y).round());
    let (left, top) = (least(|rect| rect.left), least(|rect| rect.top));
    sort_by(&mut places, |a, b| a.1.y.total_cmp(&b.1.y));
    let (first, last) = (places[0].1.y, places[places.len() - 1].1.y);
    let step = (last - first) / (count - 1.0);
    let placed = places.iter().enumerate().map(|(index, (id, at, rect))| {
        let to = match how {
            Align::Left => Point::new(at.x + left - rect.left, at.y),
            Align::Column => Point::new(x, at.y),
            Align::Row => Point::new(at.x, y),
            Align::Top => Point::new(at.x, at.y + top - rect.top),
            Align::Spread => Point::new(at.x, (first + step * index as f64).round()),
        };
        ((*id).clone(), to)
    });
    placed.collect()
}

/// Where `nodes` go when they are shifted.
pub fn shifted(nodes: &[NodeId], layout: &Layout, by: Point) -> Vec<(NodeId, Point)> {
    let all = nodes.iter().filter_map(|id| {
        let place = layout.places.get(id)?;
        Some((id.clone(), place.center.shifted(by.x, by.y)))
    });
    all.collect()
}

/// Where `nodes` go when their middle is put at a place.
pub fn brought(nodes: &[NodeId], layout: &Layout, to: Point) -> Vec<(NodeId, Point)> {
    let rects: Map<&NodeId, Rect> = nodes
        .iter()
        .filter_map(|id| Some((id, layout.places.get(id)?.shape)))
        .collect();
    let Some(all) = rects.values().copied().reduce(Rect::union) else {
        return Vec::new();
    };
    let middle = all.center();
    let by = Point::new((to.x - middle.x).round(), (to.y - middle.y).round());
    shifted(nodes, layout, by)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::canvas::layout::{Flow, Pins};
    use crate::ui::canvas::scene::{Node, Shape};

    fn drawn() -> (Scene, Layout) {
        let node = |id: &str| Node::new(id, Shape::Circle { letter: "A".into() }, 0, id);
        let scene = Scene::new(vec![node("a"), node("b"), node("c")], vec![], vec![]);
        let pins = Pins::from([
            (NodeId::from("a"), Point::new(0.0, 0.0)),
            (NodeId::from("b"), Point::new(90.0, 100.0)),
            (NodeId::from("c"), Point::new(300.0, 500.0)),
        ]);
        let layout = Layout::arrange(&scene, &pins, Flow::LeftToRight, None);
        (scene, layout)
    }

    fn set(ids: &[&str]) -> Set<Target> {
        ids.iter().map(|id| Target::Node((*id).into())).collect()
    }

    #[test]
    fn an_area_takes_what_lies_wholly_in_it() {
        let (scene, layout) = drawn();
        let area = Rect::new(-60.0, -60.0, 160.0, 160.0);
        let found = inside(area, &scene, &layout, &Sketch::default());
        assert_eq!(found, [Target::Node("a".into()), Target::Node("b".into())]);
        let half = inside(
            Rect::new(0.0, -60.0, 60.0, 60.0),
            &scene,
            &layout,
            &Sketch::default(),
        );
        assert_eq!(half, []);
    }

    #[test]
    fn a_second_press_takes_it_out_again() {
        let b = Target::Node("b".into());
        assert_eq!(toggled(&set(&["a"]), &b).len(), 2);
        assert_eq!(toggled(&set(&["a", "b"]), &b), [Target::Node("a".into())]);
    }

    #[test]
    fn a_hand_takes_all_that_are_selected_or_one_alone() {
        assert_eq!(carried(&"a".into(), &set(&["a", "c"])).len(), 2);
        assert_eq!(carried(&"b".into(), &set(&["a", "c"])), [NodeId::from("b")]);
    }

    #[test]
    fn nodes_are_lined_up_and_spread() {
        let (_, layout) = drawn();
        let ids: Vec<NodeId> = ["a", "b", "c"].map(NodeId::from).into();
        let of = |how| aligned(&ids, &layout, how);
        assert!(of(Align::Column).iter().all(|(_, at)| at.x == 130.0));
        assert!(of(Align::Row).iter().all(|(_, at)| at.y == 200.0));
        let spread: Vec<f64> = of(Align::Spread).iter().map(|(_, at)| at.y).collect();
        assert_eq!(spread, [0.0, 250.0, 500.0]);
        assert_eq!(aligned(&ids[..1], &layout, Align::Left), []);
    }

    #[test]
    fn what_is_brought_keeps_its_shape() {
        let (_, layout) = drawn();
        let ids: Vec<NodeId> = ["a", "b"].map(NodeId::from).into();
        let moved = brought(&ids, &layout, Point::new(1000.0, 1000.0));
        let (a, b) = (moved[0].1, moved[1].1);
        assert_eq!((b.x - a.x, b.y - a.y), (90.0, 100.0));
        assert_eq!(((a.x + b.x) / 2.0, (a.y + b.y) / 2.0), (1000.0, 1000.0));
    }
}
