//! Which states of a run are kept: many of the recent ones, few of the old ones.

use std::rc::Rc;

use crate::machine::Machine;

/// A state is kept whenever the steps since the last kept one have cost so much; a step costs one, and one an event.
const INTERVAL: usize = 512;

/// The way between two kept states may be this part of their age.
const WAY_PER_AGE: usize = 24;

/// What all kept states may weigh together; above it every other of the old ones goes, and ways become longer.
const WEIGHT: usize = 300_000;

/// A kept state.
#[derive(Clone, Debug)]
struct Kept<M> {
    /// How many steps led to it.
    index: usize,
    /// What those steps cost.
    cost: usize,
    weight: usize,
    state: Rc<M>,
}

/// Kept states by the number of steps that led to them; the first is the beginning.
#[derive(Clone, Debug)]
pub struct Snapshots<M> {
    kept: Vec<Kept<M>>,
    /// What all steps so far cost.
    cost: usize,
    weight: usize,
}

impl<M: Machine> Snapshots<M> {
    /// Only the beginning.
    pub fn new(origin: M) -> Snapshots<M> {
        let weight = origin.weight();
        let first = Kept {
            index: 0,
            cost: 0,
            weight,
            state: Rc::new(origin),
        };
        Snapshots {
            kept: vec![first],
            cost: 0,
            weight,
        }
    }

    /// Keeps `state`, reached by `index` steps of which the last cost `cost`, if it is time to, and lets some old ones go.
    pub fn offer(&mut self, index: usize, cost: usize, state: &M) {
        self.cost += cost;
        let last = self.kept.last().map_or(0, |kept| kept.cost);
        if self.cost - last < INTERVAL {
            return;
        }
        let weight = state.weight();
        self.kept.push(Kept {
            index,
            cost: self.cost,
            weight,
            state: Rc::new(state.clone()),
        });
        self.weight += weight;
        self.thin(WAY_PER_AGE);
        // Heavy states are kept farther apart, until they fit or only the beginning and the newest are left.
        let mut way_per_age = WAY_PER_AGE;
        while self.weight > WEIGHT && way_per_age > 1 {
            way_per_age /= 2;
            self.thin(way_per_age);
        }
    }

    /// The last kept state of at most `index` steps.
    pub fn at_or_before(&self, index: usize) -> (usize, &M) {
        let after = self.kept.partition_point(|kept| kept.index <= index);
        let kept = &self.kept[after - 1];
        (kept.index, &kept.state)
    }

    /// How many there are, and what they weigh.
    pub fn weight(&self) -> (usize, usize) {
        (self.kept.len(), self.weight)
    }

    /// Forgets what came after the first `index` steps.
    pub fn truncate(&mut self, index: usize) {
        self.kept.retain(|kept| kept.index <= index);
        self.weight = self.kept.iter().map(|kept| kept.weight).sum();
        self.cost = self.kept.last().map_or(0, |kept| kept.cost);
    }

    /// Lets a state go when the way between its neighbours is short enough for its age.
    fn thin(&mut self, way_per_age: usize) {
        let mut position = 1;
        while position + 1 < self.kept.len() {
            let way = self.kept[position + 1].cost - self.kept[position - 1].cost;
            let age = self.cost - self.kept[position].cost;
            if way * way_per_age <= age {
                self.weight -= self.kept.remove(position).weight;
            } else {
                position += 1;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::machine::{Input, SimTime};

    #[derive(Clone)]
    struct Counter(usize);

    impl Machine for Counter {
        type Command = ();
        type Event = ();
        fn step(&mut self, _: &Input<()>, _: &mut Vec<()>) {}
        fn next_deadline(&self) -> Option<SimTime> {
            None
        }
        fn tick() {}
        fn is_tick((): &()) -> bool {
            true
        }
        fn weight(&self) -> usize {
            self.0
        }
    }

    fn run(steps: usize, weight: usize) -> Snapshots<Counter> {
        let mut snapshots = Snapshots::new(Counter(weight));
        for index in 1..=steps {
            snapshots.offer(index, 1, &Counter(weight));
        }
        snapshots
    }

    #[test]
    fn old_states_are_kept_far_apart_and_recent_ones_close() {
        let steps = 100_000;
        let snapshots = run(steps, 1);
        assert!(snapshots.kept.len() < 150, "{}", snapshots.kept.len());
        let (recent, _) = snapshots.at_or_before(steps - 5_000);
        assert!(steps - 5_000 - recent < 2 * INTERVAL);
        let (old, _) = snapshots.at_or_before(20_000);
        assert!(20_000 - old <= steps / WAY_PER_AGE + INTERVAL);
        assert_eq!(snapshots.at_or_before(0).0, 0);
    }

    #[test]
    fn heavy_states_are_fewer() {
        let snapshots = run(100_000, 20_000);
        let (count, weight) = snapshots.weight();
        assert!(weight <= WEIGHT, "{weight}");
        assert!(count > 10, "{count}");
    }
}
