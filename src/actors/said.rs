//! What programs print and why something is not done to them, as data; English words for transcripts and tests. The
//! page has its own, in every language.

use std::fmt;
use std::rc::Rc;

use crate::actors::fault::Fault;
use crate::actors::script::{ScriptError, ScriptProblem};
use crate::actors::spec::{MAX_PROGRAMS, ProgramId};
use crate::amqp::DeliveryTag;

/// What the main thread waits for, besides a plain reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Awaited {
    Answer,
    Confirms,
    Unblocked,
}

/// A line that a program prints.
#[derive(Clone, Debug, PartialEq)]
pub enum Printed {
    /// By `print` of its script.
    Text(Rc<str>),
    Received {
        body: Rc<str>,
        redelivered: bool,
    },
    /// The work on a message is done.
    Done,
    /// basic.return.
    Returned {
        body: Rc<str>,
    },
    /// basic.nack for this publish.
    NotConfirmed {
        publish: DeliveryTag,
    },
    /// basic.cancel by the broker.
    Cancelled,
    /// What it waited for has not come in time.
    Late(Awaited),
    /// It was to answer a message that says not where to.
    NoReplyTo,
    /// What was to be published could not be made.
    NotFilled(Rc<ScriptProblem>),
    /// The broker closed its channel or connection, in these words.
    Failed(Rc<str>),
}

/// Why something is not done to a program.
#[derive(Clone, Debug, PartialEq)]
pub enum Refusal {
    NoSuchProgram,
    NoProgramNamed(Rc<str>),
    /// There are as many programs as there may be.
    TooMany,
    ThereAlready(ProgramId),
    Script(Rc<ScriptError>),
    /// Nothing is there that could go wrong so.
    NothingFor(Fault),
}

impl fmt::Display for Printed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Printed::Text(text) => f.write_str(text),
            Printed::Received { body, redelivered } => {
                let again = if *redelivered { " (redelivered)" } else { "" };
                write!(f, "[x] Received {body}{again}")
            }
            Printed::Done => f.write_str("[x] Done"),
            Printed::Returned { body } => write!(f, "[!] Returned, NO_ROUTE: {body}"),
            Printed::NotConfirmed { publish } => write!(f, "[!] Not confirmed: publish {publish}"),
            Printed::Cancelled => f.write_str("[!] The broker cancelled the consumer"),
            Printed::Late(Awaited::Answer) => f.write_str("[!] No reply in time"),
            Printed::Late(Awaited::Confirms) => {
                f.write_str("[!] Not everything is confirmed in time")
            }
            Printed::Late(Awaited::Unblocked) => f.write_str("[!] Still blocked"),
            Printed::NoReplyTo => f.write_str("[!] The message names no reply_to"),
            Printed::NotFilled(problem) => write!(f, "[!] {}", problem.what()),
            Printed::Failed(text) => write!(f, "[!] {text}"),
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refusal::NoSuchProgram => f.write_str("there is no such program"),
            Refusal::NoProgramNamed(name) => write!(f, "there is no program \"{name}\""),
            Refusal::TooMany => {
                write!(
                    f,
                    "there are {MAX_PROGRAMS} programs, and that is the limit"
                )
            }
            Refusal::ThereAlready(program) => write!(f, "{program} is there already"),
            Refusal::Script(error) => write!(f, "{error}"),
            Refusal::NothingFor(fault) => write!(f, "nothing there for the fault {fault}"),
        }
    }
}
