//! The world: a broker, the programs around it, and the person's own connection, as one machine.

use std::collections::VecDeque;
use std::rc::Rc;

use crate::actors::{
    MAX_PROGRAMS, Program, ProgramAction, ProgramId, ProgramSpec, ProgramView, Session,
    SessionChange,
};
use crate::amqp::protocol::ClientMethod;
use crate::amqp::{self, Broker, ChannelId, ConnectionId};
use crate::machine::{Input, Machine, Origin, SimTime};
use crate::ordered::Map;
use crate::wire::trace::Taped;

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
    /// What was asked for was not done, for this reason.
    Refused {
        program: ProgramId,
        text: Rc<str>,
    },
}

impl ProgramEvent {
    /// The event as one line of a transcript; programs are called by the names they have in `world`.
    pub fn line(&self, world: &World) -> String {
        let name = |program: &ProgramId| match world.programs.get(program) {
            Some(program) => program.spec().name.to_string(),
            None => program.to_string(),
        };
        match self {
            ProgramEvent::Added { program } => format!("{}: added", name(program)),
            ProgramEvent::Removed { program } => format!("{}: removed", name(program)),
            ProgramEvent::Started { program } => format!("{}: started", name(program)),
            ProgramEvent::Line { program, line } => format!("{}: line {}", name(program), line + 1),
            ProgramEvent::Printed { program, text } => format!("{}: prints {text}", name(program)),
            ProgramEvent::Finished { program } => format!("{}: finished", name(program)),
            ProgramEvent::Crashed { program } => format!("{}: crashed", name(program)),
            ProgramEvent::Failed { program, text } => format!("{}: failed, {text}", name(program)),
            ProgramEvent::Refused { program, text } => {
                format!("{}: refused, {text}", name(program))
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

/// The world as it is now.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct WorldView {
    pub broker: Rc<amqp::View>,
    /// In the order of their numbers.
    pub programs: Vec<ProgramView>,
    /// The person's own channel, while it is open.
    pub you: Option<ChannelId>,
}

/// The connection that sets a scenario up and closes when it is done.
pub const SETUP_CONNECTION: ConnectionId = ConnectionId(u32::MAX);

/// Real clients' connections are numbered from here on, those of programs below.
pub const FIRST_CLIENT_CONNECTION: u32 = 1_000_000;

/// The person's first connection.
const YOUR_CONNECTION: ConnectionId = ConnectionId(0);

/// Broker, programs and person.
#[derive(Clone, Debug)]
pub struct World {
    broker: Broker,
    programs: Map<ProgramId, Program>,
    you: Session,
    /// Whether the person has been connected before: a connection's number is used once.
    you_were_here: bool,
    next_connection: u32,
    /// What is done to the broker and happens in it, while somebody asks for it.
    tape: Option<Vec<Taped>>,
}

/// Where a command to the broker comes from: what it causes is told to everybody all the same.
struct Work {
    command: amqp::Command,
    origin: Origin,
}

impl World {
    /// A fresh broker and nobody around it.
    pub fn new(config: amqp::Config) -> World {
        World {
            broker: Broker::new(config),
            programs: Map::new(),
            you: Session::new("you"),
            you_were_here: false,
            next_connection: 1,
            tape: None,
        }
    }

    /// A step, with every command that programs and person gave the broker in it.
    pub fn step_taped(&mut self, input: &Input<WorldCommand>) -> Vec<Taped> {
        self.tape = Some(Vec::new());
        self.step(input, &mut Vec::new());
        self.tape.take().unwrap_or_default()
    }

    /// The broker inside, to be asked, not changed.
    pub fn broker(&self) -> &Broker {
        &self.broker
    }

    /// The programs, in the order of their numbers.
    pub fn programs(&self) -> impl Iterator<Item = (ProgramId, &Program)> {
        self.programs.iter().map(|(id, program)| (*id, program))
    }

    /// The picture of this moment.
    pub fn view(&self) -> WorldView {
        WorldView {
            broker: Rc::new(self.broker.view()),
            programs: self.programs().map(|(id, p)| p.view(id)).collect(),
            you: self.you.channel(),
        }
    }

    /// The program that wakes first, and when; the lowest number of those that wake together.
    fn next_program(&self) -> Option<(SimTime, ProgramId)> {
        self.programs()
            .filter_map(|(id, program)| Some((program.next_wake()?, id)))
            .min()
    }

    /// Exactly one thing that is due: the broker's before the programs', if both are due together.
    fn tick(&mut self, now: SimTime, out: &mut Vec<WorldEvent>) {
        let program = self.next_program();
        if let Some(due) = self.broker.next_deadline()
            && due <= now
            && program.is_none_or(|(wake, _)| due <= wake)
        {
            self.run(now, Origin::Clock, amqp::Command::Tick, out);
            return;
        }
        if let Some((wake, id)) = program
            && wake <= now
        {
            let mut actions = Vec::new();
            if let Some(program) = self.programs.get_mut(&id) {
                let new_connection = connection_from(&mut self.next_connection);
                if program.has_not_started() {
                    out.push(WorldEvent::Program(ProgramEvent::Started { program: id }));
                }
                program.wake(now, new_connection, &mut actions);
            }
            self.act(now, id, actions, out);
        }
    }

    fn you_call(
        &mut self,
        now: SimTime,
        origin: Origin,
        method: ClientMethod,
        out: &mut Vec<WorldEvent>,
    ) {
        let mut commands = Vec::new();
        let first_time = !self.you_were_here;
        let next_connection = &mut self.next_connection;
        let channel = self.you.ensure(
            || match first_time {
                true => YOUR_CONNECTION,
                false => connection_from(next_connection)(),
            },
            &mut commands,
        );
        self.you_were_here = true;
        commands.push(amqp::Command::call(channel, method));
        for command in commands {
            self.run(now, origin, command, out);
        }
    }

    fn command_program(
        &mut self,
        now: SimTime,
        command: &ProgramCommand,
        out: &mut Vec<WorldEvent>,
    ) {
        let mut actions = Vec::new();
        let id = match command {
            ProgramCommand::Add { program, spec } => {
                self.add_program(now, *program, spec, out);
                return;
            }
            ProgramCommand::Remove { program }
            | ProgramCommand::Crash { program }
            | ProgramCommand::Restart { program }
            | ProgramCommand::Close { program }
            | ProgramCommand::Call { program, .. } => *program,
        };
        let Some(program) = self.programs.get_mut(&id) else {
            let text = "there is no such program".into();
            out.push(WorldEvent::Program(ProgramEvent::Refused {
                program: id,
                text,
            }));
            return;
        };
        match command {
            ProgramCommand::Add { .. } => {}
            ProgramCommand::Remove { .. } => program.close(&mut actions),
            ProgramCommand::Crash { .. } => program.crash(&mut actions),
            ProgramCommand::Restart { .. } => program.restart(now, &mut actions),
            ProgramCommand::Close { .. } => program.close(&mut actions),
            ProgramCommand::Call { method, .. } => {
                let new_connection = connection_from(&mut self.next_connection);
                program.call(method.clone(), new_connection, &mut actions);
            }
        }
        self.act(now, id, actions, out);
        if let ProgramCommand::Remove { program } = command {
            self.programs.remove(program);
            out.push(WorldEvent::Program(ProgramEvent::Removed { program: id }));
        }
    }

    fn add_program(
        &mut self,
        now: SimTime,
        id: ProgramId,
        spec: &Rc<ProgramSpec>,
        out: &mut Vec<WorldEvent>,
    ) {
        let refusal = match Program::new(Rc::clone(spec), now) {
            Err(error) => error.to_string(),
            Ok(_) if self.programs.len() >= MAX_PROGRAMS => {
                format!("there are {MAX_PROGRAMS} programs, and that is the limit")
            }
            Ok(_) if self.programs.contains_key(&id) => format!("{id} is there already"),
            Ok(program) => {
                self.programs.insert(id, program);
                out.push(WorldEvent::Program(ProgramEvent::Added { program: id }));
                return;
            }
        };
        out.push(WorldEvent::Program(ProgramEvent::Refused {
            program: id,
            text: refusal.into(),
        }));
    }

    /// Carries out what a program does, in order.
    fn act(
        &mut self,
        now: SimTime,
        id: ProgramId,
        actions: Vec<ProgramAction>,
        out: &mut Vec<WorldEvent>,
    ) {
        for action in actions {
            let event = match action {
                ProgramAction::Do(command) => {
                    self.run(now, Origin::Actor(id.0), command, out);
                    continue;
                }
                other => program_event(id, other),
            };
            out.extend(event.map(WorldEvent::Program));
        }
    }

    /// One command to the broker, and what programs and person answer to it at once.
    fn run(
        &mut self,
        now: SimTime,
        origin: Origin,
        command: amqp::Command,
        out: &mut Vec<WorldEvent>,
    ) {
        // The answers (channel.close-ok) call for no further answer, so this ends.
        let mut work = VecDeque::from([Work { command, origin }]);
        while let Some(Work { command, origin }) = work.pop_front() {
            let mut events = Vec::new();
            let input = Input {
                at: now,
                origin,
                command,
            };
            self.broker.step(&input, &mut events);
            if let Some(tape) = &mut self.tape {
                tape.push(Taped::Command(input.command));
                tape.extend(events.iter().cloned().map(Taped::Event));
            }
            for event in events {
                let heard = self.hear(now, &event, &mut work);
                out.push(WorldEvent::Broker(event));
                out.extend(heard);
            }
        }
    }

    /// Tells person and programs of an event; returns what programs say to it.
    fn hear(
        &mut self,
        now: SimTime,
        event: &amqp::Event,
        work: &mut VecDeque<Work>,
    ) -> Vec<WorldEvent> {
        if let Some(SessionChange::ChannelFailed { answer, .. }) = self.you.observe(event) {
            work.push_back(Work {
                command: answer,
                origin: Origin::User,
            });
        }
        let mut said = Vec::new();
        let mut actions = Vec::new();
        for (id, program) in self.programs.iter_mut() {
            program.observe(now, event, &mut actions);
            for action in actions.drain(..) {
                match action {
                    ProgramAction::Do(command) => work.push_back(Work {
                        command,
                        origin: Origin::Actor(id.0),
                    }),
                    other => said.extend(program_event(*id, other).map(WorldEvent::Program)),
                }
            }
        }
        said
    }
}

impl Machine for World {
    type Command = WorldCommand;
    type Event = WorldEvent;

    fn step(&mut self, input: &Input<WorldCommand>, out: &mut Vec<WorldEvent>) {
        let now = input.at;
        match &input.command {
            WorldCommand::Tick => self.tick(now, out),
            WorldCommand::Broker(command) => self.run(now, input.origin, command.clone(), out),
            WorldCommand::You(method) => self.you_call(now, input.origin, method.clone(), out),
            WorldCommand::Program(command) => self.command_program(now, command, out),
        }
    }

    fn next_deadline(&self) -> Option<SimTime> {
        let program = self.next_program().map(|(wake, _)| wake);
        match (self.broker.next_deadline(), program) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        }
    }

    fn tick() -> WorldCommand {
        WorldCommand::Tick
    }
}

/// Numbers for connections, from the counter on.
fn connection_from(next: &mut u32) -> impl FnOnce() -> ConnectionId + '_ {
    || {
        *next += 1;
        ConnectionId(*next - 1)
    }
}

fn program_event(program: ProgramId, action: ProgramAction) -> Option<ProgramEvent> {
    match action {
        ProgramAction::Do(_) => None,
        ProgramAction::Line(line) => Some(ProgramEvent::Line { program, line }),
        ProgramAction::Printed(text) => Some(ProgramEvent::Printed { program, text }),
        ProgramAction::Finished => Some(ProgramEvent::Finished { program }),
        ProgramAction::Crashed => Some(ProgramEvent::Crashed { program }),
        ProgramAction::Failed(text) => Some(ProgramEvent::Failed { program, text }),
    }
}
