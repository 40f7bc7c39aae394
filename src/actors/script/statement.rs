//! What a line says, as data.

use std::rc::Rc;

use super::error::ScriptProblem;
use super::lexer::Text;
use super::publish;
use super::template::{Filling, Template};
use crate::actors::chance::Delay;
use crate::actors::fault::Trouble;
use crate::actors::schedule::Schedule;
use crate::amqp::protocol::ClientMethod;
use crate::amqp::protocol::method::{BasicConsume, BasicPublish};
use crate::amqp::{Content, DeliveryTag, ExchangeName, Properties, QueueName, RoutingKey};
use crate::machine::Rng;

/// One statement and its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// Its line in the text, counted from 0.
    pub line: usize,
    /// How many blocks it stands in.
    pub depth: usize,
    pub statement: Statement,
}

/// What a program does in one go.
#[derive(Clone, Debug, PartialEq)]
pub enum Statement {
    Connect {
        /// It connects again so long after the connection was lost.
        reconnect_ms: Option<u64>,
    },
    /// Opens the next channel.
    Channel,
    /// Any method that is the same each time.
    Call(Call),
    Publish(Box<Publishing>),
    /// basic.consume, and what is done with each delivery.
    Consume {
        consume: BasicConsume,
        /// The queue is the one the server named last.
        of_last_queue: bool,
        /// basic.qos before it.
        prefetch: Option<u16>,
        /// basic.ack after so long.
        work: Option<Delay>,
    },
    Settle(Settle),
    Sleep(Delay),
    /// At work on a message; elsewhere the same as `sleep`.
    Work(Delay),
    Print(Template),
    CloseChannel,
    /// connection.close
    Close,
    /// The connection is lost without a word.
    Crash,
    /// Nothing more happens until somebody lets it go on.
    Hang,
    /// What stands up to `end` is done so many times; without a number for ever.
    Repeat {
        times: Option<u32>,
        end: usize,
    },
    /// The same, each round at its time.
    Paced {
        schedule: Rc<Schedule>,
        times: Option<u32>,
        end: usize,
    },
    /// With this chance, in thousandths, what follows is done; otherwise it goes on at `otherwise`.
    Chance {
        per_mille: u16,
        otherwise: usize,
    },
    /// What stands before it was done: on to the end.
    Else {
        end: usize,
    },
    /// What is done with each delivery, up to `end`.
    OnMessage {
        end: usize,
    },
    /// What is done about a notice of the broker; in force for the whole program.
    React,
    /// The end of the block that begins at `start`.
    End {
        start: usize,
    },
    /// Until the answer to the last publish has come, but not longer than that.
    WaitReply {
        timeout_ms: Option<u64>,
    },
    /// Until everything published is confirmed.
    WaitConfirms {
        timeout_ms: Option<u64>,
    },
    Trouble(Trouble),
}

/// What is done with the deliveries of one queue, or of all that have no handler of their own.
#[derive(Clone, Debug, PartialEq)]
pub struct Handler {
    pub queue: Option<QueueName>,
    /// It means the queue that the server named last.
    pub of_last_queue: bool,
    /// After so many messages the program closes its connection.
    pub times: Option<u32>,
    /// Where it begins and ends among the statements.
    pub start: usize,
    pub end: usize,
}

/// What a program does about a notice of the broker.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Reaction {
    #[default]
    Ignore,
    /// Publishes again after so long; when blocked: publishes nothing until it may.
    Retry { after_ms: u64 },
    /// Closes its connection.
    Stop,
}

/// What a program does about each notice.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Policies {
    pub nack: Reaction,
    pub returned: Reaction,
    pub blocked: Reaction,
}

/// A method, with places that are filled when it is carried out.
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    pub method: ClientMethod,
    /// Its queue is the one the server named last (`$queue`).
    pub of_last_queue: bool,
    /// Its routing key is that name.
    pub keyed_by_last_queue: bool,
}

/// basic.publish, with the texts that differ from time to time.
#[derive(Clone, Debug, PartialEq)]
pub struct Publishing {
    /// Everything that is the same each time.
    pub publish: BasicPublish,
    pub keyed_by_last_queue: bool,
    pub body: Option<Template>,
    pub key: Option<Template>,
    /// Properties and headers, with whether they stood in quotes.
    pub pairs: Vec<(String, Template, bool)>,
    /// `reply`: to where the message in hand wants its answer.
    pub to_asker: bool,
}

/// basic.ack, basic.nack or basic.reject.
#[derive(Clone, Debug, PartialEq)]
pub struct Settle {
    /// Without, the delivery in hand, or the one that came last.
    pub tag: Option<DeliveryTag>,
    pub how: SettleHow,
    /// Only every so many, and then all of them at once.
    pub batch: Option<u32>,
}

/// With which method and with which arguments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SettleHow {
    Ack { multiple: bool },
    Nack { multiple: bool, requeue: bool },
    Reject { requeue: bool },
}

impl Call {
    /// A method that needs no filling.
    pub fn plain(method: ClientMethod) -> Call {
        Call {
            method,
            of_last_queue: false,
            keyed_by_last_queue: false,
        }
    }

    /// The method itself, with the name of the last queue where it is asked for.
    pub fn fill(&self, last_queue: &QueueName) -> ClientMethod {
        let mut method = self.method.clone();
        if self.of_last_queue
            && let Some(queue) = queue_of(&mut method)
        {
            *queue = last_queue.clone();
        }
        if self.keyed_by_last_queue
            && let Some(key) = key_of(&mut method)
        {
            *key = RoutingKey::from(last_queue.as_str());
        }
        method
    }
}

impl Publishing {
    /// The publish of this time.
    pub fn fill(
        &self,
        last_queue: &QueueName,
        from: &Filling<'_>,
        rng: &mut Rng,
    ) -> Result<BasicPublish, ScriptProblem> {
        let mut publish = self.publish.clone();
        if self.keyed_by_last_queue {
            publish.routing_key = RoutingKey::from(last_queue.as_str());
        }
        if let Some(key) = &self.key {
            publish.routing_key = RoutingKey::from(key.fill(from, rng));
        }
        let mut properties: Option<Properties> = None;
        for (key, template, quoted) in &self.pairs {
            let properties =
                properties.get_or_insert_with(|| (*publish.content.properties).clone());
            let text = Text {
                text: template.fill(from, rng),
                quoted: *quoted,
            };
            publish::set(properties, key, &text)?;
        }
        if self.to_asker
            && let Some((_, asked, _)) = from.message
        {
            let properties =
                properties.get_or_insert_with(|| (*publish.content.properties).clone());
            properties.correlation_id.clone_from(&asked.correlation_id);
            publish.exchange = ExchangeName::default();
            let address = asked.reply_to.as_ref().map(ToString::to_string);
            publish.routing_key = RoutingKey::from(address.unwrap_or_default());
        }
        publish.content = Content {
            properties: properties.map_or_else(
                || Rc::clone(&publish.content.properties),
                |properties| properties.into(),
            ),
            body: match &self.body {
                Some(body) => body.fill(from, rng).as_bytes().into(),
                None => Rc::clone(&publish.content.body),
            },
        };
        Ok(publish)
    }
}

impl Settle {
    /// The method itself; `last` is the delivery in hand.
    pub fn method(&self, last: DeliveryTag) -> ClientMethod {
        let delivery_tag = self.tag.unwrap_or(last);
        match self.how {
            SettleHow::Ack { multiple } => ClientMethod::BasicAck {
                delivery_tag,
                multiple,
            },
            SettleHow::Nack { multiple, requeue } => ClientMethod::BasicNack {
                delivery_tag,
                multiple,
                requeue,
            },
            SettleHow::Reject { requeue } => ClientMethod::BasicReject {
                delivery_tag,
                requeue,
            },
        }
    }
}

fn queue_of(method: &mut ClientMethod) -> Option<&mut QueueName> {
    match method {
        ClientMethod::QueueDeclare(declare) => Some(&mut declare.queue),
        ClientMethod::BasicConsume(consume) => Some(&mut consume.queue),
        ClientMethod::QueueBind { queue, .. }
        | ClientMethod::QueueUnbind { queue, .. }
        | ClientMethod::QueuePurge { queue, .. }
        | ClientMethod::QueueDelete { queue, .. }
        | ClientMethod::BasicGet { queue, .. } => Some(queue),
        _ => None,
    }
}

fn key_of(method: &mut ClientMethod) -> Option<&mut RoutingKey> {
    match method {
        ClientMethod::QueueBind { routing_key, .. }
        | ClientMethod::QueueUnbind { routing_key, .. }
        | ClientMethod::ExchangeBind { routing_key, .. }
        | ClientMethod::ExchangeUnbind { routing_key, .. } => Some(routing_key),
        _ => None,
    }
}
