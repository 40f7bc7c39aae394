//! The driver: it owns the engine, lets time pass once per animation frame, and hands pictures to the store. It sleeps
//! when nothing moves: paused, or playing with nothing due. A command of the person's is carried out at once, so that a
//! page without animation behaves the same.

mod api;
mod editing;
mod pace;
mod programs;
mod showing;
mod time;

use std::cell::{Cell, RefCell};
use std::ops::Range;
use std::rc::Rc;

use crate::actors::{Login, ProgramId, ProgramSpec, ScriptError};
use crate::amqp::protocol::ClientMethod;
use crate::amqp::{self, MessageId};
use crate::engine::{
    BranchId, Comparison, Cursor, Engine, Journey, ProgramCommand, StepRecord, Within,
    WorldCommand, WorldView,
};
use crate::machine::{Origin, SimTime};
use crate::scenario::{Scenario, ScenarioError};
use crate::ui::amqp::book::Book;
use crate::ui::amqp::course::{StepSize, deed as deed_words};
use crate::ui::amqp::forms::programs::Plan;
use crate::ui::amqp::log_lines::LineId;
use crate::ui::amqp::paint::Plans;
use crate::ui::amqp::picture::{Picture, Question, Story};
use crate::ui::canvas::Stage;
use crate::ui::canvas::layout::Pins;
use crate::ui::canvas::scene::{Scene, Tone};
use crate::ui::canvas::sketch::Sketch;
use crate::ui::dom::{self, FrameLoop};
use crate::ui::driver::pace::Pace;
use crate::ui::shared::Shared;
use crate::ui::text::{Lang, fill_plain};
use crate::wire::trace::Frame;
pub use time::until_words;

/// The longest real time one frame lets pass: a page that was hidden goes on where it was.
const LONGEST_FRAME_MS: f64 = 100.0;

/// A handle to the one driver of a page; cheap to clone, equal to itself only.
#[derive(Clone)]
pub struct Driver(Rc<Inner>);

struct Inner {
    run: RefCell<Run>,
    frames: RefCell<Option<FrameLoop>>,
    last_frame: Cell<Option<f64>>,
    outlets: Outlets,
    pace: Cell<Pace>,
    /// What happened since the last picture.
    unshown: RefCell<Vec<StepRecord>>,
    /// Nobody sees the page: it does not work.
    is_hidden: Cell<bool>,
    /// The page is for watching: what a person does is refused.
    is_demo: Cell<bool>,
    /// Where time stops by itself.
    until: Cell<Option<SimTime>>,
    listener: RefCell<Option<Listener>>,
    /// Where people put things, as the store has it.
    layout: RefCell<(Shared<Pins>, Shared<Sketch>)>,
}

/// Hears of the steps of every update, and whether the past changed.
pub type Listener = Box<dyn Fn(&[StepRecord], bool)>;

/// A new picture, and how it came about.
pub struct Shown<'a> {
    pub picture: Shared<Picture>,
    /// What happened since the picture before.
    pub steps: &'a [StepRecord],
    pub lang: Lang,
    /// A jump: nothing of this is news, and this is said instead.
    pub jump: Option<Said>,
}

/// What readers are told of a jump.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Said {
    /// Nothing: what was used to jump says it.
    Nothing,
    Words(String),
}

/// Where pictures go.
pub struct Outlets {
    /// Gets a picture whenever anything in it changed.
    pub show: Box<dyn Fn(Shown<'_>)>,
    /// Gets the clock of the run whenever it moved.
    pub tick: Box<dyn Fn(SimTime)>,
    /// Is told when something was not done because the page is for watching.
    pub refused: Box<dyn Fn()>,
    /// Gets what the person must not miss.
    pub notify: Box<dyn Fn(Tone, String)>,
    /// Gets what flies.
    pub stage: Stage,
}

/// A life, and where the run was when it was told.
struct Told {
    branch: Option<BranchId>,
    index: usize,
    within: Option<Within>,
    journey: Rc<Journey>,
}

struct Run {
    engine: Engine,
    book: Rc<RefCell<Book>>,
    plans: Rc<Plans>,
    lang: Lang,
    scene: Shared<Scene>,
    journey: Option<MessageId>,
    question: Option<Question>,
    line: Option<LineId>,
    slug: Option<&'static str>,
    story: Option<Rc<Story>>,
    /// Two branches side by side, as long as the person looks at them.
    comparison: Option<Rc<Comparison>>,
    /// The page is for watching: the drawing offers no changes.
    is_watched: bool,
    /// The last life that was told, and when: it is told anew only when it may have gone on.
    told: Option<Told>,
    step_size: StepSize,
}

impl PartialEq for Driver {
    fn eq(&self, other: &Driver) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl Driver {
    /// An empty playground that says what happens through `outlets`.
    pub fn new(lang: Lang, outlets: Outlets) -> Driver {
        let run = Run {
            engine: Engine::new(amqp::Config::default()),
            book: Rc::default(),
            plans: Rc::default(),
            lang,
            scene: Shared::default(),
            journey: None,
            question: None,
            line: None,
            slug: Some(EMPTY),
            story: None,
            comparison: None,
            is_watched: false,
            told: None,
            step_size: StepSize::Command,
        };
        let inner = Rc::new(Inner {
            run: RefCell::new(run),
            frames: RefCell::new(None),
            last_frame: Cell::new(None),
            outlets,
            pace: Cell::default(),
            unshown: RefCell::default(),
            is_hidden: Cell::new(false),
            is_demo: Cell::new(false),
            until: Cell::new(None),
            listener: RefCell::new(None),
            layout: RefCell::default(),
        });
        let weak = Rc::downgrade(&inner);
        *inner.frames.borrow_mut() = Some(FrameLoop::new(move |at| match weak.upgrade() {
            Some(inner) => Driver(inner).frame(at),
            None => dom::Frame::Done,
        }));
        Driver(inner)
    }

    // Playback

    /// Lets time pass by itself from now on.
    pub fn play(&self) {
        self.with(|run| run.engine.play());
        self.0.outlets.stage.thaw();
        self.turn();
        let is_over = self.with(|run| !goes_on(&run.engine.cursor()));
        if is_over && self.0.until.take().is_some() {
            self.pause();
        }
    }

    /// Stops time, and what flies.
    pub fn pause(&self) {
        self.with(|run| run.engine.pause());
        self.0.outlets.stage.freeze();
        self.turn();
    }

    /// Plays if it is paused, pauses if it plays.
    pub fn toggle(&self) {
        let playing = self.with(|run| run.engine.cursor().playing);
        if playing { self.pause() } else { self.play() }
    }

    /// How much quicker than real time it plays.
    pub fn set_speed(&self, speed: f64) {
        self.with(|run| run.engine.set_speed(speed));
        self.0.outlets.stage.set_speed(speed);
        self.turn();
    }

    /// Back to before the last thing the person did.
    pub fn undo(&self) {
        if self.refuses() {
            return;
        }
        let last = self.with(|run| {
            let step = run.engine.undo_at()?;
            let deeds = run.engine.deeds(usize::MAX);
            let deed = deeds.into_iter().rev().find(|deed| deed.step == step)?;
            let words = deed_words(&deed.command, &run.book.borrow(), run.lang);
            Some((words.to_string(), run.engine.undo()?))
        });
        if let Some((words, update)) = last {
            let template = self.lang().time().said_undone;
            let text = fill_plain(template, &[&words, &update.cursor.now]);
            self.jump(&update, Said::Words(text));
        }
    }

    /// Does again what the last undo took away.
    pub fn redo(&self) {
        if let Some(update) = self.with(|run| run.engine.redo()) {
            let text = fill_plain(self.lang().time().said_redone, &[&update.cursor.now]);
            self.jump(&update, Said::Words(text));
        }
    }

    // What a person does

    /// A method on the person's own channel; says what it caused.
    pub fn call(&self, method: ClientMethod) -> Vec<StepRecord> {
        self.submit(WorldCommand::You(method))
    }

    /// A method on a program's channel, or the person's own when there is no program.
    pub fn call_as(&self, program: Option<ProgramId>, method: ClientMethod) -> Vec<StepRecord> {
        match program {
            Some(program) => self.submit(WorldCommand::Program(ProgramCommand::Call {
                program,
                method,
            })),
            None => self.call(method),
        }
    }

    /// Several methods on the person's own channel as one thing the person did: one undo takes back all of them, and
    /// whatever [`Driver::go_on`] adds.
    pub fn call_all(&self, methods: Vec<ClientMethod>) -> Vec<StepRecord> {
        if self.refuses() {
            return Vec::new();
        }
        let mut origin = Origin::User;
        self.with(|run| {
            for method in methods {
                run.engine.submit(origin, WorldCommand::You(method));
                origin = Origin::Api;
            }
        });
        self.turn()
    }

    /// More methods that belong to what the person did last.
    pub fn go_on(&self, methods: Vec<ClientMethod>) -> Vec<StepRecord> {
        if self.refuses() {
            return Vec::new();
        }
        self.with(|run| {
            for method in methods {
                run.engine.submit(Origin::Api, WorldCommand::You(method));
            }
        });
        self.turn()
    }

    /// An operator's action.
    pub fn operate(&self, command: amqp::OperatorCommand) -> Vec<StepRecord> {
        self.submit(WorldCommand::Broker(amqp::Command::Operator(command)))
    }

    /// Several operator's actions as one thing the person did.
    pub fn operate_all(&self, commands: Vec<amqp::OperatorCommand>) -> Vec<StepRecord> {
        if self.refuses() {
            return Vec::new();
        }
        let mut origin = Origin::User;
        self.with(|run| {
            for command in commands {
                let command = WorldCommand::Broker(amqp::Command::Operator(command));
                run.engine.submit(origin, command);
                origin = Origin::Api;
            }
        });
        self.turn()
    }

    /// The whole world, not only the virtual host the picture shows.
    pub fn world(&self) -> Rc<WorldView> {
        self.with(|run| run.engine.view())
    }

    /// From now on the person is this user, in this virtual host.
    pub fn act_as(&self, login: Login) -> Vec<StepRecord> {
        self.submit(WorldCommand::ActAs(login))
    }

    /// Something done to a program.
    pub fn program(&self, command: ProgramCommand) -> Vec<StepRecord> {
        self.submit(WorldCommand::Program(command))
    }

    /// Whether the page is for watching; then the person is told.
    pub fn refuses(&self) -> bool {
        let is_demo = self.0.is_demo.get();
        if is_demo {
            (self.0.outlets.refused)();
        }
        is_demo
    }

    /// Any command, by the person.
    pub fn submit(&self, command: WorldCommand) -> Vec<StepRecord> {
        if self.refuses() {
            return Vec::new();
        }
        self.with(|run| run.engine.submit(Origin::User, command));
        self.turn()
    }

    /// A new program, and where it is going to publish to.
    ///
    /// A program made by hand connects as the person does.
    pub fn add_program(
        &self,
        mut spec: ProgramSpec,
        plan: Option<Plan>,
    ) -> Result<(), ScriptError> {
        if self.refuses() {
            return Ok(());
        }
        self.with(|run| {
            spec.login = run.engine.view().login.clone();
            let name = Rc::clone(&spec.name);
            run.engine.add_program(spec)?;
            if let Some(plan) = plan {
                Rc::make_mut(&mut run.plans).insert(name, plan);
            }
            Ok(())
        })?;
        self.turn();
        Ok(())
    }

    // Scenarios

    /// An empty canvas, playing: what is added there is alive.
    pub fn clear(&self) {
        let update = self.with(|run| {
            run.begin(Some(EMPTY), None);
            let update = run.engine.replace(&Scenario::default());
            run.engine.play();
            update
        });
        if let Ok(update) = update {
            self.show(&update);
        }
        self.turn();
    }

    /// Begins a scenario; on a problem everything stays as it is.
    pub fn load(
        &self,
        scenario: &Scenario,
        slug: Option<&'static str>,
    ) -> Result<(), ScenarioError> {
        let update = self.with(|run| {
            let update = run.engine.replace(scenario)?;
            let story = Story {
                title: scenario.title.clone(),
                description: scenario.description.clone(),
            };
            run.begin(slug, Some(Rc::new(story)));
            Ok(update)
        })?;
        self.show(&update);
        Ok(())
    }

    /// What stands now, as a scenario.
    pub fn export(&self) -> Scenario {
        self.with(|run| run.engine.export())
    }

    /// The frames that clients see in some steps.
    pub fn frames(&self, steps: Range<usize>) -> Vec<(usize, SimTime, Vec<Frame>)> {
        self.with(|run| run.engine.frames(steps))
    }

    /// The run as text, for a report.
    pub fn transcript(&self) -> String {
        // A panic may have happened in the middle of an update.
        match self.0.run.try_borrow() {
            Ok(run) => run.engine.transcript(),
            Err(_) => String::new(),
        }
    }

    // Looks that the picture depends on

    /// The language of the words in the picture.
    pub fn set_lang(&self, lang: Lang) {
        if self.with(|run| std::mem::replace(&mut run.lang, lang)) != lang {
            self.turn();
        }
    }

    /// The language of the words in the picture.
    pub fn lang(&self) -> Lang {
        self.with(|run| run.lang)
    }

    /// The language, unless a panic came in the middle of an update.
    pub fn try_lang(&self) -> Option<Lang> {
        self.0.run.try_borrow().ok().map(|run| run.lang)
    }

    /// Explains the way of a message, or of none.
    pub fn explain(&self, message: Option<MessageId>) {
        if self.with(|run| std::mem::replace(&mut run.journey, message)) != message {
            self.turn();
        }
    }

    /// Lights a line of the log, or none.
    pub fn light(&self, line: Option<LineId>) {
        if self.with(|run| std::mem::replace(&mut run.line, line)) != line {
            self.turn();
        }
    }

    fn with<T>(&self, act: impl FnOnce(&mut Run) -> T) -> T {
        act(&mut self.0.run.borrow_mut())
    }

    /// Carries out what waits, at this very moment of the run, and shows it.
    fn turn(&self) -> Vec<StepRecord> {
        let update = self.with(|run| run.engine.advance(0.0));
        self.show(&update)
    }

    fn wake(&self) {
        if self.0.is_hidden.get() {
            return;
        }
        if let Some(frames) = self.0.frames.borrow().as_ref() {
            if !frames.is_awake() {
                self.0.last_frame.set(None);
            }
            frames.wake();
        }
    }

    /// One animation frame: real time passes.
    fn frame(&self, at: f64) -> dom::Frame {
        if self.0.is_hidden.get() {
            self.0.last_frame.set(None);
            return dom::Frame::Done;
        }
        if self.is_comparing() {
            self.compare_on();
            return dom::Frame::Again;
        }
        if self.is_waiting() {
            self.wait_on();
            return match self.is_waiting() {
                true => dom::Frame::Again,
                false => dom::Frame::Done,
            };
        }
        let is_first = self.0.last_frame.get().is_none();
        self.change_pace(|pace| pace.painted(dom::now_ms(), is_first));
        let before = self.0.last_frame.replace(Some(at)).unwrap_or(at);
        let mut elapsed = (at - before).clamp(0.0, LONGEST_FRAME_MS);
        let mut is_there = false;
        if let Some(until) = self.0.until.get() {
            let cursor = self.with(|run| run.engine.cursor());
            // A millisecond more than is left: what is due at that very moment still happens.
            let left = (until.since(cursor.now) as f64 + 1.0) / cursor.speed;
            is_there = elapsed >= left;
            elapsed = elapsed.min(left);
        }
        let update = self.with(|run| run.engine.advance(elapsed));
        // A run that ends before that moment has nothing left to wait for.
        if is_there || (self.0.until.get().is_some() && !goes_on(&update.cursor)) {
            self.0.until.set(None);
            self.show(&update);
            self.pause();
            return dom::Frame::Done;
        }
        let ended = !goes_on(&update.cursor);
        let is_news = !(update.steps.is_empty() && self.0.unshown.borrow().is_empty());
        if ended || (is_news && self.0.pace.get().is_due(dom::now_ms())) {
            self.show(&update);
        } else {
            self.take(&update, false);
            self.tell_time(&update);
        }
        if ended {
            self.0.last_frame.set(None);
            dom::Frame::Done
        } else {
            dom::Frame::Again
        }
    }
}

/// Whether time passes by itself and there is something it leads to.
fn goes_on(cursor: &Cursor) -> bool {
    cursor.playing && !cursor.at_end
}

/// The scenario chooser's name for a canvas on which nothing stands yet.
pub const EMPTY: &str = "empty";

impl Run {
    /// Forgets what belonged to the run before.
    fn begin(&mut self, slug: Option<&'static str>, story: Option<Rc<Story>>) {
        self.slug = slug;
        self.story = story;
        self.plans = Rc::default();
        self.journey = None;
        self.question = None;
        self.line = None;
        self.comparison = None;
        self.told = None;
    }
}
