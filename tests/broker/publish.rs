//! basic.publish and its confirms (semantics 9 and 10).

use expect_test::expect;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::harness::{check, check_3_10};

/// 9.4: mandatory comes back, the others are silently gone.
#[test]
fn an_unroutable_message_is_dropped_or_returned() {
    check(
        r#"
            exchange logs fanout
            ---
            publish logs "gone"
            publish logs "back" mandatory
            publish "" key=missing "back too" mandatory
        "#,
        expect![[r#"
            > publish logs "gone"
            published  #1 to logs "gone"
            unroutable #1 at logs
            > publish logs "back" mandatory
            published  #2 to logs "back" mandatory
            unroutable #2 at logs
            returned   #2 to 1.1: 312 NO_ROUTE
            > publish "" key=missing "back too" mandatory
            published  #3 to (default) key "missing" "back too" mandatory
            unroutable #3 at (default)
            returned   #3 to 1.1: 312 NO_ROUTE
        "#]],
    );
}

/// 9.1
#[test]
fn a_publish_to_a_missing_exchange_closes_the_channel() {
    check(
        r#"
            publish missing "one"
        "#,
        expect![[r#"
            > publish missing "one"
            closed     channel 1.1: 404 NOT_FOUND - no exchange 'missing' in vhost '/' (60,40)
        "#]],
    );
}

/// 9.1: a hard 540.
#[test]
fn immediate_is_not_implemented() {
    check(
        r#"
            queue x
            publish "" key=x "one" immediate
        "#,
        expect![[r#"
            > queue x
            declared   queue x
            replied    1.1 queue.declare-ok x, 0 messages, 0 consumers
            > publish "" key=x "one" immediate
            closed     channel 1.1: with its connection
            closed     connection 1: 540 NOT_IMPLEMENTED - immediate=true (60,40)
        "#]],
    );
}

/// 9.2
#[test]
fn the_user_id_must_be_true() {
    check(
        r#"
            queue x
            ---
            publish "" key=x "mine" user-id=guest
            publish "" key=x "another's" user-id=somebody
        "#,
        expect![[r#"
            > publish "" key=x "mine" user-id=guest
            published  #1 to (default) key "x" "mine"
            hopped     #1 (default) -> x
            enqueued   #1 x at 0
            > publish "" key=x "another's" user-id=somebody
            closed     channel 1.1: 406 PRECONDITION_FAILED - user_id property set to 'somebody' but authenticated user was 'guest' (60,40)
        "#]],
    );
}

/// 9.3
#[test]
fn an_expiration_is_a_decimal_number() {
    check(
        r#"
            queue x
            ---
            publish "" key=x "one" expiration=+10000
            A.1: publish "" key=x "one" expiration=abc
            A.2: publish "" key=x "one" expiration=10s
            A.3: publish "" key=x "one" expiration=-1
            A.4: publish "" key=x "one" expiration=""
        "#,
        expect![[r#"
            > publish "" key=x "one" expiration=+10000
            published  #1 to (default) key "x" "one"
            hopped     #1 (default) -> x
            enqueued   #1 x at 0
            > A.1: publish "" key=x "one" expiration=abc
            closed     channel 1.1: 406 PRECONDITION_FAILED - invalid expiration 'abc': no_integer (60,40)
            > A.2: publish "" key=x "one" expiration=10s
            closed     channel 1.2: 406 PRECONDITION_FAILED - invalid expiration '10s': {leftover_string,"s"} (60,40)
            > A.3: publish "" key=x "one" expiration=-1
            closed     channel 1.3: 406 PRECONDITION_FAILED - invalid expiration '-1': {value_negative,-1} (60,40)
            > A.4: publish "" key=x "one" expiration=""
            closed     channel 1.4: 406 PRECONDITION_FAILED - invalid expiration '': no_integer (60,40)
        "#]],
    );
}

/// 9.1: the message is built last.
#[test]
fn a_strange_delivery_mode_was_refused_in_3_10() {
    check_3_10(
        r#"
            queue x
            ---
            publish "" key=x "one" delivery-mode=3
        "#,
        expect![[r#"
            > publish "" key=x "one" delivery-mode=3
            closed     channel 1.1: 406 PRECONDITION_FAILED - invalid message: {delivery_mode_unknown,3} (60,40)
        "#]],
    );
}

/// 10.1, 10.2: select is idempotent, each publish has the next number, unroutable ones are acked at once.
#[test]
fn confirms_count_from_one() {
    check(
        r#"
            queue x durable
            ---
            confirm
            confirm
            publish "" key=x "one" persistent
            publish "" key=missing "two"
            publish "" key=missing "three" mandatory
        "#,
        expect![[r#"
            > confirm
            replied    1.1 confirm.select-ok
            > confirm
            replied    1.1 confirm.select-ok
            > publish "" key=x "one" persistent
            published  #1 to (default) key "x" "one" persistent
            hopped     #1 (default) -> x
            enqueued   #1 x at 0
            confirmed  #1 to 1.1: ack 1
            > publish "" key=missing "two"
            published  #2 to (default) key "missing" "two"
            unroutable #2 at (default)
            confirmed  #2 to 1.1: ack 2
            > publish "" key=missing "three" mandatory
            published  #3 to (default) key "missing" "three" mandatory
            unroutable #3 at (default)
            returned   #3 to 1.1: 312 NO_ROUTE
            confirmed  #3 to 1.1: ack 3
        "#]],
    );
}

/// 10.4: the other queue keeps its copy.
#[test]
fn a_full_queue_that_rejects_gives_a_nack() {
    check(
        r#"
            exchange logs fanout
            queue small max-length=1 overflow=reject-publish
            queue large
            bind logs -> small
            bind logs -> large
            ---
            confirm
            publish logs "one"
            publish logs "two"
        "#,
        expect![[r#"
            > confirm
            replied    1.1 confirm.select-ok
            > publish logs "one"
            published  #1 to logs "one"
            hopped     #1 logs -> small by ""
            hopped     #1 logs -> large by ""
            enqueued   #1 large at 0
            enqueued   #1 small at 0
            confirmed  #1 to 1.1: ack 1
            > publish logs "two"
            published  #2 to logs "two"
            hopped     #2 logs -> small by ""
            hopped     #2 logs -> large by ""
            enqueued   #2 large at 1
            refused    #2 by small
            confirmed  #2 to 1.1: nack 2
        "#]],
    );
}

/// 10.3
#[test]
fn a_dropped_head_is_still_confirmed() {
    check(
        r#"
            queue small max-length=1
            ---
            confirm
            publish "" key=small "one"
            publish "" key=small "two"
        "#,
        expect![[r#"
            > confirm
            replied    1.1 confirm.select-ok
            > publish "" key=small "one"
            published  #1 to (default) key "small" "one"
            hopped     #1 (default) -> small
            enqueued   #1 small at 0
            confirmed  #1 to 1.1: ack 1
            > publish "" key=small "two"
            published  #2 to (default) key "small" "two"
            hopped     #2 (default) -> small
            enqueued   #2 small at 1
            dropped    #1 small: maxlen
            confirmed  #2 to 1.1: ack 2
        "#]],
    );
}

/// 10.1, 11.1
#[test]
fn confirm_and_tx_exclude_each_other() {
    check(
        r#"
            queue x
            ---
            A.1: confirm
            A.1: tx select
            A.2: tx select
            A.2: confirm
        "#,
        expect![[r#"
            > A.1: confirm
            replied    1.1 confirm.select-ok
            > A.1: tx select
            closed     channel 1.1: 406 PRECONDITION_FAILED - cannot switch from confirm to tx mode (90,10)
            > A.2: tx select
            replied    1.2 tx.select-ok
            > A.2: confirm
            closed     channel 1.2: 406 PRECONDITION_FAILED - cannot switch from tx to confirm mode (85,10)
        "#]],
    );
}

/// 11.2, 11.3: routed at publish, enqueued at commit, returns before commit-ok.
#[test]
fn a_transaction_holds_publishes_and_acks_until_commit() {
    check(
        r#"
            queue x
            publish "" key=x "zero"
            get x
            ---
            tx select
            publish "" key=x "one"
            publish "" key=missing "two" mandatory
            ack 1
            tx commit
        "#,
        expect![[r#"
            > tx select
            replied    1.1 tx.select-ok
            > publish "" key=x "one"
            published  #2 to (default) key "x" "one"
            hopped     #2 (default) -> x
            > publish "" key=missing "two" mandatory
            published  #3 to (default) key "missing" "two" mandatory
            unroutable #3 at (default)
            > ack 1
            > tx commit
            enqueued   #2 x at 0
            returned   #3 to 1.1: 312 NO_ROUTE
            settled    #1 x: ack (1.1 tag 1)
            replied    1.1 tx.commit-ok
        "#]],
    );
}

/// 11.4: they are not redelivered and can be acked again.
#[test]
fn a_rollback_gives_tags_back() {
    check(
        r#"
            queue x
            publish "" key=x "zero"
            ---
            tx select
            get x
            publish "" key=x "one"
            ack 1
            tx rollback
            ack 1
            tx commit
        "#,
        expect![[r#"
            > tx select
            replied    1.1 tx.select-ok
            > get x
            got        #1 x -> 1.1 tag 1, 0 left
            > publish "" key=x "one"
            published  #2 to (default) key "x" "one"
            hopped     #2 (default) -> x
            > ack 1
            > tx rollback
            replied    1.1 tx.rollback-ok
            > ack 1
            > tx commit
            replied    1.1 tx.commit-ok
            settled    #1 x: ack (1.1 tag 1)
        "#]],
    );
}

/// 11.1
#[test]
fn commit_without_select_is_refused() {
    check(
        r#"
            queue x
            ---
            tx commit
        "#,
        expect![[r#"
            > tx commit
            closed     channel 1.1: 406 PRECONDITION_FAILED - channel is not transactional (90,20)
        "#]],
    );
}

/// 9.6: properties go through as they came.
#[test]
fn properties_are_not_touched() {
    check(
        r#"
            queue x
            ---
            publish "" key=x "one" timestamp=1 app-id=test header.a=1
            get x auto
            !headers
        "#,
        expect![[r#"
            > publish "" key=x "one" timestamp=1 app-id=test header.a=1
            published  #1 to (default) key "x" "one"
            hopped     #1 (default) -> x
            enqueued   #1 x at 0
            > get x auto
            got        #1 x -> 1.1 tag 1, 0 left
            settled    #1 x: automatic (1.1 tag 1)
            > !headers
            headers    a=1
        "#]],
    );
}

/// 9.1: the order in which faults are looked for; the reply address comes before user_id, CC before the delivery mode.
#[test]
fn faults_of_a_publish_have_an_order() {
    check_3_10(
        r#"
            exchange inside fanout internal
            queue x
            ---
            A.2: publish inside "internal" user-id=x expiration=abc
            A.3: publish missing "exchange" user-id=x
            A.4: publish "" key=x "reply" user-id=x reply-to=amq.rabbitmq.reply-to
            A.5: publish "" key=x "user" user-id=x expiration=abc delivery-mode=3
            A.6: publish "" key=x "expiration" expiration=abc delivery-mode=3 CC=1
            A.7: publish "" key=x "copies" delivery-mode=3 CC=1
            A.8: publish "" key=x "mode" delivery-mode=3
            B: publish missing "immediate" immediate
        "#,
        expect![[r#"
            > A.2: publish inside "internal" user-id=x expiration=abc
            closed     channel 1.2: 403 ACCESS_REFUSED - cannot publish to internal exchange 'inside' in vhost '/' (60,40)
            > A.3: publish missing "exchange" user-id=x
            closed     channel 1.3: 404 NOT_FOUND - no exchange 'missing' in vhost '/' (60,40)
            > A.4: publish "" key=x "reply" user-id=x reply-to=amq.rabbitmq.reply-to
            closed     channel 1.4: 406 PRECONDITION_FAILED - fast reply consumer does not exist (60,40)
            > A.5: publish "" key=x "user" user-id=x expiration=abc delivery-mode=3
            closed     channel 1.5: 406 PRECONDITION_FAILED - user_id property set to 'x' but authenticated user was 'guest' (60,40)
            > A.6: publish "" key=x "expiration" expiration=abc delivery-mode=3 CC=1
            closed     channel 1.6: 406 PRECONDITION_FAILED - invalid expiration 'abc': no_integer (60,40)
            > A.7: publish "" key=x "copies" delivery-mode=3 CC=1
            closed     channel 1.7: 406 PRECONDITION_FAILED - invalid message: {unacceptable_type_in_header,"CC",signedint} (60,40)
            > A.8: publish "" key=x "mode" delivery-mode=3
            closed     channel 1.8: 406 PRECONDITION_FAILED - invalid message: {delivery_mode_unknown,3} (60,40)
            > B: publish missing "immediate" immediate
            closed     channel 2.1: with its connection
            closed     connection 2: 540 NOT_IMPLEMENTED - immediate=true (60,40)
        "#]],
    );
}
