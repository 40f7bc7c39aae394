//! What follows each verb, read into a method or another statement.

use super::ScriptError;
use super::arguments::{duration_ms, value};
use super::lexer::Text;
use super::options::{ArgumentKind, Pair, Words};
use super::statement::{Call, Settle, SettleHow, Statement};
use crate::amqp::protocol::ClientMethod;
use crate::amqp::protocol::method::{BasicConsume, BasicPublish, ExchangeDeclare, QueueDeclare};
use crate::amqp::{
    Content, DeliveryTag, ExchangeName, Properties, QueueName, RoutingKey, ShortString, Table,
};

const EXCHANGE_ARGUMENTS: &[(&str, &str, ArgumentKind)] = &[
    ("ae", "alternate-exchange", ArgumentKind::Name),
    ("delayed-type", "x-delayed-type", ArgumentKind::Name),
    ("hash-header", "hash-header", ArgumentKind::Name),
    ("hash-property", "hash-property", ArgumentKind::Name),
];

const QUEUE_ARGUMENTS: &[(&str, &str, ArgumentKind)] = &[
    ("ttl", "x-message-ttl", ArgumentKind::Milliseconds),
    ("expires", "x-expires", ArgumentKind::Milliseconds),
    ("max-length", "x-max-length", ArgumentKind::Any),
    ("max-bytes", "x-max-length-bytes", ArgumentKind::Any),
    ("max-priority", "x-max-priority", ArgumentKind::Any),
    ("dlx", "x-dead-letter-exchange", ArgumentKind::Name),
    ("dlk", "x-dead-letter-routing-key", ArgumentKind::Name),
    ("overflow", "x-overflow", ArgumentKind::Name),
    ("type", "x-queue-type", ArgumentKind::Name),
    ("sac", "x-single-active-consumer", ArgumentKind::Any),
    ("delivery-limit", "x-delivery-limit", ArgumentKind::Any),
];

const CONSUME_ARGUMENTS: &[(&str, &str, ArgumentKind)] = &[
    ("priority", "x-priority", ArgumentKind::Any),
    ("offset", "x-stream-offset", ArgumentKind::Any),
];

pub(super) fn exchange(words: &mut Words) -> Result<Statement, ScriptError> {
    let example = "exchange logs fanout durable";
    let (_, name) = words.name("a name", example)?;
    let passive = words.flag("passive");
    let kind = match words.optional_name() {
        Some((_, kind)) => kind.text,
        None if passive => "direct".to_string(),
        None => words.name("a type", example)?.1.text,
    };
    Ok(call(ClientMethod::ExchangeDeclare(ExchangeDeclare {
        exchange: name.text.into(),
        kind,
        passive,
        durable: words.flag("durable"),
        auto_delete: words.flag("auto-delete"),
        internal: words.flag("internal"),
        nowait: words.flag("nowait"),
        arguments: words.arguments(EXCHANGE_ARGUMENTS)?,
    })))
}

pub(super) fn queue(words: &mut Words) -> Result<Statement, ScriptError> {
    let (queue, of_last_queue) = queue_name(words);
    Ok(Statement::Call(Call {
        method: ClientMethod::QueueDeclare(QueueDeclare {
            queue,
            passive: words.flag("passive"),
            durable: words.flag("durable"),
            exclusive: words.flag("exclusive"),
            auto_delete: words.flag("auto-delete"),
            nowait: words.flag("nowait"),
            arguments: words.arguments(QUEUE_ARGUMENTS)?,
        }),
        of_last_queue,
        keyed_by_last_queue: false,
    }))
}

pub(super) fn binding(words: &mut Words) -> Result<Statement, ScriptError> {
    let example = format!("{} logs -> work key=info", words.verb);
    let (_, source) = words.name("an exchange", &example)?;
    words.arrow(&example)?;
    let (_, mut destination) = words.name("a queue, or `exchange` and its name", &example)?;
    let to_exchange = is_word(&destination, "exchange");
    if to_exchange || is_word(&destination, "queue") {
        destination = words.name("a name", &example)?.1;
    }
    let (routing_key, keyed_by_last_queue) = key(words);
    let mut arguments = Table::new();
    for pair in words.rest() {
        arguments.push(&pair.key, value(&pair.value));
    }
    let source = ExchangeName::from(source.text);
    let of_last_queue = is_word(&destination, "$queue");
    let nowait = words.flag("nowait");
    let bind = words.verb == "bind";
    let method = match (bind, to_exchange) {
        (true, true) => ClientMethod::ExchangeBind {
            destination: destination.text.into(),
            source,
            routing_key,
            nowait,
            arguments,
        },
        (false, true) => ClientMethod::ExchangeUnbind {
            destination: destination.text.into(),
            source,
            routing_key,
            nowait,
            arguments,
        },
        (true, false) => ClientMethod::QueueBind {
            queue: destination.text.into(),
            exchange: source,
            routing_key,
            nowait,
            arguments,
        },
        (false, false) => ClientMethod::QueueUnbind {
            queue: destination.text.into(),
            exchange: source,
            routing_key,
            arguments,
        },
    };
    Ok(Statement::Call(Call {
        method,
        of_last_queue,
        keyed_by_last_queue,
    }))
}

pub(super) fn publish(words: &mut Words) -> Result<Statement, ScriptError> {
    let example = "publish logs key=info \"Hello World!\"";
    let (_, exchange) = words.name("an exchange (\"\" is the default one)", example)?;
    let body = words
        .optional_name()
        .map_or(String::new(), |(_, text)| text.text);
    let (routing_key, keyed_by_last_queue) = key(words);
    let mut properties = Properties::default();
    if words.flag("persistent") {
        properties.delivery_mode = Some(2);
    }
    if words.flag("transient") {
        properties.delivery_mode = Some(1);
    }
    for pair in words.rest() {
        property(words, &mut properties, pair)?;
    }
    Ok(Statement::Call(Call {
        method: ClientMethod::BasicPublish(Box::new(BasicPublish {
            exchange: exchange.text.into(),
            routing_key,
            mandatory: words.flag("mandatory"),
            immediate: words.flag("immediate"),
            content: Content {
                properties: properties.into(),
                body: body.as_bytes().into(),
            },
        })),
        of_last_queue: false,
        keyed_by_last_queue,
    }))
}

/// One `key=value` of a publish: a property if it is called like one, else a header.
fn property(words: &Words, properties: &mut Properties, pair: Pair) -> Result<(), ScriptError> {
    let text = || Some(ShortString::from(pair.value.text.as_str()));
    let byte = || -> Result<Option<u8>, ScriptError> {
        number(words, &pair, u64::from(u8::MAX)).map(|number| u8::try_from(number).ok())
    };
    match pair.key.as_str() {
        "content-type" => properties.content_type = text(),
        "content-encoding" => properties.content_encoding = text(),
        "delivery-mode" => properties.delivery_mode = byte()?,
        "priority" => properties.priority = byte()?,
        "correlation-id" => properties.correlation_id = text(),
        "reply-to" => properties.reply_to = text(),
        "expiration" => properties.expiration = text(),
        "message-id" => properties.message_id = text(),
        "timestamp" => properties.timestamp = Some(number(words, &pair, u64::MAX)?),
        "type" => properties.kind = text(),
        "user-id" => properties.user_id = text(),
        "app-id" => properties.app_id = text(),
        "cluster-id" => properties.cluster_id = text(),
        name => {
            let name = name.strip_prefix("header.").unwrap_or(name);
            let headers = properties.headers.get_or_insert_default();
            headers.push(name, value(&pair.value));
        }
    }
    Ok(())
}

pub(super) fn consume(words: &mut Words) -> Result<Statement, ScriptError> {
    let (queue, of_last_queue) = queue_name(words);
    let prefetch = match words.pair("prefetch") {
        Some(pair) => u16::try_from(number(words, &pair, u64::from(u16::MAX))?).ok(),
        None => None,
    };
    let work_ms = match words.pair("work") {
        Some(pair) => Some(duration(words, pair.column, &pair.value.text)?),
        None => None,
    };
    let tag = words.pair("tag").map_or(String::new(), |p| p.value.text);
    Ok(Statement::Consume {
        consume: BasicConsume {
            queue,
            consumer_tag: tag.into(),
            no_local: words.flag("no-local"),
            no_ack: words.flag("auto"),
            exclusive: words.flag("exclusive"),
            nowait: words.flag("nowait"),
            arguments: words.arguments(CONSUME_ARGUMENTS)?,
        },
        of_last_queue,
        prefetch,
        work_ms,
    })
}

pub(super) fn get(words: &mut Words) -> Statement {
    let (queue, of_last_queue) = queue_name(words);
    Statement::Call(Call {
        method: ClientMethod::BasicGet {
            queue,
            no_ack: words.flag("auto"),
        },
        of_last_queue,
        keyed_by_last_queue: false,
    })
}

pub(super) fn settle(words: &mut Words, column: usize) -> Result<Settle, ScriptError> {
    let tag = match words.optional_name() {
        Some((column, text)) => {
            let number = text.text.parse().map_err(|_| {
                words.fault(
                    column,
                    format!("`{}` is no delivery tag", text.text),
                    "A delivery tag is a number; without one the last delivery is meant."
                        .to_string(),
                )
            })?;
            Some(DeliveryTag(number))
        }
        None => None,
    };
    let multiple = words.flag("multiple");
    if words.verb == "ack" {
        let how = SettleHow::Ack { multiple };
        return Ok(Settle { tag, how });
    }
    let requeue = words.flag("requeue");
    if requeue == words.flag("discard") {
        return Err(words.fault(
            column,
            format!("`{}` must say what becomes of the message", words.verb),
            "Add `requeue` (back to its queue) or `discard` (dropped, or dead-lettered)."
                .to_string(),
        ));
    }
    let how = match words.verb.as_str() {
        "nack" => SettleHow::Nack { multiple, requeue },
        _ => SettleHow::Reject { requeue },
    };
    Ok(Settle { tag, how })
}

pub(super) fn delete(words: &mut Words) -> Result<Statement, ScriptError> {
    let example = "delete queue work if-empty";
    let (column, what) = words.name("`queue` or `exchange`", example)?;
    match what.text.as_str() {
        "queue" => {
            let (queue, of_last_queue) = queue_name(words);
            Ok(Statement::Call(Call {
                method: ClientMethod::QueueDelete {
                    queue,
                    if_unused: words.flag("if-unused"),
                    if_empty: words.flag("if-empty"),
                    nowait: words.flag("nowait"),
                },
                of_last_queue,
                keyed_by_last_queue: false,
            }))
        }
        "exchange" => Ok(call(ClientMethod::ExchangeDelete {
            exchange: words.name("a name", "delete exchange logs")?.1.text.into(),
            if_unused: words.flag("if-unused"),
            nowait: words.flag("nowait"),
        })),
        other => Err(words.fault(
            column,
            format!("`delete` does not know `{other}`"),
            format!("Say what it is first. For example: {example}"),
        )),
    }
}

pub(super) fn sleep(words: &mut Words) -> Result<Statement, ScriptError> {
    let (column, text) = words.name("a time", "sleep 500ms")?;
    duration(words, column, &text.text).map(Statement::Sleep)
}

pub(super) fn repeat(words: &mut Words) -> Result<Statement, ScriptError> {
    let (column, text) = words.name("a number, or `forever`", "repeat 3")?;
    let times = match text.text.as_str() {
        "forever" => None,
        count => Some(count.parse().map_err(|_| {
            words.fault(
                column,
                format!("`{count}` is no number of times"),
                "For example: `repeat 3` or `repeat forever`.".to_string(),
            )
        })?),
    };
    Ok(Statement::Repeat { times, end: 0 })
}

pub(super) fn close(words: &mut Words) -> Result<Statement, ScriptError> {
    match words.optional_name() {
        None => Ok(Statement::Close),
        Some((_, what)) if what.text == "channel" => Ok(Statement::CloseChannel),
        Some((_, what)) if what.text == "connection" => Ok(Statement::Close),
        Some((column, what)) => Err(words.fault(
            column,
            format!("`close` does not know `{}`", what.text),
            "`close` closes the connection, `close channel` only the channel.".to_string(),
        )),
    }
}

/// The methods that have few words.
pub(super) fn simple_call(words: &mut Words) -> Result<Call, ScriptError> {
    let nowait = words.flag("nowait");
    let method = match words.verb.as_str() {
        "qos" => {
            let (column, text) = words.name("a prefetch count", "qos 1")?;
            let prefetch_count = text.text.parse().map_err(|_| {
                let what = format!("`{}` is no prefetch count", text.text);
                words.fault(column, what, "It goes from 0 to 65535.".to_string())
            })?;
            let prefetch_size = match words.pair("size") {
                Some(pair) => {
                    u32::try_from(number(words, &pair, u64::from(u32::MAX))?).unwrap_or(u32::MAX)
                }
                None => 0,
            };
            ClientMethod::BasicQos {
                prefetch_size,
                prefetch_count,
                global: words.flag("global"),
            }
        }
        "cancel" => ClientMethod::BasicCancel {
            consumer_tag: words.name("a consumer tag", "cancel c1")?.1.text.into(),
            nowait,
        },
        "recover" if words.flag("async") => ClientMethod::BasicRecoverAsync {
            requeue: !words.flag("discard"),
        },
        "recover" => ClientMethod::BasicRecover {
            requeue: !words.flag("discard"),
        },
        "purge" => {
            let (queue, of_last_queue) = queue_name(words);
            return Ok(Call {
                method: ClientMethod::QueuePurge { queue, nowait },
                of_last_queue,
                keyed_by_last_queue: false,
            });
        }
        "confirm" => ClientMethod::ConfirmSelect { nowait },
        "tx" => {
            let (column, what) = words.name("select, commit or rollback", "tx select")?;
            match what.text.as_str() {
                "select" => ClientMethod::TxSelect,
                "commit" => ClientMethod::TxCommit,
                "rollback" => ClientMethod::TxRollback,
                other => {
                    return Err(words.fault(
                        column,
                        format!("`tx` does not know `{other}`"),
                        "It knows: select, commit, rollback.".to_string(),
                    ));
                }
            }
        }
        _ => {
            let (_, state) = words.name("on or off", "flow on")?;
            ClientMethod::ChannelFlow {
                active: state.text != "off",
            }
        }
    };
    Ok(Call::plain(method))
}

fn call(method: ClientMethod) -> Statement {
    Statement::Call(Call::plain(method))
}

fn is_word(text: &Text, word: &str) -> bool {
    !text.quoted && text.text == word
}

/// A queue's name; without one, the channel's last queue ("").
fn queue_name(words: &mut Words) -> (QueueName, bool) {
    match words.optional_name() {
        Some((_, text)) => (
            QueueName::from(text.text.as_str()),
            is_word(&text, "$queue"),
        ),
        None => (QueueName::default(), false),
    }
}

fn key(words: &mut Words) -> (RoutingKey, bool) {
    match words.pair("key") {
        Some(pair) => {
            let last_queue = is_word(&pair.value, "$queue");
            (RoutingKey::from(pair.value.text), last_queue)
        }
        None => (RoutingKey::default(), false),
    }
}

fn number(words: &Words, pair: &Pair, most: u64) -> Result<u64, ScriptError> {
    match pair.value.text.parse::<u64>() {
        Ok(number) if number <= most => Ok(number),
        Ok(_) | Err(_) => Err(words.fault(
            pair.column,
            format!(
                "`{}` is not a number that `{}` can be",
                pair.value.text, pair.key
            ),
            format!("It goes from 0 to {most}."),
        )),
    }
}

fn duration(words: &Words, column: usize, text: &str) -> Result<u64, ScriptError> {
    duration_ms(text).ok_or_else(|| {
        words.fault(
            column,
            format!("`{text}` is no time"),
            "Write a number and its unit: 500ms, 2s, 1.5s, 1m.".to_string(),
        )
    })
}
