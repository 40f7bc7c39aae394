//! The run as a log of inputs with snapshots: any moment can be had again.
//!
//! Only what comes from outside (and the ticks of the clock) is kept; everything else is replayed from it. The events
//! of recent steps are kept because a page reads them often; those of older ones are made again when asked for.

mod inputs;
mod log;
mod recent;
mod snapshots;

use std::ops::Range;
use std::rc::Rc;

use crate::machine::{Input, Machine, SimTime};
pub use inputs::Inputs;
pub use log::Log;
use recent::Recent;
use snapshots::Snapshots;

/// A run: every input since its beginning, and the state it led to. A copy shares the inputs, events and states that
/// both have.
#[derive(Clone, Debug)]
pub struct Timeline<M: Machine> {
    inputs: Inputs<M>,
    recent: Recent<M::Event>,
    snapshots: Snapshots<M>,
    present: M,
}

impl<M: Machine> Timeline<M> {
    /// A run that begins with `origin`.
    pub fn new(origin: M) -> Timeline<M> {
        Timeline {
            inputs: Inputs::new(),
            recent: Recent::new(),
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
    pub fn inputs(&self) -> &Inputs<M> {
        &self.inputs
    }

    /// When the last of the first `index` steps happened; the beginning of time if there is none.
    pub fn time_at(&self, index: usize) -> SimTime {
        let last = index.checked_sub(1).and_then(|last| self.inputs.time(last));
        last.unwrap_or(SimTime::ZERO)
    }

    /// How many steps have happened by `time`, those of that very moment included.
    pub fn index_at(&self, time: SimTime) -> usize {
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = usize::midpoint(low, high);
            match self.inputs.time(middle) {
                Some(at) if at <= time => low = middle + 1,
                Some(_) | None => high = middle,
            }
        }
        low
    }

    /// The state after the last step.
    pub fn present(&self) -> &M {
        &self.present
    }

    /// How many states are kept, and what they weigh together.
    pub fn kept_states(&self) -> (usize, usize) {
        self.snapshots.weight()
    }

    /// Carries `input` out and keeps it; returns what happened.
    pub fn push(&mut self, input: Input<M::Command>) -> Rc<[M::Event]> {
        let events = carry_out(&mut self.present, &input);
        self.inputs.push(input);
        self.recent.push(Rc::clone(&events));
        let cost = 1 + events.len();
        self.snapshots.offer(self.inputs.len(), cost, &self.present);
        events
    }

    /// The state after the first `index` steps.
    pub fn state_at(&self, index: usize) -> M {
        if index >= self.inputs.len() {
            return self.present.clone();
        }
        let (from, snapshot) = self.snapshots.at_or_before(index);
        let mut state = snapshot.clone();
        self.replay(&mut state, from..index);
        state
    }

    /// The state after the first `index` steps, from `near`, the state after the first `from`, if that is the shorter
    /// way.
    pub fn state_from(&self, near: &M, from: usize, index: usize) -> M {
        let (kept, _) = self.snapshots.at_or_before(index);
        if index >= self.inputs.len() || from > index || from < kept {
            return self.state_at(index);
        }
        let mut state = near.clone();
        self.replay(&mut state, from..index);
        state
    }

    fn replay(&self, state: &mut M, range: Range<usize>) {
        let mut scratch = Vec::new();
        for index in range {
            let Some(input) = self.inputs.get(index) else {
                return;
            };
            state.step(&input, &mut scratch);
            scratch.clear();
        }
    }

    /// The events of one step; none if there is no such step.
    pub fn events(&self, index: usize) -> Option<Rc<[M::Event]>> {
        if let Some(events) = self.recent.get(index) {
            return Some(Rc::clone(events));
        }
        let input = self.inputs.get(index)?;
        Some(carry_out(&mut self.state_at(index), &input))
    }

    /// Visits the steps of `range` with their events, oldest first, replaying at most once.
    pub fn visit(
        &self,
        range: Range<usize>,
        mut visitor: impl FnMut(usize, &Input<M::Command>, &Rc<[M::Event]>),
    ) {
        let end = range.end.min(self.inputs.len());
        let forgotten = range.start..end.min(self.recent.first());
        if !forgotten.is_empty() {
            let mut walk = self.walk_from(forgotten.start);
            while walk.index < forgotten.end
                && let Some((index, input, events)) = walk.step()
            {
                visitor(index, &input, &events);
            }
        }
        for index in range.start.max(self.recent.first())..end {
            if let (Some(events), Some(input)) = (self.recent.get(index), self.inputs.get(index)) {
                visitor(index, &input, events);
            }
        }
    }

    /// A walk through the run again, from the state after the first `index` steps.
    pub fn walk_from(&self, index: usize) -> Walk<'_, M> {
        Walk {
            inputs: &self.inputs,
            state: self.state_at(index),
            index,
        }
    }

    /// Another run with the same first `index` steps.
    pub fn fork_at(&self, index: usize) -> Timeline<M> {
        let mut fork = self.clone();
        fork.truncate(index);
        fork
    }

    /// How many steps two runs have in common, if one is a fork of the other or both are forks of a third: the steps
    /// up to the first that differs.
    pub fn common_with(&self, other: &Timeline<M>) -> usize
    where
        M::Command: PartialEq,
    {
        self.inputs.common_with(&other.inputs)
    }

    /// Back to the state after the first `index` steps; what came later is gone.
    pub fn truncate(&mut self, index: usize) {
        if index >= self.inputs.len() {
            return;
        }
        self.present = self.state_at(index);
        self.recent.truncate(index);
        self.inputs.truncate(index);
        self.snapshots.truncate(index);
    }
}

/// A walk through a run, step by step.
#[derive(Debug)]
pub struct Walk<'a, M: Machine> {
    inputs: &'a Inputs<M>,
    state: M,
    index: usize,
}

/// A step of a walk: its place, its input, its events.
pub type Walked<M> = (
    usize,
    Input<<M as Machine>::Command>,
    Rc<[<M as Machine>::Event]>,
);

impl<M: Machine> Walk<'_, M> {
    /// How many steps led to where the walk is.
    pub fn index(&self) -> usize {
        self.index
    }

    /// The state where the walk is.
    pub fn state(&self) -> &M {
        &self.state
    }

    /// The next input.
    pub fn ahead(&self) -> Option<Input<M::Command>> {
        self.inputs.get(self.index)
    }

    /// Goes one step.
    pub fn step(&mut self) -> Option<Walked<M>> {
        let input = self.inputs.get(self.index)?;
        let events = carry_out(&mut self.state, &input);
        self.index += 1;
        Some((self.index - 1, input, events))
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

        fn is_tick(command: &u64) -> bool {
            *command == 0
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
                origin: if n % 2 == 0 {
                    Origin::Clock
                } else {
                    Origin::Api
                },
                command: if n % 3 == 0 { 0 } else { n * 7 },
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
        let steps = recent::KEPT_EVENTS as u64;
        let (timeline, _, events) = run(steps);
        assert!(timeline.recent.first() > 0);
        assert_eq!(timeline.events(17).as_deref(), Some(&*events[17]));
        let mut seen = Vec::new();
        let range = timeline.recent.first() - 2..timeline.recent.first() + 2;
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
        let tail: Vec<_> = timeline.inputs().iter().skip(123).collect();
        timeline.truncate(123);
        assert_eq!((timeline.len(), tail.len()), (123, 377));
        for input in tail {
            timeline.push(input);
        }
        assert_eq!(timeline.present(), &states[500]);
    }

    #[test]
    fn a_time_leads_to_the_steps_that_have_happened_by_then() {
        let (timeline, ..) = run(100);
        assert_eq!(timeline.index_at(SimTime(0)), 1);
        assert_eq!(timeline.index_at(SimTime(2)), 1);
        assert_eq!(timeline.index_at(SimTime(3)), 2);
        assert_eq!(timeline.index_at(SimTime(9_999)), 100);
        assert_eq!(timeline.time_at(0), SimTime::ZERO);
        assert_eq!(timeline.time_at(100), SimTime(297));
    }

    #[test]
    fn a_state_near_by_saves_the_way() {
        let (timeline, states, _) = run(3_000);
        for (from, to) in [(10, 12), (10, 10), (12, 10), (5, 2_999), (2_998, 2_999)] {
            assert_eq!(timeline.state_from(&states[from], from, to), states[to]);
        }
    }

    #[test]
    fn a_walk_shows_the_state_after_each_step() {
        let (timeline, states, events) = run(400);
        let mut walk = timeline.walk_from(100);
        let mut seen = 0;
        while let Some((index, _, told)) = walk.step() {
            assert_eq!((walk.state(), &told), (&states[index + 1], &events[index]));
            seen += 1;
        }
        assert_eq!(seen, 300);
    }

    #[test]
    fn runs_know_what_they_have_in_common() {
        let (timeline, ..) = run(700);
        let mut fork = timeline.fork_at(300);
        assert_eq!(fork.common_with(&timeline), 300);
        fork.push(Input {
            at: SimTime(2_000),
            origin: Origin::User,
            command: 1,
        });
        assert_eq!(timeline.common_with(&fork), 300);
    }
}
