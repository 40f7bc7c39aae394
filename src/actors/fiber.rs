//! A place in a script: which line comes next and when, through loops, chances and blocks.

use crate::actors::schedule::Pace;
use crate::actors::script::{Script, Statement};
use crate::machine::{Rng, SimTime};

/// An open loop.
#[derive(Clone, Debug, PartialEq)]
enum Round {
    /// How many rounds are still to come after this one; `None` for ever.
    Counted(Option<u32>),
    Paced {
        pace: Pace,
        left: Option<u32>,
    },
}

/// One thread of a program: the main one, or the one that handles messages.
#[derive(Clone, Debug, Default)]
pub struct Fiber {
    /// The statement that comes next.
    pub next: usize,
    /// When it is carried out.
    pub wake_at: Option<SimTime>,
    rounds: Vec<Round>,
}

/// Where looking ahead led.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Ahead {
    /// The next statement is carried out then, whatever the program's own pace.
    At(SimTime),
    /// It is carried out as soon as the program's pace lets it.
    Soon,
    /// The end of the script, or of the handler.
    End,
    /// A loop will never have another round: it rests here.
    Never,
}

/// What looking ahead needs to know.
pub struct Look<'a> {
    pub script: &'a Script,
    pub now: SimTime,
    /// How many times as long pauses take.
    pub slow: u32,
    /// The handler it belongs to, by its first statement.
    pub handler: Option<usize>,
}

impl Fiber {
    /// At a statement, with nothing around it.
    pub fn at(next: usize) -> Fiber {
        Fiber {
            next,
            ..Fiber::default()
        }
    }

    /// At the first statement, which is carried out then.
    pub fn starting(wake_at: Option<SimTime>) -> Fiber {
        Fiber {
            wake_at,
            ..Fiber::default()
        }
    }

    /// Passes what takes no time up to the next statement that does something.
    pub fn look_ahead(&mut self, look: &Look<'_>, rng: &mut Rng) -> Ahead {
        let lines = look.script.lines();
        let mut soonest = None;
        // A script of loops alone would be passed for ever: then a millisecond goes by.
        for _ in 0..=2 * lines.len() {
            let Some(line) = lines.get(self.next) else {
                return Ahead::End;
            };
            match &line.statement {
                Statement::React => self.next += 1,
                Statement::OnMessage { end } | Statement::Else { end } => self.next = end + 1,
                Statement::Chance {
                    per_mille,
                    otherwise,
                } => {
                    let drawn = rng.below(1_000) < u64::from(*per_mille);
                    self.next = if drawn { self.next + 1 } else { *otherwise };
                }
                Statement::Repeat { times, end } => match times {
                    Some(0) => self.next = end + 1,
                    times => {
                        self.rounds.push(Round::Counted(times.map(|n| n - 1)));
                        self.next += 1;
                    }
                },
                Statement::Paced { times, .. } => {
                    self.rounds.push(Round::Paced {
                        pace: Pace::new(look.now),
                        left: *times,
                    });
                    match self.next_round(self.next, look, rng) {
                        Some(at) => soonest = Some(at),
                        None => return self.rest_for_ever(lines.len()),
                    }
                }
                Statement::End { start } if Some(*start) == look.handler => return Ahead::End,
                Statement::End { start } => match &lines[*start].statement {
                    Statement::Paced { .. } => match self.next_round(*start, look, rng) {
                        Some(at) => soonest = Some(at),
                        None => return self.rest_for_ever(lines.len()),
                    },
                    Statement::Repeat { .. } => {
                        if self.another_round(*start) {
                            // A round takes a millisecond at least, so that time goes on.
                            soonest = Some(look.now + 1);
                        }
                    }
                    _ => self.next += 1,
                },
                _ => return soonest.map_or(Ahead::Soon, Ahead::At),
            }
            if soonest.is_some_and(|at| at > look.now) {
                // What stands before the next statement is passed when its time has come.
                return soonest.map_or(Ahead::Soon, Ahead::At);
            }
        }
        Ahead::At(look.now + 1)
    }

    fn rest_for_ever(&mut self, end: usize) -> Ahead {
        self.next = end;
        self.rounds.clear();
        Ahead::Never
    }

    /// Whether a statement takes no time and is passed.
    pub fn is_passed(statement: &Statement) -> bool {
        matches!(
            statement,
            Statement::React
                | Statement::OnMessage { .. }
                | Statement::Else { .. }
                | Statement::Chance { .. }
                | Statement::Repeat { .. }
                | Statement::Paced { .. }
                | Statement::End { .. }
        )
    }

    /// Whether a loop around it says when things happen.
    pub fn is_paced(&self) -> bool {
        let paced = |round: &Round| matches!(round, Round::Paced { .. });
        self.rounds.iter().any(paced)
    }

    fn another_round(&mut self, start: usize) -> bool {
        let again = match self.rounds.last_mut() {
            Some(Round::Counted(Some(0)) | Round::Paced { .. }) | None => false,
            Some(Round::Counted(Some(left))) => {
                *left -= 1;
                true
            }
            Some(Round::Counted(None)) => true,
        };
        if again {
            self.next = start + 1;
        } else {
            self.rounds.pop();
            self.next += 1;
        }
        again
    }

    /// The next round of the paced loop at `start`, or what comes after it.
    fn next_round(&mut self, start: usize, look: &Look<'_>, rng: &mut Rng) -> Option<SimTime> {
        let Some(Statement::Paced { schedule, end, .. }) =
            look.script.lines().get(start).map(|line| &line.statement)
        else {
            return Some(look.now);
        };
        match self.rounds.last_mut() {
            Some(Round::Paced { pace, left }) if *left != Some(0) => {
                let at = pace.next(schedule, look.slow, look.now, rng)?;
                *left = left.map(|left| left - 1);
                self.next = start + 1;
                Some(at)
            }
            _ => {
                self.rounds.pop();
                self.next = end + 1;
                Some(look.now)
            }
        }
    }
}
