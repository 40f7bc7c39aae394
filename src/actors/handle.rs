//! What a program makes of deliveries, confirms and notices.

use std::rc::Rc;

use crate::actors::desk::{Batch, Chore, Held};
use crate::actors::fiber::Fiber;
use crate::actors::press::publish_again;
use crate::actors::program::{Consumption, Program, ProgramAction, Seat};
use crate::actors::said::{Awaited, Printed};
use crate::actors::script::Statement;
use crate::actors::spec::{NoticeKind, ProgramKind, ProgramState};
use crate::amqp::event::{Cancellation, Confirm, DeliveredTo, Settlement};
use crate::amqp::protocol::{ClientMethod, ServerMethod};
use crate::amqp::{
    ChannelId, Command, ConnectionId, ConsumerTag, DeliveryTag, Event, Message, Properties,
};
use crate::machine::SimTime;

/// How much of a body is printed.
const PRINTED_BODY: usize = 120;

impl Program {
    pub(super) fn observe_message(
        &mut self,
        now: SimTime,
        event: &Event,
        out: &mut Vec<ProgramAction>,
    ) {
        match event {
            Event::Replied { channel, method } if self.is_mine(*channel) => {
                self.take_reply(method);
                self.reply_came(now, out);
            }
            Event::Delivered { channel, .. } if self.is_mine(*channel) => {
                self.delivered(now, event, out);
            }
            Event::Settled {
                channel, tag, how, ..
            } if self.is_mine(*channel) => self.settled(*channel, *tag, *how, now),
            Event::Returned { channel, message } if self.is_mine(*channel) => {
                self.counts.returned += 1;
                self.print(
                    Printed::Returned {
                        body: shown(message),
                    },
                    out,
                );
                let again = Rc::new(publish_again(message));
                self.react(NoticeKind::Return, vec![again], now, out);
            }
            Event::Confirmed {
                channel,
                how,
                tag,
                multiple,
                ..
            } if self.is_mine(*channel) => {
                let (count, kept) = self.press.settled(*channel, tag.0, *multiple);
                match how {
                    Confirm::Ack => self.counts.confirmed += count,
                    Confirm::Nack => {
                        self.counts.nacked += count;
                        self.print(Printed::NotConfirmed { publish: *tag }, out);
                        self.react(NoticeKind::Nack, kept, now, out);
                    }
                }
                if self.press.is_settled() {
                    self.came(Awaited::Confirms, now);
                }
            }
            Event::ConsumerCancelled { consumer, why, .. } if self.is_mine(consumer.channel) => {
                self.consumptions.retain(|consumption| {
                    consumption.channel != consumer.channel || consumption.tag != consumer.tag
                });
                if let Cancellation::QueueDeleted { notify: true } = why {
                    self.print(Printed::Cancelled, out);
                }
            }
            Event::ConnectionBlocked { connection, .. } => self.blocked(*connection, now, out),
            Event::ConnectionUnblocked { connection } => self.unblocked(*connection, now, out),
            _ => {}
        }
    }

    fn blocked(&mut self, connection: ConnectionId, now: SimTime, out: &mut Vec<ProgramAction>) {
        if self.session.connection() == Some(connection) {
            self.unsent.get_or_insert_default();
            self.react(NoticeKind::Blocked, Vec::new(), now, out);
        }
    }

    fn unblocked(&mut self, connection: ConnectionId, now: SimTime, out: &mut Vec<ProgramAction>) {
        if self.session.connection() == Some(connection) {
            let unsent = self.unsent.take().unwrap_or_default();
            out.extend(unsent.into_iter().map(ProgramAction::Do));
            self.came(Awaited::Unblocked, now);
        }
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

    fn reply_came(&mut self, now: SimTime, out: &mut Vec<ProgramAction>) {
        if let Some(seat) = self.awaits_reply.take() {
            self.go_on(seat, now, self.spec.pace_ms);
            self.after(seat, now, out);
        }
    }

    fn delivered(&mut self, now: SimTime, event: &Event, out: &mut Vec<ProgramAction>) {
        let Event::Delivered {
            message,
            channel,
            tag,
            to,
            redelivered,
            properties,
            ..
        } = event
        else {
            return;
        };
        self.counts.received += 1;
        self.last_delivery = *tag;
        let properties = properties.as_ref().unwrap_or(&message.properties);
        let is_answer = self.answers(properties);
        let consumption = match to {
            DeliveredTo::Consumer(consumer) => self.consumption(*channel, consumer),
            DeliveredTo::Get { .. } => None,
        };
        let chore = consumption.and_then(|consumption| self.chore(consumption));
        let is_quiet = matches!(chore, Some(Chore::Handler(_)));
        if !is_quiet && !self.hung {
            let (body, redelivered) = (shown(message), *redelivered);
            self.print(Printed::Received { body, redelivered }, out);
        }
        if let Some(chore) = chore {
            let held = Held {
                channel: *channel,
                tag: *tag,
                message: Rc::clone(message),
                properties: Rc::clone(properties),
                redelivered: *redelivered,
                chore,
            };
            self.desk.waiting.push_back(held);
            self.begin_message(now, out);
        } else {
            self.bare.push_back((*channel, *tag));
            if let DeliveredTo::Get { .. } = to {
                self.reply_came(now, out);
            }
        }
        if is_answer {
            self.came(Awaited::Answer, now);
        }
    }

    /// A delivery is settled; one that no lines of its own worked on is done with it, unless it goes back.
    fn settled(&mut self, channel: ChannelId, tag: DeliveryTag, how: Settlement, now: SimTime) {
        let Some(place) = self.bare.iter().position(|it| *it == (channel, tag)) else {
            return;
        };
        self.bare.remove(place);
        match how {
            Settlement::Ack | Settlement::Automatic | Settlement::Discard => {
                self.counts.done += 1;
                if self.spec.kind == ProgramKind::Consumer {
                    self.meter.count(now);
                }
            }
            Settlement::Requeue { .. } | Settlement::QueueGone => {}
        }
    }

    /// Whether this is the answer to what was published last.
    fn answers(&mut self, properties: &Properties) -> bool {
        let asked = self.press.asked.as_ref();
        let is_answer = asked.is_some() && asked == properties.correlation_id.as_ref();
        if is_answer {
            self.press.asked = None;
        }
        is_answer
    }

    fn consumption(&self, channel: ChannelId, consumer: &ConsumerTag) -> Option<&Consumption> {
        self.consumptions
            .iter()
            .find(|known| known.channel == channel && known.tag == *consumer)
    }

    fn chore(&self, consumption: &Consumption) -> Option<Chore> {
        if let Some(work) = consumption.work {
            return Some(Chore::Work(work));
        }
        let handlers = self.script.handlers();
        let own = handlers.iter().position(|handler| {
            (handler.of_last_queue && consumption.of_last_queue)
                || handler.queue.as_ref() == Some(&consumption.queue)
        });
        let any = || handlers.iter().position(|handler| handler.queue.is_none());
        own.or_else(any).map(Chore::Handler)
    }

    /// The first statement of the handler at work.
    pub(super) fn handler_start(&self) -> Option<usize> {
        match self.desk.hand.as_ref()?.chore {
            Chore::Handler(index) => self.script.handlers().get(index).map(|h| h.start),
            Chore::Work(_) => None,
        }
    }

    /// Takes the next message in hand, if the hands are free.
    fn begin_message(&mut self, now: SimTime, out: &mut Vec<ProgramAction>) {
        if self.desk.hand.is_some() {
            return;
        }
        let Some(held) = self.desk.waiting.pop_front() else {
            return;
        };
        let chore = held.chore;
        self.desk.hand = Some(held);
        match chore {
            Chore::Work(delay) => {
                self.desk.began = now;
                let ms = delay.draw(&mut self.rng) * u64::from(self.slow);
                self.desk.busy_until = Some(now + ms);
            }
            Chore::Handler(index) => {
                let began = now.max(self.desk.free_at);
                self.desk.began = began;
                let start = self.script.handlers().get(index).map_or(0, |h| h.start);
                self.desk.fiber = Fiber::at(start + 1);
                // An empty handler has come to its end already.
                match self.statement(start + 1) {
                    Some(Statement::End { start: end }) if *end == start => {
                        self.desk.fiber.next = usize::MAX;
                        self.after(Seat::Desk, now, out);
                    }
                    _ => self.desk.fiber.wake_at = Some(began),
                }
            }
        }
    }

    /// The end of `consume … work=…`.
    pub(super) fn finish_work(&mut self, now: SimTime, out: &mut Vec<ProgramAction>) {
        self.desk.busy_until = None;
        let Some(held) = self.desk.hand.take() else {
            return;
        };
        if std::mem::take(&mut self.before_ack) {
            return self.lose(out);
        }
        self.counts.done += 1;
        self.meter.count(now);
        self.print(Printed::Done, out);
        self.send(Command::call(held.channel, ack(held.tag, false)), out);
        self.begin_message(now, out);
    }

    /// The handler has come to its end: the next message, or the end of the program.
    pub(super) fn finish_message(&mut self, now: SimTime, out: &mut Vec<ProgramAction>) {
        let Some(held) = self.desk.hand.take() else {
            return;
        };
        self.desk.fiber = Fiber::default();
        self.counts.done += 1;
        self.meter.count(now);
        // Each message takes a millisecond at least, so that time goes on.
        self.desk.free_at = now.max(self.desk.began + 1);
        if let Chore::Handler(index) = held.chore {
            let handled = &mut self.desk.handled;
            if handled.len() <= index {
                handled.resize(index + 1, 0);
            }
            handled[index] += 1;
            let handler = self.script.handlers().get(index);
            let is_last = handler.is_some_and(|h| h.times.is_some_and(|n| n <= handled[index]));
            if let Some(handler) = handler {
                self.current_line = self.script.lines().get(handler.start).map(|line| line.line);
            }
            if is_last {
                self.flush(out);
                return self.close(out);
            }
        }
        if self.state != ProgramState::Finished {
            self.begin_message(now, out);
        }
    }

    /// One more of a batch; the last of them acknowledges all.
    pub(super) fn gather(
        &mut self,
        channel: ChannelId,
        tag: DeliveryTag,
        size: u32,
        out: &mut Vec<ProgramAction>,
    ) {
        let count = match self.desk.batch {
            Some(batch) if batch.channel == channel => batch.count + 1,
            Some(_) | None => 1,
        };
        self.desk.batch = Some(Batch {
            channel,
            last: tag,
            count,
        });
        if count >= size {
            self.flush(out);
        }
    }

    /// Acknowledges what a batch has gathered.
    fn flush(&mut self, out: &mut Vec<ProgramAction>) {
        let Some(batch) = self.desk.batch.take() else {
            return;
        };
        if std::mem::take(&mut self.before_ack) {
            return self.lose(out);
        }
        self.send(Command::call(batch.channel, ack(batch.last, true)), out);
    }
}

fn ack(delivery_tag: DeliveryTag, multiple: bool) -> ClientMethod {
    ClientMethod::BasicAck {
        delivery_tag,
        multiple,
    }
}

fn shown(message: &Message) -> Rc<str> {
    let text = String::from_utf8_lossy(&message.body);
    if text.chars().count() <= PRINTED_BODY {
        return text.into();
    }
    let cut: String = text.chars().take(PRINTED_BODY).collect();
    format!("{cut}…").into()
}
