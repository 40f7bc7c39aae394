//! Everything that is recorded of one course of a run: the timeline, what is drawn from it, and where to find things.

use std::rc::Rc;

use crate::amqp::{self, Event, MessageId};
use crate::engine::moment::Moment;
use crate::engine::publications::Publications;
use crate::engine::series::Series;
use crate::engine::update::StepRecord;
use crate::engine::world::{WorldCommand, WorldEvent};
use crate::machine::{Input, Origin, SimTime};
use crate::timeline::{Log, Timeline};

/// One course of a run.
#[derive(Clone, Debug)]
pub struct Recording {
    timeline: Timeline<Moment>,
    series: Series,
    publications: Publications,
    /// The steps that the person took.
    by_hand: Log<usize>,
    /// How far the clock has come; never before the last step.
    end: SimTime,
}

impl Recording {
    /// Nothing has happened yet.
    pub fn new(config: amqp::Config) -> Recording {
        Recording {
            timeline: Timeline::new(Moment::new(config)),
            series: Series::new(),
            publications: Publications::new(),
            by_hand: Log::new(),
            end: SimTime::ZERO,
        }
    }

    /// The run itself.
    pub fn timeline(&self) -> &Timeline<Moment> {
        &self.timeline
    }

    /// The run over time.
    pub fn series(&self) -> &Series {
        &self.series
    }

    /// How many steps there are.
    pub fn len(&self) -> usize {
        self.timeline.len()
    }

    /// Whether nothing has happened yet.
    pub fn is_empty(&self) -> bool {
        self.timeline.is_empty()
    }

    /// How far the clock has come.
    pub fn end(&self) -> SimTime {
        self.end
    }

    /// The clock has come to `at`.
    pub fn reach(&mut self, at: SimTime) {
        self.end = self.end.max(at);
    }

    /// The step that published `message`.
    pub fn published(&self, message: MessageId) -> Option<usize> {
        self.publications.step(message)
    }

    /// The steps that the person took, oldest first.
    pub fn by_hand(&self) -> &Log<usize> {
        &self.by_hand
    }

    /// The person's last step among the first `index`.
    pub fn last_by_hand(&self, index: usize) -> Option<usize> {
        self.by_hand
            .iter()
            .rev()
            .copied()
            .find(|step| *step < index)
    }

    /// The person's first step from `index` on.
    pub fn next_by_hand(&self, index: usize) -> Option<usize> {
        let later = self.by_hand.iter().rev().take_while(|step| **step >= index);
        later.last().copied()
    }

    /// Carries `input` out and keeps it.
    pub fn push(&mut self, input: Input<WorldCommand>) -> StepRecord {
        let index = self.timeline.len();
        let (at, origin, command) = (input.at, input.origin, input.command.clone());
        self.series.pass(at, self.timeline.present());
        let events = self.timeline.push(input.clone());
        self.series
            .take(index, &input, &events, self.timeline.present());
        for event in events.iter() {
            if let WorldEvent::Broker(Event::Published { message, .. }) = event {
                self.publications.note(message.id, index);
            }
        }
        if origin == Origin::User {
            self.by_hand.push(index);
        }
        self.reach(at);
        StepRecord {
            index,
            at,
            origin,
            command,
            events,
            first_event: 0,
        }
    }

    /// One step, with its events.
    pub fn step(&self, index: usize) -> Option<StepRecord> {
        let input = self.timeline.inputs().get(index)?;
        Some(record(index, &input, &self.timeline.events(index)?))
    }

    /// The steps of `range`, with their events.
    pub fn steps(&self, range: std::ops::Range<usize>) -> Vec<StepRecord> {
        let mut steps = Vec::with_capacity(range.len());
        self.timeline.visit(range, |index, input, events| {
            steps.push(record(index, input, events));
        });
        steps
    }

    /// Another course with the same first `index` steps, at the time `now`.
    pub fn fork_at(&self, index: usize, now: SimTime) -> Recording {
        let mut fork = self.clone();
        fork.timeline.truncate(index);
        fork.publications.truncate(index);
        let by_hand = self.by_hand.iter().take_while(|step| **step < index);
        fork.by_hand.truncate(by_hand.count());
        fork.end = now.max(fork.timeline.time_at(index));
        let from = fork.series.truncate(index, fork.timeline.time_at(index));
        let mut walk = fork.timeline.walk_from(from);
        while let Some(input) = walk.ahead() {
            fork.series.pass(input.at, walk.state());
            if let Some((step, input, events)) = walk.step() {
                fork.series.take(step, &input, &events, walk.state());
            }
        }
        fork
    }
}

fn record(index: usize, input: &Input<WorldCommand>, events: &Rc<[WorldEvent]>) -> StepRecord {
    StepRecord {
        index,
        at: input.at,
        origin: input.origin,
        command: input.command.clone(),
        events: Rc::clone(events),
        first_event: 0,
    }
}
