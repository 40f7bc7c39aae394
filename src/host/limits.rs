//! How much the native program holds for its clients.

/// Octets taken from a socket at once.
pub const READ_BYTES: usize = 64 * 1024;

/// With this much unsent, nothing more is read from a client: it has to take what it is given first.
pub const OUTPUT_PAUSE_BYTES: usize = 64 << 20;

/// With this much unsent, a client is taken for stuck and dropped.
pub const OUTPUT_MAX_BYTES: usize = 512 << 20;

/// Clients at a time; more are hung up on.
pub const CLIENTS: usize = 10_000;

/// Milliseconds that clients get to say close-ok when the program is stopped.
pub const SHUTDOWN_MS: u64 = 2_000;
