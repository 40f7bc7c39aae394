//! The keys of policies: which there are, what they may say, and which queues take them (asked of live 3.10.8 and 4.0.5).

use crate::amqp::broker::Compatibility;
use crate::amqp::command::{ApplyTo, Policy};
use crate::amqp::exception::erlang_term;
use crate::amqp::message::Value;
use crate::amqp::policy::Layer;
use crate::amqp::queue::arguments::max_age;
use crate::amqp::view::QueueKind;

/// What a key may say.
#[derive(Clone, Copy)]
enum Check {
    Anything,
    Text,
    AtLeast(i64),
    SegmentSize,
    DeliveryLimit,
    Version,
    Age,
    OneOf(&'static [&'static str]),
    /// Checked in other words in 3.10.
    MasterLocator,
}

/// Since when something holds.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Since {
    Always,
    /// Not in 3.10.
    V4,
    /// Only in 3.10.
    UntilV4,
    Never,
}

impl Since {
    fn holds(self, compatibility: Compatibility) -> bool {
        match self {
            Since::Always => true,
            Since::V4 => compatibility >= Compatibility::V4,
            Since::UntilV4 => compatibility < Compatibility::V4,
            Since::Never => false,
        }
    }
}

struct Key {
    name: &'static str,
    /// What it is not, where it is wrong: `-1 is not a valid maximum length`.
    what: &'static str,
    check: Check,
    known: Since,
    /// Whether an operator policy may have it.
    operator: Since,
    /// The queues of 3.10 and of 4.0 to which no policy with this key applies.
    foreign: [u8; 2],
}

const CLASSIC: u8 = 1;
const QUORUM: u8 = 2;
const STREAM: u8 = 4;

const fn key(
    name: &'static str,
    what: &'static str,
    check: Check,
    known: Since,
    operator: Since,
    foreign: [u8; 2],
) -> Key {
    Key {
        name,
        what,
        check,
        known,
        operator,
        foreign,
    }
}

/// In the order of their names, which is that of the checks.
#[rustfmt::skip]
const KEYS: [Key; 28] = {
    use Check::{Age, Anything, AtLeast, DeliveryLimit, MasterLocator, OneOf, SegmentSize, Text, Version};
    use Since::{Always, Never, UntilV4, V4};
    const NO_STREAM: [u8; 2] = [STREAM; 2];
    const ONLY_STREAM: [u8; 2] = [CLASSIC | QUORUM; 2];
    const ONLY_QUORUM: [u8; 2] = [CLASSIC | STREAM; 2];
    const ONLY_CLASSIC: [u8; 2] = [QUORUM | STREAM; 2];
    [
        key("alternate-exchange", "alternate exchange name", Text, Always, Never, [0, 0]),
        key("consumer-timeout", "consumer timeout", AtLeast(0), V4, Never, [0, 0]),
        key("dead-letter-exchange", "dead letter exchange name", Text, Always, Never, NO_STREAM),
        key("dead-letter-routing-key", "dead letter routing key", Text, Always, Never, NO_STREAM),
        key("dead-letter-strategy", "dead letter strategy", OneOf(&["at-most-once", "at-least-once"]), Always, Never, ONLY_QUORUM),
        key("delivery-limit", "delivery limit", DeliveryLimit, Always, Always, ONLY_QUORUM),
        key("expires", "queue expiry", AtLeast(1), Always, Always, NO_STREAM),
        key("ha-mode", "", Anything, UntilV4, Never, ONLY_CLASSIC),
        key("ha-params", "", Anything, UntilV4, Never, ONLY_CLASSIC),
        key("ha-promote-on-failure", "", Anything, UntilV4, Never, ONLY_CLASSIC),
        key("ha-promote-on-shutdown", "", Anything, UntilV4, Never, ONLY_CLASSIC),
        key("ha-sync-batch-size", "", Anything, UntilV4, Never, [0, 0]),
        key("ha-sync-mode", "", Anything, UntilV4, Never, ONLY_CLASSIC),
        key("initial-cluster-size", "", Anything, Always, Never, ONLY_STREAM),
        key("max-age", "max age", Age, Always, Never, ONLY_STREAM),
        key("max-in-memory-bytes", "maximum memory in bytes", AtLeast(0), Always, Always, [STREAM, CLASSIC | STREAM]),
        key("max-in-memory-length", "maximum memory in bytes", AtLeast(0), Always, Always, [STREAM, CLASSIC | STREAM]),
        key("max-length", "maximum length", AtLeast(0), Always, Always, NO_STREAM),
        key("max-length-bytes", "maximum length in bytes", AtLeast(0), Always, Always, [0, 0]),
        key("message-ttl", "message TTL", AtLeast(0), Always, Always, NO_STREAM),
        key("overflow", "overflow value", OneOf(&["drop-head", "reject-publish", "reject-publish-dlx"]), Always, V4, NO_STREAM),
        key("queue-leader-locator", "queue leader locator value", OneOf(&["client-local", "balanced", "random", "least-leaders"]), Always, Never, [CLASSIC, 0]),
        key("queue-master-locator", "master locator", MasterLocator, Always, V4, ONLY_CLASSIC),
        key("queue-mode", "queue-mode value", OneOf(&["default", "lazy"]), Always, Never, ONLY_CLASSIC),
        key("queue-version", "queue-version value", Version, Always, V4, [0, 0]),
        key("stream-filter-size-bytes", "", Anything, V4, Never, [0, 0]),
        key("stream-max-segment-size-bytes", "segment size", SegmentSize, Always, Never, ONLY_STREAM),
        key("target-group-size", "qq target count value", AtLeast(1), V4, V4, ONLY_QUORUM),
    ]
};

/// What is wrong with a policy that is no operator's, in RabbitMQ's words.
pub fn policy_problem(policy: &Policy, compatibility: Compatibility) -> Option<String> {
    problem(policy, Layer::User, compatibility)
}

/// What is wrong with a policy, in RabbitMQ's words (rabbit_policy, validation).
pub(super) fn problem(
    policy: &Policy,
    layer: Layer,
    compatibility: Compatibility,
) -> Option<String> {
    let is_known = |name: &str| {
        let key = KEYS.iter().find(|key| key.name == name);
        key.is_some_and(|key| match layer {
            Layer::User => key.known.holds(compatibility),
            Layer::Operator => key.operator.holds(compatibility),
        })
    };
    if policy.definition.is_empty() {
        return Some("no policy provided".to_string());
    }
    let unknown: Vec<String> = policy
        .definition
        .0
        .iter()
        .filter(|(name, _)| !is_known(&name.to_text()))
        .map(|(name, value)| format!("{{<<\"{name}\">>,{}}}", json_term(value)))
        .collect();
    if !unknown.is_empty() {
        return Some(format!(
            "[{}] are not recognised policy settings",
            unknown.join(",")
        ));
    }
    let new = [
        ApplyTo::ClassicQueues,
        ApplyTo::QuorumQueues,
        ApplyTo::Streams,
    ];
    if compatibility < Compatibility::V4 && new.contains(&policy.apply_to) {
        return Some(format!(
            "apply-to '{}' unrecognised; should be 'queues', 'exchanges' or 'all'",
            policy.apply_to.as_str()
        ));
    }
    KEYS.iter().find_map(|key| {
        let value = policy.definition.get(key.name)?;
        let is_good = allows(key.check, value, compatibility);
        (!is_good).then(|| wrong(key, value, compatibility))
    })
}

fn wrong(key: &Key, value: &Value, compatibility: Compatibility) -> String {
    let value = json_term(value);
    match key.check {
        Check::MasterLocator if compatibility < Compatibility::V4 => {
            format!("{value} invalid {} value", key.name)
        }
        _ => format!("{value} is not a valid {}", key.what),
    }
}

fn allows(check: Check, value: &Value, compatibility: Compatibility) -> bool {
    let number = value.as_integer();
    match check {
        Check::Anything => true,
        Check::Text => matches!(value, Value::LongString(_)),
        Check::AtLeast(least) => number.is_some_and(|number| number >= least),
        Check::SegmentSize => number.is_some_and(|size| (0..=3_000_000_000).contains(&size)),
        Check::DeliveryLimit => {
            number.is_some_and(|limit| limit >= 0 || compatibility >= Compatibility::V4)
        }
        Check::Version => matches!(number, Some(1 | 2)),
        Check::Age => value.as_str().and_then(max_age).is_some(),
        Check::OneOf(words) => value.as_str().is_some_and(|word| words.contains(&word)),
        Check::MasterLocator => {
            let words = ["min-masters", "client-local", "random"];
            value.as_str().is_some_and(|word| words.contains(&word))
        }
    }
}

/// A value as Erlang prints what it read from JSON.
fn json_term(value: &Value) -> String {
    match value {
        Value::Void => "null".to_string(),
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(json_term).collect();
            format!("[{}]", items.join(","))
        }
        other => erlang_term(other),
    }
}

/// Whether a policy can be for queues of this type: one of its keys that they do not take, and none of it applies
/// (rabbit_queue_type, unsupported_policies).
pub(super) fn fits(policy: &Policy, kind: QueueKind, compatibility: Compatibility) -> bool {
    let bit = match kind {
        QueueKind::Classic => CLASSIC,
        QueueKind::Quorum => QUORUM,
        QueueKind::Stream => STREAM,
    };
    let version = usize::from(compatibility >= Compatibility::V4);
    policy.definition.0.iter().all(|(name, _)| {
        let key = KEYS
            .iter()
            .find(|key| key.name.as_bytes() == name.as_bytes());
        key.is_none_or(|key| key.foreign[version] & bit == 0)
    })
}
