//! What of a scene its arrangement depends on: while this stays the same, nothing is arranged anew.

use crate::ui::canvas::geometry::Rect;
use crate::ui::canvas::measure;
use crate::ui::canvas::scene::{Edge, EdgeId, EdgeKind, Group, Node, NodeId, Scene, Text};
use crate::ui::shared::Shared;

/// Sizes, ranks, ends and labels; not what lies in the tubes.
#[derive(Debug, Default, PartialEq)]
pub struct Signature {
    nodes: Vec<(NodeId, Rect, u8)>,
    edges: Vec<(EdgeId, NodeId, NodeId, Text, EdgeKind)>,
    groups: Vec<Shared<Group>>,
}

impl Signature {
    /// The signature of a scene.
    pub fn of(scene: &Scene) -> Signature {
        let node = |node: &Node| (node.id.clone(), measure::node_rect(node), node.rank);
        let edge = |edge: &Edge| {
            (
                edge.id.clone(),
                edge.from.clone(),
                edge.to.clone(),
                edge.label.clone(),
                edge.kind,
            )
        };
        Signature {
            nodes: scene.nodes.iter().map(|shared| node(shared)).collect(),
            edges: scene.edges.iter().map(|shared| edge(shared)).collect(),
            // Outlines carry their group, so any change of a group is drawn anew.
            groups: scene.groups.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::canvas::scene::{Count, Shape, Tube};

    #[test]
    fn what_lies_in_a_tube_does_not_move_it() {
        let scene = |ready: u64| {
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
                vec![Node::new("t", Shape::Tube(tube), 2, "t")],
                vec![],
                vec![],
            )
        };
        assert_eq!(Signature::of(&scene(1)), Signature::of(&scene(1_000_000)));
    }
}
