//! The properties of class basic: a word of flags, then what is present, in order (semantics 2.13, 2.15).

use crate::amqp::Properties;
use crate::wire::reader::{Malformed, Reader};
use crate::wire::table::{self, encode_short};

const CONTENT_TYPE: u16 = 1 << 15;
const CONTENT_ENCODING: u16 = 1 << 14;
const HEADERS: u16 = 1 << 13;
const DELIVERY_MODE: u16 = 1 << 12;
const PRIORITY: u16 = 1 << 11;
const CORRELATION_ID: u16 = 1 << 10;
const REPLY_TO: u16 = 1 << 9;
const EXPIRATION: u16 = 1 << 8;
const MESSAGE_ID: u16 = 1 << 7;
const TIMESTAMP: u16 = 1 << 6;
const TYPE: u16 = 1 << 5;
const USER_ID: u16 = 1 << 4;
const APP_ID: u16 = 1 << 3;
const CLUSTER_ID: u16 = 1 << 2;

/// Reads the properties of a content header.
pub fn decode(octets: &[u8]) -> Result<Properties, Malformed> {
    let mut reader = Reader::new(octets);
    let flags = reader.u16()?;
    // Class basic has 14 properties: neither the two spare flags nor a further word of them mean anything.
    if flags & 0b11 != 0 {
        return Err(Malformed::Length);
    }
    fn optional<'a, T>(
        present: bool,
        reader: &mut Reader<'a>,
        read: impl FnOnce(&mut Reader<'a>) -> Result<T, Malformed>,
    ) -> Result<Option<T>, Malformed> {
        if !present {
            return Ok(None);
        }
        read(reader).map(Some)
    }
    let has = |flag: u16| flags & flag != 0;
    let properties = Properties {
        content_type: optional(has(CONTENT_TYPE), &mut reader, Reader::short_string)?,
        content_encoding: optional(has(CONTENT_ENCODING), &mut reader, Reader::short_string)?,
        headers: optional(has(HEADERS), &mut reader, Reader::table)?,
        delivery_mode: optional(has(DELIVERY_MODE), &mut reader, Reader::u8)?,
        priority: optional(has(PRIORITY), &mut reader, Reader::u8)?,
        correlation_id: optional(has(CORRELATION_ID), &mut reader, Reader::short_string)?,
        reply_to: optional(has(REPLY_TO), &mut reader, Reader::short_string)?,
        expiration: optional(has(EXPIRATION), &mut reader, Reader::short_string)?,
        message_id: optional(has(MESSAGE_ID), &mut reader, Reader::short_string)?,
        timestamp: optional(has(TIMESTAMP), &mut reader, Reader::u64)?,
        kind: optional(has(TYPE), &mut reader, Reader::short_string)?,
        user_id: optional(has(USER_ID), &mut reader, Reader::short_string)?,
        app_id: optional(has(APP_ID), &mut reader, Reader::short_string)?,
        cluster_id: optional(has(CLUSTER_ID), &mut reader, Reader::short_string)?,
    };
    reader.end()?;
    Ok(properties)
}

/// Appends properties as a content header carries them.
pub fn encode(properties: &Properties, out: &mut Vec<u8>) {
    let start = out.len();
    out.extend_from_slice(&[0; 2]);
    let mut flags = 0;
    let mut short = |flag: u16, text: &Option<crate::amqp::ShortString>, out: &mut Vec<u8>| {
        if let Some(text) = text {
            flags |= flag;
            encode_short(text.as_bytes(), out);
        }
    };
    short(CONTENT_TYPE, &properties.content_type, out);
    short(CONTENT_ENCODING, &properties.content_encoding, out);
    if let Some(headers) = &properties.headers {
        table::encode(headers, out);
    }
    out.extend(properties.delivery_mode);
    out.extend(properties.priority);
    short(CORRELATION_ID, &properties.correlation_id, out);
    short(REPLY_TO, &properties.reply_to, out);
    short(EXPIRATION, &properties.expiration, out);
    short(MESSAGE_ID, &properties.message_id, out);
    if let Some(timestamp) = properties.timestamp {
        out.extend_from_slice(&timestamp.to_be_bytes());
    }
    short(TYPE, &properties.kind, out);
    short(USER_ID, &properties.user_id, out);
    short(APP_ID, &properties.app_id, out);
    short(CLUSTER_ID, &properties.cluster_id, out);
    let others = [
        (HEADERS, properties.headers.is_some()),
        (DELIVERY_MODE, properties.delivery_mode.is_some()),
        (PRIORITY, properties.priority.is_some()),
        (TIMESTAMP, properties.timestamp.is_some()),
    ];
    for (flag, present) in others {
        flags |= if present { flag } else { 0 };
    }
    out[start..start + 2].copy_from_slice(&flags.to_be_bytes());
}
