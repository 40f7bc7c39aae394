//! What the canvas's editing asks of the engine: several commands as one step, and where a message would go.

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use mq_playground::amqp::protocol::ClientMethod;
use mq_playground::amqp::protocol::method::QueueDeclare;
use mq_playground::amqp::{ExchangeId, Properties, QueueName, RoutingKey};
use mq_playground::engine::{Engine, WorldCommand};
use mq_playground::machine::Origin;
use mq_playground::scenario::Scenario;

const SHOP: &str = r##"{ "version": 1, "topology": {
    "exchanges": [
        { "name": "orders", "type": "topic", "arguments": { "alternate-exchange": "lost" } },
        { "name": "lost", "type": "fanout" },
        { "name": "eu", "type": "topic" }],
    "queues": [{ "name": "work" }, { "name": "parked" }, { "name": "eu.work" }],
    "bindings": [
        { "source": "orders", "queue": "work", "routingKey": "order.*" },
        { "source": "orders", "exchange": "eu", "routingKey": "#.eu" },
        { "source": "eu", "exchange": "orders", "routingKey": "#" },
        { "source": "eu", "queue": "eu.work", "routingKey": "order.#" },
        { "source": "lost", "queue": "parked" }] } }"##;

fn shop() -> Engine {
    let scenario = Scenario::parse(SHOP).expect("the shop is well written");
    Engine::load(&scenario).expect("the shop can be set up")
}

fn declare(name: &str, durable: bool) -> WorldCommand {
    WorldCommand::You(ClientMethod::QueueDeclare(QueueDeclare {
        queue: QueueName::from(name),
        durable,
        ..QueueDeclare::default()
    }))
}

fn queues(engine: &Engine) -> Vec<String> {
    let view = engine.view();
    let names = view.broker.queues.iter();
    names.map(|queue| queue.id.to_string()).collect()
}

/// Which exchanges a message would meet, with how many bindings each lets it through.
fn met(engine: &Engine, exchange: &str, key: &str) -> Vec<(String, usize)> {
    let view = engine.view();
    let mut ids = view.broker.exchanges.iter().map(|view| &view.id);
    let start: &ExchangeId = ids.find(|id| id.as_str() == exchange).expect("it is there");
    let visits = engine.what_if(start, &RoutingKey::from(key), &Properties::default());
    let count = |visit: &mq_playground::engine::ExchangeVisit| {
        visit.explanations.iter().filter(|it| it.matched).count()
    };
    visits
        .iter()
        .map(|visit| (visit.exchange.to_string(), count(visit)))
        .collect()
}

fn expected(visits: &[(&str, usize)]) -> Vec<(String, usize)> {
    let owned = visits
        .iter()
        .map(|(name, count)| (name.to_string(), *count));
    owned.collect()
}

#[test]
fn several_commands_are_one_step_and_one_undo() {
    let mut engine = shop();
    let before = queues(&engine);
    let both = vec![declare("a", true), declare("b", true)];
    engine.submit(Origin::User, WorldCommand::Together(both));
    let update = engine.advance(0.0);
    assert_eq!(update.steps.len(), 1);
    assert_eq!(queues(&engine).len(), before.len() + 2);
    engine.undo().expect("there is something to undo");
    assert_eq!(queues(&engine), before);
    engine.redo().expect("there is something to do again");
    assert_eq!(queues(&engine).len(), before.len() + 2);
}

#[test]
fn what_comes_after_a_refusal_is_not_carried_out() {
    let mut engine = shop();
    // The shop's queue is transient, so declaring it durable is a precondition that fails.
    let three = vec![
        declare("a", true),
        declare("work", true),
        declare("b", true),
    ];
    engine.submit(Origin::User, WorldCommand::Together(three));
    engine.advance(0.0);
    let names = queues(&engine);
    assert!(names.contains(&"a".to_string()) && !names.contains(&"b".to_string()));
}

#[test]
fn a_message_that_is_not_published_meets_every_exchange_once() {
    let engine = shop();
    let steps = engine.timeline().len();
    assert_eq!(
        met(&engine, "orders", "order.eu"),
        expected(&[("orders", 2), ("eu", 2)])
    );
    assert_eq!(
        met(&engine, "eu", "invoice"),
        expected(&[("eu", 1), ("orders", 0), ("lost", 1)]),
        "the alternate is asked where nothing matched"
    );
    assert_eq!(engine.timeline().len(), steps, "asking is no step");
}
