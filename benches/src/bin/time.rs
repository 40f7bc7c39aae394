//! P14, for `cargo xtask bench time`: going anywhere in a run of 100,000 events, and what such a run holds.
//!
//! Prints lines of a name and a number. The run is a shop with confirms, routing by topics, two workers, a queue with a
//! time to live and dead letters, and a queue that is left to grow.

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use mq_playground::actors::{AckMode, ProgramKind, ProgramSpec};
use mq_playground::amqp::{Config, QueueName};
use mq_playground::engine::{Engine, Until};
use mq_playground::machine::{Rng, SimTime};

/// The system's allocator, counting what is held.
struct Counting;

static HELD: AtomicUsize = AtomicUsize::new(0);

// SAFETY: everything is handed on to the system's allocator as it comes.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        HELD.fetch_add(layout.size(), Ordering::Relaxed);
        // SAFETY: the caller keeps the contract of `alloc`.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        HELD.fetch_sub(layout.size(), Ordering::Relaxed);
        // SAFETY: the caller keeps the contract of `dealloc`.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

const EVENTS: usize = 100_000;
const SEEKS: usize = 1_000;

fn main() {
    let before = HELD.load(Ordering::Relaxed);
    let clock = now();
    let (mut engine, events) = run(EVENTS);
    say("run_ns", clock.elapsed().as_nanos());
    say("events", events as u128);
    say("steps", engine.cursor().recorded as u128);
    let (snapshots, weight) = engine.timeline().kept_states();
    say("snapshots", snapshots as u128);
    say("snapshots_weight", weight as u128);
    let held = HELD.load(Ordering::Relaxed) - before;
    say("held_bytes", held as u128);

    let mut rng = Rng::new(14);
    let length = engine.cursor().recorded as u64;
    let seeks = (0..SEEKS).map(|_| rng.below(length + 1) as usize);
    tell("seek", &mut engine, seeks.collect());
    let back = (0..SEEKS).map(|n| engine.cursor().recorded / 2 - n);
    let back = back.collect();
    tell("step_back", &mut engine, back);
    let drag = (0..SEEKS).map(|n| engine.cursor().recorded * n / SEEKS);
    let drag = drag.collect();
    tell("drag", &mut engine, drag);

    engine.seek(engine.cursor().recorded * 3 / 4);
    let clock = now();
    engine
        .add_program(ProgramSpec::producer("other"))
        .expect("a sound script");
    engine.advance(0.0);
    say("fork_ns", clock.elapsed().as_nanos());
    say(
        "fork_held_bytes",
        (HELD.load(Ordering::Relaxed) - before).saturating_sub(held) as u128,
    );
    let branches = engine.branches();
    let clock = now();
    let comparison = engine
        .compare(branches[0].id, branches[1].id)
        .expect("both are there");
    say("compare_ns", clock.elapsed().as_nanos());
    assert!(comparison.alike > 0 && comparison.different > 0);
    let clock = now();
    engine.switch_branch(branches[0].id).expect("it is there");
    say("switch_ns", clock.elapsed().as_nanos());
}

/// A run of so many events, and how many it has.
fn run(events: usize) -> (Engine, usize) {
    let mut engine = Engine::new(Config::default());
    let setup = concat!(
        "exchange orders topic; exchange dead fanout; queue grave; bind dead -> grave\n",
        "queue work dlx=dead; bind orders -> work key=order.*\n",
        "queue short ttl=700ms dlx=dead; bind orders -> short key=#.express\n",
        "queue audit max-length=2000; bind orders -> audit key=#",
    );
    program(&mut engine, "setup", ProgramKind::Program, 0, setup);
    engine.play();
    engine.advance(10.0);
    let script = concat!(
        "confirm\nrepeat forever\n publish orders key=order.new 'a new order of something' persistent\n",
        " publish orders key=order.express 'a quick one'\nend",
    );
    program(&mut engine, "shop", ProgramKind::Producer, 20, script);
    let work = QueueName::from("work");
    for worker in ["one", "two"] {
        let spec = ProgramSpec::consumer(worker, &work, 4, AckMode::AfterWork(60));
        engine.add_program(spec).expect("a sound script");
    }
    let grave = QueueName::from("grave");
    let spec = ProgramSpec::consumer("digger", &grave, 2, AckMode::AfterWork(30));
    engine.add_program(spec).expect("a sound script");
    engine.advance(0.0);
    let mut count = 0;
    let mut seen = 0;
    while count < events {
        let next = engine.cursor().now + 2_000;
        engine.start_until(Until::Time(SimTime(next.as_ms())));
        engine.run_until(100_000);
        let length = engine.timeline().len();
        engine
            .timeline()
            .visit(seen..length, |_, _, events| count += events.len());
        seen = length;
    }
    (engine, count)
}

fn program(engine: &mut Engine, name: &str, kind: ProgramKind, pace_ms: u64, script: &str) {
    let mut spec = ProgramSpec::new(name, kind, script);
    spec.pace_ms = pace_ms;
    engine.add_program(spec).expect("a sound script");
}

/// Goes to each of these places and says how long it took, with all that a page is told.
fn tell(name: &str, engine: &mut Engine, places: Vec<usize>) {
    let mut times: Vec<u128> = Vec::new();
    for index in places {
        let clock = now();
        let update = engine.seek(index);
        times.push(clock.elapsed().as_nanos());
        assert_eq!(update.cursor.index, index);
    }
    times.sort_unstable();
    say(&format!("{name}_median_ns"), times[times.len() / 2]);
    say(&format!("{name}_worst_ns"), times[times.len() - 1]);
}

fn say(name: &str, value: u128) {
    println!("{name} {value}");
}

#[expect(clippy::disallowed_methods, reason = "a benchmark looks at the clock")]
fn now() -> Instant {
    Instant::now()
}
