//! From the short text form to a [`Scenario`].

use crate::actors::form::lines as form;
use crate::actors::script::{
    Script, Statement, Text, Token, TokenKind, closest, duration_ms, statements, table_value,
};
use crate::actors::{Login, ScriptError};
use crate::amqp::command::{ApplyTo, Policy};
use crate::amqp::protocol::ClientMethod;
use crate::amqp::{Compatibility, Table, VhostName};
use crate::scenario::model::{
    Position, Scenario, ScenarioBinding, ScenarioDestination, ScenarioProgram, ScenarioProgramKind,
};
use crate::scenario::{DEFAULT_PACE_MS, MAX_BYTES, MAX_SEED, ScenarioError, ScenarioProblem};

const WORDS: [&str; 15] = [
    "title", "title.zh", "about", "about.zh", "exchange", "queue", "bind", "policy", "producer",
    "consumer", "program", "place", "seed", "rabbitmq", "notes",
];

/// Reads the short text form; refused whole, with line and column of the first fault.
pub fn read(text: &str) -> Result<Scenario, ScenarioError> {
    if text.len() > MAX_BYTES {
        let problem = ScenarioProblem::TooLarge {
            bytes: text.len(),
            limit: MAX_BYTES,
        };
        return Err(ScenarioError::new("", problem));
    }
    let mut reader = Reader::default();
    reader.scenario.seed = 1;
    for (index, line) in text.lines().enumerate() {
        let read = reader.line(index + 1, line);
        read.map_err(wrong)?;
    }
    reader.close_program().map_err(wrong)?;
    reader.languages();
    Ok(reader.scenario)
}

fn wrong(fault: Fault) -> ScenarioError {
    let problem = ScenarioProblem::Text {
        line: fault.line,
        column: fault.column,
        reason: format!("{}. {}", fault.what, fault.hint),
    };
    ScenarioError::new("", problem)
}

/// What is wrong, where, and what to do.
struct Fault {
    line: usize,
    column: usize,
    what: String,
    hint: String,
}

impl From<ScriptError> for Fault {
    fn from(error: ScriptError) -> Fault {
        Fault {
            line: error.line,
            column: error.column,
            what: error.problem.what(),
            hint: error.problem.hint(),
        }
    }
}

#[derive(Default)]
struct Reader {
    scenario: Scenario,
    /// The program whose lines are being read.
    program: Option<Begun>,
    has_zh: (bool, bool),
}

/// A program with the line that its own lines come after.
struct Begun {
    program: ScenarioProgram,
    line: usize,
    /// How long it rests between two lines, if it says so.
    pace_ms: Option<u64>,
}

/// One line after its first word.
struct Rest {
    line: usize,
    column: usize,
    word: String,
    tokens: Vec<Token>,
}

impl Rest {
    fn fault(&self, column: usize, what: impl Into<String>, hint: impl Into<String>) -> Fault {
        Fault {
            line: self.line,
            column,
            what: what.into(),
            hint: hint.into(),
        }
    }

    fn needs(&self, what: &str, example: &str) -> Fault {
        let what = format!("`{}` needs {what}", self.word);
        self.fault(self.column, what, format!("For example: {example}"))
    }

    /// The words that are no pairs.
    fn names(&self) -> Vec<(usize, &str)> {
        let wanted = self.tokens.iter();
        wanted
            .filter_map(|token| match &token.kind {
                TokenKind::Word(text) => Some((token.column, text.text.as_str())),
                TokenKind::Pair { .. } | TokenKind::Arrow => None,
            })
            .collect()
    }

    fn pairs(&self) -> impl Iterator<Item = (usize, &str, &Text)> {
        self.tokens.iter().filter_map(|token| match &token.kind {
            TokenKind::Pair { key, value } => Some((token.column, key.as_str(), value)),
            TokenKind::Word(_) | TokenKind::Arrow => None,
        })
    }

    fn column_of(&self, name: &str) -> usize {
        let found = self.names().into_iter().find(|(_, text)| *text == name);
        found.map_or(self.column, |(column, _)| column)
    }
}

impl Reader {
    fn line(&mut self, number: usize, line: &str) -> Result<(), Fault> {
        let indented = line.starts_with([' ', '\t']);
        if indented || line.trim().is_empty() {
            return self.indented(number, line);
        }
        self.close_program()?;
        let mut found = statements(line, number)?;
        if found.is_empty() {
            return Ok(());
        }
        if found.len() > 1 {
            return Err(Fault {
                line: number,
                column: separator(line),
                what: "here one line says one thing".to_string(),
                hint: "Write what follows on a line of its own.".to_string(),
            });
        }
        let mut tokens = found.remove(0);
        let first = tokens.remove(0);
        let TokenKind::Word(word) = first.kind else {
            return Err(Fault {
                line: number,
                column: first.column,
                what: "a line begins with what it is about".to_string(),
                hint: "For example: queue work durable".to_string(),
            });
        };
        let rest = Rest {
            line: number,
            column: first.column,
            word: word.text,
            tokens,
        };
        self.thing(&rest, line)
    }

    /// A line of a program's script; an empty one is nothing.
    fn indented(&mut self, number: usize, line: &str) -> Result<(), Fault> {
        match &mut self.program {
            Some(begun) => begun.program.script.push(line.to_string()),
            None if statements(line, number)?.is_empty() => {}
            None => {
                return Err(Fault {
                    line: number,
                    column: line.chars().take_while(|c| c.is_whitespace()).count() + 1,
                    what: "an indented line belongs to a program".to_string(),
                    hint: "Begin one first: producer NAME".to_string(),
                });
            }
        }
        Ok(())
    }

    fn thing(&mut self, rest: &Rest, line: &str) -> Result<(), Fault> {
        match rest.word.as_str() {
            "title" => self.scenario.title.en = sentence(rest)?,
            "about" => self.scenario.description.en = sentence(rest)?,
            "title.zh" => {
                self.scenario.title.zh = sentence(rest)?;
                self.has_zh.0 = true;
            }
            "about.zh" => {
                self.scenario.description.zh = sentence(rest)?;
                self.has_zh.1 = true;
            }
            "notes" => self.scenario.notes = sentence(rest)?,
            "exchange" | "queue" | "bind" => self.declare(rest, line)?,
            "policy" => self.scenario.topology.policies.push(policy(rest)?),
            "producer" => self.begin(rest, ScenarioProgramKind::Producer)?,
            "consumer" => self.begin(rest, ScenarioProgramKind::Consumer)?,
            "program" => self.begin(rest, ScenarioProgramKind::Program)?,
            "place" => self.place(rest)?,
            "seed" => self.scenario.seed = seed(rest)?,
            "rabbitmq" => self.scenario.compatibility = compatibility(rest)?,
            _ => return Err(self.unknown(rest, line)),
        }
        Ok(())
    }

    fn unknown(&self, rest: &Rest, line: &str) -> Fault {
        if Script::parse(line).is_ok() {
            let what = format!("`{}` is what a program does", rest.word);
            let hint = "Put it, indented, below a line such as: producer NAME";
            return rest.fault(rest.column, what, hint);
        }
        let hint = match closest(&rest.word, &WORDS) {
            Some(near) => format!("Did you mean `{near}`?"),
            None => format!("Known are: {}.", WORDS.join(", ")),
        };
        rest.fault(
            rest.column,
            format!("there is no line `{}`", rest.word),
            hint,
        )
    }

    /// Exchanges, queues and bindings are written as scripts write them.
    fn declare(&mut self, rest: &Rest, line: &str) -> Result<(), Fault> {
        let script = Script::parse(line).map_err(|error| Fault {
            line: rest.line,
            ..error.into()
        })?;
        let Some(Statement::Call(call)) = script.lines().first().map(|line| &line.statement) else {
            return Err(rest.needs("a name", "queue work durable"));
        };
        let topology = &mut self.scenario.topology;
        match call.method.clone() {
            ClientMethod::ExchangeDeclare(exchange) => {
                own_name(rest, "an exchange", exchange.exchange.as_str())?;
                forbid(rest, exchange.passive, "passive", "an exchange")?;
                topology.exchanges.push(exchange);
            }
            ClientMethod::QueueDeclare(queue) => {
                own_name(rest, "a queue", queue.queue.as_str())?;
                forbid(rest, queue.passive, "passive", "a queue")?;
                forbid(rest, queue.exclusive, "exclusive", "a queue")?;
                topology.queues.push(queue);
            }
            ClientMethod::QueueBind {
                queue,
                exchange,
                routing_key,
                arguments,
                ..
            } => self.bind(
                rest,
                ScenarioBinding {
                    source: exchange,
                    destination: ScenarioDestination::Queue(queue),
                    routing_key,
                    arguments: sorted(arguments),
                },
            )?,
            ClientMethod::ExchangeBind {
                destination,
                source,
                routing_key,
                arguments,
                ..
            } => self.bind(
                rest,
                ScenarioBinding {
                    source,
                    destination: ScenarioDestination::Exchange(destination),
                    routing_key,
                    arguments: sorted(arguments),
                },
            )?,
            _ => return Err(rest.needs("a name", "queue work durable")),
        }
        if let Some(exchange) = self.scenario.topology.exchanges.last_mut() {
            exchange.arguments = sorted(std::mem::take(&mut exchange.arguments));
        }
        if let Some(queue) = self.scenario.topology.queues.last_mut() {
            queue.arguments = sorted(std::mem::take(&mut queue.arguments));
        }
        Ok(())
    }

    /// Both ends must be there: what is misspelt would be lost in silence.
    fn bind(&mut self, rest: &Rest, binding: ScenarioBinding) -> Result<(), Fault> {
        let topology = &self.scenario.topology;
        let missing = |kind: &str, name: &str, declare: String| {
            let what = format!("there is no {kind} `{name}` here");
            rest.fault(
                rest.column_of(name),
                what,
                format!("Declare it first: {declare}"),
            )
        };
        let mut exchanges = vec![&binding.source];
        match &binding.destination {
            ScenarioDestination::Exchange(exchange) => exchanges.push(exchange),
            ScenarioDestination::Queue(queue) => {
                if !topology.queues.iter().any(|known| known.queue == *queue) {
                    let name = queue.as_str();
                    let before = exchanges
                        .iter()
                        .find(|e| !topology.has_exchange(e.as_str()));
                    if before.is_none() {
                        return Err(missing("queue", name, format!("queue {name}")));
                    }
                }
            }
        }
        for exchange in exchanges {
            let name = exchange.as_str();
            if !topology.has_exchange(name) {
                return Err(missing("exchange", name, format!("exchange {name} fanout")));
            }
        }
        self.scenario.topology.bindings.push(binding);
        Ok(())
    }

    fn begin(&mut self, rest: &Rest, kind: ScenarioProgramKind) -> Result<(), Fault> {
        let names = rest.names();
        let [(_, name)] = names.as_slice() else {
            return Err(rest.needs("one name", "producer shop"));
        };
        let mut program = ScenarioProgram {
            name: (*name).to_string(),
            kind,
            colour: 0,
            pace_ms: DEFAULT_PACE_MS,
            start_after_ms: Some(0),
            login: Login::default(),
            form: None,
            script: Vec::new(),
        };
        let mut pace_ms = None;
        for (column, key, value) in rest.pairs() {
            let time = || {
                duration_ms(&value.text).ok_or_else(|| {
                    let what = format!("`{}` is no time", value.text);
                    let hint = "Write a number and its unit: 500ms, 2s, 1.5s, 1m.";
                    rest.fault(column, what, hint)
                })
            };
            match key {
                "colour" | "color" => match value.text.parse() {
                    Ok(colour @ 0..=7) => program.colour = colour,
                    Ok(_) | Err(_) => {
                        let what = format!("`{}` is no colour", value.text);
                        return Err(rest.fault(column, what, "It goes from 0 to 7."));
                    }
                },
                "user" => program.login.user = value.text.as_str().into(),
                "vhost" => program.login.vhost = value.text.as_str().into(),
                "pace" => pace_ms = Some(time()?),
                "after" if value.text == "never" => program.start_after_ms = None,
                "after" => program.start_after_ms = Some(time()?),
                _ => {
                    let what = format!("`{}` does not know `{key}`", rest.word);
                    return Err(rest.fault(
                        column,
                        what,
                        "It knows: colour, pace, after, user, vhost.",
                    ));
                }
            }
        }
        self.program = Some(Begun {
            program,
            line: rest.line,
            pace_ms,
        });
        Ok(())
    }

    /// The program that was being read is whole now: its script must be sound.
    fn close_program(&mut self) -> Result<(), Fault> {
        let Some(Begun {
            mut program,
            line,
            pace_ms,
        }) = self.program.take()
        else {
            return Ok(());
        };
        let there = |error: ScriptError| Fault {
            line: line + error.line,
            ..error.into()
        };
        let lines = program.script.join("\n");
        let says = |text: &&str| !text.is_empty() && !text.starts_with('#');
        let first = lines.lines().map(str::trim).find(says);
        if first.is_some_and(form::begins) {
            let form = form::read(&lines).map_err(there)?;
            // What the form stands for must be sound as well.
            Script::parse(&form.script()).map_err(|error| Fault {
                line: line + 1,
                ..error.into()
            })?;
            program.form = Some(form);
            program.script.clear();
        } else {
            Script::parse(&lines).map_err(there)?;
        }
        let usual = if program.form.is_some() {
            0
        } else {
            DEFAULT_PACE_MS
        };
        program.pace_ms = pace_ms.unwrap_or(usual);
        let bare = |text: String| text.trim().to_string();
        program.script = program.script.into_iter().map(bare).collect();
        program.script.retain(|line| !line.is_empty());
        self.scenario.programs.push(program);
        Ok(())
    }

    fn place(&mut self, rest: &Rest) -> Result<(), Fault> {
        const FAR: f64 = 1e6;
        let names = rest.names();
        let number = |text: &str| text.parse::<f64>().ok().filter(|n| n.abs() <= FAR);
        if let [(_, thing), (_, x), (_, y)] = names.as_slice()
            && let (Some(x), Some(y)) = (number(x), number(y))
        {
            let place = Position { x, y };
            self.scenario.layout.insert((*thing).to_string(), place);
            return Ok(());
        }
        Err(rest.needs("a thing and two numbers", "place queue:work 420 220"))
    }

    /// A text that is given in one language only stands for both.
    fn languages(&mut self) {
        let Scenario {
            title, description, ..
        } = &mut self.scenario;
        for (text, has_zh) in [(title, self.has_zh.0), (description, self.has_zh.1)] {
            if !has_zh {
                text.zh = text.en.clone();
            } else if text.en.is_empty() {
                text.en = text.zh.clone();
            }
        }
    }
}

/// The column of the `;` outside quotes.
fn separator(line: &str) -> usize {
    let mut quote = None;
    for (index, c) in line.chars().enumerate() {
        match (quote, c) {
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), c) if open == c => quote = None,
            (None, ';') => return index + 1,
            _ => {}
        }
    }
    1
}

/// Text to the end of the line, as it stands or in quotes.
fn sentence(rest: &Rest) -> Result<String, Fault> {
    let mut words = Vec::new();
    for token in &rest.tokens {
        words.push(match &token.kind {
            TokenKind::Word(text) => text.text.clone(),
            TokenKind::Pair { key, value } => format!("{key}={}", value.text),
            TokenKind::Arrow => "->".to_string(),
        });
    }
    if words.is_empty() {
        return Err(rest.needs("a text", "title Orders"));
    }
    Ok(words.join(" "))
}

fn own_name(rest: &Rest, what: &str, name: &str) -> Result<(), Fault> {
    let column = rest
        .names()
        .first()
        .map_or(rest.column, |(column, _)| *column);
    if name.is_empty() {
        let needs = format!("{what} of a scenario needs a name");
        return Err(rest.fault(column, needs, "For example: queue work durable"));
    }
    if name.starts_with("amq.") {
        let reserved =
            format!("the name `{name}` begins with amq., which is reserved for the broker");
        return Err(rest.fault(column, reserved, "Choose another."));
    }
    if name.len() > 255 {
        let long = format!(
            "this name has {} bytes of UTF-8, and 255 is the limit",
            name.len()
        );
        return Err(rest.fault(column, long, "Shorten it."));
    }
    Ok(())
}

fn forbid(rest: &Rest, stands: bool, flag: &str, what: &str) -> Result<(), Fault> {
    if !stands {
        return Ok(());
    }
    let why = match flag {
        "exclusive" => "that belongs to one connection",
        _ => "it only asks",
    };
    let what = format!("{what} of a scenario cannot be {flag}: {why}");
    Err(rest.fault(rest.column_of(flag), what, "Let a program declare it."))
}

/// By key, as the fields of a JSON object are.
fn sorted(mut table: Table) -> Table {
    crate::ordered::sort_by(&mut table.0, |a, b| a.0.cmp(&b.0));
    table
}

fn policy(rest: &Rest) -> Result<Policy, Fault> {
    let names = rest.names();
    let [(_, name), (_, pattern)] = names.as_slice() else {
        return Err(rest.needs("a name and a pattern", "policy short ^tmp message-ttl=1000"));
    };
    let mut policy = Policy {
        vhost: VhostName::from("/"),
        name: (*name).to_string(),
        pattern: (*pattern).to_string(),
        apply_to: ApplyTo::All,
        priority: 0,
        definition: Table::new(),
    };
    for (column, key, value) in rest.pairs() {
        match key {
            "@apply" => {
                policy.apply_to = ApplyTo::parse(&value.text).ok_or_else(|| {
                    let what = format!("`@apply` does not know `{}`", value.text);
                    let known = ApplyTo::ALL.map(ApplyTo::as_str).join(", ");
                    rest.fault(column, what, format!("It knows: {known}."))
                })?;
            }
            "@priority" => {
                policy.priority = value.text.parse().map_err(|_| {
                    let what = format!("`{}` is no priority", value.text);
                    rest.fault(column, what, "Write a whole number.")
                })?;
            }
            _ => policy.definition.push(key, table_value(value)),
        }
    }
    policy.definition = sorted(policy.definition);
    Ok(policy)
}

fn seed(rest: &Rest) -> Result<u64, Fault> {
    let names = rest.names();
    let [(column, text)] = names.as_slice() else {
        return Err(rest.needs("a number", "seed 7"));
    };
    let seed = text.parse().ok().filter(|seed| *seed <= MAX_SEED);
    seed.ok_or_else(|| {
        let what = format!("`{text}` is no seed");
        rest.fault(*column, what, format!("It goes from 0 to {MAX_SEED}."))
    })
}

fn compatibility(rest: &Rest) -> Result<Compatibility, Fault> {
    let names = rest.names();
    match names.as_slice() {
        [(_, "4")] => Ok(Compatibility::V4),
        [(_, "3.10")] => Ok(Compatibility::V3_10),
        [(column, other)] => {
            let what = format!("`{other}` is no version that is known here");
            Err(rest.fault(*column, what, "Write 4 or 3.10."))
        }
        _ => Err(rest.needs("a version", "rabbitmq 3.10")),
    }
}
