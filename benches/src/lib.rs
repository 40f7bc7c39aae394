//! What `cargo xtask bench` measures: the workloads of the broker, the same natively and as wasm.
//!
//! A contestant (this crate natively, this crate as wasm in Node.js, an npm package) makes a workload ready and then
//! runs it while its CPU time is taken; `xtask/src/bench` lets them take turns and compares.

mod desk;
pub mod topics;
pub mod workload;

#[cfg(target_arch = "wasm32")]
mod exports;
