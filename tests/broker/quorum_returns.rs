//! Quorum queues: deliveries that come back, and how often they may (semantics 20.4, D6).

use expect_test::expect;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::harness::{check, check_3_10};

/// 20.4, D6: without a limit it went to the tail in 3.10.
#[test]
fn a_requeue_went_to_the_tail_in_3_10() {
    check_3_10(
        r#"
            queue work durable type=quorum
            publish "" key=work "one"
            publish "" key=work "two"
            ---
            get work
            nack requeue
            get work auto
            get work auto
        "#,
        expect![[r#"
            > get work
            got        #1 work -> 1.1 tag 1, 1 left with x-delivery-count=0l
            > nack requeue
            settled    #1 work: requeue at 1 (1.1 tag 1)
            > get work auto
            got        #2 work -> 1.1 tag 2, 1 left with x-delivery-count=0l
            settled    #2 work: automatic (1.1 tag 2)
            > get work auto
            got        #1 work -> 1.1 tag 3, 0 left redelivered with x-delivery-count=1l
            settled    #1 work: automatic (1.1 tag 3)
        "#]],
    );
}

/// 20.4: with a limit it is served first.
#[test]
fn a_returned_message_is_served_first() {
    check_3_10(
        r#"
            queue work durable type=quorum delivery-limit=5
            publish "" key=work "one"
            publish "" key=work "two"
            publish "" key=work "three"
            ---
            get work
            get work
            nack 2 requeue
            nack 1 requeue
            get work auto
            get work auto
            get work auto
        "#,
        expect![[r#"
            > get work
            got        #1 work -> 1.1 tag 1, 2 left with x-delivery-count=0l
            > get work
            got        #2 work -> 1.1 tag 2, 1 left with x-delivery-count=0l
            > nack 2 requeue
            settled    #2 work: requeue at 0 (1.1 tag 2)
            > nack 1 requeue
            settled    #1 work: requeue at 1 (1.1 tag 1)
            > get work auto
            got        #2 work -> 1.1 tag 3, 2 left redelivered with x-delivery-count=1l
            settled    #2 work: automatic (1.1 tag 3)
            > get work auto
            got        #1 work -> 1.1 tag 4, 1 left redelivered with x-delivery-count=1l
            settled    #1 work: automatic (1.1 tag 4)
            > get work auto
            got        #3 work -> 1.1 tag 5, 0 left with x-delivery-count=0l
            settled    #3 work: automatic (1.1 tag 5)
        "#]],
    );
}

/// D6: 20 returns by default.
#[test]
fn twenty_returns_are_enough_in_rabbitmq_4() {
    check(
        r#"
            queue work durable type=quorum
            publish "" key=work "poison"
            consume work manual tag=c1
            nack requeue; nack requeue; nack requeue; nack requeue; nack requeue; nack requeue; nack requeue; nack requeue; nack requeue; nack requeue
            nack requeue; nack requeue; nack requeue; nack requeue; nack requeue; nack requeue; nack requeue; nack requeue; nack requeue
            ---
            nack requeue
            nack requeue
        "#,
        expect![[r#"
            > nack requeue
            settled    #1 work: requeue at 0 (1.1 tag 20)
            delivered  #1 work -> 1.1 c1 tag 21 redelivered with x-delivery-count=20l
            > nack requeue
            settled    #1 work: requeue at 0 (1.1 tag 21)
            dropped    #1 work: delivery limit
        "#]],
    );
}

/// D6: -1 is no limit since 4.0.
#[test]
fn a_delivery_limit_below_zero_is_none() {
    check(
        r#"
            queue work durable type=quorum delivery-limit=-1
            publish "" key=work "poison"
            publish "" key=work "two"
            ---
            get work
            nack requeue
            get work
            nack requeue
            get work
        "#,
        expect![[r#"
            > get work
            got        #1 work -> 1.1 tag 1, 1 left
            > nack requeue
            settled    #1 work: requeue at 0 (1.1 tag 1)
            > get work
            got        #1 work -> 1.1 tag 2, 1 left redelivered with x-delivery-count=1l
            > nack requeue
            settled    #1 work: requeue at 0 (1.1 tag 2)
            > get work
            got        #1 work -> 1.1 tag 3, 1 left redelivered with x-delivery-count=2l
        "#]],
    );
}

/// D6: in 3.10 the first return was already too many, for nobody checks the argument.
#[test]
fn a_delivery_limit_below_zero_allowed_no_return_in_3_10() {
    check_3_10(
        r#"
            queue dead
            queue work durable type=quorum delivery-limit=-1 dlx="" dlk=dead
            queue other durable type=quorum delivery-limit=many
            publish "" key=work "poison"
            ---
            get work
            nack requeue
        "#,
        expect![[r#"
            > get work
            got        #1 work -> 1.1 tag 1, 0 left with x-delivery-count=0l
            > nack requeue
            settled    #1 work: requeue at 0 (1.1 tag 1)
            dropped    #1 work: delivery limit
            died       #1 work: delivery_limit -> (default) key "dead"
            published  #2 of #1 to (default) key "dead" "poison"
            hopped     #2 (default) -> dead
            enqueued   #2 dead at 0
        "#]],
    );
}

/// 20.4: the end of a channel counts, and so does a reject.
#[test]
fn a_channel_that_ends_counts_as_a_delivery() {
    check(
        r#"
            queue work durable type=quorum delivery-limit=2
            publish "" key=work "one"
            B: consume work manual tag=c1
            B: crash
            ---
            consume work manual tag=c2
            reject requeue
            !headers
        "#,
        expect![[r#"
            > consume work manual tag=c2
            replied    1.1 basic.consume-ok c2
            consuming  work -> 1.1 c2
            delivered  #1 work -> 1.1 c2 tag 1 redelivered with x-delivery-count=1l
            > reject requeue
            settled    #1 work: requeue at 0 (1.1 tag 1)
            delivered  #1 work -> 1.1 c2 tag 2 redelivered with x-delivery-count=2l
            > !headers
            headers    x-delivery-count=2l
        "#]],
    );
}

/// 20.4: absent on the first delivery; 3.10 told the 0 of a get.
#[test]
fn the_first_delivery_has_no_count() {
    check(
        r#"
            queue work durable type=quorum
            publish "" key=work "one"
            publish "" key=work "two"
            ---
            get work
            !headers
            consume work manual tag=c1
            nack requeue
            !headers
        "#,
        expect![[r#"
            > get work
            got        #1 work -> 1.1 tag 1, 1 left
            > !headers
            headers    
            > consume work manual tag=c1
            replied    1.1 basic.consume-ok c1
            consuming  work -> 1.1 c1
            delivered  #2 work -> 1.1 c1 tag 2
            > nack requeue
            settled    #2 work: requeue at 0 (1.1 tag 2)
            delivered  #2 work -> 1.1 c1 tag 3 redelivered with x-delivery-count=1l
            > !headers
            headers    x-delivery-count=1l
        "#]],
    );
}
