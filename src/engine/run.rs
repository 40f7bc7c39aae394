//! The engine: it owns the timeline, the inbox and the playback.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::ops::Range;
use std::rc::Rc;

use crate::actors::{ProgramId, ProgramSpec, Script, ScriptError};
use crate::amqp::protocol::ClientMethod;
use crate::amqp::{self, ConnectionId, MessageId, transcript};
use crate::engine::journey::{self, Journey};
use crate::engine::playback::Playback;
use crate::engine::update::{Cursor, StepRecord, Update};
use crate::engine::world::{
    FIRST_CLIENT_CONNECTION, ProgramCommand, World, WorldCommand, WorldEvent, WorldView,
};
use crate::engine::{export, setup};
use crate::machine::{Input, Machine, Origin, SimTime};
use crate::ordered::Map;
use crate::scenario::{Scenario, ScenarioError};
use crate::timeline::Timeline;
use crate::wire::trace::{Frame, Tracer};

/// How many steps one call of [`Engine::advance`] carries out at most, so that the page keeps answering; what is left
/// is done in the next one, and the clock waits for it.
const STEPS_PER_ADVANCE: usize = 4_000;

/// A run of the playground.
pub struct Engine {
    config: amqp::Config,
    timeline: Timeline<World>,
    inbox: VecDeque<(Origin, WorldCommand)>,
    playback: Playback,
    /// The inputs that undo took away, one list per undo, the latest last.
    undone: Vec<Vec<Input<WorldCommand>>>,
    /// The step that published each message.
    published: Map<MessageId, usize>,
    next_connection: u32,
    next_program: u32,
    view: RefCell<Option<Rc<WorldView>>>,
}

impl Engine {
    /// An empty playground, paused at the beginning of time.
    pub fn new(config: amqp::Config) -> Engine {
        Engine {
            config,
            timeline: Timeline::new(World::new(config)),
            inbox: VecDeque::new(),
            playback: Playback::new(),
            undone: Vec::new(),
            published: Map::new(),
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
        Ok(self.rewritten(0))
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

    /// Lets `elapsed_ms` of real time pass: what is due happens if it plays, then the inbox is carried out.
    pub fn advance(&mut self, elapsed_ms: f64) -> Update {
        let mut steps = Vec::new();
        let target = SimTime(self.playback.pass(elapsed_ms));
        if self.playback.playing() {
            self.catch_up(target, &mut steps);
        }
        while steps.len() < STEPS_PER_ADVANCE
            && let Some((origin, command)) = self.inbox.pop_front()
        {
            self.undone.clear();
            steps.push(self.record(origin, command));
        }
        self.update(steps, None)
    }

    /// One step: the next command of the inbox, or a jump to what is due next.
    pub fn step_one(&mut self) -> Update {
        let mut steps = Vec::new();
        if let Some((origin, command)) = self.inbox.pop_front() {
            self.undone.clear();
            steps.push(self.record(origin, command));
        } else if let Some(deadline) = self.timeline.present().next_deadline() {
            self.undone.clear();
            let now = self.playback.now_ms().max(deadline.as_ms());
            self.playback.set_now_ms(now);
            steps.push(self.record(Origin::Clock, WorldCommand::Tick));
        }
        self.update(steps, None)
    }

    /// Lets time pass.
    pub fn play(&mut self) {
        self.playback.set_playing(true);
    }

    /// Time stands; what is submitted is carried out all the same.
    pub fn pause(&mut self) {
        self.playback.set_playing(false);
    }

    /// Brought into 0.1 to 10.
    pub fn set_speed(&mut self, speed: f64) {
        self.playback.set_speed(speed);
    }

    /// Whether anything waits in the inbox or is due at some time.
    pub fn has_next(&self) -> bool {
        !self.inbox.is_empty() || self.timeline.present().next_deadline().is_some()
    }

    /// The picture of this moment.
    pub fn view(&self) -> Rc<WorldView> {
        let mut view = self.view.borrow_mut();
        let picture = view.get_or_insert_with(|| Rc::new(self.timeline.present().view()));
        Rc::clone(picture)
    }

    /// Where the run stands.
    pub fn cursor(&self) -> Cursor {
        Cursor {
            now: SimTime(self.playback.now_ms()),
            index: self.timeline.len(),
            playing: self.playback.playing(),
            speed: self.playback.speed(),
            at_end: !self.has_next(),
        }
    }

    /// One step of the run, with its events.
    pub fn step(&self, index: usize) -> Option<StepRecord> {
        let input = self.timeline.inputs().get(index)?;
        Some(StepRecord {
            index,
            at: input.at,
            origin: input.origin,
            command: input.command.clone(),
            events: self.timeline.events(index)?,
        })
    }

    /// The frames that clients see in the steps of `range`, each step with its index and its time. None of it is kept:
    /// it is made again from the inputs whenever somebody looks.
    pub fn frames(&self, range: Range<usize>) -> Vec<(usize, SimTime, Vec<Frame>)> {
        let inputs = self.timeline.inputs();
        let end = range.end.min(inputs.len());
        let mut world = self.timeline.state_at(range.start.min(end));
        let mut tracer = Tracer::new(self.config.compatibility);
        (range.start..end)
            .map(|index| {
                let input = &inputs[index];
                let tape = world.step_taped(input);
                (index, input.at, tracer.frames(&tape, input.at))
            })
            .collect()
    }

    /// A message's life, and why each binding it met did or did not let it through; none if this run knows no such
    /// message.
    pub fn explain(&self, message: MessageId) -> Option<Journey> {
        let published = *self.published.get(&message)?;
        journey::trace(&self.timeline, message, published)
    }

    /// Whether there is a user's step to take back.
    pub fn can_undo(&self) -> bool {
        self.last_user_step().is_some()
    }

    /// Whether there is an undone step to do again.
    pub fn can_redo(&self) -> bool {
        !self.undone.is_empty()
    }

    /// Back to before the last user's step, and pauses.
    pub fn undo(&mut self) -> Option<Update> {
        let index = self.last_user_step()?;
        let taken = self.timeline.truncate(index);
        if let Some(first) = taken.first() {
            self.playback.set_now_ms(first.at.as_ms());
        }
        self.playback.set_playing(false);
        self.inbox.clear();
        self.undone.push(taken);
        self.published.retain(|_, step| *step < index);
        self.view.replace(None);
        Some(self.rewritten(index))
    }

    /// What the last undo took away, again.
    pub fn redo(&mut self) -> Option<Update> {
        let inputs = self.undone.pop()?;
        let from = self.timeline.len();
        for input in inputs {
            self.playback.set_now_ms(input.at.as_ms());
            self.push(input);
        }
        self.playback.set_playing(false);
        Some(self.rewritten(from))
    }

    /// Puts a new program into the inbox and says its number; a script with a fault is refused.
    pub fn add_program(&mut self, spec: ProgramSpec) -> Result<ProgramId, ScriptError> {
        Script::parse(&spec.script)?;
        let program = ProgramId(self.next_program);
        self.next_program += 1;
        self.submit_program(ProgramCommand::Add {
            program,
            spec: Rc::new(spec),
        });
        Ok(program)
    }

    /// Takes a program away; its connection is closed.
    pub fn remove_program(&mut self, program: ProgramId) {
        self.submit_program(ProgramCommand::Remove { program });
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

    /// The events of the whole run as text lines, each step under its time.
    pub fn transcript(&self) -> String {
        let mut text = String::new();
        let present = self.timeline.present();
        self.timeline
            .visit(0..self.timeline.len(), |_, input, events| {
                if !events.is_empty() {
                    text += &format!("-- {}\n", input.at);
                }
                for event in events {
                    text += &match event {
                        WorldEvent::Broker(event) => transcript::line(event),
                        WorldEvent::Program(event) => event.line(present),
                    };
                    text.push('\n');
                }
            });
        text
    }

    /// What stands now as a scenario, with its programs; the caller adds layout and title.
    pub fn export(&self) -> Scenario {
        export::scenario(&self.config, self.timeline.present())
    }

    /// A number for the connection of a real client; never one of the person's or a program's.
    pub fn new_connection_id(&mut self) -> ConnectionId {
        self.next_connection += 1;
        ConnectionId(self.next_connection - 1)
    }

    /// The run itself.
    pub fn timeline(&self) -> &Timeline<World> {
        &self.timeline
    }

    fn submit_program(&mut self, command: ProgramCommand) {
        self.submit(Origin::User, WorldCommand::Program(command));
    }

    /// Everything that is due up to `target`, each at its own time; if that is too much for one call, the clock stays
    /// where it got to.
    fn catch_up(&mut self, target: SimTime, steps: &mut Vec<StepRecord>) {
        let mut now = self.last_time();
        while let Some(deadline) = self.timeline.present().next_deadline()
            && deadline <= target
        {
            now = now.max(deadline);
            if steps.len() >= STEPS_PER_ADVANCE {
                self.playback.set_now_ms(now.as_ms());
                return;
            }
            self.undone.clear();
            let input = Input {
                at: now,
                origin: Origin::Clock,
                command: WorldCommand::Tick,
            };
            steps.push(self.push(input));
        }
    }

    fn last_time(&self) -> SimTime {
        let last = self.timeline.inputs().last();
        last.map_or(SimTime::ZERO, |input| input.at)
    }

    fn last_user_step(&self) -> Option<usize> {
        let inputs = self.timeline.inputs();
        inputs.iter().rposition(|i| i.origin == Origin::User)
    }

    /// A step at this moment.
    fn record(&mut self, origin: Origin, command: WorldCommand) -> StepRecord {
        let at = SimTime(self.playback.now_ms()).max(self.last_time());
        self.push(Input {
            at,
            origin,
            command,
        })
    }

    fn push(&mut self, input: Input<WorldCommand>) -> StepRecord {
        self.view.replace(None);
        let index = self.timeline.len();
        let (at, origin, command) = (input.at, input.origin, input.command.clone());
        let events = self.timeline.push(input);
        for event in events.iter() {
            if let WorldEvent::Broker(amqp::Event::Published { message, .. }) = event {
                self.published.entry(message.id).or_insert(index);
            }
        }
        StepRecord {
            index,
            at,
            origin,
            command,
            events,
        }
    }

    fn rewritten(&self, from: usize) -> Update {
        let steps = (from..self.timeline.len())
            .filter_map(|index| self.step(index))
            .collect();
        self.update(steps, Some(from))
    }

    fn update(&self, steps: Vec<StepRecord>, rewritten: Option<usize>) -> Update {
        Update {
            view: self.view(),
            steps,
            cursor: self.cursor(),
            rewritten,
        }
    }
}
