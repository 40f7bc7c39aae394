//! Consumers: prefetch, delivery, cancelling, getting (semantics 12, 13, 14).

use expect_test::expect;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::harness::check;

/// 12.2: each has its own counter; those that run keep theirs.
#[test]
fn prefetch_holds_for_consumers_started_later() {
    check(
        r#"
            queue work
            queue other
            ---
            qos 1
            consume work manual tag=c1
            qos 2
            consume other manual tag=c2
            publish "" key=work "one"
            publish "" key=work "two"
            publish "" key=other "three"
            publish "" key=other "four"
            publish "" key=other "five"
        "#,
        expect![[r#"
            > qos 1
            replied    1.1 basic.qos-ok
            > consume work manual tag=c1
            replied    1.1 basic.consume-ok c1
            consuming  work -> 1.1 c1
            > qos 2
            replied    1.1 basic.qos-ok
            > consume other manual tag=c2
            replied    1.1 basic.consume-ok c2
            consuming  other -> 1.1 c2
            > publish "" key=work "one"
            published  #1 to (default) key "work" "one"
            hopped     #1 (default) -> work
            delivered  #1 work -> 1.1 c1 tag 1
            > publish "" key=work "two"
            published  #2 to (default) key "work" "two"
            hopped     #2 (default) -> work
            enqueued   #2 work at 0
            > publish "" key=other "three"
            published  #3 to (default) key "other" "three"
            hopped     #3 (default) -> other
            delivered  #3 other -> 1.1 c2 tag 2
            > publish "" key=other "four"
            published  #4 to (default) key "other" "four"
            hopped     #4 (default) -> other
            delivered  #4 other -> 1.1 c2 tag 3
            > publish "" key=other "five"
            published  #5 to (default) key "other" "five"
            hopped     #5 (default) -> other
            enqueued   #5 other at 0
        "#]],
    );
}

/// 12.4
#[test]
fn an_ack_makes_room() {
    check(
        r#"
            queue work
            consume work manual prefetch=1 tag=c1
            publish "" key=work "one"
            publish "" key=work "two"
            ---
            ack 1
        "#,
        expect![[r#"
            > ack 1
            settled    #1 work: ack (1.1 tag 1)
            delivered  #2 work -> 1.1 c1 tag 2
        "#]],
    );
}

/// 12.1: a hard 540.
#[test]
fn a_prefetch_size_is_not_implemented() {
    check(
        r#"
            queue x
            ---
            qos 1 size=10
        "#,
        expect![[r#"
            > qos 1 size=10
            closed     channel 1.1: with its connection
            closed     connection 1: 540 NOT_IMPLEMENTED - prefetch_size!=0 (10) (60,10)
        "#]],
    );
}

/// 12.3
#[test]
fn a_channel_wide_prefetch_counts_all_its_consumers() {
    check(
        r#"
            queue work
            queue other
            qos 1 global
            consume work manual tag=c1
            consume other manual tag=c2
            ---
            publish "" key=work "one"
            publish "" key=other "two"
            ack 1
        "#,
        expect![[r#"
            > publish "" key=work "one"
            published  #1 to (default) key "work" "one"
            hopped     #1 (default) -> work
            delivered  #1 work -> 1.1 c1 tag 1
            > publish "" key=other "two"
            published  #2 to (default) key "other" "two"
            hopped     #2 (default) -> other
            enqueued   #2 other at 0
            > ack 1
            settled    #1 work: ack (1.1 tag 1)
            delivered  #2 other -> 1.1 c2 tag 2
        "#]],
    );
}

/// 12.6
#[test]
fn a_get_is_never_limited() {
    check(
        r#"
            queue work
            consume work manual prefetch=1 tag=c1
            publish "" key=work "one"
            publish "" key=work "two"
            ---
            get work
        "#,
        expect![[r#"
            > get work
            got        #2 work -> 1.1 tag 2, 0 left
        "#]],
    );
}

/// 13.1: a second one is a hard 530; on another channel it is fine.
#[test]
fn a_tag_is_used_once_on_a_channel() {
    check(
        r#"
            queue work
            consume work auto tag=c1
            ---
            A.2: consume work auto tag=c1
            consume work auto tag=c1
        "#,
        expect![[r#"
            > A.2: consume work auto tag=c1
            replied    1.2 basic.consume-ok c1
            consuming  work -> 1.2 c1
            > consume work auto tag=c1
            cancelled  work -> 1.1 c1: channel ended
            cancelled  work -> 1.2 c1: channel ended
            closed     channel 1.1: with its connection
            closed     channel 1.2: with its connection
            closed     connection 1: 530 NOT_ALLOWED - attempt to reuse consumer tag 'c1' (60,20)
        "#]],
    );
}

/// 13.2
#[test]
fn an_exclusive_consumer_is_alone() {
    check(
        r#"
            queue work
            queue mine
            ---
            A.1: consume work auto tag=c1
            A.2: consume work auto exclusive tag=c2
            A.3: consume mine auto exclusive tag=c3
            A.4: consume mine auto tag=c4
        "#,
        expect![[r#"
            > A.1: consume work auto tag=c1
            replied    1.1 basic.consume-ok c1
            consuming  work -> 1.1 c1
            > A.2: consume work auto exclusive tag=c2
            closed     channel 1.2: 403 ACCESS_REFUSED - queue 'work' in vhost '/' in exclusive use (60,20)
            > A.3: consume mine auto exclusive tag=c3
            replied    1.3 basic.consume-ok c3
            consuming  mine -> 1.3 c3
            > A.4: consume mine auto tag=c4
            closed     channel 1.4: 403 ACCESS_REFUSED - queue 'mine' in vhost '/' in exclusive use (60,20)
        "#]],
    );
}

/// 13.4
#[test]
fn consume_ok_comes_before_the_first_delivery() {
    check(
        r#"
            queue work
            publish "" key=work "one"
            publish "" key=work "two"
            ---
            consume work auto tag=c1
        "#,
        expect![[r#"
            > consume work auto tag=c1
            replied    1.1 basic.consume-ok c1
            consuming  work -> 1.1 c1
            delivered  #1 work -> 1.1 c1 tag 1
            settled    #1 work: automatic (1.1 tag 1)
            delivered  #2 work -> 1.1 c1 tag 2
            settled    #2 work: automatic (1.1 tag 2)
        "#]],
    );
}

/// 13.5: the one that was served goes to the back.
#[test]
fn equal_consumers_take_turns() {
    check(
        r#"
            queue work
            A.2: consume work auto tag=c1
            A.3: consume work auto tag=c2
            ---
            publish "" key=work "one"
            publish "" key=work "two"
            publish "" key=work "three"
        "#,
        expect![[r#"
            > publish "" key=work "one"
            published  #1 to (default) key "work" "one"
            hopped     #1 (default) -> work
            delivered  #1 work -> 1.2 c1 tag 1
            settled    #1 work: automatic (1.2 tag 1)
            > publish "" key=work "two"
            published  #2 to (default) key "work" "two"
            hopped     #2 (default) -> work
            delivered  #2 work -> 1.3 c2 tag 1
            settled    #2 work: automatic (1.3 tag 1)
            > publish "" key=work "three"
            published  #3 to (default) key "work" "three"
            hopped     #3 (default) -> work
            delivered  #3 work -> 1.2 c1 tag 2
            settled    #3 work: automatic (1.2 tag 2)
        "#]],
    );
}

/// 13.5: the others get what it cannot take.
#[test]
fn a_higher_priority_is_served_first() {
    check(
        r#"
            queue work
            A.2: consume work manual prefetch=1 tag=low
            A.3: consume work manual prefetch=1 tag=high priority=10
            ---
            publish "" key=work "one"
            publish "" key=work "two"
            publish "" key=work "three"
            A.3: ack 1
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
            > A.3: ack 1
            settled    #1 work: ack (1.3 tag 1)
            delivered  #3 work -> 1.3 high tag 2
        "#]],
    );
}

/// 13.7: deliver and get, acked or not.
#[test]
fn delivery_tags_count_every_delivery_of_the_channel() {
    check(
        r#"
            queue work
            publish "" key=work "one"
            publish "" key=work "two"
            publish "" key=work "three"
            ---
            get work auto
            get work
            consume work auto tag=c1
        "#,
        expect![[r#"
            > get work auto
            got        #1 work -> 1.1 tag 1, 2 left
            settled    #1 work: automatic (1.1 tag 1)
            > get work
            got        #2 work -> 1.1 tag 2, 1 left
            > consume work auto tag=c1
            replied    1.1 basic.consume-ok c1
            consuming  work -> 1.1 c1
            delivered  #3 work -> 1.1 c1 tag 3
            settled    #3 work: automatic (1.1 tag 3)
        "#]],
    );
}

/// 13.9: an unknown tag is answered too.
#[test]
fn cancelling_does_not_requeue() {
    check(
        r#"
            queue work
            publish "" key=work "one"
            consume work manual tag=c1
            ---
            cancel c1
            cancel never
            queue work
            ack 1
        "#,
        expect![[r#"
            > cancel c1
            cancelled  work -> 1.1 c1: by client
            replied    1.1 basic.cancel-ok c1
            > cancel never
            replied    1.1 basic.cancel-ok never
            > queue work
            replied    1.1 queue.declare-ok work, 0 messages, 0 consumers
            > ack 1
            settled    #1 work: ack (1.1 tag 1)
        "#]],
    );
}

/// 13.3
#[test]
fn a_priority_must_be_a_number() {
    check(
        r#"
            queue work
            ---
            A.1: consume work auto tag=c1 priority=high
            A.2: consume work auto tag=c2 offset=first
        "#,
        expect![[r#"
            > A.1: consume work auto tag=c1 priority=high
            closed     channel 1.1: 406 PRECONDITION_FAILED - invalid arg 'x-priority' for queue 'work' in vhost '/': "expected integer, got longstr" (60,20)
            > A.2: consume work auto tag=c2 offset=first
            closed     channel 1.2: 406 PRECONDITION_FAILED - invalid arg 'x-stream-offset' for queue 'work' in vhost '/' of queue type rabbit_classic_queue (60,20)
        "#]],
    );
}

/// 14.1
#[test]
fn get_answers_with_a_message_or_with_empty() {
    check(
        r#"
            queue work
            publish "" key=work "one"
            publish "" key=work "two"
            ---
            get work
            get work auto
            get work
            A.2: get missing
        "#,
        expect![[r#"
            > get work
            got        #1 work -> 1.1 tag 1, 1 left
            > get work auto
            got        #2 work -> 1.1 tag 2, 0 left
            settled    #2 work: automatic (1.1 tag 2)
            > get work
            replied    1.1 basic.get-empty
            > A.2: get missing
            closed     channel 1.2: 404 NOT_FOUND - no queue 'missing' in vhost '/' (60,70)
        "#]],
    );
}

/// 13.8: it came back; a message that was only published twice, or died elsewhere, did not.
#[test]
fn redelivered_says_that_it_came_back() {
    check(
        r#"
            queue dead
            queue work dlx="" dlk=dead
            publish "" key=work "one"
            ---
            get work
            nack requeue
            get work
            nack discard
            get dead auto
        "#,
        expect![[r#"
            > get work
            got        #1 work -> 1.1 tag 1, 0 left
            > nack requeue
            settled    #1 work: requeue at 0 (1.1 tag 1)
            > get work
            got        #1 work -> 1.1 tag 2, 0 left redelivered
            > nack discard
            settled    #1 work: discard (1.1 tag 2)
            died       #1 work: rejected -> (default) key "dead"
            published  #2 of #1 to (default) key "dead" "one"
            hopped     #2 (default) -> dead
            enqueued   #2 dead at 0
            > get dead auto
            got        #2 dead -> 1.1 tag 3, 0 left
            settled    #2 dead: automatic (1.1 tag 3)
        "#]],
    );
}

/// 13.10, 13.9: those who understand it are told; a client's own cancel is answered and nothing else.
#[test]
fn a_client_without_the_capability_is_not_told() {
    check(
        r#"
            A: queue work
            B: !connect mute
            B: consume work auto tag=c1
            C: consume work auto tag=c1
            ---
            A: delete queue work
        "#,
        expect![[r#"
            > A: delete queue work
            replied    1.1 queue.delete-ok 0 messages
            cancelled  work -> 2.1 c1: queue deleted
            cancelled  work -> 3.1 c1: queue deleted, client told
            deleted    queue work: by client, 0 messages
        "#]],
    );
}

/// 13.12: of its last hop, with all its keys.
#[test]
fn a_delivery_tells_where_it_was_published() {
    check(
        r#"
            exchange logs direct
            exchange copies fanout
            queue work
            bind logs -> exchange copies key=info
            bind copies -> work
            ---
            publish logs key=info "one"
            get work auto
        "#,
        expect![[r#"
            > publish logs key=info "one"
            published  #1 to logs key "info" "one"
            hopped     #1 logs -> exchange copies by "info"
            hopped     #1 copies -> work by ""
            enqueued   #1 work at 0
            > get work auto
            got        #1 work -> 1.1 tag 1, 0 left
            settled    #1 work: automatic (1.1 tag 1)
        "#]],
    );
}

/// D14: the server did not ask for an answer.
#[test]
fn a_cancel_ok_of_a_client_is_not_implemented() {
    check(
        r#"
            queue work
            ---
            !cancel-ok
        "#,
        expect![[r#"
            > !cancel-ok
            closed     channel 1.1: with its connection
            closed     connection 1: 503 COMMAND_INVALID - unimplemented method (60,31)
        "#]],
    );
}
