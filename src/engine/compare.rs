//! Two branches side by side: which messages ended elsewhere.
//!
//! What was published before the branches parted is the same message in both. What was published after is taken for the
//! same when it is the n-th with the same publisher, exchange, key and body. A dead letter belongs to the message it
//! comes from: its end is that one's.

use std::collections::VecDeque;
use std::rc::Rc;

use rustc_hash::FxHashMap;

use crate::amqp::event::{DropReason, Settlement};
use crate::amqp::{ChannelId, Event, Message, MessageId, QueueId};
use crate::engine::branches::BranchId;
use crate::engine::moment::Moment;
use crate::engine::recording::Recording;
use crate::engine::run::Engine;
use crate::engine::world::WorldEvent;
use crate::machine::{Machine, SimTime};
use crate::ordered::{Map, Set, sort};

/// Where a copy of a message is at the end of a branch, or how it came to its end.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ending {
    /// It waits.
    Ready(QueueId),
    /// It is out, in the hands of this connection.
    Unacked(QueueId, Rc<str>),
    /// Acknowledged by this connection.
    Acked(QueueId, Rc<str>),
    /// Rejected for good.
    Discarded(QueueId),
    Dropped(QueueId, Dropped),
    /// A full queue refused it.
    Refused(QueueId),
    /// Out when its queue was deleted.
    QueueGone(QueueId),
    /// A dead letter for which there was no exchange.
    Lost(QueueId),
    /// Given back to its publisher.
    Returned,
    /// No queue took it.
    Unroutable,
    /// Held back, in a transaction or for its delay.
    Held,
}

/// Why the broker dropped a copy: a place in [`crate::engine::DROP_REASONS`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Dropped(pub usize);

impl Dropped {
    /// The reason itself.
    pub fn reason(self) -> DropReason {
        crate::engine::DROP_REASONS[self.0]
    }
}

/// A message that ended differently, or that is in one branch only.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    pub message: Rc<Message>,
    /// Its number in the first branch, and where it ended; none if it is not in it.
    pub first: Option<(MessageId, Vec<Ending>)>,
    pub second: Option<(MessageId, Vec<Ending>)>,
}

/// Two branches side by side.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    pub first: BranchId,
    pub second: BranchId,
    /// How many steps they share, and when the first that they do not share happens.
    pub shared: usize,
    pub parted: SimTime,
    /// How many messages ended alike.
    pub alike: usize,
    /// The others, by number; the list is cut off at [`LISTED`].
    pub differences: Vec<Difference>,
    /// How many there are in all.
    pub different: usize,
}

/// So many differences are listed at most.
pub const LISTED: usize = 200;

/// What is known of a message.
#[derive(Clone, Debug)]
struct Fate {
    message: Rc<Message>,
    /// Where its copies are; each queue has at most one.
    copies: Vec<(QueueId, Option<Ending>)>,
    whole: Option<Ending>,
}

/// Messages by number.
type Fates = Map<MessageId, Fate>;

/// Where messages ended, by number.
type Ends = Map<MessageId, (Rc<Message>, Vec<Ending>)>;

/// A branch that is being read: what is recorded of it, and how far one is.
#[derive(Clone, Debug)]
struct Reading {
    recording: Recording,
    state: Moment,
    index: usize,
    fates: Fates,
}

/// A comparison under way. What happens in the branches meanwhile is not in it.
#[derive(Debug)]
pub(super) struct Comparing {
    first: BranchId,
    second: BranchId,
    shared: usize,
    a: Reading,
    /// Begins where what they share ends.
    b: Option<Reading>,
    b_recording: Recording,
}

impl Reading {
    /// Reads on, at most `steps` steps and not beyond `until`; says how many are left of `steps`.
    fn on(&mut self, steps: usize, until: usize) -> usize {
        let mut left = steps;
        let mut events = Vec::new();
        let inputs = self.recording.timeline().inputs();
        while left > 0
            && self.index < until
            && let Some(input) = inputs.get(self.index)
        {
            self.state.step(&input, &mut events);
            for event in events.drain(..) {
                if let WorldEvent::Broker(event) = event {
                    read(&self.recording, &event, &mut self.fates);
                }
            }
            self.index += 1;
            left -= 1;
        }
        left
    }

    fn is_at_end(&self) -> bool {
        self.index >= self.recording.len()
    }
}

impl Comparing {
    fn new(engine: &Engine, first: BranchId, second: BranchId) -> Option<Comparing> {
        let (a, b) = (engine.branches.find(first)?, engine.branches.find(second)?);
        let reading = Reading {
            recording: a.clone(),
            state: a.timeline().state_at(0),
            index: 0,
            fates: Fates::new(),
        };
        Some(Comparing {
            first,
            second,
            shared: a.timeline().common_with(b.timeline()),
            a: reading,
            b: None,
            b_recording: b.clone(),
        })
    }

    /// How many steps have been read, of how many.
    fn progress(&self) -> (usize, usize) {
        let second = self.b.as_ref().map_or(0, |b| b.index - self.shared);
        let all = self.a.recording.len() + self.b_recording.len() - self.shared;
        (self.a.index + second, all)
    }

    /// Reads at most `steps` steps more; says whether all is read.
    fn read_on(&mut self, steps: usize) -> bool {
        let mut left = steps;
        if self.b.is_none() {
            left = self.a.on(left, self.shared);
            if self.a.index < self.shared {
                return false;
            }
            self.b = Some(Reading {
                recording: self.b_recording.clone(),
                ..self.a.clone()
            });
        }
        left = self.a.on(left, usize::MAX);
        let Some(b) = &mut self.b else {
            return false;
        };
        b.on(left, usize::MAX);
        self.a.is_at_end() && b.is_at_end()
    }

    /// Both are read: which messages ended elsewhere.
    fn result(self) -> Comparison {
        let (a, b_recording) = (&self.a, &self.b_recording);
        let mut comparison = Comparison {
            first: self.first,
            second: self.second,
            shared: self.shared,
            parted: parted(&a.recording, b_recording, self.shared),
            alike: 0,
            differences: Vec::new(),
            different: 0,
        };
        let none = Fates::new();
        let b_fates = self.b.as_ref().map_or(&none, |b| &b.fates);
        let ends_a = endings(&a.recording, &a.fates);
        let ends_b = endings(b_recording, b_fates);
        comparison.pair(&a.recording, b_recording, &ends_a, &ends_b);
        comparison
    }
}

impl Engine {
    /// Two branches side by side, each at its end; none if one of them does not exist.
    pub fn compare(&self, first: BranchId, second: BranchId) -> Option<Comparison> {
        let mut comparing = Comparing::new(self, first, second)?;
        while !comparing.read_on(usize::MAX) {}
        Some(comparing.result())
    }

    /// Begins to put two branches side by side; [`Engine::compare_on`] goes on with it, a slice at a time. Says whether
    /// both exist.
    pub fn start_compare(&mut self, first: BranchId, second: BranchId) -> bool {
        self.comparing = Comparing::new(self, first, second);
        self.comparing.is_some()
    }

    /// How many steps of a comparison have been read, of how many.
    pub fn comparing(&self) -> Option<(usize, usize)> {
        self.comparing.as_ref().map(Comparing::progress)
    }

    /// Compares on for at most `steps` steps; gives the comparison when it is done.
    pub fn compare_on(&mut self, steps: usize) -> Option<Comparison> {
        let is_read = self.comparing.as_mut()?.read_on(steps);
        let done = self.comparing.take_if(|_| is_read)?;
        Some(done.result())
    }

    /// Compares no longer.
    pub fn cancel_compare(&mut self) {
        self.comparing = None;
    }
}

/// When two courses go different ways: the first step that is not shared.
fn parted(a: &Recording, b: &Recording, shared: usize) -> SimTime {
    let next = |recording: &Recording| recording.timeline().inputs().time(shared);
    let first = next(a).into_iter().chain(next(b)).min();
    first.unwrap_or_else(|| a.timeline().time_at(shared))
}

impl Comparison {
    /// Finds for every message the same one in the other branch.
    fn pair(&mut self, a: &Recording, b: &Recording, ends_a: &Ends, ends_b: &Ends) {
        let shared = self.shared;
        let in_common = |message: MessageId| {
            a.published(message).is_some_and(|step| step < shared)
                && b.published(message).is_some_and(|step| step < shared)
        };
        let mut partners = partners(b, ends_b, &in_common);
        let mut met: Set<MessageId> = Set::new();
        for (id, (message, ends)) in ends_a.iter() {
            let partner = match in_common(*id) {
                true => Some(*id),
                false => partners
                    .get_mut(&key(a, message))
                    .and_then(VecDeque::pop_front),
            };
            let other = partner.and_then(|id| Some((id, ends_b.get(&id)?.1.clone())));
            if let Some(id) = partner {
                met.insert(id);
            }
            if other.as_ref().is_some_and(|(_, others)| others == ends) {
                self.alike += 1;
                continue;
            }
            self.add(message, Some((*id, ends.clone())), other);
        }
        for (id, (message, ends)) in ends_b.iter() {
            if !met.contains(id) {
                self.add(message, None, Some((*id, ends.clone())));
            }
        }
    }

    fn add(
        &mut self,
        message: &Rc<Message>,
        first: Option<(MessageId, Vec<Ending>)>,
        second: Option<(MessageId, Vec<Ending>)>,
    ) {
        self.different += 1;
        if self.differences.len() < LISTED {
            self.differences.push(Difference {
                message: Rc::clone(message),
                first,
                second,
            });
        }
    }
}

/// What makes messages of two branches the same.
type Key = (Rc<str>, Rc<str>, Vec<u8>, Rc<[u8]>);

fn key(recording: &Recording, message: &Message) -> Key {
    let channel = message.publisher;
    (
        channel.map_or_else(|| "".into(), |channel| name(recording, channel)),
        message.exchange.to_string().into(),
        message.routing_key.to_text().as_bytes().to_vec(),
        Rc::clone(&message.body),
    )
}

fn name(recording: &Recording, channel: ChannelId) -> Rc<str> {
    let ways = &recording.timeline().present().tally().ways;
    let name = ways.names.get(&channel.connection);
    name.map_or_else(|| channel.connection.to_string().into(), Rc::clone)
}

/// The messages of a branch that are not also in the other, by what makes them the same, in order.
fn partners(
    recording: &Recording,
    ends: &Ends,
    in_common: &dyn Fn(MessageId) -> bool,
) -> FxHashMap<Key, VecDeque<MessageId>> {
    let mut partners: FxHashMap<Key, VecDeque<MessageId>> = FxHashMap::default();
    for (id, (message, _)) in ends.iter().filter(|(id, _)| !in_common(**id)) {
        let key = key(recording, message);
        partners.entry(key).or_default().push_back(*id);
    }
    partners
}

/// Where every message that a client published ended, its dead letters included.
fn endings(recording: &Recording, fates: &Fates) -> Ends {
    let tally = recording.timeline().present().tally();
    let mut of_children: Map<MessageId, Vec<Ending>> = Map::new();
    let mut ends = Vec::new();
    // A dead letter's number is higher than that of the message it comes from.
    for (id, fate) in fates.iter().rev() {
        let mut own = of_children.remove(id).unwrap_or_default();
        own.extend(fate.whole.clone());
        for (queue, end) in &fate.copies {
            let is_stream = tally.queue(queue).is_some_and(|it| it.gauge.is_stream);
            own.extend(match end {
                Some(_) if is_stream => Some(Ending::Ready(queue.clone())),
                end => end.clone(),
            });
        }
        if fate.copies.is_empty() && own.is_empty() {
            own.push(Ending::Held);
        }
        match fate.message.parent() {
            Some(parent) if fates.contains_key(&parent) => {
                of_children.entry(parent).or_default().extend(own);
            }
            Some(_) | None => {
                sort(&mut own);
                ends.push((*id, (Rc::clone(&fate.message), own)));
            }
        }
    }
    let mut map = Map::new();
    for (id, end) in ends.into_iter().rev() {
        map.insert(id, end);
    }
    map
}

fn read(recording: &Recording, event: &Event, fates: &mut Fates) {
    match event {
        Event::Published { message, .. } => {
            let fate = Fate {
                message: Rc::clone(message),
                copies: Vec::new(),
                whole: None,
            };
            fates.insert(message.id, fate);
        }
        Event::Returned { message, .. } => whole(fates, message.id, Ending::Returned),
        Event::Unroutable { message, .. } => whole(fates, *message, Ending::Unroutable),
        Event::Enqueued { queue, message, .. } => {
            set(fates, *message, queue, Some(Ending::Ready(queue.clone())));
        }
        Event::Refused { queue, message } => {
            set(fates, *message, queue, Some(Ending::Refused(queue.clone())));
        }
        Event::Delivered {
            queue,
            message,
            channel,
            ..
        } => {
            let end = Ending::Unacked(queue.clone(), name(recording, *channel));
            set(fates, message.id, queue, Some(end));
        }
        Event::Settled {
            queue,
            message,
            channel,
            how,
            ..
        } => {
            let queue_id = queue.clone();
            let end = match how {
                Settlement::Ack | Settlement::Automatic => {
                    Ending::Acked(queue_id, name(recording, *channel))
                }
                Settlement::Discard => Ending::Discarded(queue_id),
                Settlement::Requeue { .. } => Ending::Ready(queue_id),
                Settlement::QueueGone => Ending::QueueGone(queue_id),
            };
            set(fates, *message, queue, Some(end));
        }
        Event::Dropped {
            queue,
            message,
            why,
        } => {
            let reasons = crate::engine::DROP_REASONS;
            let place = reasons.iter().position(|reason| reason == why);
            let end = Ending::Dropped(queue.clone(), Dropped(place.unwrap_or(0)));
            set(fates, *message, queue, Some(end));
        }
        // What becomes of it is told of the dead letter.
        Event::DeadLettered { queue, message, .. } => set(fates, *message, queue, None),
        Event::DeadLetterLost { queue, message, .. } => {
            set(fates, *message, queue, Some(Ending::Lost(queue.clone())));
        }
        _ => {}
    }
}

fn whole(fates: &mut Fates, message: MessageId, end: Ending) {
    if let Some(fate) = fates.get_mut(&message) {
        fate.whole = Some(end);
    }
}

fn set(fates: &mut Fates, message: MessageId, queue: &QueueId, end: Option<Ending>) {
    let Some(fate) = fates.get_mut(&message) else {
        return;
    };
    match fate.copies.iter_mut().find(|(known, _)| known == queue) {
        Some((_, known)) => *known = end,
        None => fate.copies.push((queue.clone(), end)),
    }
}
