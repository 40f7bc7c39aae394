//! What the events of a broker do to its picture, one after the other.

use std::rc::Rc;

use crate::amqp::event::ChannelEnd;
use crate::amqp::protocol::ServerMethod;
use crate::amqp::view::{ChannelMode, ChannelView, ConnectionView, QueueView, View};
use crate::amqp::{ChannelId, ConnectionId, ConsumerId, Event, QueueId};
use crate::engine::world::WorldEvent;

/// A step as it is told: the pictures around it, and its events.
pub(super) struct Told<'a> {
    pub before: &'a View,
    pub after: &'a View,
    pub events: &'a [WorldEvent],
}

impl Told<'_> {
    /// Event `place` happens to `view`.
    pub fn happens(&self, view: &mut View, place: usize, event: &Event) {
        if self.moves(view, place, event) || self.session(view, event) {
            return;
        }
        match event {
            Event::ExchangeDeclared { exchange, .. } => {
                insert_like(&mut view.exchanges, &self.after.exchanges, exchange, |it| {
                    &it.id
                });
            }
            Event::ExchangeDeleted { exchange, .. } => {
                view.exchanges.retain(|it| it.id != *exchange);
            }
            Event::QueueDeclared { queue, .. } => {
                let is_new = insert_like(&mut view.queues, &self.after.queues, queue, |it| &it.id);
                if is_new && let Some(queue) = queue_mut(view, queue) {
                    (queue.ready, queue.unacked) = (0, 0);
                    queue.head.clear();
                    queue.consumers.clear();
                }
            }
            Event::QueueDeleted { queue, .. } => view.queues.retain(|it| it.id != *queue),
            Event::Bound { binding, .. } => {
                let later = &self.after.bindings;
                let is_new = insert_like(&mut view.bindings, later, binding, |it| it);
                if !is_new && !view.bindings.contains(binding) {
                    view.bindings.push(Rc::clone(binding));
                }
            }
            Event::Unbound { binding, .. } => view.bindings.retain(|it| it != binding),
            Event::ConsumerAdded { queue, consumer } => self.subscribe(view, queue, consumer),
            Event::ConsumerCancelled {
                queue, consumer, ..
            } => {
                if let Some(queue) = queue_mut(view, queue) {
                    queue.consumers.retain(|it| it.id != *consumer);
                }
                if let Some(channel) = channel_mut(view, consumer.channel) {
                    channel.consumers.retain(|it| it.id != *consumer);
                }
            }
            Event::ConsumerActivated { queue, consumer } => {
                let queue = queue_mut(view, queue).map(|queue| &mut queue.consumers);
                for it in queue.into_iter().flatten() {
                    it.active = it.id == *consumer;
                }
                for it in consumers_of_channels(view) {
                    if it.id == *consumer {
                        it.active = true;
                    }
                }
            }
            _ => self.rule(view, event),
        }
    }

    fn subscribe(&self, view: &mut View, queue: &QueueId, consumer: &ConsumerId) {
        let later = self.after.queues.iter().find(|it| it.id == *queue);
        if let Some(later) = later
            && let Some(queue) = queue_mut(view, queue)
            && insert_like(&mut queue.consumers, &later.consumers, consumer, |it| {
                &it.id
            })
        {
            queue
                .consumers
                .iter_mut()
                .filter(|it| it.id == *consumer)
                .for_each(|it| it.unacked = 0);
        }
        let later = channel_of(self.after, consumer.channel);
        if let Some(later) = later
            && let Some(channel) = channel_mut(view, consumer.channel)
            && insert_like(&mut channel.consumers, &later.consumers, consumer, |it| {
                &it.id
            })
        {
            channel
                .consumers
                .iter_mut()
                .filter(|it| it.id == *consumer)
                .for_each(|it| it.unacked = 0);
        }
    }

    /// Connections and channels; says no to other events.
    fn session(&self, view: &mut View, event: &Event) -> bool {
        match event {
            Event::ConnectionOpened {
                connection,
                name,
                user,
                vhost,
            } => {
                let opened = ConnectionView {
                    id: *connection,
                    name: Rc::clone(name),
                    user: user.clone(),
                    vhost: vhost.clone(),
                    blocked: false,
                    channels: Vec::new(),
                };
                let place = view.connections.partition_point(|it| it.id < opened.id);
                view.connections.insert(place, opened);
            }
            Event::ConnectionClosed { connection, .. } => {
                view.connections.retain(|it| it.id != *connection);
            }
            Event::ConnectionBlocked { connection, .. } => block(view, *connection, true),
            Event::ConnectionUnblocked { connection } => block(view, *connection, false),
            Event::ChannelOpened { channel } => open(view, *channel),
            Event::ChannelClosed {
                channel,
                end: ChannelEnd::Exception(_),
            } => {
                if let Some(channel) = channel_mut(view, *channel) {
                    channel.closing = true;
                    channel.unacked.clear();
                    channel.consumers.clear();
                }
            }
            Event::ChannelClosed { channel, .. } => {
                for connection in &mut view.connections {
                    connection.channels.retain(|it| it.id != *channel);
                }
            }
            Event::Replied { channel, method } => self.replied(view, *channel, method),
            _ => return false,
        }
        true
    }

    fn replied(&self, view: &mut View, id: ChannelId, method: &ServerMethod) {
        let later = channel_of(self.after, id);
        let Some(channel) = channel_mut(view, id) else {
            return;
        };
        match method {
            ServerMethod::ConfirmSelectOk => channel.mode = ChannelMode::Confirm,
            ServerMethod::TxSelectOk => channel.mode = ChannelMode::Tx,
            ServerMethod::BasicQosOk => {
                if let Some(later) = later {
                    channel.prefetch = later.prefetch;
                    channel.global_prefetch = later.global_prefetch;
                }
            }
            _ => {}
        }
    }

    /// Alarms, policies, virtual hosts and users.
    fn rule(&self, view: &mut View, event: &Event) {
        let after = self.after;
        match event {
            Event::AlarmChanged { memory, disk } => {
                (view.memory_alarm, view.disk_alarm) = (*memory, *disk);
            }
            Event::PolicyChanged { .. } => {
                view.policies.clone_from(&after.policies);
                view.operator_policies.clone_from(&after.operator_policies);
                for queue in &mut view.queues {
                    if let Some(later) = after.queues.iter().find(|it| it.id == queue.id) {
                        queue.policy.clone_from(&later.policy);
                        queue.operator_policy.clone_from(&later.operator_policy);
                        queue.effective_policy = Rc::clone(&later.effective_policy);
                        queue
                            .dead_letter_exchange
                            .clone_from(&later.dead_letter_exchange);
                    }
                }
                for exchange in &mut view.exchanges {
                    if let Some(later) = after.exchanges.iter().find(|it| it.id == exchange.id) {
                        exchange.policy.clone_from(&later.policy);
                        exchange.alternate.clone_from(&later.alternate);
                    }
                }
            }
            Event::VhostAdded { .. } | Event::VhostChanged { .. } | Event::VhostDeleted { .. } => {
                view.vhosts.clone_from(&after.vhosts);
                view.default_queue_types
                    .clone_from(&after.default_queue_types);
            }
            Event::UserChanged { .. }
            | Event::UserDeleted { .. }
            | Event::PermissionsChanged { .. } => view.users.clone_from(&after.users),
            _ => {}
        }
    }
}

/// Puts in what is called `id` in the `later` list, at its place among the others; says whether it was not there before.
fn insert_like<T: Clone, K: PartialEq>(
    list: &mut Vec<T>,
    later: &[T],
    id: &K,
    key: impl Fn(&T) -> &K,
) -> bool {
    if list.iter().any(|it| key(it) == id) {
        return false;
    }
    let Some(place) = later.iter().position(|it| key(it) == id) else {
        return false;
    };
    // After the last of those that stand before it later.
    let is_earlier = |it: &T| later[..place].iter().any(|other| key(other) == key(it));
    let earlier = list.iter().rposition(is_earlier).map_or(0, |last| last + 1);
    list.insert(earlier, later[place].clone());
    true
}

fn block(view: &mut View, id: ConnectionId, blocked: bool) {
    if let Some(it) = view.connections.iter_mut().find(|it| it.id == id) {
        it.blocked = blocked;
    }
}

fn open(view: &mut View, id: ChannelId) {
    let mut connections = view.connections.iter_mut();
    if let Some(connection) = connections.find(|it| it.id == id.connection) {
        let opened = ChannelView {
            id,
            closing: false,
            mode: ChannelMode::Normal,
            prefetch: 0,
            global_prefetch: 0,
            unacked: Vec::new(),
            consumers: Vec::new(),
            unconfirmed: 0,
        };
        let channels = &mut connection.channels;
        channels.retain(|it| it.id != id);
        let place = channels.partition_point(|it| it.id < id);
        channels.insert(place, opened);
    }
}

fn channel_of(view: &View, id: ChannelId) -> Option<&ChannelView> {
    let mut connections = view.connections.iter();
    let connection = connections.find(|it| it.id == id.connection)?;
    connection.channels.iter().find(|it| it.id == id)
}

pub(super) fn channel_mut(view: &mut View, id: ChannelId) -> Option<&mut ChannelView> {
    let mut connections = view.connections.iter_mut();
    let connection = connections.find(|it| it.id == id.connection)?;
    connection.channels.iter_mut().find(|it| it.id == id)
}

pub(super) fn queue_mut<'a>(view: &'a mut View, id: &QueueId) -> Option<&'a mut QueueView> {
    view.queues.iter_mut().find(|it| it.id == *id)
}

fn consumers_of_channels(
    view: &mut View,
) -> impl Iterator<Item = &mut crate::amqp::view::ConsumerView> {
    let channels = view.connections.iter_mut().flat_map(|it| &mut it.channels);
    channels.flat_map(|it| &mut it.consumers)
}
