//! What can happen in a broker: one ordered list that is enough to draw the picture and to explain it.

use std::rc::Rc;

use crate::amqp::Idle;
use crate::amqp::exception::Exception;
use crate::amqp::ids::{
    ChannelId, ConnectionId, ConsumerId, ConsumerTag, DeliveryTag, Destination, ExchangeId,
    MessageId, QueueId, RoutingKey, UserName, VhostName,
};
use crate::amqp::message::{Message, Properties};
use crate::amqp::protocol::ServerMethod;
use crate::amqp::view::{Binding, QueueKind};

/// Why a connection ended.
#[derive(Clone, Debug, PartialEq)]
pub enum ConnectionEnd {
    /// connection.close by the client, with its words.
    ByClient { code: u16, text: String },
    /// The broker closes it and says why.
    Exception(Box<Exception>),
    /// The TCP connection was lost.
    Lost,
}

/// Why a channel ended.
#[derive(Clone, Debug, PartialEq)]
pub enum ChannelEnd {
    /// channel.close by the client, with its words.
    ByClient { code: u16, text: String },
    /// The broker closes it and says why; the number is free again after channel.close-ok.
    Exception(Box<Exception>),
    /// Its connection ended.
    WithConnection,
}

/// Why a queue or exchange was deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deletion {
    /// queue.delete or exchange.delete.
    ByClient,
    /// auto-delete: the last consumer or binding went away.
    AutoDelete,
    /// Exclusive, and its connection ended.
    Exclusive,
    /// x-expires ran out.
    Expired,
    /// Not durable, and the broker restarted.
    Restart,
    /// Its vhost was deleted.
    Vhost,
}

/// Why a binding went away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unbinding {
    /// queue.unbind or exchange.unbind.
    ByClient,
    /// One of its ends was deleted.
    EndDeleted,
    /// One of its ends is not durable, and the broker restarted.
    Restart,
}

/// Why a consumer went away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cancellation {
    /// basic.cancel by the client.
    ByClient,
    /// Its queue is gone; the client is told by basic.cancel if it can understand it (semantics 13.10).
    QueueDeleted { notify: bool },
    /// Its channel or connection ended.
    ChannelEnded,
}

/// How a message comes from an exchange to the next place.
#[derive(Clone, Debug, PartialEq)]
pub enum Via {
    /// A binding let it through.
    Binding(Rc<Binding>),
    /// The default exchange: every queue is bound by its name.
    DefaultExchange,
    /// No binding matched: the alternate exchange.
    Alternate,
    /// The reply queue of RPC, straight to the consumer (semantics 19).
    DirectReplyTo,
}

/// How a delivery was asked for.
#[derive(Clone, Debug, PartialEq)]
pub enum DeliveredTo {
    /// basic.deliver to a consumer.
    Consumer(ConsumerTag),
    /// basic.get-ok; `remaining` messages stay ready.
    Get { remaining: u32 },
}

/// What became of a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Settlement {
    /// basic.ack.
    Ack,
    /// Acknowledged by being sent (no_ack).
    Automatic,
    /// basic.reject or basic.nack without requeue; a dead letter if the queue says so.
    Discard,
    /// Back to its place in the queue, `position` counted from the head.
    Requeue { position: u32 },
    /// Its queue was deleted while it was out.
    QueueGone,
}

/// Why the broker itself discards a copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DropReason {
    /// Its time to live ran out.
    Expired,
    /// The queue was over its length limit (drop-head).
    MaxLength,
    /// Delivered too often (quorum queues).
    DeliveryLimit,
    /// queue.purge.
    Purged,
    /// Its queue was deleted.
    QueueDeleted,
    /// Transient, and the broker restarted.
    Restart,
    /// A dead letter that came round to a queue it had died in (semantics 18.8).
    Cycle,
    /// Retention of a stream.
    Retention,
}

/// Why a message is dead-lettered (the `reason` of x-death).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeathReason {
    Rejected,
    Expired,
    MaxLength,
    DeliveryLimit,
}

impl DeathReason {
    /// All of them, in the order of their declaration.
    pub const ALL: [DeathReason; 4] = [
        DeathReason::Rejected,
        DeathReason::Expired,
        DeathReason::MaxLength,
        DeathReason::DeliveryLimit,
    ];

    /// The word in x-death.
    pub const fn as_str(self) -> &'static str {
        match self {
            DeathReason::Rejected => "rejected",
            DeathReason::Expired => "expired",
            DeathReason::MaxLength => "maxlen",
            DeathReason::DeliveryLimit => "delivery_limit",
        }
    }
}

/// A publisher confirm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Confirm {
    Ack,
    Nack,
}

/// What happened. Events of one step are in causal order.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    // Connections and channels
    ConnectionOpened {
        connection: ConnectionId,
        name: Rc<str>,
        user: UserName,
        vhost: VhostName,
    },
    /// The handshake failed: no connection came to be.
    ConnectionRefused {
        connection: ConnectionId,
        exception: Box<Exception>,
    },
    ConnectionClosed {
        connection: ConnectionId,
        end: ConnectionEnd,
    },
    /// An alarm is on and this connection publishes (semantics 25).
    ConnectionBlocked {
        connection: ConnectionId,
        reason: &'static str,
    },
    ConnectionUnblocked {
        connection: ConnectionId,
    },
    ChannelOpened {
        channel: ChannelId,
    },
    ChannelClosed {
        channel: ChannelId,
        end: ChannelEnd,
    },
    /// The plain answer to a method; with `nowait` there is none.
    Replied {
        channel: ChannelId,
        method: Box<ServerMethod>,
    },

    // Topology
    ExchangeDeclared {
        exchange: ExchangeId,
        kind: Rc<str>,
        by: Option<ChannelId>,
    },
    ExchangeDeleted {
        exchange: ExchangeId,
        why: Deletion,
    },
    QueueDeclared {
        queue: QueueId,
        by: Option<ChannelId>,
    },
    QueueDeleted {
        queue: QueueId,
        why: Deletion,
        messages: u64,
    },
    Bound {
        binding: Rc<Binding>,
        by: Option<ChannelId>,
    },
    Unbound {
        binding: Rc<Binding>,
        why: Unbinding,
    },
    ConsumerAdded {
        queue: QueueId,
        consumer: ConsumerId,
    },
    ConsumerCancelled {
        queue: QueueId,
        consumer: ConsumerId,
        why: Cancellation,
    },
    /// Single active consumer: this one now gets the messages (semantics 20.2).
    ConsumerActivated {
        queue: QueueId,
        consumer: ConsumerId,
    },

    // A message's way
    /// A message entered an exchange: from a client, or from the broker as a dead letter.
    Published {
        message: Rc<Message>,
        mandatory: bool,
    },
    /// It went from an exchange to the next place. Once per exchange and destination, whatever the number of bindings.
    Hopped {
        message: MessageId,
        from: ExchangeId,
        to: Destination,
        via: Via,
    },
    /// No queue took it, after alternate exchanges.
    Unroutable {
        message: MessageId,
        exchange: ExchangeId,
    },
    /// basic.return: mandatory and unroutable.
    Returned {
        channel: ChannelId,
        message: Rc<Message>,
    },
    /// A copy waits in a queue, `position` counted from the head.
    Enqueued {
        queue: QueueId,
        message: MessageId,
        position: u32,
    },
    /// A full queue refused it (reject-publish).
    Refused {
        queue: QueueId,
        message: MessageId,
    },
    Delivered {
        queue: QueueId,
        message: Rc<Message>,
        channel: ChannelId,
        tag: DeliveryTag,
        to: DeliveredTo,
        redelivered: bool,
        /// The properties as sent, where the queue adds headers of its own (x-delivery-count, x-stream-offset).
        properties: Option<Rc<Properties>>,
    },
    Settled {
        queue: QueueId,
        message: MessageId,
        channel: ChannelId,
        tag: DeliveryTag,
        how: Settlement,
    },
    Dropped {
        queue: QueueId,
        message: MessageId,
        why: DropReason,
    },
    /// `message` died in `queue` and goes on to `exchange`; what it becomes is the `Published` after it.
    DeadLettered {
        queue: QueueId,
        message: MessageId,
        reason: DeathReason,
        exchange: ExchangeId,
        routing_key: RoutingKey,
    },
    /// It should have been dead-lettered, but that exchange does not exist: gone (semantics 18.2).
    DeadLetterLost {
        queue: QueueId,
        message: MessageId,
        reason: DeathReason,
        exchange: ExchangeId,
    },
    /// basic.ack or basic.nack to a publisher; `message` is what it confirms.
    Confirmed {
        channel: ChannelId,
        tag: DeliveryTag,
        multiple: bool,
        how: Confirm,
        message: MessageId,
    },

    // The operator and the node
    BrokerStopped,
    BrokerStarted,
    AlarmChanged {
        memory: bool,
        disk: bool,
    },
    PolicyChanged {
        vhost: VhostName,
        name: Rc<str>,
    },
    VhostAdded {
        vhost: VhostName,
    },
    /// Its default queue type is another now.
    VhostChanged {
        vhost: VhostName,
        default_queue_type: Option<QueueKind>,
    },
    VhostDeleted {
        vhost: VhostName,
    },
    UserChanged {
        user: UserName,
    },
    UserDeleted {
        user: UserName,
    },
    PermissionsChanged {
        user: UserName,
        vhost: VhostName,
    },
    /// A limit of this playground (not of RabbitMQ) was reached; what was asked for was not done.
    LimitReached {
        what: &'static str,
        limit: u64,
    },
    /// What was asked for makes no sense here (an unknown connection, say); nothing was done.
    Ignored {
        why: Rc<Idle>,
    },
}
