//! A queue's arguments: which are allowed, what they must be, when two declarations are the same (semantics 7.5 to 7.10).

use crate::amqp::broker::Compatibility;
use crate::amqp::exception::{Exception, erlang_term};
use crate::amqp::ids::{ExchangeName, QueueId, RoutingKey};
use crate::amqp::message::{Table, Value};
use crate::amqp::protocol::ReplyCode;
use crate::amqp::view::QueueKind;

/// What happens to a message that finds the queue full.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::amqp) enum Overflow {
    #[default]
    DropHead,
    RejectPublish,
    RejectPublishDlx,
}

/// The arguments in force: the declared ones merged with the policy's (semantics 23.2).
#[derive(Clone, Debug, Default, PartialEq)]
pub(in crate::amqp) struct Settings {
    /// Milliseconds.
    pub(in crate::amqp) message_ttl: Option<u64>,
    /// Milliseconds.
    pub(in crate::amqp) expires: Option<u64>,
    pub(in crate::amqp) max_length: Option<u64>,
    pub(in crate::amqp) max_length_bytes: Option<u64>,
    pub(in crate::amqp) overflow: Overflow,
    /// Whether the declaration said so, which a policy cannot change.
    pub(in crate::amqp) overflow_declared: bool,
    pub(in crate::amqp) dead_letter_exchange: Option<ExchangeName>,
    pub(in crate::amqp) dead_letter_routing_key: Option<RoutingKey>,
    pub(in crate::amqp) max_priority: Option<u8>,
    pub(in crate::amqp) single_active_consumer: bool,
    pub(in crate::amqp) delivery_limit: Option<i64>,
    /// Milliseconds; looked at since 4.0 (semantics 13.11).
    pub(in crate::amqp) consumer_timeout: Option<i64>,
    /// Milliseconds a stream keeps a message.
    pub(in crate::amqp) max_age: Option<u64>,
}

/// The longest time in milliseconds that RabbitMQ takes: ten years of 365 days.
const LONGEST_MS: i64 = 315_360_000_000;

/// How an argument is checked.
#[derive(Clone, Copy)]
enum Check {
    Nothing,
    Ttl,
    Expires,
    NonNegative,
    Positive,
    Priority,
    Text,
    DeadLetterKey,
    Overflow,
    Mode,
    Version,
    Bool,
    Kind,
    Strategy,
    MaxAge,
    Locator,
    SegmentSize,
}

const CLASSIC: u8 = 1;
const QUORUM: u8 = 2;
const STREAM: u8 = 4;

/// Every argument RabbitMQ knows, in the order it checks them, with the queue types that take it (semantics 7.9).
const KNOWN: [(&str, Check, u8); 22] = [
    ("x-expires", Check::Expires, CLASSIC | QUORUM),
    ("x-message-ttl", Check::Ttl, CLASSIC | QUORUM),
    ("x-dead-letter-exchange", Check::Text, CLASSIC | QUORUM),
    (
        "x-dead-letter-routing-key",
        Check::DeadLetterKey,
        CLASSIC | QUORUM,
    ),
    ("x-dead-letter-strategy", Check::Strategy, QUORUM),
    ("x-max-length", Check::NonNegative, CLASSIC | QUORUM),
    (
        "x-max-length-bytes",
        Check::NonNegative,
        CLASSIC | QUORUM | STREAM,
    ),
    ("x-max-in-memory-length", Check::NonNegative, QUORUM),
    ("x-max-in-memory-bytes", Check::NonNegative, QUORUM),
    ("x-max-priority", Check::Priority, CLASSIC),
    ("x-overflow", Check::Overflow, CLASSIC | QUORUM),
    ("x-queue-mode", Check::Mode, CLASSIC),
    ("x-queue-version", Check::Version, CLASSIC),
    ("x-single-active-consumer", Check::Bool, CLASSIC | QUORUM),
    ("x-queue-type", Check::Kind, CLASSIC | QUORUM | STREAM),
    ("x-quorum-initial-group-size", Check::Positive, QUORUM),
    ("x-max-age", Check::MaxAge, STREAM),
    (
        "x-stream-max-segment-size-bytes",
        Check::SegmentSize,
        STREAM,
    ),
    ("x-initial-cluster-size", Check::Positive, STREAM),
    ("x-queue-leader-locator", Check::Locator, QUORUM | STREAM),
    ("x-delivery-limit", Check::Nothing, QUORUM),
    ("x-queue-master-locator", Check::Nothing, CLASSIC),
];

/// Whether queues of this type take an argument; since 4.0 a classic one has a leader too (asked of a live 4.0.5).
fn takes(kind: QueueKind, name: &str, kinds: u8, compatibility: Compatibility) -> bool {
    let is_new = compatibility >= Compatibility::V4
        && name == "x-queue-leader-locator"
        && kind == QueueKind::Classic;
    is_new || kinds & bit(kind) != 0
}

/// The queue type that the arguments ask for; an unknown one is refused when the arguments are checked.
pub(in crate::amqp) fn kind(arguments: &Table) -> QueueKind {
    match arguments
        .get("x-queue-type")
        .and_then(|value| value.as_str())
    {
        Some("quorum") => QueueKind::Quorum,
        Some("stream") => QueueKind::Stream,
        _ => QueueKind::Classic,
    }
}

fn bit(kind: QueueKind) -> u8 {
    match kind {
        QueueKind::Classic => CLASSIC,
        QueueKind::Quorum => QUORUM,
        QueueKind::Stream => STREAM,
    }
}

/// The module name by which RabbitMQ calls a queue type in reply texts.
pub(in crate::amqp) fn module_name(kind: QueueKind) -> &'static str {
    match kind {
        QueueKind::Classic => "rabbit_classic_queue",
        QueueKind::Quorum => "rabbit_quorum_queue",
        QueueKind::Stream => "rabbit_stream_queue",
    }
}

/// `queue 'q' in vhost '/'`
pub(in crate::amqp) fn described(queue: &QueueId) -> String {
    format!("queue '{}' in vhost '{}'", queue.as_str(), queue.vhost())
}

/// Refuses wrong arguments as RabbitMQ does: first the type itself, then what this type does not take, then values
/// (asked of a live 3.10.8 and a live 4.0.5).
pub(in crate::amqp) fn validate(
    queue: &QueueId,
    arguments: &Table,
    compatibility: Compatibility,
) -> Result<(), Exception> {
    let refuse = |text| Err(Exception::channel(ReplyCode::PreconditionFailed, text));
    let is_type = |(_, check, _): &&(&str, Check, u8)| matches!(check, Check::Kind);
    validate_values(queue, arguments, KNOWN.iter().filter(is_type))?;
    let kind = kind(arguments);
    for (name, _, kinds) in KNOWN {
        if arguments.get(name).is_some() && !takes(kind, name, kinds, compatibility) {
            return refuse(format!(
                "invalid arg '{name}' for {} of queue type {}",
                described(queue),
                module_name(kind)
            ));
        }
    }
    validate_values(queue, arguments, KNOWN.iter())?;
    let is_filter_size =
        |value: &Value| value.as_integer().is_some_and(|n| (16..=255).contains(&n));
    if kind == QueueKind::Stream
        && compatibility >= Compatibility::V4
        && let Some(size) = arguments.get("x-stream-filter-size-bytes")
        && !is_filter_size(size)
    {
        return refuse("Invalid value for  x-stream-filter-size-bytes".to_string());
    }
    // 3.10 looks the name up when it makes the queue, and stumbles over one that it does not know.
    let known = ["min-masters", "client-local", "random"];
    match arguments.get("x-queue-master-locator") {
        Some(value)
            if compatibility < Compatibility::V4
                && !value.as_str().is_some_and(|name| known.contains(&name)) =>
        {
            Err(Exception::crash())
        }
        Some(_) | None => Ok(()),
    }
}

fn validate_values<'a>(
    queue: &QueueId,
    arguments: &Table,
    known: impl Iterator<Item = &'a (&'a str, Check, u8)>,
) -> Result<(), Exception> {
    let refuse = |text| Err(Exception::channel(ReplyCode::PreconditionFailed, text));
    for (name, check, _) in known {
        let Some(value) = arguments.get(name) else {
            continue;
        };
        if let (Check::MaxAge, Value::LongString(age)) = (check, value)
            && is_no_age(age)
        {
            return Err(Exception::crash());
        }
        if let Err(reason) = check_value(*check, value, arguments) {
            return refuse(format!(
                "invalid arg '{name}' for {}: {reason}",
                described(queue)
            ));
        }
    }
    Ok(())
}

/// The reason a value is refused, as RabbitMQ prints it.
fn check_value(check: Check, value: &Value, arguments: &Table) -> Result<(), String> {
    match check {
        Check::Nothing => Ok(()),
        Check::Ttl => milliseconds(value),
        Check::Expires => match value.as_integer() {
            Some(0) => Err("{value_zero,0}".to_string()),
            _ => milliseconds(value),
        },
        Check::NonNegative => non_negative(value).map(|_| ()),
        Check::Positive => match non_negative(value)? {
            0 => Err("{value_zero,0}".to_string()),
            _ => Ok(()),
        },
        Check::Priority => match non_negative(value)? {
            256.. => Err(format!("{{max_value_exceeded,{}}}", erlang_term(value))),
            _ => Ok(()),
        },
        Check::Text => text(value).map(|_| ()),
        Check::DeadLetterKey => {
            text(value)?;
            match arguments.get("x-dead-letter-exchange") {
                Some(_) => Ok(()),
                None => Err("routing_key_but_no_dlx_defined".to_string()),
            }
        }
        Check::Overflow => one_of(
            value,
            &["drop-head", "reject-publish", "reject-publish-dlx"],
            |_| "invalid_overflow".to_string(),
        ),
        Check::Mode => one_of(value, &["default", "lazy"], |mode| {
            format!("\"unsupported queue mode '{mode}'\"")
        }),
        Check::Version => match value.as_integer() {
            Some(1 | 2) => Ok(()),
            Some(_) => Err(format!(
                "\"unsupported queue version '{}'\"",
                erlang_term(value)
            )),
            None => Err(format!("\"expected integer, got {}\"", value.type_name())),
        },
        Check::Bool => match value {
            Value::Bool(_) => Ok(()),
            other => Err(unacceptable(other)),
        },
        Check::Kind => match value {
            Value::LongString(_) => one_of(value, &["classic", "quorum", "stream"], |kind| {
                format!("\"unsupported queue type '{kind}'\"")
            }),
            other => Err(unacceptable(other)),
        },
        Check::Strategy => one_of(value, &["at-most-once", "at-least-once"], |_| {
            "invalid_dlx_strategy".to_string()
        }),
        Check::MaxAge => {
            let age = text(value)?;
            max_age(&String::from_utf8_lossy(age))
                .map(|_| ())
                .ok_or_else(|| "invalid_max_age".to_string())
        }
        Check::Locator => {
            let names = ["client-local", "random", "least-leaders", "balanced"];
            one_of(value, &names, |_| "invalid_queue_locator_arg".to_string())
        }
        Check::SegmentSize => match non_negative(value)? {
            3_000_000_001.. => Err(format!("{{max_value_exceeded,{}}}", erlang_term(value))),
            _ => Ok(()),
        },
    }
}

fn unacceptable(value: &Value) -> String {
    format!("{{unacceptable_type,{}}}", value.type_name())
}

fn integer(value: &Value) -> Result<i64, String> {
    value
        .as_integer()
        .ok_or_else(|| format!("\"expected integer, got {}\"", value.type_name()))
}

fn non_negative(value: &Value) -> Result<i64, String> {
    match integer(value)? {
        number @ 0.. => Ok(number),
        number => Err(format!("{{value_negative,{number}}}")),
    }
}

fn milliseconds(value: &Value) -> Result<(), String> {
    match non_negative(value)? {
        number if number > LONGEST_MS => Err(format!("{{value_too_large,{number}}}")),
        _ => Ok(()),
    }
}

fn text(value: &Value) -> Result<&[u8], String> {
    match value {
        Value::LongString(bytes) => Ok(bytes),
        other => Err(unacceptable(other)),
    }
}

fn one_of(value: &Value, allowed: &[&str], refuse: impl Fn(&str) -> String) -> Result<(), String> {
    let bytes = text(value)?;
    match allowed.iter().any(|word| word.as_bytes() == bytes) {
        true => Ok(()),
        false => Err(refuse(&String::from_utf8_lossy(bytes))),
    }
}

/// A text without a number at its start: RabbitMQ stumbles over it where it expects an age (aq check_max_age).
pub(in crate::amqp) fn is_no_age(text: &[u8]) -> bool {
    !text.first().is_some_and(u8::is_ascii_digit)
}

/// `[0-9]+[YMDhms]` in milliseconds, above zero.
pub(in crate::amqp) fn max_age(text: &str) -> Option<u64> {
    let unit_ms = match text.chars().last()? {
        'Y' => 365 * 86_400_000,
        'M' => 30 * 86_400_000,
        'D' => 86_400_000,
        'h' => 3_600_000,
        'm' => 60_000,
        's' => 1_000,
        _ => return None,
    };
    let digits = &text[..text.len() - 1];
    let all_digits = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    all_digits
        .then(|| digits.parse::<u64>().ok()?.checked_mul(unit_ms))
        .flatten()
        .filter(|ms| *ms > 0)
}

/// The arguments, parsed. They were validated before.
pub(in crate::amqp) fn settings(
    kind: QueueKind,
    arguments: &Table,
    compatibility: Compatibility,
) -> Settings {
    let number = |name: &str| arguments.get(name).and_then(|value| value.as_integer());
    let count = |name: &str| number(name).and_then(|value| u64::try_from(value).ok());
    let word = |name: &str| arguments.get(name).and_then(|value| value.as_str());
    Settings {
        message_ttl: count("x-message-ttl"),
        expires: count("x-expires"),
        max_length: count("x-max-length"),
        max_length_bytes: count("x-max-length-bytes"),
        overflow: overflow(kind, word("x-overflow")),
        overflow_declared: arguments.get("x-overflow").is_some(),
        dead_letter_exchange: word("x-dead-letter-exchange").map(Into::into),
        dead_letter_routing_key: match arguments.get("x-dead-letter-routing-key") {
            Some(Value::LongString(bytes)) => Some(RoutingKey::from(&**bytes)),
            _ => None,
        },
        // Since 4.0 there are two levels at least (asked of a live 4.0.5).
        max_priority: number("x-max-priority")
            .and_then(|value| u8::try_from(value).ok())
            .map(|most| most.max(u8::from(compatibility >= Compatibility::V4))),
        single_active_consumer: arguments.get("x-single-active-consumer")
            == Some(&Value::Bool(true)),
        // Nobody checks this argument, and what is no number is above every number.
        delivery_limit: arguments
            .get("x-delivery-limit")
            .map(|value| value.as_integer().unwrap_or(i64::MAX)),
        consumer_timeout: number("x-consumer-timeout"),
        max_age: word("x-max-age").and_then(max_age),
    }
}

/// A quorum queue does not know reject-publish-dlx and drops the head (semantics 16.4).
fn overflow(kind: QueueKind, word: Option<&str>) -> Overflow {
    match word {
        Some("reject-publish") => Overflow::RejectPublish,
        Some("reject-publish-dlx") if kind == QueueKind::Classic => Overflow::RejectPublishDlx,
        _ => Overflow::DropHead,
    }
}

/// Whether a second declaration has the same arguments (semantics 7.5c). Unknown arguments are not compared.
pub(in crate::amqp) fn equivalent(
    compatibility: Compatibility,
    queue: &QueueId,
    current: &Table,
    declared: &Table,
) -> Result<(), Exception> {
    let kind = kind(current);
    for (name, _, kinds) in KNOWN {
        if !takes(kind, name, kinds, compatibility) {
            continue;
        }
        let (mut is, mut received) = (current.get(name).cloned(), declared.get(name).cloned());
        if name == "x-queue-type" {
            // A queue without a type is a classic one. 4.x writes that into the arguments, 3.10 only treats it alike.
            let classic = || Some(Value::from("classic"));
            let (whole, wanted) = (
                is.clone().or_else(classic),
                received.clone().or_else(classic),
            );
            if whole == wanted {
                continue;
            }
            if compatibility == Compatibility::V4 {
                (is, received) = (whole, wanted);
            }
        }
        let Some(text) = difference(is, received) else {
            continue;
        };
        return Err(Exception::channel(
            ReplyCode::PreconditionFailed,
            format!("inequivalent arg '{name}' for {}: {text}", described(queue)),
        ));
    }
    Ok(())
}

/// How two values of an argument differ, in RabbitMQ's words; none when they are the same.
pub(in crate::amqp) fn difference(
    current: Option<Value>,
    declared: Option<Value>,
) -> Option<String> {
    let plain = |value: &Value| match value {
        Value::LongString(bytes) => String::from_utf8_lossy(bytes).into_owned(),
        other => erlang_term(other),
    };
    let typed = |value: &Value| {
        format!(
            "the value '{}' of type '{}'",
            plain(value),
            value.type_name()
        )
    };
    match (&current, &declared) {
        (None, None) => None,
        (Some(a), Some(b)) if same(a, b) => None,
        (Some(a), Some(b)) => Some(format!(
            "received '{}' but current is '{}'",
            plain(b),
            plain(a)
        )),
        (Some(a), None) => Some(format!("received none but current is {}", typed(a))),
        (None, Some(b)) => Some(format!("received {} but current is none", typed(b))),
    }
}

/// Equal values of one class of types: all integers are one class, the floats another.
fn same(a: &Value, b: &Value) -> bool {
    match (a.as_integer(), b.as_integer()) {
        (Some(a), Some(b)) => a == b,
        _ => match (a, b) {
            (Value::F32(a), Value::F64(b)) | (Value::F64(b), Value::F32(a)) => f64::from(*a) == *b,
            _ => a == b,
        },
    }
}
