//! The messages in a program's hands: one is worked on, the others wait, as in a client with one worker thread.

use std::collections::VecDeque;
use std::rc::Rc;

use crate::actors::chance::Delay;
use crate::actors::fiber::Fiber;
use crate::amqp::{ChannelId, DeliveryTag, Message, Properties};
use crate::machine::SimTime;

/// What is to be done with a message.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Chore {
    /// basic.ack after that long (`consume … work=…`).
    Work(Delay),
    /// What stands in this handler of the script.
    Handler(usize),
}

/// A delivery that was not handled to its end.
#[derive(Clone, Debug, PartialEq)]
pub struct Held {
    pub channel: ChannelId,
    pub tag: DeliveryTag,
    pub message: Rc<Message>,
    /// As they came, with what the queue added.
    pub properties: Rc<Properties>,
    pub redelivered: bool,
    pub chore: Chore,
}

/// Deliveries whose acknowledgement waits for others.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Batch {
    pub channel: ChannelId,
    pub last: DeliveryTag,
    pub count: u32,
}

/// Who works, and on what.
#[derive(Clone, Debug, Default)]
pub struct Desk {
    pub waiting: VecDeque<Held>,
    pub hand: Option<Held>,
    /// The place in the handler.
    pub fiber: Fiber,
    /// When the work of `consume … work=…` ends.
    pub busy_until: Option<SimTime>,
    pub began: SimTime,
    /// No message is begun before: each takes a millisecond at least, so that time goes on.
    pub free_at: SimTime,
    pub batch: Option<Batch>,
    /// How many messages each handler has handled.
    pub handled: Vec<u32>,
}

impl Desk {
    /// When something is to be done here.
    pub fn next_wake(&self) -> Option<SimTime> {
        self.busy_until.or(self.fiber.wake_at)
    }

    /// Everything in hand is gone; what was counted stays.
    pub fn clear(&mut self) {
        self.waiting.clear();
        self.hand = None;
        self.fiber = Fiber::default();
        self.busy_until = None;
        self.batch = None;
    }
}
