//! What can go wrong on purpose: to a program, or to the broker's node.

use std::fmt;
use std::rc::Rc;

/// The most times a program can be slowed down.
pub const MAX_SLOW: u32 = 1_000;

/// Something that is done to a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Its connection is lost and it does nothing more, also when it would connect again.
    Kill,
    /// Its connection is lost without a word.
    Drop,
    /// It acknowledges a delivery that never was, and the broker closes its channel: 406.
    CloseChannel,
    /// It stands still with its connection open: nothing is acknowledged.
    Hang,
    /// It goes on where it hung.
    Resume,
    /// Every pause, every piece of work takes so many times as long; 1 is its own pace.
    Slow(u32),
    /// Its connection is lost at the moment when it would acknowledge next.
    BeforeAck,
}

/// What a script can do besides talking to the broker.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    Program {
        name: Rc<str>,
        fault: Fault,
    },
    /// A program begins from its first line.
    Start {
        name: Rc<str>,
    },
    RestartBroker,
    MemoryAlarm {
        on: bool,
    },
    DiskAlarm {
        on: bool,
    },
}

impl Fault {
    /// The words of the language of programs, without `slow`'s factor.
    pub const WORDS: [&str; 10] = [
        "kill",
        "drop",
        "close-channel",
        "hang",
        "resume",
        "slow",
        "before-ack",
        "restart-broker",
        "memory-alarm",
        "disk-alarm",
    ];
}

impl fmt::Display for Fault {
    /// As a transcript says it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fault::Kill => f.write_str("kill"),
            Fault::Drop => f.write_str("drop"),
            Fault::CloseChannel => f.write_str("close-channel"),
            Fault::Hang => f.write_str("hang"),
            Fault::Resume => f.write_str("resume"),
            Fault::Slow(factor) => write!(f, "slow factor={factor}"),
            Fault::BeforeAck => f.write_str("before-ack"),
        }
    }
}
