//! Programs on one quorum queue: what goes back counts, and too often is too often.

use serde_json::{Map, Value, json};

use super::Writer;

/// Publishers are on connection A, takers with acknowledgements on B.
pub(super) fn write(it: &mut Writer) {
    let mut arguments = Map::new();
    arguments.insert("x-queue-type".into(), json!("quorum"));
    let mut put = |name: &str, value: Value| arguments.insert(name.into(), value);
    if it.rng.percent(80) {
        put("x-delivery-limit", json!(it.rng.between(0, 2)));
    }
    if it.rng.percent(65) {
        put("x-dead-letter-exchange", json!(""));
        put("x-dead-letter-routing-key", json!("dead"));
    }
    if it.rng.percent(16) {
        put("x-max-length", json!(it.rng.between(2, 3)));
    }
    if it.rng.percent(12) {
        put("x-single-active-consumer", json!(true));
    }
    let queue = json!({"queue": "qq", "durable": true, "arguments": arguments});
    it.push_at(("A", 1), "queue.declare", queue);
    it.push_at(("A", 1), "queue.declare", json!({"queue": "dead"}));
    for _ in 0..it.rng.between(2, 5) {
        publish(it);
    }
    for _ in 0..it.rng.between(10, 18) {
        write_one(it);
    }
}

fn write_one(it: &mut Writer) {
    match it.rng.between(0, 99) {
        0..=14 => publish(it),
        15..=28 => get(it, "dead", 100),
        29..=40 => get(it, "qq", 40),
        41..=56 => settle(it, "basic.nack", Some(80)),
        57..=66 => settle(it, "basic.reject", Some(75)),
        67..=74 => settle(it, "basic.ack", None),
        75..=85 => {
            it.tags += 1;
            let mut arguments = Map::new();
            if it.rng.percent(22) {
                arguments.insert("x-priority".into(), json!(it.rng.one(&[1, 5])));
            }
            let args = json!({"queue": "qq", "consumer_tag": format!("c{}", it.tags), "arguments": arguments});
            let channel = it.rng.between(1, 2);
            it.push_at(("B", channel), "basic.consume", args);
        }
        86..=89 => {
            let tag = format!("c{}", it.rng.between(1, it.tags.max(1)));
            it.push_at(("B", 1), "basic.cancel", json!({"consumer_tag": tag}));
        }
        90..=93 => {
            let args = json!({"prefetch_count": it.rng.between(1, 2)});
            it.push_at(("B", 1), "basic.qos", args);
        }
        94..=95 => it.push_at(("B", 1), "drop_connection", json!({})),
        96..=97 => {
            let channel = it.rng.between(1, 2);
            it.push_at(("B", channel), "channel.close", json!({}));
        }
        _ => it.push_at(("A", 1), "confirm.select", json!({})),
    }
}

fn publish(it: &mut Writer) {
    it.bodies += 1;
    let body = format!("m{}", it.bodies);
    let props = if it.rng.percent(40) {
        json!({"headers": {"n": it.bodies}})
    } else {
        json!({})
    };
    let args = json!({"exchange": "", "key": "qq", "props": props, "body": body});
    it.push_at(("A", 1), "publish", args);
}

fn get(it: &mut Writer, queue: &str, without_ack: u64) {
    let args = json!({"queue": queue, "no_ack": it.rng.percent(without_ack)});
    it.push_at(("A", 2), "basic.get", args);
}

fn settle(it: &mut Writer, op: &str, requeue: Option<u64>) {
    let mut args = json!({"delivery_tag": 1});
    if let Some(chance) = requeue {
        args["requeue"] = json!(it.rng.percent(chance));
    }
    it.push_at(("B", 1), op, args);
    let pick = it.rng.between(0, 999) as f64 / 1000.0;
    if let Some(step) = it.steps.last_mut() {
        step["pick"] = json!(pick);
    }
}
