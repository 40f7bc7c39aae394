//! What JavaScript gets to see: plain values made by hand, so that the inside may be renamed freely.

mod events;
mod snapshot;

pub use events::{Channel, Heard, Sorted, events};
pub use snapshot::snapshot;

use serde_json::{Value, json};

use crate::amqp::{ChannelId, Message};
use crate::engine::commands::{properties, text_or_bytes};
use crate::js::value::number;

/// A message with all that it carries.
fn message(message: &Message) -> Value {
    json!({
        "id": number(message.id.0),
        "parent": message.parent().map(|id| number(id.0)),
        "exchange": message.exchange.as_str(),
        "routingKey": message.routing_key.to_text(),
        "properties": properties(&message.properties),
        "body": text_or_bytes(&message.body),
        "publishedAt": number(message.published_at.as_ms()),
    })
}

/// `4.1`: the connection and the channel on it.
fn channel(channel: ChannelId) -> Value {
    json!(format!("{}.{}", channel.connection.0, channel.number.0))
}
