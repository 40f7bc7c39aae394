//! Confirms and transactions: confirm.select, tx.select, tx.commit, tx.rollback (semantics 10, 11).

use std::rc::Rc;

use crate::amqp::broker::Broker;
use crate::amqp::channel::Mode;
use crate::amqp::enqueue::Taken;
use crate::amqp::event::Event;
use crate::amqp::exception::Exception;
use crate::amqp::ids::{ChannelId, QueueName};
use crate::amqp::message::Message;
use crate::amqp::protocol::{ClientMethod, ReplyCode, ServerMethod};
use crate::amqp::routing::Routes;
use crate::amqp::settle::Verdict;
use crate::amqp::unacked::Unacked;

/// What waits for tx.commit.
#[derive(Clone, Debug, Default)]
pub(super) struct Transaction {
    publishes: Vec<Publish>,
    settlements: Vec<(Vec<Unacked>, Verdict)>,
}

#[derive(Clone, Debug)]
struct Publish {
    message: Rc<Message>,
    /// The queues by name: one that is deleted and declared again meanwhile gets it all the same.
    queues: Vec<QueueName>,
    mandatory: bool,
}

impl Transaction {
    /// The queues were chosen when it was published (semantics 11.2).
    pub(super) fn publish(
        &mut self,
        message: Rc<Message>,
        queues: Vec<QueueName>,
        mandatory: bool,
    ) {
        self.publishes.push(Publish {
            message,
            queues,
            mandatory,
        });
    }

    pub(super) fn settle(&mut self, deliveries: Vec<Unacked>, verdict: Verdict) {
        self.settlements.push((deliveries, verdict));
    }

    /// The deliveries that were settled but not committed.
    pub(super) fn into_unsettled(self) -> Vec<Unacked> {
        self.settlements
            .into_iter()
            .flat_map(|(deliveries, _)| deliveries)
            .collect()
    }

    pub(super) fn unsettled(&self) -> impl Iterator<Item = &Unacked> {
        self.settlements
            .iter()
            .flat_map(|(deliveries, _)| deliveries)
    }
}

fn refuse(text: &str) -> Result<(), Exception> {
    Err(Exception::channel(ReplyCode::PreconditionFailed, text))
}

impl Broker {
    pub(super) fn perform_transaction(
        &mut self,
        channel: ChannelId,
        method: &ClientMethod,
        out: &mut Vec<Event>,
    ) -> Result<(), Exception> {
        let Some(state) = self.channels.get_mut(&channel) else {
            return Ok(());
        };
        match (method, &mut state.mode) {
            (ClientMethod::ConfirmSelect { .. }, Mode::Tx(_)) => {
                refuse("cannot switch from tx to confirm mode")
            }
            (ClientMethod::ConfirmSelect { nowait }, mode) => {
                if !matches!(mode, Mode::Confirm { .. }) {
                    *mode = Mode::Confirm { next: 1 };
                }
                self.reply_unless(*nowait, channel, ServerMethod::ConfirmSelectOk, out);
                Ok(())
            }
            (ClientMethod::TxSelect, Mode::Confirm { .. }) => {
                refuse("cannot switch from confirm to tx mode")
            }
            (ClientMethod::TxSelect, mode) => {
                if !matches!(mode, Mode::Tx(_)) {
                    *mode = Mode::Tx(Transaction::default());
                }
                self.reply(channel, ServerMethod::TxSelectOk, out);
                Ok(())
            }
            (ClientMethod::TxCommit, Mode::Tx(transaction)) => {
                let transaction = std::mem::take(transaction);
                self.commit(channel, transaction, out)
            }
            (ClientMethod::TxRollback, Mode::Tx(transaction)) => {
                let back = std::mem::take(transaction).into_unsettled();
                state.unacked.put_back(back);
                self.reply(channel, ServerMethod::TxRollbackOk, out);
                Ok(())
            }
            (
                ClientMethod::TxCommit | ClientMethod::TxRollback,
                Mode::Normal | Mode::Confirm { .. },
            ) => refuse("channel is not transactional"),
            _ => Ok(()),
        }
    }

    /// Publishes in order, then settlements in order (semantics 11.3).
    fn commit(
        &mut self,
        channel: ChannelId,
        transaction: Transaction,
        out: &mut Vec<Event>,
    ) -> Result<(), Exception> {
        let mut taken = Taken::Yes;
        let has_routed = transaction
            .publishes
            .iter()
            .any(|publish| !publish.queues.is_empty());
        let vhost = self.vhost_of(channel);
        // RabbitMQ answers once every queue has confirmed. The deliveries overtake the answer, unless a queue has to ask
        // the limiter of a channel-wide prefetch first (lim can_send).
        let mut after_the_answer = Vec::new();
        for publish in transaction.publishes {
            let Publish {
                message,
                queues,
                mandatory,
            } = publish;
            let found = queues
                .iter()
                .filter_map(|name| self.queue_key(vhost, name.as_str()));
            let routes = Routes {
                queues: found.collect(),
                is_elsewhere: false,
            };
            out.append(&mut after_the_answer);
            let mut events = Vec::new();
            if self.distribute(channel, &message, routes, mandatory, &mut events) == Taken::Refused
            {
                taken = Taken::Refused;
            }
            let hand_over = events.iter().position(|event| self.asks_the_limiter(event));
            after_the_answer = events.split_off(hand_over.unwrap_or(events.len()));
            out.append(&mut events);
        }
        let answer = |broker: &mut Broker, out: &mut Vec<Event>| {
            if taken == Taken::Yes {
                broker.reply(channel, ServerMethod::TxCommitOk, out);
            }
        };
        // Without a publish there is nothing to wait for.
        if !has_routed {
            answer(self, out);
        }
        for (deliveries, verdict) in transaction.settlements {
            out.append(&mut after_the_answer);
            self.apply_verdict(channel, deliveries, verdict, out);
        }
        if has_routed {
            answer(self, out);
        }
        out.append(&mut after_the_answer);
        match taken {
            Taken::Yes => Ok(()),
            Taken::Refused => refuse("partial tx completion"),
        }
    }
    fn asks_the_limiter(&self, event: &Event) -> bool {
        match event {
            Event::Delivered { channel, .. } => self
                .channels
                .get(channel)
                .is_some_and(|state| state.global_prefetch > 0),
            _ => false,
        }
    }
}
