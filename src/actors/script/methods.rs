//! What follows each verb, read into a method or another statement.

use super::arguments::{delay, value};
use super::error::{Need, ScriptError, ScriptProblem};
use super::lexer::Text;
use super::options::{ArgumentKind, Pair, Words};
use super::statement::{Call, Settle, SettleHow, Statement};
use crate::actors::chance::Delay;
use crate::amqp::protocol::ClientMethod;
use crate::amqp::protocol::method::{BasicConsume, ExchangeDeclare, QueueDeclare};
use crate::amqp::{DeliveryTag, ExchangeName, QueueName, RoutingKey, Table};

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
    let (_, name) = words.name(Need::Name, example)?;
    let passive = words.flag("passive");
    let kind = match words.optional_name() {
        Some((_, kind)) => kind.text,
        None if passive => "direct".to_string(),
        None => words.name(Need::Type, example)?.1.text,
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
    let (_, source) = words.name(Need::Exchange, &example)?;
    words.arrow(&example)?;
    let (_, mut destination) = words.name(Need::Destination, &example)?;
    let to_exchange = is_word(&destination, "exchange");
    if to_exchange || is_word(&destination, "queue") {
        destination = words.name(Need::Name, &example)?.1;
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

pub(super) fn consume(words: &mut Words) -> Result<Statement, ScriptError> {
    let (queue, of_last_queue) = queue_name(words);
    let prefetch = match words.pair("prefetch") {
        Some(pair) => u16::try_from(number(words, &pair, u64::from(u16::MAX))?).ok(),
        None => None,
    };
    let work = match words.pair("work") {
        Some(pair) => Some(time(words, pair.column, &pair.value.text)?),
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
        work,
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
                let text = text.text.clone();
                words.fault(column, ScriptProblem::NotADeliveryTag { text })
            })?;
            Some(DeliveryTag(number))
        }
        None => None,
    };
    let multiple = words.flag("multiple");
    if words.verb == "ack" {
        let how = SettleHow::Ack { multiple };
        let batch = match words.pair("batch") {
            Some(pair) => Some(number(words, &pair, u64::from(u16::MAX))?),
            None => None,
        };
        let batch = batch.map(|count| u32::try_from(count).unwrap_or(u32::MAX));
        return Ok(Settle { tag, how, batch });
    }
    let requeue = words.flag("requeue");
    if requeue == words.flag("discard") {
        let statement = words.verb.clone();
        return Err(words.fault(column, ScriptProblem::NoOutcome { statement }));
    }
    let how = match words.verb.as_str() {
        "nack" => SettleHow::Nack { multiple, requeue },
        _ => SettleHow::Reject { requeue },
    };
    let batch = None;
    Ok(Settle { tag, how, batch })
}

pub(super) fn delete(words: &mut Words) -> Result<Statement, ScriptError> {
    let example = "delete queue work if-empty";
    let (column, what) = words.name(Need::QueueOrExchange, example)?;
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
            exchange: words
                .name(Need::Name, "delete exchange logs")?
                .1
                .text
                .into(),
            if_unused: words.flag("if-unused"),
            nowait: words.flag("nowait"),
        })),
        other => Err(words.unknown(column, other, &["queue", "exchange"])),
    }
}

pub(super) fn close(words: &mut Words) -> Result<Statement, ScriptError> {
    match words.optional_name() {
        None => Ok(Statement::Close),
        Some((_, what)) if what.text == "channel" => Ok(Statement::CloseChannel),
        Some((_, what)) if what.text == "connection" => Ok(Statement::Close),
        Some((column, what)) => Err(words.unknown(column, &what.text, &["channel", "connection"])),
    }
}

/// The methods that have few words.
pub(super) fn simple_call(words: &mut Words) -> Result<Call, ScriptError> {
    let nowait = words.flag("nowait");
    let method = match words.verb.as_str() {
        "qos" => {
            let (column, text) = words.name(Need::PrefetchCount, "qos 1")?;
            let prefetch_count = text.text.parse().map_err(|_| {
                let text = text.text.clone();
                words.fault(column, ScriptProblem::NotAPrefetch { text })
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
            consumer_tag: words.name(Need::ConsumerTag, "cancel c1")?.1.text.into(),
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
            let (column, what) = words.name(Need::TxVerb, "tx select")?;
            match what.text.as_str() {
                "select" => ClientMethod::TxSelect,
                "commit" => ClientMethod::TxCommit,
                "rollback" => ClientMethod::TxRollback,
                other => {
                    return Err(words.unknown(column, other, &["select", "commit", "rollback"]));
                }
            }
        }
        _ => {
            let (_, state) = words.name(Need::OnOrOff, "flow on")?;
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

pub(super) fn is_word(text: &Text, word: &str) -> bool {
    !text.quoted && text.text == word
}

/// A queue's name; without one, the channel's last queue ("").
pub(super) fn queue_name(words: &mut Words) -> (QueueName, bool) {
    match words.optional_name() {
        Some((_, text)) => (
            QueueName::from(text.text.as_str()),
            is_word(&text, "$queue"),
        ),
        None => (QueueName::default(), false),
    }
}

pub(super) fn key(words: &mut Words) -> (RoutingKey, bool) {
    match words.pair("key") {
        Some(pair) => {
            let last_queue = is_word(&pair.value, "$queue");
            (RoutingKey::from(pair.value.text), last_queue)
        }
        None => (RoutingKey::default(), false),
    }
}

/// The number that a pair says, from 0 to `most`.
pub fn number(words: &Words, pair: &Pair, most: u64) -> Result<u64, ScriptError> {
    match pair.value.text.parse::<u64>() {
        Ok(number) if number <= most => Ok(number),
        Ok(_) | Err(_) => {
            let problem = ScriptProblem::NotANumber {
                of: pair.key.clone(),
                text: pair.value.text.clone(),
                most,
            };
            Err(words.fault(pair.column, problem))
        }
    }
}

/// A time, that may be drawn anew each time.
pub(super) fn time(words: &Words, column: usize, text: &str) -> Result<Delay, ScriptError> {
    delay(text).ok_or_else(|| {
        let text = text.to_string();
        words.fault(column, ScriptProblem::NotATime { text })
    })
}
