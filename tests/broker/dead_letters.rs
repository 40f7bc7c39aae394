//! Dead-lettering (semantics 18).

use expect_test::expect;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::harness::check;

/// 18.1, 18.3: with its own key.
#[test]
fn a_rejected_message_goes_to_the_dead_letter_exchange() {
    check(
        r#"
            exchange graveyard fanout
            queue dead
            bind graveyard -> dead
            queue work dlx=graveyard
            ---
            publish "" key=work "one"
            get work
            reject 1 discard
            get dead
        "#,
        expect![[r#"
            > publish "" key=work "one"
            published  #1 to (default) key "work" "one"
            hopped     #1 (default) -> work
            enqueued   #1 work at 0
            > get work
            got        #1 work -> 1.1 tag 1, 0 left
            > reject 1 discard
            settled    #1 work: discard (1.1 tag 1)
            died       #1 work: rejected -> graveyard key "work"
            published  #2 of #1 to graveyard key "work" "one"
            hopped     #2 graveyard -> dead by ""
            enqueued   #2 dead at 0
            > get dead
            got        #2 dead -> 1.1 tag 2, 0 left
        "#]],
    );
}

/// 17.5, 17.6
#[test]
fn an_expired_message_goes_on_without_its_expiration() {
    check(
        r#"
            queue dead
            queue work dlx="" dlk=dead
            ---
            publish "" key=work "one" expiration=100
            +100ms
            +10s
            get dead
        "#,
        expect![[r#"
            > publish "" key=work "one" expiration=100
            published  #1 to (default) key "work" "one"
            hopped     #1 (default) -> work
            enqueued   #1 work at 0
            > +100ms
            dropped    #1 work: expired
            died       #1 work: expired -> (default) key "dead"
            published  #2 of #1 to (default) key "dead" "one"
            hopped     #2 (default) -> dead
            enqueued   #2 dead at 0
            > +10s
            > get dead
            got        #2 dead -> 1.1 tag 1, 0 left
        "#]],
    );
}

/// 18.1: reason maxlen.
#[test]
fn a_dropped_head_is_dead_lettered() {
    check(
        r#"
            queue dead
            queue work max-length=1 dlx="" dlk=dead
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
            enqueued   #2 work at 1
            dropped    #1 work: maxlen
            died       #1 work: maxlen -> (default) key "dead"
            published  #3 of #1 to (default) key "dead" "one"
            hopped     #3 (default) -> dead
            enqueued   #3 dead at 0
        "#]],
    );
}

/// 18.2
#[test]
fn without_the_exchange_it_is_lost() {
    check(
        r#"
            queue work dlx=missing
            ---
            publish "" key=work "one"
            get work
            nack 1 discard
        "#,
        expect![[r#"
            > publish "" key=work "one"
            published  #1 to (default) key "work" "one"
            hopped     #1 (default) -> work
            enqueued   #1 work at 0
            > get work
            got        #1 work -> 1.1 tag 1, 0 left
            > nack 1 discard
            settled    #1 work: discard (1.1 tag 1)
            lost       #1 work: rejected, no exchange missing
        "#]],
    );
}

/// 18.1
#[test]
fn purging_and_deleting_do_not_dead_letter() {
    check(
        r#"
            queue dead
            queue work dlx="" dlk=dead
            publish "" key=work "one"
            ---
            purge work
            publish "" key=work "two"
            delete queue work
        "#,
        expect![[r#"
            > purge work
            dropped    #1 work: purged
            replied    1.1 queue.purge-ok 1 messages
            > publish "" key=work "two"
            published  #2 to (default) key "work" "two"
            hopped     #2 (default) -> work
            enqueued   #2 work at 0
            > delete queue work
            replied    1.1 queue.delete-ok 1 messages
            dropped    #2 work: queue deleted
            deleted    queue work: by client, 1 messages
        "#]],
    );
}

/// 18.8: a queue that expires into itself drops.
#[test]
fn a_circle_without_a_rejection_ends() {
    check(
        r#"
            queue work ttl=1s dlx="" dlk=work
            ---
            publish "" key=work "round"
            +3s
        "#,
        expect![[r#"
            > publish "" key=work "round"
            published  #1 to (default) key "work" "round"
            hopped     #1 (default) -> work
            enqueued   #1 work at 0
            > +3s
            dropped    #1 work: expired
            died       #1 work: expired -> (default) key "work"
            published  #2 of #1 to (default) key "work" "round"
            hopped     #2 (default) -> work
            dropped    #2 work: cycle
        "#]],
    );
}

/// 18.8: the retry loop.
#[test]
fn a_rejection_in_the_circle_keeps_it_going() {
    check(
        r#"
            queue work dlx="" dlk=wait
            queue wait ttl=1s dlx="" dlk=work
            ---
            publish "" key=work "try"
            get work
            reject 1 discard
            +1s
            get work
        "#,
        expect![[r#"
            > publish "" key=work "try"
            published  #1 to (default) key "work" "try"
            hopped     #1 (default) -> work
            enqueued   #1 work at 0
            > get work
            got        #1 work -> 1.1 tag 1, 0 left
            > reject 1 discard
            settled    #1 work: discard (1.1 tag 1)
            died       #1 work: rejected -> (default) key "wait"
            published  #2 of #1 to (default) key "wait" "try"
            hopped     #2 (default) -> wait
            enqueued   #2 wait at 0
            > +1s
            dropped    #2 wait: expired
            died       #2 wait: expired -> (default) key "work"
            published  #3 of #2 to (default) key "work" "try"
            hopped     #3 (default) -> work
            enqueued   #3 work at 0
            > get work
            got        #3 work -> 1.1 tag 2, 0 left
        "#]],
    );
}
