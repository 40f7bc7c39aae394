//! ack, nack, reject, recover (semantics 15).

use expect_test::expect;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::harness::check;

/// 15.1: twice, of an automatic delivery, on another channel, zero.
#[test]
fn an_unknown_tag_closes_the_channel() {
    check(
        r#"
            queue work
            publish "" key=work "one"
            publish "" key=work "two"
            publish "" key=work "three"
            publish "" key=work "four"
            ---
            A.1: get work
            A.1: ack 1
            A.1: ack 1
            A.2: get work auto
            A.2: ack 1
            A.3: get work
            A.4: qos 0
            A.4: ack 1
            A.3: ack 0
        "#,
        expect![[r#"
            > A.1: get work
            got        #1 work -> 1.1 tag 1, 3 left
            > A.1: ack 1
            settled    #1 work: ack (1.1 tag 1)
            > A.1: ack 1
            closed     channel 1.1: 406 PRECONDITION_FAILED - unknown delivery tag 1 (60,80)
            > A.2: get work auto
            got        #2 work -> 1.2 tag 1, 2 left
            settled    #2 work: automatic (1.2 tag 1)
            > A.2: ack 1
            closed     channel 1.2: 406 PRECONDITION_FAILED - unknown delivery tag 1 (60,80)
            > A.3: get work
            got        #3 work -> 1.3 tag 1, 1 left
            > A.4: qos 0
            replied    1.4 basic.qos-ok
            > A.4: ack 1
            closed     channel 1.4: 406 PRECONDITION_FAILED - unknown delivery tag 1 (60,80)
            > A.3: ack 0
            settled    #3 work: requeue at 0 (1.3 tag 1)
            closed     channel 1.3: 406 PRECONDITION_FAILED - unknown delivery tag 0 (60,80)
        "#]],
    );
}

/// 15.2: which itself must be there; zero means all.
#[test]
fn multiple_takes_everything_up_to_the_tag() {
    check(
        r#"
            queue work
            publish "" key=work "one"
            publish "" key=work "two"
            publish "" key=work "three"
            get work
            get work
            get work
            ---
            ack 2 multiple
            nack 0 multiple requeue
            ack 0 multiple
            ack 3 multiple
        "#,
        expect![[r#"
            > ack 2 multiple
            settled    #1 work: ack (1.1 tag 1)
            settled    #2 work: ack (1.1 tag 2)
            > nack 0 multiple requeue
            settled    #3 work: requeue at 0 (1.1 tag 3)
            > ack 0 multiple
            > ack 3 multiple
            closed     channel 1.1: 406 PRECONDITION_FAILED - unknown delivery tag 3 (60,80)
        "#]],
    );
}

/// 15.3
#[test]
fn a_rejected_message_is_discarded_or_goes_back() {
    check(
        r#"
            queue work
            publish "" key=work "one"
            publish "" key=work "two"
            get work
            get work
            ---
            reject 1 discard
            reject 2 requeue
        "#,
        expect![[r#"
            > reject 1 discard
            settled    #1 work: discard (1.1 tag 1)
            > reject 2 requeue
            settled    #2 work: requeue at 0 (1.1 tag 2)
        "#]],
    );
}

/// 15.4: ahead of those published later, whatever the order of the nacks.
#[test]
fn a_requeued_message_goes_back_to_its_place() {
    check(
        r#"
            queue work
            publish "" key=work "one"
            publish "" key=work "two"
            publish "" key=work "three"
            publish "" key=work "four"
            get work
            get work
            get work
            ---
            nack 3 requeue
            nack 1 requeue
            nack 2 requeue
            get work auto
            get work auto
            get work auto
            get work auto
        "#,
        expect![[r#"
            > nack 3 requeue
            settled    #3 work: requeue at 0 (1.1 tag 3)
            > nack 1 requeue
            settled    #1 work: requeue at 0 (1.1 tag 1)
            > nack 2 requeue
            settled    #2 work: requeue at 1 (1.1 tag 2)
            > get work auto
            got        #1 work -> 1.1 tag 4, 3 left redelivered
            settled    #1 work: automatic (1.1 tag 4)
            > get work auto
            got        #2 work -> 1.1 tag 5, 2 left redelivered
            settled    #2 work: automatic (1.1 tag 5)
            > get work auto
            got        #3 work -> 1.1 tag 6, 1 left redelivered
            settled    #3 work: automatic (1.1 tag 6)
            > get work auto
            got        #4 work -> 1.1 tag 7, 0 left
            settled    #4 work: automatic (1.1 tag 7)
        "#]],
    );
}

/// 15.5: marked as redelivered.
#[test]
fn the_same_consumer_may_get_it_again() {
    check(
        r#"
            queue work
            consume work manual prefetch=1 tag=c1
            publish "" key=work "one"
            ---
            nack 1 requeue
        "#,
        expect![[r#"
            > nack 1 requeue
            settled    #1 work: requeue at 0 (1.1 tag 1)
            delivered  #1 work -> 1.1 c1 tag 2 redelivered
        "#]],
    );
}

/// 15.6: also what was got; async has no answer.
#[test]
fn recover_gives_back_everything_of_the_channel() {
    check(
        r#"
            queue work
            publish "" key=work "one"
            publish "" key=work "two"
            get work
            get work
            ---
            recover
            get work
            recover async
            recover discard
        "#,
        expect![[r#"
            > recover
            replied    1.1 basic.recover-ok
            settled    #2 work: requeue at 0 (1.1 tag 2)
            settled    #1 work: requeue at 0 (1.1 tag 1)
            > get work
            got        #1 work -> 1.1 tag 3, 1 left redelivered
            > recover async
            settled    #1 work: requeue at 0 (1.1 tag 3)
            > recover discard
            closed     channel 1.1: with its connection
            closed     connection 1: 540 NOT_IMPLEMENTED - requeue=false (60,110)
        "#]],
    );
}

/// 15.7
#[test]
fn a_lost_connection_gives_back_what_it_held() {
    check(
        r#"
            queue work
            B: consume work manual tag=b
            publish "" key=work "one"
            publish "" key=work "two"
            ---
            B: crash
            consume work manual prefetch=1 tag=a
        "#,
        expect![[r#"
            > B: crash
            cancelled  work -> 2.1 b: channel ended
            settled    #2 work: requeue at 0 (2.1 tag 2)
            settled    #1 work: requeue at 0 (2.1 tag 1)
            closed     channel 2.1: with its connection
            closed     connection 2: lost
            > consume work manual prefetch=1 tag=a
            replied    1.1 basic.qos-ok
            replied    1.1 basic.consume-ok a
            consuming  work -> 1.1 a
            delivered  #1 work -> 1.1 a tag 1 redelivered
        "#]],
    );
}
