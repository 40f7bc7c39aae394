//! The page: Yew components over the engine.

pub mod amqp;
pub mod canvas;
pub mod choreography;
pub mod components;
pub mod dom;
pub mod shared;
pub mod store;
pub mod text;
pub mod timeline;
#[cfg(test)]
mod tokens;
