//! What policies may say, and to which queues they apply (semantics 23.1; all asked of live 3.10.8 and 4.0.5).

use expect_test::expect;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::harness::{check, check_3_10};

const WRONG: &str = r#"
    operator: policy p on .* queues
    operator: policy p on .* queues nonsense=1
    operator: policy p on .* queues max-length=1 nonsense=2 other=x
    operator: policy p on .* queues max-length=-1 message-ttl=-1
    operator: policy p on .* queues max-length=x
    operator: policy p on .* queues message-ttl=-1
    operator: policy p on .* queues expires=0
    operator: policy p on .* queues overflow=foo
    operator: policy p on .* queues overflow=1
    operator: policy p on .* queues dead-letter-exchange=1
    operator: policy p on .* queues dead-letter-routing-key=1
    operator: policy p on .* all alternate-exchange=1
    operator: policy p on .* queues max-priority=1
    operator: policy p on .* queues delivery-limit=-1
    operator: policy p on .* queues delivery-limit=x
    operator: policy p on .* queues max-age=1x
    operator: policy p on .* queues max-age=1D
    operator: policy p on .* queues dead-letter-strategy=x
    operator: policy p on .* queues consumer-timeout=-1
    operator: policy p on .* queues queue-leader-locator=x
    operator: policy p on .* queues queue-master-locator=x
    operator: policy p on .* queues queue-mode=1
    operator: policy p on .* queues queue-version=3
    operator: policy p on .* queues max-in-memory-length=-1
    operator: policy p on .* queues stream-max-segment-size-bytes=3000000001
    operator: policy p on .* queues target-group-size=0
    operator: policy p on .* queues ha-mode=all
    operator: policy p on .* streams max-length-bytes=1
    operator: operator-policy p on .* queues overflow=drop-head
    operator: operator-policy p on .* queues dead-letter-exchange=x
"#;

/// 23.1
#[test]
fn a_policy_is_refused_in_the_words_of_rabbitmq() {
    check(
        WRONG,
        expect![[r#"
        > operator: policy p on .* queues
        ignored    no policy provided
        > operator: policy p on .* queues nonsense=1
        ignored    [{<<"nonsense">>,1}] are not recognised policy settings
        > operator: policy p on .* queues max-length=1 nonsense=2 other=x
        ignored    [{<<"nonsense">>,2},{<<"other">>,<<"x">>}] are not recognised policy settings
        > operator: policy p on .* queues max-length=-1 message-ttl=-1
        ignored    -1 is not a valid maximum length
        > operator: policy p on .* queues max-length=x
        ignored    <<"x">> is not a valid maximum length
        > operator: policy p on .* queues message-ttl=-1
        ignored    -1 is not a valid message TTL
        > operator: policy p on .* queues expires=0
        ignored    0 is not a valid queue expiry
        > operator: policy p on .* queues overflow=foo
        ignored    <<"foo">> is not a valid overflow value
        > operator: policy p on .* queues overflow=1
        ignored    1 is not a valid overflow value
        > operator: policy p on .* queues dead-letter-exchange=1
        ignored    1 is not a valid dead letter exchange name
        > operator: policy p on .* queues dead-letter-routing-key=1
        ignored    1 is not a valid dead letter routing key
        > operator: policy p on .* all alternate-exchange=1
        ignored    1 is not a valid alternate exchange name
        > operator: policy p on .* queues max-priority=1
        ignored    [{<<"max-priority">>,1}] are not recognised policy settings
        > operator: policy p on .* queues delivery-limit=-1
        changed    policy p in /
        > operator: policy p on .* queues delivery-limit=x
        ignored    <<"x">> is not a valid delivery limit
        > operator: policy p on .* queues max-age=1x
        ignored    <<"1x">> is not a valid max age
        > operator: policy p on .* queues max-age=1D
        changed    policy p in /
        > operator: policy p on .* queues dead-letter-strategy=x
        ignored    <<"x">> is not a valid dead letter strategy
        > operator: policy p on .* queues consumer-timeout=-1
        ignored    -1 is not a valid consumer timeout
        > operator: policy p on .* queues queue-leader-locator=x
        ignored    <<"x">> is not a valid queue leader locator value
        > operator: policy p on .* queues queue-master-locator=x
        ignored    <<"x">> is not a valid master locator
        > operator: policy p on .* queues queue-mode=1
        ignored    1 is not a valid queue-mode value
        > operator: policy p on .* queues queue-version=3
        ignored    3 is not a valid queue-version value
        > operator: policy p on .* queues max-in-memory-length=-1
        ignored    -1 is not a valid maximum memory in bytes
        > operator: policy p on .* queues stream-max-segment-size-bytes=3000000001
        ignored    3000000001 is not a valid segment size
        > operator: policy p on .* queues target-group-size=0
        ignored    0 is not a valid qq target count value
        > operator: policy p on .* queues ha-mode=all
        ignored    [{<<"ha-mode">>,<<"all">>}] are not recognised policy settings
        > operator: policy p on .* streams max-length-bytes=1
        changed    policy p in /
        > operator: operator-policy p on .* queues overflow=drop-head
        changed    policy p in /
        > operator: operator-policy p on .* queues dead-letter-exchange=x
        ignored    [{<<"dead-letter-exchange">>,<<"x">>}] are not recognised policy settings
    "#]],
    );
}

/// 23.1
#[test]
fn a_policy_was_refused_in_other_words_in_3_10() {
    check_3_10(
        WRONG,
        expect![[r#"
        > operator: policy p on .* queues
        ignored    no policy provided
        > operator: policy p on .* queues nonsense=1
        ignored    [{<<"nonsense">>,1}] are not recognised policy settings
        > operator: policy p on .* queues max-length=1 nonsense=2 other=x
        ignored    [{<<"nonsense">>,2},{<<"other">>,<<"x">>}] are not recognised policy settings
        > operator: policy p on .* queues max-length=-1 message-ttl=-1
        ignored    -1 is not a valid maximum length
        > operator: policy p on .* queues max-length=x
        ignored    <<"x">> is not a valid maximum length
        > operator: policy p on .* queues message-ttl=-1
        ignored    -1 is not a valid message TTL
        > operator: policy p on .* queues expires=0
        ignored    0 is not a valid queue expiry
        > operator: policy p on .* queues overflow=foo
        ignored    <<"foo">> is not a valid overflow value
        > operator: policy p on .* queues overflow=1
        ignored    1 is not a valid overflow value
        > operator: policy p on .* queues dead-letter-exchange=1
        ignored    1 is not a valid dead letter exchange name
        > operator: policy p on .* queues dead-letter-routing-key=1
        ignored    1 is not a valid dead letter routing key
        > operator: policy p on .* all alternate-exchange=1
        ignored    1 is not a valid alternate exchange name
        > operator: policy p on .* queues max-priority=1
        ignored    [{<<"max-priority">>,1}] are not recognised policy settings
        > operator: policy p on .* queues delivery-limit=-1
        ignored    -1 is not a valid delivery limit
        > operator: policy p on .* queues delivery-limit=x
        ignored    <<"x">> is not a valid delivery limit
        > operator: policy p on .* queues max-age=1x
        ignored    <<"1x">> is not a valid max age
        > operator: policy p on .* queues max-age=1D
        changed    policy p in /
        > operator: policy p on .* queues dead-letter-strategy=x
        ignored    <<"x">> is not a valid dead letter strategy
        > operator: policy p on .* queues consumer-timeout=-1
        ignored    [{<<"consumer-timeout">>,-1}] are not recognised policy settings
        > operator: policy p on .* queues queue-leader-locator=x
        ignored    <<"x">> is not a valid queue leader locator value
        > operator: policy p on .* queues queue-master-locator=x
        ignored    <<"x">> invalid queue-master-locator value
        > operator: policy p on .* queues queue-mode=1
        ignored    1 is not a valid queue-mode value
        > operator: policy p on .* queues queue-version=3
        ignored    3 is not a valid queue-version value
        > operator: policy p on .* queues max-in-memory-length=-1
        ignored    -1 is not a valid maximum memory in bytes
        > operator: policy p on .* queues stream-max-segment-size-bytes=3000000001
        ignored    3000000001 is not a valid segment size
        > operator: policy p on .* queues target-group-size=0
        ignored    [{<<"target-group-size">>,0}] are not recognised policy settings
        > operator: policy p on .* queues ha-mode=all
        changed    policy p in /
        > operator: policy p on .* streams max-length-bytes=1
        ignored    apply-to 'streams' unrecognised; should be 'queues', 'exchanges' or 'all'
        > operator: operator-policy p on .* queues overflow=drop-head
        ignored    [{<<"overflow">>,<<"drop-head">>}] are not recognised policy settings
        > operator: operator-policy p on .* queues dead-letter-exchange=x
        ignored    [{<<"dead-letter-exchange">>,<<"x">>}] are not recognised policy settings
    "#]],
    );
}

const MIXED: &str = r#"
    queue c
    queue q durable type=quorum
    queue s durable type=stream
    operator: policy low on .* all max-length=1
    operator: policy high on .* all priority=1 KEY
    ---
    publish "" key=c "one"
    publish "" key=c "two"
    publish "" key=q "three"
    publish "" key=q "four"
"#;

/// 23.1: with a key that a queue's type does not take, a policy does not apply to it at all; the next one does.
#[test]
fn a_policy_with_a_key_for_other_types_does_not_apply() {
    check(
        &MIXED.replace("KEY", "max-length=2 delivery-limit=3"),
        expect![[r#"
            > publish "" key=c "one"
            published  #1 to (default) key "c" "one"
            hopped     #1 (default) -> c
            enqueued   #1 c at 0
            > publish "" key=c "two"
            published  #2 to (default) key "c" "two"
            hopped     #2 (default) -> c
            enqueued   #2 c at 1
            dropped    #1 c: maxlen
            > publish "" key=q "three"
            published  #3 to (default) key "q" "three"
            hopped     #3 (default) -> q
            enqueued   #3 q at 0
            > publish "" key=q "four"
            published  #4 to (default) key "q" "four"
            hopped     #4 (default) -> q
            enqueued   #4 q at 1
        "#]],
    );
}

/// 23.1
#[test]
fn a_policy_on_memory_does_not_apply_to_classic_queues_since_4_0() {
    check(
        &MIXED.replace("KEY", "max-length=2 max-in-memory-length=1"),
        expect![[r#"
            > publish "" key=c "one"
            published  #1 to (default) key "c" "one"
            hopped     #1 (default) -> c
            enqueued   #1 c at 0
            > publish "" key=c "two"
            published  #2 to (default) key "c" "two"
            hopped     #2 (default) -> c
            enqueued   #2 c at 1
            dropped    #1 c: maxlen
            > publish "" key=q "three"
            published  #3 to (default) key "q" "three"
            hopped     #3 (default) -> q
            enqueued   #3 q at 0
            > publish "" key=q "four"
            published  #4 to (default) key "q" "four"
            hopped     #4 (default) -> q
            enqueued   #4 q at 1
        "#]],
    );
}

/// 23.1
#[test]
fn a_policy_on_memory_applied_to_classic_queues_in_3_10() {
    check_3_10(
        &MIXED.replace("KEY", "max-length=2 max-in-memory-length=1"),
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
        "#]],
    );
}
