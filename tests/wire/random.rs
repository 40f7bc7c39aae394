//! No octets make the wire panic, loop, or hold more than its limits: the stable twin of the fuzz target.

use mq_playground::amqp::Compatibility::{V3_10, V4};
use mq_playground::machine::Rng;
use mq_playground::wire::limits::FRAME_MAX;
use serde_json::json;

use crate::peer::Peer;
use conformance_player::codec::{METHODS, method_frame, publish_frames};

/// A piece of a conversation: mostly right, so that the wrong parts get far.
fn piece(rng: &mut Rng) -> Vec<u8> {
    let channel = rng.below(4) as u16;
    let mut octets = match rng.below(8) {
        0 => {
            let mut frame = vec![rng.below(10) as u8];
            frame.extend(channel.to_be_bytes());
            let size = rng.below(24) as usize;
            frame.extend((size as u32).to_be_bytes());
            frame.extend((0..size).map(|_| rng.below(256) as u8));
            frame.push(0xCE);
            frame
        }
        1 => (0..rng.below(32)).map(|_| rng.below(256) as u8).collect(),
        2 | 3 => publish_frames(
            channel,
            &json!({"routing_key": "q"}),
            &json!({"headers": {"a": [1, {"b": null}]}, "priority": 1}),
            "body",
        ),
        4 => method_frame(channel, "Channel.Open", &json!({})),
        _ => {
            let method = &METHODS[rng.below(METHODS.len() as u64) as usize];
            let args = json!({"queue": "q", "exchange": "amq.topic", "routing_key": "k",
                "arguments": {"x-max-length": 1}, "consumer_tag": "c", "delivery_tag": 1});
            method_frame(channel, method.name, &args)
        }
    };
    for _ in 0..rng.below(8).saturating_sub(5) {
        let place = rng.below(octets.len().max(1) as u64) as usize;
        if let Some(octet) = octets.get_mut(place) {
            *octet = rng.below(256) as u8;
        }
    }
    octets
}

fn converse(seed: u64) {
    let mut rng = Rng::new(seed);
    let version = if rng.below(2) == 0 { V3_10 } else { V4 };
    let mut peer = match rng.below(4) {
        0 => Peer::accepted(version),
        _ => Peer::on_channel(version),
    };
    for _ in 0..rng.below(40) {
        let octets = piece(&mut rng);
        let cut = rng.below(octets.len() as u64 + 1) as usize;
        peer.send(&octets[..cut]);
        peer.send(&octets[cut..]);
        if rng.below(8) == 0 {
            peer.pass(rng.below(5_000));
        }
        assert!(
            peer.held() < 2 * FRAME_MAX as usize,
            "seed {seed} holds {}",
            peer.held()
        );
    }
    peer.pass(120_000);
}

#[test]
fn no_octets_make_it_panic_loop_or_grow() {
    let cases = std::env::var("WIRE_CASES")
        .ok()
        .and_then(|it| it.parse().ok())
        .unwrap_or(3_000);
    (0..cases).for_each(converse);
}

#[test]
fn a_body_that_never_ends_is_bounded() {
    let mut peer = Peer::on_channel(V3_10);
    peer.send(&method_frame(1, "Basic.Publish", &json!({})));
    let mut header = vec![2, 0, 1, 0, 0, 0, 14, 0, 60, 0, 0];
    header.extend(u64::MAX.to_be_bytes());
    header.extend([0, 0, 0xCE]);
    peer.send(&header);
    let mut body = vec![3, 0, 1];
    body.extend((FRAME_MAX - 8).to_be_bytes());
    body.resize(7 + FRAME_MAX as usize - 8, b'x');
    body.push(0xCE);
    let most = mq_playground::wire::limits::ASSEMBLING_BYTES;
    for _ in 0..=most / (FRAME_MAX as usize - 8) {
        peer.send(&body);
        assert!(peer.held() <= most + 2 * FRAME_MAX as usize);
    }
    let seen = peer.seen();
    assert!(
        seen.contains("\"reply_code\":506") && seen.contains("limit"),
        "{seen}"
    );
    assert!(peer.held() < FRAME_MAX as usize);
}

#[test]
fn a_table_of_tables_is_refused_before_it_overflows_the_stack() {
    let mut table = vec![b'V'];
    for _ in 0..20_000 {
        let mut outer = vec![b'A'];
        outer.extend((table.len() as u32).to_be_bytes());
        outer.extend(&table);
        table = outer;
        if table.len() > 100_000 {
            break;
        }
    }
    let mut declare = vec![0, 50, 0, 10, 0, 0, 1, b'q', 0];
    declare.extend((table.len() as u32 + 2).to_be_bytes());
    declare.extend([1, b'k']);
    declare.extend(&table);
    let mut peer = Peer::on_channel(V3_10);
    let mut frame = vec![1, 0, 1];
    frame.extend((declare.len() as u32).to_be_bytes());
    frame.extend(declare);
    frame.push(0xCE);
    peer.send(&frame);
    assert_eq!(peer.seen(), "reset at 0.000 s");
}
