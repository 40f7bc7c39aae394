//! What a program has done so far, and how much of it lately.

use crate::machine::SimTime;

/// Numbers of a program since it was added.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// basic.publish, repeats included.
    pub published: u64,
    pub confirmed: u64,
    pub nacked: u64,
    pub returned: u64,
    /// Published once more after a nack, a return or a lost connection.
    pub retried: u64,
    /// Deliveries that came.
    pub received: u64,
    /// Messages that were handled to the end.
    pub done: u64,
}

/// How long a piece of the window is, in milliseconds.
const PIECE_MS: u64 = 500;

/// How many pieces the window has: five seconds.
const PIECES: usize = 10;

/// How often something happened in the last five seconds, counted in pieces of half a second.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Meter {
    /// The number of the newest piece.
    piece: u64,
    /// The first piece there was.
    first: u64,
    counts: [u32; PIECES],
}

impl Meter {
    /// Begins to count.
    pub fn new(now: SimTime) -> Meter {
        let piece = now.as_ms() / PIECE_MS;
        Meter {
            piece,
            first: piece,
            counts: [0; PIECES],
        }
    }

    /// It happened once more.
    pub fn count(&mut self, now: SimTime) {
        self.turn(now);
        self.counts[self.piece as usize % PIECES] += 1;
    }

    /// How many in ten seconds at the pace of the window, so a tenth of it is a rate with one decimal.
    pub fn in_ten_seconds(mut self, now: SimTime) -> u32 {
        self.turn(now);
        let sum: u32 = self.counts.iter().sum();
        let pieces = (self.piece - self.first + 1).min(PIECES as u64) as u32;
        sum * 20 / pieces
    }

    fn turn(&mut self, now: SimTime) {
        let piece = now.as_ms() / PIECE_MS;
        let passed = piece.saturating_sub(self.piece).min(PIECES as u64);
        for step in 1..=passed {
            self.counts[(self.piece + step) as usize % PIECES] = 0;
        }
        if passed == PIECES as u64 {
            self.counts = [0; PIECES];
        }
        self.piece = self.piece.max(piece);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_meter_shows_the_last_five_seconds() {
        let mut meter = Meter::new(SimTime(0));
        for n in 0..200 {
            meter.count(SimTime(n * 50));
        }
        assert_eq!(meter.in_ten_seconds(SimTime(9_999)), 200);
        assert_eq!(
            meter.in_ten_seconds(SimTime(12_499)),
            100,
            "half of it is quiet"
        );
        assert_eq!(meter.in_ten_seconds(SimTime(60_000)), 0);
    }

    #[test]
    fn a_young_meter_looks_at_what_there_is() {
        let mut meter = Meter::new(SimTime(4_000));
        for n in 0..5 {
            meter.count(SimTime(4_000 + n * 100));
        }
        assert_eq!(meter.in_ten_seconds(SimTime(4_400)), 100);
    }
}
