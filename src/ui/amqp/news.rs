//! What happened that a person must not miss: notices for refusals, a summary after a restart.

use crate::amqp::event::{ChannelEnd, ConnectionEnd, DropReason};
use crate::amqp::protocol::ReplyCode;
use crate::amqp::{Destination, Event, Exception};
use crate::engine::{ProgramEvent, StepRecord, WorldEvent, WorldView};
use crate::ui::amqp::sentence::{Teller, code_and_text};
use crate::ui::canvas::scene::{Text, Tone};
use crate::ui::text::{Texts, fill_plain};

/// A notice before it has a number.
#[derive(Clone, Debug, PartialEq)]
pub struct News {
    pub tone: Tone,
    pub text: Text,
    pub detail: Option<Text>,
}

/// The notices of these steps.
pub fn news(steps: &[StepRecord], world: &WorldView, teller: Teller<'_>, t: &Texts) -> Vec<News> {
    let mut all = Vec::new();
    for step in steps {
        for event in step.events.iter() {
            all.extend(of_event(event, teller, t));
        }
        let restarted = |event: &WorldEvent| *event == WorldEvent::Broker(Event::BrokerStarted);
        if step.events.iter().any(restarted) {
            all.push(restart(step, world, t));
        }
    }
    all
}

fn of_event(event: &WorldEvent, teller: Teller<'_>, t: &Texts) -> Option<News> {
    match event {
        WorldEvent::Broker(Event::ChannelClosed {
            channel,
            end: ChannelEnd::Exception(exception),
        }) => {
            let name = teller.book.connection_name(channel.connection);
            let channel = fill_plain(t.notice_the_channel, &[&channel.number.0, &name]);
            Some(refused(exception, t.notice_channel_closed, &channel, t))
        }
        WorldEvent::Broker(Event::ConnectionClosed {
            connection,
            end: ConnectionEnd::Exception(exception),
        }) => {
            let name = teller.book.connection_name(*connection);
            let connection = fill_plain(t.notice_the_connection, &[&name]);
            Some(refused(
                exception,
                t.notice_connection_closed,
                &connection,
                t,
            ))
        }
        WorldEvent::Broker(
            Event::LimitReached { .. } | Event::Ignored { .. } | Event::ConnectionRefused { .. },
        )
        | WorldEvent::Program(ProgramEvent::Refused { .. }) => Some(News {
            tone: Tone::Warning,
            text: teller.tell(event).to_string().into(),
            detail: None,
        }),
        WorldEvent::Broker(_) | WorldEvent::Program(_) => None,
    }
}

/// RabbitMQ's own words, which door they closed, and what to do.
fn refused(exception: &Exception, template: &str, what: &str, t: &Texts) -> News {
    let text = format!(
        "{} {}",
        fill_plain(template, &[&what]),
        what_to_do(exception, t)
    );
    News {
        tone: Tone::Error,
        text: text.into(),
        detail: Some(code_and_text(exception).into()),
    }
}

/// What a person can do about it.
fn what_to_do(exception: &Exception, t: &Texts) -> &'static str {
    let said = |needle: &str| exception.explanation.contains(needle);
    match exception.code {
        ReplyCode::PreconditionFailed if said("delivery tag") => t.todo_precondition_tag,
        ReplyCode::PreconditionFailed if said("in use") || said("not empty") => t.todo_in_use,
        ReplyCode::PreconditionFailed if said("inequivalent") => t.todo_precondition,
        ReplyCode::NotFound => t.todo_not_found,
        ReplyCode::AccessRefused if said("refused for user") => t.todo_permission,
        ReplyCode::AccessRefused => t.todo_access,
        ReplyCode::ResourceLocked => t.todo_locked,
        ReplyCode::PreconditionFailed
        | ReplyCode::ReplySuccess
        | ReplyCode::ContentTooLarge
        | ReplyCode::NoRoute
        | ReplyCode::NoConsumers
        | ReplyCode::ConnectionForced
        | ReplyCode::InvalidPath
        | ReplyCode::FrameError
        | ReplyCode::SyntaxError
        | ReplyCode::CommandInvalid
        | ReplyCode::ChannelError
        | ReplyCode::UnexpectedFrame
        | ReplyCode::ResourceError
        | ReplyCode::NotAllowed
        | ReplyCode::NotImplemented
        | ReplyCode::InternalError => t.todo_other,
    }
}

/// How many of each were lost.
#[derive(Default)]
struct Lost {
    exchanges: usize,
    queues: usize,
    bindings: usize,
    messages: u64,
    connections: usize,
}

fn restart(step: &StepRecord, world: &WorldView, t: &Texts) -> News {
    let mut lost = Lost::default();
    for event in step.events.iter() {
        let WorldEvent::Broker(event) = event else {
            continue;
        };
        match event {
            Event::ExchangeDeleted { .. } => lost.exchanges += 1,
            Event::QueueDeleted { messages, .. } => {
                lost.queues += 1;
                lost.messages += messages;
            }
            Event::Unbound { .. } => lost.bindings += 1,
            Event::Dropped {
                why: DropReason::Restart,
                ..
            } => lost.messages += 1,
            Event::ConnectionClosed { .. } => lost.connections += 1,
            _ => {}
        }
    }
    let broker = &world.broker;
    let own = |name: &str| !crate::ui::amqp::paint::is_predeclared(name);
    let exchanges = broker
        .exchanges
        .iter()
        .filter(|x| own(x.id.as_str()))
        .count();
    let bindings = broker
        .bindings
        .iter()
        .filter(|binding| match &binding.destination {
            Destination::Queue(_) | Destination::Exchange(_) => !binding.source.as_str().is_empty(),
        })
        .count();
    let messages: u64 = broker
        .queues
        .iter()
        .map(|queue| queue.ready + queue.unacked)
        .sum();
    let survived = fill_plain(
        t.restarted_survived,
        &[&exchanges, &broker.queues.len(), &bindings, &messages],
    );
    let gone = fill_plain(
        t.restarted_lost,
        &[
            &lost.exchanges,
            &lost.queues,
            &lost.bindings,
            &lost.messages,
            &lost.connections,
        ],
    );
    News {
        tone: Tone::Accent,
        text: format!(
            "{}. {survived} {gone} {}",
            t.restarted_title, t.restarted_rule
        )
        .into(),
        detail: None,
    }
}
