//! The lines of the log: which kind of thing each tells of, and what it is about.

use crate::actors::ProgramId;
use crate::amqp::event::{ChannelEnd, ConnectionEnd, DeliveredTo};
use crate::amqp::view::Binding;
use crate::amqp::{ChannelId, ConnectionId, Destination, Event, ExchangeId, MessageId, QueueId};
use crate::engine::{ProgramEvent, StepRecord, WorldEvent};
use crate::ui::amqp::book::Book;
use crate::ui::amqp::sentence::Teller;

use std::rc::Rc;

/// What a line tells of; the filter chooses by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogKind {
    Topology,
    Messages,
    Connections,
    Errors,
    /// Plain answers and lines of scripts: true, but not the story.
    Replies,
}

/// Which lines are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LogFilter {
    /// Everything but plain answers and script lines.
    #[default]
    Story,
    Everything,
    Only(LogKind),
}

impl LogFilter {
    /// Every choice, in the order the log offers them, with its name in `<option value>`.
    pub const ALL: [(&'static str, LogFilter); 7] = [
        ("story", LogFilter::Story),
        ("messages", LogFilter::Only(LogKind::Messages)),
        ("topology", LogFilter::Only(LogKind::Topology)),
        ("connections", LogFilter::Only(LogKind::Connections)),
        ("errors", LogFilter::Only(LogKind::Errors)),
        ("replies", LogFilter::Only(LogKind::Replies)),
        ("all", LogFilter::Everything),
    ];

    /// The choice called `name`; the story when there is none.
    pub fn parse(name: &str) -> LogFilter {
        LogFilter::ALL
            .into_iter()
            .find(|(known, _)| *known == name)
            .map_or(LogFilter::Story, |(_, filter)| filter)
    }

    /// Whether lines of `kind` are shown.
    pub fn shows(self, kind: LogKind) -> bool {
        match self {
            LogFilter::Story => kind != LogKind::Replies,
            LogFilter::Everything => true,
            LogFilter::Only(only) => kind == only,
        }
    }
}

/// Something a line is about.
#[derive(Clone, Debug, PartialEq)]
pub enum About {
    Exchange(ExchangeId),
    Queue(QueueId),
    Binding(Rc<Binding>),
    /// The way from the default exchange to a queue.
    ByDefault(QueueId),
    Connection(ConnectionId),
    Program(ProgramId),
    Message(MessageId),
}

/// A line's place: the step and the event in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LineId {
    pub step: usize,
    pub event: usize,
}

/// A line that passed the filter.
#[derive(Clone, Debug)]
pub struct Line<'a> {
    pub id: LineId,
    pub step: &'a StepRecord,
    pub event: &'a WorldEvent,
}

/// At most `limit` newest lines that pass `filter` and contain `needle`, oldest first, and how many there are in all.
pub fn lines<'a>(
    book: &'a Book,
    teller: Teller<'_>,
    filter: LogFilter,
    needle: &str,
    limit: usize,
) -> (Vec<Line<'a>>, usize) {
    let needle = needle.trim().to_lowercase();
    let mut found = Vec::new();
    let mut count = 0;
    for step in book.steps().iter().rev() {
        for (index, event) in step.events.iter().enumerate().rev() {
            let fits = filter.shows(kind(event))
                && (needle.is_empty() || teller.tell(event).contains(&needle));
            if !fits {
                continue;
            }
            count += 1;
            if found.len() < limit {
                let id = LineId {
                    step: step.index,
                    event: index,
                };
                found.push(Line { id, step, event });
            }
        }
    }
    found.reverse();
    (found, count)
}

/// What `event` tells of.
pub fn kind(event: &WorldEvent) -> LogKind {
    match event {
        WorldEvent::Broker(event) => broker_kind(event),
        WorldEvent::Program(ProgramEvent::Line { .. } | ProgramEvent::Started { .. }) => {
            LogKind::Replies
        }
        WorldEvent::Program(ProgramEvent::Failed { .. } | ProgramEvent::Refused { .. }) => {
            LogKind::Errors
        }
        WorldEvent::Program(
            ProgramEvent::Added { .. }
            | ProgramEvent::Removed { .. }
            | ProgramEvent::Edited { .. }
            | ProgramEvent::Suffered { .. }
            | ProgramEvent::Hung { .. }
            | ProgramEvent::Reconnects { .. }
            | ProgramEvent::GaveUp { .. }
            | ProgramEvent::Printed { .. }
            | ProgramEvent::Finished { .. }
            | ProgramEvent::Crashed { .. },
        ) => LogKind::Connections,
    }
}

fn broker_kind(event: &Event) -> LogKind {
    match event {
        Event::ConnectionRefused { .. }
        | Event::ConnectionClosed {
            end: ConnectionEnd::Exception(_),
            ..
        }
        | Event::ChannelClosed {
            end: ChannelEnd::Exception(_),
            ..
        }
        | Event::LimitReached { .. }
        | Event::Ignored { .. } => LogKind::Errors,
        Event::ConnectionOpened { .. }
        | Event::ConnectionClosed { .. }
        | Event::ConnectionBlocked { .. }
        | Event::ConnectionUnblocked { .. }
        | Event::ChannelOpened { .. }
        | Event::ChannelClosed { .. }
        | Event::BrokerStopped
        | Event::BrokerStarted
        | Event::AlarmChanged { .. }
        | Event::UserChanged { .. }
        | Event::UserDeleted { .. }
        | Event::PermissionsChanged { .. } => LogKind::Connections,
        Event::Replied { .. } => LogKind::Replies,
        Event::ExchangeDeclared { .. }
        | Event::ExchangeDeleted { .. }
        | Event::QueueDeclared { .. }
        | Event::QueueDeleted { .. }
        | Event::Bound { .. }
        | Event::Unbound { .. }
        | Event::ConsumerAdded { .. }
        | Event::ConsumerCancelled { .. }
        | Event::ConsumerActivated { .. }
        | Event::PolicyChanged { .. }
        | Event::VhostAdded { .. }
        | Event::VhostChanged { .. }
        | Event::VhostDeleted { .. } => LogKind::Topology,
        Event::Published { .. }
        | Event::Hopped { .. }
        | Event::Unroutable { .. }
        | Event::Returned { .. }
        | Event::Enqueued { .. }
        | Event::Refused { .. }
        | Event::Delivered { .. }
        | Event::Settled { .. }
        | Event::Dropped { .. }
        | Event::DeadLettered { .. }
        | Event::DeadLetterLost { .. }
        | Event::Confirmed { .. } => LogKind::Messages,
    }
}

/// The message a line is about, if any.
pub fn message_of(event: &WorldEvent) -> Option<MessageId> {
    about(event).into_iter().find_map(|about| match about {
        About::Message(message) => Some(message),
        _ => None,
    })
}

/// What `event` is about.
pub fn about(event: &WorldEvent) -> Vec<About> {
    match event {
        WorldEvent::Broker(event) => about_broker(event),
        WorldEvent::Program(
            ProgramEvent::Added { program }
            | ProgramEvent::Removed { program }
            | ProgramEvent::Started { program }
            | ProgramEvent::Line { program, .. }
            | ProgramEvent::Printed { program, .. }
            | ProgramEvent::Finished { program }
            | ProgramEvent::Crashed { program }
            | ProgramEvent::Edited { program }
            | ProgramEvent::Suffered { program, .. }
            | ProgramEvent::Hung { program }
            | ProgramEvent::Reconnects { program, .. }
            | ProgramEvent::GaveUp { program, .. }
            | ProgramEvent::Failed { program, .. }
            | ProgramEvent::Refused { program, .. },
        ) => vec![About::Program(*program)],
    }
}

fn end(destination: &Destination) -> About {
    match destination {
        Destination::Queue(queue) => About::Queue(queue.clone()),
        Destination::Exchange(exchange) => About::Exchange(exchange.clone()),
    }
}

fn ends(binding: &Rc<Binding>) -> Vec<About> {
    vec![
        About::Exchange(binding.source.clone()),
        About::Binding(Rc::clone(binding)),
        end(&binding.destination),
    ]
}

fn of_channel(channel: &ChannelId) -> About {
    About::Connection(channel.connection)
}

fn about_broker(event: &Event) -> Vec<About> {
    match event {
        Event::ConnectionOpened { connection, .. }
        | Event::ConnectionRefused { connection, .. }
        | Event::ConnectionClosed { connection, .. }
        | Event::ConnectionBlocked { connection, .. }
        | Event::ConnectionUnblocked { connection } => vec![About::Connection(*connection)],
        Event::ChannelOpened { channel }
        | Event::ChannelClosed { channel, .. }
        | Event::Replied { channel, .. } => vec![of_channel(channel)],
        Event::ExchangeDeclared { exchange, .. } | Event::ExchangeDeleted { exchange, .. } => {
            vec![About::Exchange(exchange.clone())]
        }
        Event::QueueDeclared { queue, .. } | Event::QueueDeleted { queue, .. } => {
            vec![About::Queue(queue.clone())]
        }
        Event::Bound { binding, .. } | Event::Unbound { binding, .. } => ends(binding),
        Event::ConsumerAdded { queue, consumer }
        | Event::ConsumerCancelled {
            queue, consumer, ..
        }
        | Event::ConsumerActivated { queue, consumer } => {
            vec![About::Queue(queue.clone()), of_channel(&consumer.channel)]
        }
        Event::BrokerStopped
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
        | Event::Ignored { .. } => Vec::new(),
        Event::Published { .. }
        | Event::Hopped { .. }
        | Event::Unroutable { .. }
        | Event::Returned { .. }
        | Event::Enqueued { .. }
        | Event::Refused { .. }
        | Event::Delivered { .. }
        | Event::Settled { .. }
        | Event::Dropped { .. }
        | Event::DeadLettered { .. }
        | Event::DeadLetterLost { .. }
        | Event::Confirmed { .. } => about_message(event),
    }
}

/// What an event of a message's way is about; the caller hands on only those.
fn about_message(event: &Event) -> Vec<About> {
    match event {
        Event::Published { message, .. } => {
            let mut all = vec![
                About::Message(message.id),
                About::Exchange(message.exchange.clone()),
            ];
            all.extend(message.publisher.as_ref().map(of_channel));
            all
        }
        Event::Hopped {
            message,
            from,
            to,
            via,
        } => {
            let mut all = vec![
                About::Message(*message),
                About::Exchange(from.clone()),
                end(to),
            ];
            match (via, to) {
                (crate::amqp::event::Via::Binding(binding), _) => {
                    all.push(About::Binding(Rc::clone(binding)));
                }
                (crate::amqp::event::Via::DefaultExchange, Destination::Queue(queue)) => {
                    all.push(About::ByDefault(queue.clone()));
                }
                _ => {}
            }
            all
        }
        Event::Unroutable { message, exchange } => {
            vec![About::Message(*message), About::Exchange(exchange.clone())]
        }
        Event::Returned { channel, message } => vec![
            About::Message(message.id),
            About::Exchange(message.exchange.clone()),
            of_channel(channel),
        ],
        Event::Confirmed {
            channel, message, ..
        } => vec![About::Message(*message), of_channel(channel)],
        _ => about_copy(event),
    }
}

/// What an event of one copy in one queue is about; the caller hands on only those.
fn about_copy(event: &Event) -> Vec<About> {
    match event {
        Event::Enqueued { queue, message, .. }
        | Event::Refused { queue, message }
        | Event::Dropped { queue, message, .. } => {
            vec![About::Message(*message), About::Queue(queue.clone())]
        }
        Event::Delivered {
            queue,
            message,
            channel,
            to: DeliveredTo::Consumer(_) | DeliveredTo::Get { .. },
            ..
        } => vec![
            About::Message(message.id),
            About::Queue(queue.clone()),
            of_channel(channel),
        ],
        Event::Settled {
            queue,
            message,
            channel,
            ..
        } => vec![
            About::Message(*message),
            About::Queue(queue.clone()),
            of_channel(channel),
        ],
        Event::DeadLettered {
            queue,
            message,
            exchange,
            ..
        }
        | Event::DeadLetterLost {
            queue,
            message,
            exchange,
            ..
        } => vec![
            About::Message(*message),
            About::Queue(queue.clone()),
            About::Exchange(exchange.clone()),
        ],
        _ => Vec::new(),
    }
}
