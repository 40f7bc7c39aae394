//! Arguments of queues that are easily got wrong: in which order they are looked at, and where a queue leads (7.9). The
//! answers were asked of a live 3.10.8 and a live 4.0.5.

use expect_test::expect;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::harness::{check, check_3_10};

/// 7.9: what a type does not take is refused whatever its value; only then values are looked at.
#[test]
fn what_a_type_does_not_take_is_refused_before_any_value() {
    check(
        r#"
            A.1: queue q durable type=quorum x-max-priority=-1
            A.2: queue q durable type=stream overflow=tea
            A.3: queue q x-max-in-memory-length=-1
            A.4: queue q durable type=quorum x-max-in-memory-length=-1
            A.5: queue q durable type=quorum x-max-in-memory-length=5 x-max-in-memory-bytes=5
        "#,
        expect![[r#"
            > A.1: queue q durable type=quorum x-max-priority=-1
            closed     channel 1.1: 406 PRECONDITION_FAILED - invalid arg 'x-max-priority' for queue 'q' in vhost '/' of queue type rabbit_quorum_queue (50,10)
            > A.2: queue q durable type=stream overflow=tea
            closed     channel 1.2: 406 PRECONDITION_FAILED - invalid arg 'x-overflow' for queue 'q' in vhost '/' of queue type rabbit_stream_queue (50,10)
            > A.3: queue q x-max-in-memory-length=-1
            closed     channel 1.3: 406 PRECONDITION_FAILED - invalid arg 'x-max-in-memory-length' for queue 'q' in vhost '/' of queue type rabbit_classic_queue (50,10)
            > A.4: queue q durable type=quorum x-max-in-memory-length=-1
            closed     channel 1.4: 406 PRECONDITION_FAILED - invalid arg 'x-max-in-memory-length' for queue 'q' in vhost '/': {value_negative,-1} (50,10)
            > A.5: queue q durable type=quorum x-max-in-memory-length=5 x-max-in-memory-bytes=5
            declared   queue q
            replied    1.5 queue.declare-ok q, 0 messages, 0 consumers
        "#]],
    );
}

/// 7.9: since 4.0 a classic queue has a leader too, and its old name for the place is not looked at.
#[test]
fn a_classic_queue_takes_a_leader_locator_since_4_0() {
    check(
        r#"
            A.1: queue a x-queue-leader-locator=balanced
            A.2: queue b x-queue-leader-locator=tea
            A.3: queue c x-queue-master-locator=tea
            A.4: queue d durable type=quorum x-queue-master-locator=random
            A.5: queue a
        "#,
        expect![[r#"
            > A.1: queue a x-queue-leader-locator=balanced
            declared   queue a
            replied    1.1 queue.declare-ok a, 0 messages, 0 consumers
            > A.2: queue b x-queue-leader-locator=tea
            closed     channel 1.2: 406 PRECONDITION_FAILED - invalid arg 'x-queue-leader-locator' for queue 'b' in vhost '/': invalid_queue_locator_arg (50,10)
            > A.3: queue c x-queue-master-locator=tea
            declared   queue c
            replied    1.3 queue.declare-ok c, 0 messages, 0 consumers
            > A.4: queue d durable type=quorum x-queue-master-locator=random
            closed     channel 1.4: 406 PRECONDITION_FAILED - invalid arg 'x-queue-master-locator' for queue 'd' in vhost '/' of queue type rabbit_quorum_queue (50,10)
            > A.5: queue a
            closed     channel 1.5: 406 PRECONDITION_FAILED - inequivalent arg 'x-queue-leader-locator' for queue 'a' in vhost '/': received none but current is the value 'balanced' of type 'longstr' (50,10)
        "#]],
    );
}

/// 7.8: the size of a stream's filter has a text of its own (asked of a live 4.0.5; a live 3.10.8 does not know it).
#[test]
fn a_stream_takes_a_filter_of_some_size() {
    let script = r#"
        A.1: queue a durable type=stream x-stream-filter-size-bytes=16
        A.2: queue b durable type=stream x-stream-filter-size-bytes=1
        A.3: queue c durable type=stream x-stream-filter-size-bytes=big
        A.4: queue d x-stream-filter-size-bytes=1
    "#;
    check(
        script,
        expect![[r#"
        > A.1: queue a durable type=stream x-stream-filter-size-bytes=16
        declared   queue a
        replied    1.1 queue.declare-ok a, 0 messages, 0 consumers
        > A.2: queue b durable type=stream x-stream-filter-size-bytes=1
        closed     channel 1.2: 406 PRECONDITION_FAILED - Invalid value for  x-stream-filter-size-bytes (50,10)
        > A.3: queue c durable type=stream x-stream-filter-size-bytes=big
        closed     channel 1.3: 406 PRECONDITION_FAILED - Invalid value for  x-stream-filter-size-bytes (50,10)
        > A.4: queue d x-stream-filter-size-bytes=1
        declared   queue d
        replied    1.4 queue.declare-ok d, 0 messages, 0 consumers
    "#]],
    );
    check_3_10(
        script,
        expect![[r#"
        > A.1: queue a durable type=stream x-stream-filter-size-bytes=16
        declared   queue a
        replied    1.1 queue.declare-ok a, 0 messages, 0 consumers
        > A.2: queue b durable type=stream x-stream-filter-size-bytes=1
        declared   queue b
        replied    1.2 queue.declare-ok b, 0 messages, 0 consumers
        > A.3: queue c durable type=stream x-stream-filter-size-bytes=big
        declared   queue c
        replied    1.3 queue.declare-ok c, 0 messages, 0 consumers
        > A.4: queue d x-stream-filter-size-bytes=1
        declared   queue d
        replied    1.4 queue.declare-ok d, 0 messages, 0 consumers
    "#]],
    );
}

/// 7.9: 3.10 stumbles over a master locator that it does not know, and knows no leader of a classic queue.
#[test]
fn an_unknown_master_locator_ended_the_connection_in_3_10() {
    check_3_10(
        r#"
            A.1: queue a x-queue-leader-locator=balanced
            A.2: queue b x-queue-master-locator=min-masters
            A.3: queue c x-queue-master-locator=tea
        "#,
        expect![[r#"
            > A.1: queue a x-queue-leader-locator=balanced
            closed     channel 1.1: 406 PRECONDITION_FAILED - invalid arg 'x-queue-leader-locator' for queue 'a' in vhost '/' of queue type rabbit_classic_queue (50,10)
            > A.2: queue b x-queue-master-locator=min-masters
            declared   queue b
            replied    1.2 queue.declare-ok b, 0 messages, 0 consumers
            > A.3: queue c x-queue-master-locator=tea
            closed     channel 1.2: with its connection
            closed     channel 1.3: with its connection
            closed     connection 1: 541 INTERNAL_ERROR (0,0)
        "#]],
    );
}
