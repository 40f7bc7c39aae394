//! Events as text, one line each: what golden tests compare and what a person can copy out of the page.
//!
//! A line is a word, then who and what; texts stand in quotes with their odd characters escaped. Lines are stable: a
//! change here changes every recorded transcript.

use crate::amqp::event::{
    Cancellation, ChannelEnd, Confirm, ConnectionEnd, Deletion, DeliveredTo, DropReason, Event,
    Settlement, Unbinding, Via,
};
use crate::amqp::exception::Exception;
use crate::amqp::ids::{ChannelId, Destination, ExchangeId};
use crate::amqp::message::{Message, Table, Value};
use crate::amqp::protocol::ServerMethod;
use crate::amqp::view::{Binding, QueueKind};

/// How much of a body a line shows.
const SHOWN_BODY: usize = 40;

/// One event as one line, without its end.
pub fn line(event: &Event) -> String {
    let (word, rest) = words(event);
    format!("{word:<10} {rest}").trim_end().to_string()
}

/// Events as lines, each with its end.
pub fn lines(events: &[Event]) -> String {
    events.iter().map(|event| line(event) + "\n").collect()
}

/// A value as the language of programs would write it, with its type where that is not plain.
pub fn value(value: &Value) -> String {
    match value {
        Value::LongString(bytes) => format!("{:?}", String::from_utf8_lossy(bytes)),
        Value::I32(number) => number.to_string(),
        Value::I64(number) => format!("{number}l"),
        Value::Bool(value) => value.to_string(),
        Value::F64(number) => format!("{number:?}"),
        Value::Void => "void".to_string(),
        Value::Table(inner) => format!("{{{}}}", table(inner)),
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(self::value).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Bytes(bytes) => format!("binary {:?}", String::from_utf8_lossy(bytes)),
        Value::Decimal(scale, number) => format!("decimal {number}e-{scale}"),
        Value::Timestamp(seconds) => format!("timestamp {seconds}"),
        Value::F32(number) => format!("float {number:?}"),
        Value::U32(_) | Value::I8(_) | Value::U8(_) | Value::I16(_) | Value::U16(_) => {
            format!(
                "{} {}",
                value.type_name(),
                value.as_integer().unwrap_or_default()
            )
        }
    }
}

/// A table as `key=value` in its order.
pub fn table(table: &Table) -> String {
    let entries: Vec<String> = table
        .0
        .iter()
        .map(|(key, entry)| format!("{key}={}", value(entry)))
        .collect();
    entries.join(" ")
}

/// Every event belongs to one of four groups; a new one must be given its group here.
fn words(event: &Event) -> (&'static str, String) {
    match event {
        Event::ConnectionOpened { .. }
        | Event::ConnectionRefused { .. }
        | Event::ConnectionClosed { .. }
        | Event::ConnectionBlocked { .. }
        | Event::ConnectionUnblocked { .. }
        | Event::ChannelOpened { .. }
        | Event::ChannelClosed { .. }
        | Event::Replied { .. } => session(event),
        Event::ExchangeDeclared { .. }
        | Event::ExchangeDeleted { .. }
        | Event::QueueDeclared { .. }
        | Event::QueueDeleted { .. }
        | Event::Bound { .. }
        | Event::Unbound { .. }
        | Event::ConsumerAdded { .. }
        | Event::ConsumerCancelled { .. }
        | Event::ConsumerActivated { .. } => topology(event),
        Event::Published { .. }
        | Event::Hopped { .. }
        | Event::Unroutable { .. }
        | Event::Returned { .. }
        | Event::Enqueued { .. }
        | Event::Refused { .. }
        | Event::Delivered { .. }
        | Event::Settled { .. }
        | Event::Dropped { .. }
        | Event::DeadLettered { .. }
        | Event::DeadLetterLost { .. }
        | Event::Confirmed { .. } => message(event),
        Event::BrokerStopped
        | Event::BrokerStarted
        | Event::AlarmChanged { .. }
        | Event::PolicyChanged { .. }
        | Event::VhostAdded { .. }
        | Event::VhostChanged { .. }
        | Event::VhostDeleted { .. }
        | Event::UserChanged { .. }
        | Event::UserDeleted { .. }
        | Event::PermissionsChanged { .. }
        | Event::LimitReached { .. }
        | Event::Ignored { .. } => node(event),
    }
}

fn session(event: &Event) -> (&'static str, String) {
    match event {
        Event::ConnectionOpened {
            connection,
            name,
            user,
            vhost,
        } => (
            "connected",
            format!("{connection} {name:?} as {user} to {vhost}"),
        ),
        Event::ConnectionRefused {
            connection,
            exception,
        } => (
            "refused",
            format!("{connection}: {}", exception_text(exception)),
        ),
        Event::ConnectionClosed { connection, end } => {
            let why = match end {
                ConnectionEnd::ByClient { code, text } => format!("by client, {code} {text:?}"),
                ConnectionEnd::Exception(exception) => exception_text(exception),
                ConnectionEnd::Lost => "lost".to_string(),
            };
            ("closed", format!("{connection}: {why}"))
        }
        Event::ConnectionBlocked { connection, reason } => {
            ("blocked", format!("{connection}: {reason}"))
        }
        Event::ConnectionUnblocked { connection } => ("unblocked", connection.to_string()),
        Event::ChannelOpened { channel } => ("opened", channel.to_string()),
        Event::ChannelClosed { channel, end } => {
            let why = match end {
                ChannelEnd::ByClient { code, text } => format!("by client, {code} {text:?}"),
                ChannelEnd::Exception(exception) => exception_text(exception),
                ChannelEnd::WithConnection => "with its connection".to_string(),
            };
            ("closed", format!("{channel}: {why}"))
        }
        Event::Replied { channel, method } => {
            ("replied", format!("{} {}", short(*channel), reply(method)))
        }
        _ => ("?", String::new()),
    }
}

fn topology(event: &Event) -> (&'static str, String) {
    match event {
        Event::ExchangeDeclared { exchange, kind, .. } => {
            ("declared", format!("exchange {} {kind}", named(exchange)))
        }
        Event::ExchangeDeleted { exchange, why } => (
            "deleted",
            format!("exchange {}: {}", named(exchange), deletion(*why)),
        ),
        Event::QueueDeclared { queue, .. } => ("declared", format!("queue {queue}")),
        Event::QueueDeleted {
            queue,
            why,
            messages,
        } => (
            "deleted",
            format!("queue {queue}: {}, {messages} messages", deletion(*why)),
        ),
        Event::Bound { binding, .. } => ("bound", self::binding(binding)),
        Event::Unbound { binding, why } => {
            let why = match why {
                Unbinding::ByClient => "by client",
                Unbinding::EndDeleted => "its end was deleted",
                Unbinding::Restart => "restart",
            };
            ("unbound", format!("{}: {why}", self::binding(binding)))
        }
        Event::ConsumerAdded { queue, consumer } => (
            "consuming",
            format!("{queue} -> {} {}", short(consumer.channel), consumer.tag),
        ),
        Event::ConsumerCancelled {
            queue,
            consumer,
            why,
        } => {
            let why = match why {
                Cancellation::ByClient => "by client",
                Cancellation::QueueDeleted { notify: true } => "queue deleted, client told",
                Cancellation::QueueDeleted { notify: false } => "queue deleted",
                Cancellation::ChannelEnded => "channel ended",
            };
            let channel = short(consumer.channel);
            (
                "cancelled",
                format!("{queue} -> {channel} {}: {why}", consumer.tag),
            )
        }
        Event::ConsumerActivated { queue, consumer } => (
            "activated",
            format!("{queue} -> {} {}", short(consumer.channel), consumer.tag),
        ),
        _ => ("?", String::new()),
    }
}

fn message(event: &Event) -> (&'static str, String) {
    match event {
        Event::Published { message, mandatory } => ("published", published(message, *mandatory)),
        Event::Hopped { .. } => hopped(event),
        Event::Unroutable { message, exchange } => {
            ("unroutable", format!("{message} at {}", named(exchange)))
        }
        Event::Returned { channel, message } => (
            "returned",
            format!("{} to {}: 312 NO_ROUTE", message.id, short(*channel)),
        ),
        Event::Enqueued {
            queue,
            message,
            position,
        } => ("enqueued", format!("{message} {queue} at {position}")),
        Event::Refused { queue, message } => ("refused", format!("{message} by {queue}")),
        Event::Delivered { .. } => delivered(event),
        Event::Settled { .. } => settled(event),
        Event::Dropped {
            queue,
            message,
            why,
        } => ("dropped", format!("{message} {queue}: {}", dropped(*why))),
        Event::DeadLettered { .. } | Event::DeadLetterLost { .. } => death(event),
        Event::Confirmed {
            channel,
            tag,
            multiple,
            how,
            message,
        } => {
            let how = match how {
                Confirm::Ack => "ack",
                Confirm::Nack => "nack",
            };
            let multiple = if *multiple { " multiple" } else { "" };
            let channel = short(*channel);
            (
                "confirmed",
                format!("{message} to {channel}: {how} {tag}{multiple}"),
            )
        }
        _ => ("?", String::new()),
    }
}

fn node(event: &Event) -> (&'static str, String) {
    match event {
        Event::BrokerStopped => ("stopped", "broker".to_string()),
        Event::BrokerStarted => ("started", "broker".to_string()),
        Event::AlarmChanged { memory, disk } => ("alarm", format!("memory {memory}, disk {disk}")),
        Event::PolicyChanged { vhost, name } => ("changed", format!("policy {name} in {vhost}")),
        Event::VhostAdded { vhost } => ("added", format!("vhost {vhost}")),
        Event::VhostChanged {
            vhost,
            default_queue_type,
        } => {
            let kind = default_queue_type.map_or("none", QueueKind::as_str);
            (
                "changed",
                format!("vhost {vhost}, default queue type {kind}"),
            )
        }
        Event::VhostDeleted { vhost } => ("deleted", format!("vhost {vhost}")),
        Event::UserChanged { user } => ("changed", format!("user {user}")),
        Event::UserDeleted { user } => ("deleted", format!("user {user}")),
        Event::PermissionsChanged { user, vhost } => {
            ("changed", format!("permissions of {user} in {vhost}"))
        }
        Event::LimitReached { what, limit } => ("limit", format!("{what}: {limit}")),
        Event::Ignored { why } => ("ignored", why.to_string()),
        _ => ("?", String::new()),
    }
}

fn published(message: &Message, mandatory: bool) -> String {
    let mut text = format!("{}", message.id);
    if let Some(parent) = message.parent() {
        text += &format!(" of {parent}");
    }
    text += &format!(" to {}", named(&message.exchange));
    if !message.routing_key.is_empty() {
        text += &format!(" key {:?}", message.routing_key);
    }
    text += &format!(" {}", body(&message.body));
    if message.properties.is_persistent() {
        text += " persistent";
    }
    if mandatory {
        text += " mandatory";
    }
    text
}

fn hopped(event: &Event) -> (&'static str, String) {
    let Event::Hopped {
        message,
        from,
        to,
        via,
    } = event
    else {
        return ("?", String::new());
    };

    let to = match to {
        Destination::Queue(queue) => queue.to_string(),
        Destination::Exchange(exchange) => format!("exchange {exchange}"),
    };
    let via = match via {
        Via::Binding(binding) => format!(" by {}", filter(binding)),
        Via::DefaultExchange => String::new(),
        Via::Alternate => " as alternate".to_string(),
        Via::DirectReplyTo => " as direct reply".to_string(),
    };
    ("hopped", format!("{message} {} -> {to}{via}", named(from)))
}

fn settled(event: &Event) -> (&'static str, String) {
    let Event::Settled {
        queue,
        message,
        channel,
        tag,
        how,
    } = event
    else {
        return ("?", String::new());
    };

    let how = match how {
        Settlement::Ack => "ack".to_string(),
        Settlement::Automatic => "automatic".to_string(),
        Settlement::Discard => "discard".to_string(),
        Settlement::Requeue { position } => format!("requeue at {position}"),
        Settlement::QueueGone => "queue gone".to_string(),
    };
    let channel = short(*channel);
    (
        "settled",
        format!("{message} {queue}: {how} ({channel} tag {tag})"),
    )
}

fn delivered(event: &Event) -> (&'static str, String) {
    let Event::Delivered {
        queue,
        message,
        channel,
        tag,
        to,
        redelivered,
        properties,
    } = event
    else {
        return ("?", String::new());
    };
    let (word, to) = match to {
        DeliveredTo::Consumer(consumer) => ("delivered", format!(" {consumer} tag {tag}")),
        DeliveredTo::Get { remaining } => ("got", format!(" tag {tag}, {remaining} left")),
    };
    let again = if *redelivered { " redelivered" } else { "" };
    let own_headers = properties
        .as_ref()
        .and_then(|properties| properties.headers.as_ref())
        .map_or(String::new(), |headers| format!(" with {}", table(headers)));
    let channel = short(*channel);
    let id = message.id;
    (
        word,
        format!("{id} {queue} -> {channel}{to}{again}{own_headers}"),
    )
}

fn death(event: &Event) -> (&'static str, String) {
    match event {
        Event::DeadLettered {
            queue,
            message,
            reason,
            exchange,
            routing_key,
        } => (
            "died",
            format!(
                "{message} {queue}: {} -> {} key {routing_key:?}",
                reason.as_str(),
                named(exchange)
            ),
        ),
        Event::DeadLetterLost {
            queue,
            message,
            reason,
            exchange,
        } => (
            "lost",
            format!(
                "{message} {queue}: {}, no exchange {exchange}",
                reason.as_str()
            ),
        ),
        _ => ("?", String::new()),
    }
}

fn exception_text(exception: &Exception) -> String {
    let method = exception.method;
    format!(
        "{} {} ({},{})",
        exception.code.code(),
        exception.reply_text(),
        method.class,
        method.method
    )
}

fn reply(method: &ServerMethod) -> String {
    let name = method.name();
    match method {
        ServerMethod::ChannelFlowOk { active } => format!("{name} active {active}"),
        ServerMethod::QueueDeclareOk {
            queue,
            message_count,
            consumer_count,
        } => format!("{name} {queue}, {message_count} messages, {consumer_count} consumers"),
        ServerMethod::QueuePurgeOk { message_count }
        | ServerMethod::QueueDeleteOk { message_count } => {
            format!("{name} {message_count} messages")
        }
        ServerMethod::BasicConsumeOk { consumer_tag }
        | ServerMethod::BasicCancelOk { consumer_tag } => format!("{name} {consumer_tag}"),
        ServerMethod::ChannelOpenOk
        | ServerMethod::ChannelCloseOk
        | ServerMethod::AccessRequestOk
        | ServerMethod::ExchangeDeclareOk
        | ServerMethod::ExchangeDeleteOk
        | ServerMethod::ExchangeBindOk
        | ServerMethod::ExchangeUnbindOk
        | ServerMethod::QueueBindOk
        | ServerMethod::QueueUnbindOk
        | ServerMethod::BasicQosOk
        | ServerMethod::BasicGetEmpty
        | ServerMethod::BasicRecoverOk
        | ServerMethod::ConfirmSelectOk
        | ServerMethod::TxSelectOk
        | ServerMethod::TxCommitOk
        | ServerMethod::TxRollbackOk => name.to_string(),
    }
}

fn binding(binding: &Binding) -> String {
    let destination = match &binding.destination {
        Destination::Queue(queue) => queue.to_string(),
        Destination::Exchange(exchange) => format!("exchange {exchange}"),
    };
    let source = named(&binding.source);
    format!("{source} -> {destination} by {}", filter(binding))
}

fn filter(binding: &Binding) -> String {
    let key = format!("{:?}", binding.routing_key);
    if binding.arguments.is_empty() {
        return key;
    }
    format!("{key} {}", table(&binding.arguments))
}

fn named(exchange: &ExchangeId) -> &str {
    match exchange.as_str() {
        "" => "(default)",
        name => name,
    }
}

fn short(channel: ChannelId) -> String {
    format!("{}.{}", channel.connection.0, channel.number.0)
}

fn body(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    if text.chars().count() <= SHOWN_BODY {
        return format!("{text:?}");
    }
    let start: String = text.chars().take(SHOWN_BODY).collect();
    format!("{start:?}… {} bytes", bytes.len())
}

fn deletion(why: Deletion) -> &'static str {
    match why {
        Deletion::ByClient => "by client",
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
        DropReason::MaxLength => "maxlen",
        DropReason::DeliveryLimit => "delivery limit",
        DropReason::Purged => "purged",
        DropReason::QueueDeleted => "queue deleted",
        DropReason::Restart => "restart",
        DropReason::Cycle => "cycle",
        DropReason::Retention => "retention",
    }
}
