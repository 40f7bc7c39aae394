//! Queues: what waits in them, who consumes them, what they were declared with.

pub(in crate::amqp) mod arguments;
pub(in crate::amqp) mod consumers;
pub(in crate::amqp) mod store;

use std::rc::Rc;

use crate::amqp::arena::{ConsumerKey, ExchangeKey, VhostKey};
use crate::amqp::broker::Compatibility;
use crate::amqp::ids::{ConnectionId, QueueId};
use crate::amqp::message::Table;
use crate::amqp::view::QueueKind;
use crate::machine::SimTime;
use crate::ordered::Set;

use arguments::Settings;
use consumers::Consumers;
use store::Store;

#[derive(Clone, Debug)]
pub(super) struct Queue {
    pub(super) id: QueueId,
    pub(super) vhost: VhostKey,
    pub(super) kind: QueueKind,
    pub(super) durable: bool,
    pub(super) auto_delete: bool,
    /// The connection it is exclusive to.
    pub(super) owner: Option<ConnectionId>,
    pub(super) arguments: Table,
    pub(super) settings: Settings,
    pub(super) policy: Option<Rc<str>>,
    pub(super) operator_policy: Option<Rc<str>>,
    /// What both policies together say.
    pub(super) effective_policy: Rc<Table>,
    pub(super) store: Store,
    /// Deliveries that are not settled; they sit in their channels.
    pub(super) unacked: u64,
    pub(super) consumers: Consumers,
    /// Single active consumer: the one that is served (semantics 20.2).
    pub(super) active: Option<ConsumerKey>,
    /// An exclusive consumer keeps all others out (semantics 13.2).
    pub(super) exclusive_consumer: Option<ConsumerKey>,
    pub(super) next_sequence: u64,
    /// When it is deleted unless somebody uses it (x-expires, semantics 7.15).
    pub(super) lease_ends: Option<SimTime>,
    /// The time of the head's expiry for which a timer is set.
    pub(super) expiry_timer: Option<SimTime>,
    /// The exchanges that have bindings to this queue.
    pub(super) sources: Set<ExchangeKey>,
}

/// What a queue is declared with.
pub(super) struct Declaration {
    pub(super) durable: bool,
    pub(super) auto_delete: bool,
    pub(super) owner: Option<ConnectionId>,
    pub(super) arguments: Table,
}

impl Queue {
    pub(super) fn new(
        id: QueueId,
        vhost: VhostKey,
        declared: Declaration,
        compatibility: Compatibility,
    ) -> Queue {
        let kind = arguments::kind(&declared.arguments);
        let settings = arguments::settings(kind, &declared.arguments, compatibility);
        Queue {
            id,
            vhost,
            kind,
            durable: declared.durable,
            auto_delete: declared.auto_delete,
            owner: declared.owner,
            store: Store::new(settings.max_priority.unwrap_or(0)),
            arguments: declared.arguments,
            settings,
            policy: None,
            operator_policy: None,
            effective_policy: Rc::default(),
            unacked: 0,
            consumers: Consumers::default(),
            active: None,
            exclusive_consumer: None,
            next_sequence: 0,
            lease_ends: None,
            expiry_timer: None,
            sources: Set::new(),
        }
    }

    /// Ready messages, as declare-ok counts them (semantics 7.4).
    pub(super) fn ready(&self) -> u32 {
        u32::try_from(self.store.count()).unwrap_or(u32::MAX)
    }

    /// Whether one more message of `size` bytes would be over the limits (semantics 16).
    pub(super) fn would_overflow(&self, size: u64) -> bool {
        let over = |limit: Option<u64>, value: u64| limit.is_some_and(|limit| value > limit);
        over(self.settings.max_length, self.store.count() + 1)
            || over(self.settings.max_length_bytes, self.store.bytes() + size)
    }

    /// Whether it holds more than it may.
    pub(super) fn is_over_limit(&self) -> bool {
        let over = |limit: Option<u64>, value: u64| limit.is_some_and(|limit| value > limit);
        over(self.settings.max_length, self.store.count())
            || over(self.settings.max_length_bytes, self.store.bytes())
    }
}
