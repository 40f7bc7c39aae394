//! The engine: it owns the timeline, the inbox and the playback.

use std::collections::VecDeque;
use std::rc::Rc;

use crate::actors::{ProgramId, ProgramSpec};
use crate::amqp::protocol::ClientMethod;
use crate::amqp::{self, ConnectionId, MessageId};
use crate::engine::journey::Journey;
use crate::engine::playback::Playback;
use crate::engine::update::{Cursor, Update};
use crate::engine::world::{World, WorldCommand, WorldView};
use crate::machine::{Machine, Origin, SimTime};
use crate::scenario::{Scenario, ScenarioError};

/// A run of the playground.
pub struct Engine {
    world: World,
    inbox: VecDeque<(Origin, WorldCommand)>,
    playback: Playback,
    next_connection: u32,
    next_program: u32,
}

impl Engine {
    /// An empty playground, paused at the beginning of time.
    pub fn new(config: amqp::Config) -> Engine {
        Engine {
            world: World::new(config),
            inbox: VecDeque::new(),
            playback: Playback::new(),
            next_connection: 1_000_000,
            next_program: 1,
        }
    }

    /// A playground set up as `scenario` says, paused at the beginning.
    pub fn load(_scenario: &Scenario) -> Result<Engine, ScenarioError> {
        Ok(Engine::new(amqp::Config::default()))
    }

    /// Replaces the run by a fresh one of `scenario`; refused whole if anything in it is wrong.
    pub fn replace(&mut self, scenario: &Scenario) -> Result<Update, ScenarioError> {
        *self = Engine::load(scenario)?;
        Ok(self.update(Some(0)))
    }

    /// Puts a command into the inbox; the next [`Engine::advance`] carries it out, even while paused.
    pub fn submit(&mut self, origin: Origin, command: WorldCommand) {
        self.inbox.push_back((origin, command));
    }

    /// A method on the person's own channel, by the person.
    pub fn submit_you(&mut self, method: ClientMethod) {
        self.submit(Origin::User, WorldCommand::You(method));
    }

    /// Lets `elapsed_ms` of real time pass: what is due happens if it plays, then the inbox is carried out.
    pub fn advance(&mut self, elapsed_ms: f64) -> Update {
        self.playback.pass(elapsed_ms);
        self.inbox.clear();
        self.update(None)
    }

    /// One step: the next command of the inbox, or a jump to what is due next.
    pub fn step_one(&mut self) -> Update {
        self.update(None)
    }

    pub fn play(&mut self) {
        self.playback.set_playing(true);
    }

    pub fn pause(&mut self) {
        self.playback.set_playing(false);
    }

    /// Brought into 0.1 to 10.
    pub fn set_speed(&mut self, speed: f64) {
        self.playback.set_speed(speed);
    }

    /// Whether anything waits in the inbox or is due at some time.
    pub fn has_next(&self) -> bool {
        !self.inbox.is_empty() || self.world.next_deadline().is_some()
    }

    /// The picture of this moment.
    pub fn view(&self) -> Rc<WorldView> {
        Rc::new(self.world.view())
    }

    /// Where the run stands.
    pub fn cursor(&self) -> Cursor {
        Cursor {
            now: SimTime(self.playback.now_ms()),
            index: 0,
            playing: self.playback.playing(),
            speed: self.playback.speed(),
            at_end: !self.has_next(),
        }
    }

    /// A message's life, and why each binding it met did or did not let it through; none if this run knows no such
    /// message.
    pub fn explain(&self, _message: MessageId) -> Option<Journey> {
        None
    }

    /// Whether there is a user's step to take back.
    pub fn can_undo(&self) -> bool {
        false
    }

    /// Whether there is an undone step to do again.
    pub fn can_redo(&self) -> bool {
        false
    }

    /// Back to before the last user's step.
    pub fn undo(&mut self) -> Option<Update> {
        None
    }

    /// What the last undo took away, again.
    pub fn redo(&mut self) -> Option<Update> {
        None
    }

    /// Puts a new program into the inbox and says its number.
    pub fn add_program(&mut self, _spec: ProgramSpec) -> ProgramId {
        self.next_program += 1;
        ProgramId(self.next_program - 1)
    }

    /// Takes a program away; its connection is closed.
    pub fn remove_program(&mut self, _program: ProgramId) {}

    /// Loses a program's connection without a word.
    pub fn crash_program(&mut self, _program: ProgramId) {}

    /// Runs a program from its first line, on a new connection.
    pub fn restart_program(&mut self, _program: ProgramId) {}

    /// The events of the whole run as text lines.
    pub fn transcript(&self) -> String {
        String::new()
    }

    /// What stands now as a scenario: durable or not, with its programs; the caller adds the layout.
    pub fn export(&self) -> Scenario {
        Scenario::default()
    }

    /// A number for the connection of a real client; never one of the person's or a program's.
    pub fn new_connection_id(&mut self) -> ConnectionId {
        self.next_connection += 1;
        ConnectionId(self.next_connection - 1)
    }

    fn update(&mut self, rewritten: Option<usize>) -> Update {
        Update {
            view: self.view(),
            steps: Vec::new(),
            cursor: self.cursor(),
            rewritten,
        }
    }
}
