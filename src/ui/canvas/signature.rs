//! What of a scene its arrangement depends on: while this stays the same, nothing is arranged anew.

use crate::ui::canvas::layout::Layout;
use crate::ui::canvas::measure;
use crate::ui::canvas::scene::{Edge, Node, Scene};
use crate::ui::shared::Shared;

/// Whether `layout`, the arrangement of `before`, no longer suits `now`: ranks, ends, labels and what has outgrown its
/// room count, not what lies in the tubes. What kept its pointer is not looked at.
pub fn differs(now: &Scene, before: &Scene, layout: &Layout) -> bool {
    let is_other_node = |node: &Node, before: &Node| {
        node.id != before.id
            || node.rank != before.rank
            || has_outgrown(node, layout)
            || (measure::out_port(node, layout.flow) != measure::out_port(before, layout.flow)
                && now.edges.iter().any(|edge| edge.from == node.id))
    };
    changed(&now.nodes, &before.nodes, &is_other_node)
        || changed(&now.edges, &before.edges, &is_other_edge)
        // Outlines carry their group, so any change of a group is drawn anew.
        || now.groups != before.groups
}

fn changed<T>(now: &[Shared<T>], before: &[Shared<T>], differ: &dyn Fn(&T, &T) -> bool) -> bool {
    now.len() != before.len()
        || now
            .iter()
            .zip(before)
            .any(|(now, before)| now != before && differ(now, before))
}

/// Whether a node is larger than the room it was given; one that became smaller keeps its room.
fn has_outgrown(node: &Node, layout: &Layout) -> bool {
    let Some(place) = layout.places.get(&node.id) else {
        return true;
    };
    let rect = measure::node_rect(node).shifted(place.center.x, place.center.y);
    // Sums of floats may differ in their last digits.
    rect.union(place.rect).width() > place.rect.width() + 0.01
        || rect.union(place.rect).height() > place.rect.height() + 0.01
}

fn is_other_edge(now: &Edge, before: &Edge) -> bool {
    now.id != before.id
        || now.from != before.from
        || now.to != before.to
        || now.label != before.label
        || now.kind != before.kind
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::canvas::layout::{Flow, Pins};
    use crate::ui::canvas::scene::{Count, Shape, Tube};

    fn scene(ready: u64, name: &str) -> Scene {
        let counts = vec![Count {
            label: "Ready".into(),
            value: ready,
        }];
        let tube = Tube {
            more: ready,
            counts,
            ..Tube::default()
        };
        Scene::new(
            vec![Node::new("t", Shape::Tube(tube), 2, name)],
            vec![Edge::new("e", "t".into(), "t".into(), name)],
            vec![],
        )
    }

    fn is_arranged_anew(now: &Scene, before: &Scene) -> bool {
        let layout = Layout::arrange(before, &Pins::new(), Flow::LeftToRight, None);
        differs(now, before, &layout)
    }

    #[test]
    fn what_lies_in_a_tube_does_not_move_it() {
        assert!(!is_arranged_anew(&scene(1_000_000, "t"), &scene(1, "t")));
    }

    #[test]
    fn a_second_line_that_changes_a_little_moves_nobody() {
        let said = |words: &str| {
            let mut node = Node::new("p", Shape::Circle { letter: "P".into() }, 0, "p");
            node.sublabel = words.into();
            Scene::new(vec![node], vec![], vec![])
        };
        let before = said("publishing · 9.5/s · 99 published");
        assert!(!is_arranged_anew(&said("asleep"), &before));
        assert!(!is_arranged_anew(
            &said("publishing · 9.5/s · 100 published"),
            &before
        ));
        let long = "publishing · 1234.5/s · 123456789 published, and more";
        assert!(is_arranged_anew(&said(long), &before));
    }

    #[test]
    fn another_label_or_another_node_is_arranged_anew() {
        assert!(is_arranged_anew(&scene(1, "other"), &scene(1, "t")));
        let mut more = scene(1, "t");
        let late = Node::new("late", Shape::Circle { letter: "L".into() }, 0, "late");
        more.nodes.push(Shared::new(late));
        assert!(is_arranged_anew(&more, &scene(1, "t")));
    }
}
