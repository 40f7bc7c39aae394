//! Taking a [`View`] of a broker, and explaining what a binding does with a message.

use std::rc::Rc;

use crate::amqp::arena::{ConsumerKey, QueueKey};
use crate::amqp::broker::Broker;
use crate::amqp::channel::{Channel, Mode};
use crate::amqp::connection::Connection;
use crate::amqp::exchange::Exchange;
use crate::amqp::ids::{ChannelId, ConnectionId, Destination, ExchangeId, QueueId, RoutingKey};
use crate::amqp::message::{Properties, Table};
use crate::amqp::queue::Queue;
use crate::amqp::unacked::Unacked;
use crate::amqp::view::{
    Binding, ChannelMode, ChannelView, ConnectionView, ConsumerView, ExchangeView, Explanation,
    LISTED_MESSAGES, QueueView, ReadyView, UnackedView, UserView, View, Why,
};
use crate::ordered::{sort, sort_by, sort_by_key};

impl Broker {
    /// The picture of this moment.
    pub fn view(&self) -> View {
        let mut exchanges: Vec<ExchangeView> = self
            .exchanges
            .iter()
            .map(|(_, exchange)| exchange_view(exchange))
            .collect();
        sort_by(&mut exchanges, |a, b| a.id.cmp(&b.id));
        let mut queues: Vec<QueueView> = self
            .queues
            .iter()
            .map(|(key, queue)| self.queue_view(key, queue))
            .collect();
        sort_by(&mut queues, |a, b| a.id.cmp(&b.id));
        let mut bindings: Vec<Rc<Binding>> = self
            .exchanges
            .iter()
            .flat_map(|(_, exchange)| exchange.bindings().map(|(_, binding)| Rc::clone(binding)))
            .collect();
        sort_by(&mut bindings, |a, b| {
            (&a.source, &a.destination, &a.routing_key).cmp(&(
                &b.source,
                &b.destination,
                &b.routing_key,
            ))
        });
        View {
            now: self.now,
            vhosts: self.vhost_names.keys().cloned().collect(),
            default_queue_types: self.default_queue_types(),
            exchanges,
            queues,
            bindings,
            connections: self
                .connections
                .iter()
                .map(|(id, state)| self.connection_view(*id, state))
                .collect(),
            policies: self
                .policies
                .iter()
                .map(|policy| (**policy).clone())
                .collect(),
            operator_policies: self
                .operator_policies
                .iter()
                .map(|policy| (**policy).clone())
                .collect(),
            users: self.users_view(),
            memory_alarm: self.memory_alarm,
            disk_alarm: self.disk_alarm,
        }
    }

    fn users_view(&self) -> Vec<UserView> {
        let view =
            |(name, user): (&crate::amqp::UserName, &crate::amqp::permission::User)| UserView {
                name: name.clone(),
                tags: user.tags.clone(),
                permissions: user
                    .permissions
                    .iter()
                    .map(|(vhost, set)| (vhost.clone(), set.clone()))
                    .collect(),
                topic_permissions: user
                    .topic_permissions
                    .iter()
                    .map(|((vhost, exchange), set)| (vhost.clone(), exchange.clone(), set.clone()))
                    .collect(),
            };
        self.users.iter().map(view).collect()
    }

    fn queue_view(&self, key: QueueKey, queue: &Queue) -> QueueView {
        let head = queue
            .store
            .iter()
            .take(LISTED_MESSAGES)
            .map(|entry| ReadyView {
                message: Rc::clone(&entry.message),
                redelivered: entry.deliveries > 0,
                expires_at: entry.expiry.get(),
                priority: entry.priority,
            });
        QueueView {
            id: queue.id.clone(),
            kind: queue.kind,
            durable: queue.durable,
            auto_delete: queue.auto_delete,
            exclusive: queue.owner,
            arguments: queue.arguments.clone(),
            dead_letter_exchange: queue
                .settings
                .dead_letter_exchange
                .as_ref()
                .map(|name| ExchangeId::new(queue.id.vhost(), name)),
            policy: queue.policy.clone(),
            operator_policy: queue.operator_policy.clone(),
            effective_policy: Rc::clone(&queue.effective_policy),
            ready: queue.store.count(),
            unacked: queue.unacked,
            head: head.collect(),
            consumers: queue
                .consumers
                .iter()
                .filter_map(|consumer| self.consumer_view(key, consumer))
                .collect(),
        }
    }

    fn consumer_view(&self, queue_key: QueueKey, key: ConsumerKey) -> Option<ConsumerView> {
        let consumer = self.consumers.get(key)?;
        let queue = self.queues.get(queue_key)?;
        Some(ConsumerView {
            id: consumer.id.clone(),
            queue: queue.id.clone(),
            no_ack: consumer.no_ack,
            exclusive: consumer.exclusive,
            priority: consumer.priority,
            prefetch: consumer.prefetch,
            unacked: consumer.unacked,
            active: !queue.settings.single_active_consumer || queue.active == Some(key),
            arguments: consumer.arguments.clone(),
        })
    }

    fn connection_view(&self, id: ConnectionId, state: &Connection) -> ConnectionView {
        let channels = state.channels.iter().filter_map(|number| {
            let channel = ChannelId {
                connection: id,
                number: *number,
            };
            self.channels
                .get(&channel)
                .map(|state| self.channel_view(channel, state))
        });
        ConnectionView {
            id,
            name: Rc::clone(&state.name),
            user: state.user.clone(),
            vhost: self.vhost_name(state.vhost),
            blocked: state.blocked,
            channels: channels.collect(),
        }
    }

    fn channel_view(&self, id: ChannelId, state: &Channel) -> ChannelView {
        let consumers = state.consumers.values().filter_map(|key| {
            let queue = self.consumers.get(*key)?.queue;
            self.consumer_view(queue, *key)
        });
        let mut unacked: Vec<UnackedView> = state
            .unacked
            .iter()
            .map(|unacked| self.unacked_view(unacked))
            .collect();
        if let Mode::Tx(transaction) = &state.mode {
            unacked.extend(
                transaction
                    .unsettled()
                    .map(|unacked| self.unacked_view(unacked)),
            );
            sort_by_key(&mut unacked, |view| view.tag);
        }
        ChannelView {
            id,
            closing: state.closing,
            mode: match state.mode {
                Mode::Normal => ChannelMode::Normal,
                Mode::Confirm { .. } => ChannelMode::Confirm,
                Mode::Tx(_) => ChannelMode::Tx,
            },
            prefetch: state.prefetch,
            global_prefetch: state.global_prefetch,
            unacked,
            consumers: consumers.collect(),
            unconfirmed: 0,
        }
    }

    fn unacked_view(&self, unacked: &Unacked) -> UnackedView {
        UnackedView {
            tag: unacked.tag,
            message: Rc::clone(&unacked.entry.message),
            queue: unacked.queue_id.clone(),
            consumer: unacked
                .consumer
                .and_then(|key| self.consumers.get(key))
                .map(|consumer| consumer.id.tag.clone()),
            redelivered: unacked.entry.deliveries > 0,
        }
    }

    /// For every binding of `exchange`: would it let such a message through, and why.
    pub fn explain(
        &self,
        exchange: &ExchangeId,
        routing_key: &RoutingKey,
        properties: &Properties,
    ) -> Vec<Explanation> {
        let found = self
            .vhost_names
            .get(exchange.vhost())
            .and_then(|vhost| self.exchange_key(*vhost, exchange.as_str()));
        let Some(state) = found.and_then(|key| self.exchanges.get(key)) else {
            return Vec::new();
        };
        if exchange.as_str().is_empty() {
            return self.explain_default(exchange, routing_key);
        }
        state.explain(
            std::slice::from_ref(routing_key),
            properties,
            self.config.compatibility,
        )
    }

    /// The default exchange has a binding to every queue, by its name (semantics 8.3).
    fn explain_default(&self, exchange: &ExchangeId, routing_key: &RoutingKey) -> Vec<Explanation> {
        let mut names: Vec<QueueId> = self
            .queues
            .iter()
            .filter(|(_, queue)| queue.id.vhost() == exchange.vhost())
            .map(|(_, queue)| queue.id.clone())
            .collect();
        sort(&mut names);
        let explain = |queue: QueueId| {
            let matched = queue.as_str().as_bytes() == routing_key.as_bytes();
            let binding = Binding {
                source: exchange.clone(),
                routing_key: queue.as_str().into(),
                destination: Destination::Queue(queue),
                arguments: Table::new(),
            };
            let why = if matched {
                Why::KeysEqual
            } else {
                Why::KeysDiffer
            };
            Explanation {
                binding: Rc::new(binding),
                matched,
                why,
            }
        };
        names.into_iter().map(explain).collect()
    }
}

fn exchange_view(exchange: &Exchange) -> ExchangeView {
    ExchangeView {
        id: exchange.id.clone(),
        kind: exchange.kind,
        durable: exchange.durable,
        auto_delete: exchange.auto_delete,
        internal: exchange.internal,
        arguments: exchange.arguments.clone(),
        alternate: exchange
            .alternate
            .as_ref()
            .map(|name| ExchangeId::new(exchange.id.vhost(), name)),
        policy: exchange.policy.clone(),
    }
}
