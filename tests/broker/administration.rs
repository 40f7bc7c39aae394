//! What the management UI has besides: operator policies, topic permissions, default queue types, kinds of queues a
//! policy is for (semantics 23, 26; RabbitMQ docs, Parameters and Policies, Access Control, Virtual Hosts).

use expect_test::expect;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::harness::{check, check_3_10};

/// Of two numbers the smaller counts, whoever says it.
#[test]
fn an_operator_policy_limits_what_a_policy_says() {
    check(
        r#"
            queue work
            operator: policy long on .* queues max-length=5
            operator: operator-policy short on .* queues max-length=1
            ---
            publish "" key=work "one"
            publish "" key=work "two"
            operator: no operator-policy short
            publish "" key=work "three"
            operator: operator-policy foreign on .* queues dead-letter-exchange=x
            operator: no operator-policy short
        "#,
        expect![[r#"
            > publish "" key=work "one"
            published  #1 to (default) key "work" "one"
            hopped     #1 (default) -> work
            enqueued   #1 work at 0
            > publish "" key=work "two"
            published  #2 to (default) key "work" "two"
            hopped     #2 (default) -> work
            enqueued   #2 work at 1
            dropped    #1 work: maxlen
            > operator: no operator-policy short
            changed    policy short in /
            > publish "" key=work "three"
            published  #3 to (default) key "work" "three"
            hopped     #3 (default) -> work
            enqueued   #3 work at 1
            > operator: operator-policy foreign on .* queues dead-letter-exchange=x
            ignored    [{<<"dead-letter-exchange">>,<<"x">>}] are not recognised policy settings
            > operator: no operator-policy short
            ignored    there is no policy 'short' in vhost '/'
        "#]],
    );
}

/// Both are named by the queue; what has no number is the operator's.
#[test]
fn an_operator_policy_decides_what_happens_at_the_limit() {
    check(
        r#"
            queue work
            operator: policy p on .* queues max-length=1 overflow=drop-head
            operator: operator-policy o on .* queues overflow=reject-publish
            ---
            publish "" key=work "one"
            publish "" key=work "two"
        "#,
        expect![[r#"
            > publish "" key=work "one"
            published  #1 to (default) key "work" "one"
            hopped     #1 (default) -> work
            enqueued   #1 work at 0
            > publish "" key=work "two"
            published  #2 to (default) key "work" "two"
            hopped     #2 (default) -> work
            refused    #2 by work
        "#]],
    );
}

#[test]
fn a_policy_may_be_for_one_type_of_queues() {
    check(
        r#"
            queue c
            queue q durable x-queue-type=quorum
            operator: policy p on .* quorum_queues max-length=1
            operator: policy s on .* streams max-length=0
            ---
            publish "" key=c "one"
            publish "" key=c "two"
            publish "" key=q "three"
            publish "" key=q "four"
        "#,
        expect![[r#"
            > publish "" key=c "one"
            published  #1 to (default) key "c" "one"
            hopped     #1 (default) -> c
            enqueued   #1 c at 0
            > publish "" key=c "two"
            published  #2 to (default) key "c" "two"
            hopped     #2 (default) -> c
            enqueued   #2 c at 1
            > publish "" key=q "three"
            published  #3 to (default) key "q" "three"
            hopped     #3 (default) -> q
            enqueued   #3 q at 0
            > publish "" key=q "four"
            published  #4 to (default) key "q" "four"
            hopped     #4 (default) -> q
            enqueued   #4 q at 1
            dropped    #3 q: maxlen
        "#]],
    );
}

/// 26.3: the routing key of a publish is written, that of a binding is read.
#[test]
fn topic_permissions_look_at_routing_keys() {
    check(
        r#"
            operator: user alice
            operator: permissions alice / configure=.* write=.* read=.*
            operator: topic-permissions alice / amq.topic write=^{username}\. read=^news
            ---
            A: !connect user=alice
            A: channel
            A: queue mine
            A: bind amq.topic -> mine key=news.#
            A: publish amq.topic key=alice.one "one"
            A: publish amq.direct key=bob.one "two"
            A: publish amq.topic key=bob.one "three"
            B: !connect user=alice
            B: channel
            B: bind amq.topic -> mine key=secret.#
            operator: no topic-permissions alice / amq.topic
            C: !connect user=alice
            C: channel
            C: publish amq.topic key=bob.one "four"
        "#,
        expect![[r#"
            > A: !connect user=alice
            connected  connection 1 "A" as alice to /
            > A: channel
            opened     channel 1.1
            replied    1.1 channel.open-ok
            > A: queue mine
            declared   queue mine
            replied    1.1 queue.declare-ok mine, 0 messages, 0 consumers
            > A: bind amq.topic -> mine key=news.#
            bound      amq.topic -> mine by "news.#"
            replied    1.1 queue.bind-ok
            > A: publish amq.topic key=alice.one "one"
            published  #1 to amq.topic key "alice.one" "one"
            unroutable #1 at amq.topic
            > A: publish amq.direct key=bob.one "two"
            published  #2 to amq.direct key "bob.one" "two"
            unroutable #2 at amq.direct
            > A: publish amq.topic key=bob.one "three"
            closed     channel 1.1: 403 ACCESS_REFUSED - write access to topic 'bob.one' in exchange 'amq.topic' in vhost '/' refused for user 'alice' (60,40)
            > B: !connect user=alice
            connected  connection 2 "B" as alice to /
            > B: channel
            opened     channel 2.1
            replied    2.1 channel.open-ok
            > B: bind amq.topic -> mine key=secret.#
            closed     channel 2.1: 403 ACCESS_REFUSED - read access to topic 'secret.#' in exchange 'amq.topic' in vhost '/' refused for user 'alice' (50,20)
            > operator: no topic-permissions alice / amq.topic
            changed    permissions of alice in /
            > C: !connect user=alice
            connected  connection 3 "C" as alice to /
            > C: channel
            opened     channel 3.1
            replied    3.1 channel.open-ok
            > C: publish amq.topic key=bob.one "four"
            published  #3 to amq.topic key "bob.one" "four"
            unroutable #3 at amq.topic
        "#]],
    );
}

/// D2: 3.10 does not say for what.
#[test]
fn the_text_of_3_10_does_not_name_the_permission() {
    check_3_10(
        r#"
            operator: topic-permissions guest / amq.topic write=^a read=.*
            operator: topic-permissions guest / amq.topic write=( read=.*
            operator: topic-permissions nobody / amq.topic write=^a read=.*
            operator: topic-permissions guest nowhere amq.topic write=^a read=.*
            operator: default-queue-type / quorum
            publish amq.topic key=b "one"
        "#,
        expect![[r#"
            > operator: topic-permissions guest / amq.topic write=^a read=.*
            changed    permissions of guest in /
            > operator: topic-permissions guest / amq.topic write=( read=.*
            ignored    '(' is not a regular expression
            > operator: topic-permissions nobody / amq.topic write=^a read=.*
            ignored    there is no user 'nobody'
            > operator: topic-permissions guest nowhere amq.topic write=^a read=.*
            ignored    there is no vhost 'nowhere'
            > operator: default-queue-type / quorum
            ignored    RabbitMQ 3.10 has no default queue type
            > publish amq.topic key=b "one"
            closed     channel 1.1: 403 ACCESS_REFUSED - access to topic 'b' in exchange 'amq.topic' in vhost '/' refused for user 'guest' (60,40)
        "#]],
    );
}

/// A declare that names no type gets the vhost's, if it can be had.
#[test]
fn a_vhost_may_have_a_default_queue_type() {
    check(
        r#"
            operator: default-queue-type / quorum
            ---
            queue orders durable
            queue orders durable
            queue orders durable x-queue-type=quorum
            queue passing
            queue mine exclusive
            queue plain durable x-queue-type=classic
            operator: default-queue-type / none
            queue later durable
            operator: default-queue-type nowhere quorum
        "#,
        expect![[r#"
            > queue orders durable
            declared   queue orders
            replied    1.1 queue.declare-ok orders, 0 messages, 0 consumers
            > queue orders durable
            replied    1.1 queue.declare-ok orders, 0 messages, 0 consumers
            > queue orders durable x-queue-type=quorum
            replied    1.1 queue.declare-ok orders, 0 messages, 0 consumers
            > queue passing
            declared   queue passing
            replied    1.1 queue.declare-ok passing, 0 messages, 0 consumers
            > queue mine exclusive
            declared   queue mine
            replied    1.1 queue.declare-ok mine, 0 messages, 0 consumers
            > queue plain durable x-queue-type=classic
            declared   queue plain
            replied    1.1 queue.declare-ok plain, 0 messages, 0 consumers
            > operator: default-queue-type / none
            changed    vhost /, default queue type none
            > queue later durable
            declared   queue later
            replied    1.1 queue.declare-ok later, 0 messages, 0 consumers
            > operator: default-queue-type nowhere quorum
            ignored    there is no vhost 'nowhere'
        "#]],
    );
}
