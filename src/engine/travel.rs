//! Going through time: to any step or moment that is recorded, and back to before what the person did last.
//!
//! Nothing is lost by going back. What is recorded happens again when time passes; doing something there begins a
//! branch.

use crate::engine::moment::Moment;
use crate::engine::run::Engine;
use crate::engine::update::{StepRecord, Update};
use crate::engine::world::WorldCommand;
use crate::machine::{Machine, Origin, SimTime};

/// Somewhere before the end of what is recorded.
#[derive(Debug)]
pub struct Past {
    /// How many steps led there.
    pub index: usize,
    pub state: Moment,
    /// It was reached by taking something back: that is not to happen again by itself.
    pub undone: bool,
}

/// A place in a branch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    pub index: usize,
    pub now: SimTime,
}

/// Something that the person did.
#[derive(Clone, Debug, PartialEq)]
pub struct Deed {
    /// The step it was.
    pub step: usize,
    pub at: SimTime,
    pub command: WorldCommand,
}

impl Engine {
    /// Whether there are recorded steps after this moment.
    pub fn is_in_past(&self) -> bool {
        self.past.is_some()
    }

    /// Whether the present moment was reached by taking something back.
    pub fn is_undone(&self) -> bool {
        self.past.as_ref().is_some_and(|past| past.undone)
    }

    /// How many steps set the scenario up: the run begins after them.
    pub fn first_index(&self) -> usize {
        let inputs = self.timeline().inputs().iter();
        inputs
            .take_while(|input| input.origin == Origin::Scenario)
            .count()
    }

    /// To the moment after the first `index` steps, paused; nothing is lost.
    pub fn seek(&mut self, index: usize) -> Update {
        let index = index.min(self.recording().len());
        let now = if index == self.recording().len() {
            self.recording().end()
        } else {
            self.timeline().time_at(index)
        };
        self.undone.clear();
        self.travel(Place { index, now })
    }

    /// To a time, paused: what happened at that very moment has happened.
    pub fn seek_time(&mut self, at: SimTime) -> Update {
        let now = at.min(self.recording().end());
        // Before its first step a run is set up and nothing more.
        let index = self.timeline().index_at(now).max(self.first_index());
        self.undone.clear();
        self.travel(Place { index, now })
    }

    /// One step back, or to the beginning of the step one is inside of; none at the beginning.
    pub fn step_back(&mut self) -> Option<Update> {
        let index = self.reach();
        (index > self.first_index()).then(|| self.seek(index - 1))
    }

    /// What the person did in this branch, at most `limit` of the latest; those not before the present moment are
    /// yet to come.
    pub fn deeds(&self, limit: usize) -> Vec<Deed> {
        let by_hand = self.recording().by_hand();
        let surplus = by_hand.len().saturating_sub(limit);
        let steps = by_hand.iter().skip(surplus);
        let deed = |step: &usize| {
            let input = self.timeline().inputs().get(*step)?;
            Some(Deed {
                step: *step,
                at: input.at,
                command: input.command.clone(),
            })
        };
        steps.filter_map(deed).collect()
    }

    /// The user's step that undo would take back.
    pub fn undo_at(&self) -> Option<usize> {
        self.recording().last_by_hand(self.reach())
    }

    /// Whether there is a user's step to take back.
    pub fn can_undo(&self) -> bool {
        self.undo_at().is_some()
    }

    /// How many steps have begun by now.
    fn reach(&self) -> usize {
        self.index() + usize::from(self.between.is_some())
    }

    /// Whether there is something that was taken back, or a user's step ahead.
    pub fn can_redo(&self) -> bool {
        !self.undone.is_empty() || self.recording().next_by_hand(self.reach()).is_some()
    }

    /// Back to before the last user's step, and pauses. What came after stays recorded; when time passes from here on,
    /// it does not happen again but becomes a branch of its own.
    pub fn undo(&mut self) -> Option<Update> {
        let step = self.undo_at()?;
        let input = self.timeline().inputs().get(step)?;
        let now = input.at;
        let from = self.place();
        self.undone.push(from);
        let update = self.travel(Place { index: step, now });
        if let Some(past) = &mut self.past {
            past.undone = true;
        }
        Some(update)
    }

    /// To where the last undo came from; without one, to after the user's next recorded step.
    pub fn redo(&mut self) -> Option<Update> {
        let place = match self.undone.pop() {
            Some(place) => place,
            None => {
                let step = self.recording().next_by_hand(self.reach())?;
                Place {
                    index: step + 1,
                    now: self.timeline().time_at(step + 1),
                }
            }
        };
        let update = self.travel(place);
        if !self.undone.is_empty()
            && let Some(past) = &mut self.past
        {
            past.undone = true;
        }
        Some(update)
    }

    pub(super) fn place(&self) -> Place {
        Place {
            index: self.index(),
            now: SimTime(self.playback.now_ms()),
        }
    }

    /// To a place in the current branch, paused.
    pub(super) fn travel(&mut self, to: Place) -> Update {
        let from = self.index();
        self.stand(to);
        self.jumped(from.min(to.index))
    }

    /// Stands at a place of the current branch from now on.
    pub(super) fn stand(&mut self, to: Place) {
        self.playback.set_playing(false);
        self.playback.set_now_ms(to.now.as_ms());
        self.inbox.clear();
        self.until = None;
        self.between = None;
        self.view.replace(None);
        let timeline = self.branches.recording().timeline();
        let past = self.past.take();
        if to.index < timeline.len() {
            let state = match past {
                Some(past) => timeline.state_from(&past.state, past.index, to.index),
                None => timeline.state_at(to.index),
            };
            self.past = Some(Past {
                index: to.index,
                state,
                undone: false,
            });
        }
    }

    /// What is recorded next happens again. Not what was taken back: there a branch begins.
    pub(super) fn repeat_one(&mut self) -> Option<StepRecord> {
        let past = self.past.as_mut()?;
        let timeline = self.branches.recording().timeline();
        let input = timeline.inputs().get(past.index)?;
        if past.undone && input.origin == Origin::User {
            let now = SimTime(self.playback.now_ms()).min(input.at);
            self.fork(now);
            return None;
        }
        let mut events = Vec::new();
        past.state.step(&input, &mut events);
        let step = StepRecord {
            index: past.index,
            at: input.at,
            origin: input.origin,
            command: input.command.clone(),
            events: events.into(),
            first_event: 0,
        };
        past.index += 1;
        if past.index == timeline.len() {
            self.past = None;
        }
        self.view.replace(None);
        match self.between.take() {
            Some(between) => Some(between.rest()),
            None => Some(step),
        }
    }

    /// What is left of the step one is inside of happens.
    pub(super) fn finish_step(&mut self) -> Option<StepRecord> {
        self.between.as_ref()?;
        self.repeat_one()
    }

    /// What is recorded happens again, up to `target`.
    pub(super) fn repeat_up_to(
        &mut self,
        target: SimTime,
        steps: &mut Vec<StepRecord>,
        left: &mut usize,
    ) {
        while let Some(past) = &self.past {
            let next = self.timeline().inputs().get(past.index);
            let Some(at) = next.map(|input| input.at).filter(|at| *at <= target) else {
                return;
            };
            if *left == 0 {
                self.playback.set_now_ms(at.as_ms());
                return;
            }
            let Some(step) = self.repeat_one() else {
                return;
            };
            *left = left.saturating_sub(1 + step.events.len());
            steps.push(step);
        }
    }
}
