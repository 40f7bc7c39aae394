//! The exchange that holds messages back, x-delayed-message (semantics 22.2).

use expect_test::expect;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::harness::check;

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

const WAYS: &str = r#"
    exchange later x-delayed-message delayed-type=fanout
    exchange first fanout
    exchange second fanout ae=later
    queue retry dlx=later
    queue work dlx=amq.fanout
    queue dead
    bind first -> exchange later
    bind later -> work
    bind amq.fanout -> dead
    ---
    publish first "by a binding" x-delay=100 mandatory
    publish second "as an alternate" x-delay=200
    publish "" key=retry "as a dead letter" x-delay=300
    get retry
    nack discard
    +100ms
    +100ms
    +100ms
    get work auto
    get work auto
    get work
    nack discard
    get dead
    !headers
"#;

/// 22.2: also what comes by a binding, as an alternate or as a dead letter is held, each time by the exchange it comes to
/// (delayed plugin, route); the notes on its deaths go with it.
#[test]
fn a_message_is_held_by_whatever_way_it_comes() {
    check(
        WAYS,
        expect![[r#"
            > publish first "by a binding" x-delay=100 mandatory
            published  #1 to first "by a binding" mandatory
            hopped     #1 first -> exchange later by ""
            returned   #1 to 1.1: 312 NO_ROUTE
            > publish second "as an alternate" x-delay=200
            published  #2 to second "as an alternate"
            hopped     #2 second -> exchange later as alternate
            > publish "" key=retry "as a dead letter" x-delay=300
            published  #3 to (default) key "retry" "as a dead letter"
            hopped     #3 (default) -> retry
            enqueued   #3 retry at 0
            > get retry
            got        #3 retry -> 1.1 tag 1, 0 left
            > nack discard
            settled    #3 retry: discard (1.1 tag 1)
            died       #3 retry: rejected -> later key "retry"
            published  #4 of #3 to later key "retry" "as a dead letter"
            > +100ms
            published  #5 of #1 to first "by a binding"
            hopped     #5 later -> work by ""
            enqueued   #5 work at 0
            > +100ms
            published  #6 of #2 to second "as an alternate"
            hopped     #6 later -> work by ""
            enqueued   #6 work at 1
            > +100ms
            published  #7 of #4 to later key "retry" "as a dead letter"
            hopped     #7 later -> work by ""
            enqueued   #7 work at 2
            > get work auto
            got        #5 work -> 1.1 tag 2, 2 left
            settled    #5 work: automatic (1.1 tag 2)
            > get work auto
            got        #6 work -> 1.1 tag 3, 1 left
            settled    #6 work: automatic (1.1 tag 3)
            > get work
            got        #7 work -> 1.1 tag 4, 0 left
            > nack discard
            settled    #7 work: discard (1.1 tag 4)
            died       #7 work: rejected -> amq.fanout key "retry"
            published  #8 of #7 to amq.fanout key "retry" "as a dead letter"
            hopped     #8 amq.fanout -> dead by ""
            enqueued   #8 dead at 0
            > get dead
            got        #8 dead -> 1.1 tag 5, 0 left
            > !headers
            headers    x-death=[{count=1l reason="rejected" queue="work" time=timestamp 1767225600 exchange="later" routing-keys=["retry"]}, {count=1l reason="rejected" queue="retry" time=timestamp 1767225600 exchange="" routing-keys=["retry"]}] x-delay=-300 x-first-death-exchange="" x-first-death-queue="retry" x-first-death-reason="rejected" x-last-death-exchange="later" x-last-death-queue="work" x-last-death-reason="rejected"
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
