//! The wasm-bindgen API: converts, calls the engine, converts back.
