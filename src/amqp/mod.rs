//! RabbitMQ's model of AMQP 0-9-1: vhosts, connections, channels, exchanges, bindings, queues, consumers, messages.
//!
//! [`Broker`] is a [`crate::machine::Machine`]: [`Command`] in, [`Event`] out. It knows no socket, no byte of a
//! frame, no clock and no serde.

mod arena;
mod bind;
pub mod broker;
mod channel;
mod channels;
pub mod command;
mod connection;
mod consume;
mod dead_letter;
mod declare_exchange;
mod declare_queue;
mod delayed;
mod delivery;
mod end_queue;
mod enqueue;
pub mod event;
pub mod exception;
mod exchange;
mod gauge;
pub mod idle;
pub mod ids;
pub mod message;
mod permission;
mod picture;
mod policy;
mod policy_keys;
pub mod protocol;
mod publish;
mod queue;
mod reply_to;
mod restart;
mod routing;
mod settle;
mod stream;
mod targets;
mod transaction;
pub mod transcript;
mod unacked;
mod vhost;
pub mod view;
mod x_death;

pub use broker::{Broker, Compatibility, Config};
pub use command::{Command, OperatorCommand};
pub use event::Event;
pub use exception::{Exception, Scope};
pub use exchange::TopicMatcher;
pub use gauge::Gauge;
pub use idle::Idle;
pub use ids::{
    ChannelId, ChannelNumber, ConnectionId, ConsumerId, ConsumerTag, DeliveryTag, Destination,
    ExchangeId, ExchangeName, MessageId, QueueId, QueueName, RoutingKey, ShortString, UserName,
    VhostName,
};
pub use message::{Content, Message, Properties, Table, Value};
pub use permission::is_pattern;
pub use policy_keys::policy_problem;
pub use view::View;

pub use crate::limits::broker as limits;
