//! Into a queue and out of it again by itself: length limits and expiry (semantics 13.6, 16, 17).

use std::rc::Rc;

use crate::amqp::arena::QueueKey;
use crate::amqp::broker::{Broker, Timer};
use crate::amqp::dead_letter::Death;
use crate::amqp::event::{DeathReason, DropReason, Event};
use crate::amqp::message::Message;
use crate::amqp::publish::parse_expiration;
use crate::amqp::queue::arguments::Overflow;
use crate::amqp::queue::store::Entry;
use crate::amqp::view::QueueKind;

/// What a queue did with a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Taken {
    Yes,
    Refused,
}

impl Broker {
    /// One copy for one queue: refused, handed over at once, or stored (semantics 13.6, 16, 17).
    pub(super) fn enqueue(
        &mut self,
        key: QueueKey,
        message: &Rc<Message>,
        out: &mut Vec<Event>,
    ) -> Taken {
        let (now, is_v4) = (self.now, self.is_v4());
        if let Some(limit) = self.limit_of_queue(key) {
            return self.refuse_by_limit(key, message, limit, out);
        }
        let Some(queue) = self.queues.get_mut(key) else {
            return Taken::Yes;
        };
        if queue.kind == QueueKind::Stream {
            return self.append_to_stream(key, message, out);
        }
        if queue.settings.overflow != Overflow::DropHead
            && queue.would_overflow(message.body.len() as u64)
        {
            return self.refuse_publish(key, message, out);
        }
        let level = queue
            .settings
            .max_priority
            .unwrap_or(0)
            .min(message.properties.priority.unwrap_or(0));
        let own_ttl = message
            .properties
            .expiration
            .as_ref()
            .and_then(|text| parse_expiration(text.as_bytes()).ok());
        let ttl = [queue.settings.message_ttl, own_ttl]
            .into_iter()
            .flatten()
            .min();
        let entry = Entry {
            message: Rc::clone(message),
            sequence: queue.next_sequence,
            expiry: ttl.map(|ttl| now + ttl).into(),
            deliveries: 0,
            priority: match queue.kind {
                // Two levels since 4.0, none before (semantics D8, 20.3).
                QueueKind::Quorum => u8::from(is_v4 && message.properties.priority > Some(4)),
                QueueKind::Classic | QueueKind::Stream => level,
            },
        };
        queue.next_sequence += 1;
        self.copies += 1;
        self.copy_bytes += message.body.len() as u64;
        // While anything waits nobody is hungry, so only an empty queue hands over at once.
        let was_empty = queue.store.is_empty();
        if was_empty && let Some(consumer) = self.next_eligible(key) {
            self.deliver_to(key, consumer, entry, out);
            return Taken::Yes;
        }
        let Some(queue) = self.queues.get_mut(key) else {
            return Taken::Yes;
        };
        let position = queue.store.position(entry.priority, entry.sequence);
        queue.store.push(entry);
        out.push(Event::Enqueued {
            queue: queue.id.clone(),
            message: message.id,
            position,
        });
        self.apply_limits(key, out);
        self.drop_expired(key, out);
        Taken::Yes
    }

    /// The limit of this broker that the queue has reached, if it has: one client that publishes without end must leave
    /// room for the others.
    fn limit_of_queue(&self, key: QueueKey) -> Option<(&'static str, u64)> {
        let (limits, queue) = (&self.config.limits, self.queues.get(key)?);
        let (count, bytes) = (queue.store.count() + queue.unacked, queue.store.bytes());
        if count >= limits.queue_messages {
            Some(("messages in one queue", limits.queue_messages))
        } else if bytes >= limits.queue_message_bytes {
            Some(("bytes of messages in one queue", limits.queue_message_bytes))
        } else {
            None
        }
    }

    fn refuse_by_limit(
        &mut self,
        key: QueueKey,
        message: &Rc<Message>,
        (what, limit): (&'static str, u64),
        out: &mut Vec<Event>,
    ) -> Taken {
        out.push(Event::LimitReached { what, limit });
        if let Some(queue) = self.queues.get(key) {
            out.push(Event::Refused {
                queue: queue.id.clone(),
                message: message.id,
            });
        }
        Taken::Refused
    }

    fn refuse_publish(
        &mut self,
        key: QueueKey,
        message: &Rc<Message>,
        out: &mut Vec<Event>,
    ) -> Taken {
        let Some(queue) = self.queues.get(key) else {
            return Taken::Yes;
        };
        out.push(Event::Refused {
            queue: queue.id.clone(),
            message: message.id,
        });
        if queue.settings.overflow == Overflow::RejectPublishDlx && queue.kind == QueueKind::Classic
        {
            self.die(key, message, DeathReason::MaxLength);
        }
        Taken::Refused
    }

    /// Drops from the head what is over the limits (semantics 16.2).
    pub(super) fn apply_limits(&mut self, key: QueueKey, out: &mut Vec<Event>) {
        loop {
            let Some(queue) = self.queues.get_mut(key) else {
                return;
            };
            // A queue that refuses what is too much never drops for length (qp maybe_drop_head).
            if queue.settings.overflow != Overflow::DropHead || !queue.is_over_limit() {
                return;
            }
            let Some(entry) = queue.store.pop() else {
                return;
            };
            self.drop_entry(key, entry, DropReason::MaxLength, out);
        }
    }

    /// Drops what has expired at the head, and sets the timer for the next (semantics 17.2).
    pub(super) fn drop_expired(&mut self, key: QueueKey, out: &mut Vec<Event>) {
        let now = self.now;
        loop {
            let Some(queue) = self.queues.get_mut(key) else {
                return;
            };
            let Some(expires_at) = queue.store.head().and_then(|head| head.expiry.get()) else {
                return;
            };
            if expires_at > now {
                if queue
                    .expiry_timer
                    .is_none_or(|set| set > expires_at || set <= now)
                {
                    queue.expiry_timer = Some(expires_at);
                    self.set_timer(expires_at, Timer::HeadExpiry(key));
                }
                return;
            }
            let Some(entry) = queue.store.pop() else {
                return;
            };
            self.drop_entry(key, entry, DropReason::Expired, out);
        }
    }

    pub(super) fn head_expiry_due(&mut self, key: QueueKey, out: &mut Vec<Event>) {
        if let Some(queue) = self.queues.get_mut(key) {
            queue.expiry_timer = None;
            self.drop_expired(key, out);
        }
    }

    /// The broker discards a copy: a dead letter if the queue says so.
    pub(super) fn drop_entry(
        &mut self,
        key: QueueKey,
        entry: Entry,
        why: DropReason,
        out: &mut Vec<Event>,
    ) {
        self.copies -= 1;
        self.copy_bytes -= entry.message.body.len() as u64;
        let Some(queue) = self.queues.get(key) else {
            return;
        };
        out.push(Event::Dropped {
            queue: queue.id.clone(),
            message: entry.message.id,
            why,
        });
        let reason = match why {
            DropReason::Expired => DeathReason::Expired,
            DropReason::MaxLength => DeathReason::MaxLength,
            DropReason::DeliveryLimit => DeathReason::DeliveryLimit,
            DropReason::Purged
            | DropReason::QueueDeleted
            | DropReason::Restart
            | DropReason::Cycle
            | DropReason::Retention => return,
        };
        self.die(key, &entry.message, reason);
    }

    /// Leaves a death to be carried on to the dead-letter exchange, if the queue has one (semantics 18.1).
    pub(super) fn die(&mut self, key: QueueKey, message: &Rc<Message>, reason: DeathReason) {
        let Some(queue) = self.queues.get(key) else {
            return;
        };
        let Some(exchange) = queue.settings.dead_letter_exchange.clone() else {
            return;
        };
        let death = Death {
            message: Rc::clone(message),
            queue: queue.id.clone(),
            vhost: queue.vhost,
            exchange,
            routing_key: queue.settings.dead_letter_routing_key.clone(),
            reason,
        };
        self.push_death(death);
    }
}
