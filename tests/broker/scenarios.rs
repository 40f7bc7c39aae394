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
            .any(|line| line.contains("Received")),
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
            .any(|line| &**line == "[x] Received First task (redelivered)")
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

#[test]
fn every_scenario_of_the_catalog_says_what_it_is_in_both_languages() {
    for entry in catalog::CATALOG {
        let scenario = Scenario::parse(entry.json).expect("it is sound");
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
