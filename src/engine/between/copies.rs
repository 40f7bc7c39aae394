//! What the events of messages do to a picture: copies come to queues, go into hands, come back, and leave.

use std::rc::Rc;

use super::broker::{Told, channel_mut, queue_mut};
use crate::amqp::event::{DeliveredTo, DropReason, Settlement};
use crate::amqp::view::{LISTED_MESSAGES, QueueKind, QueueView, ReadyView, UnackedView, View};
use crate::amqp::{ChannelId, DeliveryTag, Event, Message, MessageId, QueueId};

impl Told<'_> {
    /// One event of a copy; says no to those of other things.
    pub(super) fn moves(&self, view: &mut View, place: usize, event: &Event) -> bool {
        match event {
            Event::Enqueued {
                queue,
                message,
                position,
            } => {
                let entry = self.ready(queue, *message);
                put(view, queue, *position, entry);
            }
            Event::Delivered { .. } => self.deliver(view, place, event),
            Event::Settled { .. } => settle(view, event),
            Event::Dropped {
                queue,
                message,
                why,
            } => match why {
                // It has never been there.
                DropReason::Cycle => {}
                DropReason::Expired
                | DropReason::DeliveryLimit
                | DropReason::MaxLength
                | DropReason::Purged
                | DropReason::QueueDeleted
                | DropReason::Restart
                | DropReason::Retention => {
                    if let Some(queue) = queue_mut(view, queue) {
                        take(queue, *message);
                    }
                }
            },
            _ => return false,
        }
        true
    }

    /// What is known of a message that comes to a queue.
    fn ready(&self, queue: &QueueId, id: MessageId) -> Option<ReadyView> {
        let listed = |view: &View| {
            let mut queues = view.queues.iter().filter(|it| it.id == *queue);
            queues.find_map(|queue| queue.head.iter().find(|it| it.message.id == id).cloned())
        };
        let published = self
            .events
            .iter()
            .find_map(|event| match event.of_broker()? {
                Event::Published { message, .. }
                | Event::Delivered { message, .. }
                | Event::Returned { message, .. } => (message.id == id).then(|| Rc::clone(message)),
                _ => None,
            });
        listed(self.after).or_else(|| {
            let message: Rc<Message> = published?;
            let max = self.max_priority(queue);
            Some(ReadyView {
                priority: message.properties.priority.unwrap_or(0).min(max),
                message,
                redelivered: false,
                expires_at: None,
            })
        })
    }

    fn deliver(&self, view: &mut View, place: usize, event: &Event) {
        let Event::Delivered {
            queue,
            message,
            channel,
            tag,
            to,
            redelivered,
            ..
        } = event
        else {
            return;
        };
        let Some(from) = queue_mut(view, queue) else {
            return;
        };
        let is_stream = from.kind == QueueKind::Stream;
        if !is_stream {
            take(from, message.id);
        }
        if self.is_automatic(place, *channel, *tag) {
            return;
        }
        from.unacked += 1;
        let consumer = match to {
            DeliveredTo::Consumer(tag) => Some(tag.clone()),
            DeliveredTo::Get { .. } => None,
        };
        let unacked = UnackedView {
            tag: *tag,
            message: Rc::clone(message),
            queue: queue.clone(),
            consumer,
            redelivered: *redelivered,
        };
        if let Some(channel) = channel_mut(view, *channel) {
            channel.unacked.push(unacked);
        }
        count(view, *channel, *tag, 1);
    }

    /// Whether a delivery is settled by being sent: the event after it says so.
    fn is_automatic(&self, place: usize, to: ChannelId, with: DeliveryTag) -> bool {
        let later = self.events.iter().skip(place + 1);
        let mut later = later.filter_map(|event| event.of_broker());
        matches!(
            later.next(),
            Some(Event::Settled { channel, tag, how: Settlement::Automatic, .. })
                if *channel == to && *tag == with
        )
    }

    fn max_priority(&self, queue: &QueueId) -> u8 {
        let views = [self.before, self.after];
        let queue = views
            .iter()
            .find_map(|view| view.queues.iter().find(|it| it.id == *queue));
        let levels = queue.and_then(|queue| queue.arguments.get("x-max-priority"));
        levels.map_or(0, |_| u8::MAX)
    }
}

/// Takes a delivery out of the hands it is in; the hands of a transaction are emptied only by its commit.
fn settle(view: &mut View, event: &Event) {
    let Event::Settled {
        queue,
        channel,
        tag,
        how,
        ..
    } = event
    else {
        return;
    };
    if *how == Settlement::Automatic {
        return;
    }
    count(view, *channel, *tag, -1);
    let mut held = None;
    if let Some(channel) = channel_mut(view, *channel)
        && let Some(place) = channel.unacked.iter().position(|it| it.tag == *tag)
    {
        held = Some(channel.unacked.remove(place));
    }
    if let Some(queue) = queue_mut(view, queue) {
        queue.unacked = queue.unacked.saturating_sub(1);
    }
    if let Settlement::Requeue { position } = how {
        let entry = held.map(|held| ReadyView {
            priority: held.message.properties.priority.unwrap_or(0),
            message: held.message,
            redelivered: true,
            expires_at: None,
        });
        put(view, queue, *position, entry);
    }
}

/// A copy comes to a queue.
fn put(view: &mut View, queue: &QueueId, position: u32, entry: Option<ReadyView>) {
    let Some(queue) = queue_mut(view, queue) else {
        return;
    };
    queue.ready += 1;
    let place = usize::try_from(position).unwrap_or(usize::MAX);
    if place > queue.head.len() {
        return;
    }
    match entry {
        Some(entry) => {
            queue.head.insert(place, entry);
            queue.head.truncate(LISTED_MESSAGES);
        }
        // Nobody knows it: what stands behind it is not listed either.
        None => queue.head.truncate(place),
    }
}

/// A copy leaves those that are ready. One that went straight to a consumer has not been among them.
fn take(queue: &mut QueueView, message: MessageId) {
    let listed = queue.head.iter().position(|it| it.message.id == message);
    let beyond = queue.ready > queue.head.len() as u64;
    match listed {
        Some(place) => {
            queue.head.remove(place);
        }
        None if beyond => {}
        None => return,
    }
    queue.ready = queue.ready.saturating_sub(1);
}

/// A consumer has one more or one less in its hands.
fn count(view: &mut View, id: ChannelId, tag: DeliveryTag, more: i32) {
    let held = channel_mut(view, id).and_then(|channel| {
        let mut held = channel.unacked.iter();
        held.find(|it| it.tag == tag)?.consumer.clone()
    });
    let Some(consumer) = held else {
        return;
    };
    let is_it =
        |it: &&mut crate::amqp::view::ConsumerView| it.id.channel == id && it.id.tag == consumer;
    if let Some(channel) = channel_mut(view, id)
        && let Some(it) = channel.consumers.iter_mut().find(is_it)
    {
        it.unacked = it.unacked.saturating_add_signed(more);
    }
    let mut consumers = view.queues.iter_mut().flat_map(|it| &mut it.consumers);
    if let Some(it) = consumers.find(is_it) {
        it.unacked = it.unacked.saturating_add_signed(more);
    }
}
