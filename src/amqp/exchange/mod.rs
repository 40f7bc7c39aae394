//! Exchanges: a kind, and an index of bindings in which a publish costs what it matches.

mod consistent_hash;
mod headers;
mod headers_index;
mod matcher;
mod topic;

use std::collections::BTreeMap;
use std::rc::Rc;

use rustc_hash::FxHashMap;

use crate::amqp::arena::{ExchangeKey, Target, VhostKey};
use crate::amqp::broker::Compatibility;
use crate::amqp::exception::Exception;
use crate::amqp::ids::{ExchangeId, ExchangeName, RoutingKey};
use crate::amqp::message::{Properties, Table};
use crate::amqp::protocol::ReplyCode;
use crate::amqp::view::{Binding, ExchangeKind, Explanation, Why};
use crate::ordered::{Set, sort_by};

use consistent_hash::Ring;
pub use matcher::TopicMatcher;
pub(super) use topic::Scratch;
use topic::Trie;

/// A binding and the key of where it leads.
#[derive(Clone, Debug)]
pub(super) struct Hit {
    pub(super) target: Target,
    pub(super) binding: Rc<Binding>,
}

#[derive(Clone, Debug)]
pub(super) struct Exchange {
    pub(super) id: ExchangeId,
    pub(super) vhost: VhostKey,
    pub(super) kind: ExchangeKind,
    pub(super) durable: bool,
    pub(super) auto_delete: bool,
    pub(super) internal: bool,
    pub(super) arguments: Table,
    /// The alternate exchange in force: the argument, else the policy's.
    pub(super) alternate: Option<ExchangeName>,
    pub(super) policy: Option<Rc<str>>,
    /// The exchanges that have bindings to this one.
    pub(super) sources: Set<ExchangeKey>,
    /// By destination and key; several with the same key differ in their arguments.
    bindings: BTreeMap<(Target, RoutingKey), Vec<Rc<Binding>>>,
    count: usize,
    index: Index,
}

/// The bindings arranged for routing.
#[derive(Clone, Debug)]
enum Index {
    Direct(FxHashMap<RoutingKey, Vec<Hit>>),
    Fanout(Vec<Hit>),
    Topic(Trie),
    Headers(headers_index::Bindings),
    Hash(Ring),
}

/// What an exchange is declared with.
pub(super) struct Declaration {
    pub(super) kind: ExchangeKind,
    pub(super) durable: bool,
    pub(super) auto_delete: bool,
    pub(super) internal: bool,
    pub(super) arguments: Table,
}

impl Exchange {
    pub(super) fn new(id: ExchangeId, vhost: VhostKey, declared: Declaration) -> Exchange {
        let alternate = declared
            .arguments
            .get("alternate-exchange")
            .and_then(|name| name.as_str())
            .map(Into::into);
        Exchange {
            id,
            vhost,
            kind: declared.kind,
            durable: declared.durable,
            auto_delete: declared.auto_delete,
            internal: declared.internal,
            index: Index::new(
                inner_kind(declared.kind, &declared.arguments),
                &declared.arguments,
            ),
            arguments: declared.arguments,
            alternate,
            policy: None,
            sources: Set::new(),
            bindings: BTreeMap::new(),
            count: 0,
        }
    }

    /// How many bindings leave from here.
    pub(super) fn binding_count(&self) -> usize {
        self.count
    }

    /// All bindings that leave from here.
    pub(super) fn bindings(&self) -> impl Iterator<Item = (Target, &Rc<Binding>)> {
        self.bindings
            .iter()
            .flat_map(|((target, _), same_key)| same_key.iter().map(|binding| (*target, binding)))
    }

    /// The bindings to `target`.
    pub(super) fn bindings_to(&self, target: Target) -> Vec<Rc<Binding>> {
        self.bindings
            .range((target, RoutingKey::default())..)
            .take_while(|((other, _), _)| *other == target)
            .flat_map(|(_, same_key)| same_key.iter().cloned())
            .collect()
    }

    /// Whether the exchange's type accepts such a binding (semantics 8.5, 22.1).
    pub(super) fn validate_binding(
        &self,
        routing_key: &RoutingKey,
        arguments: &Table,
    ) -> Result<(), Exception> {
        match &self.index {
            Index::Direct(_) | Index::Fanout(_) | Index::Topic(_) => Ok(()),
            Index::Headers(_) => headers::Match::parse(arguments).map(|_| ()),
            Index::Hash(_) => consistent_hash::weight(routing_key).map(|_| ()),
        }
    }

    /// The binding equal to this one, if there is one: arguments are compared in sorted order (semantics 8.1).
    pub(super) fn find(
        &self,
        target: Target,
        routing_key: &RoutingKey,
        arguments: &Table,
    ) -> Option<Rc<Binding>> {
        let sorted = sorted(arguments);
        self.bindings
            .get(&(target, routing_key.clone()))?
            .iter()
            .find(|binding| self::sorted(&binding.arguments) == sorted)
            .cloned()
    }

    pub(super) fn add(&mut self, target: Target, binding: &Rc<Binding>) {
        self.bindings
            .entry((target, binding.routing_key.clone()))
            .or_default()
            .push(Rc::clone(binding));
        self.count += 1;
        self.index.add(Hit {
            target,
            binding: Rc::clone(binding),
        });
    }

    pub(super) fn remove(&mut self, target: Target, binding: &Rc<Binding>) {
        let key = (target, binding.routing_key.clone());
        let Some(same_key) = self.bindings.get_mut(&key) else {
            return;
        };
        same_key.retain(|other| !Rc::ptr_eq(other, binding));
        if same_key.is_empty() {
            self.bindings.remove(&key);
        }
        self.count -= 1;
        self.index.remove(target, binding);
    }

    /// Calls `found` with each binding that lets the message through. One destination may appear more than once.
    pub(super) fn route(
        &self,
        keys: &[RoutingKey],
        properties: &Properties,
        compatibility: Compatibility,
        scratch: &mut Scratch,
        found: &mut dyn FnMut(&Hit),
    ) {
        match &self.index {
            Index::Direct(by_key) => {
                for key in keys {
                    by_key.get(key).into_iter().flatten().for_each(&mut *found);
                }
            }
            Index::Fanout(all) => all.iter().for_each(found),
            Index::Topic(trie) => {
                for key in keys {
                    trie.matches(key.as_bytes(), scratch, &mut *found);
                }
            }
            Index::Headers(all) => {
                let none = Table::new();
                let headers = properties.headers.as_ref().unwrap_or(&none);
                all.matches(headers, compatibility, found);
            }
            Index::Hash(ring) => ring.route(keys, properties).into_iter().for_each(found),
        }
    }

    /// For every binding: would it let such a message through, and why.
    pub(super) fn explain(
        &self,
        keys: &[RoutingKey],
        properties: &Properties,
        compatibility: Compatibility,
    ) -> Vec<Explanation> {
        let none = Table::new();
        let headers = properties.headers.as_ref().unwrap_or(&none);
        let drawn: Option<&Hit> = match &self.index {
            Index::Hash(ring) => ring.route(keys, properties),
            Index::Direct(_) | Index::Fanout(_) | Index::Topic(_) | Index::Headers(_) => None,
        };
        self.bindings()
            .map(|(target, binding)| {
                let (matched, why) = match &self.index {
                    Index::Direct(_) if keys.contains(&binding.routing_key) => {
                        (true, Why::KeysEqual)
                    }
                    Index::Direct(_) => (false, Why::KeysDiffer),
                    Index::Fanout(_) => (true, Why::Fanout),
                    Index::Topic(_) => explain_topic(binding, keys),
                    Index::Headers(_) => {
                        let mode = headers::Match::parse(&binding.arguments)
                            .unwrap_or(headers::Match::All);
                        let matched =
                            headers::matches(mode, &binding.arguments, headers, compatibility);
                        (
                            matched,
                            headers::explain(mode, &binding.arguments, headers, compatibility),
                        )
                    }
                    Index::Hash(_) => (drawn.is_some_and(|hit| hit.target == target), Why::Hashed),
                };
                Explanation {
                    binding: Rc::clone(binding),
                    matched,
                    why,
                }
            })
            .collect()
    }
}

fn explain_topic(binding: &Binding, keys: &[RoutingKey]) -> (bool, Why) {
    let mut last = (false, Why::TopicFailed { pattern_words: 0 });
    for key in keys {
        let why = topic::explain(binding.routing_key.as_bytes(), key.as_bytes());
        let matched = matches!(why, Why::TopicMatched(_));
        last = (matched, why);
        if matched {
            break;
        }
    }
    last
}

/// Whether a type takes such arguments (semantics 22).
pub(super) fn validate_declaration(kind: ExchangeKind, arguments: &Table) -> Result<(), Exception> {
    let refuse = |text: &str| Err(Exception::channel(ReplyCode::PreconditionFailed, text));
    match kind {
        ExchangeKind::Direct
        | ExchangeKind::Fanout
        | ExchangeKind::Topic
        | ExchangeKind::Headers => Ok(()),
        ExchangeKind::ConsistentHash => consistent_hash::validate(arguments),
        ExchangeKind::DelayedMessage => {
            match arguments
                .get("x-delayed-type")
                .and_then(|name| name.as_str())
                .and_then(ExchangeKind::parse)
            {
                None => {
                    refuse("Invalid argument, 'x-delayed-type' must be an existing exchange type")
                }
                Some(ExchangeKind::DelayedMessage) => refuse(
                    "Invalid argument, 'x-delayed-message' can't be used for 'x-delayed-type'",
                ),
                Some(_) => Ok(()),
            }
        }
    }
}

/// The kind whose rules route: for x-delayed-message the one that `x-delayed-type` names.
fn inner_kind(kind: ExchangeKind, arguments: &Table) -> ExchangeKind {
    match kind {
        ExchangeKind::DelayedMessage => arguments
            .get("x-delayed-type")
            .and_then(|name| name.as_str())
            .and_then(ExchangeKind::parse)
            .unwrap_or(ExchangeKind::Direct),
        ExchangeKind::Direct
        | ExchangeKind::Fanout
        | ExchangeKind::Topic
        | ExchangeKind::Headers
        | ExchangeKind::ConsistentHash => kind,
    }
}

impl Index {
    fn new(kind: ExchangeKind, arguments: &Table) -> Index {
        match kind {
            ExchangeKind::Direct | ExchangeKind::DelayedMessage => {
                Index::Direct(FxHashMap::default())
            }
            ExchangeKind::Fanout => Index::Fanout(Vec::new()),
            ExchangeKind::Topic => Index::Topic(Trie::new()),
            ExchangeKind::Headers => Index::Headers(headers_index::Bindings::default()),
            ExchangeKind::ConsistentHash => Index::Hash(Ring::new(arguments)),
        }
    }

    fn add(&mut self, hit: Hit) {
        match self {
            Index::Direct(by_key) => by_key
                .entry(hit.binding.routing_key.clone())
                .or_default()
                .push(hit),
            Index::Fanout(all) => all.push(hit),
            Index::Topic(trie) => {
                let pattern = hit.binding.routing_key.clone();
                trie.insert(pattern.as_bytes(), hit);
            }
            Index::Headers(all) => all.insert(hit),
            Index::Hash(ring) => ring.add(hit),
        }
    }

    fn remove(&mut self, target: Target, binding: &Rc<Binding>) {
        let is_it = |hit: &Hit| Rc::ptr_eq(&hit.binding, binding);
        match self {
            Index::Direct(by_key) => {
                let Some(same_key) = by_key.get_mut(&binding.routing_key) else {
                    return;
                };
                same_key.retain(|hit| !is_it(hit));
                if same_key.is_empty() {
                    by_key.remove(&binding.routing_key);
                }
            }
            Index::Fanout(all) => all.retain(|hit| !is_it(hit)),
            Index::Topic(trie) => trie.remove(binding.routing_key.as_bytes(), is_it),
            Index::Headers(all) => all.remove(is_it),
            Index::Hash(ring) => ring.remove(target),
        }
    }
}

/// A table in the order of its keys.
pub(super) fn sorted(table: &Table) -> Table {
    let mut entries = table.0.clone();
    sort_by(&mut entries, |a, b| a.0.cmp(&b.0));
    Table(entries)
}

#[cfg(test)]
pub(super) mod tests_support {
    use super::*;
    use crate::amqp::ids::{Destination, QueueId, VhostName};

    pub(crate) fn binding(routing_key: &str) -> Rc<Binding> {
        let vhost = VhostName::from("/");
        Rc::new(Binding {
            source: ExchangeId::new(&vhost, &"x".into()),
            destination: Destination::Queue(QueueId::new(&vhost, &"q".into())),
            routing_key: routing_key.into(),
            arguments: Table::new(),
        })
    }
}
