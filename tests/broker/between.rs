//! Event by event: what one sees inside a step is what its events say so far, exactly and again.

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use std::rc::Rc;

use mq_playground::amqp::event::Settlement;
use mq_playground::amqp::view::{QueueView, View};
use mq_playground::amqp::{Broker, Command, Compatibility, Config, Event, OperatorCommand};
use mq_playground::engine::{Engine, WorldCommand, WorldEvent, WorldView, picture, share};
use mq_playground::machine::{Machine, Origin, Rng};
use mq_playground::scenario::{Scenario, catalog};

use crate::harness::config;
use crate::ledger::Ledger;
use crate::random::{bench, random_script, runs};
use crate::tally::reconcile;
use crate::time::{busy, declare, publish};

/// What the canvas draws of a queue: how much is ready and out, the messages by number, who consumes.
fn queue(queue: &QueueView) -> String {
    let head: Vec<String> = queue
        .head
        .iter()
        .map(|ready| {
            format!(
                "{}{}",
                ready.message.id,
                if ready.redelivered { "r" } else { "" }
            )
        })
        .collect();
    let consumers: Vec<String> = queue
        .consumers
        .iter()
        .map(|it| {
            format!(
                "{}:{}{}",
                it.id.tag,
                it.unacked,
                if it.active { "a" } else { "" }
            )
        })
        .collect();
    let (ready, unacked) = (queue.ready, queue.unacked);
    format!("{} {ready} {unacked} {head:?} {consumers:?}", queue.id)
}

/// What the canvas and the tables draw of a broker.
fn drawn(view: &View) -> Vec<String> {
    let mut all: Vec<String> = view.queues.iter().map(queue).collect();
    all.extend(view.exchanges.iter().map(|it| format!("{it:?}")));
    all.extend(view.bindings.iter().map(|it| format!("{it:?}")));
    for connection in &view.connections {
        all.push(format!("{} {}", connection.name, connection.blocked));
        // That a closed channel's number is free again, no event tells.
        for channel in connection.channels.iter().filter(|it| !it.closing) {
            let hands = channel.unacked.iter();
            let hands: Vec<_> = hands
                .map(|it| (it.tag, it.message.id, it.redelivered))
                .collect();
            let mode = channel.mode;
            all.push(format!(
                "{} {mode:?} {} {hands:?}",
                channel.id, channel.closing
            ));
        }
    }
    all.push(format!("{} {}", view.memory_alarm, view.disk_alarm));
    all.push(format!("{:?} {:?}", view.vhosts, view.users.len()));
    all
}

/// The line is left out: that it goes back to `on` when a message is done, no event tells.
fn programs(view: &WorldView) -> Vec<String> {
    let programs = view.programs.iter();
    programs
        .map(|it| {
            let printed = it.printed.len();
            format!("{} {printed} {:?} {:?}", it.name, it.connection, it.channel)
        })
        .collect()
}

/// Goes through every step of a run and compares what its events say with what is there after it.
fn events_say_it_all(engine: &Engine, what: &str) {
    let timeline = engine.timeline();
    let mut walk = timeline.walk_from(0);
    let mut before = walk.state().view();
    let mut steps = 0;
    while let Some((index, input, events)) = walk.step() {
        let after = walk.state().view();
        let told = picture(&before, &after, &events, events.len());
        let input = format!("{what}, step {index}: {input:?}\n{events:#?}");
        assert_eq!(drawn(&told.broker), drawn(&after.broker), "{input}");
        assert_eq!(programs(&told), programs(&after), "{input}");
        for done in 0..events.len() {
            let between = picture(&before, &after, &events, done);
            for queue in &between.broker.queues {
                assert!(queue.head.len() as u64 <= queue.ready, "{input}");
            }
        }
        before = after;
        steps += 1;
    }
    assert!(steps > 0);
}

#[test]
fn the_events_of_every_step_lead_from_the_picture_before_to_the_picture_after() {
    events_say_it_all(&busy(), "busy");
    for entry in catalog::CATALOG {
        let scenario = Scenario::parse(entry.json()).expect("it is sound");
        let mut engine = Engine::load(&scenario).expect("it can be set up");
        for _ in 0..600 {
            engine.step_one();
        }
        let restart = Command::Operator(OperatorCommand::Restart);
        engine.submit(Origin::User, WorldCommand::Broker(restart));
        for _ in 0..60 {
            engine.step_one();
        }
        events_say_it_all(&engine, entry.slug);
    }
}

#[test]
fn so_they_do_in_any_sequence_of_commands() {
    for seed in 5_000..5_000 + runs() {
        let mut bench = bench(Compatibility::V4);
        for line in random_script(seed) {
            bench.line(&line);
        }
        let mut broker = Broker::new(config(Compatibility::V4));
        let view = |broker: &Broker| WorldView {
            broker: Rc::new(broker.view()),
            ..WorldView::default()
        };
        let mut before = view(&broker);
        for input in bench.inputs {
            let mut events = Vec::new();
            broker.step(&input, &mut events);
            let after = view(&broker);
            let events: Vec<WorldEvent> = events.into_iter().map(WorldEvent::Broker).collect();
            let told = picture(&before, &after, &events, events.len());
            let (told, there) = (drawn(&told.broker), drawn(&after.broker));
            assert_eq!(told, there, "seed {seed}: {input:?}\n{events:#?}");
            before = after;
        }
    }
}

#[test]
fn event_by_event_forward_and_back_is_the_same_way() {
    for entry in catalog::CATALOG {
        let scenario = Scenario::parse(entry.json()).expect("it is sound");
        let mut engine = Engine::load(&scenario).expect("it can be set up");
        let mut seen = vec![(*engine.view()).clone()];
        let mut told = Vec::new();
        while engine.has_next() && seen.len() < 300 {
            let update = engine.step_event();
            let events: usize = update.steps.iter().map(|step| step.events.len()).sum();
            assert!(events <= 1, "one event at a time");
            told.extend(update.steps.iter().flat_map(|step| step.events.to_vec()));
            seen.push((*update.view).clone());
        }
        for view in seen.iter().rev().skip(1) {
            let update = engine.back_event().expect("there is more");
            assert_eq!(*update.view, *view, "{}", entry.slug);
        }
        for view in seen.iter().skip(1) {
            assert_eq!(*engine.step_event().view, *view, "{}", entry.slug);
        }
        let recorded: Vec<WorldEvent> = engine
            .steps(engine.first_index()..engine.recording().len())
            .iter()
            .flat_map(|step| step.events.to_vec())
            .collect();
        assert_eq!(
            recorded[..told.len()],
            told,
            "nothing is told twice, nothing is left out"
        );
    }
}

#[test]
fn going_by_event_changes_nothing_of_the_run() {
    let scenario = Scenario::parse(catalog::CATALOG[1].json()).expect("it is sound");
    let mut by_command = Engine::load(&scenario).expect("it can be set up");
    let mut by_event = Engine::load(&scenario).expect("it can be set up");
    let mut rng = Rng::new(3);
    while by_command.has_next() {
        by_command.step_one();
    }
    for _ in 0..40_000 {
        match rng.below(10) {
            0 => drop(by_event.back_event()),
            1 => drop(by_event.step_one()),
            2 => drop(by_event.step_back()),
            _ => drop(by_event.step_event()),
        }
        if !by_event.has_next() {
            break;
        }
    }
    while by_event.has_next() {
        by_event.step_event();
    }
    assert_eq!(by_event.transcript(), by_command.transcript());
    assert_eq!(by_event.branches().len(), 1);
    assert_eq!(by_event.view(), by_command.view());
}

#[test]
fn what_is_done_inside_a_step_comes_after_it() {
    let mut engine = Engine::new(Config::default());
    engine.submit_you(declare("work"));
    engine.step_one();
    engine.submit_you(publish("work", "one"));
    let update = engine.step_event();
    assert_eq!(
        update.cursor.within.map(|it| (it.done, it.of > 1)),
        Some((1, true))
    );
    assert_eq!(update.view.broker.queues[0].ready, 0, "it is not there yet");
    assert_eq!(update.tally.counts.entered, 0);
    assert!(engine.can_undo(), "what one is inside of can be taken back");
    engine.submit_you(publish("work", "two"));
    let update = engine.advance(0.0);
    assert_eq!(update.cursor.within, None);
    assert_eq!(
        update.steps.len(),
        2,
        "the rest of the first, and the second"
    );
    assert_eq!(update.steps[0].first_event, 1);
    assert_eq!(update.view.broker.queues[0].ready, 2);
    assert_eq!(update.tally.counts.entered, 2);
    assert_eq!(engine.branches().len(), 1, "nothing was cut off");
}

#[test]
fn one_step_forward_from_inside_ends_the_step_and_one_back_its_beginning() {
    let mut engine = Engine::new(Config::default());
    engine.submit_you(declare("work"));
    engine.step_one();
    engine.submit_you(publish("work", "one"));
    engine.step_event();
    engine.step_event();
    let index = engine.index();
    let update = engine
        .step_back()
        .expect("there is the beginning of the step");
    assert_eq!((update.cursor.index, update.cursor.within), (index, None));
    engine.step_event();
    let update = engine.step_one();
    assert_eq!(
        (update.cursor.index, update.cursor.within),
        (index + 1, None)
    );
    assert!(!engine.is_in_past());
}

#[test]
fn a_message_is_followed_into_the_step_one_is_inside_of() {
    let mut engine = busy();
    let step = engine.undo_at().expect("the person published last");
    let whole = engine.step(step).expect("it is recorded").events;
    let published = |event: &WorldEvent| match event {
        WorldEvent::Broker(Event::Published { message, .. }) => Some(message.clone()),
        _ => None,
    };
    let place = whole.iter().position(|event| published(event).is_some());
    let place = place.expect("it published");
    let message = published(&whole[place]).expect("it is there");
    engine.seek_event(step, place);
    assert!(engine.explain(message.id).is_none(), "it is still to come");
    let update = engine.seek_event(step, place + 1);
    assert_eq!(update.cursor.within.map(|it| it.done), Some(place + 1));
    assert_eq!(
        update.steps.last().map(|it| it.events.len()),
        Some(place + 1)
    );
    let life = engine.explain(message.id).expect("it is published by now");
    assert_eq!(life.entries.len(), 1);
    assert!(
        engine
            .transcript()
            .lines()
            .last()
            .is_some_and(|line| line.contains("published"))
    );
    let update = engine.step_event();
    assert_eq!(update.steps[0].first_event, place + 1);
    assert!(engine.explain(message.id).expect("still").entries.len() >= 2);
    assert!(engine.has_next() && engine.present().next_deadline().is_some());
}

#[test]
fn a_link_opens_inside_the_very_step() {
    let scenario = Scenario::parse(catalog::CATALOG[1].json()).expect("it is sound");
    let mut engine = Engine::load(&scenario).expect("it can be set up");
    for _ in 0..60 {
        engine.step_event();
    }
    while engine.within().is_none_or(|within| within.done < 2) {
        engine.step_event();
    }
    let token = share::link_to_run(&engine, engine.origin()).expect("it can be shared");
    let shared = share::read(&token).expect("a link of ours is sound");
    let opened = share::open(&shared).expect("it can be played again");
    assert_eq!(opened.within(), engine.within());
    assert_eq!(opened.view(), engine.view());
    assert_eq!(opened.transcript(), engine.transcript());
    assert_eq!(opened.cursor().now, engine.cursor().now);
}

#[test]
fn the_numbers_inside_a_step_are_those_of_the_events_so_far() {
    // The books know no direct reply-to, which has no queue and no tags of its own.
    let kept = catalog::CATALOG.iter().filter(|entry| entry.slug != "rpc");
    for entry in kept {
        let scenario = Scenario::parse(entry.json()).expect("it is sound");
        let mut engine = Engine::load(&scenario).expect("it can be set up");
        let mut ledger = Ledger::default();
        for step in engine.steps(0..engine.index()) {
            for event in step.events.iter().filter_map(WorldEvent::of_broker) {
                ledger.record(event).expect("a sound set-up");
            }
        }
        let mut inside = 0;
        for _ in 0..600 {
            let update = engine.step_event();
            for event in update.steps.iter().flat_map(|step| step.events.iter()) {
                if let WorldEvent::Broker(event) = event {
                    let told = ledger.record(event);
                    assert_eq!(
                        told,
                        Ok(()),
                        "{} {:?} {:?}",
                        entry.slug,
                        update.steps,
                        update.cursor
                    );
                }
            }
            // A delivery that is settled by being sent is in nobody's hands in between.
            let sent = engine.step_around().and_then(|step| {
                let done = update.cursor.within?.done;
                step.events.get(done)?.of_broker().cloned()
            });
            if matches!(
                sent,
                Some(Event::Settled {
                    how: Settlement::Automatic,
                    ..
                })
            ) {
                continue;
            }
            inside += usize::from(update.cursor.within.is_some());
            let numbers = reconcile(&update.tally, &ledger, &update.view.broker);
            assert_eq!(numbers, Ok(()), "{}: {:?}", entry.slug, update.steps);
        }
        assert!(inside > 20, "{}: {inside}", entry.slug);
    }
}
