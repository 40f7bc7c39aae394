//! The versioned text format of a playground: topology, programs, layout; `www/scenarios/README.md` documents it.

mod administration;
pub mod catalog;
mod definitions;
mod drawing;
mod error;
mod format;
mod model;
pub mod node;
mod program;
mod text;
pub mod value;

pub(crate) use format::{policy_from, policy_to};
pub(crate) use program::{read_with as program_from, write as program_to};

pub use drawing::ScenarioPatch;
pub use error::{ScenarioError, ScenarioProblem};
pub use model::{
    Localized, Position, Scenario, ScenarioBinding, ScenarioDestination, ScenarioProgram,
    ScenarioProgramKind, ScenarioUser, ScenarioVhost, Topology,
};

/// The newest version of the format, and the one that is written.
pub const VERSION: u64 = 1;

/// The largest scenario that is read, in bytes.
pub const MAX_BYTES: usize = 1 << 20;

/// The largest seed: what a number of JavaScript holds exactly.
pub(crate) const MAX_SEED: u64 = (1 << 53) - 1;

/// How long a program rests between two lines if it does not say.
pub(crate) const DEFAULT_PACE_MS: u64 = 600;

impl Scenario {
    /// Reads a scenario, or RabbitMQ's own definitions file; refused whole, with what is wrong, where, and what to do.
    pub fn parse(text: &str) -> Result<Scenario, ScenarioError> {
        format::read(text)
    }

    /// Reads a scenario in either form: JSON begins with a brace, the short text form with a word.
    pub fn parse_any(text: &str) -> Result<Scenario, ScenarioError> {
        match text.trim_start().starts_with('{') {
            true => format::read(text),
            false => text::read(text),
        }
    }

    /// The scenario in the short text form; none if something in it can only be said in JSON.
    pub fn to_text(&self) -> Option<String> {
        text::write(self)
    }

    /// The scenario as JSON, to be saved or shared.
    pub fn to_json(&self) -> String {
        format::write(self)
    }
}
