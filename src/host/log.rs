//! Events as JSON objects, one a line: `at` (milliseconds since the start), `event`, and the event's fields.

use serde_json::{Map, Value, json};

use crate::amqp::event::{
    Cancellation, ChannelEnd, Confirm, ConnectionEnd, DeathReason, Deletion, DeliveredTo,
    DropReason, Settlement, Unbinding, Via,
};
use crate::amqp::view::{Binding, QueueKind};
use crate::amqp::{
    ChannelId, ConsumerId, Destination, Event, Exception, ExchangeId, Message, QueueId,
};
use crate::machine::SimTime;

/// One event as one JSON object.
pub fn json(at: SimTime, event: &Event) -> Value {
    let (name, fields) = fields(event);
    let mut object = Map::new();
    object.insert("at".to_string(), json!(at.as_ms()));
    object.insert("event".to_string(), json!(name));
    if let Value::Object(fields) = fields {
        object.extend(fields);
    }
    Value::Object(object)
}

fn fields(event: &Event) -> (&'static str, Value) {
    session(event)
        .or_else(|| topology(event))
        .or_else(|| message(event))
        .or_else(|| fate(event))
        .unwrap_or_else(|| node(event))
}

fn session(event: &Event) -> Option<(&'static str, Value)> {
    Some(match event {
        Event::ConnectionOpened {
            connection,
            name,
            user,
            vhost,
        } => (
            "connection opened",
            json!({"connection": connection.0, "name": **name, "user": user.as_str(),
                "vhost": vhost.as_str()}),
        ),
        Event::ConnectionRefused {
            connection,
            exception: why,
        } => (
            "connection refused",
            json!({"connection": connection.0, "exception": exception(why)}),
        ),
        Event::ConnectionClosed { connection, end } => {
            let mut it = json!({"connection": connection.0});
            match end {
                ConnectionEnd::ByClient { code, text } => {
                    it["by"] = json!("client");
                    it["code"] = json!(code);
                    it["text"] = json!(text);
                }
                ConnectionEnd::Exception(why) => {
                    it["by"] = json!("broker");
                    it["exception"] = exception(why);
                }
                ConnectionEnd::Lost => it["by"] = json!("lost"),
            }
            ("connection closed", it)
        }
        Event::ConnectionBlocked { connection, reason } => (
            "connection blocked",
            json!({"connection": connection.0, "reason": reason}),
        ),
        Event::ConnectionUnblocked { connection } => {
            ("connection unblocked", json!({"connection": connection.0}))
        }
        Event::ChannelOpened { channel: id } => {
            ("channel opened", json!({"channel": channel(*id)}))
        }
        Event::ChannelClosed { channel: id, end } => {
            let mut it = json!({"channel": channel(*id)});
            match end {
                ChannelEnd::ByClient { code, text } => {
                    it["by"] = json!("client");
                    it["code"] = json!(code);
                    it["text"] = json!(text);
                }
                ChannelEnd::Exception(why) => {
                    it["by"] = json!("broker");
                    it["exception"] = exception(why);
                }
                ChannelEnd::WithConnection => it["by"] = json!("connection"),
            }
            ("channel closed", it)
        }
        Event::Replied {
            channel: id,
            method,
        } => (
            "replied",
            json!({"channel": channel(*id), "method": method.name()}),
        ),
        _ => return None,
    })
}

fn topology(event: &Event) -> Option<(&'static str, Value)> {
    Some(match event {
        Event::ExchangeDeclared { exchange, kind, by } => {
            let by = by.map(channel);
            (
                "exchange declared",
                with_exchange(exchange, json!({"kind": **kind, "by": by})),
            )
        }
        Event::ExchangeDeleted { exchange, why } => (
            "exchange deleted",
            with_exchange(exchange, json!({"why": deletion(*why)})),
        ),
        Event::QueueDeclared { queue, by } => (
            "queue declared",
            with_queue(queue, json!({"by": by.map(channel)})),
        ),
        Event::QueueDeleted {
            queue,
            why,
            messages,
        } => {
            let it = json!({"why": deletion(*why), "messages": messages});
            ("queue deleted", with_queue(queue, it))
        }
        Event::Bound { binding: it, by } => {
            ("bound", with(binding(it), json!({"by": by.map(channel)})))
        }
        Event::Unbound { binding: it, why } => {
            let why = match why {
                Unbinding::ByClient => "client",
                Unbinding::EndDeleted => "end deleted",
                Unbinding::Restart => "restart",
            };
            ("unbound", with(binding(it), json!({"why": why})))
        }
        Event::ConsumerAdded {
            queue,
            consumer: id,
        } => ("consumer added", with_queue(queue, consumer(id))),
        Event::ConsumerCancelled {
            queue,
            consumer: id,
            why,
        } => {
            let why = match why {
                Cancellation::ByClient => "client",
                Cancellation::QueueDeleted { .. } => "queue deleted",
                Cancellation::ChannelEnded => "channel ended",
            };
            (
                "consumer cancelled",
                with_queue(queue, with(consumer(id), json!({"why": why}))),
            )
        }
        Event::ConsumerActivated {
            queue,
            consumer: id,
        } => ("consumer activated", with_queue(queue, consumer(id))),
        _ => return None,
    })
}

fn message(event: &Event) -> Option<(&'static str, Value)> {
    Some(match event {
        Event::Published { message, mandatory } => (
            "published",
            with(whole(message), json!({"mandatory": mandatory})),
        ),
        Event::Hopped {
            message,
            from,
            to,
            via,
        } => {
            let via = match via {
                Via::Binding(it) => binding(it),
                Via::DefaultExchange => json!("default exchange"),
                Via::Alternate => json!("alternate exchange"),
                Via::DirectReplyTo => json!("direct reply-to"),
            };
            let to = destination(to);
            (
                "hopped",
                with_exchange(from, json!({"message": message.0, "to": to, "via": via})),
            )
        }
        Event::Unroutable { message, exchange } => (
            "unroutable",
            with_exchange(exchange, json!({"message": message.0})),
        ),
        Event::Returned {
            channel: id,
            message,
        } => (
            "returned",
            json!({"channel": channel(*id), "message": message.id.0}),
        ),
        Event::Enqueued {
            queue,
            message,
            position,
        } => {
            let it = json!({"message": message.0, "position": position});
            ("enqueued", with_queue(queue, it))
        }
        Event::Refused { queue, message } => {
            ("refused", with_queue(queue, json!({"message": message.0})))
        }
        Event::Delivered {
            queue,
            message,
            channel: id,
            tag,
            to,
            redelivered,
            ..
        } => {
            let mut it = json!({"message": message.id.0, "channel": channel(*id), "tag": tag.0,
                "redelivered": redelivered});
            match to {
                DeliveredTo::Consumer(tag) => it["consumer"] = json!(tag.as_str()),
                DeliveredTo::Get { remaining } => it["remaining"] = json!(remaining),
            }
            ("delivered", with_queue(queue, it))
        }
        _ => return None,
    })
}

fn fate(event: &Event) -> Option<(&'static str, Value)> {
    Some(match event {
        Event::Settled {
            queue,
            message,
            channel: id,
            tag,
            how,
        } => {
            let mut it = json!({"message": message.0, "channel": channel(*id), "tag": tag.0});
            it["how"] = json!(match how {
                Settlement::Ack => "ack",
                Settlement::Automatic => "automatic",
                Settlement::Discard => "discard",
                Settlement::Requeue { .. } => "requeue",
                Settlement::QueueGone => "queue gone",
            });
            if let Settlement::Requeue { position } = how {
                it["position"] = json!(position);
            }
            ("settled", with_queue(queue, it))
        }
        Event::Dropped {
            queue,
            message,
            why,
        } => {
            let it = json!({"message": message.0, "why": dropped(*why)});
            ("dropped", with_queue(queue, it))
        }
        Event::DeadLettered {
            queue,
            message,
            reason,
            exchange,
            routing_key,
        } => {
            let mut it = death(message.0, *reason, exchange);
            it["routing key"] = json!(routing_key.to_text());
            ("dead-lettered", with_queue(queue, it))
        }
        Event::DeadLetterLost {
            queue,
            message,
            reason,
            exchange,
        } => (
            "dead letter lost",
            with_queue(queue, death(message.0, *reason, exchange)),
        ),
        Event::Confirmed {
            channel: id,
            tag,
            multiple,
            how,
            message,
        } => {
            let how = match how {
                Confirm::Ack => "ack",
                Confirm::Nack => "nack",
            };
            let it = json!({"channel": channel(*id), "tag": tag.0, "multiple": multiple,
                "how": how, "message": message.0});
            ("confirmed", it)
        }
        _ => return None,
    })
}

fn node(event: &Event) -> (&'static str, Value) {
    match event {
        Event::BrokerStopped => ("broker stopped", json!({})),
        Event::BrokerStarted => ("broker started", json!({})),
        Event::AlarmChanged { memory, disk } => {
            ("alarm changed", json!({"memory": memory, "disk": disk}))
        }
        Event::PolicyChanged { vhost, name } => (
            "policy changed",
            json!({"vhost": vhost.as_str(), "name": **name}),
        ),
        Event::VhostAdded { vhost } => ("vhost added", json!({"vhost": vhost.as_str()})),
        Event::VhostChanged {
            vhost,
            default_queue_type,
        } => (
            "vhost changed",
            json!({"vhost": vhost.as_str(), "default queue type": default_queue_type.map(QueueKind::as_str)}),
        ),
        Event::VhostDeleted { vhost } => ("vhost deleted", json!({"vhost": vhost.as_str()})),
        Event::UserChanged { user } => ("user changed", json!({"user": user.as_str()})),
        Event::UserDeleted { user } => ("user deleted", json!({"user": user.as_str()})),
        Event::PermissionsChanged { user, vhost } => (
            "permissions changed",
            json!({"user": user.as_str(), "vhost": vhost.as_str()}),
        ),
        Event::LimitReached { what, limit } => {
            ("limit reached", json!({"what": what, "limit": limit}))
        }
        Event::Ignored { why } => ("ignored", json!({"why": why.to_string()})),
        other => ("other", json!({"text": format!("{other:?}")})),
    }
}

fn with(mut object: Value, more: Value) -> Value {
    if let (Value::Object(object), Value::Object(more)) = (&mut object, more) {
        object.extend(more);
    }
    object
}

fn with_queue(queue: &QueueId, more: Value) -> Value {
    with(
        json!({"queue": queue.as_str(), "vhost": queue.vhost().as_str()}),
        more,
    )
}

fn with_exchange(exchange: &ExchangeId, more: Value) -> Value {
    with(
        json!({"exchange": exchange.as_str(), "vhost": exchange.vhost().as_str()}),
        more,
    )
}

fn channel(id: ChannelId) -> Value {
    json!({"connection": id.connection.0, "number": id.number.0})
}

fn consumer(id: &ConsumerId) -> Value {
    json!({"channel": channel(id.channel), "consumer": id.tag.as_str()})
}

fn exception(why: &Exception) -> Value {
    json!({"code": why.code.code(), "text": why.reply_text(), "class": why.method.class,
        "method": why.method.method})
}

fn destination(to: &Destination) -> Value {
    match to {
        Destination::Queue(queue) => json!({"queue": queue.as_str()}),
        Destination::Exchange(exchange) => json!({"exchange": exchange.as_str()}),
    }
}

fn binding(it: &Binding) -> Value {
    json!({"source": it.source.as_str(), "destination": destination(&it.destination),
        "routing key": it.routing_key.to_text()})
}

fn whole(message: &Message) -> Value {
    json!({"message": message.id.0, "parent": message.parent().map(|it| it.0),
        "channel": message.publisher.map(channel), "exchange": message.exchange.as_str(),
        "routing key": message.routing_key.to_text(), "bytes": message.body.len()})
}

fn death(message: u64, reason: DeathReason, exchange: &ExchangeId) -> Value {
    json!({"message": message, "reason": reason.as_str(), "exchange": exchange.as_str()})
}

fn deletion(why: Deletion) -> &'static str {
    match why {
        Deletion::ByClient => "client",
        Deletion::AutoDelete => "auto-delete",
        Deletion::Exclusive => "exclusive",
        Deletion::Expired => "expired",
        Deletion::Restart => "restart",
        Deletion::Vhost => "vhost deleted",
    }
}

fn dropped(why: DropReason) -> &'static str {
    match why {
        DropReason::Expired => "expired",
        DropReason::MaxLength => "max length",
        DropReason::DeliveryLimit => "delivery limit",
        DropReason::Purged => "purged",
        DropReason::QueueDeleted => "queue deleted",
        DropReason::Restart => "restart",
        DropReason::Cycle => "cycle",
        DropReason::Retention => "retention",
    }
}
