//! Which column each node belongs in: its rank, and within one rank how far wires lead.

use crate::ordered::Map;
use crate::ui::canvas::measure;
use crate::ui::canvas::scene::{EdgeKind, NodeId, Scene};

/// The column of every node, counted from 0 without holes.
pub type Columns = Map<NodeId, usize>;

/// Finds the columns. A node that a wire reaches from a node of the same rank stands one column further; wires that
/// would close a circle do not count, and who comes first in the scene stands first.
pub fn columns(scene: &Scene) -> Columns {
    let depth = depths(scene);
    let key = |index: usize| (scene.nodes[index].rank, depth[index]);
    let mut keys: Vec<(u8, usize)> = (0..scene.nodes.len()).map(key).collect();
    keys.sort_unstable();
    keys.dedup();
    scene
        .nodes
        .iter()
        .enumerate()
        .map(|(index, node)| {
            let column = keys.binary_search(&key(index)).unwrap_or_default();
            (node.id.clone(), column)
        })
        .collect()
}

/// Where the flow comes from above, a column lies flat and may be wider than a phone: it is broken into several of at
/// most this width, in the order of the scene.
const WIDEST: f64 = 520.0;

/// Breaks columns that lie flat and are too wide to be read on a phone.
pub fn wrapped(scene: &Scene, columns: &Columns) -> Columns {
    let mut width: Map<usize, (usize, f64)> = Map::new();
    let mut keys: Map<&NodeId, (usize, usize)> = Map::new();
    for node in &scene.nodes {
        let Some(&column) = columns.get(&node.id) else {
            continue;
        };
        let wide = measure::room(node).width() + 30.0;
        let (line, filled) = width.entry(column).or_default();
        if *filled > 0.0 && *filled + wide > WIDEST {
            (*line, *filled) = (*line + 1, 0.0);
        }
        *filled += wide;
        keys.insert(&node.id, (column, *line));
    }
    let mut lines: Vec<(usize, usize)> = keys.values().copied().collect();
    lines.sort_unstable();
    lines.dedup();
    keys.into_iter()
        .map(|(id, key)| (id.clone(), lines.binary_search(&key).unwrap_or_default()))
        .collect()
}

/// The longest way by wires to each node from others of its rank.
fn depths(scene: &Scene) -> Vec<usize> {
    let index: Map<&NodeId, usize> = scene
        .nodes
        .iter()
        .enumerate()
        .map(|(at, node)| (&node.id, at))
        .collect();
    let mut into: Vec<Vec<usize>> = vec![Vec::new(); scene.nodes.len()];
    for edge in scene
        .edges
        .iter()
        .filter(|edge| edge.kind == EdgeKind::Wire)
    {
        if let (Some(&from), Some(&to)) = (index.get(&edge.from), index.get(&edge.to))
            && from != to
            && scene.nodes[from].rank == scene.nodes[to].rank
        {
            into[to].push(from);
        }
    }
    let mut depth = vec![None; scene.nodes.len()];
    for node in 0..scene.nodes.len() {
        measure_depth(node, &into, &mut depth);
    }
    depth.into_iter().map(Option::unwrap_or_default).collect()
}

/// Depth first with a stack of its own: scenes come from files, and a long chain must not overflow the real one.
fn measure_depth(start: usize, into: &[Vec<usize>], depth: &mut [Option<usize>]) {
    let mut open = vec![false; into.len()];
    let mut stack = vec![(start, 0)];
    while let Some((node, next)) = stack.pop() {
        if depth[node].is_some() {
            continue;
        }
        open[node] = true;
        match into[node].get(next) {
            Some(&before) => {
                stack.push((node, next + 1));
                // An open node is being measured right now: this wire closes a circle.
                if depth[before].is_none() && !open[before] {
                    stack.push((before, 0));
                }
            }
            None => {
                let longest = into[node].iter().filter_map(|&before| depth[before]).max();
                depth[node] = Some(longest.map_or(0, |longest| longest + 1));
                open[node] = false;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::canvas::scene::{Edge, Node, Shape};

    fn check(ranks: &[(&str, u8)], wires: &[(&str, &str)], expected: &[usize]) {
        let nodes = ranks
            .iter()
            .map(|&(id, rank)| Node::new(id, Shape::Circle { letter: "".into() }, rank, id))
            .collect();
        let edges = wires
            .iter()
            .map(|&(from, to)| Edge::new(format!("{from}-{to}"), from.into(), to.into(), ""))
            .collect();
        let columns = columns(&Scene::new(nodes, edges, vec![]));
        let found: Vec<usize> = ranks
            .iter()
            .map(|&(id, _)| columns[&NodeId::from(id)])
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn ranks_follow_each_other_without_holes() {
        check(&[("p", 0), ("q", 5), ("x", 2)], &[], &[0, 2, 1]);
    }

    #[test]
    fn a_wire_within_a_rank_makes_another_column() {
        check(
            &[("a", 1), ("b", 1), ("c", 1), ("q", 2)],
            &[("a", "b"), ("b", "c"), ("a", "c")],
            &[0, 1, 2, 3],
        );
    }

    #[test]
    fn what_is_too_wide_for_a_phone_is_broken_into_lines() {
        let tube = |id: &str| Node::new(id, Shape::Tube(Default::default()), 1, id);
        let scene = Scene::new(vec![tube("a"), tube("b"), tube("c")], vec![], vec![]);
        let lines = wrapped(&scene, &columns(&scene));
        let found: Vec<usize> = lines.into_values().collect();
        assert_eq!(found, [0, 0, 1]);
    }

    #[test]
    fn a_circle_of_wires_is_cut_where_it_was_closed() {
        check(&[("a", 1), ("b", 1)], &[("a", "b"), ("b", "a")], &[1, 0]);
        check(&[("a", 1)], &[("a", "a")], &[0]);
    }
}
