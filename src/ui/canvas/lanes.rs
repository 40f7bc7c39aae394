//! Free ways around nodes: lanes run with the flow, gutters across it, and no two lines lie on each other.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::ordered::sort_by;
use crate::ui::canvas::geometry::Rect;
use crate::ui::canvas::route::CLEARANCE;

/// Between two lines side by side.
pub(super) const SPACING: f64 = 11.0;
/// No line comes nearer to a node than this.
const NARROWEST: f64 = 6.0;
/// A jog smaller than this looks like a mistake.
const SMALLEST_JOG: f64 = 30.0;

/// Which way a gutter may be shifted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    /// Behind the node it leaves.
    After,
    /// In front of the node it comes to.
    Before,
}

/// A stretch of a line: where it lies, and from where to where it runs.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Stretch {
    at: f64,
    from: f64,
    to: f64,
}

impl Stretch {
    fn new(at: f64, (one, other): (f64, f64)) -> Stretch {
        Stretch {
            at,
            from: one.min(other),
            to: one.max(other),
        }
    }

    /// Whether two lines would be taken for one.
    fn merges_with(self, other: Stretch) -> bool {
        self.from < other.to && other.from < self.to && (self.at - other.at).abs() < SPACING - 1.0
    }
}

/// The lanes and gutters taken so far.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Lanes {
    lanes: Vec<Stretch>,
    gutters: Vec<Stretch>,
}

impl Lanes {
    /// How many there are.
    pub fn taken(&self) -> usize {
        self.lanes.len() + self.gutters.len()
    }

    /// Takes the lane with the shortest way to it from `start` and `end`, along `span`, clear of `walls`.
    pub fn lane(&mut self, start: f64, end: f64, span: (f64, f64), walls: &[Rect]) -> f64 {
        let blocked = blocked(span, walls);
        let beside = |lane: f64| {
            (0..12).flat_map(move |step| {
                [
                    lane - f64::from(step) * SPACING,
                    lane + f64::from(step) * SPACING,
                ]
            })
        };
        let ends = blocked
            .iter()
            .flat_map(|&(from, to)| [from - CLEARANCE + NARROWEST, to + CLEARANCE - NARROWEST]);
        let candidates = ends
            .chain([f64::midpoint(start, end)])
            .flat_map(beside)
            .chain([start, end]);
        let is_free = |&lane: &f64| {
            let next = blocked.partition_point(|&(_, to)| to <= lane);
            let is_clear = blocked.get(next).is_none_or(|&(from, _)| lane <= from);
            is_clear && !self.is_taken(Stretch::new(lane, span))
        };
        let jog = |lane: f64, other: f64| {
            let jog = (lane - other).abs();
            if jog > 0.5 && jog < SMALLEST_JOG {
                60.0
            } else {
                jog
            }
        };
        let cost = |lane: f64| jog(lane, start) + jog(lane, end);
        // The cheapest is asked first; of many, few are ever asked.
        let mut places: Vec<f64> = Vec::new();
        let mut queue: BinaryHeap<Reverse<(u64, usize)>> = candidates
            .enumerate()
            .map(|(index, lane)| {
                places.push(lane);
                // No cost is below zero, so the bits are in the order of the numbers.
                Reverse((cost(lane).to_bits(), index))
            })
            .collect();
        let lane = std::iter::from_fn(|| queue.pop())
            .map(|Reverse((_, index))| places[index])
            .find(is_free)
            .unwrap_or(f64::midpoint(start, end));
        let place = self.lanes.partition_point(|taken| taken.at < lane);
        self.lanes.insert(place, Stretch::new(lane, span));
        lane
    }

    /// Whether a line runs there already; lanes are kept in order, so that only those near are asked.
    fn is_taken(&self, wanted: Stretch) -> bool {
        let first = self
            .lanes
            .partition_point(|taken| taken.at < wanted.at - SPACING);
        let near = self.lanes.iter().skip(first);
        near.take_while(|taken| taken.at < wanted.at + SPACING)
            .any(|taken| taken.merges_with(wanted))
    }

    /// Takes a gutter at `wanted`, or beside it where others run there already.
    pub fn gutter(&mut self, wanted: f64, side: Side, span: (f64, f64)) -> f64 {
        let step = match side {
            Side::After => SPACING,
            Side::Before => -SPACING,
        };
        let places = (0..6).map(|index| Stretch::new(wanted + f64::from(index) * step, span));
        let is_free = |place: &Stretch| !self.gutters.iter().any(|taken| taken.merges_with(*place));
        let place = places
            .clone()
            .find(is_free)
            .unwrap_or(Stretch::new(wanted, span));
        self.gutters.push(place);
        place.at
    }
}

/// Where along `span` something stands, in order and without overlaps.
fn blocked(span: (f64, f64), walls: &[Rect]) -> Vec<(f64, f64)> {
    let walls = walls
        .iter()
        .filter(|wall| wall.left < span.1 + 4.0 && span.0 - 4.0 < wall.right);
    let mut stretches: Vec<(f64, f64)> = walls
        .map(|wall| (wall.top - NARROWEST, wall.bottom + NARROWEST))
        .collect();
    sort_by(&mut stretches, |one, other| one.0.total_cmp(&other.0));
    let mut blocked: Vec<(f64, f64)> = Vec::new();
    for (from, to) in stretches {
        match blocked.last_mut() {
            Some(last) if from < last.1 => last.1 = last.1.max(to),
            Some(_) | None => blocked.push((from, to)),
        }
    }
    blocked
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_share_a_way_run_side_by_side() {
        let mut lanes = Lanes::default();
        let wall = [Rect::new(100.0, -50.0, 200.0, 50.0)];
        let first = lanes.lane(0.0, 0.0, (0.0, 300.0), &wall);
        let second = lanes.lane(0.0, 0.0, (0.0, 300.0), &wall);
        assert!(first.abs() >= 56.0 && second.abs() >= 56.0);
        assert!((first - second).abs() >= SPACING - 1.0);
        assert_eq!(lanes.gutter(10.0, Side::After, (0.0, 60.0)), 10.0);
        assert_eq!(lanes.gutter(10.0, Side::After, (0.0, 60.0)), 10.0 + SPACING);
        assert_eq!(lanes.gutter(10.0, Side::Before, (70.0, 90.0)), 10.0);
    }

    #[test]
    fn a_lane_goes_straight_on_rather_than_making_a_small_jog() {
        let mut lanes = Lanes::default();
        assert_eq!(lanes.lane(0.0, 12.0, (0.0, 300.0), &[]), 0.0);
    }
}
