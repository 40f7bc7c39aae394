//! Free ways around nodes: lanes run with the flow, gutters across it, and no two lines lie on each other.

use crate::ordered::sort_by;
use crate::ui::canvas::geometry::Rect;
use crate::ui::canvas::route::CLEARANCE;

/// Between two lines side by side.
pub(super) const SPACING: f64 = 11.0;
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
#[derive(Clone, Copy, Debug)]
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
#[derive(Debug, Default)]
pub(super) struct Lanes {
    lanes: Vec<Stretch>,
    gutters: Vec<Stretch>,
}

impl Lanes {
    /// Takes the lane with the shortest way to it from `start` and `end`, along `span`, clear of `walls`.
    pub fn lane(&mut self, start: f64, end: f64, span: (f64, f64), walls: &[Rect]) -> f64 {
        let walls: Vec<&Rect> = walls
            .iter()
            .filter(|wall| wall.left < span.1 + 4.0 && span.0 - 4.0 < wall.right)
            .collect();
        let beside = |lane: f64| {
            (0..12).flat_map(move |step| {
                [
                    lane - f64::from(step) * SPACING,
                    lane + f64::from(step) * SPACING,
                ]
            })
        };
        let candidates = walls
            .iter()
            .flat_map(|wall| [wall.top - CLEARANCE, wall.bottom + CLEARANCE])
            .chain([f64::midpoint(start, end)])
            .flat_map(beside)
            .chain([start, end]);
        let is_free = |&lane: &f64| {
            let clear = walls
                .iter()
                .all(|wall| lane <= wall.top - 6.0 || lane >= wall.bottom + 6.0);
            clear
                && !self
                    .lanes
                    .iter()
                    .any(|taken| taken.merges_with(Stretch::new(lane, span)))
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
        // Asking whether a lane is free is dear, so the cheapest is asked first.
        let mut candidates: Vec<f64> = candidates.collect();
        sort_by(&mut candidates, |&a, &b| cost(a).total_cmp(&cost(b)));
        let lane = candidates
            .into_iter()
            .find(is_free)
            .unwrap_or(f64::midpoint(start, end));
        self.lanes.push(Stretch::new(lane, span));
        lane
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
