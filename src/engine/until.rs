//! As fast as it can, until something happens: in slices, so that the page answers and the person can stop it.

use crate::amqp::QueueId;
use crate::engine::run::Engine;
use crate::engine::tally::Tally;
use crate::engine::update::Update;
use crate::machine::{Machine, SimTime};

/// What is waited for.
#[derive(Clone, Debug, PartialEq)]
pub enum Until {
    /// Nothing is ready in a queue and nothing of it is out, after there was something.
    Empty(QueueId),
    /// The first redelivery from now on.
    Redelivered,
    /// So many acknowledgements from now on.
    Acked(u64),
    /// The first dead letter from now on.
    DeadLettered,
    /// The first message from now on that no queue takes.
    Unroutable,
    /// A time of the run.
    Time(SimTime),
}

/// How it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UntilEnd {
    /// What was waited for happened.
    Met,
    /// Nothing more is due: it will not happen by itself.
    NothingDue,
    /// It took too many steps.
    Limit,
    Cancelled,
}

/// So many steps are taken at most; more would fill the memory.
pub const UNTIL_STEPS: usize = 300_000;

/// A run that goes on until something happens.
#[derive(Clone, Debug, PartialEq)]
pub struct UntilRun {
    pub until: Until,
    pub steps: usize,
    /// When it began.
    pub from: SimTime,
    /// The number that has to be reached.
    goal: u64,
    /// The queue has held something.
    was_filled: bool,
}

impl UntilRun {
    fn new(until: Until, tally: &Tally, now: SimTime) -> UntilRun {
        let more = match until {
            Until::Acked(count) => count,
            Until::Redelivered | Until::DeadLettered | Until::Unroutable => 1,
            Until::Empty(_) | Until::Time(_) => 0,
        };
        let goal = counted(&until, tally) + more;
        let mut run = UntilRun {
            until,
            steps: 0,
            from: now,
            goal,
            was_filled: false,
        };
        run.is_met(tally);
        run
    }

    /// How far it is, of how many, where that can be counted.
    pub fn progress(&self, tally: &Tally, now: SimTime) -> Option<(u64, u64)> {
        match &self.until {
            Until::Acked(count) => {
                let left = self.goal.saturating_sub(counted(&self.until, tally));
                Some((count.saturating_sub(left), *count))
            }
            Until::Time(at) => Some((now.since(self.from), at.since(self.from))),
            Until::Empty(_) | Until::Redelivered | Until::DeadLettered | Until::Unroutable => None,
        }
    }

    fn is_met(&mut self, tally: &Tally) -> bool {
        match &self.until {
            Until::Empty(queue) => {
                let gauge = tally.queue(queue).map(|queue| queue.gauge);
                let held = gauge.map_or(0, |gauge| gauge.ready + gauge.unacked);
                self.was_filled |= held > 0;
                self.was_filled && held == 0
            }
            Until::Time(_) => false,
            until => counted(until, tally) >= self.goal,
        }
    }
}

fn counted(until: &Until, tally: &Tally) -> u64 {
    let counts = &tally.counts;
    match until {
        Until::Redelivered => counts.redelivered,
        Until::Acked(_) => counts.acked + counts.automatic,
        Until::DeadLettered => counts.dead_lettered.iter().sum(),
        Until::Unroutable => counts.unroutable,
        Until::Empty(_) | Until::Time(_) => 0,
    }
}

impl Engine {
    /// From now on [`Engine::run_until`] goes on until `until`.
    pub fn start_until(&mut self, until: Until) {
        self.playback.set_playing(false);
        let now = SimTime(self.playback.now_ms());
        self.until_end = None;
        self.until = Some(UntilRun::new(until, self.present().tally(), now));
    }

    /// What is waited for, while it is.
    pub fn until(&self) -> Option<&UntilRun> {
        self.until.as_ref()
    }

    /// How the last wait ended, once.
    pub fn take_until_end(&mut self) -> Option<(UntilRun, UntilEnd)> {
        self.until_end.take()
    }

    /// Waits no longer.
    pub fn cancel_until(&mut self) {
        self.end_until(UntilEnd::Cancelled);
    }

    /// At most `steps` more steps, a jump to where they lead.
    pub fn run_until(&mut self, steps: usize) -> Update {
        let mut once = true;
        self.run_until_while(steps, || std::mem::take(&mut once))
    }

    /// Slices of `steps` steps as long as there may be `more`, a jump to where they lead.
    pub fn run_until_while(&mut self, steps: usize, mut more: impl FnMut() -> bool) -> Update {
        let from = self.index();
        while self.until.is_some() && more() {
            for _ in 0..steps {
                if let Some(end) = self.until_step() {
                    self.end_until(end);
                    break;
                }
            }
        }
        self.jumped(from)
    }

    fn end_until(&mut self, end: UntilEnd) {
        self.until_end = self.until.take().map(|run| (run, end));
    }

    /// One step of the wait; says how it ended, if it did.
    fn until_step(&mut self) -> Option<UntilEnd> {
        let time = match self.until.as_ref()?.until {
            Until::Time(at) => Some(at),
            _ => None,
        };
        if let Some(at) = time
            && self.next_time().is_none_or(|next| next > at)
        {
            self.playback
                .set_now_ms(at.as_ms().max(self.playback.now_ms()));
            if self.past.is_none() {
                self.branches.recording_mut().reach(at);
            }
            return Some(UntilEnd::Met);
        }
        let had_past = self.past.is_some();
        if self.one_ahead().is_none() {
            // Where something was taken back a branch begins, and there may be more in it.
            let goes_on = had_past && self.past.is_none() && self.has_next();
            return (!goes_on).then_some(UntilEnd::NothingDue);
        }
        let tally = std::rc::Rc::clone(self.present().tally());
        let run = self.until.as_mut()?;
        run.steps += 1;
        if run.is_met(&tally) {
            return Some(UntilEnd::Met);
        }
        (run.steps >= UNTIL_STEPS).then_some(UntilEnd::Limit)
    }

    /// When the next thing happens: what is recorded, or what is due.
    fn next_time(&self) -> Option<SimTime> {
        if self.past.is_some() {
            return self.timeline().inputs().time(self.index());
        }
        let deadline = self.present().next_deadline()?;
        Some(deadline.max(self.timeline().time_at(self.index())))
    }
}
