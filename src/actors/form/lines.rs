//! A form in the words of scripts, a line a choice: how the short text form of scenarios says it.
//!
//! ```text
//! sends orders key=order.{n} "book {n}" persistent priority=3 colour=red     # what is no property is a header
//! every 500ms times=100               # once · rate 20 poisson · burst 50 every=5s · curve 0s=1 9s=50 again
//! confirm                             # wait reply timeout=5s: the next one when the answer has come
//! on nack retry after=1s              # on return stop · on blocked wait
//! connect reconnect=2s
//!
//! takes work                          # takes from orders key=order.*: a queue of its own that is bound there
//! qos 5
//! ack batch=10                        # auto · by-hand · before-work
//! work 100ms..300ms
//! fails 10% nack requeue
//! publish done key=x "{body}"         # when the work went well
//! reply "text"
//! times 100
//! connect reconnect=2s
//! ```

use super::consumer::{AckWhen, ConsumerForm, Failure, Mishap, Onward, Source};
use super::producer::{Attribute, ProducerForm, When};
use super::{Form, key, reaction, text};
use crate::actors::chance::time;
use crate::actors::script::words::{
    self, Need, Pair, Policies, ScriptError, ScriptProblem, Statement, Token, TokenKind, Words,
};
use crate::actors::script::{PROPERTIES, quote};

/// What each line of a producer may be, with its flags; the first begins the form.
const PRODUCER: &[(&str, &[&str])] = &[
    ("sends", &["persistent", "mandatory"]),
    ("once", &[]),
    ("every", &[]),
    ("rate", &["poisson"]),
    ("burst", &[]),
    ("curve", &["poisson", "again"]),
    ("wait", &[]),
    ("times", &[]),
    ("confirm", &[]),
    ("on", &[]),
    ("connect", &["reconnect"]),
];

/// The same of a consumer.
const CONSUMER: &[(&str, &[&str])] = &[
    ("takes", &[]),
    ("qos", &[]),
    ("ack", &[]),
    ("work", &[]),
    ("fails", &[]),
    ("publish", &["persistent"]),
    ("reply", &[]),
    ("times", &[]),
    ("connect", &["reconnect"]),
];

/// How a consumer acknowledges, by its word.
const ACKS: [(&str, AckWhen); 4] = [
    ("auto", AckWhen::Automatic),
    ("by-hand", AckWhen::ByHand),
    ("before-work", AckWhen::BeforeWork),
    ("after-work", AckWhen::AfterWork),
];

/// Whether lines are those of a form: no script begins so.
pub fn begins(line: &str) -> bool {
    let first = line.split_whitespace().next();
    matches!(first, Some("sends" | "takes"))
}

/// Reads a form from its lines; refused whole, with the place of the first fault.
pub fn read(lines: &str) -> Result<Form, ScriptError> {
    let mut form = None;
    let mut seen: Vec<String> = Vec::new();
    for (index, line) in lines.lines().enumerate() {
        for tokens in words::statements(line, index + 1)? {
            let (words, column) = sorted(form.as_ref(), index + 1, tokens)?;
            let verb = said(&mut form, words)?;
            if seen.contains(&verb) {
                let problem = ScriptProblem::Twice { statement: verb };
                return Err(ScriptError {
                    line: index + 1,
                    column,
                    problem,
                });
            }
            seen.push(verb);
        }
    }
    Ok(form.unwrap_or_else(|| Form::Producer(ProducerForm::default())))
}

/// The words of a line, if a form like this one knows its verb.
fn sorted(
    form: Option<&Form>,
    line: usize,
    mut tokens: Vec<Token>,
) -> Result<(Words, usize), ScriptError> {
    let first = tokens.remove(0);
    let column = first.column;
    let fault = |problem| ScriptError {
        line,
        column,
        problem,
    };
    let TokenKind::Word(word) = first.kind else {
        return Err(fault(ScriptProblem::NoStatement));
    };
    let verbs = match (form, word.text.as_str()) {
        (Some(Form::Consumer(_)), _) | (None, "takes") => CONSUMER,
        (Some(Form::Producer(_)), _) | (None, _) => PRODUCER,
    };
    match verbs.iter().find(|(verb, _)| *verb == word.text) {
        Some((verb, flags)) => Ok((Words::sort(verb, line, tokens, flags), column)),
        None => {
            let known: Vec<&'static str> = verbs.iter().map(|(verb, _)| *verb).collect();
            let near = words::closest(&word.text, &known);
            let word = word.text;
            Err(fault(ScriptProblem::UnknownStatement { word, near, known }))
        }
    }
}

/// Takes over what a line says; gives what may stand there only once.
fn said(form: &mut Option<Form>, mut words: Words) -> Result<String, ScriptError> {
    let mut verb = words.verb.clone();
    match form {
        None if verb == "takes" => {
            *form = Some(Form::Consumer(ConsumerForm {
                source: source(&mut words)?,
                ..ConsumerForm::default()
            }));
        }
        None => *form = Some(Form::Producer(sends(&mut words)?)),
        Some(Form::Producer(form)) => produces(form, &mut words, &mut verb)?,
        Some(Form::Consumer(form)) => consumes(form, &mut words)?,
    }
    words.finish()?;
    Ok(verb)
}

/// `sends EXCHANGE …`: what `publish` says.
fn sends(words: &mut Words) -> Result<ProducerForm, ScriptError> {
    let example = "sends logs key=info \"Hello {n}\"";
    words.clone().name(Need::TargetExchange, example)?;
    words::publish(&mut words.clone())?;
    let mut form = ProducerForm {
        exchange: words.name(Need::TargetExchange, example)?.1.text,
        payload: optional(words),
        persistent: words.flag("persistent"),
        mandatory: words.flag("mandatory"),
        routing_key: routing_key(words),
        ..ProducerForm::default()
    };
    for Pair { key, value, .. } in words.rest() {
        let is_property = PROPERTIES.contains(&key.as_str());
        let name = key.strip_prefix("header.").unwrap_or(&key).to_string();
        let attribute = Attribute {
            is_text: value.quoted || !looks_typed(&value.text),
            name,
            value: value.text,
        };
        match is_property {
            true => form.properties.push(attribute),
            false => form.headers.push(attribute),
        }
    }
    Ok(form)
}

fn optional(words: &mut Words) -> String {
    words.optional_name().unwrap_or_default().1.text
}

fn routing_key(words: &mut Words) -> String {
    words.pair("key").map_or(String::new(), |it| it.value.text)
}

/// Whether a value means a number or a truth, unless it stands in quotes.
fn looks_typed(text: &str) -> bool {
    let is_number = text.starts_with(|c: char| c.is_ascii_digit() || c == '-');
    matches!(text, "true" | "false") || (is_number && text.parse::<f64>().is_ok())
}

fn produces(
    form: &mut ProducerForm,
    words: &mut Words,
    verb: &mut String,
) -> Result<(), ScriptError> {
    match words.verb.as_str() {
        "once" => form.when = When::Once,
        "times" => form.times = Some(count(words)?),
        "confirm" => form.confirms = true,
        "connect" => form.reconnect_ms = reconnect(words)?,
        "wait" => form.when = on_reply(words)?,
        "on" => {
            let column = words.end_column();
            let known = ["nack", "return", "blocked"];
            if words::handler(words)?.is_some() {
                return Err(words.unknown(column, "message", &known));
            }
            verb.clone_from(&words.verb);
            let mut told = Policies::default();
            words::reaction(words, &mut told)?;
            match verb.as_str() {
                "on nack" => form.on_nack = told.nack,
                "on return" => form.on_return = told.returned,
                _ => form.on_blocked = told.blocked,
            }
        }
        "sends" => return Ok(()),
        _ => {
            let Statement::Paced {
                schedule, times, ..
            } = words::paced(words)?
            else {
                return Ok(());
            };
            form.when = When::Paced((*schedule).clone());
            form.times = times.or(form.times);
        }
    }
    if matches!(
        form.when,
        When::Once | When::Paced(_) | When::OnReply { .. }
    ) && !matches!(verb.as_str(), "times" | "confirm" | "connect")
        && !verb.starts_with("on ")
    {
        // One of these lines says when; a second one would contradict it.
        *verb = "once, every, rate, burst, curve or wait reply".to_string();
    }
    Ok(())
}

fn on_reply(words: &mut Words) -> Result<When, ScriptError> {
    let column = words.end_column();
    match words::wait(words)? {
        Statement::WaitReply {
            timeout_ms: Some(timeout_ms),
        } => Ok(When::OnReply { timeout_ms }),
        Statement::WaitReply { timeout_ms: None } => {
            Err(words.missing(Need::Time, "wait reply timeout=5s"))
        }
        _ => Err(words.unknown(column, "confirms", &["reply"])),
    }
}

fn consumes(form: &mut ConsumerForm, words: &mut Words) -> Result<(), ScriptError> {
    match words.verb.as_str() {
        "qos" => {
            let (column, text) = words.name(Need::PrefetchCount, "qos 5")?;
            let text = text.text;
            form.prefetch = text
                .parse()
                .map_err(|_| words.fault(column, ScriptProblem::NotAPrefetch { text }))?;
        }
        "ack" => form.ack = ack(words)?,
        "work" => {
            if let Statement::Work(delay) = words::work(words)? {
                form.work = delay;
            }
        }
        "fails" => form.failure = Some(failure(words)?),
        "publish" => {
            words::publish(&mut words.clone())?;
            let example = "publish done key=ok \"{body}\"";
            form.onward = Some(Onward {
                exchange: words.name(Need::TargetExchange, example)?.1.text,
                payload: optional(words),
                routing_key: routing_key(words),
                persistent: words.flag("persistent"),
            });
        }
        "reply" => {
            words::reply(&mut words.clone())?;
            form.reply = Some(optional(words));
        }
        "times" => form.times = Some(count(words)?),
        "connect" => form.reconnect_ms = reconnect(words)?,
        _ => {}
    }
    Ok(())
}

fn source(words: &mut Words) -> Result<Source, ScriptError> {
    let example = "takes work";
    let (_, first) = words.name(Need::Name, example)?;
    if first.quoted || first.text != "from" {
        return Ok(Source::Queue(first.text));
    }
    let example = "takes from orders key=order.*";
    Ok(Source::Own {
        exchange: words.name(Need::Exchange, example)?.1.text,
        routing_key: routing_key(words),
    })
}

fn ack(words: &mut Words) -> Result<AckWhen, ScriptError> {
    if let Some(pair) = words.pair("batch") {
        let size = words::number(words, &pair, u64::from(u16::MAX))?;
        return Ok(AckWhen::Batch(u32::try_from(size).unwrap_or(1).max(1)));
    }
    let (column, word) = words.name(Need::AckMode, "ack before-work")?;
    let found = ACKS.iter().find(|(name, _)| *name == word.text);
    let known = ["auto", "by-hand", "before-work", "after-work", "batch"];
    found
        .map(|(_, ack)| *ack)
        .ok_or_else(|| words.unknown(column, &word.text, &known))
}

fn failure(words: &mut Words) -> Result<Failure, ScriptError> {
    let example = "fails 10% nack requeue";
    let (column, text) = words.name(Need::Percentage, example)?;
    let Some(per_mille) = words::per_mille(&text.text) else {
        let text = text.text;
        return Err(words.fault(column, ScriptProblem::NotAPercentage { text }));
    };
    let (column, first) = words.name(Need::Mishap, example)?;
    let second = optional(words);
    let both = format!("{} {second}", first.text);
    let known = Mishap::ALL.into_iter();
    let mut found = known.filter(|mishap| mishap.statement() == both.trim_end());
    let then = found.next().ok_or_else(|| {
        let known = Mishap::ALL.map(Mishap::statement);
        words.unknown(column, both.trim_end(), &known)
    })?;
    Ok(Failure { per_mille, then })
}

fn count(words: &mut Words) -> Result<u32, ScriptError> {
    let (column, text) = words.name(Need::Count, "times 100")?;
    let text = text.text;
    let count = text.parse();
    count.map_err(|_| {
        let (of, most) = (words.verb.clone(), u64::from(u32::MAX));
        words.fault(column, ScriptProblem::NotANumber { of, text, most })
    })
}

fn reconnect(words: &mut Words) -> Result<Option<u64>, ScriptError> {
    match words::connect(words)? {
        Statement::Connect { reconnect_ms } => Ok(reconnect_ms),
        _ => Ok(None),
    }
}

/// The lines of a form, so that [`read`] gives it back.
pub fn write(form: &Form) -> Vec<String> {
    match form {
        Form::Producer(form) => producer(form),
        Form::Consumer(form) => consumer(form),
    }
}

fn producer(form: &ProducerForm) -> Vec<String> {
    let mut first = format!("sends {}{}", quote(&form.exchange), key(&form.routing_key));
    if !form.payload.is_empty() {
        first += &format!(" {}", text(&form.payload));
    }
    for (flag, is_set) in [
        (" persistent", form.persistent),
        (" mandatory", form.mandatory),
    ] {
        first += if is_set { flag } else { "" };
    }
    for attribute in &form.properties {
        first += &format!(" {}={}", attribute.name, attribute_value(attribute));
    }
    for header in &form.headers {
        let name = &header.name;
        let is_taken =
            name == "key" || name.starts_with("header.") || PROPERTIES.contains(&name.as_str());
        let name = match is_taken {
            true => format!("header.{name}"),
            false => name.clone(),
        };
        first += &format!(" {}={}", bare_or(&name), attribute_value(header));
    }
    let mut lines = vec![first];
    let mut times = form.times.map(|times| format!("times={times}"));
    match &form.when {
        When::ByHand => {}
        When::Once => lines.push("once".to_string()),
        When::OnReply { timeout_ms } => {
            lines.push(format!("wait reply timeout={}", time(*timeout_ms)));
        }
        When::Paced(schedule) => {
            let times = times.take().map_or(String::new(), |it| format!(" {it}"));
            lines.push(format!("{schedule}{times}"));
        }
    }
    lines.extend(times.map(|it| it.replace('=', " ")));
    if form.confirms {
        lines.push("confirm".to_string());
    }
    for (notice, what) in [
        ("nack", form.on_nack),
        ("return", form.on_return),
        ("blocked", form.on_blocked),
    ] {
        lines.extend(reaction(notice, what).lines().map(str::to_string));
    }
    lines.extend(again(form.reconnect_ms));
    lines
}

fn consumer(form: &ConsumerForm) -> Vec<String> {
    let known = ConsumerForm::default();
    let mut lines = vec![match &form.source {
        Source::Queue(queue) if queue == "from" => "takes \"from\"".to_string(),
        Source::Queue(queue) => format!("takes {}", quote(queue)),
        Source::Own {
            exchange,
            routing_key,
        } => format!("takes from {}{}", quote(exchange), key(routing_key)),
    }];
    if form.prefetch != known.prefetch {
        lines.push(format!("qos {}", form.prefetch));
    }
    match (form.ack, ACKS.iter().find(|(_, ack)| *ack == form.ack)) {
        (AckWhen::AfterWork, _) => {}
        (AckWhen::Batch(size), _) => lines.push(format!("ack batch={size}")),
        (_, word) => lines.extend(word.map(|(word, _)| format!("ack {word}"))),
    }
    if form.work != known.work {
        lines.push(format!("work {}", form.work));
    }
    if let Some(failure) = form.failure {
        let percent = f64::from(failure.per_mille) / 10.0;
        lines.push(format!("fails {percent}% {}", failure.then.statement()));
    }
    if let Some(onward) = &form.onward {
        let flag = if onward.persistent { " persistent" } else { "" };
        lines.push(format!(
            "publish {}{} {}{flag}",
            quote(&onward.exchange),
            key(&onward.routing_key),
            text(&onward.payload)
        ));
    }
    if let Some(reply) = &form.reply {
        lines.push(format!("reply {}", text(reply)));
    }
    lines.extend(form.times.map(|times| format!("times {times}")));
    lines.extend(again(form.reconnect_ms));
    lines
}

fn again(reconnect_ms: Option<u64>) -> Option<String> {
    reconnect_ms.map(|ms| format!("connect reconnect={}", time(ms)))
}

/// What is text stays text: in quotes where it looks like something else.
fn attribute_value(attribute: &Attribute) -> String {
    match attribute.is_text && looks_typed(&attribute.value) {
        true => text(&attribute.value),
        false => bare_or(&attribute.value),
    }
}

/// As it is, or in quotes.
fn bare_or(word: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || "-_./:{}".contains(c);
    match !word.is_empty() && word.chars().all(is_plain) {
        true => word.to_string(),
        false => text(word),
    }
}
