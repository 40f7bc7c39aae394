//! From text to statements: lines, verbs and blocks; `methods` reads what follows a verb.

use super::lexer::{self, Text, Token, TokenKind};
use super::options::{Words, closest};
use super::statement::{Line, Statement};
use super::{MAX_LINES, MAX_SCRIPT_BYTES, ScriptError, methods};

/// Every verb with the flags it knows.
const VERBS: &[(&str, &[&str])] = &[
    ("connect", &[]),
    ("channel", &[]),
    (
        "exchange",
        &["durable", "auto-delete", "internal", "passive", "nowait"],
    ),
    (
        "queue",
        &["durable", "exclusive", "auto-delete", "passive", "nowait"],
    ),
    ("bind", &["nowait"]),
    ("unbind", &["nowait"]),
    (
        "publish",
        &["persistent", "transient", "mandatory", "immediate"],
    ),
    ("qos", &["global"]),
    (
        "consume",
        &["auto", "manual", "exclusive", "no-local", "nowait"],
    ),
    ("cancel", &["nowait"]),
    ("get", &["auto", "manual"]),
    ("ack", &["multiple"]),
    ("nack", &["multiple", "requeue", "discard"]),
    ("reject", &["requeue", "discard"]),
    ("recover", &["async", "requeue", "discard"]),
    ("purge", &["nowait"]),
    ("delete", &["if-unused", "if-empty", "nowait"]),
    ("confirm", &["nowait"]),
    ("tx", &[]),
    ("flow", &[]),
    ("sleep", &[]),
    ("print", &[]),
    ("repeat", &[]),
    ("end", &[]),
    ("close", &[]),
    ("crash", &[]),
];

/// Whether a bare `word` means something to some statement, so that a name like it stands in quotes.
pub fn is_flag(word: &str) -> bool {
    word == "exchange" || word == "queue" || VERBS.iter().any(|(_, flags)| flags.contains(&word))
}

/// Reads a whole script.
pub fn script(text: &str) -> Result<Vec<Line>, ScriptError> {
    if text.len() > MAX_SCRIPT_BYTES {
        return Err(too_long(1, format!("{} bytes", MAX_SCRIPT_BYTES)));
    }
    let mut lines: Vec<Line> = Vec::new();
    let mut open: Vec<(usize, usize)> = Vec::new();
    for (index, text) in text.lines().enumerate() {
        if index >= MAX_LINES {
            return Err(too_long(index + 1, format!("{MAX_LINES} lines")));
        }
        for tokens in lexer::statements(text, index + 1)? {
            let column = tokens.first().map_or(1, |token| token.column);
            let mut statement = statement(index + 1, tokens)?;
            let here = lines.len();
            match &mut statement {
                Statement::Repeat { .. } => open.push((here, column)),
                Statement::End { start } => {
                    let Some((begin, _)) = open.pop() else {
                        return Err(ScriptError {
                            line: index + 1,
                            column,
                            what: "this `end` ends nothing".to_string(),
                            hint: "Begin the block with `repeat 3` or `repeat forever`."
                                .to_string(),
                        });
                    };
                    *start = begin;
                    if let Statement::Repeat { end, .. } = &mut lines[begin].statement {
                        *end = here;
                    }
                }
                _ => {}
            }
            lines.push(Line {
                line: index,
                statement,
            });
        }
    }
    match open.pop() {
        Some((begin, column)) => Err(ScriptError {
            line: lines[begin].line + 1,
            column,
            what: "this `repeat` has no end".to_string(),
            hint: "Write `end` on a line of its own after what is to be repeated.".to_string(),
        }),
        None => Ok(lines),
    }
}

fn too_long(line: usize, limit: String) -> ScriptError {
    ScriptError {
        line,
        column: 1,
        what: "this script is too long".to_string(),
        hint: format!("A script may have {limit}: split it into several programs."),
    }
}

fn statement(line: usize, mut tokens: Vec<Token>) -> Result<Statement, ScriptError> {
    let first = tokens.remove(0);
    let fault = |what: String, hint: String| ScriptError {
        line,
        column: first.column,
        what,
        hint,
    };
    let TokenKind::Word(Text {
        text: verb,
        quoted: false,
    }) = &first.kind
    else {
        return Err(fault(
            "a line begins with what is to be done".to_string(),
            "For example: publish logs \"Hello World!\"".to_string(),
        ));
    };
    let Some((_, flags)) = VERBS.iter().find(|(name, _)| name == verb) else {
        let names: Vec<&str> = VERBS.iter().map(|(name, _)| *name).collect();
        let hint = match closest(verb, &names) {
            Some(near) => format!("Did you mean `{near}`?"),
            None => format!("Known are: {}.", names.join(", ")),
        };
        return Err(fault(format!("there is no statement `{verb}`"), hint));
    };
    let mut words = Words::sort(verb, line, tokens, flags);
    let statement = read(&mut words, first.column)?;
    words.finish()?;
    Ok(statement)
}

fn read(words: &mut Words, column: usize) -> Result<Statement, ScriptError> {
    let verb = words.verb.clone();
    Ok(match verb.as_str() {
        "connect" => Statement::Connect,
        "channel" => Statement::Channel,
        "exchange" => methods::exchange(words)?,
        "queue" => methods::queue(words)?,
        "bind" | "unbind" => methods::binding(words)?,
        "publish" => methods::publish(words)?,
        "consume" => methods::consume(words)?,
        "get" => methods::get(words),
        "ack" | "nack" | "reject" => Statement::Settle(methods::settle(words, column)?),
        "delete" => methods::delete(words)?,
        "sleep" => methods::sleep(words)?,
        "print" => Statement::Print(words.name("a text", "print \"[x] Sent\"")?.1.text),
        "repeat" => methods::repeat(words)?,
        "end" => Statement::End { start: 0 },
        "close" => methods::close(words)?,
        "crash" => Statement::Crash,
        _ => Statement::Call(methods::simple_call(words)?),
    })
}
