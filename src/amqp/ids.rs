//! Names and numbers as types, so that no bare string or integer crosses a border.

use std::fmt;
use std::rc::Rc;

/// A connection, numbered by whoever opens it; a number is used once in a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ConnectionId(pub u32);

/// The number a client gives its channel; 0 is the connection itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ChannelNumber(pub u16);

/// A channel: its connection and its number there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ChannelId {
    pub connection: ConnectionId,
    pub number: ChannelNumber,
}

impl ChannelId {
    /// Channel `number` of connection `connection`.
    pub const fn new(connection: u32, number: u16) -> ChannelId {
        ChannelId {
            connection: ConnectionId(connection),
            number: ChannelNumber(number),
        }
    }
}

impl fmt::Display for ConnectionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "connection {}", self.0)
    }
}

impl fmt::Display for ChannelId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "channel {}.{}", self.connection.0, self.number.0)
    }
}

/// A delivery on one channel, counted from 1 (AMQP 0-9-1, 1.8.3.13 basic.deliver).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DeliveryTag(pub u64);

/// A message, counted from 1 in a run. All its copies share the number; a dead-lettered message is a new one that
/// names its parent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MessageId(pub u64);

impl fmt::Display for DeliveryTag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for MessageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}", self.0)
    }
}

macro_rules! text_name {
    ($($(#[$doc:meta])* $name:ident;)*) => { $(
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Rc<str>);

        impl $name {
            /// The name as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
            /// Whether it is the empty name.
            pub fn is_empty(&self) -> bool {
                self.0.is_empty()
            }
            /// The shared text itself.
            pub fn shared(&self) -> Rc<str> {
                Rc::clone(&self.0)
            }
        }
        impl From<&str> for $name {
            fn from(text: &str) -> $name {
                $name(text.into())
            }
        }
        impl From<String> for $name {
            fn from(text: String) -> $name {
                $name(text.into())
            }
        }
        impl From<Rc<str>> for $name {
            fn from(text: Rc<str>) -> $name {
                $name(text)
            }
        }
        impl Default for $name {
            fn default() -> $name {
                $name::from("")
            }
        }
        impl std::borrow::Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Debug::fmt(&*self.0, f)
            }
        }
    )* };
}

text_name! {
    /// An exchange's name as a client says it; "" is the default exchange.
    ExchangeName;
    /// A queue's name as a client says it; "" asks for a server-made name, or means the channel's last queue.
    QueueName;
    /// A subscription's name, unique on its channel.
    ConsumerTag;
    /// A virtual host's name; "/" is there from the start.
    VhostName;
    /// A user's login name; "guest" is there from the start.
    UserName;
}

macro_rules! byte_string {
    ($($(#[$doc:meta])* $name:ident;)*) => { $(
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Rc<[u8]>);

        impl $name {
            /// The bytes as they came.
            pub fn as_bytes(&self) -> &[u8] {
                &self.0
            }
            /// The text, if the bytes are UTF-8.
            pub fn as_str(&self) -> Option<&str> {
                std::str::from_utf8(&self.0).ok()
            }
            /// The text, with a mark for every byte that is not UTF-8.
            pub fn to_text(&self) -> std::borrow::Cow<'_, str> {
                String::from_utf8_lossy(&self.0)
            }
            /// Whether there are no bytes.
            pub fn is_empty(&self) -> bool {
                self.0.is_empty()
            }
            /// The shared bytes themselves.
            pub fn shared(&self) -> Rc<[u8]> {
                Rc::clone(&self.0)
            }
        }
        impl From<&str> for $name {
            fn from(text: &str) -> $name {
                $name(text.as_bytes().into())
            }
        }
        impl From<String> for $name {
            fn from(text: String) -> $name {
                $name(text.into_bytes().into())
            }
        }
        impl From<&[u8]> for $name {
            fn from(bytes: &[u8]) -> $name {
                $name(bytes.into())
            }
        }
        impl Default for $name {
            fn default() -> $name {
                $name::from("")
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.to_text())
            }
        }
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Debug::fmt(&self.to_text(), f)
            }
        }
        impl std::borrow::Borrow<[u8]> for $name {
            fn borrow(&self) -> &[u8] {
                &self.0
            }
        }
    )* };
}

byte_string! {
    /// A routing key. Any bytes: RabbitMQ does not check basic.publish's key for UTF-8 (semantics 2.12).
    RoutingKey;
    /// A short string of the protocol: at most 255 bytes, mostly UTF-8.
    ShortString;
}

/// What RabbitMQ calls a resource: a name within a vhost.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Resource {
    /// The vhost it lives in.
    pub vhost: VhostName,
    /// Its name there.
    pub name: Rc<str>,
}

macro_rules! resource_id {
    ($($(#[$doc:meta])* $id:ident $name:ident;)*) => { $(
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $id(Rc<Resource>);

        impl $id {
            /// The one called `name` in `vhost`.
            pub fn new(vhost: &VhostName, name: &$name) -> $id {
                $id(Rc::new(Resource { vhost: vhost.clone(), name: name.shared() }))
            }
            /// The vhost it lives in.
            pub fn vhost(&self) -> &VhostName {
                &self.0.vhost
            }
            /// Its name as text.
            pub fn as_str(&self) -> &str {
                &self.0.name
            }
            /// Its name within its vhost.
            pub fn name(&self) -> $name {
                $name::from(self.shared())
            }
            /// The shared text of its name.
            pub fn shared(&self) -> Rc<str> {
                Rc::clone(&self.0.name)
            }
        }
        impl fmt::Display for $id {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0.name)
            }
        }
        impl fmt::Debug for $id {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{:?}", self.0.name)
            }
        }
    )* };
}

resource_id! {
    /// An exchange: vhost and name.
    ExchangeId ExchangeName;
    /// A queue: vhost and name.
    QueueId QueueName;
}

/// A subscription: its channel and its tag there.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ConsumerId {
    pub channel: ChannelId,
    pub tag: ConsumerTag,
}

/// Where a binding leads.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Destination {
    Queue(QueueId),
    Exchange(ExchangeId),
}

impl Destination {
    /// The name of the queue or exchange.
    pub fn as_str(&self) -> &str {
        match self {
            Destination::Queue(queue) => queue.as_str(),
            Destination::Exchange(exchange) => exchange.as_str(),
        }
    }
}

impl fmt::Display for Destination {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
