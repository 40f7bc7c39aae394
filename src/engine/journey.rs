//! One message's life: what happened to it and to what became of it, where it was and for how long; and for every
//! exchange it met, which bindings let it through and why.

use std::rc::Rc;

use crate::amqp::event::Settlement;
use crate::amqp::view::Explanation;
use crate::amqp::{
    self, ChannelId, DeliveryTag, Destination, Event, ExchangeId, Message, MessageId, QueueId,
};
use crate::engine::recording::Recording;
use crate::engine::update::StepRecord;
use crate::engine::world::WorldEvent;
use crate::machine::SimTime;
use crate::ordered::Set;

/// What a message found at one exchange, judged by the bindings of the moment it was published.
#[derive(Clone, Debug, PartialEq)]
pub struct ExchangeVisit {
    pub exchange: ExchangeId,
    pub explanations: Vec<Explanation>,
}

/// One thing that happened to a message, or to what became of it.
#[derive(Clone, Debug, PartialEq)]
pub struct JourneyEntry {
    pub at: SimTime,
    /// The step it happened in.
    pub step: usize,
    /// Its place among the events of the step.
    pub place: usize,
    /// Which message: the one asked for, one it comes from, or one that it became.
    pub message: MessageId,
    pub event: amqp::Event,
    /// How long the copy had been where this took it from.
    pub stayed_ms: Option<u64>,
}

/// Where a copy of a message is, or was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Whereabouts {
    /// It waits in a queue.
    Queue(QueueId),
    /// It is out, unacknowledged.
    Hands(QueueId, ChannelId, DeliveryTag),
}

/// A stay of a copy in one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stay {
    pub message: MessageId,
    pub place: Whereabouts,
    pub from: SimTime,
    /// None: it is there now.
    pub until: Option<SimTime>,
}

/// A message from its publishing to its end.
#[derive(Clone, Debug, PartialEq)]
pub struct Journey {
    pub message: Rc<Message>,
    /// The step that published it.
    pub published: usize,
    /// In the order of its visits; the first is the exchange it was published to.
    pub visits: Vec<ExchangeVisit>,
    /// Everything that names it, or one it comes from, or one it became, in order.
    pub entries: Vec<JourneyEntry>,
    /// Where the copies were, in the order they came there.
    pub stays: Vec<Stay>,
    /// The messages it became when it was dead-lettered.
    pub children: Vec<MessageId>,
    /// Itself, those it comes from, and all that it and those became, by number.
    pub family: Vec<MessageId>,
    /// The moment up to which this is told.
    pub now: SimTime,
}

impl Journey {
    /// Whether every copy has come to its end: nothing more happens to them.
    pub fn is_over(&self) -> bool {
        !self.stays.is_empty() && self.stays.iter().all(|stay| stay.until.is_some())
    }
}

/// So many entries are told at most: a message that goes in circles has no end.
const ENTRIES: usize = 2_000;

/// Follows message `id` through the first `until` steps of `recording` and a part of the next; none if it was not
/// published by then.
pub(super) fn trace(
    recording: &Recording,
    until: usize,
    part: Option<&StepRecord>,
    id: MessageId,
) -> Option<Journey> {
    let timeline = recording.timeline();
    let published = recording
        .published(id)
        .filter(|step| *step < until + usize::from(part.is_some()))?;
    let root = root(recording, id, published);
    let first = recording.published(root).unwrap_or(published);
    let mut tracer = Tracer {
        family: Set::new(),
        message: None,
        children: Vec::new(),
        entries: Vec::new(),
        stays: Vec::new(),
    };
    tracer.family.insert(root);
    let mut tell = |at: SimTime, step: usize, events: &[WorldEvent]| {
        for (place, event) in events.iter().enumerate() {
            if let WorldEvent::Broker(event) = event {
                tracer.read(id, (at, step, place), event);
            }
        }
    };
    timeline.visit(first..until, |step, input, events| {
        tell(input.at, step, events);
    });
    if let Some(part) = part {
        tell(part.at, part.index, &part.events);
    }
    let message = tracer.message?;
    let visits = visits(recording, &message, published, &tracer.entries);
    Some(Journey {
        message,
        published,
        visits,
        entries: tracer.entries,
        stays: tracer.stays,
        children: tracer.children,
        family: tracer.family.iter().copied().collect(),
        now: part.map_or_else(|| timeline.time_at(until), |part| part.at),
    })
}

/// The first of those that a message comes from by dead-lettering.
fn root(recording: &Recording, id: MessageId, published: usize) -> MessageId {
    let parent = |id: MessageId, step: usize| {
        let events = recording.timeline().events(step)?;
        events.iter().find_map(|event| match event {
            WorldEvent::Broker(Event::Published { message, .. }) if message.id == id => {
                message.parent()
            }
            _ => None,
        })
    };
    let (mut root, mut step) = (id, published);
    while let Some(older) = parent(root, step) {
        let Some(published) = recording.published(older) else {
            break;
        };
        (root, step) = (older, published);
    }
    root
}

struct Tracer {
    family: Set<MessageId>,
    message: Option<Rc<Message>>,
    children: Vec<MessageId>,
    entries: Vec<JourneyEntry>,
    stays: Vec<Stay>,
}

impl Tracer {
    fn read(&mut self, id: MessageId, (at, step, place): (SimTime, usize, usize), event: &Event) {
        if let Event::Published { message, .. } = event {
            if message.id == id {
                self.message = Some(Rc::clone(message));
            }
            if message.parent() == Some(id) {
                self.children.push(message.id);
            }
            if let Some(parent) = message.parent()
                && self.family.contains(&parent)
            {
                self.family.insert(message.id);
            }
        }
        let Some(message) = subject(event).filter(|id| self.family.contains(id)) else {
            return;
        };
        if self.entries.len() >= ENTRIES {
            return;
        }
        let stayed_ms = self.stay(message, at, event);
        self.entries.push(JourneyEntry {
            at,
            step,
            place,
            message,
            event: event.clone(),
            stayed_ms,
        });
    }

    /// Where `event` takes a copy; says how long it had been where it was.
    fn stay(&mut self, message: MessageId, at: SimTime, event: &Event) -> Option<u64> {
        match event {
            Event::Enqueued { queue, .. } => {
                self.arrive(message, at, Whereabouts::Queue(queue.clone()));
                None
            }
            Event::Delivered {
                queue,
                channel,
                tag,
                ..
            } => {
                let stayed = self.leave(message, at, &Whereabouts::Queue(queue.clone()));
                let hands = Whereabouts::Hands(queue.clone(), *channel, *tag);
                self.arrive(message, at, hands);
                stayed
            }
            Event::Settled {
                queue,
                channel,
                tag,
                how,
                ..
            } => {
                let hands = Whereabouts::Hands(queue.clone(), *channel, *tag);
                let stayed = self.leave(message, at, &hands);
                if let Settlement::Requeue { .. } = how {
                    self.arrive(message, at, Whereabouts::Queue(queue.clone()));
                }
                stayed
            }
            Event::Dropped { queue, .. } => {
                self.leave(message, at, &Whereabouts::Queue(queue.clone()))
            }
            _ => None,
        }
    }

    fn arrive(&mut self, message: MessageId, from: SimTime, place: Whereabouts) {
        self.stays.push(Stay {
            message,
            place,
            from,
            until: None,
        });
    }

    fn leave(&mut self, message: MessageId, at: SimTime, place: &Whereabouts) -> Option<u64> {
        let stay =
            self.stays.iter_mut().rev().find(|stay| {
                stay.message == message && stay.until.is_none() && stay.place == *place
            })?;
        stay.until = Some(at);
        Some(at.since(stay.from))
    }
}

/// The exchanges the message met, judged as they stood just before it was published.
fn visits(
    recording: &Recording,
    message: &Message,
    published: usize,
    entries: &[JourneyEntry],
) -> Vec<ExchangeVisit> {
    let mut exchanges = vec![message.exchange.clone()];
    for entry in entries.iter().filter(|entry| entry.message == message.id) {
        if let Event::Hopped {
            to: Destination::Exchange(exchange),
            ..
        } = &entry.event
            && !exchanges.contains(exchange)
        {
            exchanges.push(exchange.clone());
        }
    }
    let before = recording.timeline().state_at(published);
    let visit = |exchange: ExchangeId| ExchangeVisit {
        explanations: before
            .broker()
            .explain(&exchange, &message.routing_key, &message.properties),
        exchange,
    };
    exchanges.into_iter().map(visit).collect()
}

/// The message an event is about.
fn subject(event: &Event) -> Option<MessageId> {
    match event {
        Event::Published { message, .. }
        | Event::Returned { message, .. }
        | Event::Delivered { message, .. } => Some(message.id),
        Event::Hopped { message, .. }
        | Event::Unroutable { message, .. }
        | Event::Enqueued { message, .. }
        | Event::Refused { message, .. }
        | Event::Settled { message, .. }
        | Event::Dropped { message, .. }
        | Event::DeadLettered { message, .. }
        | Event::DeadLetterLost { message, .. }
        | Event::Confirmed { message, .. } => Some(*message),
        Event::ConnectionOpened { .. }
        | Event::ConnectionRefused { .. }
        | Event::ConnectionClosed { .. }
        | Event::ConnectionBlocked { .. }
        | Event::ConnectionUnblocked { .. }
        | Event::ChannelOpened { .. }
        | Event::ChannelClosed { .. }
        | Event::Replied { .. }
        | Event::ExchangeDeclared { .. }
        | Event::ExchangeDeleted { .. }
        | Event::QueueDeclared { .. }
        | Event::QueueDeleted { .. }
        | Event::Bound { .. }
        | Event::Unbound { .. }
        | Event::ConsumerAdded { .. }
        | Event::ConsumerCancelled { .. }
        | Event::ConsumerActivated { .. }
        | Event::BrokerStopped
        | Event::BrokerStarted
        | Event::AlarmChanged { .. }
        | Event::PolicyChanged { .. }
        | Event::VhostAdded { .. }
        | Event::VhostChanged { .. }
        | Event::VhostDeleted { .. }
        | Event::UserChanged { .. }
        | Event::UserDeleted { .. }
        | Event::PermissionsChanged { .. }
        | Event::LimitReached { .. }
        | Event::Ignored { .. } => None,
    }
}
