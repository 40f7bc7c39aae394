//! Crowds in the air: where nobody could follow single items, those that fly together are one thing with a count.

use rustc_hash::FxHashMap;

use crate::ui::canvas::scene::{EdgeId, NodeId, Tone};
use crate::ui::choreography::{Flight, HOP_MS, Look};

/// With more items than this in sight, those that set out together on one edge are drawn as one.
pub const CROWD: usize = 240;
/// Items that set out within so much of each other set out together.
const TOGETHER_MS: f64 = HOP_MS / 2.0;

/// Some items that fly together; mostly one.
#[derive(Clone, Copy, Debug)]
pub struct Bundle<'a> {
    /// One of them: it has the way and the look of all.
    pub flight: &'a Flight,
    pub count: usize,
    /// How much of the way is behind them.
    pub share: f64,
    /// Their colour; ink when they have several.
    pub tone: Tone,
}

/// The items in bundles: each for itself, or, in a crowd, by edge, direction, look and when they set out.
pub fn bundles<'a>(flying: &[(&'a Flight, f64)]) -> Vec<Bundle<'a>> {
    let single = |&(flight, share): &(&'a Flight, f64)| Bundle {
        flight,
        count: 1,
        share,
        tone: flight.hop.tone,
    };
    if flying.len() <= CROWD {
        return flying.iter().map(single).collect();
    }
    type Key<'a> = (Option<&'a EdgeId>, &'a NodeId, Look, i64);
    let mut places: FxHashMap<Key<'a>, usize> = FxHashMap::default();
    let mut bundles: Vec<Bundle<'a>> = Vec::new();
    for item in flying {
        let hop = &item.0.hop;
        let together = (item.0.starts_at / TOGETHER_MS) as i64;
        let key = (hop.edge.as_ref(), &hop.from, hop.look, together);
        let place = *places.entry(key).or_insert(bundles.len());
        match bundles.get_mut(place) {
            Some(bundle) => {
                bundle.count += 1;
                // The mean of all.
                bundle.share += (item.1 - bundle.share) / bundle.count as f64;
                if bundle.tone != hop.tone {
                    bundle.tone = Tone::Ink;
                }
            }
            None => bundles.push(single(item)),
        }
    }
    bundles
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::choreography::{Goal, Hop};

    fn flight(edge: usize, tone: Tone, starts_at: f64) -> Flight {
        Flight {
            hop: Hop {
                item: format!("{edge}.{starts_at}").into(),
                from: "a".into(),
                to: Goal::Node("b".into()),
                edge: Some(format!("e{edge}").into()),
                follows: None,
                tone,
                look: Look::Full,
                letter: Some('A'),
            },
            starts_at,
            lands_at: starts_at + HOP_MS,
        }
    }

    #[test]
    fn few_items_fly_by_themselves_and_a_crowd_in_bundles_that_count_everybody() {
        let all: Vec<Flight> = (0..CROWD + 60)
            .map(|n| flight(n % 50, Tone::Colour((n / 50 % 2) as u8), (n / 50) as f64))
            .collect();
        let flying: Vec<(&Flight, f64)> = all.iter().map(|flight| (flight, 0.5)).collect();
        assert_eq!(bundles(&flying[..CROWD]).len(), CROWD);
        let crowd = bundles(&flying);
        assert_eq!(crowd.len(), 50);
        let counted: usize = crowd.iter().map(|bundle| bundle.count).sum();
        assert_eq!(counted, CROWD + 60);
        assert!(crowd.iter().all(|bundle| bundle.tone == Tone::Ink));
        assert!(crowd.iter().all(|bundle| (bundle.share - 0.5).abs() < 1e-9));
    }

    #[test]
    fn who_sets_out_later_flies_in_another_bundle() {
        let all: Vec<Flight> = (0..CROWD + 10)
            .map(|n| flight(0, Tone::Ink, if n < 100 { 0.0 } else { TOGETHER_MS }))
            .collect();
        let flying: Vec<(&Flight, f64)> = all.iter().map(|flight| (flight, 0.1)).collect();
        let counts: Vec<usize> = bundles(&flying).iter().map(|it| it.count).collect();
        assert_eq!(counts, [100, CROWD - 90]);
    }
}
