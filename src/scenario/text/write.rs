//! From a [`Scenario`] to the short text form.

use crate::actors::Login;
use crate::actors::form::lines as form;
use crate::actors::script::quote;
use crate::amqp::command::ApplyTo;
use crate::amqp::{Compatibility, Table, Value};
use crate::scenario::model::{
    Localized, Scenario, ScenarioDestination, ScenarioProgram, ScenarioProgramKind,
};
use crate::scenario::{DEFAULT_PACE_MS, text};

/// The scenario as lines of text; none if something in it has no line, so that nothing is lost in silence.
pub fn write(scenario: &Scenario) -> Option<String> {
    let mut out = String::new();
    localized(&mut out, "title", &scenario.title);
    localized(&mut out, "about", &scenario.description);
    if scenario.compatibility == Compatibility::V3_10 {
        out += "rabbitmq 3.10\n";
    }
    if scenario.seed != 1 {
        out += &format!("seed {}\n", scenario.seed);
    }
    topology(&mut out, scenario)?;
    for item in &scenario.programs {
        program(&mut out, item);
    }
    for (thing, place) in scenario.layout.iter() {
        out += &format!("place {} {} {}\n", name(thing), place.x, place.y);
    }
    if !scenario.notes.is_empty() {
        out += &format!("notes {}\n", quoted(&scenario.notes));
    }
    let same = text::read(&out).is_ok_and(|read| read == *scenario);
    same.then_some(out)
}

fn localized(out: &mut String, word: &str, text: &Localized) {
    if !text.en.is_empty() {
        *out += &format!("{word} {}\n", quoted(&text.en));
    }
    if text.zh != text.en {
        *out += &format!("{word}.zh {}\n", quoted(&text.zh));
    }
}

fn topology(out: &mut String, scenario: &Scenario) -> Option<()> {
    let topology = &scenario.topology;
    for policy in &topology.policies {
        *out += &format!("policy {} {}", name(&policy.name), name(&policy.pattern));
        table(out, &policy.definition)?;
        if policy.apply_to != ApplyTo::All {
            *out += &format!(" @apply={}", policy.apply_to.as_str());
        }
        if policy.priority != 0 {
            *out += &format!(" @priority={}", policy.priority);
        }
        out.push('\n');
    }
    for exchange in &topology.exchanges {
        let (id, kind) = (name(exchange.exchange.as_str()), name(&exchange.kind));
        *out += &format!("exchange {id} {kind}");
        flag(out, exchange.durable, "durable");
        flag(out, exchange.auto_delete, "auto-delete");
        flag(out, exchange.internal, "internal");
        table(out, &exchange.arguments)?;
        out.push('\n');
    }
    for queue in &topology.queues {
        *out += &format!("queue {}", name(queue.queue.as_str()));
        flag(out, queue.durable, "durable");
        flag(out, queue.auto_delete, "auto-delete");
        table(out, &queue.arguments)?;
        out.push('\n');
    }
    for binding in &topology.bindings {
        let to = match &binding.destination {
            ScenarioDestination::Queue(queue) => name(queue.as_str()),
            ScenarioDestination::Exchange(exchange) => {
                format!("exchange {}", name(exchange.as_str()))
            }
        };
        *out += &format!("bind {} -> {to}", name(binding.source.as_str()));
        let key = binding.routing_key.as_str()?;
        if !key.is_empty() {
            *out += &format!(" key={}", value_text(key));
        }
        table(out, &binding.arguments)?;
        out.push('\n');
    }
    Some(())
}

fn program(out: &mut String, program: &ScenarioProgram) {
    let word = match program.kind {
        ScenarioProgramKind::Producer => "producer",
        ScenarioProgramKind::Consumer => "consumer",
        ScenarioProgramKind::Program => "program",
    };
    *out += &format!("{word} {}", name(&program.name));
    if program.colour != 0 {
        *out += &format!(" colour={}", program.colour);
    }
    let usual = if program.form.is_some() {
        0
    } else {
        DEFAULT_PACE_MS
    };
    if program.pace_ms != usual {
        *out += &format!(" pace={}ms", program.pace_ms);
    }
    match program.start_after_ms {
        Some(0) => {}
        Some(ms) => *out += &format!(" after={ms}ms"),
        None => *out += " after=never",
    }
    let known = Login::default();
    if program.login.user != known.user {
        *out += &format!(" user={}", value_text(program.login.user.as_str()));
    }
    if program.login.vhost != known.vhost {
        *out += &format!(" vhost={}", value_text(program.login.vhost.as_str()));
    }
    out.push('\n');
    let form = program.form.as_ref().map(form::write);
    for line in form.as_ref().unwrap_or(&program.script) {
        *out += &format!("  {line}\n");
    }
}

fn flag(out: &mut String, stands: bool, word: &str) {
    if stands {
        out.push(' ');
        *out += word;
    }
}

fn table(out: &mut String, table: &Table) -> Option<()> {
    for (key, value) in &table.0 {
        let key = key.as_str()?;
        let plain = key
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.'));
        let key = if plain { key.to_string() } else { quoted(key) };
        *out += &format!(" {key}={}", argument(value)?);
    }
    Some(())
}

fn argument(value: &Value) -> Option<String> {
    Some(match value {
        Value::I32(number) => number.to_string(),
        Value::I64(number) if i32::try_from(*number).is_err() => number.to_string(),
        Value::Bool(flag) => flag.to_string(),
        Value::Void => String::new(),
        Value::F64(number) if number.fract() != 0.0 => number.to_string(),
        Value::LongString(bytes) => {
            let text = std::str::from_utf8(bytes).ok()?;
            // A word that looks like something else stands in quotes.
            let is_word =
                text.starts_with(|c: char| c.is_alphabetic()) && !matches!(text, "true" | "false");
            if is_word {
                value_text(text)
            } else {
                quoted(text)
            }
        }
        _ => return None,
    })
}

/// A name on its own: bare if it can be and means nothing else.
fn name(text: &str) -> String {
    let is_flag = text.chars().all(|c| c.is_alphanumeric() || c == '-') && quote(text) != text;
    if is_flag || text.starts_with('#') || text == "->" {
        return quoted(text);
    }
    value_text(text)
}

/// What stands after `=`.
fn value_text(text: &str) -> String {
    if !text.is_empty() && text.chars().all(is_plain) {
        text.to_string()
    } else {
        quoted(text)
    }
}

fn is_plain(c: char) -> bool {
    !c.is_whitespace() && !c.is_control() && !matches!(c, '"' | '\'' | ';' | '=' | '\\')
}

fn quoted(text: &str) -> String {
    let escaped = text
        .replace('\\', "\\\\")
        .replace('"', "\\\"")
        .replace('\n', "\\n")
        .replace('\r', "\\r")
        .replace('\t', "\\t");
    format!("\"{escaped}\"")
}
