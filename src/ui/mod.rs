//! The page: Yew components over the engine.

pub mod amqp;
pub mod app;
pub mod canvas;
pub mod choreography;
pub mod components;
pub mod dom;
pub mod driver;
pub mod panic_card;
pub mod saving;
pub mod shared;
pub mod store;
pub mod text;
pub mod timeline;
#[cfg(test)]
mod tokens;
pub mod whole;
