//! A broker and its clients on virtual time, joined by octets and without a socket.

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

    /// A new TCP connection.
    pub fn connect(&mut self) -> ConnectionId {
        self.connections += 1;
        let id = ConnectionId(self.connections);
        let config = ConnectionConfig {
            compatibility: self.compatibility,
            peer: Peer::Loopback,
            name: format!("127.0.0.1:{} -> 127.0.0.1:5672", 40_000 + id.0),
        };
        self.hub.open(id, config, self.now);
        id
    }

    /// Sends octets to the broker.
    pub fn send(&mut self, id: ConnectionId, octets: &[u8]) {
        self.hub.receive(id, octets, self.now, &mut self.broker);
    }

    /// What the broker has sent since the last call; the second value says whether it has hung up.
    pub fn take(&mut self, id: ConnectionId) -> (Vec<u8>, bool) {
        let mut octets = Vec::new();
        let Some(connection) = self.hub.connection_mut(id) else {
            return (octets, true);
        };
        connection.take_output(&mut octets);
        (octets, connection.wants_close().is_some())
    }

    /// The client hangs up.
    pub fn hang_up(&mut self, id: ConnectionId) {
        self.hub.peer_closed(id, self.now, &mut self.broker);
        self.hub.remove(id);
    }

    /// Lets time pass.
    pub fn pass(&mut self, ms: u64) {
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
