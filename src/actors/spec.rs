//! What a program is before it runs, and how it looks while it does.

use std::fmt;
use std::rc::Rc;

use crate::actors::chance::Delay;
use crate::actors::form::{AckWhen, ConsumerForm, Form, ProducerForm, Source};
use crate::actors::meter::Counts;
use crate::actors::said::Printed;
use crate::actors::session::Login;
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

/// A notice of the broker to a publisher.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoticeKind {
    /// basic.nack
    Nack,
    /// basic.return
    Return,
    /// connection.blocked
    Blocked,
}

/// What a program is to do.
#[derive(Clone, Debug, PartialEq)]
pub struct ProgramSpec {
    /// Its name, also the name of its connection.
    pub name: Rc<str>,
    pub kind: ProgramKind,
    /// As whom, and to which virtual host, it connects.
    pub login: Login,
    /// The number of its colour, 0 to 7.
    pub colour: u8,
    /// Its lines, as [`crate::actors::Script`] reads them.
    pub script: Rc<str>,
    /// The form it was made with, if its script is still that of the form.
    pub form: Option<Rc<Form>>,
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
            login: Login::default(),
            colour: 0,
            script: script.into(),
            form: None,
            pace_ms: DEFAULT_PACE_MS,
            start_after_ms: Some(0),
        }
    }

    /// A program that does what a form says.
    pub fn filled(name: &str, form: Form) -> ProgramSpec {
        let kind = match form {
            Form::Producer(_) => ProgramKind::Producer,
            Form::Consumer(_) => ProgramKind::Consumer,
        };
        ProgramSpec {
            pace_ms: 0,
            form: Some(Rc::new(form.clone())),
            ..ProgramSpec::new(name, kind, &form.script())
        }
    }

    /// A hand-made producer: it connects, opens a channel, and publishes when the person says so.
    pub fn producer(name: &str) -> ProgramSpec {
        ProgramSpec::filled(name, Form::Producer(ProducerForm::default()))
    }

    /// A hand-made consumer of `queue`; a `prefetch` of 0 is no limit.
    pub fn consumer(name: &str, queue: &QueueName, prefetch: u16, mode: AckMode) -> ProgramSpec {
        let (ack, work_ms) = match mode {
            AckMode::Automatic => (AckWhen::Automatic, 0),
            AckMode::AfterWork(ms) => (AckWhen::AfterWork, ms),
            AckMode::ByHand => (AckWhen::ByHand, 0),
        };
        let form = ConsumerForm {
            source: Source::Queue(queue.as_str().to_string()),
            prefetch,
            ack,
            work: Delay::Fixed(work_ms),
            ..ConsumerForm::default()
        };
        ProgramSpec::filled(name, Form::Consumer(form))
    }
}

/// Where a program stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProgramState {
    /// Its time has not come, or nobody has started it.
    NotStarted,
    /// Between two lines.
    Running,
    /// An alarm is on, and the broker takes nothing from it.
    Blocked,
    /// It stands still with its connection open.
    Hung,
    /// Its connection was lost, and it is about to connect again.
    Reconnecting,
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
    pub login: Login,
    pub colour: u8,
    pub lines: Rc<[Rc<str>]>,
    /// How long it rests between two lines.
    pub pace_ms: u64,
    /// The form it was made with.
    pub form: Option<Rc<Form>>,
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
    pub printed: Vec<Printed>,
    pub counts: Counts,
    /// How many it published (a consumer: handled) in ten seconds at the pace of the last five.
    pub in_ten_seconds: u32,
    /// How much it does before it ends, where its script says so.
    pub planned: Option<u32>,
    /// Publishes whose confirm has not come.
    pub unconfirmed: usize,
    /// Deliveries that wait for its hands.
    pub waiting: usize,
    /// How many times as long everything takes; 1 is its own pace.
    pub slow: u32,
    /// Its connection is lost when it acknowledges next.
    pub before_ack: bool,
    /// It connects again when its connection is lost.
    pub reconnects: bool,
}

/// How many printed lines of a program are kept.
pub const PRINTED_LINES: usize = 100;

/// How many programs one playground may have.
pub const MAX_PROGRAMS: usize = 200;
