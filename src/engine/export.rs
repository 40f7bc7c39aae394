//! What stands now as a scenario: what is declared and the programs, not the messages.

use crate::actors::{Login, ProgramKind, ProgramSpec};
use crate::amqp::command::Policy;
use crate::amqp::protocol::method::{ExchangeDeclare, QueueDeclare};
use crate::amqp::view::{Binding, ExchangeView, QueueView, View};
use crate::amqp::{self, Destination, ExchangeId, Table, VhostName};
use crate::engine::administration;
use crate::engine::world::World;
use crate::ordered::sort_by;
use crate::scenario::{
    Scenario, ScenarioBinding, ScenarioDestination, ScenarioProgram, ScenarioProgramKind,
    ScenarioVhost, Topology,
};

/// The exchanges and queues that anybody can declare again, their bindings, policies, users, and the programs. Exclusive
/// and server-named queues are left out: they are their program's own, and it makes them anew.
pub fn scenario(config: &amqp::Config, world: &World) -> Scenario {
    let view = world.broker().view();
    let root = Login::default().vhost;
    let others = view.vhosts.iter().filter(|vhost| **vhost != root);
    let vhosts = others.map(|vhost| ScenarioVhost {
        name: vhost.clone(),
        topology: topology(&view, vhost),
    });
    Scenario {
        compatibility: config.compatibility,
        seed: config.seed,
        topology: topology(&view, &root),
        lacks_root: !view.vhosts.contains(&root),
        vhosts: vhosts.collect(),
        users: administration::users_of(world.broker(), &view),
        login: world.login().clone(),
        programs: world.programs().map(|(_, it)| program(it.spec())).collect(),
        ..Scenario::default()
    }
}

fn topology(view: &View, vhost: &VhostName) -> Topology {
    let queues = view.queues.iter();
    let queues: Vec<&QueueView> = queues
        .filter(|it| it.id.vhost() == vhost && is_common(it))
        .collect();
    let is_kept = |binding: &Binding| match &binding.destination {
        Destination::Queue(id) => queues.iter().any(|queue| queue.id == *id),
        Destination::Exchange(_) => true,
    };
    let policies = |all: &[Policy]| -> Vec<Policy> {
        let here = all.iter().filter(|it| it.vhost == *vhost);
        here.cloned().collect()
    };
    let kinds = view.default_queue_types.iter();
    Topology {
        exchanges: view
            .exchanges
            .iter()
            .filter(|it| it.id.vhost() == vhost && !is_predeclared(&it.id))
            .map(exchange)
            .collect(),
        bindings: view
            .bindings
            .iter()
            .filter(|it| it.source.vhost() == vhost)
            .filter(|it| !it.source.as_str().is_empty() && is_kept(it))
            .map(|it| binding(it))
            .collect(),
        queues: queues.iter().map(|it| queue(it)).collect(),
        policies: policies(&view.policies),
        operator_policies: policies(&view.operator_policies),
        default_queue_type: kinds
            .clone()
            .find(|(known, _)| known == vhost)
            .map(|(_, kind)| *kind),
    }
}

fn is_predeclared(exchange: &ExchangeId) -> bool {
    exchange.as_str().is_empty() || exchange.as_str().starts_with("amq.")
}

fn is_common(queue: &QueueView) -> bool {
    queue.exclusive.is_none() && !queue.id.as_str().starts_with("amq.")
}

fn exchange(view: &ExchangeView) -> ExchangeDeclare {
    ExchangeDeclare {
        exchange: view.id.name(),
        kind: view.kind.as_str().to_string(),
        passive: false,
        durable: view.durable,
        auto_delete: view.auto_delete,
        internal: view.internal,
        nowait: false,
        arguments: sorted(&view.arguments),
    }
}

fn queue(view: &QueueView) -> QueueDeclare {
    QueueDeclare {
        queue: view.id.name(),
        passive: false,
        durable: view.durable,
        exclusive: false,
        auto_delete: view.auto_delete,
        nowait: false,
        arguments: sorted(&view.arguments),
    }
}

/// By key, as the fields of a JSON object are.
fn sorted(table: &Table) -> Table {
    let mut table = table.clone();
    sort_by(&mut table.0, |a, b| a.0.cmp(&b.0));
    table
}

fn binding(binding: &Binding) -> ScenarioBinding {
    ScenarioBinding {
        source: binding.source.name(),
        destination: match &binding.destination {
            Destination::Queue(queue) => ScenarioDestination::Queue(queue.name()),
            Destination::Exchange(exchange) => ScenarioDestination::Exchange(exchange.name()),
        },
        routing_key: binding.routing_key.clone(),
        arguments: sorted(&binding.arguments),
    }
}

/// A program as it was before it ran.
pub(super) fn program(spec: &ProgramSpec) -> ScenarioProgram {
    ScenarioProgram {
        name: spec.name.to_string(),
        kind: match spec.kind {
            ProgramKind::Producer => ScenarioProgramKind::Producer,
            ProgramKind::Consumer => ScenarioProgramKind::Consumer,
            ProgramKind::Program => ScenarioProgramKind::Program,
        },
        login: spec.login.clone(),
        colour: spec.colour,
        pace_ms: spec.pace_ms,
        start_after_ms: spec.start_after_ms,
        script: match &spec.form {
            Some(_) => Vec::new(),
            None => spec.script.lines().map(str::to_string).collect(),
        },
        form: spec.form.as_deref().cloned(),
    }
}
