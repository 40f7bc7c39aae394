//! Many connections over one broker: carries requests to it and its events back.

use std::collections::{BTreeMap, BTreeSet};

use crate::amqp::command::Peer;
use crate::amqp::{Broker, Command, ConnectionId, Event, Exception, UserName};
use crate::machine::{Input, Machine, Origin, SimTime};
use crate::wire::connection::{Connection, ConnectionConfig, Request};
use crate::wire::translate;

/// What a hub needs of whoever owns the broker.
pub trait Node {
    /// Whether `user` may log in.
    fn authenticate(&self, user: &UserName, password: &str, peer: Peer) -> Result<(), Exception>;

    /// Carries a command out and appends what happened.
    fn submit(&mut self, input: &Input<Command>, out: &mut Vec<Event>);
}

impl Node for Broker {
    fn authenticate(&self, user: &UserName, password: &str, peer: Peer) -> Result<(), Exception> {
        Broker::authenticate(self, user, password, peer)
    }

    fn submit(&mut self, input: &Input<Command>, out: &mut Vec<Event>) {
        self.step(input, out);
    }
}

/// The clients of one broker.
#[derive(Clone, Debug, Default)]
pub struct Hub {
    connections: BTreeMap<ConnectionId, Connection>,
    /// Connections whose output or state may have changed since they were last asked for.
    touched: BTreeSet<ConnectionId>,
    /// Connections that may go on with octets they hold.
    resumed: Vec<ConnectionId>,
    /// Kept between steps for its memory.
    events: Vec<Event>,
}

impl Hub {
    /// A new client. `id` must be new to the broker.
    pub fn open(&mut self, id: ConnectionId, config: ConnectionConfig, now: SimTime) {
        self.connections
            .insert(id, Connection::new(id, config, now));
    }

    /// A client that was opened and not yet removed.
    pub fn connection(&self, id: ConnectionId) -> Option<&Connection> {
        self.connections.get(&id)
    }

    /// A client that was opened and not yet removed.
    pub fn connection_mut(&mut self, id: ConnectionId) -> Option<&mut Connection> {
        self.connections.get_mut(&id)
    }

    /// Forgets a client that has ended.
    pub fn remove(&mut self, id: ConnectionId) {
        self.connections.remove(&id);
        self.touched.remove(&id);
    }

    /// Whether there are no clients.
    pub fn is_empty(&self) -> bool {
        self.connections.is_empty()
    }

    /// The clients, oldest first.
    pub fn ids(&self) -> Vec<ConnectionId> {
        self.connections.keys().copied().collect()
    }

    /// The clients for whom something may have changed since this was last asked.
    pub fn take_touched(&mut self) -> BTreeSet<ConnectionId> {
        std::mem::take(&mut self.touched)
    }

    /// Octets of a client.
    pub fn receive(&mut self, id: ConnectionId, octets: &[u8], now: SimTime, node: &mut impl Node) {
        if let Some(connection) = self.connections.get_mut(&id) {
            connection.receive(octets);
            self.carry(id, now, node);
        }
    }

    /// A client's TCP connection has ended.
    pub fn peer_closed(&mut self, id: ConnectionId, now: SimTime, node: &mut impl Node) {
        if let Some(connection) = self.connections.get_mut(&id) {
            connection.on_peer_closed();
            self.carry(id, now, node);
        }
    }

    /// Does something else with the broker, and lets the clients see it.
    pub fn submit(&mut self, input: &Input<Command>, node: &mut impl Node) {
        self.step(input, node);
        self.resume(input.at, node);
    }

    /// Tells the clients of events that happened elsewhere, in order.
    pub fn deliver(&mut self, events: &[Event], now: SimTime) {
        for event in events {
            let Some(id) = translate::recipient(event) else {
                continue;
            };
            let Some(connection) = self.connections.get_mut(&id) else {
                continue;
            };
            let waited = !connection.want_read();
            connection.on_event(event, now);
            self.touched.insert(id);
            if waited && connection.want_read() {
                self.resumed.push(id);
            }
        }
    }

    /// When [`Hub::on_deadline`] is to be called.
    pub fn next_deadline(&self) -> Option<SimTime> {
        self.connections
            .values()
            .filter_map(Connection::next_deadline)
            .min()
    }

    /// Lets time pass for every client.
    pub fn on_deadline(&mut self, now: SimTime, node: &mut impl Node) {
        let due: Vec<ConnectionId> = self
            .connections
            .values()
            .filter(|it| it.next_deadline().is_some_and(|deadline| deadline <= now))
            .map(Connection::id)
            .collect();
        for id in due {
            if let Some(connection) = self.connections.get_mut(&id) {
                connection.on_deadline(now);
            }
            self.carry(id, now, node);
        }
    }

    /// Carries the requests of one client to the broker until it has none, then those of clients that this set free.
    fn carry(&mut self, id: ConnectionId, now: SimTime, node: &mut impl Node) {
        self.carry_one(id, now, node);
        self.resume(now, node);
    }

    fn resume(&mut self, now: SimTime, node: &mut impl Node) {
        while let Some(id) = self.resumed.pop() {
            self.carry_one(id, now, node);
        }
    }

    fn carry_one(&mut self, id: ConnectionId, now: SimTime, node: &mut impl Node) {
        self.touched.insert(id);
        while let Some(connection) = self.connections.get_mut(&id) {
            match connection.poll(now) {
                None => return,
                Some(Request::Authenticate(credentials)) => {
                    let peer = connection.peer();
                    let user = UserName::from(credentials.user.as_str());
                    let answer = node.authenticate(&user, &credentials.password, peer);
                    connection.authenticated(&credentials, answer, now);
                }
                Some(Request::Command(command)) => {
                    let input = Input {
                        at: now,
                        origin: Origin::Client(id.0),
                        command,
                    };
                    self.step(&input, node);
                }
            }
        }
    }

    fn step(&mut self, input: &Input<Command>, node: &mut impl Node) {
        let mut events = std::mem::take(&mut self.events);
        node.submit(input, &mut events);
        self.deliver(&events, input.at);
        events.clear();
        self.events = events;
    }
}
