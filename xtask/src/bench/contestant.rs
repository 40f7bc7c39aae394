//! Programs that run a workload round by round, when they are told to.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use super::figures::median;
use crate::problem::{Problem, Result, same_command};

/// One program; it waits on its standard input for the next round.
pub struct Contestant {
    child: Child,
    orders: ChildStdin,
    answers: BufReader<ChildStdout>,
    rounds: Vec<Round>,
}

/// What a contestant answered.
#[derive(Clone, Copy, Debug)]
pub struct Round {
    /// Deliveries, or whatever the workload counts.
    pub count: f64,
    /// CPU time.
    pub nanoseconds: f64,
    /// By how much its memory grew; 0 where it does not say.
    pub bytes: f64,
}

fn broke_off(what: &str) -> Problem {
    Problem::new(
        format!("A contestant {what}"),
        format!("see what it says above, then: {}", same_command()),
    )
}

impl Contestant {
    /// Starts it.
    pub fn start(command: &mut Command) -> Result<Contestant> {
        let started = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
        let mut child = started.map_err(|error| broke_off(&format!("did not start: {error}")))?;
        let (Some(orders), Some(answers)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(broke_off("has no pipes"));
        };
        Ok(Contestant {
            child,
            orders,
            answers: BufReader::new(answers),
            rounds: Vec::new(),
        })
    }

    fn round(&mut self) -> Result<Round> {
        let mut line = String::new();
        let told = writeln!(self.orders, "go").and_then(|()| self.orders.flush());
        let heard = told.and_then(|()| self.answers.read_line(&mut line));
        let mut numbers = line.split_whitespace().map_while(|word| word.parse().ok());
        match (heard, numbers.next(), numbers.next()) {
            (Ok(_), Some(count), Some(nanoseconds)) => Ok(Round {
                count,
                nanoseconds,
                bytes: numbers.next().unwrap_or(0.0),
            }),
            _ => Err(broke_off("ended in the middle of a round")),
        }
    }

    /// The median of nanoseconds a thing.
    pub fn cost(&self) -> f64 {
        let costs = self.rounds.iter().map(|it| it.nanoseconds / it.count);
        median(costs.collect())
    }

    /// Things per second of CPU time.
    pub fn rate(&self) -> f64 {
        1e9 / self.cost()
    }

    /// The median of bytes a thing.
    pub fn bytes(&self) -> f64 {
        median(self.rounds.iter().map(|it| it.bytes / it.count).collect())
    }
}

impl Drop for Contestant {
    fn drop(&mut self) {
        // It may have ended by itself; then there is nothing to end.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Whether a first round is run that does not count.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum WarmUp {
    Yes,
    No,
}

/// Lets them take turns. All of them must count the same, or they did not do the same.
pub fn take_turns(contestants: &mut [Contestant], rounds: usize, warm_up: WarmUp) -> Result<()> {
    let extra = usize::from(warm_up == WarmUp::Yes);
    for number in 0..rounds + extra {
        let mut counts = Vec::new();
        for contestant in contestants.iter_mut() {
            let round = contestant.round()?;
            counts.push(round.count);
            if number >= extra {
                contestant.rounds.push(round);
            }
        }
        if counts
            .iter()
            .any(|count| *count != counts[0] || *count == 0.0)
        {
            return Err(broke_off(&format!("did something else: {counts:?}")));
        }
    }
    Ok(())
}
