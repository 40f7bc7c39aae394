//! A plain read-only picture of a broker, for panels and canvases. Taking one changes nothing.

use std::rc::Rc;

use crate::amqp::command::{Permissions, Policy, TopicPermissions};
use crate::amqp::ids::{
    ChannelId, ConnectionId, ConsumerId, ConsumerTag, DeliveryTag, Destination, ExchangeId,
    ExchangeName, QueueId, RoutingKey, UserName, VhostName,
};
use crate::amqp::message::{Message, Table};
use crate::machine::SimTime;

/// How many messages of a queue's head a view lists; the counts cover all.
pub const LISTED_MESSAGES: usize = 64;

/// A binding. No two have the same source, destination, key and arguments (semantics 8.1).
#[derive(Clone, Debug, PartialEq)]
pub struct Binding {
    pub source: ExchangeId,
    pub destination: Destination,
    pub routing_key: RoutingKey,
    pub arguments: Table,
}

/// The type of an exchange.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ExchangeKind {
    Direct,
    Fanout,
    Topic,
    Headers,
    ConsistentHash,
    DelayedMessage,
}

impl ExchangeKind {
    /// Every kind, in the order forms offer them.
    pub const ALL: [ExchangeKind; 6] = [
        ExchangeKind::Direct,
        ExchangeKind::Fanout,
        ExchangeKind::Headers,
        ExchangeKind::Topic,
        ExchangeKind::ConsistentHash,
        ExchangeKind::DelayedMessage,
    ];

    /// The type as exchange.declare says it.
    pub const fn as_str(self) -> &'static str {
        match self {
            ExchangeKind::Direct => "direct",
            ExchangeKind::Fanout => "fanout",
            ExchangeKind::Topic => "topic",
            ExchangeKind::Headers => "headers",
            ExchangeKind::ConsistentHash => "x-consistent-hash",
            ExchangeKind::DelayedMessage => "x-delayed-message",
        }
    }

    /// The kind that exchange.declare calls `name`.
    pub fn parse(name: &str) -> Option<ExchangeKind> {
        ExchangeKind::ALL
            .into_iter()
            .find(|kind| kind.as_str() == name)
    }
}

/// The type of a queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QueueKind {
    Classic,
    Quorum,
    Stream,
}

impl QueueKind {
    /// All of them, in the order forms offer them.
    pub const ALL: [QueueKind; 3] = [QueueKind::Classic, QueueKind::Quorum, QueueKind::Stream];

    /// The type as `x-queue-type` says it.
    pub const fn as_str(self) -> &'static str {
        match self {
            QueueKind::Classic => "classic",
            QueueKind::Quorum => "quorum",
            QueueKind::Stream => "stream",
        }
    }

    /// The type that `x-queue-type` calls `name`.
    pub fn parse(name: &str) -> Option<QueueKind> {
        QueueKind::ALL
            .into_iter()
            .find(|kind| kind.as_str() == name)
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct ExchangeView {
    pub id: ExchangeId,
    pub kind: ExchangeKind,
    pub durable: bool,
    pub auto_delete: bool,
    pub internal: bool,
    pub arguments: Table,
    /// The alternate exchange in force, from the argument or a policy.
    pub alternate: Option<ExchangeId>,
    pub policy: Option<Rc<str>>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct ReadyView {
    pub message: Rc<Message>,
    pub redelivered: bool,
    pub expires_at: Option<SimTime>,
    pub priority: u8,
}

#[derive(Clone, Debug, PartialEq)]
pub struct ConsumerView {
    pub id: ConsumerId,
    pub queue: QueueId,
    pub no_ack: bool,
    pub exclusive: bool,
    pub priority: i64,
    /// 0: no limit.
    pub prefetch: u16,
    pub unacked: u32,
    /// Single active consumer: whether it is the active one; true elsewhere.
    pub active: bool,
    pub arguments: Table,
}

#[derive(Clone, Debug, PartialEq)]
pub struct QueueView {
    pub id: QueueId,
    pub kind: QueueKind,
    pub durable: bool,
    pub auto_delete: bool,
    /// The connection it is exclusive to.
    pub exclusive: Option<ConnectionId>,
    pub arguments: Table,
    /// The dead-letter exchange in force, from the argument or a policy.
    pub dead_letter_exchange: Option<ExchangeId>,
    pub policy: Option<Rc<str>>,
    pub operator_policy: Option<Rc<str>>,
    /// What both policies together say; empty without any.
    pub effective_policy: Rc<Table>,
    pub ready: u64,
    pub unacked: u64,
    /// The head of the queue, next to be delivered first; at most [`LISTED_MESSAGES`].
    pub head: Vec<ReadyView>,
    pub consumers: Vec<ConsumerView>,
}

/// A delivery that is not settled yet.
#[derive(Clone, Debug, PartialEq)]
pub struct UnackedView {
    pub tag: DeliveryTag,
    pub message: Rc<Message>,
    pub queue: QueueId,
    /// None for basic.get.
    pub consumer: Option<ConsumerTag>,
    pub redelivered: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChannelMode {
    Normal,
    Confirm,
    Tx,
}

#[derive(Clone, Debug, PartialEq)]
pub struct ChannelView {
    pub id: ChannelId,
    /// The broker closed it and waits for channel.close-ok.
    pub closing: bool,
    pub mode: ChannelMode,
    /// What consumers started from now on get; 0: no limit.
    pub prefetch: u16,
    /// The limit over all its consumers; 0: none.
    pub global_prefetch: u16,
    pub unacked: Vec<UnackedView>,
    pub consumers: Vec<ConsumerView>,
    pub unconfirmed: u32,
}

#[derive(Clone, Debug, PartialEq)]
pub struct ConnectionView {
    pub id: ConnectionId,
    pub name: Rc<str>,
    pub user: UserName,
    pub vhost: VhostName,
    pub blocked: bool,
    pub channels: Vec<ChannelView>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct UserView {
    pub name: UserName,
    pub tags: Vec<String>,
    pub permissions: Vec<(VhostName, Permissions)>,
    /// By vhost and topic exchange.
    pub topic_permissions: Vec<(VhostName, ExchangeName, TopicPermissions)>,
}

/// The whole broker, as it is now. Lists are in the order of names and numbers.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct View {
    pub now: SimTime,
    pub vhosts: Vec<VhostName>,
    /// Of the vhosts that have one.
    pub default_queue_types: Vec<(VhostName, QueueKind)>,
    pub exchanges: Vec<ExchangeView>,
    pub queues: Vec<QueueView>,
    pub bindings: Vec<Rc<Binding>>,
    pub connections: Vec<ConnectionView>,
    pub policies: Vec<Policy>,
    pub operator_policies: Vec<Policy>,
    pub users: Vec<UserView>,
    pub memory_alarm: bool,
    pub disk_alarm: bool,
}

/// Whether one binding lets one message through, and why.
#[derive(Clone, Debug, PartialEq)]
pub struct Explanation {
    pub binding: Rc<Binding>,
    pub matched: bool,
    pub why: Why,
}

/// Why a binding matches or does not.
#[derive(Clone, Debug, PartialEq)]
pub enum Why {
    /// fanout: every binding matches.
    Fanout,
    /// direct: the keys are equal, or not.
    KeysEqual,
    KeysDiffer,
    /// topic: which words of the key each word of the pattern took, in order.
    TopicMatched(Vec<TopicWord>),
    /// topic: up to where it went well: this many words of the pattern.
    TopicFailed {
        pattern_words: usize,
    },
    /// headers: what each header of the binding found.
    Headers {
        mode: &'static str,
        fields: Vec<HeaderWhy>,
    },
    /// consistent-hash: this binding's bucket was drawn, or not.
    Hashed,
}

/// One word of a topic pattern and the words of the key it took.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TopicWord {
    pub pattern: String,
    pub took: Vec<String>,
}

/// One header of a binding against the message.
#[derive(Clone, Debug, PartialEq)]
pub struct HeaderWhy {
    pub name: String,
    pub verdict: HeaderVerdict,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeaderVerdict {
    Equal,
    Differs,
    Missing,
    /// Starts with `x-` and this mode skips those.
    Skipped,
}
