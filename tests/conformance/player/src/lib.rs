//! Plays AMQP programs against a broker, frame by frame: the one that runs inside a test, on virtual time, or any that
//! listens on a TCP port. Shares no code with the broker it examines.

pub mod client;
pub mod codec;
pub mod player;
pub mod tcp;
pub mod transport;
