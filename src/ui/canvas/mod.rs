//! The drawing: nodes, edges and what flies between them. It has never heard of a broker.
//!
//! A painter turns its model into a [`Scene`]; [`layout`] gives it places; `view` draws it and reports gestures.

mod columns;
pub mod geometry;
pub mod layout;
pub mod measure;
mod outline;
mod placing;
mod route;
pub mod scene;

pub use scene::Scene;
