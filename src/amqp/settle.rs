//! basic.ack, basic.nack, basic.reject, basic.recover, and what the end of a channel does (semantics 15, 20.4).

use crate::amqp::arena::QueueKey;
use crate::amqp::broker::Broker;
use crate::amqp::channel::Mode;
use crate::amqp::event::{DeathReason, DropReason, Event, Settlement};
use crate::amqp::exception::Exception;
use crate::amqp::ids::{ChannelId, ConsumerTag, DeliveryTag, QueueId};
use crate::amqp::protocol::{ClientMethod, ReplyCode, ServerMethod};
use crate::amqp::queue::arguments::described;
use crate::amqp::transaction::Transaction;
use crate::amqp::unacked::Unacked;
use crate::amqp::view::QueueKind;
use crate::ordered::{Map, sort_by_key};

/// How a delivery came back to its queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Return {
    /// basic.reject, basic.nack or basic.recover.
    Requeued,
    /// Its channel ended.
    ChannelEnded,
}

/// What a client does with deliveries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Ack,
    Requeue,
    Discard,
}

fn unknown(tag: DeliveryTag) -> Exception {
    Exception::channel(
        ReplyCode::PreconditionFailed,
        format!("unknown delivery tag {tag}"),
    )
}

impl Broker {
    pub(super) fn perform_settlement(
        &mut self,
        channel: ChannelId,
        method: &ClientMethod,
        out: &mut Vec<Event>,
    ) -> Result<(), Exception> {
        let refused = |requeue: bool| {
            if requeue {
                Verdict::Requeue
            } else {
                Verdict::Discard
            }
        };
        match method {
            ClientMethod::BasicAck {
                delivery_tag,
                multiple,
            } => self.settle(channel, *delivery_tag, *multiple, Verdict::Ack, out),
            ClientMethod::BasicNack {
                delivery_tag,
                multiple,
                requeue,
            } => self.settle(channel, *delivery_tag, *multiple, refused(*requeue), out),
            ClientMethod::BasicReject {
                delivery_tag,
                requeue,
            } => self.settle(channel, *delivery_tag, false, refused(*requeue), out),
            // Nobody foresaw a recover of what came from a stream.
            ClientMethod::BasicRecover { requeue: true }
            | ClientMethod::BasicRecoverAsync { requeue: true }
                if self.check_negative(channel, DeliveryTag(0), true).is_err() =>
            {
                Err(Exception::crash())
            }
            ClientMethod::BasicRecover { requeue: true } => {
                // recover-ok goes before the redeliveries (semantics 29).
                self.reply(channel, ServerMethod::BasicRecoverOk, out);
                self.recover(channel, out);
                Ok(())
            }
            ClientMethod::BasicRecoverAsync { requeue: true } => {
                self.recover(channel, out);
                Ok(())
            }
            ClientMethod::BasicRecover { requeue: false }
            | ClientMethod::BasicRecoverAsync { requeue: false } => Err(Exception::connection(
                ReplyCode::NotImplemented,
                "requeue=false",
            )),
            _ => Ok(()),
        }
    }

    fn settle(
        &mut self,
        channel: ChannelId,
        tag: DeliveryTag,
        multiple: bool,
        verdict: Verdict,
        out: &mut Vec<Event>,
    ) -> Result<(), Exception> {
        if !multiple {
            if verdict != Verdict::Ack {
                self.check_negative(channel, tag, false)?;
            }
            let Some(state) = self.channels.get_mut(&channel) else {
                return Err(unknown(tag));
            };
            let unacked = state.unacked.remove(tag).ok_or_else(|| unknown(tag))?;
            if let Mode::Tx(transaction) = &mut state.mode {
                transaction.settle(vec![unacked], verdict);
                return Ok(());
            }
            let was_full = state.release_global(u32::from(unacked.counts_globally));
            self.apply_to_one(channel, unacked, verdict, out);
            if was_full {
                self.serve_channel(channel, out);
            }
            return Ok(());
        }
        if verdict != Verdict::Ack {
            self.check_negative(channel, tag, true)?;
        }
        let settled = self.take_up_to(channel, tag)?;
        match self.transaction_of(channel) {
            Some(transaction) => transaction.settle(settled, verdict),
            None => self.apply_verdict(channel, settled, verdict, out),
        }
        Ok(())
    }

    fn transaction_of(&mut self, channel: ChannelId) -> Option<&mut Transaction> {
        match self.channels.get_mut(&channel).map(|state| &mut state.mode) {
            Some(Mode::Tx(transaction)) => Some(transaction),
            Some(Mode::Normal | Mode::Confirm { .. }) | None => None,
        }
    }

    /// Streams only take acknowledgements (semantics 15.8).
    fn check_negative(
        &self,
        channel: ChannelId,
        tag: DeliveryTag,
        multiple: bool,
    ) -> Result<(), Exception> {
        let unacked = self.channels.get(&channel).map(|state| &state.unacked);
        let meant = unacked
            .into_iter()
            .flat_map(|list| list.meant(tag, multiple));
        let mut queues = meant.filter_map(|unacked| self.queues.get(unacked.queue));
        let stream = queues
            .find(|queue| queue.kind == QueueKind::Stream)
            .map(|queue| &queue.id);
        match stream {
            None => Ok(()),
            Some(id) => {
                let text = format!(
                    "basic.nack and basic.reject not supported by stream queues {}",
                    described(id)
                );
                Err(Exception::connection(ReplyCode::NotImplemented, text))
            }
        }
    }

    /// All deliveries up to a tag, which itself must be outstanding; 0 means all there are (semantics 15.2).
    fn take_up_to(
        &mut self,
        channel: ChannelId,
        tag: DeliveryTag,
    ) -> Result<Vec<Unacked>, Exception> {
        let state = self
            .channels
            .get_mut(&channel)
            .ok_or_else(|| unknown(tag))?;
        match tag {
            DeliveryTag(0) => Ok(state.unacked.remove_all()),
            tag if state.unacked.contains(tag) => Ok(state.unacked.remove_up_to(tag)),
            tag => Err(unknown(tag)),
        }
    }

    /// A verdict on a single delivery, as most are.
    fn apply_to_one(
        &mut self,
        channel: ChannelId,
        unacked: Unacked,
        verdict: Verdict,
        out: &mut Vec<Event>,
    ) {
        let queue = unacked.queue;
        match verdict {
            Verdict::Ack => self.finish(channel, unacked, Settlement::Ack, out),
            Verdict::Discard => self.discard(channel, unacked, out),
            Verdict::Requeue => {
                self.return_to_queue(channel, unacked, Return::Requeued, out);
            }
        }
        self.after_verdict(channel, queue, verdict, out);
    }

    /// There may be room again, and something to fill it with.
    fn after_verdict(
        &mut self,
        channel: ChannelId,
        queue: QueueKey,
        verdict: Verdict,
        out: &mut Vec<Event>,
    ) {
        self.unblock(queue, channel);
        match verdict {
            Verdict::Requeue => self.after_return(queue, out),
            Verdict::Ack | Verdict::Discard => self.serve(queue, out),
        }
    }

    /// Carries a verdict out in groups of one queue and one consumer, by their names, as RabbitMQ's channel hands them
    /// over: room is made, messages go their way, the queue is served (ch foreach_per_queue).
    pub(super) fn apply_verdict(
        &mut self,
        channel: ChannelId,
        settled: Vec<Unacked>,
        verdict: Verdict,
        out: &mut Vec<Event>,
    ) {
        let globally = settled
            .iter()
            .map(|unacked| u32::from(unacked.counts_globally))
            .sum();
        let state = self.channels.get_mut(&channel);
        let was_full = state.is_some_and(|state| state.release_global(globally));
        for group in self.by_queue_and_consumer(settled) {
            let queue = group[0].queue;
            match verdict {
                Verdict::Ack => {
                    group
                        .into_iter()
                        .for_each(|unacked| self.finish(channel, unacked, Settlement::Ack, out));
                }
                Verdict::Discard => group
                    .into_iter()
                    .for_each(|unacked| self.discard(channel, unacked, out)),
                Verdict::Requeue => {
                    self.return_all(channel, group, Return::Requeued, out);
                }
            }
            self.after_verdict(channel, queue, verdict, out);
        }
        if was_full {
            self.serve_channel(channel, out);
        }
    }

    /// Deliveries by queue name, then by consumer tag, those of basic.get first.
    fn by_queue_and_consumer(&self, settled: Vec<Unacked>) -> Vec<Vec<Unacked>> {
        let Some(first) = settled.first() else {
            return Vec::new();
        };
        let mut places = settled.iter().map(|it| (it.queue, it.consumer));
        if places.all(|place| place == (first.queue, first.consumer)) {
            return vec![settled];
        }
        let mut groups: Map<(QueueId, QueueKey, Option<ConsumerTag>), Vec<Unacked>> = Map::new();
        for unacked in settled {
            let tag = unacked.consumer.map(|key| {
                self.consumers
                    .get(key)
                    .map(|it| it.id.tag.clone())
                    .unwrap_or_default()
            });
            groups
                .entry((unacked.queue_id.clone(), unacked.queue, tag))
                .or_default()
                .push(unacked);
        }
        groups.into_values().collect()
    }

    /// A delivery leaves the broker's hands for good.
    #[inline]
    fn finish(
        &mut self,
        channel: ChannelId,
        unacked: Unacked,
        how: Settlement,
        out: &mut Vec<Event>,
    ) {
        let queue_lives = self.forget_delivery(&unacked);
        self.copies -= 1;
        self.copy_bytes -= unacked.entry.message.body.len() as u64;
        let how = if queue_lives {
            how
        } else {
            Settlement::QueueGone
        };
        let (queue, message) = (unacked.queue_id, unacked.entry.message.id);
        out.push(Event::Settled {
            queue,
            message,
            channel,
            tag: unacked.tag,
            how,
        });
    }

    fn discard(&mut self, channel: ChannelId, unacked: Unacked, out: &mut Vec<Event>) {
        let (queue, message) = (unacked.queue, unacked.entry.message.clone());
        self.finish(channel, unacked, Settlement::Discard, out);
        self.die(queue, &message, DeathReason::Rejected);
    }

    /// Takes a delivery off the counts of its consumer and queue; says whether the queue is still there.
    #[inline]
    fn forget_delivery(&mut self, unacked: &Unacked) -> bool {
        if let Some(consumer) = unacked
            .consumer
            .and_then(|consumer| self.consumers.get_mut(consumer))
        {
            consumer.unacked = consumer.unacked.saturating_sub(1);
        }
        let queue = self.queues.get_mut(unacked.queue);
        queue.map(|queue| queue.unacked -= 1).is_some()
    }

    /// Puts deliveries back, each to its place; says which queues got some.
    pub(super) fn return_all(
        &mut self,
        channel: ChannelId,
        mut held: Vec<Unacked>,
        how: Return,
        out: &mut Vec<Event>,
    ) -> Vec<QueueKey> {
        let mut queues = Vec::new();
        // A classic queue takes the youngest first, so that each finds its place at the front; a quorum queue lines
        // them up as they were delivered.
        let is_classic = |unacked: &Unacked| {
            self.queues
                .get(unacked.queue)
                .is_some_and(|queue| queue.kind == QueueKind::Classic)
        };
        sort_by_key(&mut held, |unacked| match is_classic(unacked) {
            true => (0, u64::MAX - unacked.tag.0),
            false => (1, unacked.tag.0),
        });
        for unacked in held {
            let queue = unacked.queue;
            if self.return_to_queue(channel, unacked, how, out) && !queues.contains(&queue) {
                queues.push(queue);
            }
        }
        queues
    }

    /// Puts a delivery back into its queue; false when that is gone. The queue is not served yet.
    fn return_to_queue(
        &mut self,
        channel: ChannelId,
        unacked: Unacked,
        how: Return,
        out: &mut Vec<Event>,
    ) -> bool {
        let Some(queue) = self.queues.get(unacked.queue) else {
            self.finish(channel, unacked, Settlement::QueueGone, out);
            return false;
        };
        match queue.kind {
            QueueKind::Stream => {
                // The log still has it: only the copy that was out ends.
                self.forget_delivery(&unacked);
                self.copies -= 1;
                self.copy_bytes -= unacked.entry.message.body.len() as u64;
                true
            }
            QueueKind::Quorum => self.return_to_quorum(channel, unacked, how, out),
            QueueKind::Classic => {
                self.forget_delivery(&unacked);
                let Unacked {
                    mut entry,
                    queue,
                    queue_id,
                    tag,
                    ..
                } = unacked;
                entry.deliveries = entry.deliveries.saturating_add(1);
                let message = entry.message.id;
                let Some(queue) = self.queues.get_mut(queue) else {
                    return false;
                };
                // Back to its own place, so ahead of what came later (semantics 15.4).
                let position = queue.store.position(entry.priority, entry.sequence);
                queue.store.requeue(entry);
                out.push(Event::Settled {
                    queue: queue_id,
                    message,
                    channel,
                    tag,
                    how: Settlement::Requeue { position },
                });
                true
            }
        }
    }

    /// A quorum queue counts deliveries, and gives up above its limit (semantics 20.4, D6).
    fn return_to_quorum(
        &mut self,
        channel: ChannelId,
        unacked: Unacked,
        how: Return,
        out: &mut Vec<Event>,
    ) -> bool {
        self.forget_delivery(&unacked);
        let is_v4 = self.is_v4();
        let Unacked {
            mut entry,
            queue: key,
            queue_id,
            tag,
            ..
        } = unacked;
        let Some(queue) = self.queues.get_mut(key) else {
            return false;
        };
        entry.deliveries = entry.deliveries.saturating_add(1);
        let limit = match queue.settings.delivery_limit {
            None if is_v4 => Some(20),
            // Below zero is no limit since 4.0; before, the first return was too many.
            other => other.filter(|limit| *limit >= 0 || !is_v4),
        };
        let message = entry.message.id;
        let to_tail = limit.is_none() && how == Return::Requeued && !is_v4;
        if limit.is_some_and(|limit| i64::from(entry.deliveries) > limit) {
            out.push(Event::Settled {
                queue: queue_id,
                message,
                channel,
                tag,
                how: Settlement::Requeue { position: 0 },
            });
            self.drop_entry(key, entry, DropReason::DeliveryLimit, out);
            return true;
        }
        let position = match to_tail {
            true => {
                entry.sequence = queue.next_sequence;
                queue.next_sequence += 1;
                let position = queue.store.position(0, entry.sequence);
                queue.store.push(entry);
                position
            }
            false => queue.store.push_return(entry),
        };
        out.push(Event::Settled {
            queue: queue_id,
            message,
            channel,
            tag,
            how: Settlement::Requeue { position },
        });
        true
    }

    /// What a queue does after deliveries came back (semantics 15.5).
    pub(super) fn after_return(&mut self, queue: QueueKey, out: &mut Vec<Event>) {
        self.apply_limits(queue, out);
        self.drop_expired(queue, out);
        self.serve(queue, out);
    }

    /// Everything that is unacked on the channel goes back (semantics 15.6).
    fn recover(&mut self, channel: ChannelId, out: &mut Vec<Event>) {
        let Some(state) = self.channels.get_mut(&channel) else {
            return;
        };
        let held = state.unacked.remove_all();
        self.apply_verdict(channel, held, Verdict::Requeue, out);
    }
}
