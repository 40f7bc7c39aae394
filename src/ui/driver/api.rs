//! The driver as scripts and the page around it use it.

use std::rc::Rc;

use super::{Driver, Listener, goes_on};
use crate::actors::{ProgramSpec, ScriptError};
use crate::engine::{Engine, StepRecord, WorldCommand, share};
use crate::machine::{Origin, SimTime};
use crate::scenario::{Scenario, ScenarioError};
use crate::ui::amqp::course::StepSize;
use crate::ui::amqp::files;
use crate::ui::amqp::picture::Story;
use crate::ui::canvas::layout::Pins;
use crate::ui::canvas::scene::Scene;
use crate::ui::canvas::sketch::Sketch;
use crate::ui::shared::Shared;

impl Driver {
    /// A command of a script.
    pub fn api_submit(&self, command: WorldCommand) -> Vec<StepRecord> {
        self.with(|run| run.engine.submit(Origin::Api, command));
        self.turn()
    }

    /// A new program of a script.
    pub fn api_add_program(&self, spec: ProgramSpec) -> Result<Vec<StepRecord>, ScriptError> {
        self.with(|run| run.engine.add_program_as(Origin::Api, spec))?;
        Ok(self.turn())
    }

    /// A whole run takes the place of this one.
    pub fn adopt(&self, engine: Engine, slug: Option<&'static str>) {
        let update = self.with(|run| {
            let origin = engine.origin();
            let story = Story {
                title: origin.title.clone(),
                description: origin.description.clone(),
            };
            let speed = run.engine.cursor().speed;
            run.begin(slug, Some(Rc::new(story)));
            run.engine = engine;
            run.engine.set_speed(speed);
            run.engine.opened()
        });
        self.show(&update);
    }

    /// One step back, for a script; false at the beginning.
    pub fn api_back(&self, size: StepSize) -> bool {
        let update = self.with(|run| match size {
            StepSize::Command => run.engine.step_back(),
            StepSize::Event => run.engine.back_event(),
        });
        update.map(|update| self.show(&update)).is_some()
    }

    /// To a recorded time, for a script.
    pub fn api_seek(&self, at: SimTime) {
        let update = self.with(|run| run.engine.seek_time(at));
        self.show(&update);
    }

    /// The scenario it began with, from its beginning.
    pub fn reset(&self) -> Result<(), ScenarioError> {
        let (origin, slug) = self.with(|run| (Rc::clone(run.engine.origin()), run.slug));
        self.load(&origin, slug)
    }

    /// Asks the engine.
    pub fn ask<T>(&self, question: impl FnOnce(&Engine) -> T) -> T {
        self.with(|run| question(&run.engine))
    }

    /// The drawing of this moment.
    pub fn scene(&self) -> Shared<Scene> {
        self.with(|run| run.scene.clone())
    }

    /// Takes note of where things stand, and of notes and frames.
    pub fn note_layout(&self, pins: &Shared<Pins>, sketch: &Shared<Sketch>) {
        *self.0.layout.borrow_mut() = (pins.clone(), sketch.clone());
    }

    /// Where things stand, and the notes and frames.
    pub fn layout(&self) -> (Shared<Pins>, Shared<Sketch>) {
        self.0.layout.borrow().clone()
    }

    /// A scenario with the layout of today.
    fn placed(&self, scenario: Scenario) -> Scenario {
        let (pins, sketch) = self.layout();
        files::placed(scenario, &pins, &sketch)
    }

    /// Whether nobody did anything but watch.
    pub fn is_untouched(&self) -> bool {
        let is_theirs = |origin| matches!(origin, Origin::User | Origin::Api | Origin::Client(_));
        let origin = self.ask(|engine| Rc::clone(engine.origin()));
        let today = self.shared_origin();
        (&today.layout, &today.drawing) == (&origin.layout, &origin.drawing)
            && self.ask(|engine| {
                !engine
                    .timeline()
                    .inputs()
                    .deeds()
                    .any(|i| is_theirs(i.origin))
            })
    }

    /// What the run began with, with the places of today.
    pub fn shared_origin(&self) -> Scenario {
        let origin = self.ask(|engine| Rc::clone(engine.origin()));
        self.placed((*origin).clone())
    }

    /// What others get to see: what stands now, or, if nobody touched it, what it began with.
    pub fn shared_scenario(&self) -> Scenario {
        if self.is_untouched() {
            return self.shared_origin();
        }
        let origin = self.ask(|engine| Rc::clone(engine.origin()));
        let scenario = Scenario {
            title: origin.title.clone(),
            description: origin.description.clone(),
            notes: origin.notes.clone(),
            ..self.export()
        };
        self.placed(scenario)
    }

    /// The run up to here as a text from which it can be gone on with, and how many messages wait in it. None for a run of
    /// more than `steps` steps, or one in which a real client took part.
    pub fn kept_run(&self, steps: usize) -> (Option<String>, u64) {
        let origin = self.shared_origin();
        self.ask(|engine| {
            let view = engine.view();
            let queues = view.broker.queues.iter();
            let waiting = queues.map(|queue| queue.ready + queue.unacked).sum();
            let is_short = engine.index() <= steps;
            let run = is_short.then(|| share::link_to_run(engine, &origin).ok());
            (run.flatten(), waiting)
        })
    }

    /// Which built-in scenario it began as.
    pub fn slug(&self) -> Option<&'static str> {
        self.with(|run| run.slug)
    }

    /// Tells every step from now on.
    pub fn listen(&self, listener: Listener) {
        *self.0.listener.borrow_mut() = Some(listener);
    }

    /// While nobody sees the page it does not work; it goes on where it was.
    pub fn set_hidden(&self, is_hidden: bool) {
        self.0.is_hidden.set(is_hidden);
        if !is_hidden && (self.is_waiting() || self.with(|run| goes_on(&run.engine.cursor()))) {
            self.wake();
        }
    }

    /// Somebody looks again: what should have flown meanwhile has arrived long since.
    pub fn rested(&self) {
        self.0.outlets.stage.clear();
    }

    /// For watching only, or for editing.
    pub fn set_demo(&self, is_demo: bool) {
        self.0.is_demo.set(is_demo);
        if self.with(|run| std::mem::replace(&mut run.is_watched, is_demo)) != is_demo {
            self.turn();
        }
    }

    /// Whether what a person does is refused.
    pub fn is_demo(&self) -> bool {
        self.0.is_demo.get()
    }

    /// Time stops there by itself, once.
    pub fn set_until(&self, until: Option<SimTime>) {
        self.0.until.set(until);
    }
}
