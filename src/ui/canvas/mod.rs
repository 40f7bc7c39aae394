//! The drawing: nodes, edges and what flies between them. It has never heard of a broker.
//!
//! A painter turns its model into a [`Scene`]; [`layout`] gives it places; `view` draws it and reports gestures.

pub mod scene;

pub use scene::Scene;
