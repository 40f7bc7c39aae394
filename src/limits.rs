//! How much is held, everywhere. Reaching a limit is an event, or a close with a sentence that names it; never a crash.

/// How much one broker holds: what a page in a browser can carry. Reaching one is the event `LimitReached`.
pub mod broker {
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
        /// Copies in one queue, ready and unacked: who fills one leaves room in the others.
        pub queue_messages: u64,
        /// Bytes of the bodies that are ready in one queue.
        pub queue_message_bytes: u64,
        /// Publishes that wait for the end of an alarm, of one connection.
        pub waiting_publishes: usize,
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
        queue_messages: 1_000_000,
        queue_message_bytes: 512 << 20,
        waiting_publishes: 1_000,
        tasks_per_step: 1_000_000,
    };
}

/// How much one connection may hold. Reaching a limit closes the connection with a sentence that names it.
pub mod connection {
    /// Frames of up to this size are spoken before tune-ok (semantics 2.5).
    pub const INITIAL_FRAME_MAX: u32 = 4096;

    /// The smallest frame_max a client may ask for (semantics 3.8).
    pub const FRAME_MIN: u32 = 4096;

    /// What connection.tune offers (semantics 3.7).
    pub const FRAME_MAX: u32 = 131_072;

    /// What connection.tune offers (semantics 3.7).
    pub const CHANNEL_MAX: u16 = 2047;

    /// What connection.tune offers, in seconds (semantics 3.7).
    pub const HEARTBEAT: u16 = 60;

    /// Octets of a frame around its payload: type, channel, size, end.
    pub const FRAME_OVERHEAD: u32 = 8;

    /// Tables and arrays within each other. RabbitMQ has no limit here; a frame of 128 KiB could nest 20,000 of them, for
    /// which neither our stack nor anybody's use is made.
    pub const TABLE_DEPTH: usize = 64;

    /// Bytes of bodies that are under way on all channels of one connection: one message of the greatest size that
    /// RabbitMQ 3.10 takes, and a little more, so that a message that is too large is refused in RabbitMQ's own words.
    pub const ASSEMBLING_BYTES: usize = (128 << 20) + (16 << 20);

    /// Milliseconds from the first moment of a connection until it must be open (semantics 28).
    pub const HANDSHAKE_MS: u64 = 10_000;

    /// Milliseconds that RabbitMQ stays silent before it drops a connection that failed its handshake (semantics 3.4 to
    /// 3.8) or sent a broken frame (2.4).
    pub const SILENCE_MS: u64 = 3_000;

    /// Seconds that the server waits for close-ok, or for the client to hang up, unless its heartbeat is shorter
    /// (semantics 3.11, 3.12).
    pub const CLOSING_SECONDS: u16 = 30;
}

/// How much the native program holds for its clients. Reaching a limit is said on standard error and in the log.
pub mod program {
    /// Octets taken from a socket at once.
    pub const READ_BYTES: usize = 64 * 1024;

    /// With this much unsent, nothing more is read from a client: it has to take what it is given first.
    pub const OUTPUT_PAUSE_BYTES: usize = 64 << 20;

    /// With this much unsent, a client is taken for stuck and dropped.
    pub const OUTPUT_MAX_BYTES: usize = 512 << 20;

    /// With this much unsent for all clients together, those are dropped who leave more than their share of it.
    pub const OUTPUT_TOTAL_BYTES: usize = 1 << 30;

    /// Clients at a time; more are hung up on.
    pub const CLIENTS: usize = 10_000;

    /// Milliseconds that clients get to say close-ok when the program is stopped.
    pub const SHUTDOWN_MS: u64 = 2_000;
}
