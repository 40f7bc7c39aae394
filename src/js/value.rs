//! Values across the border: always plain objects and numbers, never a `Map` or a `BigInt`.

use serde::Serialize;
use serde_json::Value;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::JsValue;

use crate::js::error::ApiError;

/// What a number of JavaScript holds exactly; greater ones are cut to it.
const MAX_NUMBER: u64 = (1 << 53) - 1;

/// A number that JavaScript holds exactly.
pub fn number(number: u64) -> Value {
    Value::from(number.min(MAX_NUMBER))
}

/// To JavaScript.
pub fn out(value: &Value) -> Result<JsValue, ApiError> {
    value
        .serialize(&Serializer::json_compatible())
        .map_err(|error| ApiError::new("internal", error.to_string()))
}

/// From JavaScript; only what JSON can say.
pub fn take(value: JsValue) -> Result<Value, ApiError> {
    serde_wasm_bindgen::from_value(value).map_err(|error| {
        let message = format!("This is nothing that JSON can say: {error}");
        ApiError::new("command", message)
    })
}
