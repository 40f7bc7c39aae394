//! What lies between a program's clients and a broker.

use std::io;

/// How long a client is ready to wait for octets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Patience {
    /// Takes what is there.
    None,
    /// A reply must come.
    ForReply,
    /// A publisher confirm should come.
    ForConfirm,
}

/// What came over a connection.
#[derive(Clone, Debug, Default)]
pub struct Arrived {
    /// The octets since the last call; empty when patience has run out.
    pub octets: Vec<u8>,
    /// Whether the broker has hung up.
    pub hung_up: bool,
}

/// Carries octets between clients and a broker, and lets time pass: really, or only in a test's books.
pub trait Transport {
    /// A connection, as this transport tells them apart.
    type Link: Copy;

    /// How often everybody is asked again until a broker that works by itself is taken to be at rest.
    const ROUNDS: usize;

    /// A new connection to the broker.
    fn connect(&mut self) -> io::Result<Self::Link>;

    /// Sends octets to the broker. A connection that is gone swallows them; the next `take` will say so.
    fn send(&mut self, link: Self::Link, octets: &[u8]);

    /// What has come since the last call; if nothing has, what comes while patience lasts.
    fn take(&mut self, link: Self::Link, patience: Patience) -> Arrived;

    /// The client's end of the connection is gone.
    fn hang_up(&mut self, link: Self::Link);

    /// A step of a program begins.
    fn begin_step(&mut self);

    /// Time passes, as the program wants it.
    fn pass(&mut self, ms: u64);

    /// Gives a broker that works by itself time to do so.
    fn rest(&mut self, ms: u64);
}
