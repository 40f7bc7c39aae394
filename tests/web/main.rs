//! Components mounted in a real browser: `cargo xtask test web`. Natively this is an empty program.
#![cfg(target_arch = "wasm32")]

mod admin;
mod api;
mod canvas;
mod components;
mod mount;
mod page;
mod warehouse;

// Without this line the runner takes the tests for Node.js ones, skips them all and calls that a success.
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
