//! The world: a broker, the programs around it, and the person's own connection, as one machine.

use std::rc::Rc;

use crate::actors::{ProgramId, ProgramSpec, ProgramView};
use crate::amqp::protocol::ClientMethod;
use crate::amqp::{self, Broker, ChannelId};
use crate::machine::{Input, Machine, SimTime};

/// What can be done to a program.
#[derive(Clone, Debug, PartialEq)]
pub enum ProgramCommand {
    Add {
        program: ProgramId,
        spec: Rc<ProgramSpec>,
    },
    /// Gone from the picture; its connection is closed first.
    Remove { program: ProgramId },
    /// Its connection is lost without a word, and it does nothing more.
    Crash { program: ProgramId },
    /// From its first line, on a new connection. Also starts one that has not started.
    Restart { program: ProgramId },
    /// connection.close, and it does nothing more.
    Close { program: ProgramId },
    /// A method on its channel; connection and channel are opened first if they are not open.
    Call {
        program: ProgramId,
        method: ClientMethod,
    },
}

/// What can be done to the world.
#[derive(Clone, Debug, PartialEq)]
pub enum WorldCommand {
    /// One thing that is due happens.
    Tick,
    Broker(amqp::Command),
    /// A method on the person's own channel; it is opened first if it is not open.
    You(ClientMethod),
    Program(ProgramCommand),
}

/// What happens to a program.
#[derive(Clone, Debug, PartialEq)]
pub enum ProgramEvent {
    Added {
        program: ProgramId,
    },
    Removed {
        program: ProgramId,
    },
    Started {
        program: ProgramId,
    },
    /// It is about to carry out this line, counted from 0; what it causes follows.
    Line {
        program: ProgramId,
        line: usize,
    },
    Printed {
        program: ProgramId,
        text: Rc<str>,
    },
    /// Its script is done and its connection closed.
    Finished {
        program: ProgramId,
    },
    Crashed {
        program: ProgramId,
    },
    /// The broker closed its channel or its connection.
    Failed {
        program: ProgramId,
        text: Rc<str>,
    },
}

/// What can happen in the world.
#[derive(Clone, Debug, PartialEq)]
pub enum WorldEvent {
    Broker(amqp::Event),
    Program(ProgramEvent),
}

/// The world as it is now.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct WorldView {
    pub broker: Rc<amqp::View>,
    /// In the order of their numbers.
    pub programs: Vec<ProgramView>,
    /// The person's own channel, while it is open.
    pub you: Option<ChannelId>,
}

/// Broker, programs and person.
#[derive(Clone, Debug)]
pub struct World {
    broker: Broker,
}

impl World {
    /// A fresh broker and nobody around it.
    pub fn new(config: amqp::Config) -> World {
        World {
            broker: Broker::new(config),
        }
    }

    /// The broker inside, to be asked, not changed.
    pub fn broker(&self) -> &Broker {
        &self.broker
    }

    /// The picture of this moment.
    pub fn view(&self) -> WorldView {
        WorldView {
            broker: Rc::new(self.broker.view()),
            programs: Vec::new(),
            you: None,
        }
    }
}

impl Machine for World {
    type Command = WorldCommand;
    type Event = WorldEvent;

    fn step(&mut self, _input: &Input<WorldCommand>, _out: &mut Vec<WorldEvent>) {}

    fn next_deadline(&self) -> Option<SimTime> {
        self.broker.next_deadline()
    }

    fn tick() -> WorldCommand {
        WorldCommand::Tick
    }
}
