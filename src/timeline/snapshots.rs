//! Which states of a run are kept: many of the recent ones, few of the old ones.

use crate::machine::Machine;

/// A state is kept every so many steps.
const INTERVAL: usize = 128;

/// The gap between two kept states may be this part of their age.
const GAP_PER_AGE: usize = 32;

/// Kept states by the number of steps that led to them; the first is the beginning.
#[derive(Clone, Debug)]
pub struct Snapshots<M> {
    kept: Vec<(usize, M)>,
}

impl<M: Machine> Snapshots<M> {
    /// Only the beginning.
    pub fn new(origin: M) -> Snapshots<M> {
        Snapshots {
            kept: vec![(0, origin)],
        }
    }

    /// Keeps `state`, reached by `index` steps, if it is time to, and lets some old ones go.
    pub fn offer(&mut self, index: usize, state: &M) {
        if !index.is_multiple_of(INTERVAL) {
            return;
        }
        self.kept.push((index, state.clone()));
        self.thin(index);
    }

    /// The last kept state of at most `index` steps.
    pub fn at_or_before(&self, index: usize) -> (usize, &M) {
        let after = self.kept.partition_point(|(at, _)| *at <= index);
        let (at, state) = &self.kept[after - 1];
        (*at, state)
    }

    /// Forgets what came after the first `index` steps.
    pub fn truncate(&mut self, index: usize) {
        self.kept.retain(|(at, _)| *at <= index);
    }

    /// Lets a state go when its neighbours are close enough for its age.
    fn thin(&mut self, newest: usize) {
        let mut position = 1;
        while position + 1 < self.kept.len() {
            let gap = self.kept[position + 1].0 - self.kept[position - 1].0;
            let age = newest - self.kept[position].0;
            if gap * GAP_PER_AGE <= age {
                self.kept.remove(position);
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
    struct Counter;

    impl Machine for Counter {
        type Command = ();
        type Event = ();
        fn step(&mut self, _: &Input<()>, _: &mut Vec<()>) {}
        fn next_deadline(&self) -> Option<SimTime> {
            None
        }
        fn tick() {}
    }

    #[test]
    fn old_states_are_kept_far_apart_and_recent_ones_close() {
        let mut snapshots = Snapshots::new(Counter);
        let steps = 100_000;
        for index in 1..=steps {
            snapshots.offer(index, &Counter);
        }
        assert!(snapshots.kept.len() < 250, "{}", snapshots.kept.len());
        let (recent, _) = snapshots.at_or_before(steps - 1_000);
        assert!(steps - 1_000 - recent < 2 * INTERVAL);
        let (old, _) = snapshots.at_or_before(20_000);
        assert!(20_000 - old <= steps / GAP_PER_AGE + INTERVAL);
        assert_eq!(snapshots.at_or_before(0).0, 0);
    }
}
