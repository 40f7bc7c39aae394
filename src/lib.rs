//! mq-playground: a message broker that behaves as RabbitMQ does, and a page on which one can watch it.
//!
//! The one idea: **the broker is a function.** A command goes in with its time, a list of events comes out, and
//! nothing else happens. ARCHITECTURE.md draws the rooms; a module imports only from the ones above it here.

pub mod limits;
pub mod machine;
pub mod ordered;

pub mod amqp;
pub mod timeline;

pub mod actors;
pub mod scenario;
pub mod wire;

pub mod engine;

#[cfg(feature = "host")]
pub mod host;
#[cfg(any(feature = "js", feature = "engine-js"))]
pub mod js;
#[cfg(feature = "ui")]
pub mod ui;
