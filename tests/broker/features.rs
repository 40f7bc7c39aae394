//! Priorities, single active consumer, quorum queues, direct reply-to, alarms (semantics 19, 20, 25).

use expect_test::expect;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::harness::{check, check_3_10};

/// 20.1: above the maximum counts as the maximum, none as zero; in order within one level.
#[test]
fn the_highest_priority_comes_first() {
    check(
        r#"
            queue work max-priority=5
            publish "" key=work "none"
            publish "" key=work "three" priority=3
            publish "" key=work "nine" priority=9
            publish "" key=work "five" priority=5
            ---
            get work auto
            get work auto
            get work auto
            get work auto
        "#,
        expect![[r#"
            > get work auto
            got        #3 work -> 1.1 tag 1, 3 left
            settled    #3 work: automatic (1.1 tag 1)
            > get work auto
            got        #4 work -> 1.1 tag 2, 2 left
            settled    #4 work: automatic (1.1 tag 2)
            > get work auto
            got        #2 work -> 1.1 tag 3, 1 left
            settled    #2 work: automatic (1.1 tag 3)
            > get work auto
            got        #1 work -> 1.1 tag 4, 0 left
            settled    #1 work: automatic (1.1 tag 4)
        "#]],
    );
}

const NO_MAXIMUM: &str = r#"
    queue work max-priority=0
    publish "" key=work "none"
    publish "" key=work "one" priority=1
    publish "" key=work "nine" priority=9
    ---
    get work auto
    get work auto
    get work auto
"#;

/// 20.1: a maximum of zero makes two levels all the same since 4.0 (asked of a live 4.0.5).
#[test]
fn there_are_two_levels_at_least() {
    check(
        NO_MAXIMUM,
        expect![[r#"
        > get work auto
        got        #2 work -> 1.1 tag 1, 2 left
        settled    #2 work: automatic (1.1 tag 1)
        > get work auto
        got        #3 work -> 1.1 tag 2, 1 left
        settled    #3 work: automatic (1.1 tag 2)
        > get work auto
        got        #1 work -> 1.1 tag 3, 0 left
        settled    #1 work: automatic (1.1 tag 3)
    "#]],
    );
}

/// 20.1: asked of a live 3.10.8.
#[test]
fn a_maximum_of_zero_made_one_level_in_3_10() {
    check_3_10(
        NO_MAXIMUM,
        expect![[r#"
        > get work auto
        got        #1 work -> 1.1 tag 1, 2 left
        settled    #1 work: automatic (1.1 tag 1)
        > get work auto
        got        #2 work -> 1.1 tag 2, 1 left
        settled    #2 work: automatic (1.1 tag 2)
        > get work auto
        got        #3 work -> 1.1 tag 3, 0 left
        settled    #3 work: automatic (1.1 tag 3)
    "#]],
    );
}

/// 20.1
#[test]
fn a_requeue_returns_into_its_level() {
    check(
        r#"
            queue work max-priority=5
            publish "" key=work "low" priority=1
            publish "" key=work "high" priority=4
            get work
            ---
            publish "" key=work "high too" priority=4
            nack 1 requeue
            get work auto
        "#,
        expect![[r#"
            > publish "" key=work "high too" priority=4
            published  #3 to (default) key "work" "high too"
            hopped     #3 (default) -> work
            enqueued   #3 work at 0
            > nack 1 requeue
            settled    #2 work: requeue at 0 (1.1 tag 1)
            > get work auto
            got        #2 work -> 1.1 tag 2, 2 left redelivered
            settled    #2 work: automatic (1.1 tag 2)
        "#]],
    );
}

/// 15.5, 20.2: limits are applied to what came back before the next consumer is served.
#[test]
fn a_queue_without_room_drops_what_a_lost_connection_gives_back() {
    check(
        r#"
            queue work max-length=0 sac=true
            A.2: consume work manual tag=first
            B: consume work manual tag=second
            A: consume work manual tag=third
            B: publish "" key=work "one"
            ---
            crash
        "#,
        expect![[r#"
            > crash
            cancelled  work -> 1.1 third: channel ended
            cancelled  work -> 1.2 first: channel ended
            settled    #1 work: requeue at 0 (1.2 tag 1)
            closed     channel 1.1: with its connection
            closed     channel 1.2: with its connection
            activated  work -> 2.1 second
            dropped    #1 work: maxlen
            closed     connection 1: lost
        "#]],
    );
}

/// 20.2: whatever their priorities when they came.
#[test]
fn one_consumer_is_active_and_the_next_takes_over() {
    check(
        r#"
            queue work sac=true
            A.2: consume work manual tag=first
            A.3: consume work manual tag=second priority=10
            ---
            publish "" key=work "one"
            publish "" key=work "two"
            A.2: cancel first
            publish "" key=work "three"
            A.2: ack 1
        "#,
        expect![[r#"
            > publish "" key=work "one"
            published  #1 to (default) key "work" "one"
            hopped     #1 (default) -> work
            delivered  #1 work -> 1.2 first tag 1
            > publish "" key=work "two"
            published  #2 to (default) key "work" "two"
            hopped     #2 (default) -> work
            delivered  #2 work -> 1.2 first tag 2
            > A.2: cancel first
            cancelled  work -> 1.2 first: by client
            activated  work -> 1.3 second
            replied    1.2 basic.cancel-ok first
            > publish "" key=work "three"
            published  #3 to (default) key "work" "three"
            hopped     #3 (default) -> work
            delivered  #3 work -> 1.3 second tag 1
            > A.2: ack 1
            settled    #1 work: ack (1.2 tag 1)
        "#]],
    );
}

/// 20.4: limit N means N + 1 deliveries, counted in a header.
#[test]
fn a_delivery_limit_ends_a_circle_of_requeues() {
    check_3_10(
        r#"
            queue dead
            queue work durable type=quorum delivery-limit=1 dlx="" dlk=dead
            publish "" key=work "poison"
            ---
            get work
            nack 1 requeue
            get work
            nack 2 requeue
            get dead auto
        "#,
        expect![[r#"
            > get work
            got        #1 work -> 1.1 tag 1, 0 left with x-delivery-count=0l
            > nack 1 requeue
            settled    #1 work: requeue at 0 (1.1 tag 1)
            > get work
            got        #1 work -> 1.1 tag 2, 0 left redelivered with x-delivery-count=1l
            > nack 2 requeue
            settled    #1 work: requeue at 0 (1.1 tag 2)
            dropped    #1 work: delivery limit
            died       #1 work: delivery_limit -> (default) key "dead"
            published  #2 of #1 to (default) key "dead" "poison"
            hopped     #2 (default) -> dead
            enqueued   #2 dead at 0
            > get dead auto
            got        #2 dead -> 1.1 tag 3, 0 left
            settled    #2 dead: automatic (1.1 tag 3)
        "#]],
    );
}

/// 19.1, 19.2: no ack, one consumer on a channel, and a question needs one.
#[test]
fn the_reply_queue_has_rules_of_its_own() {
    check(
        r#"
            queue rpc
            ---
            consume amq.rabbitmq.reply-to manual tag=c1
            A.2: consume amq.rabbitmq.reply-to auto tag=c1
            A.2: consume amq.rabbitmq.reply-to auto tag=c2
            A.3: publish "" key=rpc "question" reply-to=amq.rabbitmq.reply-to
        "#,
        expect![[r#"
            > consume amq.rabbitmq.reply-to manual tag=c1
            closed     channel 1.1: 406 PRECONDITION_FAILED - reply consumer cannot acknowledge (60,20)
            > A.2: consume amq.rabbitmq.reply-to auto tag=c1
            replied    1.2 basic.consume-ok c1
            > A.2: consume amq.rabbitmq.reply-to auto tag=c2
            closed     channel 1.2: 406 PRECONDITION_FAILED - reply consumer already set (60,20)
            > A.3: publish "" key=rpc "question" reply-to=amq.rabbitmq.reply-to
            closed     channel 1.3: 406 PRECONDITION_FAILED - fast reply consumer does not exist (60,40)
        "#]],
    );
}

/// 25.1, 25.2
#[test]
fn an_alarm_blocks_only_those_who_publish() {
    check(
        r#"
            queue work
            B: consume work auto tag=c1
            ---
            operator: memory-alarm
            publish "" key=work "one"
            B: queue work
            operator: no memory-alarm
        "#,
        expect![[r#"
            > operator: memory-alarm
            alarm      memory true, disk false
            > publish "" key=work "one"
            blocked    connection 1: low on memory
            > B: queue work
            replied    2.1 queue.declare-ok work, 0 messages, 1 consumers
            > operator: no memory-alarm
            alarm      memory false, disk false
            unblocked  connection 1
            published  #1 to (default) key "work" "one"
            hopped     #1 (default) -> work
            delivered  #1 work -> 2.1 c1 tag 1
            settled    #1 work: automatic (2.1 tag 1)
        "#]],
    );
}
