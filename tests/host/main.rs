//! The native program over TCP, in process: a client of the world out there, and clients that mean no good.
#![cfg(not(target_arch = "wasm32"))]

mod hostile;
mod program;
mod with_lapin;
