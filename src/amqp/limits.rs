//! How much one broker holds. Reaching a limit is an event with a sentence, never a crash.

/// The most that a broker holds of each thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    pub connections: usize,
    pub channels_per_connection: usize,
    pub exchanges: usize,
    pub queues: usize,
    pub bindings: usize,
    pub consumers: usize,
    /// Copies of messages in all queues, ready and unacked.
    pub messages: u64,
    /// Bytes of bodies in all queues.
    pub message_bytes: u64,
    /// Pieces of work that one command may cause (dead letter, overflow, auto-delete …).
    pub tasks_per_step: usize,
}

/// What a page in a browser can carry.
pub const DEFAULT: Limits = Limits {
    connections: 10_000,
    channels_per_connection: 2_047,
    exchanges: 10_000,
    queues: 50_000,
    bindings: 200_000,
    consumers: 50_000,
    messages: 2_000_000,
    message_bytes: 1 << 30,
    tasks_per_step: 1_000_000,
};
