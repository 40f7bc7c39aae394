//! Channels: opened and closed by clients, closed by soft errors (semantics 5).

use std::rc::Rc;

use crate::amqp::arena::{ConsumerKey, QueueKey};
use crate::amqp::broker::{Broker, Task, Timer};
use crate::amqp::event::{Cancellation, ChannelEnd, Event};
use crate::amqp::exception::{Exception, Scope};
use crate::amqp::ids::{ChannelId, ConsumerTag, QueueName};
use crate::amqp::protocol::{ClientMethod, ReplyCode, ServerMethod};
use crate::amqp::settle::Return;
use crate::amqp::transaction::Transaction;
use crate::amqp::unacked::{Unacked, UnackedList};
use crate::amqp::view::QueueKind;
use crate::machine::SimTime;
use crate::ordered::{Map, sort, sort_by_key};

/// What publishing on a channel means.
#[derive(Clone, Debug, Default)]
pub(super) enum Mode {
    #[default]
    Normal,
    /// Publisher confirms; the sequence number of the next publish.
    Confirm {
        next: u64,
    },
    Tx(Transaction),
}

#[derive(Clone, Debug)]
pub(super) struct Channel {
    /// The broker closed it and waits for channel.close-ok.
    pub(super) closing: bool,
    pub(super) mode: Mode,
    /// The name in the last queue.declare-ok (semantics 5.6).
    pub(super) current_queue: Option<QueueName>,
    pub(super) next_tag: u64,
    pub(super) unacked: UnackedList,
    pub(super) consumers: Map<ConsumerTag, ConsumerKey>,
    /// What consumers started from now on get; 0 is no limit.
    pub(super) prefetch: u16,
    /// The limit over all consumers; 0 is none.
    pub(super) global_prefetch: u16,
    /// The deliveries that count towards it.
    pub(super) global_unacked: u32,
    /// When the acknowledgement timeout is looked at next.
    pub(super) timeout_due: Option<SimTime>,
    /// The consumer of the reply pseudo-queue (semantics 19).
    pub(super) reply_consumer: Option<ReplyConsumer>,
}

/// A consumer of `amq.rabbitmq.reply-to`.
#[derive(Clone, Debug)]
pub(super) struct ReplyConsumer {
    pub(super) tag: ConsumerTag,
    /// The routing key under which replies find it.
    pub(super) key: Rc<str>,
}

impl Channel {
    pub(super) fn new() -> Channel {
        Channel {
            closing: false,
            mode: Mode::Normal,
            current_queue: None,
            next_tag: 1,
            unacked: UnackedList::default(),
            consumers: Map::new(),
            prefetch: 0,
            global_prefetch: 0,
            global_unacked: 0,
            timeout_due: None,
            reply_consumer: None,
        }
    }

    /// Whether the limit over all its consumers is used up (semantics 12.3).
    pub(super) fn is_full(&self) -> bool {
        self.global_prefetch > 0 && self.global_unacked >= u32::from(self.global_prefetch)
    }

    /// Takes all it holds, also what is settled but not committed, oldest first.
    fn take_held(&mut self) -> Vec<Unacked> {
        let mut held = self.unacked.remove_all();
        if let Mode::Tx(transaction) = std::mem::take(&mut self.mode) {
            held.extend(transaction.into_unsettled());
            sort_by_key(&mut held, |unacked| unacked.tag);
        }
        held
    }

    /// Takes deliveries off the channel-wide count; says whether the limit had been reached.
    pub(super) fn release_global(&mut self, count: u32) -> bool {
        let was_full = self.is_full();
        self.global_unacked = self.global_unacked.saturating_sub(count);
        was_full
    }
}

impl Broker {
    /// Opens a channel, or says what is wrong with a method on a channel that is not open (semantics 5.1).
    pub(super) fn call_unopened(
        &mut self,
        channel: ChannelId,
        method: &ClientMethod,
        out: &mut Vec<Event>,
    ) {
        match method {
            ClientMethod::ChannelOpen => self.open_channel(channel, out),
            // The answer to a close that crossed ours; the number is free already.
            ClientMethod::ChannelCloseOk => {}
            _ => {
                let text = "expected 'channel.open'";
                self.fail(
                    channel,
                    Exception::connection(ReplyCode::ChannelError, text).raised_by(method.id()),
                    out,
                );
            }
        }
    }

    fn open_channel(&mut self, channel: ChannelId, out: &mut Vec<Event>) {
        let limit = self.config.limits.channels_per_connection;
        let Some(connection) = self.connections.get_mut(&channel.connection) else {
            return;
        };
        if connection.channels.len() >= limit {
            out.push(Event::LimitReached {
                what: "channels of a connection",
                limit: limit as u64,
            });
            let text = format!(
                "number of channels opened ({limit}) has reached the negotiated channel_max ({limit})"
            );
            return self.fail(
                channel,
                Exception::connection(ReplyCode::NotAllowed, text),
                out,
            );
        }
        connection.channels.insert(channel.number);
        self.channels.insert(channel, Channel::new());
        out.push(Event::ChannelOpened { channel });
        self.reply(channel, ServerMethod::ChannelOpenOk, out);
    }

    /// What a channel that the broker closed still understands (semantics 5.2).
    pub(super) fn call_closing(
        &mut self,
        channel: ChannelId,
        method: &ClientMethod,
        out: &mut Vec<Event>,
    ) {
        match method {
            ClientMethod::ChannelCloseOk => self.forget_channel(channel),
            ClientMethod::ChannelClose { .. } => {
                self.reply(channel, ServerMethod::ChannelCloseOk, out)
            }
            ClientMethod::ChannelOpen => {
                let text = "second 'channel.open' seen";
                self.fail(
                    channel,
                    Exception::connection(ReplyCode::ChannelError, text).raised_by(method.id()),
                    out,
                );
            }
            _ => {}
        }
    }

    pub(super) fn perform_channel(
        &mut self,
        channel: ChannelId,
        method: &ClientMethod,
        out: &mut Vec<Event>,
    ) -> Result<(), Exception> {
        match method {
            ClientMethod::ChannelOpen => Err(Exception::connection(
                ReplyCode::ChannelError,
                "second 'channel.open' seen",
            )),
            ClientMethod::ChannelFlow { active: false } => Err(Exception::connection(
                ReplyCode::NotImplemented,
                "active=false",
            )),
            ClientMethod::ChannelFlow { active: true } => {
                self.reply(channel, ServerMethod::ChannelFlowOk { active: true }, out);
                Ok(())
            }
            ClientMethod::ChannelClose { code, text } => {
                self.close_channel(channel, *code, text, out);
                Ok(())
            }
            ClientMethod::AccessRequest => {
                self.reply(channel, ServerMethod::AccessRequestOk, out);
                Ok(())
            }
            _ => Err(Exception::connection(
                ReplyCode::CommandInvalid,
                "unimplemented method",
            )),
        }
    }

    fn forget_channel(&mut self, channel: ChannelId) {
        self.channels.remove(&channel);
        if let Some(connection) = self.connections.get_mut(&channel.connection) {
            connection.channels.remove(&channel.number);
        }
    }

    /// channel.close by the client: all cleaned up before close-ok (semantics 5.3).
    pub(super) fn close_channel(
        &mut self,
        channel: ChannelId,
        code: u16,
        text: &str,
        out: &mut Vec<Event>,
    ) {
        self.detach_channel(channel, out);
        self.work_off(out);
        self.forget_channel(channel);
        out.push(Event::ChannelClosed {
            channel,
            end: ChannelEnd::ByClient {
                code,
                text: text.to_string(),
            },
        });
        self.reply(channel, ServerMethod::ChannelCloseOk, out);
    }

    /// Carries out an exception: the one place where errors become closings.
    pub(super) fn fail(&mut self, channel: ChannelId, exception: Exception, out: &mut Vec<Event>) {
        match exception.scope {
            Scope::Connection => {
                self.leave_consumed_queues(channel, out);
                self.fail_connection(channel.connection, exception, out);
            }
            Scope::Channel => {
                if let Some(state) = self.channels.get_mut(&channel) {
                    state.closing = true;
                }
                self.detach_channel(channel, out);
                out.push(Event::ChannelClosed {
                    channel,
                    end: ChannelEnd::Exception(Box::new(exception)),
                });
            }
        }
    }

    /// Takes a channel's consumers off their queues and requeues what it holds; queues are run afterwards.
    pub(super) fn detach_channel(&mut self, channel: ChannelId, out: &mut Vec<Event>) {
        let Some(state) = self.channels.get_mut(&channel) else {
            return;
        };
        let consumers: Vec<ConsumerKey> =
            std::mem::take(&mut state.consumers).into_values().collect();
        let held = state.take_held();
        state.global_unacked = 0;
        if state.timeout_due.take().is_some() {
            self.forget_timeout(channel);
        }
        self.forget_reply_consumer(channel);
        self.let_go(channel, consumers, held, out);
    }

    /// A channel that raises a hard error first takes leave of the classic queues that it consumes from, and waits for
    /// them; only then is its connection told. Meanwhile the other channels get what it gives back (rabbit_channel,
    /// handle_exception and notify_queues; measured on live 3.10.8 and 4.0.5).
    fn leave_consumed_queues(&mut self, channel: ChannelId, out: &mut Vec<Event>) {
        let Some(state) = self.channels.get(&channel) else {
            return;
        };
        let queue_of = |key: &ConsumerKey| self.consumers.get(*key).map(|it| it.queue);
        let is_classic = |key: &QueueKey| {
            let queue = self.queues.get(*key);
            queue.is_some_and(|queue| queue.kind == QueueKind::Classic)
        };
        let mut queues: Vec<QueueKey> = state.consumers.values().filter_map(queue_of).collect();
        queues.retain(is_classic);
        let consumers: Vec<ConsumerKey> = state
            .consumers
            .values()
            .filter(|key| queue_of(key).is_some_and(|queue| queues.contains(&queue)))
            .copied()
            .collect();
        let Some(state) = self.channels.get_mut(&channel) else {
            return;
        };
        let (held, others) = state
            .take_held()
            .into_iter()
            .partition(|unacked| queues.contains(&unacked.queue));
        state.unacked.put_back(others);
        self.let_go(channel, consumers, held, out);
        self.work_off(out);
    }

    /// Takes consumers of a channel off their queues, and gives deliveries of it back.
    fn let_go(
        &mut self,
        channel: ChannelId,
        consumers: Vec<ConsumerKey>,
        held: Vec<Unacked>,
        out: &mut Vec<Event>,
    ) {
        for key in &consumers {
            self.take_consumer_off(*key, Cancellation::ChannelEnded, out);
        }
        // First: a queue that goes with its last consumer goes without looking at what came back, so that nothing of it
        // is dead-lettered (rabbit_amqqueue_process, handle_ch_down).
        for key in consumers {
            if let Some(consumer) = self.consumers.remove(key) {
                self.tasks.push_back(Task::ConsumerGone(consumer.queue));
            }
        }
        self.requeue_held(channel, held, out);
    }

    /// Puts a channel's deliveries back into their queues, as the end of a channel does (semantics 15.7, 20.4).
    fn requeue_held(&mut self, channel: ChannelId, held: Vec<Unacked>, out: &mut Vec<Event>) {
        let mut queues = self.return_all(channel, held, Return::ChannelEnded, out);
        sort(&mut queues);
        for queue in queues {
            self.tasks.push_back(Task::Returned(queue));
        }
    }

    /// Closes a channel whose client did not acknowledge its oldest delivery in time, be it one of basic.get or of a stream
    /// (semantics 13.11, asked of live 3.10.8 and 4.0.5).
    pub(super) fn check_timeout(&mut self, channel: ChannelId, out: &mut Vec<Event>) {
        let Some(state) = self.channels.get_mut(&channel) else {
            return;
        };
        state.timeout_due = None;
        let outstanding = state.unacked.iter();
        let outstanding: Vec<(QueueKey, SimTime)> =
            outstanding.map(|it| (it.queue, it.delivered_at)).collect();
        let Some((queue, since)) = outstanding.first().copied() else {
            return;
        };
        let timeout = self.timeout_of(queue);
        if i64::try_from(self.now.since(since)).is_ok_and(|held| held < timeout) {
            // A younger one of another queue may be over its time already, and is looked at once it is the oldest.
            for (queue, since) in outstanding {
                self.arm_timeout(channel, queue, since);
            }
            return;
        }
        let text = format!(
            "delivery acknowledgement on channel {} timed out. Timeout value used: {timeout} ms. This timeout value can be \
             configured, see consumers doc guide to learn more",
            channel.number.0
        );
        self.fail(
            channel,
            Exception::channel(ReplyCode::PreconditionFailed, text),
            out,
        );
    }

    /// Milliseconds in which what a queue delivers has to be acknowledged. Since 4.0 a queue or its policy may say so.
    fn timeout_of(&self, queue: QueueKey) -> i64 {
        let queue = self.queues.get(queue).filter(|_| self.is_v4());
        queue
            .and_then(|queue| queue.settings.consumer_timeout)
            .unwrap_or(CONSUMER_TIMEOUT_MS)
    }

    /// Sets the timer for a channel that got a delivery at `since`, unless it is looked at before.
    pub(super) fn arm_timeout(&mut self, channel: ChannelId, queue: QueueKey, since: SimTime) {
        let timeout = u64::try_from(self.timeout_of(queue)).unwrap_or(0);
        // RabbitMQ looks once a minute (channel_tick_interval).
        let late = (since + timeout).max(self.now + 1);
        let due = SimTime(late.as_ms().div_ceil(60_000) * 60_000);
        let Some(state) = self.channels.get_mut(&channel) else {
            return;
        };
        if state.timeout_due.is_none_or(|set| set > due) {
            state.timeout_due = Some(due);
            self.set_timer(due, Timer::ConsumerTimeout(channel));
        }
    }
}

/// consumer_timeout: 30 minutes.
const CONSUMER_TIMEOUT_MS: i64 = 1_800_000;
