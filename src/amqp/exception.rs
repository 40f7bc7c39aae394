//! Exceptions in RabbitMQ's language: what closes a channel or a connection, with its code and exact text.

use crate::amqp::protocol::ReplyCode;
use crate::amqp::protocol::method::MethodId;

/// What an exception closes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// A soft error: channel.close.
    Channel,
    /// A hard error: connection.close.
    Connection,
}

/// Why the broker closes a channel or a connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exception {
    pub scope: Scope,
    pub code: ReplyCode,
    /// The explanation, without the `NAME - ` that goes before it on the wire.
    pub explanation: String,
    /// The method that raised it; class 0, method 0 when none did.
    pub method: MethodId,
}

impl Exception {
    /// A soft error. The method is filled in by whoever carried it out.
    pub fn channel(code: ReplyCode, explanation: impl Into<String>) -> Exception {
        Exception {
            scope: Scope::Channel,
            code,
            explanation: explanation.into(),
            method: MethodId::NONE,
        }
    }

    /// A hard error. The method is filled in by whoever carried it out.
    pub fn connection(code: ReplyCode, explanation: impl Into<String>) -> Exception {
        Exception {
            scope: Scope::Connection,
            code,
            explanation: explanation.into(),
            method: MethodId::NONE,
        }
    }

    /// The same exception, raised by `method`.
    pub fn raised_by(mut self, method: MethodId) -> Exception {
        self.method = method;
        self
    }

    /// The reply text as RabbitMQ sends it: `NAME - explanation`, cut to 255 bytes (semantics 2.17). An internal error
    /// is its bare name.
    pub fn reply_text(&self) -> String {
        if self.explanation.is_empty() {
            return self.code.name().to_string();
        }
        let text = format!("{} - {}", self.code.name(), self.explanation);
        if text.len() <= 255 {
            return text;
        }
        let mut end = 252;
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        format!("{}...", &text[..end])
    }
}
