//! The numbers of a run at one moment: a pure fold over its events, so that every one of them can be traced.
//!
//! What can be counted without end (times) is kept in bounded places; what is gone (queues, consumers) takes its own
//! numbers with it, while the counts of the whole run stay.

use std::rc::Rc;

use crate::amqp::event::{
    ChannelEnd, Confirm, ConnectionEnd, DeathReason, DeliveredTo, DropReason, Settlement, Via,
};
use crate::amqp::protocol::ServerMethod;
use crate::amqp::{
    ChannelId, ConnectionId, ConsumerId, ConsumerTag, DeliveryTag, Destination, Event, ExchangeId,
    Gauge, Message, MessageId, QueueId,
};
use crate::engine::spread::Spread;
use crate::machine::SimTime;
use crate::ordered::{Map, Set};

/// What has happened so often since the beginning.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// By clients.
    pub published: u64,
    /// By the broker, as dead letters.
    pub republished: u64,
    pub confirmed: u64,
    pub nacked: u64,
    pub returned: u64,
    pub unroutable: u64,
    /// Copies that a full queue refused.
    pub refused: u64,
    /// Copies that came to a queue.
    pub entered: u64,
    pub delivered: u64,
    /// Of those, the ones that were delivered before.
    pub redelivered: u64,
    pub acked: u64,
    /// Acknowledged by being sent.
    pub automatic: u64,
    /// Rejected for good.
    pub discarded: u64,
    pub requeued: u64,
    /// By their reason, in the order of [`DROP_REASONS`].
    pub dropped: [u64; 8],
    /// By their reason, in the order of [`DEATH_REASONS`].
    pub dead_lettered: [u64; 4],
    pub dead_letters_lost: u64,
    /// Channels and connections closed by an exception.
    pub errors: u64,
}

/// The reasons in the order of [`Counts::dropped`].
pub const DROP_REASONS: [DropReason; 8] = [
    DropReason::Expired,
    DropReason::MaxLength,
    DropReason::DeliveryLimit,
    DropReason::Purged,
    DropReason::QueueDeleted,
    DropReason::Restart,
    DropReason::Cycle,
    DropReason::Retention,
];

/// The reasons in the order of [`Counts::dead_lettered`].
pub const DEATH_REASONS: [DeathReason; 4] = [
    DeathReason::Rejected,
    DeathReason::Expired,
    DeathReason::MaxLength,
    DeathReason::DeliveryLimit,
];

/// The numbers of one queue.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct QueueTally {
    pub gauge: Gauge,
    /// Copies that came in.
    pub entered: u64,
    /// Copies that left for good; without streams, those that came are ready, unacked or have left.
    pub left: u64,
    pub delivered: u64,
    pub redelivered: u64,
    pub acked: u64,
}

/// The numbers of one consumer.
#[derive(Clone, Debug, PartialEq)]
pub struct ConsumerTally {
    pub queue: QueueId,
    pub since: SimTime,
    pub delivered: u64,
    pub acked: u64,
    pub unacked: u64,
    busy_ms: u64,
    busy_since: SimTime,
}

impl ConsumerTally {
    /// For how long it had something in its hands, up to `now`.
    pub fn busy_ms(&self, now: SimTime) -> u64 {
        match self.unacked {
            0 => self.busy_ms,
            _ => self.busy_ms + now.since(self.busy_since),
        }
    }

    /// For how much of its time, in parts of a hundred, it had something in its hands.
    pub fn utilisation(&self, now: SimTime) -> Option<u64> {
        (self.busy_ms(now) * 100).checked_div(now.since(self.since))
    }
}

/// A delivery that is out.
#[derive(Clone, Debug, PartialEq)]
struct Out {
    published_at: SimTime,
    consumer: Option<ConsumerTag>,
}

/// Which ways have been used, and by whom: also after the connection or the message is gone.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ways {
    /// Every connection's name.
    pub names: Map<ConnectionId, Rc<str>>,
    /// Who has published to which exchange.
    pub published: Set<(ConnectionId, ExchangeId)>,
    /// Which queues got something through the default exchange.
    pub by_default: Set<QueueId>,
}

/// The numbers of a run at one moment.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tally {
    pub counts: Counts,
    pub ways: Rc<Ways>,
    queues: Map<QueueId, Rc<QueueTally>>,
    consumers: Map<ConsumerId, Rc<ConsumerTally>>,
    /// From publishing to the first delivery.
    to_delivery: Rc<Spread>,
    /// From publishing to the acknowledgement.
    to_ack: Rc<Spread>,
    out: Map<(ChannelId, DeliveryTag), Out>,
    /// Routed, and not there yet: what comes to a consumer from here has not waited in its queue.
    routed: Map<(MessageId, QueueId), Option<ChannelId>>,
    publishing: Option<(MessageId, Option<ChannelId>)>,
}

impl Tally {
    /// The queues that there are, by name.
    pub fn queues(&self) -> impl Iterator<Item = (&QueueId, &QueueTally)> {
        self.queues.iter().map(|(id, queue)| (id, &**queue))
    }

    /// One queue.
    pub fn queue(&self, id: &QueueId) -> Option<&QueueTally> {
        self.queues.get(id).map(|queue| &**queue)
    }

    /// The consumers that there are.
    pub fn consumers(&self) -> impl Iterator<Item = (&ConsumerId, &ConsumerTally)> {
        self.consumers.iter().map(|(id, it)| (id, &**it))
    }

    /// One consumer.
    pub fn consumer(&self, id: &ConsumerId) -> Option<&ConsumerTally> {
        self.consumers.get(id).map(|consumer| &**consumer)
    }

    /// How long messages were on their way to their first delivery.
    pub fn to_delivery(&self) -> &Spread {
        &self.to_delivery
    }

    /// How long it took from publishing to the acknowledgement.
    pub fn to_ack(&self) -> &Spread {
        &self.to_ack
    }

    /// How much there is to it.
    pub fn weight(&self) -> usize {
        self.queues.len() + self.consumers.len() + self.out.len() + self.routed.len()
    }

    /// Takes in what one step brought; `gauge` says how full a queue is after it.
    pub fn take<'a>(
        &mut self,
        now: SimTime,
        events: impl Iterator<Item = &'a Event>,
        gauge: &dyn Fn(&QueueId) -> Option<Gauge>,
    ) {
        let mut touched: Vec<QueueId> = Vec::new();
        for event in events {
            self.count(event);
            match event {
                Event::Published { .. } | Event::Hopped { .. } | Event::Confirmed { .. } => {
                    self.way(event);
                }
                Event::Enqueued { queue, message, .. } => {
                    self.routed.remove(&(*message, queue.clone()));
                    self.queue_mut(queue).entered += 1;
                    self.counts.entered += 1;
                }
                Event::Refused { queue, message } => {
                    self.routed.remove(&(*message, queue.clone()));
                }
                Event::Dropped {
                    queue,
                    message,
                    why,
                } => self.drop_copy(queue, *message, *why),
                Event::Delivered { .. } => self.deliver(now, event),
                Event::Settled { .. } => self.settle(now, event),
                _ => self.session(now, event),
            }
            if let Some(queue) = touches(event)
                && !touched.contains(queue)
            {
                touched.push(queue.clone());
            }
        }
        for id in touched {
            match gauge(&id) {
                Some(gauge) => self.queue_mut(&id).gauge = gauge,
                None => {
                    self.queues.remove(&id);
                }
            }
        }
    }

    fn queue_mut(&mut self, id: &QueueId) -> &mut QueueTally {
        if !self.queues.contains_key(id) {
            self.queues.insert(id.clone(), Rc::default());
        }
        let queue = self.queues.get_mut(id).expect("it was just put there");
        Rc::make_mut(queue)
    }

    fn way(&mut self, event: &Event) {
        match event {
            Event::Published { message, .. } => {
                self.publishing = Some((message.id, message.publisher));
                self.remember_way(message);
            }
            Event::Hopped {
                message,
                to: Destination::Queue(queue),
                via,
                ..
            } => {
                if *via == Via::DefaultExchange && !self.ways.by_default.contains(queue) {
                    let ways = Rc::make_mut(&mut self.ways);
                    ways.by_default.insert(queue.clone());
                }
                let publishing = self.publishing.filter(|(id, _)| id == message);
                let publisher = publishing.and_then(|(_, publisher)| publisher);
                self.routed.insert((*message, queue.clone()), publisher);
            }
            _ => {}
        }
    }

    fn remember_way(&mut self, message: &Message) {
        let Some(channel) = message.publisher else {
            return;
        };
        let way = (channel.connection, message.exchange.clone());
        if !self.ways.published.contains(&way) {
            Rc::make_mut(&mut self.ways).published.insert(way);
        }
    }

    fn drop_copy(&mut self, queue: &QueueId, message: MessageId, why: DropReason) {
        if self.routed.remove(&(message, queue.clone())).is_some() {
            // It has never been in the queue, as a dead letter that is cut off from its circle.
            self.queue_mut(queue).entered += 1;
            self.counts.entered += 1;
        }
        self.queue_mut(queue).left += 1;
        let place = DROP_REASONS.iter().position(|reason| *reason == why);
        self.counts.dropped[place.unwrap_or(0)] += 1;
    }

    fn deliver(&mut self, now: SimTime, event: &Event) {
        let Event::Delivered {
            queue,
            message,
            channel,
            tag,
            to,
            redelivered,
            ..
        } = event
        else {
            return;
        };
        let straight = self.routed.remove(&(message.id, queue.clone())).is_some();
        let entry = self.queue_mut(queue);
        entry.entered += u64::from(straight);
        entry.delivered += 1;
        entry.redelivered += u64::from(*redelivered);
        self.counts.entered += u64::from(straight);
        if !redelivered {
            Rc::make_mut(&mut self.to_delivery).add(now.since(message.published_at));
        }
        let consumer = match to {
            DeliveredTo::Consumer(tag) => Some(tag.clone()),
            DeliveredTo::Get { .. } => None,
        };
        if let Some(tag) = &consumer {
            let id = ConsumerId {
                channel: *channel,
                tag: tag.clone(),
            };
            if let Some(consumer) = self.consumers.get_mut(&id) {
                let consumer = Rc::make_mut(consumer);
                consumer.delivered += 1;
                if consumer.unacked == 0 {
                    consumer.busy_since = now;
                }
                consumer.unacked += 1;
            }
        }
        let out = Out {
            published_at: message.published_at,
            consumer,
        };
        self.out.insert((*channel, *tag), out);
    }

    fn settle(&mut self, now: SimTime, event: &Event) {
        let Event::Settled {
            queue,
            channel,
            tag,
            how,
            ..
        } = event
        else {
            return;
        };
        let acked = matches!(how, Settlement::Ack | Settlement::Automatic);
        let left = acked || *how == Settlement::Discard;
        if left && self.queues.contains_key(queue) {
            let entry = self.queue_mut(queue);
            // A stream keeps what is read from it.
            entry.left += u64::from(!entry.gauge.is_stream);
            entry.acked += u64::from(acked);
        }
        let Some(out) = self.out.remove(&(*channel, *tag)) else {
            return;
        };
        if acked {
            Rc::make_mut(&mut self.to_ack).add(now.since(out.published_at));
        }
        self.put_down(now, *channel, out.consumer, u64::from(acked));
    }

    /// A consumer has one less in its hands.
    fn put_down(&mut self, now: SimTime, channel: ChannelId, tag: Option<ConsumerTag>, acked: u64) {
        let consumer = tag.and_then(|tag| self.consumers.get_mut(&ConsumerId { channel, tag }));
        if let Some(consumer) = consumer {
            let consumer = Rc::make_mut(consumer);
            consumer.acked += acked;
            if consumer.unacked == 1 {
                consumer.busy_ms += now.since(consumer.busy_since);
            }
            consumer.unacked = consumer.unacked.saturating_sub(1);
        }
    }

    fn session(&mut self, now: SimTime, event: &Event) {
        match event {
            Event::ConnectionOpened {
                connection, name, ..
            } => {
                let ways = Rc::make_mut(&mut self.ways);
                ways.names.insert(*connection, Rc::clone(name));
            }
            Event::ConsumerAdded { queue, consumer } => {
                let tally = ConsumerTally {
                    queue: queue.clone(),
                    since: now,
                    delivered: 0,
                    acked: 0,
                    unacked: 0,
                    busy_ms: 0,
                    busy_since: now,
                };
                self.consumers.insert(consumer.clone(), Rc::new(tally));
            }
            Event::ConsumerCancelled { consumer, .. } => {
                self.consumers.remove(consumer);
            }
            Event::ChannelClosed { channel, .. } => {
                self.out.retain(|(id, _), _| id != channel);
                self.give_up(*channel);
            }
            Event::Replied { channel, method } if **method == ServerMethod::TxRollbackOk => {
                self.give_up(*channel);
            }
            _ => {}
        }
    }

    /// What a transaction held back does not come any more.
    fn give_up(&mut self, channel: ChannelId) {
        self.routed
            .retain(|_, publisher| *publisher != Some(channel));
    }

    fn count(&mut self, event: &Event) {
        let counts = &mut self.counts;
        match event {
            Event::Published { message, .. } if message.parent().is_some() => {
                counts.republished += 1
            }
            Event::Published { .. } => counts.published += 1,
            Event::Confirmed { how, .. } => match how {
                Confirm::Ack => counts.confirmed += 1,
                Confirm::Nack => counts.nacked += 1,
            },
            Event::Returned { .. } => counts.returned += 1,
            Event::Unroutable { .. } => counts.unroutable += 1,
            Event::Refused { .. } => counts.refused += 1,
            Event::Delivered { redelivered, .. } => {
                counts.delivered += 1;
                counts.redelivered += u64::from(*redelivered);
            }
            Event::Settled { how, .. } => match how {
                Settlement::Ack => counts.acked += 1,
                Settlement::Automatic => counts.automatic += 1,
                Settlement::Discard => counts.discarded += 1,
                Settlement::Requeue { .. } => counts.requeued += 1,
                Settlement::QueueGone => {}
            },
            Event::DeadLettered { reason, .. } => {
                let place = DEATH_REASONS.iter().position(|known| known == reason);
                counts.dead_lettered[place.unwrap_or(0)] += 1;
            }
            Event::DeadLetterLost { .. } => counts.dead_letters_lost += 1,
            _ if is_error(event) => counts.errors += 1,
            _ => {}
        }
    }
}

/// Whether a channel or a connection was closed, or refused, for a fault.
pub fn is_error(event: &Event) -> bool {
    matches!(
        event,
        Event::ChannelClosed {
            end: ChannelEnd::Exception(_),
            ..
        } | Event::ConnectionClosed {
            end: ConnectionEnd::Exception(_),
            ..
        } | Event::ConnectionRefused { .. }
    )
}

/// The queue that holds another number of copies after `event`.
fn touches(event: &Event) -> Option<&QueueId> {
    match event {
        Event::Enqueued { queue, .. }
        | Event::Delivered { queue, .. }
        | Event::Settled { queue, .. }
        | Event::Dropped { queue, .. }
        | Event::QueueDeclared { queue, .. }
        | Event::QueueDeleted { queue, .. } => Some(queue),
        _ => None,
    }
}
