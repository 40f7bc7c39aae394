//! How a duration is spread, in bounded memory: short ones exactly, long ones to three parts in a hundred.

use crate::ordered::Map;

/// Durations below this many milliseconds have a place of their own; above, each doubling has as many places as half of
/// this.
const EXACT: u64 = 64;

/// How many durations fell into which place.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Spread {
    places: Map<u16, u64>,
    count: u64,
    sum_ms: u64,
    max_ms: u64,
}

impl Spread {
    /// Takes a duration in.
    pub fn add(&mut self, ms: u64) {
        *self.places.entry(place(ms)).or_default() += 1;
        self.count += 1;
        self.sum_ms = self.sum_ms.saturating_add(ms);
        self.max_ms = self.max_ms.max(ms);
    }

    /// How many were taken in.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// The longest, exactly.
    pub fn max_ms(&self) -> u64 {
        self.max_ms
    }

    /// Their mean, exactly.
    pub fn mean_ms(&self) -> Option<u64> {
        self.sum_ms.checked_div(self.count)
    }

    /// The duration that so many parts in a hundred do not exceed; exact below 64 ms, above at most 3.2 % too much.
    pub fn percentile(&self, percent: u64) -> Option<u64> {
        let rank = (self.count * percent).div_ceil(100).max(1);
        let mut seen = 0;
        for (place, count) in self.places.iter() {
            seen += count;
            if seen >= rank {
                return Some(longest(*place).min(self.max_ms));
            }
        }
        None
    }

    /// What was taken in since `earlier`, a former state of this spread; its longest is that of its highest place.
    pub fn since(&self, earlier: &Spread) -> Spread {
        let mut places = Map::new();
        let mut max_ms = 0;
        for (place, count) in self.places.iter() {
            let new = count - earlier.places.get(place).copied().unwrap_or(0);
            if new > 0 {
                places.insert(*place, new);
                max_ms = longest(*place).min(self.max_ms);
            }
        }
        Spread {
            places,
            count: self.count - earlier.count,
            sum_ms: self.sum_ms - earlier.sum_ms,
            max_ms,
        }
    }
}

fn place(ms: u64) -> u16 {
    if ms < EXACT {
        return ms as u16;
    }
    // The six highest bits decide: the doubling, and 32 places in it.
    let doubling = u64::from(ms.ilog2()) - 6;
    (EXACT + doubling * EXACT / 2 + ((ms >> (doubling + 1)) - EXACT / 2)) as u16
}

/// The longest duration of a place.
fn longest(place: u16) -> u64 {
    let place = u64::from(place);
    if place < EXACT {
        return place;
    }
    let doubling = (place - EXACT) / (EXACT / 2);
    let within = (place - EXACT) % (EXACT / 2) + EXACT / 2;
    ((within + 1) << (doubling + 1)) - 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_holds_what_is_close_together() {
        for ms in (0..5_000).chain([65_535, 65_536, 1_000_000, 123_456_789]) {
            let upper = longest(place(ms));
            assert!(upper >= ms && upper - ms <= ms / 32, "{ms}: {upper}");
            assert!(place(ms + 1) >= place(ms));
        }
    }

    #[test]
    fn percentiles_are_those_of_the_list() {
        let mut spread = Spread::default();
        assert_eq!(spread.percentile(50), None);
        for ms in 1..=60 {
            spread.add(ms);
        }
        assert_eq!(spread.percentile(50), Some(30));
        assert_eq!(spread.percentile(95), Some(57));
        assert_eq!((spread.max_ms(), spread.mean_ms()), (60, Some(30)));
        let before = spread.clone();
        spread.add(10_000);
        assert_eq!(spread.percentile(100), Some(10_000));
        let new = spread.since(&before);
        assert_eq!((new.count(), new.percentile(50)), (1, Some(10_000)));
    }
}
