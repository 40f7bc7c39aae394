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

/// 24.4: a durable auto-delete queue stays, and starts as if it never had a consumer.
#[test]
fn an_auto_delete_queue_that_is_durable_survives() {
    check(
        r#"
            queue work durable auto-delete
            consume work auto tag=c1
            ---
            !restart
            A: queue work durable auto-delete
            A: consume work auto tag=c1
            A: cancel c1
        "#,
        expect![[r#"
            > !restart
            stopped    broker
            cancelled  work -> 1.1 c1: channel ended
            closed     channel 1.1: with its connection
            closed     connection 1: 320 CONNECTION_FORCED - broker forced connection closure with reason 'shutdown' (0,0)
            started    broker
            > A: queue work durable auto-delete
            replied    2.1 queue.declare-ok work, 0 messages, 0 consumers
            > A: consume work auto tag=c1
            replied    2.1 basic.consume-ok c1
            consuming  work -> 2.1 c1
            > A: cancel c1
            cancelled  work -> 2.1 c1: by client
            deleted    queue work: auto-delete, 0 messages
            replied    2.1 basic.cancel-ok c1
        "#]],
    );
}

/// 24.4: the time of a lease begins anew.
#[test]
fn a_lease_starts_anew_at_boot() {
    check(
        r#"
            queue work durable expires=1s
            +900ms
            ---
            !restart
            +900ms
            +100ms
        "#,
        expect![[r#"
            > !restart
            stopped    broker
            closed     channel 1.1: with its connection
            closed     connection 1: 320 CONNECTION_FORCED - broker forced connection closure with reason 'shutdown' (0,0)
            started    broker
            > +900ms
            > +100ms
            deleted    queue work: expired, 0 messages
        "#]],
    );
}

/// 24.4: times to live run on.
#[test]
fn times_to_live_run_on() {
    check(
        r#"
            queue dead durable
            queue work durable ttl=1s dlx="" dlk=dead
            publish "" key=work "one" persistent
            +900ms
            ---
            !restart
            +100ms
        "#,
        expect![[r#"
            > !restart
            stopped    broker
            closed     channel 1.1: with its connection
            closed     connection 1: 320 CONNECTION_FORCED - broker forced connection closure with reason 'shutdown' (0,0)
            started    broker
            > +100ms
            dropped    #1 work: expired
            died       #1 work: expired -> (default) key "dead"
            published  #2 of #1 to (default) key "dead" "one" persistent
            hopped     #2 (default) -> dead
            enqueued   #2 dead at 0
        "#]],
    );
}

/// 24.2: a transaction is lost.
#[test]
fn a_transaction_does_not_survive() {
    check(
        r#"
            queue work durable
            tx select
            publish "" key=work "one" persistent
            ---
            !restart
            A: get work
        "#,
        expect![[r#"
            > !restart
            stopped    broker
            closed     channel 1.1: with its connection
            closed     connection 1: 320 CONNECTION_FORCED - broker forced connection closure with reason 'shutdown' (0,0)
            started    broker
            > A: get work
            replied    2.1 basic.get-empty
        "#]],
    );
}

/// 24.1: policies, users, vhosts and permissions survive.
#[test]
fn what_operators_set_survives() {
    check(
        r#"
            operator: policy short on work queues max-length=1
            operator: user alice
            operator: vhost other
            operator: permissions alice other configure=.* write=.* read=.*
            queue x
            !restart
            ---
            A: queue work
            A: publish "" key=work "one"
            A: publish "" key=work "two"
            B: !connect user=alice vhost=other
        "#,
        expect![[r#"
            > A: queue work
            declared   queue work
            replied    2.1 queue.declare-ok work, 0 messages, 0 consumers
            > A: publish "" key=work "one"
            published  #1 to (default) key "work" "one"
            hopped     #1 (default) -> work
            enqueued   #1 work at 0
            > A: publish "" key=work "two"
            published  #2 to (default) key "work" "two"
            hopped     #2 (default) -> work
            enqueued   #2 work at 1
            dropped    #1 work: maxlen
            > B: !connect user=alice vhost=other
            connected  connection 3 "B" as alice to other
        "#]],
    );
}

/// 24.5, 7.16: every connection is told, and exclusive queues go with theirs.
#[test]
fn every_connection_is_told_of_the_stop() {
    check(
        r#"
            A: queue a durable exclusive
            B: queue b
            ---
            !restart
        "#,
        expect![[r#"
            > !restart
            stopped    broker
            closed     channel 1.1: with its connection
            deleted    queue a: exclusive, 0 messages
            closed     connection 1: 320 CONNECTION_FORCED - broker forced connection closure with reason 'shutdown' (0,0)
            closed     channel 2.1: with its connection
            closed     connection 2: 320 CONNECTION_FORCED - broker forced connection closure with reason 'shutdown' (0,0)
            deleted    queue b: restart, 0 messages
            started    broker
        "#]],
    );
}

/// 3.12, 7.16: exclusive queues are gone before the connection is.
#[test]
fn a_hard_error_ends_what_belongs_to_the_connection() {
    check(
        r#"
            A: queue own exclusive
            B: queue work
            A: consume work manual tag=c1
            B: publish "" key=work "one"
            ---
            A: publish "" key=work "two" immediate
            B: get work auto
        "#,
        expect![[r#"
            > A: publish "" key=work "two" immediate
            cancelled  work -> 1.1 c1: channel ended
            settled    #1 work: requeue at 0 (1.1 tag 1)
            closed     channel 1.1: with its connection
            deleted    queue own: exclusive, 0 messages
            closed     connection 1: 540 NOT_IMPLEMENTED - immediate=true (60,40)
            > B: get work auto
            got        #1 work -> 2.1 tag 1, 0 left redelivered
            settled    #1 work: automatic (2.1 tag 1)
        "#]],
    );
}

/// 3.14: the same without a word.
#[test]
fn a_lost_connection_ends_what_belongs_to_it() {
    check(
        r#"
            A: queue own exclusive
            B: queue work auto-delete
            A: consume work manual tag=c1
            ---
            A: crash
        "#,
        expect![[r#"
            > A: crash
            cancelled  work -> 1.1 c1: channel ended
            closed     channel 1.1: with its connection
            deleted    queue own: exclusive, 0 messages
            deleted    queue work: auto-delete, 0 messages
            closed     connection 1: lost
        "#]],
    );
}
