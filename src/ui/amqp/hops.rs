//! Which events move something on the canvas: steps become hops of the generic choreography.

use crate::amqp::event::{Confirm, DeliveredTo, DropReason, Settlement, Via};
use crate::amqp::{ChannelId, Destination, Event, ExchangeId, MessageId, QueueId};
use crate::engine::{StepRecord, WorldEvent, WorldView};
use crate::ordered::Map;
use crate::ui::amqp::book::Book;
use crate::ui::amqp::ids;
use crate::ui::amqp::paint::letter_of;
use crate::ui::canvas::scene::{EdgeId, ItemId, NodeId, Tone};
use crate::ui::choreography::{Goal, Hop, Look};

/// Turns what happened into hops, in the order it happened.
pub struct Mover<'a> {
    pub world: &'a WorldView,
    pub book: &'a Book,
}

/// A hop before it is dressed in its message's colour and words.
struct Way {
    from: NodeId,
    to: Goal,
    edge: Option<EdgeId>,
    look: Look,
}

impl Mover<'_> {
    /// The hops of these steps.
    pub fn hops(&self, steps: &[StepRecord]) -> Vec<Hop> {
        let mut hops = Vec::new();
        for step in steps {
            // The queue a dead letter left, until what it became is published.
            let mut died: Map<MessageId, QueueId> = Map::new();
            for event in step.events.iter() {
                let WorldEvent::Broker(event) = event else {
                    continue;
                };
                if let Event::DeadLettered { queue, message, .. } = event {
                    died.insert(*message, queue.clone());
                }
                hops.extend(self.hop(event, &died));
            }
        }
        hops
    }

    fn hop(&self, event: &Event, died: &Map<MessageId, QueueId>) -> Option<Hop> {
        match event {
            Event::Published { message, .. } => {
                let to = Goal::Node(ids::exchange(&message.exchange));
                let Some(parent) = message.parent() else {
                    let publisher = self.node(message.publisher?);
                    let edge = ids::publishes(&publisher, message.exchange.as_str());
                    let way = way(publisher, to, Some(edge), Look::Full);
                    return Some(self.dress(message.id, way));
                };
                let queue = died.get(&parent)?;
                let edge = Some(ids::dead_letter(queue));
                let way = way(ids::queue(queue), to, edge, Look::Cross);
                let mut hop = self.dress(message.id, way);
                hop.follows = Some(ids::message(parent));
                Some(hop)
            }
            Event::Hopped {
                message,
                from,
                to,
                via,
            } => Some(self.dress(*message, hopped(from, to, via))),
            Event::Unroutable { message, exchange } => {
                let way = way(ids::exchange(exchange), Goal::Nowhere, None, Look::Cross);
                Some(self.dress(*message, way))
            }
            Event::Returned { channel, message } => {
                let publisher = self.node(*channel);
                let edge = ids::publishes(&publisher, message.exchange.as_str());
                let from = ids::exchange(&message.exchange);
                let way = way(from, Goal::Node(publisher), Some(edge), Look::Returned);
                Some(self.dress(message.id, way))
            }
            Event::Delivered { .. } | Event::Settled { .. } => self.delivery(event),
            Event::Dropped {
                queue,
                message,
                why: DropReason::Expired,
            } => {
                let way = way(ids::queue(queue), Goal::Nowhere, None, Look::Clock);
                Some(self.dress(*message, way))
            }
            Event::Dropped { queue, message, .. }
            | Event::DeadLetterLost { queue, message, .. } => {
                let way = way(ids::queue(queue), Goal::Nowhere, None, Look::Cross);
                Some(self.dress(*message, way))
            }
            Event::Confirmed {
                channel,
                how,
                message,
                ..
            } => self.confirmed(*channel, *how, *message),
            // Everything else changes places or words, and nothing flies.
            _ => None,
        }
    }

    fn delivery(&self, event: &Event) -> Option<Hop> {
        match event {
            Event::Delivered {
                queue,
                message,
                channel,
                to,
                redelivered,
                ..
            } => {
                let node = self.node(*channel);
                let edge = match to {
                    DeliveredTo::Consumer(_) => Some(ids::consumes(queue, &node)),
                    DeliveredTo::Get { .. } => None,
                };
                let look = if *redelivered { Look::Ring } else { Look::Full };
                let way = way(ids::queue(queue), Goal::Node(node), edge, look);
                Some(self.dress(message.id, way))
            }
            Event::Settled {
                queue,
                message,
                channel,
                tag,
                how,
            } => {
                let node = self.node(*channel);
                let edge = Some(ids::consumes(queue, &node));
                let back = Goal::Node(ids::queue(queue));
                let way = match how {
                    Settlement::Ack => way(node, back, edge, Look::Tick),
                    Settlement::Requeue { .. } => way(node, back, edge, Look::Ring),
                    Settlement::Discard => way(node, back, edge, Look::Cross),
                    // Nothing goes back: it was settled by being sent, or there is no queue any more.
                    Settlement::Automatic | Settlement::QueueGone => return None,
                };
                let is_answer = matches!(how, Settlement::Ack | Settlement::Discard);
                let mut hop = self.dress(*message, way);
                if is_answer {
                    hop.follows = Some(ids::message(*message));
                    hop.item = ItemId::from(format!("answer:{channel}:{tag}"));
                }
                Some(hop)
            }
            _ => None,
        }
    }

    fn confirmed(&self, channel: ChannelId, how: Confirm, id: MessageId) -> Option<Hop> {
        let message = self.book.message(id)?;
        let publisher = self.node(channel);
        let edge = ids::publishes(&publisher, message.exchange.as_str());
        let look = match how {
            Confirm::Ack => Look::Tick,
            Confirm::Nack => Look::Cross,
        };
        let from = ids::exchange(&message.exchange);
        let way = way(from, Goal::Node(publisher), Some(edge), look);
        let mut hop = self.dress(id, way);
        hop.follows = Some(ids::message(id));
        hop.item = ItemId::from(format!("confirm:{id}"));
        Some(hop)
    }

    /// Gives a hop its message's colour and letter.
    fn dress(&self, id: MessageId, way: Way) -> Hop {
        let colour = self
            .book
            .message(id)
            .map_or(crate::ui::amqp::book::YOUR_COLOUR, |message| {
                self.book.colour(message)
            });
        Hop {
            item: ids::message(id),
            from: way.from,
            to: way.to,
            edge: way.edge,
            follows: None,
            tone: Tone::Colour(colour),
            look: way.look,
            letter: Some(letter_of(colour)),
        }
    }

    /// The node of a channel, also after it is gone: its program still stands there.
    fn node(&self, channel: ChannelId) -> NodeId {
        let program = self
            .book
            .peer(channel.connection)
            .and_then(|peer| peer.program);
        self.world
            .programs
            .iter()
            .find(|known| Some(known.id) == program)
            .map_or_else(|| ids::channel(channel), ids::program)
    }
}

fn way(from: NodeId, to: Goal, edge: Option<EdgeId>, look: Look) -> Way {
    Way {
        from,
        to,
        edge,
        look,
    }
}

fn hopped(from: &ExchangeId, to: &Destination, via: &Via) -> Way {
    let edge = match (via, to) {
        (Via::Binding(binding), _) => Some(ids::binding(binding)),
        (Via::DefaultExchange, Destination::Queue(queue)) => Some(ids::by_default(queue)),
        (Via::Alternate, _) => Some(ids::alternate(from)),
        (Via::DefaultExchange, Destination::Exchange(_)) | (Via::DirectReplyTo, _) => None,
    };
    way(
        ids::exchange(from),
        Goal::Node(ids::destination(to)),
        edge,
        Look::Full,
    )
}
