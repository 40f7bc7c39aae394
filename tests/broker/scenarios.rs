//! The start scenarios play to their end, and tell what they promise.

use expect_test::expect;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use mq_playground::engine::Engine;
use mq_playground::scenario::{Scenario, catalog};

use crate::harness::with_short_names;

/// The run of a scenario of the catalog, step by step, until nothing is due any more or `until_ms`.
fn play(slug: &str, until_ms: u64) -> Engine {
    let entry = catalog::find(slug).expect("it is in the catalog");
    let scenario = Scenario::parse(entry.json).expect("it is sound");
    let mut engine = Engine::load(&scenario).expect("it can be set up");
    while engine.has_next() {
        let update = engine.step_one();
        if update.cursor.now.as_ms() > until_ms {
            break;
        }
    }
    engine
}

#[test]
fn in_logs_the_message_dies_with_its_queue_and_the_receiver_never_prints() {
    let engine = play("logs", 60_000);
    expect![[r#"
        -- 0.000 s
        sender: added
        -- 0.000 s
        receiver: added
        -- 0.000 s
        sender: started
        sender: line 1
        connected  connection 1 "sender" as guest to /
        -- 0.600 s
        sender: line 2
        opened     channel 1.1
        replied    1.1 channel.open-ok
        -- 1.200 s
        sender: line 3
        declared   exchange logs fanout
        replied    1.1 exchange.declare-ok
        -- 1.800 s
        sender: line 4
        declared   queue amq.gen-1
        replied    1.1 queue.declare-ok amq.gen-1, 0 messages, 0 consumers
        -- 2.400 s
        sender: line 5
        bound      logs -> amq.gen-1 by ""
        replied    1.1 queue.bind-ok
        -- 3.000 s
        sender: line 6
        published  #1 to logs "Hello World!"
        hopped     #1 logs -> amq.gen-1 by ""
        enqueued   #1 amq.gen-1 at 0
        -- 3.600 s
        sender: line 7
        sender: prints [x] Sent Hello World!
        -- 4.200 s
        sender: line 8
        closed     channel 1.1: with its connection
        dropped    #1 amq.gen-1: queue deleted
        unbound    logs -> amq.gen-1 by "": its end was deleted
        deleted    queue amq.gen-1: exclusive, 1 messages
        closed     connection 1: by client, 200 "Normal shutdown"
        sender: finished
        -- 5.400 s
        receiver: started
        receiver: line 1
        connected  connection 2 "receiver" as guest to /
        -- 6.000 s
        receiver: line 2
        opened     channel 2.1
        replied    2.1 channel.open-ok
        -- 6.600 s
        receiver: line 3
        declared   queue hello
        replied    2.1 queue.declare-ok hello, 0 messages, 0 consumers
        -- 7.200 s
        receiver: line 4
        receiver: prints [*] Waiting for messages
        -- 7.800 s
        receiver: line 5
        replied    2.1 basic.consume-ok amq.ctag-1
        consuming  hello -> 2.1 amq.ctag-1
    "#]]
    .assert_eq(&with_short_names(&engine.transcript()));
}

#[test]
fn in_the_work_queue_the_crashed_workers_message_comes_back() {
    let engine = play("work-queue", 60_000);
    expect![[r#"
        -- 0.000 s
        worker 1: added
        -- 0.000 s
        worker 2: added
        -- 0.000 s
        sender: added
        -- 0.000 s
        newcomer: added
        -- 0.000 s
        worker 1: started
        worker 1: line 1
        connected  connection 1 "worker 1" as guest to /
        -- 0.300 s
        worker 2: started
        worker 2: line 1
        connected  connection 2 "worker 2" as guest to /
        -- 0.600 s
        worker 1: line 2
        opened     channel 1.1
        replied    1.1 channel.open-ok
        -- 0.900 s
        worker 2: line 2
        opened     channel 2.1
        replied    2.1 channel.open-ok
        -- 1.200 s
        worker 1: line 3
        declared   queue hello
        replied    1.1 queue.declare-ok hello, 0 messages, 0 consumers
        -- 1.500 s
        worker 2: line 3
        replied    2.1 queue.declare-ok hello, 0 messages, 0 consumers
        -- 1.800 s
        worker 1: line 4
        replied    1.1 basic.qos-ok
        -- 2.100 s
        worker 2: line 4
        replied    2.1 basic.qos-ok
        -- 2.400 s
        worker 1: line 5
        replied    1.1 basic.consume-ok amq.ctag-1
        consuming  hello -> 1.1 amq.ctag-1
        -- 2.700 s
        worker 2: line 5
        replied    2.1 basic.consume-ok amq.ctag-2
        consuming  hello -> 2.1 amq.ctag-2
        -- 3.000 s
        worker 1: line 6
        -- 3.000 s
        sender: started
        sender: line 1
        connected  connection 3 "sender" as guest to /
        -- 3.600 s
        sender: line 2
        opened     channel 3.1
        replied    3.1 channel.open-ok
        -- 4.200 s
        sender: line 3
        replied    3.1 queue.declare-ok hello, 0 messages, 2 consumers
        -- 4.800 s
        sender: line 4
        published  #1 to (default) key "hello" "First task" persistent
        hopped     #1 (default) -> hello
        delivered  #1 hello -> 1.1 amq.ctag-1 tag 1
        worker 1: prints [x] Received First task
        -- 5.400 s
        sender: line 5
        published  #2 to (default) key "hello" "Second task" persistent
        hopped     #2 (default) -> hello
        delivered  #2 hello -> 2.1 amq.ctag-2 tag 1
        worker 2: prints [x] Received Second task
        -- 6.000 s
        sender: line 6
        published  #3 to (default) key "hello" "Third task" persistent
        hopped     #3 (default) -> hello
        enqueued   #3 hello at 0
        -- 6.600 s
        sender: line 7
        published  #4 to (default) key "hello" "Fourth task" persistent
        hopped     #4 (default) -> hello
        enqueued   #4 hello at 1
        -- 7.200 s
        sender: line 8
        closed     channel 3.1: with its connection
        closed     connection 3: by client, 200 "Normal shutdown"
        sender: finished
        -- 7.500 s
        worker 1: line 7
        cancelled  hello -> 1.1 amq.ctag-1: channel ended
        settled    #1 hello: requeue at 0 (1.1 tag 1)
        closed     channel 1.1: with its connection
        closed     connection 1: lost
        worker 1: crashed
        -- 7.900 s
        worker 2: prints [x] Done
        settled    #2 hello: ack (2.1 tag 1)
        delivered  #1 hello -> 2.1 amq.ctag-2 tag 2 redelivered
        worker 2: prints [x] Received First task (redelivered)
        -- 10.400 s
        worker 2: prints [x] Done
        settled    #1 hello: ack (2.1 tag 2)
        delivered  #3 hello -> 2.1 amq.ctag-2 tag 3
        worker 2: prints [x] Received Third task
        -- 12.900 s
        worker 2: prints [x] Done
        settled    #3 hello: ack (2.1 tag 3)
        delivered  #4 hello -> 2.1 amq.ctag-2 tag 4
        worker 2: prints [x] Received Fourth task
        -- 15.400 s
        worker 2: prints [x] Done
        settled    #4 hello: ack (2.1 tag 4)
        -- 18.000 s
        newcomer: started
        newcomer: line 1
        connected  connection 4 "newcomer" as guest to /
        -- 18.600 s
        newcomer: line 2
        opened     channel 4.1
        replied    4.1 channel.open-ok
        -- 19.200 s
        newcomer: line 3
        closed     channel 4.1: 406 PRECONDITION_FAILED - inequivalent arg 'durable' for queue 'hello' in vhost '/': received 'false' but current is 'true' (50,10)
        newcomer: prints [!] 406 PRECONDITION_FAILED - inequivalent arg 'durable' for queue 'hello' in vhost '/': received 'false' but current is 'true'
        newcomer: failed, 406 PRECONDITION_FAILED - inequivalent arg 'durable' for queue 'hello' in vhost '/': received 'false' but current is 'true'
    "#]].assert_eq(&with_short_names(&engine.transcript()));
}
