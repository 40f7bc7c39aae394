//! The versioned text format of a playground.
