//! The run: timeline, programs and playback; `submit` in, `advance` out.
//!
//! A page calls [`Engine::advance`] once per animation frame and draws the [`Update`] it gets. Everything that
//! happens is a step: one input (from a person, a client, a scenario, or the clock) with all the events it caused.

mod export;
mod journey;
mod playback;
mod run;
pub mod setup;
mod update;
mod world;

pub use journey::{ExchangeVisit, Journey, JourneyEntry};
pub use playback::SPEEDS;
pub use run::Engine;
pub use update::{Cursor, StepRecord, Update};
pub use world::{FIRST_CLIENT_CONNECTION, SETUP_CONNECTION};
pub use world::{ProgramCommand, ProgramEvent, World, WorldCommand, WorldEvent, WorldView};
