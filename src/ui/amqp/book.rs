//! What the page remembers of a run: its last steps, who is behind a connection, which ways were used.
//!
//! The engine's word is final: after a jump the book forgets what is void.

use std::cell::RefCell;
use std::rc::Rc;

use crate::actors::ProgramId;
use crate::amqp::{self, ChannelId, ConnectionId, Message, MessageId};
use crate::engine::{StepRecord, Update, Ways, WorldEvent, WorldView};
use crate::ordered::Map;
use crate::ui::amqp::bound::Bound;
use crate::ui::amqp::captions::Captions;

/// How many steps are kept for the log; the run itself is the engine's.
pub const KEPT_STEPS: usize = 4_000;

/// Of more messages than this, only those are kept that the kept steps speak of.
const KEPT_MESSAGES: usize = 20_000;

/// Who is behind a connection.
#[derive(Clone, Debug, PartialEq)]
pub struct Peer {
    /// The name it connected with.
    pub name: Rc<str>,
    /// The program, when it is one of the simulated.
    pub program: Option<ProgramId>,
    /// The number of its colour.
    pub colour: u8,
}

/// What is remembered of a program, also after it is gone.
#[derive(Clone, Debug)]
struct Known {
    name: Rc<str>,
    colour: u8,
    lines: Rc<[Rc<str>]>,
}

/// The colour of what the person publishes without a program.
pub const YOUR_COLOUR: u8 = 7;

/// The memory of one run.
#[derive(Clone, Debug, Default)]
pub struct Book {
    steps: Vec<StepRecord>,
    /// Whether older steps have been let go.
    pub forgot: bool,
    peers: Map<ConnectionId, Peer>,
    programs: Map<ProgramId, Known>,
    /// Which ways have been used, and by whom.
    pub ways: Rc<Ways>,
    messages: Map<MessageId, Rc<Message>>,
    /// What stands on messages.
    pub captions: Captions,
    /// Bindings as they were painted last.
    pub bound: RefCell<Bound>,
}

impl Book {
    /// Takes what the engine said since the last time.
    pub fn take(&mut self, update: &Update) {
        if update.rewritten == Some(0) {
            *self = Book::default();
        }
        self.meet_programs(&update.view);
        if let Some(from) = update.rewritten {
            self.steps.retain(|step| step.index < from);
            // In another branch the same number may be another connection's.
            self.peers.clear();
        }
        self.meet_peers(&update.tally.ways);
        let follows = |step: &StepRecord| {
            let last = self.steps.last();
            let part = usize::from(step.first_event == 0);
            last.is_none_or(|last| last.index + part == step.index)
        };
        if !update.steps.first().is_none_or(follows) {
            self.steps.clear();
        }
        if update.rewritten.is_some() {
            self.reread();
        }
        for step in &update.steps {
            self.read(step);
            self.write(step);
        }
        self.forget();
        self.forgot = self.steps.first().is_some_and(|step| step.index > 0);
    }

    /// Which steps are missing before the run's step `index`, if so few are kept that the log looks empty.
    pub fn missing(&self, index: usize) -> Option<std::ops::Range<usize>> {
        let first = self.steps.first().map_or(index, |step| step.index);
        let few = index.saturating_sub(first) < KEPT_STEPS / 16;
        (few && first > 0).then(|| index.saturating_sub(KEPT_STEPS / 8).min(first)..first)
    }

    /// Puts older steps before those that are kept.
    pub fn fill_in(&mut self, older: Vec<StepRecord>) {
        let newer = std::mem::replace(&mut self.steps, older);
        self.steps.extend(newer);
        self.reread();
        self.forgot = self.steps.first().is_some_and(|step| step.index > 0);
    }

    /// A step, or what is new of the last one.
    fn write(&mut self, step: &StepRecord) {
        let begun = self.steps.last_mut();
        let begun = begun.filter(|last| step.first_event > 0 && last.index == step.index);
        match begun {
            Some(last) => last.events = last.events.iter().chain(&*step.events).cloned().collect(),
            None => self.steps.push(step.clone()),
        }
    }

    /// Lets old steps go, and the messages that only they speak of.
    fn forget(&mut self) {
        if self.steps.len() <= KEPT_STEPS {
            return;
        }
        self.steps.drain(..self.steps.len() - KEPT_STEPS);
        if self.messages.len() > KEPT_MESSAGES {
            self.reread();
        }
    }

    /// The kept steps, oldest first.
    pub fn steps(&self) -> &[StepRecord] {
        &self.steps
    }

    /// The step at `index`, if it is still kept.
    pub fn step(&self, index: usize) -> Option<&StepRecord> {
        let first = self.steps.first()?.index;
        self.steps.get(index.checked_sub(first)?)
    }

    /// Who is behind `connection`.
    pub fn peer(&self, connection: ConnectionId) -> Option<&Peer> {
        self.peers.get(&connection)
    }

    /// The name of `connection`, or its number.
    pub fn connection_name(&self, connection: ConnectionId) -> Rc<str> {
        match self.peers.get(&connection) {
            Some(peer) => Rc::clone(&peer.name),
            None => connection.to_string().into(),
        }
    }

    /// The name of `program`, or its number.
    pub fn program_name(&self, program: ProgramId) -> Rc<str> {
        match self.programs.get(&program) {
            Some(known) => Rc::clone(&known.name),
            None => program.to_string().into(),
        }
    }

    /// Line `line` of the script of `program`, counted from 0.
    pub fn program_line(&self, program: ProgramId, line: usize) -> &str {
        self.programs
            .get(&program)
            .and_then(|known| known.lines.get(line))
            .map_or("", |line| line)
    }

    /// A message of this run.
    pub fn message(&self, id: MessageId) -> Option<&Rc<Message>> {
        self.messages.get(&id)
    }

    /// The number of the colour a message carries: its publisher's; a dead letter keeps its parent's.
    pub fn colour(&self, message: &Message) -> u8 {
        let mut message = message;
        // A chain of dead letters is cut where its beginning is no longer kept.
        while message.publisher.is_none() {
            match message
                .parent()
                .and_then(|parent| self.messages.get(&parent))
            {
                Some(parent) => message = parent,
                None => return YOUR_COLOUR,
            }
        }
        message
            .publisher
            .map_or(YOUR_COLOUR, |channel| self.channel_colour(channel))
    }

    /// The number of the colour of a channel's connection.
    pub fn channel_colour(&self, channel: ChannelId) -> u8 {
        self.peers
            .get(&channel.connection)
            .map_or(YOUR_COLOUR, |peer| peer.colour)
    }

    fn meet_programs(&mut self, view: &WorldView) {
        for program in &view.programs {
            let known = Known {
                name: Rc::clone(&program.name),
                colour: program.colour,
                lines: Rc::clone(&program.lines),
            };
            self.programs.insert(program.id, known);
        }
    }

    fn meet_peers(&mut self, ways: &Rc<Ways>) {
        for (connection, name) in ways.names.iter() {
            if !self.peers.contains_key(connection) {
                let peer = self.peer_named(name);
                self.peers.insert(*connection, peer);
            }
        }
        self.ways = Rc::clone(ways);
    }

    fn reread(&mut self) {
        self.messages.clear();
        let steps = std::mem::take(&mut self.steps);
        for step in &steps {
            self.read(step);
        }
        self.steps = steps;
    }

    fn read(&mut self, step: &StepRecord) {
        for event in step.events.iter() {
            if let WorldEvent::Broker(amqp::Event::Published { message, .. }) = event {
                self.messages.insert(message.id, Rc::clone(message));
            }
        }
    }

    /// A program connects under its own name; whoever else connects is somebody from outside.
    fn peer_named(&self, name: &Rc<str>) -> Peer {
        let program = self
            .programs
            .iter()
            .rev()
            .find(|(_, known)| known.name == *name);
        Peer {
            name: Rc::clone(name),
            program: program.map(|(id, _)| *id),
            colour: program.map_or(YOUR_COLOUR, |(_, known)| known.colour),
        }
    }
}
