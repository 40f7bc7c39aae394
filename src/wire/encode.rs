//! What the server sends, as frames appended to a buffer.

use crate::amqp::protocol::{MethodId, ServerMethod};
use crate::amqp::{Properties, Table};
use crate::wire::frame::{FrameKind, write_frame};
use crate::wire::limits::FRAME_OVERHEAD;
use crate::wire::properties;
use crate::wire::table::{self, encode_long, encode_short};

/// Why something is closed, in the fields of connection.close and channel.close.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CloseReason {
    pub code: u16,
    pub text: String,
    /// The method that caused it.
    pub method: MethodId,
}

/// The server's methods of class connection.
#[derive(Clone, Debug, PartialEq)]
pub enum ServerConnectionMethod {
    Start {
        server_properties: Table,
        mechanisms: &'static str,
    },
    Tune {
        channel_max: u16,
        frame_max: u32,
        heartbeat: u16,
    },
    OpenOk,
    Close(CloseReason),
    CloseOk,
    Blocked {
        reason: &'static str,
    },
    Unblocked,
    UpdateSecretOk,
}

/// Methods on a channel that are not the plain answer to another.
#[derive(Clone, Debug, PartialEq)]
pub enum ServerNotice<'a> {
    ChannelClose(CloseReason),
    BasicCancel { consumer_tag: &'a str },
    BasicAck { delivery_tag: u64, multiple: bool },
    BasicNack { delivery_tag: u64, multiple: bool },
}

/// Methods that carry a message.
#[derive(Clone, Debug, PartialEq)]
pub enum ServerContentMethod<'a> {
    Deliver {
        consumer_tag: &'a str,
        delivery_tag: u64,
        redelivered: bool,
    },
    GetOk {
        delivery_tag: u64,
        redelivered: bool,
        message_count: u32,
    },
    /// 312 NO_ROUTE (semantics 9.4)
    Return,
}

/// The message of a [`ServerContentMethod`].
#[derive(Clone, Copy, Debug)]
pub struct Payload<'a> {
    pub exchange: &'a str,
    pub routing_key: &'a [u8],
    pub properties: &'a Properties,
    pub body: &'a [u8],
}

/// Appends a method frame whose fields `fields` appends.
pub(super) fn method(
    channel: u16,
    class: u16,
    method: u16,
    out: &mut Vec<u8>,
    fields: impl FnOnce(&mut Vec<u8>),
) {
    write_frame(FrameKind::Method, channel, out, |out| {
        out.extend_from_slice(&class.to_be_bytes());
        out.extend_from_slice(&method.to_be_bytes());
        fields(out);
    });
}

fn close_fields(reason: &CloseReason, out: &mut Vec<u8>) {
    out.extend_from_slice(&reason.code.to_be_bytes());
    encode_short(reason.text.as_bytes(), out);
    out.extend_from_slice(&reason.method.class.to_be_bytes());
    out.extend_from_slice(&reason.method.method.to_be_bytes());
}

/// Appends a heartbeat.
pub fn heartbeat(out: &mut Vec<u8>) {
    write_frame(FrameKind::Heartbeat, 0, out, |_| ());
}

/// Appends a method of class connection.
pub fn connection_method(sent: &ServerConnectionMethod, out: &mut Vec<u8>) {
    match sent {
        ServerConnectionMethod::Start {
            server_properties,
            mechanisms,
        } => {
            method(0, 10, 10, out, |out| {
                out.extend_from_slice(&[0, 9]);
                table::encode(server_properties, out);
                encode_long(mechanisms.as_bytes(), out);
                encode_long(b"en_US", out);
            });
        }
        ServerConnectionMethod::Tune {
            channel_max,
            frame_max,
            heartbeat,
        } => {
            method(0, 10, 30, out, |out| {
                out.extend_from_slice(&channel_max.to_be_bytes());
                out.extend_from_slice(&frame_max.to_be_bytes());
                out.extend_from_slice(&heartbeat.to_be_bytes());
            });
        }
        ServerConnectionMethod::OpenOk => method(0, 10, 41, out, |out| out.push(0)),
        ServerConnectionMethod::Close(reason) => {
            method(0, 10, 50, out, |out| close_fields(reason, out));
        }
        ServerConnectionMethod::CloseOk => method(0, 10, 51, out, |_| ()),
        ServerConnectionMethod::Blocked { reason } => {
            method(0, 10, 60, out, |out| encode_short(reason.as_bytes(), out));
        }
        ServerConnectionMethod::Unblocked => method(0, 10, 61, out, |_| ()),
        ServerConnectionMethod::UpdateSecretOk => method(0, 10, 71, out, |_| ()),
    }
}

/// Appends the plain answer to a method.
pub fn server_method(channel: u16, sent: &ServerMethod, out: &mut Vec<u8>) {
    let bare = |class, number, out: &mut Vec<u8>| method(channel, class, number, out, |_| ());
    let count = |class, number, count: &u32, out: &mut Vec<u8>| {
        method(channel, class, number, out, |out| {
            out.extend_from_slice(&count.to_be_bytes())
        });
    };
    let short = |class, number, text: &str, out: &mut Vec<u8>| {
        method(channel, class, number, out, |out| {
            encode_short(text.as_bytes(), out)
        });
    };
    match sent {
        // channel-id, a long string.
        ServerMethod::ChannelOpenOk => count(20, 11, &0, out),
        ServerMethod::ChannelFlowOk { active } => {
            method(channel, 20, 21, out, |out| out.push(u8::from(*active)));
        }
        ServerMethod::ChannelCloseOk => bare(20, 41, out),
        ServerMethod::AccessRequestOk => {
            method(channel, 30, 11, out, |out| {
                out.extend_from_slice(&1u16.to_be_bytes())
            });
        }
        ServerMethod::ExchangeDeclareOk => bare(40, 11, out),
        ServerMethod::ExchangeDeleteOk => bare(40, 21, out),
        ServerMethod::ExchangeBindOk => bare(40, 31, out),
        ServerMethod::ExchangeUnbindOk => bare(40, 51, out),
        ServerMethod::QueueDeclareOk {
            queue,
            message_count,
            consumer_count,
        } => {
            method(channel, 50, 11, out, |out| {
                encode_short(queue.as_str().as_bytes(), out);
                out.extend_from_slice(&message_count.to_be_bytes());
                out.extend_from_slice(&consumer_count.to_be_bytes());
            });
        }
        ServerMethod::QueueBindOk => bare(50, 21, out),
        ServerMethod::QueueUnbindOk => bare(50, 51, out),
        ServerMethod::QueuePurgeOk { message_count } => count(50, 31, message_count, out),
        ServerMethod::QueueDeleteOk { message_count } => count(50, 41, message_count, out),
        ServerMethod::BasicQosOk => bare(60, 11, out),
        ServerMethod::BasicConsumeOk { consumer_tag } => short(60, 21, consumer_tag.as_str(), out),
        ServerMethod::BasicCancelOk { consumer_tag } => short(60, 31, consumer_tag.as_str(), out),
        // cluster-id, which is always empty.
        ServerMethod::BasicGetEmpty => short(60, 72, "", out),
        ServerMethod::BasicRecoverOk => bare(60, 111, out),
        ServerMethod::ConfirmSelectOk => bare(85, 11, out),
        ServerMethod::TxSelectOk => bare(90, 11, out),
        ServerMethod::TxCommitOk => bare(90, 21, out),
        ServerMethod::TxRollbackOk => bare(90, 31, out),
    }
}

/// Appends what the server says unasked.
pub fn notice(channel: u16, sent: &ServerNotice<'_>, out: &mut Vec<u8>) {
    match sent {
        ServerNotice::ChannelClose(reason) => {
            method(channel, 20, 40, out, |out| close_fields(reason, out));
        }
        ServerNotice::BasicCancel { consumer_tag } => method(channel, 60, 30, out, |out| {
            encode_short(consumer_tag.as_bytes(), out);
            out.push(1);
        }),
        ServerNotice::BasicAck {
            delivery_tag,
            multiple,
        } => method(channel, 60, 80, out, |out| {
            out.extend_from_slice(&delivery_tag.to_be_bytes());
            out.push(u8::from(*multiple));
        }),
        // Clients ignore `requeue` here; RabbitMQ leaves it as its encoder's default (semantics 10.4).
        ServerNotice::BasicNack {
            delivery_tag,
            multiple,
        } => {
            method(channel, 60, 120, out, |out| {
                out.extend_from_slice(&delivery_tag.to_be_bytes());
                out.push(u8::from(*multiple) | 0b10);
            });
        }
    }
}

/// Appends a method with its message, the body split at `frame_max` (semantics 2.9, 2.16).
pub fn content(
    channel: u16,
    sent: &ServerContentMethod<'_>,
    payload: Payload<'_>,
    frame_max: u32,
    out: &mut Vec<u8>,
) {
    content_method(channel, sent, payload, out);
    content_header(channel, payload.body.len(), payload.properties, out);
    let most = frame_max.saturating_sub(FRAME_OVERHEAD).max(1) as usize;
    for part in payload.body.chunks(most) {
        write_frame(FrameKind::Body, channel, out, |out| {
            out.extend_from_slice(part)
        });
    }
}

/// Appends the header of a message of class basic.
pub(super) fn content_header(channel: u16, body_size: usize, sent: &Properties, out: &mut Vec<u8>) {
    write_frame(FrameKind::Header, channel, out, |out| {
        out.extend_from_slice(&[0, 60, 0, 0]);
        out.extend_from_slice(&(body_size as u64).to_be_bytes());
        properties::encode(sent, out);
    });
}

fn content_method(
    channel: u16,
    sent: &ServerContentMethod<'_>,
    payload: Payload<'_>,
    out: &mut Vec<u8>,
) {
    let way = |out: &mut Vec<u8>| {
        encode_short(payload.exchange.as_bytes(), out);
        encode_short(payload.routing_key, out);
    };
    match sent {
        ServerContentMethod::Deliver {
            consumer_tag,
            delivery_tag,
            redelivered,
        } => {
            method(channel, 60, 60, out, |out| {
                encode_short(consumer_tag.as_bytes(), out);
                out.extend_from_slice(&delivery_tag.to_be_bytes());
                out.push(u8::from(*redelivered));
                way(out);
            });
        }
        ServerContentMethod::GetOk {
            delivery_tag,
            redelivered,
            message_count,
        } => {
            method(channel, 60, 71, out, |out| {
                out.extend_from_slice(&delivery_tag.to_be_bytes());
                out.push(u8::from(*redelivered));
                way(out);
                out.extend_from_slice(&message_count.to_be_bytes());
            });
        }
        ServerContentMethod::Return => method(channel, 60, 50, out, |out| {
            out.extend_from_slice(&312u16.to_be_bytes());
            encode_short(b"NO_ROUTE", out);
            way(out);
        }),
    }
}
