//! Events as what a client sees of them: which connection an event belongs to, and its frames.

use crate::amqp::event::{Cancellation, ChannelEnd, DeliveredTo};
use crate::amqp::{ChannelId, ConnectionId, Event, Message, Properties};
use crate::wire::connection::close_reason;
use crate::wire::encode::{self, Payload, ServerContentMethod, ServerNotice};

/// The connection whose client can see something of `event`.
pub fn recipient(event: &Event) -> Option<ConnectionId> {
    match event {
        Event::ConnectionOpened { connection, .. }
        | Event::ConnectionRefused { connection, .. }
        | Event::ConnectionClosed { connection, .. }
        | Event::ConnectionBlocked { connection, .. }
        | Event::ConnectionUnblocked { connection } => Some(*connection),
        _ => channel(event).map(|channel| channel.connection),
    }
}

/// The channel on which the client can see something of `event`.
pub fn channel(event: &Event) -> Option<ChannelId> {
    match event {
        Event::ChannelClosed { channel, .. }
        | Event::Replied { channel, .. }
        | Event::Returned { channel, .. }
        | Event::Delivered { channel, .. }
        | Event::Confirmed { channel, .. } => Some(*channel),
        Event::ConsumerCancelled { consumer, .. } => Some(consumer.channel),
        _ => None,
    }
}

/// Appends the frames of an event on a channel; confirms are not written here, since they wait for each other.
pub fn write(event: &Event, frame_max: u32, out: &mut Vec<u8>) {
    let Some(channel) = channel(event) else {
        return;
    };
    let number = channel.number.0;
    match event {
        Event::Replied { method, .. } => encode::server_method(number, method, out),
        Event::ChannelClosed {
            end: ChannelEnd::Exception(exception),
            ..
        } => {
            encode::notice(
                number,
                &ServerNotice::ChannelClose(close_reason(exception)),
                out,
            );
        }
        Event::ConsumerCancelled {
            consumer,
            why: Cancellation::QueueDeleted { notify: true },
            ..
        } => {
            let consumer_tag = consumer.tag.as_str();
            encode::notice(number, &ServerNotice::BasicCancel { consumer_tag }, out);
        }
        Event::Returned { message, .. } => {
            let payload = payload(message, &message.properties);
            encode::content(
                number,
                &ServerContentMethod::Return,
                payload,
                frame_max,
                out,
            );
        }
        Event::Delivered { .. } => write_delivery(event, number, frame_max, out),
        _ => {}
    }
}

fn write_delivery(event: &Event, number: u16, frame_max: u32, out: &mut Vec<u8>) {
    let Event::Delivered {
        message,
        tag,
        to,
        redelivered,
        properties,
        ..
    } = event
    else {
        return;
    };
    let properties = properties.as_deref().unwrap_or(&message.properties);
    let (delivery_tag, redelivered) = (tag.0, *redelivered);
    let method = match to {
        DeliveredTo::Consumer(tag) => ServerContentMethod::Deliver {
            consumer_tag: tag.as_str(),
            delivery_tag,
            redelivered,
        },
        DeliveredTo::Get { remaining } => ServerContentMethod::GetOk {
            delivery_tag,
            redelivered,
            message_count: *remaining,
        },
    };
    encode::content(
        number,
        &method,
        payload(message, properties),
        frame_max,
        out,
    );
}

fn payload<'a>(message: &'a Message, properties: &'a Properties) -> Payload<'a> {
    Payload {
        exchange: message.exchange.as_str(),
        routing_key: message.routing_key.as_bytes(),
        properties,
        body: &message.body,
    }
}
