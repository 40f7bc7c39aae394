//! The statements that say when and how often: pauses, loops, chance, waiting, notices, and what goes wrong on purpose.

use std::rc::Rc;

use super::arguments::{duration_ms, per_mille};
use super::error::{Need, ScriptError, ScriptProblem};
use super::methods::{is_word, number, time};
use super::options::{Pair, Words};
use super::statement::{Handler, Policies, Reaction, Statement};
use super::template::Template;
use crate::actors::chance::MAX_DELAY_MS;
use crate::actors::fault::{Fault, MAX_SLOW, Trouble};
use crate::actors::schedule::{MAX_BURST, MAX_POINTS, MAX_RATE, Point, Schedule, Spread};
use crate::amqp::QueueName;

/// How long a program waits before it connects again if it does not say.
pub const RECONNECT_MS: u64 = 1_000;

/// How long a program waits before it publishes again what was refused.
pub const RETRY_MS: u64 = 1_000;

pub fn connect(words: &mut Words) -> Result<Statement, ScriptError> {
    let reconnect_ms = match words.pair("reconnect") {
        Some(pair) => Some(fixed(words, &pair)?.max(1)),
        None => words.flag("reconnect").then_some(RECONNECT_MS),
    };
    Ok(Statement::Connect { reconnect_ms })
}

pub(super) fn sleep(words: &mut Words) -> Result<Statement, ScriptError> {
    let (column, text) = words.name(Need::Time, "sleep 500ms")?;
    time(words, column, &text.text).map(Statement::Sleep)
}

pub fn work(words: &mut Words) -> Result<Statement, ScriptError> {
    let (column, text) = words.name(Need::Time, "work 100ms..300ms")?;
    time(words, column, &text.text).map(Statement::Work)
}

pub(super) fn print(words: &mut Words) -> Result<Statement, ScriptError> {
    let (column, text) = words.name(Need::Text, "print \"[x] Sent\"")?;
    Template::parse(&text.text)
        .map(Statement::Print)
        .map_err(|problem| words.fault(column, problem))
}

pub(super) fn repeat(words: &mut Words) -> Result<Statement, ScriptError> {
    let (column, text) = words.name(Need::CountOrForever, "repeat 3")?;
    let times = match text.text.as_str() {
        "forever" => None,
        count => Some(count.parse().map_err(|_| {
            let text = count.to_string();
            words.fault(column, ScriptProblem::NotACount { text })
        })?),
    };
    Ok(Statement::Repeat { times, end: 0 })
}

/// `every`, `rate`, `burst`, `curve`.
pub fn paced(words: &mut Words) -> Result<Statement, ScriptError> {
    let times = count_pair(words, "times")?;
    let schedule = match words.verb.as_str() {
        "every" => every(words)?,
        "rate" => Schedule::Rate {
            per_second: {
                let (column, text) = words.name(Need::Rate, "rate 20 poisson")?;
                rate(words, column, &text.text, Least::AboveZero)?
            },
            spread: spread(words),
        },
        "burst" => burst(words)?,
        _ => curve(words)?,
    };
    Ok(Statement::Paced {
        schedule: Rc::new(schedule),
        times,
        end: 0,
    })
}

fn every(words: &mut Words) -> Result<Schedule, ScriptError> {
    let (column, text) = words.name(Need::Time, "every 500ms")?;
    match duration_ms(&text.text) {
        Some(ms) if (1..=MAX_DELAY_MS).contains(&ms) => Ok(Schedule::Every(ms)),
        Some(_) | None => {
            let text = text.text;
            Err(words.fault(column, ScriptProblem::NotATime { text }))
        }
    }
}

fn burst(words: &mut Words) -> Result<Schedule, ScriptError> {
    let example = "burst 50 every=5s";
    let (column, text) = words.name(Need::Count, example)?;
    let count = match text.text.parse::<u32>() {
        Ok(count) if (1..=MAX_BURST).contains(&count) => count,
        Ok(_) | Err(_) => {
            let problem = ScriptProblem::NotANumber {
                of: "burst".to_string(),
                text: text.text,
                most: u64::from(MAX_BURST),
            };
            return Err(words.fault(column, problem));
        }
    };
    let Some(pair) = words.pair("every") else {
        return Err(words.missing(Need::Every, example));
    };
    let every_ms = fixed(words, &pair)?.max(1);
    let gap_ms = match words.pair("gap") {
        Some(pair) => fixed(words, &pair)?,
        None => 1,
    };
    Ok(Schedule::Burst {
        count,
        every_ms,
        gap_ms,
    })
}

fn curve(words: &mut Words) -> Result<Schedule, ScriptError> {
    let mut points: Vec<Point> = Vec::new();
    for pair in words.rest() {
        let at_ms = match duration_ms(&pair.key) {
            Some(ms) if ms <= MAX_DELAY_MS => ms,
            Some(_) | None => {
                let text = pair.key;
                return Err(words.fault(pair.column, ScriptProblem::NotATime { text }));
            }
        };
        if points.last().is_some_and(|last| last.at_ms >= at_ms) {
            let text = pair.key;
            return Err(words.fault(pair.column, ScriptProblem::CurveBackwards { text }));
        }
        points.push(Point {
            at_ms,
            per_second: rate(words, pair.column, &pair.value.text, Least::Zero)?,
        });
    }
    if points.len() < 2 || points.len() > MAX_POINTS {
        return Err(words.missing(Need::Points, "curve 0s=1 10s=50 20s=1"));
    }
    Ok(Schedule::Curve {
        points,
        spread: spread(words),
        again: words.flag("again"),
    })
}

fn spread(words: &Words) -> Spread {
    match words.flag("poisson") {
        true => Spread::Poisson,
        false => Spread::Even,
    }
}

/// The lowest rate that makes sense.
#[derive(PartialEq)]
enum Least {
    Zero,
    AboveZero,
}

/// `20`, `20/s`, `30/min`.
fn rate(words: &Words, column: usize, text: &str, least: Least) -> Result<f64, ScriptError> {
    let (number, seconds) = match text.split_once('/') {
        None => (text, 1.0),
        Some((number, "s")) => (number, 1.0),
        Some((number, "min")) => (number, 60.0),
        Some(_) => ("", 1.0),
    };
    let plain = number.chars().all(|c| c.is_ascii_digit() || c == '.');
    let read = plain.then(|| number.parse::<f64>().ok()).flatten();
    match read.map(|number| number / seconds) {
        Some(rate) if rate <= MAX_RATE && (rate > 0.0 || least == Least::Zero) => Ok(rate),
        Some(_) | None => {
            let problem = ScriptProblem::NotARate {
                text: text.to_string(),
                most: MAX_RATE as u64,
            };
            Err(words.fault(column, problem))
        }
    }
}

pub(super) fn chance(words: &mut Words) -> Result<Statement, ScriptError> {
    let (column, text) = words.name(Need::Percentage, "chance 10%")?;
    let Some(per_mille) = per_mille(&text.text) else {
        let text = text.text;
        return Err(words.fault(column, ScriptProblem::NotAPercentage { text }));
    };
    Ok(Statement::Chance {
        per_mille,
        otherwise: 0,
    })
}

/// `on message …`; none for the other notices.
pub fn handler(words: &mut Words) -> Result<Option<Handler>, ScriptError> {
    let Some((column, what)) = words.optional_name() else {
        return Err(words.missing(Need::Event, "on message"));
    };
    match what.text.as_str() {
        "message" => {
            let queue = words.optional_name().map(|(_, text)| text);
            Ok(Some(Handler {
                of_last_queue: queue.as_ref().is_some_and(|text| is_word(text, "$queue")),
                queue: queue.map(|text| QueueName::from(text.text)),
                times: count_pair(words, "times")?,
                start: 0,
                end: 0,
            }))
        }
        "nack" | "return" | "blocked" => {
            words.verb = format!("on {}", what.text);
            Ok(None)
        }
        other => Err(words.unknown(column, other, &["message", "nack", "return", "blocked"])),
    }
}

/// What is done about the notice that `handler` found.
pub fn reaction(words: &mut Words, policies: &mut Policies) -> Result<(), ScriptError> {
    let after_ms = match words.pair("after") {
        Some(pair) => fixed(words, &pair)?.max(1),
        None => RETRY_MS,
    };
    let verb = words.verb.clone();
    let example = format!("{verb} retry");
    let (column, word) = words.name(Need::Reaction, &example)?;
    let blocked = verb == "on blocked";
    let reaction = match word.text.as_str() {
        "ignore" => Reaction::Ignore,
        "stop" => Reaction::Stop,
        "retry" if !blocked => Reaction::Retry { after_ms },
        "wait" if blocked => Reaction::Retry { after_ms },
        other => {
            let last = if blocked { "wait" } else { "retry" };
            return Err(words.unknown(column, other, &["ignore", last, "stop"]));
        }
    };
    match verb.as_str() {
        "on nack" => policies.nack = reaction,
        "on return" => policies.returned = reaction,
        _ => policies.blocked = reaction,
    }
    Ok(())
}

pub fn wait(words: &mut Words) -> Result<Statement, ScriptError> {
    let timeout_ms = match words.pair("timeout") {
        Some(pair) => Some(fixed(words, &pair)?),
        None => None,
    };
    let (column, what) = words.name(Need::Awaited, "wait reply timeout=5s")?;
    match what.text.as_str() {
        "reply" => Ok(Statement::WaitReply { timeout_ms }),
        "confirms" => Ok(Statement::WaitConfirms { timeout_ms }),
        other => Err(words.unknown(column, other, &["reply", "confirms"])),
    }
}

pub(super) fn fault(words: &mut Words) -> Result<Statement, ScriptError> {
    let (column, what) = words.name(Need::Fault, "fault drop \"worker 1\"")?;
    let word = what.text;
    let trouble = match word.as_str() {
        "restart-broker" => Trouble::RestartBroker,
        "memory-alarm" | "disk-alarm" => {
            let (column, state) = words.name(Need::OnOrOff, "fault memory-alarm on")?;
            let on = match state.text.as_str() {
                "on" => true,
                "off" => false,
                other => return Err(words.unknown(column, other, &["on", "off"])),
            };
            match word.as_str() {
                "memory-alarm" => Trouble::MemoryAlarm { on },
                _ => Trouble::DiskAlarm { on },
            }
        }
        _ => {
            let fault = match word.as_str() {
                "kill" => Fault::Kill,
                "drop" => Fault::Drop,
                "close-channel" => Fault::CloseChannel,
                "hang" => Fault::Hang,
                "resume" => Fault::Resume,
                "before-ack" => Fault::BeforeAck,
                "slow" => Fault::Slow(match words.pair("factor") {
                    Some(pair) => {
                        let factor = number(words, &pair, u64::from(MAX_SLOW))?;
                        u32::try_from(factor).unwrap_or(MAX_SLOW).max(1)
                    }
                    None => 5,
                }),
                other => return Err(words.unknown(column, other, &Fault::WORDS)),
            };
            let name = words.name(Need::Program, "fault drop \"worker 1\"")?.1;
            let name = name.text.into();
            Trouble::Program { name, fault }
        }
    };
    Ok(Statement::Trouble(trouble))
}

pub(super) fn start(words: &mut Words) -> Result<Statement, ScriptError> {
    let name = words.name(Need::Program, "start \"worker 1\"")?.1;
    let name = name.text.into();
    Ok(Statement::Trouble(Trouble::Start { name }))
}

/// A pair that says how many.
fn count_pair(words: &mut Words, key: &str) -> Result<Option<u32>, ScriptError> {
    match words.pair(key) {
        Some(pair) => {
            let count = number(words, &pair, u64::from(u32::MAX))?;
            Ok(Some(u32::try_from(count).unwrap_or(u32::MAX)))
        }
        None => Ok(None),
    }
}

/// A pair that says a time of at most a day.
fn fixed(words: &Words, pair: &Pair) -> Result<u64, ScriptError> {
    match duration_ms(&pair.value.text) {
        Some(ms) if ms <= MAX_DELAY_MS => Ok(ms),
        Some(_) | None => {
            let text = pair.value.text.clone();
            Err(words.fault(pair.column, ScriptProblem::NotATime { text }))
        }
    }
}
