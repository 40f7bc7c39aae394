//! Topic patterns and keys from one seed, the same for every contestant.

use mq_playground::machine::Rng;

/// Eleven words give about 3.28 matches a key.
const WORDS: [&str; 11] = [
    "red", "green", "blue", "fast", "slow", "north", "south", "east", "west", "near", "far",
];

/// Beyond so many patterns only such follow that no key matches: the index grows, the answer does not.
pub const MATCHING: usize = 1_000;
const KEYS: usize = 1_000;

/// What topic exchanges are measured with.
pub struct Topics {
    pub patterns: Vec<String>,
    pub keys: Vec<String>,
}

impl Topics {
    /// So many patterns, and keys of four words.
    pub fn new(patterns: usize) -> Topics {
        let mut rng = Rng::new(42);
        let matching: Vec<String> = (0..MATCHING as u64)
            .map(|number| pattern(&mut rng, number))
            .collect();
        let keys = (0..KEYS).map(|_| key(&mut rng)).collect();
        let others = (MATCHING..patterns).map(|_| format!("{}.more", key(&mut rng)));
        Topics {
            patterns: matching.into_iter().chain(others).collect(),
            keys,
        }
    }
}

/// One pattern with so many `#`, and a key of 24 words that it takes.
pub fn hashes(count: usize) -> Topics {
    let mut pattern = vec!["#"; 1];
    for _ in 1..count {
        pattern.extend(["near", "#"]);
    }
    Topics {
        patterns: vec![pattern.join(".")],
        keys: vec![["near"; 24].join(".")],
    }
}

fn word(rng: &mut Rng) -> &'static str {
    WORDS[rng.below(WORDS.len() as u64) as usize]
}

fn key(rng: &mut Rng) -> String {
    [word(rng), word(rng), word(rng), word(rng)].join(".")
}

/// Half literal, a quarter with one `*`, 10 % with two, 10 % `x.y.#`, 5 % `#.x.y`, one `#`.
fn pattern(rng: &mut Rng, number: u64) -> String {
    let mut words = [word(rng), word(rng), word(rng), word(rng)];
    match number % 100 {
        _ if number == 0 => return "#".to_owned(),
        0..50 => {}
        50..75 => words[rng.below(4) as usize] = "*",
        75..85 => {
            let first = rng.below(4);
            words[first as usize] = "*";
            words[((first + 1 + rng.below(3)) % 4) as usize] = "*";
        }
        85..95 => return format!("{}.{}.#", words[0], words[1]),
        _ => return format!("#.{}.{}", words[0], words[1]),
    }
    words.join(".")
}
