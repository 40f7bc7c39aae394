//! The native program: AMQP 0-9-1 on a TCP port, over the same broker and the same wire as the page.
//!
//! One thread: the broker is a function, and its messages are shared pointers.

pub mod log;
pub mod options;
pub mod server;
mod session;
pub mod station;

pub use options::Options;
pub use server::{serve, serve_until};
