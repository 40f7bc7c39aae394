//! The handshake, right and wrong (semantics 3.1 to 3.10, 3.17, 28).

use mq_playground::amqp::Compatibility::{V3_10, V4};
use mq_playground::amqp::command::Peer as Place;
use serde_json::json;

use crate::peer::Peer;

const HEADER: &[u8] = b"AMQP\x00\x00\x09\x01";

/// Semantics 3.1, D13.
#[test]
fn an_unknown_protocol_is_answered_with_the_one_that_is_spoken() {
    for (header, version, expected) in [
        (b"AMQP\x00\x01\x00\x00", V3_10, "AMQP [0, 0, 9, 1]"),
        (b"GET / HT", V3_10, "AMQP [0, 0, 9, 1]"),
        (b"AMQP\x00\x01\x00\x00", V4, "AMQP [3, 1, 0, 0]"),
        (b"AMQP\x00\x00\x09\x02", V4, "AMQP [0, 0, 9, 1]"),
    ] {
        let mut peer = Peer::accepted(version);
        peer.send(header);
        assert_eq!(peer.seen(), format!("{expected}\nhung up at 0.000 s"));
    }
}

/// Semantics 3.2, D15, D18.
#[test]
fn start_tells_product_version_and_mechanisms() {
    for (version, number, mechanisms) in [
        (V3_10, "3.10.8", "AMQPLAIN PLAIN"),
        (V4, "4.0.5", "PLAIN AMQPLAIN ANONYMOUS"),
    ] {
        let mut peer = Peer::accepted(version);
        peer.send(HEADER);
        let seen = peer.seen();
        assert!(
            seen.contains(&format!("\"mechanisms\":\"{mechanisms}\"")),
            "{seen}"
        );
        assert!(
            seen.contains(&format!("\"version\":\"{number}\"")),
            "{seen}"
        );
        assert!(seen.contains("\"product\":\"RabbitMQ\""), "{seen}");
    }
}

/// Semantics 3.3, 3.5, 4.1.
#[test]
fn wrong_credentials_are_told_to_clients_that_understand_it() {
    let mut peer = Peer::accepted(V3_10);
    peer.send(HEADER);
    peer.seen();
    peer.start_ok("\0guest\0wrong");
    peer.pass(5_000);
    let text = "ACCESS_REFUSED - Login was refused using authentication mechanism PLAIN. \
                For details see the broker logfile.";
    let close = json!({"reply_code": 403, "reply_text": text, "class_id": 0, "method_id": 0});
    assert_eq!(
        peer.seen(),
        format!("0 Connection.Close {close}\nreset at 3.000 s")
    );
}

/// Semantics 3.5.
#[test]
fn wrong_credentials_of_others_end_in_silence() {
    let mut peer = Peer::accepted(V3_10);
    peer.send(HEADER);
    peer.seen();
    let start_ok = json!({"mechanism": "PLAIN", "response": "\0guest\0wrong", "locale": "en_US"});
    peer.call(0, "Connection.StartOk", start_ok);
    peer.pass(5_000);
    assert_eq!(peer.seen(), "reset at 3.000 s");
}

/// Semantics 3.5.
#[test]
fn guest_comes_from_this_machine_only() {
    let mut peer = Peer::from_place(V3_10, Place::Remote);
    peer.send(HEADER);
    peer.seen();
    peer.start_ok("\0guest\0guest");
    assert!(peer.seen().contains("\"reply_code\":403"));
}

/// Semantics 3.4, 3.6.
#[test]
fn a_malformed_response_or_unknown_mechanism_ends_in_silence() {
    for (mechanism, response) in [
        ("PLAIN", "me\0guest\0guest"),
        ("PLAIN", "guest"),
        ("EXTERNAL", ""),
        ("ANONYMOUS", ""),
    ] {
        let mut peer = Peer::accepted(V3_10);
        peer.send(HEADER);
        peer.seen();
        let start_ok = json!({"mechanism": mechanism, "response": response, "locale": "en_US"});
        peer.call(0, "Connection.StartOk", start_ok);
        peer.pass(2_999);
        assert_eq!(peer.seen(), "");
        peer.pass(1);
        assert_eq!(peer.seen(), "reset at 3.000 s");
    }
}

/// Semantics 2.5: until tune-ok frames have at most 4,096 octets.
#[test]
fn a_start_ok_of_more_than_4096_octets_ends_in_silence() {
    let mut peer = Peer::accepted(V3_10);
    peer.send(HEADER);
    peer.seen();
    peer.send(&[1, 0, 0, 0, 0, 16, 1]);
    peer.pass(10_000);
    assert_eq!(peer.seen(), "reset at 3.000 s");
}

/// Semantics 3.7, 3.8.
#[test]
fn a_tune_ok_beyond_what_was_offered_is_reset_in_silence() {
    for (channel_max, frame_max) in [(0, 131_072), (2048, 131_072), (2047, 100), (2047, 0)] {
        let mut peer = Peer::accepted(V3_10);
        peer.send(HEADER);
        peer.start_ok("\0guest\0guest");
        let tune_ok = json!({"channel_max": channel_max, "frame_max": frame_max});
        peer.seen();
        peer.call(0, "Connection.TuneOk", tune_ok);
        peer.pass(10_000);
        assert_eq!(peer.seen(), "reset at 3.000 s");
    }
}

#[test]
fn an_unknown_vhost_is_530() {
    let mut peer = Peer::accepted(V3_10);
    peer.send(HEADER);
    peer.start_ok("\0guest\0guest");
    peer.call(
        0,
        "Connection.TuneOk",
        json!({"channel_max": 2047, "frame_max": 131_072}),
    );
    peer.seen();
    peer.call(0, "Connection.Open", json!({"virtual_host": "foo"}));
    let close = json!({"reply_code": 530, "reply_text": "NOT_ALLOWED - vhost foo not found",
        "class_id": 10, "method_id": 40});
    assert_eq!(peer.seen(), format!("0 Connection.Close {close}"));
    peer.call(0, "Connection.CloseOk", json!({}));
    assert_eq!(peer.seen(), "hung up at 0.000 s");
}

#[test]
fn a_method_that_is_not_due_in_the_handshake_ends_in_silence() {
    let mut peer = Peer::accepted(V3_10);
    peer.send(HEADER);
    peer.seen();
    peer.call(0, "Connection.Close", json!({"reply_code": 200}));
    peer.pass(5_000);
    assert_eq!(peer.seen(), "reset at 3.000 s");
}

#[test]
fn while_opening_errors_are_told() {
    let opening = || {
        let mut peer = Peer::accepted(V3_10);
        peer.send(HEADER);
        peer.start_ok("\0guest\0guest");
        peer.call(
            0,
            "Connection.TuneOk",
            json!({"channel_max": 2047, "frame_max": 131_072}),
        );
        peer.seen();
        peer
    };
    let mut peer = opening();
    peer.call(0, "Connection.Close", json!({"reply_code": 200}));
    let text = "CHANNEL_ERROR - unexpected method in connection state opening";
    let close = json!({"reply_code": 504, "reply_text": text, "class_id": 10, "method_id": 50});
    assert_eq!(peer.seen(), format!("0 Connection.Close {close}"));
    let mut peer = opening();
    peer.call(1, "Channel.Open", json!({}));
    assert!(
        peer.seen()
            .contains("UNEXPECTED_FRAME - type 1, all octets = <<0,20,0,10,0>>")
    );
}

#[test]
fn the_handshake_has_ten_seconds() {
    let mut peer = Peer::accepted(V3_10);
    peer.pass(9_999);
    assert_eq!(peer.seen(), "");
    peer.pass(1);
    assert_eq!(peer.seen(), "reset at 10.000 s");
}

#[test]
fn a_handshake_in_one_piece_is_a_handshake() {
    let mut peer = Peer::accepted(V3_10);
    let mut octets = HEADER.to_vec();
    let start_ok = json!({"mechanism": "PLAIN", "response": "\0guest\0guest", "locale": "en_US"});
    for (channel, name, args) in [
        (0, "Connection.StartOk", start_ok),
        (
            0,
            "Connection.TuneOk",
            json!({"channel_max": 2047, "frame_max": 131_072}),
        ),
        (0, "Connection.Open", json!({"virtual_host": "/"})),
        (1, "Channel.Open", json!({})),
    ] {
        octets.extend(conformance_player::codec::method_frame(
            channel, name, &args,
        ));
    }
    peer.send(&octets);
    let seen = peer.seen();
    let names: Vec<&str> = seen
        .lines()
        .filter_map(|line| line.split(' ').nth(1))
        .collect();
    assert_eq!(
        names,
        [
            "Connection.Start",
            "Connection.Tune",
            "Connection.OpenOk",
            "Channel.OpenOk"
        ]
    );
}
