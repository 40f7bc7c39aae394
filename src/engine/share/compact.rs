//! The JSON inside a link: without blanks and without what is as it is without being said.

use serde_json::{Map, Value as Json, json};

use super::run::Run;
use super::{ShareError, Shared};
use crate::scenario::node::Node;
use crate::scenario::{Scenario, ScenarioError};

/// The scenario in few characters, in each form that can say all of it.
pub fn forms(scenario: &Scenario) -> Vec<String> {
    let rounded = rounded(scenario);
    let mut forms = vec![value(&rounded).to_string()];
    forms.extend(rounded.to_text());
    forms
}

/// Nobody sees a tenth of a pixel.
fn rounded(scenario: &Scenario) -> Scenario {
    let mut rounded = scenario.clone();
    for (_, place) in rounded.layout.iter_mut() {
        (place.x, place.y) = (place.x.round(), place.y.round());
    }
    rounded
}

fn value(rounded: &Scenario) -> Json {
    let text = rounded.to_json();
    // The writer writes JSON.
    let mut full: Json = serde_json::from_str(&text).unwrap_or_default();
    whole_numbers(&mut full);
    let mut short = full.clone();
    prune(&mut short);
    let same = Scenario::parse(&short.to_string()).is_ok_and(|read| read == *rounded);
    if same { short } else { full }
}

/// `80.0` becomes `80`.
fn whole_numbers(json: &mut Json) {
    let Some(layout) = json.get_mut("layout").and_then(Json::as_object_mut) else {
        return;
    };
    for place in layout.values_mut().filter_map(Json::as_array_mut).flatten() {
        if let Some(number) = place.as_f64() {
            *place = json!(number as i64);
        }
    }
}

/// Takes out what a reader puts in by itself. Arguments are the person's own: they stay as they are.
fn prune(json: &mut Json) {
    match json {
        Json::Object(fields) => {
            shorten(fields);
            for (key, field) in fields.iter_mut() {
                if key != "arguments" && key != "definition" {
                    prune(field);
                }
            }
            fields.retain(|key, field| !goes_without_saying(key, field));
        }
        Json::Array(items) => items.iter_mut().for_each(prune),
        _ => {}
    }
}

/// A text that is the same in both languages is said once.
fn shorten(fields: &mut Map<String, Json>) {
    for key in ["title", "description"] {
        let Some(text) = fields.get_mut(key) else {
            continue;
        };
        if text.get("en").is_some() && text.get("en") == text.get("zh") {
            *text = text["en"].take();
        }
    }
}

fn goes_without_saying(key: &str, field: &Json) -> bool {
    match (key, field) {
        ("version", _) => false,
        ("seed", seed) => *seed == json!(1),
        ("compatibility", version) => *version == json!("4"),
        ("paceMs", pace) => *pace == json!(600),
        ("colour" | "startAfterMs", number) => *number == json!(0),
        ("kind", kind) => *kind == json!("program"),
        ("script", _) => false,
        (_, Json::Bool(flag)) => !flag,
        (_, Json::String(text)) => text.is_empty(),
        (_, Json::Array(items)) => items.is_empty(),
        (_, Json::Object(fields)) => fields.is_empty(),
        (_, Json::Null | Json::Number(_)) => false,
    }
}

/// A scenario and a run.
pub fn with_run(scenario: &Scenario, run: &Run) -> Result<String, ShareError> {
    let rounded = rounded(scenario);
    let scenario = match rounded.to_text() {
        Some(text) => Json::String(text),
        None => value(&rounded),
    };
    Ok(json!({ "s": scenario, "r": run.to_json()? }).to_string())
}

/// Reads what [`with_run`] writes.
pub fn read_with_run(text: &str) -> Result<Shared, ShareError> {
    let json: Json = serde_json::from_str(text).map_err(|_| ShareError::Damaged)?;
    let root = Node::root(&json);
    let object = root.object(&["s", "r"])?;
    let scenario = match object.need("s")?.value() {
        Json::String(text) => text.clone(),
        json => json.to_string(),
    };
    let run = object.need("r")?;
    let run = Run::from_json(&run).map_err(|error: ScenarioError| ShareError::Run {
        reason: error.to_string(),
    })?;
    Ok(Shared {
        scenario: Scenario::parse_any(&scenario)?,
        run: Some(run),
    })
}
