//! Length limits and times to live (semantics 16 and 17).

use expect_test::expect;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::harness::check;

/// 16.1, 16.2: ready messages count, unacked ones do not.
#[test]
fn a_full_queue_drops_its_head() {
    check(
        r#"
            queue work max-length=2
            publish "" key=work "one"
            get work
            ---
            publish "" key=work "two"
            publish "" key=work "three"
            publish "" key=work "four"
        "#,
        expect![[r#"
            > publish "" key=work "two"
            published  #2 to (default) key "work" "two"
            hopped     #2 (default) -> work
            enqueued   #2 work at 0
            > publish "" key=work "three"
            published  #3 to (default) key "work" "three"
            hopped     #3 (default) -> work
            enqueued   #3 work at 1
            > publish "" key=work "four"
            published  #4 to (default) key "work" "four"
            hopped     #4 (default) -> work
            enqueued   #4 work at 2
            dropped    #2 work: maxlen
        "#]],
    );
}

/// 16.1: of the body alone.
#[test]
fn bytes_count_too() {
    check(
        r#"
            queue work max-bytes=10
            ---
            publish "" key=work "12345"
            publish "" key=work "67890"
            publish "" key=work "x"
        "#,
        expect![[r#"
            > publish "" key=work "12345"
            published  #1 to (default) key "work" "12345"
            hopped     #1 (default) -> work
            enqueued   #1 work at 0
            > publish "" key=work "67890"
            published  #2 to (default) key "work" "67890"
            hopped     #2 (default) -> work
            enqueued   #2 work at 1
            > publish "" key=work "x"
            published  #3 to (default) key "work" "x"
            hopped     #3 (default) -> work
            enqueued   #3 work at 2
            dropped    #1 work: maxlen
        "#]],
    );
}

/// 16.3: the check is before delivery.
#[test]
fn a_rejecting_queue_refuses_even_with_an_idle_consumer() {
    check(
        r#"
            queue work max-length=0 overflow=reject-publish
            consume work auto tag=c1
            ---
            publish "" key=work "one"
        "#,
        expect![[r#"
            > publish "" key=work "one"
            published  #1 to (default) key "work" "one"
            hopped     #1 (default) -> work
            refused    #1 by work
        "#]],
    );
}

/// 13.6: never counted as ready.
#[test]
fn a_dropping_queue_hands_over_to_an_idle_consumer() {
    check(
        r#"
            queue work max-length=0
            consume work auto tag=c1
            ---
            publish "" key=work "one"
        "#,
        expect![[r#"
            > publish "" key=work "one"
            published  #1 to (default) key "work" "one"
            hopped     #1 (default) -> work
            delivered  #1 work -> 1.1 c1 tag 1
            settled    #1 work: automatic (1.1 tag 1)
        "#]],
    );
}

/// 16.4
#[test]
fn a_rejecting_queue_may_dead_letter() {
    check(
        r#"
            queue dead
            queue work max-length=1 overflow=reject-publish-dlx dlx="" dlk=dead
            ---
            publish "" key=work "one"
            publish "" key=work "two"
        "#,
        expect![[r#"
            > publish "" key=work "one"
            published  #1 to (default) key "work" "one"
            hopped     #1 (default) -> work
            enqueued   #1 work at 0
            > publish "" key=work "two"
            published  #2 to (default) key "work" "two"
            hopped     #2 (default) -> work
            refused    #2 by work
            died       #2 work: maxlen -> (default) key "dead"
            published  #3 of #2 to (default) key "dead" "two"
            hopped     #3 (default) -> dead
            enqueued   #3 dead at 0
        "#]],
    );
}

/// 15.5
#[test]
fn after_a_requeue_the_limit_holds_again() {
    check(
        r#"
            queue work max-length=1
            publish "" key=work "one"
            get work
            publish "" key=work "two"
            ---
            nack 1 requeue
        "#,
        expect![[r#"
            > nack 1 requeue
            settled    #1 work: requeue at 0 (1.1 tag 1)
            dropped    #1 work: maxlen
        "#]],
    );
}

/// 17.1, 17.2: the smaller of queue and message counts.
#[test]
fn a_message_expires_at_the_head() {
    check(
        r#"
            queue work ttl=1s
            ---
            publish "" key=work "long" expiration=5000
            publish "" key=work "short" expiration=200
            +999ms
            +1ms
        "#,
        expect![[r#"
            > publish "" key=work "long" expiration=5000
            published  #1 to (default) key "work" "long"
            hopped     #1 (default) -> work
            enqueued   #1 work at 0
            > publish "" key=work "short" expiration=200
            published  #2 to (default) key "work" "short"
            hopped     #2 (default) -> work
            enqueued   #2 work at 1
            > +999ms
            > +1ms
            dropped    #1 work: expired
            dropped    #2 work: expired
        "#]],
    );
}

/// 17.2: only the head is looked at.
#[test]
fn a_message_behind_one_that_lives_stays() {
    check(
        r#"
            queue work
            ---
            publish "" key=work "for ever"
            publish "" key=work "short" expiration=200
            +1s
            queue work
            get work auto
            queue work
        "#,
        expect![[r#"
            > publish "" key=work "for ever"
            published  #1 to (default) key "work" "for ever"
            hopped     #1 (default) -> work
            enqueued   #1 work at 0
            > publish "" key=work "short" expiration=200
            published  #2 to (default) key "work" "short"
            hopped     #2 (default) -> work
            enqueued   #2 work at 1
            > +1s
            > queue work
            replied    1.1 queue.declare-ok work, 2 messages, 0 consumers
            > get work auto
            dropped    #2 work: expired
            got        #1 work -> 1.1 tag 1, 0 left
            settled    #1 work: automatic (1.1 tag 1)
            > queue work
            replied    1.1 queue.declare-ok work, 0 messages, 0 consumers
        "#]],
    );
}

/// 17.1
#[test]
fn a_requeue_does_not_renew_the_time() {
    check(
        r#"
            queue work ttl=1s
            publish "" key=work "one"
            get work
            ---
            +800ms
            nack 1 requeue
            +200ms
        "#,
        expect![[r#"
            > +800ms
            > nack 1 requeue
            settled    #1 work: requeue at 0 (1.1 tag 1)
            > +200ms
            dropped    #1 work: expired
        "#]],
    );
}

/// 17.3
#[test]
fn a_message_without_time_needs_a_waiting_consumer() {
    check(
        r#"
            queue work
            queue watched
            consume watched auto tag=c1
            ---
            publish "" key=work "one" expiration=0
            publish "" key=watched "two" expiration=0
        "#,
        expect![[r#"
            > publish "" key=work "one" expiration=0
            published  #1 to (default) key "work" "one"
            hopped     #1 (default) -> work
            enqueued   #1 work at 0
            dropped    #1 work: expired
            > publish "" key=watched "two" expiration=0
            published  #2 to (default) key "watched" "two"
            hopped     #2 (default) -> watched
            delivered  #2 watched -> 1.1 c1 tag 1
            settled    #2 watched: automatic (1.1 tag 1)
        "#]],
    );
}

/// 16.5: as many may be out as there are.
#[test]
fn unacked_messages_do_not_fill_a_queue() {
    check(
        r#"
            queue work max-length=1
            consume work manual tag=c1
            ---
            publish "" key=work "one"
            publish "" key=work "two"
            cancel c1
            publish "" key=work "three"
            publish "" key=work "four"
        "#,
        expect![[r#"
            > publish "" key=work "one"
            published  #1 to (default) key "work" "one"
            hopped     #1 (default) -> work
            delivered  #1 work -> 1.1 c1 tag 1
            > publish "" key=work "two"
            published  #2 to (default) key "work" "two"
            hopped     #2 (default) -> work
            delivered  #2 work -> 1.1 c1 tag 2
            > cancel c1
            cancelled  work -> 1.1 c1: by client
            replied    1.1 basic.cancel-ok c1
            > publish "" key=work "three"
            published  #3 to (default) key "work" "three"
            hopped     #3 (default) -> work
            enqueued   #3 work at 0
            > publish "" key=work "four"
            published  #4 to (default) key "work" "four"
            hopped     #4 (default) -> work
            enqueued   #4 work at 1
            dropped    #3 work: maxlen
        "#]],
    );
}

/// 16.2: with priorities the head is that of the highest level.
#[test]
fn a_full_priority_queue_drops_the_highest() {
    check(
        r#"
            queue work max-length=1 max-priority=5
            publish "" key=work "low" priority=1
            ---
            publish "" key=work "high" priority=5
            publish "" key=work "lower" priority=0
        "#,
        expect![[r#"
            > publish "" key=work "high" priority=5
            published  #2 to (default) key "work" "high"
            hopped     #2 (default) -> work
            enqueued   #2 work at 0
            dropped    #2 work: maxlen
            > publish "" key=work "lower" priority=0
            published  #3 to (default) key "work" "lower"
            hopped     #3 (default) -> work
            enqueued   #3 work at 1
            dropped    #1 work: maxlen
        "#]],
    );
}

/// 17.4: only the head of the highest level is looked at.
#[test]
fn an_expired_message_behind_a_higher_one_stays() {
    check(
        r#"
            queue work max-priority=5
            publish "" key=work "low" priority=1 expiration=100
            publish "" key=work "high" priority=5
            ---
            +1s
            queue work passive
            get work auto
            queue work passive
        "#,
        expect![[r#"
            > +1s
            > queue work passive
            replied    1.1 queue.declare-ok work, 2 messages, 0 consumers
            > get work auto
            dropped    #1 work: expired
            got        #2 work -> 1.1 tag 1, 0 left
            settled    #2 work: automatic (1.1 tag 1)
            > queue work passive
            replied    1.1 queue.declare-ok work, 0 messages, 0 consumers
        "#]],
    );
}
