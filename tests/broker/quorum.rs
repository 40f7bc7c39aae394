//! Quorum queues (semantics 20.3, 20.5, 20.6, D8).

use expect_test::expect;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::harness::{check, check_3_10};

/// 20.3: whatever delivery mode the message has.
#[test]
fn a_quorum_queue_keeps_transient_messages() {
    check(
        r#"
            queue work durable type=quorum
            publish "" key=work "transient" transient
            publish "" key=work "none"
            ---
            !restart
            A: get work auto
            A: get work auto
        "#,
        expect![[r#"
            > !restart
            stopped    broker
            closed     channel 1.1: with its connection
            closed     connection 1: 320 CONNECTION_FORCED - broker forced connection closure with reason 'shutdown' (0,0)
            started    broker
            > A: get work auto
            got        #1 work -> 2.1 tag 1, 1 left
            settled    #1 work: automatic (2.1 tag 1)
            > A: get work auto
            got        #2 work -> 2.1 tag 2, 0 left
            settled    #2 work: automatic (2.1 tag 2)
        "#]],
    );
}

/// 20.3: no levels.
#[test]
fn a_quorum_queue_has_no_max_priority() {
    check(
        r#"
            queue work durable type=quorum max-priority=5
        "#,
        expect![[r#"
            > queue work durable type=quorum max-priority=5
            closed     channel 1.1: 406 PRECONDITION_FAILED - invalid arg 'x-max-priority' for queue 'work' in vhost '/' of queue type rabbit_quorum_queue (50,10)
        "#]],
    );
}

/// 20.3: the highest consumer that has room gets a message.
#[test]
fn consumers_of_a_quorum_queue_have_priorities() {
    check(
        r#"
            queue work durable type=quorum
            A.2: qos 1
            A.3: qos 1
            A.2: consume work manual tag=low
            A.3: consume work manual tag=high priority=5
            ---
            publish "" key=work "one"
            publish "" key=work "two"
            publish "" key=work "three"
            A.2: ack
            A.3: ack
        "#,
        expect![[r#"
            > publish "" key=work "one"
            published  #1 to (default) key "work" "one"
            hopped     #1 (default) -> work
            delivered  #1 work -> 1.3 high tag 1
            > publish "" key=work "two"
            published  #2 to (default) key "work" "two"
            hopped     #2 (default) -> work
            delivered  #2 work -> 1.2 low tag 1
            > publish "" key=work "three"
            published  #3 to (default) key "work" "three"
            hopped     #3 (default) -> work
            enqueued   #3 work at 0
            > A.2: ack
            settled    #2 work: ack (1.2 tag 1)
            delivered  #3 work -> 1.2 low tag 2
            > A.3: ack
            settled    #1 work: ack (1.3 tag 1)
        "#]],
    );
}

/// D8: above 4 is high; two high ones, then a normal one that is older.
#[test]
fn two_high_messages_go_before_a_normal_one() {
    check(
        r#"
            queue work durable type=quorum
            publish "" key=work "n1"
            publish "" key=work "n2" priority=4
            publish "" key=work "h1" priority=5
            publish "" key=work "h2" priority=9
            publish "" key=work "h3" priority=200
            publish "" key=work "h4" priority=5
            ---
            get work auto
            get work auto
            get work auto
            get work auto
            get work auto
            get work auto
        "#,
        expect![[r#"
            > get work auto
            got        #3 work -> 1.1 tag 1, 5 left
            settled    #3 work: automatic (1.1 tag 1)
            > get work auto
            got        #4 work -> 1.1 tag 2, 4 left
            settled    #4 work: automatic (1.1 tag 2)
            > get work auto
            got        #1 work -> 1.1 tag 3, 3 left
            settled    #1 work: automatic (1.1 tag 3)
            > get work auto
            got        #5 work -> 1.1 tag 4, 2 left
            settled    #5 work: automatic (1.1 tag 4)
            > get work auto
            got        #6 work -> 1.1 tag 5, 1 left
            settled    #6 work: automatic (1.1 tag 5)
            > get work auto
            got        #2 work -> 1.1 tag 6, 0 left
            settled    #2 work: automatic (1.1 tag 6)
        "#]],
    );
}

/// D8: a high one that is older than the normal one does not wait for its turn.
#[test]
fn an_older_high_message_never_waits() {
    check(
        r#"
            queue work durable type=quorum
            publish "" key=work "h1" priority=5
            publish "" key=work "h2" priority=5
            publish "" key=work "h3" priority=5
            publish "" key=work "n1"
            ---
            get work auto
            get work auto
            get work auto
            get work auto
        "#,
        expect![[r#"
            > get work auto
            got        #1 work -> 1.1 tag 1, 3 left
            settled    #1 work: automatic (1.1 tag 1)
            > get work auto
            got        #2 work -> 1.1 tag 2, 2 left
            settled    #2 work: automatic (1.1 tag 2)
            > get work auto
            got        #3 work -> 1.1 tag 3, 1 left
            settled    #3 work: automatic (1.1 tag 3)
            > get work auto
            got        #4 work -> 1.1 tag 4, 0 left
            settled    #4 work: automatic (1.1 tag 4)
        "#]],
    );
}

/// D8: 3.10 ignored them.
#[test]
fn a_quorum_queue_ignored_priorities_in_3_10() {
    check_3_10(
        r#"
            queue work durable type=quorum
            publish "" key=work "low"
            publish "" key=work "high" priority=9
            ---
            get work auto
        "#,
        expect![[r#"
            > get work auto
            got        #1 work -> 1.1 tag 1, 1 left with x-delivery-count=0l
            settled    #1 work: automatic (1.1 tag 1)
        "#]],
    );
}

/// 20.5: exactly at the limit here; RabbitMQ may take some more.
#[test]
fn a_full_quorum_queue_refuses() {
    check(
        r#"
            queue work durable type=quorum max-length=1 overflow=reject-publish
            confirm
            ---
            publish "" key=work "one"
            publish "" key=work "two"
        "#,
        expect![[r#"
            > publish "" key=work "one"
            published  #1 to (default) key "work" "one"
            hopped     #1 (default) -> work
            enqueued   #1 work at 0
            confirmed  #1 to 1.1: ack 1
            > publish "" key=work "two"
            published  #2 to (default) key "work" "two"
            hopped     #2 (default) -> work
            refused    #2 by work
            confirmed  #2 to 1.1: nack 2
        "#]],
    );
}

/// 16.4: it does not know reject-publish-dlx and drops the head.
#[test]
fn a_quorum_queue_takes_reject_publish_dlx_for_drop_head() {
    check(
        r#"
            queue dead
            queue work durable type=quorum max-length=1 overflow=reject-publish-dlx dlx="" dlk=dead
            confirm
            ---
            publish "" key=work "one"
            publish "" key=work "two"
        "#,
        expect![[r#"
            > publish "" key=work "one"
            published  #1 to (default) key "work" "one"
            hopped     #1 (default) -> work
            enqueued   #1 work at 0
            confirmed  #1 to 1.1: ack 1
            > publish "" key=work "two"
            published  #2 to (default) key "work" "two"
            hopped     #2 (default) -> work
            enqueued   #2 work at 1
            dropped    #1 work: maxlen
            confirmed  #2 to 1.1: ack 2
            died       #1 work: maxlen -> (default) key "dead"
            published  #3 of #1 to (default) key "dead" "one"
            hopped     #3 (default) -> dead
            enqueued   #3 dead at 0
        "#]],
    );
}

/// 23.2: of a quorum queue's overflow the policy has the last word.
#[test]
fn a_policy_decides_the_overflow_of_a_quorum_queue() {
    check(
        r#"
            queue work durable type=quorum max-length=1 overflow=drop-head
            operator: policy full on work queues overflow=reject-publish
            confirm
            ---
            publish "" key=work "one"
            publish "" key=work "two"
        "#,
        expect![[r#"
            > publish "" key=work "one"
            published  #1 to (default) key "work" "one"
            hopped     #1 (default) -> work
            enqueued   #1 work at 0
            confirmed  #1 to 1.1: ack 1
            > publish "" key=work "two"
            published  #2 to (default) key "work" "two"
            hopped     #2 (default) -> work
            refused    #2 by work
            confirmed  #2 to 1.1: nack 2
        "#]],
    );
}

/// 20.5, 20.6: the head, where returned messages stand.
#[test]
fn a_returned_message_expires_at_the_head() {
    check(
        r#"
            queue work durable type=quorum delivery-limit=3 ttl=1s
            publish "" key=work "one"
            publish "" key=work "two"
            get work
            get work
            nack 2 requeue
            ---
            +1s
            nack 1 requeue
        "#,
        expect![[r#"
            > +1s
            dropped    #2 work: expired
            > nack 1 requeue
            settled    #1 work: requeue at 0 (1.1 tag 1)
            dropped    #1 work: expired
        "#]],
    );
}

/// 20.6: what expires behind the head waits.
#[test]
fn a_quorum_queue_expires_its_head_only() {
    check(
        r#"
            queue work durable type=quorum
            publish "" key=work "long" expiration=5000
            publish "" key=work "short" expiration=100
            ---
            +1s
            queue work passive
            +4s
        "#,
        expect![[r#"
            > +1s
            > queue work passive
            replied    1.1 queue.declare-ok work, 2 messages, 0 consumers
            > +4s
            dropped    #1 work: expired
            dropped    #2 work: expired
        "#]],
    );
}

/// 7.12: conditions of a delete are not supported.
#[test]
fn a_quorum_queue_is_deleted_without_conditions() {
    check(
        r#"
            queue work durable type=quorum
            B: queue x
            ---
            A: delete queue work if-unused
            B: delete queue work if-empty
            C: delete queue work
        "#,
        expect![[r#"
            > A: delete queue work if-unused
            closed     channel 1.1: with its connection
            closed     connection 1: 540 NOT_IMPLEMENTED - cannot delete queue 'work' in vhost '/'. queue.delete operations with if-unused flag set are not supported by quorum queues (50,40)
            > B: delete queue work if-empty
            closed     channel 2.1: with its connection
            closed     connection 2: 540 NOT_IMPLEMENTED - cannot delete queue 'work' in vhost '/'. queue.delete operations with if-empty flag set are not supported by quorum queues (50,40)
            > C: delete queue work
            replied    3.1 queue.delete-ok 0 messages
            deleted    queue work: by client, 0 messages
        "#]],
    );
}

/// 12.7: a hard 540.
#[test]
fn a_quorum_queue_and_a_channel_wide_prefetch_do_not_go_together() {
    check(
        r#"
            queue work durable type=quorum
            ---
            qos 5 global
            consume work manual tag=c1
        "#,
        expect![[r#"
            > qos 5 global
            replied    1.1 basic.qos-ok
            > consume work manual tag=c1
            closed     channel 1.1: with its connection
            closed     connection 1: 540 NOT_IMPLEMENTED - queue 'work' in vhost '/' does not support global qos (60,20)
        "#]],
    );
}

/// 14.2: a soft 405; the classic one answers.
#[test]
fn a_get_on_a_single_active_consumer_queue() {
    check(
        r#"
            queue classic sac=true
            queue quorum durable type=quorum sac=true
            consume classic manual tag=c1
            ---
            A.2: get classic
            A.2: get quorum
        "#,
        expect![[r#"
            > A.2: get classic
            replied    1.2 basic.get-empty
            > A.2: get quorum
            closed     channel 1.2: 405 RESOURCE_LOCKED - cannot obtain access to locked queue 'quorum' in vhost '/'. basic.get operations are not supported by quorum queues with single active consumer (60,70)
        "#]],
    );
}

/// 18.10: at-least-once needs reject-publish, and looks the same here.
#[test]
fn at_least_once_dead_lettering_looks_the_same() {
    check(
        r#"
            queue dead
            queue work durable type=quorum overflow=reject-publish dlx="" dlk=dead x-dead-letter-strategy=at-least-once
            ---
            publish "" key=work "one"
            get work
            reject discard
        "#,
        expect![[r#"
            > publish "" key=work "one"
            published  #1 to (default) key "work" "one"
            hopped     #1 (default) -> work
            enqueued   #1 work at 0
            > get work
            got        #1 work -> 1.1 tag 1, 0 left
            > reject discard
            settled    #1 work: discard (1.1 tag 1)
            died       #1 work: rejected -> (default) key "dead"
            published  #2 of #1 to (default) key "dead" "one"
            hopped     #2 (default) -> dead
            enqueued   #2 dead at 0
        "#]],
    );
}
