//! What a line says, as data.

use crate::amqp::protocol::ClientMethod;
use crate::amqp::protocol::method::BasicConsume;
use crate::amqp::{DeliveryTag, QueueName, RoutingKey};

/// One statement and its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// Its line in the text, counted from 0.
    pub line: usize,
    pub statement: Statement,
}

/// What a program does in one go.
#[derive(Clone, Debug, PartialEq)]
pub enum Statement {
    Connect,
    /// Opens the next channel.
    Channel,
    /// Any method that is the same each time.
    Call(Call),
    /// basic.consume, and what is done with each delivery.
    Consume {
        consume: BasicConsume,
        /// The queue is the one the server named last.
        of_last_queue: bool,
        /// basic.qos before it.
        prefetch: Option<u16>,
        /// basic.ack after so many milliseconds.
        work_ms: Option<u64>,
    },
    Settle(Settle),
    Sleep(u64),
    Print(String),
    CloseChannel,
    /// connection.close
    Close,
    /// The connection is lost without a word.
    Crash,
    /// What stands up to `end` is done so many times; without a number for ever.
    Repeat {
        times: Option<u32>,
        end: usize,
    },
    /// The end of the block that begins at `start`.
    End {
        start: usize,
    },
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

/// basic.ack, basic.nack or basic.reject.
#[derive(Clone, Debug, PartialEq)]
pub struct Settle {
    /// Without, the delivery that came last.
    pub tag: Option<DeliveryTag>,
    pub how: SettleHow,
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

impl Settle {
    /// The method itself; `last` is the delivery that came last.
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
        ClientMethod::BasicPublish(publish) => Some(&mut publish.routing_key),
        ClientMethod::QueueBind { routing_key, .. }
        | ClientMethod::QueueUnbind { routing_key, .. }
        | ClientMethod::ExchangeBind { routing_key, .. }
        | ClientMethod::ExchangeUnbind { routing_key, .. } => Some(routing_key),
        _ => None,
    }
}
