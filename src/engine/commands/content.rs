//! A message's body and properties as JSON.

use serde_json::{Map, Value as Json, json};

use crate::amqp::{Properties, ShortString, Table};
use crate::scenario::node::Node;
use crate::scenario::{ScenarioError, value};

/// A text where the bytes are one, else an array of numbers.
pub fn text_or_bytes(bytes: &[u8]) -> Json {
    match std::str::from_utf8(bytes) {
        Ok(text) => json!(text),
        Err(_) => json!(bytes),
    }
}

/// The other way round.
pub(super) fn bytes(node: &Node<'_>) -> Result<Vec<u8>, ScenarioError> {
    if let Some(text) = node.value().as_str() {
        return Ok(text.as_bytes().to_vec());
    }
    let items = node.items()?;
    let byte = |item: &Node<'_>| Ok(item.number(u8::MAX.into())? as u8);
    items.iter().map(byte).collect()
}

/// A field that is text, and where it lives.
type TextField = (
    &'static str,
    fn(&mut Properties) -> &mut Option<ShortString>,
);

const TEXTS: [TextField; 10] = [
    ("contentType", |p| &mut p.content_type),
    ("contentEncoding", |p| &mut p.content_encoding),
    ("correlationId", |p| &mut p.correlation_id),
    ("replyTo", |p| &mut p.reply_to),
    ("expiration", |p| &mut p.expiration),
    ("messageId", |p| &mut p.message_id),
    ("type", |p| &mut p.kind),
    ("userId", |p| &mut p.user_id),
    ("appId", |p| &mut p.app_id),
    ("clusterId", |p| &mut p.cluster_id),
];

/// The properties that are there.
pub fn properties(properties: &Properties) -> Json {
    let mut properties = properties.clone();
    let mut object = Map::new();
    for (name, field) in TEXTS {
        if let Some(text) = field(&mut properties) {
            object.insert(name.to_string(), json!(text.to_text()));
        }
    }
    let numbers = [
        ("deliveryMode", properties.delivery_mode.map(u64::from)),
        ("priority", properties.priority.map(u64::from)),
        ("timestamp", properties.timestamp),
    ];
    for (name, number) in numbers {
        if let Some(number) = number {
            object.insert(name.to_string(), json!(number));
        }
    }
    if let Some(headers) = &properties.headers {
        object.insert("headers".to_string(), value::write_table(headers));
    }
    Json::Object(object)
}

/// Reads what [`properties`] writes.
pub(super) fn read_properties(node: &Node<'_>) -> Result<Properties, ScenarioError> {
    let mut known: Vec<&str> = TEXTS.iter().map(|(name, _)| *name).collect();
    known.extend(["deliveryMode", "priority", "timestamp", "headers"]);
    let object = node.object(&known)?;
    let mut properties = Properties::default();
    for (name, field) in TEXTS {
        if let Some(node) = object.get(name) {
            *field(&mut properties) = Some(ShortString::from(node.name()?));
        }
    }
    let byte = |name: &str| -> Result<Option<u8>, ScenarioError> {
        let number = object.get(name).map(|n| n.number(u8::MAX.into()));
        Ok(number.transpose()?.map(|number| number as u8))
    };
    properties.delivery_mode = byte("deliveryMode")?;
    properties.priority = byte("priority")?;
    properties.timestamp = object
        .get("timestamp")
        .map(|n| n.number(u64::MAX))
        .transpose()?;
    properties.headers = object
        .get("headers")
        .map(|n| value::read_table(&n))
        .transpose()?;
    Ok(properties)
}

/// The field `arguments`, left out when there are none.
pub(super) fn put_table(object: &mut Map<String, Json>, table: &Table) {
    if !table.is_empty() {
        object.insert("arguments".to_string(), value::write_table(table));
    }
}
