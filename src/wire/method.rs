//! What a client's method frame says: methods of class connection, and calls on a channel.

use crate::amqp::Table;
use crate::amqp::ids::{ConsumerTag, DeliveryTag, ExchangeName, QueueName, RoutingKey};
use crate::amqp::protocol::method::{BasicConsume, ExchangeDeclare, QueueDeclare};
use crate::amqp::protocol::{ClientMethod, MethodId};
use crate::wire::reader::{Malformed, Reader, utf8};

/// What a client may send on channel 0.
#[derive(Clone, Debug, PartialEq)]
pub enum ConnectionMethod {
    StartOk {
        client_properties: Table,
        mechanism: String,
        response: Vec<u8>,
    },
    SecureOk,
    TuneOk {
        channel_max: u16,
        frame_max: u32,
        heartbeat: u16,
    },
    Open {
        vhost: String,
    },
    Close {
        code: u16,
        text: String,
    },
    CloseOk,
    UpdateSecret,
}

/// basic.publish before its content has come.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PublishHead {
    pub exchange: ExchangeName,
    pub routing_key: RoutingKey,
    pub mandatory: bool,
    pub immediate: bool,
}

/// Whether a content header and body follow a method.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Carries {
    Nothing,
    Content,
}

/// A decoded method.
#[derive(Clone, Debug, PartialEq)]
pub enum Method {
    /// One of class connection.
    Connection(ConnectionMethod),
    /// One on a channel.
    Call(ClientMethod),
    /// basic.publish; its content follows.
    Publish(PublishHead),
    /// One that only servers send. Its fields are there and do not matter.
    ServerOnly(Carries),
}

/// Why a method frame cannot be understood, each with an outcome of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// No method has this number: RabbitMQ's reader dies (semantics 2.10).
    Unknown,
    /// A fixed field is missing or something is left over (semantics 2.11).
    Fields,
    /// semantics 2.12
    Utf8,
    /// semantics 2.10
    Table,
}

impl From<Malformed> for Fault {
    fn from(malformed: Malformed) -> Fault {
        match malformed {
            Malformed::Length => Fault::Fields,
            Malformed::Utf8 => Fault::Utf8,
            Malformed::Table => Fault::Table,
        }
    }
}

/// Reads the fields of method `id`.
pub fn decode(id: MethodId, fields: &[u8]) -> Result<Method, Fault> {
    let mut reader = Reader::new(fields);
    let reader = &mut reader;
    match id.class {
        10 => decode_connection(id.method, reader),
        20 => decode_channel(id.method, reader),
        30 => decode_access(id.method, reader),
        40 => decode_exchange(id.method, reader),
        50 => decode_queue(id.method, reader),
        60 => decode_basic(id.method, reader),
        85 => decode_confirm(id.method, reader),
        90 => decode_tx(id.method, reader),
        _ => Err(Fault::Unknown),
    }
}

/// Checks the fields of a method that only servers send, one letter a field: o octet, h short, l long, q long long,
/// s short string, S long string, t table.
fn server_only(fields: &str, reader: &mut Reader<'_>) -> Result<Method, Fault> {
    skip(fields, reader)?;
    Ok(Method::ServerOnly(Carries::Nothing))
}

fn carries_content(fields: &str, reader: &mut Reader<'_>) -> Result<Method, Fault> {
    skip(fields, reader)?;
    Ok(Method::ServerOnly(Carries::Content))
}

fn skip(fields: &str, reader: &mut Reader<'_>) -> Result<(), Fault> {
    for field in fields.bytes() {
        match field {
            b'o' => drop(reader.take(1)?),
            b'h' => drop(reader.take(2)?),
            b'l' => drop(reader.take(4)?),
            b'q' => drop(reader.take(8)?),
            b's' => drop(reader.short()?),
            b't' => drop(reader.table()?),
            _ => drop(reader.long()?),
        }
    }
    Ok(reader.end()?)
}

fn text(octets: &[u8]) -> Result<String, Fault> {
    Ok(utf8(octets)?.to_string())
}

/// The octets of a table, to be read when all fields are known to be there.
fn table(octets: &[u8]) -> Result<Table, Fault> {
    Ok(crate::wire::table::decode(octets)?)
}

fn decode_connection(method: u16, reader: &mut Reader<'_>) -> Result<Method, Fault> {
    let decoded = match method {
        11 => {
            let properties = reader.long()?;
            let (mechanism, response, locale) = (reader.short()?, reader.long()?, reader.short()?);
            reader.end()?;
            utf8(locale)?;
            ConnectionMethod::StartOk {
                client_properties: table(properties)?,
                mechanism: text(mechanism)?,
                response: response.to_vec(),
            }
        }
        21 => {
            reader.long()?;
            ConnectionMethod::SecureOk
        }
        31 => ConnectionMethod::TuneOk {
            channel_max: reader.u16()?,
            frame_max: reader.u32()?,
            heartbeat: reader.u16()?,
        },
        40 => {
            let (vhost, _capabilities, _insist) = (reader.short()?, reader.short()?, reader.u8()?);
            ConnectionMethod::Open {
                vhost: text(vhost)?,
            }
        }
        50 => {
            let (code, text) = decode_close(reader)?;
            ConnectionMethod::Close { code, text }
        }
        51 => ConnectionMethod::CloseOk,
        70 => {
            reader.long()?;
            utf8(reader.short()?)?;
            ConnectionMethod::UpdateSecret
        }
        10 => return server_only("ootSS", reader),
        20 => return server_only("S", reader),
        30 => return server_only("hlh", reader),
        41 | 60 => return server_only("s", reader),
        61 | 71 => return server_only("", reader),
        _ => return Err(Fault::Unknown),
    };
    reader.end()?;
    Ok(Method::Connection(decoded))
}

fn decode_close(reader: &mut Reader<'_>) -> Result<(u16, String), Fault> {
    let (code, words) = (reader.u16()?, reader.short()?);
    reader.u32()?;
    reader.end()?;
    Ok((code, text(words)?))
}

fn decode_channel(method: u16, reader: &mut Reader<'_>) -> Result<Method, Fault> {
    let decoded = match method {
        10 => {
            let out_of_band = reader.short()?;
            reader.end()?;
            utf8(out_of_band)?;
            ClientMethod::ChannelOpen
        }
        20 => ClientMethod::ChannelFlow {
            active: reader.bits()?.get(0),
        },
        21 => {
            reader.bits()?;
            ClientMethod::ChannelFlowOk
        }
        40 => {
            let (code, text) = decode_close(reader)?;
            ClientMethod::ChannelClose { code, text }
        }
        41 => ClientMethod::ChannelCloseOk,
        11 => return server_only("S", reader),
        _ => return Err(Fault::Unknown),
    };
    reader.end()?;
    Ok(Method::Call(decoded))
}

fn decode_access(method: u16, reader: &mut Reader<'_>) -> Result<Method, Fault> {
    match method {
        10 => {
            let realm = reader.short()?;
            reader.bits()?;
            reader.end()?;
            utf8(realm)?;
            Ok(Method::Call(ClientMethod::AccessRequest))
        }
        11 => server_only("h", reader),
        _ => Err(Fault::Unknown),
    }
}

fn decode_exchange(method: u16, reader: &mut Reader<'_>) -> Result<Method, Fault> {
    if matches!(method, 11 | 21 | 31 | 51) {
        return server_only("", reader);
    }
    if !matches!(method, 10 | 20 | 30 | 40) {
        return Err(Fault::Unknown);
    }
    reader.u16()?;
    Ok(Method::Call(match method {
        10 => {
            let (exchange, kind) = (reader.short()?, reader.short()?);
            let (bits, arguments) = (reader.bits()?, reader.long()?);
            reader.end()?;
            ClientMethod::ExchangeDeclare(ExchangeDeclare {
                exchange: utf8(exchange)?.into(),
                kind: text(kind)?,
                passive: bits.get(0),
                durable: bits.get(1),
                auto_delete: bits.get(2),
                internal: bits.get(3),
                nowait: bits.get(4),
                arguments: table(arguments)?,
            })
        }
        20 => {
            let (exchange, bits) = (reader.short()?, reader.bits()?);
            reader.end()?;
            ClientMethod::ExchangeDelete {
                exchange: utf8(exchange)?.into(),
                if_unused: bits.get(0),
                nowait: bits.get(1),
            }
        }
        _ => {
            let (destination, source) = (reader.short()?, reader.short()?);
            let (key, bits, arguments) = (reader.short()?, reader.bits()?, reader.long()?);
            reader.end()?;
            let (destination, source) = (utf8(destination)?.into(), utf8(source)?.into());
            let routing_key = utf8(key)?.into();
            let (nowait, arguments) = (bits.get(0), table(arguments)?);
            if method == 30 {
                ClientMethod::ExchangeBind {
                    destination,
                    source,
                    routing_key,
                    nowait,
                    arguments,
                }
            } else {
                ClientMethod::ExchangeUnbind {
                    destination,
                    source,
                    routing_key,
                    nowait,
                    arguments,
                }
            }
        }
    }))
}

fn decode_queue(method: u16, reader: &mut Reader<'_>) -> Result<Method, Fault> {
    match method {
        11 => return server_only("sll", reader),
        21 | 51 => return server_only("", reader),
        31 | 41 => return server_only("l", reader),
        _ => {}
    }
    if !matches!(method, 10 | 20 | 30 | 40 | 50) {
        return Err(Fault::Unknown);
    }
    reader.u16()?;
    let queue = reader.short()?;
    Ok(Method::Call(match method {
        10 => {
            let (bits, arguments) = (reader.bits()?, reader.long()?);
            reader.end()?;
            ClientMethod::QueueDeclare(QueueDeclare {
                queue: utf8(queue)?.into(),
                passive: bits.get(0),
                durable: bits.get(1),
                exclusive: bits.get(2),
                auto_delete: bits.get(3),
                nowait: bits.get(4),
                arguments: table(arguments)?,
            })
        }
        20 => {
            let (exchange, key) = (reader.short()?, reader.short()?);
            let (bits, arguments) = (reader.bits()?, reader.long()?);
            reader.end()?;
            ClientMethod::QueueBind {
                queue: utf8(queue)?.into(),
                exchange: utf8(exchange)?.into(),
                routing_key: utf8(key)?.into(),
                nowait: bits.get(0),
                arguments: table(arguments)?,
            }
        }
        30 => {
            let bits = reader.bits()?;
            reader.end()?;
            ClientMethod::QueuePurge {
                queue: utf8(queue)?.into(),
                nowait: bits.get(0),
            }
        }
        40 => {
            let bits = reader.bits()?;
            reader.end()?;
            ClientMethod::QueueDelete {
                queue: utf8(queue)?.into(),
                if_unused: bits.get(0),
                if_empty: bits.get(1),
                nowait: bits.get(2),
            }
        }
        _ => {
            let (exchange, key, arguments) = (reader.short()?, reader.short()?, reader.long()?);
            reader.end()?;
            ClientMethod::QueueUnbind {
                queue: utf8(queue)?.into(),
                exchange: utf8(exchange)?.into(),
                routing_key: utf8(key)?.into(),
                arguments: table(arguments)?,
            }
        }
    }))
}

fn decode_basic(method: u16, reader: &mut Reader<'_>) -> Result<Method, Fault> {
    let call = match method {
        40 => return decode_publish(reader),
        50 => return carries_content("hsss", reader),
        60 => return carries_content("sqoss", reader),
        71 => return carries_content("qossl", reader),
        11 | 111 => return server_only("", reader),
        21 | 72 => return server_only("s", reader),
        10 => ClientMethod::BasicQos {
            prefetch_size: reader.u32()?,
            prefetch_count: reader.u16()?,
            global: reader.bits()?.get(0),
        },
        20 => return decode_consume(reader),
        30 => {
            let (tag, bits) = (reader.short()?, reader.bits()?);
            reader.end()?;
            ClientMethod::BasicCancel {
                consumer_tag: utf8(tag)?.into(),
                nowait: bits.get(0),
            }
        }
        31 => {
            let tag = reader.short()?;
            reader.end()?;
            ClientMethod::BasicCancelOk {
                consumer_tag: utf8(tag)?.into(),
            }
        }
        70 => {
            reader.u16()?;
            let (queue, bits) = (reader.short()?, reader.bits()?);
            reader.end()?;
            ClientMethod::BasicGet {
                queue: utf8(queue)?.into(),
                no_ack: bits.get(0),
            }
        }
        80 => ClientMethod::BasicAck {
            delivery_tag: DeliveryTag(reader.u64()?),
            multiple: reader.bits()?.get(0),
        },
        90 => ClientMethod::BasicReject {
            delivery_tag: DeliveryTag(reader.u64()?),
            requeue: reader.bits()?.get(0),
        },
        100 => ClientMethod::BasicRecoverAsync {
            requeue: reader.bits()?.get(0),
        },
        110 => ClientMethod::BasicRecover {
            requeue: reader.bits()?.get(0),
        },
        120 => {
            let (tag, bits) = (reader.u64()?, reader.bits()?);
            ClientMethod::BasicNack {
                delivery_tag: DeliveryTag(tag),
                multiple: bits.get(0),
                requeue: bits.get(1),
            }
        }
        _ => return Err(Fault::Unknown),
    };
    reader.end()?;
    Ok(Method::Call(call))
}

fn decode_consume(reader: &mut Reader<'_>) -> Result<Method, Fault> {
    reader.u16()?;
    let (queue, tag) = (reader.short()?, reader.short()?);
    let (bits, arguments) = (reader.bits()?, reader.long()?);
    reader.end()?;
    Ok(Method::Call(ClientMethod::BasicConsume(BasicConsume {
        queue: QueueName::from(utf8(queue)?),
        consumer_tag: ConsumerTag::from(utf8(tag)?),
        no_local: bits.get(0),
        no_ack: bits.get(1),
        exclusive: bits.get(2),
        nowait: bits.get(3),
        arguments: table(arguments)?,
    })))
}

/// Exchange and key may be any octets (semantics 2.12); no exchange has a name that is not UTF-8.
fn decode_publish(reader: &mut Reader<'_>) -> Result<Method, Fault> {
    reader.u16()?;
    let (exchange, key, bits) = (reader.short()?, reader.short()?, reader.bits()?);
    reader.end()?;
    Ok(Method::Publish(PublishHead {
        exchange: ExchangeName::from(&*String::from_utf8_lossy(exchange)),
        routing_key: RoutingKey::from(key),
        mandatory: bits.get(0),
        immediate: bits.get(1),
    }))
}

fn decode_confirm(method: u16, reader: &mut Reader<'_>) -> Result<Method, Fault> {
    match method {
        10 => {
            let nowait = reader.bits()?.get(0);
            reader.end()?;
            Ok(Method::Call(ClientMethod::ConfirmSelect { nowait }))
        }
        11 => server_only("", reader),
        _ => Err(Fault::Unknown),
    }
}

fn decode_tx(method: u16, reader: &mut Reader<'_>) -> Result<Method, Fault> {
    let call = match method {
        10 => ClientMethod::TxSelect,
        20 => ClientMethod::TxCommit,
        30 => ClientMethod::TxRollback,
        11 | 21 | 31 => return server_only("", reader),
        _ => return Err(Fault::Unknown),
    };
    reader.end()?;
    Ok(Method::Call(call))
}
