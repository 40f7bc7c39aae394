//! Going through time: to any step and back, into branches, and on until something happens.

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use mq_playground::actors::{AckMode, ProgramKind, ProgramSpec};
use mq_playground::amqp::protocol::ClientMethod;
use mq_playground::amqp::protocol::method::{BasicPublish, QueueDeclare};
use mq_playground::amqp::{
    Config, Content, MessageId, QueueId, QueueName, RoutingKey, VhostName, transcript,
};
use mq_playground::engine::{
    BranchId, Ending, Engine, Tally, Until, UntilEnd, WorldCommand, WorldEvent, WorldView,
};
use mq_playground::machine::{Origin, Rng, SimTime};
use mq_playground::scenario::{Scenario, catalog};

fn program(engine: &mut Engine, name: &str, kind: ProgramKind, pace_ms: u64, script: &str) {
    let mut spec = ProgramSpec::new(name, kind, script);
    spec.pace_ms = pace_ms;
    engine.add_program(spec).expect("a sound script");
}

pub fn publish(queue: &str, body: &str) -> ClientMethod {
    ClientMethod::BasicPublish(Box::new(BasicPublish {
        exchange: "".into(),
        routing_key: RoutingKey::from(queue),
        mandatory: false,
        immediate: false,
        content: Content::text(body),
    }))
}

pub fn declare(queue: &str) -> ClientMethod {
    ClientMethod::QueueDeclare(QueueDeclare {
        queue: QueueName::from(queue),
        ..QueueDeclare::default()
    })
}

fn queue(name: &str) -> QueueId {
    QueueId::new(&VhostName::from("/"), &QueueName::from(name))
}

/// A run of about 12 seconds in which everything happens: routing, confirms, redelivery, expiry, dead letters, a
/// person who takes part, a program that crashes.
pub fn busy() -> Engine {
    let mut engine = Engine::new(Config::default());
    let setup = concat!(
        "exchange orders topic; exchange dead fanout; queue grave; bind dead -> grave\n",
        "queue work dlx=dead; bind orders -> work key=order.*\n",
        "queue short ttl=700ms dlx=dead; bind orders -> short key=#.express",
    );
    program(&mut engine, "setup", ProgramKind::Program, 0, setup);
    engine.play();
    engine.advance(10.0);
    let script = concat!(
        "confirm\nrepeat 60\n publish orders key=order.new 'new' persistent\n",
        " publish orders key=order.express 'quick'\n publish orders key=nowhere 'lost' mandatory\nend",
    );
    program(&mut engine, "shop", ProgramKind::Producer, 60, script);
    let name = QueueName::from("work");
    for (worker, work) in [("fast", 90), ("slow", 400)] {
        let spec = ProgramSpec::consumer(worker, &name, 2, AckMode::AfterWork(work));
        engine.add_program(spec).expect("a sound script");
    }
    let fussy = "qos 1\nconsume grave work=50ms\nsleep 2s\ncrash";
    program(&mut engine, "fussy", ProgramKind::Consumer, 10, fussy);
    let picky = concat!(
        "queue pool dlx=dead\nrepeat 5\n publish '' key=pool 'pick'\nend\n",
        "repeat 5\n get pool\n sleep 300ms\n reject discard\nend",
    );
    program(&mut engine, "picky", ProgramKind::Consumer, 20, picky);
    for second in 0..12 {
        for _ in 0..10 {
            engine.advance(100.0);
        }
        match second {
            2 => engine.submit_you(publish("work", "by hand")),
            3 => engine.crash_program(engine.view().programs[3].id),
            5 => engine.restart_program(engine.view().programs[3].id),
            7 => engine.submit_you(declare("work")),
            8 => engine.submit_you(publish("nobody", "by hand")),
            _ => {}
        }
    }
    engine
}

/// What one sees of a moment.
fn seen(engine: &Engine) -> (WorldView, Tally, String) {
    (
        (*engine.view()).clone(),
        (**engine.present().tally()).clone(),
        engine.transcript(),
    )
}

/// A run as it was lived: what was seen after each step.
fn lived(mut engine: Engine) -> (Engine, usize, Vec<(WorldView, Tally)>) {
    let first = engine.index();
    let look = |engine: &Engine| {
        (
            (*engine.view()).clone(),
            (**engine.present().tally()).clone(),
        )
    };
    let mut seen = vec![look(&engine)];
    while engine.has_next() && seen.len() < 400 {
        engine.step_one();
        seen.push(look(&engine));
    }
    (engine, first, seen)
}

#[test]
fn every_step_of_a_recorded_run_can_be_gone_to() {
    for entry in catalog::CATALOG {
        let scenario = Scenario::parse(entry.json()).expect("it is sound");
        let engine = Engine::load(&scenario).expect("it can be set up");
        let (mut engine, first, seen) = lived(engine);
        let whole = engine.transcript();
        let mut rng = Rng::new(7);
        let there_and_back = (0..seen.len()).rev().chain(0..seen.len());
        let anywhere = (0..seen.len()).map(|_| rng.below(seen.len() as u64) as usize);
        for offset in there_and_back.chain(anywhere.collect::<Vec<_>>()) {
            let update = engine.seek(first + offset);
            assert_eq!(update.cursor.index, first + offset, "{}", entry.slug);
            assert_eq!(*update.view, seen[offset].0, "{} {offset}", entry.slug);
            assert_eq!(*update.tally, seen[offset].1, "{} {offset}", entry.slug);
            assert!(whole.starts_with(&engine.transcript()));
        }
        engine.seek(usize::MAX);
        assert!(!engine.is_in_past());
        assert_eq!(engine.transcript(), whole, "nothing was lost");
    }
}

#[test]
fn one_step_back_is_the_moment_before_and_one_forward_the_moment_after() {
    let mut engine = busy();
    let length = engine.index();
    let now = seen(&engine);
    for back in 1..=200 {
        let update = engine.step_back().expect("there is a step");
        assert_eq!(update.cursor.index, length - back);
        assert_eq!(update.cursor.recorded, length);
        let state = engine.timeline().state_at(length - back);
        assert_eq!(*update.view, state.view());
        assert!(!update.cursor.playing);
    }
    for _ in 0..200 {
        assert_eq!(engine.step_one().steps.len(), 1);
    }
    assert!(!engine.is_in_past());
    assert_eq!(seen(&engine), now);
    engine.seek(0);
    assert!(
        engine.step_back().is_none(),
        "before the beginning is nothing"
    );
}

#[test]
fn playing_from_the_past_is_what_was_recorded_and_then_goes_on() {
    let scenario = Scenario::parse(catalog::CATALOG[1].json()).expect("it is sound");
    let mut straight = Engine::load(&scenario).expect("it can be set up");
    while straight.has_next() {
        straight.step_one();
    }
    let mut engine = Engine::load(&scenario).expect("it can be set up");
    for _ in 0..60 {
        engine.step_one();
    }
    let half = seen(&engine);
    let update = engine.seek_time(SimTime(5_000));
    assert_eq!(update.cursor.now, SimTime(5_000));
    assert!(engine.is_in_past() && !update.cursor.at_end);
    engine.play();
    let mut repeated = 0;
    while engine.is_in_past() {
        repeated += engine.advance(16.0).steps.len();
    }
    assert!(repeated > 5);
    engine.pause();
    assert_eq!(engine.branches().len(), 1, "to look is not to act");
    assert!(engine.transcript().starts_with(&half.2));
    while engine.has_next() {
        engine.step_one();
    }
    assert_eq!(engine.transcript(), straight.transcript());
}

#[test]
fn acting_in_the_past_begins_a_branch_and_keeps_what_came_after() {
    let mut engine = busy();
    let before = seen(&engine);
    engine.seek_time(SimTime(4_000));
    let (index, there) = (engine.index(), engine.transcript());
    engine.submit_you(publish("work", "another way"));
    let update = engine.advance(0.0);
    assert_eq!(update.rewritten, None, "what happens there is news");
    assert_eq!((update.steps.len(), update.steps[0].index), (1, index));
    let forked = engine.take_forked().expect("a branch began");
    assert_eq!((forked.kept, forked.began), (BranchId(1), BranchId(2)));
    assert!(engine.transcript().starts_with(&there) && !engine.is_in_past());
    engine.play();
    for _ in 0..20 {
        engine.advance(100.0);
    }
    let other = seen(&engine);
    let branches = engine.branches();
    assert_eq!(branches.len(), 2);
    assert_eq!(branches[1].parent, Some(BranchId(1)));
    assert_eq!(branches[1].from, SimTime(4_000));
    assert!(matches!(branches[1].first, Some(WorldCommand::You(_))));

    let update = engine.switch_branch(BranchId(1)).expect("it is there");
    assert_eq!(
        update.rewritten,
        Some(index),
        "until there they are the same"
    );
    assert_eq!(seen(&engine), before);
    engine.switch_branch(BranchId(2)).expect("it is there");
    assert_eq!(seen(&engine), other);
    assert!(engine.switch_branch(BranchId(9)).is_none());

    engine.name_branch(BranchId(2), "  another way ");
    assert_eq!(engine.branches()[1].name.as_deref(), Some("another way"));
    assert!(
        !engine.delete_branch(BranchId(2)),
        "one does not saw off one's own"
    );
    assert!(engine.delete_branch(BranchId(1)));
    assert_eq!(engine.branches().len(), 1);
    assert_eq!(seen(&engine), other);
}

#[test]
fn a_branch_is_found_where_it_was_left() {
    let mut engine = busy();
    engine.seek_time(SimTime(6_000));
    engine.submit_you(publish("work", "x"));
    engine.advance(0.0);
    engine.seek_time(SimTime(3_000));
    let left = seen(&engine);
    engine.switch_branch(BranchId(1)).expect("it is there");
    engine.switch_branch(BranchId(2)).expect("it is there");
    assert_eq!(seen(&engine), left);
    assert_eq!(engine.cursor().now, SimTime(3_000));
}

#[test]
fn there_are_only_so_many_branches_and_named_ones_stay() {
    let mut engine = busy();
    engine.name_branch(BranchId(1), "the first");
    engine.seek_time(SimTime(2_000));
    for _ in 0..40 {
        engine.step_back().expect("there is a step");
        engine.submit_you(publish("work", "x"));
        engine.advance(0.0);
    }
    let branches = engine.branches();
    assert!(branches.len() <= 16, "{}", branches.len());
    assert_eq!(branches[0].id, BranchId(1));
    let dropped = engine.take_forked().and_then(|forked| forked.dropped);
    assert!(dropped.is_some(), "and it is said");
}

#[test]
fn what_was_taken_back_does_not_happen_again_by_itself() {
    let mut engine = Engine::new(Config::default());
    engine.submit_you(declare("work"));
    engine.advance(0.0);
    engine.play();
    engine.advance(500.0);
    engine.submit_you(publish("work", "a mistake"));
    engine.advance(0.0);
    let mistake = engine.index();
    engine.undo().expect("there is something to take back");
    assert_eq!(engine.cursor().now, SimTime(500));
    assert_eq!(
        engine.deeds(10).len(),
        2,
        "the history knows it all the same"
    );
    engine.play();
    engine.advance(16.0);
    engine.advance(16.0);
    assert_eq!(engine.present().tally().counts.published, 0);
    assert_eq!(engine.branches().len(), 2, "it is kept as a branch");
    assert!(!engine.can_redo());
    engine.switch_branch(BranchId(1)).expect("it is there");
    assert_eq!(engine.index(), mistake);
    assert_eq!(engine.present().tally().counts.published, 1);
}

#[test]
fn undo_and_redo_go_through_all_that_the_person_did() {
    let mut engine = busy();
    let mut states = vec![seen(&engine)];
    while engine.undo().is_some() {
        states.push(seen(&engine));
    }
    assert!(states.len() > 8, "{}", states.len());
    assert!(!engine.can_undo());
    for state in states.iter().rev().skip(1) {
        engine.redo().expect("there is something to do again");
        assert_eq!(seen(&engine), *state);
    }
    assert!(!engine.can_redo() && engine.branches().len() == 1);
    engine.seek_time(SimTime(0));
    assert!(engine.can_redo(), "what is ahead can be done again");
    let update = engine.redo().expect("the next deed");
    assert_eq!(update.cursor.index, engine.index());
}

#[test]
fn two_branches_are_compared_message_by_message() {
    let mut engine = Engine::new(Config::default());
    engine.submit_you(declare("work"));
    let name = QueueName::from("work");
    for worker in ["one", "two"] {
        let spec = ProgramSpec::consumer(worker, &name, 1, AckMode::AfterWork(100));
        engine.add_program(spec).expect("a sound script");
    }
    engine.play();
    engine.advance(100.0);
    let script = "repeat 6\n publish '' key=work 'job'\nend";
    program(&mut engine, "p", ProgramKind::Producer, 200, script);
    for _ in 0..30 {
        engine.advance(100.0);
    }
    engine.seek_time(SimTime(500));
    assert_eq!(engine.present().tally().counts.published, 2);
    let two = engine.view().programs[1].id;
    engine.crash_program(two);
    engine.submit_you(publish("work", "one more"));
    engine.advance(0.0);
    engine.play();
    for _ in 0..30 {
        engine.advance(100.0);
    }
    let comparison = engine
        .compare(BranchId(1), BranchId(2))
        .expect("both are there");
    assert_eq!(comparison.parted, SimTime(500));
    let by = |who: &str| vec![Ending::Acked(queue("work"), who.into())];
    let only_in_second: Vec<_> = comparison
        .differences
        .iter()
        .filter(|it| it.first.is_none())
        .collect();
    let [one_more] = only_in_second.as_slice() else {
        panic!("{only_in_second:?}")
    };
    assert_eq!(&*one_more.message.body, b"one more");
    let elsewhere = comparison
        .differences
        .iter()
        .filter(|it| it.first.is_some());
    let mut moved = 0;
    for difference in elsewhere {
        let ends =
            |side: &Option<(MessageId, Vec<Ending>)>| side.as_ref().map(|(_, ends)| ends.clone());
        assert_eq!(ends(&difference.first), Some(by("two")));
        assert_eq!(ends(&difference.second), Some(by("one")));
        moved += 1;
    }
    assert!(moved >= 2, "{comparison:?}");
    assert_eq!(comparison.alike + moved, 6);
    assert_eq!(comparison.different, moved + 1);
    let same = engine
        .compare(BranchId(2), BranchId(2))
        .expect("it is there");
    assert_eq!((same.different, same.alike), (0, 7));
}

#[test]
fn a_life_goes_on_in_dead_letters_and_says_how_long_it_was_where() {
    let mut engine = Engine::new(Config::default());
    let setup =
        "exchange dead fanout; queue grave; bind dead -> grave; queue short ttl=700ms dlx=dead";
    program(&mut engine, "setup", ProgramKind::Program, 0, setup);
    engine.play();
    engine.advance(10.0);
    engine.submit_you(publish("short", "x"));
    for _ in 0..10 {
        engine.advance(100.0);
    }
    let name = QueueName::from("grave");
    let spec = ProgramSpec::consumer("digger", &name, 1, AckMode::AfterWork(250));
    engine.add_program(spec).expect("a sound script");
    for _ in 0..10 {
        engine.advance(100.0);
    }
    let life = engine.explain(MessageId(1)).expect("it was published");
    assert_eq!(life.family, [MessageId(1), MessageId(2)]);
    let stays: Vec<Option<u64>> = life
        .stays
        .iter()
        .map(|stay| Some(stay.until?.since(stay.from)))
        .collect();
    assert_eq!(stays.len(), 3, "two queues and a pair of hands: {stays:?}");
    assert_eq!((stays[0], stays[2]), (Some(700), Some(250)));
    let last = life.entries.last().expect("it has come to its end");
    assert_eq!((last.message, last.stayed_ms), (MessageId(2), Some(250)));
    let child = engine.explain(MessageId(2)).expect("the dead letter");
    assert_eq!(
        child.family, life.family,
        "a dead letter knows where it comes from"
    );
    engine.seek_time(SimTime(500));
    let young = engine.explain(MessageId(1)).expect("it was published");
    assert_eq!(
        young.family,
        [MessageId(1)],
        "in the past it does not know its future"
    );
    assert!(engine.explain(MessageId(2)).is_none());
}

fn work_queue() -> Engine {
    let scenario = Scenario::parse(catalog::CATALOG[1].json()).expect("it is sound");
    Engine::load(&scenario).expect("it can be set up")
}

fn run_until(engine: &mut Engine, until: Until) -> UntilEnd {
    engine.start_until(until);
    let mut slices = 0;
    while engine.until().is_some() {
        let update = engine.run_until(50);
        assert!(update.rewritten.is_some() && !update.cursor.playing);
        slices += 1;
        assert!(slices < 10_000);
    }
    engine.take_until_end().expect("it has ended").1
}

#[test]
fn it_goes_on_until_what_is_waited_for_and_not_one_step_farther() {
    let load = work_queue;
    let last_events = |engine: &Engine| {
        let step = engine.step(engine.index() - 1).expect("the last step");
        let told = step.events.iter().filter_map(|event| match event {
            WorldEvent::Broker(event) => Some(transcript::line(event)),
            WorldEvent::Program(_) => None,
        });
        told.collect::<Vec<_>>().join("\n")
    };
    let mut engine = load();
    assert_eq!(run_until(&mut engine, Until::Redelivered), UntilEnd::Met);
    assert_eq!(engine.present().tally().counts.redelivered, 1);
    assert!(
        last_events(&engine).contains("redelivered"),
        "{}",
        last_events(&engine)
    );

    let mut engine = load();
    assert_eq!(run_until(&mut engine, Until::Acked(2)), UntilEnd::Met);
    assert_eq!(engine.present().tally().counts.acked, 2);
    assert_eq!(run_until(&mut engine, Until::Acked(2)), UntilEnd::Met);
    assert_eq!(
        engine.present().tally().counts.acked,
        4,
        "two more from there"
    );

    let mut engine = load();
    let hello = queue("hello");
    assert_eq!(
        run_until(&mut engine, Until::Empty(hello.clone())),
        UntilEnd::Met
    );
    let gauge = engine
        .present()
        .tally()
        .queue(&hello)
        .expect("it is there")
        .gauge;
    assert_eq!((gauge.ready, gauge.unacked), (0, 0));
    assert!(engine.present().tally().counts.acked > 0);
}

#[test]
fn it_goes_on_until_a_time_or_until_nothing_is_due() {
    let mut engine = work_queue();
    assert_eq!(
        run_until(&mut engine, Until::Time(SimTime(7_777))),
        UntilEnd::Met
    );
    assert_eq!(engine.cursor().now, SimTime(7_777));
    assert!(engine.timeline().time_at(engine.index()) <= SimTime(7_777));
    assert_eq!(
        run_until(&mut engine, Until::Unroutable),
        UntilEnd::NothingDue
    );

    let mut engine = busy();
    engine.seek_time(SimTime(100));
    let length = engine.cursor().recorded;
    assert_eq!(run_until(&mut engine, Until::DeadLettered), UntilEnd::Met);
    assert_eq!(
        engine.cursor().recorded,
        length,
        "it was found in what is recorded"
    );
    assert_eq!(
        engine
            .present()
            .tally()
            .counts
            .dead_lettered
            .iter()
            .sum::<u64>(),
        1
    );

    let mut engine = work_queue();
    engine.start_until(Until::Unroutable);
    engine.run_until(5);
    engine.cancel_until();
    let end = engine.take_until_end().map(|(run, end)| (run.steps, end));
    assert_eq!(end, Some((5, UntilEnd::Cancelled)));
    assert!(engine.until().is_none() && engine.has_next());
}

#[test]
fn a_wait_without_end_stops_at_its_limit() {
    let mut engine = Engine::new(Config::default());
    program(
        &mut engine,
        "forever",
        ProgramKind::Program,
        1,
        "queue q\nrepeat forever\n print 'x'\nend",
    );
    engine.play();
    engine.advance(10.0);
    engine.start_until(Until::Unroutable);
    if cfg!(target_arch = "wasm32") {
        return engine.cancel_until();
    }
    while engine.until().is_some() {
        engine.run_until(10_000);
    }
    let end = engine.take_until_end().map(|(_, end)| end);
    assert_eq!(end, Some(UntilEnd::Limit));
}

/// A fingerprint of what happened at the broker (FNV-1a).
fn fingerprint(engine: &Engine) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    engine
        .timeline()
        .visit(0..engine.index(), |_, input, events| {
            for event in events.iter() {
                if let WorldEvent::Broker(event) = event {
                    let line = format!("{} {}\n", input.at, transcript::line(event));
                    for byte in line.bytes() {
                        hash = (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3);
                    }
                }
            }
        });
    hash
}

/// The same figures natively and in the browser: this test runs in both. Whoever changes on purpose what happens writes
/// down the new ones.
#[test]
fn the_same_run_happens_on_every_machine() {
    let mut engine = busy();
    let whole = fingerprint(&engine);
    engine.seek_time(SimTime(4_000));
    engine.submit(
        Origin::User,
        WorldCommand::You(publish("work", "another way")),
    );
    engine.advance(0.0);
    engine.play();
    for _ in 0..40 {
        engine.advance(100.0);
    }
    let other = fingerprint(&engine);
    assert_eq!(
        (whole, other),
        (10_062_438_478_471_523_304, 15_950_897_120_552_786_904)
    );
}
