//! What the engine gives a page once per animation frame.

use std::rc::Rc;

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
}

/// Where the run stands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cursor {
    pub now: SimTime,
    /// How many steps there are.
    pub index: usize,
    pub playing: bool,
    pub speed: f64,
    /// Nothing is due and nothing waits: without a person, nothing more will happen.
    pub at_end: bool,
}

/// The state after some steps, and those steps.
#[derive(Clone, Debug, PartialEq)]
pub struct Update {
    pub view: Rc<WorldView>,
    /// The steps since the last update, oldest first. After an undo, a redo or a load, see `rewritten`.
    pub steps: Vec<StepRecord>,
    pub cursor: Cursor,
    /// The past changed (undo, redo, load): `steps` are those from this index on, and what was known of this index
    /// and later is void. Nothing of it is to be animated.
    pub rewritten: Option<usize>,
}
