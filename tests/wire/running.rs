//! An open connection: channels, closings, heartbeats, alarms (semantics 3.10 to 3.18, 5, 10.5, 25).

use mq_playground::amqp::Compatibility::V3_10;
use mq_playground::amqp::{ConnectionId, OperatorCommand};
use serde_json::json;

use crate::peer::Peer;
use conformance_player::codec::{method_frame, publish_frames};

#[test]
fn the_count_of_channels_is_limited_and_not_their_numbers() {
    let mut peer = Peer::open_with(V3_10, json!({"channel_max": 2, "frame_max": 131_072}));
    peer.call(60_000, "Channel.Open", json!({}));
    peer.call(7, "Channel.Open", json!({}));
    peer.call(7, "Channel.Close", json!({"reply_code": 200}));
    peer.call(8, "Channel.Open", json!({}));
    assert_eq!(peer.seen().lines().count(), 4);
    peer.call(9, "Channel.Open", json!({}));
    let text = "number of channels opened (2) has reached the negotiated channel_max (2)";
    assert!(peer.seen().contains(text));
}

#[test]
fn a_method_before_channel_open_is_504() {
    let mut peer = Peer::open(V3_10);
    peer.call(1, "Queue.Declare", json!({}));
    let close = json!({"reply_code": 504, "reply_text": "CHANNEL_ERROR - expected 'channel.open'",
        "class_id": 50, "method_id": 10});
    assert_eq!(peer.seen(), format!("0 Connection.Close {close}"));
}

#[test]
fn a_channel_method_on_channel_0_is_504() {
    let mut peer = Peer::open(V3_10);
    peer.call(0, "Queue.Declare", json!({}));
    let text = "CHANNEL_ERROR - unexpected method in connection state running";
    let close = json!({"reply_code": 504, "reply_text": text, "class_id": 50, "method_id": 10});
    assert_eq!(peer.seen(), format!("0 Connection.Close {close}"));
}

#[test]
fn a_closing_channel_ignores_all_but_open_close_and_close_ok() {
    let mut peer = Peer::on_channel(V3_10);
    peer.call(
        1,
        "Queue.Declare",
        json!({"queue": "none", "passive": true}),
    );
    assert!(peer.seen().starts_with("1 Channel.Close "));
    peer.call(1, "Queue.Declare", json!({"queue": "q"}));
    peer.call(1, "Queue.BindOk", json!({}));
    assert_eq!(peer.seen(), "");
    peer.call(1, "Channel.Close", json!({"reply_code": 200}));
    assert_eq!(peer.seen(), "1 Channel.CloseOk {}");
    peer.call(1, "Channel.CloseOk", json!({}));
    peer.call(1, "Channel.Open", json!({}));
    assert_eq!(peer.seen(), "1 Channel.OpenOk {\"channel_id\":\"\"}");
}

/// Semantics 3.11.
#[test]
fn close_is_answered_and_the_client_may_hang_up() {
    let mut peer = Peer::on_channel(V3_10);
    peer.call(
        0,
        "Connection.Close",
        json!({"reply_code": 200, "reply_text": "bye"}),
    );
    assert_eq!(peer.seen(), "0 Connection.CloseOk {}");
    peer.call(
        0,
        "Connection.Close",
        json!({"reply_code": 200, "reply_text": "bye"}),
    );
    assert_eq!(peer.seen(), "0 Connection.CloseOk {}");
    peer.pass(30_000);
    assert_eq!(peer.seen(), "reset at 30.000 s");
}

#[test]
fn the_wait_for_a_goodbye_is_no_longer_than_the_heartbeat() {
    let tune_ok = json!({"channel_max": 9, "frame_max": 4096, "heartbeat": 6});
    let mut peer = Peer::open_with(V3_10, tune_ok);
    peer.call(0, "Connection.Close", json!({"reply_code": 200}));
    peer.seen();
    peer.pass(6_000);
    assert!(peer.seen().ends_with("reset at 6.000 s"));
}

#[test]
fn after_a_hard_error_only_close_and_close_ok_are_heard() {
    let mut peer = Peer::on_channel(V3_10);
    peer.call(1, "Channel.Open", json!({}));
    assert!(peer.seen().contains("second 'channel.open' seen"));
    peer.call(1, "Queue.Declare", json!({"queue": "q"}));
    assert_eq!(peer.seen(), "");
    peer.call(0, "Connection.CloseOk", json!({}));
    assert_eq!(peer.seen(), "hung up at 0.000 s");
}

/// Semantics 3.17.
#[test]
fn heartbeats_are_sent_when_idle_and_missed_when_not_received() {
    let tune_ok = json!({"channel_max": 9, "frame_max": 4096, "heartbeat": 10});
    let mut peer = Peer::open_with(V3_10, tune_ok);
    peer.pass(5_000);
    assert_eq!(peer.seen(), "heartbeat");
    peer.pass(5_000);
    assert_eq!(peer.seen(), "heartbeat");
    peer.pass(60_000);
    let seen = peer.seen();
    assert!(seen.ends_with("heartbeat\nreset at 30.000 s"), "{seen}");
    assert!(!seen.contains("Connection.Close"), "{seen}");
}

#[test]
fn an_operator_closes_with_320() {
    let mut peer = Peer::open(V3_10);
    peer.operate(OperatorCommand::CloseConnection {
        connection: ConnectionId(1),
        reason: "Closed via rabbitmqctl".to_string(),
    });
    let close = json!({"reply_code": 320, "class_id": 0, "method_id": 0,
        "reply_text": "CONNECTION_FORCED - Closed via rabbitmqctl"});
    assert_eq!(peer.seen(), format!("0 Connection.Close {close}"));
}

/// Semantics 25.1, 25.3.
#[test]
fn a_publisher_is_blocked_while_an_alarm_is_on_and_not_read_from() {
    let mut peer = Peer::on_channel(V3_10);
    peer.operate(OperatorCommand::SetMemoryAlarm { on: true });
    peer.call(1, "Queue.Declare", json!({"queue": "q"}));
    assert!(peer.seen().starts_with("1 Queue.DeclareOk"));
    let publish = || publish_frames(1, &json!({"routing_key": "q"}), &json!({}), "x");
    peer.send(&publish());
    assert_eq!(
        peer.seen(),
        "0 Connection.Blocked {\"reason\":\"low on memory\"}"
    );
    assert!(!peer.is_read_from());
    peer.send(&method_frame(1, "Queue.Purge", &json!({"queue": "q"})));
    assert_eq!(peer.seen(), "");
    peer.operate(OperatorCommand::SetMemoryAlarm { on: false });
    assert_eq!(
        peer.seen(),
        "0 Connection.Unblocked {}\n1 Queue.PurgeOk {\"message_count\":1}"
    );
}

#[test]
fn the_confirms_of_one_chunk_go_together() {
    let mut peer = Peer::on_channel(V3_10);
    peer.call(1, "Confirm.Select", json!({}));
    peer.seen();
    let publish = publish_frames(1, &json!({"routing_key": "nowhere"}), &json!({}), "x");
    peer.send(&publish);
    assert_eq!(
        peer.seen(),
        "1 Basic.Ack {\"delivery_tag\":1,\"multiple\":false}"
    );
    peer.send(&publish.repeat(5));
    assert_eq!(
        peer.seen(),
        "1 Basic.Ack {\"delivery_tag\":6,\"multiple\":true}"
    );
}

#[test]
fn a_return_comes_before_its_confirm() {
    let mut peer = Peer::on_channel(V3_10);
    peer.call(1, "Confirm.Select", json!({}));
    peer.seen();
    let args = json!({"routing_key": "nowhere", "mandatory": true});
    peer.send(&publish_frames(1, &args, &json!({}), "x"));
    let seen = peer.seen();
    let names: Vec<&str> = seen
        .lines()
        .filter_map(|line| line.split(' ').nth(1))
        .collect();
    assert_eq!(names, ["Basic.Return", "header", "body", "Basic.Ack"]);
    assert!(seen.contains("\"reply_text\":\"NO_ROUTE\""));
}

/// Semantics 3.15: whatever the new secret is.
#[test]
fn a_new_secret_is_accepted() {
    let mut peer = Peer::open(V3_10);
    let secret = [
        0, 10, 0, 70, 0, 0, 0, 3, b'n', b'e', b'w', 3, b'w', b'h', b'y',
    ];
    let mut frame = vec![1, 0, 0, 0, 0, 0, secret.len() as u8];
    frame.extend(secret);
    frame.push(0xCE);
    peer.send(&frame);
    assert_eq!(peer.seen(), "0 Connection.UpdateSecretOk {}");
}
