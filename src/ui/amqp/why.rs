//! Why a binding let a message through or did not, in words.

use crate::amqp::message::{Table, Value};
use crate::amqp::view::{Explanation, HeaderVerdict, HeaderWhy, TopicWord, Why};
use crate::ui::amqp::sentence::Teller;
use crate::ui::text::{Piece, Sentence, fill};

/// The sentence for one binding, for a message with `routing_key`.
pub fn tell(teller: Teller<'_>, explanation: &Explanation, routing_key: &str) -> Sentence {
    let t = teller.t;
    let to = &explanation.binding.destination;
    let pattern = &explanation.binding.routing_key;
    match &explanation.why {
        Why::Fanout => fill(t.why_fanout, &[to]),
        Why::KeysEqual => fill(t.why_equal, &[to, &routing_key]),
        Why::KeysDiffer => fill(t.why_differ, &[to, &routing_key, pattern]),
        Why::TopicMatched(words) => {
            let took = join(teller, words.iter().map(|word| topic_word(teller, word)));
            with_list(t.why_topic, &[to, &routing_key, pattern], took)
        }
        Why::TopicFailed { pattern_words: 0 } => {
            fill(t.why_topic_failed_start, &[to, &routing_key, pattern])
        }
        Why::TopicFailed { pattern_words } => fill(
            t.why_topic_failed,
            &[to, &routing_key, pattern, pattern_words],
        ),
        Why::Headers { mode, fields } => {
            let found = if fields.is_empty() {
                fill(t.why_headers_none, &[])
            } else {
                join(teller, fields.iter().map(|field| header(teller, field)))
            };
            let template = if explanation.matched {
                t.why_headers_yes
            } else {
                t.why_headers_no
            };
            with_list(template, &[to, mode], found)
        }
        Why::Hashed if explanation.matched => fill(t.why_hashed_yes, &[to]),
        Why::Hashed => fill(t.why_hashed_no, &[to]),
    }
}

/// The reason in as few words as fit on an edge.
pub fn short(teller: Teller<'_>, explanation: &Explanation, routing_key: &str) -> String {
    let pattern = explanation.binding.routing_key.to_text();
    match &explanation.why {
        Why::Headers { fields, .. } => fields
            .iter()
            .find(|field| field.verdict != HeaderVerdict::Equal)
            .map_or_else(String::new, |field| header(teller, field).to_string()),
        Why::KeysDiffer | Why::TopicFailed { .. } => format!("{routing_key} ≠ {pattern}"),
        Why::Fanout | Why::KeysEqual | Why::TopicMatched(_) | Why::Hashed => String::new(),
    }
}

fn topic_word(teller: Teller<'_>, word: &TopicWord) -> Sentence {
    if word.took.is_empty() {
        return fill(teller.t.why_topic_nothing, &[&word.pattern]);
    }
    fill(
        teller.t.why_topic_word,
        &[&word.pattern, &word.took.join(".")],
    )
}

fn header(teller: Teller<'_>, field: &HeaderWhy) -> Sentence {
    let t = teller.t;
    let template = match field.verdict {
        HeaderVerdict::Equal => t.why_header_equal,
        HeaderVerdict::Differs => t.why_header_differs,
        HeaderVerdict::Missing => t.why_header_missing,
        HeaderVerdict::Skipped => t.why_header_skipped,
    };
    fill(template, &[&field.name])
}

fn join(teller: Teller<'_>, parts: impl Iterator<Item = Sentence>) -> Sentence {
    let mut all = Sentence::default();
    for part in parts {
        if !all.0.is_empty() {
            all.0.push(Piece::Words(teller.t.list_comma.to_string()));
        }
        all.0.extend(part.0);
    }
    all
}

/// Fills a template whose last place is a list with marks of its own.
fn with_list(template: &str, values: &[&dyn std::fmt::Display], list: Sentence) -> Sentence {
    let place = format!("{{{}}}", if values.len() == 2 { 2 } else { 3 });
    let Some((before, after)) = template.split_once(&place) else {
        return fill(template, values);
    };
    let mut sentence = fill(before, values);
    sentence.0.extend(list.0);
    sentence.0.extend(fill(after, values).0);
    sentence
}

/// A table as people write it: `x-match=all, format=pdf`.
pub fn table(table: &Table) -> String {
    table
        .0
        .iter()
        .map(|(key, value)| format!("{key}={}", self::value(value)))
        .collect::<Vec<_>>()
        .join(", ")
}

/// A value as people write it.
pub fn value(value: &Value) -> String {
    match value {
        Value::LongString(bytes) | Value::Bytes(bytes) => {
            String::from_utf8_lossy(bytes).into_owned()
        }
        Value::Decimal(scale, unscaled) => format!("{unscaled}e-{scale}"),
        Value::Timestamp(seconds) => seconds.to_string(),
        Value::Table(table) => format!("{{{}}}", self::table(table)),
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(self::value).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Bool(yes) => yes.to_string(),
        Value::F32(number) => number.to_string(),
        Value::F64(number) => number.to_string(),
        Value::Void => "void".to_string(),
        Value::I8(_)
        | Value::U8(_)
        | Value::I16(_)
        | Value::U16(_)
        | Value::I32(_)
        | Value::U32(_)
        | Value::I64(_) => value
            .as_integer()
            .map_or_else(String::new, |n| n.to_string()),
    }
}
