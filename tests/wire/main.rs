//! The wire as a client's socket would see it: octets in, frames and closings out, on virtual time.
#![cfg(not(target_arch = "wasm32"))]

mod client;
mod framing;
mod independent;
mod opening;
mod peer;
mod random;
mod running;
