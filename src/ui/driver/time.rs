//! The driver in time: to any moment, into branches, and on until something happens.

use std::rc::Rc;

use crate::engine::{BranchId, Journey, StepRecord, Until, UntilEnd, Update};
use crate::machine::SimTime;
use crate::ui::amqp::course::{Course, StepSize};
use crate::ui::canvas::scene::Tone;
use crate::ui::dom;
use crate::ui::driver::{Driver, Run, Said, Told};
use crate::ui::text::{Lang, fill_plain};

/// How long one frame of waiting works, so that the page answers.
const SLICE_MS: f64 = 10.0;

/// So many steps are taken between two looks at the clock.
const STEPS: usize = 64;

impl Driver {
    /// To a time of the run, paused.
    pub fn seek_time(&self, ms: u64) {
        let update = self.with(|run| run.engine.seek_time(SimTime(ms)));
        self.jump(&update, Said::Nothing);
    }

    /// To the moment after so many steps, paused.
    pub fn seek_step(&self, index: usize) {
        let update = self.with(|run| run.engine.seek(index));
        self.went(&update);
    }

    /// One step of the size the person chose, and then it is paused.
    pub fn step(&self) -> Vec<StepRecord> {
        self.forward(self.step_size())
    }

    /// One step of that size, and then it is paused.
    pub fn forward(&self, size: StepSize) -> Vec<StepRecord> {
        let update = self.with(|run| {
            run.engine.pause();
            match size {
                StepSize::Command => run.engine.step_one(),
                StepSize::Event => run.engine.step_event(),
            }
        });
        self.show(&update)
    }

    /// One step back, of the size the person chose.
    pub fn back(&self) {
        self.backward(self.step_size());
    }

    /// One step of that size back.
    pub fn backward(&self, size: StepSize) {
        let update = self.with(|run| match size {
            StepSize::Command => run.engine.step_back(),
            StepSize::Event => run.engine.back_event(),
        });
        if let Some(update) = update {
            self.went(&update);
        }
    }

    /// How far one step goes.
    pub fn step_size(&self) -> StepSize {
        self.with(|run| run.step_size)
    }

    /// From now on one step goes so far.
    pub fn set_step_size(&self, size: StepSize) {
        if self.with(|run| std::mem::replace(&mut run.step_size, size)) != size {
            self.turn();
        }
    }

    /// To the beginning, after the set-up.
    pub fn to_start(&self) {
        let update = self.with(|run| {
            let first = run.engine.first_index();
            run.engine.seek(first)
        });
        self.went(&update);
    }

    /// To the end of what is recorded.
    pub fn to_end(&self) {
        self.seek_step(usize::MAX);
    }

    fn went(&self, update: &Update) {
        let cursor = update.cursor;
        let lang = self.lang();
        let mut text = fill_plain(
            lang.time().said_went,
            &[&cursor.now, &cursor.index, &cursor.recorded],
        );
        if let Some(within) = cursor.within {
            let more = fill_plain(lang.steps().within, &[&within.done, &within.of]);
            text = format!("{text} {more}");
        }
        self.jump(update, Said::Words(text));
    }

    /// Goes on in another branch.
    pub fn switch_branch(&self, id: BranchId) {
        let Some(update) = self.with(|run| run.engine.switch_branch(id)) else {
            return;
        };
        let name = self.with(|run| run.branch_name(id));
        let text = fill_plain(
            self.lang().time().branch_switched,
            &[&name, &update.cursor.now],
        );
        self.jump(&update, Said::Words(text));
    }

    /// Gives a branch a name.
    pub fn name_branch(&self, id: BranchId, name: &str) {
        self.with(|run| run.engine.name_branch(id, name));
        self.turn();
    }

    /// Forgets a branch.
    pub fn delete_branch(&self, id: BranchId) {
        self.with(|run| {
            let gone = run.engine.delete_branch(id);
            run.comparison
                .take_if(|it| gone && (it.first == id || it.second == id));
        });
        self.turn();
    }

    /// Puts two branches side by side, in slices; or takes the comparison away, also one under way.
    pub fn compare(&self, branches: Option<(BranchId, BranchId)>) {
        self.with(|run| {
            run.comparison = None;
            match branches {
                Some((a, b)) => drop(run.engine.start_compare(a, b)),
                None => run.engine.cancel_compare(),
            }
        });
        // What is short is there at once.
        self.compare_on();
        self.wake_if_comparing();
    }

    /// Goes on with a comparison for one frame.
    pub(super) fn compare_on(&self) {
        let until = dom::now_ms() + SLICE_MS;
        self.with(|run| {
            while run.engine.comparing().is_some() && dom::now_ms() < until {
                let done = run.engine.compare_on(STEPS);
                run.comparison = done.map(Rc::new).or(run.comparison.take());
            }
        });
        self.turn();
    }

    fn wake_if_comparing(&self) {
        if self.is_comparing() {
            self.wake();
        }
    }

    /// Whether two branches are being compared.
    pub(super) fn is_comparing(&self) -> bool {
        self.with(|run| run.engine.comparing().is_some())
    }

    /// As fast as it can, until something happens.
    pub fn start_until(&self, until: Until) {
        self.with(|run| run.engine.start_until(until));
        self.0.outlets.stage.clear();
        self.turn();
        self.wake();
    }

    /// Waits no longer.
    pub fn cancel_until(&self) {
        self.with(|run| run.engine.cancel_until());
        self.until_ended();
        self.turn();
    }

    /// Whether it waits for something.
    pub(super) fn is_waiting(&self) -> bool {
        self.with(|run| run.engine.until().is_some())
    }

    /// One frame of waiting.
    pub(super) fn wait_on(&self) {
        let until = dom::now_ms() + SLICE_MS;
        let more = || dom::now_ms() < until;
        let update = self.with(|run| run.engine.run_until_while(STEPS, more));
        self.jump(&update, Said::Nothing);
        self.until_ended();
    }

    fn until_ended(&self) {
        let ended = self.with(|run| {
            let (waited, end) = run.engine.take_until_end()?;
            Some((waited, end, run.engine.cursor().now))
        });
        let Some((waited, end, now)) = ended else {
            return;
        };
        let lang = self.lang();
        let t = lang.time();
        let (tone, text) = match end {
            UntilEnd::Met => (Tone::Success, t.until_met),
            UntilEnd::NothingDue => (Tone::Warning, t.until_nothing),
            UntilEnd::Limit => (Tone::Warning, t.until_limit),
            UntilEnd::Cancelled => (Tone::Ink, t.until_cancelled),
        };
        let what = until_words(&waited.until, lang);
        let text = fill_plain(text, &[&what, &waited.steps, &now]);
        (self.0.outlets.notify)(tone, text);
    }
}

/// What is waited for, in words.
pub fn until_words(until: &Until, lang: Lang) -> String {
    let t = lang.time();
    match until {
        Until::Empty(queue) => format!("{} ({queue})", t.until_empty),
        Until::Redelivered => t.until_redelivered.to_string(),
        Until::Acked(count) => fill_plain(t.until_acked_n, &[count]),
        Until::DeadLettered => t.until_dead.to_string(),
        Until::Unroutable => t.until_unroutable.to_string(),
        Until::Time(at) => fill_plain(t.until_time_n, &[at]),
    }
}

impl Run {
    /// What a branch is called.
    pub(super) fn branch_name(&self, id: BranchId) -> String {
        let branches = self.engine.branches();
        let branch = branches.iter().find(|branch| branch.id == id);
        let name = branch.and_then(|branch| branch.name.clone());
        crate::ui::amqp::course::branch_name(id, name.as_deref(), self.lang)
    }

    /// The notice that a branch began, if one did.
    pub(super) fn forked(&mut self) -> Option<String> {
        let forked = self.engine.take_forked()?;
        let t = self.lang.time();
        let (kept, began) = (
            self.branch_name(forked.kept),
            self.branch_name(forked.began),
        );
        let mut text = fill_plain(t.branch_kept, &[&kept, &began]);
        if forked.dropped.is_some() {
            text.push(' ');
            text.push_str(t.branch_dropped);
        }
        Some(text)
    }

    /// The life of the message that is explained. A long one is not told anew at every step of a run that plays.
    pub(super) fn told_journey(&mut self) -> Option<Rc<Journey>> {
        let message = self.journey?;
        let (branch, index) = (self.engine.branch(), self.engine.index());
        let playing = self.engine.cursor().playing;
        if let Some(told) = &self.told
            && told.journey.message.id == message
            && told.branch == Some(branch)
        {
            let is_there = told.within == self.engine.within();
            let gone_on = index.checked_sub(told.index);
            let settled = told.journey.is_over();
            let patience = if playing { told.index / 100 } else { 0 };
            if is_there && gone_on.is_some_and(|steps| settled || steps <= patience) {
                return Some(Rc::clone(&told.journey));
            }
        }
        let journey = Rc::new(self.engine.explain(message)?);
        self.told = Some(Told {
            branch: Some(branch),
            index,
            within: self.engine.within(),
            journey: Rc::clone(&journey),
        });
        Some(journey)
    }

    /// The run over time, for the bar and the panels.
    pub(super) fn course(&self) -> Course {
        let recording = self.engine.recording();
        Course {
            width_ms: recording.series().width_ms(),
            pieces: recording.series().pieces().to_vec(),
            tally: self.engine.tally(),
            latest: Rc::clone(self.engine.timeline().present().tally()),
            branches: self.engine.branches(),
            deeds: self.engine.deeds(Course::DEEDS),
            is_past: self.engine.is_in_past(),
            around: self.engine.step_around().cloned(),
            step_size: self.step_size,
            is_undone: self.engine.is_undone(),
            first_index: self.engine.first_index(),
            until: self.engine.until().cloned(),
            comparison: self.comparison.clone(),
            comparing: self.engine.comparing(),
        }
    }
}
