//! The handshake's contents: protocol headers, what the server says of itself, SASL, and what a tune-ok may say.

use crate::amqp::command::Capabilities;
use crate::amqp::{Compatibility, Table, Value};
use crate::wire::limits::{CHANNEL_MAX, FRAME_MAX, FRAME_MIN};
use crate::wire::table;

/// How many octets a protocol header has.
pub const PROTOCOL_HEADER_LEN: usize = 8;

/// Whether RabbitMQ speaks the protocol of this header (semantics 3.1).
pub fn is_spoken(header: &[u8]) -> bool {
    const SPOKEN: [&[u8]; 4] = [
        b"AMQP\x00\x00\x09\x01",
        b"AMQP\x01\x01\x00\x09",
        b"AMQP\x01\x01\x08\x00",
        b"AMQP\x01\x01\x09\x01",
    ];
    SPOKEN.contains(&header)
}

/// What is answered to a header that is not spoken (semantics 3.1, D13).
pub fn refusal(header: &[u8], compatibility: Compatibility) -> &'static [u8; 8] {
    let plain_amqp = header.starts_with(b"AMQP\x00\x00\x09");
    match compatibility {
        Compatibility::V3_10 => b"AMQP\x00\x00\x09\x01",
        Compatibility::V4 if plain_amqp => b"AMQP\x00\x00\x09\x01",
        Compatibility::V4 => b"AMQP\x03\x01\x00\x00",
    }
}

/// The mechanisms of connection.start (semantics 3.2, D15).
pub const fn mechanisms(compatibility: Compatibility) -> &'static str {
    match compatibility {
        Compatibility::V3_10 => "AMQPLAIN PLAIN",
        Compatibility::V4 => "PLAIN AMQPLAIN ANONYMOUS",
    }
}

/// What connection.start says of the server; client libraries branch on product and version (semantics 3.2, D18).
pub fn server_properties(compatibility: Compatibility) -> Table {
    const CAPABILITIES: [&str; 9] = [
        "publisher_confirms",
        "exchange_exchange_bindings",
        "basic.nack",
        "consumer_cancel_notify",
        "connection.blocked",
        "consumer_priorities",
        "authentication_failure_close",
        "per_consumer_qos",
        "direct_reply_to",
    ];
    let capabilities = CAPABILITIES.map(|name| (name.into(), Value::Bool(true)));
    let version = match compatibility {
        Compatibility::V3_10 => "3.10.8",
        Compatibility::V4 => "4.0.5",
    };
    let mut properties = Table::new();
    properties.0.push((
        "capabilities".into(),
        Value::Table(Table(capabilities.into())),
    ));
    properties
        .with("cluster_name", "rabbit@localhost")
        .with("copyright", "The authors of mq-playground")
        .with("information", "A stand-in that behaves as RabbitMQ does")
        .with("platform", "mq-playground")
        .with("product", "RabbitMQ")
        .with("version", version)
}

/// The capabilities in a client's properties that change anything (semantics 3.3).
pub fn capabilities(client_properties: &Table) -> Capabilities {
    let told = match client_properties.get("capabilities") {
        Some(Value::Table(told)) => told.clone(),
        _ => Table::new(),
    };
    let has = |name: &str| told.get(name) == Some(&Value::Bool(true));
    Capabilities {
        consumer_cancel_notify: has("consumer_cancel_notify"),
        connection_blocked: has("connection.blocked"),
        authentication_failure_close: has("authentication_failure_close"),
    }
}

/// Who a client says it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credentials {
    /// PLAIN, AMQPLAIN or ANONYMOUS.
    pub mechanism: &'static str,
    pub user: String,
    pub password: String,
}

/// Reads a SASL response. None is a mechanism that is not offered or a malformed response: both end the connection
/// in silence (semantics 3.4, 3.6).
pub fn credentials(
    mechanism: &str,
    response: &[u8],
    compatibility: Compatibility,
) -> Option<Credentials> {
    match (mechanism, compatibility) {
        ("PLAIN", _) => plain(response),
        ("AMQPLAIN", _) => amqplain(response),
        // RabbitMQ 4 logs anonymous clients in as guest unless told otherwise.
        ("ANONYMOUS", Compatibility::V4) => Some(Credentials {
            mechanism: "ANONYMOUS",
            user: "guest".to_string(),
            password: "guest".to_string(),
        }),
        _ => None,
    }
}

/// `\0user\0pass`, exactly: no authorization identity (semantics 3.4).
fn plain(response: &[u8]) -> Option<Credentials> {
    let mut parts = response.split(|&octet| octet == 0);
    let (empty, user, password) = (parts.next()?, parts.next()?, parts.next()?);
    if !empty.is_empty() || parts.next().is_some() {
        return None;
    }
    Some(Credentials {
        mechanism: "PLAIN",
        user: String::from_utf8_lossy(user).into_owned(),
        password: String::from_utf8_lossy(password).into_owned(),
    })
}

/// The body of a table without its length, with LOGIN and PASSWORD (semantics 3.4).
fn amqplain(response: &[u8]) -> Option<Credentials> {
    let table = table::decode(response).ok()?;
    let text = |key: &str| match table.get(key) {
        Some(Value::LongString(text)) => Some(String::from_utf8_lossy(text).into_owned()),
        _ => None,
    };
    Some(Credentials {
        mechanism: "AMQPLAIN",
        user: text("LOGIN")?,
        password: text("PASSWORD")?,
    })
}

/// Whether the server can agree to a tune-ok (semantics 3.8). The heartbeat may be anything.
pub fn agrees(channel_max: u16, frame_max: u32) -> bool {
    (FRAME_MIN..=FRAME_MAX).contains(&frame_max) && (1..=CHANNEL_MAX).contains(&channel_max)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_takes_two_parts_after_an_empty_one_and_nothing_else() {
        let user = |response: &[u8]| {
            credentials("PLAIN", response, Compatibility::V3_10).map(|it| (it.user, it.password))
        };
        assert_eq!(
            user(b"\0guest\0secret"),
            Some(("guest".to_string(), "secret".to_string()))
        );
        assert_eq!(user(b"me\0guest\0guest"), None);
        assert_eq!(user(b"\0guest"), None);
        assert_eq!(user(b"\0guest\0guest\0"), None);
    }

    #[test]
    fn amqplain_is_a_table_without_its_length() {
        let mut octets = Vec::new();
        table::encode(
            &Table::new().with("LOGIN", "guest").with("PASSWORD", "pw"),
            &mut octets,
        );
        let found = credentials("AMQPLAIN", &octets[4..], Compatibility::V4).expect("well-formed");
        assert_eq!(
            (found.user.as_str(), found.password.as_str()),
            ("guest", "pw")
        );
        assert_eq!(credentials("AMQPLAIN", &octets, Compatibility::V4), None);
    }

    #[test]
    fn anonymous_is_offered_and_taken_by_version_4_only() {
        assert_eq!(credentials("ANONYMOUS", b"", Compatibility::V3_10), None);
        assert!(credentials("ANONYMOUS", b"", Compatibility::V4).is_some());
    }

    #[test]
    fn a_tune_ok_may_lower_what_was_offered_but_not_lift_it() {
        assert!(agrees(2047, 131_072));
        assert!(agrees(1, 4096));
        assert!(!agrees(0, 131_072));
        assert!(!agrees(2048, 131_072));
        assert!(!agrees(2047, 0));
        assert!(!agrees(2047, 4095));
        assert!(!agrees(2047, 131_073));
    }
}
