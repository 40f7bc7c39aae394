//! Any octets, from the protocol header or from an open channel on, as they are or put into frames: no panic, no loop,
//! bounded memory. `tests/wire/random.rs` is its twin for the stable toolchain.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mq_playground::amqp::command::Peer;
use mq_playground::amqp::{Broker, Command, Compatibility, Config, ConnectionId};
use mq_playground::machine::{Input, Machine, Origin, SimTime};
use mq_playground::wire::limits::{ASSEMBLING_BYTES, FRAME_MAX};
use mq_playground::wire::{ConnectionConfig, Hub};

/// Protocol header, start-ok (PLAIN, guest), tune-ok, connection.open and channel.open.
const OPENING: &[u8] = b"AMQP\x00\x00\x09\x01\
    \x01\x00\x00\x00\x00\x00\x24\x00\x0a\x00\x0b\x00\x00\x00\x00\x05PLAIN\x00\x00\x00\x0c\x00guest\x00guest\x05en_US\xce\
    \x01\x00\x00\x00\x00\x00\x0c\x00\x0a\x00\x1f\x07\xff\x00\x02\x00\x00\x00\x00\xce\
    \x01\x00\x00\x00\x00\x00\x08\x00\x0a\x00\x28\x01/\x00\x00\xce\
    \x01\x00\x01\x00\x00\x00\x05\x00\x14\x00\x0a\x00\xce";

/// Class and method of what clients send.
const METHODS: [(u8, u8); 32] = [
    (10, 11), (10, 31), (10, 40), (10, 50), (10, 51), (20, 10), (20, 20), (20, 40), (20, 41), (40, 10), (40, 20),
    (40, 30), (40, 40), (50, 10), (50, 20), (50, 30), (50, 40), (50, 50), (60, 10), (60, 20), (60, 30), (60, 40),
    (60, 70), (60, 80), (60, 90), (60, 100), (60, 110), (60, 120), (85, 10), (90, 10), (90, 20), (90, 30),
];

/// Puts what follows into a frame: a head says its type, channel and method, a length how much of it.
fn framed<'a>(octets: &mut impl Iterator<Item = &'a u8>) -> Option<Vec<u8>> {
    let (head, length) = (*octets.next()?, usize::from(*octets.next()?));
    let mut payload = Vec::new();
    let kind = [1, 1, 2, 3][usize::from(head & 3)];
    match kind {
        1 => {
            let (class, method) = METHODS[usize::from(head >> 3)];
            payload.extend([0, class, 0, method]);
        }
        2 => payload.extend([0, 60, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
        _ => {}
    }
    payload.extend(octets.take(length));
    let channel = head >> 2 & 1;
    let mut frame = vec![kind, 0, channel];
    frame.extend((payload.len() as u32).to_be_bytes());
    frame.extend(payload);
    frame.push(0xCE);
    Some(frame)
}

fuzz_target!(|octets: &[u8]| {
    let Some((&choice, octets)) = octets.split_first() else {
        return;
    };
    let compatibility = if choice & 1 == 0 {
        Compatibility::V3_10
    } else {
        Compatibility::V4
    };
    let mut broker = Broker::new(Config {
        compatibility,
        ..Config::default()
    });
    let (mut hub, id, now) = (Hub::default(), ConnectionId(1), SimTime(1));
    let config = ConnectionConfig {
        compatibility,
        peer: Peer::Loopback,
        name: String::new(),
    };
    hub.open(id, config, now);
    if choice & 2 == 0 {
        hub.receive(id, OPENING, now, &mut broker);
    }
    let mut octets = octets.iter();
    let size = usize::from(choice >> 3) + 1;
    loop {
        let piece = match choice & 4 {
            0 => octets.by_ref().take(size * 16).copied().collect(),
            _ => framed(&mut octets).unwrap_or_default(),
        };
        if piece.is_empty() {
            break;
        }
        hub.receive(id, &piece, now, &mut broker);
        let held = hub.connection(id).map_or(0, |it| it.held());
        assert!(held <= ASSEMBLING_BYTES + 2 * FRAME_MAX as usize);
    }
    // What was set going comes to its end.
    for at in [SimTime(5_000), SimTime(3_700_000)] {
        let (origin, command) = (Origin::Clock, Command::Tick);
        hub.submit(&Input { at, origin, command }, &mut broker);
        hub.on_deadline(at, &mut broker);
    }
    let at = SimTime(3_700_001);
    hub.peer_closed(id, at, &mut broker);
});
