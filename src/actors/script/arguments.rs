//! Values of the language: numbers, durations, table entries.

use super::lexer::Text;
use crate::actors::chance::{Delay, MAX_DELAY_MS};
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

/// `500ms`, `100ms..300ms`, `exp(200ms)`, `normal(200ms,50ms)`; at most a day.
pub fn delay(text: &str) -> Option<Delay> {
    let inside = |function: &str| text.strip_prefix(function)?.strip_suffix(')');
    let delay = if let Some(mean) = inside("exp(") {
        Delay::Exponential(duration_ms(mean)?)
    } else if let Some(both) = inside("normal(") {
        let (mean, deviation) = both.split_once(',')?;
        Delay::Normal {
            mean: duration_ms(mean)?,
            deviation: duration_ms(deviation)?,
        }
    } else if let Some((least, most)) = text.split_once("..") {
        Delay::Range(duration_ms(least)?, duration_ms(most)?)
    } else {
        Delay::Fixed(duration_ms(text)?)
    };
    let longest = match delay {
        Delay::Fixed(ms) | Delay::Exponential(ms) => ms,
        Delay::Range(a, b) => a.max(b),
        Delay::Normal { mean, deviation } => mean.max(deviation),
    };
    (longest <= MAX_DELAY_MS).then_some(delay)
}

/// `5%`, `0.5%` in thousandths.
pub fn per_mille(text: &str) -> Option<u16> {
    let number = text.strip_suffix('%')?;
    let plain = number.chars().all(|c| c.is_ascii_digit() || c == '.');
    let percent: f64 = plain.then(|| number.parse().ok())??;
    (percent <= 100.0).then_some((percent * 10.0).round() as u16)
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

    #[test]
    fn a_delay_may_be_drawn() {
        for text in ["0ms", "2s", "100ms..3s", "exp(250ms)", "normal(1s,40ms)"] {
            assert_eq!(delay(text).map(|d| d.to_string()).as_deref(), Some(text));
        }
        for wrong in ["", "5", "1s..", "exp(1s", "exp(1)", "normal(1s)", "40h"] {
            assert_eq!(delay(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_percentage_is_counted_in_thousandths() {
        assert_eq!(per_mille("12.5%"), Some(125));
        assert_eq!(per_mille("100%"), Some(1_000));
        for wrong in ["5", "101%", "-1%", "%", "1e1%"] {
            assert_eq!(per_mille(wrong), None, "{wrong}");
        }
    }
}
