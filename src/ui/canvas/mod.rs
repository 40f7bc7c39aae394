//! The drawing: nodes, edges and what flies between them. It has never heard of a broker.
//!
//! A painter turns its model into a [`Scene`]; [`layout`] gives it places; [`Canvas`] draws it and reports gestures;
//! a [`Stage`] lets items fly.

mod columns;
mod draw;
mod edge_view;
mod flight_layer;
mod flight_paint;
mod flight_path;
pub mod geometry;
mod gesture;
mod item_view;
mod key_actions;
pub mod keys;
mod lanes;
pub mod layout;
pub mod measure;
mod node_view;
mod outline;
mod placing;
mod route;
pub mod scene;
mod signature;
mod stage;
pub mod svg;
mod view;
pub mod viewport;
mod words;

pub use scene::Scene;
pub use stage::Stage;
pub use view::{Canvas, CanvasProps};
pub use words::CanvasWords;
