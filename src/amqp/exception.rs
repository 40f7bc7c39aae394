//! Exceptions in RabbitMQ's language: what closes a channel or a connection, with its code and exact text.

use crate::amqp::message::Value;
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

    /// What RabbitMQ has not foreseen crashes its channel: a hard 541 that names no method (semantics 4).
    pub fn crash() -> Exception {
        Exception::connection(ReplyCode::InternalError, "")
    }

    /// The same exception, raised by `method`; a crash names none.
    pub fn raised_by(mut self, method: MethodId) -> Exception {
        if self.code != ReplyCode::InternalError {
            self.method = method;
        }
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

/// A binary as Erlang's `~p` prints it: `<<"text">>`, or its bytes when it is not printable (semantics 2.18).
pub(crate) fn erlang_binary(bytes: &[u8]) -> String {
    let printable = |byte: &u8| {
        (32..127).contains(byte) || (160..=255).contains(byte) || (7..=13).contains(byte)
    };
    if bytes.is_empty() {
        return "<<>>".to_string();
    }
    if bytes.iter().all(printable) {
        let text: String = bytes.iter().map(|byte| char::from(*byte)).collect();
        return format!(
            "<<\"{}\">>",
            text.replace('\\', "\\\\").replace('"', "\\\"")
        );
    }
    let numbers: Vec<String> = bytes.iter().map(u8::to_string).collect();
    format!("<<{}>>", numbers.join(","))
}

/// A field's value as Erlang's `~p` prints it.
pub(crate) fn erlang_term(value: &Value) -> String {
    match value {
        Value::LongString(bytes) | Value::Bytes(bytes) => erlang_binary(bytes),
        Value::Timestamp(seconds) => seconds.to_string(),
        Value::Bool(flag) => flag.to_string(),
        Value::F32(number) => erlang_float(f64::from(*number)),
        Value::F64(number) => erlang_float(*number),
        Value::Void => "undefined".to_string(),
        Value::Decimal(scale, number) => format!("{{{scale},{number}}}"),
        Value::Table(table) => {
            let fields: Vec<String> = table
                .0
                .iter()
                .map(|(name, field)| {
                    format!(
                        "{{{},{},{}}}",
                        erlang_binary(name.as_bytes()),
                        field.type_name(),
                        erlang_term(field)
                    )
                })
                .collect();
            format!("[{}]", fields.join(","))
        }
        Value::Array(values) => {
            let items: Vec<String> = values
                .iter()
                .map(|item| format!("{{{},{}}}", item.type_name(), erlang_term(item)))
                .collect();
            format!("[{}]", items.join(","))
        }
        Value::I8(_)
        | Value::U8(_)
        | Value::I16(_)
        | Value::U16(_)
        | Value::I32(_)
        | Value::U32(_)
        | Value::I64(_) => value.as_integer().unwrap_or_default().to_string(),
    }
}

fn erlang_float(number: f64) -> String {
    if number == number.trunc() && number.abs() < 1e15 {
        format!("{number:.1}")
    } else {
        number.to_string()
    }
}
