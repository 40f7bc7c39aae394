//! What of an update is shown, and when: what flies at once, the picture when it is time for one.

use std::rc::Rc;

use super::pace::Pace;
use super::{Driver, Run, Said, Shown, goes_on};
use crate::engine::{StepRecord, Update};
use crate::ui::amqp::hops::Mover;
use crate::ui::amqp::log_lines::{LogFilter, lines};
use crate::ui::amqp::one_vhost;
use crate::ui::amqp::paint::Painter;
use crate::ui::amqp::picture::Picture;
use crate::ui::amqp::sentence::Teller;
use crate::ui::canvas::scene::Tone;
use crate::ui::choreography::Hop;
use crate::ui::dom;
use crate::ui::shared::Shared;

impl Driver {
    /// The last lines of the log's story, at most `most`: when, and what.
    pub fn story(&self, most: usize) -> Vec<(String, String)> {
        self.with(|run| {
            let book = run.book.borrow();
            let teller = Teller::new(&book, run.lang);
            let (lines, _) = lines(&book, teller, LogFilter::Story, "", most);
            let told = lines.iter().map(|line| {
                let when = line.step.at.to_string();
                (when, teller.tell(line.event).to_string())
            });
            told.collect()
        })
    }

    pub(super) fn show(&self, update: &Update) -> Vec<StepRecord> {
        let jump = update.rewritten.map(|_| Said::Nothing);
        self.show_as(update, jump)
    }

    /// Shows another moment: nothing flies there.
    pub(super) fn jump(&self, update: &Update, said: Said) {
        self.show_as(update, Some(said));
    }

    fn show_as(&self, update: &Update, jump: Option<Said>) -> Vec<StepRecord> {
        self.take(update, jump.is_some());
        (self.0.outlets.tick)(update.cursor.now);
        let steps = self.0.unshown.take();
        self.change_pace(|pace| pace.begin(dom::now_ms()));
        let (picture, lang) = self.with(|run| (run.picture(update), run.lang));
        (self.0.outlets.show)(Shown {
            picture: Shared::new(picture),
            steps: &steps,
            lang,
            jump,
        });
        if let Some(text) = self.with(Run::forked) {
            (self.0.outlets.notify)(Tone::Ink, text);
        }
        if goes_on(&update.cursor) {
            self.wake();
        }
        update.steps.clone()
    }

    /// Lets fly what flies and tells who listens; the picture may come later.
    pub(super) fn take(&self, update: &Update, is_void: bool) {
        let hops = self.with(|run| run.take(update));
        let outlets = &self.0.outlets;
        // What flies comes before the picture: the places it flies to are then empty from the first frame on.
        if is_void {
            outlets.stage.clear();
            self.0.unshown.borrow_mut().clear();
        } else if !hops.is_empty() {
            outlets.stage.schedule(hops);
        }
        self.0.unshown.borrow_mut().extend_from_slice(&update.steps);
        if let Some(listener) = &*self.0.listener.borrow() {
            listener(&update.steps, is_void);
        }
    }

    /// Writes the clock, if it is time to: what is written makes the browser paint.
    pub(super) fn tell_time(&self, update: &Update) {
        let mut is_due = false;
        self.change_pace(|pace| is_due = pace.tells_time(dom::now_ms()));
        if is_due {
            (self.0.outlets.tick)(update.cursor.now);
        }
    }

    /// The last picture is drawn: the next one may come.
    pub fn drawn(&self) {
        self.change_pace(|pace| pace.drawn(dom::now_ms()));
    }

    /// A person carries something about, or types: dear pictures wait.
    pub fn hand(&self) {
        self.change_pace(|pace| pace.hand(dom::now_ms()));
    }

    pub(super) fn change_pace(&self, change: impl FnOnce(&mut Pace)) {
        let mut pace = self.0.pace.get();
        change(&mut pace);
        self.0.pace.set(pace);
    }
}

impl Run {
    /// Reads what happened; returns what flies.
    fn take(&mut self, update: &Update) -> Vec<Hop> {
        self.book.borrow_mut().take(update);
        if update.steps.is_empty() {
            return Vec::new();
        }
        let mover = Mover {
            world: &one_vhost::seen_from(&update.view),
            book: &self.book.borrow(),
        };
        mover.hops(&update.steps)
    }

    fn picture(&mut self, update: &Update) -> Picture {
        let missing = self.book.borrow().missing(update.cursor.index);
        if let Some(missing) = missing {
            let older = self.engine.steps(missing);
            self.book.borrow_mut().fill_in(older);
        }
        let world = one_vhost::seen_from(&update.view);
        let journey = self.told_journey();
        let answer = self.answer();
        let book = self.book.borrow();
        let painter = Painter {
            world: &world,
            book: &book,
            plans: &self.plans,
            lang: self.lang,
            journey: journey.as_deref(),
            answer: answer.as_deref(),
        };
        let mut scene = painter.scene();
        if self.is_watched {
            scene = scene.for_watching();
        }
        self.scene = Shared::keep(scene.keeping(&self.scene), Some(&self.scene));
        Picture {
            everywhere: Rc::clone(&update.view),
            scene: self.scene.clone(),
            plans: Rc::clone(&self.plans),
            journey: journey.clone(),
            answer,
            undo_at: self.engine.undo_at(),
            line: self.line,
            can_undo: self.engine.can_undo(),
            can_redo: self.engine.can_redo(),
            course: Rc::new(self.course()),
            slug: self.slug,
            story: self.story.clone(),
            compatibility: self.engine.config().compatibility,
            ..Picture::new(Rc::clone(&world), update.cursor, Rc::clone(&self.book))
        }
    }
}
