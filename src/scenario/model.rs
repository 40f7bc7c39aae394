//! A scenario after reading: everything in it is known to make sense by itself.

use crate::actors::{Form, Login};
use crate::amqp::command::{Permissions, Policy, TopicPermissions};
use crate::amqp::protocol::method::{ExchangeDeclare, QueueDeclare};
use crate::amqp::view::QueueKind;
use crate::amqp::{Compatibility, ExchangeName, RoutingKey, Table, UserName, VhostName};
use crate::ordered::Map;
use crate::scenario::drawing::ScenarioPatch;
use crate::scenario::error::{ScenarioError, ScenarioProblem};
use crate::scenario::node::Node;

/// A text in the two languages of the page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Localized {
    pub en: String,
    pub zh: String,
}

/// A place on the canvas.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Position {
    pub x: f64,
    pub y: f64,
}

/// A binding, by names.
#[derive(Clone, Debug, PartialEq)]
pub struct ScenarioBinding {
    pub source: ExchangeName,
    pub destination: ScenarioDestination,
    pub routing_key: RoutingKey,
    pub arguments: Table,
}

/// Where a binding leads, by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ScenarioDestination {
    Queue(crate::amqp::QueueName),
    Exchange(ExchangeName),
}

/// What is declared before any program starts.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Topology {
    pub exchanges: Vec<ExchangeDeclare>,
    pub queues: Vec<QueueDeclare>,
    pub bindings: Vec<ScenarioBinding>,
    /// In force before anything is declared.
    pub policies: Vec<Policy>,
    /// Limits what the policies of queues say; in force before anything is declared.
    pub operator_policies: Vec<Policy>,
    /// The type of a queue that is declared without one.
    pub default_queue_type: Option<QueueKind>,
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

/// Another virtual host than `/`.
#[derive(Clone, Debug, PartialEq)]
pub struct ScenarioVhost {
    pub name: VhostName,
    pub topology: Topology,
}

/// A user with what it may do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScenarioUser {
    pub name: UserName,
    pub password: String,
    pub tags: Vec<String>,
    pub permissions: Vec<(VhostName, Permissions)>,
    pub topic_permissions: Vec<(VhostName, ExchangeName, TopicPermissions)>,
}

/// How a program is drawn; the same three as the programs' own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScenarioProgramKind {
    Producer,
    Consumer,
    Program,
}

/// A program: a filled-in form, or its script as lines of text.
#[derive(Clone, Debug, PartialEq)]
pub struct ScenarioProgram {
    pub name: String,
    pub kind: ScenarioProgramKind,
    pub login: Login,
    pub colour: u8,
    pub pace_ms: u64,
    /// Milliseconds from the beginning; without, it waits to be started.
    pub start_after_ms: Option<u64>,
    pub form: Option<Form>,
    /// Empty where there is a form: then the script is that of the form.
    pub script: Vec<String>,
}

/// A playground as it is saved and shared.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Scenario {
    pub title: Localized,
    pub description: Localized,
    pub compatibility: Compatibility,
    pub seed: u64,
    /// What is declared in `/`.
    pub topology: Topology,
    /// Somebody deleted `/`.
    pub lacks_root: bool,
    pub vhosts: Vec<ScenarioVhost>,
    /// All users; without any there is guest, as RabbitMQ comes.
    pub users: Vec<ScenarioUser>,
    /// As whom the person acts, and where.
    pub login: Login,
    pub programs: Vec<ScenarioProgram>,
    /// Places of nodes: `exchange:NAME`, `queue:NAME`, `program:NAME`. What has no place is arranged.
    pub layout: Map<String, Position>,
    /// Notes and coloured groups on the canvas.
    pub drawing: Vec<ScenarioPatch>,
    /// Free text for whoever wrote it.
    pub notes: String,
}
