//! The names of the methods and of their fields, and a reader that takes any frame apart by them: for people who look
//! at a connection, not for the broker, which reads methods into types of its own ([`crate::wire::method`]).

use crate::amqp::protocol::MethodId;
use crate::amqp::{Properties, Value, transcript};
use crate::wire::frame::FrameKind;
use crate::wire::properties;
use crate::wire::reader::{Malformed, Reader};

/// A method's numbers, its name, and its fields in order: a letter for the type (b bit, o octet, h short, l long,
/// q long long, s short string, S long string, t table) and the name in the specification.
struct Row(u16, u16, &'static str, &'static str);

/// amqp-rabbitmq-0.9.1.json: every method of both sides.
static METHODS: &[Row] = &[
    Row(
        10,
        10,
        "connection.start",
        "oversion-major oversion-minor tserver-properties Smechanisms Slocales",
    ),
    Row(
        10,
        11,
        "connection.start-ok",
        "tclient-properties smechanism Sresponse slocale",
    ),
    Row(10, 20, "connection.secure", "Schallenge"),
    Row(10, 21, "connection.secure-ok", "Sresponse"),
    Row(
        10,
        30,
        "connection.tune",
        "hchannel-max lframe-max hheartbeat",
    ),
    Row(
        10,
        31,
        "connection.tune-ok",
        "hchannel-max lframe-max hheartbeat",
    ),
    Row(
        10,
        40,
        "connection.open",
        "svirtual-host sreserved-1 breserved-2",
    ),
    Row(10, 41, "connection.open-ok", "sreserved-1"),
    Row(
        10,
        50,
        "connection.close",
        "hreply-code sreply-text hclass-id hmethod-id",
    ),
    Row(10, 51, "connection.close-ok", ""),
    Row(10, 60, "connection.blocked", "sreason"),
    Row(10, 61, "connection.unblocked", ""),
    Row(10, 70, "connection.update-secret", "Snew-secret sreason"),
    Row(10, 71, "connection.update-secret-ok", ""),
    Row(20, 10, "channel.open", "sreserved-1"),
    Row(20, 11, "channel.open-ok", "Sreserved-1"),
    Row(20, 20, "channel.flow", "bactive"),
    Row(20, 21, "channel.flow-ok", "bactive"),
    Row(
        20,
        40,
        "channel.close",
        "hreply-code sreply-text hclass-id hmethod-id",
    ),
    Row(20, 41, "channel.close-ok", ""),
    Row(
        30,
        10,
        "access.request",
        "srealm bexclusive bpassive bactive bwrite bread",
    ),
    Row(30, 11, "access.request-ok", "hreserved-1"),
    Row(
        40,
        10,
        "exchange.declare",
        "hreserved-1 sexchange stype bpassive bdurable bauto-delete binternal bno-wait targuments",
    ),
    Row(40, 11, "exchange.declare-ok", ""),
    Row(
        40,
        20,
        "exchange.delete",
        "hreserved-1 sexchange bif-unused bno-wait",
    ),
    Row(40, 21, "exchange.delete-ok", ""),
    Row(
        40,
        30,
        "exchange.bind",
        "hreserved-1 sdestination ssource srouting-key bno-wait targuments",
    ),
    Row(40, 31, "exchange.bind-ok", ""),
    Row(
        40,
        40,
        "exchange.unbind",
        "hreserved-1 sdestination ssource srouting-key bno-wait targuments",
    ),
    Row(40, 51, "exchange.unbind-ok", ""),
    Row(
        50,
        10,
        "queue.declare",
        "hreserved-1 squeue bpassive bdurable bexclusive bauto-delete bno-wait targuments",
    ),
    Row(
        50,
        11,
        "queue.declare-ok",
        "squeue lmessage-count lconsumer-count",
    ),
    Row(
        50,
        20,
        "queue.bind",
        "hreserved-1 squeue sexchange srouting-key bno-wait targuments",
    ),
    Row(50, 21, "queue.bind-ok", ""),
    Row(50, 30, "queue.purge", "hreserved-1 squeue bno-wait"),
    Row(50, 31, "queue.purge-ok", "lmessage-count"),
    Row(
        50,
        40,
        "queue.delete",
        "hreserved-1 squeue bif-unused bif-empty bno-wait",
    ),
    Row(50, 41, "queue.delete-ok", "lmessage-count"),
    Row(
        50,
        50,
        "queue.unbind",
        "hreserved-1 squeue sexchange srouting-key targuments",
    ),
    Row(50, 51, "queue.unbind-ok", ""),
    Row(
        60,
        10,
        "basic.qos",
        "lprefetch-size hprefetch-count bglobal",
    ),
    Row(60, 11, "basic.qos-ok", ""),
    Row(
        60,
        20,
        "basic.consume",
        "hreserved-1 squeue sconsumer-tag bno-local bno-ack bexclusive bno-wait targuments",
    ),
    Row(60, 21, "basic.consume-ok", "sconsumer-tag"),
    Row(60, 30, "basic.cancel", "sconsumer-tag bno-wait"),
    Row(60, 31, "basic.cancel-ok", "sconsumer-tag"),
    Row(
        60,
        40,
        "basic.publish",
        "hreserved-1 sexchange srouting-key bmandatory bimmediate",
    ),
    Row(
        60,
        50,
        "basic.return",
        "hreply-code sreply-text sexchange srouting-key",
    ),
    Row(
        60,
        60,
        "basic.deliver",
        "sconsumer-tag qdelivery-tag bredelivered sexchange srouting-key",
    ),
    Row(60, 70, "basic.get", "hreserved-1 squeue bno-ack"),
    Row(
        60,
        71,
        "basic.get-ok",
        "qdelivery-tag bredelivered sexchange srouting-key lmessage-count",
    ),
    Row(60, 72, "basic.get-empty", "sreserved-1"),
    Row(60, 80, "basic.ack", "qdelivery-tag bmultiple"),
    Row(60, 90, "basic.reject", "qdelivery-tag brequeue"),
    Row(60, 100, "basic.recover-async", "brequeue"),
    Row(60, 110, "basic.recover", "brequeue"),
    Row(60, 111, "basic.recover-ok", ""),
    Row(60, 120, "basic.nack", "qdelivery-tag bmultiple brequeue"),
    Row(85, 10, "confirm.select", "bnowait"),
    Row(85, 11, "confirm.select-ok", ""),
    Row(90, 10, "tx.select", ""),
    Row(90, 11, "tx.select-ok", ""),
    Row(90, 20, "tx.commit", ""),
    Row(90, 21, "tx.commit-ok", ""),
    Row(90, 30, "tx.rollback", ""),
    Row(90, 31, "tx.rollback-ok", ""),
];

/// The name of a method, `queue.declare`.
pub fn name(id: MethodId) -> Option<&'static str> {
    row(id).map(|row| row.2)
}

fn row(id: MethodId) -> Option<&'static Row> {
    METHODS
        .iter()
        .find(|row| (row.0, row.1) == (id.class, id.method))
}

/// A frame taken apart.
#[derive(Clone, Debug, PartialEq)]
pub enum Shown {
    /// The octets before the first frame.
    ProtocolHeader,
    Method {
        id: MethodId,
        name: &'static str,
        /// By name, in order; those that are reserved are left out.
        arguments: Vec<(&'static str, Value)>,
    },
    Header {
        class: u16,
        body_size: u64,
        /// Those that are there, by name, in order.
        properties: Vec<(&'static str, Value)>,
    },
    Body,
    Heartbeat,
}

/// A whole frame: its channel, and what it says. None for octets that are not exactly one frame.
pub fn show(octets: &[u8]) -> Option<(u16, Shown)> {
    if octets.starts_with(b"AMQP") {
        return Some((0, Shown::ProtocolHeader));
    }
    let (&[kind, c1, c0, _, _, _, _], rest) = octets.split_first_chunk::<7>()?;
    let payload = rest.get(..rest.len().checked_sub(1)?)?;
    let shown = match FrameKind::from_octet(kind)? {
        FrameKind::Method => method(payload).ok()?,
        FrameKind::Header => header(payload).ok()?,
        FrameKind::Body => Shown::Body,
        FrameKind::Heartbeat => Shown::Heartbeat,
    };
    Some((u16::from_be_bytes([c1, c0]), shown))
}

fn method(payload: &[u8]) -> Result<Shown, Malformed> {
    let mut reader = Reader::new(payload);
    let id = MethodId {
        class: reader.u16()?,
        method: reader.u16()?,
    };
    let row = row(id).ok_or(Malformed::Length)?;
    let mut arguments = Vec::new();
    let mut bits: Option<(u8, u8)> = None;
    for field in row.3.split_ascii_whitespace() {
        let (letter, field) = field.split_at(1);
        let value = if letter == "b" {
            // Bits that follow each other share an octet, the first in the lowest place.
            let (octet, place) = match bits {
                Some((octet, place)) if place < 8 => (octet, place),
                _ => (reader.u8()?, 0),
            };
            bits = Some((octet, place + 1));
            Value::Bool(octet >> place & 1 == 1)
        } else {
            bits = None;
            value(letter, &mut reader)?
        };
        if !field.starts_with("reserved") {
            arguments.push((field, value));
        }
    }
    reader.end()?;
    Ok(Shown::Method {
        id,
        name: row.2,
        arguments,
    })
}

fn value(letter: &str, reader: &mut Reader<'_>) -> Result<Value, Malformed> {
    Ok(match letter {
        "o" => Value::U8(reader.u8()?),
        "h" => Value::U16(reader.u16()?),
        "l" => Value::U32(reader.u32()?),
        "q" => Value::I64(reader.u64()? as i64),
        "s" => Value::LongString(reader.short()?.into()),
        "t" => Value::Table(reader.table()?),
        _ => Value::LongString(reader.long()?.into()),
    })
}

fn header(payload: &[u8]) -> Result<Shown, Malformed> {
    let mut reader = Reader::new(payload);
    let class = reader.u16()?;
    reader.u16()?;
    Ok(Shown::Header {
        class,
        body_size: reader.u64()?,
        properties: named(properties::decode(reader.rest())?),
    })
}

/// The properties that are there, by their names in the specification, in its order.
pub fn named(properties: Properties) -> Vec<(&'static str, Value)> {
    let text = |text: Option<crate::amqp::ShortString>| {
        text.map(|text| Value::LongString(text.as_bytes().into()))
    };
    let all = [
        ("content-type", text(properties.content_type)),
        ("content-encoding", text(properties.content_encoding)),
        ("headers", properties.headers.map(Value::Table)),
        ("delivery-mode", properties.delivery_mode.map(Value::U8)),
        ("priority", properties.priority.map(Value::U8)),
        ("correlation-id", text(properties.correlation_id)),
        ("reply-to", text(properties.reply_to)),
        ("expiration", text(properties.expiration)),
        ("message-id", text(properties.message_id)),
        ("timestamp", properties.timestamp.map(Value::Timestamp)),
        ("type", text(properties.kind)),
        ("user-id", text(properties.user_id)),
        ("app-id", text(properties.app_id)),
        ("cluster-id", text(properties.cluster_id)),
    ];
    let present = all.into_iter();
    present
        .filter_map(|(name, value)| Some((name, value?)))
        .collect()
}

/// A field as people read it: its type is known by its name, so numbers are plain.
pub fn text(value: &Value) -> String {
    match value {
        Value::U8(n) => n.to_string(),
        Value::U16(n) => n.to_string(),
        Value::U32(n) => n.to_string(),
        Value::I64(n) => n.to_string(),
        Value::Timestamp(n) => n.to_string(),
        _ => transcript::value(value),
    }
}
