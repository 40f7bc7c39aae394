//! The contract that every model keeps: a machine takes inputs and tells events, and time and chance are arguments.

use std::fmt;
use std::ops::{Add, AddAssign, Sub};

/// A moment on the virtual clock, in milliseconds since the run began.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SimTime(pub u64);

impl SimTime {
    /// The moment at which every run begins.
    pub const ZERO: SimTime = SimTime(0);

    /// Milliseconds since the run began.
    pub const fn as_ms(self) -> u64 {
        self.0
    }

    /// Milliseconds from `earlier` to here; zero if `earlier` is later.
    pub const fn since(self, earlier: SimTime) -> u64 {
        self.0.saturating_sub(earlier.0)
    }
}

impl Add<u64> for SimTime {
    type Output = SimTime;
    fn add(self, ms: u64) -> SimTime {
        SimTime(self.0.saturating_add(ms))
    }
}

impl AddAssign<u64> for SimTime {
    fn add_assign(&mut self, ms: u64) {
        *self = *self + ms;
    }
}

impl Sub<u64> for SimTime {
    type Output = SimTime;
    fn sub(self, ms: u64) -> SimTime {
        SimTime(self.0.saturating_sub(ms))
    }
}

impl fmt::Display for SimTime {
    /// Seconds with milliseconds: `12.345 s`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:03} s", self.0 / 1000, self.0 % 1000)
    }
}

/// Who caused an input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Origin {
    /// A person, through the page.
    User,
    /// A simulated program, by its number.
    Actor(u32),
    /// A real client, by the number of its connection.
    Client(u32),
    /// A script of the host page or a test.
    Api,
    /// Time itself: something fell due.
    Clock,
    /// The set-up of a scenario.
    Scenario,
}

/// One command with its time and its cause: all that ever enters a machine.
#[derive(Clone, Debug, PartialEq)]
pub struct Input<C> {
    /// When it happens; never earlier than the input before.
    pub at: SimTime,
    /// Who caused it.
    pub origin: Origin,
    /// What is to be done.
    pub command: C,
}

/// A deterministic model: the same state and the same input give the same result, on every machine.
pub trait Machine: Clone {
    /// What can be done to it.
    type Command: Clone + fmt::Debug;
    /// What can happen in it.
    type Event: Clone;

    /// Lets time pass up to `input.at`, carries the command out, and appends what happened, in causal order.
    ///
    /// It cannot fail: a wrong command has an outcome too, and that outcome is an event.
    fn step(&mut self, input: &Input<Self::Command>, out: &mut Vec<Self::Event>);

    /// When something falls due by itself; feeding [`Machine::tick`] at that time makes it happen.
    fn next_deadline(&self) -> Option<SimTime>;

    /// The command that does nothing but let time pass.
    fn tick() -> Self::Command;

    /// Whether `command` is [`Machine::tick`].
    fn is_tick(command: &Self::Command) -> bool;

    /// Roughly how many things it holds: of heavy states fewer are kept.
    fn weight(&self) -> usize {
        1
    }
}

/// Chance as a value: a small seeded generator (SplitMix64). Not for secrets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rng {
    state: u64,
}

impl Rng {
    /// The same seed gives the same numbers, on every machine.
    pub const fn new(seed: u64) -> Rng {
        Rng { state: seed }
    }

    /// The next 64 random bits.
    pub fn next_u64(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number in `0..bound`; zero when `bound` is zero.
    pub fn below(&mut self, bound: u64) -> u64 {
        ((u128::from(self.next_u64()) * u128::from(bound)) >> 64) as u64
    }

    /// A number in `0.0..1.0`.
    pub fn unit(&mut self) -> f64 {
        (self.next_u64() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// A generator of its own, so that what one program draws does not shift what another draws.
    pub fn fork(&mut self) -> Rng {
        Rng::new(self.next_u64())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_numbers() {
        let draw = |seed| {
            let mut rng = Rng::new(seed);
            [rng.next_u64(), rng.below(10), rng.fork().next_u64()]
        };
        assert_eq!(draw(7), draw(7));
        assert_ne!(draw(7), draw(8));
    }

    #[test]
    fn a_bounded_number_stays_below_its_bound() {
        let mut rng = Rng::new(1);
        assert!((0..1000).all(|_| rng.below(3) < 3));
        assert_eq!(rng.below(0), 0);
    }
}
