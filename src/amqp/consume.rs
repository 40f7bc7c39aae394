//! basic.qos, basic.consume, basic.cancel, basic.get (semantics 12, 13, 14).

use crate::amqp::arena::{ConsumerKey, QueueKey};
use crate::amqp::broker::{Broker, Task};
use crate::amqp::event::{Cancellation, Event};
use crate::amqp::exception::Exception;
use crate::amqp::ids::{ChannelId, ConsumerId, ConsumerTag, QueueName};
use crate::amqp::message::Table;
use crate::amqp::permission::{Access, On};
use crate::amqp::protocol::method::BasicConsume;
use crate::amqp::protocol::{ClientMethod, ReplyCode, ServerMethod};
use crate::amqp::queue::Queue;
use crate::amqp::queue::arguments::{described, module_name};
use crate::amqp::stream::check_offset_argument;
use crate::amqp::view::QueueKind;

#[derive(Clone, Debug)]
pub(super) struct Consumer {
    pub(super) id: ConsumerId,
    pub(super) queue: QueueKey,
    pub(super) no_ack: bool,
    pub(super) exclusive: bool,
    pub(super) priority: i64,
    /// 0 is no limit.
    pub(super) prefetch: u16,
    pub(super) unacked: u32,
    pub(super) arguments: Table,
    /// Streams: the offset it gets next.
    pub(super) next_offset: u64,
}

impl Broker {
    pub(super) fn perform_consuming(
        &mut self,
        channel: ChannelId,
        method: &ClientMethod,
        out: &mut Vec<Event>,
    ) -> Result<(), Exception> {
        match method {
            ClientMethod::BasicQos {
                prefetch_size,
                prefetch_count,
                global,
            } => {
                if *prefetch_size != 0 {
                    let text = format!("prefetch_size!=0 ({prefetch_size})");
                    return Err(Exception::connection(ReplyCode::NotImplemented, text));
                }
                match global {
                    true => self.set_global_prefetch(channel, *prefetch_count, out),
                    false => self.set_prefetch(channel, *prefetch_count, out),
                }
                Ok(())
            }
            ClientMethod::BasicConsume(consume) => self.consume(channel, consume, out),
            ClientMethod::BasicCancel {
                consumer_tag,
                nowait,
            } => {
                self.cancel(channel, consumer_tag, out);
                self.reply_unless(
                    *nowait,
                    channel,
                    ServerMethod::BasicCancelOk {
                        consumer_tag: consumer_tag.clone(),
                    },
                    out,
                );
                Ok(())
            }
            // D14: the answer to a server's cancel, which the server does not ask for.
            ClientMethod::BasicCancelOk { .. } => Err(Exception::connection(
                ReplyCode::CommandInvalid,
                "unimplemented method",
            )),
            ClientMethod::BasicGet { queue, no_ack } => self.get(channel, queue, *no_ack, out),
            _ => Ok(()),
        }
    }

    /// For consumers started later; also switches the channel-wide limit off (semantics 12.2).
    fn set_prefetch(&mut self, channel: ChannelId, count: u16, out: &mut Vec<Event>) {
        let Some(state) = self.channels.get_mut(&channel) else {
            return;
        };
        state.prefetch = count;
        let was_limited = std::mem::take(&mut state.global_prefetch) > 0;
        self.reply(channel, ServerMethod::BasicQosOk, out);
        if was_limited {
            self.serve_channel(channel, out);
        }
    }

    /// A cap over all consumers of the channel; what is unacked now counts (semantics 12.3).
    fn set_global_prefetch(&mut self, channel: ChannelId, count: u16, out: &mut Vec<Event>) {
        let Some(state) = self.channels.get_mut(&channel) else {
            return;
        };
        let was = std::mem::replace(&mut state.global_prefetch, count);
        if was == 0 && count > 0 {
            state.global_unacked = state.unacked.len() as u32;
            state.unacked.count_all_globally();
        }
        self.reply(channel, ServerMethod::BasicQosOk, out);
        self.serve_channel(channel, out);
    }

    fn consume(
        &mut self,
        channel: ChannelId,
        consume: &BasicConsume,
        out: &mut Vec<Event>,
    ) -> Result<(), Exception> {
        if let Some(done) = self.consume_replies(channel, consume, out) {
            return done;
        }
        let vhost = self.vhost_of(channel);
        let name = self.expand_queue(channel, &consume.queue)?;
        self.check_access(channel.connection, Access::Read, On::Queue(name.as_str()))?;
        let tag = self.consumer_tag(channel, &consume.consumer_tag)?;
        let key = self.require_queue(vhost, &name)?;
        self.check_exclusive(key, channel)?;
        self.check_consume(key, channel, consume)?;
        if self.consumers.len() >= self.config.limits.consumers {
            return Err(self.limit_reached("consumers", self.config.limits.consumers, out));
        }
        let prefetch = self
            .channels
            .get(&channel)
            .map_or(0, |state| state.prefetch);
        let id = ConsumerId {
            channel,
            tag: tag.clone(),
        };
        let consumer = Consumer {
            id: id.clone(),
            queue: key,
            no_ack: consume.no_ack,
            exclusive: consume.exclusive,
            priority: consume
                .arguments
                .get("x-priority")
                .and_then(|value| value.as_integer())
                .unwrap_or(0),
            prefetch,
            unacked: 0,
            arguments: consume.arguments.clone(),
            next_offset: self.stream_start(key, &consume.arguments),
        };
        self.reply_unless(
            consume.nowait,
            channel,
            ServerMethod::BasicConsumeOk {
                consumer_tag: tag.clone(),
            },
            out,
        );
        self.register(key, consumer, tag, out);
        self.serve(key, out);
        Ok(())
    }

    fn register(
        &mut self,
        key: QueueKey,
        consumer: Consumer,
        tag: ConsumerTag,
        out: &mut Vec<Event>,
    ) {
        let (id, priority, exclusive) =
            (consumer.id.clone(), consumer.priority, consumer.exclusive);
        let consumer_key = self.consumers.insert(consumer);
        if let Some(state) = self.channels.get_mut(&id.channel) {
            state.consumers.insert(tag, consumer_key);
        }
        let Some(queue) = self.queues.get_mut(key) else {
            return;
        };
        queue.consumers.add(consumer_key, priority);
        if exclusive {
            queue.exclusive_consumer = Some(consumer_key);
        }
        out.push(Event::ConsumerAdded {
            queue: queue.id.clone(),
            consumer: id.clone(),
        });
        if queue.settings.single_active_consumer && queue.active.is_none() {
            queue.active = Some(consumer_key);
            out.push(Event::ConsumerActivated {
                queue: queue.id.clone(),
                consumer: id,
            });
        }
    }

    /// "" asks for a server-made tag; one that is in use is a hard error (semantics 13.1).
    pub(super) fn consumer_tag(
        &mut self,
        channel: ChannelId,
        tag: &ConsumerTag,
    ) -> Result<ConsumerTag, Exception> {
        if tag.is_empty() {
            return Ok(self.generated_name("amq.ctag-").into());
        }
        let state = self.channels.get(&channel);
        let in_use = state.is_some_and(|state| {
            state.consumers.contains_key(tag)
                || state
                    .reply_consumer
                    .as_ref()
                    .is_some_and(|reply| reply.tag == *tag)
        });
        match in_use {
            true => Err(Exception::connection(
                ReplyCode::NotAllowed,
                format!("attempt to reuse consumer tag '{tag}'"),
            )),
            false => Ok(tag.clone()),
        }
    }

    /// What a queue refuses to be consumed with (semantics 12.7, 13.2, 13.3, 21.2).
    fn check_consume(
        &self,
        key: QueueKey,
        channel: ChannelId,
        consume: &BasicConsume,
    ) -> Result<(), Exception> {
        let Some(queue) = self.queues.get(key) else {
            return Ok(());
        };
        let what = described(&queue.id);
        if let Some(value) = consume.arguments.get("x-priority")
            && value.as_integer().is_none()
        {
            let text = format!(
                "invalid arg 'x-priority' for {what}: \"expected integer, got {}\"",
                value.type_name()
            );
            return Err(Exception::channel(ReplyCode::PreconditionFailed, text));
        }
        if let Some(spec) = consume.arguments.get("x-stream-offset") {
            check_offset_argument(&queue.id, spec)?;
        }
        // A stream has no priorities, and the others no offsets.
        let foreign = match queue.kind {
            QueueKind::Classic | QueueKind::Quorum => "x-stream-offset",
            QueueKind::Stream => "x-priority",
        };
        if consume.arguments.get(foreign).is_some() {
            let module = module_name(queue.kind);
            let text = format!("invalid arg '{foreign}' for {what} of queue type {module}");
            return Err(Exception::channel(ReplyCode::PreconditionFailed, text));
        }
        if queue.kind == QueueKind::Stream {
            return self.check_stream_consume(queue, channel, consume);
        }
        let globally_limited = self
            .channels
            .get(&channel)
            .is_some_and(|state| state.global_prefetch > 0);
        if queue.kind == QueueKind::Quorum && globally_limited {
            return Err(Exception::connection(
                ReplyCode::NotImplemented,
                format!("{what} does not support global qos"),
            ));
        }
        let taken = queue.exclusive_consumer.is_some()
            || (consume.exclusive
                && (!queue.consumers.is_empty() || queue.settings.single_active_consumer));
        match taken {
            true => Err(Exception::channel(
                ReplyCode::AccessRefused,
                format!("{what} in exclusive use"),
            )),
            false => Ok(()),
        }
    }

    /// Unknown tags are no error; unacked deliveries stay with the channel (semantics 13.9).
    fn cancel(&mut self, channel: ChannelId, tag: &ConsumerTag, out: &mut Vec<Event>) {
        let Some(state) = self.channels.get_mut(&channel) else {
            return;
        };
        if state
            .reply_consumer
            .as_ref()
            .is_some_and(|reply| reply.tag == *tag)
        {
            self.forget_reply_consumer(channel);
            return;
        }
        let Some(key) = state.consumers.get(tag).copied() else {
            return;
        };
        self.take_consumer_off(key, Cancellation::ByClient, out);
        if let Some(consumer) = self.consumers.remove(key) {
            self.tasks.push_back(Task::ConsumerGone(consumer.queue));
        }
        // A queue that goes with its last consumer is gone before cancel-ok (semantics 7.11).
        self.work_off(out);
    }

    /// Takes a consumer off its queue and its channel; whoever calls decides what follows.
    pub(super) fn take_consumer_off(
        &mut self,
        key: ConsumerKey,
        why: Cancellation,
        out: &mut Vec<Event>,
    ) {
        let Some(consumer) = self.consumers.get(key) else {
            return;
        };
        let (id, queue) = (consumer.id.clone(), consumer.queue);
        if let Some(state) = self.channels.get_mut(&id.channel) {
            state.consumers.remove(&id.tag);
        }
        let Some(queue) = self.queues.get_mut(queue) else {
            return;
        };
        queue.consumers.remove(key);
        queue.active.take_if(|active| *active == key);
        queue
            .exclusive_consumer
            .take_if(|exclusive| *exclusive == key);
        out.push(Event::ConsumerCancelled {
            queue: queue.id.clone(),
            consumer: id,
            why,
        });
    }

    /// basic.get: one message, beside whoever consumes (semantics 14).
    fn get(
        &mut self,
        channel: ChannelId,
        name: &QueueName,
        no_ack: bool,
        out: &mut Vec<Event>,
    ) -> Result<(), Exception> {
        let vhost = self.vhost_of(channel);
        let name = self.expand_queue(channel, name)?;
        self.check_access(channel.connection, Access::Read, On::Queue(name.as_str()))?;
        let key = self.require_queue(vhost, &name)?;
        self.check_exclusive(key, channel)?;
        self.check_get(key)?;
        self.renew_lease(key);
        self.drop_expired(key, out);
        let Some(queue) = self.queues.get_mut(key) else {
            return Ok(());
        };
        let Some(entry) = queue.store.pop() else {
            self.reply(channel, ServerMethod::BasicGetEmpty, out);
            return Ok(());
        };
        // What expires behind it is dropped before the rest is counted (qp fetch).
        self.drop_expired(key, out);
        let remaining = self.queues.get(key).map_or(0, Queue::ready);
        self.deliver_by_get(key, channel, entry, no_ack, remaining, out);
        Ok(())
    }

    fn check_get(&self, key: QueueKey) -> Result<(), Exception> {
        let Some(queue) = self.queues.get(key) else {
            return Ok(());
        };
        let what = described(&queue.id);
        match queue.kind {
            QueueKind::Classic => Ok(()),
            QueueKind::Stream => Err(Exception::connection(
                ReplyCode::NotImplemented,
                format!("basic.get not supported by stream queues {what}"),
            )),
            QueueKind::Quorum if queue.settings.single_active_consumer => {
                let text = format!(
                    "cannot obtain access to locked {what}. basic.get operations are not supported by quorum queues with \
                     single active consumer"
                );
                Err(Exception::channel(ReplyCode::ResourceLocked, text))
            }
            QueueKind::Quorum => Ok(()),
        }
    }
}
