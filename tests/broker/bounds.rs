//! Limits of this broker, which RabbitMQ does not have: each is an event, and leaves the others room.

use mq_playground::amqp::{Compatibility, Event};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::harness::{Bench, config};

fn limit_reached(bench: &Bench) -> Option<(&'static str, u64)> {
    bench.events.iter().find_map(|event| match event {
        Event::LimitReached { what, limit } => Some((*what, *limit)),
        _ => None,
    })
}

fn enqueued(bench: &Bench, name: &str) -> usize {
    let is_it =
        |event: &&Event| matches!(event, Event::Enqueued { queue, .. } if queue.as_str() == name);
    bench.events.iter().filter(is_it).count()
}

fn run(bench: &mut Bench, script: &str) {
    script.lines().for_each(|line| bench.line(line.trim()));
}

#[test]
fn who_fills_one_queue_leaves_room_in_the_others() {
    let mut config = config(Compatibility::V4);
    config.limits.queue_messages = 5;
    let mut bench = Bench::with(config);
    run(
        &mut bench,
        r#"
            A: queue flood
            A: confirm
            B: queue quiet
        "#,
    );
    for _ in 0..9 {
        bench.line(r#"A: publish "" key=flood "x""#);
    }
    for _ in 0..3 {
        bench.line(r#"B: publish "" key=quiet "x""#);
    }
    assert_eq!(limit_reached(&bench), Some(("messages in one queue", 5)));
    assert_eq!(
        (enqueued(&bench, "flood"), enqueued(&bench, "quiet")),
        (5, 3)
    );
    let refused = bench
        .events
        .iter()
        .filter(|it| matches!(it, Event::Refused { .. }));
    assert_eq!(refused.count(), 4);
}

#[test]
fn what_is_unacked_counts_too() {
    let mut config = config(Compatibility::V4);
    config.limits.queue_messages = 5;
    let mut bench = Bench::with(config);
    run(
        &mut bench,
        r#"
            queue hoard
            consume hoard
        "#,
    );
    for _ in 0..9 {
        bench.line(r#"publish "" key=hoard "x""#);
    }
    let delivered = bench
        .events
        .iter()
        .filter(|it| matches!(it, Event::Delivered { .. }));
    assert_eq!(delivered.count(), 5);
    assert_eq!(limit_reached(&bench), Some(("messages in one queue", 5)));
}

#[test]
fn the_bytes_of_one_queue_are_bounded() {
    let mut config = config(Compatibility::V4);
    config.limits.queue_message_bytes = 10;
    let mut bench = Bench::with(config);
    bench.line("queue flood");
    for _ in 0..5 {
        bench.line(r#"publish "" key=flood "12345678""#);
    }
    assert_eq!(enqueued(&bench, "flood"), 2);
    assert_eq!(
        limit_reached(&bench),
        Some(("bytes of messages in one queue", 10))
    );
}

#[test]
fn dead_letters_are_bounded_as_publishes_are() {
    let mut config = config(Compatibility::V4);
    config.limits.queue_messages = 2;
    let mut bench = Bench::with(config);
    run(
        &mut bench,
        r#"
            queue grave
            queue work dlx="" dlk=grave
        "#,
    );
    for line in [r#"publish "" key=work "x""#, "get work", "reject discard"].repeat(3) {
        bench.line(line);
    }
    assert_eq!(enqueued(&bench, "grave"), 2);
    assert_eq!(limit_reached(&bench), Some(("messages in one queue", 2)));
}

#[test]
fn what_waits_for_the_end_of_an_alarm_is_bounded() {
    let mut config = config(Compatibility::V4);
    config.limits.waiting_publishes = 2;
    let mut bench = Bench::with(config);
    run(&mut bench, "queue work\noperator: memory-alarm");
    for _ in 0..5 {
        bench.line(r#"publish "" key=work "x""#);
    }
    bench.line("operator: no memory-alarm");
    assert_eq!(enqueued(&bench, "work"), 2);
    assert_eq!(
        limit_reached(&bench),
        Some(("publishes of a blocked connection", 2))
    );
}
