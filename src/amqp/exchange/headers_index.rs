//! The bindings of a headers exchange, found by one of the headers that each wants: what cannot match costs nothing.

use std::hash::{Hash, Hasher};

use rustc_hash::{FxHashMap, FxHasher};

use super::Hit;
use super::headers::{Match, float, matches};
use crate::amqp::broker::Compatibility;
use crate::amqp::message::{Table, Value};
use crate::ordered::sort;

/// The bindings, in the order in which they were made.
#[derive(Clone, Debug, Default)]
pub(super) struct Bindings {
    all: Vec<Numbered>,
    /// The numbers of those that want a header and value (or one with the same digest).
    by_header: FxHashMap<u64, Vec<u32>>,
    /// The numbers of those that want no header at all.
    always: Vec<u32>,
    next: u32,
}

#[derive(Clone, Debug)]
struct Numbered {
    number: u32,
    mode: Match,
    hit: Hit,
}

/// Equal headers have equal digests, also across types and whatever the version (semantics 8.7, D3). A void value asks
/// only whether the header is there.
fn digest(name: &[u8], value: &Value) -> u64 {
    let mut hasher = FxHasher::default();
    name.hash(&mut hasher);
    match (value, float(value)) {
        (Value::Void, _) => 0.hash(&mut hasher),
        (Value::LongString(bytes) | Value::Bytes(bytes), _) => bytes.hash(&mut hasher),
        // Minus zero equals zero.
        (_, Some(number)) => (number + 0.0).to_bits().hash(&mut hasher),
        (_, None) => value.type_name().hash(&mut hasher),
    }
    hasher.finish()
}

impl Bindings {
    pub(super) fn insert(&mut self, hit: Hit) {
        let arguments = &hit.binding.arguments;
        let mode = Match::parse(arguments).unwrap_or(Match::All);
        let number = self.next;
        self.next += 1;
        let mut wanted = wanted(mode, arguments);
        if mode.wants_all() {
            // One of them is enough to find it by: the one that fewest others are found by.
            let others = |digest: &u64| self.by_header.get(digest).map_or(0, Vec::len);
            match wanted.iter().copied().min_by_key(others) {
                Some(rarest) => wanted = vec![rarest],
                None => self.always.push(number),
            }
        }
        for digest in wanted {
            self.by_header.entry(digest).or_default().push(number);
        }
        self.all.push(Numbered { number, mode, hit });
    }

    pub(super) fn remove(&mut self, is_it: impl Fn(&Hit) -> bool) {
        let Some(place) = self.all.iter().position(|other| is_it(&other.hit)) else {
            return;
        };
        let Numbered { number, mode, hit } = self.all.remove(place);
        self.always.retain(|other| *other != number);
        for digest in wanted(mode, &hit.binding.arguments) {
            if let Some(numbers) = self.by_header.get_mut(&digest) {
                numbers.retain(|other| *other != number);
                if numbers.is_empty() {
                    self.by_header.remove(&digest);
                }
            }
        }
    }

    /// Calls `found` with each binding that lets a message with these headers through.
    pub(super) fn matches(
        &self,
        headers: &Table,
        compatibility: Compatibility,
        found: &mut dyn FnMut(&Hit),
    ) {
        let mut candidates = self.always.clone();
        for (name, value) in &headers.0 {
            for value in [value, &Value::Void] {
                let numbers = self.by_header.get(&digest(name.as_bytes(), value));
                candidates.extend(numbers.into_iter().flatten());
            }
        }
        sort(&mut candidates);
        candidates.dedup();
        for number in candidates {
            let place = self.all.binary_search_by_key(&number, |it| it.number);
            let Some(it) = place.ok().and_then(|place| self.all.get(place)) else {
                continue;
            };
            if matches(it.mode, &it.hit.binding.arguments, headers, compatibility) {
                found(&it.hit);
            }
        }
    }
}

/// The headers that such a binding looks at.
fn wanted(mode: Match, arguments: &Table) -> Vec<u64> {
    let looked_at = arguments
        .0
        .iter()
        .filter(|(name, _)| mode.looks_at(name.as_bytes()));
    looked_at
        .map(|(name, value)| digest(name.as_bytes(), value))
        .collect()
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use super::*;
    use crate::amqp::arena::{ExchangeKey, Key, Target};
    use crate::amqp::exchange::tests_support::binding;
    use crate::amqp::view::Binding;
    use crate::machine::Rng;

    fn random_value(rng: &mut Rng) -> Value {
        match rng.below(11) {
            0 => Value::Void,
            1 => Value::Bool(true),
            2 => Value::F64(1.0),
            3 => Value::F32(-0.0),
            4 => Value::I64(1),
            5 => Value::U8(0),
            6 => Value::Timestamp(1),
            7 => Value::from("a"),
            8 => Value::Bytes(b"a".as_slice().into()),
            9 => Value::Array(vec![Value::I32(1)]),
            _ => Value::Decimal(0, 1),
        }
    }

    fn random_table(rng: &mut Rng, names: &[&str]) -> Table {
        (0..rng.below(4)).fold(Table::new(), |table, _| {
            let name = names[rng.below(names.len() as u64) as usize];
            table.with(name, random_value(rng))
        })
    }

    #[test]
    fn the_index_finds_what_looking_at_every_binding_finds_in_the_same_order() {
        // Semantics 8.7, D3.
        let mut rng = Rng::new(87);
        let names = ["a", "b", "x-c"];
        for _ in 0..500 {
            let mut index = Bindings::default();
            let mut all: Vec<Rc<Binding>> = Vec::new();
            for _ in 0..rng.below(12) {
                let words = ["all", "any", "all-with-x", "any-with-x"];
                let mut it = (*binding("")).clone();
                it.arguments =
                    random_table(&mut rng, &names).with("x-match", words[rng.below(4) as usize]);
                let it = Rc::new(it);
                all.push(Rc::clone(&it));
                let target = Target::Exchange(ExchangeKey::from_index(0));
                index.insert(Hit {
                    target,
                    binding: it,
                });
            }
            if !all.is_empty() {
                let gone = all.remove(rng.below(all.len() as u64) as usize);
                index.remove(|hit| Rc::ptr_eq(&hit.binding, &gone));
            }
            let headers = random_table(&mut rng, &names);
            for compatibility in [Compatibility::V3_10, Compatibility::V4] {
                let mut found = Vec::new();
                index.matches(&headers, compatibility, &mut |hit| {
                    found.push(Rc::as_ptr(&hit.binding))
                });
                let expected: Vec<_> = all
                    .iter()
                    .filter(|it| {
                        let mode = Match::parse(&it.arguments).unwrap_or(Match::All);
                        matches(mode, &it.arguments, &headers, compatibility)
                    })
                    .map(Rc::as_ptr)
                    .collect();
                assert_eq!(found, expected, "{headers:?} {compatibility:?}");
            }
        }
    }
}
