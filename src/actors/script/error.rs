//! What can be wrong in a script, as data; English words for logs and tests. The page has its own, in every language.

use std::fmt;

/// What is wrong in a script, and where.
#[derive(Clone, Debug, PartialEq)]
pub struct ScriptError {
    /// Counted from 1.
    pub line: usize,
    /// Counted from 1, in characters.
    pub column: usize,
    pub problem: ScriptProblem,
}

/// What a statement still needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    Name,
    Type,
    Exchange,
    /// An exchange, where the empty name means the default one.
    TargetExchange,
    /// A queue, or `exchange` and a name.
    Destination,
    Arrow,
    Time,
    Count,
    CountOrForever,
    Text,
    ConsumerTag,
    PrefetchCount,
    QueueOrExchange,
    TxVerb,
    OnOrOff,
    Rate,
    Points,
    Percentage,
    Event,
    Reaction,
    Awaited,
    Fault,
    Program,
    Every,
    /// When a consumer acknowledges.
    AckMode,
    /// What follows when work fails.
    Mishap,
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq)]
pub enum ScriptProblem {
    /// The line begins with a quoted text, a pair or an arrow.
    NoStatement,
    UnknownStatement {
        word: String,
        near: Option<&'static str>,
        known: Vec<&'static str>,
    },
    /// A word that this statement does not know.
    UnknownWord {
        statement: String,
        word: String,
        near: Option<&'static str>,
        known: Vec<&'static str>,
    },
    /// A text without its closing quote.
    OpenText {
        quote: char,
    },
    Missing {
        statement: String,
        need: Need,
        example: String,
    },
    /// A number that is none, or out of bounds.
    NotANumber {
        of: String,
        text: String,
        most: u64,
    },
    NotATime {
        text: String,
    },
    NotADeliveryTag {
        text: String,
    },
    NotACount {
        text: String,
    },
    NotAPrefetch {
        text: String,
    },
    NotARate {
        text: String,
        most: u64,
    },
    NotAPercentage {
        text: String,
    },
    /// The points of a curve do not go forward in time.
    CurveBackwards {
        text: String,
    },
    /// nack and reject must say what becomes of the message.
    NoOutcome {
        statement: String,
    },
    /// `end` or `else` without a beginning.
    NothingToEnd {
        word: &'static str,
    },
    NoEnd {
        statement: &'static str,
    },
    /// Something that has a meaning only inside `on message`.
    OnlyWithMessage {
        statement: String,
    },
    /// `on message` inside another block.
    NotInside {
        statement: &'static str,
    },
    /// Two `on message` for the same queue.
    Twice {
        statement: String,
    },
    /// `{randon:1..6}`
    BadPlace {
        place: String,
        near: Option<&'static str>,
    },
    TooManyLines {
        most: usize,
    },
    TooManyBytes {
        most: usize,
    },
}

impl Need {
    fn words(self) -> &'static str {
        match self {
            Need::Name => "a name",
            Need::Type => "a type",
            Need::Exchange => "an exchange",
            Need::TargetExchange => "an exchange (\"\" is the default one)",
            Need::Destination => "a queue, or `exchange` and its name",
            Need::Arrow => "->",
            Need::Time => "a time",
            Need::Count => "a number",
            Need::CountOrForever => "a number, or `forever`",
            Need::Text => "a text",
            Need::ConsumerTag => "a consumer tag",
            Need::PrefetchCount => "a prefetch count",
            Need::QueueOrExchange => "`queue` or `exchange`",
            Need::TxVerb => "select, commit or rollback",
            Need::OnOrOff => "on or off",
            Need::Rate => "how many a second",
            Need::Points => "two points at least",
            Need::Percentage => "a percentage",
            Need::Event => "message, nack, return or blocked",
            Need::Reaction => "ignore, retry or stop",
            Need::Awaited => "reply or confirms",
            Need::Fault => "what is to go wrong",
            Need::Program => "a program",
            Need::Every => "every=TIME",
            Need::AckMode => "auto, by-hand, before-work, after-work or batch=10",
            Need::Mishap => "what follows: nack requeue, reject discard, crash …",
        }
    }
}

impl ScriptProblem {
    /// What is wrong, in English and without a full stop.
    pub fn what(&self) -> String {
        match self {
            ScriptProblem::NoStatement => "a line begins with what is to be done".to_string(),
            ScriptProblem::UnknownStatement { word, .. } => {
                format!("there is no statement `{word}`")
            }
            ScriptProblem::UnknownWord {
                statement, word, ..
            } => format!("`{statement}` does not know `{word}`"),
            ScriptProblem::OpenText { .. } => "this text has no end".to_string(),
            ScriptProblem::Missing {
                statement, need, ..
            } => format!("`{statement}` needs {}", need.words()),
            ScriptProblem::NotANumber { of, text, .. } => {
                format!("`{text}` is not a number that `{of}` can be")
            }
            ScriptProblem::NotATime { text } => format!("`{text}` is no time"),
            ScriptProblem::NotADeliveryTag { text } => format!("`{text}` is no delivery tag"),
            ScriptProblem::NotACount { text } => format!("`{text}` is no number of times"),
            ScriptProblem::NotAPrefetch { text } => format!("`{text}` is no prefetch count"),
            ScriptProblem::NotARate { text, .. } => format!("`{text}` is no rate"),
            ScriptProblem::NotAPercentage { text } => format!("`{text}` is no percentage"),
            ScriptProblem::CurveBackwards { text } => {
                format!("`{text}` is not later than the point before")
            }
            ScriptProblem::NoOutcome { statement } => {
                format!("`{statement}` must say what becomes of the message")
            }
            ScriptProblem::NothingToEnd { word: "else" } => {
                "this `else` belongs to no `chance`".to_string()
            }
            ScriptProblem::NothingToEnd { word } => format!("this `{word}` ends nothing"),
            ScriptProblem::NoEnd { statement } => format!("this `{statement}` has no end"),
            ScriptProblem::OnlyWithMessage { statement } => {
                format!("`{statement}` has a meaning only inside `on message`")
            }
            ScriptProblem::NotInside { statement } => {
                format!("`{statement}` may not stand inside another block")
            }
            ScriptProblem::Twice { statement } => format!("`{statement}` is there already"),
            ScriptProblem::BadPlace { place, .. } => format!("`{place}` is no place to be filled"),
            ScriptProblem::TooManyLines { .. } | ScriptProblem::TooManyBytes { .. } => {
                "this script is too long".to_string()
            }
        }
    }

    /// What to do, in English.
    pub fn hint(&self) -> String {
        match self {
            ScriptProblem::NoStatement => "For example: publish logs \"Hello World!\"".to_string(),
            ScriptProblem::UnknownStatement { near, known, .. } => {
                near_or(*near, || format!("Known are: {}.", known.join(", ")))
            }
            ScriptProblem::UnknownWord {
                near, known, word, ..
            } => near_or(*near, || match known.is_empty() {
                true => format!("Leave it out, or put it in quotes: \"{word}\"."),
                false => format!("It knows: {}.", known.join(", ")),
            }),
            ScriptProblem::OpenText { quote } => format!("Close it with {quote} on the same line."),
            ScriptProblem::Missing { example, .. } => format!("For example: {example}"),
            ScriptProblem::NotANumber { most, .. } => format!("It goes from 0 to {most}."),
            ScriptProblem::NotATime { .. } => {
                "Write a number and its unit: 500ms, 2s, 1.5s, 1m.".to_string()
            }
            ScriptProblem::NotADeliveryTag { .. } => {
                "A delivery tag is a number; without one the last delivery is meant.".to_string()
            }
            ScriptProblem::NotACount { .. } => {
                "For example: `repeat 3` or `repeat forever`.".to_string()
            }
            ScriptProblem::NotAPrefetch { .. } => "It goes from 0 to 65535.".to_string(),
            ScriptProblem::NotARate { most, .. } => format!(
                "Write how many a second, above 0 and up to {most}: that is the most a program may ask for."
            ),
            ScriptProblem::NotAPercentage { .. } => "Write 0% to 100%.".to_string(),
            ScriptProblem::CurveBackwards { .. } => {
                "Write the points in the order of time.".to_string()
            }
            ScriptProblem::NoOutcome { .. } => {
                "Add `requeue` (back to its queue) or `discard` (dropped, or dead-lettered)."
                    .to_string()
            }
            ScriptProblem::NothingToEnd { word: "else" } => {
                "Write it between `chance 10%` and its `end`.".to_string()
            }
            ScriptProblem::NothingToEnd { .. } => {
                "Begin the block with `repeat 3` or `repeat forever`.".to_string()
            }
            ScriptProblem::NoEnd { .. } => {
                "Write `end` on a line of its own after what is to be repeated.".to_string()
            }
            ScriptProblem::OnlyWithMessage { .. } => {
                "Put it between `on message` and its `end`.".to_string()
            }
            ScriptProblem::NotInside { .. } => "Put it before or after the block.".to_string(),
            ScriptProblem::Twice { .. } => "Put both into one.".to_string(),
            ScriptProblem::BadPlace { near, .. } => near_or(*near, || {
                "For example: {random:1..6}, {pick:red|green}, {header:colour}.".to_string()
            }),
            ScriptProblem::TooManyLines { most } => {
                format!("A script may have {most} lines: split it into several programs.")
            }
            ScriptProblem::TooManyBytes { most } => {
                format!("A script may have {most} bytes: split it into several programs.")
            }
        }
    }

    /// The word that was probably meant.
    pub fn near(&self) -> Option<&'static str> {
        match self {
            ScriptProblem::UnknownStatement { near, .. }
            | ScriptProblem::UnknownWord { near, .. }
            | ScriptProblem::BadPlace { near, .. } => *near,
            _ => None,
        }
    }
}

fn near_or(near: Option<&'static str>, otherwise: impl FnOnce() -> String) -> String {
    near.map_or_else(otherwise, |near| format!("Did you mean `{near}`?"))
}

impl fmt::Display for ScriptError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "line {}, column {}: {}. {}",
            self.line,
            self.column,
            self.problem.what(),
            self.problem.hint()
        )
    }
}

impl std::error::Error for ScriptError {}
