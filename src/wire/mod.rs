//! AMQP 0-9-1 as octets: the server's side of a connection, without sockets and without a clock.
//!
//! [`Connection`] takes octets and gives octets, deadlines and [`Request`]s; [`Hub`] carries the requests of many
//! connections to a broker and its events back to them. The codec is our own: it keeps the order and the repeats of
//! tables, takes keys that are not UTF-8, and tells the outcomes of broken input apart as RabbitMQ does.

pub mod assembly;
pub mod client;
mod confirms;
pub mod connection;
mod dispatch;
pub mod encode;
pub mod erlang;
pub mod fields;
pub mod frame;
pub mod handshake;
pub mod heartbeat;
pub mod hub;
pub mod method;
mod opening;
pub mod properties;
pub mod reader;
pub mod table;
pub mod trace;
pub mod translate;

pub use connection::{CloseKind, Connection, ConnectionConfig, Request};
pub use hub::{Hub, Node};

pub use crate::limits::connection as limits;
