//! Clients that mean no good: each is bounded, and the others do not notice.

use std::thread;
use std::time::Duration;

use conformance_player::codec::{publish_frames, read_method};
use lapin::Connection;
use serde_json::json;

use crate::program::Program;
use crate::with_lapin::{converse, works_for};

/// Another client of the same program works as ever.
fn others_do_not_notice(program: &Program) {
    converse(program, async |connection: Connection| {
        works_for(&connection, "of somebody else").await;
    });
}

#[test]
fn one_that_says_nothing_or_never_finishes_a_frame() {
    let program = Program::start();
    let _silent = program.raw();
    let mut half = program.raw_on_channel();
    half.write(&[1, 0, 1, 0, 1, 0, 0]);
    for _ in 0..1_000 {
        half.write(&[b'x'; 60]);
    }
    others_do_not_notice(&program);
}

#[test]
fn one_that_opens_all_channels() {
    let program = Program::start();
    let mut greedy = program.raw_on_channel();
    for channel in 2..=2_047 {
        let frame = greedy.ask(channel, "Channel.Open", &json!({}));
        assert_eq!(frame.channel, channel);
    }
    others_do_not_notice(&program);
    let frame = greedy.ask(2_048, "Channel.Open", &json!({}));
    let (name, args) = read_method(&frame.payload);
    assert_eq!(
        (name, &args["reply_code"]),
        ("Connection.Close", &json!(530))
    );
    others_do_not_notice(&program);
}

#[test]
fn one_that_publishes_without_end() {
    let program = Program::start();
    let mut flood = program.raw_on_channel();
    flood.ask(
        1,
        "Queue.Declare",
        &json!({"queue": "flood", "arguments": {"x-max-length": 10}}),
    );
    let props = json!({});
    let publish = publish_frames(1, &json!({"routing_key": "flood"}), &props, "body");
    let chunk = publish.repeat(200);
    let writing = thread::spawn(move || {
        for _ in 0..500 {
            flood.write(&chunk);
        }
        flood
    });
    for _ in 0..5 {
        others_do_not_notice(&program);
    }
    let mut flood = writing.join().expect("it was read from to the end");
    let frame = flood.ask(
        1,
        "Queue.Declare",
        &json!({"queue": "flood", "passive": true}),
    );
    let (_, args) = read_method(&frame.payload);
    assert_eq!(args["message_count"], json!(10));
}

#[test]
fn one_that_stops_reading_is_not_read_from_any_more() {
    let program = Program::start();
    let mut stuck = program.raw_on_channel();
    stuck.ask(1, "Queue.Declare", &json!({"queue": "echo"}));
    let consume = json!({"queue": "echo", "no_ack": true, "consumer_tag": "c"});
    stuck.ask(1, "Basic.Consume", &consume);
    let body = "x".repeat(100_000);
    let publish = publish_frames(1, &json!({"routing_key": "echo"}), &json!({}), &body);
    // It takes nothing of what it gets. Once the program holds its 64 MiB it reads no more, and writing blocks.
    let patience = Some(Duration::from_millis(500));
    stuck.stream.set_write_timeout(patience).expect("a socket");
    let mut written = 0;
    while std::io::Write::write_all(&mut stuck.stream, &publish).is_ok() {
        written += publish.len();
        assert!(written < 256 << 20, "it is read from for ever");
    }
    others_do_not_notice(&program);
}
