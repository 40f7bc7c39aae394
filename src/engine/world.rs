//! The world: a broker, the programs around it, and the person's own connection, as one machine.

use std::collections::VecDeque;
use std::rc::Rc;

use crate::actors::{
    Fault, Login, MAX_PROGRAMS, Program, ProgramAction, ProgramId, ProgramSpec, ProgramView,
    Refusal, Session, SessionChange, Trouble,
};
use crate::amqp::command::OperatorCommand;
use crate::amqp::protocol::ClientMethod;
use crate::amqp::{self, Broker, ChannelId, ConnectionId};
use crate::machine::{Input, Machine, Origin, SimTime};
use crate::ordered::Map;
use crate::wire::trace::Taped;

pub use crate::engine::event::{ProgramEvent, WorldEvent};

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
    /// Another script, other looks: it begins again if it had begun. A broken script is refused, the old one stays.
    Edit {
        program: ProgramId,
        spec: Rc<ProgramSpec>,
    },
    /// Something goes wrong on purpose.
    Fault { program: ProgramId, fault: Fault },
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
    /// The person's connection is closed; the next one is that of this user, to this virtual host.
    ActAs(Login),
    Program(ProgramCommand),
    /// Several commands as one step, in order. What comes after one that the broker refused is not carried out.
    Together(Vec<WorldCommand>),
}

/// The world as it is now.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct WorldView {
    pub broker: Rc<amqp::View>,
    /// In the order of their numbers.
    pub programs: Vec<ProgramView>,
    /// The person's own channel, while it is open.
    pub you: Option<ChannelId>,
    /// As whom the person acts.
    pub login: Login,
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
    /// Steps that programs have done, and how many they may do.
    program_steps: u64,
    step_limit: u64,
    seed: u64,
}

/// How many steps the programs of one run do; then they rest, so that a run without end stays bounded.
pub const MAX_PROGRAM_STEPS: u64 = 1_000_000;

/// What [`amqp::Event::LimitReached`] calls it.
pub const PROGRAM_STEPS: &str = "steps of programs in one run";

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
            you: Session::new("you", Login::default()),
            you_were_here: false,
            next_connection: 1,
            tape: None,
            program_steps: 0,
            step_limit: MAX_PROGRAM_STEPS,
            seed: config.seed,
        }
    }

    /// A step, with every command that programs and person gave the broker in it.
    pub fn step_taped(&mut self, input: &Input<WorldCommand>) -> Vec<Taped> {
        self.tape = Some(Vec::new());
        self.step(input, &mut Vec::new());
        self.tape.take().unwrap_or_default()
    }

    /// The same, but its programs rest after so many steps.
    pub fn with_step_limit(self, step_limit: u64) -> World {
        World { step_limit, ..self }
    }

    /// As whom, and in which virtual host, the person acts.
    pub fn login(&self) -> &Login {
        self.you.login()
    }

    /// The broker inside, to be asked, not changed.
    pub fn broker(&self) -> &Broker {
        &self.broker
    }

    /// The programs, in the order of their numbers.
    pub fn programs(&self) -> impl Iterator<Item = (ProgramId, &Program)> {
        self.programs.iter().map(|(id, program)| (*id, program))
    }

    /// The program of that number.
    pub(super) fn program(&self, id: ProgramId) -> Option<&Program> {
        self.programs.get(&id)
    }

    /// The picture of this moment.
    pub fn view(&self) -> WorldView {
        let broker = self.broker.view();
        let now = broker.now;
        WorldView {
            broker: Rc::new(broker),
            programs: self.programs().map(|(id, p)| p.view(id, now)).collect(),
            you: self.you.channel(),
            login: self.you.login().clone(),
        }
    }

    /// The program that wakes first, and when; the lowest number of those that wake together.
    fn next_program(&self) -> Option<(SimTime, ProgramId)> {
        if self.program_steps >= self.step_limit {
            return None;
        }
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
                let mut new_connection = connection_from(&mut self.next_connection);
                if program.has_not_started() {
                    out.push(WorldEvent::Program(ProgramEvent::Started { program: id }));
                }
                program.wake(now, &mut new_connection, &mut actions);
            }
            self.act(now, id, actions, out);
            self.count_step(out);
        }
    }

    /// Programs may go on for ever, a run may not.
    fn count_step(&mut self, out: &mut Vec<WorldEvent>) {
        self.program_steps += 1;
        if self.program_steps == self.step_limit {
            out.push(WorldEvent::Broker(amqp::Event::LimitReached {
                what: PROGRAM_STEPS,
                limit: self.step_limit,
            }));
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

    fn act_as(&mut self, now: SimTime, origin: Origin, login: &Login, out: &mut Vec<WorldEvent>) {
        if let Some(close) = self.you.close() {
            self.run(now, origin, close, out);
        }
        self.you = Session::new("you", login.clone());
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
            | ProgramCommand::Edit { program, .. }
            | ProgramCommand::Fault { program, .. }
            | ProgramCommand::Call { program, .. } => *program,
        };
        let Some(program) = self.programs.get_mut(&id) else {
            out.push(WorldEvent::Program(ProgramEvent::Refused {
                program: id,
                why: Refusal::NoSuchProgram,
            }));
            return;
        };
        match command {
            ProgramCommand::Add { .. } => {}
            ProgramCommand::Remove { .. } => program.close(&mut actions),
            ProgramCommand::Crash { .. } => program.crash(&mut actions),
            ProgramCommand::Restart { .. } => program.restart(now, &mut actions),
            ProgramCommand::Close { .. } => program.close(&mut actions),
            ProgramCommand::Edit { spec, .. } => {
                let said = match program.edit(Rc::clone(spec), now, &mut actions) {
                    Ok(()) => ProgramEvent::Edited { program: id },
                    Err(error) => ProgramEvent::Refused {
                        program: id,
                        why: Refusal::Script(Rc::new(error)),
                    },
                };
                out.push(WorldEvent::Program(said));
            }
            ProgramCommand::Fault { fault, .. } => {
                let said = match program.suffer(*fault, now, &mut actions) {
                    true => ProgramEvent::Suffered {
                        program: id,
                        fault: *fault,
                    },
                    false => ProgramEvent::Refused {
                        program: id,
                        why: Refusal::NothingFor(*fault),
                    },
                };
                out.push(WorldEvent::Program(said));
            }
            ProgramCommand::Call { method, .. } => {
                let mut new_connection = connection_from(&mut self.next_connection);
                program.call(method.clone(), &mut new_connection, &mut actions);
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
        // Each program has chances of its own: one more does not shift what the others draw.
        let seed = self.seed ^ (u64::from(id.0) << 32);
        let refusal = match Program::new(Rc::clone(spec), now, seed) {
            Err(error) => Refusal::Script(Rc::new(error)),
            Ok(_) if self.programs.len() >= MAX_PROGRAMS => Refusal::TooMany,
            Ok(_) if self.programs.contains_key(&id) => Refusal::ThereAlready(id),
            Ok(program) => {
                self.programs.insert(id, program);
                out.push(WorldEvent::Program(ProgramEvent::Added { program: id }));
                return;
            }
        };
        out.push(WorldEvent::Program(ProgramEvent::Refused {
            program: id,
            why: refusal,
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
                ProgramAction::Trouble(trouble) => {
                    self.trouble(now, id, &trouble, out);
                    continue;
                }
                other => program_event(id, other),
            };
            out.extend(event.map(WorldEvent::Program));
        }
    }

    /// What a script does to others.
    fn trouble(
        &mut self,
        now: SimTime,
        by: ProgramId,
        trouble: &Trouble,
        out: &mut Vec<WorldEvent>,
    ) {
        let operator = match trouble {
            Trouble::Program { name, .. } | Trouble::Start { name } => {
                let named = |(_, program): &(ProgramId, &Program)| program.spec().name == *name;
                let found = self.programs().find(named).map(|(id, _)| id);
                let Some(program) = found else {
                    let why = Refusal::NoProgramNamed(Rc::clone(name));
                    let refused = ProgramEvent::Refused { program: by, why };
                    out.push(WorldEvent::Program(refused));
                    return;
                };
                let command = match trouble {
                    Trouble::Program { fault, .. } => ProgramCommand::Fault {
                        program,
                        fault: *fault,
                    },
                    _ => ProgramCommand::Restart { program },
                };
                return self.command_program(now, &command, out);
            }
            Trouble::RestartBroker => OperatorCommand::Restart,
            Trouble::MemoryAlarm { on } => OperatorCommand::SetMemoryAlarm { on: *on },
            Trouble::DiskAlarm { on } => OperatorCommand::SetDiskAlarm { on: *on },
        };
        let command = amqp::Command::Operator(operator);
        self.run(now, Origin::Actor(by.0), command, out);
    }

    fn carry_out(
        &mut self,
        now: SimTime,
        origin: Origin,
        command: &WorldCommand,
        out: &mut Vec<WorldEvent>,
    ) {
        match command {
            WorldCommand::Tick => self.tick(now, out),
            WorldCommand::Broker(command) => self.run(now, origin, command.clone(), out),
            WorldCommand::You(method) => self.you_call(now, origin, method.clone(), out),
            WorldCommand::Program(command) => self.command_program(now, command, out),
            WorldCommand::ActAs(login) => self.act_as(now, origin, login, out),
            WorldCommand::Together(commands) => {
                for command in commands {
                    let before = out.len();
                    self.carry_out(now, origin, command, out);
                    if out[before..].iter().any(WorldEvent::is_refusal) {
                        return;
                    }
                }
            }
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
        self.carry_out(input.at, input.origin, &input.command, out);
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

    fn is_tick(command: &WorldCommand) -> bool {
        matches!(command, WorldCommand::Tick)
    }
}

/// Numbers for connections, from the counter on.
fn connection_from(next: &mut u32) -> impl FnMut() -> ConnectionId + '_ {
    || {
        *next += 1;
        ConnectionId(*next - 1)
    }
}

fn program_event(program: ProgramId, action: ProgramAction) -> Option<ProgramEvent> {
    match action {
        ProgramAction::Do(_) | ProgramAction::Trouble(_) => None,
        ProgramAction::Line(line) => Some(ProgramEvent::Line { program, line }),
        ProgramAction::Printed(line) => Some(ProgramEvent::Printed { program, line }),
        ProgramAction::Finished => Some(ProgramEvent::Finished { program }),
        ProgramAction::Crashed => Some(ProgramEvent::Crashed { program }),
        ProgramAction::Failed(text) => Some(ProgramEvent::Failed { program, text }),
        ProgramAction::Reconnects { after_ms } => {
            Some(ProgramEvent::Reconnects { program, after_ms })
        }
        ProgramAction::GaveUp(why) => Some(ProgramEvent::GaveUp { program, why }),
        ProgramAction::Hung => Some(ProgramEvent::Hung { program }),
    }
}
