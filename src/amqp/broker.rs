//! The broker: a function from commands to events.

use crate::amqp::command::{Command, Peer};
use crate::amqp::event::Event;
use crate::amqp::exception::Exception;
use crate::amqp::ids::{ExchangeId, RoutingKey, UserName};
use crate::amqp::limits::{self, Limits};
use crate::amqp::message::Properties;
use crate::amqp::protocol::ReplyCode;
use crate::amqp::view::{Explanation, View};
use crate::machine::{Input, Machine, SimTime};

/// Which RabbitMQ is spoken, where versions differ.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Compatibility {
    /// RabbitMQ 3.10.8.
    V3_10,
    /// RabbitMQ 4.0.5.
    #[default]
    V4,
}

/// How a broker is set up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Config {
    pub compatibility: Compatibility,
    /// Where server-made names come from.
    pub seed: u64,
    pub limits: Limits,
    /// Seconds since 1970 at which the run begins (the `time` of x-death).
    pub epoch: u64,
}

impl Default for Config {
    fn default() -> Config {
        Config {
            compatibility: Compatibility::V4,
            seed: 1,
            limits: limits::DEFAULT,
            epoch: 1_767_225_600,
        }
    }
}

/// RabbitMQ's model of AMQP 0-9-1.
#[derive(Clone, Debug)]
pub struct Broker {
    config: Config,
}

impl Broker {
    /// A fresh node: vhost `/`, user `guest`, the predeclared exchanges.
    pub fn new(config: Config) -> Broker {
        Broker { config }
    }

    /// Whether `user` may log in with `password` from where it sits: what the wire asks before it answers start-ok
    /// (semantics 3.5). It changes nothing; rights in a vhost are checked by [`Command::Connect`], for which the wire
    /// then vouches with [`crate::amqp::command::Password::Trusted`].
    pub fn authenticate(
        &self,
        user: &UserName,
        password: &str,
        peer: Peer,
    ) -> Result<(), Exception> {
        if user.as_str() == "guest" && password == "guest" && peer == Peer::Loopback {
            return Ok(());
        }
        Err(Exception::connection(ReplyCode::AccessRefused, ""))
    }

    /// The picture of this moment.
    pub fn view(&self) -> View {
        let _ = self.config;
        View::default()
    }

    /// For every binding of `exchange`: would it let such a message through, and why.
    pub fn explain(
        &self,
        _exchange: &ExchangeId,
        _routing_key: &RoutingKey,
        _properties: &Properties,
    ) -> Vec<Explanation> {
        Vec::new()
    }
}

impl Machine for Broker {
    type Command = Command;
    type Event = Event;

    fn step(&mut self, _input: &Input<Command>, _out: &mut Vec<Event>) {}

    fn next_deadline(&self) -> Option<SimTime> {
        None
    }

    fn tick() -> Command {
        Command::Tick
    }
}
