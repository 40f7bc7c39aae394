//! Prefetch (semantics 12), what the first tests leave out.

use expect_test::expect;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::harness::check;

/// 12.2, 12.3: zero is no limit, and a prefetch for consumers ends the channel-wide one.
#[test]
fn zero_switches_a_limit_off() {
    check(
        r#"
            queue work
            qos 1 global
            consume work manual tag=c1
            publish "" key=work "one"
            publish "" key=work "two"
            publish "" key=work "three"
            ---
            qos 2 global
            qos 0 global
            qos 1 global
            publish "" key=work "four"
            qos 5
        "#,
        expect![[r#"
            > qos 2 global
            replied    1.1 basic.qos-ok
            delivered  #2 work -> 1.1 c1 tag 2
            > qos 0 global
            replied    1.1 basic.qos-ok
            delivered  #3 work -> 1.1 c1 tag 3
            > qos 1 global
            replied    1.1 basic.qos-ok
            > publish "" key=work "four"
            published  #4 to (default) key "work" "four"
            hopped     #4 (default) -> work
            enqueued   #4 work at 0
            > qos 5
            replied    1.1 basic.qos-ok
            delivered  #4 work -> 1.1 c1 tag 4
        "#]],
    );
}

/// 12.3: both limits hold.
#[test]
fn both_limits_hold() {
    check(
        r#"
            queue work
            qos 2
            qos 3 global
            consume work manual tag=c1
            consume work manual tag=c2
            ---
            publish "" key=work "one"
            publish "" key=work "two"
            publish "" key=work "three"
            publish "" key=work "four"
            ack 1
        "#,
        expect![[r#"
            > publish "" key=work "one"
            published  #1 to (default) key "work" "one"
            hopped     #1 (default) -> work
            delivered  #1 work -> 1.1 c1 tag 1
            > publish "" key=work "two"
            published  #2 to (default) key "work" "two"
            hopped     #2 (default) -> work
            delivered  #2 work -> 1.1 c2 tag 2
            > publish "" key=work "three"
            published  #3 to (default) key "work" "three"
            hopped     #3 (default) -> work
            delivered  #3 work -> 1.1 c1 tag 3
            > publish "" key=work "four"
            published  #4 to (default) key "work" "four"
            hopped     #4 (default) -> work
            enqueued   #4 work at 0
            > ack 1
            settled    #1 work: ack (1.1 tag 1)
            delivered  #4 work -> 1.1 c2 tag 4
        "#]],
    );
}

/// 12.3: what is out when it is switched on counts, gets too.
#[test]
fn what_is_unacked_counts_when_the_limit_comes() {
    check(
        r#"
            queue work
            publish "" key=work "one"
            publish "" key=work "two"
            get work
            qos 1 global
            ---
            consume work manual tag=c1
            ack 1
        "#,
        expect![[r#"
            > consume work manual tag=c1
            replied    1.1 basic.consume-ok c1
            consuming  work -> 1.1 c1
            > ack 1
            settled    #1 work: ack (1.1 tag 1)
            delivered  #2 work -> 1.1 c1 tag 2
        "#]],
    );
}

/// 12.4: without acks there is nothing to count.
#[test]
fn an_automatic_consumer_has_no_prefetch() {
    check(
        r#"
            queue work
            qos 1
            consume work auto tag=c1
            ---
            publish "" key=work "one"
            publish "" key=work "two"
        "#,
        expect![[r#"
            > publish "" key=work "one"
            published  #1 to (default) key "work" "one"
            hopped     #1 (default) -> work
            delivered  #1 work -> 1.1 c1 tag 1
            settled    #1 work: automatic (1.1 tag 1)
            > publish "" key=work "two"
            published  #2 to (default) key "work" "two"
            hopped     #2 (default) -> work
            delivered  #2 work -> 1.1 c1 tag 2
            settled    #2 work: automatic (1.1 tag 2)
        "#]],
    );
}

/// 12.5: it waits for the others' acks, though it adds nothing.
#[test]
fn a_full_channel_stalls_automatic_consumers_too() {
    check(
        r#"
            queue work
            queue other
            qos 1 global
            consume work manual tag=c1
            consume other auto tag=c2
            publish "" key=work "one"
            ---
            publish "" key=other "two"
            ack 1
        "#,
        expect![[r#"
            > publish "" key=other "two"
            published  #2 to (default) key "other" "two"
            hopped     #2 (default) -> other
            enqueued   #2 other at 0
            > ack 1
            settled    #1 work: ack (1.1 tag 1)
            delivered  #2 other -> 1.1 c2 tag 2
            settled    #2 other: automatic (1.1 tag 2)
        "#]],
    );
}

/// 12.4, 13.9: what a cancelled consumer holds fills nobody's prefetch.
#[test]
fn a_cancelled_consumer_fills_no_prefetch() {
    check(
        r#"
            queue work
            qos 1
            consume work manual tag=c1
            publish "" key=work "one"
            publish "" key=work "two"
            cancel c1
            ---
            consume work manual tag=c2
        "#,
        expect![[r#"
            > consume work manual tag=c2
            replied    1.1 basic.consume-ok c2
            consuming  work -> 1.1 c2
            delivered  #2 work -> 1.1 c2 tag 2
        "#]],
    );
}

/// 12.8: lowered below what is out, nothing more comes until there is room.
#[test]
fn a_lowered_limit_holds_at_once() {
    check(
        r#"
            queue work
            qos 3 global
            consume work manual tag=c1
            publish "" key=work "one"
            publish "" key=work "two"
            ---
            qos 1 global
            publish "" key=work "three"
            ack 1
            ack 2
            qos 4 global
            publish "" key=work "four"
            publish "" key=work "five"
        "#,
        expect![[r#"
            > qos 1 global
            replied    1.1 basic.qos-ok
            > publish "" key=work "three"
            published  #3 to (default) key "work" "three"
            hopped     #3 (default) -> work
            enqueued   #3 work at 0
            > ack 1
            settled    #1 work: ack (1.1 tag 1)
            > ack 2
            settled    #2 work: ack (1.1 tag 2)
            delivered  #3 work -> 1.1 c1 tag 3
            > qos 4 global
            replied    1.1 basic.qos-ok
            > publish "" key=work "four"
            published  #4 to (default) key "work" "four"
            hopped     #4 (default) -> work
            delivered  #4 work -> 1.1 c1 tag 4
            > publish "" key=work "five"
            published  #5 to (default) key "work" "five"
            hopped     #5 (default) -> work
            delivered  #5 work -> 1.1 c1 tag 5
        "#]],
    );
}
