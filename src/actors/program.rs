//! One running program: its place in its script, and what it does with what the broker sends it.

use std::collections::VecDeque;
use std::rc::Rc;

use crate::actors::script::{Script, ScriptError, Statement};
use crate::actors::session::{Session, SessionChange};
use crate::actors::spec::{PRINTED_LINES, ProgramId, ProgramSpec, ProgramState, ProgramView};
use crate::amqp::event::{Cancellation, Confirm, DeliveredTo};
use crate::amqp::protocol::{ClientMethod, ServerMethod};
use crate::amqp::{
    ChannelId, Command, ConnectionId, ConsumerTag, DeliveryTag, Event, Exception, Message,
    QueueName,
};
use crate::machine::SimTime;

/// How much of a body is printed.
const PRINTED_BODY: usize = 120;

/// What a program does, in order.
#[derive(Clone, Debug, PartialEq)]
pub enum ProgramAction {
    Do(Command),
    /// It is about to carry out this line, counted from 0.
    Line(usize),
    Printed(Rc<str>),
    Finished,
    Crashed,
    Failed(Rc<str>),
}

/// A consumer the program asked for.
#[derive(Clone, Debug, PartialEq)]
struct Consumption {
    channel: ChannelId,
    /// Known once the broker has said it.
    tag: ConsumerTag,
    work_ms: Option<u64>,
}

/// A message that waits for its work to be done.
#[derive(Clone, Debug, PartialEq)]
struct Work {
    channel: ChannelId,
    tag: DeliveryTag,
    ms: u64,
}

/// A running program.
#[derive(Clone, Debug)]
pub struct Program {
    spec: Rc<ProgramSpec>,
    script: Rc<Script>,
    lines: Rc<[Rc<str>]>,
    session: Session,
    state: ProgramState,
    /// The statement that comes next.
    next: usize,
    current_line: Option<usize>,
    /// How many rounds of each open block are still to come; `None` for ever.
    rounds: Vec<Option<u32>>,
    /// When the next statement is carried out.
    wake_at: Option<SimTime>,
    /// A consume whose tag the broker has not said yet.
    asked: Option<Consumption>,
    consumptions: Vec<Consumption>,
    /// One message after the other: the front is being worked on, until `busy_until`.
    work: VecDeque<Work>,
    busy_until: Option<SimTime>,
    /// The last statement waits for its reply.
    awaits_reply: bool,
    last_queue: QueueName,
    last_delivery: DeliveryTag,
    consumed_queue: Option<QueueName>,
    printed: VecDeque<Rc<str>>,
}

impl Program {
    /// A program that begins as its spec says, counted from `now`.
    pub fn new(spec: Rc<ProgramSpec>, now: SimTime) -> Result<Program, ScriptError> {
        let script = Rc::new(Script::parse(&spec.script)?);
        let lines: Vec<Rc<str>> = spec.script.lines().map(Rc::from).collect();
        let session = Session::new(&spec.name);
        let wake_at = spec.start_after_ms.map(|ms| now + ms);
        Ok(Program {
            spec,
            script,
            lines: lines.into(),
            session,
            state: ProgramState::NotStarted,
            next: 0,
            current_line: None,
            rounds: Vec::new(),
            wake_at,
            asked: None,
            consumptions: Vec::new(),
            work: VecDeque::new(),
            busy_until: None,
            awaits_reply: false,
            last_queue: QueueName::default(),
            last_delivery: DeliveryTag(0),
            consumed_queue: None,
            printed: VecDeque::new(),
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
        match (self.wake_at, self.busy_until) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        }
    }

    /// The program as it is now.
    pub fn view(&self, id: ProgramId) -> ProgramView {
        ProgramView {
            id,
            name: Rc::clone(&self.spec.name),
            kind: self.spec.kind,
            colour: self.spec.colour,
            lines: Rc::clone(&self.lines),
            current_line: self.current_line,
            state: match self.state {
                ProgramState::Waiting if self.busy_until.is_some() => ProgramState::Sleeping,
                _ => self.state.clone(),
            },
            connection: self.session.connection(),
            channel: self.session.channel(),
            queue: self.consumed_queue.clone(),
            printed: self.printed.iter().cloned().collect(),
        }
    }

    /// Does what is due: the end of a piece of work, or the next statement.
    pub fn wake(
        &mut self,
        now: SimTime,
        new_connection: impl FnOnce() -> ConnectionId,
        out: &mut Vec<ProgramAction>,
    ) {
        if self.busy_until.is_some_and(|until| until <= now) {
            self.finish_work(now, out);
        } else if self.wake_at.is_some_and(|at| at <= now) {
            self.wake_at = None;
            self.next_statement(now, new_connection, out);
        }
    }

    /// From the first line, at once; the old connection, if there is one, is lost.
    pub fn restart(&mut self, now: SimTime, out: &mut Vec<ProgramAction>) {
        out.extend(self.session.drop_connection().map(ProgramAction::Do));
        self.stop(ProgramState::NotStarted);
        self.session = Session::new(&self.spec.name);
        self.next = 0;
        self.current_line = None;
        self.rounds.clear();
        self.last_queue = QueueName::default();
        self.consumed_queue = None;
        self.wake_at = Some(now);
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

    /// A method on its channel, asked for by the person.
    pub fn call(
        &mut self,
        method: ClientMethod,
        new_connection: impl FnOnce() -> ConnectionId,
        out: &mut Vec<ProgramAction>,
    ) {
        let mut commands = Vec::new();
        let channel = self.session.ensure(new_connection, &mut commands);
        commands.push(Command::call(channel, method));
        out.extend(commands.into_iter().map(ProgramAction::Do));
        if self.next >= self.script.lines().len() && self.wake_at.is_none() {
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
            Some(SessionChange::ConnectionFailed { exception }) => self.fail(&exception, out),
            Some(SessionChange::Closed) => {
                if self.state != ProgramState::Finished {
                    self.stop(ProgramState::Finished);
                    out.push(ProgramAction::Finished);
                }
            }
            Some(SessionChange::Lost) => {
                if self.state != ProgramState::Crashed && self.state != ProgramState::NotStarted {
                    self.stop(ProgramState::Crashed);
                    out.push(ProgramAction::Crashed);
                }
            }
            None => self.observe_message(now, event, out),
        }
    }

    fn observe_message(&mut self, now: SimTime, event: &Event, out: &mut Vec<ProgramAction>) {
        match event {
            Event::Replied { channel, method } if self.is_mine(*channel) => {
                self.take_reply(method);
                self.reply_came(now);
            }
            Event::Delivered {
                message,
                channel,
                tag,
                to,
                redelivered,
                ..
            } if self.is_mine(*channel) => {
                self.last_delivery = *tag;
                let again = if *redelivered { " (redelivered)" } else { "" };
                self.print(format!("[x] Received {}{again}", shown(message)), out);
                match to {
                    DeliveredTo::Consumer(consumer) => {
                        self.take_delivery(now, *channel, consumer, *tag)
                    }
                    DeliveredTo::Get { .. } => self.reply_came(now),
                }
            }
            Event::Returned { channel, message } if self.is_mine(*channel) => {
                self.print(format!("[!] Returned, NO_ROUTE: {}", shown(message)), out);
            }
            Event::Confirmed {
                channel,
                how: Confirm::Nack,
                tag,
                ..
            } if self.is_mine(*channel) => {
                self.print(format!("[!] Not confirmed: publish {tag}"), out);
            }
            Event::ConsumerCancelled { consumer, why, .. } if self.is_mine(consumer.channel) => {
                self.consumptions.retain(|consumption| {
                    consumption.channel != consumer.channel || consumption.tag != consumer.tag
                });
                if let Cancellation::QueueDeleted { notify: true } = why {
                    self.print("[!] The broker cancelled the consumer".to_string(), out);
                }
            }
            _ => {}
        }
    }

    fn is_mine(&self, channel: ChannelId) -> bool {
        self.session.connection() == Some(channel.connection)
    }

    fn take_reply(&mut self, method: &ServerMethod) {
        match method {
            ServerMethod::QueueDeclareOk { queue, .. } => self.last_queue = queue.clone(),
            ServerMethod::BasicConsumeOk { consumer_tag } => {
                if let Some(mut consumption) = self.asked.take() {
                    consumption.tag = consumer_tag.clone();
                    self.consumptions.push(consumption);
                }
            }
            _ => {}
        }
    }

    fn reply_came(&mut self, now: SimTime) {
        if self.awaits_reply {
            self.awaits_reply = false;
            self.go_on(now, self.spec.pace_ms);
        }
    }

    /// The next statement comes after a pause; after the last one the program waits.
    fn go_on(&mut self, now: SimTime, pause_ms: u64) {
        if self.next < self.script.lines().len() {
            self.wake_at = Some(now + pause_ms);
            self.state = ProgramState::Running;
        } else {
            self.state = ProgramState::Waiting;
        }
    }

    fn take_delivery(
        &mut self,
        now: SimTime,
        channel: ChannelId,
        consumer: &ConsumerTag,
        tag: DeliveryTag,
    ) {
        let work_ms = self
            .consumptions
            .iter()
            .find(|consumption| consumption.channel == channel && consumption.tag == *consumer)
            .and_then(|consumption| consumption.work_ms);
        let Some(ms) = work_ms else { return };
        if self.work.is_empty() {
            self.busy_until = Some(now + ms);
        }
        self.work.push_back(Work { channel, tag, ms });
    }

    fn finish_work(&mut self, now: SimTime, out: &mut Vec<ProgramAction>) {
        let done = self.work.pop_front();
        self.busy_until = self.work.front().map(|next| now + next.ms);
        let Some(work) = done else { return };
        self.print("[x] Done".to_string(), out);
        let ack = ClientMethod::BasicAck {
            delivery_tag: work.tag,
            multiple: false,
        };
        out.push(ProgramAction::Do(Command::call(work.channel, ack)));
    }

    fn next_statement(
        &mut self,
        now: SimTime,
        new_connection: impl FnOnce() -> ConnectionId,
        out: &mut Vec<ProgramAction>,
    ) {
        let script = Rc::clone(&self.script);
        let Some(line) = script.lines().get(self.next) else {
            self.state = ProgramState::Waiting;
            return;
        };
        self.next += 1;
        self.current_line = Some(line.line);
        self.state = ProgramState::Running;
        out.push(ProgramAction::Line(line.line));
        match &line.statement {
            Statement::Sleep(ms) => {
                self.go_on(now, *ms);
                self.state = ProgramState::Sleeping;
            }
            Statement::Print(text) => {
                self.print(text.clone(), out);
                self.go_on(now, self.spec.pace_ms);
            }
            Statement::Repeat { times, end } => {
                match times {
                    Some(0) => self.next = end + 1,
                    times => self.rounds.push(times.map(|times| times - 1)),
                }
                self.go_on(now, 0);
            }
            Statement::End { start } => self.end_of_round(now, *start),
            Statement::Crash => self.crash(out),
            Statement::Close => {
                self.close(out);
                if self.next < script.lines().len() {
                    self.wake_at = Some(now + self.spec.pace_ms);
                }
            }
            Statement::Connect
            | Statement::Channel
            | Statement::CloseChannel
            | Statement::Call(_)
            | Statement::Consume { .. }
            | Statement::Settle(_) => self.talk(now, &line.statement, new_connection, out),
        }
    }

    /// A block that is repeated for ever takes a millisecond a round at least, so that time goes on.
    fn end_of_round(&mut self, now: SimTime, start: usize) {
        let again = match self.rounds.last_mut() {
            Some(Some(0)) | None => false,
            Some(Some(left)) => {
                *left -= 1;
                true
            }
            Some(None) => true,
        };
        if again {
            self.next = start + 1;
        } else {
            self.rounds.pop();
        }
        self.go_on(now, 1);
    }

    /// The statements that send something to the broker.
    fn talk(
        &mut self,
        now: SimTime,
        statement: &Statement,
        new_connection: impl FnOnce() -> ConnectionId,
        out: &mut Vec<ProgramAction>,
    ) {
        let mut commands = Vec::new();
        self.awaits_reply = false;
        match statement {
            Statement::Connect => {
                out.extend(self.session.drop_connection().map(ProgramAction::Do));
                commands.push(self.session.connect(new_connection()));
            }
            Statement::Channel => {
                if self.session.connection().is_none() {
                    commands.push(self.session.connect(new_connection()));
                }
                commands.extend(self.session.open_channel());
                self.awaits_reply = true;
            }
            Statement::CloseChannel => {
                commands.extend(self.session.close_channel());
                self.awaits_reply = !commands.is_empty();
            }
            Statement::Call(call) => {
                let channel = self.session.ensure(new_connection, &mut commands);
                let method = call.fill(&self.last_queue);
                self.awaits_reply = awaits_reply(&method);
                commands.push(Command::call(channel, method));
            }
            Statement::Settle(settle) => {
                let channel = self.session.ensure(new_connection, &mut commands);
                commands.push(Command::call(channel, settle.method(self.last_delivery)));
            }
            Statement::Consume { .. } => {
                let channel = self.session.ensure(new_connection, &mut commands);
                self.consume(statement, channel, &mut commands);
            }
            Statement::Sleep(_)
            | Statement::Print(_)
            | Statement::Repeat { .. }
            | Statement::End { .. }
            | Statement::Close
            | Statement::Crash => {}
        }
        if self.awaits_reply {
            self.state = ProgramState::Waiting;
        } else {
            self.go_on(now, self.spec.pace_ms);
        }
        out.extend(commands.into_iter().map(ProgramAction::Do));
    }

    fn consume(&mut self, statement: &Statement, channel: ChannelId, commands: &mut Vec<Command>) {
        let Statement::Consume {
            consume,
            of_last_queue,
            prefetch,
            work_ms,
        } = statement
        else {
            return;
        };
        let mut consume = consume.clone();
        if *of_last_queue {
            consume.queue = self.last_queue.clone();
        }
        self.consumed_queue = Some(match consume.queue.is_empty() {
            true => self.last_queue.clone(),
            false => consume.queue.clone(),
        });
        let consumption = Consumption {
            channel,
            tag: consume.consumer_tag.clone(),
            work_ms: *work_ms,
        };
        if let Some(prefetch_count) = *prefetch {
            let qos = ClientMethod::BasicQos {
                prefetch_size: 0,
                prefetch_count,
                global: false,
            };
            commands.push(Command::call(channel, qos));
        }
        if consume.nowait {
            self.consumptions.push(consumption);
        } else {
            self.asked = Some(consumption);
            self.awaits_reply = true;
        }
        commands.push(Command::call(channel, ClientMethod::BasicConsume(consume)));
    }

    fn fail(&mut self, exception: &Exception, out: &mut Vec<ProgramAction>) {
        let text: Rc<str> = format!("{} {}", exception.code.code(), exception.reply_text()).into();
        self.stop(ProgramState::Failed(Rc::clone(&text)));
        self.print(format!("[!] {text}"), out);
        out.push(ProgramAction::Failed(text));
    }

    /// Nothing of its own happens any more.
    fn stop(&mut self, state: ProgramState) {
        self.state = state;
        self.wake_at = None;
        self.busy_until = None;
        self.awaits_reply = false;
        self.asked = None;
        self.work.clear();
        self.consumptions.clear();
    }

    fn print(&mut self, text: String, out: &mut Vec<ProgramAction>) {
        let text: Rc<str> = text.into();
        if self.printed.len() == PRINTED_LINES {
            self.printed.pop_front();
        }
        self.printed.push_back(Rc::clone(&text));
        out.push(ProgramAction::Printed(text));
    }
}

/// Whether a blocking client waits for something after this method.
fn awaits_reply(method: &ClientMethod) -> bool {
    match method {
        ClientMethod::ExchangeDeclare(declare) => !declare.nowait,
        ClientMethod::QueueDeclare(declare) => !declare.nowait,
        ClientMethod::BasicConsume(consume) => !consume.nowait,
        ClientMethod::ExchangeDelete { nowait, .. }
        | ClientMethod::ExchangeBind { nowait, .. }
        | ClientMethod::ExchangeUnbind { nowait, .. }
        | ClientMethod::QueueBind { nowait, .. }
        | ClientMethod::QueuePurge { nowait, .. }
        | ClientMethod::QueueDelete { nowait, .. }
        | ClientMethod::BasicCancel { nowait, .. }
        | ClientMethod::ConfirmSelect { nowait } => !nowait,
        ClientMethod::ChannelOpen
        | ClientMethod::ChannelFlow { .. }
        | ClientMethod::ChannelClose { .. }
        | ClientMethod::AccessRequest
        | ClientMethod::QueueUnbind { .. }
        | ClientMethod::BasicQos { .. }
        | ClientMethod::BasicGet { .. }
        | ClientMethod::BasicRecover { .. }
        | ClientMethod::TxSelect
        | ClientMethod::TxCommit
        | ClientMethod::TxRollback => true,
        ClientMethod::ChannelFlowOk
        | ClientMethod::ChannelCloseOk
        | ClientMethod::BasicCancelOk { .. }
        | ClientMethod::BasicPublish(_)
        | ClientMethod::BasicAck { .. }
        | ClientMethod::BasicNack { .. }
        | ClientMethod::BasicReject { .. }
        | ClientMethod::BasicRecoverAsync { .. } => false,
    }
}

fn shown(message: &Message) -> String {
    let text = String::from_utf8_lossy(&message.body);
    if text.chars().count() <= PRINTED_BODY {
        return text.into_owned();
    }
    text.chars().take(PRINTED_BODY).chain("…".chars()).collect()
}
