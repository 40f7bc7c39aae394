//! Why a scenario is refused: what, where, and what to do.

use std::fmt;

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ScenarioProblem {
    /// More than [`crate::scenario::MAX_BYTES`].
    TooLarge {
        bytes: usize,
        limit: usize,
    },
    NotJson {
        line: usize,
        column: usize,
        reason: String,
    },
    /// Valid JSON, but not of the shape that version 1 has.
    Shape {
        reason: String,
    },
    NewerVersion {
        version: u64,
    },
    NameTooLong {
        name: String,
        bytes: usize,
    },
    ReservedName {
        name: String,
    },
    MissingQueue {
        name: String,
    },
    MissingExchange {
        name: String,
    },
    /// A program's script, with the place inside it.
    Script {
        program: String,
        line: usize,
        column: usize,
        reason: String,
    },
    /// The broker itself refused it, in its words.
    Broker {
        reply_text: String,
    },
}

/// A problem and its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScenarioError {
    /// Where in the JSON, as `$.topology.queues[2].name`; empty when it is no place in it.
    pub path: String,
    pub problem: ScenarioProblem,
}

impl fmt::Display for ScenarioError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} at {}", self.problem, self.path)
    }
}

impl std::error::Error for ScenarioError {}
