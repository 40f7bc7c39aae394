//! What waits in a queue, in order: by priority, then as published; what comes back goes to its own place.

use std::collections::VecDeque;
use std::rc::Rc;

use crate::amqp::message::Message;
use crate::machine::SimTime;

/// A copy of a message in one queue.
#[derive(Clone, Debug)]
pub(in crate::amqp) struct Entry {
    pub(in crate::amqp) message: Rc<Message>,
    /// Its place: the number it got when it was enqueued.
    pub(in crate::amqp) sequence: u64,
    /// When its time to live runs out; absolute, so it survives a requeue (semantics 17.1).
    pub(in crate::amqp) expires_at: Option<SimTime>,
    /// How often it was delivered before; what is above zero is redelivered.
    pub(in crate::amqp) deliveries: u32,
    /// Its level in a priority queue.
    pub(in crate::amqp) priority: u8,
}

/// The ready messages of a queue.
#[derive(Clone, Debug, Default)]
pub(in crate::amqp) struct Store {
    /// What a quorum queue serves first: deliveries that came back (semantics 20.4).
    returns: VecDeque<Entry>,
    /// One list a priority; the highest non-empty one holds the head (semantics 20.1). One level without priorities.
    levels: Vec<VecDeque<Entry>>,
    count: u64,
    bytes: u64,
}

impl Store {
    /// An empty store for priorities `0..=max_priority`.
    pub(in crate::amqp) fn new(max_priority: u8) -> Store {
        Store {
            returns: VecDeque::new(),
            levels: vec![VecDeque::new(); usize::from(max_priority) + 1],
            count: 0,
            bytes: 0,
        }
    }

    /// How many messages are ready.
    pub(in crate::amqp) fn count(&self) -> u64 {
        self.count
    }

    /// The bytes of their bodies.
    pub(in crate::amqp) fn bytes(&self) -> u64 {
        self.bytes
    }

    pub(in crate::amqp) fn is_empty(&self) -> bool {
        self.count == 0
    }

    fn level(&self, entry: &Entry) -> usize {
        usize::from(entry.priority).min(self.levels.len() - 1)
    }

    fn counted(&mut self, entry: &Entry) {
        self.count += 1;
        self.bytes += entry.message.body.len() as u64;
    }

    /// A new message at the tail of its level.
    pub(in crate::amqp) fn push(&mut self, entry: Entry) {
        self.counted(&entry);
        let level = self.level(&entry);
        self.levels[level].push_back(entry);
    }

    /// A returned one, served before all that is ready; says how many returned ones stand before it.
    pub(in crate::amqp) fn push_return(&mut self, entry: Entry) -> u32 {
        self.counted(&entry);
        self.returns.push_back(entry);
        self.returns.len() as u32 - 1
    }

    /// One that comes back to its own place.
    pub(in crate::amqp) fn requeue(&mut self, entry: Entry) {
        self.counted(&entry);
        let level = self.level(&entry);
        let level = &mut self.levels[level];
        let place = level.partition_point(|other| other.sequence < entry.sequence);
        level.insert(place, entry);
    }

    /// How many ready messages stand before one that was requeued or published with this level and place.
    pub(in crate::amqp) fn position(&self, priority: u8, sequence: u64) -> u32 {
        let level = usize::from(priority).min(self.levels.len() - 1);
        let higher: usize = self.levels[level + 1..].iter().map(VecDeque::len).sum();
        let before = self.levels[level].partition_point(|other| other.sequence < sequence);
        u32::try_from(self.returns.len() + higher + before).unwrap_or(u32::MAX)
    }

    /// The next to be served.
    pub(in crate::amqp) fn head(&self) -> Option<&Entry> {
        self.returns
            .front()
            .or_else(|| self.levels.iter().rev().find_map(VecDeque::front))
    }

    pub(in crate::amqp) fn pop(&mut self) -> Option<Entry> {
        let entry = match self.returns.pop_front() {
            Some(entry) => entry,
            None => self.levels.iter_mut().rev().find_map(VecDeque::pop_front)?,
        };
        self.count -= 1;
        self.bytes -= entry.message.body.len() as u64;
        Some(entry)
    }

    /// All of them in the order they would be served.
    pub(in crate::amqp) fn iter(&self) -> impl Iterator<Item = &Entry> {
        self.returns
            .iter()
            .chain(self.levels.iter().rev().flatten())
    }

    /// A stream's message at this offset, or the first one after it.
    pub(in crate::amqp) fn at_or_after(&self, offset: u64) -> Option<&Entry> {
        let log = self.levels.first()?;
        log.get(log.partition_point(|entry| entry.sequence < offset))
    }

    /// Takes everything out, in order.
    pub(in crate::amqp) fn take_all(&mut self) -> Vec<Entry> {
        let mut entries: Vec<Entry> = self.returns.drain(..).collect();
        for level in self.levels.iter_mut().rev() {
            entries.extend(level.drain(..));
        }
        (self.count, self.bytes) = (0, 0);
        entries
    }
}
