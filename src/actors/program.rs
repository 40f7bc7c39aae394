//! One running program: what can be done to it, and what it makes of what happens in the broker.
//!
//! `carry` carries out its lines, `handle` its deliveries; `fiber` knows which line comes next.

use std::collections::VecDeque;
use std::rc::Rc;

use crate::actors::chance::Delay;
use crate::actors::desk::Desk;
use crate::actors::fault::{Fault, Trouble};
use crate::actors::fiber::Fiber;
use crate::actors::meter::{Counts, Meter};
use crate::actors::press::Press;
use crate::actors::said::{Awaited, Printed};
use crate::actors::script::{Reaction, Script, ScriptError, Statement};
use crate::actors::session::{Session, SessionChange};
use crate::actors::spec::{
    NoticeKind, PRINTED_LINES, ProgramId, ProgramSpec, ProgramState, ProgramView,
};
use crate::amqp::protocol::ClientMethod;
use crate::amqp::{
    ChannelId, Command, ConnectionId, ConsumerTag, DeliveryTag, Event, Exception, QueueName,
};
use crate::machine::{Rng, SimTime};

/// How many commands wait in the socket of a blocked connection; then the program itself waits.
pub(super) const MOST_UNSENT: usize = 10_000;

/// A delivery tag that no broker gives out, for a channel error on purpose: more deliveries than a run has.
const NO_DELIVERY: DeliveryTag = DeliveryTag(1_000_000_000);

/// What a program does, in order.
#[derive(Clone, Debug, PartialEq)]
pub enum ProgramAction {
    Do(Command),
    /// It is about to carry out this line, counted from 0.
    Line(usize),
    Printed(Printed),
    Finished,
    Crashed,
    Failed(Rc<str>),
    /// It connects again after so long.
    Reconnects {
        after_ms: u64,
    },
    /// It gives up because of a notice of the broker.
    GaveUp(NoticeKind),
    /// It hangs by its own script.
    Hung,
    /// Something that is done to others.
    Trouble(Trouble),
}

/// A consumer the program asked for.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Consumption {
    pub channel: ChannelId,
    /// Known once the broker has said it.
    pub tag: ConsumerTag,
    pub queue: QueueName,
    pub of_last_queue: bool,
    pub work: Option<Delay>,
}

/// Which of its two threads is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Seat {
    Main,
    Desk,
}

/// A running program.
#[derive(Clone, Debug)]
pub struct Program {
    pub(super) spec: Rc<ProgramSpec>,
    pub(super) script: Rc<Script>,
    lines: Rc<[Rc<str>]>,
    pub(super) session: Session,
    pub(super) state: ProgramState,
    pub(super) main: Fiber,
    pub(super) current_line: Option<usize>,
    pub(super) rng: Rng,
    /// A consume whose tag the broker has not said yet.
    pub(super) asked: Option<Consumption>,
    pub(super) consumptions: Vec<Consumption>,
    pub(super) desk: Desk,
    pub(super) press: Press,
    /// Whose statement waits for its reply.
    pub(super) awaits_reply: Option<Seat>,
    /// What the main thread waits for, and until when at most.
    pub(super) awaited: Option<(Awaited, Option<SimTime>)>,
    pub(super) reconnect_ms: Option<u64>,
    /// While it sets itself up again: where it goes on then.
    pub(super) resume: Option<Fiber>,
    /// What waits in the socket of a blocked connection; none when it is not blocked.
    pub(super) unsent: Option<Vec<Command>>,
    pub(super) hung: bool,
    pub(super) before_ack: bool,
    /// How many times as long everything takes.
    pub(super) slow: u32,
    pub(super) last_queue: QueueName,
    pub(super) last_delivery: DeliveryTag,
    /// Deliveries that no lines of its own work on: whoever settles them is done with them.
    pub(super) bare: VecDeque<(ChannelId, DeliveryTag)>,
    pub(super) consumed_queue: Option<QueueName>,
    printed: VecDeque<Printed>,
    pub(super) counts: Counts,
    pub(super) meter: Meter,
}

impl Program {
    /// A program that begins as its spec says, counted from `now`; `seed` decides all its chances.
    pub fn new(spec: Rc<ProgramSpec>, now: SimTime, seed: u64) -> Result<Program, ScriptError> {
        let script = Rc::new(Script::parse(&spec.script)?);
        let lines: Vec<Rc<str>> = spec.script.lines().map(Rc::from).collect();
        let session = Session::new(&spec.name, spec.login.clone());
        let main = Fiber::starting(spec.start_after_ms.map(|ms| now + ms));
        Ok(Program {
            spec,
            script,
            lines: lines.into(),
            session,
            state: ProgramState::NotStarted,
            main,
            current_line: None,
            rng: Rng::new(seed),
            asked: None,
            consumptions: Vec::new(),
            desk: Desk::default(),
            press: Press::default(),
            awaits_reply: None,
            awaited: None,
            reconnect_ms: None,
            resume: None,
            unsent: None,
            hung: false,
            before_ack: false,
            slow: 1,
            last_queue: QueueName::default(),
            last_delivery: DeliveryTag(0),
            bare: VecDeque::new(),
            consumed_queue: None,
            printed: VecDeque::new(),
            counts: Counts::default(),
            meter: Meter::new(now),
        })
    }

    /// What it was made from.
    pub fn spec(&self) -> &Rc<ProgramSpec> {
        &self.spec
    }

    /// Its connection and channel.
    pub fn session(&self) -> &Session {
        &self.session
    }

    /// Whether its first line is still to come.
    pub fn has_not_started(&self) -> bool {
        self.state == ProgramState::NotStarted
    }

    /// When it does something by itself.
    pub fn next_wake(&self) -> Option<SimTime> {
        if self.hung {
            return None;
        }
        let timeout = self.awaited.and_then(|(_, until)| until);
        [
            self.desk.next_wake(),
            self.main.wake_at,
            self.press.next_wake(),
            timeout,
        ]
        .into_iter()
        .flatten()
        .min()
    }

    /// The program as it is now.
    pub fn view(&self, id: ProgramId, now: SimTime) -> ProgramView {
        ProgramView {
            id,
            name: Rc::clone(&self.spec.name),
            kind: self.spec.kind,
            login: self.spec.login.clone(),
            colour: self.spec.colour,
            lines: Rc::clone(&self.lines),
            pace_ms: self.spec.pace_ms,
            form: self.spec.form.clone(),
            current_line: self.current_line,
            state: self.shown_state(),
            connection: self.session.connection(),
            channel: self.session.channel(),
            queue: self.consumed_queue.clone(),
            printed: self.printed.iter().cloned().collect(),
            counts: self.counts,
            in_ten_seconds: self.meter.in_ten_seconds(now),
            planned: self.script.planned(),
            unconfirmed: self.press.unconfirmed(),
            waiting: self.desk.waiting.len(),
            slow: self.slow,
            before_ack: self.before_ack,
            reconnects: self.reconnect_ms.is_some(),
        }
    }

    fn shown_state(&self) -> ProgramState {
        let at_work = self.desk.hand.is_some();
        match self.state {
            _ if self.hung => ProgramState::Hung,
            ProgramState::Running | ProgramState::Waiting | ProgramState::Sleeping
                if self.unsent.is_some() =>
            {
                ProgramState::Blocked
            }
            ProgramState::Waiting if at_work => ProgramState::Sleeping,
            _ => self.state.clone(),
        }
    }

    /// From the first line, at once; the old connection, if there is one, is lost.
    pub fn restart(&mut self, now: SimTime, out: &mut Vec<ProgramAction>) {
        out.extend(self.session.drop_connection().map(ProgramAction::Do));
        self.stop(ProgramState::NotStarted);
        self.session = Session::new(&self.spec.name, self.spec.login.clone());
        self.main = Fiber::starting(Some(now));
        self.desk = Desk::default();
        self.current_line = None;
        self.last_queue = QueueName::default();
        self.consumed_queue = None;
        self.counts = Counts::default();
        self.meter = Meter::new(now);
        self.reconnect_ms = None;
    }

    /// Another script and other looks; its connection is closed, and it begins again if it had begun.
    pub fn edit(
        &mut self,
        spec: Rc<ProgramSpec>,
        now: SimTime,
        out: &mut Vec<ProgramAction>,
    ) -> Result<(), ScriptError> {
        let script = Script::parse(&spec.script)?;
        let had_begun = !self.has_not_started();
        out.extend(self.session.close().map(ProgramAction::Do));
        self.script = Rc::new(script);
        self.lines = spec.script.lines().map(Rc::from).collect();
        self.spec = spec;
        let wake_at = match had_begun {
            true => Some(now),
            false => self.main.wake_at,
        };
        self.session = Session::new(&self.spec.name, self.spec.login.clone());
        self.restart(now, &mut Vec::new());
        self.main.wake_at = wake_at;
        Ok(())
    }

    /// The connection is lost without a word, and it does nothing more.
    pub fn crash(&mut self, out: &mut Vec<ProgramAction>) {
        self.stop(ProgramState::Crashed);
        out.extend(self.session.drop_connection().map(ProgramAction::Do));
        out.push(ProgramAction::Crashed);
    }

    /// connection.close, and it does nothing more.
    pub fn close(&mut self, out: &mut Vec<ProgramAction>) {
        self.stop(ProgramState::Finished);
        out.extend(self.session.close().map(ProgramAction::Do));
        out.push(ProgramAction::Finished);
    }

    /// Something goes wrong on purpose. Says no when there is nothing that could.
    pub fn suffer(&mut self, fault: Fault, now: SimTime, out: &mut Vec<ProgramAction>) -> bool {
        let connected = self.session.connection().is_some();
        match fault {
            Fault::Kill if !self.is_over() => self.crash(out),
            Fault::Drop if connected => self.lose(out),
            Fault::CloseChannel if self.session.channel().is_some() => {
                let ack = ClientMethod::BasicAck {
                    delivery_tag: NO_DELIVERY,
                    multiple: false,
                };
                let command = self.session.channel().map(|c| Command::call(c, ack));
                out.extend(command.map(ProgramAction::Do));
            }
            Fault::Hang if connected => self.hung = true,
            Fault::Resume if self.hung => {
                self.hung = false;
                // What it missed is due now, not in the past.
                for wake_at in [&mut self.main.wake_at, &mut self.desk.fiber.wake_at] {
                    *wake_at = wake_at.map(|at| at.max(now));
                }
            }
            Fault::Slow(factor) => self.slow = factor.max(1),
            Fault::BeforeAck if connected => self.before_ack = true,
            Fault::Kill
            | Fault::Drop
            | Fault::CloseChannel
            | Fault::Hang
            | Fault::Resume
            | Fault::BeforeAck => return false,
        }
        true
    }

    /// Whether it does nothing any more and holds nothing.
    fn is_over(&self) -> bool {
        let ended = matches!(self.state, ProgramState::Finished | ProgramState::Crashed);
        ended && self.session.connection().is_none() && self.main.wake_at.is_none()
    }

    /// The connection is lost; whether it comes back is seen when the broker noticed.
    pub(super) fn lose(&mut self, out: &mut Vec<ProgramAction>) {
        match self.reconnect_ms {
            Some(_) => out.extend(self.session.drop_connection().map(ProgramAction::Do)),
            None => self.crash(out),
        }
    }

    /// A method on its channel, asked for by the person.
    pub fn call(
        &mut self,
        method: ClientMethod,
        new_connection: &mut dyn FnMut() -> ConnectionId,
        out: &mut Vec<ProgramAction>,
    ) {
        let is_answer = matches!(
            method,
            ClientMethod::BasicAck { .. }
                | ClientMethod::BasicNack { .. }
                | ClientMethod::BasicReject { .. }
        );
        if is_answer && std::mem::take(&mut self.before_ack) {
            return self.lose(out);
        }
        let channel = self.channel(new_connection, out);
        if let ClientMethod::BasicPublish(publish) = &method {
            self.counts.published += 1;
            self.press.published(channel, publish, self.keep());
        }
        self.send(Command::call(channel, method), out);
        if self.main.next >= self.script.lines().len() && self.main.wake_at.is_none() {
            self.state = ProgramState::Waiting;
        }
    }

    /// Takes note of what happened in the broker and answers at once what a client library answers by itself.
    pub fn observe(&mut self, now: SimTime, event: &Event, out: &mut Vec<ProgramAction>) {
        match self.session.observe(event) {
            Some(SessionChange::ChannelFailed { exception, answer }) => {
                out.push(ProgramAction::Do(answer));
                self.fail(&exception, out);
            }
            Some(SessionChange::ConnectionFailed { exception }) => {
                let forced = exception.code == crate::amqp::protocol::ReplyCode::ConnectionForced;
                match self.reconnect_ms {
                    Some(after_ms) if forced => self.reconnect(now, after_ms, out),
                    _ => self.fail(&exception, out),
                }
            }
            Some(SessionChange::Closed) => {
                if self.state != ProgramState::Finished {
                    self.stop(ProgramState::Finished);
                    out.push(ProgramAction::Finished);
                }
            }
            Some(SessionChange::Lost) => match self.state {
                ProgramState::Crashed | ProgramState::NotStarted => {}
                _ => match self.reconnect_ms {
                    Some(after_ms) => self.reconnect(now, after_ms, out),
                    None => {
                        self.stop(ProgramState::Crashed);
                        out.push(ProgramAction::Crashed);
                    }
                },
            },
            None => self.observe_message(now, event, out),
        }
    }

    /// It will set itself up again: what its top lines set up, and then on from where it was.
    fn reconnect(&mut self, now: SimTime, after_ms: u64, out: &mut Vec<ProgramAction>) {
        let at = now + after_ms;
        let resume = self.resume.take();
        let mut resume = resume.unwrap_or_else(|| std::mem::take(&mut self.main));
        let mut press = std::mem::take(&mut self.press);
        press.lost(at);
        // What was not confirmed is published again and waited for; a reply that was lost will not come.
        let is_confirms = |(what, _): &(Awaited, Option<SimTime>)| *what == Awaited::Confirms;
        let awaited = self.awaited.filter(is_confirms);
        let awaited = awaited.filter(|_| !press.is_settled());
        let is_done = resume.next >= self.script.lines().len() && self.awaited.is_none();
        resume.wake_at = match resume.wake_at {
            None if is_done || awaited.is_some() => None,
            wake_at => Some(wake_at.map_or(at, |wake| wake.max(at))),
        };
        let hung = self.hung;
        self.stop(ProgramState::Reconnecting);
        (self.hung, self.press, self.awaited) = (hung, press, awaited);
        self.main = Fiber::starting(Some(at));
        self.resume = Some(resume);
        out.push(ProgramAction::Reconnects { after_ms });
    }

    pub(super) fn is_mine(&self, channel: ChannelId) -> bool {
        self.session.connection() == Some(channel.connection)
    }

    fn fail(&mut self, exception: &Exception, out: &mut Vec<ProgramAction>) {
        let text: Rc<str> = format!("{} {}", exception.code.code(), exception.reply_text()).into();
        self.stop(ProgramState::Failed(Rc::clone(&text)));
        self.print(Printed::Failed(Rc::clone(&text)), out);
        out.push(ProgramAction::Failed(text));
    }

    /// The broker said something, and the script says that this is the end.
    pub(super) fn give_up(&mut self, why: NoticeKind, out: &mut Vec<ProgramAction>) {
        out.push(ProgramAction::GaveUp(why));
        self.close(out);
    }

    /// Nothing of its own happens any more.
    fn stop(&mut self, state: ProgramState) {
        self.state = state;
        self.main.wake_at = None;
        self.awaits_reply = None;
        self.awaited = None;
        self.asked = None;
        self.resume = None;
        self.unsent = None;
        self.hung = false;
        self.before_ack = false;
        self.consumptions.clear();
        self.bare.clear();
        self.desk.clear();
        self.press.clear();
    }

    pub(super) fn print(&mut self, line: Printed, out: &mut Vec<ProgramAction>) {
        if self.printed.len() == PRINTED_LINES {
            self.printed.pop_front();
        }
        self.printed.push_back(line.clone());
        out.push(ProgramAction::Printed(line));
    }

    /// The channel that methods go to, opened first if need be.
    pub(super) fn channel(
        &mut self,
        new_connection: &mut dyn FnMut() -> ConnectionId,
        out: &mut Vec<ProgramAction>,
    ) -> ChannelId {
        let mut commands = Vec::new();
        let channel = self.session.ensure(new_connection, &mut commands);
        for command in commands {
            self.send(command, out);
        }
        channel
    }

    /// To the broker, or into the socket of a blocked connection: the broker reads nothing from it (semantics 25).
    pub(super) fn send(&mut self, command: Command, out: &mut Vec<ProgramAction>) {
        match &mut self.unsent {
            Some(unsent) => unsent.push(command),
            None => out.push(ProgramAction::Do(command)),
        }
    }

    /// What the script says about being blocked.
    pub(super) fn when_blocked(&self) -> Reaction {
        self.script.policies().blocked
    }

    /// The statement that comes next.
    pub(super) fn statement(&self, index: usize) -> Option<&Statement> {
        self.script.lines().get(index).map(|line| &line.statement)
    }
}
