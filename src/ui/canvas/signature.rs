//! What of a scene its arrangement depends on: while this stays the same, nothing is arranged anew.

use crate::ui::canvas::measure;
use crate::ui::canvas::scene::{Edge, Node, Scene};
use crate::ui::shared::Shared;

/// Whether the arrangement of `before` no longer suits `now`: sizes, ranks, ends and labels count, not what lies in the
/// tubes. What kept its pointer is not looked at.
pub fn differs(now: &Scene, before: &Scene) -> bool {
    changed(&now.nodes, &before.nodes, is_other_node)
        || changed(&now.edges, &before.edges, is_other_edge)
        // Outlines carry their group, so any change of a group is drawn anew.
        || now.groups != before.groups
}

fn changed<T>(now: &[Shared<T>], before: &[Shared<T>], differ: fn(&T, &T) -> bool) -> bool {
    now.len() != before.len()
        || now
            .iter()
            .zip(before)
            .any(|(now, before)| now != before && differ(now, before))
}

fn is_other_node(now: &Node, before: &Node) -> bool {
    now.id != before.id
        || now.rank != before.rank
        || measure::node_rect(now) != measure::node_rect(before)
        || now.slots.len() != before.slots.len()
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

    #[test]
    fn what_lies_in_a_tube_does_not_move_it() {
        assert!(!differs(&scene(1, "t"), &scene(1_000_000, "t")));
    }

    #[test]
    fn another_label_or_another_node_is_arranged_anew() {
        assert!(differs(&scene(1, "t"), &scene(1, "other")));
        let mut more = scene(1, "t");
        let late = Node::new("late", Shape::Circle { letter: "L".into() }, 0, "late");
        more.nodes.push(Shared::new(late));
        assert!(differs(&more, &scene(1, "t")));
    }
}
