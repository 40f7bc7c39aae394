//! Exchange types of plugins: consistent hash and delayed messages (semantics 22).

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

/// 22.2: it needs to know how to route later.
#[test]
fn a_delayed_exchange_names_another_type() {
    check(
        r#"
            A.1: exchange later x-delayed-message
            A.2: exchange later x-delayed-message delayed-type=x-delayed-message
            A.3: exchange later x-delayed-message delayed-type=nonsense
            A.4: exchange later x-delayed-message delayed-type=topic
        "#,
        expect![[r#"
            > A.1: exchange later x-delayed-message
            closed     channel 1.1: 406 PRECONDITION_FAILED - Invalid argument, 'x-delayed-type' must be an existing exchange type (40,10)
            > A.2: exchange later x-delayed-message delayed-type=x-delayed-message
            closed     channel 1.2: 406 PRECONDITION_FAILED - Invalid argument, 'x-delayed-message' can't be used for 'x-delayed-type' (40,10)
            > A.3: exchange later x-delayed-message delayed-type=nonsense
            closed     channel 1.3: 406 PRECONDITION_FAILED - Invalid argument, 'x-delayed-type' must be an existing exchange type (40,10)
            > A.4: exchange later x-delayed-message delayed-type=topic
            declared   exchange later x-delayed-message
            replied    1.4 exchange.declare-ok
        "#]],
    );
}

/// 22.2: confirmed at once, routed when it is due, its delay then below zero.
#[test]
fn a_message_is_held_for_its_delay() {
    check(
        r#"
            exchange later x-delayed-message delayed-type=topic
            queue q
            bind later -> q key="a.*"
            confirm
            ---
            publish later key=a.b "in a second" x-delay=1000
            publish later key=a.b "now"
            get q auto
            +999ms
            get q auto
            +1ms
            get q auto
            !headers
        "#,
        expect![[r#"
            > publish later key=a.b "in a second" x-delay=1000
            published  #1 to later key "a.b" "in a second"
            confirmed  #1 to 1.1: ack 1
            > publish later key=a.b "now"
            published  #2 to later key "a.b" "now"
            hopped     #2 later -> q by "a.*"
            enqueued   #2 q at 0
            confirmed  #2 to 1.1: ack 2
            > get q auto
            got        #2 q -> 1.1 tag 1, 0 left
            settled    #2 q: automatic (1.1 tag 1)
            > +999ms
            > get q auto
            replied    1.1 basic.get-empty
            > +1ms
            published  #3 of #1 to later key "a.b" "in a second"
            hopped     #3 later -> q by "a.*"
            enqueued   #3 q at 0
            > get q auto
            got        #3 q -> 1.1 tag 2, 0 left
            settled    #3 q: automatic (1.1 tag 2)
            > !headers
            headers    x-delay=-1000
        "#]],
    );
}

/// 22.2: texts and points are numbers too; zero, below zero and nonsense are now.
#[test]
fn a_delay_may_be_written_in_many_ways() {
    check(
        r#"
            exchange later x-delayed-message delayed-type=fanout
            queue q
            bind later -> q
            ---
            publish later "text" x-delay="100"
            publish later "point" x-delay=100.0
            publish later "zero" x-delay=0
            publish later "before" x-delay=-5
            publish later "nonsense" x-delay=soon
            +100ms
        "#,
        expect![[r#"
            > publish later "text" x-delay="100"
            published  #1 to later "text"
            > publish later "point" x-delay=100.0
            published  #2 to later "point"
            > publish later "zero" x-delay=0
            published  #3 to later "zero"
            hopped     #3 later -> q by ""
            enqueued   #3 q at 0
            > publish later "before" x-delay=-5
            published  #4 to later "before"
            hopped     #4 later -> q by ""
            enqueued   #4 q at 1
            > publish later "nonsense" x-delay=soon
            published  #5 to later "nonsense"
            hopped     #5 later -> q by ""
            enqueued   #5 q at 2
            > +100ms
            published  #6 of #1 to later "text"
            hopped     #6 later -> q by ""
            enqueued   #6 q at 3
            published  #7 of #2 to later "point"
            hopped     #7 later -> q by ""
            enqueued   #7 q at 4
        "#]],
    );
}

/// 22.2: by due time, those of one time as they came.
#[test]
fn delayed_messages_come_in_the_order_of_their_times() {
    check(
        r#"
            exchange later x-delayed-message delayed-type=fanout
            queue q
            bind later -> q
            ---
            publish later "third" x-delay=300
            publish later "first" x-delay=100
            publish later "second" x-delay=100
            +100ms
            +200ms
        "#,
        expect![[r#"
            > publish later "third" x-delay=300
            published  #1 to later "third"
            > publish later "first" x-delay=100
            published  #2 to later "first"
            > publish later "second" x-delay=100
            published  #3 to later "second"
            > +100ms
            published  #4 of #2 to later "first"
            hopped     #4 later -> q by ""
            enqueued   #4 q at 0
            published  #5 of #3 to later "second"
            hopped     #5 later -> q by ""
            enqueued   #5 q at 1
            > +200ms
            published  #6 of #1 to later "third"
            hopped     #6 later -> q by ""
            enqueued   #6 q at 2
        "#]],
    );
}

/// 22.2: while it is held it counts as unroutable, although it comes later; an alternate exchange gets a copy now.
#[test]
fn a_held_message_is_returned_and_goes_to_the_alternate() {
    check(
        r#"
            exchange later x-delayed-message delayed-type=fanout
            exchange with-alternate x-delayed-message delayed-type=fanout ae=amq.fanout
            queue q
            queue now
            bind later -> q
            bind with-alternate -> q
            bind amq.fanout -> now
            ---
            publish later "back and there" x-delay=100 mandatory
            publish with-alternate "twice" x-delay=100
            +100ms
        "#,
        expect![[r#"
            > publish later "back and there" x-delay=100 mandatory
            published  #1 to later "back and there" mandatory
            returned   #1 to 1.1: 312 NO_ROUTE
            > publish with-alternate "twice" x-delay=100
            published  #2 to with-alternate "twice"
            hopped     #2 with-alternate -> exchange amq.fanout as alternate
            hopped     #2 amq.fanout -> now by ""
            enqueued   #2 now at 0
            > +100ms
            published  #3 of #1 to later "back and there"
            hopped     #3 later -> q by ""
            enqueued   #3 q at 0
            published  #4 of #2 to with-alternate "twice"
            hopped     #4 with-alternate -> q by ""
            enqueued   #4 q at 1
        "#]],
    );
}

/// 22.2: the bindings of that time count, and a deleted exchange leads nowhere.
#[test]
fn a_held_message_is_routed_by_the_bindings_of_its_time() {
    check(
        r#"
            exchange later x-delayed-message delayed-type=fanout
            exchange gone x-delayed-message delayed-type=fanout
            queue q
            bind gone -> q
            ---
            publish later "bound meanwhile" x-delay=100
            publish gone "nowhere" x-delay=100
            bind later -> q
            delete exchange gone
            +100ms
        "#,
        expect![[r#"
            > publish later "bound meanwhile" x-delay=100
            published  #1 to later "bound meanwhile"
            > publish gone "nowhere" x-delay=100
            published  #2 to gone "nowhere"
            > bind later -> q
            bound      later -> q by ""
            replied    1.1 queue.bind-ok
            > delete exchange gone
            unbound    gone -> q by "": its end was deleted
            deleted    exchange gone: by client
            replied    1.1 exchange.delete-ok
            > +100ms
            published  #3 of #1 to later "bound meanwhile"
            hopped     #3 later -> q by ""
            enqueued   #3 q at 0
        "#]],
    );
}

/// 24.1: it survives a restart.
#[test]
fn held_messages_survive_a_restart() {
    check(
        r#"
            exchange later x-delayed-message durable delayed-type=fanout
            queue q durable
            bind later -> q
            publish later "persistent" x-delay=1000 persistent
            ---
            !restart
            +1s
        "#,
        expect![[r#"
            > !restart
            stopped    broker
            closed     channel 1.1: with its connection
            closed     connection 1: 320 CONNECTION_FORCED - broker forced connection closure with reason 'shutdown' (0,0)
            started    broker
            > +1s
            published  #2 of #1 to later "persistent" persistent
            hopped     #2 later -> q by ""
            enqueued   #2 q at 0
        "#]],
    );
}
