//! Values of the language: numbers, durations, table entries.

use super::lexer::Text;
use crate::amqp::{Table, Value};

/// The value of a table entry.
pub fn value(text: &Text) -> Value {
    if text.quoted {
        return Value::from(text.text.as_str());
    }
    if text.text.is_empty() {
        return Value::Void;
    }
    if let Ok(number) = text.text.parse::<i32>() {
        return Value::I32(number);
    }
    if let Ok(number) = text.text.parse::<i64>() {
        return Value::I64(number);
    }
    if let Some(items) = list_items(&text.text) {
        return Value::Array(items);
    }
    match text.text.as_str() {
        "true" => Value::Bool(true),
        "false" => Value::Bool(false),
        word => match number_with_point(word) {
            Some(number) => Value::F64(number),
            None => Value::from(word),
        },
    }
}

/// `[a,b]` is an array of two.
fn list_items(text: &str) -> Option<Vec<Value>> {
    let inside = text.strip_prefix('[')?.strip_suffix(']')?;
    if inside.is_empty() {
        return Some(Vec::new());
    }
    let item = |text: &str| {
        value(&Text {
            text: text.to_string(),
            quoted: false,
        })
    };
    Some(inside.split(',').map(item).collect())
}

/// Only digits with a point are a number: `inf`, `nan` and `1e5` are words.
fn number_with_point(word: &str) -> Option<f64> {
    let plain = word
        .chars()
        .all(|c| c.is_ascii_digit() || matches!(c, '.' | '-'));
    if plain && word.contains('.') && word.ends_with(|c: char| c.is_ascii_digit()) {
        return word.parse().ok();
    }
    None
}

/// `500ms`, `2s`, `1.5s`, `1m` in milliseconds.
pub fn duration_ms(text: &str) -> Option<u64> {
    let split = text.find(|c: char| c.is_ascii_alphabetic())?;
    let (number, unit) = text.split_at(split);
    let factor = match unit {
        "ms" => 1.0,
        "s" => 1_000.0,
        "m" | "min" => 60_000.0,
        "h" => 3_600_000.0,
        _ => return None,
    };
    if number.is_empty() || !number.chars().all(|c| c.is_ascii_digit() || c == '.') {
        return None;
    }
    let ms = number.parse::<f64>().ok()? * factor;
    (ms <= 1e12).then_some(ms.round() as u64)
}

/// Adds an entry whose value may be a duration (arguments that RabbitMQ counts in milliseconds).
pub fn push_ms(table: &mut Table, key: &str, text: &Text) {
    let entry = match duration_ms(&text.text) {
        Some(ms) if !text.quoted => i32::try_from(ms).map_or(
            Value::I64(i64::try_from(ms).unwrap_or(i64::MAX)),
            Value::I32,
        ),
        _ => value(text),
    };
    table.push(key, entry);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_has_the_type_it_looks_like() {
        let bare = |text: &str| {
            value(&Text {
                text: text.to_string(),
                quoted: false,
            })
        };
        assert_eq!(bare("5"), Value::I32(5));
        assert_eq!(bare("-5000000000"), Value::I64(-5_000_000_000));
        assert_eq!(bare("1.5"), Value::F64(1.5));
        assert_eq!(bare("1.2.3"), Value::from("1.2.3"));
        assert_eq!(bare("true"), Value::Bool(true));
        assert_eq!(bare(""), Value::Void);
        assert_eq!(bare("nan"), Value::from("nan"));
        let quoted = Text {
            text: "5".to_string(),
            quoted: true,
        };
        assert_eq!(value(&quoted), Value::from("5"));
    }

    #[test]
    fn a_duration_has_a_unit() {
        assert_eq!(duration_ms("800ms"), Some(800));
        assert_eq!(duration_ms("1.5s"), Some(1_500));
        assert_eq!(duration_ms("2m"), Some(120_000));
        assert_eq!(duration_ms("5"), None);
        assert_eq!(duration_ms("s"), None);
        assert_eq!(duration_ms("1e9s"), None);
    }
}
