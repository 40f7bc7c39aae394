//! What the glue around the two parts of the wasm says (`xtask/split/glue.mjs`).

use wasm_bindgen::prelude::*;

use crate::ui::whole;

/// Says that only the first part of the code is there: what the first view does not need waits for [`complete`].
#[wasm_bindgen]
pub fn hold() {
    whole::hold();
}

/// Says that the rest of the code is there.
#[wasm_bindgen]
pub fn complete() {
    whole::complete();
}
