//! What the broker writes into the headers of a message (semantics 8.8 and 18.4).

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use mq_playground::amqp::{Compatibility, Event, transcript};

use crate::harness::events;

/// The headers of the last message that was delivered.
fn delivered_headers(script: &str, compatibility: Compatibility) -> String {
    let events = events(script, compatibility);
    let last = events.iter().rev().find_map(|event| match event {
        Event::Delivered { message, .. } => Some(message),
        _ => None,
    });
    let message = last.expect("a message is delivered");
    let headers = message.properties.headers.as_ref();
    headers.map_or(String::new(), transcript::table)
}

/// 8.8
#[test]
fn bcc_is_taken_out_of_the_delivered_message_and_cc_stays() {
    let script = r#"
        queue b
        publish "" key=a "copies" CC=[b] BCC=[c] other=1
        get b auto
    "#;
    for compatibility in [Compatibility::V3_10, Compatibility::V4] {
        let headers = delivered_headers(script, compatibility);
        assert_eq!(headers, r#"CC=["b"] other=1"#);
    }
}

const EXPIRED_TWICE: &str = r#"
    queue dead dlx="" dlk=last ttl=1s
    queue last
    queue work dlx="" dlk=dead
    publish "" key=work "one" expiration=100
    +100ms
    +1s
    get last auto
"#;

/// 18.4, 18.5: the newest death first; in 3.10 the entry written into an x-death that is there already is sorted
/// by key, and so is the table of headers (18.6).
#[test]
fn deaths_are_told_newest_first() {
    let headers = delivered_headers(EXPIRED_TWICE, Compatibility::V3_10);
    assert_eq!(
        headers,
        concat!(
            r#"x-death=[{count=1l exchange="" queue="dead" reason="expired" routing-keys=["dead"] "#,
            r#"time=timestamp 1767225601}, {count=1l reason="expired" queue="work" time=timestamp 1767225600 "#,
            r#"exchange="" routing-keys=["work"] original-expiration="100"}] "#,
            r#"x-first-death-exchange="" x-first-death-queue="work" x-first-death-reason="expired""#,
        )
    );
}
