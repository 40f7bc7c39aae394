//! Single active consumer (semantics 20.2), what the first tests leave out.

use expect_test::expect;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::harness::{check, check_3_10};

/// 20.2: highest priority first. (3.10.8 itself serves nobody then, and its queue process dies of the next publish: seen on
/// a live one, and not copied.)
#[test]
fn after_a_cancel_the_next_one_is_served() {
    check(
        r#"
            queue work sac=true
            A.2: qos 1
            A.2: consume work manual tag=first
            A.3: consume work manual tag=second
            A.4: consume work manual tag=third priority=5
            publish "" key=work "one"
            publish "" key=work "two"
            ---
            A.2: cancel first
            queue work passive
            publish "" key=work "three"
        "#,
        expect![[r#"
            > A.2: cancel first
            cancelled  work -> 1.2 first: by client
            activated  work -> 1.4 third
            delivered  #2 work -> 1.4 third tag 1
            replied    1.2 basic.cancel-ok first
            > queue work passive
            replied    1.1 queue.declare-ok work, 0 messages, 2 consumers
            > publish "" key=work "three"
            published  #3 to (default) key "work" "three"
            hopped     #3 (default) -> work
            delivered  #3 work -> 1.4 third tag 2
        "#]],
    );
}

/// 20.2: the end of a channel gives back what it held, which runs the queue.
#[test]
fn after_a_close_the_next_one_is_served_at_once() {
    check(
        r#"
            queue work sac=true
            A.2: qos 1
            A.2: consume work manual tag=first
            A.3: consume work manual tag=second
            A.4: consume work manual tag=third priority=5
            publish "" key=work "one"
            publish "" key=work "two"
            ---
            A.2: close channel
        "#,
        expect![[r#"
            > A.2: close channel
            cancelled  work -> 1.2 first: channel ended
            settled    #1 work: requeue at 0 (1.2 tag 1)
            activated  work -> 1.4 third
            delivered  #1 work -> 1.4 third tag 1 redelivered
            delivered  #2 work -> 1.4 third tag 2
            closed     channel 1.2: by client, 200 "Goodbye"
            replied    1.2 channel.close-ok
        "#]],
    );
}

/// 20.2: nobody else is served while the active one is full; whoever asks for exclusivity is refused.
#[test]
fn a_full_active_consumer_keeps_all_waiting() {
    check(
        r#"
            queue work sac=true
            A.2: consume work manual tag=first prefetch=1
            A.3: consume work manual tag=second
            ---
            publish "" key=work "one"
            publish "" key=work "two"
            A.4: consume work manual tag=third exclusive
            A.2: ack 1
        "#,
        expect![[r#"
            > publish "" key=work "one"
            published  #1 to (default) key "work" "one"
            hopped     #1 (default) -> work
            delivered  #1 work -> 1.2 first tag 1
            > publish "" key=work "two"
            published  #2 to (default) key "work" "two"
            hopped     #2 (default) -> work
            enqueued   #2 work at 0
            > A.4: consume work manual tag=third exclusive
            closed     channel 1.4: 403 ACCESS_REFUSED - queue 'work' in vhost '/' in exclusive use (60,20)
            > A.2: ack 1
            settled    #1 work: ack (1.2 tag 1)
            delivered  #2 work -> 1.2 first tag 2
        "#]],
    );
}

const ONE_OF_A_HIGHER_PRIORITY: &str = r#"
    queue work durable type=quorum sac=true
    A.2: qos 1
    A.3: qos 1
    A.4: qos 1
    A.2: consume work manual tag=first
    ---
    A.3: consume work manual tag=second priority=5
    publish "" key=work "one"
    A.4: consume work manual tag=third priority=9
    publish "" key=work "two"
    A.3: ack 1
"#;

/// 20.2: since 4.0 the single active consumer of a quorum queue gives way to one of a higher priority, at once if it holds
/// nothing, else when it has settled what it holds. Asked of a live 4.0.5.
#[test]
fn on_a_quorum_queue_a_higher_priority_takes_over() {
    check(
        ONE_OF_A_HIGHER_PRIORITY,
        expect![[r#"
        > A.3: consume work manual tag=second priority=5
        replied    1.3 basic.consume-ok second
        consuming  work -> 1.3 second
        activated  work -> 1.3 second
        > publish "" key=work "one"
        published  #1 to (default) key "work" "one"
        hopped     #1 (default) -> work
        delivered  #1 work -> 1.3 second tag 1
        > A.4: consume work manual tag=third priority=9
        replied    1.4 basic.consume-ok third
        consuming  work -> 1.4 third
        > publish "" key=work "two"
        published  #2 to (default) key "work" "two"
        hopped     #2 (default) -> work
        enqueued   #2 work at 0
        > A.3: ack 1
        settled    #1 work: ack (1.3 tag 1)
        activated  work -> 1.4 third
        delivered  #2 work -> 1.4 third tag 1
    "#]],
    );
}

/// 20.2: not so in 3.10, asked of a live 3.10.8.
#[test]
fn on_a_quorum_queue_of_3_10_the_first_stays_active() {
    check_3_10(
        ONE_OF_A_HIGHER_PRIORITY,
        expect![[r#"
        > A.3: consume work manual tag=second priority=5
        replied    1.3 basic.consume-ok second
        consuming  work -> 1.3 second
        > publish "" key=work "one"
        published  #1 to (default) key "work" "one"
        hopped     #1 (default) -> work
        delivered  #1 work -> 1.2 first tag 1
        > A.4: consume work manual tag=third priority=9
        replied    1.4 basic.consume-ok third
        consuming  work -> 1.4 third
        > publish "" key=work "two"
        published  #2 to (default) key "work" "two"
        hopped     #2 (default) -> work
        enqueued   #2 work at 0
        > A.3: ack 1
        cancelled  work -> 1.3 second: channel ended
        closed     channel 1.3: 406 PRECONDITION_FAILED - unknown delivery tag 1 (60,80)
    "#]],
    );
}
