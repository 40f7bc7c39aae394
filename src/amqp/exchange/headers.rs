//! The headers exchange: all or any of the binding's headers must be in the message (semantics 8.7).

use crate::amqp::broker::Compatibility;
use crate::amqp::exception::Exception;
use crate::amqp::message::{Table, Value};
use crate::amqp::protocol::ReplyCode;
use crate::amqp::view::{HeaderVerdict, HeaderWhy, Why};

/// x-match.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Match {
    All,
    Any,
    AllWithX,
    AnyWithX,
}

impl Match {
    /// The x-match of a binding's arguments; `all` when absent. The error is RabbitMQ's.
    pub(super) fn parse(arguments: &Table) -> Result<Match, Exception> {
        let refuse = |text: String| Err(Exception::channel(ReplyCode::PreconditionFailed, text));
        match arguments.get("x-match") {
            None => Ok(Match::All),
            Some(Value::LongString(word)) => match &**word {
                b"all" => Ok(Match::All),
                b"any" => Ok(Match::Any),
                b"all-with-x" => Ok(Match::AllWithX),
                b"any-with-x" => Ok(Match::AnyWithX),
                other => refuse(format!(
                    "Invalid x-match field value {}; expected all, any, all-with-x, or any-with-x",
                    crate::amqp::exception::erlang_binary(other)
                )),
            },
            Some(other) => refuse(format!(
                "Invalid x-match field type {} (value {}); expected longstr",
                other.type_name(),
                crate::amqp::exception::erlang_term(other)
            )),
        }
    }

    fn as_str(self) -> &'static str {
        match self {
            Match::All => "all",
            Match::Any => "any",
            Match::AllWithX => "all-with-x",
            Match::AnyWithX => "any-with-x",
        }
    }

    pub(super) fn wants_all(self) -> bool {
        match self {
            Match::All | Match::AllWithX => true,
            Match::Any | Match::AnyWithX => false,
        }
    }

    /// Whether a binding's header takes part in the comparison.
    pub(super) fn looks_at(self, name: &[u8]) -> bool {
        match self {
            Match::All | Match::Any => !name.starts_with(b"x-"),
            Match::AllWithX | Match::AnyWithX => name != b"x-match",
        }
    }
}

/// How the values of the binding and of the message compare.
fn equal(pattern: &Value, value: &Value, compatibility: Compatibility) -> bool {
    if let (Some(a), Some(b)) = (pattern.as_integer(), value.as_integer()) {
        return a == b;
    }
    match (pattern, value) {
        (Value::LongString(a) | Value::Bytes(a), Value::LongString(b) | Value::Bytes(b)) => a == b,
        (Value::Timestamp(a), Value::Timestamp(b)) => a == b,
        (Value::F32(_) | Value::F64(_), Value::F32(_) | Value::F64(_)) => {
            float(pattern) == float(value)
        }
        // D3: 3.10 compares with Erlang's `==`, for which 1 == 1.0.
        (Value::F32(_) | Value::F64(_), _) | (_, Value::F32(_) | Value::F64(_)) => {
            compatibility == Compatibility::V3_10
                && float(pattern).is_some()
                && float(pattern) == float(value)
        }
        _ => pattern == value,
    }
}

pub(super) fn float(value: &Value) -> Option<f64> {
    match value {
        Value::F32(number) => Some(f64::from(*number)),
        Value::F64(number) => Some(*number),
        Value::Timestamp(seconds) => Some(*seconds as f64),
        other => other.as_integer().map(|number| number as f64),
    }
}

fn verdict(
    name: &[u8],
    pattern: &Value,
    headers: &Table,
    compatibility: Compatibility,
) -> HeaderVerdict {
    let found = headers
        .0
        .iter()
        .find(|(header, _)| header.as_bytes() == name);
    match (found, pattern) {
        (None, _) => HeaderVerdict::Missing,
        // A void value in the binding asks only whether the header is there.
        (Some(_), Value::Void) => HeaderVerdict::Equal,
        (Some((_, value)), pattern) if equal(pattern, value, compatibility) => HeaderVerdict::Equal,
        (Some(_), _) => HeaderVerdict::Differs,
    }
}

/// Whether a binding with these arguments lets a message with these headers through.
pub(super) fn matches(
    mode: Match,
    arguments: &Table,
    headers: &Table,
    compatibility: Compatibility,
) -> bool {
    let mut verdicts = arguments
        .0
        .iter()
        .filter(|(name, _)| mode.looks_at(name.as_bytes()))
        .map(|(name, pattern)| {
            verdict(name.as_bytes(), pattern, headers, compatibility) == HeaderVerdict::Equal
        });
    if mode.wants_all() {
        verdicts.all(|equal| equal)
    } else {
        verdicts.any(|equal| equal)
    }
}

/// What each header of the binding found.
pub(super) fn explain(
    mode: Match,
    arguments: &Table,
    headers: &Table,
    compatibility: Compatibility,
) -> Why {
    let fields = arguments
        .0
        .iter()
        .filter(|(name, _)| name.as_bytes() != b"x-match")
        .map(|(name, pattern)| HeaderWhy {
            name: name.to_string(),
            verdict: match mode.looks_at(name.as_bytes()) {
                true => verdict(name.as_bytes(), pattern, headers, compatibility),
                false => HeaderVerdict::Skipped,
            },
        })
        .collect();
    Why::Headers {
        mode: mode.as_str(),
        fields,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_four_modes_of_x_match() {
        let headers = Table::new().with("a", 1).with("x-b", 2);
        for (mode, arguments, expected) in [
            (Match::All, Table::new(), true),
            (Match::Any, Table::new(), false),
            (Match::All, Table::new().with("a", 1).with("x-b", 9), true),
            (
                Match::AllWithX,
                Table::new().with("a", 1).with("x-b", 9),
                false,
            ),
            (Match::Any, Table::new().with("a", 9).with("x-b", 2), false),
            (
                Match::AnyWithX,
                Table::new().with("a", 9).with("x-b", 2),
                true,
            ),
            (Match::All, Table::new().with("a", 1).with("c", 1), false),
            (Match::All, Table(vec![("a".into(), Value::Void)]), true),
        ] {
            assert_eq!(
                matches(mode, &arguments, &headers, Compatibility::V4),
                expected,
                "{mode:?} {arguments:?}"
            );
        }
    }

    #[test]
    fn one_equals_one_point_zero_in_3_10_only() {
        // Semantics D3.
        let arguments = Table(vec![("a".into(), Value::F64(1.0))]);
        let headers = Table::new().with("a", 1);
        assert!(matches(
            Match::All,
            &arguments,
            &headers,
            Compatibility::V3_10
        ));
        assert!(!matches(
            Match::All,
            &arguments,
            &headers,
            Compatibility::V4
        ));
    }
}
