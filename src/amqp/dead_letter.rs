//! Dead-lettering: where rejected, expired and superfluous messages go next (semantics 18).

use std::rc::Rc;

use crate::amqp::arena::VhostKey;
use crate::amqp::broker::{Broker, Task};
use crate::amqp::enqueue::Taken;
use crate::amqp::event::{DeathReason, DropReason, Event};
use crate::amqp::ids::{ExchangeId, ExchangeName, MessageId, QueueId, RoutingKey};
use crate::amqp::message::{DeathRecord, Message, Properties, Table, Value};
use crate::ordered::sort_by;

/// A message that died, and where its queue sends it.
#[derive(Clone, Debug)]
pub(super) struct Death {
    pub(super) message: Rc<Message>,
    pub(super) queue: QueueId,
    pub(super) vhost: VhostKey,
    pub(super) exchange: ExchangeName,
    pub(super) routing_key: Option<RoutingKey>,
    pub(super) reason: DeathReason,
}

impl Broker {
    pub(super) fn push_death(&mut self, death: Death) {
        self.tasks.push_back(Task::DeadLetter(Box::new(death)));
    }

    /// Publishes a dead letter: internal, so never returned, never confirmed to anyone, no permission asked.
    pub(super) fn dead_letter(&mut self, death: Death, out: &mut Vec<Event>) {
        let queue = death.queue.clone();
        let old = death.message.id;
        let exchange_id = ExchangeId::new(queue.vhost(), &death.exchange);
        let Some(exchange) = self.exchange_key(death.vhost, death.exchange.as_str()) else {
            return out.push(Event::DeadLetterLost {
                queue,
                message: old,
                reason: death.reason,
                exchange: exchange_id,
            });
        };
        let message = self.risen(&death, exchange_id.clone());
        out.push(Event::DeadLettered {
            queue,
            message: old,
            reason: death.reason,
            exchange: exchange_id,
            routing_key: message.routing_key.clone(),
        });
        out.push(Event::Published {
            message: Rc::clone(&message),
            mandatory: false,
        });
        let keys = message
            .extra
            .as_ref()
            .map(|extra| extra.routing_keys.clone())
            .filter(|keys| keys.len() > 1);
        let mut routes = self.route(exchange, &message, keys.as_deref(), out);
        // The queue that sends it is at work already, so it serves itself before another has woken (measured, 3.10 and 4.0).
        let itself = self.queue_key(death.vhost, death.queue.as_str());
        if let Some(place) = routes.queues.iter().position(|it| Some(*it) == itself) {
            routes.queues[..=place].rotate_right(1);
        }
        let history = self.history(&message);
        for target in routes.queues {
            let Some(target_id) = self.queues.get(target).map(|queue| queue.id.clone()) else {
                continue;
            };
            if death.reason != DeathReason::Rejected && is_cycle(&history, target_id.as_str()) {
                out.push(Event::Dropped {
                    queue: target_id,
                    message: message.id,
                    why: DropReason::Cycle,
                });
                continue;
            }
            // A dead letter that a full queue refuses is gone: nobody waits for its confirm.
            let _: Taken = self.enqueue(target, &message, out);
        }
    }

    /// The dead letter: the old message with a new address, its history, and without its expiration.
    fn risen(&mut self, death: &Death, exchange: ExchangeId) -> Rc<Message> {
        let old = &death.message;
        let mut properties: Properties = (*old.properties).clone();
        let headers = properties.headers.get_or_insert_default();
        let record = self.record(
            death,
            headers,
            properties.expiration.as_ref().map(|text| text.as_bytes()),
        );
        let deaths = match self.is_v4() {
            true => {
                let mut deaths = old
                    .extra
                    .as_ref()
                    .map(|extra| extra.deaths.clone())
                    .unwrap_or_default();
                let first = deaths.is_empty();
                add_record(&mut deaths, record.clone());
                write_history_v4(headers, &deaths, first, &record);
                deaths
            }
            false => {
                write_history(headers, record);
                Vec::new()
            }
        };
        if death.routing_key.is_some() {
            headers.remove("CC");
        }
        properties.expiration = None;
        let keys = match (&death.routing_key, &old.extra) {
            (Some(key), _) => vec![key.clone()],
            (None, Some(extra)) if !extra.routing_keys.is_empty() => extra.routing_keys.clone(),
            (None, _) => vec![old.routing_key.clone()],
        };
        let id = MessageId(self.next_message);
        self.next_message += 1;
        Rc::new(Message {
            id,
            parent: Some(old.id),
            publisher: old.publisher,
            published_at: self.now,
            exchange,
            routing_key: keys[0].clone(),
            extra: Message::extra(keys, deaths),
            properties: Rc::new(properties),
            body: Rc::clone(&old.body),
        })
    }

    fn record(&self, death: &Death, headers: &Table, expiration: Option<&[u8]>) -> DeathRecord {
        let copies = match headers.get("CC") {
            Some(Value::Array(items)) => items.clone(),
            _ => Vec::new(),
        };
        let own = Value::LongString(death.message.routing_key.as_bytes().into());
        let keys = std::iter::once(own)
            .chain(
                copies
                    .into_iter()
                    .filter(|item| matches!(item, Value::LongString(_))),
            )
            .collect();
        DeathRecord {
            count: 1,
            reason: death.reason.as_str(),
            queue: death.queue.as_str().into(),
            time: self.epoch_seconds(),
            exchange: death.message.exchange.as_str().into(),
            routing_keys: keys,
            original_expiration: expiration.map(Into::into),
        }
    }

    /// Queue and reason of every death, newest first: from the header in 3.10, from the broker's own notes since (D5).
    fn history(&self, message: &Message) -> Vec<(Vec<u8>, bool)> {
        if self.is_v4() {
            let deaths = message
                .extra
                .as_ref()
                .map(|extra| extra.deaths.as_slice())
                .unwrap_or_default();
            let rejected = DeathReason::Rejected.as_str();
            return deaths
                .iter()
                .map(|death| (death.queue.as_bytes().to_vec(), death.reason == rejected))
                .collect();
        }
        let Some(Value::Array(tables)) = message
            .properties
            .headers
            .as_ref()
            .and_then(|headers| headers.get("x-death"))
        else {
            return Vec::new();
        };
        tables
            .iter()
            .filter_map(queue_and_reason)
            .map(|(queue, reason)| (queue, reason == b"rejected"))
            .collect()
    }
}

/// Whether the message came round to `target` without being rejected anywhere on the way (semantics 18.8).
fn is_cycle(history: &[(Vec<u8>, bool)], target: &str) -> bool {
    let Some(last) = history
        .iter()
        .position(|(queue, _)| queue == target.as_bytes())
    else {
        return false;
    };
    history[..=last].iter().all(|(_, rejected)| !rejected)
}

fn text(bytes: &[u8]) -> Value {
    Value::LongString(bytes.into())
}

fn queue_and_reason(entry: &Value) -> Option<(Vec<u8>, Vec<u8>)> {
    let Value::Table(table) = entry else {
        return None;
    };
    match (table.get("queue")?, table.get("reason")?) {
        (Value::LongString(queue), Value::LongString(reason)) => {
            Some((queue.to_vec(), reason.to_vec()))
        }
        _ => None,
    }
}

/// The table of a death as it stands in x-death (semantics 18.4).
fn as_table(record: &DeathRecord, expiration_first: bool) -> Table {
    let mut table = Table::new()
        .with("count", Value::I64(record.count))
        .with("reason", record.reason)
        .with("queue", text(record.queue.as_bytes()))
        .with("time", Value::Timestamp(record.time))
        .with("exchange", text(record.exchange.as_bytes()))
        .with("routing-keys", Value::Array(record.routing_keys.clone()));
    if let Some(expiration) = &record.original_expiration {
        let at = if expiration_first { 0 } else { table.0.len() };
        table
            .0
            .insert(at, ("original-expiration".into(), text(expiration)));
    }
    table
}

/// 3.10: the x-death header is the history; the entry of the same queue and reason is counted up and moved to the front.
fn write_history(headers: &mut Table, record: DeathRecord) {
    let mut entries = match headers.get("x-death") {
        Some(Value::Array(entries)) => entries.clone(),
        // What is no list is written over, and counts as a death before this one.
        Some(_) => {
            let first = Value::Table(as_table(&record, false));
            return headers.set_sorted("x-death", Value::Array(vec![first]));
        }
        None => {
            headers.set_sorted("x-first-death-reason", Value::from(record.reason));
            headers.set_sorted("x-first-death-queue", text(record.queue.as_bytes()));
            headers.set_sorted("x-first-death-exchange", text(record.exchange.as_bytes()));
            let first = Value::Table(as_table(&record, false));
            return headers.set_sorted("x-death", Value::Array(vec![first]));
        }
    };
    let is_same = |entry: &Value| {
        queue_and_reason(entry)
            == Some((
                record.queue.as_bytes().to_vec(),
                record.reason.as_bytes().to_vec(),
            ))
    };
    let mut table = match entries
        .iter()
        .position(is_same)
        .map(|place| entries.remove(place))
    {
        Some(Value::Table(mut known)) => {
            let count = known.get("count").and_then(Value::as_integer).unwrap_or(0);
            known.remove("count");
            known.push("count", Value::I64(count + 1));
            known
        }
        Some(_) | None => as_table(&record, false),
    };
    sort_by(&mut table.0, |a, b| a.0.cmp(&b.0));
    entries.insert(0, Value::Table(table));
    headers.set_sorted("x-death", Value::Array(entries));
}

/// Counts a death up, or notes it; the newest is first.
fn add_record(deaths: &mut Vec<DeathRecord>, record: DeathRecord) {
    let known = deaths
        .iter()
        .position(|other| other.queue == record.queue && other.reason == record.reason);
    let newest = match known {
        Some(place) => {
            let mut known = deaths.remove(place);
            known.count += 1;
            known
        }
        None => record,
    };
    deaths.insert(0, newest);
}

/// Since 4.0 the headers are written from the broker's own notes (D4, D5).
fn write_history_v4(headers: &mut Table, deaths: &[DeathRecord], first: bool, last: &DeathRecord) {
    if first {
        headers.set_sorted("x-first-death-reason", Value::from(last.reason));
        headers.set_sorted("x-first-death-queue", text(last.queue.as_bytes()));
        headers.set_sorted("x-first-death-exchange", text(last.exchange.as_bytes()));
    }
    headers.set_sorted("x-last-death-reason", Value::from(last.reason));
    headers.set_sorted("x-last-death-queue", text(last.queue.as_bytes()));
    headers.set_sorted("x-last-death-exchange", text(last.exchange.as_bytes()));
    let entries = deaths
        .iter()
        .map(|death| Value::Table(as_table(death, true)))
        .collect();
    headers.set_sorted("x-death", Value::Array(entries));
}
