//! The versioned text format of a playground: topology, programs, layout; `www/scenarios/README.md` documents it.

pub mod catalog;
mod definitions;
mod error;
mod format;
mod model;
mod node;
mod program;
mod value;

pub use error::{ScenarioError, ScenarioProblem};
pub use model::{
    Localized, Position, Scenario, ScenarioBinding, ScenarioDestination, ScenarioProgram,
    ScenarioProgramKind, Topology,
};

/// The newest version of the format, and the one that is written.
pub const VERSION: u64 = 1;

/// The largest scenario that is read, in bytes.
pub const MAX_BYTES: usize = 1 << 20;

impl Scenario {
    /// Reads a scenario, or RabbitMQ's own definitions file; refused whole, with what is wrong, where, and what to do.
    pub fn parse(text: &str) -> Result<Scenario, ScenarioError> {
        format::read(text)
    }

    /// The scenario as JSON, to be saved or shared.
    pub fn to_json(&self) -> String {
        format::write(self)
    }
}
