//! What happened over time: the run cut into equal pieces, each with the numbers at its end, its peaks and its marks.
//!
//! Bounded: when there are too many pieces, two become one, and what is seen becomes coarser; the numbers stay exact.

use std::rc::Rc;

use crate::amqp::event::DropReason;
use crate::amqp::{Event, QueueId};
use crate::engine::moment::Moment;
use crate::engine::tally::{Tally, is_error};
use crate::engine::world::{ProgramEvent, WorldCommand, WorldEvent};
use crate::machine::{Input, Origin, SimTime};
use crate::ordered::Map;

/// The length of the pieces at the beginning.
const FIRST_WIDTH_MS: u64 = 50;

/// So many pieces there are at most.
const PIECES: usize = 256;

/// With many queues and consumers there are fewer pieces: what all together keep is at most about so many numbers.
const KEPT: usize = 40_000;

/// What matters, on the timeline.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MarkKind {
    Published,
    Redelivered,
    Expired,
    DeadLettered,
    Unroutable,
    Error,
    /// What the person did.
    User,
}

impl MarkKind {
    /// Every kind, the plain ones first.
    pub const ALL: [MarkKind; 7] = [
        MarkKind::Published,
        MarkKind::Redelivered,
        MarkKind::Expired,
        MarkKind::DeadLettered,
        MarkKind::Unroutable,
        MarkKind::Error,
        MarkKind::User,
    ];

    /// The kind of mark an event leaves, if any.
    pub fn of(event: &WorldEvent) -> Option<MarkKind> {
        let event = match event {
            WorldEvent::Broker(event) => event,
            WorldEvent::Program(ProgramEvent::Failed { .. } | ProgramEvent::Refused { .. }) => {
                return Some(MarkKind::Error);
            }
            WorldEvent::Program(_) => return None,
        };
        match event {
            Event::Published { message, .. } if message.parent().is_none() => {
                Some(MarkKind::Published)
            }
            Event::Delivered {
                redelivered: true, ..
            } => Some(MarkKind::Redelivered),
            Event::Dropped {
                why: DropReason::Expired,
                ..
            } => Some(MarkKind::Expired),
            Event::DeadLettered { .. } | Event::DeadLetterLost { .. } => {
                Some(MarkKind::DeadLettered)
            }
            Event::Unroutable { .. } | Event::Refused { .. } => Some(MarkKind::Unroutable),
            Event::LimitReached { .. } => Some(MarkKind::Error),
            _ if is_error(event) => Some(MarkKind::Error),
            _ => None,
        }
    }
}

/// So many of one kind close together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    pub kind: MarkKind,
    /// The time of the first.
    pub at: SimTime,
    /// The step of the first.
    pub step: usize,
    pub count: u32,
}

/// The most that was ready and unacked at once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Peak {
    pub ready: u64,
    pub unacked: u64,
}

/// One piece of the run.
#[derive(Clone, Debug, PartialEq)]
pub struct Piece {
    /// How many steps there are up to its end.
    pub steps: usize,
    /// The numbers at its end.
    pub tally: Rc<Tally>,
    /// The peaks of the queues that something happened to.
    pub peaks: Map<QueueId, Peak>,
    pub marks: Vec<Mark>,
}

impl Piece {
    fn new(steps: usize, tally: Rc<Tally>) -> Piece {
        Piece {
            steps,
            tally,
            peaks: Map::new(),
            marks: Vec::new(),
        }
    }

    fn mark(&mut self, mark: Mark) {
        match self.marks.iter_mut().find(|known| known.kind == mark.kind) {
            Some(known) => known.count += mark.count,
            None => self.marks.push(mark),
        }
    }

    /// Goes on where it ended, with a later piece.
    fn absorb(&mut self, later: Piece) {
        self.steps = later.steps;
        self.tally = later.tally;
        for (queue, peak) in later.peaks.iter() {
            self.peak(queue, *peak);
        }
        for mark in later.marks {
            self.mark(mark);
        }
    }

    fn peak(&mut self, queue: &QueueId, peak: Peak) {
        match self.peaks.get_mut(queue) {
            Some(known) => {
                known.ready = known.ready.max(peak.ready);
                known.unacked = known.unacked.max(peak.unacked);
            }
            None => {
                self.peaks.insert(queue.clone(), peak);
            }
        }
    }
}

/// The pieces of a run.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    width_ms: u64,
    /// Piece `n` covers the times from `n * width_ms` on; the last is still open.
    pieces: Vec<Rc<Piece>>,
}

impl Series {
    /// Nothing yet.
    pub fn new() -> Series {
        Series {
            width_ms: FIRST_WIDTH_MS,
            pieces: vec![Rc::new(Piece::new(0, Rc::default()))],
        }
    }

    /// How long a piece is.
    pub fn width_ms(&self) -> u64 {
        self.width_ms
    }

    /// The pieces, oldest first. The last is not over yet: its numbers are those of now.
    pub fn pieces(&self) -> &[Rc<Piece>] {
        &self.pieces
    }

    /// Which piece a time falls into, if the run has come so far.
    pub fn piece_at(&self, at: SimTime) -> usize {
        let index = usize::try_from(at.as_ms() / self.width_ms).unwrap_or(usize::MAX);
        index.min(self.pieces.len() - 1)
    }

    /// Time has come to `at`, and `before` is what was before the step that happens then: pieces that are over get
    /// their numbers. (The open one has none, so that a step need not copy them.)
    pub fn pass(&mut self, at: SimTime, before: &Moment) {
        let is_over = at.as_ms() / self.width_ms >= self.pieces.len() as u64;
        if is_over && let Some(last) = self.pieces.last_mut() {
            Rc::make_mut(last).tally = Rc::clone(before.tally());
            self.open(at, before.tally().weight());
        }
    }

    /// Takes in step `index` and what it led to, after [`Series::pass`].
    pub fn take(
        &mut self,
        index: usize,
        input: &Input<WorldCommand>,
        events: &[WorldEvent],
        after: &Moment,
    ) {
        let Some(last) = self.pieces.last_mut() else {
            return;
        };
        let piece = Rc::make_mut(last);
        piece.steps = index + 1;
        let by_hand = (input.origin == Origin::User).then_some(MarkKind::User);
        for kind in by_hand
            .into_iter()
            .chain(events.iter().filter_map(MarkKind::of))
        {
            piece.mark(Mark {
                kind,
                at: input.at,
                step: index,
                count: 1,
            });
        }
        for event in events {
            if let WorldEvent::Broker(
                Event::Enqueued { queue, .. } | Event::Delivered { queue, .. },
            ) = event
                && let Some(queue_tally) = after.tally().queue(queue)
            {
                let gauge = queue_tally.gauge;
                piece.peak(
                    queue,
                    Peak {
                        ready: gauge.ready,
                        unacked: gauge.unacked,
                    },
                );
            }
        }
    }

    /// Forgets what came after the first `steps` steps, the last of them at `at`, and says from which step on the run
    /// has to be read again.
    pub fn truncate(&mut self, steps: usize, at: SimTime) -> usize {
        self.pieces.truncate(self.piece_at(at));
        while self.pieces.last().is_some_and(|piece| piece.steps > steps) {
            self.pieces.pop();
        }
        let from = self.pieces.last().map_or(0, |piece| piece.steps);
        self.pieces.push(Rc::new(Piece::new(from, Rc::default())));
        from
    }

    /// Makes the piece of `at` the last one.
    fn open(&mut self, at: SimTime, weight: usize) {
        let limit = (KEPT / (weight + 1)).clamp(32, PIECES);
        let mut index = usize::try_from(at.as_ms() / self.width_ms).unwrap_or(usize::MAX);
        while index >= limit.max(self.pieces.len().min(PIECES)) {
            self.halve();
            index /= 2;
        }
        while self.pieces.len() <= index {
            let Some(last) = self.pieces.last() else {
                return;
            };
            // Nothing happened for a while: the numbers are what they were.
            let piece = Piece::new(last.steps, Rc::clone(&last.tally));
            self.pieces.push(Rc::new(piece));
        }
    }

    /// Of every two pieces one.
    fn halve(&mut self) {
        self.width_ms *= 2;
        let mut halved: Vec<Rc<Piece>> = Vec::with_capacity(self.pieces.len() / 2 + 1);
        for (index, piece) in self.pieces.drain(..).enumerate() {
            match halved.last_mut() {
                Some(earlier) if index % 2 == 1 => {
                    let piece = Rc::try_unwrap(piece).unwrap_or_else(|shared| (*shared).clone());
                    Rc::make_mut(earlier).absorb(piece);
                }
                Some(_) | None => halved.push(piece),
            }
        }
        self.pieces = halved;
    }
}

impl Default for Series {
    fn default() -> Series {
        Series::new()
    }
}
