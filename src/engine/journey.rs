//! One message's life, and for every exchange it met, which bindings let it through and why.

use std::rc::Rc;

use crate::amqp::view::Explanation;
use crate::amqp::{self, Destination, Event, ExchangeId, Message, MessageId};
use crate::engine::world::{World, WorldEvent};
use crate::machine::SimTime;
use crate::timeline::Timeline;

/// What a message found at one exchange, judged by the bindings of the moment it was published.
#[derive(Clone, Debug, PartialEq)]
pub struct ExchangeVisit {
    pub exchange: ExchangeId,
    pub explanations: Vec<Explanation>,
}

/// One thing that happened to a message.
#[derive(Clone, Debug, PartialEq)]
pub struct JourneyEntry {
    pub at: SimTime,
    /// The step it happened in.
    pub step: usize,
    pub event: amqp::Event,
}

/// A message from its publishing to its end.
#[derive(Clone, Debug, PartialEq)]
pub struct Journey {
    pub message: Rc<Message>,
    /// The step that published it.
    pub published: usize,
    /// In the order of its visits; the first is the exchange it was published to.
    pub visits: Vec<ExchangeVisit>,
    /// Everything that names it, in order.
    pub entries: Vec<JourneyEntry>,
    /// The messages it became when it was dead-lettered.
    pub children: Vec<MessageId>,
}

/// Follows `message` through the run; `published` is the step that published it.
pub(super) fn trace(
    timeline: &Timeline<World>,
    id: MessageId,
    published: usize,
) -> Option<Journey> {
    let mut found = None;
    let mut entries = Vec::new();
    let mut children = Vec::new();
    timeline.visit(published..timeline.len(), |step, input, events| {
        for event in events {
            let WorldEvent::Broker(event) = event else {
                continue;
            };
            if let Event::Published { message, .. } = event {
                if message.id == id {
                    found = Some(Rc::clone(message));
                }
                if message.parent == Some(id) {
                    children.push(message.id);
                }
            }
            if subject(event) == Some(id) {
                entries.push(JourneyEntry {
                    at: input.at,
                    step,
                    event: event.clone(),
                });
            }
        }
    });
    let message = found?;
    let visits = visits(timeline, &message, published, &entries);
    Some(Journey {
        message,
        published,
        visits,
        entries,
        children,
    })
}

/// The exchanges the message met, judged as they stood just before it was published.
fn visits(
    timeline: &Timeline<World>,
    message: &Message,
    published: usize,
    entries: &[JourneyEntry],
) -> Vec<ExchangeVisit> {
    let mut exchanges = vec![message.exchange.clone()];
    for entry in entries {
        if let Event::Hopped {
            to: Destination::Exchange(exchange),
            ..
        } = &entry.event
            && !exchanges.contains(exchange)
        {
            exchanges.push(exchange.clone());
        }
    }
    let before = timeline.state_at(published);
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
        | Event::VhostDeleted { .. }
        | Event::UserChanged { .. }
        | Event::UserDeleted { .. }
        | Event::PermissionsChanged { .. }
        | Event::LimitReached { .. }
        | Event::Ignored { .. } => None,
    }
}
