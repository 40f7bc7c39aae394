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
    pub(in crate::amqp) expiry: Expiry,
    /// How often it was delivered before; what is above zero is redelivered.
    pub(in crate::amqp) deliveries: u32,
    /// Its level in a priority queue.
    pub(in crate::amqp) priority: u8,
}

/// A moment, or never: as small as a moment alone, since there are many of them.
#[derive(Clone, Copy, Debug)]
pub(in crate::amqp) struct Expiry(SimTime);

impl Expiry {
    const NEVER: Expiry = Expiry(SimTime(u64::MAX));

    /// The moment.
    pub(in crate::amqp) fn get(self) -> Option<SimTime> {
        (self.0 != Expiry::NEVER.0).then_some(self.0)
    }
}

impl From<Option<SimTime>> for Expiry {
    fn from(at: Option<SimTime>) -> Expiry {
        at.map_or(Expiry::NEVER, Expiry)
    }
}

/// The ready messages of a queue.
#[derive(Clone, Debug, Default)]
pub(in crate::amqp) struct Store {
    /// What a quorum queue serves first: deliveries that came back (semantics 20.4).
    returns: VecDeque<Entry>,
    /// One list a priority; the highest non-empty one holds the head (semantics 20.1). One level without priorities.
    levels: Vec<VecDeque<Entry>>,
    /// The two levels of a quorum queue since 4.0 take turns (semantics D8).
    turns: Option<Turns>,
    count: u64,
    bytes: u64,
}

/// The places of a longer queue with two levels are told by rule of thumb; what is served is exact.
const COUNTED_BY_TURNS: u64 = 1_000;

/// Two high ones, then a normal one, while there are both: how often was taken since the last normal one's turn
/// (rabbit_fifo_q).
#[derive(Clone, Copy, Debug, Default)]
struct Turns(u8);

impl Turns {
    /// How many high ones go before a normal one.
    const WEIGHT: u8 = 2;

    fn after_one(self) -> Turns {
        match self.0 {
            Turns::WEIGHT => Turns(0),
            taken => Turns(taken + 1),
        }
    }

    /// Whether the high one is next; a high one that is older than the normal one never waits for it.
    fn takes_high(self, high: Option<u64>, normal: Option<u64>) -> bool {
        match (high, normal) {
            (Some(high), Some(normal)) => self.0 != Turns::WEIGHT || high < normal,
            (high, _) => high.is_some(),
        }
    }
}

impl Store {
    /// An empty store whose two levels take turns, as those of a quorum queue do since 4.0 (semantics D8).
    pub(in crate::amqp) fn with_turns() -> Store {
        Store {
            turns: Some(Turns::default()),
            ..Store::new(1)
        }
    }

    /// An empty store for priorities `0..=max_priority`.
    pub(in crate::amqp) fn new(max_priority: u8) -> Store {
        Store {
            returns: VecDeque::new(),
            turns: None,
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
        let is_alone = (0..self.levels.len()).all(|at| at == level || self.levels[at].is_empty());
        if self.turns.is_some() && !is_alone && self.count > COUNTED_BY_TURNS {
            // Playing the turns out would cost each publish the whole queue; two high ones and a normal one is close.
            let before = self.levels[level].partition_point(|other| other.sequence < sequence);
            let others = match level {
                0 => before * usize::from(Turns::WEIGHT),
                _ => before / usize::from(Turns::WEIGHT),
            };
            let place = self.returns.len() + before + others.min(self.levels[1 - level].len());
            return u32::try_from(place).unwrap_or(u32::MAX);
        }
        if self.turns.is_some() && !is_alone {
            let before = self.turn_by_turn(Some((level, sequence)));
            let place = before.iter().position(Option::is_none);
            let place = self.returns.len() + place.unwrap_or(before.len());
            return u32::try_from(place).unwrap_or(u32::MAX);
        }
        let higher: usize = self.levels[level + 1..].iter().map(VecDeque::len).sum();
        let before = self.levels[level].partition_point(|other| other.sequence < sequence);
        u32::try_from(self.returns.len() + higher + before).unwrap_or(u32::MAX)
    }

    /// The next to be served.
    pub(in crate::amqp) fn head(&self) -> Option<&Entry> {
        self.returns
            .front()
            .or_else(|| self.levels.get(self.next_level()?)?.front())
    }

    /// The level that is served next.
    fn next_level(&self) -> Option<usize> {
        if let (Some(turns), [normal, high]) = (self.turns, self.levels.as_slice()) {
            let first = |level: &VecDeque<Entry>| level.front().map(|entry| entry.sequence);
            return Some(usize::from(turns.takes_high(first(high), first(normal))));
        }
        self.levels.iter().rposition(|level| !level.is_empty())
    }

    /// The entries of two levels in the order in which they will be served; none stands for one more at `extra`, a level
    /// and a sequence.
    fn turn_by_turn(&self, extra: Option<(usize, u64)>) -> Vec<Option<&Entry>> {
        let [mut normal, mut high] = [0, 1].map(|level| {
            let entries = self.levels.get(level).into_iter().flatten();
            let mut list: VecDeque<(u64, Option<&Entry>)> =
                entries.map(|entry| (entry.sequence, Some(entry))).collect();
            if let Some((_, sequence)) = extra.filter(|(at, _)| *at == level) {
                let place = list.partition_point(|(other, _)| *other < sequence);
                list.insert(place, (sequence, None));
            }
            list
        });
        let mut turns = self.turns.unwrap_or_default();
        let mut order = Vec::with_capacity(normal.len() + high.len());
        loop {
            let first = |list: &VecDeque<(u64, Option<&Entry>)>| list.front().map(|front| front.0);
            let next = match turns.takes_high(first(&high), first(&normal)) {
                true => high.pop_front(),
                false => normal.pop_front(),
            };
            let Some((_, entry)) = next else {
                return order;
            };
            order.push(entry);
            turns = turns.after_one();
        }
    }

    pub(in crate::amqp) fn pop(&mut self) -> Option<Entry> {
        let entry = match self.returns.pop_front() {
            Some(entry) => entry,
            None => {
                let level = self.next_level()?;
                let entry = self.levels.get_mut(level)?.pop_front()?;
                self.turns = self.turns.map(Turns::after_one);
                entry
            }
        };
        self.count -= 1;
        self.bytes -= entry.message.body.len() as u64;
        Some(entry)
    }

    /// All of them in the order they would be served.
    pub(in crate::amqp) fn iter(&self) -> impl Iterator<Item = &Entry> {
        let by_turns = self.turns.is_some();
        let turns = by_turns.then(|| self.turn_by_turn(None));
        let levels = self.levels.iter().rev().flatten();
        self.returns
            .iter()
            .chain(turns.into_iter().flatten().flatten())
            .chain(levels.take_while(move |_| !by_turns))
    }

    /// When the one that came first was published.
    pub(in crate::amqp) fn oldest(&self) -> Option<SimTime> {
        // Each level is in the order of arrival; the returns, few, are not.
        let fronts = self.levels.iter().filter_map(VecDeque::front);
        fronts
            .chain(&self.returns)
            .min_by_key(|entry| entry.sequence)
            .map(|entry| entry.message.published_at)
    }

    /// A stream's message at this offset, or the first one after it.
    pub(in crate::amqp) fn at_or_after(&self, offset: u64) -> Option<&Entry> {
        let log = self.levels.first()?;
        log.get(log.partition_point(|entry| entry.sequence < offset))
    }

    /// Takes everything out, in order.
    pub(in crate::amqp) fn take_all(&mut self) -> Vec<Entry> {
        if self.turns.is_some() {
            return std::iter::from_fn(|| self.pop()).collect();
        }
        let mut entries: Vec<Entry> = self.returns.drain(..).collect();
        for level in self.levels.iter_mut().rev() {
            entries.extend(level.drain(..));
        }
        (self.count, self.bytes) = (0, 0);
        entries
    }
}
