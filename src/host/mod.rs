//! The native program: AMQP on a TCP port over the same engine.
