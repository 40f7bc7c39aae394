//! What the forms mean: from typed text to a method, or to sentences about what is wrong. No component in here.

pub mod arguments;
pub mod basics;
pub mod binding;
pub mod consuming;
pub mod declare;
pub mod described;
pub mod get;
pub mod names;
pub mod producing;
pub mod programs;
pub mod publish;
pub mod rows;

use crate::ui::text::{Texts, fill_plain};

/// A field of a form, as far as problems have to say where they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Field {
    Name,
    RoutingKey,
    Source,
    Destination,
    Count,
    Payload,
    /// A row of the arguments or headers.
    Row(usize),
    /// A row of the properties.
    Property(usize),
}

/// What is wrong with what was typed.
#[derive(Clone, Debug, PartialEq)]
pub enum Problem {
    NameMissing,
    TooLong {
        bytes: usize,
    },
    /// Not wrong to send: RabbitMQ has its own answer.
    Reserved,
    KeyMissing {
        row: usize,
    },
    KeyTwice {
        row: usize,
        key: String,
    },
    NotANumber {
        row: usize,
        text: String,
    },
    NotABoolean {
        row: usize,
        text: String,
    },
    NotWhole {
        text: String,
        least: u64,
        most: u64,
    },
    Property {
        name: String,
        text: String,
        least: u64,
        most: u64,
    },
    NoQueue,
    NoExchange,
    NoDestination,
    /// What this says, in the language of the page.
    Said(&'static str),
}

impl Problem {
    /// Whether the form may be sent all the same.
    pub const fn is_warning(&self) -> bool {
        matches!(self, Problem::Reserved)
    }

    /// What is wrong and what to do.
    pub fn tell(&self, t: &Texts) -> String {
        match self {
            Problem::NameMissing => t.problem_name_missing.to_string(),
            Problem::TooLong { bytes } => fill_plain(
                t.problem_too_long,
                &[bytes, &bytes.saturating_sub(names::MAX_BYTES)],
            ),
            Problem::Reserved => t.problem_reserved.to_string(),
            Problem::KeyMissing { row } => fill_plain(t.problem_key_missing, &[&(row + 1)]),
            Problem::KeyTwice { row, key } => fill_plain(t.problem_key_twice, &[&(row + 1), key]),
            Problem::NotANumber { row, text } => fill_plain(t.problem_number, &[&(row + 1), text]),
            Problem::NotABoolean { row, text } => {
                fill_plain(t.problem_boolean, &[&(row + 1), text])
            }
            Problem::NotWhole { text, least, most } => {
                fill_plain(t.problem_whole, &[text, least, most])
            }
            Problem::Property {
                name,
                text,
                least,
                most,
            } => fill_plain(t.problem_property, &[name, text, least, most]),
            Problem::NoQueue => t.problem_no_queue.to_string(),
            Problem::NoExchange => t.problem_no_exchange.to_string(),
            Problem::NoDestination => t.problem_no_destination.to_string(),
            Problem::Said(words) => (*words).to_string(),
        }
    }
}

/// Every problem of a form, with its field.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Problems(pub Vec<(Field, Problem)>);

impl Problems {
    /// Notes a problem.
    pub fn push(&mut self, field: Field, problem: Problem) {
        self.0.push((field, problem));
    }

    /// Notes a problem if there is one.
    pub fn extend(&mut self, field: Field, problem: Option<Problem>) {
        self.0.extend(problem.map(|problem| (field, problem)));
    }

    /// Whether anything forbids sending.
    pub fn forbids(&self) -> bool {
        self.0.iter().any(|(_, problem)| !problem.is_warning())
    }

    /// The first problem of `field`, in words.
    pub fn tell(&self, field: Field, t: &Texts) -> Option<String> {
        self.0
            .iter()
            .find(|(at, _)| *at == field)
            .map(|(_, problem)| problem.tell(t))
    }
}

/// Reads a whole number between two bounds.
pub fn whole(text: &str, least: u64, most: u64) -> Result<u64, Problem> {
    let typed = text.trim();
    let number = typed.parse::<u64>().ok();
    number
        .filter(|number| (least..=most).contains(number))
        .ok_or_else(|| Problem::NotWhole {
            text: typed.to_string(),
            least,
            most,
        })
}
