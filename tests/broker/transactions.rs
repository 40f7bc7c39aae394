//! Transactions (semantics 11), what the first tests leave out.

use expect_test::expect;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::harness::check;

/// 11.1: select may be said again.
#[test]
fn a_transaction_is_selected_once_and_again() {
    check(
        r#"
            queue x
            ---
            tx select
            publish "" key=x "one"
            tx select
            tx commit
            A.2: tx rollback
        "#,
        expect![[r#"
            > tx select
            replied    1.1 tx.select-ok
            > publish "" key=x "one"
            published  #1 to (default) key "x" "one"
            hopped     #1 (default) -> x
            > tx select
            replied    1.1 tx.select-ok
            > tx commit
            enqueued   #1 x at 0
            replied    1.1 tx.commit-ok
            > A.2: tx rollback
            closed     channel 1.2: 406 PRECONDITION_FAILED - channel is not transactional (90,30)
        "#]],
    );
}

/// 11.2: what is wrong with a publish is said at once.
#[test]
fn errors_of_a_publish_do_not_wait_for_commit() {
    check(
        r#"
            queue x
            tx select
            ---
            publish missing "one"
        "#,
        expect![[r#"
            > publish missing "one"
            closed     channel 1.1: 404 NOT_FOUND - no exchange 'missing' in vhost '/' (60,40)
        "#]],
    );
}

/// 11.2: the queues are chosen at publish, so a binding that comes later is too late.
#[test]
fn queues_are_chosen_when_it_is_published() {
    check(
        r#"
            exchange logs fanout
            queue early
            queue late
            bind logs -> early
            tx select
            ---
            publish logs "one"
            bind logs -> late
            unbind logs -> early
            tx commit
        "#,
        expect![[r#"
            > publish logs "one"
            published  #1 to logs "one"
            hopped     #1 logs -> early by ""
            > bind logs -> late
            bound      logs -> late by ""
            replied    1.1 queue.bind-ok
            > unbind logs -> early
            unbound    logs -> early by "": by client
            replied    1.1 queue.unbind-ok
            > tx commit
            enqueued   #1 early at 0
            replied    1.1 tx.commit-ok
        "#]],
    );
}

/// 11.2: an ack leaves the list of unacked at once.
#[test]
fn a_second_ack_in_a_transaction_is_unknown() {
    check(
        r#"
            queue x
            publish "" key=x "zero"
            get x
            tx select
            ---
            ack 1
            ack 1
        "#,
        expect![[r#"
            > ack 1
            > ack 1
            settled    #1 x: requeue at 0 (1.1 tag 1)
            closed     channel 1.1: 406 PRECONDITION_FAILED - unknown delivery tag 1 (60,80)
        "#]],
    );
}

/// 11.3: what the queue took stays taken.
#[test]
fn a_queue_that_rejects_breaks_the_commit() {
    check(
        r#"
            queue small max-length=1 overflow=reject-publish
            tx select
            ---
            publish "" key=small "one"
            publish "" key=small "two"
            tx commit
            B: get small auto
            B: get small auto
        "#,
        expect![[r#"
            > publish "" key=small "one"
            published  #1 to (default) key "small" "one"
            hopped     #1 (default) -> small
            > publish "" key=small "two"
            published  #2 to (default) key "small" "two"
            hopped     #2 (default) -> small
            > tx commit
            enqueued   #1 small at 0
            refused    #2 by small
            closed     channel 1.1: 406 PRECONDITION_FAILED - partial tx completion (90,20)
            > B: get small auto
            got        #1 small -> 2.1 tag 1, 0 left
            settled    #1 small: automatic (2.1 tag 1)
            > B: get small auto
            replied    2.1 basic.get-empty
        "#]],
    );
}

/// 11.3: publishes in order, then settlements in their order.
#[test]
fn a_commit_does_publishes_first() {
    check(
        r#"
            queue dead
            queue x dlx="" dlk=dead
            publish "" key=x "zero"
            publish "" key=x "one"
            publish "" key=x "two"
            get x
            get x
            get x
            tx select
            ---
            nack 2 discard
            ack 1
            publish "" key=x "three"
            reject 3 requeue
            tx commit
        "#,
        expect![[r#"
            > nack 2 discard
            > ack 1
            > publish "" key=x "three"
            published  #4 to (default) key "x" "three"
            hopped     #4 (default) -> x
            > reject 3 requeue
            > tx commit
            enqueued   #4 x at 0
            settled    #2 x: discard (1.1 tag 2)
            settled    #1 x: ack (1.1 tag 1)
            settled    #3 x: requeue at 0 (1.1 tag 3)
            replied    1.1 tx.commit-ok
            died       #2 x: rejected -> (default) key "dead"
            published  #5 of #2 to (default) key "dead" "one"
            hopped     #5 (default) -> dead
            enqueued   #5 dead at 0
        "#]],
    );
}

/// 11.5: publishes are gone, settled deliveries go back.
#[test]
fn a_channel_that_closes_without_commit_undoes_all() {
    check(
        r#"
            queue x
            publish "" key=x "zero"
            tx select
            get x
            ---
            publish "" key=x "one"
            ack 1
            close channel
            A.2: get x auto
            A.2: get x auto
        "#,
        expect![[r#"
            > publish "" key=x "one"
            published  #2 to (default) key "x" "one"
            hopped     #2 (default) -> x
            > ack 1
            > close channel
            settled    #1 x: requeue at 0 (1.1 tag 1)
            closed     channel 1.1: by client, 200 "Goodbye"
            replied    1.1 channel.close-ok
            > A.2: get x auto
            got        #1 x -> 1.2 tag 1, 0 left redelivered
            settled    #1 x: automatic (1.2 tag 1)
            > A.2: get x auto
            replied    1.2 basic.get-empty
        "#]],
    );
}

/// 11.6: recover, consume and get act at once.
#[test]
fn some_methods_do_not_wait_for_commit() {
    check(
        r#"
            queue x
            publish "" key=x "zero"
            tx select
            ---
            get x
            recover
            consume x manual tag=c1
            tx rollback
        "#,
        expect![[r#"
            > get x
            got        #1 x -> 1.1 tag 1, 0 left
            > recover
            replied    1.1 basic.recover-ok
            settled    #1 x: requeue at 0 (1.1 tag 1)
            > consume x manual tag=c1
            replied    1.1 basic.consume-ok c1
            consuming  x -> 1.1 c1
            delivered  #1 x -> 1.1 c1 tag 2 redelivered
            > tx rollback
            replied    1.1 tx.rollback-ok
        "#]],
    );
}

/// 11.4: what was published is forgotten.
#[test]
fn a_rollback_forgets_publishes() {
    check(
        r#"
            queue x
            tx select
            publish "" key=x "one"
            ---
            tx rollback
            tx commit
            get x
        "#,
        expect![[r#"
            > tx rollback
            replied    1.1 tx.rollback-ok
            > tx commit
            replied    1.1 tx.commit-ok
            > get x
            replied    1.1 basic.get-empty
        "#]],
    );
}

/// 11.2, 19.3: an answer to a reply address has no queue to wait in, so it goes at once, even if it is rolled back.
#[test]
fn a_direct_reply_does_not_wait_for_commit() {
    check(
        r#"
            B: queue rpc
            A: consume amq.rabbitmq.reply-to auto tag=c1
            A: publish "" key=rpc "question" reply-to=amq.rabbitmq.reply-to
            B: get rpc auto
            B: tx select
            ---
            B: publish "" key=$reply "answer"
            B: tx rollback
        "#,
        expect![[r#"
            > B: publish "" key=$reply "answer"
            published  #2 to (default) key "amq.rabbitmq.reply-to.1" "answer"
            hopped     #2 (default) -> amq.rabbitmq.reply-to.1 as direct reply
            delivered  #2 amq.rabbitmq.reply-to.1 -> 2.1 c1 tag 1
            settled    #2 amq.rabbitmq.reply-to.1: automatic (2.1 tag 1)
            > B: tx rollback
            replied    1.1 tx.rollback-ok
        "#]],
    );
}

/// 11.2: chosen by name, so a queue that is deleted and declared again gets it.
#[test]
fn a_queue_that_is_declared_again_gets_what_waits() {
    check(
        r#"
            queue x
            queue y
            tx select
            publish "" key=x "one"
            publish "" key=y "two" mandatory
            delete queue x
            delete queue y
            queue x
            ---
            tx commit
        "#,
        expect![[r#"
            > tx commit
            enqueued   #1 x at 0
            returned   #2 to 1.1: 312 NO_ROUTE
            replied    1.1 tx.commit-ok
        "#]],
    );
}
