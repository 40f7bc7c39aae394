//! Virtual hosts: a space of names of its own, with the exchanges that every one has (semantics 6.1).

use rustc_hash::FxHashMap;

use crate::amqp::Idle;
use crate::amqp::arena::{ExchangeKey, QueueKey, VhostKey};
use crate::amqp::broker::{Broker, Compatibility};
use crate::amqp::event::{Deletion, Event};
use crate::amqp::exchange::{Declaration, Exchange};
use crate::amqp::ids::{ConnectionId, ExchangeId, ExchangeName, QueueName, VhostName};
use crate::amqp::message::Table;
use crate::amqp::view::{ExchangeKind, QueueKind};

#[derive(Clone, Debug)]
pub(super) struct Vhost {
    pub(super) name: VhostName,
    /// The type of a queue that is declared without one.
    pub(super) default_queue_type: Option<QueueKind>,
    /// Look-up only; whoever lists sorts.
    pub(super) exchanges: FxHashMap<ExchangeName, ExchangeKey>,
    /// Look-up only; whoever lists sorts.
    pub(super) queues: FxHashMap<QueueName, QueueKey>,
}

/// Name, kind and whether it is internal: what every vhost has from the start (semantics 6.1).
const PREDECLARED: [(&str, ExchangeKind, bool); 7] = [
    ("", ExchangeKind::Direct, false),
    ("amq.direct", ExchangeKind::Direct, false),
    ("amq.fanout", ExchangeKind::Fanout, false),
    ("amq.headers", ExchangeKind::Headers, false),
    ("amq.match", ExchangeKind::Headers, false),
    ("amq.rabbitmq.trace", ExchangeKind::Topic, true),
    ("amq.topic", ExchangeKind::Topic, false),
];

impl Broker {
    /// Adds a vhost with its predeclared exchanges; false when it is there already.
    pub(super) fn add_vhost(&mut self, name: &VhostName) -> bool {
        if self.vhost_names.contains_key(name) {
            return false;
        }
        let vhost = Vhost {
            name: name.clone(),
            default_queue_type: None,
            exchanges: FxHashMap::default(),
            queues: FxHashMap::default(),
        };
        let key = self.vhosts.insert(vhost);
        self.vhost_names.insert(name.clone(), key);
        for (exchange, kind, internal) in PREDECLARED {
            let declared = Declaration {
                kind,
                durable: true,
                auto_delete: false,
                internal,
                arguments: Table::new(),
            };
            self.insert_exchange(key, &exchange.into(), declared);
        }
        true
    }

    /// Deletes a vhost with all that is in it; its connections are closed.
    pub(super) fn delete_vhost(&mut self, name: &VhostName, out: &mut Vec<Event>) {
        let Some(key) = self.vhost_names.get(name).copied() else {
            return out.push(Event::Ignored {
                why: Idle::NoVhost(name.clone()).into(),
            });
        };
        let inside: Vec<ConnectionId> = self
            .connections
            .iter()
            .filter(|(_, state)| state.vhost == key)
            .map(|(id, _)| *id)
            .collect();
        for connection in inside {
            self.force_close(connection, &format!("vhost '{name}' is deleted"), out);
        }
        let queues: Vec<QueueKey> = self
            .queues
            .iter()
            .filter(|(_, queue)| queue.vhost == key)
            .map(|(key, _)| key)
            .collect();
        for queue in queues {
            self.delete_queue(queue, Deletion::Vhost, out);
        }
        let exchanges: Vec<ExchangeKey> = self
            .exchanges
            .iter()
            .filter(|(_, exchange)| exchange.vhost == key)
            .map(|(key, _)| key)
            .collect();
        for exchange in exchanges {
            self.exchanges.remove(exchange);
        }
        self.vhost_names.remove(name);
        self.vhosts.remove(key);
        self.policies.retain(|policy| policy.vhost != *name);
        self.operator_policies
            .retain(|policy| policy.vhost != *name);
        self.users.values_mut().for_each(|user| {
            user.permissions.remove(name);
            user.topic_permissions.retain(|(vhost, _), _| vhost != name);
        });
        out.push(Event::VhostDeleted {
            vhost: name.clone(),
        });
    }

    /// Sets the type of queues that are declared without one. 3.10 has no such thing.
    pub(super) fn set_default_queue_type(
        &mut self,
        name: &VhostName,
        kind: Option<QueueKind>,
        out: &mut Vec<Event>,
    ) {
        let key = self.vhost_names.get(name).copied();
        let vhost = key.and_then(|key| self.vhosts.get_mut(key));
        let why = match vhost {
            _ if self.config.compatibility == Compatibility::V3_10 => Idle::NoDefaultQueueType,
            None => Idle::NoVhost(name.clone()),
            Some(vhost) => {
                vhost.default_queue_type = kind;
                return out.push(Event::VhostChanged {
                    vhost: name.clone(),
                    default_queue_type: kind,
                });
            }
        };
        out.push(Event::Ignored { why: why.into() });
    }

    /// The vhosts that have a default queue type, with it.
    pub(super) fn default_queue_types(&self) -> Vec<(VhostName, QueueKind)> {
        let vhosts = self.vhost_names.values();
        vhosts
            .filter_map(|key| self.vhosts.get(*key))
            .filter_map(|vhost| Some((vhost.name.clone(), vhost.default_queue_type?)))
            .collect()
    }

    /// Makes an exchange and names it.
    pub(super) fn insert_exchange(
        &mut self,
        vhost: VhostKey,
        name: &ExchangeName,
        declared: Declaration,
    ) -> ExchangeKey {
        let state = self
            .vhosts
            .get_mut(vhost)
            .expect("an exchange is declared in a vhost that exists");
        let id = ExchangeId::new(&state.name, name);
        let key = self.exchanges.insert(Exchange::new(id, vhost, declared));
        state.exchanges.insert(name.clone(), key);
        key
    }

    /// The exchange of this name.
    pub(super) fn exchange_key(&self, vhost: VhostKey, name: &str) -> Option<ExchangeKey> {
        self.vhosts.get(vhost)?.exchanges.get(name).copied()
    }

    /// The queue of this name.
    pub(super) fn queue_key(&self, vhost: VhostKey, name: &str) -> Option<QueueKey> {
        self.vhosts.get(vhost)?.queues.get(name).copied()
    }

    /// A vhost's name.
    pub(super) fn vhost_name(&self, vhost: VhostKey) -> VhostName {
        self.vhosts
            .get(vhost)
            .map(|state| state.name.clone())
            .unwrap_or_default()
    }
}
