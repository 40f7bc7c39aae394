//! A broker and its clients on virtual time, joined by octets and without a socket.

use std::io;

use conformance_player::transport::{Arrived, Patience, Transport};
use mq_playground::amqp::command::Peer;
use mq_playground::amqp::{Broker, Command, Compatibility, Config, ConnectionId};
use mq_playground::machine::{Input, Machine, Origin, SimTime};
use mq_playground::wire::{ConnectionConfig, Hub};

/// A broker, the server's sides of its connections, and the time.
pub struct World {
    compatibility: Compatibility,
    broker: Broker,
    hub: Hub,
    now: SimTime,
    connections: u32,
}

impl World {
    /// A fresh broker.
    pub fn new(compatibility: Compatibility) -> World {
        World {
            compatibility,
            broker: Broker::new(Config {
                compatibility,
                ..Config::default()
            }),
            hub: Hub::default(),
            now: SimTime(1),
            connections: 0,
        }
    }

    fn tick(&mut self, at: SimTime) {
        self.now = at;
        let input = Input {
            at,
            origin: Origin::Clock,
            command: Command::Tick,
        };
        self.hub.submit(&input, &mut self.broker);
        self.hub.on_deadline(at, &mut self.broker);
    }
}

impl Transport for World {
    type Link = ConnectionId;

    // Whatever a broker does, it has done when `send` returns.
    const ROUNDS: usize = 0;

    fn connect(&mut self) -> io::Result<ConnectionId> {
        self.connections += 1;
        let id = ConnectionId(self.connections);
        let config = ConnectionConfig {
            compatibility: self.compatibility,
            peer: Peer::Loopback,
            name: format!("127.0.0.1:{} -> 127.0.0.1:5672", 40_000 + id.0),
        };
        self.hub.open(id, config, self.now);
        Ok(id)
    }

    fn send(&mut self, id: ConnectionId, octets: &[u8]) {
        self.hub.receive(id, octets, self.now, &mut self.broker);
    }

    fn take(&mut self, id: ConnectionId, _patience: Patience) -> Arrived {
        let mut arrived = Arrived::default();
        match self.hub.connection_mut(id) {
            Some(connection) => {
                connection.take_output(&mut arrived.octets);
                arrived.hung_up = connection.wants_close().is_some();
            }
            None => arrived.hung_up = true,
        }
        arrived
    }

    fn hang_up(&mut self, id: ConnectionId) {
        self.hub.peer_closed(id, self.now, &mut self.broker);
        self.hub.remove(id);
    }

    fn begin_step(&mut self) {
        self.pass(MS_PER_STEP);
    }

    fn pass(&mut self, ms: u64) {
        let end = self.now + ms;
        loop {
            let due = [self.broker.next_deadline(), self.hub.next_deadline()];
            let Some(next) = due.into_iter().flatten().min().filter(|next| *next < end) else {
                break;
            };
            assert!(
                next > self.now,
                "a deadline stays although it was met at {}",
                self.now
            );
            self.tick(next);
        }
        self.tick(end);
    }

    fn rest(&mut self, _ms: u64) {}
}

/// What a step of a recorded program takes.
const MS_PER_STEP: u64 = 10;
