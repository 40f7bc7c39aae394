//! What must hold for any run of a certain kind: order after requeues, accounts of confirms, books of dead letters.

use std::collections::{BTreeMap, BTreeSet};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use mq_playground::amqp::event::Confirm;
use mq_playground::amqp::{ChannelId, Compatibility, Event};
use mq_playground::machine::Rng;

use crate::harness::Bench;
use crate::ledger::Ledger;

const SEEDS: u64 = 60;
const STEPS: usize = 120;

fn compatibility(seed: u64) -> Compatibility {
    match seed % 2 {
        0 => Compatibility::V4,
        _ => Compatibility::V3_10,
    }
}

fn pick<'a>(rng: &mut Rng, choices: &[&'a str]) -> &'a str {
    choices[rng.below(choices.len() as u64) as usize]
}

/// The tag of one of the deliveries that are out on a channel.
fn some_tag(bench: &Bench, rng: &mut Rng, who: &str) -> Option<u64> {
    let view = bench.broker.view();
    let channel = bench.channel(who)?;
    let mut channels = view.connections.iter().flat_map(|c| &c.channels);
    let unacked = &channels.find(|state| state.id == channel)?.unacked;
    let at = rng.below(unacked.len() as u64) as usize;
    unacked.get(at).map(|held| held.tag.0)
}

/// 15.4: however deliveries and requeues mix, what is left comes out in the order in which it was published.
#[test]
fn any_interleaving_of_requeues_leaves_a_classic_queue_in_order() {
    let mut moved = 0;
    for seed in 0..SEEDS {
        let mut rng = Rng::new(seed);
        let mut bench = Bench::new(compatibility(seed));
        bench.answers_closes = true;
        bench.line("A: queue work");
        let mut published = 0;
        for _ in 0..STEPS {
            let who = pick(&mut rng, &["A", "A.2", "B"]);
            let tag = some_tag(&bench, &mut rng, who);
            let line = match (rng.below(12), tag) {
                (0..=2, _) => {
                    published += 1;
                    format!("A: publish '' key=work {published}")
                }
                (3..=5, _) => format!("{who}: get work"),
                (6, _) => format!("{who}: consume work manual prefetch=2"),
                (7, _) => pick(&mut rng, &["B: crash", "A.2: close channel"]).to_string(),
                (8, _) => format!("{who}: recover"),
                (9, Some(tag)) => format!("{who}: nack {tag} multiple requeue"),
                (10, Some(tag)) => format!("{who}: reject {tag} requeue"),
                (11, Some(tag)) => format!("{who}: ack {tag}"),
                (_, _) => format!("{who}: qos 3"),
            };
            bench.line(&line);
        }
        // Everybody lets go of what they hold, and one after the other is taken out.
        bench.line("B: crash");
        bench.line("A: close");
        let before = bench.events.len();
        let ready = bench.broker.view().queues[0].ready;
        for _ in 0..ready {
            bench.line("C: get work auto");
        }
        let out: Vec<u64> = bench.events[before..]
            .iter()
            .filter_map(|event| match event {
                Event::Delivered { message, .. } => Some(message.id.0),
                _ => None,
            })
            .collect();
        assert_eq!(out.len() as u64, ready, "seed {seed}");
        assert!(out.is_sorted(), "seed {seed}: {out:?}");
        moved += out.len();
    }
    assert!(moved > 100, "only {moved} messages were left to look at");
}

/// 10.2 to 10.4: every publish on a confirm channel gets exactly one ack or nack, and the numbers run from 1.
#[test]
fn every_publish_on_a_confirm_channel_is_answered_once() {
    let (mut acks, mut nacks) = (0, 0);
    for seed in 0..SEEDS {
        let mut rng = Rng::new(seed);
        let mut bench = Bench::new(compatibility(seed));
        bench.answers_closes = true;
        for line in [
            "S: queue plain durable",
            "S: queue full max-length=2 overflow=reject-publish",
            "S: queue brief ttl=0",
            "S: queue quorum durable type=quorum max-length=2 overflow=reject-publish",
            "S: exchange all fanout",
            "S: bind all -> plain",
            "S: bind all -> full",
            "A: confirm",
            "A.2: confirm",
            "B: confirm",
        ] {
            bench.line(line);
        }
        let mut asked: BTreeMap<ChannelId, u64> = BTreeMap::new();
        for _ in 0..STEPS {
            let who = pick(&mut rng, &["A", "A.2", "B"]);
            if rng.below(4) == 0 {
                let queue = pick(&mut rng, &["full", "quorum", "plain"]);
                bench.line(&format!("S: get {queue} auto"));
                continue;
            }
            let to = pick(&mut rng, &["all", "''"]);
            let key = pick(&mut rng, &["plain", "full", "brief", "quorum", "nowhere"]);
            let extra = pick(&mut rng, &["", "persistent", "mandatory", "expiration=0"]);
            bench.line(&format!("{who}: publish {to} key={key} m {extra}"));
            if let Some(channel) = bench.channel(who) {
                *asked.entry(channel).or_default() += 1;
            }
        }
        let mut answered: BTreeMap<ChannelId, Vec<u64>> = BTreeMap::new();
        let mut messages = BTreeSet::new();
        for event in &bench.events {
            if let Event::Confirmed {
                channel,
                tag,
                multiple,
                how,
                message,
            } = event
            {
                assert!(!multiple, "seed {seed}: here each is told by itself");
                assert!(messages.insert(*message), "seed {seed}: {message} twice");
                answered.entry(*channel).or_default().push(tag.0);
                match how {
                    Confirm::Ack => acks += 1,
                    Confirm::Nack => nacks += 1,
                }
            }
        }
        for (channel, count) in asked {
            let expected: Vec<u64> = (1..=count).collect();
            assert_eq!(answered.get(&channel), Some(&expected), "seed {seed}");
        }
    }
    assert!(acks > 100 && nacks > 100, "{acks} acks, {nacks} nacks");
}

/// 18.8: queues that dead-letter into each other, in circles, neither lose a message outside the rules nor double one.
#[test]
fn dead_letters_in_circles_keep_the_books() {
    let mut cycles = 0;
    for seed in 0..SEEDS {
        let mut rng = Rng::new(seed);
        let mut bench = Bench::new(compatibility(seed));
        bench.answers_closes = true;
        let mut ledger = Ledger::default();
        let mut seen = 0;
        let queues = ["q0", "q1", "q2", "q3"];
        let mut lines = vec!["A: exchange fan fanout".to_string()];
        for queue in queues {
            let target = pick(&mut rng, &queues);
            let dlx = pick(&mut rng, &["dlx=fan", "dlx=''", "dlx=''"]);
            let why = pick(
                &mut rng,
                &["ttl=20ms", "max-length=1", "max-length=2 ttl=50ms", ""],
            );
            let how = pick(&mut rng, &["", "", "overflow=reject-publish-dlx"]);
            lines.push(format!("A: queue {queue} {dlx} dlk={target} {why} {how}"));
            if rng.below(2) == 0 {
                lines.push(format!("A: bind fan -> {queue}"));
            }
        }
        for _ in 0..STEPS {
            let queue = pick(&mut rng, &queues);
            lines.push(match rng.below(8) {
                0..=2 => format!("A: publish '' key={queue} m"),
                3 => "A: publish fan m expiration=10".to_string(),
                4 => format!("A: get {queue}"),
                5 => pick(&mut rng, &["A: reject discard", "A: nack requeue"]).to_string(),
                6 => format!("B: consume {queue} manual prefetch=1"),
                _ => format!("+{}ms", 1 + rng.below(30)),
            });
        }
        for line in lines {
            bench.line(&line);
            for event in &bench.events[seen..] {
                let booked = ledger.record(event);
                assert_eq!(booked, Ok(()), "seed {seed} at `{line}`");
            }
            seen = bench.events.len();
            let compared = ledger.compare(&bench.broker.view());
            assert_eq!(compared, Ok(()), "seed {seed} after `{line}`");
        }
        cycles += ledger.ended.get("cycle").copied().unwrap_or(0);
    }
    assert!(cycles > 0, "no message came round");
}
