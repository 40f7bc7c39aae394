//! Gives every node its place, column by column, so that no two overlap.

use crate::ordered::{Map, sort_by};
use crate::ui::canvas::columns::Columns;
use crate::ui::canvas::geometry::{Point, Rect};
use crate::ui::canvas::layout::{Flow, Pins, Place};
use crate::ui::canvas::measure;
use crate::ui::canvas::scene::{GroupId, NodeId, Scene};

/// Between two nodes of one column.
const GAP: f64 = 30.0;
/// More of it where an outline passes between them: room for its name.
const GROUP_GAP: f64 = 34.0;
/// Between two columns at least, and at most for long labels; from above the labels need no room.
const COLUMN_GAP: (f64, f64) = (92.0, 210.0);
const ROW_GAP: f64 = 58.0;
/// Column widths grow in steps, so that a small change moves nothing.
const STEP: f64 = 20.0;
/// How often neighbours pull at each other when all is arranged afresh.
const SWEEPS: usize = 8;

/// What is known of a node while places are sought. `u` runs with the flow, `v` across it.
struct Item<'a> {
    id: &'a NodeId,
    column: usize,
    /// Its extent around its centre.
    extent: Rect,
    group: Option<&'a GroupId>,
    neighbours: Vec<usize>,
}

/// Finds the places. `known` are places from before.
pub(super) fn place(
    scene: &Scene,
    columns: &Columns,
    pins: &Pins,
    flow: Flow,
    known: &Map<NodeId, Point>,
) -> Map<NodeId, Place> {
    let items = items(scene, columns, flow);
    let lines = column_lines(scene, &items, flow);
    let remembered = items
        .iter()
        .filter(|item| known.contains_key(item.id))
        .count();
    let wanted: Vec<Option<f64>> = if remembered * 2 >= items.len() && remembered > 0 {
        items
            .iter()
            .map(|item| known.get(item.id).map(|&at| turned(at, flow).y))
            .collect()
    } else {
        afresh(&items).into_iter().map(Some).collect()
    };
    let found = settle(&items, &lines, &wanted, pins, flow);
    scene
        .nodes
        .iter()
        .zip(items.iter().zip(found))
        .map(|(node, (item, at))| {
            (
                node.id.clone(),
                Place::of(node, turned(at, flow), item.column),
            )
        })
        .collect()
}

/// Swaps the axes where the flow comes from above; its own inverse.
fn turned(at: Point, flow: Flow) -> Point {
    match flow {
        Flow::LeftToRight => at,
        Flow::TopToBottom => Point::new(at.y, at.x),
    }
}

fn items<'a>(scene: &'a Scene, columns: &Columns, flow: Flow) -> Vec<Item<'a>> {
    let mut groups: Map<&NodeId, &GroupId> = Map::new();
    for group in scene.groups.iter().filter(|group| group.inside.is_none()) {
        groups.extend(group.members.iter().map(|member| (member, &group.id)));
    }
    let mut items: Vec<Item> = scene
        .nodes
        .iter()
        .map(|node| {
            let rect = measure::room(node);
            let extent = match flow {
                Flow::LeftToRight => rect,
                Flow::TopToBottom => Rect::new(rect.top, rect.left, rect.bottom, rect.right),
            };
            Item {
                id: &node.id,
                column: columns.get(&node.id).copied().unwrap_or_default(),
                extent,
                group: groups.get(&node.id).copied(),
                neighbours: Vec::new(),
            }
        })
        .collect();
    let index: Map<&NodeId, usize> = scene
        .nodes
        .iter()
        .enumerate()
        .map(|(at, node)| (&node.id, at))
        .collect();
    for edge in &scene.edges {
        if let (Some(&from), Some(&to)) = (index.get(&edge.from), index.get(&edge.to))
            && from != to
        {
            items[from].neighbours.push(to);
            items[to].neighbours.push(from);
        }
    }
    items
}

/// Where the middle line of each column lies.
fn column_lines(scene: &Scene, items: &[Item], flow: Flow) -> Vec<f64> {
    let count = items.iter().map(|item| item.column + 1).max().unwrap_or(0);
    let mut before = vec![0.0_f64; count];
    let mut after = vec![0.0_f64; count];
    for item in items {
        before[item.column] = before[item.column].max(stepped(-item.extent.left));
        after[item.column] = after[item.column].max(stepped(item.extent.right));
    }
    let mut lines: Vec<f64> = Vec::with_capacity(count);
    for (column, room) in before.into_iter().enumerate() {
        let line = match column.checked_sub(1) {
            Some(last) => lines[last] + after[last] + gap_after(scene, items, last, flow) + room,
            None => 0.0,
        };
        lines.push(line);
    }
    lines
}

fn stepped(length: f64) -> f64 {
    (length / STEP).ceil() * STEP
}

/// The room after a column: enough for the labels of the edges that cross it.
fn gap_after(scene: &Scene, items: &[Item], column: usize, flow: Flow) -> f64 {
    if flow == Flow::TopToBottom {
        return ROW_GAP;
    }
    let at: Map<&NodeId, usize> = items.iter().map(|item| (item.id, item.column)).collect();
    let crosses = |id: &NodeId, other: &NodeId| {
        at.get(id) == Some(&column) && at.get(other) == Some(&(column + 1))
    };
    let widest = scene
        .edges
        .iter()
        .filter(|edge| crosses(&edge.from, &edge.to) || crosses(&edge.to, &edge.from))
        .map(|edge| measure::mono_width(&edge.label) + 64.0)
        .fold(COLUMN_GAP.0, f64::max);
    stepped(widest.min(COLUMN_GAP.1))
}

/// Where each node would like to stand across the flow when nothing is known: near its neighbours, few crossings.
fn afresh(items: &[Item]) -> Vec<f64> {
    let count = items.iter().map(|item| item.column + 1).max().unwrap_or(0);
    let mut order: Vec<Vec<usize>> = vec![Vec::new(); count];
    for (index, item) in items.iter().enumerate() {
        order[item.column].push(index);
    }
    let mut at = vec![0.0; items.len()];
    for column in &mut order {
        keep_groups_together(
            column,
            items,
            &(0..items.len())
                .map(|index| index as f64)
                .collect::<Vec<_>>(),
        );
        stack(column, items, &mut at);
    }
    for sweep in 0..SWEEPS {
        let forward = sweep % 2 == 0;
        for step in 0..count {
            let column = if forward { step } else { count - 1 - step };
            let pull = pulls(
                &order[column],
                items,
                &at,
                (sweep + 2 < SWEEPS).then_some(forward),
            );
            keep_groups_together(&mut order[column], items, &pull);
            spread(&order[column], items, &pull, &mut at);
        }
    }
    at
}

/// Where the neighbours of each node of a column pull it; with a side only those of earlier (or later) columns pull.
fn pulls(column: &[usize], items: &[Item], at: &[f64], earlier: Option<bool>) -> Vec<f64> {
    let mut pull = at.to_vec();
    for &index in column {
        let item = &items[index];
        let pulling: Vec<f64> = item
            .neighbours
            .iter()
            .filter(|&&other| match earlier {
                Some(true) => items[other].column < item.column,
                Some(false) => items[other].column > item.column,
                None => true,
            })
            .map(|&other| at[other])
            .collect();
        if !pulling.is_empty() {
            pull[index] = pulling.iter().sum::<f64>() / pulling.len() as f64;
        }
    }
    pull
}

/// Orders a column by `key`, members of a group side by side; equal keys keep the order they had.
fn keep_groups_together(column: &mut [usize], items: &[Item], key: &[f64]) {
    let mut sums: Map<&GroupId, (f64, f64)> = Map::new();
    for &index in column.iter() {
        if let Some(group) = items[index].group {
            let sum = sums.entry(group).or_default();
            *sum = (sum.0 + key[index], sum.1 + 1.0);
        }
    }
    let block = |index: usize| {
        items[index]
            .group
            .and_then(|group| sums.get(group))
            .map_or(key[index], |sum| sum.0 / sum.1)
    };
    sort_by(column, |&a, &b| {
        block(a)
            .total_cmp(&block(b))
            .then_with(|| items[a].group.cmp(&items[b].group))
            .then_with(|| key[a].total_cmp(&key[b]))
    });
}

/// How far the middles of two nodes of one column must be apart, the first above.
fn separation(above: &Item, below: &Item) -> f64 {
    above.extent.bottom + gap_between(above, below) - below.extent.top
}

fn gap_between(one: &Item, other: &Item) -> f64 {
    if one.group == other.group {
        GAP
    } else {
        GAP + GROUP_GAP
    }
}

/// Stacks a column around zero.
fn stack(column: &[usize], items: &[Item], at: &mut [f64]) {
    let mut v = 0.0;
    for (position, &index) in column.iter().enumerate() {
        if let Some(&before) = position
            .checked_sub(1)
            .and_then(|before| column.get(before))
        {
            v += separation(&items[before], &items[index]);
        }
        at[index] = v;
    }
    let middle = v / 2.0;
    for &index in column {
        at[index] -= middle;
    }
}

/// Moves a column to where it is pulled, in order and without overlaps: halfway between pushing all down and all up.
fn spread(column: &[usize], items: &[Item], pull: &[f64], at: &mut [f64]) {
    let mut down: Vec<f64> = column.iter().map(|&index| pull[index]).collect();
    let mut up = down.clone();
    for position in 1..column.len() {
        let apart = separation(&items[column[position - 1]], &items[column[position]]);
        down[position] = down[position].max(down[position - 1] + apart);
    }
    for position in (1..column.len()).rev() {
        let apart = separation(&items[column[position - 1]], &items[column[position]]);
        up[position - 1] = up[position - 1].min(up[position] - apart);
    }
    for (position, &index) in column.iter().enumerate() {
        at[index] = ((down[position] + up[position]) / 2.0).round();
    }
}

/// The final places: pins as they are, then those who stood before, then the new ones, each where it is free.
fn settle(
    items: &[Item],
    lines: &[f64],
    wanted: &[Option<f64>],
    pins: &Pins,
    flow: Flow,
) -> Vec<Point> {
    let mut found: Vec<Option<Point>> = items
        .iter()
        .map(|item| pins.get(item.id).map(|&pin| turned(pin, flow)))
        .collect();
    let mut turn: Vec<usize> = (0..items.len())
        .filter(|&index| found[index].is_none())
        .collect();
    sort_by(&mut turn, |&a, &b| {
        let key = |index: usize| (wanted[index].is_none(), items[index].column);
        key(a).cmp(&key(b)).then_with(|| {
            wanted[a]
                .unwrap_or(0.0)
                .total_cmp(&wanted[b].unwrap_or(0.0))
        })
    });
    for index in turn {
        let wish = wanted[index].unwrap_or_else(|| wish_of_new(index, items, &found));
        let u = lines[items[index].column];
        found[index] = Some(Point::new(u, free_place(index, u, wish, items, &found)));
    }
    found.into_iter().map(Option::unwrap_or_default).collect()
}

/// Where a new node would like to stand: below its group, else between its neighbours, else below its column.
fn wish_of_new(index: usize, items: &[Item], found: &[Option<Point>]) -> f64 {
    let item = &items[index];
    let placed = || {
        items
            .iter()
            .zip(found)
            .filter_map(|(other, at)| at.map(|at| (other, at)))
    };
    let below = |with: &dyn Fn(&Item) -> bool| {
        placed()
            .filter(|(other, _)| other.column == item.column && with(other))
            .map(|(other, at)| at.y + separation(other, item))
            .reduce(f64::max)
    };
    if let Some(v) = item
        .group
        .and_then(|group| below(&|other| other.group == Some(group)))
    {
        return v;
    }
    let neighbours: Vec<f64> = item
        .neighbours
        .iter()
        .filter_map(|&other| found[other])
        .map(|at| at.y)
        .collect();
    if !neighbours.is_empty() {
        return neighbours.iter().sum::<f64>() / neighbours.len() as f64;
    }
    below(&|_| true).unwrap_or(0.0)
}

/// The free place nearest to `wish` on the line `u`.
fn free_place(index: usize, u: f64, wish: f64, items: &[Item], found: &[Option<Point>]) -> f64 {
    let item = &items[index];
    let (left, right) = (u + item.extent.left, u + item.extent.right);
    let mut taken: Vec<(f64, f64)> = items
        .iter()
        .zip(found)
        .filter_map(|(other, at)| at.map(|at| (other, at)))
        .filter(|(other, at)| {
            at.x + other.extent.left < right + GAP / 2.0
                && left - GAP / 2.0 < at.x + other.extent.right
        })
        .map(|(other, at)| {
            let gap = gap_between(item, other);
            (
                at.y + other.extent.top - gap - item.extent.bottom,
                at.y + other.extent.bottom + gap - item.extent.top,
            )
        })
        .collect();
    sort_by(&mut taken, |a, b| a.0.total_cmp(&b.0));
    let mut free = f64::NEG_INFINITY;
    let mut best: Option<f64> = None;
    // The free stretches lie before, between and after the taken ones; in each the nearest point is a clamp.
    for (from, to) in taken.into_iter().chain([(f64::INFINITY, f64::INFINITY)]) {
        if from >= free {
            let nearest = wish.clamp(free, from);
            if best.is_none_or(|best| (nearest - wish).abs() < (best - wish).abs()) {
                best = Some(nearest);
            }
        }
        free = free.max(to);
    }
    best.unwrap_or(wish)
}
