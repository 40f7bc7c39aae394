//! Fresh random programs, of the same kinds as the recorded ones: a family says which methods and arguments it likes.

mod quorum;
mod steps;
mod weights;

use serde_json::{Value, json};

use crate::player::Looks;
use crate::rng::Rng;
use steps::Op;
use weights::weights;

/// What a program is mostly about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Family {
    Routing,
    Delivery,
    Dlx,
    Limits,
    Errors,
    Mixed,
    Ttl,
    Headers,
    Priority,
    Tx,
    Quorum,
}

impl Family {
    /// All of them, with their names.
    pub const ALL: [(Family, &'static str); 11] = [
        (Family::Routing, "routing"),
        (Family::Delivery, "delivery"),
        (Family::Dlx, "dlx"),
        (Family::Limits, "limits"),
        (Family::Errors, "errors"),
        (Family::Mixed, "mixed"),
        (Family::Ttl, "ttl"),
        (Family::Headers, "headers"),
        (Family::Priority, "priority"),
        (Family::Tx, "tx"),
        (Family::Quorum, "quorum"),
    ];

    /// What queues are asked after every step. Between two looks a quorum queue is not at rest.
    pub fn looks(self) -> Looks {
        if self == Family::Quorum {
            Looks::AtFramesOnly
        } else {
            Looks::AtQueues
        }
    }

    fn is_one_of(self, families: &[Family]) -> bool {
        families.contains(&self)
    }
}

/// The program of this seed.
pub fn program(family: Family, seed: u64) -> Vec<Value> {
    let mut writer = Writer {
        family,
        rng: Rng::new(seed),
        bodies: 0,
        tags: 0,
        bindings: Vec::new(),
        steps: Vec::new(),
    };
    match family {
        Family::Quorum => quorum::write(&mut writer),
        Family::Ttl => write_around_a_wait(&mut writer),
        Family::Routing
        | Family::Delivery
        | Family::Dlx
        | Family::Limits
        | Family::Errors
        | Family::Mixed
        | Family::Headers
        | Family::Priority
        | Family::Tx => {
            write_setup(&mut writer);
            let steps = writer.rng.between(14, 24);
            write_any(&mut writer, steps, weights(family));
        }
    }
    writer.steps
}

/// A program under way.
struct Writer {
    family: Family,
    rng: Rng,
    /// Messages so far; each body is another.
    bodies: u64,
    /// Consumer tags so far.
    tags: u64,
    /// Arguments of the bindings so far, so that some of them can be undone.
    bindings: Vec<(&'static str, Value)>,
    steps: Vec<Value>,
}

impl Writer {
    /// One of the two connections and one of its two channels.
    fn place(&mut self) -> (&'static str, u64) {
        (self.rng.one(&["A", "B"]), self.rng.between(1, 2))
    }

    fn push(&mut self, op: &str, args: Value) {
        let place = self.place();
        self.push_at(place, op, args);
    }

    fn push_at(&mut self, (conn, chan): (&str, u64), op: &str, args: Value) {
        let step = json!({"op": op, "conn": conn, "chan": chan, "args": args});
        self.steps.push(step);
    }
}

/// Exchanges, queues, bindings and some messages to begin with.
fn write_setup(it: &mut Writer) {
    for number in 0..it.rng.between(1, 3) as usize {
        it.declare_exchange(steps::EXCHANGES[number].0);
    }
    for number in 0..it.rng.between(1, 3) as usize {
        it.declare_queue(steps::QUEUES[number].0);
    }
    for _ in 0..it.rng.between(1, 5) {
        it.write(Op::Bind);
    }
    match it.family {
        Family::Delivery | Family::Priority | Family::Dlx => {
            for _ in 0..it.rng.between(1, 6) {
                it.write(Op::Publish);
            }
        }
        Family::Tx => it.write(Op::TxSelect),
        Family::Routing
        | Family::Limits
        | Family::Errors
        | Family::Mixed
        | Family::Ttl
        | Family::Headers
        | Family::Quorum => {}
    }
}

fn write_any(it: &mut Writer, steps: u64, weights: &[(Op, u64)]) {
    for _ in 0..steps {
        let op = it.rng.weighed(weights);
        it.write(op);
    }
}

/// Lives of 0 and 700 ms: what happens before the wait is over in much less, and nothing new is sent after it.
fn write_around_a_wait(it: &mut Writer) {
    write_setup(it);
    let before = it.rng.between(5, 11);
    write_any(it, before, weights(Family::Ttl));
    it.steps.push(json!({"op": "wait", "ms": 1100}));
    let after = it.rng.between(4, 10);
    let quiet = [(Op::Get, 10), (Op::Ack, 1), (Op::Nack, 2), (Op::Reject, 1)];
    write_any(it, after, &quiet);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_gives_the_same_program_and_another_seed_another() {
        for (family, name) in Family::ALL {
            let one = program(family, 17);
            assert_eq!(one, program(family, 17), "{name}");
            assert_ne!(one, program(family, 18), "{name}");
            assert!((10..60).contains(&one.len()), "{name}: {} steps", one.len());
        }
    }

    #[test]
    fn every_body_is_another_and_nothing_follows_a_wait_but_settling() {
        for seed in 0..200 {
            let steps = program(Family::Ttl, seed);
            let bodies: Vec<&Value> = steps
                .iter()
                .filter(|it| it["op"] == "publish")
                .map(|it| &it["args"]["body"])
                .collect();
            for (number, body) in bodies.iter().enumerate() {
                assert_eq!(**body, json!(format!("m{}", number + 1)));
            }
            let wait = steps.iter().position(|it| it["op"] == "wait");
            let after = &steps[wait.expect("it waits")..];
            assert!(after.iter().all(|it| it["op"] != "publish"));
        }
    }
}
