//! Who is served next: highest priority first, equal ones in turn, blocked ones not at all (semantics 13.5).

use std::collections::VecDeque;

use crate::amqp::arena::ConsumerKey;

/// The consumers of one queue.
#[derive(Clone, Debug, Default)]
pub(in crate::amqp) struct Consumers {
    /// Everybody, in the order of registration.
    all: Vec<(ConsumerKey, i64)>,
    /// Those that may be served: levels from the highest priority down; the front of a level is served next.
    ring: Vec<(i64, VecDeque<ConsumerKey>)>,
    /// Those whose prefetch or channel limit is used up, in the order in which that was noticed.
    blocked: Vec<(ConsumerKey, i64)>,
}

impl Consumers {
    pub(in crate::amqp) fn len(&self) -> usize {
        self.all.len()
    }

    pub(in crate::amqp) fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// Everybody, oldest first.
    pub(in crate::amqp) fn iter(&self) -> impl Iterator<Item = ConsumerKey> {
        self.all.iter().map(|(key, _)| *key)
    }

    pub(in crate::amqp) fn add(&mut self, key: ConsumerKey, priority: i64) {
        self.all.push((key, priority));
        self.join(key, priority);
    }

    /// Enters the ring at the back of its level.
    fn join(&mut self, key: ConsumerKey, priority: i64) {
        let place = self.ring.partition_point(|(level, _)| *level > priority);
        match self.ring.get_mut(place) {
            Some((level, keys)) if *level == priority => keys.push_back(key),
            _ => self.ring.insert(place, (priority, VecDeque::from([key]))),
        }
    }

    pub(in crate::amqp) fn remove(&mut self, key: ConsumerKey) {
        self.all.retain(|(other, _)| *other != key);
        self.blocked.retain(|(other, _)| *other != key);
        self.ring
            .iter_mut()
            .for_each(|(_, keys)| keys.retain(|other| *other != key));
        self.ring.retain(|(_, keys)| !keys.is_empty());
    }

    /// Who is next, if anybody may be served.
    pub(in crate::amqp) fn next(&self) -> Option<ConsumerKey> {
        self.ring
            .first()
            .and_then(|(_, keys)| keys.front().copied())
    }

    /// The next one was served: it goes to the back of its level.
    pub(in crate::amqp) fn rotate(&mut self) {
        if let Some((_, keys)) = self.ring.first_mut()
            && keys.len() > 1
        {
            keys.rotate_left(1);
        }
    }

    /// The next one cannot take more: it leaves the ring.
    pub(in crate::amqp) fn block_next(&mut self) {
        let Some((priority, keys)) = self.ring.first_mut() else {
            return;
        };
        let priority = *priority;
        let Some(key) = keys.pop_front() else { return };
        if keys.is_empty() {
            self.ring.remove(0);
        }
        self.blocked.push((key, priority));
    }

    /// Whether anybody waits for room.
    pub(in crate::amqp) fn has_blocked(&self) -> bool {
        !self.blocked.is_empty()
    }

    /// Lets those blocked ones back into the ring that `may` take more; says whether there were any.
    pub(in crate::amqp) fn unblock(&mut self, may: impl Fn(ConsumerKey) -> bool) -> bool {
        let (free, still): (Vec<_>, Vec<_>) =
            self.blocked.drain(..).partition(|(key, _)| may(*key));
        self.blocked = still;
        let any = !free.is_empty();
        for (key, priority) in free {
            self.join(key, priority);
        }
        any
    }

    /// Highest priority, then oldest: who takes over as single active consumer (semantics 20.2).
    pub(in crate::amqp) fn first_in_line(&self) -> Option<ConsumerKey> {
        let highest = self.all.iter().map(|(_, priority)| *priority).max()?;
        self.all
            .iter()
            .find(|(_, priority)| *priority == highest)
            .map(|(key, _)| *key)
    }
}
