//! What the page remembers of a run: its steps, who is behind a connection, which ways were used.
//!
//! The engine's word is final: after an undo or a load the book forgets what is void and reads the rest again.

use std::rc::Rc;

use crate::actors::ProgramId;
use crate::amqp::event::Via;
use crate::amqp::{
    self, ChannelId, ConnectionId, Destination, ExchangeId, Message, MessageId, QueueId,
};
use crate::engine::{StepRecord, Update, WorldEvent, WorldView};
use crate::ordered::{Map, Set};

/// How many steps are kept for the log; the run itself is the engine's.
pub const KEPT_STEPS: usize = 4_000;

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
    /// Who has published to which exchange.
    pub published: Set<(ConnectionId, ExchangeId)>,
    /// Which queues got something through the default exchange.
    pub by_default: Set<QueueId>,
    messages: Map<MessageId, Rc<Message>>,
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
            self.reread();
        }
        for step in &update.steps {
            self.read(step);
            self.steps.push(step.clone());
        }
        if self.steps.len() > KEPT_STEPS {
            self.forgot = true;
            self.steps.drain(..self.steps.len() - KEPT_STEPS);
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
            match message.parent.and_then(|parent| self.messages.get(&parent)) {
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

    fn reread(&mut self) {
        // Names stay: the number of a connection or program is used once in a run.
        self.published.clear();
        self.by_default.clear();
        self.messages.clear();
        let steps = std::mem::take(&mut self.steps);
        for step in &steps {
            self.read(step);
        }
        self.steps = steps;
    }

    fn read(&mut self, step: &StepRecord) {
        for event in step.events.iter() {
            match event {
                WorldEvent::Broker(event) => self.read_broker(event),
                WorldEvent::Program(_) => {}
            }
        }
    }

    fn read_broker(&mut self, event: &amqp::Event) {
        match event {
            amqp::Event::ConnectionOpened {
                connection, name, ..
            } => {
                let peer = self.peer_named(name);
                self.peers.insert(*connection, peer);
            }
            amqp::Event::Published { message, .. } => {
                if let Some(channel) = message.publisher {
                    self.published
                        .insert((channel.connection, message.exchange.clone()));
                }
                self.messages.insert(message.id, Rc::clone(message));
            }
            amqp::Event::Hopped {
                to: Destination::Queue(queue),
                via: Via::DefaultExchange,
                ..
            } => {
                self.by_default.insert(queue.clone());
            }
            _ => {}
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
