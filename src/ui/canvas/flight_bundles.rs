//! Crowds in the air: where nobody could follow single items, those that fly together are one thing with a count.

use rustc_hash::FxHashMap;

use crate::ui::canvas::flight_path::{Track, Way};
use crate::ui::canvas::route::Wire;
use crate::ui::canvas::scene::Tone;
use crate::ui::choreography::{Flight, HOP_MS, Look};

/// With more items than this in sight, those that set out together on one edge are drawn as one.
pub const CROWD: usize = 240;
/// Above this many items at once an edge shows a stream with a count.
pub const STREAM_ABOVE: usize = 30;
/// Items that set out within so much of each other set out together.
const TOGETHER_MS: f64 = HOP_MS / 2.0;

/// An item in the air.
#[derive(Clone, Copy, Debug)]
pub struct Flying<'a> {
    pub flight: &'a Flight,
    /// How much of the way is behind it.
    pub share: f64,
    pub track: &'a Track,
}

/// Edges with so many items that they show a stream, with their number, by [`Way`]'s first part.
pub fn streams<'a>(flying: &[Flying<'a>]) -> FxHashMap<usize, (&'a Wire, usize)> {
    let mut counts: FxHashMap<usize, (&Wire, usize)> = FxHashMap::default();
    if flying.len() <= STREAM_ABOVE {
        return counts;
    }
    for item in flying {
        if let Some(wire) = item.track.wire() {
            counts.entry(item.track.way().0).or_insert((wire, 0)).1 += 1;
        }
    }
    counts.retain(|_, (_, count)| *count > STREAM_ABOVE);
    counts
}

/// Some items that fly together; mostly one.
#[derive(Clone, Copy, Debug)]
pub struct Bundle<'a> {
    /// One of them: it has the look of all.
    pub flight: &'a Flight,
    /// The way of all.
    pub track: &'a Track,
    pub count: usize,
    /// How much of the way is behind them.
    pub share: f64,
    /// Their colour; ink when they have several.
    pub tone: Tone,
}

/// The items in bundles: each for itself, or, in a crowd, by edge, direction, look and when they set out.
pub fn bundles<'a>(flying: &[Flying<'a>]) -> Vec<Bundle<'a>> {
    let single = |item: &Flying<'a>| Bundle {
        flight: item.flight,
        track: item.track,
        count: 1,
        share: item.share,
        tone: item.flight.hop.tone,
    };
    if flying.len() <= CROWD {
        return flying.iter().map(single).collect();
    }
    let mut places: FxHashMap<(Way, Look, i64), usize> = FxHashMap::default();
    let mut bundles: Vec<Bundle<'a>> = Vec::new();
    for item in flying {
        let hop = &item.flight.hop;
        let together = (item.flight.starts_at / TOGETHER_MS) as i64;
        let key = (item.track.way(), hop.look, together);
        let place = *places.entry(key).or_insert(bundles.len());
        match bundles.get_mut(place) {
            Some(bundle) => {
                bundle.count += 1;
                // The mean of all.
                bundle.share += (item.share - bundle.share) / bundle.count as f64;
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
    use crate::ui::canvas::flight_path::Index;
    use crate::ui::canvas::layout::{Flow, Layout, Pins};
    use crate::ui::canvas::scene::{Edge, Node, Scene, Shape};
    use crate::ui::choreography::{Goal, Hop};

    /// From one gate to many others.
    fn tracks(count: usize) -> Vec<Track> {
        let circle = |name: String, rank| {
            let letter = "G".into();
            Node::new(name.clone(), Shape::Circle { letter }, rank, name)
        };
        let gates = (0..count).map(|n| circle(format!("g{n}"), 1));
        let nodes = std::iter::once(circle("a".into(), 0))
            .chain(gates)
            .collect();
        let edge = |n| Edge::new(format!("e{n}"), "a".into(), format!("g{n}").into(), "");
        let scene = Scene::new(nodes, (0..count).map(edge).collect(), vec![]);
        let layout = Layout::arrange(&scene, &Pins::new(), Flow::LeftToRight, None);
        let index = Index::of(&scene, &layout);
        let track = |n| Track::of(&flight(n, Tone::Ink, 0.0).hop, &index);
        (0..count).filter_map(track).collect()
    }

    fn flight(edge: usize, tone: Tone, starts_at: f64) -> Flight {
        Flight {
            number: 0,
            hop: Hop {
                item: format!("{edge}.{starts_at}").into(),
                from: "a".into(),
                to: Goal::Node(format!("g{edge}").into()),
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
        let tracks = tracks(50);
        let all: Vec<Flight> = (0..CROWD + 60)
            .map(|n| flight(n % 50, Tone::Colour((n / 50 % 2) as u8), (n / 50) as f64))
            .collect();
        let flying: Vec<Flying<'_>> = (all.iter().zip(tracks.iter().cycle()))
            .map(|(flight, track)| Flying {
                flight,
                share: 0.5,
                track,
            })
            .collect();
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
        let track = &tracks(1)[0];
        let all: Vec<Flight> = (0..CROWD + 10)
            .map(|n| flight(0, Tone::Ink, if n < 100 { 0.0 } else { TOGETHER_MS }))
            .collect();
        let flying = all.iter().map(|flight| Flying {
            flight,
            share: 0.1,
            track,
        });
        let flying: Vec<Flying<'_>> = flying.collect();
        let counts: Vec<usize> = bundles(&flying).iter().map(|it| it.count).collect();
        assert_eq!(counts, [100, CROWD - 90]);
    }

    #[test]
    fn a_crowded_edge_becomes_a_stream_with_a_count() {
        let tracks = tracks(2);
        let flights = vec![flight(0, Tone::Ink, 0.0); STREAM_ABOVE + 1];
        let mut flying: Vec<Flying<'_>> = (flights.iter())
            .map(|flight| Flying {
                flight,
                share: 0.5,
                track: &tracks[0],
            })
            .collect();
        flying.push(Flying {
            track: &tracks[1],
            ..flying[0]
        });
        let counts: Vec<usize> = streams(&flying).values().map(|(_, count)| *count).collect();
        assert_eq!(counts, [STREAM_ABOVE + 1]);
        assert!(streams(&flying[1..STREAM_ABOVE + 1]).is_empty());
    }
}
