//! The numbers of a run against its event log: whoever counts the log again comes to the same.

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use std::collections::BTreeMap;

use mq_playground::actors::{ProgramKind, ProgramSpec};
use mq_playground::amqp::view::{QueueKind, View};
use mq_playground::amqp::{Event, MessageId, QueueId};
use mq_playground::engine::{Engine, MarkKind, Series, Tally, WorldEvent};
use mq_playground::machine::SimTime;
use mq_playground::scenario::{Scenario, catalog};

use crate::ledger::Ledger;
use crate::time::busy;

/// The tally against the books of [`Ledger`] and the picture.
pub fn reconcile(tally: &Tally, ledger: &Ledger, view: &View) -> Result<(), String> {
    let counts = &tally.counts;
    let [
        expired,
        length,
        limit,
        purged,
        deleted,
        restart,
        cycle,
        retention,
    ] = counts.dropped;
    let ends = [
        ("acked", counts.acked),
        ("automatic", counts.automatic),
        ("discarded", counts.discarded),
        ("refused", counts.refused),
        ("expired", expired),
        ("max length", length),
        ("delivery limit", limit),
        ("purged", purged),
        ("queue deleted", deleted),
        ("restart", restart),
        ("cycle", cycle),
        ("retention", retention),
    ];
    for (how, counted) in ends {
        let known = ledger.ended.get(how).copied().unwrap_or(0);
        if known != counted {
            return Err(format!("{counted} {how} were counted, the log has {known}"));
        }
    }
    for queue in &view.queues {
        let counted = tally.queue(&queue.id).cloned().unwrap_or_default();
        let gauge = counted.gauge;
        if (gauge.ready, gauge.unacked) != (queue.ready, queue.unacked) {
            return Err(format!(
                "{}: {gauge:?} against {}/{}",
                queue.id, queue.ready, queue.unacked
            ));
        }
        let kept = gauge.ready + gauge.unacked;
        if queue.kind != QueueKind::Stream && counted.entered != counted.left + kept {
            return Err(format!("{}: {counted:?} does not balance", queue.id));
        }
        for consumer in &queue.consumers {
            let counted = tally
                .consumer(&consumer.id)
                .map(|consumer| consumer.unacked);
            if counted != Some(u64::from(consumer.unacked)) {
                return Err(format!("{:?} has {counted:?} in its hands", consumer.id));
            }
        }
    }
    let (there, counted) = (view.queues.len(), tally.queues().count());
    if counted > there {
        return Err(format!("{counted} queues are counted, there are {there}"));
    }
    Ok(())
}

fn events(engine: &Engine, steps: usize) -> Vec<(SimTime, usize, Event)> {
    let mut all = Vec::new();
    engine.timeline().visit(0..steps, |index, input, events| {
        for event in events.iter() {
            if let WorldEvent::Broker(event) = event {
                all.push((input.at, index, event.clone()));
            }
        }
    });
    all
}

#[test]
fn the_numbers_are_those_of_the_transcript() {
    let engine = busy();
    let tally = engine.present().tally();
    let transcript = engine.transcript();
    let lines = |word: &str| {
        transcript
            .lines()
            .filter(|line| line.starts_with(word))
            .count() as u64
    };
    let counts = &tally.counts;
    assert_eq!(counts.published + counts.republished, lines("published "));
    assert_eq!(counts.delivered, lines("delivered ") + lines("got "));
    assert_eq!(counts.returned, lines("returned "));
    assert_eq!(counts.unroutable, lines("unroutable "));
    assert_eq!(
        counts.confirmed + counts.nacked,
        lines("confirmed ") + lines("nacked ")
    );
    let settled = counts.acked + counts.automatic + counts.discarded + counts.requeued;
    assert_eq!(settled, lines("settled "));
    assert_eq!(counts.dropped.iter().sum::<u64>(), lines("dropped "));
    assert!(
        counts.published > 50 && counts.redelivered > 0 && counts.dropped[0] > 0,
        "{counts:?}"
    );
    assert!(
        counts.dead_lettered[0] > 0 && counts.unroutable > 0,
        "{counts:?}"
    );
    let mut ledger = Ledger::default();
    for (_, _, event) in events(&engine, engine.index()) {
        ledger.record(&event).expect("the log is sound");
    }
    reconcile(tally, &ledger, &engine.view().broker).expect("they are the same");
}

#[test]
fn latencies_are_those_of_the_log() {
    let engine = busy();
    let (mut published, mut to_ack, mut to_delivery) = (BTreeMap::new(), Vec::new(), Vec::new());
    for (at, _, event) in events(&engine, engine.index()) {
        match event {
            Event::Published { message, .. } => {
                published.insert(message.id, at);
            }
            Event::Delivered {
                message,
                redelivered: false,
                ..
            } => to_delivery.push(at.since(published[&message.id])),
            Event::Settled {
                message,
                how:
                    mq_playground::amqp::event::Settlement::Ack
                    | mq_playground::amqp::event::Settlement::Automatic,
                ..
            } => to_ack.push(at.since(published[&message])),
            _ => {}
        }
    }
    for (mut list, spread) in [
        (to_delivery, engine.present().tally().to_delivery()),
        (to_ack, engine.present().tally().to_ack()),
    ] {
        list.sort_unstable();
        assert!(list.len() > 20, "{}", list.len());
        assert_eq!(spread.count(), list.len() as u64);
        assert_eq!(Some(&spread.max_ms()), list.last());
        for percent in [50, 95, 99] {
            let exact = list[(list.len() * percent).div_ceil(100) - 1];
            let told = spread.percentile(percent as u64).expect("there are some");
            assert!(
                told >= exact && told - exact <= exact / 31,
                "{told} for {exact}"
            );
        }
    }
}

/// When each copy that waits was published, by the log alone; the one that came first stands first.
fn waiting(
    events: &[(SimTime, usize, Event)],
) -> BTreeMap<QueueId, Vec<(u64, MessageId, SimTime)>> {
    use mq_playground::amqp::event::Settlement;
    let mut published = BTreeMap::new();
    let mut arrived: BTreeMap<(QueueId, MessageId), u64> = BTreeMap::new();
    let mut waiting: BTreeMap<QueueId, Vec<(u64, MessageId, SimTime)>> = BTreeMap::new();
    let mut count = 0;
    for (at, _, event) in events {
        let (queue, message, comes) = match event {
            Event::Published { message, .. } => {
                published.insert(message.id, *at);
                continue;
            }
            Event::Enqueued { queue, message, .. } => (queue, *message, true),
            Event::Settled {
                queue,
                message,
                how: Settlement::Requeue { .. },
                ..
            } => (queue, *message, true),
            Event::Delivered { queue, message, .. } => (queue, message.id, false),
            Event::Dropped { queue, message, .. } => (queue, *message, false),
            _ => continue,
        };
        count += 1;
        let place = *arrived.entry((queue.clone(), message)).or_insert(count);
        let list = waiting.entry(queue.clone()).or_default();
        list.retain(|(_, id, _)| *id != message);
        if comes {
            list.push((place, message, published[&message]));
            list.sort_unstable_by_key(|entry| entry.0);
        }
    }
    waiting
}

#[test]
fn each_piece_of_a_series_is_what_the_log_says_of_its_time() {
    let engine = busy();
    let series = engine.recording().series();
    let pieces = series.pieces();
    assert!(pieces.len() > 20, "{}", pieces.len());
    let mut told = 0;
    for (number, piece) in pieces[..pieces.len() - 1].iter().enumerate() {
        let end = SimTime((number as u64 + 1) * series.width_ms());
        let steps = engine.timeline().index_at(end - 1);
        assert_eq!(piece.steps, steps, "piece {number}");
        assert_eq!(piece.tally, *engine.timeline().state_at(steps).tally());
        let events = events(&engine, steps);
        let waiting = waiting(&events);
        for (id, queue) in piece.tally.queues() {
            let list = waiting.get(id).map_or(&[][..], Vec::as_slice);
            assert_eq!(
                queue.gauge.ready,
                list.len() as u64,
                "{id} in piece {number}"
            );
            assert_eq!(queue.gauge.oldest, list.first().map(|entry| entry.2));
            told += list.len();
        }
    }
    assert!(told > 20, "something waits now and then: {told}");
}

#[test]
fn marks_are_where_it_happened_and_as_many() {
    let engine = busy();
    let mut counted = BTreeMap::new();
    engine
        .timeline()
        .visit(0..engine.index(), |_, input, events| {
            let by_hand = input.origin == mq_playground::machine::Origin::User;
            let kinds = events.iter().filter_map(MarkKind::of);
            for kind in by_hand.then_some(MarkKind::User).into_iter().chain(kinds) {
                *counted.entry(kind).or_insert(0) += 1;
            }
        });
    let mut marked = BTreeMap::new();
    for piece in engine.recording().series().pieces() {
        for mark in &piece.marks {
            *marked.entry(mark.kind).or_insert(0) += mark.count;
            let step = engine.step(mark.step).expect("the step of a mark");
            assert_eq!(step.at, mark.at);
        }
    }
    assert_eq!(marked, counted);
    assert!(marked.len() >= 6, "{marked:?}");
}

#[test]
fn a_series_that_was_cut_off_and_goes_on_is_that_of_the_whole_run() {
    let scenario = Scenario::parse(catalog::CATALOG[1].json()).expect("it is sound");
    let mut engine = Engine::load(&scenario).expect("it can be set up");
    while engine.has_next() {
        engine.step_one();
    }
    let whole = engine.recording().clone();
    for index in 0..whole.len() {
        let mut fork = whole.fork_at(index, SimTime::ZERO);
        // Pieces never become finer again, so a fresh series is compared only where it is as coarse.
        for at in index..whole.len() {
            fork.push(
                whole
                    .timeline()
                    .inputs()
                    .get(at)
                    .expect("it is there")
                    .clone(),
            );
        }
        assert_eq!(fork.series(), whole.series(), "cut off after {index} steps");
    }
    assert_eq!(Series::new().pieces().len(), 1);
}

#[test]
fn a_long_run_becomes_coarser_and_stays_exact() {
    let mut engine = busy();
    let width = engine.recording().series().width_ms();
    let script = "queue ticks max-length=3\nrepeat forever\n publish '' key=ticks 'tick'\nend";
    let spec = ProgramSpec::new("clock", ProgramKind::Producer, script);
    engine.add_program(spec).expect("a sound script");
    engine.play();
    engine.set_speed(1000.0);
    for _ in 0..400 {
        engine.advance(100.0);
    }
    let series = engine.recording().series();
    assert!(series.width_ms() > width);
    assert!(series.pieces().len() <= 256);
    let piece = &series.pieces()[series.pieces().len() / 2];
    let state = engine.timeline().state_at(piece.steps);
    assert_eq!(piece.tally, *state.tally());
}
