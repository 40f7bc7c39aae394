//! The deliveries of one channel that are not settled, in the order of their tags.

use std::collections::VecDeque;

use crate::amqp::arena::{ConsumerKey, QueueKey};
use crate::amqp::ids::{DeliveryTag, QueueId};
use crate::amqp::queue::store::Entry;
use crate::machine::SimTime;
use crate::ordered::sort_by_key;

/// A delivery that is not settled.
#[derive(Clone, Debug)]
pub(super) struct Unacked {
    pub(super) tag: DeliveryTag,
    pub(super) entry: Entry,
    pub(super) queue: QueueKey,
    /// The queue's name, which outlives the queue.
    pub(super) queue_id: QueueId,
    /// None for basic.get.
    pub(super) consumer: Option<ConsumerKey>,
    pub(super) delivered_at: SimTime,
    /// Whether the channel-wide prefetch counts it (semantics 12.3, 12.6).
    pub(super) counts_globally: bool,
}

/// Deliveries by tag. Settling in any order is cheap: settled ones leave a gap that is closed when many have.
#[derive(Clone, Debug, Default)]
pub(super) struct UnackedList {
    slots: VecDeque<(DeliveryTag, Option<Unacked>)>,
    live: usize,
}

impl UnackedList {
    pub(super) fn len(&self) -> usize {
        self.live
    }

    /// Adds a delivery; its tag is higher than all before.
    pub(super) fn push(&mut self, unacked: Unacked) {
        self.live += 1;
        self.slots.push_back((unacked.tag, Some(unacked)));
    }

    fn place(&self, tag: DeliveryTag) -> Option<usize> {
        // Where it stands while none between it and the first is missing; the first one itself, mostly.
        let first = self.slots.front()?.0;
        let place = usize::try_from(tag.0.checked_sub(first.0)?).ok()?;
        match self.slots.get(place) {
            Some((other, _)) if *other == tag => Some(place),
            _ => self
                .slots
                .binary_search_by_key(&tag, |(other, _)| *other)
                .ok(),
        }
    }

    /// Whether this delivery is outstanding.
    pub(super) fn contains(&self, tag: DeliveryTag) -> bool {
        self.place(tag)
            .is_some_and(|place| self.slots[place].1.is_some())
    }

    pub(super) fn remove(&mut self, tag: DeliveryTag) -> Option<Unacked> {
        let place = self.place(tag)?;
        let unacked = match place {
            // The oldest, mostly.
            0 => self.slots.pop_front()?.1?,
            _ => self.slots[place].1.take()?,
        };
        self.live -= 1;
        if self.slots.len() > self.live {
            self.close_gaps();
        }
        Some(unacked)
    }

    fn close_gaps(&mut self) {
        while matches!(self.slots.front(), Some((_, None))) {
            self.slots.pop_front();
        }
        if self.slots.len() > 64 && self.slots.len() > self.live * 2 {
            self.slots.retain(|(_, slot)| slot.is_some());
        }
    }

    /// Takes out everything up to and including `tag`, oldest first.
    pub(super) fn remove_up_to(&mut self, tag: DeliveryTag) -> Vec<Unacked> {
        let end = self.slots.partition_point(|(other, _)| *other <= tag);
        let taken: Vec<Unacked> = self
            .slots
            .drain(..end)
            .filter_map(|(_, slot)| slot)
            .collect();
        self.live -= taken.len();
        self.close_gaps();
        taken
    }

    /// Takes everything out, oldest first.
    pub(super) fn remove_all(&mut self) -> Vec<Unacked> {
        self.live = 0;
        self.slots.drain(..).filter_map(|(_, slot)| slot).collect()
    }

    /// Puts deliveries back under their old tags (tx.rollback).
    pub(super) fn put_back(&mut self, back: Vec<Unacked>) {
        let mut all = self.remove_all();
        all.extend(back);
        sort_by_key(&mut all, |unacked| unacked.tag);
        all.into_iter().for_each(|unacked| self.push(unacked));
    }

    /// From now on every delivery counts towards the channel-wide prefetch (semantics 12.3).
    pub(super) fn count_all_globally(&mut self) {
        self.slots
            .iter_mut()
            .filter_map(|(_, slot)| slot.as_mut())
            .for_each(|unacked| unacked.counts_globally = true);
    }

    /// The outstanding ones that a tag means, with `multiple` everything up to it.
    pub(super) fn meant(&self, tag: DeliveryTag, multiple: bool) -> impl Iterator<Item = &Unacked> {
        let place = self.place(tag).filter(|_| self.contains(tag));
        let all = tag.0 == 0;
        let (from, to) = match (place, multiple) {
            (_, true) if all => (0, self.slots.len()),
            (Some(place), true) => (0, place + 1),
            (Some(place), false) => (place, place + 1),
            (None, _) => (0, 0),
        };
        self.slots
            .range(from..to)
            .filter_map(|(_, slot)| slot.as_ref())
    }

    /// The outstanding ones, oldest first.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Unacked> {
        self.slots.iter().filter_map(|(_, slot)| slot.as_ref())
    }
}
