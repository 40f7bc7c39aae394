//! Double-entry book-keeping of messages: every copy that enters a queue is somewhere, until an event says why not.

use std::collections::BTreeMap;

use mq_playground::amqp::event::{DropReason, Settlement};
use mq_playground::amqp::protocol::ServerMethod;
use mq_playground::amqp::view::{ChannelMode, QueueView, View};
use mq_playground::amqp::{ChannelId, DeliveryTag, Destination, Event, MessageId, QueueId};

/// What is known from events alone.
#[derive(Debug, Default)]
pub struct Ledger {
    /// On their way: routed to a queue, and not there yet (in a transaction that may take long).
    routed: BTreeMap<(QueueId, MessageId), u32>,
    ready: BTreeMap<QueueId, Vec<MessageId>>,
    unacked: BTreeMap<(ChannelId, DeliveryTag), Held>,
    last_tag: BTreeMap<ChannelId, u64>,
    publishers: BTreeMap<MessageId, ChannelId>,
    /// Copies that came to a queue.
    entered: u64,
    /// Copies that came to their end, by its name.
    pub ended: BTreeMap<&'static str, u64>,
}

/// A copy in a client's hands.
#[derive(Debug)]
struct Held {
    queue: QueueId,
    message: MessageId,
    /// Its queue was deleted meanwhile.
    gone: bool,
}

impl Ledger {
    /// Takes an event into the books; an event that cannot be is a complaint.
    pub fn record(&mut self, event: &Event) -> Result<(), String> {
        match event {
            Event::Published { message, .. } => {
                if let Some(publisher) = message.publisher {
                    self.publishers.insert(message.id, publisher);
                }
            }
            Event::Replied { channel, method } if **method == ServerMethod::TxRollbackOk => {
                self.give_up(*channel);
            }
            Event::Hopped {
                message,
                to: Destination::Queue(queue),
                ..
            } => {
                let copies = self.routed.entry((queue.clone(), *message)).or_default();
                *copies += 1;
                if *copies > 1 {
                    return Err(format!("{queue} gets {message} twice"));
                }
            }
            Event::Enqueued {
                queue,
                message,
                position,
            } => {
                self.arrive(queue, *message)?;
                self.put(queue, *message, *position)?;
            }
            Event::Refused { queue, message } => {
                self.arrive(queue, *message)?;
                self.end("refused");
            }
            Event::Dropped {
                queue,
                message,
                why,
            } => self.drop_copy(queue, *message, *why)?,
            Event::Delivered {
                queue,
                message,
                channel,
                tag,
                ..
            } => self.deliver(queue, message.id, *channel, *tag)?,
            Event::Settled {
                queue,
                message,
                channel,
                tag,
                how,
            } => self.settle(queue, *message, (*channel, *tag), *how)?,
            Event::QueueDeleted { queue, .. } => self.delete(queue)?,
            Event::ChannelClosed { channel, .. } => self.close(*channel)?,
            _ => {}
        }
        Ok(())
    }

    /// The books against the picture.
    pub fn compare(&self, view: &View) -> Result<(), String> {
        for queue in &view.queues {
            let ready = self.ready.get(&queue.id).map_or(0, Vec::len) as u64;
            if ready != queue.ready {
                return Err(format!(
                    "{} has {} ready, not {ready}",
                    queue.id, queue.ready
                ));
            }
            let held = self.unacked.values();
            let unacked = held
                .filter(|held| held.queue == queue.id && !held.gone)
                .count() as u64;
            if unacked != queue.unacked {
                return Err(format!(
                    "{} has {} unacked, not {unacked}",
                    queue.id, queue.unacked
                ));
            }
            self.compare_order(queue)?;
            starves(queue, view)?;
        }
        self.balance(view)?;
        let listed = view.queues.iter().map(|queue| &queue.id);
        let listed: Vec<&QueueId> = listed.collect();
        match self
            .ready
            .iter()
            .find(|(id, ready)| !ready.is_empty() && !listed.contains(id))
        {
            Some((id, _)) => Err(format!("{id} is gone and has messages")),
            None => Ok(()),
        }
    }

    /// Copies that came = ready + unacked + those that came to an end, each with its reason.
    fn balance(&self, view: &View) -> Result<(), String> {
        let ready: usize = self.ready.values().map(Vec::len).sum();
        let ended: u64 = self.ended.values().sum();
        let accounted = (ready + self.unacked.len()) as u64 + ended;
        if self.entered != accounted {
            return Err(format!(
                "{} copies came, {accounted} are accounted for",
                self.entered
            ));
        }
        let channels = view.connections.iter().flat_map(|c| &c.channels);
        let transactions = channels.filter(|c| c.mode == ChannelMode::Tx).count();
        match self.routed.first_key_value() {
            Some(((queue, message), _)) if transactions == 0 => {
                Err(format!("{message} was routed to {queue} and never came"))
            }
            Some(_) | None => Ok(()),
        }
    }

    /// What a queue lists is what it holds; the order is that of the positions the events told.
    fn compare_order(&self, queue: &QueueView) -> Result<(), String> {
        let listed: Vec<MessageId> = queue.head.iter().map(|ready| ready.message.id).collect();
        let known = self.ready.get(&queue.id).cloned().unwrap_or_default();
        if listed == known[..known.len().min(listed.len())] {
            return Ok(());
        }
        Err(format!(
            "{} lists {listed:?}, the events say {known:?}",
            queue.id
        ))
    }

    fn arrive(&mut self, queue: &QueueId, message: MessageId) -> Result<(), String> {
        let key = (queue.clone(), message);
        match self.routed.remove(&key) {
            Some(_) => {
                self.entered += 1;
                Ok(())
            }
            None => Err(format!("{message} comes to {queue} from nowhere")),
        }
    }

    fn put(&mut self, queue: &QueueId, message: MessageId, at: u32) -> Result<(), String> {
        let ready = self.ready.entry(queue.clone()).or_default();
        let at = at as usize;
        if at > ready.len() {
            return Err(format!(
                "{message} is put at {at} of {} in {queue}",
                ready.len()
            ));
        }
        ready.insert(at, message);
        Ok(())
    }

    fn take(&mut self, queue: &QueueId, message: MessageId) -> bool {
        let ready = self.ready.entry(queue.clone()).or_default();
        match ready.iter().position(|id| *id == message) {
            Some(at) => {
                ready.remove(at);
                true
            }
            None => false,
        }
    }

    fn drop_copy(
        &mut self,
        queue: &QueueId,
        message: MessageId,
        why: DropReason,
    ) -> Result<(), String> {
        // A dead letter that is cut off from its circle has not been in the queue.
        if self.take(queue, message) || self.arrive(queue, message).is_ok() {
            self.end(match why {
                DropReason::Expired => "expired",
                DropReason::MaxLength => "max length",
                DropReason::DeliveryLimit => "delivery limit",
                DropReason::Purged => "purged",
                DropReason::QueueDeleted => "queue deleted",
                DropReason::Restart => "restart",
                DropReason::Cycle => "cycle",
                DropReason::Retention => "retention",
            });
            return Ok(());
        }
        Err(format!(
            "{message} is dropped from {queue} ({why:?}) and was not there"
        ))
    }

    fn deliver(
        &mut self,
        queue: &QueueId,
        message: MessageId,
        channel: ChannelId,
        tag: DeliveryTag,
    ) -> Result<(), String> {
        let last = self.last_tag.entry(channel).or_default();
        if tag.0 != *last + 1 {
            return Err(format!("{channel} gets tag {tag} after {last}"));
        }
        *last = tag.0;
        // Handed over directly, or out of the queue.
        if !self.take(queue, message) {
            self.arrive(queue, message)?;
        }
        let queue = queue.clone();
        let held = Held {
            queue,
            message,
            gone: false,
        };
        self.unacked.insert((channel, tag), held);
        Ok(())
    }

    fn settle(
        &mut self,
        queue: &QueueId,
        message: MessageId,
        delivery: (ChannelId, DeliveryTag),
        how: Settlement,
    ) -> Result<(), String> {
        let Some(held) = self.unacked.remove(&delivery) else {
            return Err(format!("{message} is settled and was not out"));
        };
        if held.message != message || held.queue != *queue {
            return Err(format!(
                "tag {} was {} of {}",
                delivery.1, held.message, held.queue
            ));
        }
        match how {
            Settlement::Ack => self.end("acked"),
            Settlement::Automatic => self.end("automatic"),
            Settlement::Discard => self.end("discarded"),
            Settlement::QueueGone if held.gone => self.end("queue gone"),
            Settlement::QueueGone => return Err(format!("{queue} is there")),
            Settlement::Requeue { position } => self.put(queue, message, position)?,
        }
        Ok(())
    }

    fn end(&mut self, how: &'static str) {
        *self.ended.entry(how).or_default() += 1;
    }

    /// What a transaction held back is not enqueued any more.
    fn give_up(&mut self, channel: ChannelId) {
        let publishers = &self.publishers;
        self.routed
            .retain(|(_, message), _| publishers.get(message) != Some(&channel));
    }

    fn delete(&mut self, queue: &QueueId) -> Result<(), String> {
        for held in self.unacked.values_mut() {
            held.gone |= held.queue == *queue;
        }
        self.routed.retain(|(routed, _), _| routed != queue);
        match self.ready.remove(queue) {
            Some(ready) if !ready.is_empty() => Err(format!(
                "{queue} is deleted with {ready:?} and nothing said of them"
            )),
            Some(_) | None => Ok(()),
        }
    }

    /// Everything that a channel held has gone back by now, but for what has no queue any more.
    fn close(&mut self, channel: ChannelId) -> Result<(), String> {
        self.last_tag.remove(&channel);
        let of_channel = |(id, _): &(ChannelId, DeliveryTag)| *id == channel;
        let kept = self
            .unacked
            .iter()
            .find(|(key, held)| of_channel(key) && !held.gone);
        if let Some((_, held)) = kept {
            return Err(format!(
                "{channel} closes with {} in its hands",
                held.message
            ));
        }
        let before = self.unacked.len();
        self.unacked.retain(|key, _| !of_channel(key));
        for _ in self.unacked.len()..before {
            self.end("queue gone");
        }
        self.give_up(channel);
        Ok(())
    }
}

/// Nobody who could be served waits beside a message.
fn starves(queue: &QueueView, view: &View) -> Result<(), String> {
    if queue.ready == 0 {
        return Ok(());
    }
    for consumer in &queue.consumers {
        let channels = view.connections.iter().flat_map(|c| &c.channels);
        let channel = channels.into_iter().find(|c| c.id == consumer.id.channel);
        let free = channel.is_some_and(|c| !c.closing && c.global_prefetch == 0);
        let room = consumer.no_ack
            || consumer.prefetch == 0
            || consumer.unacked < u32::from(consumer.prefetch);
        if free && room && consumer.active {
            return Err(format!("{} starves beside {}", consumer.id.tag, queue.id));
        }
    }
    Ok(())
}
