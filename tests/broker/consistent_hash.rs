//! The exchange type of a plugin that spreads messages by a hash, x-consistent-hash (semantics 22.1).

use expect_test::expect;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::harness::check;

/// 22.1: buckets in the order of binding; with two, Erlang's hash sends "" to 0, "a" to 1, "routing.key.1" to 0.
#[test]
fn keys_fall_where_erlang_lets_them_fall() {
    check(
        r#"
            exchange hash x-consistent-hash
            queue q0
            queue q1
            bind hash -> q0 key=1
            bind hash -> q1 key=1
            ---
            publish hash "0"
            publish hash key=a "1"
            publish hash key=1 "1"
            publish hash key=hello "1"
            publish hash key=routing.key.1 "0"
            publish hash key=0123456789abcdef "1"
            publish hash key=123456789012345678901234567890 "0"
        "#,
        expect![[r#"
            > publish hash "0"
            published  #1 to hash "0"
            hopped     #1 hash -> q0 by "1"
            enqueued   #1 q0 at 0
            > publish hash key=a "1"
            published  #2 to hash key "a" "1"
            hopped     #2 hash -> q1 by "1"
            enqueued   #2 q1 at 0
            > publish hash key=1 "1"
            published  #3 to hash key "1" "1"
            hopped     #3 hash -> q1 by "1"
            enqueued   #3 q1 at 1
            > publish hash key=hello "1"
            published  #4 to hash key "hello" "1"
            hopped     #4 hash -> q1 by "1"
            enqueued   #4 q1 at 2
            > publish hash key=routing.key.1 "0"
            published  #5 to hash key "routing.key.1" "0"
            hopped     #5 hash -> q0 by "1"
            enqueued   #5 q0 at 1
            > publish hash key=0123456789abcdef "1"
            published  #6 to hash key "0123456789abcdef" "1"
            hopped     #6 hash -> q1 by "1"
            enqueued   #6 q1 at 3
            > publish hash key=123456789012345678901234567890 "0"
            published  #7 to hash key "123456789012345678901234567890" "0"
            hopped     #7 hash -> q0 by "1"
            enqueued   #7 q0 at 2
        "#]],
    );
}

/// 22.1: of five buckets the weights 2 and 3 take what is theirs: "" 0, "1" 2, "hello" 3, "a" 1.
#[test]
fn a_weight_is_a_number_of_buckets() {
    check(
        r#"
            exchange hash x-consistent-hash
            queue light
            queue heavy
            bind hash -> light key=2
            bind hash -> heavy key=3
            ---
            publish hash "bucket 0"
            publish hash key=1 "bucket 2"
            publish hash key=hello "bucket 3"
            publish hash key=a "bucket 1"
        "#,
        expect![[r#"
            > publish hash "bucket 0"
            published  #1 to hash "bucket 0"
            hopped     #1 hash -> light by "2"
            enqueued   #1 light at 0
            > publish hash key=1 "bucket 2"
            published  #2 to hash key "1" "bucket 2"
            hopped     #2 hash -> heavy by "3"
            enqueued   #2 heavy at 0
            > publish hash key=hello "bucket 3"
            published  #3 to hash key "hello" "bucket 3"
            hopped     #3 hash -> heavy by "3"
            enqueued   #3 heavy at 1
            > publish hash key=a "bucket 1"
            published  #4 to hash key "a" "bucket 1"
            hopped     #4 hash -> light by "2"
            enqueued   #4 light at 1
        "#]],
    );
}

/// 22.1
#[test]
fn a_weight_is_a_number_of_at_least_one() {
    check(
        r#"
            exchange hash x-consistent-hash
            queue q
            ---
            A.1: bind hash -> q key=a
            A.2: bind hash -> q key=0
            A.3: bind hash -> q key=-1
            A.4: bind hash -> q
        "#,
        expect![[r#"
            > A.1: bind hash -> q key=a
            closed     channel 1.1: 406 PRECONDITION_FAILED - The binding key must be an integer: <<"a">> (50,20)
            > A.2: bind hash -> q key=0
            closed     channel 1.2: 406 PRECONDITION_FAILED - The binding key must be greater than 0 (50,20)
            > A.3: bind hash -> q key=-1
            closed     channel 1.3: 406 PRECONDITION_FAILED - The binding key must be greater than 0 (50,20)
            > A.4: bind hash -> q
            closed     channel 1.4: 406 PRECONDITION_FAILED - The binding key must be an integer: <<>> (50,20)
        "#]],
    );
}

/// 22.1: without buckets nothing is routed; with one everything is.
#[test]
fn no_bucket_is_unroutable_and_one_takes_all() {
    check(
        r#"
            exchange hash x-consistent-hash
            queue q
            ---
            publish hash key=a "nowhere" mandatory
            bind hash -> q key=1
            publish hash key=a "there"
        "#,
        expect![[r#"
            > publish hash key=a "nowhere" mandatory
            published  #1 to hash key "a" "nowhere" mandatory
            unroutable #1 at hash
            returned   #1 to 1.1: 312 NO_ROUTE
            > bind hash -> q key=1
            bound      hash -> q by "1"
            replied    1.1 queue.bind-ok
            > publish hash key=a "there"
            published  #2 to hash key "a" "there"
            hopped     #2 hash -> q by "1"
            enqueued   #2 q at 0
        "#]],
    );
}

/// 22.1: the second binding of a destination exists, but adds nothing; removing any of its bindings removes its buckets.
#[test]
fn a_second_binding_adds_no_buckets() {
    check(
        r#"
            exchange hash x-consistent-hash
            queue q0
            queue q1
            bind hash -> q0 key=1
            bind hash -> q1 key=1
            bind hash -> q1 key=8
            ---
            publish hash key=hello "still 1 of 2"
            unbind hash -> q1 key=8
            publish hash key=hello "only q0 is left"
        "#,
        expect![[r#"
            > publish hash key=hello "still 1 of 2"
            published  #1 to hash key "hello" "still 1 of 2"
            hopped     #1 hash -> q1 by "1"
            enqueued   #1 q1 at 0
            > unbind hash -> q1 key=8
            unbound    hash -> q1 by "8": by client
            replied    1.1 queue.unbind-ok
            > publish hash key=hello "only q0 is left"
            published  #2 to hash key "hello" "only q0 is left"
            hopped     #2 hash -> q0 by "1"
            enqueued   #2 q0 at 0
        "#]],
    );
}

/// 22.1: later buckets move down.
#[test]
fn buckets_shift_when_a_destination_goes() {
    check(
        r#"
            exchange hash x-consistent-hash
            queue q0
            queue q1
            queue q2
            bind hash -> q0 key=1
            bind hash -> q1 key=1
            bind hash -> q2 key=1
            delete queue q0
            ---
            publish hash "0 of 2"
            publish hash key=a "1 of 2"
        "#,
        expect![[r#"
            > publish hash "0 of 2"
            published  #1 to hash "0 of 2"
            hopped     #1 hash -> q1 by "1"
            enqueued   #1 q1 at 0
            > publish hash key=a "1 of 2"
            published  #2 to hash key "a" "1 of 2"
            hopped     #2 hash -> q2 by "1"
            enqueued   #2 q2 at 0
        "#]],
    );
}

/// 22.1: the header with its type: text 42 falls into 0 of 2, the number 42 into 1, none into 1.
#[test]
fn a_header_may_be_hashed() {
    check(
        r#"
            exchange hash x-consistent-hash hash-header=n
            queue q0
            queue q1
            bind hash -> q0 key=1
            bind hash -> q1 key=1
            ---
            publish hash "0" n="42"
            publish hash "1" n=42
            publish hash "1"
        "#,
        expect![[r#"
            > publish hash "0" n="42"
            published  #1 to hash "0"
            hopped     #1 hash -> q0 by "1"
            enqueued   #1 q0 at 0
            > publish hash "1" n=42
            published  #2 to hash "1"
            hopped     #2 hash -> q1 by "1"
            enqueued   #2 q1 at 0
            > publish hash "1"
            published  #3 to hash "1"
            hopped     #3 hash -> q1 by "1"
            enqueued   #3 q1 at 1
        "#]],
    );
}

/// 22.1: message_id "" is 0 of 2, "a" 1; without one it is 1.
#[test]
fn a_property_may_be_hashed() {
    check(
        r#"
            exchange hash x-consistent-hash hash-property=message_id
            exchange times x-consistent-hash hash-property=timestamp
            queue q0
            queue q1
            bind hash -> q0 key=1
            bind hash -> q1 key=1
            bind times -> q0 key=1
            bind times -> q1 key=1
            ---
            publish hash "0" message-id=""
            publish hash "1" message-id=a
            publish hash "1"
            publish times "1" timestamp=1
        "#,
        expect![[r#"
            > publish hash "0" message-id=""
            published  #1 to hash "0"
            hopped     #1 hash -> q0 by "1"
            enqueued   #1 q0 at 0
            > publish hash "1" message-id=a
            published  #2 to hash "1"
            hopped     #2 hash -> q1 by "1"
            enqueued   #2 q1 at 0
            > publish hash "1"
            published  #3 to hash "1"
            hopped     #3 hash -> q1 by "1"
            enqueued   #3 q1 at 1
            > publish times "1" timestamp=1
            published  #4 to times "1"
            hopped     #4 times -> q1 by "1"
            enqueued   #4 q1 at 2
        "#]],
    );
}

/// 22.1
#[test]
fn what_is_hashed_must_be_one_thing_that_is_known() {
    check(
        r#"
            A.1: exchange hash x-consistent-hash hash-property=app_id
            A.2: exchange hash x-consistent-hash hash-header=n hash-property=message_id
        "#,
        expect![[r#"
            > A.1: exchange hash x-consistent-hash hash-property=app_id
            closed     channel 1.1: 406 PRECONDITION_FAILED - Unsupported property: app_id (40,10)
            > A.2: exchange hash x-consistent-hash hash-header=n hash-property=message_id
            closed     channel 1.2: 406 PRECONDITION_FAILED - hash-header and hash-property are mutually exclusive (40,10)
        "#]],
    );
}
