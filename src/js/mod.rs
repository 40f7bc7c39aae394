//! The wasm-bindgen API: converts, calls the engine, converts back. `www/playground.js` is the only caller: it makes the
//! public, frozen API of `www/element.d.ts` out of it.

pub mod dto;
pub mod error;
#[cfg(feature = "ui")]
mod options;
#[cfg(feature = "ui")]
mod page;
#[cfg(feature = "ui")]
mod parts;
pub mod value;

#[cfg(feature = "engine-js")]
pub mod broker;

#[cfg(feature = "ui")]
pub use page::{Playground, start, stopped};
