//! RabbitMQ's own definitions file (`rabbitmqctl export_definitions`, the management UI's export) as a scenario.
//!
//! Exchanges, queues, bindings, policies and users are read. What is all in one vhost goes to `/`; of several, each stays
//! where it is. Passwords are not in the file; parameters and what newer brokers add are passed over. The description
//! says what did not come along.

mod report;
mod users;

use crate::amqp::command::{ApplyTo, Policy};
use crate::amqp::protocol::method::{ExchangeDeclare, QueueDeclare};
use crate::amqp::{Compatibility, VhostName, policy_problem};
use crate::scenario::definitions::report::Report;
use crate::scenario::error::ScenarioError;
use crate::scenario::model::{
    Localized, Scenario, ScenarioBinding, ScenarioDestination, ScenarioVhost, Topology,
};
use crate::scenario::node::Object;
use crate::scenario::value;

/// Whether a document is such a file: it names the broker that wrote it.
pub fn is_definitions(root: &Object<'_>) -> bool {
    root.get("rabbitmq_version").is_some() || root.get("rabbit_version").is_some()
}

/// Reads such a file.
pub fn read(root: &Object<'_>) -> Result<Scenario, ScenarioError> {
    let title = root.get("original_cluster_name").map(|n| n.text());
    let title = title.transpose()?.unwrap_or("definitions.json");
    let version = root.get("rabbitmq_version").or(root.get("rabbit_version"));
    let version = version.map_or(Ok(""), |node| node.text())?;
    let compatibility = spoken_by(version);
    let mut vhosts = filled_vhosts(root)?;
    let is_alone = vhosts.len() <= 1;
    if !is_alone {
        for node in root.items("vhosts")? {
            let name = node.any_object()?.need("name")?.name()?;
            if !vhosts.iter().any(|(known, _)| *known == name) {
                vhosts.push((name, Topology::default()));
            }
        }
    }
    let places = Places {
        alone: is_alone.then(|| vhosts.first().map_or("/", |(name, _)| *name)),
        names: vhosts.iter().map(|(name, _)| *name).collect(),
    };
    let mut users = users::read(root, &places)?;
    let mut report = Report::new(version, &users, root)?;
    report.lent = users::let_guest_act(&mut users, &places);
    let mut scenario = Scenario {
        title: Localized {
            en: title.to_string(),
            zh: title.to_string(),
        },
        compatibility,
        seed: 1,
        users,
        ..Scenario::default()
    };
    for (name, mut topology) in vhosts {
        topology.policies.retain(|policy| {
            let problem = policy_problem(policy, compatibility);
            report
                .policies
                .extend(problem.iter().map(|why| format!("{} ({why})", policy.name)));
            problem.is_none()
        });
        match places.of(name) {
            Some(place) if place.as_str() == "/" => {
                for policy in &mut topology.policies {
                    policy.vhost = place.clone();
                }
                scenario.topology = topology;
            }
            _ => {
                let name = VhostName::from(name);
                scenario.vhosts.push(ScenarioVhost { name, topology });
            }
        }
    }
    scenario.description = report.said();
    Ok(scenario)
}

/// Whose behaviour the file's broker has: much of what 4 does came with 3.13.
fn spoken_by(version: &str) -> Compatibility {
    let minor = version.strip_prefix("3.").and_then(|rest| {
        let digits = rest.split('.').next()?;
        digits.parse::<u32>().ok()
    });
    match minor {
        Some(..=12) => Compatibility::V3_10,
        Some(_) | None => Compatibility::V4,
    }
}

/// Where the vhosts of the file come to stand.
pub(super) struct Places<'a> {
    /// The one that has everything, and becomes `/`.
    alone: Option<&'a str>,
    names: Vec<&'a str>,
}

impl Places<'_> {
    /// The place of a vhost; none if it does not come along.
    pub(super) fn of(&self, vhost: &str) -> Option<VhostName> {
        match self.alone {
            Some(alone) => (alone == vhost).then(|| "/".into()),
            None => self.names.contains(&vhost).then(|| vhost.into()),
        }
    }

    /// All places there are.
    pub(super) fn all(&self) -> Vec<VhostName> {
        match self.alone {
            Some(_) => vec!["/".into()],
            None => self.names.iter().map(|name| (*name).into()).collect(),
        }
    }
}

/// What is declared in each vhost in which anything is.
fn filled_vhosts<'a>(root: &Object<'a>) -> Result<Vec<(&'a str, Topology)>, ScenarioError> {
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
    Ok(vhosts)
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
