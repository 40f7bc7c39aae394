//! How a program carries out its lines: one statement a step.

use std::rc::Rc;

use crate::actors::chance::Delay;
use crate::actors::fiber::{Ahead, Fiber, Look};
use crate::actors::press::Keep;
use crate::actors::program::{Consumption, MOST_UNSENT, Program, ProgramAction, Seat};
use crate::actors::said::{Awaited, Printed};
use crate::actors::script::{Filling, Publishing, Reaction, Settle, Statement};
use crate::actors::spec::{NoticeKind, ProgramState};
use crate::amqp::protocol::ClientMethod;
use crate::amqp::protocol::method::BasicPublish;
use crate::amqp::{Command, ConnectionId};
use crate::machine::SimTime;

/// Where new connections get their numbers from.
type NewConnection<'a> = &'a mut dyn FnMut() -> ConnectionId;

impl Program {
    /// Does one thing that is due: at the desk first, then the next line, then a publish that is tried again.
    pub fn wake(
        &mut self,
        now: SimTime,
        new_connection: NewConnection<'_>,
        out: &mut Vec<ProgramAction>,
    ) {
        let due = |wake: Option<SimTime>| wake.is_some_and(|at| at <= now);
        if due(self.desk.busy_until) {
            self.finish_work(now, out);
        } else if due(self.desk.fiber.wake_at) {
            self.desk.fiber.wake_at = None;
            self.next_statement(Seat::Desk, now, new_connection, out);
        } else if due(self.main.wake_at) {
            self.main.wake_at = None;
            self.next_statement(Seat::Main, now, new_connection, out);
        } else if let Some((awaited, until)) = self.awaited
            && due(until)
        {
            self.time_is_up(awaited, now, out);
        } else if let Some(publish) = self.press.due(now) {
            self.counts.retried += 1;
            let channel = self.channel(new_connection, out);
            self.press.published(channel, &publish, self.keep());
            let method = ClientMethod::BasicPublish(Box::new((*publish).clone()));
            self.send(Command::call(channel, method), out);
        }
    }

    fn time_is_up(&mut self, awaited: Awaited, now: SimTime, out: &mut Vec<ProgramAction>) {
        self.awaited = None;
        self.print(Printed::Late(awaited), out);
        self.go_on(Seat::Main, now, self.spec.pace_ms);
    }

    fn fiber(&mut self, seat: Seat) -> &mut Fiber {
        match seat {
            Seat::Main => &mut self.main,
            Seat::Desk => &mut self.desk.fiber,
        }
    }

    /// The next statement comes after a pause; after the last one the program waits.
    pub(super) fn go_on(&mut self, seat: Seat, now: SimTime, pause_ms: u64) {
        if seat == Seat::Main && self.resume.is_some() {
            return self.recover_on(now);
        }
        let script = Rc::clone(&self.script);
        let look = Look {
            script: &script,
            now,
            slow: self.slow,
            handler: match seat {
                Seat::Main => None,
                Seat::Desk => self.handler_start(),
            },
        };
        let mut fiber = std::mem::take(self.fiber(seat));
        // A sleep is over before what comes after it is looked at; the pace only rests between lines.
        let ahead = fiber.look_ahead(&look, &mut self.rng);
        let rest = match fiber.is_paced() || seat == Seat::Desk {
            true => 0,
            false => pause_ms * u64::from(self.slow),
        };
        let (wake_at, state) = match ahead {
            Ahead::Soon => (Some(now + rest), ProgramState::Running),
            Ahead::At(at) => (Some(at.max(now + rest)), ProgramState::Running),
            Ahead::Never | Ahead::End => (None, ProgramState::Waiting),
        };
        fiber.wake_at = wake_at;
        *self.fiber(seat) = fiber;
        match seat {
            Seat::Main => self.state = state,
            Seat::Desk if matches!(ahead, Ahead::End | Ahead::Never) => {
                self.desk.fiber.next = usize::MAX;
            }
            Seat::Desk => {}
        }
    }

    /// While it sets itself up again, only the lines that set something up are carried out.
    fn recover_on(&mut self, now: SimTime) {
        let Some(resume) = &self.resume else { return };
        let lines = self.script.lines();
        let until = resume.next.min(lines.len());
        let next = (self.main.next..until).find(|index| {
            let line = &lines[*index];
            line.depth == 0 && sets_up(&line.statement)
        });
        match next {
            Some(next) => {
                self.main.next = next;
                self.main.wake_at = Some(now);
                self.state = ProgramState::Reconnecting;
            }
            None => {
                self.main = self.resume.take().unwrap_or_default();
                let wakes = self.main.wake_at.is_some();
                self.main.wake_at = self.main.wake_at.map(|at| at.max(now));
                self.state = match wakes {
                    true => ProgramState::Running,
                    false => ProgramState::Waiting,
                };
            }
        }
    }

    fn next_statement(
        &mut self,
        seat: Seat,
        now: SimTime,
        new_connection: NewConnection<'_>,
        out: &mut Vec<ProgramAction>,
    ) {
        let next = self.fiber(seat).next;
        let script = Rc::clone(&self.script);
        let Some(line) = script.lines().get(next) else {
            return self.end_of(seat, now, out);
        };
        let passed = Fiber::is_passed(&line.statement);
        let recovering = seat == Seat::Main && self.resume.is_some();
        if passed || (recovering && !sets_up(&line.statement)) {
            // The beginning of a script, or of a round that had to wait: what it leads to may be due at once.
            self.go_on(seat, now, 0);
            let fiber = self.fiber(seat);
            if fiber.wake_at.is_some_and(|at| at <= now) && fiber.next != next {
                fiber.wake_at = None;
                return self.next_statement(seat, now, new_connection, out);
            }
            return self.after(seat, now, out);
        }
        if self.must_wait(&line.statement) {
            self.awaited = Some((Awaited::Unblocked, None));
            return;
        }
        self.fiber(seat).next += 1;
        if self.current_line != Some(line.line) {
            self.current_line = Some(line.line);
            out.push(ProgramAction::Line(line.line));
        }
        if seat == Seat::Main && !recovering {
            self.state = ProgramState::Running;
        }
        self.carry_out(seat, &line.statement, now, new_connection, out);
        self.after(seat, now, out);
    }

    /// A blocked program that heeds it publishes nothing; one whose socket is full cannot.
    fn must_wait(&self, statement: &Statement) -> bool {
        let Some(unsent) = &self.unsent else {
            return false;
        };
        let heeds = matches!(self.when_blocked(), Reaction::Retry { .. });
        match statement {
            Statement::Publish(_) => heeds || unsent.len() >= MOST_UNSENT,
            _ => false,
        }
    }

    /// When a handler has come to its end, the message is done with.
    pub(super) fn after(&mut self, seat: Seat, now: SimTime, out: &mut Vec<ProgramAction>) {
        if seat == Seat::Desk && self.desk.hand.is_some() && self.desk.fiber.next == usize::MAX {
            self.finish_message(now, out);
        }
    }

    fn end_of(&mut self, seat: Seat, now: SimTime, out: &mut Vec<ProgramAction>) {
        match seat {
            Seat::Main if self.resume.is_some() => self.recover_on(now),
            Seat::Main => self.state = ProgramState::Waiting,
            Seat::Desk => self.after(seat, now, out),
        }
    }

    fn carry_out(
        &mut self,
        seat: Seat,
        statement: &Statement,
        now: SimTime,
        new_connection: NewConnection<'_>,
        out: &mut Vec<ProgramAction>,
    ) {
        let pace = self.spec.pace_ms;
        match statement {
            Statement::Sleep(delay) | Statement::Work(delay) => self.rest(seat, *delay, now),
            Statement::Print(template) => {
                let text = {
                    let held = self.desk.hand.as_ref().filter(|_| seat == Seat::Desk);
                    let filling = Filling {
                        number: self.counts.published,
                        now,
                        name: &self.spec.name,
                        queue: self.last_queue.as_str(),
                        message: held
                            .map(|held| (&*held.message, &*held.properties, held.redelivered)),
                    };
                    template.fill(&filling, &mut self.rng)
                };
                self.print(Printed::Text(text.into()), out);
                self.go_on(seat, now, pace);
            }
            Statement::Crash => self.lose(out),
            Statement::Hang => {
                // When it is let go on, it goes on here.
                self.fiber(seat).wake_at = Some(now);
                self.hung = true;
                out.push(ProgramAction::Hung);
            }
            Statement::Close => {
                let next = self.main.next;
                self.close(out);
                if seat == Seat::Main && next < self.script.lines().len() {
                    self.main.wake_at = Some(now + pace);
                }
            }
            Statement::WaitReply { timeout_ms } => {
                let missing = self.press.asked.is_some();
                self.wait_for(Awaited::Answer, missing, *timeout_ms, now);
            }
            Statement::WaitConfirms { timeout_ms } => {
                let missing = !self.press.is_settled();
                self.wait_for(Awaited::Confirms, missing, *timeout_ms, now);
            }
            Statement::Trouble(trouble) => {
                out.push(ProgramAction::Trouble(trouble.clone()));
                self.go_on(seat, now, pace);
            }
            Statement::Publish(publishing) => {
                self.publish(seat, publishing, now, new_connection, out);
                self.go_on(seat, now, pace);
            }
            Statement::Settle(settle) => {
                self.settle(seat, settle, new_connection, out);
                if !matches!(self.state, ProgramState::Crashed) && !self.is_lost(out) {
                    self.go_on(seat, now, pace);
                }
            }
            Statement::Connect { .. }
            | Statement::Channel
            | Statement::CloseChannel
            | Statement::Call(_)
            | Statement::Consume { .. } => self.talk(seat, statement, now, new_connection, out),
            // `look_ahead` passes these.
            Statement::React
            | Statement::OnMessage { .. }
            | Statement::Else { .. }
            | Statement::Chance { .. }
            | Statement::Repeat { .. }
            | Statement::Paced { .. }
            | Statement::End { .. } => {}
        }
    }

    /// Whether the last thing it did was to lose its connection.
    fn is_lost(&self, out: &[ProgramAction]) -> bool {
        matches!(
            out.last(),
            Some(ProgramAction::Do(Command::DropConnection { .. }))
        )
    }

    fn rest(&mut self, seat: Seat, delay: Delay, now: SimTime) {
        let ms = delay.draw(&mut self.rng) * u64::from(self.slow);
        self.fiber(seat).wake_at = Some(now + ms);
        if seat == Seat::Main && self.resume.is_none() {
            self.state = match self.main.next >= self.script.lines().len() && ms == 0 {
                true => ProgramState::Waiting,
                false => ProgramState::Sleeping,
            };
        }
    }

    fn wait_for(&mut self, what: Awaited, missing: bool, timeout_ms: Option<u64>, now: SimTime) {
        if !missing {
            return self.go_on(Seat::Main, now, self.spec.pace_ms);
        }
        self.awaited = Some((what, timeout_ms.map(|ms| now + ms)));
        self.state = ProgramState::Waiting;
    }

    /// What the main thread waited for has come.
    pub(super) fn came(&mut self, what: Awaited, now: SimTime) {
        if self.awaited.is_some_and(|(awaited, _)| awaited == what) {
            self.awaited = None;
            match what {
                // The statement itself is still to come.
                Awaited::Unblocked => self.main.wake_at = Some(now),
                Awaited::Answer | Awaited::Confirms => {
                    self.go_on(Seat::Main, now, self.spec.pace_ms);
                }
            }
        }
    }

    /// Whether what is published may have to be published again.
    pub(super) fn keep(&self) -> Keep {
        match self.script.policies().nack {
            Reaction::Retry { .. } => Keep::Yes,
            Reaction::Ignore | Reaction::Stop => Keep::No,
        }
    }

    fn publish(
        &mut self,
        seat: Seat,
        publishing: &Publishing,
        now: SimTime,
        new_connection: NewConnection<'_>,
        out: &mut Vec<ProgramAction>,
    ) {
        let filled = {
            let held = self.desk.hand.as_ref().filter(|_| seat == Seat::Desk);
            let filling = Filling {
                number: self.counts.published + 1,
                now,
                name: &self.spec.name,
                queue: self.last_queue.as_str(),
                message: held.map(|held| (&*held.message, &*held.properties, held.redelivered)),
            };
            publishing.fill(&self.last_queue, &filling, &mut self.rng)
        };
        let publish: BasicPublish = match filled {
            Ok(publish) => publish,
            Err(problem) => return self.print(Printed::NotFilled(Rc::new(problem)), out),
        };
        if publishing.to_asker && publish.routing_key.is_empty() {
            return self.print(Printed::NoReplyTo, out);
        }
        let channel = self.channel(new_connection, out);
        self.counts.published += 1;
        if seat == Seat::Main {
            self.meter.count(now);
            self.press
                .asked
                .clone_from(&publish.content.properties.correlation_id);
        }
        self.press.published(channel, &publish, self.keep());
        let method = ClientMethod::BasicPublish(Box::new(publish));
        self.send(Command::call(channel, method), out);
    }

    fn settle(
        &mut self,
        seat: Seat,
        settle: &Settle,
        new_connection: NewConnection<'_>,
        out: &mut Vec<ProgramAction>,
    ) {
        let held = self.desk.hand.as_ref().filter(|_| seat == Seat::Desk);
        let held = held.map(|held| (held.channel, held.tag));
        if let (Some(size), Some((channel, tag))) = (settle.batch, held) {
            return self.gather(channel, tag, size, out);
        }
        if std::mem::take(&mut self.before_ack) {
            return self.lose(out);
        }
        let (channel, last) = match held {
            Some(held) => held,
            None => (self.channel(new_connection, out), self.last_delivery),
        };
        self.send(Command::call(channel, settle.method(last)), out);
    }

    /// The statements that wait for an answer of the broker.
    fn talk(
        &mut self,
        seat: Seat,
        statement: &Statement,
        now: SimTime,
        new_connection: NewConnection<'_>,
        out: &mut Vec<ProgramAction>,
    ) {
        let mut awaits = false;
        match statement {
            Statement::Connect { reconnect_ms } => {
                self.reconnect_ms = *reconnect_ms;
                out.extend(self.session.drop_connection().map(ProgramAction::Do));
                let command = self.session.connect(new_connection());
                self.unsent = None;
                self.send(command, out);
            }
            Statement::Channel => {
                if self.session.connection().is_none() {
                    let command = self.session.connect(new_connection());
                    self.send(command, out);
                }
                if let Some(command) = self.session.open_channel() {
                    self.send(command, out);
                }
                awaits = true;
            }
            Statement::CloseChannel => {
                if let Some(command) = self.session.close_channel() {
                    awaits = true;
                    self.send(command, out);
                }
            }
            Statement::Call(call) => {
                let channel = self.channel(new_connection, out);
                let method = call.fill(&self.last_queue);
                awaits = awaits_reply(&method);
                if let ClientMethod::ConfirmSelect { .. } = method {
                    self.press.confirm(channel);
                }
                self.send(Command::call(channel, method), out);
            }
            _ => awaits = self.consume(statement, new_connection, out),
        }
        if awaits {
            self.awaits_reply = Some(seat);
            if seat == Seat::Main && self.resume.is_none() {
                self.state = ProgramState::Waiting;
            }
        } else {
            self.go_on(seat, now, self.spec.pace_ms);
        }
    }

    /// basic.consume; whether a reply is to come.
    fn consume(
        &mut self,
        statement: &Statement,
        new_connection: NewConnection<'_>,
        out: &mut Vec<ProgramAction>,
    ) -> bool {
        let Statement::Consume {
            consume,
            of_last_queue,
            prefetch,
            work,
        } = statement
        else {
            return false;
        };
        let channel = self.channel(new_connection, out);
        let mut consume = consume.clone();
        if *of_last_queue {
            consume.queue = self.last_queue.clone();
        }
        let queue = match consume.queue.is_empty() {
            true => self.last_queue.clone(),
            false => consume.queue.clone(),
        };
        self.consumed_queue = Some(queue.clone());
        let consumption = Consumption {
            channel,
            tag: consume.consumer_tag.clone(),
            of_last_queue: queue == self.last_queue,
            queue,
            work: *work,
        };
        if let Some(prefetch_count) = *prefetch {
            let qos = ClientMethod::BasicQos {
                prefetch_size: 0,
                prefetch_count,
                global: false,
            };
            self.send(Command::call(channel, qos), out);
        }
        let awaits = !consume.nowait;
        if awaits {
            self.asked = Some(consumption);
        } else {
            self.consumptions.push(consumption);
        }
        let method = ClientMethod::BasicConsume(consume);
        self.send(Command::call(channel, method), out);
        awaits
    }

    /// What the script says about a message that was refused or came back.
    pub(super) fn react(
        &mut self,
        why: NoticeKind,
        publishes: Vec<Rc<BasicPublish>>,
        now: SimTime,
        out: &mut Vec<ProgramAction>,
    ) {
        let policies = self.script.policies();
        let reaction = match why {
            NoticeKind::Nack => policies.nack,
            NoticeKind::Return => policies.returned,
            NoticeKind::Blocked => policies.blocked,
        };
        match reaction {
            Reaction::Ignore => {}
            Reaction::Retry { after_ms } => {
                for publish in publishes {
                    self.press.again(now + after_ms, publish);
                }
            }
            Reaction::Stop => self.give_up(why, out),
        }
    }
}

/// What is done once more after a lost connection.
fn sets_up(statement: &Statement) -> bool {
    match statement {
        Statement::Connect { .. } | Statement::Channel | Statement::Consume { .. } => true,
        Statement::Call(call) => matches!(
            call.method,
            ClientMethod::ExchangeDeclare(_)
                | ClientMethod::QueueDeclare(_)
                | ClientMethod::QueueBind { .. }
                | ClientMethod::ExchangeBind { .. }
                | ClientMethod::BasicQos { .. }
                | ClientMethod::ConfirmSelect { .. }
                | ClientMethod::TxSelect
        ),
        _ => false,
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
