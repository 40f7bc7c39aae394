//! Direct reply-to: answers of RPC without a queue (semantics 19; RabbitMQ docs, Direct Reply-to).

use std::rc::Rc;

use crate::amqp::broker::Broker;
use crate::amqp::channel::ReplyConsumer;
use crate::amqp::event::{DeliveredTo, Event, Settlement, Via};
use crate::amqp::exception::Exception;
use crate::amqp::ids::{ChannelId, DeliveryTag, Destination, QueueId, QueueName, ShortString};
use crate::amqp::message::{Message, Properties};
use crate::amqp::protocol::method::BasicConsume;
use crate::amqp::protocol::{ReplyCode, ServerMethod};

/// The pseudo-queue.
const NAME: &str = "amq.rabbitmq.reply-to";
/// What an address begins with.
const PREFIX: &str = "amq.rabbitmq.reply-to.";

fn refuse<T>(text: &str) -> Result<T, Exception> {
    Err(Exception::channel(ReplyCode::PreconditionFailed, text))
}

impl Broker {
    /// basic.consume of the pseudo-queue; none when another queue is meant.
    pub(super) fn consume_replies(
        &mut self,
        channel: ChannelId,
        consume: &BasicConsume,
        out: &mut Vec<Event>,
    ) -> Option<Result<(), Exception>> {
        (consume.queue.as_str() == NAME).then(|| {
            let has_one = self
                .channels
                .get(&channel)
                .is_some_and(|state| state.reply_consumer.is_some());
            if has_one {
                return refuse("reply consumer already set");
            }
            if !consume.no_ack {
                return refuse("reply consumer cannot acknowledge");
            }
            let tag = self.consumer_tag(channel, &consume.consumer_tag)?;
            let key: Rc<str> = self.generated_name(PREFIX).into();
            self.reply_channels.insert(Rc::clone(&key), channel);
            if let Some(state) = self.channels.get_mut(&channel) {
                state.reply_consumer = Some(ReplyConsumer {
                    tag: tag.clone(),
                    key,
                });
            }
            self.reply_unless(
                consume.nowait,
                channel,
                ServerMethod::BasicConsumeOk { consumer_tag: tag },
                out,
            );
            Ok(())
        })
    }

    pub(super) fn forget_reply_consumer(&mut self, channel: ChannelId) {
        if let Some(reply) = self
            .channels
            .get_mut(&channel)
            .and_then(|state| state.reply_consumer.take())
        {
            self.reply_channels.remove(&reply.key);
        }
    }

    /// queue.declare of a reply address asks whether the consumer lives; the bare name is always there (semantics 19.4).
    pub(super) fn declare_reply_queue(
        &mut self,
        channel: ChannelId,
        name: &QueueName,
        nowait: bool,
        out: &mut Vec<Event>,
    ) -> Option<Result<(), Exception>> {
        if !name.as_str().starts_with(NAME) {
            return None;
        }
        let exists = name.as_str() == NAME || self.reply_channels.contains_key(name.as_str());
        if !exists {
            let vhost = self.vhost_name(self.vhost_of(channel));
            return Some(Err(Exception::channel(
                ReplyCode::NotFound,
                format!("no queue '{name}' in vhost '{vhost}'"),
            )));
        }
        let answer = ServerMethod::QueueDeclareOk {
            queue: name.clone(),
            message_count: 0,
            consumer_count: 1,
        };
        self.reply_unless(nowait, channel, answer, out);
        Some(Ok(()))
    }

    /// Writes the real address over the pseudo-queue's name in reply_to (semantics 19.2).
    pub(super) fn with_reply_address(
        &self,
        channel: ChannelId,
        properties: Rc<Properties>,
    ) -> Result<Rc<Properties>, Exception> {
        if properties
            .reply_to
            .as_ref()
            .is_none_or(|reply_to| reply_to.as_bytes() != NAME.as_bytes())
        {
            return Ok(properties);
        }
        let Some(reply) = self
            .channels
            .get(&channel)
            .and_then(|state| state.reply_consumer.as_ref())
        else {
            return refuse("fast reply consumer does not exist");
        };
        let mut addressed = (*properties).clone();
        addressed.reply_to = Some(ShortString::from(&*reply.key));
        Ok(Rc::new(addressed))
    }

    /// The channel that a key leads to, if it is a reply address of a consumer that lives.
    pub(super) fn reply_target(&self, key: &str) -> Option<ChannelId> {
        if !key.starts_with(PREFIX) {
            return None;
        }
        self.reply_channels.get(key).copied()
    }

    /// Straight to the consumer: no queue, no acknowledgement, and the tag is not counted (semantics 19.3).
    pub(super) fn deliver_reply(
        &mut self,
        channel: ChannelId,
        message: &Rc<Message>,
        out: &mut Vec<Event>,
    ) {
        let Some(state) = self.channels.get(&channel) else {
            return;
        };
        let Some(reply) = &state.reply_consumer else {
            return;
        };
        let queue = QueueId::new(
            message.exchange.vhost(),
            &QueueName::from(Rc::clone(&reply.key)),
        );
        let tag = DeliveryTag(state.next_tag);
        let to = Destination::Queue(queue.clone());
        out.push(Event::Hopped {
            message: message.id,
            from: message.exchange.clone(),
            to,
            via: Via::DirectReplyTo,
        });
        out.push(Event::Delivered {
            queue: queue.clone(),
            message: Rc::clone(message),
            channel,
            tag,
            to: DeliveredTo::Consumer(reply.tag.clone()),
            redelivered: false,
            properties: None,
        });
        out.push(Event::Settled {
            queue,
            message: message.id,
            channel,
            tag,
            how: Settlement::Automatic,
        });
    }
}
