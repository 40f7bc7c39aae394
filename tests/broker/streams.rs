//! Streams: read again and again (semantics 21).

use expect_test::expect;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use mq_playground::amqp::Compatibility;

use crate::harness::{Bench, check, config};

/// 21.1: reading removes nothing, all consumers read for themselves, and consumers are not counted.
#[test]
fn a_stream_keeps_what_it_delivered() {
    check(
        r#"
            queue log durable type=stream
            publish "" key=log "one"
            publish "" key=log "two"
            qos 10
            ---
            consume log manual tag=c1 offset=first
            B: qos 10
            B: consume log manual tag=c2 offset=first
            ack multiple
            queue log durable type=stream
        "#,
        expect![[r#"
            > consume log manual tag=c1 offset=first
            replied    1.1 basic.consume-ok c1
            consuming  log -> 1.1 c1
            delivered  #1 log -> 1.1 c1 tag 1 with x-stream-offset=0l
            delivered  #2 log -> 1.1 c1 tag 2 with x-stream-offset=1l
            > B: qos 10
            replied    2.1 basic.qos-ok
            > B: consume log manual tag=c2 offset=first
            replied    2.1 basic.consume-ok c2
            consuming  log -> 2.1 c2
            delivered  #1 log -> 2.1 c2 tag 1 with x-stream-offset=0l
            delivered  #2 log -> 2.1 c2 tag 2 with x-stream-offset=1l
            > ack multiple
            settled    #1 log: ack (1.1 tag 1)
            settled    #2 log: ack (1.1 tag 2)
            > queue log durable type=stream
            replied    1.1 queue.declare-ok log, 2 messages, 0 consumers
        "#]],
    );
}

/// 21.2: a soft 406 without a prefetch, a hard 540 without acks.
#[test]
fn a_stream_wants_a_prefetch_and_acks() {
    check(
        r#"
            queue log durable type=stream
            ---
            consume log manual tag=c1
            !close-ok
            consume log auto tag=c2
            !close-ok
            qos 1
            consume log auto tag=c3
        "#,
        expect![[r#"
            > consume log manual tag=c1
            closed     channel 1.1: 406 PRECONDITION_FAILED - consumer prefetch count is not set for 'queue 'log' in vhost '/'' (60,20)
            > !close-ok
            > consume log auto tag=c2
            closed     channel 1.1: 406 PRECONDITION_FAILED - consumer prefetch count is not set for 'queue 'log' in vhost '/'' (60,20)
            > !close-ok
            > qos 1
            replied    1.1 basic.qos-ok
            > consume log auto tag=c3
            closed     channel 1.1: with its connection
            closed     connection 1: 540 NOT_IMPLEMENTED - automatic acknowledgement not supported by stream queues queue 'log' in vhost '/' (60,20)
        "#]],
    );
}

/// 21.2: an ack makes room.
#[test]
fn a_stream_delivers_as_far_as_the_prefetch_goes() {
    check(
        r#"
            queue log durable type=stream
            publish "" key=log "one"
            publish "" key=log "two"
            publish "" key=log "three"
            qos 2
            ---
            consume log manual tag=c1 offset=first
            ack 1
        "#,
        expect![[r#"
            > consume log manual tag=c1 offset=first
            replied    1.1 basic.consume-ok c1
            consuming  log -> 1.1 c1
            delivered  #1 log -> 1.1 c1 tag 1 with x-stream-offset=0l
            delivered  #2 log -> 1.1 c1 tag 2 with x-stream-offset=1l
            > ack 1
            settled    #1 log: ack (1.1 tag 1)
            delivered  #3 log -> 1.1 c1 tag 3 with x-stream-offset=2l
        "#]],
    );
}

/// 21.3: next is the default.
#[test]
fn a_consumer_begins_where_it_says() {
    check(
        r#"
            queue log durable type=stream
            publish "" key=log "zero"
            publish "" key=log "one"
            publish "" key=log "two"
            qos 10
            ---
            consume log manual tag=c-first offset=first
            consume log manual tag=c-last offset=last
            consume log manual tag=c-next offset=next
            consume log manual tag=c-default
            consume log manual tag=c-one offset=1
            consume log manual tag=c-far offset=9
            publish "" key=log "three"
        "#,
        expect![[r#"
            > consume log manual tag=c-first offset=first
            replied    1.1 basic.consume-ok c-first
            consuming  log -> 1.1 c-first
            delivered  #1 log -> 1.1 c-first tag 1 with x-stream-offset=0l
            delivered  #2 log -> 1.1 c-first tag 2 with x-stream-offset=1l
            delivered  #3 log -> 1.1 c-first tag 3 with x-stream-offset=2l
            > consume log manual tag=c-last offset=last
            replied    1.1 basic.consume-ok c-last
            consuming  log -> 1.1 c-last
            delivered  #3 log -> 1.1 c-last tag 4 with x-stream-offset=2l
            > consume log manual tag=c-next offset=next
            replied    1.1 basic.consume-ok c-next
            consuming  log -> 1.1 c-next
            > consume log manual tag=c-default
            replied    1.1 basic.consume-ok c-default
            consuming  log -> 1.1 c-default
            > consume log manual tag=c-one offset=1
            replied    1.1 basic.consume-ok c-one
            consuming  log -> 1.1 c-one
            delivered  #2 log -> 1.1 c-one tag 5 with x-stream-offset=1l
            delivered  #3 log -> 1.1 c-one tag 6 with x-stream-offset=2l
            > consume log manual tag=c-far offset=9
            replied    1.1 basic.consume-ok c-far
            consuming  log -> 1.1 c-far
            > publish "" key=log "three"
            published  #4 to (default) key "log" "three"
            hopped     #4 (default) -> log
            enqueued   #4 log at 3
            delivered  #4 log -> 1.1 c-first tag 7 with x-stream-offset=3l
            delivered  #4 log -> 1.1 c-last tag 8 with x-stream-offset=3l
            delivered  #4 log -> 1.1 c-next tag 9 with x-stream-offset=3l
            delivered  #4 log -> 1.1 c-default tag 10 with x-stream-offset=3l
            delivered  #4 log -> 1.1 c-one tag 11 with x-stream-offset=3l
        "#]],
    );
}

/// 21.3: an interval back from now.
#[test]
fn a_consumer_begins_at_an_age() {
    check(
        r#"
            queue log durable type=stream
            publish "" key=log "old"
            +2m
            publish "" key=log "young"
            qos 10
            ---
            consume log manual tag=c1 offset=1m
            consume log manual tag=c2 offset=5m
        "#,
        expect![[r#"
            > consume log manual tag=c1 offset=1m
            replied    1.1 basic.consume-ok c1
            consuming  log -> 1.1 c1
            delivered  #2 log -> 1.1 c1 tag 1 with x-stream-offset=1l
            > consume log manual tag=c2 offset=5m
            replied    1.1 basic.consume-ok c2
            consuming  log -> 1.1 c2
            delivered  #1 log -> 1.1 c2 tag 2 with x-stream-offset=0l
            delivered  #2 log -> 1.1 c2 tag 3 with x-stream-offset=1l
        "#]],
    );
}

/// 21.3: a text that begins with no number is more than RabbitMQ can take, a number below zero is the first offset.
#[test]
fn a_strange_offset_is_refused() {
    check(
        r#"
            queue log durable type=stream
            publish "" key=log "zero"
            A.1: qos 10
            A.2: qos 10
            A.3: qos 10
            ---
            A.1: consume log manual tag=c1 offset=1x
            A.2: consume log manual tag=c1 offset=0s
            A.3: consume log manual tag=c1 offset=-1
            B: consume log manual tag=c1 offset=middle
            C: qos 10
            C: consume log manual tag=c1 offset=true
        "#,
        expect![[r#"
            > A.1: consume log manual tag=c1 offset=1x
            closed     channel 1.1: 406 PRECONDITION_FAILED - invalid arg 'x-stream-offset' for queue 'log' in vhost '/': {invalid_stream_offset_arg,{longstr,<<"1x">>}} (60,20)
            > A.2: consume log manual tag=c1 offset=0s
            closed     channel 1.2: 406 PRECONDITION_FAILED - invalid arg 'x-stream-offset' for queue 'log' in vhost '/': {invalid_stream_offset_arg,{longstr,<<"0s">>}} (60,20)
            > A.3: consume log manual tag=c1 offset=-1
            replied    1.3 basic.consume-ok c1
            consuming  log -> 1.3 c1
            delivered  #1 log -> 1.3 c1 tag 1 with x-stream-offset=0l
            > B: consume log manual tag=c1 offset=middle
            closed     channel 2.1: with its connection
            closed     connection 2: 541 INTERNAL_ERROR (0,0)
            > C: qos 10
            replied    3.1 basic.qos-ok
            > C: consume log manual tag=c1 offset=true
            closed     channel 3.1: with its connection
            closed     connection 3: 541 INTERNAL_ERROR (0,0)
        "#]],
    );
}

/// 13.3: it has no priorities, but exclusive says nothing here.
#[test]
fn consumers_of_a_stream_have_no_priorities() {
    check(
        r#"
            queue log durable type=stream
            A.1: qos 1
            A.2: qos 1
            ---
            A.1: consume log manual tag=c1 exclusive
            A.2: consume log manual tag=c2
            A.1: consume log manual tag=c3 priority=3
        "#,
        expect![[r#"
            > A.1: consume log manual tag=c1 exclusive
            replied    1.1 basic.consume-ok c1
            consuming  log -> 1.1 c1
            > A.2: consume log manual tag=c2
            replied    1.2 basic.consume-ok c2
            consuming  log -> 1.2 c2
            > A.1: consume log manual tag=c3 priority=3
            cancelled  log -> 1.1 c1: channel ended
            closed     channel 1.1: 406 PRECONDITION_FAILED - invalid arg 'x-priority' for queue 'log' in vhost '/' of queue type rabbit_stream_queue (60,20)
        "#]],
    );
}

/// 15.6: nobody foresaw that, so the channel crashes; afterwards everything is as before.
#[test]
fn a_recover_of_a_stream_crashes_the_channel() {
    check(
        r#"
            queue log durable type=stream
            publish "" key=log "zero"
            qos 1
            consume log manual tag=c1 offset=first
            ---
            recover
            A: queue log durable type=stream
        "#,
        expect![[r#"
            > recover
            cancelled  log -> 1.1 c1: channel ended
            closed     channel 1.1: with its connection
            closed     connection 1: 541 INTERNAL_ERROR (0,0)
            > A: queue log durable type=stream
            replied    2.1 queue.declare-ok log, 1 messages, 0 consumers
        "#]],
    );
}

/// 15.2: a multiple one whose tag is unknown is an unknown tag.
#[test]
fn a_nack_of_a_stream_needs_a_known_tag() {
    check(
        r#"
            queue log durable type=stream
            publish "" key=log "zero"
            qos 1
            consume log manual tag=c1 offset=first
            ---
            nack 77 multiple discard
        "#,
        expect![[r#"
            > nack 77 multiple discard
            cancelled  log -> 1.1 c1: channel ended
            closed     channel 1.1: 406 PRECONDITION_FAILED - unknown delivery tag 77 (60,120)
        "#]],
    );
}

/// 7.12: conditions are not looked at, and nothing is counted.
#[test]
fn a_stream_is_deleted_whatever_was_asked() {
    check(
        r#"
            queue log durable type=stream
            publish "" key=log "zero"
            qos 1
            B: qos 1
            B: consume log manual tag=c1 offset=first
            ---
            delete queue log if-unused if-empty
        "#,
        expect![[r#"
            > delete queue log if-unused if-empty
            replied    1.1 queue.delete-ok 0 messages
            dropped    #1 log: queue deleted
            cancelled  log -> 2.1 c1: queue deleted, client told
            deleted    queue log: by client, 1 messages
        "#]],
    );
}

/// 7.8: an age needs a number above zero and a unit.
#[test]
fn a_strange_age_is_refused() {
    check(
        r#"
            A.1: queue log durable type=stream x-max-age="1"
            A.2: queue log durable type=stream x-max-age="0s"
            A.3: queue log durable type=stream x-max-age="1mm"
            A.4: queue log durable type=stream x-max-age=abc
        "#,
        expect![[r#"
            > A.1: queue log durable type=stream x-max-age="1"
            closed     channel 1.1: 406 PRECONDITION_FAILED - invalid arg 'x-max-age' for queue 'log' in vhost '/': invalid_max_age (50,10)
            > A.2: queue log durable type=stream x-max-age="0s"
            closed     channel 1.2: 406 PRECONDITION_FAILED - invalid arg 'x-max-age' for queue 'log' in vhost '/': invalid_max_age (50,10)
            > A.3: queue log durable type=stream x-max-age="1mm"
            closed     channel 1.3: 406 PRECONDITION_FAILED - invalid arg 'x-max-age' for queue 'log' in vhost '/': invalid_max_age (50,10)
            > A.4: queue log durable type=stream x-max-age=abc
            closed     channel 1.4: with its connection
            closed     connection 1: 541 INTERNAL_ERROR (0,0)
        "#]],
    );
}

/// 21.4: the offset in a header, never redelivered, also after a reconnect.
#[test]
fn every_delivery_tells_its_offset() {
    check(
        r#"
            queue log durable type=stream
            exchange logs fanout
            bind logs -> log
            publish logs key=k "zero" colour=red
            qos 10
            consume log manual tag=c1 offset=first
            ---
            !headers
            crash
            A: qos 10
            A: consume log manual tag=c1 offset=first
            !headers
        "#,
        expect![[r#"
            > !headers
            headers    colour="red" x-stream-offset=0l
            > crash
            cancelled  log -> 1.1 c1: channel ended
            closed     channel 1.1: with its connection
            closed     connection 1: lost
            > A: qos 10
            replied    2.1 basic.qos-ok
            > A: consume log manual tag=c1 offset=first
            replied    2.1 basic.consume-ok c1
            consuming  log -> 2.1 c1
            delivered  #1 log -> 2.1 c1 tag 1 with colour="red" x-stream-offset=0l
            > !headers
            headers    colour="red" x-stream-offset=0l
        "#]],
    );
}

/// 21.5, 14.2, 15.8: hard 540s.
#[test]
fn a_stream_refuses_what_would_take_messages_out() {
    check(
        r#"
            queue log durable type=stream
            publish "" key=log "zero"
            D: qos 10
            D: consume log manual tag=c1 offset=first
            E: qos 10
            E: consume log manual tag=c1 offset=first
            ---
            A: get log
            B: purge log
            D: reject discard
            E: nack requeue
            F: queue log durable type=stream
        "#,
        expect![[r#"
            > A: get log
            closed     channel 1.1: with its connection
            closed     connection 1: 540 NOT_IMPLEMENTED - basic.get not supported by stream queues queue 'log' in vhost '/' (60,70)
            > B: purge log
            closed     channel 4.1: with its connection
            closed     connection 4: 540 NOT_IMPLEMENTED - queue.purge not supported by stream queues queue 'log' in vhost '/' (50,30)
            > D: reject discard
            cancelled  log -> 2.1 c1: channel ended
            closed     channel 2.1: with its connection
            closed     connection 2: 540 NOT_IMPLEMENTED - basic.nack and basic.reject not supported by stream queues queue 'log' in vhost '/' (60,90)
            > E: nack requeue
            cancelled  log -> 3.1 c1: channel ended
            closed     channel 3.1: with its connection
            closed     connection 3: 540 NOT_IMPLEMENTED - basic.nack and basic.reject not supported by stream queues queue 'log' in vhost '/' (60,120)
            > F: queue log durable type=stream
            replied    5.1 queue.declare-ok log, 1 messages, 0 consumers
        "#]],
    );
}

/// 21.5: no dead letters, no times to live, no priorities, not exclusive.
#[test]
fn a_stream_takes_arguments_of_its_own() {
    check(
        r#"
            A.1: queue log durable type=stream dlx=""
            A.2: queue log durable type=stream ttl=1s
            A.3: queue log durable type=stream max-priority=5
            A.4: queue log durable exclusive type=stream
            A.5: queue log durable auto-delete type=stream
            A.6: queue log type=stream
            A.7: queue log durable type=stream x-max-age=1y
            A.8: queue "" durable type=stream
        "#,
        expect![[r#"
            > A.1: queue log durable type=stream dlx=""
            closed     channel 1.1: 406 PRECONDITION_FAILED - invalid arg 'x-dead-letter-exchange' for queue 'log' in vhost '/' of queue type rabbit_stream_queue (50,10)
            > A.2: queue log durable type=stream ttl=1s
            closed     channel 1.2: 406 PRECONDITION_FAILED - invalid arg 'x-message-ttl' for queue 'log' in vhost '/' of queue type rabbit_stream_queue (50,10)
            > A.3: queue log durable type=stream max-priority=5
            closed     channel 1.3: 406 PRECONDITION_FAILED - invalid arg 'x-max-priority' for queue 'log' in vhost '/' of queue type rabbit_stream_queue (50,10)
            > A.4: queue log durable exclusive type=stream
            closed     channel 1.4: 406 PRECONDITION_FAILED - invalid property 'exclusive-owner' for queue 'log' in vhost '/' (50,10)
            > A.5: queue log durable auto-delete type=stream
            closed     channel 1.5: 406 PRECONDITION_FAILED - invalid property 'auto-delete' for queue 'log' in vhost '/' (50,10)
            > A.6: queue log type=stream
            closed     channel 1.6: 406 PRECONDITION_FAILED - invalid property 'non-durable' for queue 'log' in vhost '/' (50,10)
            > A.7: queue log durable type=stream x-max-age=1y
            closed     channel 1.7: 406 PRECONDITION_FAILED - invalid arg 'x-max-age' for queue 'log' in vhost '/': invalid_max_age (50,10)
            > A.8: queue "" durable type=stream
            closed     channel 1.8: 406 PRECONDITION_FAILED - Cannot declare a server-named queue for type rabbit_stream_queue (50,10)
        "#]],
    );
}

/// 21.5, 21.6: a message is a chunk here; the last one always stays.
#[test]
fn a_stream_forgets_by_size() {
    check(
        r#"
            queue log durable type=stream max-bytes=10
            publish "" key=log "12345"
            publish "" key=log "67890"
            ---
            publish "" key=log "abc"
            publish "" key=log "much longer than ten bytes"
        "#,
        expect![[r#"
            > publish "" key=log "abc"
            published  #3 to (default) key "log" "abc"
            hopped     #3 (default) -> log
            enqueued   #3 log at 2
            dropped    #1 log: retention
            > publish "" key=log "much longer than ten bytes"
            published  #4 to (default) key "log" "much longer than ten bytes"
            hopped     #4 (default) -> log
            enqueued   #4 log at 2
            dropped    #2 log: retention
            dropped    #3 log: retention
        "#]],
    );
}

/// 21.5
#[test]
fn a_stream_forgets_by_age() {
    check(
        r#"
            queue log durable type=stream x-max-age=1m
            publish "" key=log "old"
            +50s
            publish "" key=log "young"
            ---
            +11s
            publish "" key=log "newest"
        "#,
        expect![[r#"
            > +11s
            > publish "" key=log "newest"
            published  #3 to (default) key "log" "newest"
            hopped     #3 (default) -> log
            enqueued   #3 log at 2
            dropped    #1 log: retention
        "#]],
    );
}

/// 24.1: streams survive, transient messages too.
#[test]
fn a_stream_survives_a_restart() {
    check(
        r#"
            queue log durable type=stream
            publish "" key=log "transient" transient
            !restart
            ---
            A: qos 1
            A: consume log manual tag=c1 offset=first
        "#,
        expect![[r#"
            > A: qos 1
            replied    2.1 basic.qos-ok
            > A: consume log manual tag=c1 offset=first
            replied    2.1 basic.consume-ok c1
            consuming  log -> 2.1 c1
            delivered  #1 log -> 2.1 c1 tag 1 with x-stream-offset=0l
        "#]],
    );
}

/// 12.7: a hard 540; the channel-wide prefetch alone is not the one that a stream asks for.
#[test]
fn a_stream_and_a_channel_wide_prefetch_do_not_go_together() {
    check(
        r#"
            queue log durable type=stream
            qos 5 global
            ---
            consume log manual tag=c1
            !close-ok
            qos 1
            qos 5 global
            consume log manual tag=c1
        "#,
        expect![[r#"
            > consume log manual tag=c1
            closed     channel 1.1: 406 PRECONDITION_FAILED - consumer prefetch count is not set for 'queue 'log' in vhost '/'' (60,20)
            > !close-ok
            > qos 1
            replied    1.1 basic.qos-ok
            > qos 5 global
            replied    1.1 basic.qos-ok
            > consume log manual tag=c1
            closed     channel 1.1: with its connection
            closed     connection 1: 540 NOT_IMPLEMENTED - queue 'log' in vhost '/' does not support global qos (60,20)
        "#]],
    );
}

/// 21.4: what a stream delivered and nobody acknowledged is no message more when its channel is gone.
#[test]
fn deliveries_of_a_stream_that_come_back_are_not_counted_for_ever() {
    let mut config = config(Compatibility::V4);
    config.limits.messages = 3;
    let mut bench = Bench::with(config);
    bench.line("queue log durable type=stream");
    bench.line("publish '' key=log zero");
    for _ in 0..5 {
        bench.line("A: qos 1");
        bench.line("A: consume log manual tag=c1 offset=first");
        bench.line("A: crash");
    }
    bench.line("A: queue log durable type=stream");
    bench.line("A: publish '' key=log one");
    let log = &bench.broker.view().queues[0];
    assert_eq!((log.ready, log.unacked), (2, 0));
}

/// 15.8: a refused nack leaves nothing behind.
#[test]
fn a_refused_nack_leaves_no_delivery_behind() {
    let mut bench = Bench::new(Compatibility::V4);
    bench.line("queue log durable type=stream");
    bench.line("publish '' key=log zero");
    bench.line("B: qos 1");
    bench.line("B: consume log manual tag=c1 offset=first");
    bench.line("B: nack requeue");
    let log = &bench.broker.view().queues[0];
    assert_eq!((log.ready, log.unacked), (1, 0));
}
