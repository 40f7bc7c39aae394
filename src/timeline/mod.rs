//! The run as a log of inputs with snapshots: any moment can be had again.
//!
//! Only what comes from outside (and the ticks of the clock) is kept; everything else is replayed from it. The events
//! of recent steps are kept because a page reads them often; those of older ones are made again when asked for.

mod snapshots;

use std::ops::Range;
use std::rc::Rc;

use crate::machine::{Input, Machine};
use snapshots::Snapshots;

/// How many events of recent steps are kept.
const REMEMBERED_EVENTS: usize = 50_000;

/// A run: every input since its beginning, and the state it led to.
#[derive(Clone, Debug)]
pub struct Timeline<M: Machine> {
    inputs: Vec<Input<M::Command>>,
    /// The events of each input; `None` where they were forgotten.
    events: Vec<Option<Rc<[M::Event]>>>,
    /// Every step before this one is forgotten.
    remembered_from: usize,
    remembered_events: usize,
    snapshots: Snapshots<M>,
    present: M,
}

impl<M: Machine> Timeline<M> {
    /// A run that begins with `origin`.
    pub fn new(origin: M) -> Timeline<M> {
        Timeline {
            inputs: Vec::new(),
            events: Vec::new(),
            remembered_from: 0,
            remembered_events: 0,
            snapshots: Snapshots::new(origin.clone()),
            present: origin,
        }
    }

    /// How many steps there are.
    pub fn len(&self) -> usize {
        self.inputs.len()
    }

    /// Whether nothing has happened yet.
    pub fn is_empty(&self) -> bool {
        self.inputs.is_empty()
    }

    /// Every input so far, oldest first.
    pub fn inputs(&self) -> &[Input<M::Command>] {
        &self.inputs
    }

    /// The state after the last step.
    pub fn present(&self) -> &M {
        &self.present
    }

    /// Carries `input` out and keeps it; returns what happened.
    pub fn push(&mut self, input: Input<M::Command>) -> Rc<[M::Event]> {
        let events = carry_out(&mut self.present, &input);
        self.inputs.push(input);
        self.remember(Rc::clone(&events));
        self.snapshots.offer(self.inputs.len(), &self.present);
        events
    }

    /// The state after the first `index` steps.
    pub fn state_at(&self, index: usize) -> M {
        if index >= self.inputs.len() {
            return self.present.clone();
        }
        let (from, snapshot) = self.snapshots.at_or_before(index);
        let mut state = snapshot.clone();
        let mut scratch = Vec::new();
        for input in &self.inputs[from..index] {
            state.step(input, &mut scratch);
            scratch.clear();
        }
        state
    }

    /// The events of one step; none if there is no such step.
    pub fn events(&self, index: usize) -> Option<Rc<[M::Event]>> {
        let known = self.events.get(index)?;
        if let Some(events) = known {
            return Some(Rc::clone(events));
        }
        let mut state = self.state_at(index);
        Some(carry_out(&mut state, &self.inputs[index]))
    }

    /// Visits the steps of `range` with their events, oldest first, replaying at most once.
    pub fn visit(
        &self,
        range: Range<usize>,
        mut visitor: impl FnMut(usize, &Input<M::Command>, &[M::Event]),
    ) {
        let end = range.end.min(self.inputs.len());
        let forgotten = range.start..end.min(self.remembered_from);
        if !forgotten.is_empty() {
            let mut state = self.state_at(forgotten.start);
            for index in forgotten {
                let events = carry_out(&mut state, &self.inputs[index]);
                visitor(index, &self.inputs[index], &events);
            }
        }
        for index in range.start.max(self.remembered_from)..end {
            if let Some(events) = &self.events[index] {
                visitor(index, &self.inputs[index], events);
            }
        }
    }

    /// Another run with the same first `index` steps.
    pub fn fork_at(&self, index: usize) -> Timeline<M> {
        let mut fork = self.clone();
        fork.truncate(index);
        fork
    }

    /// Back to the state after the first `index` steps; returns the inputs that came later, oldest first.
    pub fn truncate(&mut self, index: usize) -> Vec<Input<M::Command>> {
        if index >= self.inputs.len() {
            return Vec::new();
        }
        self.present = self.state_at(index);
        for events in self.events.drain(index..).flatten() {
            self.remembered_events -= events.len();
        }
        self.remembered_from = self.remembered_from.min(index);
        self.snapshots.truncate(index);
        self.inputs.split_off(index)
    }

    fn remember(&mut self, events: Rc<[M::Event]>) {
        self.remembered_events += events.len();
        self.events.push(Some(events));
        let last = self.events.len() - 1;
        while self.remembered_events > REMEMBERED_EVENTS && self.remembered_from < last {
            if let Some(old) = self.events[self.remembered_from].take() {
                self.remembered_events -= old.len();
            }
            self.remembered_from += 1;
        }
    }
}

fn carry_out<M: Machine>(state: &mut M, input: &Input<M::Command>) -> Rc<[M::Event]> {
    let mut events = Vec::new();
    state.step(input, &mut events);
    events.into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::machine::{Origin, Rng, SimTime};

    /// A machine whose every state differs from the one before, and that says what it added.
    #[derive(Clone, Debug, PartialEq)]
    struct Adder {
        sum: u64,
        rng: Rng,
    }

    impl Machine for Adder {
        type Command = u64;
        type Event = u64;

        fn step(&mut self, input: &Input<u64>, out: &mut Vec<u64>) {
            let drawn = self.rng.below(1000);
            self.sum = self.sum.wrapping_mul(31) + input.command + drawn + input.at.as_ms();
            out.extend([drawn, self.sum]);
        }

        fn next_deadline(&self) -> Option<SimTime> {
            None
        }

        fn tick() -> u64 {
            0
        }
    }

    fn run(steps: u64) -> (Timeline<Adder>, Vec<Adder>, Vec<Rc<[u64]>>) {
        let origin = Adder {
            sum: 1,
            rng: Rng::new(9),
        };
        let mut timeline = Timeline::new(origin.clone());
        let mut states = vec![origin];
        let mut events = Vec::new();
        for n in 0..steps {
            let input = Input {
                at: SimTime(n * 3),
                origin: Origin::Api,
                command: n * 7,
            };
            events.push(timeline.push(input));
            states.push(timeline.present().clone());
        }
        (timeline, states, events)
    }

    #[test]
    fn every_moment_of_a_run_can_be_had_again() {
        let (timeline, states, events) = run(3_000);
        for (index, state) in states.iter().enumerate() {
            assert_eq!(timeline.state_at(index), *state, "after {index} steps");
        }
        assert_eq!(timeline.events(0).as_deref(), Some(&*events[0]));
        assert_eq!(timeline.events(3_000), None);
    }

    #[test]
    fn forgotten_events_are_made_again() {
        let steps = REMEMBERED_EVENTS as u64;
        let (timeline, _, events) = run(steps);
        assert!(timeline.remembered_from > 0);
        assert_eq!(timeline.events(17).as_deref(), Some(&*events[17]));
        let mut seen = Vec::new();
        let range = timeline.remembered_from - 2..timeline.remembered_from + 2;
        timeline.visit(range.clone(), |index, _, events| {
            seen.push((index, events.to_vec()));
        });
        let expected: Vec<_> = range.map(|i| (i, events[i].to_vec())).collect();
        assert_eq!(seen, expected);
    }

    #[test]
    fn a_fork_goes_its_own_way_and_leaves_the_run_alone() {
        let (timeline, states, _) = run(700);
        let mut fork = timeline.fork_at(300);
        assert_eq!(fork.present(), &states[300]);
        fork.push(Input {
            at: SimTime(2_000),
            origin: Origin::User,
            command: 1,
        });
        assert_eq!(fork.len(), 301);
        assert_ne!(fork.present(), &states[301]);
        assert_eq!(timeline.present(), &states[700]);
    }

    #[test]
    fn what_was_cut_off_can_be_pushed_again() {
        let (mut timeline, states, _) = run(500);
        let tail = timeline.truncate(123);
        assert_eq!((timeline.len(), tail.len()), (123, 377));
        for input in tail {
            timeline.push(input);
        }
        assert_eq!(timeline.present(), &states[500]);
    }
}
