//! The index of a topic exchange by itself: how benches and tests see what matching costs and answers.

use std::rc::Rc;

use super::Hit;
use super::topic::{Scratch, Trie};
use crate::amqp::arena::{ExchangeKey, Key, Target};
use crate::amqp::ids::{Destination, ExchangeId, VhostName};
use crate::amqp::message::Table;
use crate::amqp::view::Binding;

/// Patterns, and how many of them match a key.
#[derive(Clone, Debug)]
pub struct TopicMatcher {
    trie: Trie,
    scratch: Scratch,
}

impl Default for TopicMatcher {
    fn default() -> TopicMatcher {
        TopicMatcher {
            trie: Trie::new(),
            scratch: Scratch::default(),
        }
    }
}

impl TopicMatcher {
    /// Adds a pattern; a second time it counts twice.
    pub fn insert(&mut self, pattern: &[u8]) {
        let nowhere = ExchangeId::new(&VhostName::from("/"), &"".into());
        let binding = Rc::new(Binding {
            source: nowhere.clone(),
            destination: Destination::Exchange(nowhere),
            routing_key: pattern.into(),
            arguments: Table::new(),
        });
        let target = Target::Exchange(ExchangeKey::from_index(0));
        self.trie.insert(pattern, Hit { target, binding });
    }

    /// How many patterns match `key`.
    pub fn count(&mut self, key: &[u8]) -> u32 {
        let mut count = 0;
        self.trie.matches(key, &mut self.scratch, |_| count += 1);
        count
    }
}
