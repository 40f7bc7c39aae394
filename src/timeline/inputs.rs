//! The inputs of a run. Almost all of them are ticks of the clock, and of a tick only its time is kept: a run that goes
//! on for an hour costs little more than its newest minute.

use std::rc::Rc;

use crate::machine::{Input, Machine, Origin, SimTime};
use crate::timeline::Log;

/// An input as it is kept.
#[derive(Clone, Debug)]
enum Slot<C> {
    /// The clock's tick, so many milliseconds after the base of its piece.
    Tick(u32),
    Other(Rc<Input<C>>),
}

impl<C: PartialEq> PartialEq for Slot<C> {
    fn eq(&self, other: &Slot<C>) -> bool {
        match (self, other) {
            (Slot::Tick(one), Slot::Tick(two)) => one == two,
            (Slot::Other(one), Slot::Other(two)) => Rc::ptr_eq(one, two) || one == two,
            (Slot::Tick(_), Slot::Other(_)) | (Slot::Other(_), Slot::Tick(_)) => false,
        }
    }
}

/// Every input of a run, oldest first. Copies share what they have in common.
#[derive(Clone, Debug)]
pub struct Inputs<M: Machine> {
    slots: Log<Slot<M::Command>>,
    /// When the first input of each piece happened; a piece is [`PIECE`] inputs.
    bases: Log<SimTime>,
}

const PIECE: usize = 256;

impl<M: Machine> Inputs<M> {
    /// None yet.
    pub(super) const fn new() -> Inputs<M> {
        Inputs {
            slots: Log::new(),
            bases: Log::new(),
        }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.slots.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.slots.is_empty()
    }

    /// The input at `index`.
    pub fn get(&self, index: usize) -> Option<Input<M::Command>> {
        Some(self.unpacked(index, self.slots.get(index)?))
    }

    /// When the input at `index` happened.
    pub fn time(&self, index: usize) -> Option<SimTime> {
        Some(match self.slots.get(index)? {
            Slot::Tick(after) => self.base(index) + u64::from(*after),
            Slot::Other(input) => input.at,
        })
    }

    /// All inputs, oldest first.
    pub fn iter(&self) -> impl Iterator<Item = Input<M::Command>> + Clone {
        (self.slots.iter().enumerate()).map(|(index, slot)| self.unpacked(index, slot))
    }

    /// What is not a tick of the clock, oldest first.
    pub fn deeds(&self) -> impl DoubleEndedIterator<Item = &Input<M::Command>> + Clone {
        self.slots.iter().filter_map(|slot| match slot {
            Slot::Tick(_) => None,
            Slot::Other(input) => Some(&**input),
        })
    }

    pub(super) fn push(&mut self, input: Input<M::Command>) {
        let index = self.slots.len();
        if index.is_multiple_of(PIECE) {
            self.bases.push(input.at);
        }
        let is_tick = input.origin == Origin::Clock && M::is_tick(&input.command);
        let after = u32::try_from(input.at.since(self.base(index)));
        self.slots.push(match after {
            Ok(after) if is_tick => Slot::Tick(after),
            Ok(_) | Err(_) => Slot::Other(Rc::new(input)),
        });
    }

    pub(super) fn truncate(&mut self, len: usize) {
        self.slots.truncate(len);
        self.bases.truncate(len.div_ceil(PIECE));
    }

    pub(super) fn common_with(&self, other: &Inputs<M>) -> usize
    where
        M::Command: PartialEq,
    {
        // Where the bases differ, the first inputs of the piece do.
        let bases = self.bases.common_with(&other.bases) * PIECE;
        self.slots.common_with(&other.slots).min(bases)
    }

    fn base(&self, index: usize) -> SimTime {
        let base = self.bases.get(index / PIECE);
        base.copied().unwrap_or(SimTime::ZERO)
    }

    fn unpacked(&self, index: usize, slot: &Slot<M::Command>) -> Input<M::Command> {
        match slot {
            Slot::Tick(after) => Input {
                at: self.base(index) + u64::from(*after),
                origin: Origin::Clock,
                command: M::tick(),
            },
            Slot::Other(input) => Input::clone(input),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Clone)]
    struct Clockwork;

    impl Machine for Clockwork {
        type Command = u8;
        type Event = ();
        fn step(&mut self, _: &Input<u8>, _: &mut Vec<()>) {}
        fn next_deadline(&self) -> Option<SimTime> {
            None
        }
        fn tick() -> u8 {
            0
        }
        fn is_tick(command: &u8) -> bool {
            *command == 0
        }
    }

    fn input(n: u64) -> Input<u8> {
        let origin = match n % 3 {
            0 => Origin::User,
            _ => Origin::Clock,
        };
        // Every hundredth waits for longer than 32 bits of milliseconds can say.
        Input {
            at: SimTime(n * 7 + n / 100 * (1 << 33)),
            origin,
            command: n.is_multiple_of(5).into(),
        }
    }

    #[test]
    fn what_was_put_in_comes_out() {
        let mut inputs = Inputs::<Clockwork>::new();
        let all: Vec<Input<u8>> = (0..2_000).map(input).collect();
        for input in &all {
            inputs.push(input.clone());
        }
        assert_eq!(inputs.iter().collect::<Vec<_>>(), all);
        for (index, input) in all.iter().enumerate() {
            assert_eq!(inputs.get(index).as_ref(), Some(input));
            assert_eq!(inputs.time(index), Some(input.at));
        }
        assert_eq!(inputs.get(2_000), None);
        let is_tick = |input: &&Input<u8>| input.origin == Origin::Clock && input.command == 0;
        let far = all.iter().filter(is_tick).count();
        assert!(inputs.deeds().count() >= 2_000 - far);
    }

    #[test]
    fn what_two_runs_share_ends_where_they_differ() {
        let mut one = Inputs::<Clockwork>::new();
        (0..900).for_each(|n| one.push(input(n)));
        for cut in [0, 1, 255, 256, 257, 600, 899] {
            let mut two = one.clone();
            two.truncate(cut);
            assert_eq!(one.common_with(&two), cut);
            // The same places, at other times.
            (cut as u64..900).for_each(|n| {
                let at = SimTime(input(n).at.as_ms() + 1);
                two.push(Input { at, ..input(n) });
            });
            assert_eq!((one.common_with(&two), two.len()), (cut, 900));
            assert_eq!(two.time(899), Some(input(899).at + 1));
        }
    }
}
