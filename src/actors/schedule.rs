//! When the rounds of a paced loop begin: every so often, at a rate, in bursts, along a drawn curve.
//!
//! A rate that changes is an intensity over time. The rounds begin where its integral has grown by one (or, for a
//! Poisson process, by an exponential draw), so one rule serves all of them.

use std::fmt;

use crate::actors::chance::{exponential, time};
use crate::machine::{Rng, SimTime};

/// The most messages a second that a program may ask for.
pub const MAX_RATE: f64 = 10_000.0;

/// The most messages of one burst.
pub const MAX_BURST: u32 = 100_000;

/// The most points of a curve.
pub const MAX_POINTS: usize = 200;

/// Whether rounds come evenly or by chance.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Spread {
    #[default]
    Even,
    /// Independent of each other: the pauses are exponential.
    Poisson,
}

/// One corner of a curve.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// From the beginning of the loop.
    pub at_ms: u64,
    pub per_second: f64,
}

/// When rounds begin.
#[derive(Clone, Debug, PartialEq)]
pub enum Schedule {
    /// `every 500ms`
    Every(u64),
    /// `rate 20` (a second), evenly or `poisson`.
    Rate { per_second: f64, spread: Spread },
    /// `burst 50 every=5s gap=2ms`: so many, `gap_ms` apart, and again when `every_ms` have passed.
    Burst {
        count: u32,
        every_ms: u64,
        gap_ms: u64,
    },
    /// `curve 0s=1 10s=50 20s=1`: straight lines between the points; from the last one on its rate stays, or the whole
    /// begins again.
    Curve {
        points: Vec<Point>,
        spread: Spread,
        again: bool,
    },
}

/// Where one loop stands in its schedule.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pace {
    began: SimTime,
    /// When the round before was due, in milliseconds since the loop began, with its fraction.
    due_ms: f64,
    /// Rounds so far.
    rounds: u64,
}

impl Pace {
    /// A loop that begins now.
    pub fn new(now: SimTime) -> Pace {
        Pace {
            began: now,
            due_ms: 0.0,
            rounds: 0,
        }
    }

    /// When the next round is due, each pause taking `slow` times as long; none when the curve has come to rest at zero.
    /// What is late already is due now: rounds that were missed are not made up for.
    pub fn next(
        &mut self,
        schedule: &Schedule,
        slow: u32,
        now: SimTime,
        rng: &mut Rng,
    ) -> Option<SimTime> {
        let due_ms = match schedule {
            Schedule::Every(_) | Schedule::Burst { .. } if self.rounds == 0 => 0.0,
            Schedule::Every(ms) => self.due_ms + stretched(*ms as f64, slow),
            Schedule::Burst {
                count,
                every_ms,
                gap_ms,
            } => {
                let within = self.rounds % u64::from((*count).max(1));
                let pause = match within {
                    0 => every_ms.saturating_sub(gap_ms * u64::from(count.saturating_sub(1))),
                    _ => *gap_ms,
                };
                self.due_ms + stretched(pause as f64, slow)
            }
            Schedule::Rate { per_second, spread } => {
                let pause = share(*spread, rng) * 1_000.0 / per_second;
                self.due_ms + stretched(pause, slow)
            }
            Schedule::Curve {
                points,
                spread,
                again,
            } => {
                let wanted = share(*spread, rng) * f64::from(slow.max(1));
                along(points, *again, self.due_ms, wanted)?
            }
        };
        let late = now.since(self.began) as f64;
        // A round may be due anywhere inside the present millisecond.
        self.due_ms = if due_ms < late { late } else { due_ms };
        self.rounds += 1;
        Some(self.began + self.due_ms as u64)
    }
}

/// How much of the integral one round takes.
fn share(spread: Spread, rng: &mut Rng) -> f64 {
    match spread {
        Spread::Even => 1.0,
        Spread::Poisson => exponential(rng),
    }
}

fn stretched(ms: f64, slow: u32) -> f64 {
    ms * f64::from(slow.max(1))
}

/// From `from_ms` on, when the curve has given `wanted` more messages.
fn along(points: &[Point], again: bool, from_ms: f64, wanted: f64) -> Option<f64> {
    let (first, last) = (points.first()?, points.last()?);
    let length = last.at_ms as f64;
    let mut left = wanted;
    let mut at = from_ms;
    if again && length > 0.0 {
        let whole: f64 = pieces(points).map(Piece::messages).sum();
        if whole <= 0.0 {
            return None;
        }
        let mut start = (at / length).floor() * length;
        // Whole turns first, so that a slow curve takes no longer to compute than a quick one.
        loop {
            for piece in pieces(points) {
                match piece.moved(start).pass(&mut at, &mut left) {
                    Passed::Reached => return Some(at),
                    Passed::On => {}
                }
            }
            start += length;
            let turns = (left / whole).floor();
            left -= turns * whole;
            start += turns * length;
            at = start;
        }
    }
    if at < first.at_ms as f64 {
        at = first.at_ms as f64;
    }
    for piece in pieces(points) {
        if piece.pass(&mut at, &mut left) == Passed::Reached {
            return Some(at);
        }
    }
    let per_ms = last.per_second / 1_000.0;
    (per_ms > 0.0).then(|| at.max(length) + left / per_ms)
}

/// A straight line of a curve, in milliseconds and messages a millisecond.
#[derive(Clone, Copy, Debug)]
struct Piece {
    from: f64,
    to: f64,
    from_rate: f64,
    to_rate: f64,
}

#[derive(PartialEq)]
enum Passed {
    Reached,
    On,
}

fn pieces(points: &[Point]) -> impl Iterator<Item = Piece> + '_ {
    points.windows(2).filter_map(|pair| {
        let [a, b] = pair else { return None };
        Some(Piece {
            from: a.at_ms as f64,
            to: b.at_ms as f64,
            from_rate: a.per_second / 1_000.0,
            to_rate: b.per_second / 1_000.0,
        })
    })
}

impl Piece {
    fn moved(self, by: f64) -> Piece {
        Piece {
            from: self.from + by,
            to: self.to + by,
            ..self
        }
    }

    fn messages(self) -> f64 {
        (self.to - self.from) * f64::midpoint(self.from_rate, self.to_rate)
    }

    fn rate_at(self, at: f64) -> f64 {
        let part = (at - self.from) / (self.to - self.from);
        self.from_rate + (self.to_rate - self.from_rate) * part
    }

    /// Goes along this line until `left` is used up, or to its end.
    fn pass(self, at: &mut f64, left: &mut f64) -> Passed {
        if *at >= self.to || self.to <= self.from {
            return Passed::On;
        }
        let start = at.max(self.from);
        let rest = Piece {
            from: start,
            from_rate: self.rate_at(start),
            ..self
        };
        let messages = rest.messages();
        if messages < *left {
            *left -= messages;
            *at = self.to;
            return Passed::On;
        }
        // from_rate · x + slope · x² / 2 = left, solved so that a flat line is no special case.
        let slope = (rest.to_rate - rest.from_rate) / (rest.to - rest.from);
        let root = (rest.from_rate * rest.from_rate + 2.0 * slope * *left)
            .max(0.0)
            .sqrt();
        *at = (start + 2.0 * *left / (rest.from_rate + root)).min(self.to);
        Passed::Reached
    }
}

impl fmt::Display for Schedule {
    /// As the language of programs writes it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let poisson = |spread: &Spread| match spread {
            Spread::Even => "",
            Spread::Poisson => " poisson",
        };
        match self {
            Schedule::Every(ms) => write!(f, "every {}", time(*ms)),
            Schedule::Rate { per_second, spread } => {
                write!(f, "rate {per_second}{}", poisson(spread))
            }
            Schedule::Burst {
                count,
                every_ms,
                gap_ms,
            } => write!(
                f,
                "burst {count} every={} gap={}",
                time(*every_ms),
                time(*gap_ms)
            ),
            Schedule::Curve {
                points,
                spread,
                again,
            } => {
                f.write_str("curve")?;
                for point in points {
                    write!(f, " {}={}", time(point.at_ms), point.per_second)?;
                }
                f.write_str(poisson(spread))?;
                f.write_str(if *again { " again" } else { "" })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// When the rounds of a schedule begin, up to `until`.
    fn rounds(schedule: &Schedule, seed: u64, until: u64) -> Vec<u64> {
        let mut rng = Rng::new(seed);
        let mut pace = Pace::new(SimTime(0));
        let mut now = SimTime(0);
        let mut all = Vec::new();
        while let Some(at) = pace.next(schedule, 1, now, &mut rng)
            && at.as_ms() < until
        {
            now = now.max(at);
            all.push(at.as_ms());
        }
        all
    }

    fn curve(points: &[(u64, f64)], again: bool) -> Schedule {
        Schedule::Curve {
            points: points
                .iter()
                .map(|(at_ms, per_second)| Point {
                    at_ms: *at_ms,
                    per_second: *per_second,
                })
                .collect(),
            spread: Spread::Even,
            again,
        }
    }

    #[test]
    fn every_begins_at_once_and_keeps_its_distance() {
        assert_eq!(rounds(&Schedule::Every(250), 1, 1_000), [0, 250, 500, 750]);
    }

    #[test]
    fn a_rate_above_one_a_millisecond_has_several_rounds_in_one() {
        let schedule = Schedule::Rate {
            per_second: 4_000.0,
            spread: Spread::Even,
        };
        assert_eq!(rounds(&schedule, 1, 1_000).len(), 3_999);
    }

    #[test]
    fn a_burst_comes_close_together_and_then_rests() {
        let schedule = Schedule::Burst {
            count: 3,
            every_ms: 100,
            gap_ms: 2,
        };
        assert_eq!(rounds(&schedule, 1, 110), [0, 2, 4, 100, 102, 104]);
    }

    /// A Poisson process with the mean m has the standard deviation √m: 10,000 ± 100 rounds. Five times that is passed by
    /// one seed in two million. Its pauses vary as much as they are long, and evenly spaced ones not at all.
    #[test]
    fn poisson_has_its_rate_and_pauses_as_irregular_as_long() {
        let schedule = Schedule::Rate {
            per_second: 10.0,
            spread: Spread::Poisson,
        };
        for seed in [1, 2, 3] {
            let all = rounds(&schedule, seed, 1_000_000);
            assert!((9_500..=10_500).contains(&all.len()), "{}", all.len());
            let pauses: Vec<f64> = all.windows(2).map(|w| (w[1] - w[0]) as f64).collect();
            let mean = pauses.iter().sum::<f64>() / pauses.len() as f64;
            let squares = pauses.iter().map(|p| (p - mean) * (p - mean)).sum::<f64>();
            let deviation = (squares / pauses.len() as f64).sqrt();
            assert!((0.95..1.05).contains(&(deviation / mean)), "{deviation}");
        }
    }

    #[test]
    fn a_curve_gives_as_many_rounds_as_lie_under_it() {
        // A triangle of 20 s and 50/s at its top: 500, and then nothing.
        let triangle = curve(&[(0, 0.0), (10_000, 50.0), (20_000, 0.0)], false);
        let all = rounds(&triangle, 1, 1_000_000);
        assert!((499..=500).contains(&all.len()), "{}", all.len());
        let early = all.iter().filter(|at| **at < 5_000).count();
        // A quarter of the first half lies before its middle.
        assert!((61..=63).contains(&early), "{early}");
        let rest = curve(&[(0, 0.0), (10_000, 50.0)], false);
        assert_eq!(rounds(&rest, 1, 20_000).len(), 749, "the last rate stays");
    }

    #[test]
    fn a_curve_may_begin_again() {
        let saw = curve(&[(0, 0.0), (1_000, 20.0)], true);
        let all = rounds(&saw, 1, 10_000);
        assert!((99..=100).contains(&all.len()), "{}", all.len());
        let zero = curve(&[(0, 0.0), (1_000, 0.0)], true);
        assert!(rounds(&zero, 1, 10_000).is_empty());
    }

    #[test]
    fn what_was_missed_is_not_made_up_for() {
        let mut rng = Rng::new(1);
        let mut pace = Pace::new(SimTime(0));
        let schedule = Schedule::Every(10);
        assert_eq!(
            pace.next(&schedule, 1, SimTime(0), &mut rng),
            Some(SimTime(0))
        );
        let late = pace.next(&schedule, 1, SimTime(5_000), &mut rng);
        assert_eq!(late, Some(SimTime(5_000)));
        let next = pace.next(&schedule, 3, SimTime(5_000), &mut rng);
        assert_eq!(next, Some(SimTime(5_030)), "and slowed down");
    }
}
