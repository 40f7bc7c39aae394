//! Producers and consumers as filled-in forms: what a person chooses, and the script it stands for.
//!
//! A form is no second kind of program: its script is what runs, and it can be read, shared and edited.

mod consumer;
pub mod lines;
mod producer;

pub use consumer::{AckWhen, ConsumerForm, Failure, Mishap, Onward, Source};
pub use producer::{Attribute, ProducerForm, When};

use crate::actors::script::{Reaction, quote};

/// A filled-in form.
#[derive(Clone, Debug, PartialEq)]
pub enum Form {
    Producer(ProducerForm),
    Consumer(ConsumerForm),
}

impl Form {
    /// The script it stands for.
    pub fn script(&self) -> String {
        match self {
            Form::Producer(form) => form.script(),
            Form::Consumer(form) => form.script(),
        }
    }
}

/// A text in double quotes, as the language reads it back.
fn text(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            '\n' => quoted += "\\n",
            '\r' => quoted += "\\r",
            '\t' => quoted += "\\t",
            '\0' => quoted += "\\0",
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

/// `connect`, and whether it connects again.
fn connect(reconnect_ms: Option<u64>) -> String {
    match reconnect_ms {
        Some(ms) => format!(
            "connect reconnect={}\n",
            crate::actors::chance::time(ms.max(1))
        ),
        None => "connect\n".to_string(),
    }
}

/// `on nack retry after=1s`; nothing where a notice is ignored.
fn reaction(notice: &str, reaction: Reaction) -> String {
    match (notice, reaction) {
        (_, Reaction::Ignore) => String::new(),
        ("blocked", Reaction::Retry { .. }) => "on blocked wait\n".to_string(),
        (notice, Reaction::Retry { after_ms }) => {
            let after = crate::actors::chance::time(after_ms);
            format!("on {notice} retry after={after}\n")
        }
        (notice, Reaction::Stop) => format!("on {notice} stop\n"),
    }
}

/// ` key=order.new`; nothing for the empty key.
fn key(key: &str) -> String {
    match key {
        "" => String::new(),
        key => format!(" key={}", quote(key)),
    }
}
