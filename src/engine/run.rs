//! The engine: it owns the timeline, the inbox and the playback.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::ops::Range;
use std::rc::Rc;

use crate::actors::{Fault, ProgramId, ProgramSpec, Script, ScriptError};
use crate::amqp::protocol::ClientMethod;
use crate::amqp::{self, ConnectionId, ExchangeId, MessageId, Properties, RoutingKey, transcript};
use crate::engine::between::Between;
use crate::engine::branches::{Branches, Forked};
use crate::engine::compare::Comparing;
use crate::engine::journey::{self, ExchangeVisit, Journey};
use crate::engine::moment::Moment;
use crate::engine::playback::Playback;
use crate::engine::recording::Recording;
use crate::engine::tally::Tally;
use crate::engine::travel::{Past, Place};
use crate::engine::until::{UntilEnd, UntilRun};
use crate::engine::update::{Cursor, StepRecord, Update};
use crate::engine::world::{
    FIRST_CLIENT_CONNECTION, ProgramCommand, WorldCommand, WorldEvent, WorldView,
};
use crate::engine::{export, setup, what_if};
use crate::machine::{Input, Machine, Origin, SimTime};
use crate::scenario::{Scenario, ScenarioError};
use crate::timeline::Timeline;
use crate::wire::trace::{Frame, Tracer};

/// How many steps and events one call of [`Engine::advance`] brings about at most, so that the page keeps answering;
/// what is left is done in the next one, and the clock waits for it.
const EVENTS_PER_ADVANCE: usize = 8_000;

/// How many of the last steps a jump tells of.
pub const STEPS_AFTER_JUMP: usize = 500;

/// A run of the playground, with all its branches.
pub struct Engine {
    pub(super) config: amqp::Config,
    /// What the run began with.
    origin: Rc<Scenario>,
    pub(super) branches: Branches,
    /// Where in the current branch the run stands, when it is not at its end.
    pub(super) past: Option<Past>,
    /// How far into the next step it stands, when one goes event by event.
    pub(super) between: Option<Between>,
    pub(super) inbox: VecDeque<(Origin, WorldCommand)>,
    pub(super) playback: Playback,
    /// Where each undo came from, the latest last.
    pub(super) undone: Vec<Place>,
    pub(super) until: Option<UntilRun>,
    pub(super) comparing: Option<Comparing>,
    pub(super) until_end: Option<(UntilRun, UntilEnd)>,
    pub(super) forked: Option<Forked>,
    next_connection: u32,
    next_program: u32,
    pub(super) view: RefCell<Option<Rc<WorldView>>>,
}

impl Engine {
    /// An empty playground, paused at the beginning of time.
    pub fn new(config: amqp::Config) -> Engine {
        let origin = Rc::new(Scenario {
            compatibility: config.compatibility,
            seed: config.seed,
            ..Scenario::default()
        });
        Engine {
            config,
            origin,
            branches: Branches::new(Recording::new(config)),
            past: None,
            between: None,
            inbox: VecDeque::new(),
            playback: Playback::new(),
            undone: Vec::new(),
            until: None,
            comparing: None,
            until_end: None,
            forked: None,
            next_connection: FIRST_CLIENT_CONNECTION,
            next_program: 1,
            view: RefCell::new(None),
        }
    }

    /// A playground set up as `scenario` says, paused at the beginning; refused whole if anything in it is wrong.
    pub fn load(scenario: &Scenario) -> Result<Engine, ScenarioError> {
        let mut engine = Engine::new(amqp::Config {
            compatibility: scenario.compatibility,
            seed: scenario.seed,
            ..amqp::Config::default()
        });
        engine.origin = Rc::new(scenario.clone());
        for step in setup::steps(scenario)? {
            let events = engine.record(Origin::Scenario, step.command).events;
            setup::check(&step.path, &events)?;
        }
        engine.next_program = 1 + u32::try_from(scenario.programs.len()).unwrap_or(u32::MAX - 1);
        Ok(engine)
    }

    /// Replaces the run by a fresh one of `scenario`; when it is refused, the run stays as it was.
    pub fn replace(&mut self, scenario: &Scenario) -> Result<Update, ScenarioError> {
        let speed = self.playback.speed();
        *self = Engine::load(scenario)?;
        self.playback.set_speed(speed);
        Ok(self.jumped(0))
    }

    /// What the run began with.
    pub fn origin(&self) -> &Rc<Scenario> {
        &self.origin
    }

    /// An input of another run of the same scenario, carried out again.
    pub(super) fn again(&mut self, input: Input<WorldCommand>) {
        if let WorldCommand::Program(ProgramCommand::Add { program, .. }) = &input.command {
            self.next_program = self.next_program.max(program.0.saturating_add(1));
        }
        self.playback.set_now_ms(input.at.as_ms());
        self.push(input);
    }

    /// Puts the clock to a moment after the last step.
    pub(super) fn stand_at(&mut self, now: SimTime) {
        let now = now.max(self.last_time());
        self.playback.set_now_ms(now.as_ms());
        self.branches.recording_mut().reach(now);
    }

    /// How the broker was set up.
    pub fn config(&self) -> amqp::Config {
        self.config
    }

    /// Puts a command into the inbox; the next [`Engine::advance`] carries it out, even while paused.
    pub fn submit(&mut self, origin: Origin, command: WorldCommand) {
        self.inbox.push_back((origin, command));
    }

    /// A method on the person's own channel, by the person.
    pub fn submit_you(&mut self, method: ClientMethod) {
        self.submit(Origin::User, WorldCommand::You(method));
    }

    /// Lets `elapsed_ms` of real time pass: what is due happens if it plays, then the inbox is carried out. In the past
    /// what is recorded happens again; to do something there begins a branch.
    pub fn advance(&mut self, elapsed_ms: f64) -> Update {
        let mut steps = Vec::new();
        let target = SimTime(self.playback.pass(elapsed_ms));
        let mut left = EVENTS_PER_ADVANCE;
        if !self.inbox.is_empty() {
            // A command is whole: what is done now comes after it.
            steps.extend(self.finish_step());
        }
        if self.playback.playing() {
            self.repeat_up_to(target, &mut steps, &mut left);
            self.catch_up(target, &mut steps, &mut left);
        }
        while left > 0
            && let Some((origin, command)) = self.inbox.pop_front()
        {
            let step = self.record(origin, command);
            left = left.saturating_sub(cost(&step));
            steps.push(step);
        }
        if self.past.is_none() {
            let now = SimTime(self.playback.now_ms());
            self.branches.recording_mut().reach(now);
        }
        self.update(steps, None)
    }

    /// One step: the next command of the inbox, or what is recorded next, or a jump to what is due next.
    pub fn step_one(&mut self) -> Update {
        let mut steps = Vec::new();
        if let Some(rest) = self.finish_step() {
            steps.push(rest);
        } else if let Some((origin, command)) = self.inbox.pop_front() {
            steps.push(self.record(origin, command));
        } else {
            steps.extend(self.one_ahead());
        }
        self.update(steps, None)
    }

    /// What is recorded next, or else what is due next, at its own time; none if nothing is.
    pub(super) fn one_ahead(&mut self) -> Option<StepRecord> {
        if let Some(step) = self.repeat_one() {
            let now = self.playback.now_ms().max(step.at.as_ms());
            self.playback.set_now_ms(now);
            return Some(step);
        }
        let deadline = self.present().next_deadline()?;
        let now = self.playback.now_ms().max(deadline.as_ms());
        self.playback.set_now_ms(now);
        Some(self.record(Origin::Clock, WorldCommand::Tick))
    }

    /// Lets time pass.
    pub fn play(&mut self) {
        self.playback.set_playing(true);
    }

    /// Time stands; what is submitted is carried out all the same.
    pub fn pause(&mut self) {
        self.playback.set_playing(false);
    }

    /// Brought into 0.1 to 1000.
    pub fn set_speed(&mut self, speed: f64) {
        self.playback.set_speed(speed);
    }

    /// Whether anything waits in the inbox or is due at some time.
    pub fn has_next(&self) -> bool {
        !self.inbox.is_empty() || self.past.is_some() || self.present().next_deadline().is_some()
    }

    /// The picture of this moment.
    pub fn view(&self) -> Rc<WorldView> {
        let mut view = self.view.borrow_mut();
        let picture = view.get_or_insert_with(|| {
            Rc::new(match &self.between {
                Some(between) => between.view(),
                None => self.present().view(),
            })
        });
        Rc::clone(picture)
    }

    /// Where the run stands.
    pub fn cursor(&self) -> Cursor {
        Cursor {
            now: SimTime(self.playback.now_ms()),
            index: self.index(),
            recorded: self.recording().len(),
            end: self.recording().end(),
            playing: self.playback.playing(),
            speed: self.playback.speed(),
            at_end: !self.has_next(),
            within: self.within(),
        }
    }

    /// How many steps led to where the run stands.
    pub fn index(&self) -> usize {
        let past = self.past.as_ref();
        past.map_or(self.recording().len(), |past| past.index)
    }

    /// The numbers where the run stands.
    pub fn tally(&self) -> Rc<Tally> {
        let before = self.present().tally();
        match &self.between {
            Some(between) => Rc::new(between.tally(before, &self.view())),
            None => Rc::clone(before),
        }
    }

    /// The state where the run stands; inside a step, the state before it.
    pub fn present(&self) -> &Moment {
        match &self.past {
            Some(past) => &past.state,
            None => self.timeline().present(),
        }
    }

    /// One step of what is recorded, with its events.
    pub fn step(&self, index: usize) -> Option<StepRecord> {
        self.recording().step(index)
    }

    /// The frames that clients see in the steps of `range`, each step with its index and its time. None of it is kept:
    /// it is made again from the inputs whenever somebody looks.
    pub fn frames(&self, range: Range<usize>) -> Vec<(usize, SimTime, Vec<Frame>)> {
        let inputs = self.timeline().inputs();
        let end = range.end.min(self.index());
        let start = range.start.min(end);
        let mut world = self.timeline().state_at(start).into_world();
        let mut tracer = Tracer::new(self.config.compatibility);
        (start..end)
            .filter_map(|index| {
                let input = inputs.get(index)?;
                let tape = world.step_taped(&input);
                Some((index, input.at, tracer.frames(&tape, input.at)))
            })
            .collect()
    }

    /// Some steps of what is recorded, with their events.
    pub fn steps(&self, range: Range<usize>) -> Vec<StepRecord> {
        self.recording().steps(range)
    }

    /// A message's life up to here, and why each binding it met did or did not let it through; none if the run knows no
    /// such message yet.
    pub fn explain(&self, message: MessageId) -> Option<Journey> {
        let part = self.between.as_ref().map(Between::happened);
        journey::trace(self.recording(), self.index(), part.as_ref(), message)
    }

    /// The exchanges a message would meet if it were published to `exchange` now, and what each binding says to it.
    pub fn what_if(
        &self,
        exchange: &ExchangeId,
        routing_key: &RoutingKey,
        properties: &Properties,
    ) -> Vec<ExchangeVisit> {
        what_if::visits(self.present().broker(), exchange, routing_key, properties)
    }

    /// A number for a program that is added by a command of one's own.
    pub fn new_program_id(&mut self) -> ProgramId {
        self.next_program += 1;
        ProgramId(self.next_program - 1)
    }

    /// Puts a new program into the inbox and says its number; a script with a fault is refused.
    pub fn add_program(&mut self, spec: ProgramSpec) -> Result<ProgramId, ScriptError> {
        self.add_program_as(Origin::User, spec)
    }

    /// The same, by somebody else.
    pub fn add_program_as(
        &mut self,
        origin: Origin,
        spec: ProgramSpec,
    ) -> Result<ProgramId, ScriptError> {
        Script::parse(&spec.script)?;
        let program = ProgramId(self.next_program);
        self.next_program += 1;
        let spec = Rc::new(spec);
        let add = ProgramCommand::Add { program, spec };
        self.submit(origin, WorldCommand::Program(add));
        Ok(program)
    }

    /// Everything so far, as after a load.
    pub fn opened(&self) -> Update {
        self.jumped(0)
    }

    /// Takes a program away; its connection is closed.
    pub fn remove_program(&mut self, program: ProgramId) {
        self.submit_program(ProgramCommand::Remove { program });
    }

    /// Puts another script, other looks of a program into the inbox; a script with a fault is refused, and the old one
    /// stays.
    pub fn edit_program(
        &mut self,
        program: ProgramId,
        spec: ProgramSpec,
    ) -> Result<(), ScriptError> {
        Script::parse(&spec.script)?;
        let spec = Rc::new(spec);
        self.submit_program(ProgramCommand::Edit { program, spec });
        Ok(())
    }

    /// Lets something go wrong with a program.
    pub fn fault(&mut self, program: ProgramId, fault: Fault) {
        self.submit_program(ProgramCommand::Fault { program, fault });
    }

    /// Loses a program's connection without a word.
    pub fn crash_program(&mut self, program: ProgramId) {
        self.submit_program(ProgramCommand::Crash { program });
    }

    /// Runs a program from its first line, on a new connection.
    pub fn restart_program(&mut self, program: ProgramId) {
        self.submit_program(ProgramCommand::Restart { program });
    }

    /// Closes a program's connection.
    pub fn close_program(&mut self, program: ProgramId) {
        self.submit_program(ProgramCommand::Close { program });
    }

    /// A method on a program's channel, as if the program called it (a hand-made producer publishes so).
    pub fn call_program(&mut self, program: ProgramId, method: ClientMethod) {
        self.submit_program(ProgramCommand::Call { program, method });
    }

    /// The events up to here as text lines, each step under its time.
    pub fn transcript(&self) -> String {
        let mut text = String::new();
        let present = self.present().world();
        let mut tell = |at: SimTime, events: &[WorldEvent]| {
            if !events.is_empty() {
                text += &format!("-- {at}\n");
            }
            for event in events {
                text += &match event {
                    WorldEvent::Broker(event) => transcript::line(event),
                    WorldEvent::Program(event) => event.line(present),
                };
                text.push('\n');
            }
        };
        self.timeline()
            .visit(0..self.index(), |_, input, events| tell(input.at, events));
        if let Some(part) = self.between.as_ref().map(Between::happened) {
            tell(part.at, &part.events);
        }
        text
    }

    /// What stands now as a scenario, with its programs; the caller adds layout and title.
    pub fn export(&self) -> Scenario {
        export::scenario(&self.config, self.present().world())
    }

    /// A number for the connection of a real client; never one of the person's or a program's.
    pub fn new_connection_id(&mut self) -> ConnectionId {
        self.next_connection += 1;
        ConnectionId(self.next_connection - 1)
    }

    /// What is recorded of the current branch.
    pub fn recording(&self) -> &Recording {
        self.branches.recording()
    }

    /// The run itself, in the current branch.
    pub fn timeline(&self) -> &Timeline<Moment> {
        self.recording().timeline()
    }

    fn submit_program(&mut self, command: ProgramCommand) {
        self.submit(Origin::User, WorldCommand::Program(command));
    }

    /// Everything that is due up to `target`, each at its own time; if that is too much for one call, the clock stays
    /// where it got to. Not in the past: there the rest of what is recorded comes first.
    fn catch_up(&mut self, target: SimTime, steps: &mut Vec<StepRecord>, left: &mut usize) {
        let mut now = self.timeline().time_at(self.index());
        while self.past.is_none()
            && let Some(deadline) = self.present().next_deadline()
            && deadline <= target
        {
            now = now.max(deadline);
            if *left == 0 {
                self.playback.set_now_ms(now.as_ms());
                return;
            }
            let input = Input {
                at: now,
                origin: Origin::Clock,
                command: WorldCommand::Tick,
            };
            let step = self.push(input);
            *left = left.saturating_sub(cost(&step));
            steps.push(step);
        }
    }

    /// When the last step happened.
    pub(super) fn last_time(&self) -> SimTime {
        self.timeline().time_at(self.index())
    }

    /// A step at this moment.
    pub(super) fn record(&mut self, origin: Origin, command: WorldCommand) -> StepRecord {
        let at = SimTime(self.playback.now_ms()).max(self.last_time());
        self.push(Input {
            at,
            origin,
            command,
        })
    }

    /// Something new happens: in the past it begins a branch.
    fn push(&mut self, input: Input<WorldCommand>) -> StepRecord {
        self.fork(input.at);
        if input.origin != Origin::Clock {
            self.undone.clear();
        }
        self.view.replace(None);
        self.branches.recording_mut().push(input)
    }

    /// A jump after which what was known of step `from` and later is void.
    pub(super) fn jumped(&self, from: usize) -> Update {
        let first = from.max(self.index().saturating_sub(STEPS_AFTER_JUMP));
        let mut steps = self.steps(first..self.index());
        steps.extend(self.between.as_ref().map(Between::happened));
        self.update(steps, Some(from))
    }

    pub(super) fn update(&self, steps: Vec<StepRecord>, rewritten: Option<usize>) -> Update {
        Update {
            view: self.view(),
            steps,
            cursor: self.cursor(),
            tally: self.tally(),
            rewritten,
        }
    }
}

/// What a step costs: one, and one an event.
fn cost(step: &StepRecord) -> usize {
    1 + step.events.len()
}
