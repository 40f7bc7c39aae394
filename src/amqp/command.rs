//! What can be done to a broker: by its clients, by an operator, by time.

use crate::amqp::ids::{ChannelId, ConnectionId, ExchangeName, UserName, VhostName};
use crate::amqp::message::Table;
use crate::amqp::protocol::ClientMethod;
use crate::amqp::view::QueueKind;

/// What a client said about itself when it connected.
#[derive(Clone, Debug, PartialEq)]
pub struct Connect {
    /// The number by which everything later names this connection; must not have been used in this run.
    pub connection: ConnectionId,
    /// The display name (`connection_name` of the client properties).
    pub name: String,
    pub user: UserName,
    pub password: Password,
    pub vhost: VhostName,
    pub capabilities: Capabilities,
    pub peer: Peer,
}

/// How the user proves who it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Password {
    /// The text to be compared.
    Text(String),
    /// Already proved elsewhere (by the wire's handshake), or a simulated program, which is trusted.
    Trusted,
}

/// Where the client sits: guest may only come from the broker's own machine (semantics 26.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Peer {
    Loopback,
    Remote,
}

/// The client capabilities that change what the broker sends (semantics 3.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Capabilities {
    pub consumer_cancel_notify: bool,
    pub connection_blocked: bool,
    pub authentication_failure_close: bool,
}

impl Capabilities {
    /// What every current client library announces.
    pub const ALL: Capabilities = Capabilities {
        consumer_cancel_notify: true,
        connection_blocked: true,
        authentication_failure_close: true,
    };
}

/// Which objects a policy applies to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ApplyTo {
    All,
    Exchanges,
    Queues,
    ClassicQueues,
    QuorumQueues,
    Streams,
}

impl ApplyTo {
    /// All of them, in the order in which the management UI offers them.
    pub const ALL: [ApplyTo; 6] = [
        ApplyTo::All,
        ApplyTo::Exchanges,
        ApplyTo::Queues,
        ApplyTo::ClassicQueues,
        ApplyTo::QuorumQueues,
        ApplyTo::Streams,
    ];

    /// The word of rabbitmqctl and of definitions files.
    pub const fn as_str(self) -> &'static str {
        match self {
            ApplyTo::All => "all",
            ApplyTo::Exchanges => "exchanges",
            ApplyTo::Queues => "queues",
            ApplyTo::ClassicQueues => "classic_queues",
            ApplyTo::QuorumQueues => "quorum_queues",
            ApplyTo::Streams => "streams",
        }
    }

    /// What `word` means.
    pub fn parse(word: &str) -> Option<ApplyTo> {
        ApplyTo::ALL.into_iter().find(|it| it.as_str() == word)
    }
}

/// A policy (RabbitMQ docs, Parameters and Policies).
#[derive(Clone, Debug, PartialEq)]
pub struct Policy {
    pub vhost: VhostName,
    pub name: String,
    /// A regular expression on names.
    pub pattern: String,
    pub apply_to: ApplyTo,
    pub priority: i64,
    /// Keys without `x-`: `message-ttl`, `dead-letter-exchange` …
    pub definition: Table,
}

/// A user's rights in a vhost: three regular expressions on names (RabbitMQ docs, Access Control).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Permissions {
    pub configure: String,
    pub write: String,
    pub read: String,
}

impl Permissions {
    /// What guest may do in `/`.
    pub fn everything() -> Permissions {
        let all = || ".*".to_string();
        Permissions {
            configure: all(),
            write: all(),
            read: all(),
        }
    }
}

/// A user's rights on the routing keys of a topic exchange: two regular expressions, in which `{username}` and
/// `{vhost}` are filled in (RabbitMQ docs, Access Control, Topic Authorisation).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TopicPermissions {
    pub write: String,
    pub read: String,
}

/// What an operator does, with rabbitmqctl or the management UI.
#[derive(Clone, Debug, PartialEq)]
pub enum OperatorCommand {
    /// Stops the node and starts it again: what is durable survives (semantics 24).
    Restart,
    /// Closes a connection with 320 CONNECTION_FORCED (semantics 3.16).
    CloseConnection {
        connection: ConnectionId,
        reason: String,
    },
    /// Adds or replaces a policy.
    SetPolicy(Policy),
    ClearPolicy {
        vhost: VhostName,
        name: String,
    },
    /// Adds or replaces an operator policy: it limits what a queue's policy says.
    SetOperatorPolicy(Policy),
    ClearOperatorPolicy {
        vhost: VhostName,
        name: String,
    },
    AddVhost {
        vhost: VhostName,
    },
    /// The type of a queue that is declared without one; RabbitMQ has this since 3.11.
    SetDefaultQueueType {
        vhost: VhostName,
        kind: Option<QueueKind>,
    },
    DeleteVhost {
        vhost: VhostName,
    },
    /// Adds a user, or changes its password and tags.
    AddUser {
        user: UserName,
        password: String,
        tags: Vec<String>,
    },
    DeleteUser {
        user: UserName,
    },
    SetPermissions {
        user: UserName,
        vhost: VhostName,
        permissions: Permissions,
    },
    ClearPermissions {
        user: UserName,
        vhost: VhostName,
    },
    SetTopicPermissions {
        user: UserName,
        vhost: VhostName,
        exchange: ExchangeName,
        permissions: TopicPermissions,
    },
    ClearTopicPermissions {
        user: UserName,
        vhost: VhostName,
        exchange: ExchangeName,
    },
    /// The memory alarm (semantics 25).
    SetMemoryAlarm {
        on: bool,
    },
    /// The disk alarm (semantics 25).
    SetDiskAlarm {
        on: bool,
    },
}

/// What can be done to a broker.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// Nothing but time passes.
    Tick,
    /// connection.open, after a handshake that went well.
    Connect(Box<Connect>),
    /// connection.close by the client.
    CloseConnection {
        connection: ConnectionId,
        code: u16,
        text: String,
    },
    /// The TCP connection is lost without a word.
    DropConnection { connection: ConnectionId },
    /// The wire found a fault of the client's and closes its connection (semantics 2, 3).
    FailConnection {
        connection: ConnectionId,
        exception: Box<crate::amqp::Exception>,
    },
    /// A method on a channel.
    Call {
        channel: ChannelId,
        method: ClientMethod,
    },
    /// An operator's action.
    Operator(OperatorCommand),
}

impl Command {
    /// A method on a channel.
    pub fn call(channel: ChannelId, method: ClientMethod) -> Command {
        Command::Call { channel, method }
    }
}
