//! Version 1 of the format: from JSON to a [`Scenario`] and back.

use serde_json::{Map, Value as Json, json};

use crate::amqp::command::{ApplyTo, Policy};
use crate::amqp::protocol::method::{ExchangeDeclare, QueueDeclare};
use crate::amqp::{Compatibility, VhostName};
use crate::ordered;
use crate::scenario::drawing::{self, ScenarioPatch};
use crate::scenario::error::{ScenarioError, ScenarioProblem};
use crate::scenario::model::{
    Localized, Position, Scenario, ScenarioBinding, ScenarioDestination, Topology,
};
use crate::scenario::node::{Node, Object};
use crate::scenario::{MAX_BYTES, MAX_SEED, VERSION, administration, definitions, program, value};

/// Reads a scenario.
pub fn read(text: &str) -> Result<Scenario, ScenarioError> {
    if text.len() > MAX_BYTES {
        let problem = ScenarioProblem::TooLarge {
            bytes: text.len(),
            limit: MAX_BYTES,
        };
        return Err(ScenarioError::new("", problem));
    }
    let json: Json = serde_json::from_str(text).map_err(|error| not_json(&error))?;
    let root = Node::root(&json);
    let any = root.any_object()?;
    if definitions::is_definitions(&any) {
        return definitions::read(&any);
    }
    check_version(&any)?;
    let object = root.object(&[
        "version",
        "title",
        "description",
        "compatibility",
        "seed",
        "topology",
        "vhosts",
        "users",
        "login",
        "programs",
        "layout",
        "notes",
    ])?;
    let programs = object.items("programs")?;
    let placed = object.get("layout").map(|n| layout(&n)).transpose()?;
    let (places, patches) = placed.unwrap_or_default();
    Ok(Scenario {
        title: localized(object.get("title"))?,
        description: localized(object.get("description"))?,
        compatibility: compatibility(object.get("compatibility"))?,
        seed: object.get("seed").map_or(Ok(1), |n| n.number(MAX_SEED))?,
        topology: match object.get("topology") {
            Some(node) if !node.value().is_null() => topology(&node, &VhostName::from("/"))?,
            Some(_) | None => Topology::default(),
        },
        lacks_root: object.get("topology").is_some_and(|n| n.value().is_null()),
        vhosts: administration::vhosts(&object)?,
        users: administration::users(&object)?,
        login: administration::login(&object)?,
        programs: programs
            .iter()
            .map(program::read)
            .collect::<Result<_, _>>()?,
        layout: places,
        drawing: patches,
        notes: object
            .get("notes")
            .map_or(Ok(""), |n| n.text())?
            .to_string(),
    })
}

fn not_json(error: &serde_json::Error) -> ScenarioError {
    let full = error.to_string();
    let reason = full.split(" at line ").next().unwrap_or(&full).to_string();
    let problem = ScenarioProblem::NotJson {
        line: error.line(),
        column: error.column(),
        reason,
    };
    ScenarioError::new("", problem)
}

/// The version is looked at before anything else: a newer one may have fields that this page does not know.
fn check_version(root: &Object<'_>) -> Result<(), ScenarioError> {
    let node = root.need("version")?;
    match node.number(u64::MAX)? {
        VERSION => Ok(()),
        0 => Err(node.wrong("a version, beginning with 1")),
        version => {
            let problem = ScenarioProblem::NewerVersion { version };
            Err(ScenarioError::new(node.path(), problem))
        }
    }
}

/// One text for both languages, or one each; a language that is left out has the other's.
fn localized(node: Option<Node<'_>>) -> Result<Localized, ScenarioError> {
    let Some(node) = node else {
        return Ok(Localized::default());
    };
    if let Ok(text) = node.text() {
        return Ok(Localized {
            en: text.to_string(),
            zh: text.to_string(),
        });
    }
    let object = node.object(&["en", "zh"])?;
    let en = object.get("en").map(|n| n.text()).transpose()?;
    let zh = object.get("zh").map(|n| n.text()).transpose()?;
    Ok(Localized {
        en: en.or(zh).unwrap_or_default().to_string(),
        zh: zh.or(en).unwrap_or_default().to_string(),
    })
}

fn compatibility(node: Option<Node<'_>>) -> Result<Compatibility, ScenarioError> {
    let Some(node) = node else {
        return Ok(Compatibility::default());
    };
    match node.text()? {
        "4" => Ok(Compatibility::V4),
        "3.10" => Ok(Compatibility::V3_10),
        _ => Err(node.wrong("\"4\" or \"3.10\"")),
    }
}

/// What is declared in a virtual host.
pub(super) fn topology(node: &Node<'_>, vhost: &VhostName) -> Result<Topology, ScenarioError> {
    let object = node.object(&[
        "exchanges",
        "queues",
        "bindings",
        "policies",
        "operatorPolicies",
        "defaultQueueType",
    ])?;
    let policies = |key: &str| -> Result<Vec<Policy>, ScenarioError> {
        let read = |node: &Node<'_>| {
            let policy = policy_from(node, &[])?;
            let vhost = vhost.clone();
            Ok(Policy { vhost, ..policy })
        };
        object.items(key)?.iter().map(read).collect()
    };
    let exchanges = object.items("exchanges")?;
    let queues = object.items("queues")?;
    let mut topology = Topology {
        exchanges: exchanges.iter().map(exchange).collect::<Result<_, _>>()?,
        queues: queues.iter().map(queue).collect::<Result<_, _>>()?,
        bindings: Vec::new(),
        policies: policies("policies")?,
        operator_policies: policies("operatorPolicies")?,
        default_queue_type: administration::default_queue_type(&object)?,
    };
    for node in object.items("bindings")? {
        let binding = binding(&node, &topology)?;
        topology.bindings.push(binding);
    }
    Ok(topology)
}

fn exchange(node: &Node<'_>) -> Result<ExchangeDeclare, ScenarioError> {
    let object = node.object(&[
        "name",
        "type",
        "durable",
        "autoDelete",
        "internal",
        "arguments",
    ])?;
    Ok(ExchangeDeclare {
        exchange: object.need("name")?.own_name()?.into(),
        kind: object.need("type")?.name()?.to_string(),
        passive: false,
        durable: object.flag("durable")?,
        auto_delete: object.flag("autoDelete")?,
        internal: object.flag("internal")?,
        nowait: false,
        arguments: value::arguments(&object)?,
    })
}

fn queue(node: &Node<'_>) -> Result<QueueDeclare, ScenarioError> {
    let object = node.object(&["name", "durable", "autoDelete", "arguments"])?;
    Ok(QueueDeclare {
        queue: object.need("name")?.own_name()?.into(),
        passive: false,
        durable: object.flag("durable")?,
        exclusive: false,
        auto_delete: object.flag("autoDelete")?,
        nowait: false,
        arguments: value::arguments(&object)?,
    })
}

/// A policy that may have some `other` fields, which somebody else reads.
pub fn policy_from(node: &Node<'_>, other: &[&str]) -> Result<Policy, ScenarioError> {
    let mut known = vec!["name", "pattern", "applyTo", "priority", "definition"];
    known.extend(other);
    let object = node.object(&known)?;
    let apply_to = match object.get("applyTo") {
        None => ApplyTo::All,
        Some(node) => ApplyTo::parse(node.text()?)
            .ok_or_else(|| node.wrong("\"all\", \"exchanges\", \"queues\" or a type of queues"))?,
    };
    Ok(Policy {
        vhost: VhostName::from("/"),
        name: object.need("name")?.name()?.to_string(),
        pattern: object.need("pattern")?.text()?.to_string(),
        apply_to,
        priority: object.get("priority").map_or(Ok(0), |n| n.integer())?,
        definition: value::read_table(&object.need("definition")?)?,
    })
}

fn binding(node: &Node<'_>, topology: &Topology) -> Result<ScenarioBinding, ScenarioError> {
    let object = node.object(&["source", "queue", "exchange", "routingKey", "arguments"])?;
    let source = object.need("source")?;
    let destination = match (object.get("queue"), object.get("exchange")) {
        (Some(queue), None) => ScenarioDestination::Queue(topology.known_queue(&queue)?.into()),
        (None, Some(exchange)) => {
            ScenarioDestination::Exchange(topology.known_exchange(&exchange)?.into())
        }
        (Some(_), Some(_)) | (None, None) => {
            return Err(ScenarioError::shape(
                node.path(),
                "a binding leads to one place: write \"queue\" or \"exchange\" with its name.",
            ));
        }
    };
    Ok(ScenarioBinding {
        source: topology.known_exchange(&source)?.into(),
        destination,
        routing_key: object
            .get("routingKey")
            .map_or(Ok(""), |n| n.name())?
            .into(),
        arguments: value::arguments(&object)?,
    })
}

type Layout = (ordered::Map<String, Position>, Vec<ScenarioPatch>);

/// Places of nodes by their names, and under two names without a colon the notes and groups.
fn layout(node: &Node<'_>) -> Result<Layout, ScenarioError> {
    let (mut places, mut patches) = (ordered::Map::new(), Vec::new());
    for (key, item) in node.any_object()?.entries() {
        match key {
            "notes" => patches.extend(drawing::notes(&item)?),
            "groups" => patches.extend(drawing::groups(&item)?),
            _ => {
                places.insert(key.to_string(), drawing::position(&item)?);
            }
        }
    }
    Ok((places, patches))
}

/// Writes a scenario so that [`read`] gives it back.
pub fn write(scenario: &Scenario) -> String {
    let mut object = Map::new();
    let mut put = |key: &str, value: Json| {
        object.insert(key.to_string(), value);
    };
    put("version", json!(VERSION));
    let texts = |text: &Localized| json!({ "en": text.en, "zh": text.zh });
    put("title", texts(&scenario.title));
    put("description", texts(&scenario.description));
    put(
        "compatibility",
        json!(match scenario.compatibility {
            Compatibility::V3_10 => "3.10",
            Compatibility::V4 => "4",
        }),
    );
    put("seed", json!(scenario.seed.min(MAX_SEED)));
    let root = (!scenario.lacks_root).then(|| write_topology(&scenario.topology));
    put("topology", root.unwrap_or(Json::Null));
    administration::write(scenario, &mut object);
    let mut put = |key: &str, value: Json| {
        object.insert(key.to_string(), value);
    };
    put(
        "programs",
        Json::Array(scenario.programs.iter().map(program::write).collect()),
    );
    let places = scenario.layout.iter();
    let places = places.map(|(key, place)| (key.clone(), json!([place.x, place.y])));
    let mut layout: Map<String, Json> = places.collect();
    drawing::write(&scenario.drawing, &mut layout);
    put("layout", Json::Object(layout));
    if !scenario.notes.is_empty() {
        put("notes", json!(scenario.notes));
    }
    format!("{:#}\n", Json::Object(object))
}

pub(super) fn write_topology(topology: &Topology) -> Json {
    let exchanges: Vec<Json> = topology
        .exchanges
        .iter()
        .map(|exchange| {
            json!({
                "name": exchange.exchange.as_str(),
                "type": exchange.kind,
                "durable": exchange.durable,
                "autoDelete": exchange.auto_delete,
                "internal": exchange.internal,
                "arguments": value::write_table(&exchange.arguments),
            })
        })
        .collect();
    let queues: Vec<Json> = topology
        .queues
        .iter()
        .map(|queue| {
            json!({
                "name": queue.queue.as_str(),
                "durable": queue.durable,
                "autoDelete": queue.auto_delete,
                "arguments": value::write_table(&queue.arguments),
            })
        })
        .collect();
    let bindings: Vec<Json> = topology.bindings.iter().map(write_binding).collect();
    let mut object = Map::new();
    object.insert("exchanges".to_string(), json!(exchanges));
    object.insert("queues".to_string(), json!(queues));
    object.insert("bindings".to_string(), json!(bindings));
    let mut put = |key: &str, policies: &[Policy]| {
        if !policies.is_empty() {
            object.insert(key.to_string(), policies.iter().map(policy_to).collect());
        }
    };
    put("policies", &topology.policies);
    put("operatorPolicies", &topology.operator_policies);
    if let Some(kind) = topology.default_queue_type {
        object.insert("defaultQueueType".to_string(), json!(kind.as_str()));
    }
    Json::Object(object)
}

/// A policy, so that [`policy_from`] gives it back.
pub fn policy_to(policy: &Policy) -> Json {
    json!({
        "name": policy.name,
        "pattern": policy.pattern,
        "applyTo": policy.apply_to.as_str(),
        "priority": policy.priority,
        "definition": value::write_table(&policy.definition),
    })
}

fn write_binding(binding: &ScenarioBinding) -> Json {
    let (kind, name) = match &binding.destination {
        ScenarioDestination::Queue(queue) => ("queue", queue.as_str()),
        ScenarioDestination::Exchange(exchange) => ("exchange", exchange.as_str()),
    };
    json!({
        "source": binding.source.as_str(),
        kind: name,
        "routingKey": binding.routing_key.to_text(),
        "arguments": value::write_table(&binding.arguments),
    })
}
