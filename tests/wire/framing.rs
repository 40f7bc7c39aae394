//! Octets that are not what they should be (semantics 2).

use mq_playground::amqp::Compatibility::V3_10;
use serde_json::json;

use crate::peer::Peer;
use conformance_player::codec::method_frame;

/// What an open channel 1 answers to these octets, without waiting and after a long wait.
fn check(octets: &[u8], expected: &str) {
    let mut peer = Peer::on_channel(V3_10);
    peer.send(octets);
    peer.pass(60_000);
    assert_eq!(peer.seen(), expected, "{octets:?}");
}

fn frame(kind: u8, channel: u16, payload: &[u8]) -> Vec<u8> {
    let mut out = vec![kind];
    out.extend(channel.to_be_bytes());
    out.extend((payload.len() as u32).to_be_bytes());
    out.extend(payload);
    out.push(0xCE);
    out
}

/// connection.close by the server, and how the TCP connection ends for a client that never answers.
fn closed(code: u16, text: &str, (class, method): (u16, u16), end: &str) -> String {
    let fields =
        json!({"reply_code": code, "reply_text": text, "class_id": class, "method_id": method});
    format!("0 Connection.Close {fields}\n{end}")
}

const AFTER_30_S: &str = "reset at 30.000 s";
const AFTER_3_S: &str = "reset at 3.000 s";

/// Semantics 2.3.
#[test]
fn a_frame_above_frame_max_is_a_fatal_501() {
    let text = "FRAME_ERROR - type 3, all octets = <<>>: {frame_too_large,131073,131064}";
    check(
        &[3, 0, 1, 0, 2, 0, 1],
        &closed(501, text, (0, 0), AFTER_3_S),
    );
}

/// Semantics 2.4.
#[test]
fn a_wrong_end_octet_is_a_fatal_501() {
    let mut octets = frame(3, 1, &[1, 2, 3]);
    *octets.last_mut().expect("octets") = 0;
    let text = "FRAME_ERROR - type 3, all octets = <<1,2,3>>: {invalid_frame_end_marker,0}";
    check(&octets, &closed(501, text, (0, 0), AFTER_3_S));
}

/// Semantics 2.6.
#[test]
fn a_frame_of_no_known_shape_is_501() {
    let text = "FRAME_ERROR - type 7, all octets = <<\"abc\">>: unknown_frame";
    check(&frame(7, 1, b"abc"), &closed(501, text, (0, 0), AFTER_30_S));
    let text = "FRAME_ERROR - type 1, all octets = <<0,60,0>>: unknown_frame";
    check(
        &frame(1, 1, &[0, 60, 0]),
        &closed(501, text, (0, 0), AFTER_30_S),
    );
    let text = "FRAME_ERROR - type 8, all octets = <<\"x\">>: unknown_frame";
    check(&frame(8, 0, b"x"), &closed(501, text, (0, 0), AFTER_30_S));
}

/// Semantics 2.7.
#[test]
fn heartbeats_and_content_have_their_channels() {
    let text = "UNEXPECTED_FRAME - type 8, all octets = <<>>";
    check(&frame(8, 1, &[]), &closed(505, text, (0, 0), AFTER_30_S));
    let text = "UNEXPECTED_FRAME - type 3, all octets = <<\"x\">>";
    check(&frame(3, 0, b"x"), &closed(505, text, (0, 0), AFTER_30_S));
    check(&frame(8, 0, &[]), "");
}

/// Semantics 2.8, 2.9.
#[test]
fn content_out_of_turn_is_505_with_the_method_that_waits() {
    let publish = || method_frame(1, "Basic.Publish", &json!({}));
    let header =
        |class: u8, weight: u8| frame(2, 1, &[0, class, 0, weight, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0]);
    let wrong = |text: &str, method: (u16, u16)| {
        closed(
            505,
            &format!("UNEXPECTED_FRAME - {text}"),
            method,
            AFTER_30_S,
        )
    };
    let no_method = "expected method frame, got non method frame instead";
    check(&frame(3, 1, b"x"), &wrong(no_method, (0, 0)));
    let other_class = "expected content header for class 60, got one for class 50 instead";
    check(
        &[publish(), header(50, 0)].concat(),
        &wrong(other_class, (60, 40)),
    );
    let no_header = "expected content header for class 60, got non content header frame instead";
    check(
        &[publish(), frame(3, 1, b"x")].concat(),
        &wrong(no_header, (60, 40)),
    );
    check(
        &[publish(), header(60, 1)].concat(),
        &wrong(no_header, (60, 40)),
    );
    let no_body = "expected content body, got non content body frame instead";
    check(
        &[publish(), header(60, 0), publish()].concat(),
        &wrong(no_body, (60, 40)),
    );
    // Too much of a body is not noticed until something else comes.
    let overshoot = [
        publish(),
        header(60, 0),
        frame(3, 1, b"xyz"),
        frame(3, 1, b"z"),
    ]
    .concat();
    check(&overshoot, "");
    check(&[overshoot, publish()].concat(), &wrong(no_body, (60, 40)));
}

/// Semantics 2.10.
#[test]
fn a_method_that_nobody_knows_resets_the_tcp_connection() {
    check(&frame(1, 1, &[0, 60, 0, 99]), "reset at 0.000 s");
    check(&frame(1, 0, &[0, 77, 0, 10]), "reset at 0.000 s");
}

/// Semantics 2.10.
#[test]
fn a_malformed_table_resets_on_a_channel_and_is_541_on_the_connection() {
    let declare = [&[0, 50, 0, 10, 0, 0, 1, b'q', 0, 0, 0, 0, 3, 1, b'k', b'?'][..]].concat();
    check(&frame(1, 1, &declare), "reset at 0.000 s");
    let mut start_ok = vec![0, 10, 0, 11, 0, 0, 0, 3, 1, b'k', b'?', 5];
    start_ok.extend(b"PLAIN\0\0\0\0\x05en_US");
    check(
        &frame(1, 0, &start_ok),
        &closed(541, "INTERNAL_ERROR", (0, 0), AFTER_30_S),
    );
}

/// Semantics 2.11, 3.13.
#[test]
fn fields_that_cannot_be_read_are_501_with_the_method() {
    let text = "FRAME_ERROR - cannot decode <<1,2,206>>";
    check(
        &frame(1, 1, &[0, 60, 0, 80, 1, 2, 206]),
        &closed(501, text, (60, 80), AFTER_30_S),
    );
    let text = "FRAME_ERROR - cannot decode <<97,98,99>>";
    check(
        &frame(1, 1, b"\0\x3c\0\x50abc"),
        &closed(501, text, (60, 80), AFTER_30_S),
    );
    let text = "FRAME_ERROR - cannot decode <<1>>";
    check(
        &frame(1, 1, &[0, 50, 0, 11, 1]),
        &closed(501, text, (50, 11), AFTER_30_S),
    );
}

/// Semantics 2.12.
#[test]
fn a_name_that_is_not_utf_8_is_501_but_a_routing_key_may_be() {
    let text = "FRAME_ERROR - Malformed UTF-8 in shortstr";
    let get = [0, 60, 0, 70, 0, 0, 1, 0xFF, 0];
    check(&frame(1, 1, &get), &closed(501, text, (0, 0), AFTER_30_S));
    let publish = frame(1, 1, &[0, 60, 0, 40, 0, 0, 0, 1, 0xFF, 0]);
    let empty = frame(2, 1, &[0, 60, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    check(&[publish, empty].concat(), "");
}

/// Semantics 2.13.
#[test]
fn properties_that_cannot_be_read_are_541() {
    let publish = method_frame(1, "Basic.Publish", &json!({}));
    let header = frame(2, 1, &[0, 60, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x80, 0, 9]);
    let expected = closed(541, "INTERNAL_ERROR", (0, 0), AFTER_30_S);
    check(&[publish, header].concat(), &expected);
}

#[test]
fn a_method_that_only_servers_send_is_503() {
    let text = "COMMAND_INVALID - unimplemented method";
    check(
        &method_frame(1, "Queue.BindOk", &json!({})),
        &closed(503, text, (50, 21), AFTER_30_S),
    );
}

/// Semantics 2.16.
#[test]
fn a_long_body_is_split_at_frame_max() {
    let mut peer = Peer::open_with(
        V3_10,
        json!({"channel_max": 10, "frame_max": 4096, "heartbeat": 0}),
    );
    peer.call(1, "Channel.Open", json!({}));
    peer.call(1, "Queue.Declare", json!({"queue": "q"}));
    peer.send(&method_frame(
        1,
        "Basic.Publish",
        &json!({"routing_key": "q"}),
    ));
    let mut header = vec![0, 60, 0, 0];
    header.extend(10_000u64.to_be_bytes());
    header.extend([0, 0]);
    peer.send(&frame(2, 1, &header));
    for part in [4088, 4088, 1824] {
        peer.send(&frame(3, 1, &vec![b'x'; part]));
    }
    peer.seen();
    peer.call(1, "Basic.Get", json!({"queue": "q"}));
    let lines = peer.seen();
    let lines: Vec<&str> = lines.lines().skip(1).collect();
    assert_eq!(
        lines,
        [
            "1 header of 10000 bytes {}",
            "1 body of 4088 bytes",
            "1 body of 4088 bytes",
            "1 body of 1824 bytes"
        ]
    );
}
