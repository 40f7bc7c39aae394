//! The little language of programs and of golden tests: one statement a line, `;` also separates, `#` begins a comment.
//!
//! ```text
//! connect                                   # a connection, named as the program
//! channel                                   # opens the next channel
//! exchange logs fanout durable              # NAME TYPE; also auto-delete internal passive nowait ae=NAME
//! queue work durable dlx=graveyard          # also exclusive auto-delete passive nowait ttl=5s max-length=10 x-any=1
//! queue "" exclusive                        # the server makes the name; later lines may say $queue
//! bind logs -> $queue key=info              # header arguments: a=1 x-match=any; `-> exchange NAME` for an exchange
//! unbind logs -> $queue key=info
//! publish logs key=info "Hello" persistent mandatory priority=3 colour=red    # what is no property is a header
//! qos 1                                     # prefetch; also global
//! consume work auto                         # no_ack
//! consume work manual prefetch=1            # somebody acknowledges by hand
//! consume work work=800ms                   # basic.ack after that long
//! cancel TAG · get work [auto] · ack [TAG] [multiple] · nack [TAG] [multiple] requeue|discard
//! reject [TAG] requeue|discard · recover [async] · purge work · delete queue work if-empty · delete exchange logs
//! confirm · tx select|commit|rollback · flow on|off
//! sleep 500ms · print "text" · repeat 3 … end · repeat forever … end
//! close · close channel · crash             # connection.close, channel.close, the connection is lost
//! ```
//!
//! Values: `5` is an integer, `1.5` a double, `true` a boolean, `a=` is void, `[a,b]` an array, everything else text; in quotes it is
//! always text. An integer that does not fit 32 bits is a 64-bit one.

mod arguments;
mod lexer;
mod methods;
mod options;
mod parse;
mod statement;

use std::fmt;

pub use statement::{Call, Line, Settle, SettleHow, Statement};

/// The most lines a script may have.
pub const MAX_LINES: usize = 2_000;

/// The most bytes a script may have.
pub const MAX_SCRIPT_BYTES: usize = 64 * 1024;

/// A script after reading.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Script {
    lines: Vec<Line>,
}

/// What is wrong in a script, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScriptError {
    /// Counted from 1.
    pub line: usize,
    /// Counted from 1, in characters.
    pub column: usize,
    /// What is wrong.
    pub what: String,
    /// What to do.
    pub hint: String,
}

impl fmt::Display for ScriptError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "line {}, column {}: {}. {}",
            self.line, self.column, self.what, self.hint
        )
    }
}

impl std::error::Error for ScriptError {}

impl Script {
    /// Reads a script; refused whole, with the place of the first fault.
    pub fn parse(text: &str) -> Result<Script, ScriptError> {
        parse::script(text).map(|lines| Script { lines })
    }

    /// Its statements, in order.
    pub fn lines(&self) -> &[Line] {
        &self.lines
    }
}

/// A name as the language writes it: bare if it can be, else in double quotes.
pub fn quote(name: &str) -> String {
    let bare = !name.is_empty()
        && name
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '*' | '/'))
        && !parse::is_flag(name);
    if bare {
        return name.to_string();
    }
    let escaped = name
        .replace('\\', "\\\\")
        .replace('"', "\\\"")
        .replace('\n', "\\n")
        .replace('\r', "\\r");
    format!("\"{escaped}\"")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::amqp::protocol::ClientMethod;
    use crate::amqp::{QueueName, Value};

    fn fault(text: &str) -> String {
        match Script::parse(text) {
            Ok(script) => panic!("{text} was read as {script:?}"),
            Err(error) => error.to_string(),
        }
    }

    fn statement(text: &str) -> Statement {
        let script = Script::parse(text).expect("the script is sound");
        script.lines()[0].statement.clone()
    }

    #[test]
    fn a_fault_is_named_with_its_place_and_a_way_out() {
        let cases = [
            (
                "connect\n  pulbish logs \"hi\"",
                "line 2, column 3: there is no statement `pulbish`. Did you mean `publish`?",
            ),
            (
                "queue work durabel",
                "line 1, column 12: `queue` does not know `durabel`. Did you mean `durable`?",
            ),
            (
                "queue work tll=5s",
                "line 1, column 12: `queue` does not know `tll`. Did you mean `ttl`?",
            ),
            (
                "bind logs work",
                "line 1, column 11: `bind` needs ->. For example: bind logs -> work key=info",
            ),
            (
                "print \"hello",
                "line 1, column 7: this text has no end. Close it with \" on the same line.",
            ),
            (
                "sleep 5",
                "line 1, column 7: `5` is no time. Write a number and its unit: 500ms, 2s, 1.5s, 1m.",
            ),
            (
                "nack 1",
                "line 1, column 1: `nack` must say what becomes of the message. Add `requeue` (back to its \
                 queue) or `discard` (dropped, or dead-lettered).",
            ),
            (
                "sleep 1s; repeat 3\nprint 1",
                "line 1, column 11: this `repeat` has no end. Write `end` on a line of its own after what is \
                 to be repeated.",
            ),
            (
                "publish logs \"x\" priority=256",
                "line 1, column 18: `256` is not a number that `priority` can be. It goes from 0 to 255.",
            ),
        ];
        for (text, expected) in cases {
            assert_eq!(fault(text), expected);
        }
    }

    #[test]
    fn a_publish_tells_properties_from_headers() {
        let Statement::Call(call) = statement(
            "publish '' key=work 'a; b # c' persistent mandatory priority=3 colour=red CC=[a,b] header.type=5",
        ) else {
            panic!("a publish is a call")
        };
        let ClientMethod::BasicPublish(publish) = call.method else {
            panic!("a publish is basic.publish")
        };
        assert_eq!(&*publish.content.body, b"a; b # c");
        assert!(publish.mandatory && publish.exchange.is_empty());
        let properties = &publish.content.properties;
        assert_eq!(properties.delivery_mode, Some(2));
        assert_eq!(properties.priority, Some(3));
        let headers = properties.headers.as_ref().expect("there are headers");
        assert_eq!(headers.get("colour"), Some(&Value::from("red")));
        assert_eq!(headers.get("type"), Some(&Value::I32(5)));
        let list = Value::Array(vec![Value::from("a"), Value::from("b")]);
        assert_eq!(headers.get("CC"), Some(&list));
    }

    #[test]
    fn the_last_queue_is_meant_by_its_bare_word_only() {
        let named = |text: &str| match statement(text) {
            Statement::Call(call) => match call.fill(&QueueName::from("amq.gen-1")) {
                ClientMethod::QueueBind { queue, .. } => queue.to_string(),
                other => panic!("{other:?}"),
            },
            other => panic!("{other:?}"),
        };
        assert_eq!(named("bind logs -> $queue"), "amq.gen-1");
        assert_eq!(named("bind logs -> \"$queue\""), "$queue");
    }

    #[test]
    fn blocks_know_their_ends() {
        let script = Script::parse("repeat 2\n repeat forever\n  crash\n end\nend")
            .expect("the script is sound");
        let statements: Vec<&Statement> = script.lines().iter().map(|l| &l.statement).collect();
        assert_eq!(
            *statements[0],
            Statement::Repeat {
                times: Some(2),
                end: 4
            }
        );
        assert_eq!(*statements[3], Statement::End { start: 1 });
    }

    #[test]
    fn a_quoted_name_reads_back() {
        for name in [
            "work", "", "durable", "a b", "q\"\\", "queue", "日志", "#", "a=b",
        ] {
            let text = format!("purge {}", quote(name));
            let Statement::Call(call) = statement(&text) else {
                panic!("{text}")
            };
            let queue = QueueName::from(name);
            let nowait = false;
            assert_eq!(call.method, ClientMethod::QueuePurge { queue, nowait });
        }
    }
}
