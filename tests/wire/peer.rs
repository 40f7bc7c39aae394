//! A client that sends what it is told, right or wrong, and writes down what comes back.

use mq_playground::amqp::command::Peer as Place;
use mq_playground::amqp::{Broker, Command, Compatibility, Config, ConnectionId, OperatorCommand};
use mq_playground::machine::{Input, Machine, Origin, SimTime};
use mq_playground::wire::{CloseKind, ConnectionConfig, Hub};
use serde_json::{Value, json};

use conformance_player::codec::{method_frame, read_header, read_method, take_frame};

/// A broker with one client, and a line for everything that the client receives.
pub struct Peer {
    pub broker: Broker,
    pub hub: Hub,
    pub now: SimTime,
    id: ConnectionId,
    inbox: Vec<u8>,
    lines: Vec<String>,
    hung_up: bool,
}

impl Peer {
    /// A client whose TCP connection was accepted just now.
    pub fn accepted(compatibility: Compatibility) -> Peer {
        Peer::from_place(compatibility, Place::Loopback)
    }

    /// A client on this or another machine.
    pub fn from_place(compatibility: Compatibility, peer: Place) -> Peer {
        let mut it = Peer {
            broker: Broker::new(Config {
                compatibility,
                ..Config::default()
            }),
            hub: Hub::default(),
            now: SimTime(0),
            id: ConnectionId(1),
            inbox: Vec::new(),
            lines: Vec::new(),
            hung_up: false,
        };
        let config = ConnectionConfig {
            compatibility,
            peer,
            name: "test".to_string(),
        };
        it.hub.open(it.id, config, it.now);
        it
    }

    /// A client whose connection is open.
    pub fn open(compatibility: Compatibility) -> Peer {
        Peer::open_with(
            compatibility,
            json!({"channel_max": 2047, "frame_max": 131_072}),
        )
    }

    /// A client whose connection is open after this tune-ok.
    pub fn open_with(compatibility: Compatibility, tune_ok: Value) -> Peer {
        let mut it = Peer::accepted(compatibility);
        it.send(b"AMQP\x00\x00\x09\x01");
        it.start_ok("\0guest\0guest");
        it.call(0, "Connection.TuneOk", tune_ok);
        it.call(0, "Connection.Open", json!({"virtual_host": "/"}));
        let seen = it.seen();
        assert!(
            seen.ends_with("0 Connection.OpenOk {\"known_hosts\":\"\"}"),
            "{seen}"
        );
        it
    }

    /// The same, with channel 1 open.
    pub fn on_channel(compatibility: Compatibility) -> Peer {
        let mut it = Peer::open(compatibility);
        it.call(1, "Channel.Open", json!({}));
        assert_eq!(it.seen(), "1 Channel.OpenOk {\"channel_id\":\"\"}");
        it
    }

    /// start-ok with PLAIN and the capabilities that clients announce.
    pub fn start_ok(&mut self, response: &str) {
        let start_ok = json!({
            "client_properties": {"capabilities": {
                "consumer_cancel_notify": true, "connection.blocked": true,
                "authentication_failure_close": true}},
            "mechanism": "PLAIN", "response": response, "locale": "en_US"});
        self.call(0, "Connection.StartOk", start_ok);
    }

    /// Sends octets as they are.
    pub fn send(&mut self, octets: &[u8]) {
        self.hub
            .receive(self.id, octets, self.now, &mut self.broker);
        self.read();
    }

    /// Sends a method.
    pub fn call(&mut self, channel: u16, name: &str, args: Value) {
        self.send(&method_frame(channel, name, &args));
    }

    /// An operator does something.
    pub fn operate(&mut self, command: OperatorCommand) {
        let command = Command::Operator(command);
        let input = Input {
            at: self.now,
            origin: Origin::Api,
            command,
        };
        self.hub.submit(&input, &mut self.broker);
        self.read();
    }

    /// Lets time pass.
    pub fn pass(&mut self, ms: u64) {
        let end = self.now + ms;
        loop {
            let due = [self.broker.next_deadline(), self.hub.next_deadline()];
            let next = due.into_iter().flatten().min().unwrap_or(end).min(end);
            self.now = next;
            let input = Input {
                at: next,
                origin: Origin::Clock,
                command: Command::Tick,
            };
            self.hub.submit(&input, &mut self.broker);
            self.hub.on_deadline(next, &mut self.broker);
            self.read();
            if next == end {
                return;
            }
        }
    }

    /// Whether the server would read from the socket.
    pub fn is_read_from(&self) -> bool {
        self.hub
            .connection(self.id)
            .is_some_and(|it| it.want_read())
    }

    /// How many octets the server's side holds for its client.
    pub fn held(&self) -> usize {
        self.hub.connection(self.id).map_or(0, |it| it.held())
    }

    /// What came since this was last asked, one line each.
    pub fn seen(&mut self) -> String {
        std::mem::take(&mut self.lines).join("\n")
    }

    fn read(&mut self) {
        let Some(connection) = self.hub.connection_mut(self.id) else {
            return;
        };
        let mut octets = Vec::new();
        connection.take_output(&mut octets);
        let closed = connection.wants_close();
        self.inbox.extend(octets);
        if self.inbox.starts_with(b"AMQP") {
            let header: Vec<u8> = self.inbox.drain(..8).collect();
            self.lines.push(format!("AMQP {:?}", &header[4..]));
        }
        while let Some(frame) = take_frame(&mut self.inbox) {
            let channel = frame.channel;
            self.lines.push(match frame.kind {
                1 => {
                    let (name, args) = read_method(&frame.payload);
                    format!("{channel} {name} {args}")
                }
                2 => {
                    let (size, properties) = read_header(&frame.payload);
                    format!("{channel} header of {size} bytes {properties}")
                }
                3 => format!("{channel} body of {} bytes", frame.payload.len()),
                8 => "heartbeat".to_string(),
                kind => panic!("a frame of type {kind}"),
            });
        }
        if let (Some(kind), false) = (closed, self.hung_up) {
            self.hung_up = true;
            let how = match kind {
                CloseKind::Graceful => "hung up",
                CloseKind::Reset => "reset",
            };
            self.lines.push(format!("{how} at {}", self.now));
        }
    }
}
