//! Inside a step: event by event through what one command caused.
//!
//! A command is whole: it is carried out and recorded as one step. Who goes event by event stands in the past, before
//! that step, and sees as much of its effects as the events say so far; to do something there lets the rest happen first.

mod broker;
mod copies;
mod programs;

use std::rc::Rc;

use crate::amqp::{Gauge, QueueId};
use crate::engine::run::Engine;
use crate::engine::tally::Tally;
use crate::engine::travel::Past;
use crate::engine::update::{StepRecord, Update};
use crate::engine::world::{WorldEvent, WorldView};

/// How many steps that caused nothing are passed by at once.
const SILENT: usize = 10_000;

/// How far into a step one is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Within {
    /// So many of its events have happened.
    pub done: usize,
    /// And so many it has.
    pub of: usize,
}

/// A place inside a step: some of its events have happened, some have not.
#[derive(Debug)]
pub(super) struct Between {
    step: StepRecord,
    done: usize,
    before: Rc<WorldView>,
    after: Rc<WorldView>,
}

impl Between {
    /// How far into the step.
    pub fn within(&self) -> Within {
        Within {
            done: self.done,
            of: self.step.events.len(),
        }
    }

    /// As much of the step as has happened.
    pub fn happened(&self) -> StepRecord {
        self.step.part(0..self.done)
    }

    /// What is left of the step.
    pub fn rest(&self) -> StepRecord {
        self.step.part(self.done..self.step.events.len())
    }

    /// The picture in between.
    pub fn view(&self) -> WorldView {
        picture(&self.before, &self.after, &self.step.events, self.done)
    }

    /// The numbers in between, from those `before` the step.
    pub fn tally(&self, before: &Tally, view: &WorldView) -> Tally {
        let mut tally = before.clone();
        let events = self.step.events.iter().take(self.done);
        let gauge = |queue: &QueueId| gauge(view, queue);
        tally.take(
            self.step.at,
            events.filter_map(WorldEvent::of_broker),
            &gauge,
        );
        tally
    }
}

/// What one would see after the first `done` of `events`, which lead from `before` to `after`. After all of them it is
/// what is there `after` the step, but for what no event tells of.
pub fn picture(
    before: &WorldView,
    after: &WorldView,
    events: &[WorldEvent],
    done: usize,
) -> WorldView {
    let mut view = before.clone();
    let broker = Rc::make_mut(&mut view.broker);
    broker.now = after.broker.now;
    let told = broker::Told {
        before: &before.broker,
        after: &after.broker,
        events,
    };
    for (place, event) in events.iter().take(done).enumerate() {
        if let WorldEvent::Broker(event) = event {
            told.happens(broker, place, event);
        }
    }
    for event in events.iter().take(done) {
        programs::happens(&mut view, after, event);
    }
    view
}

/// How full a queue is in a picture.
fn gauge(view: &WorldView, queue: &QueueId) -> Option<Gauge> {
    let queue = view.broker.queues.iter().find(|it| it.id == *queue)?;
    let published = queue.head.iter().map(|ready| ready.message.published_at);
    Some(Gauge {
        ready: queue.ready,
        unacked: queue.unacked,
        oldest: published.min(),
        is_stream: queue.kind == crate::amqp::view::QueueKind::Stream,
    })
}

impl Engine {
    /// How far into a step the run stands, if it is inside one.
    pub fn within(&self) -> Option<Within> {
        self.between.as_ref().map(Between::within)
    }

    /// The step one is inside of, whole.
    pub fn step_around(&self) -> Option<&StepRecord> {
        self.between.as_ref().map(|between| &between.step)
    }

    /// The next event, at its own time, paused.
    pub fn step_event(&mut self) -> Update {
        self.pause();
        let mut steps = Vec::new();
        if let Some(between) = &mut self.between {
            let done = between.done;
            if done + 1 < between.step.events.len() {
                between.done += 1;
                steps.push(between.step.part(done..done + 1));
                self.view.replace(None);
            } else {
                steps.extend(self.repeat_one());
            }
            return self.update(steps, None);
        }
        for _ in 0..SILENT {
            let before = self.present().clone();
            let Some(step) = self.next_step() else {
                break;
            };
            let count = step.events.len();
            if count > 1 {
                steps.push(step.part(0..1));
                self.go_into(step, before, 1);
                break;
            }
            steps.push(step);
            if count == 1 {
                break;
            }
        }
        self.update(steps, None)
    }

    fn next_step(&mut self) -> Option<StepRecord> {
        match self.inbox.pop_front() {
            Some((origin, command)) => Some(self.record(origin, command)),
            None => self.one_ahead(),
        }
    }

    /// To before the event that happened last; none at the beginning.
    pub fn back_event(&mut self) -> Option<Update> {
        if let Some(between) = &self.between {
            let (index, done) = (between.step.index, between.done - 1);
            return Some(self.seek_event(index, done));
        }
        let first = self.first_index();
        let mut index = self.index();
        while index > first {
            index -= 1;
            let events = self.timeline().events(index).map_or(0, |it| it.len());
            if events > 0 {
                return Some(self.seek_event(index, events - 1));
            }
        }
        (index < self.index()).then(|| self.seek(index))
    }

    /// To the moment after the first `index` steps and `done` events of the next, paused.
    pub fn seek_event(&mut self, index: usize, done: usize) -> Update {
        let step = self
            .step(index)
            .filter(|it| (1..it.events.len()).contains(&done));
        let Some(step) = step else {
            return self.seek(index);
        };
        let from = self.index().min(index);
        self.seek(index);
        let before = self.present().clone();
        self.playback.set_now_ms(step.at.as_ms());
        self.go_into(step, before, done);
        self.jumped(from)
    }

    /// Stands inside `step`, which `before` leads to.
    fn go_into(&mut self, step: StepRecord, before: super::Moment, done: usize) {
        let mut after = before.clone();
        let input = self.timeline().inputs().get(step.index);
        if let Some(input) = input {
            crate::machine::Machine::step(&mut after, &input, &mut Vec::new());
        }
        self.between = Some(Between {
            done,
            before: Rc::new(before.view()),
            after: Rc::new(after.view()),
            step,
        });
        let (index, undone) = match &self.between {
            Some(between) => (between.step.index, self.is_undone()),
            None => return,
        };
        self.past = Some(Past {
            index,
            state: before,
            undone,
        });
        self.view.replace(None);
    }
}
