//! What the engine gives a page once per animation frame.

use std::rc::Rc;

use crate::engine::between::Within;
use crate::engine::tally::Tally;
use crate::engine::world::{WorldCommand, WorldEvent, WorldView};
use crate::machine::{Origin, SimTime};

/// One command with the events it caused.
#[derive(Clone, Debug, PartialEq)]
pub struct StepRecord {
    /// Its place in the run, counted from 0.
    pub index: usize,
    pub at: SimTime,
    pub origin: Origin,
    pub command: WorldCommand,
    pub events: Rc<[WorldEvent]>,
    /// So many events of the step come before these: more than none where one goes event by event.
    pub first_event: usize,
}

impl StepRecord {
    /// Some of the events of a whole step.
    pub(super) fn part(&self, range: std::ops::Range<usize>) -> StepRecord {
        StepRecord {
            first_event: range.start,
            events: self.events.get(range).unwrap_or_default().into(),
            ..self.clone()
        }
    }
}

/// Where the run stands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cursor {
    pub now: SimTime,
    /// How many steps led to here.
    pub index: usize,
    /// How many steps are recorded: more than `index` in the past.
    pub recorded: usize,
    /// How far the clock has come in what is recorded.
    pub end: SimTime,
    pub playing: bool,
    pub speed: f64,
    /// Nothing is due and nothing waits: without a person, nothing more will happen.
    pub at_end: bool,
    /// How far into the next step, where one goes event by event.
    pub within: Option<Within>,
}

/// The state after some steps, and those steps.
#[derive(Clone, Debug, PartialEq)]
pub struct Update {
    pub view: Rc<WorldView>,
    /// The steps since the last update, oldest first. After a jump, see `rewritten`.
    pub steps: Vec<StepRecord>,
    pub cursor: Cursor,
    /// The numbers up to here.
    pub tally: Rc<Tally>,
    /// A jump (to another moment, branch or run): what was known of this index and later is void, and `steps` are the
    /// last of those that hold from it on. Nothing of it is to be animated.
    pub rewritten: Option<usize>,
}
