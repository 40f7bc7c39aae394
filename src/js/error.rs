//! Errors as JavaScript sees them: an `Error` with a stable `code`, and where the fault is.

use js_sys::Reflect;
use wasm_bindgen::JsValue;

use crate::engine::share::ShareError;
use crate::scenario::{ScenarioError, ScenarioProblem};

/// What can go wrong; `www/element.d.ts` lists the codes, which never change their meaning.
#[derive(Clone, Debug, PartialEq)]
pub struct ApiError {
    pub code: &'static str,
    pub message: String,
    /// In JSON, as `$.topology.queues[2].name`.
    pub path: Option<String>,
    /// In text, counted from 1.
    pub place: Option<(usize, usize)>,
}

impl ApiError {
    /// An error without a place.
    pub fn new(code: &'static str, message: impl Into<String>) -> ApiError {
        ApiError {
            code,
            message: message.into(),
            path: None,
            place: None,
        }
    }

    /// A command that is not of the shape that commands have.
    pub fn command(error: &ScenarioError) -> ApiError {
        ApiError {
            code: "command",
            ..ApiError::from(error.clone())
        }
    }
}

impl From<ScenarioError> for ApiError {
    fn from(error: ScenarioError) -> ApiError {
        let (code, place) = match &error.problem {
            ScenarioProblem::TooLarge { .. } => ("too-large", None),
            ScenarioProblem::NotJson { line, column, .. } => ("syntax", Some((*line, *column))),
            ScenarioProblem::Text { line, column, .. } => ("syntax", Some((*line, *column))),
            ScenarioProblem::Script { error, .. } => ("script", Some((error.line, error.column))),
            ScenarioProblem::NewerVersion { .. } => ("newer", None),
            ScenarioProblem::Broker { .. } => ("broker", None),
            ScenarioProblem::Shape { .. }
            | ScenarioProblem::NameTooLong { .. }
            | ScenarioProblem::ReservedName { .. }
            | ScenarioProblem::MissingQueue { .. }
            | ScenarioProblem::MissingExchange { .. } => ("scenario", None),
        };
        ApiError {
            code,
            message: error.to_string(),
            path: (!error.path.is_empty()).then(|| error.path.clone()),
            place,
        }
    }
}

impl From<ShareError> for ApiError {
    fn from(error: ShareError) -> ApiError {
        let code = match error {
            ShareError::Scenario(error) => return error.into(),
            ShareError::TooLong { .. } | ShareError::TooLarge { .. } => "too-large",
            ShareError::NotALink | ShareError::Damaged => "link",
            ShareError::Newer { .. } => "newer",
            ShareError::Run { .. } => "run",
        };
        ApiError::new(code, error.to_string())
    }
}

impl From<ApiError> for JsValue {
    fn from(error: ApiError) -> JsValue {
        let js = js_sys::Error::new(&error.message);
        js.set_name("MqError");
        let put = |key: &str, value: JsValue| {
            // A fresh error takes every property.
            let _ = Reflect::set(&js, &key.into(), &value);
        };
        put("code", error.code.into());
        if let Some(path) = error.path {
            put("path", path.into());
        }
        if let Some((line, column)) = error.place {
            put("line", (line as u32).into());
            put("column", (column as u32).into());
        }
        js.into()
    }
}
