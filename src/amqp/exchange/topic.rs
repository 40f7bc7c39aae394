//! The topic exchange: a trie of words, walked with a set of states, so that no pattern is slow.

use rustc_hash::FxHashMap;

use super::Hit;
use crate::amqp::view::{TopicWord, Why};

/// The words of a key or pattern. "" has no word at all, "." has two empty ones (semantics 8.6).
pub(crate) fn words(key: &[u8]) -> impl Iterator<Item = &[u8]> {
    let none = usize::from(key.is_empty());
    key.split(|byte| *byte == b'.').skip(none)
}

const ROOT: usize = 0;

/// A literal word that stands in some pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Word(u32);

/// The literal words of all patterns, so that a word of a key is looked at once and not at every node.
#[derive(Clone, Debug, Default)]
struct Words {
    /// With how many nodes they lead to.
    numbers: FxHashMap<Box<[u8]>, (Word, u32)>,
    next: u32,
}

impl Words {
    fn get(&self, word: &[u8]) -> Option<Word> {
        self.numbers.get(word).map(|(number, _)| *number)
    }

    /// One more node is led to by this word.
    fn hold(&mut self, word: &[u8]) -> Word {
        let next = Word(self.next);
        let (number, count) = self.numbers.entry(word.into()).or_insert((next, 0));
        *count += 1;
        self.next += u32::from(*number == next);
        *number
    }

    /// One less; a word that leads nowhere is forgotten.
    fn release(&mut self, word: &[u8]) {
        if let Some((_, count)) = self.numbers.get_mut(word) {
            *count -= 1;
            if *count == 0 {
                self.numbers.remove(word);
            }
        }
    }
}

#[derive(Clone, Debug, Default)]
struct Node {
    literal: FxHashMap<Word, usize>,
    star: Option<usize>,
    hash: Option<usize>,
    /// Whether this node was entered by `#`: it stays for any word.
    stays: bool,
    hits: Vec<Hit>,
}

impl Node {
    fn is_bare(&self) -> bool {
        self.hits.is_empty()
            && self.literal.is_empty()
            && self.star.is_none()
            && self.hash.is_none()
    }
}

/// All bindings of one topic exchange.
#[derive(Clone, Debug)]
pub(super) struct Trie {
    nodes: Vec<Node>,
    free: Vec<usize>,
    words: Words,
}

/// Memory of walks, kept between them. Any number of tries may share one.
#[derive(Clone, Debug, Default)]
pub(in crate::amqp) struct Scratch {
    now: Vec<usize>,
    next: Vec<usize>,
    /// For each node, the last position at which it was entered.
    seen: Vec<u64>,
    position: u64,
}

impl Scratch {
    /// Enters a node and, through `#` that takes no word, those behind it.
    fn enter(&mut self, nodes: &[Node], mut node: usize) {
        loop {
            if self.seen[node] == self.position {
                return;
            }
            self.seen[node] = self.position;
            self.next.push(node);
            let Some(behind) = nodes[node].hash else {
                return;
            };
            node = behind;
        }
    }
}

impl Trie {
    pub(super) fn new() -> Trie {
        Trie {
            nodes: vec![Node::default()],
            free: Vec::new(),
            words: Words::default(),
        }
    }

    pub(super) fn insert(&mut self, pattern: &[u8], hit: Hit) {
        let mut node = ROOT;
        for word in words(pattern) {
            node = self.child_or_new(node, word);
        }
        self.nodes[node].hits.push(hit);
    }

    pub(super) fn remove(&mut self, pattern: &[u8], is_it: impl Fn(&Hit) -> bool) {
        let mut path = vec![ROOT];
        for word in words(pattern) {
            let Some(child) = self.child(path[path.len() - 1], word) else {
                return;
            };
            path.push(child);
        }
        self.nodes[path[path.len() - 1]]
            .hits
            .retain(|hit| !is_it(hit));
        self.prune(&path, pattern);
    }

    fn prune(&mut self, path: &[usize], pattern: &[u8]) {
        let words: Vec<&[u8]> = words(pattern).collect();
        for depth in (1..path.len()).rev() {
            let (node, parent) = (path[depth], path[depth - 1]);
            if !self.nodes[node].is_bare() {
                return;
            }
            match words[depth - 1] {
                b"*" => self.nodes[parent].star = None,
                b"#" => self.nodes[parent].hash = None,
                word => {
                    if let Some(number) = self.words.get(word) {
                        self.nodes[parent].literal.remove(&number);
                    }
                    self.words.release(word);
                }
            }
            self.nodes[node] = Node::default();
            self.free.push(node);
        }
    }

    fn child(&self, node: usize, word: &[u8]) -> Option<usize> {
        match word {
            b"*" => self.nodes[node].star,
            b"#" => self.nodes[node].hash,
            _ => self.nodes[node]
                .literal
                .get(&self.words.get(word)?)
                .copied(),
        }
    }

    fn child_or_new(&mut self, node: usize, word: &[u8]) -> usize {
        if let Some(child) = self.child(node, word) {
            return child;
        }
        let child = self.free.pop().unwrap_or_else(|| {
            self.nodes.push(Node::default());
            self.nodes.len() - 1
        });
        self.nodes[child].stays = word == b"#";
        match word {
            b"*" => self.nodes[node].star = Some(child),
            b"#" => self.nodes[node].hash = Some(child),
            _ => {
                let number = self.words.hold(word);
                self.nodes[node].literal.insert(number, child);
            }
        }
        child
    }

    /// Calls `found` once for every binding that matches `key`.
    pub(super) fn matches(&self, key: &[u8], scratch: &mut Scratch, mut found: impl FnMut(&Hit)) {
        let nodes = &self.nodes;
        if scratch.seen.len() < nodes.len() {
            scratch.seen.resize(nodes.len(), 0);
        }
        scratch.position += 1;
        scratch.next.clear();
        scratch.enter(nodes, ROOT);
        for word in words(key) {
            let word = self.words.get(word);
            std::mem::swap(&mut scratch.now, &mut scratch.next);
            scratch.next.clear();
            scratch.position += 1;
            for index in 0..scratch.now.len() {
                let state = scratch.now[index];
                let node = &nodes[state];
                let stays = node.stays.then_some(state);
                let literal = word.and_then(|word| node.literal.get(&word).copied());
                for target in [stays, node.star, literal].into_iter().flatten() {
                    scratch.enter(nodes, target);
                }
            }
        }
        for state in &scratch.next {
            nodes[*state].hits.iter().for_each(&mut found);
        }
    }
}

/// Why `pattern` matches `key` or not, with the words that each word of the pattern took.
pub(super) fn explain(pattern: &[u8], key: &[u8]) -> Why {
    let pattern: Vec<&[u8]> = words(pattern).collect();
    let key: Vec<&[u8]> = words(key).collect();
    // reach[i][j]: the first i words of the pattern can take exactly the first j words of the key.
    let mut reach = vec![vec![false; key.len() + 1]; pattern.len() + 1];
    reach[0][0] = true;
    for (i, word) in pattern.iter().enumerate() {
        for j in 0..=key.len() {
            reach[i + 1][j] = match *word {
                b"#" => reach[i][j] || (j > 0 && reach[i + 1][j - 1]),
                b"*" => j > 0 && reach[i][j - 1],
                literal => j > 0 && reach[i][j - 1] && key[j - 1] == literal,
            };
        }
    }
    if !reach[pattern.len()][key.len()] {
        let went_well = (0..=pattern.len())
            .rev()
            .find(|i| reach[*i].contains(&true))
            .unwrap_or(0);
        return Why::TopicFailed {
            pattern_words: went_well,
        };
    }
    let text = |word: &[u8]| String::from_utf8_lossy(word).into_owned();
    let mut taken = Vec::new();
    let mut end = key.len();
    for i in (0..pattern.len()).rev() {
        let start = match pattern[i] {
            b"#" => (0..=end).rev().find(|j| reach[i][*j]).unwrap_or(end),
            _ => end - 1,
        };
        taken.push(TopicWord {
            pattern: text(pattern[i]),
            took: key[start..end].iter().map(|word| text(word)).collect(),
        });
        end = start;
    }
    taken.reverse();
    Why::TopicMatched(taken)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::amqp::arena::{ExchangeKey, Key, Target};
    use crate::amqp::exchange::tests_support::binding;
    use crate::machine::Rng;

    fn trie_matches(pattern: &str, key: &str) -> bool {
        let mut trie = Trie::new();
        trie.insert(
            pattern.as_bytes(),
            Hit {
                target: Target::Exchange(ExchangeKey::from_index(0)),
                binding: binding(pattern),
            },
        );
        let mut count = 0;
        trie.matches(key.as_bytes(), &mut Scratch::default(), |_| count += 1);
        assert!(count <= 1, "{pattern} matches {key} more than once");
        count == 1
    }

    #[test]
    fn empty_words_count_and_an_empty_key_has_none() {
        // Semantics 8.6 (PROBED).
        for (pattern, key, expected) in [
            ("", "", true),
            ("#", "", true),
            ("#.#", "", true),
            ("*", "", false),
            ("*.*", ".", true),
            ("#", ".", true),
            ("*.#", ".", true),
            ("a.#", "a", true),
            ("a.*", "a.", true),
            ("a.*", "a", false),
            ("a*", "ab", false),
            ("#.b", "a.a.b", true),
            ("*.b", "a.a.b", false),
            ("a.#.b.#", "a.b.b.c", true),
        ] {
            assert_eq!(
                trie_matches(pattern, key),
                expected,
                "{pattern:?} against {key:?}"
            );
        }
    }

    fn naive(pattern: &[&[u8]], key: &[&[u8]]) -> bool {
        match (pattern.split_first(), key.split_first()) {
            (None, None) => true,
            (None, Some(_)) => false,
            (Some((&b"#", rest)), None) => naive(rest, key),
            (Some((&b"#", rest)), Some((_, tail))) => naive(rest, key) || naive(pattern, tail),
            (Some((&b"*", rest)), Some((_, tail))) => naive(rest, tail),
            (Some((word, rest)), Some((head, tail))) => word == head && naive(rest, tail),
            (Some(_), None) => false,
        }
    }

    fn random_words(rng: &mut Rng, alphabet: &[&str]) -> String {
        let count = rng.below(6);
        (0..count)
            .map(|_| alphabet[rng.below(alphabet.len() as u64) as usize])
            .collect::<Vec<_>>()
            .join(".")
    }

    #[test]
    fn the_trie_agrees_with_a_naive_matcher_and_forgets_what_is_removed() {
        let mut rng = Rng::new(20);
        for _ in 0..300 {
            let patterns: Vec<String> = (0..12)
                .map(|_| random_words(&mut rng, &["a", "b", "*", "#", ""]))
                .collect();
            let mut trie = Trie::new();
            for pattern in &patterns {
                let target = Target::Exchange(ExchangeKey::from_index(0));
                trie.insert(
                    pattern.as_bytes(),
                    Hit {
                        target,
                        binding: binding(pattern),
                    },
                );
            }
            for removed in [0, 6] {
                patterns[..removed].iter().for_each(|pattern| {
                    trie.remove(pattern.as_bytes(), |hit| {
                        hit.binding.routing_key.as_bytes() == pattern.as_bytes()
                    });
                });
                let key = random_words(&mut rng, &["a", "b", "c", ""]);
                let mut found: Vec<String> = Vec::new();
                trie.matches(key.as_bytes(), &mut Scratch::default(), |hit| {
                    found.push(hit.binding.routing_key.to_string())
                });
                let key_words: Vec<&[u8]> = words(key.as_bytes()).collect();
                let mut expected: Vec<String> = patterns
                    .iter()
                    .filter(|pattern| !patterns[..removed].contains(pattern))
                    .filter(|pattern| {
                        naive(&words(pattern.as_bytes()).collect::<Vec<_>>(), &key_words)
                    })
                    .cloned()
                    .collect();
                found.sort();
                expected.sort();
                assert_eq!(found, expected, "key {key:?}");
                for pattern in &patterns {
                    let matched = matches!(
                        explain(pattern.as_bytes(), key.as_bytes()),
                        Why::TopicMatched(_)
                    );
                    assert_eq!(
                        matched,
                        naive(&words(pattern.as_bytes()).collect::<Vec<_>>(), &key_words)
                    );
                }
            }
        }
    }

    #[test]
    fn an_explanation_names_the_words_that_each_wildcard_took() {
        let Why::TopicMatched(words) = explain(b"*.orders.#", b"eu.orders.new.big") else {
            panic!("it matches")
        };
        let took: Vec<String> = words
            .iter()
            .map(|word| format!("{}={}", word.pattern, word.took.join("+")))
            .collect();
        assert_eq!(took, ["*=eu", "orders=orders", "#=new+big"]);
    }
}
