//! Policies: arguments by pattern, set while the broker runs (semantics 23).

use expect_test::expect;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::harness::check;

/// 23.1: one only, and only its keys.
#[test]
fn the_matching_policy_of_the_highest_priority_wins() {
    check(
        r#"
            queue work
            ---
            operator: policy all on .* queues priority=1 max-length=2
            operator: policy some on ^wo queues priority=2 dead-letter-exchange=missing
            operator: policy none on ^x queues priority=3 max-length=1
            publish "" key=work "one"
            publish "" key=work "two"
            publish "" key=work "three"
        "#,
        expect![[r#"
            > operator: policy all on .* queues priority=1 max-length=2
            changed    policy all in /
            > operator: policy some on ^wo queues priority=2 dead-letter-exchange=missing
            changed    policy some in /
            > operator: policy none on ^x queues priority=3 max-length=1
            changed    policy none in /
            > publish "" key=work "one"
            published  #1 to (default) key "work" "one"
            hopped     #1 (default) -> work
            enqueued   #1 work at 0
            > publish "" key=work "two"
            published  #2 to (default) key "work" "two"
            hopped     #2 (default) -> work
            enqueued   #2 work at 1
            > publish "" key=work "three"
            published  #3 to (default) key "work" "three"
            hopped     #3 (default) -> work
            enqueued   #3 work at 2
        "#]],
    );
}

/// 23.1: by the kind of what it is to apply to.
#[test]
fn a_policy_may_be_for_exchanges_or_for_queues() {
    check(
        r#"
            exchange logs fanout
            queue logs
            queue rest
            exchange others fanout
            bind others -> rest
            ---
            operator: policy e on logs exchanges alternate-exchange=others max-length=1
            publish logs "one"
            publish "" key=logs "two"
            publish "" key=logs "three"
            operator: policy q on logs queues alternate-exchange=others max-length=1
        "#,
        expect![[r#"
            > operator: policy e on logs exchanges alternate-exchange=others max-length=1
            changed    policy e in /
            > publish logs "one"
            published  #1 to logs "one"
            hopped     #1 logs -> exchange others as alternate
            hopped     #1 others -> rest by ""
            enqueued   #1 rest at 0
            > publish "" key=logs "two"
            published  #2 to (default) key "logs" "two"
            hopped     #2 (default) -> logs
            enqueued   #2 logs at 0
            > publish "" key=logs "three"
            published  #3 to (default) key "logs" "three"
            hopped     #3 (default) -> logs
            enqueued   #3 logs at 1
            > operator: policy q on logs queues alternate-exchange=others max-length=1
            changed    policy q in /
            dropped    #2 logs: maxlen
        "#]],
    );
}

/// 23.2: of numbers the smaller counts.
#[test]
fn the_smaller_of_argument_and_policy_counts() {
    check(
        r#"
            queue long max-length=3
            queue short max-length=1
            ---
            operator: policy two on .* queues max-length=2
            publish "" key=long "one"
            publish "" key=long "two"
            publish "" key=long "three"
            publish "" key=short "one"
            publish "" key=short "two"
        "#,
        expect![[r#"
            > operator: policy two on .* queues max-length=2
            changed    policy two in /
            > publish "" key=long "one"
            published  #1 to (default) key "long" "one"
            hopped     #1 (default) -> long
            enqueued   #1 long at 0
            > publish "" key=long "two"
            published  #2 to (default) key "long" "two"
            hopped     #2 (default) -> long
            enqueued   #2 long at 1
            > publish "" key=long "three"
            published  #3 to (default) key "long" "three"
            hopped     #3 (default) -> long
            enqueued   #3 long at 2
            dropped    #1 long: maxlen
            > publish "" key=short "one"
            published  #4 to (default) key "short" "one"
            hopped     #4 (default) -> short
            enqueued   #4 short at 0
            > publish "" key=short "two"
            published  #5 to (default) key "short" "two"
            hopped     #5 (default) -> short
            enqueued   #5 short at 1
            dropped    #4 short: maxlen
        "#]],
    );
}

/// 23.2
#[test]
fn for_names_the_argument_wins() {
    check(
        r#"
            queue own dlx="" dlk=own-dead
            queue plain
            queue own-dead
            queue policy-dead
            operator: policy dead on ^(own|plain)$ queues dead-letter-exchange=amq.direct dead-letter-routing-key=policy-dead
            bind amq.direct -> policy-dead key=policy-dead
            ---
            publish "" key=own "one"
            get own
            reject discard
            publish "" key=plain "two"
            get plain
            reject discard
        "#,
        expect![[r#"
            > publish "" key=own "one"
            published  #1 to (default) key "own" "one"
            hopped     #1 (default) -> own
            enqueued   #1 own at 0
            > get own
            got        #1 own -> 1.1 tag 1, 0 left
            > reject discard
            settled    #1 own: discard (1.1 tag 1)
            died       #1 own: rejected -> (default) key "own-dead"
            published  #2 of #1 to (default) key "own-dead" "one"
            hopped     #2 (default) -> own-dead
            enqueued   #2 own-dead at 0
            > publish "" key=plain "two"
            published  #3 to (default) key "plain" "two"
            hopped     #3 (default) -> plain
            enqueued   #3 plain at 0
            > get plain
            got        #3 plain -> 1.1 tag 2, 0 left
            > reject discard
            settled    #3 plain: discard (1.1 tag 2)
            died       #3 plain: rejected -> amq.direct key "policy-dead"
            published  #4 of #3 to amq.direct key "policy-dead" "two"
            hopped     #4 amq.direct -> policy-dead by "policy-dead"
            enqueued   #4 policy-dead at 0
        "#]],
    );
}

/// 23.2: the argument's alternate exchange too.
#[test]
fn an_exchange_keeps_its_own_alternate() {
    check(
        r#"
            exchange own fanout ae=amq.direct
            exchange plain fanout
            queue direct
            queue fanout
            bind amq.direct -> direct
            bind amq.fanout -> fanout
            operator: policy ae on ^(own|plain)$ exchanges alternate-exchange=amq.fanout
            ---
            publish own "one"
            publish plain "two"
            operator: no policy ae
            publish plain "three"
        "#,
        expect![[r#"
            > publish own "one"
            published  #1 to own "one"
            hopped     #1 own -> exchange amq.direct as alternate
            hopped     #1 amq.direct -> direct by ""
            enqueued   #1 direct at 0
            > publish plain "two"
            published  #2 to plain "two"
            hopped     #2 plain -> exchange amq.fanout as alternate
            hopped     #2 amq.fanout -> fanout by ""
            enqueued   #2 fanout at 0
            > operator: no policy ae
            changed    policy ae in /
            > publish plain "three"
            published  #3 to plain "three"
            unroutable #3 at plain
        "#]],
    );
}

/// 23.2
#[test]
fn a_policy_says_what_overflow_does_where_the_declaration_does_not() {
    check(
        r#"
            queue plain
            queue own overflow=drop-head
            operator: policy full on .* queues max-length=1 overflow=reject-publish
            confirm
            ---
            publish "" key=plain "one"
            publish "" key=plain "two"
            publish "" key=own "one"
            publish "" key=own "two"
        "#,
        expect![[r#"
            > publish "" key=plain "one"
            published  #1 to (default) key "plain" "one"
            hopped     #1 (default) -> plain
            enqueued   #1 plain at 0
            confirmed  #1 to 1.1: ack 1
            > publish "" key=plain "two"
            published  #2 to (default) key "plain" "two"
            hopped     #2 (default) -> plain
            refused    #2 by plain
            confirmed  #2 to 1.1: nack 2
            > publish "" key=own "one"
            published  #3 to (default) key "own" "one"
            hopped     #3 (default) -> own
            enqueued   #3 own at 0
            confirmed  #3 to 1.1: ack 3
            > publish "" key=own "two"
            published  #4 to (default) key "own" "two"
            hopped     #4 (default) -> own
            enqueued   #4 own at 1
            dropped    #3 own: maxlen
            confirmed  #4 to 1.1: ack 4
        "#]],
    );
}

/// 23.3: limits hold at once.
#[test]
fn a_new_limit_drops_what_is_too_much() {
    check(
        r#"
            queue work
            publish "" key=work "one"
            publish "" key=work "two"
            publish "" key=work "three"
            ---
            operator: policy short on work queues max-length=1
            operator: no policy short
            publish "" key=work "four"
        "#,
        expect![[r#"
            > operator: policy short on work queues max-length=1
            changed    policy short in /
            dropped    #1 work: maxlen
            dropped    #2 work: maxlen
            > operator: no policy short
            changed    policy short in /
            > publish "" key=work "four"
            published  #4 to (default) key "work" "four"
            hopped     #4 (default) -> work
            enqueued   #4 work at 1
        "#]],
    );
}

/// 23.3: what lies there already has no new time, and keeps what it has.
#[test]
fn a_new_time_to_live_holds_for_messages_that_come_later() {
    check(
        r#"
            queue work
            publish "" key=work "stays"
            get work
            publish "" key=work "stays too"
            ---
            operator: policy brief on work queues message-ttl=100
            publish "" key=work "behind those that stay"
            +1s
            get work auto
            purge work
            publish "" key=work "brief"
            operator: no policy brief
            publish "" key=work "stays"
            +1s
        "#,
        expect![[r#"
            > operator: policy brief on work queues message-ttl=100
            changed    policy brief in /
            > publish "" key=work "behind those that stay"
            published  #3 to (default) key "work" "behind those that stay"
            hopped     #3 (default) -> work
            enqueued   #3 work at 1
            > +1s
            > get work auto
            dropped    #3 work: expired
            got        #2 work -> 1.1 tag 2, 0 left
            settled    #2 work: automatic (1.1 tag 2)
            > purge work
            replied    1.1 queue.purge-ok 0 messages
            > publish "" key=work "brief"
            published  #4 to (default) key "work" "brief"
            hopped     #4 (default) -> work
            enqueued   #4 work at 0
            > operator: no policy brief
            changed    policy brief in /
            > publish "" key=work "stays"
            published  #5 to (default) key "work" "stays"
            hopped     #5 (default) -> work
            enqueued   #5 work at 1
            > +1s
            dropped    #4 work: expired
        "#]],
    );
}

/// 23.3, 7.15: the time begins when the policy comes, and other queues are not touched.
#[test]
fn a_policy_gives_a_queue_a_lease() {
    check(
        r#"
            queue work
            queue other expires=1s
            ---
            +900ms
            operator: policy lease on work queues expires=500
            +100ms
            +400ms
        "#,
        expect![[r#"
            > +900ms
            > operator: policy lease on work queues expires=500
            changed    policy lease in /
            > +100ms
            deleted    queue other: expired, 0 messages
            > +400ms
            deleted    queue work: expired, 0 messages
        "#]],
    );
}

/// 23.3: without the policy it lives on.
#[test]
fn a_lease_goes_with_its_policy() {
    check(
        r#"
            queue work
            operator: policy lease on work queues expires=500
            ---
            +400ms
            operator: no policy lease
            +10s
            queue work passive
        "#,
        expect![[r#"
            > +400ms
            > operator: no policy lease
            changed    policy lease in /
            > +10s
            > queue work passive
            replied    1.1 queue.declare-ok work, 0 messages, 0 consumers
        "#]],
    );
}

/// 23.1: a queue declared later is under the policy too.
#[test]
fn a_policy_holds_for_queues_to_come() {
    check(
        r#"
            operator: policy short on work queues max-length=1
            ---
            queue work
            publish "" key=work "one"
            publish "" key=work "two"
        "#,
        expect![[r#"
            > queue work
            declared   queue work
            replied    1.1 queue.declare-ok work, 0 messages, 0 consumers
            > publish "" key=work "one"
            published  #1 to (default) key "work" "one"
            hopped     #1 (default) -> work
            enqueued   #1 work at 0
            > publish "" key=work "two"
            published  #2 to (default) key "work" "two"
            hopped     #2 (default) -> work
            enqueued   #2 work at 1
            dropped    #1 work: maxlen
        "#]],
    );
}

/// 23.1: in its vhost.
#[test]
fn a_policy_holds_in_its_vhost() {
    check(
        r#"
            operator: vhost other
            operator: permissions guest other configure=.* write=.* read=.*
            operator: policy short on work queues vhost=other max-length=1
            A: queue work
            B: !connect vhost=other
            B: queue work
            ---
            A: publish "" key=work "one"
            A: publish "" key=work "two"
            B: publish "" key=work "one"
            B: publish "" key=work "two"
            operator: no policy short
            operator: policy lost on work queues vhost=missing max-length=1
            operator: policy broken on ( queues max-length=1
        "#,
        expect![[r#"
            > A: publish "" key=work "one"
            published  #1 to (default) key "work" "one"
            hopped     #1 (default) -> work
            enqueued   #1 work at 0
            > A: publish "" key=work "two"
            published  #2 to (default) key "work" "two"
            hopped     #2 (default) -> work
            enqueued   #2 work at 1
            > B: publish "" key=work "one"
            published  #3 to (default) key "work" "one"
            hopped     #3 (default) -> work
            enqueued   #3 work at 0
            > B: publish "" key=work "two"
            published  #4 to (default) key "work" "two"
            hopped     #4 (default) -> work
            enqueued   #4 work at 1
            dropped    #3 work: maxlen
            > operator: no policy short
            ignored    there is no policy 'short' in vhost '/'
            > operator: policy lost on work queues vhost=missing max-length=1
            ignored    there is no vhost 'missing'
            > operator: policy broken on ( queues max-length=1
            ignored    '(' is not a regular expression
        "#]],
    );
}

/// 23.2, D6: where one of them is negative, the larger counts (qq resolve_delivery_limit).
#[test]
fn a_negative_delivery_limit_gives_way_to_the_other() {
    check(
        r#"
            operator: policy once on work queues delivery-limit=1
            queue work durable type=quorum delivery-limit=-1
            publish "" key=work "poison"
            ---
            get work
            nack requeue
            get work
            nack requeue
            get work
        "#,
        expect![[r#"
            > get work
            got        #1 work -> 1.1 tag 1, 0 left
            > nack requeue
            settled    #1 work: requeue at 0 (1.1 tag 1)
            > get work
            got        #1 work -> 1.1 tag 2, 0 left redelivered with x-delivery-count=1l
            > nack requeue
            settled    #1 work: requeue at 0 (1.1 tag 2)
            dropped    #1 work: delivery limit
            > get work
            replied    1.1 basic.get-empty
        "#]],
    );
}

/// 23.1: the other keys.
#[test]
fn policies_know_many_keys() {
    check(
        r#"
            queue bytes
            queue quorum durable type=quorum
            queue log durable type=stream
            operator: policy bytes on bytes queues max-length-bytes=5
            operator: policy once on quorum queues delivery-limit=1
            operator: policy young on log queues max-age=1m
            publish "" key=quorum "poison"
            publish "" key=log "old"
            +2m
            ---
            publish "" key=bytes "123"
            publish "" key=bytes "456"
            publish "" key=log "young"
            get quorum
            nack requeue
            get quorum
            nack requeue
        "#,
        expect![[r#"
            > publish "" key=bytes "123"
            published  #3 to (default) key "bytes" "123"
            hopped     #3 (default) -> bytes
            enqueued   #3 bytes at 0
            > publish "" key=bytes "456"
            published  #4 to (default) key "bytes" "456"
            hopped     #4 (default) -> bytes
            enqueued   #4 bytes at 1
            dropped    #3 bytes: maxlen
            > publish "" key=log "young"
            published  #5 to (default) key "log" "young"
            hopped     #5 (default) -> log
            enqueued   #5 log at 1
            dropped    #2 log: retention
            > get quorum
            got        #1 quorum -> 1.1 tag 1, 0 left
            > nack requeue
            settled    #1 quorum: requeue at 0 (1.1 tag 1)
            > get quorum
            got        #1 quorum -> 1.1 tag 2, 0 left redelivered with x-delivery-count=1l
            > nack requeue
            settled    #1 quorum: requeue at 0 (1.1 tag 2)
            dropped    #1 quorum: delivery limit
        "#]],
    );
}
