//! Choreography: which item flies along which edge, and when. It reads what happened and never feeds back into it.
//!
//! A model moves in no time at all; a picture needs time. So hops become flights on a display clock of their own: an
//! item sets out when it has arrived, copies set out together, and until an item has landed the picture shows its
//! place empty ([`Choreographer::is_in_flight`]). Skipping, slowing or switching it off changes nothing in the run.

use rustc_hash::FxHashMap;

use crate::ordered::Map;
use crate::ui::canvas::scene::{EdgeId, ItemId, NodeId, Tone};

/// How long a hop takes at speed 1, in milliseconds, whatever its length.
pub const HOP_MS: f64 = 450.0;
/// Above this speed nothing flies: edges pulse with counts.
pub const COUNTING_ABOVE_SPEED: f64 = 20.0;
/// How long a count stays on an edge, in real milliseconds.
pub const PULSE_MS: f64 = 900.0;
/// Items on one edge set out one after the other at this distance …
const STAGGER_MS: f64 = 70.0;
/// … but none waits longer than this for it.
const STAGGER_AT_MOST_MS: f64 = 420.0;
/// More flights than this are counted instead.
const FLIGHTS_AT_MOST: usize = 2_500;

/// How a flying item looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Look {
    /// A full disc.
    #[default]
    Full,
    /// A ring with a returning arrow: it has been out before, or goes back.
    Ring,
    /// Turned round: sent back to where it came from.
    Returned,
    /// A tick: good news going back.
    Tick,
    /// A cross: bad news going back, or an item that died.
    Cross,
    /// Pale, with a clock: its time ran out.
    Clock,
}

/// Where a hop ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Goal {
    /// It arrives at a node and stays there until it leaves by another hop.
    Node(NodeId),
    /// It falls off the drawing: nobody took it.
    Nowhere,
}

/// One item crosses one edge. Hops come in causal order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hop {
    pub item: ItemId,
    pub from: NodeId,
    pub to: Goal,
    /// The edge it follows, in either direction; without one it goes straight.
    pub edge: Option<EdgeId>,
    /// The item in whose footsteps it sets out, when that is another one (a copy, an answer).
    pub follows: Option<ItemId>,
    pub tone: Tone,
    pub look: Look,
    /// One letter inside.
    pub letter: Option<char>,
}

/// A hop with its times on the display clock.
#[derive(Clone, Debug, PartialEq)]
pub struct Flight {
    /// Its number: every flight has its own.
    pub number: u64,
    pub hop: Hop,
    pub starts_at: f64,
    pub lands_at: f64,
}

impl Flight {
    /// How much of the way is behind it at `clock`, eased in and out; `None` before it sets out.
    pub fn share(&self, clock: f64) -> Option<f64> {
        let share = (clock - self.starts_at) / (self.lands_at - self.starts_at);
        (share >= 0.0).then(|| eased(share.min(1.0)))
    }
}

/// Slow, quick, slow.
fn eased(share: f64) -> f64 {
    share * share * (3.0 - 2.0 * share)
}

/// A count on an edge where nothing flies.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pulse {
    pub count: u64,
    /// How fresh it is: 1 just now, 0 gone.
    pub strength: f64,
    pub tone: Tone,
}

/// What shows that items move.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Motion {
    #[default]
    Flying,
    /// For people who asked for less motion, and for great speed: places change, edges show counts.
    Counting,
}

/// Turns hops into flights and tells what is in the air.
#[derive(Clone, Debug)]
pub struct Choreographer {
    /// Display time at speed 1, in milliseconds.
    clock: f64,
    /// Real time while not frozen, for pulses.
    real: f64,
    speed: f64,
    preferred: Motion,
    frozen: bool,
    flights: Vec<Flight>,
    /// When an item that is on its way will be somewhere.
    arrivals: FxHashMap<(ItemId, NodeId), f64>,
    /// When the latest item set out, by edge and the node it left.
    departures: FxHashMap<(EdgeId, NodeId), f64>,
    pulses: Map<EdgeId, (u64, f64, Tone)>,
    landings: u64,
    /// How many flights there have been.
    launched: u64,
}

impl Default for Choreographer {
    fn default() -> Choreographer {
        Choreographer::new()
    }
}

impl Choreographer {
    /// Nothing flies yet.
    pub fn new() -> Choreographer {
        Choreographer {
            clock: 0.0,
            real: 0.0,
            speed: 1.0,
            preferred: Motion::Flying,
            frozen: false,
            flights: Vec::new(),
            arrivals: FxHashMap::default(),
            departures: FxHashMap::default(),
            pulses: Map::new(),
            landings: 0,
            launched: 0,
        }
    }

    /// Takes over the speed at which the run is played.
    pub fn set_speed(&mut self, speed: f64) {
        self.speed = speed.max(0.01);
        self.land_all_if_counting();
    }

    /// Takes over what the person prefers.
    pub fn set_motion(&mut self, motion: Motion) {
        self.preferred = motion;
        self.land_all_if_counting();
    }

    /// What shows now that items move.
    pub fn motion(&self) -> Motion {
        if self.speed > COUNTING_ABOVE_SPEED {
            Motion::Counting
        } else {
            self.preferred
        }
    }

    /// Stops everything in the air where it is.
    pub fn freeze(&mut self) {
        self.frozen = true;
    }

    /// Lets everything go on.
    pub fn thaw(&mut self) {
        self.frozen = false;
    }

    /// Whether everything stands still.
    pub fn is_frozen(&self) -> bool {
        self.frozen
    }

    /// Everything is where the model says: after an undo, a jump in time, another scenario.
    pub fn clear(&mut self) {
        self.land_all();
        self.pulses.clear();
    }

    /// Takes hops in causal order. New hops let a frozen picture go on: somebody made one step.
    pub fn schedule(&mut self, hops: impl IntoIterator<Item = Hop>) {
        for hop in hops {
            self.frozen = false;
            if self.motion() == Motion::Counting || self.flights.len() >= FLIGHTS_AT_MOST {
                self.count(&hop);
            } else {
                self.launch(hop);
            }
        }
    }

    fn count(&mut self, hop: &Hop) {
        let Some(edge) = &hop.edge else { return };
        let until = self.real + PULSE_MS;
        let pulse = self
            .pulses
            .entry(edge.clone())
            .or_insert((0, until, hop.tone));
        *pulse = (pulse.0 + 1, until, hop.tone);
    }

    fn launch(&mut self, hop: Hop) {
        let leader = hop.follows.as_ref().unwrap_or(&hop.item);
        let arrived = self
            .arrivals
            .get(&(leader.clone(), hop.from.clone()))
            .copied();
        let ready = arrived.unwrap_or(self.clock).max(self.clock);
        let mut starts_at = ready;
        if let Some(edge) = &hop.edge {
            let last = self
                .departures
                .entry((edge.clone(), hop.from.clone()))
                .or_insert(f64::NEG_INFINITY);
            starts_at = ready.max((*last + STAGGER_MS).min(ready + STAGGER_AT_MOST_MS));
            *last = starts_at;
        }
        let lands_at = starts_at + HOP_MS;
        if let Goal::Node(node) = &hop.to {
            self.arrivals
                .insert((hop.item.clone(), node.clone()), lands_at);
        }
        self.launched += 1;
        self.flights.push(Flight {
            number: self.launched,
            hop,
            starts_at,
            lands_at,
        });
    }

    /// Lets real time pass; flights land.
    pub fn advance(&mut self, elapsed_ms: f64) {
        if self.frozen {
            return;
        }
        self.real += elapsed_ms;
        self.clock += elapsed_ms * self.speed;
        let (clock, real) = (self.clock, self.real);
        self.flights.retain(|flight| flight.lands_at > clock);
        let on_their_way = self.arrivals.len();
        self.arrivals.retain(|_, lands_at| *lands_at > clock);
        self.departures
            .retain(|_, left_at| *left_at + HOP_MS > clock);
        self.pulses.retain(|_, (_, until, _)| *until > real);
        self.landings += (on_their_way - self.arrivals.len()) as u64;
    }

    /// Whether an item is still on its way to a node (waiting to set out, or flying).
    pub fn is_in_flight(&self, node: &NodeId, item: &ItemId) -> bool {
        self.arrivals.contains_key(&(item.clone(), node.clone()))
    }

    /// How many items are still on their way.
    pub fn in_flight(&self) -> usize {
        self.arrivals.len()
    }

    /// What is in the air right now, with the share of the way behind it; the first to set out first.
    pub fn airborne(&self) -> impl Iterator<Item = (&Flight, f64)> {
        self.flights
            .iter()
            .filter_map(|flight| flight.share(self.clock).map(|share| (flight, share)))
    }

    /// What is in the air right now; the first to set out first.
    pub fn flying(&self) -> impl Iterator<Item = &Flight> {
        let clock = self.clock;
        self.flights
            .iter()
            .filter(move |flight| flight.starts_at <= clock)
    }

    /// Counts on edges where nothing flies.
    pub fn pulses(&self) -> impl Iterator<Item = (&EdgeId, Pulse)> {
        self.pulses.iter().map(|(edge, &(count, until, tone))| {
            let strength = ((until - self.real) / PULSE_MS).clamp(0.0, 1.0);
            (
                edge,
                Pulse {
                    count,
                    strength,
                    tone,
                },
            )
        })
    }

    /// Display time at speed 1, in milliseconds; stands still while frozen.
    pub fn clock(&self) -> f64 {
        self.clock
    }

    /// Whether nothing is on its way and no count is shown.
    pub fn is_empty(&self) -> bool {
        self.flights.is_empty() && self.pulses.is_empty()
    }

    /// Whether nothing would change with the next frame.
    pub fn is_idle(&self) -> bool {
        self.frozen || self.is_empty()
    }

    /// How many items have arrived so far: as long as it stays, no empty place has been filled.
    pub fn landings(&self) -> u64 {
        self.landings
    }

    fn land_all_if_counting(&mut self) {
        if self.motion() == Motion::Counting {
            self.land_all();
        }
    }

    fn land_all(&mut self) {
        self.landings += self.arrivals.len() as u64;
        self.flights.clear();
        self.arrivals.clear();
        self.departures.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hop(item: &str, from: &str, to: &str) -> Hop {
        Hop {
            item: item.into(),
            from: from.into(),
            to: if to.is_empty() {
                Goal::Nowhere
            } else {
                Goal::Node(to.into())
            },
            edge: Some(format!("{from}-{to}").into()),
            follows: None,
            tone: Tone::Ink,
            look: Look::Full,
            letter: None,
        }
    }

    fn starts(choreographer: &Choreographer) -> Vec<f64> {
        choreographer
            .flights
            .iter()
            .map(|flight| flight.starts_at)
            .collect()
    }

    #[test]
    fn an_item_sets_out_when_it_has_arrived_and_copies_leave_together() {
        let mut stage = Choreographer::new();
        stage.schedule([
            hop("m", "p", "x"),
            hop("m", "x", "a"),
            hop("m", "x", "b"),
            hop("m", "a", "c"),
        ]);
        assert_eq!(starts(&stage), [0.0, HOP_MS, HOP_MS, 2.0 * HOP_MS]);
    }

    #[test]
    fn a_place_stays_empty_until_its_item_has_landed() {
        let mut stage = Choreographer::new();
        stage.schedule([hop("m", "p", "x"), hop("m", "x", "a")]);
        let waits = |stage: &Choreographer| stage.is_in_flight(&"a".into(), &"m".into());
        assert!(waits(&stage));
        stage.advance(HOP_MS * 1.9);
        assert!(waits(&stage) && !stage.is_in_flight(&"x".into(), &"m".into()));
        assert_eq!(stage.in_flight(), 1);
        stage.advance(HOP_MS * 0.2);
        assert!(!waits(&stage) && stage.is_idle());
        assert_eq!(stage.landings(), 2);
    }

    #[test]
    fn an_answer_follows_what_it_answers() {
        let mut stage = Choreographer::new();
        let answer = Hop {
            follows: Some("m".into()),
            ..hop("answer", "x", "p")
        };
        stage.schedule([hop("m", "p", "x"), answer]);
        assert_eq!(starts(&stage), [0.0, HOP_MS]);
    }

    #[test]
    fn items_on_one_edge_follow_each_other_but_never_far_behind() {
        let mut stage = Choreographer::new();
        stage.schedule((0..40).map(|n| hop(&n.to_string(), "p", "x")));
        let starts = starts(&stage);
        assert_eq!(starts[..3], [0.0, STAGGER_MS, 2.0 * STAGGER_MS]);
        assert!(starts.iter().all(|&start| start <= STAGGER_AT_MOST_MS));
        assert!(starts.is_sorted());
    }

    #[test]
    fn half_the_speed_takes_twice_the_time() {
        let mut stage = Choreographer::new();
        stage.set_speed(0.5);
        stage.schedule([hop("m", "p", "x")]);
        stage.advance(HOP_MS);
        let share = stage.airborne().next().map(|(_, share)| share);
        assert_eq!(share, Some(0.5));
        stage.advance(HOP_MS);
        assert!(stage.is_idle());
    }

    #[test]
    fn with_less_motion_edges_count_and_nothing_waits() {
        let mut stage = Choreographer::new();
        stage.schedule([hop("early", "p", "x")]);
        stage.set_motion(Motion::Counting);
        assert!(!stage.is_in_flight(&"x".into(), &"early".into()));
        stage.schedule([hop("m", "p", "x"), hop("n", "p", "x")]);
        assert_eq!(stage.airborne().count(), 0);
        let counts: Vec<u64> = stage.pulses().map(|(_, pulse)| pulse.count).collect();
        assert_eq!(counts, [2]);
        stage.advance(PULSE_MS);
        assert_eq!(stage.pulses().count(), 0);
    }

    #[test]
    fn at_great_speed_edges_count() {
        let mut stage = Choreographer::new();
        stage.set_speed(21.0);
        assert_eq!(stage.motion(), Motion::Counting);
        stage.set_speed(20.0);
        assert_eq!(stage.motion(), Motion::Flying);
    }

    #[test]
    fn a_frozen_picture_stands_until_the_next_step() {
        let mut stage = Choreographer::new();
        stage.schedule([hop("m", "p", "x")]);
        stage.advance(HOP_MS / 2.0);
        stage.freeze();
        stage.advance(10_000.0);
        assert_eq!(stage.airborne().count(), 1);
        stage.schedule([hop("m", "x", "a")]);
        assert_eq!(starts(&stage), [0.0, HOP_MS]);
        stage.advance(HOP_MS * 2.0);
        assert!(stage.is_idle());
    }

    #[test]
    fn what_nobody_took_falls_off_and_arrives_nowhere() {
        let mut stage = Choreographer::new();
        stage.schedule([hop("m", "x", "")]);
        assert_eq!((stage.flights.len(), stage.in_flight()), (1, 0));
    }

    #[test]
    fn too_many_flights_are_counted_instead() {
        let mut stage = Choreographer::new();
        stage.schedule((0..FLIGHTS_AT_MOST + 5).map(|n| hop(&n.to_string(), "p", "x")));
        assert_eq!(stage.flights.len(), FLIGHTS_AT_MOST);
        assert_eq!(stage.pulses().map(|(_, pulse)| pulse.count).sum::<u64>(), 5);
    }
}
