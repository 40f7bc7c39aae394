//! Channels: opening, soft errors, closing (semantics 5).

use expect_test::expect;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::harness::check;

/// 5.1: any method before channel.open is a hard 504.
#[test]
fn a_method_on_a_channel_that_is_not_open_closes_the_connection() {
    check(
        r#"
            queue work
            A.2: !flow-ok
        "#,
        expect![[r#"
            > queue work
            declared   queue work
            replied    1.1 queue.declare-ok work, 0 messages, 0 consumers
            > A.2: !flow-ok
            closed     channel 1.1: with its connection
            closed     connection 1: 504 CHANNEL_ERROR - expected 'channel.open' (20,21)
        "#]],
    );
}

/// 5.2: unacked messages are requeued, then channel.close; the number stays taken until close-ok.
#[test]
fn a_soft_error_closes_the_channel_and_gives_its_messages_back() {
    check(
        r#"
            queue work
            publish "" key=work "one"
            consume work manual tag=c1
            B: queue other
            ---
            queue missing passive
            publish "" key=work "ignored: the channel is closing"
            !open
        "#,
        expect![[r#"
            > queue missing passive
            cancelled  work -> 1.1 c1: channel ended
            settled    #1 work: requeue at 0 (1.1 tag 1)
            closed     channel 1.1: 404 NOT_FOUND - no queue 'missing' in vhost '/' (50,10)
            > publish "" key=work "ignored: the channel is closing"
            > !open
            closed     connection 1: 504 CHANNEL_ERROR - second 'channel.open' seen (20,10)
        "#]],
    );
}

/// 5.2: only close-ok frees the number.
#[test]
fn after_close_ok_the_number_is_free_again() {
    check(
        r#"
            queue work
            queue missing passive
            ---
            !close-ok
            queue work passive
        "#,
        expect![[r#"
            > !close-ok
            > queue work passive
            replied    1.1 queue.declare-ok work, 0 messages, 0 consumers
        "#]],
    );
}

/// 5.3: consumers are removed and unacked messages requeued before close-ok.
#[test]
fn a_channel_closed_by_its_client_gives_its_messages_back_first() {
    check(
        r#"
            queue work
            publish "" key=work "one"
            consume work manual tag=c1
            ---
            close channel
            get work auto
        "#,
        expect![[r#"
            > close channel
            cancelled  work -> 1.1 c1: channel ended
            settled    #1 work: requeue at 0 (1.1 tag 1)
            closed     channel 1.1: by client, 200 "Goodbye"
            replied    1.1 channel.close-ok
            > get work auto
            got        #1 work -> 1.1 tag 1, 0 left redelivered
            settled    #1 work: automatic (1.1 tag 1)
        "#]],
    );
}

/// 5.4: channel.flow(true) is answered, false is a hard 540.
#[test]
fn flow_off_is_not_implemented() {
    check(
        r#"
            queue x
            ---
            flow on
            flow off
        "#,
        expect![[r#"
            > flow on
            replied    1.1 channel.flow-ok active true
            > flow off
            closed     channel 1.1: with its connection
            closed     connection 1: 540 NOT_IMPLEMENTED - active=false (20,20)
        "#]],
    );
}

/// 5.5: a relic of AMQP 0-8.
#[test]
fn access_request_is_answered() {
    check(
        r#"
            queue x
            ---
            !access
        "#,
        expect![[r#"
            > !access
            replied    1.1 access.request-ok
        "#]],
    );
}

/// 5.6: get, bind, consume and purge; in bind with both empty the key becomes the name too.
#[test]
fn an_empty_queue_name_means_the_last_one_declared() {
    check(
        r#"
            exchange logs direct
            queue first
            queue second
            ---
            bind logs -> ""
            publish logs key=second "one"
            get
            purge
            delete queue
        "#,
        expect![[r#"
            > bind logs -> ""
            bound      logs -> second by "second"
            replied    1.1 queue.bind-ok
            > publish logs key=second "one"
            published  #1 to logs key "second" "one"
            hopped     #1 logs -> second by "second"
            enqueued   #1 second at 0
            > get
            got        #1 second -> 1.1 tag 1, 0 left
            > purge
            replied    1.1 queue.purge-ok 0 messages
            > delete queue
            replied    1.1 queue.delete-ok 0 messages
            unbound    logs -> second by "second": its end was deleted
            deleted    queue second: by client, 0 messages
        "#]],
    );
}

/// 5.6
#[test]
fn without_a_last_queue_an_empty_name_is_not_found() {
    check(
        r#"
            queue x
            A.2: qos 0
            ---
            A.2: get
        "#,
        expect![[r#"
            > A.2: get
            closed     channel 1.2: 404 NOT_FOUND - no previously declared queue (60,70)
        "#]],
    );
}

/// 5.7: errors still close.
#[test]
fn nowait_suppresses_the_answer_and_nothing_else() {
    check(
        r#"
            queue x
            ---
            queue work nowait
            exchange logs fanout nowait
            bind logs -> work nowait
            bind missing -> work nowait
        "#,
        expect![[r#"
            > queue work nowait
            declared   queue work
            > exchange logs fanout nowait
            declared   exchange logs fanout
            > bind logs -> work nowait
            bound      logs -> work by ""
            > bind missing -> work nowait
            closed     channel 1.1: 404 NOT_FOUND - no exchange 'missing' in vhost '/' (50,20)
        "#]],
    );
}

/// 5.8
#[test]
fn line_ends_are_removed_from_names() {
    check(
        r#"
            queue x
            ---
            queue "wo\r\nrk"
        "#,
        expect![[r#"
            > queue "wo\r\nrk"
            declared   queue work
            replied    1.1 queue.declare-ok work, 0 messages, 0 consumers
        "#]],
    );
}
