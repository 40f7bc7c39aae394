//! A broker and its clients on virtual time, joined by octets and without a socket.

use std::cell::RefCell;
use std::io;
use std::rc::Rc;

use conformance_player::transport::{Arrived, Patience, Transport};
use mq_playground::amqp::command::Peer;
use mq_playground::amqp::{
    Broker, Command, Compatibility, Config, ConnectionId, Event, Exception, UserName,
};
use mq_playground::machine::{Input, Machine, Origin, SimTime};
use mq_playground::wire::{ConnectionConfig, Hub, Node};

/// What was done to a broker, and what happened then.
pub type Record = Rc<RefCell<Vec<(Input<Command>, Vec<Event>)>>>;

/// A broker whose inputs are written down.
struct Recorded {
    broker: Broker,
    record: Record,
}

impl Node for Recorded {
    fn authenticate(&self, user: &UserName, password: &str, peer: Peer) -> Result<(), Exception> {
        Broker::authenticate(&self.broker, user, password, peer)
    }

    fn submit(&mut self, input: &Input<Command>, out: &mut Vec<Event>) {
        let before = out.len();
        self.broker.step(input, out);
        let happened = out[before..].to_vec();
        self.record.borrow_mut().push((input.clone(), happened));
    }
}

fn fresh(compatibility: Compatibility) -> Broker {
    Broker::new(Config {
        compatibility,
        ..Config::default()
    })
}

/// Carries a record out again, without its clients, and says at which input something else happens.
pub fn replay(compatibility: Compatibility, record: &Record) -> Result<usize, String> {
    let mut broker = fresh(compatibility);
    let mut events = Vec::new();
    for (place, (input, happened)) in record.borrow().iter().enumerate() {
        events.clear();
        broker.step(input, &mut events);
        if events != *happened {
            return Err(format!(
                "input {place}: {input:?}\nlive {happened:?}\nreplay {events:?}"
            ));
        }
    }
    Ok(record.borrow().len())
}

/// A broker, the server's sides of its connections, and the time.
pub struct World {
    compatibility: Compatibility,
    broker: Recorded,
    hub: Hub,
    now: SimTime,
    connections: u32,
}

impl World {
    /// A fresh broker.
    pub fn new(compatibility: Compatibility) -> World {
        World {
            compatibility,
            broker: Recorded {
                broker: fresh(compatibility),
                record: Record::default(),
            },
            hub: Hub::default(),
            now: SimTime(1),
            connections: 0,
        }
    }

    /// What is done to the broker from now on, as it is written down.
    pub fn record(&self) -> Record {
        Rc::clone(&self.broker.record)
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
            let due = [self.broker.broker.next_deadline(), self.hub.next_deadline()];
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
