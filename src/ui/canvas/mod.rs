//! The drawing: nodes, edges and what flies between them. It has never heard of a broker.
//!
//! A painter turns its model into a [`Scene`]; [`layout`] gives it places; [`Canvas`] draws it and reports gestures;
//! a [`Stage`] lets items fly.

mod boxes;
mod chunks;
mod clipboard;
mod columns;
mod cover;
mod draw;
mod edge_view;
mod element_id;
mod fingers;
mod flight_bundles;
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
#[cfg(all(test, not(target_arch = "wasm32")))]
mod layout_oracle;
pub mod measure;
mod menus;
mod message;
mod minimap;
mod node_view;
mod outline;
mod pace;
pub mod palette;
mod placing;
mod popover;
mod route;
pub mod scene;
mod selection;
mod signature;
pub mod sketch;
mod sketch_view;
mod stage;
mod steady;
pub mod svg;
mod turns;
mod view;
pub mod viewport;
mod visible;
mod words;
mod writing;

pub use clipboard::PART;
pub use scene::Scene;
pub use stage::Stage;
pub use view::{Anchor, Canvas, CanvasProps, Question};
pub use visible::visible;
pub use words::CanvasWords;
