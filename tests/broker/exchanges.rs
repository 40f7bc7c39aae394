//! Exchanges: declaring, deleting, alternates (semantics 6).

use expect_test::expect;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::harness::{check, check_3_10};

/// 6.2, 6.4: an equal declare is answered and changes nothing.
#[test]
fn an_exchange_is_declared_once_and_again() {
    check(
        r#"
            exchange logs topic durable
            exchange logs topic durable
        "#,
        expect![[r#"
            > exchange logs topic durable
            declared   exchange logs topic
            replied    1.1 exchange.declare-ok
            > exchange logs topic durable
            replied    1.1 exchange.declare-ok
        "#]],
    );
}

/// 6.4
#[test]
fn a_different_declare_is_refused_with_the_first_difference() {
    check(
        r#"
            exchange logs direct durable
            ---
            exchange logs fanout durable
            A.2: exchange logs direct
            A.3: exchange logs direct durable auto-delete
            A.4: exchange logs direct durable internal
            A.5: exchange logs direct durable ae=other
        "#,
        expect![[r#"
            > exchange logs fanout durable
            closed     channel 1.1: 406 PRECONDITION_FAILED - inequivalent arg 'type' for exchange 'logs' in vhost '/': received 'fanout' but current is 'direct' (40,10)
            > A.2: exchange logs direct
            closed     channel 1.2: 406 PRECONDITION_FAILED - inequivalent arg 'durable' for exchange 'logs' in vhost '/': received 'false' but current is 'true' (40,10)
            > A.3: exchange logs direct durable auto-delete
            closed     channel 1.3: 406 PRECONDITION_FAILED - inequivalent arg 'auto_delete' for exchange 'logs' in vhost '/': received 'true' but current is 'false' (40,10)
            > A.4: exchange logs direct durable internal
            closed     channel 1.4: 406 PRECONDITION_FAILED - inequivalent arg 'internal' for exchange 'logs' in vhost '/': received 'true' but current is 'false' (40,10)
            > A.5: exchange logs direct durable ae=other
            closed     channel 1.5: 406 PRECONDITION_FAILED - inequivalent arg 'alternate-exchange' for exchange 'logs' in vhost '/': received the value 'other' of type 'longstr' but current is none (40,10)
        "#]],
    );
}

/// 6.2: 403
#[test]
fn reserved_names_and_the_default_exchange_are_refused() {
    check(
        r#"
            exchange amq.mine direct
            A.2: exchange "" direct
        "#,
        expect![[r#"
            > exchange amq.mine direct
            closed     channel 1.1: 403 ACCESS_REFUSED - exchange name 'amq.mine' contains reserved prefix 'amq.*' (40,10)
            > A.2: exchange "" direct
            closed     channel 1.2: 403 ACCESS_REFUSED - operation not permitted on the default exchange (40,10)
        "#]],
    );
}

/// D1
#[test]
fn an_unknown_type_is_a_soft_error_in_rabbitmq_4() {
    check(
        r#"
            exchange x strange
        "#,
        expect![[r#"
            > exchange x strange
            closed     channel 1.1: 406 PRECONDITION_FAILED - unknown exchange type 'strange' (40,10)
        "#]],
    );
}

/// D1
#[test]
fn an_unknown_type_was_a_hard_error_in_3_10() {
    check_3_10(
        r#"
            exchange x strange
        "#,
        expect![[r#"
            > exchange x strange
            closed     channel 1.1: with its connection
            closed     connection 1: 503 COMMAND_INVALID - unknown exchange type 'strange' (40,10)
        "#]],
    );
}

/// 6.3: type and flags are not looked at.
#[test]
fn a_passive_declare_asks_only_for_existence() {
    check(
        r#"
            exchange logs fanout
            ---
            exchange logs topic durable passive
            exchange missing passive
        "#,
        expect![[r#"
            > exchange logs topic durable passive
            replied    1.1 exchange.declare-ok
            > exchange missing passive
            closed     channel 1.1: 404 NOT_FOUND - no exchange 'missing' in vhost '/' (40,10)
        "#]],
    );
}

/// 6.2
#[test]
fn an_alternate_exchange_must_be_a_text() {
    check(
        r#"
            exchange x direct alternate-exchange=5
        "#,
        expect![[r#"
            > exchange x direct alternate-exchange=5
            closed     channel 1.1: 406 PRECONDITION_FAILED - invalid type 'signedint' for arg 'alternate-exchange' in exchange 'x' in vhost '/' (40,10)
        "#]],
    );
}

/// 6.5: missing is fine, the broker's own and the default are not, if-unused looks at bindings as source.
#[test]
fn deleting_follows_the_rules() {
    check(
        r#"
            exchange a fanout
            exchange b fanout
            bind a -> exchange b
            ---
            delete exchange missing
            delete exchange a if-unused
            A.2: delete exchange b if-unused
            A.2: delete exchange amq.direct
            A.3: delete exchange ""
        "#,
        expect![[r#"
            > delete exchange missing
            replied    1.1 exchange.delete-ok
            > delete exchange a if-unused
            closed     channel 1.1: 406 PRECONDITION_FAILED - exchange 'a' in vhost '/' in use (40,20)
            > A.2: delete exchange b if-unused
            unbound    a -> exchange b by "": its end was deleted
            deleted    exchange b: by client
            replied    1.2 exchange.delete-ok
            > A.2: delete exchange amq.direct
            closed     channel 1.2: 403 ACCESS_REFUSED - deletion of system exchange 'amq.direct' in vhost '/' not allowed (40,20)
            > A.3: delete exchange ""
            closed     channel 1.3: 403 ACCESS_REFUSED - operation not permitted on the default exchange (40,20)
        "#]],
    );
}

/// 6.7: never if it never had one.
#[test]
fn an_auto_delete_exchange_goes_with_its_last_binding() {
    check(
        r#"
            exchange unbound fanout auto-delete
            exchange logs fanout auto-delete
            queue work
            bind logs -> work
            ---
            unbind logs -> work
            exchange unbound passive
        "#,
        expect![[r#"
            > unbind logs -> work
            unbound    logs -> work by "": by client
            deleted    exchange logs: auto-delete
            replied    1.1 queue.unbind-ok
            > exchange unbound passive
            replied    1.1 exchange.declare-ok
        "#]],
    );
}

/// 6.6
#[test]
fn deleting_an_exchange_may_delete_those_that_were_bound_to_it() {
    check(
        r#"
            exchange source fanout auto-delete
            exchange sink fanout
            bind source -> exchange sink
            ---
            delete exchange sink
        "#,
        expect![[r#"
            > delete exchange sink
            unbound    source -> exchange sink by "": its end was deleted
            deleted    exchange sink: by client
            replied    1.1 exchange.delete-ok
            deleted    exchange source: auto-delete
        "#]],
    );
}

/// 6.8: reachable through a binding only.
#[test]
fn nobody_publishes_to_an_internal_exchange() {
    check(
        r#"
            exchange inner fanout internal
            exchange outer fanout
            queue work
            bind outer -> exchange inner
            bind inner -> work
            ---
            publish outer "through"
            publish inner "direct"
        "#,
        expect![[r#"
            > publish outer "through"
            published  #1 to outer "through"
            hopped     #1 outer -> exchange inner by ""
            hopped     #1 inner -> work by ""
            enqueued   #1 work at 0
            > publish inner "direct"
            closed     channel 1.1: 403 ACCESS_REFUSED - cannot publish to internal exchange 'inner' in vhost '/' (60,40)
        "#]],
    );
}

/// 6.9
#[test]
fn an_alternate_takes_what_no_binding_matched() {
    check(
        r#"
            exchange lost fanout
            exchange orders direct ae=lost
            queue work
            queue rest
            bind orders -> work key=new
            bind lost -> rest
            ---
            publish orders key=new "one"
            publish orders key=old "two"
        "#,
        expect![[r#"
            > publish orders key=new "one"
            published  #1 to orders key "new" "one"
            hopped     #1 orders -> work by "new"
            enqueued   #1 work at 0
            > publish orders key=old "two"
            published  #2 to orders key "old" "two"
            hopped     #2 orders -> exchange lost as alternate
            hopped     #2 lost -> rest by ""
            enqueued   #2 rest at 0
        "#]],
    );
}

/// 6.9: the alternate is not tried then.
#[test]
fn a_matching_binding_to_an_exchange_that_routes_nowhere_counts_as_a_match() {
    check(
        r#"
            exchange lost fanout
            exchange dead-end fanout
            exchange orders fanout ae=lost
            queue rest
            bind lost -> rest
            bind orders -> exchange dead-end
            ---
            publish orders "one"
        "#,
        expect![[r#"
            > publish orders "one"
            published  #1 to orders "one"
            hopped     #1 orders -> exchange dead-end by ""
            unroutable #1 at orders
        "#]],
    );
}

/// 6.9
#[test]
fn alternates_chain_and_a_missing_one_is_nothing() {
    check(
        r#"
            exchange third fanout ae=missing
            exchange second fanout ae=third
            exchange first fanout ae=second
            queue rest
            ---
            publish first "lost"
            bind third -> rest
            publish first "found"
        "#,
        expect![[r#"
            > publish first "lost"
            published  #1 to first "lost"
            hopped     #1 first -> exchange second as alternate
            hopped     #1 second -> exchange third as alternate
            unroutable #1 at first
            > bind third -> rest
            bound      third -> rest by ""
            replied    1.1 queue.bind-ok
            > publish first "found"
            published  #2 to first "found"
            hopped     #2 first -> exchange second as alternate
            hopped     #2 second -> exchange third as alternate
            hopped     #2 third -> rest by ""
            enqueued   #2 rest at 0
        "#]],
    );
}

/// 6.9: every exchange is visited once.
#[test]
fn a_circle_of_alternates_ends() {
    check(
        r#"
            exchange a fanout ae=b
            exchange b fanout ae=a
            queue work
            ---
            publish a "round" mandatory
        "#,
        expect![[r#"
            > publish a "round" mandatory
            published  #1 to a "round" mandatory
            hopped     #1 a -> exchange b as alternate
            unroutable #1 at a
            returned   #1 to 1.1: 312 NO_ROUTE
        "#]],
    );
}

/// 6.1: in every vhost, durable; only the one for tracing is internal.
#[test]
fn some_exchanges_are_there_from_the_start() {
    check(
        r#"
            A: exchange amq.direct direct durable
            A: exchange amq.topic topic durable
            A: exchange amq.fanout fanout durable
            A: exchange amq.headers headers durable
            A: exchange amq.match headers durable
            A: exchange amq.rabbitmq.trace topic durable internal
            A.2: publish amq.rabbitmq.trace "one"
            A.3: exchange amq.direct direct
        "#,
        expect![[r#"
            > A: exchange amq.direct direct durable
            replied    1.1 exchange.declare-ok
            > A: exchange amq.topic topic durable
            replied    1.1 exchange.declare-ok
            > A: exchange amq.fanout fanout durable
            replied    1.1 exchange.declare-ok
            > A: exchange amq.headers headers durable
            replied    1.1 exchange.declare-ok
            > A: exchange amq.match headers durable
            replied    1.1 exchange.declare-ok
            > A: exchange amq.rabbitmq.trace topic durable internal
            replied    1.1 exchange.declare-ok
            > A.2: publish amq.rabbitmq.trace "one"
            closed     channel 1.2: 403 ACCESS_REFUSED - cannot publish to internal exchange 'amq.rabbitmq.trace' in vhost '/' (60,40)
            > A.3: exchange amq.direct direct
            closed     channel 1.3: 406 PRECONDITION_FAILED - inequivalent arg 'durable' for exchange 'amq.direct' in vhost '/': received 'false' but current is 'true' (40,10)
        "#]],
    );
}

/// 6.9: the default exchange leads to nobody as an alternate; it does so only when it is published to.
#[test]
fn the_default_exchange_is_no_alternate() {
    check(
        r#"
            exchange logs fanout ae=""
            queue q
            ---
            publish logs key=q "one" mandatory
        "#,
        expect![[r#"
            > publish logs key=q "one" mandatory
            published  #1 to logs key "q" "one" mandatory
            hopped     #1 logs -> exchange  as alternate
            unroutable #1 at logs
            returned   #1 to 1.1: 312 NO_ROUTE
        "#]],
    );
}
