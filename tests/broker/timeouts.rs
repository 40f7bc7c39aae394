//! Deliveries that nobody acknowledges in time (semantics 13.11).

use expect_test::expect;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::harness::{check, check_3_10};

/// 13.11: looked at every minute.
#[test]
fn a_slow_consumer_is_closed_after_half_an_hour() {
    check(
        r#"
            queue work
            publish "" key=work "one"
            consume work manual tag=c1
            ---
            +29m
            +2m
        "#,
        expect![[r#"
            > +29m
            > +2m
            cancelled  work -> 1.1 c1: channel ended
            settled    #1 work: requeue at 0 (1.1 tag 1)
            closed     channel 1.1: 406 PRECONDITION_FAILED - delivery acknowledgement on channel 1 timed out. Timeout value used: 1800000 ms. This timeout value can be configured, see consumers doc guide to learn more (0,0)
        "#]],
    );
}

/// 13.11: what was got has to be acknowledged in time too, as on live 3.10.8 and 4.0.5.
#[test]
fn a_slow_basic_get_is_closed_after_half_an_hour() {
    check(
        r#"
            queue work
            publish "" key=work "one"
            get work
            ---
            +31m
        "#,
        expect![[r#"
            > +31m
            settled    #1 work: requeue at 0 (1.1 tag 1)
            closed     channel 1.1: 406 PRECONDITION_FAILED - delivery acknowledgement on channel 1 timed out. Timeout value used: 1800000 ms. This timeout value can be configured, see consumers doc guide to learn more (0,0)
        "#]],
    );
}

/// 13.11: a stream waits no longer, as on live 3.10.8 and 4.0.5.
#[test]
fn a_slow_reader_of_a_stream_is_closed_after_half_an_hour() {
    check(
        r#"
            queue log durable type=stream
            publish "" key=log "one"
            qos 1
            consume log manual tag=c1 offset=first
            ---
            +31m
        "#,
        expect![[r#"
            > +31m
            cancelled  log -> 1.1 c1: channel ended
            closed     channel 1.1: 406 PRECONDITION_FAILED - delivery acknowledgement on channel 1 timed out. Timeout value used: 1800000 ms. This timeout value can be configured, see consumers doc guide to learn more (0,0)
        "#]],
    );
}

const TIMEOUTS: &str = r#"
    queue patient
    queue hasty x-consumer-timeout=60000
    operator: policy haste on ^by-policy$ queues consumer-timeout=60000
    queue by-policy x-consumer-timeout=120000
    publish "" key=patient "one"
    publish "" key=hasty "two"
    publish "" key=by-policy "three"
    ---
    A: get patient
    A: get hasty
    B: get by-policy
    +2m
    A: ack 1
    +1m
    A: queue patient
"#;

/// 13.11: since 4.0 a queue or its policy may say how long, the smaller of both; only the oldest delivery of a channel is
/// looked at (asked of a live 4.0.5).
#[test]
fn a_queue_may_say_how_long_it_waits() {
    check(
        TIMEOUTS,
        expect![[r#"
        > A: get patient
        got        #1 patient -> 1.1 tag 1, 0 left
        > A: get hasty
        got        #2 hasty -> 1.1 tag 2, 0 left
        > B: get by-policy
        got        #3 by-policy -> 2.1 tag 1, 0 left
        > +2m
        settled    #3 by-policy: requeue at 0 (2.1 tag 1)
        closed     channel 2.1: 406 PRECONDITION_FAILED - delivery acknowledgement on channel 1 timed out. Timeout value used: 60000 ms. This timeout value can be configured, see consumers doc guide to learn more (0,0)
        > A: ack 1
        settled    #1 patient: ack (1.1 tag 1)
        > +1m
        settled    #2 hasty: requeue at 0 (1.1 tag 2)
        closed     channel 1.1: 406 PRECONDITION_FAILED - delivery acknowledgement on channel 1 timed out. Timeout value used: 60000 ms. This timeout value can be configured, see consumers doc guide to learn more (0,0)
        > A: queue patient
    "#]],
    );
}

/// 13.11
#[test]
fn all_queues_waited_as_long_in_3_10() {
    check_3_10(
        &TIMEOUTS.replace(
            "operator: policy haste on ^by-policy$ queues consumer-timeout=60000",
            "",
        ),
        expect![[r#"
            > A: get patient
            got        #1 patient -> 1.1 tag 1, 0 left
            > A: get hasty
            got        #2 hasty -> 1.1 tag 2, 0 left
            > B: get by-policy
            got        #3 by-policy -> 2.1 tag 1, 0 left
            > +2m
            > A: ack 1
            settled    #1 patient: ack (1.1 tag 1)
            > +1m
            > A: queue patient
            replied    1.1 queue.declare-ok patient, 0 messages, 0 consumers
        "#]],
    );
}
