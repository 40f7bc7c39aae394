//! Publisher confirms (semantics 10), what the first tests leave out.

use expect_test::expect;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::harness::check;

/// 10.3, 17.3: a message that expires at once is confirmed all the same.
#[test]
fn an_expired_message_is_confirmed() {
    check(
        r#"
            queue x ttl=0
            confirm
            ---
            publish "" key=x "one"
        "#,
        expect![[r#"
            > publish "" key=x "one"
            published  #1 to (default) key "x" "one"
            hopped     #1 (default) -> x
            enqueued   #1 x at 0
            dropped    #1 x: expired
            confirmed  #1 to 1.1: ack 1
        "#]],
    );
}

/// 10.4: one nack, however many queues refuse.
#[test]
fn two_queues_that_refuse_give_one_nack() {
    check(
        r#"
            exchange logs fanout
            queue small max-length=0 overflow=reject-publish
            queue tiny max-length=0 overflow=reject-publish
            bind logs -> small
            bind logs -> tiny
            confirm
            ---
            publish logs "one"
        "#,
        expect![[r#"
            > publish logs "one"
            published  #1 to logs "one"
            hopped     #1 logs -> small by ""
            hopped     #1 logs -> tiny by ""
            refused    #1 by small
            refused    #1 by tiny
            confirmed  #1 to 1.1: nack 1
        "#]],
    );
}

/// 5.9, 10.5: one after the other; here every publish is confirmed by itself; RabbitMQ may put several acks into one.
#[test]
fn every_publish_is_confirmed_by_itself() {
    check(
        r#"
            queue x
            confirm
            ---
            publish "" key=x "one"; publish "" key=x "two"; publish "" key=x "three"
        "#,
        expect![[r#"
            > publish "" key=x "one"; publish "" key=x "two"; publish "" key=x "three"
            published  #1 to (default) key "x" "one"
            hopped     #1 (default) -> x
            enqueued   #1 x at 0
            confirmed  #1 to 1.1: ack 1
            published  #2 to (default) key "x" "two"
            hopped     #2 (default) -> x
            enqueued   #2 x at 1
            confirmed  #2 to 1.1: ack 2
            published  #3 to (default) key "x" "three"
            hopped     #3 (default) -> x
            enqueued   #3 x at 2
            confirmed  #3 to 1.1: ack 3
        "#]],
    );
}

/// 10.6: each channel counts for itself, and anew after it was closed.
#[test]
fn confirms_belong_to_their_channel() {
    check(
        r#"
            queue x
            A.1: confirm
            A.2: confirm
            A.1: publish "" key=x "one"
            ---
            A.2: publish "" key=x "one"
            A.1: publish "" key=x "two"
            A.1: close channel
            A.1: confirm
            A.1: publish "" key=x "three"
        "#,
        expect![[r#"
            > A.2: publish "" key=x "one"
            published  #2 to (default) key "x" "one"
            hopped     #2 (default) -> x
            enqueued   #2 x at 1
            confirmed  #2 to 1.2: ack 1
            > A.1: publish "" key=x "two"
            published  #3 to (default) key "x" "two"
            hopped     #3 (default) -> x
            enqueued   #3 x at 2
            confirmed  #3 to 1.1: ack 2
            > A.1: close channel
            closed     channel 1.1: by client, 200 "Goodbye"
            replied    1.1 channel.close-ok
            > A.1: confirm
            replied    1.1 confirm.select-ok
            > A.1: publish "" key=x "three"
            published  #4 to (default) key "x" "three"
            hopped     #4 (default) -> x
            enqueued   #4 x at 3
            confirmed  #4 to 1.1: ack 1
        "#]],
    );
}

/// 10.1: nowait.
#[test]
fn a_select_without_an_answer_counts_too() {
    check(
        r#"
            queue x
            ---
            confirm nowait
            publish "" key=x "one"
        "#,
        expect![[r#"
            > confirm nowait
            > publish "" key=x "one"
            published  #1 to (default) key "x" "one"
            hopped     #1 (default) -> x
            enqueued   #1 x at 0
            confirmed  #1 to 1.1: ack 1
        "#]],
    );
}

/// 10.2: a publish that closes its channel has no number.
#[test]
fn a_refused_publish_is_not_confirmed() {
    check(
        r#"
            queue x
            confirm
            ---
            publish missing "one"
            !close-ok
            confirm
            publish "" key=x "two"
        "#,
        expect![[r#"
            > publish missing "one"
            closed     channel 1.1: 404 NOT_FOUND - no exchange 'missing' in vhost '/' (60,40)
            > !close-ok
            > confirm
            replied    1.1 confirm.select-ok
            > publish "" key=x "two"
            published  #1 to (default) key "x" "two"
            hopped     #1 (default) -> x
            enqueued   #1 x at 0
            confirmed  #1 to 1.1: ack 1
        "#]],
    );
}

/// 9.5: taken is taken, so nothing comes back.
#[test]
fn a_message_that_a_queue_drops_is_not_returned() {
    check(
        r#"
            queue x max-length=0
            queue y max-length=0 overflow=reject-publish
            confirm
            ---
            publish "" key=x "one" mandatory
            publish "" key=y "two" mandatory
        "#,
        expect![[r#"
            > publish "" key=x "one" mandatory
            published  #1 to (default) key "x" "one" mandatory
            hopped     #1 (default) -> x
            enqueued   #1 x at 0
            dropped    #1 x: maxlen
            confirmed  #1 to 1.1: ack 1
            > publish "" key=y "two" mandatory
            published  #2 to (default) key "y" "two" mandatory
            hopped     #2 (default) -> y
            refused    #2 by y
            confirmed  #2 to 1.1: nack 2
        "#]],
    );
}

/// 6.10: nothing comes back when the alternate exchange took it.
#[test]
fn what_the_alternate_takes_is_not_returned() {
    check(
        r#"
            exchange logs fanout ae=rest
            exchange rest fanout
            queue q
            bind rest -> q
            ---
            publish logs "one" mandatory
            unbind rest -> q
            publish logs "two" mandatory
        "#,
        expect![[r#"
            > publish logs "one" mandatory
            published  #1 to logs "one" mandatory
            hopped     #1 logs -> exchange rest as alternate
            hopped     #1 rest -> q by ""
            enqueued   #1 q at 0
            > unbind rest -> q
            unbound    rest -> q by "": by client
            replied    1.1 queue.unbind-ok
            > publish logs "two" mandatory
            published  #2 to logs "two" mandatory
            hopped     #2 logs -> exchange rest as alternate
            unroutable #2 at logs
            returned   #2 to 1.1: 312 NO_ROUTE
        "#]],
    );
}
