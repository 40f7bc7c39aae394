//! What a real RabbitMQ answered to some 900 random programs, replayed through the wire and the broker: every frame
//! equal, in both compatibilities. README.md beside this file says how to read and run it.
#![cfg(not(target_arch = "wasm32"))]

mod golden;
mod regressions;
mod world;

use mq_playground::amqp::Compatibility::{V3_10, V4};

macro_rules! families {
    ($($test:ident: $version:expr, $family:literal;)*) => { $(
        #[test]
        fn $test() {
            golden::check($version, $family);
        }
    )* };
}

families! {
    routing_is_as_in_3_10: V3_10, "routing";
    routing_is_as_in_4_0: V4, "routing";
    delivery_is_as_in_3_10: V3_10, "delivery";
    delivery_is_as_in_4_0: V4, "delivery";
    dlx_is_as_in_3_10: V3_10, "dlx";
    dlx_is_as_in_4_0: V4, "dlx";
    limits_are_as_in_3_10: V3_10, "limits";
    limits_are_as_in_4_0: V4, "limits";
    errors_are_as_in_3_10: V3_10, "errors";
    errors_are_as_in_4_0: V4, "errors";
    mixed_programs_go_as_in_3_10: V3_10, "mixed";
    mixed_programs_go_as_in_4_0: V4, "mixed";
    ttl_is_as_in_3_10: V3_10, "ttl";
    ttl_is_as_in_4_0: V4, "ttl";
    headers_are_as_in_3_10: V3_10, "headers";
    headers_are_as_in_4_0: V4, "headers";
    priority_is_as_in_3_10: V3_10, "priority";
    priority_is_as_in_4_0: V4, "priority";
    tx_is_as_in_3_10: V3_10, "tx";
    tx_is_as_in_4_0: V4, "tx";
    quorum_is_as_in_3_10: V3_10, "quorum";
    quorum_is_as_in_4_0: V4, "quorum";
}

#[test]
fn a_replay_is_as_the_run_with_clients_was_in_3_10() {
    golden::replays(V3_10);
}

#[test]
fn a_replay_is_as_the_run_with_clients_was_in_4_0() {
    golden::replays(V4);
}
