//! Events: each an object with its `kind`, its time and the step it happened in.

use serde_json::{Map, Value, json};

use super::{channel, message};
use crate::actors::ProgramId;
use crate::amqp::event::{
    ChannelEnd, Confirm, ConnectionEnd, DeliveredTo, DropReason, Settlement, Via,
};
use crate::amqp::{Event, MessageId};
use crate::engine::{ProgramEvent, StepRecord, WorldEvent};
use crate::js::value::number;

/// Which of the element's events tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Channel {
    /// `mq-message`: a message's way.
    Message,
    /// `mq-change`: what is declared, connected, running.
    Change,
    /// `mq-error`: what the broker refused.
    Error,
}

/// Events of some steps, each in its channel, in order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sorted {
    pub messages: Vec<Value>,
    pub changes: Vec<Value>,
    pub errors: Vec<Value>,
}

/// What somebody listens to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heard {
    Everything,
    /// All but the ways of messages: they are by far the most, and making them costs time.
    ChangesAndErrors,
}

/// The events of `steps`. `name` knows the programs.
pub fn events(steps: &[StepRecord], name: &dyn Fn(ProgramId) -> String, heard: Heard) -> Sorted {
    let mut sorted = Sorted::default();
    for step in steps {
        for event in step.events.iter() {
            let told = match event {
                WorldEvent::Broker(event) => match heard {
                    Heard::Everything => of_message(event).or_else(|| of_broker(event)),
                    Heard::ChangesAndErrors => of_broker(event),
                },
                WorldEvent::Program(event) => program(event, name),
            };
            let Some((to, kind, mut fields)) = told else {
                continue;
            };
            fields.insert("kind".to_string(), json!(kind));
            fields.insert("at".to_string(), number(step.at.as_ms()));
            fields.insert("step".to_string(), json!(step.index));
            match to {
                Channel::Message => sorted.messages.push(Value::Object(fields)),
                Channel::Change => sorted.changes.push(Value::Object(fields)),
                Channel::Error => sorted.errors.push(Value::Object(fields)),
            }
        }
    }
    sorted
}

type Told = (Channel, &'static str, Map<String, Value>);

fn fields<const N: usize>(fields: [(&str, Value); N]) -> Map<String, Value> {
    let fields = fields.into_iter();
    fields
        .map(|(key, value)| (key.to_string(), value))
        .collect()
}

fn id(message: MessageId) -> (&'static str, Value) {
    ("message", number(message.0))
}

fn of_message(event: &Event) -> Option<Told> {
    way(event)
        .or_else(|| delivery(event))
        .or_else(|| end_of_message(event))
}

fn of_broker(event: &Event) -> Option<Told> {
    ending(event)
        .or_else(|| change(event))
        .or_else(|| operation(event))
}

/// A message's way.
fn way(event: &Event) -> Option<Told> {
    let (kind, fields) = match event {
        Event::Published {
            message: m,
            mandatory,
        } => (
            "published",
            fields([
                id(m.id),
                ("content", message(m)),
                ("mandatory", json!(mandatory)),
            ]),
        ),
        Event::Hopped {
            message,
            from,
            to,
            via,
        } => (
            "routed",
            fields([
                id(*message),
                ("exchange", json!(from.as_str())),
                ("to", json!(to.as_str())),
                (
                    "via",
                    match via {
                        Via::Binding(binding) => json!(binding.routing_key.to_text()),
                        Via::DefaultExchange | Via::Alternate | Via::DirectReplyTo => Value::Null,
                    },
                ),
            ]),
        ),
        Event::Unroutable { message, exchange } => (
            "unroutable",
            fields([id(*message), ("exchange", json!(exchange.as_str()))]),
        ),
        Event::Returned {
            channel: on,
            message,
        } => (
            "returned",
            fields([id(message.id), ("channel", channel(*on))]),
        ),
        Event::Enqueued {
            queue,
            message,
            position,
        } => (
            "enqueued",
            fields([
                id(*message),
                ("queue", json!(queue.as_str())),
                ("position", json!(position)),
            ]),
        ),
        Event::Refused { queue, message } => (
            "refused",
            fields([id(*message), ("queue", json!(queue.as_str()))]),
        ),
        _ => return None,
    };
    Some((Channel::Message, kind, fields))
}

/// Deliveries and what became of them.
fn delivery(event: &Event) -> Option<Told> {
    let (kind, fields) = match event {
        Event::Delivered {
            queue,
            message: m,
            channel: on,
            tag,
            to,
            redelivered,
            ..
        } => (
            "delivered",
            fields([
                id(m.id),
                ("content", message(m)),
                ("queue", json!(queue.as_str())),
                ("channel", channel(*on)),
                ("deliveryTag", number(tag.0)),
                (
                    "consumerTag",
                    match to {
                        DeliveredTo::Consumer(tag) => json!(tag.as_str()),
                        DeliveredTo::Get { .. } => Value::Null,
                    },
                ),
                ("redelivered", json!(redelivered)),
            ]),
        ),
        Event::Settled {
            queue,
            message,
            channel: on,
            tag,
            how,
        } => (
            match how {
                Settlement::Ack | Settlement::Automatic => "acked",
                Settlement::Discard => "discarded",
                Settlement::Requeue { .. } => "requeued",
                Settlement::QueueGone => "dropped",
            },
            fields([
                id(*message),
                ("queue", json!(queue.as_str())),
                ("channel", channel(*on)),
                ("deliveryTag", number(tag.0)),
            ]),
        ),
        _ => return None,
    };
    Some((Channel::Message, kind, fields))
}

/// Ends of messages, and confirms.
fn end_of_message(event: &Event) -> Option<Told> {
    let (kind, fields) = match event {
        Event::Dropped {
            queue,
            message,
            why,
        } => (
            match why {
                DropReason::Expired => "expired",
                _ => "dropped",
            },
            fields([
                id(*message),
                ("queue", json!(queue.as_str())),
                ("why", json!(drop_reason(*why))),
            ]),
        ),
        Event::DeadLettered {
            queue,
            message,
            reason,
            exchange,
            routing_key,
        } => (
            "dead-lettered",
            fields([
                id(*message),
                ("queue", json!(queue.as_str())),
                ("why", json!(reason.as_str())),
                ("exchange", json!(exchange.as_str())),
                ("routingKey", json!(routing_key.to_text())),
            ]),
        ),
        Event::DeadLetterLost {
            queue,
            message,
            reason,
            exchange,
        } => (
            "dead-letter-lost",
            fields([
                id(*message),
                ("queue", json!(queue.as_str())),
                ("why", json!(reason.as_str())),
                ("exchange", json!(exchange.as_str())),
            ]),
        ),
        Event::Confirmed {
            channel: on,
            tag,
            how,
            message,
            ..
        } => (
            match how {
                Confirm::Ack => "confirmed",
                Confirm::Nack => "not-confirmed",
            },
            fields([
                id(*message),
                ("channel", channel(*on)),
                ("deliveryTag", number(tag.0)),
            ]),
        ),
        _ => return None,
    };
    Some((Channel::Message, kind, fields))
}

fn drop_reason(why: DropReason) -> &'static str {
    match why {
        DropReason::Expired => "expired",
        DropReason::MaxLength => "maxlen",
        DropReason::DeliveryLimit => "delivery_limit",
        DropReason::Purged => "purged",
        DropReason::QueueDeleted => "queue-deleted",
        DropReason::Restart => "restart",
        DropReason::Cycle => "cycle",
        DropReason::Retention => "retention",
    }
}

/// What the broker refused, and the ends of connections and channels.
fn ending(event: &Event) -> Option<Told> {
    let refused = |kind, code: u16, text: String, on: Value| {
        let fields = fields([
            ("replyCode", json!(code)),
            ("replyText", json!(text)),
            ("on", on),
        ]);
        Some((Channel::Error, kind, fields))
    };
    match event {
        Event::ChannelClosed { channel: on, end } => match end {
            ChannelEnd::Exception(why) => refused(
                "channel-closed",
                why.code.code(),
                why.reply_text(),
                channel(*on),
            ),
            ChannelEnd::ByClient { .. } | ChannelEnd::WithConnection => Some((
                Channel::Change,
                "channel-closed",
                fields([("channel", channel(*on))]),
            )),
        },
        Event::ConnectionClosed { connection, end } => match end {
            ConnectionEnd::Exception(why) => refused(
                "connection-closed",
                why.code.code(),
                why.reply_text(),
                json!(connection.0),
            ),
            ConnectionEnd::ByClient { .. } | ConnectionEnd::Lost => Some((
                Channel::Change,
                "connection-closed",
                fields([
                    ("connection", json!(connection.0)),
                    ("lost", json!(*end == ConnectionEnd::Lost)),
                ]),
            )),
        },
        Event::ConnectionRefused {
            connection,
            exception,
        } => refused(
            "connection-refused",
            exception.code.code(),
            exception.reply_text(),
            json!(connection.0),
        ),
        Event::LimitReached { what, limit } => Some((
            Channel::Error,
            "limit-reached",
            fields([("what", json!(what)), ("limit", number(*limit))]),
        )),
        Event::Ignored { why } => Some((
            Channel::Error,
            "ignored",
            fields([("why", json!(why.to_string()))]),
        )),
        _ => None,
    }
}

/// What is declared, connected and consumed.
fn change(event: &Event) -> Option<Told> {
    let (kind, fields) = match event {
        Event::ConnectionOpened {
            connection, name, ..
        } => (
            "connection-opened",
            fields([
                ("connection", json!(connection.0)),
                ("name", json!(&**name)),
            ]),
        ),
        Event::ChannelOpened { channel: on } => {
            ("channel-opened", fields([("channel", channel(*on))]))
        }
        Event::ExchangeDeclared { exchange, kind, .. } => (
            "exchange-declared",
            fields([
                ("exchange", json!(exchange.as_str())),
                ("type", json!(&**kind)),
            ]),
        ),
        Event::ExchangeDeleted { exchange, .. } => (
            "exchange-deleted",
            fields([("exchange", json!(exchange.as_str()))]),
        ),
        Event::QueueDeclared { queue, .. } => {
            ("queue-declared", fields([("queue", json!(queue.as_str()))]))
        }
        Event::QueueDeleted {
            queue, messages, ..
        } => (
            "queue-deleted",
            fields([
                ("queue", json!(queue.as_str())),
                ("messages", number(*messages)),
            ]),
        ),
        Event::Bound { binding, .. } | Event::Unbound { binding, .. } => (
            match event {
                Event::Bound { .. } => "bound",
                _ => "unbound",
            },
            fields([
                ("exchange", json!(binding.source.as_str())),
                ("to", json!(binding.destination.as_str())),
                ("routingKey", json!(binding.routing_key.to_text())),
            ]),
        ),
        Event::ConsumerAdded { queue, consumer } => (
            "consumer-added",
            fields([
                ("queue", json!(queue.as_str())),
                ("consumerTag", json!(consumer.tag.as_str())),
                ("channel", channel(consumer.channel)),
            ]),
        ),
        Event::ConsumerCancelled {
            queue, consumer, ..
        } => (
            "consumer-cancelled",
            fields([
                ("queue", json!(queue.as_str())),
                ("consumerTag", json!(consumer.tag.as_str())),
                ("channel", channel(consumer.channel)),
            ]),
        ),
        _ => return None,
    };
    Some((Channel::Change, kind, fields))
}

/// What the operator and the node do.
fn operation(event: &Event) -> Option<Told> {
    let (kind, fields) = match event {
        Event::BrokerStopped => ("broker-stopped", fields([])),
        Event::BrokerStarted => ("broker-started", fields([])),
        Event::AlarmChanged { memory, disk } => (
            "alarm-changed",
            fields([("memory", json!(memory)), ("disk", json!(disk))]),
        ),
        Event::PolicyChanged { name, .. } => ("policy-changed", fields([("name", json!(&**name))])),
        // Plain answers and what only an operator sees say nothing that is not told otherwise.
        _ => return None,
    };
    Some((Channel::Change, kind, fields))
}

fn program(event: &ProgramEvent, name: &dyn Fn(ProgramId) -> String) -> Option<Told> {
    let about = |id: &ProgramId| ("program", json!(name(*id)));
    Some(match event {
        ProgramEvent::Added { program } => {
            (Channel::Change, "program-added", fields([about(program)]))
        }
        ProgramEvent::Removed { program } => {
            (Channel::Change, "program-removed", fields([about(program)]))
        }
        ProgramEvent::Started { program } => {
            (Channel::Change, "program-started", fields([about(program)]))
        }
        ProgramEvent::Finished { program } => (
            Channel::Change,
            "program-finished",
            fields([about(program)]),
        ),
        ProgramEvent::Crashed { program } => {
            (Channel::Change, "program-crashed", fields([about(program)]))
        }
        ProgramEvent::Printed { program, line } => (
            Channel::Change,
            "printed",
            fields([about(program), ("text", json!(line.to_string()))]),
        ),
        ProgramEvent::Failed { program, text } => (
            Channel::Error,
            "program-failed",
            fields([about(program), ("why", json!(&**text))]),
        ),
        ProgramEvent::Refused { program, why } => (
            Channel::Error,
            "program-refused",
            fields([about(program), ("why", json!(why.to_string()))]),
        ),
        _ => return None,
    })
}
