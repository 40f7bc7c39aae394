//! Two brokers, the same program: do they answer the same?

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread;

use serde_json::{Value, json};

use crate::player::{Looks, Player, Rows};
use crate::tcp::Tcp;

/// The ports of the two.
#[derive(Clone, Copy, Debug)]
pub struct Brokers {
    pub real: u16,
    pub ours: u16,
}

/// What both answered, step by step.
#[derive(Clone, Debug)]
pub struct Answers {
    pub real: Vec<Rows>,
    pub ours: Vec<Rows>,
}

/// What comparing found.
#[derive(Clone, Debug)]
pub enum Verdict {
    Agree,
    /// The real one did not answer the same twice, so it is no measure; or ours did not.
    Unstable,
    /// They differ, first at step `at`.
    Differ {
        at: usize,
        answers: Answers,
    },
}

impl Brokers {
    /// Plays a program against both; what differs is played `again` so many times, to see whether it stays so.
    pub fn compare(&self, steps: &[Value], looks: Looks, again: usize) -> Verdict {
        let answers = self.play(steps, looks);
        let Some(at) = first_difference(&answers.real, &answers.ours) else {
            return Verdict::Agree;
        };
        let again = match is_race(steps, at, &answers) {
            true => again.max(PLAYS_OF_RACES),
            false => again,
        };
        for _ in 0..again {
            let again = self.play(steps, looks);
            let until = |all: &[Rows]| all.get(..=at).map(<[Rows]>::to_vec);
            if until(&again.real) != until(&answers.real)
                || until(&again.ours) != until(&answers.ours)
            {
                return Verdict::Unstable;
            }
        }
        Verdict::Differ { at, answers }
    }

    /// Both at the same time.
    pub fn play(&self, steps: &[Value], looks: Looks) -> Answers {
        thread::scope(|scope| {
            let real = scope.spawn(|| answers(self.real, steps, looks));
            let ours = answers(self.ours, steps, looks);
            Answers {
                real: real.join().unwrap_or_default(),
                ours,
            }
        })
    }
}

/// How often both must answer the same again where chance alone may have made the difference.
const PLAYS_OF_RACES: usize = 6;

/// Queues work side by side: which of two serves a channel first is often chance. True if nothing else differs: without
/// the tags that number deliveries, each queue's rows are the same.
fn is_race(steps: &[Value], at: usize, answers: &Answers) -> bool {
    let by_queue = |rows: Option<&Rows>| -> Option<BTreeMap<String, Rows>> {
        let mut sorted: BTreeMap<String, Rows> = BTreeMap::new();
        for row in rows? {
            let mut row = row.clone();
            let mut of = format!("{} {}", row[0], row[1]);
            if row[2] == "Basic.Deliver" {
                row[3]["delivery_tag"] = Value::Null;
                let tag = row[3]["consumer_tag"].clone();
                let consume = steps[..=at].iter().rfind(|step| {
                    step["op"] == "basic.consume"
                        && step["args"]["consumer_tag"] == tag
                        && step["conn"] == row[0]
                        && step["chan"] == row[1]
                });
                of += &consume.map_or_else(String::new, |it| it["args"]["queue"].to_string());
            }
            sorted.entry(of).or_default().push(row);
        }
        Some(sorted)
    };
    let real = by_queue(answers.real.get(at));
    real.is_some() && real == by_queue(answers.ours.get(at))
}

/// The first step at which two answers are not equal.
pub fn first_difference(one: &[Rows], other: &[Rows]) -> Option<usize> {
    (0..one.len().max(other.len())).find(|&at| one.get(at) != other.get(at))
}

/// What the broker on this port answers. One that breaks off has answered with that.
fn answers(port: u16, steps: &[Value], looks: Looks) -> Vec<Rows> {
    let broken = |why: String| vec![vec![json!(["!", 0, "broken", {"why": why}])]];
    let played = catch_unwind(AssertUnwindSafe(|| {
        let mut player = Player::new(Tcp::new(port), looks)?;
        let rows = player.play(steps);
        player.clean_up(steps);
        rows
    }));
    match played {
        Ok(rows) => rows.unwrap_or_else(broken),
        Err(_) => {
            // What the program made must not be in the next one's way.
            if let Ok(player) = Player::new(Tcp::new(port), looks) {
                player.clean_up(steps);
            }
            broken("a frame that nobody can read".to_owned())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn deliver(tag: &str, number: u64, body: &str) -> Value {
        json!(["A", 1, "Basic.Deliver", {"consumer_tag": tag, "delivery_tag": number}, {}, body])
    }

    #[test]
    fn the_order_of_two_queues_is_a_race_and_that_of_one_queues_consumers_is_not() {
        let consume = |tag: &str, queue: &str| {
            let args = json!({"queue": queue, "consumer_tag": tag});
            json!({"op": "basic.consume", "conn": "A", "chan": 1, "args": args})
        };
        let answers = Answers {
            real: vec![vec![deliver("c1", 1, "m1"), deliver("c2", 2, "m1")]],
            ours: vec![vec![deliver("c2", 1, "m1"), deliver("c1", 2, "m1")]],
        };
        let publish = json!({"op": "publish"});
        let at = 2;
        let late = |rows: &[Rows]| [vec![Rows::new(); at], rows.to_vec()].concat();
        let answers = Answers {
            real: late(&answers.real),
            ours: late(&answers.ours),
        };
        let two = [consume("c1", "q0"), consume("c2", "q1"), publish.clone()];
        assert!(is_race(&two, at, &answers));
        let one = [consume("c1", "q0"), consume("c2", "q0"), publish];
        assert!(!is_race(&one, at, &answers));
        assert_eq!(first_difference(&answers.real, &answers.ours), Some(at));
    }
}
