//! Messages and what they carry: properties, field tables, body.

use std::rc::Rc;

use crate::amqp::event::DeathReason;
use crate::amqp::ids::{ChannelId, ExchangeId, MessageId, RoutingKey, ShortString};
use crate::machine::SimTime;
use crate::ordered::sort_by;

/// A field of a table or array, one variant a type tag of RabbitMQ's encoding (semantics 2.14).
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// `S`: text or bytes of up to 4 GiB.
    LongString(Rc<[u8]>),
    /// `I`
    I32(i32),
    /// `i`
    U32(u32),
    /// `D`: scale and unscaled value.
    Decimal(u8, u32),
    /// `T`: seconds since 1970.
    Timestamp(u64),
    /// `F`
    Table(Table),
    /// `A`
    Array(Vec<Value>),
    /// `b`
    I8(i8),
    /// `B`
    U8(u8),
    /// `s`
    I16(i16),
    /// `u`
    U16(u16),
    /// `l` (and `L` when read)
    I64(i64),
    /// `t`
    Bool(bool),
    /// `f`
    F32(f32),
    /// `d`
    F64(f64),
    /// `x`
    Bytes(Rc<[u8]>),
    /// `V`
    Void,
}

impl From<&str> for Value {
    fn from(text: &str) -> Value {
        Value::LongString(text.as_bytes().into())
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Value {
        Value::Bool(value)
    }
}

impl From<i32> for Value {
    fn from(value: i32) -> Value {
        Value::I32(value)
    }
}

impl From<i64> for Value {
    fn from(value: i64) -> Value {
        Value::I64(value)
    }
}

impl Value {
    /// The number, if this is any of the integer types (RabbitMQ treats them as one class, semantics 7.5).
    pub fn as_integer(&self) -> Option<i64> {
        match self {
            Value::I8(n) => Some((*n).into()),
            Value::U8(n) => Some((*n).into()),
            Value::I16(n) => Some((*n).into()),
            Value::U16(n) => Some((*n).into()),
            Value::I32(n) => Some((*n).into()),
            Value::U32(n) => Some((*n).into()),
            Value::I64(n) => Some(*n),
            Value::LongString(_)
            | Value::Decimal(..)
            | Value::Timestamp(_)
            | Value::Table(_)
            | Value::Array(_)
            | Value::Bool(_)
            | Value::F32(_)
            | Value::F64(_)
            | Value::Bytes(_)
            | Value::Void => None,
        }
    }

    /// The text, if this is a long string of UTF-8.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Value::LongString(bytes) => std::str::from_utf8(bytes).ok(),
            _ => None,
        }
    }

    /// The type's name as RabbitMQ writes it in reply texts.
    pub fn type_name(&self) -> &'static str {
        match self {
            Value::LongString(_) => "longstr",
            Value::I32(_) => "signedint",
            Value::U32(_) => "unsignedint",
            Value::Decimal(..) => "decimal",
            Value::Timestamp(_) => "timestamp",
            Value::Table(_) => "table",
            Value::Array(_) => "array",
            Value::I8(_) => "byte",
            Value::U8(_) => "unsignedbyte",
            Value::I16(_) => "short",
            Value::U16(_) => "unsignedshort",
            Value::I64(_) => "long",
            Value::Bool(_) => "bool",
            Value::F32(_) => "float",
            Value::F64(_) => "double",
            Value::Bytes(_) => "binary",
            Value::Void => "void",
        }
    }
}

/// A field table. Order and repeated keys are kept as RabbitMQ keeps them; a look-up finds the first (semantics 2.14).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table(pub Vec<(ShortString, Value)>);

impl Table {
    /// The empty table.
    pub const fn new() -> Table {
        Table(Vec::new())
    }

    /// The first value under `key`.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.0
            .iter()
            .find(|(name, _)| name.as_bytes() == key.as_bytes())
            .map(|(_, value)| value)
    }

    /// Whether there is no entry.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Adds an entry at the end.
    pub fn push(&mut self, key: &str, value: impl Into<Value>) {
        self.0.push((key.into(), value.into()));
    }

    /// The table with one entry more, for building one in a row.
    pub fn with(mut self, key: &str, value: impl Into<Value>) -> Table {
        self.push(key, value);
        self
    }

    /// Writes `key` as RabbitMQ's `set_table_value` does: the entry is replaced and the whole table is sorted by key
    /// (semantics 2.15).
    pub fn set_sorted(&mut self, key: &str, value: Value) {
        self.0.retain(|(name, _)| name.as_bytes() != key.as_bytes());
        self.0.push((key.into(), value));
        sort_by(&mut self.0, |a, b| a.0.cmp(&b.0));
    }

    /// Writes several entries, given in the order of their keys, as [`Table::set_sorted`] does one after the other.
    pub(super) fn set_all_sorted(&mut self, mut entries: Vec<(ShortString, Value)>) {
        if self.is_empty() {
            self.0 = entries;
            return;
        }
        self.0
            .retain(|(name, _)| entries.iter().all(|(new, _)| new != name));
        self.0.append(&mut entries);
        sort_by(&mut self.0, |a, b| a.0.cmp(&b.0));
    }

    /// Removes every entry under `key`.
    pub fn remove(&mut self, key: &str) {
        self.0.retain(|(name, _)| name.as_bytes() != key.as_bytes());
    }
}

/// The properties of class `basic` (AMQP 0-9-1, 1.8.1). What is absent is not sent.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Properties {
    pub content_type: Option<ShortString>,
    pub content_encoding: Option<ShortString>,
    pub headers: Option<Table>,
    /// 1 transient, 2 persistent.
    pub delivery_mode: Option<u8>,
    pub priority: Option<u8>,
    pub correlation_id: Option<ShortString>,
    pub reply_to: Option<ShortString>,
    /// Milliseconds as decimal text.
    pub expiration: Option<ShortString>,
    pub message_id: Option<ShortString>,
    /// Seconds since 1970.
    pub timestamp: Option<u64>,
    pub kind: Option<ShortString>,
    pub user_id: Option<ShortString>,
    pub app_id: Option<ShortString>,
    pub cluster_id: Option<ShortString>,
}

impl Properties {
    /// Delivery mode 2.
    pub fn is_persistent(&self) -> bool {
        self.delivery_mode == Some(2)
    }
}

/// What basic.publish carries besides its method.
#[derive(Clone, Debug, PartialEq)]
pub struct Content {
    pub properties: Rc<Properties>,
    pub body: Rc<[u8]>,
}

impl Content {
    /// A body without properties.
    pub fn text(body: &str) -> Content {
        Content {
            properties: Rc::new(Properties::default()),
            body: body.as_bytes().into(),
        }
    }
}

/// A message inside the broker. Shared by all its copies and by every snapshot.
#[derive(Debug, PartialEq)]
pub struct Message {
    /// Its number in this run.
    pub id: MessageId,
    /// The channel it was published on; none when the broker itself published it.
    pub publisher: Option<ChannelId>,
    /// When it was published.
    pub published_at: SimTime,
    /// The exchange it was published to.
    pub exchange: ExchangeId,
    /// The key it was published with.
    pub routing_key: RoutingKey,
    /// What few messages have; kept apart so that the many stay small.
    pub extra: Option<Box<Extra>>,
    pub properties: Rc<Properties>,
    pub body: Rc<[u8]>,
}

/// What only messages with CC or BCC, or those that the broker made out of another, carry.
#[derive(Debug, Default, PartialEq)]
pub struct Extra {
    /// The message that was dead-lettered into this one, or held as long as it was delayed.
    pub parent: Option<MessageId>,
    /// All keys, where there are more than one: its own, CC, BCC (semantics 8.8).
    pub routing_keys: Vec<RoutingKey>,
    /// Where it died before, newest first (4.x keeps this apart from the x-death header, D5).
    pub deaths: Vec<DeathRecord>,
}

/// One entry of a message's history: a queue and a reason.
#[derive(Clone, Debug, PartialEq)]
pub struct DeathRecord {
    pub count: i64,
    pub reason: DeathReason,
    pub queue: Rc<str>,
    /// Seconds since 1970 at the first time.
    pub time: u64,
    pub exchange: Rc<str>,
    pub routing_keys: Vec<Value>,
    pub original_expiration: Option<Rc<[u8]>>,
}

impl Message {
    /// The message that the broker made this one out of.
    pub fn parent(&self) -> Option<MessageId> {
        self.extra.as_ref()?.parent
    }

    /// All routing keys, where there are more than one (semantics 8.8).
    pub(super) fn routing_keys(&self) -> Option<&[RoutingKey]> {
        let keys = &self.extra.as_ref()?.routing_keys;
        (keys.len() > 1).then_some(keys)
    }
}
