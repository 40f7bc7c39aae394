//! From text to statements: lines, verbs and blocks; `methods`, `publish` and `flow` read what follows a verb.

use super::error::{ScriptError, ScriptProblem};
use super::lexer::{self, Text, Token, TokenKind};
use super::options::{Words, closest};
use super::statement::{Line, Statement};
use super::{MAX_LINES, MAX_SCRIPT_BYTES, Script, flow, methods, publish};

/// Every verb with the flags it knows.
const VERBS: &[(&str, &[&str])] = &[
    ("connect", &["reconnect"]),
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
    ("reply", &["persistent", "transient"]),
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
    ("work", &[]),
    ("print", &[]),
    ("repeat", &[]),
    ("every", &[]),
    ("rate", &["poisson"]),
    ("burst", &[]),
    ("curve", &["poisson", "again"]),
    ("chance", &[]),
    ("else", &[]),
    ("end", &[]),
    ("on", &[]),
    ("wait", &[]),
    ("close", &[]),
    ("crash", &[]),
    ("hang", &[]),
    ("fault", &[]),
    ("start", &[]),
];

/// Whether a bare `word` means something to some statement, so that a name like it stands in quotes.
pub fn is_flag(word: &str) -> bool {
    word == "exchange" || word == "queue" || VERBS.iter().any(|(_, flags)| flags.contains(&word))
}

/// A block that is still open.
struct Open {
    start: usize,
    column: usize,
    verb: &'static str,
    /// Where its `else` stands.
    otherwise: Option<usize>,
}

/// What has been read so far.
struct Reader {
    script: Script,
    open: Vec<Open>,
    /// The line that is being read, counted from 0.
    line: usize,
}

/// Reads a whole script.
pub fn script(text: &str) -> Result<Script, ScriptError> {
    let mut reader = Reader {
        script: Script::default(),
        open: Vec::new(),
        line: 0,
    };
    if text.len() > MAX_SCRIPT_BYTES {
        let most = MAX_SCRIPT_BYTES;
        return Err(reader.fault(1, ScriptProblem::TooManyBytes { most }));
    }
    for (index, text) in text.lines().enumerate() {
        reader.line = index;
        if index >= MAX_LINES {
            let most = MAX_LINES;
            return Err(reader.fault(1, ScriptProblem::TooManyLines { most }));
        }
        for tokens in lexer::statements(text, index + 1)? {
            reader.statement(tokens)?;
        }
    }
    match reader.open.pop() {
        Some(open) => {
            reader.line = reader.script.lines[open.start].line;
            let statement = open.verb;
            Err(reader.fault(open.column, ScriptProblem::NoEnd { statement }))
        }
        None => Ok(reader.script),
    }
}

impl Reader {
    fn fault(&self, column: usize, problem: ScriptProblem) -> ScriptError {
        ScriptError {
            line: self.line + 1,
            column,
            problem,
        }
    }

    fn statement(&mut self, mut tokens: Vec<Token>) -> Result<(), ScriptError> {
        let first = tokens.remove(0);
        let TokenKind::Word(Text {
            text: verb,
            quoted: false,
        }) = &first.kind
        else {
            return Err(self.fault(first.column, ScriptProblem::NoStatement));
        };
        let Some((verb, flags)) = VERBS.iter().find(|(name, _)| name == verb) else {
            let known: Vec<&'static str> = VERBS.iter().map(|(name, _)| *name).collect();
            let problem = ScriptProblem::UnknownStatement {
                near: closest(verb, &known),
                word: verb.clone(),
                known,
            };
            return Err(self.fault(first.column, problem));
        };
        let mut words = Words::sort(verb, self.line + 1, tokens, flags);
        match *verb {
            "end" => self.end(first.column)?,
            "else" => self.otherwise(first.column)?,
            "on" => self.on(&mut words, first.column)?,
            verb => {
                let statement = read(&mut words, first.column)?;
                self.check_place(&statement, verb, first.column)?;
                self.push(statement, verb, first.column);
            }
        }
        words.finish()
    }

    fn push(&mut self, statement: Statement, verb: &'static str, column: usize) {
        let begins = matches!(
            statement,
            Statement::Repeat { .. }
                | Statement::Paced { .. }
                | Statement::Chance { .. }
                | Statement::OnMessage { .. }
        );
        let start = self.script.lines.len();
        self.script.lines.push(Line {
            line: self.line,
            depth: self.open.len(),
            statement,
        });
        if begins {
            self.open.push(Open {
                start,
                column,
                verb,
                otherwise: None,
            });
        }
    }

    /// Some statements have a meaning only where there is a message in hand.
    fn check_place(
        &self,
        statement: &Statement,
        verb: &str,
        column: usize,
    ) -> Result<(), ScriptError> {
        let needs_message = match statement {
            Statement::Publish(publishing) => publishing.to_asker,
            Statement::Settle(settle) => settle.batch.is_some(),
            _ => false,
        };
        if needs_message && !self.open.iter().any(|open| open.verb == "on message") {
            let statement = verb.to_string();
            return Err(self.fault(column, ScriptProblem::OnlyWithMessage { statement }));
        }
        Ok(())
    }

    fn on(&mut self, words: &mut Words, column: usize) -> Result<(), ScriptError> {
        let Some(mut handler) = flow::handler(words)? else {
            flow::reaction(words, &mut self.script.policies)?;
            self.push(Statement::React, "on", column);
            return Ok(());
        };
        let statement = "on message";
        if !self.open.is_empty() {
            return Err(self.fault(column, ScriptProblem::NotInside { statement }));
        }
        let same = |known: &super::Handler| {
            (&known.queue, known.of_last_queue) == (&handler.queue, handler.of_last_queue)
        };
        if self.script.handlers.iter().any(same) {
            let statement = statement.to_string();
            return Err(self.fault(column, ScriptProblem::Twice { statement }));
        }
        handler.start = self.script.lines.len();
        self.script.handlers.push(handler);
        self.push(Statement::OnMessage { end: 0 }, statement, column);
        Ok(())
    }

    fn otherwise(&mut self, column: usize) -> Result<(), ScriptError> {
        let here = self.script.lines.len();
        let fits = |open: &&mut Open| open.verb == "chance" && open.otherwise.is_none();
        let Some(open) = self.open.last_mut().filter(fits) else {
            let word = "else";
            return Err(self.fault(column, ScriptProblem::NothingToEnd { word }));
        };
        open.otherwise = Some(here);
        let start = open.start;
        if let Statement::Chance { otherwise, .. } = &mut self.script.lines[start].statement {
            *otherwise = here + 1;
        }
        self.push(Statement::Else { end: 0 }, "else", column);
        Ok(())
    }

    fn end(&mut self, column: usize) -> Result<(), ScriptError> {
        let here = self.script.lines.len();
        let Some(open) = self.open.pop() else {
            let word = "end";
            return Err(self.fault(column, ScriptProblem::NothingToEnd { word }));
        };
        let lines = &mut self.script.lines;
        match &mut lines[open.start].statement {
            Statement::Repeat { end, .. }
            | Statement::Paced { end, .. }
            | Statement::OnMessage { end } => *end = here,
            Statement::Chance { otherwise, .. } if open.otherwise.is_none() => *otherwise = here,
            _ => {}
        }
        if let Some(otherwise) = open.otherwise
            && let Statement::Else { end } = &mut lines[otherwise].statement
        {
            *end = here;
        }
        for handler in &mut self.script.handlers {
            if handler.start == open.start {
                handler.end = here;
            }
        }
        let start = open.start;
        self.push(Statement::End { start }, "end", column);
        Ok(())
    }
}

fn read(words: &mut Words, column: usize) -> Result<Statement, ScriptError> {
    let verb = words.verb.clone();
    Ok(match verb.as_str() {
        "connect" => flow::connect(words)?,
        "channel" => Statement::Channel,
        "exchange" => methods::exchange(words)?,
        "queue" => methods::queue(words)?,
        "bind" | "unbind" => methods::binding(words)?,
        "publish" => publish::publish(words)?,
        "reply" => publish::reply(words)?,
        "consume" => methods::consume(words)?,
        "get" => methods::get(words),
        "ack" | "nack" | "reject" => Statement::Settle(methods::settle(words, column)?),
        "delete" => methods::delete(words)?,
        "sleep" => flow::sleep(words)?,
        "work" => flow::work(words)?,
        "print" => flow::print(words)?,
        "repeat" => flow::repeat(words)?,
        "every" | "rate" | "burst" | "curve" => flow::paced(words)?,
        "chance" => flow::chance(words)?,
        "wait" => flow::wait(words)?,
        "close" => methods::close(words)?,
        "crash" => Statement::Crash,
        "hang" => Statement::Hang,
        "fault" => flow::fault(words)?,
        "start" => flow::start(words)?,
        _ => Statement::Call(methods::simple_call(words)?),
    })
}
