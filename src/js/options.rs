//! What an element asks for when it starts a playground.

use serde_json::Value;
use wasm_bindgen::JsValue;

use crate::amqp;
use crate::engine::share::ShareError;
use crate::engine::{Engine, WorldEvent, share};
use crate::js::error::ApiError;
use crate::js::value::take;
use crate::machine::SimTime;
use crate::scenario::{Scenario, catalog};
use crate::ui::amqp::files;
use crate::ui::app::Start;
use crate::ui::driver::EMPTY;
use crate::ui::store::Theme;
use crate::ui::text::{Lang, fill_plain};

/// How far `until` goes at most, when it counts messages.
const MOST_STEPS: u32 = 200_000;

/// The options, read.
pub struct Options {
    pub lang: Lang,
    pub theme: Theme,
    pub start: Start,
    pub is_demo: bool,
    pub speed: Option<f64>,
    pub until: Option<SimTime>,
    /// The name of a built-in scenario.
    pub slug: Option<String>,
    /// Anything else, ready to run.
    pub engine: Option<Engine>,
}

impl Options {
    /// Reads them; a scenario or link with a fault is refused.
    pub fn read(options: JsValue) -> Result<Options, ApiError> {
        let options = take(options)?;
        let text = |key: &str| options.get(key).and_then(Value::as_str);
        let lang = text("lang").and_then(Lang::parse).unwrap_or_default();
        let (slug, engine) = opening(&options, lang)?;
        let until = match text("until") {
            Some(until) => read_until(until, slug.as_deref(), engine.as_ref())?,
            None => None,
        };
        Ok(Options {
            lang,
            theme: theme(text("theme")),
            start: match text("start") {
                Some("auto" | "visible") => Start::Auto,
                Some(_) | None => Start::Manual,
            },
            is_demo: text("mode") == Some("demo"),
            speed: text("speed").and_then(|speed| speed.parse().ok()),
            until,
            slug,
            engine,
        })
    }
}

/// Day, night, or as the system has it.
pub fn theme(name: Option<&str>) -> Theme {
    match name {
        Some("light") => Theme::Light,
        Some("dark") => Theme::Dark,
        Some(_) | None => Theme::Auto,
    }
}

/// What it begins with: a link, a text, or the name of a built-in scenario.
fn opening(options: &Value, lang: Lang) -> Result<(Option<String>, Option<Engine>), ApiError> {
    let text = |key: &str| options.get(key).and_then(Value::as_str);
    let seed = text("seed").and_then(|seed| seed.parse::<u64>().ok());
    if let Some(token) = text("state") {
        return match built_in(token) {
            true => Ok((Some(token.to_string()), None)),
            false => {
                let opened = share::read(token).and_then(|shared| share::open(&shared));
                Ok((None, Some(opened.map_err(|error| told(error, lang))?)))
            }
        };
    }
    let scenario = match (text("text"), text("scenario")) {
        (Some(text), _) => {
            Some(Scenario::parse_any(text).map_err(|error| told(error.into(), lang))?)
        }
        (None, Some(slug)) => {
            if !built_in(slug) {
                return Err(unknown(slug));
            }
            let entry = catalog::find(slug).filter(|_| seed.is_some());
            entry
                .map(|entry| Scenario::parse(entry.json()))
                .transpose()?
        }
        (None, None) => None,
    };
    let Some(mut scenario) = scenario else {
        return Ok((text("scenario").map(str::to_string), None));
    };
    if let Some(seed) = seed {
        scenario.seed = seed;
    }
    let engine = Engine::load(&scenario).map_err(|error| told(error.into(), lang))?;
    Ok((None, Some(engine)))
}

/// The error, in the language of the page.
fn told(error: ShareError, lang: Lang) -> ApiError {
    let t = lang.embed();
    let message = match &error {
        ShareError::Scenario(error) => files::tell(error, t.the_scenario, lang),
        ShareError::NotALink => t.link_none.to_string(),
        ShareError::TooLong { characters, limit } => fill_plain(t.link_long, &[characters, limit]),
        ShareError::Newer { version } => fill_plain(t.link_newer, &[version, &share::VERSION]),
        ShareError::Damaged => t.link_damaged.to_string(),
        ShareError::TooLarge { limit } => fill_plain(t.link_large, &[limit]),
        ShareError::Run { reason } => fill_plain(t.link_run, &[reason]),
    };
    ApiError {
        message,
        ..ApiError::from(error)
    }
}

/// Whether a scenario of that name comes with the page.
pub fn built_in(slug: &str) -> bool {
    slug == EMPTY || catalog::find(slug).is_some()
}

/// There is no such scenario.
pub fn unknown(slug: &str) -> ApiError {
    let known = catalog::CATALOG.iter().map(|entry| entry.slug);
    let known = known.collect::<Vec<_>>().join(", ");
    let start: String = slug.chars().take(40).collect();
    let message =
        format!("There is no built-in scenario \"{start}\". There are: {known}, {EMPTY}.");
    ApiError::new("unknown-scenario", message)
}

/// `5000` or `5000ms`: that moment. `20 messages`: the moment of the twentieth publish of a run without a person.
fn read_until(
    until: &str,
    slug: Option<&str>,
    engine: Option<&Engine>,
) -> Result<Option<SimTime>, ApiError> {
    let until = until.trim();
    if let Ok(ms) = until.trim_end_matches("ms").trim().parse() {
        return Ok(Some(SimTime(ms)));
    }
    let count = until
        .strip_suffix("messages")
        .map(|n| n.trim().parse::<u64>());
    let Some(Ok(count)) = count else {
        let message = format!("until=\"{until}\" is neither milliseconds nor \"20 messages\".");
        return Err(ApiError::new("option", message));
    };
    let scenario = match (engine, slug.and_then(catalog::find)) {
        (Some(engine), _) => (**engine.origin()).clone(),
        (None, Some(entry)) => Scenario::parse(entry.json())?,
        (None, None) => Scenario::parse(catalog::CATALOG[0].json())?,
    };
    Ok(moment_of(&scenario, count))
}

fn moment_of(scenario: &Scenario, count: u64) -> Option<SimTime> {
    let mut trial = Engine::load(scenario).ok()?;
    let mut seen = 0;
    for _ in 0..MOST_STEPS {
        if !trial.has_next() {
            break;
        }
        for step in trial.step_one().steps {
            let published = step
                .events
                .iter()
                .filter(|event| matches!(event, WorldEvent::Broker(amqp::Event::Published { .. })));
            seen += published.count() as u64;
            if seen >= count {
                return Some(step.at);
            }
        }
    }
    None
}
