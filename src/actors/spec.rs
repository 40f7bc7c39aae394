//! What a program is before it runs, and how it looks while it does.

use std::fmt;
use std::rc::Rc;

use crate::amqp::{ChannelId, ConnectionId, QueueName};

/// A program, numbered in the order of its making; a number is used once in a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ProgramId(pub u32);

impl fmt::Display for ProgramId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "program {}", self.0)
    }
}

/// How a program is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ProgramKind {
    /// A circle with P, left of the exchanges.
    Producer,
    /// A circle with C, right of the queues.
    Consumer,
    /// It does both, or neither: a script with its lines.
    Program,
}

/// How a hand-made consumer acknowledges.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AckMode {
    /// `no_ack`: a delivery is settled by being sent.
    Automatic,
    /// basic.ack after so many milliseconds of work, one message after the other.
    AfterWork(u64),
    /// The person presses Ack, Nack or Reject.
    ByHand,
}

/// What a program is to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProgramSpec {
    /// Its name, also the name of its connection.
    pub name: Rc<str>,
    pub kind: ProgramKind,
    /// The number of its colour, 0 to 7.
    pub colour: u8,
    /// Its lines, as [`crate::actors::Script`] reads them.
    pub script: Rc<str>,
    /// Milliseconds between two lines, so that one can watch.
    pub pace_ms: u64,
    /// Milliseconds from its adding to its first line; with `None` it waits until it is started.
    pub start_after_ms: Option<u64>,
}

/// How long a program of a scenario rests between two lines.
pub const DEFAULT_PACE_MS: u64 = 600;

impl ProgramSpec {
    /// A program that runs `script` from now on.
    pub fn new(name: &str, kind: ProgramKind, script: &str) -> ProgramSpec {
        ProgramSpec {
            name: name.into(),
            kind,
            colour: 0,
            script: script.into(),
            pace_ms: DEFAULT_PACE_MS,
            start_after_ms: Some(0),
        }
    }

    /// A hand-made producer: it connects, opens a channel, and publishes when the person says so.
    pub fn producer(name: &str) -> ProgramSpec {
        ProgramSpec {
            pace_ms: 0,
            ..ProgramSpec::new(name, ProgramKind::Producer, "connect\nchannel\n")
        }
    }

    /// A hand-made consumer of `queue`; a `prefetch` of 0 is no limit.
    pub fn consumer(name: &str, queue: &QueueName, prefetch: u16, mode: AckMode) -> ProgramSpec {
        let queue = super::script::quote(queue.as_str());
        let mode = match mode {
            AckMode::Automatic => "auto".to_string(),
            AckMode::AfterWork(ms) => format!("work={ms}ms"),
            AckMode::ByHand => "manual".to_string(),
        };
        let qos = match prefetch {
            0 => String::new(),
            count => format!("qos {count}\n"),
        };
        let script = format!("connect\nchannel\n{qos}consume {queue} {mode}\n");
        ProgramSpec {
            pace_ms: 0,
            ..ProgramSpec::new(name, ProgramKind::Consumer, &script)
        }
    }
}

/// Where a program stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProgramState {
    /// Its time has not come, or nobody has started it.
    NotStarted,
    /// Between two lines.
    Running,
    /// For a reply, or, after its last line, for messages or for the person.
    Waiting,
    /// In a `sleep`, or at work on a message.
    Sleeping,
    /// Its connection is closed, as its script says.
    Finished,
    /// It went away without a word.
    Crashed,
    /// The broker closed its channel or its connection, in these words.
    Failed(Rc<str>),
}

/// A program as it is now.
#[derive(Clone, Debug, PartialEq)]
pub struct ProgramView {
    pub id: ProgramId,
    pub name: Rc<str>,
    pub kind: ProgramKind,
    pub colour: u8,
    pub lines: Rc<[Rc<str>]>,
    /// The line it is at, counted from 0: the one carried out last.
    pub current_line: Option<usize>,
    pub state: ProgramState,
    /// Its connection, while it is open.
    pub connection: Option<ConnectionId>,
    /// Its channel, while it is open.
    pub channel: Option<ChannelId>,
    /// The queue it consumes, or asked to consume, last.
    pub queue: Option<QueueName>,
    /// What it printed, newest last; at most [`PRINTED_LINES`].
    pub printed: Vec<Rc<str>>,
}

/// How many printed lines of a program are kept.
pub const PRINTED_LINES: usize = 100;

/// How many programs one playground may have.
pub const MAX_PROGRAMS: usize = 200;
