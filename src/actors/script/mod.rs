//! The little language of programs and of golden tests: one statement a line, `;` also separates, `#` begins a comment.
//!
//! ```text
//! connect                                   # a connection, named as the program
//! connect reconnect=2s                      # and again so long after it was lost: what was set up is set up again
//! channel                                   # opens the next channel
//! exchange logs fanout durable              # NAME TYPE; also auto-delete internal passive nowait ae=NAME
//! queue work durable dlx=graveyard          # also exclusive auto-delete passive nowait ttl=5s max-length=10 x-any=1
//! queue "" exclusive                        # the server makes the name; later lines may say $queue
//! bind logs -> $queue key=info              # header arguments: a=1 x-match=any; `-> exchange NAME` for an exchange
//! unbind logs -> $queue key=info
//! publish logs key=info "Hello {n}" persistent mandatory priority=3 colour=red    # what is no property is a header
//! qos 1                                     # prefetch; also global
//! consume work auto                         # no_ack
//! consume work manual prefetch=1            # somebody acknowledges by hand
//! consume work work=800ms                   # basic.ack after that long
//! cancel TAG · get work [auto] · ack [TAG] [multiple] · nack [TAG] [multiple] requeue|discard
//! reject [TAG] requeue|discard · recover [async] · purge work · delete queue work if-empty · delete exchange logs
//! confirm · tx select|commit|rollback · flow on|off
//! sleep 500ms · print "text" · repeat 3 … end · repeat forever … end
//! every 500ms … end · rate 20 [poisson] … end · burst 50 every=5s [gap=2ms] … end
//! curve 0s=1 10s=50 20s=1 [poisson] [again] … end          # each of them also times=100
//! chance 10% … else … end
//! on message [QUEUE] [times=100] … end      # for each delivery: work 100ms..300ms · reply "text" · ack batch=10 · hang
//! on nack ignore|retry|stop [after=1s] · on return … · on blocked ignore|wait|stop
//! wait reply [timeout=5s] · wait confirms [timeout=5s]
//! fault kill|drop|close-channel|hang|resume|before-ack|slow NAME [factor=5] · start NAME
//! fault restart-broker · fault memory-alarm on|off · fault disk-alarm on|off
//! close · close channel · crash · hang      # connection.close, channel.close, the connection is lost, it stands still
//! ```
//!
//! Values: `5` is an integer, `1.5` a double, `true` a boolean, `a=` is void, `[a,b]` an array, everything else text; in quotes it is
//! always text. An integer that does not fit 32 bits is a 64-bit one.
//!
//! Times may be drawn: `100ms..300ms` evenly, `exp(200ms)`, `normal(200ms,50ms)`. Texts of `publish`, `reply` and
//! `print` have places: `{n}` `{time}` `{name}` `{queue}` `{random:1..6}` `{pick:a|b}`, and in `on message` `{body}`
//! `{key}` `{exchange}` `{id}` `{correlation-id}` `{reply-to}` `{redelivered}` `{header:NAME}`.

mod arguments;
mod error;
mod flow;
mod lexer;
mod methods;
mod options;
mod parse;
mod publish;
mod statement;
mod template;

pub use arguments::{delay, duration_ms};
pub use error::{Need, ScriptError, ScriptProblem};
pub use flow::{RECONNECT_MS, RETRY_MS};
pub use publish::PROPERTIES;
pub use statement::{
    Call, Handler, Line, Policies, Publishing, Reaction, Settle, SettleHow, Statement,
};
pub use template::{Filling, PLACES, Template};
// The short text form of scenarios is made of the same words.
pub(crate) use arguments::value as table_value;
pub(crate) use lexer::{Text, Token, TokenKind, statements};
pub(crate) use options::closest;

/// How statements are read, word by word: the lines of a form are made of the same.
pub(super) mod words {
    pub use super::arguments::per_mille;
    pub use super::error::{Need, ScriptError, ScriptProblem};
    pub use super::flow::{connect, handler, paced, reaction, wait, work};
    pub use super::lexer::{Token, TokenKind, statements};
    pub use super::methods::number;
    pub use super::options::{Pair, Words, closest};
    pub use super::publish::{publish, reply};
    pub use super::statement::{Policies, Statement};
}

/// The most lines a script may have.
pub const MAX_LINES: usize = 2_000;

/// The most bytes a script may have.
pub const MAX_SCRIPT_BYTES: usize = 64 * 1024;

/// A script after reading.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Script {
    lines: Vec<Line>,
    handlers: Vec<Handler>,
    policies: Policies,
}

impl Script {
    /// Reads a script; refused whole, with the place of the first fault.
    pub fn parse(text: &str) -> Result<Script, ScriptError> {
        parse::script(text)
    }

    /// Its statements, in order.
    pub fn lines(&self) -> &[Line] {
        &self.lines
    }

    /// What it does with deliveries.
    pub fn handlers(&self) -> &[Handler] {
        &self.handlers
    }

    /// What it does about notices.
    pub fn policies(&self) -> Policies {
        self.policies
    }

    /// How much it does before it ends: the rounds of its first loop, or the messages it takes.
    pub fn planned(&self) -> Option<u32> {
        let rounds = self.lines.iter().find_map(|line| match line.statement {
            Statement::Paced { times, .. } | Statement::Repeat { times, .. } => times,
            _ => None,
        });
        rounds.or_else(|| self.handlers.iter().find_map(|handler| handler.times))
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
        let Statement::Publish(publishing) = statement(
            "publish '' key=work 'a; b # c' persistent mandatory priority=3 colour=red CC=[a,b] header.type=5",
        ) else {
            panic!("a publish is a publish")
        };
        let publish = publishing.publish;
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
