//! RabbitMQ's model of AMQP 0-9-1: vhosts, connections, channels, exchanges, bindings, queues, consumers, messages.
//!
//! [`Broker`] is a [`crate::machine::Machine`]: [`Command`] in, [`Event`] out. It knows no socket, no byte of a
//! frame, no clock and no serde.

pub mod broker;
pub mod command;
pub mod event;
pub mod exception;
pub mod ids;
pub mod limits;
pub mod message;
pub mod protocol;
pub mod transcript;
pub mod view;

pub use broker::{Broker, Compatibility, Config};
pub use command::{Command, OperatorCommand};
pub use event::Event;
pub use exception::{Exception, Scope};
pub use ids::{
    ChannelId, ChannelNumber, ConnectionId, ConsumerId, ConsumerTag, DeliveryTag, Destination,
    ExchangeId, ExchangeName, MessageId, QueueId, QueueName, RoutingKey, ShortString, UserName,
    VhostName,
};
pub use message::{Content, Message, Properties, Table, Value};
pub use view::View;
