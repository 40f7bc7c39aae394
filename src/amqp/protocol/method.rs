//! The methods a client sends on a channel, and the replies a server sends there, as data.
//!
//! Methods of class `connection` belong to the wire; deliveries, returns, confirms and closes are events.

use crate::amqp::ids::{ConsumerTag, DeliveryTag, ExchangeName, QueueName, RoutingKey};
use crate::amqp::message::{Content, Table};

/// Class and method number; `0, 0` where no method is meant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MethodId {
    pub class: u16,
    pub method: u16,
}

impl MethodId {
    /// Class 0, method 0: no method.
    pub const NONE: MethodId = MethodId {
        class: 0,
        method: 0,
    };

    const fn of(class: u16, method: u16) -> MethodId {
        MethodId { class, method }
    }
}

/// exchange.declare
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ExchangeDeclare {
    pub exchange: ExchangeName,
    /// The type as the client says it; whether it exists is the broker's to find out.
    pub kind: String,
    pub passive: bool,
    pub durable: bool,
    pub auto_delete: bool,
    pub internal: bool,
    pub nowait: bool,
    pub arguments: Table,
}

/// queue.declare
#[derive(Clone, Debug, Default, PartialEq)]
pub struct QueueDeclare {
    pub queue: QueueName,
    pub passive: bool,
    pub durable: bool,
    pub exclusive: bool,
    pub auto_delete: bool,
    pub nowait: bool,
    pub arguments: Table,
}

/// basic.consume
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BasicConsume {
    pub queue: QueueName,
    pub consumer_tag: ConsumerTag,
    pub no_local: bool,
    pub no_ack: bool,
    pub exclusive: bool,
    pub nowait: bool,
    pub arguments: Table,
}

/// basic.publish with its content
#[derive(Clone, Debug, PartialEq)]
pub struct BasicPublish {
    pub exchange: ExchangeName,
    pub routing_key: RoutingKey,
    pub mandatory: bool,
    pub immediate: bool,
    pub content: Content,
}

/// What a client may send on a channel.
#[derive(Clone, Debug, PartialEq)]
pub enum ClientMethod {
    ChannelOpen,
    ChannelFlow {
        active: bool,
    },
    ChannelFlowOk,
    ChannelClose {
        code: u16,
        text: String,
    },
    ChannelCloseOk,
    AccessRequest,
    ExchangeDeclare(ExchangeDeclare),
    ExchangeDelete {
        exchange: ExchangeName,
        if_unused: bool,
        nowait: bool,
    },
    ExchangeBind {
        destination: ExchangeName,
        source: ExchangeName,
        routing_key: RoutingKey,
        nowait: bool,
        arguments: Table,
    },
    ExchangeUnbind {
        destination: ExchangeName,
        source: ExchangeName,
        routing_key: RoutingKey,
        nowait: bool,
        arguments: Table,
    },
    QueueDeclare(QueueDeclare),
    QueueBind {
        queue: QueueName,
        exchange: ExchangeName,
        routing_key: RoutingKey,
        nowait: bool,
        arguments: Table,
    },
    QueueUnbind {
        queue: QueueName,
        exchange: ExchangeName,
        routing_key: RoutingKey,
        arguments: Table,
    },
    QueuePurge {
        queue: QueueName,
        nowait: bool,
    },
    QueueDelete {
        queue: QueueName,
        if_unused: bool,
        if_empty: bool,
        nowait: bool,
    },
    BasicQos {
        prefetch_size: u32,
        prefetch_count: u16,
        global: bool,
    },
    BasicConsume(BasicConsume),
    BasicCancel {
        consumer_tag: ConsumerTag,
        nowait: bool,
    },
    BasicCancelOk {
        consumer_tag: ConsumerTag,
    },
    BasicPublish(Box<BasicPublish>),
    BasicGet {
        queue: QueueName,
        no_ack: bool,
    },
    BasicAck {
        delivery_tag: DeliveryTag,
        multiple: bool,
    },
    BasicNack {
        delivery_tag: DeliveryTag,
        multiple: bool,
        requeue: bool,
    },
    BasicReject {
        delivery_tag: DeliveryTag,
        requeue: bool,
    },
    BasicRecover {
        requeue: bool,
    },
    BasicRecoverAsync {
        requeue: bool,
    },
    ConfirmSelect {
        nowait: bool,
    },
    TxSelect,
    TxCommit,
    TxRollback,
}

impl ClientMethod {
    /// Class and method number (amqp-rabbitmq-0.9.1.json).
    pub const fn id(&self) -> MethodId {
        match self {
            ClientMethod::ChannelOpen => MethodId::of(20, 10),
            ClientMethod::ChannelFlow { .. } => MethodId::of(20, 20),
            ClientMethod::ChannelFlowOk => MethodId::of(20, 21),
            ClientMethod::ChannelClose { .. } => MethodId::of(20, 40),
            ClientMethod::ChannelCloseOk => MethodId::of(20, 41),
            ClientMethod::AccessRequest => MethodId::of(30, 10),
            ClientMethod::ExchangeDeclare(_) => MethodId::of(40, 10),
            ClientMethod::ExchangeDelete { .. } => MethodId::of(40, 20),
            ClientMethod::ExchangeBind { .. } => MethodId::of(40, 30),
            ClientMethod::ExchangeUnbind { .. } => MethodId::of(40, 40),
            ClientMethod::QueueDeclare(_) => MethodId::of(50, 10),
            ClientMethod::QueueBind { .. } => MethodId::of(50, 20),
            ClientMethod::QueuePurge { .. } => MethodId::of(50, 30),
            ClientMethod::QueueDelete { .. } => MethodId::of(50, 40),
            ClientMethod::QueueUnbind { .. } => MethodId::of(50, 50),
            ClientMethod::BasicQos { .. } => MethodId::of(60, 10),
            ClientMethod::BasicConsume(_) => MethodId::of(60, 20),
            ClientMethod::BasicCancel { .. } => MethodId::of(60, 30),
            ClientMethod::BasicCancelOk { .. } => MethodId::of(60, 31),
            ClientMethod::BasicPublish(_) => MethodId::of(60, 40),
            ClientMethod::BasicGet { .. } => MethodId::of(60, 70),
            ClientMethod::BasicAck { .. } => MethodId::of(60, 80),
            ClientMethod::BasicReject { .. } => MethodId::of(60, 90),
            ClientMethod::BasicRecoverAsync { .. } => MethodId::of(60, 100),
            ClientMethod::BasicRecover { .. } => MethodId::of(60, 110),
            ClientMethod::BasicNack { .. } => MethodId::of(60, 120),
            ClientMethod::ConfirmSelect { .. } => MethodId::of(85, 10),
            ClientMethod::TxSelect => MethodId::of(90, 10),
            ClientMethod::TxCommit => MethodId::of(90, 20),
            ClientMethod::TxRollback => MethodId::of(90, 30),
        }
    }

    /// The method's name in the spec: `queue.declare`.
    pub const fn name(&self) -> &'static str {
        match self {
            ClientMethod::ChannelOpen => "channel.open",
            ClientMethod::ChannelFlow { .. } => "channel.flow",
            ClientMethod::ChannelFlowOk => "channel.flow-ok",
            ClientMethod::ChannelClose { .. } => "channel.close",
            ClientMethod::ChannelCloseOk => "channel.close-ok",
            ClientMethod::AccessRequest => "access.request",
            ClientMethod::ExchangeDeclare(_) => "exchange.declare",
            ClientMethod::ExchangeDelete { .. } => "exchange.delete",
            ClientMethod::ExchangeBind { .. } => "exchange.bind",
            ClientMethod::ExchangeUnbind { .. } => "exchange.unbind",
            ClientMethod::QueueDeclare(_) => "queue.declare",
            ClientMethod::QueueBind { .. } => "queue.bind",
            ClientMethod::QueuePurge { .. } => "queue.purge",
            ClientMethod::QueueDelete { .. } => "queue.delete",
            ClientMethod::QueueUnbind { .. } => "queue.unbind",
            ClientMethod::BasicQos { .. } => "basic.qos",
            ClientMethod::BasicConsume(_) => "basic.consume",
            ClientMethod::BasicCancel { .. } => "basic.cancel",
            ClientMethod::BasicCancelOk { .. } => "basic.cancel-ok",
            ClientMethod::BasicPublish(_) => "basic.publish",
            ClientMethod::BasicGet { .. } => "basic.get",
            ClientMethod::BasicAck { .. } => "basic.ack",
            ClientMethod::BasicReject { .. } => "basic.reject",
            ClientMethod::BasicRecoverAsync { .. } => "basic.recover-async",
            ClientMethod::BasicRecover { .. } => "basic.recover",
            ClientMethod::BasicNack { .. } => "basic.nack",
            ClientMethod::ConfirmSelect { .. } => "confirm.select",
            ClientMethod::TxSelect => "tx.select",
            ClientMethod::TxCommit => "tx.commit",
            ClientMethod::TxRollback => "tx.rollback",
        }
    }
}

/// The plain answer to a method: what a server sends that carries no message and closes nothing.
#[derive(Clone, Debug, PartialEq)]
pub enum ServerMethod {
    ChannelOpenOk,
    ChannelFlowOk {
        active: bool,
    },
    /// Answer to the client's channel.close.
    ChannelCloseOk,
    AccessRequestOk,
    ExchangeDeclareOk,
    ExchangeDeleteOk,
    ExchangeBindOk,
    ExchangeUnbindOk,
    QueueDeclareOk {
        queue: QueueName,
        message_count: u32,
        consumer_count: u32,
    },
    QueueBindOk,
    QueueUnbindOk,
    QueuePurgeOk {
        message_count: u32,
    },
    QueueDeleteOk {
        message_count: u32,
    },
    BasicQosOk,
    BasicConsumeOk {
        consumer_tag: ConsumerTag,
    },
    BasicCancelOk {
        consumer_tag: ConsumerTag,
    },
    BasicGetEmpty,
    BasicRecoverOk,
    ConfirmSelectOk,
    TxSelectOk,
    TxCommitOk,
    TxRollbackOk,
}

impl ServerMethod {
    /// The method's name in the spec: `queue.declare-ok`.
    pub const fn name(&self) -> &'static str {
        match self {
            ServerMethod::ChannelOpenOk => "channel.open-ok",
            ServerMethod::ChannelFlowOk { .. } => "channel.flow-ok",
            ServerMethod::ChannelCloseOk => "channel.close-ok",
            ServerMethod::AccessRequestOk => "access.request-ok",
            ServerMethod::ExchangeDeclareOk => "exchange.declare-ok",
            ServerMethod::ExchangeDeleteOk => "exchange.delete-ok",
            ServerMethod::ExchangeBindOk => "exchange.bind-ok",
            ServerMethod::ExchangeUnbindOk => "exchange.unbind-ok",
            ServerMethod::QueueDeclareOk { .. } => "queue.declare-ok",
            ServerMethod::QueueBindOk => "queue.bind-ok",
            ServerMethod::QueueUnbindOk => "queue.unbind-ok",
            ServerMethod::QueuePurgeOk { .. } => "queue.purge-ok",
            ServerMethod::QueueDeleteOk { .. } => "queue.delete-ok",
            ServerMethod::BasicQosOk => "basic.qos-ok",
            ServerMethod::BasicConsumeOk { .. } => "basic.consume-ok",
            ServerMethod::BasicCancelOk { .. } => "basic.cancel-ok",
            ServerMethod::BasicGetEmpty => "basic.get-empty",
            ServerMethod::BasicRecoverOk => "basic.recover-ok",
            ServerMethod::ConfirmSelectOk => "confirm.select-ok",
            ServerMethod::TxSelectOk => "tx.select-ok",
            ServerMethod::TxCommitOk => "tx.commit-ok",
            ServerMethod::TxRollbackOk => "tx.rollback-ok",
        }
    }
}
