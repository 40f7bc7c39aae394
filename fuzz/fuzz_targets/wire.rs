//! Any octets, from the protocol header or from an open channel on, in chunks: no panic, no loop, bounded memory.
//! `tests/wire/random.rs` is its twin for the stable toolchain.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mq_playground::amqp::command::Peer;
use mq_playground::amqp::{Broker, Compatibility, Config, ConnectionId};
use mq_playground::machine::SimTime;
use mq_playground::wire::limits::{ASSEMBLING_BYTES, FRAME_MAX};
use mq_playground::wire::{ConnectionConfig, Hub};

/// Protocol header, start-ok (PLAIN, guest), tune-ok, connection.open and channel.open.
const OPENING: &[u8] = b"AMQP\x00\x00\x09\x01\
    \x01\x00\x00\x00\x00\x00\x24\x00\x0a\x00\x0b\x00\x00\x00\x00\x05PLAIN\x00\x00\x00\x0c\x00guest\x00guest\x05en_US\xce\
    \x01\x00\x00\x00\x00\x00\x0c\x00\x0a\x00\x1f\x07\xff\x00\x02\x00\x00\x00\x00\xce\
    \x01\x00\x00\x00\x00\x00\x08\x00\x0a\x00\x28\x01/\x00\x00\xce\
    \x01\x00\x01\x00\x00\x00\x05\x00\x14\x00\x0a\x00\xce";

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
    let size = usize::from(choice >> 2) + 1;
    for chunk in octets.chunks(size * 16) {
        hub.receive(id, chunk, now, &mut broker);
        let held = hub.connection(id).map_or(0, |it| it.held());
        assert!(held <= ASSEMBLING_BYTES + 2 * FRAME_MAX as usize);
    }
});
