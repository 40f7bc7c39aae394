//! `publish` and `reply`: what of a message is the same each time, and what is filled in.

use super::arguments::value;
use super::error::{Need, ScriptError, ScriptProblem};
use super::lexer::Text;
use super::methods::is_word;
use super::options::Words;
use super::statement::{Publishing, Statement};
use super::template::Template;
use crate::amqp::protocol::method::BasicPublish;
use crate::amqp::{Content, ExchangeName, Properties, RoutingKey, ShortString};

/// The properties by their names; any other name is a header.
pub const PROPERTIES: [&str; 13] = [
    "content-type",
    "content-encoding",
    "delivery-mode",
    "priority",
    "correlation-id",
    "reply-to",
    "expiration",
    "message-id",
    "timestamp",
    "type",
    "user-id",
    "app-id",
    "cluster-id",
];

/// `publish EXCHANGE key=… "body" …`
pub fn publish(words: &mut Words) -> Result<Statement, ScriptError> {
    let example = "publish logs key=info \"Hello World!\"";
    let (_, exchange) = words.name(Need::TargetExchange, example)?;
    let mut publishing = content(words, exchange.text.into())?;
    publishing.publish.mandatory = words.flag("mandatory");
    publishing.publish.immediate = words.flag("immediate");
    if let Some(pair) = words.pair("key") {
        if is_word(&pair.value, "$queue") {
            publishing.keyed_by_last_queue = true;
        } else {
            let template = template(words, pair.column, &pair.value.text)?;
            match template.is_plain() {
                true => publishing.publish.routing_key = RoutingKey::from(pair.value.text),
                false => publishing.key = Some(template),
            }
        }
    }
    properties(words, &mut publishing)?;
    Ok(Statement::Publish(Box::new(publishing)))
}

/// `reply "body"`: to where the message in hand wants its answer, under its correlation id.
pub fn reply(words: &mut Words) -> Result<Statement, ScriptError> {
    let mut publishing = content(words, ExchangeName::default())?;
    publishing.to_asker = true;
    properties(words, &mut publishing)?;
    Ok(Statement::Publish(Box::new(publishing)))
}

/// The body, with nothing around it yet.
fn content(words: &mut Words, exchange: ExchangeName) -> Result<Publishing, ScriptError> {
    let (column, text) = words.optional_name().unwrap_or_default();
    let template = template(words, column, &text.text)?;
    let (plain, body) = match template.is_plain() {
        true => (text.text.as_str(), None),
        false => ("", Some(template)),
    };
    Ok(Publishing {
        publish: BasicPublish {
            exchange,
            routing_key: RoutingKey::default(),
            mandatory: false,
            immediate: false,
            content: Content::text(plain),
        },
        keyed_by_last_queue: false,
        body,
        key: None,
        pairs: Vec::new(),
        to_asker: false,
    })
}

fn template(words: &Words, column: usize, text: &str) -> Result<Template, ScriptError> {
    Template::parse(text).map_err(|problem| words.fault(column, problem))
}

fn properties(words: &mut Words, publishing: &mut Publishing) -> Result<(), ScriptError> {
    let mut plain = Properties::default();
    if words.flag("persistent") {
        plain.delivery_mode = Some(2);
    }
    if words.flag("transient") {
        plain.delivery_mode = Some(1);
    }
    for pair in words.rest() {
        let template = template(words, pair.column, &pair.value.text)?;
        if template.is_plain() {
            set(&mut plain, &pair.key, &pair.value)
                .map_err(|problem| words.fault(pair.column, problem))?;
        } else {
            publishing
                .pairs
                .push((pair.key, template, pair.value.quoted));
        }
    }
    publishing.publish.content.properties = plain.into();
    Ok(())
}

/// One `key=value` of a publish: a property if it is called like one, else a header.
pub(super) fn set(
    properties: &mut Properties,
    key: &str,
    text: &Text,
) -> Result<(), ScriptProblem> {
    let short = || Some(ShortString::from(text.text.as_str()));
    let number = |most: u64| -> Result<u64, ScriptProblem> {
        match text.text.parse::<u64>() {
            Ok(number) if number <= most => Ok(number),
            Ok(_) | Err(_) => Err(ScriptProblem::NotANumber {
                of: key.to_string(),
                text: text.text.clone(),
                most,
            }),
        }
    };
    let byte = || number(u64::from(u8::MAX)).map(|number| u8::try_from(number).ok());
    match key {
        "content-type" => properties.content_type = short(),
        "content-encoding" => properties.content_encoding = short(),
        "delivery-mode" => properties.delivery_mode = byte()?,
        "priority" => properties.priority = byte()?,
        "correlation-id" => properties.correlation_id = short(),
        "reply-to" => properties.reply_to = short(),
        "expiration" => properties.expiration = short(),
        "message-id" => properties.message_id = short(),
        "timestamp" => properties.timestamp = Some(number(u64::MAX)?),
        "type" => properties.kind = short(),
        "user-id" => properties.user_id = short(),
        "app-id" => properties.app_id = short(),
        "cluster-id" => properties.cluster_id = short(),
        name => {
            let name = name.strip_prefix("header.").unwrap_or(name);
            let headers = properties.headers.get_or_insert_default();
            headers.push(name, value(text));
        }
    }
    Ok(())
}
