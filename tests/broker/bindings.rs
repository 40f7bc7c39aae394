//! Bindings and routing (semantics 8).

use expect_test::expect;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::harness::{check, check_3_10};

/// 8.1
#[test]
fn binding_follows_the_rules() {
    check(
        r#"
            exchange logs fanout
            queue work
            ---
            A.1: bind "" -> work
            A.2: bind missing -> also-missing
            A.3: bind logs -> missing
            A.4: bind logs -> exchange ""
            A.5: bind logs -> work key=a
            A.5: bind logs -> work key=a
            A.5: bind logs -> work key=b
        "#,
        expect![[r#"
            > A.1: bind "" -> work
            closed     channel 1.1: 403 ACCESS_REFUSED - operation not permitted on the default exchange (50,20)
            > A.2: bind missing -> also-missing
            closed     channel 1.2: 404 NOT_FOUND - no exchange 'missing' in vhost '/' (50,20)
            > A.3: bind logs -> missing
            closed     channel 1.3: 404 NOT_FOUND - no queue 'missing' in vhost '/' (50,20)
            > A.4: bind logs -> exchange ""
            closed     channel 1.4: 403 ACCESS_REFUSED - operation not permitted on the default exchange (40,30)
            > A.5: bind logs -> work key=a
            bound      logs -> work by "a"
            replied    1.5 queue.bind-ok
            > A.5: bind logs -> work key=a
            replied    1.5 queue.bind-ok
            > A.5: bind logs -> work key=b
            bound      logs -> work by "b"
            replied    1.5 queue.bind-ok
        "#]],
    );
}

/// 8.2
#[test]
fn unbinding_what_is_not_there_is_fine() {
    check(
        r#"
            queue x
            ---
            unbind missing -> also-missing
            unbind amq.direct -> x key=never
            unbind missing -> exchange also-missing
        "#,
        expect![[r#"
            > unbind missing -> also-missing
            replied    1.1 queue.unbind-ok
            > unbind amq.direct -> x key=never
            replied    1.1 queue.unbind-ok
            > unbind missing -> exchange also-missing
            replied    1.1 exchange.unbind-ok
        "#]],
    );
}

/// 8.3
#[test]
fn the_default_exchange_reaches_every_queue_by_its_name() {
    check(
        r#"
            queue work
            ---
            publish "" key=work "one"
            publish "" key=works "two"
        "#,
        expect![[r#"
            > publish "" key=work "one"
            published  #1 to (default) key "work" "one"
            hopped     #1 (default) -> work
            enqueued   #1 work at 0
            > publish "" key=works "two"
            published  #2 to (default) key "works" "two"
            unroutable #2 at (default)
        "#]],
    );
}

/// 8.4
#[test]
fn a_queue_gets_a_message_once_however_many_bindings_match() {
    check(
        r#"
            exchange logs topic
            exchange inner fanout
            queue work
            bind logs -> work key=#
            bind logs -> work key=info.*
            bind logs -> exchange inner key=info.#
            bind inner -> work
            ---
            publish logs key=info.disk "one"
        "#,
        expect![[r#"
            > publish logs key=info.disk "one"
            published  #1 to logs key "info.disk" "one"
            hopped     #1 logs -> work by "info.*"
            hopped     #1 logs -> exchange inner by "info.#"
            enqueued   #1 work at 0
        "#]],
    );
}

/// 8.4: each is visited once.
#[test]
fn circles_of_exchanges_are_cut() {
    check(
        r#"
            exchange a fanout
            exchange b fanout
            queue work
            bind a -> exchange b
            bind b -> exchange a
            bind b -> work
            ---
            publish a "round"
        "#,
        expect![[r#"
            > publish a "round"
            published  #1 to a "round"
            hopped     #1 a -> exchange b by ""
            hopped     #1 b -> work by ""
            enqueued   #1 work at 0
        "#]],
    );
}

/// 8.5
#[test]
fn direct_compares_keys_and_fanout_does_not() {
    check(
        r#"
            exchange d direct
            exchange f fanout
            queue q1
            queue q2
            bind d -> q1 key=a
            bind d -> q2 key=b
            bind f -> q1 key=a
            bind f -> q2 key=b
            ---
            publish d key=a "one"
            publish f key=zzz "two"
        "#,
        expect![[r#"
            > publish d key=a "one"
            published  #1 to d key "a" "one"
            hopped     #1 d -> q1 by "a"
            enqueued   #1 q1 at 0
            > publish f key=zzz "two"
            published  #2 to f key "zzz" "two"
            hopped     #2 f -> q1 by "a"
            hopped     #2 f -> q2 by "b"
            enqueued   #2 q1 at 1
            enqueued   #2 q2 at 0
        "#]],
    );
}

/// 8.6
#[test]
fn a_topic_with_an_empty_key_has_no_words() {
    check(
        r#"
            exchange t topic
            queue q-empty
            queue q-star
            queue q-hash
            queue q-hash-hash
            bind t -> q-empty key=""
            bind t -> q-star key=*
            bind t -> q-hash key=#
            bind t -> q-hash-hash key=#.#
            ---
            publish t key="" "nothing"
            publish t key=a "one word"
            publish t key=. "two empty words"
        "#,
        expect![[r##"
            > publish t key="" "nothing"
            published  #1 to t "nothing"
            hopped     #1 t -> q-empty by ""
            hopped     #1 t -> q-hash by "#"
            hopped     #1 t -> q-hash-hash by "#.#"
            enqueued   #1 q-empty at 0
            enqueued   #1 q-hash at 0
            enqueued   #1 q-hash-hash at 0
            > publish t key=a "one word"
            published  #2 to t key "a" "one word"
            hopped     #2 t -> q-star by "*"
            hopped     #2 t -> q-hash by "#"
            hopped     #2 t -> q-hash-hash by "#.#"
            enqueued   #2 q-hash at 1
            enqueued   #2 q-hash-hash at 1
            enqueued   #2 q-star at 0
            > publish t key=. "two empty words"
            published  #3 to t key "." "two empty words"
            hopped     #3 t -> q-hash by "#"
            hopped     #3 t -> q-hash-hash by "#.#"
            enqueued   #3 q-hash at 2
            enqueued   #3 q-hash-hash at 2
        "##]],
    );
}

/// 8.6
#[test]
fn a_topic_counts_empty_words() {
    check(
        r#"
            exchange t topic
            queue star-star
            queue a-hash
            queue star-hash
            queue a-star
            bind t -> star-star key=*.*
            bind t -> a-hash key=a.#
            bind t -> star-hash key=*.#
            bind t -> a-star key=a.*
            ---
            publish t key=. "two empty words"
            publish t key=a "one word"
            publish t key=a. "a and an empty word"
            publish t key=a.b.c "three words"
        "#,
        expect![[r#"
            > publish t key=. "two empty words"
            published  #1 to t key "." "two empty words"
            hopped     #1 t -> star-star by "*.*"
            hopped     #1 t -> star-hash by "*.#"
            enqueued   #1 star-hash at 0
            enqueued   #1 star-star at 0
            > publish t key=a "one word"
            published  #2 to t key "a" "one word"
            hopped     #2 t -> star-hash by "*.#"
            hopped     #2 t -> a-hash by "a.#"
            enqueued   #2 a-hash at 0
            enqueued   #2 star-hash at 1
            > publish t key=a. "a and an empty word"
            published  #3 to t key "a." "a and an empty word"
            hopped     #3 t -> star-star by "*.*"
            hopped     #3 t -> star-hash by "*.#"
            hopped     #3 t -> a-star by "a.*"
            hopped     #3 t -> a-hash by "a.#"
            enqueued   #3 a-hash at 1
            enqueued   #3 a-star at 0
            enqueued   #3 star-hash at 2
            enqueued   #3 star-star at 1
            > publish t key=a.b.c "three words"
            published  #4 to t key "a.b.c" "three words"
            hopped     #4 t -> star-hash by "*.#"
            hopped     #4 t -> a-hash by "a.#"
            enqueued   #4 a-hash at 2
            enqueued   #4 star-hash at 3
        "#]],
    );
}

/// 8.6
#[test]
fn wildcards_are_special_only_as_whole_words_of_the_binding() {
    check(
        r#"
            exchange t topic
            queue q1
            queue q2
            bind t -> q1 key=a*
            bind t -> q2 key=*
            ---
            publish t key=ab "not a*"
            publish t key=a* "literally"
            publish t key=* "a star in the key is a word"
        "#,
        expect![[r#"
            > publish t key=ab "not a*"
            published  #1 to t key "ab" "not a*"
            hopped     #1 t -> q2 by "*"
            enqueued   #1 q2 at 0
            > publish t key=a* "literally"
            published  #2 to t key "a*" "literally"
            hopped     #2 t -> q2 by "*"
            hopped     #2 t -> q1 by "a*"
            enqueued   #2 q1 at 0
            enqueued   #2 q2 at 1
            > publish t key=* "a star in the key is a word"
            published  #3 to t key "*" "a star in the key is a word"
            hopped     #3 t -> q2 by "*"
            enqueued   #3 q2 at 2
        "#]],
    );
}

/// 8.7: without x-match it is all; keys that begin with x- do not count.
#[test]
fn headers_match_all_or_any() {
    check(
        r#"
            exchange h headers
            queue all
            queue any
            queue none
            queue nothing
            queue with-x
            bind h -> all colour=red size=5
            bind h -> any x-match=any colour=red size=5
            bind h -> none x-match=any x-only=1
            bind h -> nothing x-only=1
            bind h -> with-x x-match=all-with-x x-only=1
            ---
            publish h "red" colour=red
            publish h "both" colour=red size=5 other=1
            publish h "x" x-only=1
            publish h "no headers"
        "#,
        expect![[r#"
            > publish h "red" colour=red
            published  #1 to h "red"
            hopped     #1 h -> any by "" x-match="any" colour="red" size=5
            hopped     #1 h -> nothing by "" x-only=1
            enqueued   #1 any at 0
            enqueued   #1 nothing at 0
            > publish h "both" colour=red size=5 other=1
            published  #2 to h "both"
            hopped     #2 h -> all by "" colour="red" size=5
            hopped     #2 h -> any by "" x-match="any" colour="red" size=5
            hopped     #2 h -> nothing by "" x-only=1
            enqueued   #2 all at 0
            enqueued   #2 any at 1
            enqueued   #2 nothing at 1
            > publish h "x" x-only=1
            published  #3 to h "x"
            hopped     #3 h -> nothing by "" x-only=1
            hopped     #3 h -> with-x by "" x-match="all-with-x" x-only=1
            enqueued   #3 nothing at 2
            enqueued   #3 with-x at 0
            > publish h "no headers"
            published  #4 to h "no headers"
            hopped     #4 h -> nothing by "" x-only=1
            enqueued   #4 nothing at 3
        "#]],
    );
}

/// 8.7
#[test]
fn a_void_header_asks_for_presence() {
    check(
        r#"
            exchange h headers
            queue q
            bind h -> q colour=
            ---
            publish h "there" colour=blue
            publish h "not there" size=5
        "#,
        expect![[r#"
            > publish h "there" colour=blue
            published  #1 to h "there"
            hopped     #1 h -> q by "" colour=void
            enqueued   #1 q at 0
            > publish h "not there" size=5
            published  #2 to h "not there"
            unroutable #2 at h
        "#]],
    );
}

/// 8.7
#[test]
fn a_bad_x_match_is_refused() {
    check(
        r#"
            exchange h headers
            queue q
            ---
            A.1: bind h -> q x-match=some
            A.2: bind h -> q x-match=1
        "#,
        expect![[r#"
            > A.1: bind h -> q x-match=some
            closed     channel 1.1: 406 PRECONDITION_FAILED - Invalid x-match field value <<"some">>; expected all, any, all-with-x, or any-with-x (50,20)
            > A.2: bind h -> q x-match=1
            closed     channel 1.2: 406 PRECONDITION_FAILED - Invalid x-match field type signedint (value 1); expected longstr (50,20)
        "#]],
    );
}

/// 8.8: BCC is taken out of the message, CC stays.
#[test]
fn cc_and_bcc_are_more_routing_keys() {
    check(
        r#"
            exchange d direct
            queue a
            queue b
            queue c
            bind d -> a key=a
            bind d -> b key=b
            bind d -> c key=c
            ---
            publish d key=a "copies" CC=[b,b] BCC=[c]
            get b auto
            publish d key=a "not an array" CC=b
        "#,
        expect![[r#"
            > publish d key=a "copies" CC=[b,b] BCC=[c]
            published  #1 to d key "a" "copies"
            hopped     #1 d -> a by "a"
            hopped     #1 d -> b by "b"
            hopped     #1 d -> c by "c"
            enqueued   #1 a at 0
            enqueued   #1 b at 0
            enqueued   #1 c at 0
            > get b auto
            got        #1 b -> 1.1 tag 1, 0 left
            settled    #1 b: automatic (1.1 tag 1)
            > publish d key=a "not an array" CC=b
            closed     channel 1.1: 406 PRECONDITION_FAILED - invalid message: {unacceptable_type_in_header,"CC",longstr} (60,40)
        "#]],
    );
}

/// 8.7, D3: the values must be of one number, and since 4.0 a whole one is not one with a point.
#[test]
fn headers_compare_values() {
    check(
        r#"
            queue q
            bind amq.headers -> q n=1
            ---
            publish amq.headers "same" n=1
            publish amq.headers "with a point" n=1.0
            publish amq.headers "as text" n="1"
            publish amq.headers "another" n=2
        "#,
        expect![[r#"
            > publish amq.headers "same" n=1
            published  #1 to amq.headers "same"
            hopped     #1 amq.headers -> q by "" n=1
            enqueued   #1 q at 0
            > publish amq.headers "with a point" n=1.0
            published  #2 to amq.headers "with a point"
            unroutable #2 at amq.headers
            > publish amq.headers "as text" n="1"
            published  #3 to amq.headers "as text"
            unroutable #3 at amq.headers
            > publish amq.headers "another" n=2
            published  #4 to amq.headers "another"
            unroutable #4 at amq.headers
        "#]],
    );
}

/// 8.7, D3
#[test]
fn headers_compared_numbers_loosely_in_3_10() {
    check_3_10(
        r#"
            queue q
            bind amq.headers -> q n=1
            ---
            publish amq.headers "with a point" n=1.0
            publish amq.headers "as text" n="1"
        "#,
        expect![[r#"
            > publish amq.headers "with a point" n=1.0
            published  #1 to amq.headers "with a point"
            hopped     #1 amq.headers -> q by "" n=1
            enqueued   #1 q at 0
            > publish amq.headers "as text" n="1"
            published  #2 to amq.headers "as text"
            unroutable #2 at amq.headers
        "#]],
    );
}
