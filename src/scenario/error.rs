//! Why a scenario is refused: what, where, and what to do.

use std::fmt;

use crate::actors::ScriptError;
use crate::scenario::{MAX_BYTES, VERSION};

/// What is wrong.
#[derive(Clone, Debug, PartialEq)]
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
    /// A fault in the short text form.
    Text {
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
        error: Box<ScriptError>,
    },
    /// The broker itself refused it, in its words.
    Broker {
        reply_text: String,
    },
}

/// A problem and its place.
#[derive(Clone, Debug, PartialEq)]
pub struct ScenarioError {
    /// Where in the JSON, as `$.topology.queues[2].name`; empty when it is no place in it.
    pub path: String,
    pub problem: ScenarioProblem,
}

impl ScenarioError {
    /// `problem` at `path`.
    pub fn new(path: &str, problem: ScenarioProblem) -> ScenarioError {
        ScenarioError {
            path: path.to_string(),
            problem,
        }
    }

    /// Not of the shape that version 1 has.
    pub fn shape(path: &str, reason: impl Into<String>) -> ScenarioError {
        let reason = reason.into();
        ScenarioError::new(path, ScenarioProblem::Shape { reason })
    }
}

impl fmt::Display for ScenarioError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.path.is_empty() {
            write!(f, "At {}: ", self.path)?;
        }
        self.problem.fmt(f)
    }
}

impl fmt::Display for ScenarioProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ScenarioProblem::TooLarge { bytes, limit } => {
                debug_assert!(*limit <= MAX_BYTES, "one limit for all");
                write!(
                    f,
                    "this scenario has {bytes} bytes, and {limit} is the limit. Take something out of it."
                )
            }
            ScenarioProblem::NotJson {
                line,
                column,
                reason,
            } => write!(
                f,
                "this is not JSON: line {line}, column {column}: {reason}. Mend it there."
            ),
            ScenarioProblem::Text {
                line,
                column,
                reason,
            } => write!(f, "line {line}, column {column}: {reason}"),
            ScenarioProblem::Shape { reason } => f.write_str(reason),
            ScenarioProblem::NewerVersion { version } => write!(
                f,
                "this scenario was made by a newer playground: it is of version {version}, and this page reads \
                 up to {VERSION}. Reload the page to get the newest one."
            ),
            ScenarioProblem::NameTooLong { name, bytes } => {
                let start: String = name.chars().take(20).collect();
                write!(
                    f,
                    "the name \"{start}…\" has {bytes} bytes of UTF-8, and 255 is the limit. Shorten it."
                )
            }
            ScenarioProblem::ReservedName { name } => write!(
                f,
                "the name \"{name}\" begins with amq., which is reserved for the broker. Choose another."
            ),
            ScenarioProblem::MissingQueue { name } => write!(
                f,
                "there is no queue \"{name}\" in this scenario. Add it to $.topology.queues, or take the binding out."
            ),
            ScenarioProblem::MissingExchange { name } => write!(
                f,
                "there is no exchange \"{name}\" in this scenario. Add it to $.topology.exchanges, or take the \
                 binding out."
            ),
            ScenarioProblem::Script { program, error } => {
                write!(f, "the script of \"{program}\", {error}")
            }
            ScenarioProblem::Broker { reply_text } => {
                write!(
                    f,
                    "the broker refuses this: {reply_text}. Change it or take it out."
                )
            }
        }
    }
}

impl std::error::Error for ScenarioError {}
