//! Every argument the forms offer: for which types of queues or exchanges it is, its type, an example, the page that says
//! more, and whether a policy can say it too.

use crate::amqp::message::{Table, Value};
use crate::amqp::view::{ExchangeKind, QueueKind};
use crate::ui::amqp::forms::rows::RowKind;
use crate::ui::amqp::page::Page;
use crate::ui::components::RowHint;
use crate::ui::text::{ArgumentsTexts, Lang};

/// An argument that the forms know.
pub struct Argument {
    pub name: &'static str,
    pub kind: RowKind,
    label: fn(&ArgumentsTexts) -> &'static str,
    help: fn(&ArgumentsTexts) -> &'static str,
    pub example: &'static str,
    /// The page of RabbitMQ's documentation: `ttl#queue-ttl`.
    docs: &'static str,
    of: Of,
    /// The values it can have, where these are few.
    pub values: &'static [&'static str],
    policy: InPolicy,
}

/// What an argument is for.
enum Of {
    Queues(&'static [QueueKind]),
    AnyExchange,
    Exchange(ExchangeKind),
}

/// Whether a policy can say it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum InPolicy {
    No,
    Yes,
    /// An operator policy as well.
    Operator,
}

const CLASSIC: &[QueueKind] = &[QueueKind::Classic];
const QUORUM: &[QueueKind] = &[QueueKind::Quorum];
const STREAM: &[QueueKind] = &[QueueKind::Stream];
const QUEUES: &[QueueKind] = &[QueueKind::Classic, QueueKind::Quorum];
const ALL: &[QueueKind] = &QueueKind::ALL;

macro_rules! argument {
    ($name:literal, $kind:ident, $label:ident, $help:ident, $example:literal, $docs:literal, $of:expr, $policy:ident) => {
        argument!(
            $name,
            $kind,
            $label,
            $help,
            $example,
            $docs,
            $of,
            $policy,
            &[]
        )
    };
    ($name:literal, $kind:ident, $label:ident, $help:ident, $example:literal, $docs:literal, $of:expr, $policy:ident, $values:expr) => {
        Argument {
            name: $name,
            kind: RowKind::$kind,
            label: |t| t.$label,
            help: |t| t.$help,
            example: $example,
            docs: $docs,
            of: $of,
            values: $values,
            policy: InPolicy::$policy,
        }
    };
}

/// All of them, in the management UI's order.
#[rustfmt::skip]
static ARGUMENTS: [Argument; 26] = [
    argument!("x-expires", Number, expires, expires_help, "1800000", "ttl#queue-ttl", Of::Queues(QUEUES), Operator),
    argument!("x-message-ttl", Number, ttl, ttl_help, "60000", "ttl#per-queue-message-ttl", Of::Queues(QUEUES), Operator),
    argument!("x-overflow", String, overflow, overflow_help, "reject-publish", "maxlength#overflow-behaviour", Of::Queues(QUEUES), Operator,
        &["drop-head", "reject-publish", "reject-publish-dlx"]),
    argument!("x-single-active-consumer", Boolean, single_active, single_active_help, "true", "consumers#single-active-consumer", Of::Queues(QUEUES), No),
    argument!("x-dead-letter-exchange", String, dlx, dlx_help, "dlx", "dlx", Of::Queues(QUEUES), Yes),
    argument!("x-dead-letter-routing-key", String, dlk, dlk_help, "orders.dead", "dlx#routing", Of::Queues(QUEUES), Yes),
    argument!("x-max-length", Number, max_length, max_length_help, "1000", "maxlength", Of::Queues(QUEUES), Operator),
    argument!("x-max-length-bytes", Number, max_bytes, max_bytes_help, "1048576", "maxlength", Of::Queues(ALL), Operator),
    argument!("x-max-priority", Number, max_priority, max_priority_help, "10", "priority", Of::Queues(CLASSIC), No),
    argument!("x-queue-version", Number, queue_version, queue_version_help, "2", "classic-queues", Of::Queues(CLASSIC), No,
        &["1", "2"]),
    argument!("x-queue-mode", String, queue_mode, queue_mode_help, "lazy", "lazy-queues", Of::Queues(CLASSIC), No,
        &["default", "lazy"]),
    argument!("x-queue-master-locator", String, master_locator, master_locator_help, "min-masters", "clustering", Of::Queues(CLASSIC), No),
    argument!("x-delivery-limit", Number, delivery_limit, delivery_limit_help, "5", "quorum-queues#poison-message-handling", Of::Queues(QUORUM), Operator),
    argument!("x-consumer-timeout", Number, consumer_timeout, consumer_timeout_help, "3600000", "consumers#acknowledgement-timeout", Of::Queues(ALL), Yes),
    argument!("x-dead-letter-strategy", String, strategy, strategy_help, "at-least-once", "quorum-queues#dead-lettering", Of::Queues(QUORUM), No,
        &["at-most-once", "at-least-once"]),
    argument!("x-quorum-initial-group-size", Number, group_size, group_size_help, "3", "quorum-queues#quorum-requirements", Of::Queues(QUORUM), No),
    argument!("x-max-in-memory-length", Number, memory_length, memory_length_help, "100", "quorum-queues", Of::Queues(QUORUM), No),
    argument!("x-max-in-memory-bytes", Number, memory_bytes, memory_bytes_help, "1048576", "quorum-queues", Of::Queues(QUORUM), No),
    argument!("x-max-age", String, max_age, max_age_help, "7D", "streams#retention", Of::Queues(STREAM), Yes),
    argument!("x-stream-max-segment-size-bytes", Number, segment_size, segment_size_help, "100000000", "streams#retention", Of::Queues(STREAM), No),
    argument!("x-initial-cluster-size", Number, cluster_size, cluster_size_help, "3", "streams", Of::Queues(STREAM), No),
    argument!("x-queue-leader-locator", String, locator, locator_help, "balanced", "quorum-queues#leader-placement", Of::Queues(ALL), No,
        &["client-local", "balanced"]),
    argument!("alternate-exchange", String, alternate, alternate_help, "unrouted", "ae", Of::AnyExchange, Yes),
    argument!("hash-header", String, hash_header, hash_header_help, "customer", "exchanges#types", Of::Exchange(ExchangeKind::ConsistentHash), No),
    argument!("hash-property", String, hash_property, hash_property_help, "message_id", "exchanges#types", Of::Exchange(ExchangeKind::ConsistentHash), No,
        &["message_id", "correlation_id", "timestamp"]),
    argument!("x-delayed-type", String, delayed_type, delayed_type_help, "direct", "plugins", Of::Exchange(ExchangeKind::DelayedMessage), No,
        &["direct", "fanout", "topic", "headers"]),
];

impl Argument {
    fn hint(&self, page: &Page, name: &'static str) -> RowHint {
        let t = page.lang.arguments();
        RowHint {
            name: name.into(),
            kind: self.kind.as_str().into(),
            label: (self.label)(t).into(),
            help: (self.help)(t).into(),
            note: page.note(self.example, self.docs),
        }
    }

    fn is_for_queue(&self, kind: QueueKind) -> bool {
        matches!(self.of, Of::Queues(kinds) if kinds.contains(&kind))
    }

    fn is_for_exchange(&self, kind: ExchangeKind) -> bool {
        match self.of {
            Of::Queues(_) => false,
            Of::AnyExchange => true,
            Of::Exchange(known) => known == kind,
        }
    }
}

fn named(name: &str) -> Option<&'static Argument> {
    ARGUMENTS.iter().find(|argument| argument.name == name)
}

/// What the form of a queue of this type offers.
pub fn of_queue(page: &Page, kind: QueueKind) -> Vec<RowHint> {
    let fitting = ARGUMENTS.iter().filter(|it| it.is_for_queue(kind));
    fitting.map(|it| it.hint(page, it.name)).collect()
}

/// What the form of an exchange of this type offers.
pub fn of_exchange(page: &Page, kind: ExchangeKind) -> Vec<RowHint> {
    let fitting = ARGUMENTS.iter().filter(|it| it.is_for_exchange(kind));
    fitting.map(|it| it.hint(page, it.name)).collect()
}

/// The keys of a policy, or of an operator policy.
pub fn of_policy(page: &Page, operator: bool) -> Vec<RowHint> {
    let fitting = ARGUMENTS.iter().filter(|it| match it.policy {
        InPolicy::No => false,
        InPolicy::Yes => !operator,
        InPolicy::Operator => true,
    });
    fitting
        .map(|it| it.hint(page, it.name.strip_prefix("x-").unwrap_or(it.name)))
        .collect()
}

/// What is unlikely to be meant about an argument of a queue of this type: RabbitMQ will say so too.
pub fn doubt(name: &str, value: &Value, kind: QueueKind, lang: Lang) -> Option<String> {
    let t = lang.arguments();
    let argument = named(name)?;
    if !argument.is_for_queue(kind) {
        return Some(crate::ui::text::fill_plain(
            t.not_for_type,
            &[&name, &kind.as_str()],
        ));
    }
    wrong_value(argument, value, t)
}

fn wrong_value(argument: &Argument, value: &Value, t: &ArgumentsTexts) -> Option<String> {
    let number = value.as_integer().map(|number| number.to_string());
    let text = value.as_str().or(number.as_deref());
    let is_known = text.is_some_and(|text| argument.values.contains(&text));
    (!argument.values.is_empty() && !is_known).then(|| {
        let values = argument.values.join(", ");
        crate::ui::text::fill_plain(t.one_of, &[&argument.name, &values])
    })
}

/// Every doubt about the arguments of a queue.
pub fn doubts(table: &Table, kind: QueueKind, lang: Lang) -> Vec<String> {
    let entries = table.0.iter();
    entries
        .filter_map(|(name, value)| doubt(&name.to_text(), value, kind, lang))
        .collect()
}

/// Every doubt about the arguments of an exchange.
pub fn exchange_doubts(table: &Table, kind: ExchangeKind, lang: Lang) -> Vec<String> {
    let t = lang.arguments();
    let mut doubts: Vec<String> = table
        .0
        .iter()
        .filter_map(|(name, value)| wrong_value(named(&name.to_text())?, value, t))
        .collect();
    if kind == ExchangeKind::DelayedMessage && table.get("x-delayed-type").is_none() {
        doubts.push(t.delayed_needs_type.to_string());
    }
    doubts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::amqp::protocol::ClientMethod;
    use crate::amqp::protocol::method::QueueDeclare;
    use crate::amqp::{Config, Event};
    use crate::engine::{Engine, WorldEvent};

    /// The example of an argument as the form would send it.
    fn example(argument: &Argument) -> Value {
        match argument.kind {
            RowKind::Number => Value::I64(argument.example.parse().expect("a number")),
            RowKind::Boolean => Value::Bool(argument.example == "true"),
            RowKind::String | RowKind::List => Value::from(argument.example),
        }
    }

    fn is_refused(kind: QueueKind, arguments: Table) -> bool {
        let mut engine = Engine::new(Config::default());
        engine.submit_you(ClientMethod::QueueDeclare(QueueDeclare {
            queue: "q".into(),
            durable: true,
            arguments: arguments.with("x-queue-type", kind.as_str()),
            ..QueueDeclare::default()
        }));
        let update = engine.advance(0.0);
        let events = update.steps.iter().flat_map(|step| step.events.iter());
        events
            .filter(|event| matches!(event, WorldEvent::Broker(Event::ChannelClosed { .. })))
            .count()
            > 0
    }

    #[test]
    fn rabbitmq_takes_every_example_for_the_types_it_is_offered_for() {
        for argument in &ARGUMENTS {
            for kind in QueueKind::ALL {
                if !argument.is_for_queue(kind) {
                    continue;
                }
                let mut table = Table::new().with(argument.name, example(argument));
                if argument.name == "x-dead-letter-routing-key" {
                    table.push("x-dead-letter-exchange", "dlx");
                }
                assert_eq!(doubts(&table, kind, Lang::En), Vec::<String>::new());
                assert!(!is_refused(kind, table), "{} {kind:?}", argument.name);
            }
        }
    }

    #[test]
    fn rabbitmq_refuses_what_there_is_a_doubt_about() {
        let priority = Table::new().with("x-max-priority", 10);
        assert_eq!(
            doubts(&priority, QueueKind::Quorum, Lang::En),
            [
                "A queue of type quorum does not take x-max-priority: RabbitMQ will refuse it with 406."
            ]
        );
        assert!(is_refused(QueueKind::Quorum, priority));
        let overflow = Table::new().with("x-overflow", "drop-tail");
        assert_eq!(
            doubts(&overflow, QueueKind::Classic, Lang::En),
            ["x-overflow is one of: drop-head, reject-publish, reject-publish-dlx."]
        );
        assert!(is_refused(QueueKind::Classic, overflow));
        let version = Table::new().with("x-queue-version", 3);
        assert_eq!(
            doubts(&version, QueueKind::Classic, Lang::En),
            ["x-queue-version is one of: 1, 2."]
        );
        assert!(is_refused(QueueKind::Classic, version));
    }

    #[test]
    fn a_delayed_exchange_needs_the_type_it_delays() {
        let none = exchange_doubts(&Table::new(), ExchangeKind::DelayedMessage, Lang::En);
        assert_eq!(none, ["An exchange of this type needs x-delayed-type."]);
        let wrong = Table::new().with("x-delayed-type", "tea");
        let wrong = exchange_doubts(&wrong, ExchangeKind::DelayedMessage, Lang::En);
        assert_eq!(
            wrong,
            ["x-delayed-type is one of: direct, fanout, topic, headers."]
        );
    }
}
