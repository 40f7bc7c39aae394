//! Dead-lettering (semantics 18).

use expect_test::expect;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::harness::{check, check_3_10};

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

/// 18.3: without a key of its own it keeps them all; with one CC goes.
#[test]
fn a_dead_letter_keeps_its_routing_keys() {
    check(
        r#"
            queue a
            queue b
            queue own dlx=amq.topic
            queue other dlx=amq.topic dlk=new
            bind amq.topic -> a key=own
            bind amq.topic -> b key=b
            publish "" key=own "copies" CC=[b] BCC=[a]
            publish "" key=other "copies" CC=[b]
            purge a
            purge b
            ---
            get own
            reject discard
            get other
            reject discard
            get b auto
            !headers
        "#,
        expect![[r#"
            > get own
            got        #1 own -> 1.1 tag 1, 0 left
            > reject discard
            settled    #1 own: discard (1.1 tag 1)
            died       #1 own: rejected -> amq.topic key "own"
            published  #3 of #1 to amq.topic key "own" "copies"
            hopped     #3 amq.topic -> a by "own"
            hopped     #3 amq.topic -> b by "b"
            enqueued   #3 a at 0
            enqueued   #3 b at 0
            > get other
            got        #2 other -> 1.1 tag 2, 0 left
            > reject discard
            settled    #2 other: discard (1.1 tag 2)
            died       #2 other: rejected -> amq.topic key "new"
            published  #4 of #2 to amq.topic key "new" "copies"
            unroutable #4 at amq.topic
            > get b auto
            got        #3 b -> 1.1 tag 3, 0 left
            settled    #3 b: automatic (1.1 tag 3)
            > !headers
            headers    CC=["b"] x-death=[{count=1l reason="rejected" queue="own" time=timestamp 1767225600 exchange="" routing-keys=["own", "b"]}] x-first-death-exchange="" x-first-death-queue="own" x-first-death-reason="rejected" x-last-death-exchange="" x-last-death-queue="own" x-last-death-reason="rejected"
        "#]],
    );
}

/// 18.4: the count of one queue and reason, its first time and keys.
#[test]
fn deaths_of_one_queue_and_reason_are_counted() {
    check(
        r#"
            queue work dlx="" dlk=wait
            queue wait ttl=1s dlx="" dlk=work
            publish "" key=work "try"
            get work
            reject discard
            +1s
            get work
            reject discard
            +1s
            ---
            get work
            !headers
        "#,
        expect![[r#"
            > get work
            got        #5 work -> 1.1 tag 3, 0 left
            > !headers
            headers    x-death=[{count=2l reason="expired" queue="wait" time=timestamp 1767225601 exchange="" routing-keys=["wait"]}, {count=2l reason="rejected" queue="work" time=timestamp 1767225600 exchange="" routing-keys=["work"]}] x-first-death-exchange="" x-first-death-queue="work" x-first-death-reason="rejected" x-last-death-exchange="" x-last-death-queue="wait" x-last-death-reason="expired"
        "#]],
    );
}

/// D4, D5: a client's own x-death is no history since 4.0.
#[test]
fn a_forged_history_is_not_believed() {
    check(
        r#"
            queue work ttl=1s dlx="" dlk=dead
            queue dead
            ---
            publish "" key=work "forged" x-death=[a,b]
            +1s
            get dead auto
            !headers
        "#,
        expect![[r#"
            > publish "" key=work "forged" x-death=[a,b]
            published  #1 to (default) key "work" "forged"
            hopped     #1 (default) -> work
            enqueued   #1 work at 0
            > +1s
            dropped    #1 work: expired
            died       #1 work: expired -> (default) key "dead"
            published  #2 of #1 to (default) key "dead" "forged"
            hopped     #2 (default) -> dead
            enqueued   #2 dead at 0
            > get dead auto
            got        #2 dead -> 1.1 tag 1, 0 left
            settled    #2 dead: automatic (1.1 tag 1)
            > !headers
            headers    x-death=[{count=1l reason="expired" queue="work" time=timestamp 1767225601 exchange="" routing-keys=["work"]}] x-first-death-exchange="" x-first-death-queue="work" x-first-death-reason="expired" x-last-death-exchange="" x-last-death-queue="work" x-last-death-reason="expired"
        "#]],
    );
}

/// D4, 18.7: 3.10 had no x-last-death, and did believe; what is no list is written over, but was a death all the same.
#[test]
fn a_history_was_believed_in_3_10() {
    check_3_10(
        r#"
            queue work ttl=1s dlx="" dlk=dead
            queue dead
            ---
            publish "" key=work "forged" x-death=[]
            publish "" key=work "no array" x-death=text
            +1s
            get dead auto
            !headers
            get dead auto
            !headers
        "#,
        expect![[r#"
            > publish "" key=work "forged" x-death=[]
            published  #1 to (default) key "work" "forged"
            hopped     #1 (default) -> work
            enqueued   #1 work at 0
            > publish "" key=work "no array" x-death=text
            published  #2 to (default) key "work" "no array"
            hopped     #2 (default) -> work
            enqueued   #2 work at 1
            > +1s
            dropped    #1 work: expired
            dropped    #2 work: expired
            died       #1 work: expired -> (default) key "dead"
            published  #3 of #1 to (default) key "dead" "forged"
            hopped     #3 (default) -> dead
            enqueued   #3 dead at 0
            died       #2 work: expired -> (default) key "dead"
            published  #4 of #2 to (default) key "dead" "no array"
            hopped     #4 (default) -> dead
            enqueued   #4 dead at 1
            > get dead auto
            got        #3 dead -> 1.1 tag 1, 1 left
            settled    #3 dead: automatic (1.1 tag 1)
            > !headers
            headers    x-death=[{count=1l exchange="" queue="work" reason="expired" routing-keys=["work"] time=timestamp 1767225601}]
            > get dead auto
            got        #4 dead -> 1.1 tag 2, 0 left
            settled    #4 dead: automatic (1.1 tag 2)
            > !headers
            headers    x-death=[{count=1l reason="expired" queue="work" time=timestamp 1767225601 exchange="" routing-keys=["work"]}]
        "#]],
    );
}

/// 18.9: in the order of their deaths, never redelivered, body and other properties as before.
#[test]
fn dead_letters_line_up_as_they_died() {
    check(
        r#"
            queue dead
            queue work dlx="" dlk=dead
            publish "" key=work "one"
            publish "" key=work "two"
            get work
            get work
            ---
            reject 2 discard
            reject 1 discard
            get dead auto
            get dead auto
        "#,
        expect![[r#"
            > reject 2 discard
            settled    #2 work: discard (1.1 tag 2)
            died       #2 work: rejected -> (default) key "dead"
            published  #3 of #2 to (default) key "dead" "two"
            hopped     #3 (default) -> dead
            enqueued   #3 dead at 0
            > reject 1 discard
            settled    #1 work: discard (1.1 tag 1)
            died       #1 work: rejected -> (default) key "dead"
            published  #4 of #1 to (default) key "dead" "one"
            hopped     #4 (default) -> dead
            enqueued   #4 dead at 1
            > get dead auto
            got        #3 dead -> 1.1 tag 3, 1 left
            settled    #3 dead: automatic (1.1 tag 3)
            > get dead auto
            got        #4 dead -> 1.1 tag 4, 0 left
            settled    #4 dead: automatic (1.1 tag 4)
        "#]],
    );
}

/// 18.7: only x-death is written over; what looks like it stays.
#[test]
fn strange_headers_stay() {
    check(
        r#"
            queue dead
            queue work dlx="" dlk=dead
            publish "" key=work "one" x-anything=1 x-first-death-queue=mine
            get work
            reject discard
            ---
            get dead auto
            !headers
        "#,
        expect![[r#"
            > get dead auto
            got        #2 dead -> 1.1 tag 2, 0 left
            settled    #2 dead: automatic (1.1 tag 2)
            > !headers
            headers    x-anything=1 x-death=[{count=1l reason="rejected" queue="work" time=timestamp 1767225600 exchange="" routing-keys=["work"]}] x-first-death-exchange="" x-first-death-queue="work" x-first-death-reason="rejected" x-last-death-exchange="" x-last-death-queue="work" x-last-death-reason="rejected"
        "#]],
    );
}
