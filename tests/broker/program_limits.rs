//! Programs that ask for too much: the run stays bounded, and what was reached has a name.

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use mq_playground::actors::script::Script;
use mq_playground::actors::{MAX_PROGRAMS, ProgramId, ProgramKind, ProgramSpec};
use mq_playground::amqp::{Config, Event};
use mq_playground::engine::{
    Engine, MAX_PROGRAM_STEPS, PROGRAM_STEPS, ProgramCommand, ProgramEvent, World, WorldCommand,
    WorldEvent,
};
use mq_playground::machine::{Input, Machine, Origin, SimTime};

fn add(id: u32, script: &str) -> WorldCommand {
    let spec = ProgramSpec {
        pace_ms: 0,
        ..ProgramSpec::new(&format!("p{id}"), ProgramKind::Program, script)
    };
    WorldCommand::Program(ProgramCommand::Add {
        program: ProgramId(id),
        spec: spec.into(),
    })
}

/// A world that does what `commands` say at the beginning, and then what is due, for so many steps at most.
fn run(mut world: World, commands: &[WorldCommand], steps: usize) -> (World, Vec<WorldEvent>) {
    let mut events = Vec::new();
    let mut now = SimTime::ZERO;
    let step = |world: &mut World, at, command, events: &mut Vec<WorldEvent>| {
        let origin = Origin::Api;
        let input = Input {
            at,
            origin,
            command,
        };
        world.step(&input, events);
    };
    for command in commands {
        step(&mut world, now, command.clone(), &mut events);
    }
    for _ in 0..steps {
        let Some(due) = world.next_deadline() else {
            break;
        };
        now = now.max(due);
        step(&mut world, now, World::tick(), &mut events);
    }
    (world, events)
}

fn limits(events: &[WorldEvent]) -> Vec<(&'static str, u64)> {
    let limit = |event: &WorldEvent| match event {
        WorldEvent::Broker(Event::LimitReached { what, limit }) => Some((*what, *limit)),
        WorldEvent::Broker(_) | WorldEvent::Program(_) => None,
    };
    events.iter().filter_map(limit).collect()
}

#[test]
fn programs_without_end_rest_when_the_run_is_long_enough() {
    const { assert!(MAX_PROGRAM_STEPS >= 100_000, "a run worth watching fits") };
    let world = World::new(Config::default()).with_step_limit(500);
    let flood = add(1, "queue q\nrepeat forever\n publish '' key=q 'x'\nend");
    let (world, events) = run(world, &[flood], 10_000);
    assert_eq!(limits(&events), [(PROGRAM_STEPS, 500)], "said once");
    assert_eq!(world.next_deadline(), None);
    assert_eq!(world.view().broker.queues[0].ready, 499);
}

#[test]
fn programs_that_feed_each_other_cannot_stop_the_clock() {
    let world = World::new(Config::default());
    let a = add(
        1,
        "queue a\nconsume a auto\non message\n publish '' key=b 'x'\nend",
    );
    let b = add(
        2,
        "queue b\nconsume b auto\non message\n publish '' key=a 'x'\nend",
    );
    let start = add(3, "sleep 1ms\npublish '' key=a 'x'");
    let (world, _) = run(world, &[a, b, start], 2_000);
    let now = world.view().broker.now.as_ms();
    assert!(now > 500, "2,000 steps took {now} ms");
}

#[test]
fn loops_that_do_nothing_let_time_pass() {
    let world = World::new(Config::default());
    let (world, _) = run(world, &[add(1, "repeat forever\nend")], 1_000);
    assert!(world.next_deadline().is_some_and(|due| due.as_ms() >= 999));
}

#[test]
fn a_million_a_second_are_refused_with_the_most_there_may_be() {
    let error = Script::parse("rate 1000000\n publish '' key=q 'x'\nend").expect_err("too much");
    assert_eq!(
        error.to_string(),
        "line 1, column 6: `1000000` is no rate. Write how many a second, above 0 and up to 10000: that is the most a \
         program may ask for."
    );
}

#[test]
fn there_may_be_so_many_programs() {
    let world = World::new(Config::default());
    let all: Vec<WorldCommand> = (1..=MAX_PROGRAMS as u32 + 1)
        .map(|id| add(id, "print x"))
        .collect();
    let (world, events) = run(world, &all, 0);
    assert_eq!(world.programs().count(), MAX_PROGRAMS);
    let refused = events.iter().find_map(|event| match event {
        WorldEvent::Program(ProgramEvent::Refused { why, .. }) => Some(why.to_string()),
        _ => None,
    });
    assert_eq!(
        refused.as_deref(),
        Some("there are 200 programs, and that is the limit")
    );
}

#[test]
fn the_quickest_programs_leave_the_page_time_to_answer() {
    let mut engine = Engine::new(Config::default());
    for name in ["a", "b", "c", "d"] {
        let script = "queue q\nrate 10000\n publish '' key=q 'x'\nend";
        let spec = ProgramSpec {
            pace_ms: 0,
            ..ProgramSpec::new(name, ProgramKind::Producer, script)
        };
        engine.add_program(spec).expect("a sound script");
    }
    engine.play();
    engine.advance(0.0);
    for _ in 0..20 {
        let update = engine.advance(100.0);
        assert!(update.steps.len() <= 4_000);
    }
    let ready = engine.view().broker.queues[0].ready;
    assert!((20_000..=80_000).contains(&ready), "{ready}");
}
