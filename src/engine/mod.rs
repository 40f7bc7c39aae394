//! The run: timeline, programs and playback; `submit` in, `advance` out.
//!
//! A page calls [`Engine::advance`] once per animation frame and draws the [`Update`] it gets. Everything that
//! happens is a step: one input (from a person, a client, a scenario, or the clock) with all the events it caused.

pub mod journey;
pub mod playback;
pub mod run;
pub mod update;
pub mod world;

pub use journey::{ExchangeVisit, Journey, JourneyEntry};
pub use run::Engine;
pub use update::{Cursor, StepRecord, Update};
pub use world::{ProgramCommand, ProgramEvent, World, WorldCommand, WorldEvent, WorldView};
