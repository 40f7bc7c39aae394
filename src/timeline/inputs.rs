//! The inputs of a run. Almost all of them are ticks of the clock, and of a tick only its time is kept: a run that goes
//! on for an hour costs little more than its newest minute.

use std::rc::Rc;

use crate::machine::{Input, Machine, Origin, SimTime};
use crate::timeline::Log;

/// An input as it is kept.
#[derive(Clone, Debug)]
enum Slot<C> {
    /// The clock's tick.
    Tick(SimTime),
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
}

impl<M: Machine> Inputs<M> {
    /// None yet.
    pub(super) const fn new() -> Inputs<M> {
        Inputs { slots: Log::new() }
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
        self.slots.get(index).map(unpacked::<M>)
    }

    /// When the input at `index` happened.
    pub fn time(&self, index: usize) -> Option<SimTime> {
        Some(match self.slots.get(index)? {
            Slot::Tick(at) => *at,
            Slot::Other(input) => input.at,
        })
    }

    /// All inputs, oldest first.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = Input<M::Command>> + Clone {
        self.slots.iter().map(unpacked::<M>)
    }

    /// What is not a tick of the clock, oldest first.
    pub fn deeds(&self) -> impl DoubleEndedIterator<Item = &Input<M::Command>> + Clone {
        self.slots.iter().filter_map(|slot| match slot {
            Slot::Tick(_) => None,
            Slot::Other(input) => Some(&**input),
        })
    }

    pub(super) fn push(&mut self, input: Input<M::Command>) {
        let is_tick = input.origin == Origin::Clock && M::is_tick(&input.command);
        self.slots.push(match is_tick {
            true => Slot::Tick(input.at),
            false => Slot::Other(Rc::new(input)),
        });
    }

    pub(super) fn truncate(&mut self, len: usize) {
        self.slots.truncate(len);
    }

    pub(super) fn common_with(&self, other: &Inputs<M>) -> usize
    where
        M::Command: PartialEq,
    {
        self.slots.common_with(&other.slots)
    }
}

fn unpacked<M: Machine>(slot: &Slot<M::Command>) -> Input<M::Command> {
    match slot {
        Slot::Tick(at) => Input {
            at: *at,
            origin: Origin::Clock,
            command: M::tick(),
        },
        Slot::Other(input) => Input::clone(input),
    }
}
