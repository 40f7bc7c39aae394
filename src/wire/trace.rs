//! Commands and events of a broker as the frames that its clients would have seen, in both directions.
//!
//! What the broker sends is written by the very [`Connection`] that serves real clients; what a client sends by
//! [`crate::wire::client`], which `tests/wire` reads back with the server's own decoder.

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::amqp::command::{Connect, Password, Peer};
use crate::amqp::event::ConnectionEnd;
use crate::amqp::protocol::ReplyCode;
use crate::amqp::{Command, Compatibility, ConnectionId, Event};
use crate::machine::SimTime;
use crate::wire::client;
use crate::wire::connection::{Connection, ConnectionConfig, Request};
use crate::wire::limits::FRAME_MAX;
use crate::wire::translate;

/// What was done to a broker and what happened in it, in order.
#[derive(Clone, Debug, PartialEq)]
pub enum Taped {
    Command(Command),
    Event(Event),
}

/// Who sent a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    ToBroker,
    ToClient,
}

/// One frame, whole, or the protocol header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    pub connection: ConnectionId,
    pub direction: Direction,
    pub octets: Rc<[u8]>,
}

/// How a run is looked at.
#[derive(Clone, Debug)]
pub struct Tracer {
    compatibility: Compatibility,
    /// Those that were seen to say or hear something.
    connections: BTreeMap<ConnectionId, Connection>,
    frames: Vec<Frame>,
}

impl Tracer {
    /// Looks at a broker of this version from some moment on.
    pub fn new(compatibility: Compatibility) -> Tracer {
        Tracer {
            compatibility,
            connections: BTreeMap::new(),
            frames: Vec::new(),
        }
    }

    /// The frames of one step, in order.
    pub fn frames(&mut self, tape: &[Taped], now: SimTime) -> Vec<Frame> {
        for (place, taped) in tape.iter().enumerate() {
            match taped {
                Taped::Command(command) => self.command(command, &tape[place + 1..], now),
                Taped::Event(event) => self.event(event, tape, now),
            }
        }
        for id in self.connections.keys().copied().collect::<Vec<_>>() {
            self.flush(id);
        }
        std::mem::take(&mut self.frames)
    }

    fn command(&mut self, command: &Command, after: &[Taped], now: SimTime) {
        let mut octets = Vec::new();
        let connection = match command {
            Command::Connect(connect) => return self.handshake(connect, after, now),
            Command::Call { channel, method } => {
                self.flush(channel.connection);
                client::call(channel.number.0, method, FRAME_MAX, &mut octets);
                channel.connection
            }
            Command::CloseConnection {
                connection,
                code,
                text,
            } => {
                client::close(*code, text, &mut octets);
                *connection
            }
            // Nobody says a word of these on the wire.
            Command::Tick
            | Command::DropConnection { .. }
            | Command::FailConnection { .. }
            | Command::Operator(_) => return,
        };
        self.push(connection, Direction::ToBroker, &octets);
    }

    /// Everything up to connection.open; what the broker answers to that is an event.
    fn handshake(&mut self, connect: &Connect, after: &[Taped], now: SimTime) {
        let id = connect.connection;
        let config = ConnectionConfig {
            compatibility: self.compatibility,
            peer: connect.peer,
            name: connect.name.clone(),
        };
        self.connections
            .insert(id, Connection::new(id, config, now));
        self.say(id, client::PROTOCOL_HEADER, now);
        let password = match &connect.password {
            Password::Text(text) => text,
            // A program is trusted; what it would have sent is nobody's business.
            Password::Trusted => "***",
        };
        let mut octets = Vec::new();
        client::start_ok(connect, password, &mut octets);
        let login = self.say(id, &octets, now);
        let Some(Request::Authenticate(credentials)) = login else {
            return;
        };
        let refused = after.iter().find_map(|taped| match taped {
            Taped::Event(Event::ConnectionRefused {
                connection,
                exception,
            }) if *connection == id && exception.code == ReplyCode::AccessRefused => {
                Some(exception)
            }
            _ => None,
        });
        if let Some(connection) = self.connections.get_mut(&id) {
            let answer = refused.map_or(Ok(()), |exception| Err((**exception).clone()));
            connection.authenticated(&credentials, answer, now);
        }
        self.flush(id);
        if refused.is_some() {
            return;
        }
        octets.clear();
        client::tune_ok(&mut octets);
        self.say(id, &octets, now);
        octets.clear();
        client::open(connect.vhost.as_str(), &mut octets);
        self.say(id, &octets, now);
    }

    /// The client sends something, and the broker may answer at once.
    fn say(&mut self, id: ConnectionId, octets: &[u8], now: SimTime) -> Option<Request> {
        self.push(id, Direction::ToBroker, octets);
        let connection = self.connections.get_mut(&id)?;
        connection.receive(octets);
        let request = connection.poll(now);
        self.flush(id);
        request
    }

    fn event(&mut self, event: &Event, tape: &[Taped], now: SimTime) {
        let Some(id) = translate::recipient(event) else {
            return;
        };
        let compatibility = self.compatibility;
        let connection = self.connections.entry(id).or_insert_with(|| {
            let config = ConnectionConfig {
                compatibility,
                peer: Peer::Loopback,
                name: String::new(),
            };
            Connection::resumed(id, config, now)
        });
        if let Event::Confirmed { channel, .. } = event {
            connection.follow_channel(channel.number.0, first_confirmed(*channel, tape));
        }
        connection.on_event(event, now);
        if matches!(event, Event::Confirmed { .. }) {
            // Confirms wait for each other.
            return;
        }
        self.flush(id);
        if let Event::ConnectionClosed { end, .. } = event {
            if matches!(end, ConnectionEnd::Exception(_)) {
                let mut octets = Vec::new();
                client::close_ok(&mut octets);
                self.push(id, Direction::ToBroker, &octets);
            }
            self.connections.remove(&id);
        }
    }

    /// What the broker has said to a client since the last time.
    fn flush(&mut self, id: ConnectionId) {
        let mut octets = Vec::new();
        if let Some(connection) = self.connections.get_mut(&id) {
            connection.take_output(&mut octets);
        }
        self.push(id, Direction::ToClient, &octets);
    }

    fn push(&mut self, connection: ConnectionId, direction: Direction, octets: &[u8]) {
        let mut rest = octets;
        while !rest.is_empty() {
            let (frame, others) = rest.split_at(length(rest));
            self.frames.push(Frame {
                connection,
                direction,
                octets: frame.into(),
            });
            rest = others;
        }
    }
}

/// The lowest tag that a step confirms on a channel. Publishes before it are confirmed already: the model confirms
/// whatever it can in the step of the publish.
fn first_confirmed(channel: crate::amqp::ChannelId, tape: &[Taped]) -> u64 {
    let tags = tape.iter().filter_map(|taped| match taped {
        Taped::Event(Event::Confirmed {
            channel: other,
            tag,
            ..
        }) if *other == channel => Some(tag.0),
        _ => None,
    });
    tags.min().unwrap_or(1)
}

/// How many of `octets` are the first frame.
fn length(octets: &[u8]) -> usize {
    match octets {
        [b'A', b'M', b'Q', b'P', ..] => octets.len().min(8),
        [_, _, _, a, b, c, d, ..] => {
            let payload = u32::from_be_bytes([*a, *b, *c, *d]) as usize;
            octets.len().min(payload + 8)
        }
        _ => octets.len(),
    }
}
