//! The names under which RabbitMQ's things stand on the canvas, and the way back from them.
//!
//! A node keeps its id for as long as it is the same thing: layout files name nodes by these ids too.

use crate::actors::ProgramView;
use crate::amqp::view::Binding;
use crate::amqp::{ChannelId, Destination, ExchangeId, MessageId, QueueId};
use crate::ui::amqp::why;
use crate::ui::canvas::scene::{EdgeId, GroupId, ItemId, NodeId};

/// What a node stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Thing {
    Exchange(String),
    Queue(String),
    Program(String),
    /// A channel behind which no simulated program is: the person's own, or a real client's.
    Channel(String),
}

/// The node of an exchange.
pub fn exchange(id: &ExchangeId) -> NodeId {
    exchange_named(id.as_str())
}

/// The node of the exchange called `name`.
pub fn exchange_named(name: &str) -> NodeId {
    format!("exchange:{name}").into()
}

/// The node of a queue.
pub fn queue(id: &QueueId) -> NodeId {
    queue_named(id.as_str())
}

/// The node of the queue called `name`.
pub fn queue_named(name: &str) -> NodeId {
    format!("queue:{name}").into()
}

/// The node of a program.
pub fn program(view: &ProgramView) -> NodeId {
    program_named(&view.name)
}

/// The node of the program called `name`.
pub fn program_named(name: &str) -> NodeId {
    format!("program:{name}").into()
}

/// The node of a channel without a program.
pub fn channel(id: ChannelId) -> NodeId {
    format!("channel:{}.{}", id.connection.0, id.number.0).into()
}

/// The node at the end of a binding.
pub fn destination(to: &Destination) -> NodeId {
    match to {
        Destination::Queue(id) => queue(id),
        Destination::Exchange(id) => exchange(id),
    }
}

/// What stands behind a node.
pub fn thing(node: &NodeId) -> Option<Thing> {
    let (kind, name) = node.as_str().split_once(':')?;
    let name = name.to_string();
    match kind {
        "exchange" => Some(Thing::Exchange(name)),
        "queue" => Some(Thing::Queue(name)),
        "program" => Some(Thing::Program(name)),
        "channel" => Some(Thing::Channel(name)),
        _ => None,
    }
}

/// The edge of a binding: no two have the same ends, key and arguments.
pub fn binding(binding: &Binding) -> EdgeId {
    let (kind, to) = match &binding.destination {
        Destination::Queue(queue) => ('q', queue.as_str()),
        Destination::Exchange(exchange) => ('x', exchange.as_str()),
    };
    format!(
        "bind:{}>{kind}{to}#{}#{}",
        binding.source,
        binding.routing_key,
        why::table(&binding.arguments)
    )
    .into()
}

/// The edge from the default exchange to a queue.
pub fn by_default(queue: &QueueId) -> EdgeId {
    format!("default:{queue}").into()
}

/// The edge from a publisher to an exchange.
pub fn publishes(publisher: &NodeId, exchange: &str) -> EdgeId {
    format!("publish:{publisher}>{exchange}").into()
}

/// The edge from a queue to a consumer.
pub fn consumes(queue: &QueueId, consumer: &NodeId) -> EdgeId {
    format!("consume:{queue}>{consumer}").into()
}

/// The edge to an alternate exchange.
pub fn alternate(from: &ExchangeId) -> EdgeId {
    format!("alternate:{from}").into()
}

/// The edge to a dead letter exchange.
pub fn dead_letter(from: &QueueId) -> EdgeId {
    format!("dead:{from}").into()
}

/// A message, wherever its copies are.
pub fn message(id: MessageId) -> ItemId {
    format!("m{}", id.0).into()
}

/// The message behind an item.
pub fn message_of(item: &ItemId) -> Option<MessageId> {
    item.as_str().strip_prefix('m')?.parse().ok().map(MessageId)
}

/// The outline of a connection.
pub fn connection(name: &str) -> GroupId {
    format!("connection:{name}").into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_node_leads_back_to_its_thing() {
        assert_eq!(
            thing(&queue_named("a:b")),
            Some(Thing::Queue("a:b".to_string()))
        );
        assert_eq!(
            thing(&exchange_named("")),
            Some(Thing::Exchange(String::new()))
        );
        assert_eq!(thing(&"else".into()), None);
    }

    #[test]
    fn an_item_leads_back_to_its_message() {
        assert_eq!(message_of(&message(MessageId(7))), Some(MessageId(7)));
        assert_eq!(message_of(&"ack:1".into()), None);
    }
}
