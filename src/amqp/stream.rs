//! Streams: an append-only log that every consumer reads at its own place (semantics 21; RabbitMQ docs, Streams).
//!
//! A chunk, where RabbitMQ speaks of one, is a single message here.

use std::rc::Rc;

use crate::amqp::arena::{ConsumerKey, QueueKey};
use crate::amqp::broker::Broker;
use crate::amqp::enqueue::Taken;
use crate::amqp::event::{DeliveredTo, DropReason, Event};
use crate::amqp::exception::{Exception, erlang_term};
use crate::amqp::ids::{ChannelId, DeliveryTag, QueueId};
use crate::amqp::message::{Message, Table, Value};
use crate::amqp::protocol::ReplyCode;
use crate::amqp::protocol::method::BasicConsume;
use crate::amqp::queue::Queue;
use crate::amqp::queue::arguments::{described, is_no_age, max_age};
use crate::amqp::queue::store::Entry;
use crate::amqp::unacked::Unacked;
use crate::amqp::view::QueueKind;

impl Broker {
    /// Appends to the log, lets go of what retention says, and serves.
    pub(super) fn append_to_stream(
        &mut self,
        key: QueueKey,
        message: &Rc<Message>,
        out: &mut Vec<Event>,
    ) -> Taken {
        let Some(queue) = self.queues.get_mut(key) else {
            return Taken::Yes;
        };
        let sequence = queue.next_sequence;
        queue.next_sequence += 1;
        let position = queue.ready();
        let entry = Entry {
            message: Rc::clone(message),
            sequence,
            expiry: None.into(),
            deliveries: 0,
            priority: 0,
        };
        queue.store.push(entry);
        self.copies += 1;
        self.copy_bytes += message.body.len() as u64;
        out.push(Event::Enqueued {
            queue: queue.id.clone(),
            message: message.id,
            position,
        });
        self.retain_stream(key, out);
        self.serve_stream(key, out);
        Taken::Yes
    }

    /// Drops the oldest messages beyond x-max-length-bytes and x-max-age, but never the last.
    fn retain_stream(&mut self, key: QueueKey, out: &mut Vec<Event>) {
        let now = self.now;
        loop {
            let Some(queue) = self.queues.get_mut(key) else {
                return;
            };
            let Some(oldest) = queue.store.head() else {
                return;
            };
            let too_old = queue
                .settings
                .max_age
                .is_some_and(|age| now.since(oldest.message.published_at) > age);
            let too_many = queue
                .settings
                .max_length_bytes
                .is_some_and(|limit| queue.store.bytes() > limit);
            if queue.store.count() <= 1 || !(too_old || too_many) {
                return;
            }
            let Some(entry) = queue.store.pop() else {
                return;
            };
            let id = queue.id.clone();
            self.copies -= 1;
            self.copy_bytes -= entry.message.body.len() as u64;
            out.push(Event::Dropped {
                queue: id,
                message: entry.message.id,
                why: DropReason::Retention,
            });
        }
    }

    /// What a stream refuses to be consumed with (semantics 21.2), in the order of RabbitMQ (sq consume). Its arguments were
    /// checked before.
    pub(super) fn check_stream_consume(
        &self,
        queue: &Queue,
        channel: ChannelId,
        consume: &BasicConsume,
    ) -> Result<(), Exception> {
        let what = described(&queue.id);
        let state = self.channels.get(&channel);
        if state.is_none_or(|state| state.prefetch == 0) {
            let text = format!("consumer prefetch count is not set for '{what}'");
            return Err(Exception::channel(ReplyCode::PreconditionFailed, text));
        }
        let hard = |text| Err(Exception::connection(ReplyCode::NotImplemented, text));
        if consume.no_ack {
            return hard(format!(
                "automatic acknowledgement not supported by stream queues {what}"
            ));
        }
        if state.is_some_and(|state| state.global_prefetch > 0) {
            return hard(format!("{what} does not support global qos"));
        }
        match consume.arguments.get("x-stream-offset") {
            // Checked as an argument, but no offset that the log understands.
            Some(spec) if offset_spec(spec).is_none() => Err(Exception::crash()),
            Some(_) | None => Ok(()),
        }
    }

    /// The offset at which a consumer of a stream begins; 0 for other queues.
    pub(super) fn stream_start(&self, key: QueueKey, arguments: &Table) -> u64 {
        let Some(queue) = self
            .queues
            .get(key)
            .filter(|queue| queue.kind == QueueKind::Stream)
        else {
            return 0;
        };
        let first = queue
            .store
            .head()
            .map_or(queue.next_sequence, |head| head.sequence);
        let since = |seconds: u64| {
            let start = seconds
                .saturating_sub(self.config.epoch)
                .saturating_mul(1000);
            let found = queue
                .store
                .iter()
                .find(|entry| entry.message.published_at.as_ms() >= start);
            found.map_or(queue.next_sequence, |entry| entry.sequence)
        };
        match arguments.get("x-stream-offset").and_then(offset_spec) {
            None | Some(Offset::Next) => queue.next_sequence,
            Some(Offset::First) => first,
            Some(Offset::Last) => queue.next_sequence.saturating_sub(1).max(first),
            Some(Offset::At(offset)) => offset.max(first),
            Some(Offset::Since(seconds)) => since(seconds),
            Some(Offset::Ago(ms)) => since(self.epoch_seconds().saturating_sub(ms / 1000)),
        }
    }

    /// Every consumer gets what follows its place, as far as its prefetch goes.
    pub(super) fn serve_stream(&mut self, key: QueueKey, out: &mut Vec<Event>) {
        let consumers: Vec<ConsumerKey> = self
            .queues
            .get(key)
            .map(|queue| queue.consumers.iter().collect())
            .unwrap_or_default();
        for consumer in consumers {
            while self.can_take(consumer) && self.deliver_from_stream(key, consumer, out) {}
        }
    }

    fn deliver_from_stream(
        &mut self,
        key: QueueKey,
        consumer_key: ConsumerKey,
        out: &mut Vec<Event>,
    ) -> bool {
        let now = self.now;
        let (Some(queue), Some(consumer)) = (
            self.queues.get_mut(key),
            self.consumers.get_mut(consumer_key),
        ) else {
            return false;
        };
        let Some(entry) = queue.store.at_or_after(consumer.next_offset).cloned() else {
            return false;
        };
        let Some(state) = self.channels.get_mut(&consumer.id.channel) else {
            return false;
        };
        consumer.next_offset = entry.sequence + 1;
        consumer.unacked += 1;
        queue.unacked += 1;
        let (channel, tag) = (consumer.id.channel, DeliveryTag(state.next_tag));
        state.next_tag += 1;
        let mut properties = (*entry.message.properties).clone();
        let offset = Value::I64(i64::try_from(entry.sequence).unwrap_or(i64::MAX));
        properties
            .headers
            .get_or_insert_default()
            .set_sorted("x-stream-offset", offset);
        let queue_id = queue.id.clone();
        out.push(Event::Delivered {
            queue: queue_id.clone(),
            message: Rc::clone(&entry.message),
            channel,
            tag,
            to: DeliveredTo::Consumer(consumer.id.tag.clone()),
            redelivered: false,
            properties: Some(Rc::new(properties)),
        });
        // The log keeps its message; what the consumer holds is a copy more.
        self.copies += 1;
        self.copy_bytes += entry.message.body.len() as u64;
        let consumer = Some(consumer_key);
        state.unacked.push(Unacked {
            tag,
            entry,
            queue: key,
            queue_id,
            consumer,
            delivered_at: now,
            counts_globally: false,
        });
        self.arm_timeout(channel, key, now);
        true
    }
}

/// Where a consumer of a stream begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Offset {
    First,
    Last,
    Next,
    At(u64),
    /// Seconds since 1970.
    Since(u64),
    /// Milliseconds before now.
    Ago(u64),
}

fn offset_spec(spec: &Value) -> Option<Offset> {
    match spec {
        Value::Timestamp(seconds) => Some(Offset::Since(*seconds)),
        Value::LongString(_) => match spec.as_str()? {
            "first" => Some(Offset::First),
            "last" => Some(Offset::Last),
            "next" => Some(Offset::Next),
            interval => max_age(interval).map(Offset::Ago),
        },
        // What is before the first begins at the first.
        other => other
            .as_integer()
            .map(|offset| Offset::At(u64::try_from(offset).unwrap_or(0))),
    }
}

/// What is wrong with x-stream-offset as an argument; only texts are looked at (aq check_stream_offset_arg).
pub(super) fn check_offset_argument(queue: &QueueId, spec: &Value) -> Result<(), Exception> {
    let Value::LongString(bytes) = spec else {
        return Ok(());
    };
    match &**bytes {
        b"first" | b"last" | b"next" => Ok(()),
        interval if is_no_age(interval) => Err(Exception::crash()),
        _ if offset_spec(spec).is_some() => Ok(()),
        _ => {
            let term = format!("{{{},{}}}", spec.type_name(), erlang_term(spec));
            let what = described(queue);
            let text = format!(
                "invalid arg 'x-stream-offset' for {what}: {{invalid_stream_offset_arg,{term}}}"
            );
            Err(Exception::channel(ReplyCode::PreconditionFailed, text))
        }
    }
}
