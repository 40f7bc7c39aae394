//! Programs: when they publish, how they work and fail, what they do about notices, and what goes wrong on purpose.

use expect_test::expect;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use mq_playground::actors::{AckMode, ProgramKind, ProgramSpec, ProgramState};
use mq_playground::amqp::protocol::ClientMethod;
use mq_playground::amqp::{Config, DeliveryTag, QueueName};
use mq_playground::engine::Engine;
use mq_playground::machine::SimTime;

use crate::harness::with_short_names;

/// A playground with these programs, each with its script, no pause between lines.
fn programs(scripts: &[(&str, &str)]) -> Engine {
    let mut engine = Engine::new(Config::default());
    for (name, script) in scripts {
        let spec = ProgramSpec {
            pace_ms: 0,
            ..ProgramSpec::new(name, ProgramKind::Program, script)
        };
        engine.add_program(spec).expect("a sound script");
    }
    engine.advance(0.0);
    engine
}

/// Steps until nothing is due before `until_ms`.
fn run(engine: &mut Engine, until_ms: u64) {
    while let Some(due) = due(engine)
        && due <= until_ms
    {
        engine.step_one();
    }
}

fn due(engine: &Engine) -> Option<u64> {
    use mq_playground::machine::Machine;
    let deadline = engine.timeline().present().next_deadline();
    deadline.map(SimTime::as_ms)
}

/// What happened, without the lines that programs reach and without what only set things up.
fn told(engine: &Engine, after_ms: u64) -> String {
    let mut text = String::new();
    let mut shown = false;
    for line in with_short_names(&engine.transcript()).lines() {
        if let Some(at) = line.strip_prefix("-- ") {
            let seconds: f64 = at.trim_end_matches(" s").parse().expect("a time");
            shown = seconds * 1000.0 >= after_ms as f64;
        }
        let is_line = line.contains(": line ");
        if shown && !is_line {
            text += line;
            text.push('\n');
        }
    }
    // Times under which nothing is left.
    let lines: Vec<&str> = text.lines().collect();
    let kept = lines.iter().enumerate().filter(|(index, line)| {
        !line.starts_with("-- ")
            || lines
                .get(index + 1)
                .is_some_and(|next| !next.starts_with("-- "))
    });
    kept.map(|(_, line)| format!("{line}\n")).collect()
}

/// The state, and how much a program has published, received and done.
fn numbers(engine: &Engine, name: &str) -> (ProgramState, u64, u64, u64) {
    let view = engine.view();
    let program = view
        .programs
        .iter()
        .find(|program| &*program.name == name)
        .expect("it is there");
    let counts = program.counts;
    (
        program.state.clone(),
        counts.published,
        counts.received,
        counts.done,
    )
}

fn queue(engine: &Engine, name: &str) -> (u64, u64) {
    let view = engine.view();
    let queue = view.broker.queues.iter().find(|q| q.id.as_str() == name);
    queue.map_or((0, 0), |queue| (queue.ready, queue.unacked))
}

#[test]
fn a_loop_publishes_at_its_pace_and_ends_with_its_count() {
    let script = "queue q\nevery 500ms times=3\n publish '' key=q '{n}'\nend\nclose";
    let mut engine = programs(&[("p", script)]);
    run(&mut engine, 400);
    assert_eq!(queue(&engine, "q"), (1, 0));
    run(&mut engine, 600);
    assert_eq!(queue(&engine, "q"), (2, 0));
    run(&mut engine, 10_000);
    assert_eq!(queue(&engine, "q"), (3, 0));
    assert_eq!(numbers(&engine, "p"), (ProgramState::Finished, 3, 0, 0));
    assert_eq!(engine.view().programs[0].planned, Some(3));
}

#[test]
fn a_rate_is_a_rate_whatever_its_spread() {
    for (pace, most, least) in [("rate 40", 400, 399), ("rate 40 poisson", 500, 300)] {
        let script = format!("queue q\n{pace}\n publish '' key=q 'x'\nend");
        let mut engine = programs(&[("p", script.as_str())]);
        run(&mut engine, 10_000);
        let (_, published, _, _) = numbers(&engine, "p");
        // 400 ± 20 by chance; five times that.
        assert!((least..=most).contains(&published), "{pace}: {published}");
    }
}

#[test]
fn a_handler_works_on_one_message_after_the_other() {
    let worker = "queue q\nqos 2\nconsume q manual\non message\n work 100ms\n print '{body} of {key}'\n ack\nend";
    let producer = "sleep 1s\nrepeat 3\n publish '' key=q 'm{n}'\nend";
    let mut engine = programs(&[("worker", worker), ("p", producer)]);
    run(&mut engine, 5_000);
    expect![[r#"
        -- 1.000 s
        connected  connection 2 "p" as guest to /
        opened     channel 2.1
        replied    2.1 channel.open-ok
        published  #1 to (default) key "q" "m1"
        hopped     #1 (default) -> q
        delivered  #1 q -> 1.1 amq.ctag-1 tag 1
        -- 1.001 s
        published  #2 to (default) key "q" "m2"
        hopped     #2 (default) -> q
        delivered  #2 q -> 1.1 amq.ctag-1 tag 2
        -- 1.002 s
        published  #3 to (default) key "q" "m3"
        hopped     #3 (default) -> q
        enqueued   #3 q at 0
        -- 1.100 s
        worker: prints m1 of q
        -- 1.100 s
        settled    #1 q: ack (1.1 tag 1)
        delivered  #3 q -> 1.1 amq.ctag-1 tag 3
        -- 1.200 s
        worker: prints m2 of q
        -- 1.200 s
        settled    #2 q: ack (1.1 tag 2)
        -- 1.300 s
        worker: prints m3 of q
        -- 1.300 s
        settled    #3 q: ack (1.1 tag 3)
    "#]]
    .assert_eq(&told(&engine, 1_000));
    assert_eq!(numbers(&engine, "worker"), (ProgramState::Waiting, 0, 3, 3));
}

#[test]
fn a_handler_may_stop_after_so_many_and_acknowledges_its_batch_first() {
    let worker = "queue q\nconsume q manual\non message times=5\n ack batch=3\nend";
    let producer = "sleep 1s\nrepeat 7\n publish '' key=q 'x'\nend";
    let mut engine = programs(&[("worker", worker), ("p", producer)]);
    run(&mut engine, 5_000);
    assert_eq!(numbers(&engine, "worker").0, ProgramState::Finished);
    assert_eq!(numbers(&engine, "worker").3, 5);
    assert_eq!(queue(&engine, "q"), (2, 0), "five are acknowledged");
}

#[test]
fn chance_decides_between_two_ways() {
    let worker = "queue q\nconsume q manual\non message\n chance 25%\n  reject discard\n else\n  ack\n end\nend";
    let producer = "sleep 1s\nrepeat 400\n publish '' key=q 'x'\nend";
    let mut engine = programs(&[("worker", worker), ("p", producer)]);
    run(&mut engine, 60_000);
    let text = engine.transcript();
    let count = |what: &str| text.matches(what).count();
    assert_eq!(count("q: ack") + count("q: discard"), 400);
    // 100 ± 8.7 by chance; five times that.
    assert!(
        (57..=143).contains(&count("q: discard")),
        "{}",
        count("q: discard")
    );
}

#[test]
fn an_rpc_client_asks_again_when_the_answer_has_come() {
    let server = "queue rpc\nconsume rpc manual\non message\n work 50ms\n reply 'answer to {body}'\n ack\nend";
    let client = concat!(
        "consume amq.rabbitmq.reply-to auto\nsleep 100ms\nrepeat 2\n",
        "publish '' key=rpc 'q{n}' reply-to=amq.rabbitmq.reply-to correlation-id={n}\n",
        "wait reply timeout=1s\nend"
    );
    let mut engine = programs(&[("server", server), ("client", client)]);
    run(&mut engine, 5_000);
    let printed: Vec<String> = engine.view().programs[1]
        .printed
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(
        printed,
        ["[x] Received answer to q1", "[x] Received answer to q2"]
    );
    let asked_at = told(&engine, 100);
    assert!(
        asked_at.starts_with("-- 0.100 s\npublished  #1"),
        "{asked_at}"
    );
    assert!(asked_at.contains("-- 0.151 s\npublished  #3"), "{asked_at}");
}

#[test]
fn an_answer_that_does_not_come_is_not_waited_for_without_end() {
    let client = "queue rpc\nrepeat 2\n publish '' key=rpc 'q' correlation-id={n}\n wait reply timeout=300ms\nend";
    let mut engine = programs(&[("client", client)]);
    run(&mut engine, 5_000);
    assert_eq!(queue(&engine, "rpc"), (2, 0));
    let view = engine.view();
    let printed: Vec<String> = view.programs[0]
        .printed
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(printed, ["[!] No reply in time", "[!] No reply in time"]);
}

#[test]
fn a_nack_is_tried_again_until_there_is_room() {
    let producer = concat!(
        "queue q max-length=2 overflow=reject-publish\nconfirm\non nack retry after=1s\n",
        "repeat 3\npublish '' key=q 'm{n}'\nend\nwait confirms\nclose"
    );
    let other = "sleep 1500ms\nget q auto";
    let mut engine = programs(&[("p", producer), ("other", other)]);
    run(&mut engine, 1_200);
    let before = engine.view().programs[0].counts;
    assert_eq!((before.confirmed, before.nacked, before.retried), (2, 2, 1));
    run(&mut engine, 10_000);
    let after = engine.view().programs[0].counts;
    assert_eq!((after.confirmed, after.nacked, after.retried), (3, 2, 2));
    assert_eq!(numbers(&engine, "p").0, ProgramState::Finished);
}

#[test]
fn a_program_may_give_up_when_a_message_comes_back() {
    let script = "on return stop\nevery 1s\n publish '' key=nowhere 'x' mandatory\nend";
    let mut engine = programs(&[("p", script)]);
    run(&mut engine, 10_000);
    assert_eq!(numbers(&engine, "p"), (ProgramState::Finished, 1, 0, 0));
    assert!(engine.transcript().contains("p: gives up, basic.return"));
}

#[test]
fn what_came_back_may_be_published_again() {
    let script = "on return retry after=1s\npublish '' key=late 'x' mandatory";
    let other = "sleep 2500ms\nqueue late";
    let mut engine = programs(&[("p", script), ("other", other)]);
    run(&mut engine, 10_000);
    assert_eq!(queue(&engine, "late"), (1, 0));
    assert_eq!(engine.view().programs[0].counts.retried, 3);
}

/// 25.2: the broker reads nothing from a blocked connection.
#[test]
fn a_blocked_program_waits_or_fills_its_socket_or_gives_up() {
    for (reaction, during, after) in [("wait", 0, 12), ("ignore", 0, 20), ("stop", 0, 0)] {
        let script =
            format!("queue q\non blocked {reaction}\nevery 100ms\n publish '' key=q 'x'\nend");
        let alarm = "sleep 50ms\nfault memory-alarm on\nsleep 1s\nfault memory-alarm off";
        let mut engine = programs(&[("p", script.as_str()), ("operator", alarm)]);
        run(&mut engine, 1_040);
        // One publish at 0 came before the alarm; the one at 100 ms made the broker block, and waits (25.1).
        assert_eq!(queue(&engine, "q").0, 1 + during, "{reaction}");
        let expected = match reaction {
            "stop" => ProgramState::Finished,
            _ => ProgramState::Blocked,
        };
        assert_eq!(numbers(&engine, "p").0, expected, "{reaction}");
        run(&mut engine, 2_000);
        assert_eq!(queue(&engine, "q").0, 1 + after, "{reaction}");
    }
}

#[test]
fn a_program_that_reconnects_sets_itself_up_again_and_goes_on() {
    let producer =
        "connect reconnect=500ms\nqueue q\nevery 200ms times=6\n publish '' key=q '{n}'\nend";
    let chaos = "sleep 500ms\nfault drop p";
    let mut engine = programs(&[("p", producer), ("chaos", chaos)]);
    run(&mut engine, 600);
    assert_eq!(numbers(&engine, "p").0, ProgramState::Reconnecting);
    run(&mut engine, 10_000);
    expect![[r#"
        -- 0.500 s
        p: fault, drop
        closed     channel 1.1: with its connection
        closed     connection 1: lost
        p: connects again after 500 ms
        -- 1.000 s
        connected  connection 2 "p" as guest to /
        -- 1.000 s
        opened     channel 2.1
        replied    2.1 channel.open-ok
        replied    2.1 queue.declare-ok q, 3 messages, 0 consumers
        -- 1.000 s
        published  #4 to (default) key "q" "4"
        hopped     #4 (default) -> q
        enqueued   #4 q at 3
        -- 1.000 s
        published  #5 to (default) key "q" "5"
        hopped     #5 (default) -> q
        enqueued   #5 q at 4
        -- 1.200 s
        published  #6 to (default) key "q" "6"
        hopped     #6 (default) -> q
        enqueued   #6 q at 5
    "#]]
    .assert_eq(&told(&engine, 500));
}

#[test]
fn what_was_not_confirmed_before_the_connection_was_lost_is_published_again() {
    // While the connection is blocked, nothing is confirmed.
    let producer = concat!(
        "connect reconnect=500ms\nqueue q\nconfirm\non nack retry\n",
        "every 100ms times=4\n publish '' key=q '{n}'\nend\nwait confirms\nclose"
    );
    let chaos = "sleep 50ms\nfault memory-alarm on\nsleep 1s\nfault memory-alarm off\nfault drop p";
    let mut engine = programs(&[("p", producer), ("chaos", chaos)]);
    run(&mut engine, 10_000);
    assert_eq!(numbers(&engine, "p").0, ProgramState::Finished);
    assert_eq!(queue(&engine, "q"), (4, 0));
}

#[test]
fn times_go_on_even_where_programs_feed_each_other() {
    let a = "queue a\nconsume a auto\non message\n publish '' key=b '{body}'\nend";
    let b = "queue b\nconsume b auto\non message\n publish '' key=a '{body}'\n publish '' key=a '{body}'\nend";
    let start = "sleep 10ms\npublish '' key=a 'x'";
    let mut engine = programs(&[("a", a), ("b", b), ("start", start)]);
    run(&mut engine, 300);
    let now = engine.cursor().now.as_ms();
    assert!((290..=300).contains(&now), "{now}");
    let (_, _, _, done) = numbers(&engine, "a");
    assert!(done <= 300, "one a millisecond at most: {done}");
}

#[test]
fn an_edited_program_begins_anew_and_a_broken_script_changes_nothing() {
    let mut engine = programs(&[("p", "queue q\nevery 1s\n publish '' key=q 'old'\nend")]);
    run(&mut engine, 1_500);
    let id = engine.view().programs[0].id;
    let broken = ProgramSpec::new("p", ProgramKind::Program, "queue q\nevry 1s");
    let error = engine.edit_program(id, broken).expect_err("a fault");
    assert_eq!((error.line, error.column), (2, 1));
    assert_eq!(error.problem.near(), Some("every"));
    run(&mut engine, 2_500);
    assert_eq!(queue(&engine, "q"), (3, 0), "the old one goes on");
    let spec = ProgramSpec {
        pace_ms: 0,
        ..ProgramSpec::new("p", ProgramKind::Program, "purge q\npublish '' key=q 'new'")
    };
    engine.edit_program(id, spec).expect("a sound script");
    engine.advance(0.0);
    run(&mut engine, 5_000);
    assert_eq!(queue(&engine, "q"), (1, 0));
    assert_eq!(&*engine.view().programs[0].lines[0], "purge q");
}

#[test]
fn who_acknowledges_by_hand_is_done_with_what_is_settled() {
    let name = QueueName::from("work");
    let mut engine = programs(&[("p", "queue work\nrepeat 4\n publish '' key=work 'job'\nend")]);
    let by_hand = engine
        .add_program(ProgramSpec::consumer("hand", &name, 0, AckMode::ByHand))
        .expect("a sound script");
    engine.advance(0.0);
    run(&mut engine, 2_000);
    let counts = |engine: &Engine| engine.view().programs[1].counts;
    assert_eq!((counts(&engine).received, counts(&engine).done), (4, 0));
    let settle = |tag, requeue| ClientMethod::BasicNack {
        delivery_tag: DeliveryTag(tag),
        multiple: false,
        requeue,
    };
    engine.call_program(
        by_hand,
        ClientMethod::BasicAck {
            delivery_tag: DeliveryTag(2),
            multiple: true,
        },
    );
    engine.call_program(by_hand, settle(3, false));
    engine.call_program(by_hand, settle(4, true));
    engine.step_one();
    engine.step_one();
    engine.step_one();
    assert_eq!(counts(&engine).done, 3, "what goes back is not done");
    assert_eq!(counts(&engine).received, 5, "it came again");
}

#[test]
fn what_is_acknowledged_by_being_sent_is_done() {
    let name = QueueName::from("work");
    let mut engine = programs(&[("p", "queue work\nrepeat 3\n publish '' key=work 'job'\nend")]);
    engine
        .add_program(ProgramSpec::consumer("auto", &name, 0, AckMode::Automatic))
        .expect("a sound script");
    engine.advance(0.0);
    run(&mut engine, 2_000);
    let counts = engine.view().programs[1].counts;
    assert_eq!((counts.received, counts.done), (3, 3));
}
