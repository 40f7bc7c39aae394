//! RabbitMQ's own definitions file (`rabbitmqctl export_definitions`, the management UI's export) as a scenario.
//!
//! Exchanges, queues, bindings and policies are read. What is all in one vhost goes to `/`; of several, each stays where it
//! is. Users are passed over, since their passwords are not in the file, and so are parameters and what newer brokers add.

use crate::amqp::VhostName;
use crate::amqp::command::{ApplyTo, Policy};
use crate::amqp::protocol::method::{ExchangeDeclare, QueueDeclare};
use crate::scenario::error::{ScenarioError, ScenarioProblem};
use crate::scenario::model::{
    Localized, Scenario, ScenarioBinding, ScenarioDestination, ScenarioVhost, Topology,
};
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
    let mut vhosts = Vec::new();
    let sections: [(&str, Take); 4] = [
        ("exchanges", |object, topology, _| {
            topology.exchanges.push(exchange(object)?);
            Ok(())
        }),
        ("queues", |object, topology, _| {
            topology.queues.push(queue(object)?);
            Ok(())
        }),
        ("policies", |object, topology, vhost| {
            topology.policies.push(policy(object, vhost)?);
            Ok(())
        }),
        ("bindings", |object, topology, _| {
            let binding = binding(object, topology)?;
            topology.bindings.push(binding);
            Ok(())
        }),
    ];
    for (section, take) in sections {
        for node in root.items(section)? {
            let object = node.any_object()?;
            let name = object.get("vhost").map_or(Ok("/"), |n| n.name())?;
            let place = vhosts.iter().position(|(known, _)| *known == name);
            let place = place.unwrap_or_else(|| {
                vhosts.push((name, Topology::default()));
                vhosts.len() - 1
            });
            let (vhost, topology) = &mut vhosts[place];
            take(&object, topology, &VhostName::from(*vhost))?;
        }
    }
    let mut scenario = Scenario {
        title: Localized {
            en: title.to_string(),
            zh: title.to_string(),
        },
        seed: 1,
        ..Scenario::default()
    };
    let is_alone = vhosts.len() == 1;
    for (name, mut topology) in vhosts {
        if is_alone || name == "/" {
            for policy in &mut topology.policies {
                policy.vhost = VhostName::from("/");
            }
            scenario.topology = topology;
        } else {
            let name = VhostName::from(name);
            scenario.vhosts.push(ScenarioVhost { name, topology });
        }
    }
    Ok(scenario)
}

/// Reads one thing into its vhost.
type Take = fn(&Object<'_>, &mut Topology, &VhostName) -> Result<(), ScenarioError>;

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

fn policy(object: &Object<'_>, vhost: &VhostName) -> Result<Policy, ScenarioError> {
    let apply_to = match object.get("apply-to") {
        None => ApplyTo::All,
        Some(node) => ApplyTo::parse(node.text()?)
            .ok_or_else(|| node.wrong("all, exchanges, queues or a type of queues"))?,
    };
    let priority = object.get("priority").map_or(Ok(0), |n| n.integer())?;
    Ok(Policy {
        vhost: vhost.clone(),
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
