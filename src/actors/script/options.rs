//! The words of one statement, sorted into names, flags and `key=value` pairs, each with its column.

use std::collections::VecDeque;

use super::error::{Need, ScriptError, ScriptProblem};
use super::lexer::{Text, Token, TokenKind};
use crate::amqp::Table;

/// What stands before the pairs: a name, or the arrow of a binding.
#[derive(Clone, Debug, PartialEq)]
enum Positional {
    Name(Text),
    Arrow,
}

/// A `key=value` with its column.
#[derive(Clone, Debug, PartialEq)]
pub struct Pair {
    pub column: usize,
    pub key: String,
    pub value: Text,
}

/// The words of a statement after its verb.
#[derive(Clone, Debug)]
pub struct Words {
    pub verb: String,
    line: usize,
    end_column: usize,
    positionals: VecDeque<(usize, Positional)>,
    flags: Vec<&'static str>,
    allowed_flags: &'static [&'static str],
    pairs: Vec<Pair>,
}

impl Words {
    /// Sorts `tokens`; a bare word out of `allowed_flags` is a flag, every other word a name.
    pub fn sort(
        verb: &str,
        line: usize,
        tokens: Vec<Token>,
        allowed_flags: &'static [&'static str],
    ) -> Words {
        let mut words = Words {
            verb: verb.to_string(),
            line,
            end_column: tokens.last().map_or(1, |token| token.column),
            positionals: VecDeque::new(),
            flags: Vec::new(),
            allowed_flags,
            pairs: Vec::new(),
        };
        for Token { column, kind } in tokens {
            match kind {
                TokenKind::Arrow => words.positionals.push_back((column, Positional::Arrow)),
                TokenKind::Pair { key, value } => words.pairs.push(Pair { column, key, value }),
                TokenKind::Word(text) => {
                    let flag = allowed_flags
                        .iter()
                        .find(|flag| !text.quoted && **flag == text.text);
                    match flag {
                        Some(flag) => words.flags.push(flag),
                        None => {
                            words
                                .positionals
                                .push_back((column, Positional::Name(text)));
                        }
                    }
                }
            }
        }
        words
    }

    /// The next name, if there is one.
    pub fn optional_name(&mut self) -> Option<(usize, Text)> {
        match self.positionals.front() {
            Some((_, Positional::Name(_))) => {}
            Some((_, Positional::Arrow)) | None => return None,
        }
        match self.positionals.pop_front() {
            Some((column, Positional::Name(text))) => Some((column, text)),
            Some((_, Positional::Arrow)) | None => None,
        }
    }

    /// The next name; `need` says what is missing without it.
    pub fn name(&mut self, need: Need, example: &str) -> Result<(usize, Text), ScriptError> {
        self.optional_name()
            .ok_or_else(|| self.missing(need, example))
    }

    /// The arrow of a binding.
    pub fn arrow(&mut self, example: &str) -> Result<(), ScriptError> {
        match self.positionals.front() {
            Some((_, Positional::Arrow)) => {
                self.positionals.pop_front();
                Ok(())
            }
            Some((_, Positional::Name(_))) | None => Err(self.missing(Need::Arrow, example)),
        }
    }

    /// Whether the flag stands there.
    pub fn flag(&self, flag: &str) -> bool {
        self.flags.contains(&flag)
    }

    /// Takes the pair `key=…`; a key that stands twice is left over and refused.
    pub fn pair(&mut self, key: &str) -> Option<Pair> {
        let position = self.pairs.iter().position(|pair| pair.key == key)?;
        Some(self.pairs.remove(position))
    }

    /// Takes every pair that is left.
    pub fn rest(&mut self) -> Vec<Pair> {
        std::mem::take(&mut self.pairs)
    }

    /// Takes the pairs that are left as a table; keys must begin with `x-`, or be translated by `known`.
    pub fn arguments(
        &mut self,
        known: &'static [(&'static str, &'static str, ArgumentKind)],
    ) -> Result<Table, ScriptError> {
        let mut table = Table::new();
        for pair in self.rest() {
            let translation = known
                .iter()
                .find(|(short, long, _)| *short == pair.key || *long == pair.key);
            match translation {
                Some((_, long, ArgumentKind::Milliseconds)) => {
                    super::arguments::push_ms(&mut table, long, &pair.value);
                }
                Some((short, long, ArgumentKind::Name)) if *short == pair.key => {
                    table.push(long, pair.value.text.as_str());
                }
                Some((_, long, ArgumentKind::Name | ArgumentKind::Any)) => {
                    table.push(long, super::arguments::value(&pair.value));
                }
                None if pair.key.starts_with("x-") => {
                    table.push(&pair.key, super::arguments::value(&pair.value));
                }
                None => {
                    let shorts: Vec<&'static str> =
                        known.iter().map(|(short, _, _)| *short).collect();
                    return Err(self.unknown(pair.column, &pair.key, &shorts));
                }
            }
        }
        Ok(table)
    }

    /// Refuses what is left over.
    pub fn finish(mut self) -> Result<(), ScriptError> {
        if let Some((column, positional)) = self.positionals.pop_front() {
            let word = match positional {
                Positional::Name(text) => text.text,
                Positional::Arrow => "->".to_string(),
            };
            return Err(self.unknown(column, &word, self.allowed_flags));
        }
        match self.pairs.first() {
            Some(pair) => Err(self.unknown(pair.column, &pair.key, self.allowed_flags)),
            None => Ok(()),
        }
    }

    /// A fault at `column`.
    pub fn fault(&self, column: usize, problem: ScriptProblem) -> ScriptError {
        ScriptError {
            line: self.line,
            column,
            problem,
        }
    }

    /// Where its last word stands.
    pub fn end_column(&self) -> usize {
        self.end_column
    }

    /// Something this statement cannot do without is not there.
    pub fn missing(&self, need: Need, example: &str) -> ScriptError {
        let column = self
            .positionals
            .front()
            .map_or(self.end_column, |(column, _)| *column);
        let problem = ScriptProblem::Missing {
            statement: self.verb.clone(),
            need,
            example: example.to_string(),
        };
        self.fault(column, problem)
    }

    /// A word that is none of `known`.
    pub fn unknown(&self, column: usize, word: &str, known: &[&'static str]) -> ScriptError {
        let problem = ScriptProblem::UnknownWord {
            statement: self.verb.clone(),
            word: word.to_string(),
            near: closest(word, known),
            known: known.to_vec(),
        };
        self.fault(column, problem)
    }
}

/// How the value of a short argument is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ArgumentKind {
    /// Milliseconds; a duration with its unit is welcome.
    Milliseconds,
    /// Always text.
    Name,
    /// As it looks.
    Any,
}

/// The word of `known` that `word` was probably meant to be.
pub fn closest<'a>(word: &str, known: &[&'a str]) -> Option<&'a str> {
    known
        .iter()
        .map(|candidate| (distance(word, candidate), *candidate))
        .filter(|(distance, candidate)| *distance * 3 <= candidate.len().max(3))
        .min()
        .map(|(_, candidate)| candidate)
}

/// How many characters must be inserted, removed or replaced (Levenshtein).
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, ca) in a.chars().enumerate() {
        let mut diagonal = i;
        row[0] = i + 1;
        for (j, cb) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(ca != *cb);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}
