//! How queues are emptied and how they end: queue.purge, queue.delete, and by themselves (semantics 7.11 to 7.16).

use crate::amqp::arena::{ConsumerKey, QueueKey, Target};
use crate::amqp::broker::{Broker, Timer};
use crate::amqp::event::{Cancellation, Deletion, DropReason, Event, Unbinding};
use crate::amqp::exception::Exception;
use crate::amqp::ids::{ChannelId, QueueName};
use crate::amqp::permission::{Access, On};
use crate::amqp::protocol::{ReplyCode, ServerMethod};
use crate::amqp::queue::arguments::described;
use crate::amqp::view::QueueKind;
use crate::ordered::sort_by_key;

/// The conditions of queue.delete.
#[derive(Clone, Copy)]
pub(super) struct OnlyIf {
    pub(super) unused: bool,
    pub(super) empty: bool,
}

impl Broker {
    /// queue.purge.
    pub(super) fn purge_queue(
        &mut self,
        channel: ChannelId,
        queue: &QueueName,
        nowait: bool,
        out: &mut Vec<Event>,
    ) -> Result<(), Exception> {
        let message_count = self.purge(channel, queue, out)?;
        let answer = ServerMethod::QueuePurgeOk { message_count };
        self.reply_unless(nowait, channel, answer, out);
        Ok(())
    }

    /// queue.delete.
    pub(super) fn delete_queue_method(
        &mut self,
        channel: ChannelId,
        queue: &QueueName,
        only_if: OnlyIf,
        nowait: bool,
        out: &mut Vec<Event>,
    ) -> Result<(), Exception> {
        let found = self.check_delete(channel, queue, only_if)?;
        let message_count = found.map_or(0, |(_, count)| count);
        let answer = ServerMethod::QueueDeleteOk { message_count };
        // On the deleting channel delete-ok comes before the cancels (semantics 29).
        self.reply_unless(nowait, channel, answer, out);
        if let Some((key, _)) = found {
            self.delete_queue(key, Deletion::ByClient, out);
        }
        Ok(())
    }

    /// A queue with x-expires starts to wait anew (semantics 7.15).
    pub(super) fn renew_lease(&mut self, key: QueueKey) {
        let now = self.now;
        let Some(queue) = self.queues.get_mut(key) else {
            return;
        };
        let Some(expires) = queue.settings.expires else {
            return;
        };
        let had_timer = queue.lease_ends.is_some();
        let ends = now + expires;
        queue.lease_ends = Some(ends);
        // A timer that comes too early sets itself anew.
        if !had_timer {
            self.set_timer(ends, Timer::Lease(key));
        }
    }

    pub(super) fn lease_due(&mut self, key: QueueKey, out: &mut Vec<Event>) {
        let now = self.now;
        let Some(queue) = self.queues.get_mut(key) else {
            return;
        };
        let Some(ends) = queue.lease_ends.take() else {
            return;
        };
        if queue.settings.expires.is_none() || !queue.consumers.is_empty() {
            return;
        }
        if ends > now {
            queue.lease_ends = Some(ends);
            return self.set_timer(ends, Timer::Lease(key));
        }
        self.delete_queue(key, Deletion::Expired, out);
    }

    fn purge(
        &mut self,
        channel: ChannelId,
        name: &QueueName,
        out: &mut Vec<Event>,
    ) -> Result<u32, Exception> {
        let vhost = self.vhost_of(channel);
        let name = self.expand_queue(channel, name)?;
        self.check_access(channel.connection, Access::Read, On::Queue(name.as_str()))?;
        let key = self.require_queue(vhost, &name)?;
        self.check_exclusive(key, channel)?;
        let Some(queue) = self.queues.get(key) else {
            return Ok(0);
        };
        if queue.kind == QueueKind::Stream {
            let text = format!(
                "queue.purge not supported by stream queues {}",
                described(&queue.id)
            );
            return Err(Exception::connection(ReplyCode::NotImplemented, text));
        }
        let count = queue.ready();
        self.drop_all_ready(key, DropReason::Purged, out);
        Ok(count)
    }

    /// Drops everything that is ready, without dead-lettering.
    pub(super) fn drop_all_ready(&mut self, key: QueueKey, why: DropReason, out: &mut Vec<Event>) {
        let Some(queue) = self.queues.get_mut(key) else {
            return;
        };
        let id = queue.id.clone();
        for entry in queue.store.take_all() {
            self.copies -= 1;
            self.copy_bytes -= entry.message.body.len() as u64;
            out.push(Event::Dropped {
                queue: id.clone(),
                message: entry.message.id,
                why,
            });
        }
    }

    /// What queue.delete finds: nothing, or the queue and its count (semantics 7.12).
    fn check_delete(
        &self,
        channel: ChannelId,
        name: &QueueName,
        only_if: OnlyIf,
    ) -> Result<Option<(QueueKey, u32)>, Exception> {
        let vhost = self.vhost_of(channel);
        let name = self.expand_queue(channel, name)?;
        self.check_access(
            channel.connection,
            Access::Configure,
            On::Queue(name.as_str()),
        )?;
        let Some(key) = self.queue_key(vhost, name.as_str()) else {
            return Ok(None);
        };
        self.check_exclusive(key, channel)?;
        let Some(queue) = self.queues.get(key) else {
            return Ok(None);
        };
        let what = described(&queue.id);
        match queue.kind {
            QueueKind::Classic => {
                if only_if.empty && queue.ready() > 0 {
                    return Err(Exception::channel(
                        ReplyCode::PreconditionFailed,
                        format!("{what} not empty"),
                    ));
                }
                if only_if.unused && !queue.consumers.is_empty() {
                    return Err(Exception::channel(
                        ReplyCode::PreconditionFailed,
                        format!("{what} in use"),
                    ));
                }
            }
            // A stream goes whatever was asked, and counts nothing.
            QueueKind::Stream => return Ok(Some((key, 0))),
            QueueKind::Quorum => {
                let flag = match only_if {
                    OnlyIf { unused: true, .. } => Some("if-unused"),
                    OnlyIf { empty: true, .. } => Some("if-empty"),
                    OnlyIf { .. } => None,
                };
                if let Some(flag) = flag {
                    let text = format!(
                        "cannot delete {what}. queue.delete operations with {flag} flag set are not supported by quorum queues"
                    );
                    return Err(Exception::connection(ReplyCode::NotImplemented, text));
                }
            }
        }
        Ok(Some((key, queue.ready())))
    }

    /// Deletes a queue with its bindings; its consumers are told (semantics 7.13).
    pub(super) fn delete_queue(&mut self, key: QueueKey, why: Deletion, out: &mut Vec<Event>) {
        let Some(queue) = self.queues.get(key) else {
            return;
        };
        let (id, vhost, owner) = (queue.id.clone(), queue.vhost, queue.owner);
        let messages = queue.store.count();
        let mut consumers: Vec<ConsumerKey> = queue.consumers.iter().collect();
        // A channel tells its consumers in the order of their tags (ch handle_consuming_queue_down_or_eol).
        sort_by_key(&mut consumers, |key| {
            self.consumers.get(*key).map(|consumer| consumer.id.clone())
        });
        self.drop_all_ready(key, DropReason::QueueDeleted, out);
        let unbinding = if why == Deletion::Restart {
            Unbinding::Restart
        } else {
            Unbinding::EndDeleted
        };
        self.remove_bindings_to(Target::Queue(key), unbinding, out);
        for consumer in consumers {
            let notify = self.consumer_wants_notice(consumer);
            self.take_consumer_off(consumer, Cancellation::QueueDeleted { notify }, out);
            self.consumers.remove(consumer);
        }
        self.queues.remove(key);
        if let Some(state) = self.vhosts.get_mut(vhost) {
            state.queues.remove(id.as_str());
        }
        if let Some(connection) = owner.and_then(|owner| self.connections.get_mut(&owner)) {
            connection.exclusive_queues.remove(&key);
        }
        out.push(Event::QueueDeleted {
            queue: id,
            why,
            messages,
        });
    }

    /// Whether the client of this consumer understands basic.cancel from the server (semantics 13.10).
    fn consumer_wants_notice(&self, consumer: ConsumerKey) -> bool {
        let connection = self
            .consumers
            .get(consumer)
            .map(|consumer| consumer.id.channel.connection);
        connection
            .and_then(|connection| self.connections.get(&connection))
            .is_some_and(|state| state.capabilities.consumer_cancel_notify)
    }

    /// After a consumer left: the next active one, auto-delete, the lease (semantics 7.11, 7.15, 20.2).
    pub(super) fn after_consumer_gone(&mut self, key: QueueKey, out: &mut Vec<Event>) {
        let Some(queue) = self.queues.get_mut(key) else {
            return;
        };
        if queue.consumers.is_empty() {
            if queue.auto_delete && !self.stopping {
                return self.delete_queue(key, Deletion::AutoDelete, out);
            }
            return self.renew_lease(key);
        }
        if queue.settings.single_active_consumer && queue.active.is_none() {
            let next = queue.consumers.first_in_line();
            queue.active = next;
            let id = queue.id.clone();
            if let Some(consumer) = next.and_then(|next| self.consumers.get(next)) {
                out.push(Event::ConsumerActivated {
                    queue: id,
                    consumer: consumer.id.clone(),
                });
            }
        }
        // Where a whole connection ended, deliveries of its other channels have come back and not been counted yet.
        self.after_return(key, out);
    }
}
