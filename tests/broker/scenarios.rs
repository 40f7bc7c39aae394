//! The start scenarios play to their end, and tell what they promise.

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use mq_playground::actors::ProgramState;
use mq_playground::engine::Engine;
use mq_playground::scenario::{Scenario, catalog};

use crate::harness::with_short_names;

/// The run of a scenario of the catalog, step by step, until nothing is due any more or `until_ms`.
fn play(slug: &str, until_ms: u64) -> Engine {
    let entry = catalog::find(slug).expect("it is in the catalog");
    let scenario = Scenario::parse(entry.json()).expect("it is sound");
    let mut engine = Engine::load(&scenario).expect("it can be set up");
    while engine.has_next() {
        let update = engine.step_one();
        if update.cursor.now.as_ms() > until_ms {
            break;
        }
    }
    engine
}

#[cfg(not(target_arch = "wasm32"))]
fn assert_recorded(file: &str, _recorded: &str, engine: &Engine) {
    let transcript = with_short_names(&engine.transcript());
    expect_test::expect_file![file].assert_eq(&transcript);
}

/// A browser has no disk: there the record is compiled in.
#[cfg(target_arch = "wasm32")]
fn assert_recorded(_file: &str, recorded: &str, engine: &Engine) {
    assert_eq!(with_short_names(&engine.transcript()), recorded);
}

#[test]
fn in_logs_the_message_dies_with_its_queue_and_the_receiver_never_prints() {
    let engine = play("logs", 60_000);
    assert_recorded("golden/logs.txt", include_str!("golden/logs.txt"), &engine);
    let view = engine.view();
    let receiver = &view.programs[1];
    assert!(
        !receiver
            .printed
            .iter()
            .any(|line| line.to_string().contains("Received")),
        "nothing routes to hello"
    );
    let queues: Vec<&str> = view.broker.queues.iter().map(|q| q.id.as_str()).collect();
    assert_eq!(
        queues,
        ["hello"],
        "the exclusive queue died with its connection"
    );
}

#[test]
fn in_the_work_queue_the_crashed_workers_message_comes_back() {
    let engine = play("work-queue", 60_000);
    assert_recorded(
        "golden/work-queue.txt",
        include_str!("golden/work-queue.txt"),
        &engine,
    );
    let view = engine.view();
    let printed = &view.programs[1].printed;
    assert!(
        printed
            .iter()
            .any(|line| line.to_string() == "[x] Received First task (redelivered)")
    );
    assert_eq!(
        view.programs[3].state,
        ProgramState::Failed(
            "406 PRECONDITION_FAILED - inequivalent arg 'durable' for queue 'hello' in vhost '/': received 'false' \
             but current is 'true'"
                .into()
        )
    );
}

/// Ready in a queue, moment by moment, a tenth of a second apart.
fn depths(slug: &str, queue: &str, until_ms: u64) -> Vec<u64> {
    let entry = catalog::find(slug).expect("it is in the catalog");
    let scenario = Scenario::parse(entry.json()).expect("it is sound");
    let mut engine = Engine::load(&scenario).expect("it can be set up");
    engine.play();
    let mut depths = Vec::new();
    for _ in 0..until_ms / 100 {
        let update = engine.advance(100.0);
        let queues = &update.view.broker.queues;
        let found = queues.iter().find(|q| q.id.as_str() == queue);
        depths.push(found.map_or(0, |queue| queue.ready));
    }
    depths
}

#[test]
fn in_the_load_peak_the_queue_rises_quickly_and_falls_slowly_and_nothing_is_lost() {
    let depths = depths("load-peak", "work", 10_500);
    let top = depths.iter().copied().max().unwrap_or(0);
    assert!((35..=50).contains(&top), "{top} of 60 wait at the peak");
    let peak = depths.iter().position(|depth| *depth == top).unwrap_or(0);
    let empty = depths[peak..].iter().position(|depth| *depth == 0);
    // From 1 s on it fills for 1.5 s, and empties at ten a second.
    assert!((20..=27).contains(&peak), "{peak}");
    assert!(
        empty.is_some_and(|tenths| (35..=55).contains(&tenths)),
        "{empty:?}"
    );
    let engine = play("load-peak", 60_000);
    let view = engine.view();
    let [warehouse, shop] = view.programs.as_slice() else {
        panic!("two programs")
    };
    let waiting = &view.broker.queues[0];
    let left = waiting.ready + waiting.unacked;
    assert_eq!(shop.counts.published, warehouse.counts.done + left);
    assert_eq!(shop.counts.confirmed, shop.counts.published);
}

#[test]
fn in_the_pipeline_every_picture_arrives_at_its_end() {
    let engine = play("pipeline", 60_000);
    let view = engine.view();
    let done: Vec<u64> = view.programs.iter().map(|p| p.counts.done).collect();
    assert_eq!(
        (view.programs[0].counts.published, done[1], done[2]),
        (60, 60, 60)
    );
    let left: u64 = view.broker.queues.iter().map(|q| q.ready + q.unacked).sum();
    assert_eq!(left, 0, "five at a time, and sixty are twelve times five");
}

#[test]
fn in_rpc_every_question_has_its_answer() {
    let engine = play("rpc", 60_000);
    let view = engine.view();
    let client = &view.programs[1];
    assert_eq!(client.state, ProgramState::Finished);
    assert_eq!((client.counts.published, client.counts.received), (20, 20));
    let last = client.printed.last().map(|line| line.to_string());
    assert_eq!(
        last.as_deref(),
        Some("[x] Received the answer to question 20")
    );
}

#[test]
fn in_retry_everything_is_paid_at_last() {
    let engine = play("retry", 120_000);
    let view = engine.view();
    let left: u64 = view.broker.queues.iter().map(|q| q.ready + q.unacked).sum();
    assert_eq!(left, 0);
    let text = engine.transcript();
    let acked = text.matches("work: ack").count();
    let failed = text.matches("work: discard").count();
    let expired = text.matches("wait: expired -> payments").count();
    assert_eq!(acked, 20);
    assert!(failed > 5 && failed == expired, "{failed} {expired}");
}

#[test]
fn every_scenario_of_the_catalog_says_what_it_is_in_both_languages() {
    for entry in catalog::CATALOG {
        let scenario = Scenario::parse(entry.json()).expect("it is sound");
        for text in [&scenario.title, &scenario.description] {
            assert!(!text.en.is_empty() && !text.zh.is_empty(), "{}", entry.slug);
            assert_ne!(text.en, text.zh, "{}", entry.slug);
        }
        let names = scenario.programs.iter().map(|program| &program.name);
        for name in names {
            let node = format!("program:{name}");
            assert!(scenario.layout.contains_key(&node), "{node} has no place");
        }
    }
}
