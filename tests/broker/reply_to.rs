//! Direct reply-to: answers without a queue (semantics 19).

use expect_test::expect;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::harness::check;

/// 19.2, 19.3: the address is written into the question; the answer needs no queue, and its tag is not counted.
#[test]
fn an_answer_goes_straight_to_the_one_who_asked() {
    check(
        r#"
            B: queue rpc
            A: consume amq.rabbitmq.reply-to auto tag=c1
            ---
            A: publish "" key=rpc "question" reply-to=amq.rabbitmq.reply-to
            B: get rpc auto
            B: publish "" key=$reply "answer"
            B: publish "" key=$reply "another"
            A: get rpc
        "#,
        expect![[r#"
            > A: publish "" key=rpc "question" reply-to=amq.rabbitmq.reply-to
            published  #1 to (default) key "rpc" "question"
            hopped     #1 (default) -> rpc
            enqueued   #1 rpc at 0
            > B: get rpc auto
            got        #1 rpc -> 1.1 tag 1, 0 left
            settled    #1 rpc: automatic (1.1 tag 1)
            > B: publish "" key=$reply "answer"
            published  #2 to (default) key "amq.rabbitmq.reply-to.1" "answer"
            hopped     #2 (default) -> amq.rabbitmq.reply-to.1 as direct reply
            delivered  #2 amq.rabbitmq.reply-to.1 -> 2.1 c1 tag 1
            settled    #2 amq.rabbitmq.reply-to.1: automatic (2.1 tag 1)
            > B: publish "" key=$reply "another"
            published  #3 to (default) key "amq.rabbitmq.reply-to.1" "another"
            hopped     #3 (default) -> amq.rabbitmq.reply-to.1 as direct reply
            delivered  #3 amq.rabbitmq.reply-to.1 -> 2.1 c1 tag 1
            settled    #3 amq.rabbitmq.reply-to.1: automatic (2.1 tag 1)
            > A: get rpc
            replied    2.1 basic.get-empty
        "#]],
    );
}

/// 19.3: it has arrived, and is returned all the same, for no queue took it.
#[test]
fn a_mandatory_answer_arrives_and_comes_back() {
    check(
        r#"
            B: queue rpc
            A: consume amq.rabbitmq.reply-to auto tag=c1
            A: publish "" key=rpc "question" reply-to=amq.rabbitmq.reply-to
            B: get rpc auto
            B: confirm
            ---
            B: publish "" key=$reply "answer" mandatory
        "#,
        expect![[r#"
            > B: publish "" key=$reply "answer" mandatory
            published  #2 to (default) key "amq.rabbitmq.reply-to.1" "answer" mandatory
            hopped     #2 (default) -> amq.rabbitmq.reply-to.1 as direct reply
            delivered  #2 amq.rabbitmq.reply-to.1 -> 2.1 c1 tag 1
            settled    #2 amq.rabbitmq.reply-to.1: automatic (2.1 tag 1)
            returned   #2 to 1.1: 312 NO_ROUTE
            confirmed  #2 to 1.1: ack 1
        "#]],
    );
}

/// 19.3: lost, or returned.
#[test]
fn an_answer_to_one_who_is_gone_is_lost() {
    check(
        r#"
            B: queue rpc
            A: consume amq.rabbitmq.reply-to auto tag=c1
            A: publish "" key=rpc "question" reply-to=amq.rabbitmq.reply-to
            B: get rpc auto
            A: close
            ---
            B: publish "" key=$reply "answer"
            B: publish "" key=$reply "answer" mandatory
        "#,
        expect![[r#"
            > B: publish "" key=$reply "answer"
            published  #2 to (default) key "amq.rabbitmq.reply-to.1" "answer"
            unroutable #2 at (default)
            > B: publish "" key=$reply "answer" mandatory
            published  #3 to (default) key "amq.rabbitmq.reply-to.1" "answer" mandatory
            unroutable #3 at (default)
            returned   #3 to 1.1: 312 NO_ROUTE
        "#]],
    );
}

/// 19.4: whether the other still waits; the bare name is always there.
#[test]
fn declaring_the_reply_queue_asks_whether_its_consumer_lives() {
    check(
        r#"
            B: queue rpc
            A: consume amq.rabbitmq.reply-to auto tag=c1
            A: publish "" key=rpc "question" reply-to=amq.rabbitmq.reply-to
            B: get rpc auto
            ---
            B: queue $reply passive
            B: queue $reply
            B: queue amq.rabbitmq.reply-to passive
            B: queue amq.rabbitmq.reply-to
            A: cancel c1
            B: queue $reply passive
            B.2: queue amq.rabbitmq.reply-to.bogus
            B.3: queue amq.rabbitmq.reply-toX
            B.4: queue amq.rabbitmq.reply-to passive
        "#,
        expect![[r#"
            > B: queue $reply passive
            replied    1.1 queue.declare-ok amq.rabbitmq.reply-to.1, 0 messages, 1 consumers
            > B: queue $reply
            replied    1.1 queue.declare-ok amq.rabbitmq.reply-to.1, 0 messages, 1 consumers
            > B: queue amq.rabbitmq.reply-to passive
            replied    1.1 queue.declare-ok amq.rabbitmq.reply-to, 0 messages, 1 consumers
            > B: queue amq.rabbitmq.reply-to
            replied    1.1 queue.declare-ok amq.rabbitmq.reply-to, 0 messages, 1 consumers
            > A: cancel c1
            replied    2.1 basic.cancel-ok c1
            > B: queue $reply passive
            closed     channel 1.1: 404 NOT_FOUND - no queue 'amq.rabbitmq.reply-to.1' in vhost '/' (50,10)
            > B.2: queue amq.rabbitmq.reply-to.bogus
            closed     channel 1.2: 404 NOT_FOUND - no queue 'amq.rabbitmq.reply-to.bogus' in vhost '/' (50,10)
            > B.3: queue amq.rabbitmq.reply-toX
            closed     channel 1.3: 404 NOT_FOUND - no queue 'amq.rabbitmq.reply-toX' in vhost '/' (50,10)
            > B.4: queue amq.rabbitmq.reply-to passive
            replied    1.4 queue.declare-ok amq.rabbitmq.reply-to, 0 messages, 1 consumers
        "#]],
    );
}

/// 19.5: and another may come.
#[test]
fn a_reply_consumer_can_be_cancelled() {
    check(
        r#"
            queue rpc
            consume amq.rabbitmq.reply-to auto tag=c1
            ---
            cancel c1
            publish "" key=rpc "question" reply-to=amq.rabbitmq.reply-to
            !close-ok
            consume amq.rabbitmq.reply-to auto tag=c1
            consume rpc auto tag=c1
        "#,
        expect![[r#"
            > cancel c1
            replied    1.1 basic.cancel-ok c1
            > publish "" key=rpc "question" reply-to=amq.rabbitmq.reply-to
            closed     channel 1.1: 406 PRECONDITION_FAILED - fast reply consumer does not exist (60,40)
            > !close-ok
            > consume amq.rabbitmq.reply-to auto tag=c1
            replied    1.1 basic.consume-ok c1
            > consume rpc auto tag=c1
            closed     channel 1.1: with its connection
            closed     connection 1: 530 NOT_ALLOWED - attempt to reuse consumer tag 'c1' (60,20)
        "#]],
    );
}
