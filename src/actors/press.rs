//! What a program has published and does not know the end of: unconfirmed messages, and those it will send again.

use std::collections::VecDeque;
use std::rc::Rc;

use crate::amqp::protocol::method::BasicPublish;
use crate::amqp::{ChannelId, Content, Message, ShortString};
use crate::machine::SimTime;

/// How many unconfirmed messages and repeats a program keeps; more are let go.
const MOST: usize = 10_000;

/// The publishing side of a program.
#[derive(Clone, Debug, Default)]
pub struct Press {
    /// The channel in confirm mode, and the number of its next publish.
    confirming: Option<(ChannelId, u64)>,
    /// Numbers that are not confirmed, with what was published if it may be needed again.
    unconfirmed: VecDeque<(u64, Option<Rc<BasicPublish>>)>,
    /// What is published again, and when.
    repeats: VecDeque<(SimTime, Rc<BasicPublish>)>,
    /// The correlation id of the last publish, until its answer has come.
    pub asked: Option<ShortString>,
}

/// Whether something that was published may be needed again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    Yes,
    No,
}

impl Press {
    /// confirm.select on a channel.
    pub fn confirm(&mut self, channel: ChannelId) {
        if self.confirming.is_none_or(|(known, _)| known != channel) {
            self.confirming = Some((channel, 1));
        }
    }

    /// Something is published on a channel.
    pub fn published(&mut self, channel: ChannelId, publish: &BasicPublish, keep: Keep) {
        if let Some((confirming, number)) = &mut self.confirming
            && *confirming == channel
        {
            let kept = (keep == Keep::Yes).then(|| Rc::new(publish.clone()));
            self.unconfirmed.push_back((*number, kept));
            *number += 1;
            if self.unconfirmed.len() > MOST {
                self.unconfirmed.pop_front();
            }
        }
    }

    /// A confirm came; how many it settles, and what they were.
    pub fn settled(
        &mut self,
        channel: ChannelId,
        tag: u64,
        multiple: bool,
    ) -> (u64, Vec<Rc<BasicPublish>>) {
        let mut kept = Vec::new();
        let mut count = 0;
        if self.confirming.is_some_and(|(known, _)| known == channel) {
            let is_meant = |number: u64| number == tag || (multiple && number < tag);
            self.unconfirmed.retain(|(number, publish)| {
                let meant = is_meant(*number);
                if meant {
                    count += 1;
                    kept.extend(publish.clone());
                }
                !meant
            });
        }
        (count, kept)
    }

    /// Something is to be published again.
    pub fn again(&mut self, at: SimTime, publish: Rc<BasicPublish>) {
        if self.repeats.len() < MOST {
            self.repeats.push_back((at, publish));
        }
    }

    /// The connection is lost: what was not confirmed is published again at `at`.
    pub fn lost(&mut self, at: SimTime) {
        self.confirming = None;
        let unconfirmed = std::mem::take(&mut self.unconfirmed);
        for publish in unconfirmed.into_iter().filter_map(|(_, kept)| kept) {
            self.again(at, publish);
        }
        for (due, _) in &mut self.repeats {
            *due = (*due).max(at);
        }
    }

    /// Nothing is expected any more.
    pub fn clear(&mut self) {
        *self = Press::default();
    }

    /// When something is published again.
    pub fn next_wake(&self) -> Option<SimTime> {
        self.repeats.front().map(|(at, _)| *at)
    }

    /// Takes out what is due.
    pub fn due(&mut self, now: SimTime) -> Option<Rc<BasicPublish>> {
        let (at, _) = self.repeats.front()?;
        (*at <= now)
            .then(|| self.repeats.pop_front())?
            .map(|(_, p)| p)
    }

    /// Whether every publish has come to its end.
    pub fn is_settled(&self) -> bool {
        self.unconfirmed.is_empty() && self.repeats.is_empty()
    }

    /// How many are not confirmed.
    pub fn unconfirmed(&self) -> usize {
        self.unconfirmed.len()
    }
}

/// What published a message that came back.
pub fn publish_again(message: &Message) -> BasicPublish {
    BasicPublish {
        exchange: message.exchange.name(),
        routing_key: message.routing_key.clone(),
        mandatory: true,
        immediate: false,
        content: Content {
            properties: Rc::clone(&message.properties),
            body: Rc::clone(&message.body),
        },
    }
}
