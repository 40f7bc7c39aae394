//! RabbitMQ's own definitions file (`rabbitmqctl export_definitions`, the management UI's export) as a scenario.
//!
//! Exchanges, queues, bindings and policies of one vhost are read. Users, permissions and parameters have no place in a
//! scenario and are passed over, as are fields that newer brokers add.

use crate::amqp::VhostName;
use crate::amqp::command::{ApplyTo, Policy};
use crate::amqp::protocol::method::{ExchangeDeclare, QueueDeclare};
use crate::scenario::error::{ScenarioError, ScenarioProblem};
use crate::scenario::model::{Localized, Scenario, ScenarioBinding, ScenarioDestination, Topology};
use crate::scenario::node::{Node, Object};
use crate::scenario::value;

/// Whether a document is such a file: it names the broker that wrote it.
pub fn is_definitions(root: &Object<'_>) -> bool {
    root.get("rabbitmq_version").is_some() || root.get("rabbit_version").is_some()
}

/// Reads such a file.
pub fn read(root: &Object<'_>) -> Result<Scenario, ScenarioError> {
    let title = root.get("original_cluster_name").map(|n| n.text());
    let title = title.transpose()?.unwrap_or("definitions.json");
    Ok(Scenario {
        title: Localized {
            en: title.to_string(),
            zh: title.to_string(),
        },
        seed: 1,
        topology: topology(root)?,
        ..Scenario::default()
    })
}

fn topology(root: &Object<'_>) -> Result<Topology, ScenarioError> {
    let mut vhost = None;
    let mut topology = Topology::default();
    for node in root.items("exchanges")? {
        let object = in_one_vhost(&node, &mut vhost)?;
        topology.exchanges.push(exchange(&object)?);
    }
    for node in root.items("queues")? {
        let object = in_one_vhost(&node, &mut vhost)?;
        topology.queues.push(queue(&object)?);
    }
    for node in root.items("policies")? {
        let object = in_one_vhost(&node, &mut vhost)?;
        topology.policies.push(policy(&object)?);
    }
    for node in root.items("bindings")? {
        let object = in_one_vhost(&node, &mut vhost)?;
        let binding = binding(&object, &topology)?;
        topology.bindings.push(binding);
    }
    Ok(topology)
}

/// A scenario has one vhost, and everything of a file goes there.
fn in_one_vhost<'a>(
    node: &Node<'a>,
    vhost: &mut Option<&'a str>,
) -> Result<Object<'a>, ScenarioError> {
    let object = node.any_object()?;
    if let Some(field) = object.get("vhost") {
        let name = field.text()?;
        let first = *vhost.get_or_insert(name);
        if name != first {
            return Err(ScenarioError::shape(
                field.path(),
                format!(
                    "this is in the vhost \"{name}\", and what stands before it in \"{first}\". A playground shows one \
                     vhost: export that one alone."
                ),
            ));
        }
    }
    Ok(object)
}

fn exchange(object: &Object<'_>) -> Result<ExchangeDeclare, ScenarioError> {
    Ok(ExchangeDeclare {
        exchange: object.need("name")?.own_name()?.into(),
        kind: object.need("type")?.name()?.to_string(),
        passive: false,
        durable: object.flag("durable")?,
        auto_delete: object.flag("auto_delete")?,
        internal: object.flag("internal")?,
        nowait: false,
        arguments: value::arguments(object)?,
    })
}

fn queue(object: &Object<'_>) -> Result<QueueDeclare, ScenarioError> {
    Ok(QueueDeclare {
        queue: object.need("name")?.own_name()?.into(),
        passive: false,
        durable: object.flag("durable")?,
        exclusive: false,
        auto_delete: object.flag("auto_delete")?,
        nowait: false,
        arguments: value::arguments(object)?,
    })
}

fn policy(object: &Object<'_>) -> Result<Policy, ScenarioError> {
    let apply_to = match object.get("apply-to") {
        None => ApplyTo::All,
        Some(node) => ApplyTo::parse(node.text()?)
            .ok_or_else(|| node.wrong("all, exchanges, queues or a type of queues"))?,
    };
    let priority = object.get("priority").map_or(Ok(0), |n| n.integer())?;
    Ok(Policy {
        vhost: VhostName::from("/"),
        name: object.need("name")?.name()?.to_string(),
        pattern: object.need("pattern")?.text()?.to_string(),
        apply_to,
        priority,
        definition: value::read_table(&object.need("definition")?)?,
    })
}

fn binding(object: &Object<'_>, topology: &Topology) -> Result<ScenarioBinding, ScenarioError> {
    let source = object.need("source")?;
    let destination = object.need("destination")?;
    let kind = object.need("destination_type")?;
    let key = object.get("routing_key").map_or(Ok(""), |n| n.name())?;
    Ok(ScenarioBinding {
        source: topology.known_exchange(&source)?.into(),
        destination: match kind.text()? {
            "queue" => ScenarioDestination::Queue(topology.known_queue(&destination)?.into()),
            "exchange" => {
                ScenarioDestination::Exchange(topology.known_exchange(&destination)?.into())
            }
            _ => return Err(kind.wrong("\"queue\" or \"exchange\"")),
        },
        routing_key: key.into(),
        arguments: value::arguments(object)?,
    })
}

impl Topology {
    /// The queue that a binding names, if it is declared here.
    pub(super) fn known_queue<'a>(&self, node: &Node<'a>) -> Result<&'a str, ScenarioError> {
        let name = node.name()?;
        if self.queues.iter().any(|q| q.queue.as_str() == name) {
            return Ok(name);
        }
        let name = name.to_string();
        let problem = ScenarioProblem::MissingQueue { name };
        Err(ScenarioError::new(node.path(), problem))
    }

    /// The exchange that a binding names, if it is declared here or the broker's own.
    pub(super) fn known_exchange<'a>(&self, node: &Node<'a>) -> Result<&'a str, ScenarioError> {
        let name = node.name()?;
        if self.has_exchange(name) {
            return Ok(name);
        }
        let name = name.to_string();
        let problem = ScenarioProblem::MissingExchange { name };
        Err(ScenarioError::new(node.path(), problem))
    }

    /// Whether an exchange is declared here or the broker's own.
    pub(super) fn has_exchange(&self, name: &str) -> bool {
        const PREDECLARED: [&str; 6] = [
            "amq.direct",
            "amq.fanout",
            "amq.headers",
            "amq.match",
            "amq.topic",
            "amq.rabbitmq.trace",
        ];
        let mut declared = self.exchanges.iter();
        PREDECLARED.contains(&name) || declared.any(|e| e.exchange.as_str() == name)
    }
}
