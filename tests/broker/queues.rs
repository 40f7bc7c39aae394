//! Queues: declaring, equivalence, exclusivity, deleting (semantics 7).

use expect_test::expect;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::harness::check;

/// 7.4: ready only, and all consumers.
#[test]
fn a_queue_is_declared_and_counted() {
    check(
        r#"
            queue work durable
            publish "" key=work "one"
            publish "" key=work "two"
            publish "" key=work "three"
            consume work manual prefetch=1 tag=c1
            ---
            queue work durable
        "#,
        expect![[r#"
            > queue work durable
            replied    1.1 queue.declare-ok work, 2 messages, 1 consumers
        "#]],
    );
}

/// 7.2
#[test]
fn the_server_makes_a_name() {
    check(
        r#"
            queue "" exclusive
            queue $queue passive
        "#,
        expect![[r#"
            > queue "" exclusive
            declared   queue amq.gen-1
            replied    1.1 queue.declare-ok amq.gen-1, 0 messages, 0 consumers
            > queue $queue passive
            replied    1.1 queue.declare-ok amq.gen-1, 0 messages, 0 consumers
        "#]],
    );
}

/// 7.5 b, c
#[test]
fn a_different_declare_is_refused_with_the_first_difference() {
    check(
        r#"
            queue work durable x-max-length=1000
            ---
            A.1: queue work
            A.2: queue work durable auto-delete
            A.3: queue work durable
            A.4: queue work durable x-max-length=2000
            A.5: queue work durable x-max-length=1000 ttl=5
            A.6: queue work durable x-max-length=1000 x-unknown=1
            A.7: queue work durable x-max-length=1000 type=classic
        "#,
        expect![[r#"
            > A.1: queue work
            closed     channel 1.1: 406 PRECONDITION_FAILED - inequivalent arg 'durable' for queue 'work' in vhost '/': received 'false' but current is 'true' (50,10)
            > A.2: queue work durable auto-delete
            closed     channel 1.2: 406 PRECONDITION_FAILED - inequivalent arg 'auto_delete' for queue 'work' in vhost '/': received 'true' but current is 'false' (50,10)
            > A.3: queue work durable
            closed     channel 1.3: 406 PRECONDITION_FAILED - inequivalent arg 'x-max-length' for queue 'work' in vhost '/': received none but current is the value '1000' of type 'signedint' (50,10)
            > A.4: queue work durable x-max-length=2000
            closed     channel 1.4: 406 PRECONDITION_FAILED - inequivalent arg 'x-max-length' for queue 'work' in vhost '/': received '2000' but current is '1000' (50,10)
            > A.5: queue work durable x-max-length=1000 ttl=5
            closed     channel 1.5: 406 PRECONDITION_FAILED - inequivalent arg 'x-message-ttl' for queue 'work' in vhost '/': received the value '5' of type 'signedint' but current is none (50,10)
            > A.6: queue work durable x-max-length=1000 x-unknown=1
            replied    1.6 queue.declare-ok work, 0 messages, 0 consumers
            > A.7: queue work durable x-max-length=1000 type=classic
            replied    1.7 queue.declare-ok work, 0 messages, 0 consumers
        "#]],
    );
}

/// 7.5 a, 7.7: 405
#[test]
fn an_exclusive_queue_is_locked_for_others() {
    check(
        r#"
            queue mine exclusive
            ---
            B.1: queue mine exclusive
            B.2: queue mine passive
            B.3: get mine
            B.4: consume mine auto tag=c1
            B.5: purge mine
            B.6: delete queue mine
            B.7: bind amq.fanout -> mine
            B.8: publish "" key=mine "allowed"
            A.1: queue mine
        "#,
        expect![[r#"
            > B.1: queue mine exclusive
            closed     channel 2.1: 405 RESOURCE_LOCKED - cannot obtain exclusive access to locked queue 'mine' in vhost '/'. It could be originally declared on another connection or the exclusive property value does not match that of the original declaration. (50,10)
            > B.2: queue mine passive
            closed     channel 2.2: 405 RESOURCE_LOCKED - cannot obtain exclusive access to locked queue 'mine' in vhost '/'. It could be originally declared on another connection or the exclusive property value does not match that of the original declaration. (50,10)
            > B.3: get mine
            closed     channel 2.3: 405 RESOURCE_LOCKED - cannot obtain exclusive access to locked queue 'mine' in vhost '/'. It could be originally declared on another connection or the exclusive property value does not match that of the original declaration. (60,70)
            > B.4: consume mine auto tag=c1
            closed     channel 2.4: 405 RESOURCE_LOCKED - cannot obtain exclusive access to locked queue 'mine' in vhost '/'. It could be originally declared on another connection or the exclusive property value does not match that of the original declaration. (60,20)
            > B.5: purge mine
            closed     channel 2.5: 405 RESOURCE_LOCKED - cannot obtain exclusive access to locked queue 'mine' in vhost '/'. It could be originally declared on another connection or the exclusive property value does not match that of the original declaration. (50,30)
            > B.6: delete queue mine
            closed     channel 2.6: 405 RESOURCE_LOCKED - cannot obtain exclusive access to locked queue 'mine' in vhost '/'. It could be originally declared on another connection or the exclusive property value does not match that of the original declaration. (50,40)
            > B.7: bind amq.fanout -> mine
            closed     channel 2.7: 405 RESOURCE_LOCKED - cannot obtain exclusive access to locked queue 'mine' in vhost '/'. It could be originally declared on another connection or the exclusive property value does not match that of the original declaration. (50,20)
            > B.8: publish "" key=mine "allowed"
            published  #1 to (default) key "mine" "allowed"
            hopped     #1 (default) -> mine
            enqueued   #1 mine at 0
            > A.1: queue mine
            closed     channel 1.1: 405 RESOURCE_LOCKED - cannot obtain exclusive access to locked queue 'mine' in vhost '/'. It could be originally declared on another connection or the exclusive property value does not match that of the original declaration. (50,10)
        "#]],
    );
}

/// 7.3, 7.16: before close-ok.
#[test]
fn exclusive_queues_die_with_their_connection() {
    check(
        r#"
            queue mine exclusive
            publish "" key=mine "one"
            B: queue other
            ---
            close
            B: queue mine passive
        "#,
        expect![[r#"
            > close
            closed     channel 1.1: with its connection
            dropped    #1 mine: queue deleted
            deleted    queue mine: exclusive, 1 messages
            closed     connection 1: by client, 200 "Goodbye"
            > B: queue mine passive
            closed     channel 2.1: 404 NOT_FOUND - no queue 'mine' in vhost '/' (50,10)
        "#]],
    );
}

/// 7.1
#[test]
fn reserved_names_are_refused_even_where_they_exist() {
    check(
        r#"
            queue "" exclusive
            ---
            queue $queue
            A.2: queue amq.mine
        "#,
        expect![[r#"
            > queue $queue
            closed     channel 1.1: 403 ACCESS_REFUSED - queue name 'amq.gen-1' contains reserved prefix 'amq.*' (50,10)
            > A.2: queue amq.mine
            closed     channel 1.2: 403 ACCESS_REFUSED - queue name 'amq.mine' contains reserved prefix 'amq.*' (50,10)
        "#]],
    );
}

/// 7.6
#[test]
fn passive_asks_for_existence() {
    check(
        r#"
            queue work durable
            ---
            queue work passive
            queue missing passive
        "#,
        expect![[r#"
            > queue work passive
            replied    1.1 queue.declare-ok work, 0 messages, 0 consumers
            > queue missing passive
            closed     channel 1.1: 404 NOT_FOUND - no queue 'missing' in vhost '/' (50,10)
        "#]],
    );
}

/// 7.8
#[test]
fn arguments_are_validated_with_the_reasons_of_rabbitmq() {
    check(
        r#"
            A.1: queue q ttl=-1
            A.2: queue q x-message-ttl=text
            A.3: queue q expires=0
            A.4: queue q x-max-length=-5
            A.5: queue q max-priority=256
            A.6: queue q dlk=key
            A.7: queue q overflow=explode
            A.8: queue q x-overflow=5
            A.9: queue q sac=text
            A.10: queue q type=strange
            A.11: queue q x-dead-letter-exchange=5
            A.12: queue q delivery-limit=5
            A.13: queue q x-queue-mode=foo
        "#,
        expect![[r#"
            > A.1: queue q ttl=-1
            closed     channel 1.1: 406 PRECONDITION_FAILED - invalid arg 'x-message-ttl' for queue 'q' in vhost '/': {value_negative,-1} (50,10)
            > A.2: queue q x-message-ttl=text
            closed     channel 1.2: 406 PRECONDITION_FAILED - invalid arg 'x-message-ttl' for queue 'q' in vhost '/': "expected integer, got longstr" (50,10)
            > A.3: queue q expires=0
            closed     channel 1.3: 406 PRECONDITION_FAILED - invalid arg 'x-expires' for queue 'q' in vhost '/': {value_zero,0} (50,10)
            > A.4: queue q x-max-length=-5
            closed     channel 1.4: 406 PRECONDITION_FAILED - invalid arg 'x-max-length' for queue 'q' in vhost '/': {value_negative,-5} (50,10)
            > A.5: queue q max-priority=256
            closed     channel 1.5: 406 PRECONDITION_FAILED - invalid arg 'x-max-priority' for queue 'q' in vhost '/': {max_value_exceeded,256} (50,10)
            > A.6: queue q dlk=key
            closed     channel 1.6: 406 PRECONDITION_FAILED - invalid arg 'x-dead-letter-routing-key' for queue 'q' in vhost '/': routing_key_but_no_dlx_defined (50,10)
            > A.7: queue q overflow=explode
            closed     channel 1.7: 406 PRECONDITION_FAILED - invalid arg 'x-overflow' for queue 'q' in vhost '/': invalid_overflow (50,10)
            > A.8: queue q x-overflow=5
            closed     channel 1.8: 406 PRECONDITION_FAILED - invalid arg 'x-overflow' for queue 'q' in vhost '/': {unacceptable_type,signedint} (50,10)
            > A.9: queue q sac=text
            closed     channel 1.9: 406 PRECONDITION_FAILED - invalid arg 'x-single-active-consumer' for queue 'q' in vhost '/': {unacceptable_type,longstr} (50,10)
            > A.10: queue q type=strange
            closed     channel 1.10: 406 PRECONDITION_FAILED - invalid arg 'x-queue-type' for queue 'q' in vhost '/': "unsupported queue type 'strange'" (50,10)
            > A.11: queue q x-dead-letter-exchange=5
            closed     channel 1.11: 406 PRECONDITION_FAILED - invalid type 'signedint' for arg 'x-dead-letter-exchange' in queue 'q' in vhost '/' (50,10)
            > A.12: queue q delivery-limit=5
            closed     channel 1.12: 406 PRECONDITION_FAILED - invalid arg 'x-delivery-limit' for queue 'q' in vhost '/' of queue type rabbit_classic_queue (50,10)
            > A.13: queue q x-queue-mode=foo
            closed     channel 1.13: 406 PRECONDITION_FAILED - invalid arg 'x-queue-mode' for queue 'q' in vhost '/': "unsupported queue mode 'foo'" (50,10)
        "#]],
    );
}

/// 7.10: checked in the order auto-delete, exclusive, non-durable.
#[test]
fn quorum_queues_are_durable_and_common() {
    check(
        r#"
            A.1: queue q type=quorum
            A.2: queue q durable exclusive type=quorum
            A.3: queue q durable auto-delete type=quorum
            A.4: queue "" durable type=quorum
        "#,
        expect![[r#"
            > A.1: queue q type=quorum
            closed     channel 1.1: 406 PRECONDITION_FAILED - invalid property 'non-durable' for queue 'q' in vhost '/' (50,10)
            > A.2: queue q durable exclusive type=quorum
            closed     channel 1.2: 406 PRECONDITION_FAILED - invalid property 'exclusive-owner' for queue 'q' in vhost '/' (50,10)
            > A.3: queue q durable auto-delete type=quorum
            closed     channel 1.3: 406 PRECONDITION_FAILED - invalid property 'auto-delete' for queue 'q' in vhost '/' (50,10)
            > A.4: queue "" durable type=quorum
            closed     channel 1.4: 406 PRECONDITION_FAILED - Cannot declare a server-named queue for type rabbit_quorum_queue (50,10)
        "#]],
    );
}

/// 7.11: before cancel-ok; a get does not count.
#[test]
fn an_auto_delete_queue_goes_with_its_last_consumer() {
    check(
        r#"
            queue never auto-delete
            queue work auto-delete
            publish "" key=never "one"
            get never auto
            consume work auto tag=c1
            consume work auto tag=c2
            ---
            cancel c1
            cancel c2
            queue never passive
        "#,
        expect![[r#"
            > cancel c1
            cancelled  work -> 1.1 c1: by client
            replied    1.1 basic.cancel-ok c1
            > cancel c2
            cancelled  work -> 1.1 c2: by client
            deleted    queue work: auto-delete, 0 messages
            replied    1.1 basic.cancel-ok c2
            > queue never passive
            replied    1.1 queue.declare-ok never, 0 messages, 0 consumers
        "#]],
    );
}

/// 7.12: missing is fine, if-empty looks at ready only, if-unused at every consumer.
#[test]
fn deleting_follows_the_rules() {
    check(
        r#"
            queue full
            publish "" key=full "one"
            queue busy
            consume busy auto tag=c1
            ---
            delete queue missing
            A.2: delete queue full if-empty
            A.3: delete queue busy if-unused
            A.4: delete queue full
            A.4: delete queue busy
        "#,
        expect![[r#"
            > delete queue missing
            replied    1.1 queue.delete-ok 0 messages
            > A.2: delete queue full if-empty
            closed     channel 1.2: 406 PRECONDITION_FAILED - queue 'full' in vhost '/' not empty (50,40)
            > A.3: delete queue busy if-unused
            closed     channel 1.3: 406 PRECONDITION_FAILED - queue 'busy' in vhost '/' in use (50,40)
            > A.4: delete queue full
            replied    1.4 queue.delete-ok 1 messages
            dropped    #1 full: queue deleted
            deleted    queue full: by client, 1 messages
            > A.4: delete queue busy
            replied    1.4 queue.delete-ok 0 messages
            cancelled  busy -> 1.1 c1: queue deleted, client told
            deleted    queue busy: by client, 0 messages
        "#]],
    );
}

/// 7.12
#[test]
fn only_unacked_messages_make_a_queue_empty() {
    check(
        r#"
            queue work
            publish "" key=work "one"
            get work
            ---
            delete queue work if-empty
            ack 1
        "#,
        expect![[r#"
            > delete queue work if-empty
            replied    1.1 queue.delete-ok 0 messages
            deleted    queue work: by client, 0 messages
            > ack 1
            settled    #1 work: queue gone (1.1 tag 1)
        "#]],
    );
}

/// 7.13: basic.cancel to those on other channels, and on the deleting one after delete-ok.
#[test]
fn consumers_of_a_deleted_queue_are_told() {
    check(
        r#"
            queue work
            publish "" key=work "one"
            B: consume work manual tag=b
            consume work manual tag=a
            ---
            delete queue work
            B: ack 1
        "#,
        expect![[r#"
            > delete queue work
            replied    1.1 queue.delete-ok 0 messages
            cancelled  work -> 1.1 a: queue deleted, client told
            cancelled  work -> 2.1 b: queue deleted, client told
            deleted    queue work: by client, 0 messages
            > B: ack 1
            settled    #1 work: queue gone (2.1 tag 1)
        "#]],
    );
}

/// 7.14
#[test]
fn purge_removes_what_is_ready() {
    check(
        r#"
            queue work
            publish "" key=work "one"
            publish "" key=work "two"
            get work
            ---
            purge work
            A.2: purge missing
        "#,
        expect![[r#"
            > purge work
            dropped    #2 work: purged
            replied    1.1 queue.purge-ok 1 messages
            > A.2: purge missing
            closed     channel 1.2: 404 NOT_FOUND - no queue 'missing' in vhost '/' (50,30)
        "#]],
    );
}

/// 7.15: renewed by declare and get, not by a publish; never while it has a consumer.
#[test]
fn a_queue_expires_when_nobody_uses_it() {
    check(
        r#"
            queue work expires=1s
            ---
            +600ms
            publish "" key=work "does not renew"
            +400ms
            queue other expires=1s
            +600ms
            get other
            +600ms
            consume other auto tag=c1
            +5s
            cancel c1
            +1s
        "#,
        expect![[r#"
            > +600ms
            > publish "" key=work "does not renew"
            published  #1 to (default) key "work" "does not renew"
            hopped     #1 (default) -> work
            enqueued   #1 work at 0
            > +400ms
            dropped    #1 work: queue deleted
            deleted    queue work: expired, 1 messages
            > queue other expires=1s
            declared   queue other
            replied    1.1 queue.declare-ok other, 0 messages, 0 consumers
            > +600ms
            > get other
            replied    1.1 basic.get-empty
            > +600ms
            > consume other auto tag=c1
            replied    1.1 basic.consume-ok c1
            consuming  other -> 1.1 c1
            > +5s
            > cancel c1
            cancelled  other -> 1.1 c1: by client
            replied    1.1 basic.cancel-ok c1
            > +1s
            deleted    queue other: expired, 0 messages
        "#]],
    );
}

/// 7.9: what another type of queue knows is refused, what no type knows is not even compared.
#[test]
fn arguments_of_other_types_are_refused() {
    check(
        r#"
            A.1: queue work delivery-limit=5
            A.2: queue work x-max-age=1h
            A.3: queue work durable type=quorum x-queue-mode=lazy
            A.4: queue work durable type=stream overflow=drop-head
            A.5: queue work x-unknown=1 x-cancel-on-ha-failover=true
            A.5: queue work x-unknown=2
        "#,
        expect![[r#"
            > A.1: queue work delivery-limit=5
            closed     channel 1.1: 406 PRECONDITION_FAILED - invalid arg 'x-delivery-limit' for queue 'work' in vhost '/' of queue type rabbit_classic_queue (50,10)
            > A.2: queue work x-max-age=1h
            closed     channel 1.2: 406 PRECONDITION_FAILED - invalid arg 'x-max-age' for queue 'work' in vhost '/' of queue type rabbit_classic_queue (50,10)
            > A.3: queue work durable type=quorum x-queue-mode=lazy
            closed     channel 1.3: 406 PRECONDITION_FAILED - invalid arg 'x-queue-mode' for queue 'work' in vhost '/' of queue type rabbit_quorum_queue (50,10)
            > A.4: queue work durable type=stream overflow=drop-head
            closed     channel 1.4: 406 PRECONDITION_FAILED - invalid arg 'x-overflow' for queue 'work' in vhost '/' of queue type rabbit_stream_queue (50,10)
            > A.5: queue work x-unknown=1 x-cancel-on-ha-failover=true
            declared   queue work
            replied    1.5 queue.declare-ok work, 0 messages, 0 consumers
            > A.5: queue work x-unknown=2
            replied    1.5 queue.declare-ok work, 0 messages, 0 consumers
        "#]],
    );
}
