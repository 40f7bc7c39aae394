//! Which mistake raises which reply code, and what it closes (semantics 4), and the bounds of a broker (3.18, D11).

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use mq_playground::amqp::event::{ChannelEnd, ConnectionEnd};
use mq_playground::amqp::exception::{Exception, Scope};
use mq_playground::amqp::protocol::ClientMethod;
use mq_playground::amqp::protocol::method::BasicPublish;
use mq_playground::amqp::{Command, Compatibility, Content, Event, Properties};

use crate::harness::{Bench, config};

/// What the last line of a script raised.
fn raised(script: &str, compatibility: Compatibility) -> Option<Exception> {
    let mut bench = Bench::new(compatibility);
    for line in script.split(" | ") {
        bench.line(line);
    }
    last_exception(&bench.events)
}

fn last_exception(events: &[Event]) -> Option<Exception> {
    events.iter().rev().find_map(|event| match event {
        Event::ChannelClosed {
            end: ChannelEnd::Exception(exception),
            ..
        }
        | Event::ConnectionClosed {
            end: ConnectionEnd::Exception(exception),
            ..
        }
        | Event::ConnectionRefused { exception, .. } => Some((**exception).clone()),
        _ => None,
    })
}

/// 4, 4.2: soft errors close a channel, hard ones the connection, and texts name the resource and its vhost. (501, 502 and
/// 505 are the wire's; 311, 313, 402 and 506 are never raised.)
#[test]
fn every_reply_code_has_its_cause_and_its_scope() {
    let (soft, hard) = (Scope::Channel, Scope::Connection);
    let cases = [
        ("!kick", 320, hard, "Closed via rabbitmqctl"),
        (
            "exchange '' direct",
            403,
            soft,
            "operation not permitted on the default exchange",
        ),
        (
            "queue gone passive",
            404,
            soft,
            "no queue 'gone' in vhost '/'",
        ),
        (
            "exchange gone passive",
            404,
            soft,
            "no exchange 'gone' in vhost '/'",
        ),
        (
            "B: queue own exclusive | get own",
            405,
            soft,
            "cannot obtain exclusive access to locked queue 'own' in vhost '/'. It could be originally declared on \
             another connection or the exclusive property value does not match that of the original declaration.",
        ),
        ("ack 1", 406, soft, "unknown delivery tag 1"),
        ("!cancel-ok", 503, hard, "unimplemented method"),
        ("A.2: !flow-ok", 504, hard, "expected 'channel.open'"),
        ("!open", 504, hard, "second 'channel.open' seen"),
        ("B: !connect vhost=gone", 530, hard, "vhost gone not found"),
        ("flow off", 540, hard, "active=false"),
        ("queue '' x-queue-type=nonsense", 541, hard, ""),
    ];
    for compatibility in [Compatibility::V3_10, Compatibility::V4] {
        for (script, code, scope, explanation) in cases {
            let script = format!("A: queue work | {script}");
            let exception = raised(&script, compatibility).expect("a mistake has its exception");
            let told = (exception.code.code(), exception.scope);
            assert_eq!(told, (code, scope), "{script}, {compatibility:?}");
            assert_eq!(exception.explanation, explanation, "{script}");
        }
    }
}

/// 2.17: a reply text is cut to 255 bytes.
#[test]
fn a_long_reply_text_is_cut() {
    let name = "q".repeat(255);
    let script = format!("queue {name} passive");
    let text = raised(&script, Compatibility::V4).map(|exception| exception.reply_text());
    let text = text.expect("the queue is missing");
    assert_eq!(text.len(), 255);
    assert!(text.starts_with("NOT_FOUND - no queue 'qqq") && text.ends_with("qqq..."));
}

/// 3.18: the channels are counted, whatever their numbers.
#[test]
fn the_number_of_channels_is_limited() {
    let mut config = config(Compatibility::V4);
    config.limits.channels_per_connection = 2;
    let mut bench = Bench::with(config);
    bench.line("A.1: channel");
    bench.line("A.60000: channel");
    assert_eq!(last_exception(&bench.events), None);
    bench.line("A.3: channel");
    let exception = last_exception(&bench.events).expect("the third is too many");
    assert_eq!(
        (exception.code.code(), exception.explanation.as_str()),
        (
            530,
            "number of channels opened (2) has reached the negotiated channel_max (2)"
        )
    );
}

/// 9.1, D11: the largest message has 128 MiB in 3.10 and 16 MiB since 4.0.
#[test]
fn a_message_may_be_too_large() {
    const MOST: usize = 16_777_216;
    for (compatibility, size, expected) in [
        (Compatibility::V4, MOST, None),
        (
            Compatibility::V4,
            MOST + 1,
            Some("message size 16777217 is larger than configured max size 16777216"),
        ),
        (Compatibility::V3_10, MOST + 1, None),
    ] {
        let mut bench = Bench::new(compatibility);
        bench.line("A: queue work");
        let channel = bench.channel("A").expect("it was just opened");
        let publish = BasicPublish {
            exchange: "".into(),
            routing_key: "work".into(),
            mandatory: false,
            immediate: false,
            content: Content {
                properties: Properties::default().into(),
                body: vec![0; size].into(),
            },
        };
        let method = ClientMethod::BasicPublish(Box::new(publish));
        bench.step(Command::call(channel, method));
        let exception = last_exception(&bench.events).map(|exception| exception.explanation);
        assert_eq!(exception.as_deref(), expected, "{size} bytes");
    }
}
