//! How much one connection may hold. Reaching a limit closes the connection with a sentence that names it.

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
