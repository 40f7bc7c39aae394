//! What survives a restart (semantics 24).

use expect_test::expect;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::harness::check;

/// 24.1, 24.2: persistent messages in durable queues, bindings between durable ends.
#[test]
fn what_is_durable_survives() {
    check(
        r#"
            exchange kept direct durable
            exchange lost direct
            queue kept-queue durable
            queue lost-queue
            bind kept -> kept-queue key=a
            bind lost -> kept-queue key=a
            publish "" key=kept-queue "persistent" persistent
            publish "" key=kept-queue "transient"
            publish "" key=lost-queue "persistent" persistent
            ---
            !restart
            A: get kept-queue
            A: exchange lost passive
            B: queue lost-queue passive
        "#,
        expect![[r#"
            > !restart
            stopped    broker
            closed     channel 1.1: with its connection
            closed     connection 1: 320 CONNECTION_FORCED - broker forced connection closure with reason 'shutdown' (0,0)
            dropped    #3 lost-queue: queue deleted
            deleted    queue lost-queue: restart, 1 messages
            unbound    lost -> kept-queue by "a": restart
            deleted    exchange lost: restart
            dropped    #2 kept-queue: restart
            started    broker
            > A: get kept-queue
            got        #1 kept-queue -> 2.1 tag 1, 0 left
            > A: exchange lost passive
            settled    #1 kept-queue: requeue at 0 (2.1 tag 1)
            closed     channel 2.1: 404 NOT_FOUND - no exchange 'lost' in vhost '/' (40,10)
            > B: queue lost-queue passive
            closed     channel 3.1: 404 NOT_FOUND - no queue 'lost-queue' in vhost '/' (50,10)
        "#]],
    );
}

/// 24.3
#[test]
fn unacked_messages_come_back_redelivered() {
    check(
        r#"
            queue work durable
            publish "" key=work "one" persistent
            publish "" key=work "two" persistent
            get work
            ---
            !restart
            A: get work auto
            A: get work auto
        "#,
        expect![[r#"
            > !restart
            stopped    broker
            settled    #1 work: requeue at 0 (1.1 tag 1)
            closed     channel 1.1: with its connection
            closed     connection 1: 320 CONNECTION_FORCED - broker forced connection closure with reason 'shutdown' (0,0)
            started    broker
            > A: get work auto
            got        #1 work -> 2.1 tag 1, 1 left redelivered
            settled    #1 work: automatic (2.1 tag 1)
            > A: get work auto
            got        #2 work -> 2.1 tag 2, 0 left
            settled    #2 work: automatic (2.1 tag 2)
        "#]],
    );
}

/// 3.16
#[test]
fn an_operator_closes_a_connection() {
    check(
        r#"
            queue work
            consume work auto tag=c1
            ---
            !kick
        "#,
        expect![[r#"
            > !kick
            cancelled  work -> 1.1 c1: channel ended
            closed     channel 1.1: with its connection
            closed     connection 1: 320 CONNECTION_FORCED - Closed via rabbitmqctl (0,0)
        "#]],
    );
}
