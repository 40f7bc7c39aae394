//! x-delayed-message: messages that are held back for as long as their `x-delay` says (semantics 22.2).

use std::rc::Rc;

use crate::amqp::arena::ExchangeKey;
use crate::amqp::broker::{Broker, Timer};
use crate::amqp::event::Event;
use crate::amqp::ids::MessageId;
use crate::amqp::message::{Extra, Message, Properties, Value};
use crate::amqp::view::ExchangeKind;

/// A message that waits to be routed.
#[derive(Clone, Debug)]
pub(super) struct Held {
    exchange: ExchangeKey,
    message: Rc<Message>,
    delay_ms: u64,
}

impl Broker {
    /// Holds a message back that comes to a delayed-message exchange, by whatever way, if its header says so.
    pub(super) fn hold(&mut self, exchange: ExchangeKey, message: &Rc<Message>) -> bool {
        let delays = self
            .exchanges
            .get(exchange)
            .is_some_and(|exchange| exchange.kind == ExchangeKind::DelayedMessage);
        let Some(delay_ms) = delays.then(|| delay_of(&message.properties)).flatten() else {
            return false;
        };
        let due = self.now + delay_ms;
        let held = Held {
            exchange,
            message: Rc::clone(message),
            delay_ms,
        };
        self.held.insert((due, message.id.0, exchange), held);
        self.copies += 1;
        self.copy_bytes += message.body.len() as u64;
        self.set_timer(due, Timer::Delayed);
        true
    }

    /// Routes what is due, by due time, then in order of arrival. What nothing matches is dropped.
    pub(super) fn release_delayed(&mut self, out: &mut Vec<Event>) {
        while let Some(entry) = self.held.first_entry() {
            if entry.key().0 > self.now {
                return;
            }
            let held = entry.remove();
            self.copies -= 1;
            self.copy_bytes -= held.message.body.len() as u64;
            if self.exchanges.get(held.exchange).is_none() {
                continue;
            }
            let message = self.released(&held);
            out.push(Event::Published {
                message: Rc::clone(&message),
                mandatory: false,
            });
            let mut routes = self.route(held.exchange, &message, out);
            for queue in routes.queues.drain(..) {
                self.enqueue(queue, &message, out);
            }
            self.route_buffer = routes.queues;
        }
    }

    /// The message as it goes on: its delay is written as a negative number.
    fn released(&mut self, held: &Held) -> Rc<Message> {
        let mut properties: Properties = (*held.message.properties).clone();
        if let Some(headers) = &mut properties.headers {
            let delay = i64::try_from(held.delay_ms).unwrap_or(i64::MAX);
            let value = i32::try_from(-delay).map_or(Value::I64(-delay), Value::I32);
            headers.set_sorted("x-delay", value);
        }
        let id = MessageId(self.next_message);
        self.next_message += 1;
        let original = &held.message;
        Rc::new(Message {
            id,
            publisher: original.publisher,
            published_at: self.now,
            exchange: original.exchange.clone(),
            routing_key: original.routing_key.clone(),
            extra: Some(Box::new(Extra {
                parent: Some(original.id),
                routing_keys: original.routing_keys().unwrap_or_default().to_vec(),
                deaths: match &original.extra {
                    Some(extra) => extra.deaths.clone(),
                    None => Vec::new(),
                },
            })),
            properties: Rc::new(properties),
            body: Rc::clone(&original.body),
        })
    }
}

/// How long a message is to be held, in milliseconds, from its `x-delay` header.
fn delay_of(properties: &Properties) -> Option<u64> {
    let value = properties.headers.as_ref()?.get("x-delay")?;
    let ms = match value {
        Value::LongString(text) => std::str::from_utf8(text).ok()?.parse::<f64>().ok()? as i64,
        Value::F32(number) => *number as i64,
        Value::F64(number) => *number as i64,
        other => other.as_integer()?,
    };
    (1..=i64::from(u32::MAX)).contains(&ms).then_some(ms as u64)
}
