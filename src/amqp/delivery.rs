//! Who gets what is ready: the choice of a consumer, its limits, the delivery itself (semantics 12, 13).

use std::rc::Rc;

use crate::amqp::arena::{ConsumerKey, QueueKey};
use crate::amqp::broker::Broker;
use crate::amqp::event::{DeliveredTo, Event, Settlement};
use crate::amqp::ids::{ChannelId, DeliveryTag};
use crate::amqp::message::{Properties, Value};
use crate::amqp::queue::store::Entry;
use crate::amqp::unacked::Unacked;
use crate::amqp::view::QueueKind;
use crate::ordered::sort_by_key;

impl Broker {
    /// Delivers from the head as long as there is a message and somebody to take it.
    pub(super) fn serve(&mut self, key: QueueKey, out: &mut Vec<Event>) {
        if self
            .queues
            .get(key)
            .is_some_and(|queue| queue.kind == QueueKind::Stream)
        {
            return self.serve_stream(key, out);
        }
        self.yield_to_higher(key, out);
        let mut popped = false;
        while self
            .queues
            .get(key)
            .is_some_and(|queue| !queue.store.is_empty())
        {
            // The timer drops what expires; what expires this very moment goes first.
            self.drop_expired(key, out);
            let Some(consumer) = self.next_eligible(key) else {
                break;
            };
            let Some(entry) = self.queues.get_mut(key).and_then(|queue| queue.store.pop()) else {
                break;
            };
            self.deliver_to(key, consumer, entry, out);
            popped = true;
        }
        if popped {
            self.drop_expired(key, out);
        }
    }

    /// The consumer to be served next, if anybody may be; those who may not leave the ring (semantics 13.5).
    pub(super) fn next_eligible(&mut self, key: QueueKey) -> Option<ConsumerKey> {
        loop {
            let queue = self.queues.get(key)?;
            if queue.settings.single_active_consumer {
                // One that is to go gets nothing more.
                if self.higher_in_waiting(key).is_some() {
                    return None;
                }
                let active = queue.active?;
                return self.can_take(active).then_some(active);
            }
            let next = queue.consumers.next()?;
            if self.can_take(next) {
                return Some(next);
            }
            self.queues.get_mut(key)?.consumers.block_next();
        }
    }

    /// Since 4.0 the single active consumer of a quorum queue gives way to one of a higher priority (semantics 20.2, asked of
    /// a live 4.0.5).
    fn higher_in_waiting(&self, key: QueueKey) -> Option<ConsumerKey> {
        let queue = self.queues.get(key)?;
        let may = queue.kind == QueueKind::Quorum && queue.settings.single_active_consumer;
        let (active, first) = match self.is_v4() && may {
            true => (queue.active?, queue.consumers.first_in_line()?),
            false => return None,
        };
        let priority = |key| self.consumers.get(key).map(|it| it.priority);
        (priority(first) > priority(active)).then_some(first)
    }

    /// It gives way once it holds nothing any more.
    fn yield_to_higher(&mut self, key: QueueKey, out: &mut Vec<Event>) {
        let Some(higher) = self.higher_in_waiting(key) else {
            return;
        };
        let Some(queue) = self.queues.get_mut(key) else {
            return;
        };
        let active = queue.active.and_then(|active| self.consumers.get(active));
        if active.is_some_and(|active| active.unacked > 0) {
            return;
        }
        queue.active = Some(higher);
        let queue = queue.id.clone();
        if let Some(consumer) = self.consumers.get(higher).map(|it| it.id.clone()) {
            out.push(Event::ConsumerActivated { queue, consumer });
        }
    }

    /// Whether the limits of a consumer and of its channel leave room for one more (semantics 12.4, 12.5).
    pub(super) fn can_take(&self, key: ConsumerKey) -> bool {
        let Some(consumer) = self.consumers.get(key) else {
            return false;
        };
        let own_limit = consumer.prefetch > 0
            && !consumer.no_ack
            && consumer.unacked >= u32::from(consumer.prefetch);
        let Some(channel) = self.channels.get(&consumer.id.channel) else {
            return false;
        };
        !own_limit && !channel.is_full()
    }

    /// Serves all queues of a channel whose limit changed, in the order of their names (semantics 29).
    pub(super) fn serve_channel(&mut self, channel: ChannelId, out: &mut Vec<Event>) {
        let Some(state) = self.channels.get(&channel) else {
            return;
        };
        let mut queues: Vec<QueueKey> = state
            .consumers
            .values()
            .filter_map(|key| self.consumers.get(*key))
            .map(|consumer| consumer.queue)
            .collect();
        sort_by_key(&mut queues, |key| {
            self.queues.get(*key).map(|queue| queue.id.clone())
        });
        queues.dedup();
        for queue in queues {
            self.unblock(queue, channel);
            self.serve(queue, out);
        }
    }

    /// Lets the blocked consumers of a channel back into the ring of a queue if there is room again.
    pub(super) fn unblock(&mut self, key: QueueKey, channel: ChannelId) {
        if !self
            .queues
            .get(key)
            .is_some_and(|queue| queue.consumers.has_blocked())
        {
            return;
        }
        let Some(mut consumers) = self
            .queues
            .get_mut(key)
            .map(|queue| std::mem::take(&mut queue.consumers))
        else {
            return;
        };
        consumers.unblock(|consumer| {
            self.consumers
                .get(consumer)
                .is_some_and(|state| state.id.channel == channel)
                && self.can_take(consumer)
        });
        if let Some(queue) = self.queues.get_mut(key) {
            queue.consumers = consumers;
        }
    }

    /// basic.deliver.
    pub(super) fn deliver_to(
        &mut self,
        key: QueueKey,
        consumer_key: ConsumerKey,
        entry: Entry,
        out: &mut Vec<Event>,
    ) {
        let Some(consumer) = self.consumers.get_mut(consumer_key) else {
            return;
        };
        let channel = consumer.id.channel;
        let to = DeliveredTo::Consumer(consumer.id.tag.clone());
        let no_ack = consumer.no_ack;
        if !no_ack {
            consumer.unacked += 1;
        }
        let has_credit =
            no_ack || consumer.prefetch == 0 || consumer.unacked < u32::from(consumer.prefetch);
        if let Some(queue) = self.queues.get_mut(key)
            && !queue.settings.single_active_consumer
        {
            // A classic queue finds out when the turn comes; a quorum queue's consumer leaves the line with its last
            // credit, and comes back at the end of it (rabbit_fifo, update_or_remove_sub).
            match queue.kind == QueueKind::Quorum && !has_credit {
                true => queue.consumers.block_next(),
                false => queue.consumers.rotate(),
            }
        }
        self.hand_over(key, channel, Some(consumer_key), entry, to, no_ack, out);
    }

    /// basic.get-ok.
    pub(super) fn deliver_by_get(
        &mut self,
        key: QueueKey,
        channel: ChannelId,
        entry: Entry,
        no_ack: bool,
        remaining: u32,
        out: &mut Vec<Event>,
    ) {
        self.hand_over(
            key,
            channel,
            None,
            entry,
            DeliveredTo::Get { remaining },
            no_ack,
            out,
        );
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "one delivery has that many sides, and nobody else calls this"
    )]
    #[inline]
    fn hand_over(
        &mut self,
        key: QueueKey,
        channel: ChannelId,
        consumer: Option<ConsumerKey>,
        entry: Entry,
        to: DeliveredTo,
        no_ack: bool,
        out: &mut Vec<Event>,
    ) {
        let (now, is_v4) = (self.now, self.is_v4());
        let Some(queue) = self.queues.get_mut(key) else {
            return;
        };
        let Some(state) = self.channels.get_mut(&channel) else {
            return;
        };
        let tag = DeliveryTag(state.next_tag);
        state.next_tag += 1;
        // 3.10 tells the count of a basic.get even when it is 0 (semantics 20.4).
        let always = matches!(to, DeliveredTo::Get { .. }) && !is_v4;
        let properties = (queue.kind == QueueKind::Quorum)
            .then(|| counted_properties(&entry, always))
            .flatten();
        let queue_id = queue.id.clone();
        out.push(Event::Delivered {
            queue: queue_id.clone(),
            message: Rc::clone(&entry.message),
            channel,
            tag,
            to,
            redelivered: entry.deliveries > 0,
            properties,
        });
        if no_ack {
            self.copies -= 1;
            self.copy_bytes -= entry.message.body.len() as u64;
            out.push(Event::Settled {
                queue: queue_id,
                message: entry.message.id,
                channel,
                tag,
                how: Settlement::Automatic,
            });
            return;
        }
        queue.unacked += 1;
        let has_own_timeout = queue.settings.consumer_timeout.is_some();
        let counts_globally = consumer.is_some() && state.global_prefetch > 0;
        state.global_unacked += u32::from(counts_globally);
        state.unacked.push(Unacked {
            tag,
            entry,
            queue: key,
            queue_id,
            consumer,
            delivered_at: now,
            counts_globally,
        });
        if has_own_timeout || state.timeout_due.is_none() {
            self.arm_timeout(channel, key, now);
        }
    }
}

/// A quorum queue tells how often it delivered before, if it did (semantics 20.4).
fn counted_properties(entry: &Entry, always: bool) -> Option<Rc<Properties>> {
    if entry.deliveries == 0 && !always {
        return None;
    }
    let mut properties = (*entry.message.properties).clone();
    let headers = properties.headers.get_or_insert_default();
    headers.set_sorted("x-delivery-count", Value::I64(i64::from(entry.deliveries)));
    Some(Rc::new(properties))
}
