//! The run: timeline, programs and playback; `submit` in, `advance` out.
//!
//! A page calls [`Engine::advance`] once per animation frame and draws the [`Update`] it gets. Everything that
//! happens is a step: one input (from a person, a client, a scenario, or the clock) with all the events it caused.

mod administration;
mod between;
mod branches;
pub mod commands;
mod compare;
mod event;
mod export;
mod journey;
mod moment;
mod playback;
mod publications;
mod recording;
mod run;
mod series;
pub mod setup;
pub mod share;
mod spread;
mod tally;
mod travel;
mod until;
mod update;
mod what_if;
mod world;

pub use between::{Within, picture};
pub use branches::{BranchId, BranchView, Forked};
pub use compare::{Comparison, Difference, Dropped, Ending};
pub use journey::{ExchangeVisit, Journey, JourneyEntry, Stay, Whereabouts};
pub use moment::Moment;
pub use playback::SPEEDS;
pub use recording::Recording;
pub use run::Engine;
pub use series::{Mark, MarkKind, Peak, Piece, Series};
pub use spread::Spread;
pub use tally::{ConsumerTally, Counts, DEATH_REASONS, DROP_REASONS, QueueTally, Tally, Ways};
pub use travel::Deed;
pub use until::{Until, UntilEnd, UntilRun};
pub use update::{Cursor, StepRecord, Update};
pub use world::{FIRST_CLIENT_CONNECTION, MAX_PROGRAM_STEPS, PROGRAM_STEPS, SETUP_CONNECTION};
pub use world::{ProgramCommand, ProgramEvent, World, WorldCommand, WorldEvent, WorldView};
