//! Policies: arguments by pattern, set while the broker runs (semantics 23; RabbitMQ docs, Parameters and Policies).

use std::rc::Rc;

use regex_lite::Regex;

use crate::amqp::Idle;
use crate::amqp::arena::{ExchangeKey, QueueKey};
use crate::amqp::broker::{Broker, Compatibility};
use crate::amqp::command::{ApplyTo, Policy};
use crate::amqp::event::Event;
use crate::amqp::ids::VhostName;
use crate::amqp::message::{Table, Value};
use crate::amqp::permission::matches;
use crate::amqp::policy_keys;
use crate::amqp::queue::arguments::{self, Settings};
use crate::amqp::view::QueueKind;

/// What a policy is asked for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Subject {
    Exchange,
    Queue(QueueKind),
}

/// Whose policies: everybody's who may administer a vhost, or the operator's, which limit them.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Layer {
    User,
    Operator,
}

impl Broker {
    fn layer(&mut self, layer: Layer) -> &mut Vec<Rc<Policy>> {
        match layer {
            Layer::User => &mut self.policies,
            Layer::Operator => &mut self.operator_policies,
        }
    }

    pub(super) fn set_policy(&mut self, policy: &Policy, layer: Layer, out: &mut Vec<Event>) {
        let why = match (
            Regex::new(&policy.pattern),
            self.vhost_names.contains_key(&policy.vhost),
        ) {
            (Err(_), _) => Some(Idle::NotAPattern(policy.pattern.as_str().into())),
            (Ok(_), false) => Some(Idle::NoVhost(policy.vhost.clone())),
            (Ok(_), true) => policy_keys::problem(policy, layer, self.config.compatibility)
                .map(|why| Idle::Refused(why.into())),
        };
        if let Some(why) = why {
            return out.push(Event::Ignored { why: why.into() });
        }
        let policies = self.layer(layer);
        policies.retain(|other| other.vhost != policy.vhost || other.name != policy.name);
        policies.push(Rc::new(policy.clone()));
        policies.sort_by(|a, b| (&a.vhost, &a.name).cmp(&(&b.vhost, &b.name)));
        out.push(Event::PolicyChanged {
            vhost: policy.vhost.clone(),
            name: policy.name.as_str().into(),
        });
        self.apply_policies(out);
    }

    pub(super) fn clear_policy(
        &mut self,
        vhost: &VhostName,
        name: &str,
        layer: Layer,
        out: &mut Vec<Event>,
    ) {
        let policies = self.layer(layer);
        let before = policies.len();
        policies.retain(|policy| policy.vhost != *vhost || policy.name != name);
        if policies.len() == before {
            return out.push(Event::Ignored {
                why: Idle::NoPolicy {
                    name: name.into(),
                    vhost: vhost.clone(),
                }
                .into(),
            });
        }
        out.push(Event::PolicyChanged {
            vhost: vhost.clone(),
            name: name.into(),
        });
        self.apply_policies(out);
    }

    /// Changes apply at once (semantics 23.3).
    fn apply_policies(&mut self, out: &mut Vec<Event>) {
        for exchange in self.exchanges.keys() {
            self.apply_exchange_policy(exchange);
        }
        for queue in self.queues.keys() {
            let before = self.queues.get(queue).map(|state| state.settings.clone());
            self.apply_queue_policy(queue, out);
            if before == self.queues.get(queue).map(|state| state.settings.clone()) {
                continue;
            }
            self.apply_limits(queue, out);
            self.renew_lease(queue);
        }
    }

    /// The one policy that wins: the highest priority whose pattern matches (semantics 23.1).
    fn policy_for(
        &self,
        policies: &[Rc<Policy>],
        vhost: &VhostName,
        name: &str,
        subject: Subject,
    ) -> Option<Rc<Policy>> {
        policies
            .iter()
            .filter(|policy| policy.vhost == *vhost && matches(&policy.pattern, name))
            .filter(|policy| match policy.apply_to {
                ApplyTo::All => true,
                ApplyTo::Exchanges => subject == Subject::Exchange,
                ApplyTo::Queues => subject != Subject::Exchange,
                ApplyTo::ClassicQueues => subject == Subject::Queue(QueueKind::Classic),
                ApplyTo::QuorumQueues => subject == Subject::Queue(QueueKind::Quorum),
                ApplyTo::Streams => subject == Subject::Queue(QueueKind::Stream),
            })
            .filter(|policy| match subject {
                Subject::Exchange => true,
                Subject::Queue(kind) => policy_keys::fits(policy, kind, self.config.compatibility),
            })
            .max_by_key(|policy| policy.priority)
            .cloned()
    }

    pub(super) fn apply_exchange_policy(&mut self, key: ExchangeKey) {
        if self.policies.is_empty()
            && self
                .exchanges
                .get(key)
                .is_none_or(|exchange| exchange.policy.is_none())
        {
            return;
        }
        let Some(exchange) = self.exchanges.get(key) else {
            return;
        };
        let (vhost, name) = (exchange.id.vhost(), exchange.id.as_str());
        let policy = self.policy_for(&self.policies, vhost, name, Subject::Exchange);
        let Some(exchange) = self.exchanges.get_mut(key) else {
            return;
        };
        let argument = exchange.arguments.get("alternate-exchange");
        let from_policy = policy
            .as_ref()
            .and_then(|policy| policy.definition.get("alternate-exchange"));
        // The argument wins over the policy (semantics 23.2).
        exchange.alternate = argument
            .or(from_policy)
            .and_then(|name| name.as_str())
            .map(Into::into);
        exchange.policy = policy.map(|policy| policy.name.as_str().into());
    }

    pub(super) fn apply_queue_policy(&mut self, key: QueueKey, out: &mut Vec<Event>) {
        if self.policies.is_empty()
            && self.operator_policies.is_empty()
            && self
                .queues
                .get(key)
                .is_none_or(|queue| queue.policy.is_none() && queue.operator_policy.is_none())
        {
            return;
        }
        let Some(queue) = self.queues.get(key) else {
            return;
        };
        let (vhost, name, subject) = (
            queue.id.vhost(),
            queue.id.as_str(),
            Subject::Queue(queue.kind),
        );
        let policy = self.policy_for(&self.policies, vhost, name, subject);
        let limit = self.policy_for(&self.operator_policies, vhost, name, subject);
        let effective = effective(policy.as_deref(), limit.as_deref());
        let (kind, own) = (
            queue.kind,
            arguments::settings(queue.kind, &queue.arguments, self.config.compatibility),
        );
        let compatibility = self.config.compatibility;
        let Some(queue) = self.queues.get_mut(key) else {
            return;
        };
        queue.settings = match policy.is_some() || limit.is_some() {
            true => merged(kind, own, &effective, compatibility),
            false => own,
        };
        let name = |policy: Rc<Policy>| policy.name.as_str().into();
        queue.policy = policy.map(name);
        queue.operator_policy = limit.map(name);
        queue.effective_policy = Rc::new(effective);
        self.drop_expired(key, out);
    }
}

/// A policy under an operator policy: of two numbers the smaller counts, of anything else the operator's word
/// (rabbit_policies, merge_policy_value).
fn effective(policy: Option<&Policy>, operator: Option<&Policy>) -> Table {
    let mut effective = policy.map_or_else(Table::new, |policy| policy.definition.clone());
    for (key, limit) in operator.iter().flat_map(|policy| &policy.definition.0) {
        let own = effective.0.iter_mut().find(|(own, _)| own == key);
        match own {
            None => effective.0.push((key.clone(), limit.clone())),
            Some((_, value)) => match (value.as_integer(), limit.as_integer()) {
                (Some(own), Some(limit)) if own <= limit => {}
                (_, _) => *value = limit.clone(),
            },
        }
    }
    effective
}

/// The arguments merged with a policy: numbers take the smaller, names the argument's (semantics 23.2); only for the
/// overflow of a quorum queue the policy's word counts (qq gather_policy_config).
fn merged(
    kind: QueueKind,
    own: Settings,
    definition: &Table,
    compatibility: Compatibility,
) -> Settings {
    // A policy's keys are the arguments without their `x-`.
    let prefixed = definition
        .0
        .iter()
        .map(|(name, value)| (format!("x-{name}").into(), value.clone()))
        .collect();
    let policy = arguments::settings(kind, &Table(prefixed), compatibility);
    let smaller = |a: Option<u64>, b: Option<u64>| [a, b].into_iter().flatten().min();
    let has_overflow = definition
        .get("overflow")
        .is_some_and(|value| matches!(value, Value::LongString(_)));
    Settings {
        message_ttl: smaller(own.message_ttl, policy.message_ttl),
        expires: smaller(own.expires, policy.expires),
        max_length: smaller(own.max_length, policy.max_length),
        max_length_bytes: smaller(own.max_length_bytes, policy.max_length_bytes),
        overflow: match (has_overflow, own.overflow_declared, kind) {
            (true, false, _) | (true, true, QueueKind::Quorum) => policy.overflow,
            (true, true, QueueKind::Classic | QueueKind::Stream) | (false, _, _) => own.overflow,
        },
        overflow_declared: own.overflow_declared,
        dead_letter_exchange: own.dead_letter_exchange.or(policy.dead_letter_exchange),
        dead_letter_routing_key: own
            .dead_letter_routing_key
            .or(policy.dead_letter_routing_key),
        max_priority: own.max_priority,
        single_active_consumer: own.single_active_consumer,
        delivery_limit: match (own.delivery_limit, policy.delivery_limit) {
            (Some(own), Some(policy)) if own < 0 || policy < 0 => Some(own.max(policy)),
            (Some(own), Some(policy)) => Some(own.min(policy)),
            (own, policy) => own.or(policy),
        },
        consumer_timeout: [own.consumer_timeout, policy.consumer_timeout]
            .into_iter()
            .flatten()
            .min(),
        max_age: smaller(own.max_age, policy.max_age),
    }
}
