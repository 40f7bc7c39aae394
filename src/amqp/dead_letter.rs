//! Dead-lettering: where rejected, expired and superfluous messages go next (semantics 18).

use std::rc::Rc;

use crate::amqp::arena::VhostKey;
use crate::amqp::broker::{Broker, Task};
use crate::amqp::enqueue::Taken;
use crate::amqp::event::{DeathReason, DropReason, Event};
use crate::amqp::ids::{ExchangeId, ExchangeName, MessageId, QueueId, RoutingKey};
use crate::amqp::message::{DeathRecord, Extra, Message, Properties, Table, Value};
use crate::amqp::x_death;

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
        let exchange = self.exchange_key(death.vhost, death.exchange.as_str());
        let Some((exchange, state)) =
            exchange.and_then(|key| Some((key, self.exchanges.get(key)?)))
        else {
            let exchange = ExchangeId::new(queue.vhost(), &death.exchange);
            return out.push(Event::DeadLetterLost {
                queue,
                message: old,
                reason: death.reason,
                exchange,
            });
        };
        let exchange_id = state.id.clone();
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
        let mut routes = self.route(exchange, &message, out);
        // The queue that sends it is at work already, so it serves itself before another has woken (measured, 3.10 and 4.0).
        let itself = self.queue_key(death.vhost, death.queue.as_str());
        if let Some(place) = routes.queues.iter().position(|it| Some(*it) == itself) {
            routes.queues[..=place].rotate_right(1);
        }
        for target in routes.queues.drain(..) {
            let Some(target_id) = self.queues.get(target).map(|queue| queue.id.clone()) else {
                continue;
            };
            if death.reason != DeathReason::Rejected && self.is_cycle(&message, &target_id) {
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
        self.route_buffer = routes.queues;
    }

    /// The dead letter: the old message with a new address, its history, and without its expiration.
    fn risen(&mut self, death: &Death, exchange: ExchangeId) -> Rc<Message> {
        let old = &death.message;
        let mut properties: Properties = (*old.properties).clone();
        let headers = properties.headers.get_or_insert_default();
        let expiration = properties.expiration.take().map(|text| text.shared());
        let record = self.record(death, headers, expiration);
        let known = old.extra.as_ref().map(|extra| extra.deaths.as_slice());
        let mut deaths = known.unwrap_or_default().to_vec();
        if self.is_v4() {
            let names = &self.death_names;
            names.note_and_write(&mut deaths, record, headers);
        } else {
            self.death_names.write(headers, &record);
        }
        if death.routing_key.is_some() {
            headers.remove("CC");
        }
        let routing_keys = match (&death.routing_key, &old.extra) {
            (None, Some(extra)) => extra.routing_keys.clone(),
            (Some(_), _) | (None, None) => Vec::new(),
        };
        let routing_key = death.routing_key.as_ref().unwrap_or(&old.routing_key);
        let id = MessageId(self.next_message);
        self.next_message += 1;
        Rc::new(Message {
            id,
            publisher: old.publisher,
            published_at: self.now,
            exchange,
            routing_key: routing_key.clone(),
            extra: Some(Box::new(Extra {
                parent: Some(old.id),
                routing_keys,
                deaths,
            })),
            properties: Rc::new(properties),
            body: Rc::clone(&old.body),
        })
    }

    fn record(
        &self,
        death: &Death,
        headers: &Table,
        original_expiration: Option<Rc<[u8]>>,
    ) -> DeathRecord {
        let mut routing_keys = vec![Value::LongString(death.message.routing_key.shared())];
        if let Some(Value::Array(copies)) = headers.get("CC") {
            let is_key = |item: &&Value| matches!(item, Value::LongString(_));
            routing_keys.extend(copies.iter().filter(is_key).cloned());
        }
        DeathRecord {
            count: 1,
            reason: death.reason,
            queue: death.queue.shared(),
            time: self.epoch_seconds(),
            exchange: death.message.exchange.shared(),
            routing_keys,
            original_expiration,
        }
    }

    /// Whether the message came round to `target` without being rejected anywhere on the way (semantics 18.8): from the
    /// header in 3.10, from the broker's own notes since (D5), newest first.
    fn is_cycle(&self, message: &Message, target: &QueueId) -> bool {
        let target = target.as_str().as_bytes();
        let rejected = DeathReason::Rejected.as_str().as_bytes();
        let header = message.properties.headers.as_ref();
        match (self.is_v4(), &message.extra) {
            (true, None) => false,
            (true, Some(extra)) => {
                let deaths = extra.deaths.iter();
                came_round(
                    deaths.map(|it| (it.queue.as_bytes(), it.reason.as_str().as_bytes())),
                    target,
                    rejected,
                )
            }
            (false, _) => match header.and_then(|headers| headers.get("x-death")) {
                Some(Value::Array(tables)) => came_round(
                    tables.iter().filter_map(x_death::queue_and_reason),
                    target,
                    rejected,
                ),
                _ => false,
            },
        }
    }
}

fn came_round<'a>(
    history: impl Iterator<Item = (&'a [u8], &'a [u8])>,
    target: &[u8],
    rejected: &[u8],
) -> bool {
    for (queue, reason) in history {
        if reason == rejected {
            return false;
        }
        if queue == target {
            return true;
        }
    }
    false
}
