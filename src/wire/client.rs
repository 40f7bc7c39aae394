//! What a client sends, as frames appended to a buffer: the other half of [`crate::wire::method`].

use crate::amqp::command::Connect;
use crate::amqp::protocol::method::BasicPublish;
use crate::amqp::protocol::{ClientMethod, MethodId};
use crate::amqp::{Table, Value};
use crate::wire::encode::{content_header, method};
use crate::wire::frame::{FrameKind, write_frame};
use crate::wire::limits::{CHANNEL_MAX, FRAME_MAX, FRAME_OVERHEAD, HEARTBEAT};
use crate::wire::table::{self, encode_long, encode_short};

/// The eight octets with which AMQP 0-9-1 begins; they are no frame.
pub const PROTOCOL_HEADER: &[u8; 8] = b"AMQP\x00\x00\x09\x01";

/// connection.start-ok, with the capabilities that every current client library announces.
pub fn start_ok(connect: &Connect, password: &str, out: &mut Vec<u8>) {
    let told = connect.capabilities;
    let capabilities = Table::new()
        .with("consumer_cancel_notify", told.consumer_cancel_notify)
        .with("connection.blocked", told.connection_blocked)
        .with(
            "authentication_failure_close",
            told.authentication_failure_close,
        )
        .with("publisher_confirms", true)
        .with("basic.nack", true);
    let mut properties = Table::new();
    properties
        .0
        .push(("capabilities".into(), Value::Table(capabilities)));
    let properties = properties.with("connection_name", connect.name.as_str());
    let response = format!("\0{}\0{password}", connect.user);
    method(0, 10, 11, out, |out| {
        table::encode(&properties, out);
        encode_short(b"PLAIN", out);
        encode_long(response.as_bytes(), out);
        encode_short(b"en_US", out);
    });
}

/// connection.tune-ok, which takes what the server offers.
pub fn tune_ok(out: &mut Vec<u8>) {
    method(0, 10, 31, out, |out| {
        out.extend_from_slice(&CHANNEL_MAX.to_be_bytes());
        out.extend_from_slice(&FRAME_MAX.to_be_bytes());
        out.extend_from_slice(&HEARTBEAT.to_be_bytes());
    });
}

/// connection.open
pub fn open(vhost: &str, out: &mut Vec<u8>) {
    method(0, 10, 40, out, |out| {
        encode_short(vhost.as_bytes(), out);
        out.extend_from_slice(&[0, 0]);
    });
}

/// connection.close
pub fn close(code: u16, text: &str, out: &mut Vec<u8>) {
    method(0, 10, 50, out, |out| close_fields(code, text, out));
}

/// connection.close-ok
pub fn close_ok(out: &mut Vec<u8>) {
    method(0, 10, 51, out, |_| ());
}

fn close_fields(code: u16, text: &str, out: &mut Vec<u8>) {
    out.extend_from_slice(&code.to_be_bytes());
    encode_short(text.as_bytes(), out);
    out.extend_from_slice(&[0; 4]);
}

/// A method on a channel; basic.publish with its content, the body split at `frame_max`.
pub fn call(channel: u16, sent: &ClientMethod, frame_max: u32, out: &mut Vec<u8>) {
    let MethodId {
        class,
        method: number,
    } = sent.id();
    method(channel, class, number, out, |out| fields(sent, out));
    if let ClientMethod::BasicPublish(publish) = sent {
        content(channel, publish, frame_max, out);
    }
}

fn content(channel: u16, publish: &BasicPublish, frame_max: u32, out: &mut Vec<u8>) {
    let sent = &publish.content;
    content_header(channel, sent.body.len(), &sent.properties, out);
    let most = frame_max.saturating_sub(FRAME_OVERHEAD).max(1) as usize;
    for part in sent.body.chunks(most) {
        write_frame(FrameKind::Body, channel, out, |out| {
            out.extend_from_slice(part)
        });
    }
}

/// Bits that follow each other share an octet, the first in the lowest place.
fn bits(bits: &[bool], out: &mut Vec<u8>) {
    let octet = bits.iter().enumerate();
    out.push(octet.fold(0, |octet, (place, on)| octet | u8::from(*on) << place));
}

/// A word that nobody has used since AMQP 0-8.
const RESERVED: [u8; 2] = [0, 0];

/// The fields of a method, in their order.
fn fields(sent: &ClientMethod, out: &mut Vec<u8>) {
    let short = |text: &str, out: &mut Vec<u8>| encode_short(text.as_bytes(), out);
    match sent {
        ClientMethod::ChannelOpen => short("", out),
        ClientMethod::ChannelFlow { active } => bits(&[*active], out),
        ClientMethod::ChannelFlowOk => bits(&[true], out),
        ClientMethod::ChannelClose { code, text } => close_fields(*code, text, out),
        ClientMethod::ChannelCloseOk
        | ClientMethod::TxSelect
        | ClientMethod::TxCommit
        | ClientMethod::TxRollback => {}
        ClientMethod::AccessRequest => {
            short("/data", out);
            bits(&[false, true, true, true, true], out);
        }
        ClientMethod::ConfirmSelect { nowait } => bits(&[*nowait], out),
        ClientMethod::ExchangeDeclare(_)
        | ClientMethod::ExchangeDelete { .. }
        | ClientMethod::ExchangeBind { .. }
        | ClientMethod::ExchangeUnbind { .. } => exchange_fields(sent, out),
        ClientMethod::QueueDeclare(_)
        | ClientMethod::QueueBind { .. }
        | ClientMethod::QueueUnbind { .. }
        | ClientMethod::QueuePurge { .. }
        | ClientMethod::QueueDelete { .. } => queue_fields(sent, out),
        ClientMethod::BasicQos { .. }
        | ClientMethod::BasicConsume(_)
        | ClientMethod::BasicCancel { .. }
        | ClientMethod::BasicCancelOk { .. }
        | ClientMethod::BasicPublish(_)
        | ClientMethod::BasicGet { .. } => basic_fields(sent, out),
        ClientMethod::BasicAck {
            delivery_tag,
            multiple,
        } => {
            out.extend_from_slice(&delivery_tag.0.to_be_bytes());
            bits(&[*multiple], out);
        }
        ClientMethod::BasicNack {
            delivery_tag,
            multiple,
            requeue,
        } => {
            out.extend_from_slice(&delivery_tag.0.to_be_bytes());
            bits(&[*multiple, *requeue], out);
        }
        ClientMethod::BasicReject {
            delivery_tag,
            requeue,
        } => {
            out.extend_from_slice(&delivery_tag.0.to_be_bytes());
            bits(&[*requeue], out);
        }
        ClientMethod::BasicRecover { requeue } | ClientMethod::BasicRecoverAsync { requeue } => {
            bits(&[*requeue], out);
        }
    }
}

fn exchange_fields(sent: &ClientMethod, out: &mut Vec<u8>) {
    out.extend_from_slice(&RESERVED);
    match sent {
        ClientMethod::ExchangeDeclare(declare) => {
            encode_short(declare.exchange.as_str().as_bytes(), out);
            encode_short(declare.kind.as_bytes(), out);
            let flags = [
                declare.passive,
                declare.durable,
                declare.auto_delete,
                declare.internal,
                declare.nowait,
            ];
            bits(&flags, out);
            table::encode(&declare.arguments, out);
        }
        ClientMethod::ExchangeDelete {
            exchange,
            if_unused,
            nowait,
        } => {
            encode_short(exchange.as_str().as_bytes(), out);
            bits(&[*if_unused, *nowait], out);
        }
        ClientMethod::ExchangeBind {
            destination,
            source,
            routing_key,
            nowait,
            arguments,
        }
        | ClientMethod::ExchangeUnbind {
            destination,
            source,
            routing_key,
            nowait,
            arguments,
        } => {
            encode_short(destination.as_str().as_bytes(), out);
            encode_short(source.as_str().as_bytes(), out);
            encode_short(routing_key.as_bytes(), out);
            bits(&[*nowait], out);
            table::encode(arguments, out);
        }
        _ => {}
    }
}

fn queue_fields(sent: &ClientMethod, out: &mut Vec<u8>) {
    out.extend_from_slice(&RESERVED);
    match sent {
        ClientMethod::QueueDeclare(declare) => {
            encode_short(declare.queue.as_str().as_bytes(), out);
            let flags = [
                declare.passive,
                declare.durable,
                declare.exclusive,
                declare.auto_delete,
                declare.nowait,
            ];
            bits(&flags, out);
            table::encode(&declare.arguments, out);
        }
        ClientMethod::QueueBind {
            queue,
            exchange,
            routing_key,
            nowait,
            arguments,
        } => {
            encode_short(queue.as_str().as_bytes(), out);
            encode_short(exchange.as_str().as_bytes(), out);
            encode_short(routing_key.as_bytes(), out);
            bits(&[*nowait], out);
            table::encode(arguments, out);
        }
        ClientMethod::QueueUnbind {
            queue,
            exchange,
            routing_key,
            arguments,
        } => {
            encode_short(queue.as_str().as_bytes(), out);
            encode_short(exchange.as_str().as_bytes(), out);
            encode_short(routing_key.as_bytes(), out);
            table::encode(arguments, out);
        }
        ClientMethod::QueuePurge { queue, nowait } => {
            encode_short(queue.as_str().as_bytes(), out);
            bits(&[*nowait], out);
        }
        ClientMethod::QueueDelete {
            queue,
            if_unused,
            if_empty,
            nowait,
        } => {
            encode_short(queue.as_str().as_bytes(), out);
            bits(&[*if_unused, *if_empty, *nowait], out);
        }
        _ => {}
    }
}

fn basic_fields(sent: &ClientMethod, out: &mut Vec<u8>) {
    match sent {
        ClientMethod::BasicQos {
            prefetch_size,
            prefetch_count,
            global,
        } => {
            out.extend_from_slice(&prefetch_size.to_be_bytes());
            out.extend_from_slice(&prefetch_count.to_be_bytes());
            bits(&[*global], out);
        }
        ClientMethod::BasicConsume(consume) => {
            out.extend_from_slice(&RESERVED);
            encode_short(consume.queue.as_str().as_bytes(), out);
            encode_short(consume.consumer_tag.as_str().as_bytes(), out);
            let flags = [
                consume.no_local,
                consume.no_ack,
                consume.exclusive,
                consume.nowait,
            ];
            bits(&flags, out);
            table::encode(&consume.arguments, out);
        }
        ClientMethod::BasicCancel {
            consumer_tag,
            nowait,
        } => {
            encode_short(consumer_tag.as_str().as_bytes(), out);
            bits(&[*nowait], out);
        }
        ClientMethod::BasicCancelOk { consumer_tag } => {
            encode_short(consumer_tag.as_str().as_bytes(), out);
        }
        ClientMethod::BasicPublish(publish) => {
            out.extend_from_slice(&RESERVED);
            encode_short(publish.exchange.as_str().as_bytes(), out);
            encode_short(publish.routing_key.as_bytes(), out);
            bits(&[publish.mandatory, publish.immediate], out);
        }
        ClientMethod::BasicGet { queue, no_ack } => {
            out.extend_from_slice(&RESERVED);
            encode_short(queue.as_str().as_bytes(), out);
            bits(&[*no_ack], out);
        }
        _ => {}
    }
}
