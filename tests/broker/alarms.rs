//! Alarms: who publishes is blocked (semantics 25).

use expect_test::expect;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::harness::check;

/// 25.1: with the reason, once; what made the broker block waits until the end of the alarm, as on live 3.10.8 and 4.0.5
/// and as everything after it.
#[test]
fn what_a_blocked_connection_publishes_waits_for_the_end_of_the_alarm() {
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
            > publish "" key=work "two"
            > B: publish "" key=work "three"
            blocked    connection 2: low on disk
            > operator: memory-alarm
            alarm      memory true, disk true
            > operator: no disk-alarm
            alarm      memory true, disk false
            > operator: no memory-alarm
            alarm      memory false, disk false
            unblocked  connection 1
            published  #1 to (default) key "work" "one"
            hopped     #1 (default) -> work
            delivered  #1 work -> 1.1 c1 tag 1
            published  #2 to (default) key "work" "two"
            hopped     #2 (default) -> work
            delivered  #2 work -> 1.1 c1 tag 2
            unblocked  connection 2
            published  #3 to (default) key "work" "three"
            hopped     #3 (default) -> work
            delivered  #3 work -> 1.1 c1 tag 3
            > publish "" key=work "four"
            published  #4 to (default) key "work" "four"
            hopped     #4 (default) -> work
            delivered  #4 work -> 1.1 c1 tag 4
        "#]],
    );
}

/// 25.1: both at once, in this order whichever came first, as on live 3.10.8 and 4.0.5.
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
            blocked    connection 1: low on disk & memory
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
            > A: close
            closed     channel 1.1: with its connection
            closed     connection 1: by client, 200 "Goodbye"
            > operator: no memory-alarm
            alarm      memory false, disk false
        "#]],
    );
}

/// 25.1: a message without a body is whole when its header has come, so it goes through (asked of a live 3.10.8); who is
/// blocked still gets its deliveries, and who only consumes is never blocked.
#[test]
fn an_empty_message_goes_through_and_blocked_consumers_are_served() {
    check(
        r#"
            queue work
            consume work manual tag=c1
            operator: memory-alarm
            publish "" key=work "waits"
            ---
            B: publish "" key=work ""
            B: publish "" key=work ""
            C: consume work manual tag=c2
        "#,
        expect![[r#"
            > B: publish "" key=work ""
            blocked    connection 2: low on memory
            published  #1 to (default) key "work" ""
            hopped     #1 (default) -> work
            delivered  #1 work -> 1.1 c1 tag 1
            > B: publish "" key=work ""
            > C: consume work manual tag=c2
            replied    3.1 basic.consume-ok c2
            consuming  work -> 3.1 c2
        "#]],
    );
}

/// 25.2: what waited is lost with its connection.
#[test]
fn what_waited_is_lost_with_its_connection() {
    check(
        r#"
            queue work
            operator: memory-alarm
            B: publish "" key=work "lost"
            B: close
            operator: no memory-alarm
            ---
            queue work passive
        "#,
        expect![[r#"
            > queue work passive
            replied    1.1 queue.declare-ok work, 0 messages, 0 consumers
        "#]],
    );
}
