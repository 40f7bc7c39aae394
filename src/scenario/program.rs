//! Programs in the format: a script as lines, or a filled-in form that stands for one.

use serde_json::{Map, Value as Json, json};

use crate::actors::Login;
use crate::actors::chance::MAX_DELAY_MS;
use crate::actors::form::{
    AckWhen, Attribute, ConsumerForm, Failure, Form, Mishap, Onward, ProducerForm, Source, When,
};
use crate::actors::schedule::{MAX_BURST, MAX_POINTS, MAX_RATE, Point, Schedule, Spread};
use crate::actors::script::{PROPERTIES, RETRY_MS, Reaction, delay};
use crate::scenario::error::ScenarioError;
use crate::scenario::model::{ScenarioProgram, ScenarioProgramKind};
use crate::scenario::node::{Node, Object};

/// How long a program rests between two lines if it does not say.
const DEFAULT_PACE_MS: u64 = 600;

/// How many colours there are.
const COLOURS: u64 = 8;

/// Reads one program.
pub fn read(node: &Node<'_>) -> Result<ScenarioProgram, ScenarioError> {
    read_with(node, &[])
}

/// Reads a program that may have some `other` fields, which somebody else reads.
pub fn read_with(node: &Node<'_>, other: &[&str]) -> Result<ScenarioProgram, ScenarioError> {
    let mut known = vec![
        "name",
        "kind",
        "user",
        "vhost",
        "colour",
        "paceMs",
        "startAfterMs",
        "script",
        "publish",
        "consume",
    ];
    known.extend(other);
    let object = node.object(&known)?;
    let (form, script) = form_or_script(node, &object)?;
    let kind = match (object.get("kind"), &form) {
        (None, Some(Form::Producer(_))) => ScenarioProgramKind::Producer,
        (None, Some(Form::Consumer(_))) => ScenarioProgramKind::Consumer,
        (None, None) => ScenarioProgramKind::Program,
        (Some(kind), _) => match kind.text()? {
            "producer" => ScenarioProgramKind::Producer,
            "consumer" => ScenarioProgramKind::Consumer,
            "program" => ScenarioProgramKind::Program,
            _ => return Err(kind.wrong("\"producer\", \"consumer\" or \"program\"")),
        },
    };
    let pace = object.get("paceMs").map(|n| n.number(MAX_DELAY_MS));
    let default_pace = if form.is_some() { 0 } else { DEFAULT_PACE_MS };
    // Left out: at once. `null`: when somebody starts it.
    let start_after_ms = match object.get("startAfterMs") {
        None => Some(0),
        Some(node) if node.value().is_null() => None,
        Some(node) => Some(node.number(MAX_DELAY_MS)?),
    };
    let colour = object
        .get("colour")
        .map_or(Ok(0), |n| n.number(COLOURS - 1))?;
    Ok(ScenarioProgram {
        name: object.need("name")?.name()?.to_string(),
        kind,
        login: login(&object)?,
        colour: u8::try_from(colour).unwrap_or_default(),
        pace_ms: pace.transpose()?.unwrap_or(default_pace),
        start_after_ms,
        form,
        script,
    })
}

fn login(object: &Object<'_>) -> Result<Login, ScenarioError> {
    let known = Login::default();
    Ok(Login {
        user: match object.get("user") {
            Some(user) => user.name()?.into(),
            None => known.user,
        },
        vhost: match object.get("vhost") {
            Some(vhost) => vhost.name()?.into(),
            None => known.vhost,
        },
    })
}

fn form_or_script(
    node: &Node<'_>,
    object: &Object<'_>,
) -> Result<(Option<Form>, Vec<String>), ScenarioError> {
    let ways = [
        object.get("script"),
        object.get("publish"),
        object.get("consume"),
    ];
    match ways {
        [Some(script), None, None] => {
            let lines = script.items()?;
            let line = |node: &Node<'_>| Ok(node.text()?.to_string());
            let lines: Vec<String> = lines.iter().map(line).collect::<Result<_, _>>()?;
            Ok((None, lines))
        }
        [None, Some(publish), None] => Ok((Some(Form::Producer(producer(&publish)?)), Vec::new())),
        [None, None, Some(consume)] => Ok((Some(Form::Consumer(consumer(&consume)?)), Vec::new())),
        _ => Err(ScenarioError::shape(
            node.path(),
            "a program does one thing: write \"script\" with its lines, or \"publish\", or \"consume\".",
        )),
    }
}

fn text(object: &Object<'_>, key: &str) -> Result<String, ScenarioError> {
    Ok(object.get(key).map_or(Ok(""), |n| n.text())?.to_string())
}

fn milliseconds(object: &Object<'_>, key: &str) -> Result<Option<u64>, ScenarioError> {
    object.get(key).map(|n| n.number(MAX_DELAY_MS)).transpose()
}

fn times(object: &Object<'_>) -> Result<Option<u32>, ScenarioError> {
    let times = object.get("times").map(|n| n.number(u32::MAX.into()));
    let times = times.transpose()?;
    Ok(times.map(|times| u32::try_from(times).unwrap_or(u32::MAX)))
}

fn producer(node: &Node<'_>) -> Result<ProducerForm, ScenarioError> {
    let object = node.object(&[
        "exchange",
        "routingKey",
        "payload",
        "persistent",
        "mandatory",
        "properties",
        "headers",
        "when",
        "times",
        "confirms",
        "onNack",
        "onReturn",
        "onBlocked",
        "reconnectMs",
    ])?;
    let attributes = |key: &str| match object.get(key) {
        Some(node) => attributes(&node),
        None => Ok(Vec::new()),
    };
    let properties = attributes("properties")?;
    for property in &properties {
        if !PROPERTIES.contains(&property.name.as_str()) {
            let node = object.need("properties")?;
            let known = format!("only {}", PROPERTIES.join(", "));
            return Err(node.wrong(&known));
        }
    }
    Ok(ProducerForm {
        exchange: object
            .get("exchange")
            .map_or(Ok(""), |n| n.name())?
            .to_string(),
        routing_key: text(&object, "routingKey")?,
        payload: text(&object, "payload")?,
        persistent: object.flag("persistent")?,
        mandatory: object.flag("mandatory")?,
        properties,
        headers: attributes("headers")?,
        when: object.get("when").map_or(Ok(When::ByHand), |n| when(&n))?,
        times: times(&object)?,
        confirms: object.flag("confirms")?,
        on_nack: reaction(&object, "onNack")?,
        on_return: reaction(&object, "onReturn")?,
        on_blocked: reaction(&object, "onBlocked")?,
        reconnect_ms: milliseconds(&object, "reconnectMs")?,
    })
}

/// A number or `true` stays what it is; a text stays a text.
fn attributes(node: &Node<'_>) -> Result<Vec<Attribute>, ScenarioError> {
    let mut attributes = Vec::new();
    for (name, node) in node.any_object()?.entries() {
        let (value, is_text) = match node.value() {
            Json::String(text) => (text.clone(), true),
            Json::Number(number) => (number.to_string(), false),
            Json::Bool(flag) => (flag.to_string(), false),
            Json::Null | Json::Array(_) | Json::Object(_) => {
                return Err(node.wrong("a text, a number, true or false"));
            }
        };
        attributes.push(Attribute {
            name: name.to_string(),
            value,
            is_text,
        });
    }
    Ok(attributes)
}

fn when(node: &Node<'_>) -> Result<When, ScenarioError> {
    match node.value() {
        Json::String(text) if text == "byHand" => return Ok(When::ByHand),
        Json::String(text) if text == "once" => return Ok(When::Once),
        Json::Object(_) => {}
        _ => return Err(node.wrong("\"byHand\", \"once\", or an object with a rate")),
    }
    let any = node.any_object()?;
    let has = |key: &str| any.get(key).is_some();
    if has("onReplyMs") {
        let object = node.object(&["onReplyMs"])?;
        let timeout_ms = object.need("onReplyMs")?.number(MAX_DELAY_MS)?;
        return Ok(When::OnReply { timeout_ms });
    }
    let schedule = if has("burst") {
        let object = node.object(&["burst", "everyMs", "gapMs"])?;
        let count = object.need("burst")?.number(MAX_BURST.into())?.max(1);
        Schedule::Burst {
            count: u32::try_from(count).unwrap_or(MAX_BURST),
            every_ms: object.need("everyMs")?.number(MAX_DELAY_MS)?.max(1),
            gap_ms: milliseconds(&object, "gapMs")?.unwrap_or(1),
        }
    } else if has("curve") {
        let object = node.object(&["curve", "poisson", "again"])?;
        Schedule::Curve {
            points: curve(&object.need("curve")?)?,
            spread: spread(&object)?,
            again: object.flag("again")?,
        }
    } else if has("perSecond") {
        let object = node.object(&["perSecond", "poisson"])?;
        let node = object.need("perSecond")?;
        let per_second = rate(&node)?;
        if per_second <= 0.0 {
            return Err(node.wrong("a rate above 0"));
        }
        Schedule::Rate {
            per_second,
            spread: spread(&object)?,
        }
    } else {
        let object = node.object(&["everyMs"])?;
        Schedule::Every(object.need("everyMs")?.number(MAX_DELAY_MS)?.max(1))
    };
    Ok(When::Paced(schedule))
}

fn spread(object: &Object<'_>) -> Result<Spread, ScenarioError> {
    Ok(match object.flag("poisson")? {
        true => Spread::Poisson,
        false => Spread::Even,
    })
}

fn rate(node: &Node<'_>) -> Result<f64, ScenarioError> {
    match node.value().as_f64() {
        Some(rate) if (0.0..=MAX_RATE).contains(&rate) => Ok(rate),
        Some(_) | None => Err(node.wrong(&format!("a rate from 0 to {MAX_RATE} a second"))),
    }
}

fn curve(node: &Node<'_>) -> Result<Vec<Point>, ScenarioError> {
    let mut points: Vec<Point> = Vec::new();
    for item in node.items()? {
        let pair = item.items()?;
        let [at, per_second] = pair.as_slice() else {
            return Err(item.wrong("a point [milliseconds, per second]"));
        };
        let at_ms = at.number(MAX_DELAY_MS)?;
        if points.last().is_some_and(|last| last.at_ms >= at_ms) {
            return Err(at.wrong("a time later than that of the point before"));
        }
        let per_second = rate(per_second)?;
        points.push(Point { at_ms, per_second });
    }
    if !(2..=MAX_POINTS).contains(&points.len()) {
        return Err(node.wrong(&format!("2 to {MAX_POINTS} points")));
    }
    Ok(points)
}

fn reaction(object: &Object<'_>, key: &str) -> Result<Reaction, ScenarioError> {
    let Some(node) = object.get(key) else {
        return Ok(Reaction::Ignore);
    };
    let again = if key == "onBlocked" { "wait" } else { "retry" };
    match node.value() {
        Json::String(text) if text == "ignore" => Ok(Reaction::Ignore),
        Json::String(text) if text == "stop" => Ok(Reaction::Stop),
        Json::String(text) if text == again => Ok(Reaction::Retry { after_ms: RETRY_MS }),
        Json::Object(_) if again == "retry" => {
            let after = node.object(&["retryAfterMs"])?;
            let after_ms = after.need("retryAfterMs")?.number(MAX_DELAY_MS)?.max(1);
            Ok(Reaction::Retry { after_ms })
        }
        _ => Err(node.wrong(&format!("\"ignore\", \"{again}\" or \"stop\""))),
    }
}

fn consumer(node: &Node<'_>) -> Result<ConsumerForm, ScenarioError> {
    let object = node.object(&[
        "queue",
        "exchange",
        "routingKey",
        "prefetch",
        "ack",
        "work",
        "fails",
        "publish",
        "reply",
        "times",
        "reconnectMs",
    ])?;
    let prefetch = object
        .get("prefetch")
        .map_or(Ok(1), |n| n.number(u16::MAX.into()))?;
    let work = object.get("work").map(|node| {
        let read = node.text().ok().and_then(delay);
        read.ok_or_else(|| {
            node.wrong("a time: 200ms, 100ms..300ms, exp(200ms), normal(200ms,50ms)")
        })
    });
    Ok(ConsumerForm {
        source: source(node, &object)?,
        prefetch: u16::try_from(prefetch).unwrap_or(u16::MAX),
        ack: object
            .get("ack")
            .map_or(Ok(AckWhen::AfterWork), |node| ack(&node))?,
        work: work.transpose()?.unwrap_or(ConsumerForm::default().work),
        failure: object.get("fails").map(|node| failure(&node)).transpose()?,
        onward: object
            .get("publish")
            .map(|node| onward(&node))
            .transpose()?,
        reply: object
            .get("reply")
            .map(|node| Ok(node.text()?.to_string()))
            .transpose()?,
        times: times(&object)?,
        reconnect_ms: milliseconds(&object, "reconnectMs")?,
    })
}

fn source(node: &Node<'_>, object: &Object<'_>) -> Result<Source, ScenarioError> {
    match (object.get("queue"), object.get("exchange")) {
        (Some(queue), None) => Ok(Source::Queue(queue.name()?.to_string())),
        (None, Some(exchange)) => Ok(Source::Own {
            exchange: exchange.name()?.to_string(),
            routing_key: text(object, "routingKey")?,
        }),
        (Some(_), Some(_)) | (None, None) => Err(ScenarioError::shape(
            node.path(),
            "a consumer takes from one place: write \"queue\", or \"exchange\" for a queue of its own that is bound there.",
        )),
    }
}

fn ack(node: &Node<'_>) -> Result<AckWhen, ScenarioError> {
    if let Json::Object(_) = node.value() {
        let size = node
            .object(&["batch"])?
            .need("batch")?
            .number(u16::MAX.into())?;
        return Ok(AckWhen::Batch(u32::try_from(size).unwrap_or(1).max(1)));
    }
    match node.text()? {
        "auto" => Ok(AckWhen::Automatic),
        "byHand" => Ok(AckWhen::ByHand),
        "beforeWork" => Ok(AckWhen::BeforeWork),
        "afterWork" => Ok(AckWhen::AfterWork),
        _ => {
            Err(node
                .wrong("\"auto\", \"byHand\", \"beforeWork\", \"afterWork\" or { \"batch\": 10 }"))
        }
    }
}

fn failure(node: &Node<'_>) -> Result<Failure, ScenarioError> {
    let object = node.object(&["percent", "then"])?;
    let percent = object.need("percent")?;
    let per_mille = match percent.value().as_f64() {
        Some(number) if (0.0..=100.0).contains(&number) => (number * 10.0).round() as u16,
        Some(_) | None => return Err(percent.wrong("a number from 0 to 100")),
    };
    let then = object.need("then")?;
    let word = then.text()?;
    let known = Mishap::ALL.into_iter().find(|m| m.statement() == word);
    let all = Mishap::ALL.map(Mishap::statement).join(", ");
    Ok(Failure {
        per_mille,
        then: known.ok_or_else(|| then.wrong(&format!("one of: {all}")))?,
    })
}

fn onward(node: &Node<'_>) -> Result<Onward, ScenarioError> {
    let object = node.object(&["exchange", "routingKey", "payload", "persistent"])?;
    Ok(Onward {
        exchange: object
            .get("exchange")
            .map_or(Ok(""), |n| n.name())?
            .to_string(),
        routing_key: text(&object, "routingKey")?,
        payload: text(&object, "payload")?,
        persistent: object.flag("persistent")?,
    })
}

/// Writes a program so that [`read`] gives it back.
pub fn write(program: &ScenarioProgram) -> Json {
    let mut json = json!({
        "name": program.name,
        "kind": match program.kind {
            ScenarioProgramKind::Producer => "producer",
            ScenarioProgramKind::Consumer => "consumer",
            ScenarioProgramKind::Program => "program",
        },
        "colour": program.colour,
        "paceMs": program.pace_ms,
        "startAfterMs": program.start_after_ms,
    });
    let known = Login::default();
    if program.login.user != known.user {
        json["user"] = json!(program.login.user.as_str());
    }
    if program.login.vhost != known.vhost {
        json["vhost"] = json!(program.login.vhost.as_str());
    }
    let (key, value) = match &program.form {
        Some(Form::Producer(form)) => ("publish", write_producer(form)),
        Some(Form::Consumer(form)) => ("consume", write_consumer(form)),
        None => ("script", json!(program.script)),
    };
    json[key] = value;
    json
}

/// An object of what differs from what a form says by itself.
#[derive(Default)]
struct Fields(Map<String, Json>);

impl Fields {
    fn put(&mut self, key: &str, value: Json) {
        self.0.insert(key.to_string(), value);
    }

    fn text(&mut self, key: &str, text: &str) {
        if !text.is_empty() {
            self.put(key, json!(text));
        }
    }

    fn flag(&mut self, key: &str, flag: bool) {
        if flag {
            self.put(key, json!(true));
        }
    }

    fn number(&mut self, key: &str, number: Option<u64>) {
        if let Some(number) = number {
            self.put(key, json!(number));
        }
    }
}

fn write_producer(form: &ProducerForm) -> Json {
    let mut fields = Fields::default();
    fields.put("exchange", json!(form.exchange));
    fields.text("routingKey", &form.routing_key);
    fields.text("payload", &form.payload);
    fields.flag("persistent", form.persistent);
    fields.flag("mandatory", form.mandatory);
    for (key, attributes) in [("properties", &form.properties), ("headers", &form.headers)] {
        if !attributes.is_empty() {
            let entry = |a: &Attribute| (a.name.clone(), write_attribute(a));
            fields.put(key, Json::Object(attributes.iter().map(entry).collect()));
        }
    }
    fields.put("when", write_when(&form.when));
    fields.number("times", form.times.map(u64::from));
    fields.flag("confirms", form.confirms);
    for (key, reaction, again) in [
        ("onNack", form.on_nack, "retry"),
        ("onReturn", form.on_return, "retry"),
        ("onBlocked", form.on_blocked, "wait"),
    ] {
        match reaction {
            Reaction::Ignore => {}
            Reaction::Stop => fields.put(key, json!("stop")),
            Reaction::Retry { after_ms } if after_ms == RETRY_MS || again == "wait" => {
                fields.put(key, json!(again));
            }
            Reaction::Retry { after_ms } => fields.put(key, json!({ "retryAfterMs": after_ms })),
        }
    }
    fields.number("reconnectMs", form.reconnect_ms);
    Json::Object(fields.0)
}

fn write_attribute(attribute: &Attribute) -> Json {
    if attribute.is_text {
        return json!(attribute.value);
    }
    match serde_json::from_str(&attribute.value) {
        Ok(plain @ (Json::Number(_) | Json::Bool(_))) => plain,
        Ok(_) | Err(_) => json!(attribute.value),
    }
}

fn write_when(when: &When) -> Json {
    match when {
        When::ByHand => json!("byHand"),
        When::Once => json!("once"),
        When::OnReply { timeout_ms } => json!({ "onReplyMs": timeout_ms }),
        When::Paced(Schedule::Every(ms)) => json!({ "everyMs": ms }),
        When::Paced(Schedule::Rate { per_second, spread }) => {
            json!({ "perSecond": per_second, "poisson": *spread == Spread::Poisson })
        }
        When::Paced(Schedule::Burst {
            count,
            every_ms,
            gap_ms,
        }) => json!({ "burst": count, "everyMs": every_ms, "gapMs": gap_ms }),
        When::Paced(Schedule::Curve {
            points,
            spread,
            again,
        }) => {
            let points: Vec<Json> = points
                .iter()
                .map(|point| json!([point.at_ms, point.per_second]))
                .collect();
            json!({ "curve": points, "poisson": *spread == Spread::Poisson, "again": again })
        }
    }
}

fn write_consumer(form: &ConsumerForm) -> Json {
    let mut fields = Fields::default();
    match &form.source {
        Source::Queue(queue) => fields.put("queue", json!(queue)),
        Source::Own {
            exchange,
            routing_key,
        } => {
            fields.put("exchange", json!(exchange));
            fields.text("routingKey", routing_key);
        }
    }
    fields.put("prefetch", json!(form.prefetch));
    let ack = match form.ack {
        AckWhen::Automatic => json!("auto"),
        AckWhen::ByHand => json!("byHand"),
        AckWhen::BeforeWork => json!("beforeWork"),
        AckWhen::AfterWork => json!("afterWork"),
        AckWhen::Batch(size) => json!({ "batch": size }),
    };
    fields.put("ack", ack);
    fields.put("work", json!(form.work.to_string()));
    if let Some(failure) = form.failure {
        let percent = f64::from(failure.per_mille) / 10.0;
        let then = failure.then.statement();
        fields.put("fails", json!({ "percent": percent, "then": then }));
    }
    if let Some(onward) = &form.onward {
        let mut inner = Fields::default();
        inner.put("exchange", json!(onward.exchange));
        inner.text("routingKey", &onward.routing_key);
        inner.text("payload", &onward.payload);
        inner.flag("persistent", onward.persistent);
        fields.put("publish", Json::Object(inner.0));
    }
    if let Some(reply) = &form.reply {
        fields.put("reply", json!(reply));
    }
    fields.number("times", form.times.map(u64::from));
    fields.number("reconnectMs", form.reconnect_ms);
    Json::Object(fields.0)
}
