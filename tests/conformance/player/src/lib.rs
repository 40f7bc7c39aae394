//! Plays AMQP programs against a broker, frame by frame: the one that runs inside a test, on virtual time, or any that
//! listens on a TCP port. Shares no code with the broker it examines.

pub mod client;
pub mod codec;
pub mod compare;
pub mod grammar;
pub mod player;
pub mod rng;
pub mod shrink;
pub mod tcp;
pub mod transport;
