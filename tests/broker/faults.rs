//! What goes wrong on purpose, each fault with all it causes.

use expect_test::{Expect, expect};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use mq_playground::actors::{Fault, ProgramId, ProgramKind, ProgramSpec, ProgramState};
use mq_playground::amqp::{Command, Config, OperatorCommand};
use mq_playground::engine::{Engine, ProgramCommand, WorldCommand};
use mq_playground::machine::{Machine, Origin};

use crate::harness::with_short_names;

/// A worker with two of four messages in hand, and the moment.
fn bench() -> Engine {
    let worker = "queue work durable\nqos 2\nconsume work manual\non message\n work 1s\n ack\nend";
    let producer = "queue work durable\nsleep 100ms\nevery 10ms times=4\n publish '' key=work 'm{n}' persistent\nend";
    let mut engine = Engine::new(Config::default());
    for (name, script) in [("worker", worker), ("sender", producer)] {
        let spec = ProgramSpec {
            pace_ms: 0,
            ..ProgramSpec::new(name, ProgramKind::Program, script)
        };
        engine.add_program(spec).expect("a sound script");
    }
    engine.advance(0.0);
    run(&mut engine, 500);
    engine
}

fn run(engine: &mut Engine, until_ms: u64) {
    while engine
        .timeline()
        .present()
        .next_deadline()
        .is_some_and(|due| due.as_ms() <= until_ms)
    {
        engine.step_one();
    }
}

fn suffer(engine: &mut Engine, fault: Fault) {
    let program = ProgramId(1);
    let command = WorldCommand::Program(ProgramCommand::Fault { program, fault });
    engine.submit(Origin::User, command);
    engine.advance(0.0);
}

fn state(engine: &Engine) -> ProgramState {
    engine.view().programs[0].state.clone()
}

/// What happened from the fault on, up to `until_ms`.
fn check(mut engine: Engine, fault: Fault, until_ms: u64, expected: Expect) -> Engine {
    let before = engine.transcript().len();
    suffer(&mut engine, fault);
    run(&mut engine, until_ms);
    let text = with_short_names(&engine.transcript()[before..]);
    let lines = text.lines().filter(|line| !line.contains(": line "));
    let told: String = lines.map(|line| format!("{line}\n")).collect();
    expected.assert_eq(&told);
    engine
}

#[test]
fn a_killed_program_gives_everything_back_and_stays_away() {
    let engine = check(
        bench(),
        Fault::Kill,
        60_000,
        expect![[r#"
        -- 0.130 s
        worker: fault, kill
        cancelled  work -> 1.1 amq.ctag-1: channel ended
        settled    #2 work: requeue at 0 (1.1 tag 2)
        settled    #1 work: requeue at 0 (1.1 tag 1)
        closed     channel 1.1: with its connection
        closed     connection 1: lost
        worker: crashed
    "#]],
    );
    assert_eq!(state(&engine), ProgramState::Crashed);
}

#[test]
fn a_dropped_connection_gives_everything_back() {
    let engine = check(
        bench(),
        Fault::Drop,
        60_000,
        expect![[r#"
        -- 0.130 s
        worker: fault, drop
        cancelled  work -> 1.1 amq.ctag-1: channel ended
        settled    #2 work: requeue at 0 (1.1 tag 2)
        settled    #1 work: requeue at 0 (1.1 tag 1)
        closed     channel 1.1: with its connection
        closed     connection 1: lost
        worker: crashed
    "#]],
    );
    assert_eq!(
        state(&engine),
        ProgramState::Crashed,
        "it does not connect again"
    );
}

#[test]
fn a_channel_error_closes_the_channel_and_the_program_fails() {
    let engine = check(
        bench(),
        Fault::CloseChannel,
        60_000,
        expect![[r#"
        -- 0.130 s
        worker: fault, close-channel
        cancelled  work -> 1.1 amq.ctag-1: channel ended
        settled    #2 work: requeue at 0 (1.1 tag 2)
        settled    #1 work: requeue at 0 (1.1 tag 1)
        closed     channel 1.1: 406 PRECONDITION_FAILED - unknown delivery tag 1000000000 (60,80)
        worker: prints [!] 406 PRECONDITION_FAILED - unknown delivery tag 1000000000
        worker: failed, 406 PRECONDITION_FAILED - unknown delivery tag 1000000000
    "#]],
    );
    let ProgramState::Failed(text) = state(&engine) else {
        panic!("{:?}", state(&engine))
    };
    assert!(text.starts_with("406 PRECONDITION_FAILED - unknown delivery tag"));
    assert!(engine.view().programs[0].connection.is_some());
}

#[test]
fn a_hung_program_holds_what_it_has_until_it_goes_on() {
    let mut engine = bench();
    suffer(&mut engine, Fault::Hang);
    assert_eq!(state(&engine), ProgramState::Hung);
    run(&mut engine, 60_000);
    let queues = |engine: &Engine| {
        let view = engine.view();
        (view.broker.queues[0].ready, view.broker.queues[0].unacked)
    };
    assert_eq!(queues(&engine), (2, 2));
    let engine = check(
        engine,
        Fault::Resume,
        100_000,
        expect![[r#"
        -- 0.130 s
        worker: fault, resume
        -- 1.100 s
        settled    #1 work: ack (1.1 tag 1)
        delivered  #3 work -> 1.1 amq.ctag-1 tag 3
        -- 1.100 s
        -- 2.100 s
        settled    #2 work: ack (1.1 tag 2)
        delivered  #4 work -> 1.1 amq.ctag-1 tag 4
        -- 2.100 s
        -- 3.100 s
        settled    #3 work: ack (1.1 tag 3)
        -- 3.100 s
        -- 4.100 s
        settled    #4 work: ack (1.1 tag 4)
    "#]],
    );
    assert_eq!(queues(&engine), (0, 0));
}

#[test]
fn a_slow_program_takes_so_many_times_as_long() {
    let engine = check(
        bench(),
        Fault::Slow(3),
        60_000,
        expect![[r#"
        -- 0.130 s
        worker: fault, slow factor=3
        -- 1.100 s
        settled    #1 work: ack (1.1 tag 1)
        delivered  #3 work -> 1.1 amq.ctag-1 tag 3
        -- 1.100 s
        -- 4.100 s
        settled    #2 work: ack (1.1 tag 2)
        delivered  #4 work -> 1.1 amq.ctag-1 tag 4
        -- 4.100 s
        -- 7.100 s
        settled    #3 work: ack (1.1 tag 3)
        -- 7.100 s
        -- 10.100 s
        settled    #4 work: ack (1.1 tag 4)
    "#]],
    );
    assert_eq!(engine.view().programs[0].slow, 3);
}

#[test]
fn a_connection_may_be_lost_just_before_an_ack() {
    let engine = check(
        bench(),
        Fault::BeforeAck,
        60_000,
        expect![[r#"
        -- 0.130 s
        worker: fault, before-ack
        -- 1.100 s
        cancelled  work -> 1.1 amq.ctag-1: channel ended
        settled    #2 work: requeue at 0 (1.1 tag 2)
        settled    #1 work: requeue at 0 (1.1 tag 1)
        closed     channel 1.1: with its connection
        closed     connection 1: lost
        worker: crashed
    "#]],
    );
    assert_eq!(state(&engine), ProgramState::Crashed);
}

#[test]
fn a_fault_that_finds_nothing_is_refused() {
    let mut engine = check(
        bench(),
        Fault::Resume,
        0,
        expect![[r#"
        -- 0.130 s
        worker: refused, nothing there for the fault resume
    "#]],
    );
    suffer(&mut engine, Fault::Kill);
    let engine = check(
        engine,
        Fault::Drop,
        0,
        expect![[r#"
        -- 0.130 s
        worker: refused, nothing there for the fault drop
    "#]],
    );
    assert_eq!(state(&engine), ProgramState::Crashed);
}

#[test]
fn a_restart_keeps_what_is_durable_and_programs_that_reconnect() {
    let worker = "connect reconnect\nqueue work durable\nqos 1\nconsume work manual\non message\n work 1s\n ack\nend";
    let mut engine = bench();
    let spec = ProgramSpec {
        pace_ms: 0,
        ..ProgramSpec::new("tough", ProgramKind::Program, worker)
    };
    engine.add_program(spec).expect("a sound script");
    engine.advance(0.0);
    run(&mut engine, 600);
    let restart = WorldCommand::Broker(Command::Operator(OperatorCommand::Restart));
    engine.submit(Origin::User, restart);
    engine.advance(0.0);
    let view = engine.view();
    assert!(matches!(view.programs[0].state, ProgramState::Failed(_)));
    assert_eq!(view.programs[2].state, ProgramState::Reconnecting);
    assert_eq!(view.broker.queues[0].ready, 4);
    run(&mut engine, 60_000);
    let view = engine.view();
    assert_eq!(
        view.broker.queues[0].ready + view.broker.queues[0].unacked,
        0
    );
    assert_eq!(view.programs[2].counts.done, 4);
}

#[test]
fn every_fault_can_be_written_in_a_script() {
    let chaos = concat!(
        "fault slow worker factor=2\nsleep 100ms\nfault hang worker\nsleep 100ms\nfault resume worker\n",
        "fault before-ack worker\nsleep 5s\nstart worker\nsleep 100ms\nfault close-channel worker\n",
        "start worker\nsleep 100ms\nfault drop worker\nstart worker\nsleep 100ms\nfault kill worker\n",
        "fault memory-alarm on\nfault disk-alarm on\nfault memory-alarm off\nfault disk-alarm off\n",
        "fault restart-broker\nfault kill nobody"
    );
    let mut engine = bench();
    let spec = ProgramSpec {
        pace_ms: 0,
        ..ProgramSpec::new(
            "chaos",
            ProgramKind::Program,
            &format!("sleep 1ms\n{chaos}"),
        )
    };
    engine.add_program(spec).expect("a sound script");
    engine.advance(0.0);
    run(&mut engine, 60_000);
    let text = engine.transcript();
    let said: Vec<&str> = text
        .lines()
        .filter(|line| {
            [
                "fault, ",
                "alarm ",
                "broker ",
                ": refused",
                ": crashed",
                ": failed",
            ]
            .iter()
            .any(|word| line.contains(word))
        })
        .collect();
    expect![[r#"
        worker: fault, slow factor=2
        worker: fault, hang
        worker: fault, resume
        worker: fault, before-ack
        worker: crashed
        worker: fault, close-channel
        worker: failed, 406 PRECONDITION_FAILED - unknown delivery tag 1000000000
        worker: fault, drop
        worker: crashed
        worker: fault, kill
        worker: crashed
        alarm      memory true, disk false
        alarm      memory true, disk true
        alarm      memory false, disk true
        alarm      memory false, disk false
        closed     connection 2: 320 CONNECTION_FORCED - broker forced connection closure with reason 'shutdown' (0,0)
        sender: prints [!] 320 CONNECTION_FORCED - broker forced connection closure with reason 'shutdown'
        sender: failed, 320 CONNECTION_FORCED - broker forced connection closure with reason 'shutdown'
        chaos: refused, there is no program "nobody""#]].assert_eq(&said.join("\n"));
}
