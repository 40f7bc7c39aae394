//! Alarms: who publishes is blocked (semantics 25).

use expect_test::expect;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::harness::check;

/// 25.1: with the reason, once; who only consumes is never blocked.
#[test]
fn a_blocked_connection_still_gets_its_deliveries() {
    check(
        r#"
            queue work
            consume work manual tag=c1
            B: queue other
            operator: disk-alarm
            ---
            publish "" key=work "one"
            publish "" key=work "two"
            B: publish "" key=work "three"
            operator: memory-alarm
            operator: no disk-alarm
            operator: no memory-alarm
            publish "" key=work "four"
        "#,
        expect![[r#"
            > publish "" key=work "one"
            blocked    connection 1: low on disk
            published  #1 to (default) key "work" "one"
            hopped     #1 (default) -> work
            delivered  #1 work -> 1.1 c1 tag 1
            > publish "" key=work "two"
            published  #2 to (default) key "work" "two"
            hopped     #2 (default) -> work
            delivered  #2 work -> 1.1 c1 tag 2
            > B: publish "" key=work "three"
            blocked    connection 2: low on disk
            published  #3 to (default) key "work" "three"
            hopped     #3 (default) -> work
            delivered  #3 work -> 1.1 c1 tag 3
            > operator: memory-alarm
            alarm      memory true, disk true
            > operator: no disk-alarm
            alarm      memory true, disk false
            > operator: no memory-alarm
            alarm      memory false, disk false
            unblocked  connection 1
            unblocked  connection 2
            > publish "" key=work "four"
            published  #4 to (default) key "work" "four"
            hopped     #4 (default) -> work
            delivered  #4 work -> 1.1 c1 tag 4
        "#]],
    );
}

/// 25.1: both at once.
#[test]
fn both_alarms_are_told_together() {
    check(
        r#"
            queue work
            operator: memory-alarm
            operator: disk-alarm
            operator: disk-alarm
            ---
            publish "" key=work "one"
        "#,
        expect![[r#"
            > publish "" key=work "one"
            blocked    connection 1: low on memory & disk
            published  #1 to (default) key "work" "one"
            hopped     #1 (default) -> work
            enqueued   #1 work at 0
        "#]],
    );
}

/// 25.2: one may connect.
#[test]
fn an_alarm_does_not_keep_clients_out() {
    check(
        r#"
            operator: memory-alarm
            ---
            A: !connect
            A: queue work
            A: publish "" key=work "one"
            A: close
            operator: no memory-alarm
        "#,
        expect![[r#"
            > A: !connect
            connected  connection 1 "A" as guest to /
            > A: queue work
            declared   queue work
            replied    1.1 queue.declare-ok work, 0 messages, 0 consumers
            > A: publish "" key=work "one"
            blocked    connection 1: low on memory
            published  #1 to (default) key "work" "one"
            hopped     #1 (default) -> work
            enqueued   #1 work at 0
            > A: close
            closed     channel 1.1: with its connection
            closed     connection 1: by client, 200 "Goodbye"
            > operator: no memory-alarm
            alarm      memory false, disk false
        "#]],
    );
}
