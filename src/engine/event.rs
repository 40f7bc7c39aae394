//! What happens in the world: in the broker, and to the programs around it.

use std::rc::Rc;

use crate::actors::{Fault, NoticeKind, Printed, ProgramId, Refusal};
use crate::amqp;
use crate::amqp::event::{ChannelEnd, ConnectionEnd};
use crate::engine::world::World;

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
        line: Printed,
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
    /// It has another script.
    Edited {
        program: ProgramId,
    },
    /// Something went wrong on purpose; what it causes follows.
    Suffered {
        program: ProgramId,
        fault: Fault,
    },
    /// It hangs by its own script.
    Hung {
        program: ProgramId,
    },
    /// It connects again after so long.
    Reconnects {
        program: ProgramId,
        after_ms: u64,
    },
    /// It gives up because of a notice of the broker, as its script says.
    GaveUp {
        program: ProgramId,
        why: NoticeKind,
    },
    /// What was asked for was not done, for this reason.
    Refused {
        program: ProgramId,
        why: Refusal,
    },
}

impl ProgramEvent {
    /// Whom it happens to.
    pub fn program(&self) -> ProgramId {
        match self {
            ProgramEvent::Added { program }
            | ProgramEvent::Removed { program }
            | ProgramEvent::Started { program }
            | ProgramEvent::Line { program, .. }
            | ProgramEvent::Printed { program, .. }
            | ProgramEvent::Finished { program }
            | ProgramEvent::Crashed { program }
            | ProgramEvent::Failed { program, .. }
            | ProgramEvent::Edited { program }
            | ProgramEvent::Suffered { program, .. }
            | ProgramEvent::Hung { program }
            | ProgramEvent::Reconnects { program, .. }
            | ProgramEvent::GaveUp { program, .. }
            | ProgramEvent::Refused { program, .. } => *program,
        }
    }

    /// The event as one line of a transcript; programs are called by the names they have in `world`.
    pub fn line(&self, world: &World) -> String {
        let name = |program: &ProgramId| match world.program(*program) {
            Some(program) => program.spec().name.to_string(),
            None => program.to_string(),
        };
        match self {
            ProgramEvent::Added { program } => format!("{}: added", name(program)),
            ProgramEvent::Removed { program } => format!("{}: removed", name(program)),
            ProgramEvent::Started { program } => format!("{}: started", name(program)),
            ProgramEvent::Line { program, line } => format!("{}: line {}", name(program), line + 1),
            ProgramEvent::Printed { program, line } => format!("{}: prints {line}", name(program)),
            ProgramEvent::Finished { program } => format!("{}: finished", name(program)),
            ProgramEvent::Crashed { program } => format!("{}: crashed", name(program)),
            ProgramEvent::Failed { program, text } => format!("{}: failed, {text}", name(program)),
            ProgramEvent::Edited { program } => format!("{}: edited", name(program)),
            ProgramEvent::Suffered { program, fault } => {
                format!("{}: fault, {fault}", name(program))
            }
            ProgramEvent::Hung { program } => format!("{}: hangs", name(program)),
            ProgramEvent::Reconnects { program, after_ms } => {
                format!("{}: connects again after {after_ms} ms", name(program))
            }
            ProgramEvent::GaveUp { program, why } => {
                let notice = match why {
                    NoticeKind::Nack => "basic.nack",
                    NoticeKind::Return => "basic.return",
                    NoticeKind::Blocked => "connection.blocked",
                };
                format!("{}: gives up, {notice}", name(program))
            }
            ProgramEvent::Refused { program, why } => {
                format!("{}: refused, {why}", name(program))
            }
        }
    }
}

/// What can happen in the world.
#[derive(Clone, Debug, PartialEq)]
pub enum WorldEvent {
    Broker(amqp::Event),
    Program(ProgramEvent),
}

impl WorldEvent {
    /// What happened in the broker, if it is that.
    pub fn of_broker(&self) -> Option<&amqp::Event> {
        match self {
            WorldEvent::Broker(event) => Some(event),
            WorldEvent::Program(_) => None,
        }
    }

    /// Whether it closed a channel or connection, or refused something.
    pub fn is_refusal(&self) -> bool {
        match self {
            WorldEvent::Broker(event) => matches!(
                event,
                amqp::Event::ChannelClosed {
                    end: ChannelEnd::Exception(_),
                    ..
                } | amqp::Event::ConnectionClosed {
                    end: ConnectionEnd::Exception(_),
                    ..
                } | amqp::Event::ConnectionRefused { .. }
                    | amqp::Event::LimitReached { .. }
                    | amqp::Event::Ignored { .. }
            ),
            WorldEvent::Program(event) => matches!(event, ProgramEvent::Refused { .. }),
        }
    }
}
