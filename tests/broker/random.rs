//! Any sequence of commands: nothing is lost or doubled, nobody starves, and a replay is the same.
//!
//! A failure is shrunk to the shortest script that still fails and printed with its seed; that script, with the answer
//! that is right, then belongs among the tests of its behaviour.

use std::collections::{BTreeMap, BTreeSet};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use mq_playground::amqp::event::Via;
use mq_playground::amqp::{Broker, Compatibility, Destination, Event};
use mq_playground::engine::Tally;
use mq_playground::machine::Rng;
use mq_playground::timeline::Timeline;

use crate::harness::{Bench, config};
use crate::ledger::Ledger;
use crate::tally::reconcile;

/// How long one random script is, in lines.
const LINES: usize = 150;

/// How many scripts are tried; `RANDOM_RUNS=2000` looks longer. A browser has less time and no environment.
pub fn runs() -> u64 {
    let asked = std::env::var("RANDOM_RUNS").ok();
    let usual = if cfg!(target_arch = "wasm32") { 20 } else { 60 };
    asked.and_then(|runs| runs.parse().ok()).unwrap_or(usual)
}

#[test]
fn no_message_is_lost_or_doubled_outside_the_rules() {
    let mut ends = BTreeMap::new();
    let runs = runs();
    for seed in 0..runs {
        let compatibility = match seed % 2 {
            0 => Compatibility::V4,
            _ => Compatibility::V3_10,
        };
        let script = random_script(seed);
        match audit(&script, compatibility) {
            Ok(ended) => {
                for (how, copies) in ended {
                    *ends.entry(how).or_insert(0) += copies;
                }
            }
            Err(complaint) => {
                let shortest = shrink(script, compatibility);
                let complaint = audit(&shortest, compatibility).err().unwrap_or(complaint);
                let lines = shortest.join("\n");
                panic!("seed {seed}, {compatibility:?}: {complaint}\n{lines}");
            }
        }
    }
    if cfg!(target_arch = "wasm32") {
        return;
    }
    // The scripts get everywhere: a copy has come to every end there is on queues that are no streams.
    for how in [
        "acked",
        "automatic",
        "discarded",
        "refused",
        "expired",
        "max length",
        "delivery limit",
        "purged",
        "queue deleted",
        "queue gone",
        "restart",
        "cycle",
    ] {
        assert!(ends.contains_key(how), "no copy was {how}: {ends:?}");
    }
}

#[test]
fn a_replay_of_any_run_is_the_same() {
    for seed in 1_000..1_000 + runs() / 5 {
        let mut bench = bench(Compatibility::V4);
        for line in random_script(seed) {
            bench.line(&line);
        }
        let mut timeline = Timeline::new(Broker::new(config(Compatibility::V4)));
        let mut views = vec![timeline.present().view()];
        let mut events = Vec::new();
        for input in bench.inputs {
            events.extend(timeline.push(input).iter().cloned());
            views.push(timeline.present().view());
        }
        assert_eq!(events, bench.events, "seed {seed}");
        assert_eq!(
            timeline.present().view(),
            bench.broker.view(),
            "seed {seed}"
        );
        for index in (0..views.len()).step_by(7) {
            assert_eq!(timeline.state_at(index).view(), views[index], "seed {seed}");
        }
    }
}

/// What the broker says of each binding is what happens at the exchange a message was published to.
#[test]
fn an_explanation_agrees_with_what_happens() {
    let mut agreed = 0;
    for seed in 2_000..2_000 + runs() / 5 {
        let mut bench = bench(Compatibility::V4);
        for line in random_script(seed) {
            let before = (bench.events.len(), bench.broker.clone());
            bench.line(&line);
            let events = &bench.events[before.0..];
            for event in events {
                let Event::Published { message, .. } = event else {
                    continue;
                };
                let asked = message.publisher.is_some() && !message.exchange.as_str().is_empty();
                if !asked || !line.contains(": publish") {
                    continue;
                }
                let (key, properties) = (&message.routing_key, &message.properties);
                let explained: BTreeSet<Destination> = before
                    .1
                    .explain(&message.exchange, key, properties)
                    .into_iter()
                    .filter(|explanation| explanation.matched)
                    .map(|explanation| explanation.binding.destination.clone())
                    // A binding to itself matches and leads nowhere new (semantics 8.4).
                    .filter(|to| *to != Destination::Exchange(message.exchange.clone()))
                    .collect();
                let hopped: BTreeSet<Destination> = events
                    .iter()
                    .filter_map(|event| match event {
                        Event::Hopped {
                            message: id,
                            from,
                            to,
                            via: Via::Binding(_),
                        } if *id == message.id && *from == message.exchange => Some(to.clone()),
                        _ => None,
                    })
                    .collect();
                assert_eq!(explained, hopped, "seed {seed}, {line}");
                agreed += hopped.len();
            }
        }
    }
    assert!(agreed > 10, "only {agreed} bindings were passed");
}

/// Runs a script and checks the books after every line.
fn audit(
    script: &[String],
    compatibility: Compatibility,
) -> Result<BTreeMap<&'static str, u64>, String> {
    let run = || {
        let mut bench = bench(compatibility);
        let mut ledger = Ledger::default();
        let mut tally = Tally::default();
        let events = bench.events.iter();
        tally.take(bench.broker.now(), events, &|queue| {
            bench.broker.gauge(queue)
        });
        for line in script {
            let before = bench.events.len();
            bench.line(line);
            for event in &bench.events[before..] {
                ledger
                    .record(event)
                    .map_err(|complaint| format!("at `{line}`: {complaint}"))?;
            }
            let events = bench.events[before..].iter();
            tally.take(bench.broker.now(), events, &|queue| {
                bench.broker.gauge(queue)
            });
            let view = bench.broker.view();
            ledger
                .compare(&view)
                .and_then(|()| reconcile(&tally, &ledger, &view))
                .map_err(|complaint| format!("after `{line}`: {complaint}"))?;
        }
        Ok(ledger.ended)
    };
    // A broken assertion inside the broker is a failure like any other, and can be shrunk.
    catch(run).unwrap_or_else(|| Err("the broker panicked".to_string()))
}

/// Leaves out whatever can be left out without mending the failure.
fn shrink(mut script: Vec<String>, compatibility: Compatibility) -> Vec<String> {
    let mut chunk = script.len() / 2;
    while chunk > 0 {
        let mut start = 0;
        while start < script.len() {
            let mut shorter = script.clone();
            shorter.drain(start..(start + chunk).min(script.len()));
            if audit(&shorter, compatibility).is_err() {
                script = shorter;
            } else {
                start += chunk;
            }
        }
        chunk /= 2;
    }
    script
}

/// A script whose acks mostly name deliveries that are out, so it is written while it runs.
pub fn random_script(seed: u64) -> Vec<String> {
    let mut rng = Rng::new(seed);
    let mut bench = bench(Compatibility::V4);
    let mut script = Vec::new();
    for _ in 0..LINES {
        let line = random_line(&mut rng, &bench);
        // A line that breaks an assertion of the broker is kept, and found again when the script is audited.
        let carried_out = catch(|| bench.line(&line));
        script.push(line);
        if carried_out.is_none() {
            break;
        }
    }
    script
}

pub fn bench(compatibility: Compatibility) -> Bench {
    let mut bench = Bench::new(compatibility);
    bench.answers_closes = true;
    for line in [
        "A: queue q1 durable",
        "A: exchange fanout fanout",
        "A: bind fanout -> q1",
    ] {
        bench.line(line);
    }
    bench
}

fn catch<T>(run: impl FnOnce() -> T) -> Option<T> {
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(run)).ok()
}

fn pick<'a>(rng: &mut Rng, choices: &[&'a str]) -> &'a str {
    choices[rng.below(choices.len() as u64) as usize]
}

/// One line on a random channel. Most make sense; some close a channel or a connection.
fn random_line(rng: &mut Rng, bench: &Bench) -> String {
    let who = pick(rng, &["A", "A", "A.2", "B", "B.2", "C"]);
    let queue = pick(rng, &["q1", "q2", "q3", "q4", "q5"]);
    let exchange = pick(rng, &["\"\"", "\"\"", "direct", "fanout", "topic"]);
    let key = pick(rng, &["q1", "q2", "q3", "q4", "q4", "q5", "a.b"]);
    let what = match rng.below(100) {
        0..12 => declare(rng, queue),
        12..16 => {
            let kind = pick(rng, &["direct", "fanout", "topic"]);
            let alternate = pick(rng, &["", "", " ae=fanout", " auto-delete"]);
            format!("exchange {kind} {kind}{alternate}")
        }
        16..22 => {
            let source = pick(rng, &["direct", "fanout", "topic"]);
            let to = pick(rng, &["q1", "q2", "exchange fanout", "exchange topic"]);
            let verb = pick(rng, &["bind", "bind", "bind", "unbind"]);
            let pattern = pick(rng, &["q1", "a.*", "#", "a"]);
            format!("{verb} {source} -> {to} key={pattern}")
        }
        22..52 => {
            let body = rng.below(100);
            let extra = pick(
                rng,
                &[
                    "",
                    "",
                    " persistent",
                    " mandatory",
                    " expiration=50",
                    " priority=3",
                    " CC=[q2]",
                ],
            );
            format!("publish {exchange} key={key} 'm{body}'{extra}")
        }
        52..62 => {
            let mode = pick(
                rng,
                &["auto", "manual", "manual prefetch=1", "manual prefetch=3"],
            );
            let extra = pick(
                rng,
                &["", "", "", " priority=5", " priority=5", " exclusive"],
            );
            let tag = rng.below(30);
            format!("consume {queue} {mode}{extra} tag=t{tag}")
        }
        62..66 => format!("cancel t{}", rng.below(30)),
        66..70 => format!("get {queue}{}", pick(rng, &["", " auto"])),
        70..82 => settle(rng, bench, who),
        82..84 => format!("qos {}{}", rng.below(4), pick(rng, &["", "", " global"])),
        84..86 => pick(rng, &["recover", "recover async"]).to_string(),
        86 => format!("purge {queue}"),
        87 => format!("delete queue {queue}"),
        88 => format!("delete exchange {}", pick(rng, &["fanout", "topic"])),
        89 => pick(rng, &["confirm", "tx select", "tx commit", "tx rollback"]).to_string(),
        90 => pick(rng, &["tx commit", "tx rollback"]).to_string(),
        91 => pick(rng, &["close channel", "close", "crash"]).to_string(),
        92 => pick(rng, &["!restart", "!kick"]).to_string(),
        93..96 => "!close-ok".to_string(),
        _ => return format!("+{}ms", 1 + rng.below(80)),
    };
    format!("{who}: {what}")
}

fn declare(rng: &mut Rng, queue: &str) -> String {
    let arguments = match queue {
        "q1" => "durable",
        "q2" => pick(
            rng,
            &[
                "ttl=60ms dlx='' dlk=q2",
                "max-length=2 dlx='' dlk=q1",
                "sac=true",
                "auto-delete",
            ],
        ),
        "q3" => pick(
            rng,
            &[
                "max-length=3",
                "max-length=2 overflow=reject-publish",
                "max-priority=5",
                "expires=90ms",
            ],
        ),
        "q4" => "durable type=quorum delivery-limit=2 dlx='' dlk=q1",
        _ => "exclusive dlx=fanout",
    };
    format!("queue {queue} {arguments}")
}

/// Sometimes the tag is guessed: a wrong one closes the channel, which is a case too.
fn settle(rng: &mut Rng, bench: &Bench, who: &str) -> String {
    let view = bench.broker.view();
    let channels = view.connections.iter().flat_map(|c| &c.channels);
    let mut channels = channels.filter(|c| Some(c.id) == bench.channel(who));
    let unacked = channels.next().map_or(&[][..], |c| c.unacked.as_slice());
    let tag = match rng.below(20) {
        0 => format!(" {}", 1 + rng.below(6)),
        _ if unacked.is_empty() => return "qos 3".to_string(),
        _ => format!(" {}", unacked[rng.below(unacked.len() as u64) as usize].tag),
    };
    let multiple = pick(rng, &["", "", " multiple"]);
    match rng.below(4) {
        0 => format!("ack{tag}{multiple}"),
        1 | 2 => format!("nack{tag}{multiple} {}", pick(rng, &["requeue", "discard"])),
        _ => format!("reject{tag} {}", pick(rng, &["requeue", "discard"])),
    }
}
