//! What stands now as a scenario: what is declared and the programs, not the messages.

use crate::actors::{Login, ProgramKind, ProgramSpec};
use crate::amqp::protocol::method::{ExchangeDeclare, QueueDeclare};
use crate::amqp::view::{Binding, ExchangeView, QueueView, View};
use crate::amqp::{self, Destination, ExchangeId, Table};
use crate::engine::world::World;
use crate::ordered::sort_by;
use crate::scenario::{
    Scenario, ScenarioBinding, ScenarioDestination, ScenarioProgram, ScenarioProgramKind, Topology,
};

/// The exchanges and queues that anybody can declare again, their bindings, and the programs. Exclusive and
/// server-named queues are left out: they are their program's own, and it makes them anew.
///
/// A scenario has one virtual host and one user, as its format says: what stands in the virtual host in which the
/// person is becomes that of `/`, and every program connects as guest.
pub fn scenario(config: &amqp::Config, world: &World) -> Scenario {
    let mut view = world.broker().view();
    let here = &world.login().vhost;
    view.exchanges.retain(|it| it.id.vhost() == here);
    view.queues.retain(|it| it.id.vhost() == here);
    view.bindings.retain(|it| it.source.vhost() == here);
    view.policies.retain(|it| it.vhost == *here);
    for policy in &mut view.policies {
        policy.vhost = Login::default().vhost;
    }
    let programs = world.programs().map(|(_, program)| program.spec());
    let programs = programs.filter(|spec| spec.login.vhost == *here);
    Scenario {
        compatibility: config.compatibility,
        seed: config.seed,
        topology: topology(&view),
        programs: programs
            .map(|spec| ScenarioProgram {
                login: Login::default(),
                ..program(spec)
            })
            .collect(),
        ..Scenario::default()
    }
}

fn topology(view: &View) -> Topology {
    let queues: Vec<&QueueView> = view.queues.iter().filter(|q| is_common(q)).collect();
    let is_kept = |binding: &Binding| match &binding.destination {
        Destination::Queue(id) => queues.iter().any(|queue| queue.id == *id),
        Destination::Exchange(_) => true,
    };
    Topology {
        exchanges: view
            .exchanges
            .iter()
            .filter(|exchange| !is_predeclared(&exchange.id))
            .map(exchange)
            .collect(),
        bindings: view
            .bindings
            .iter()
            .filter(|binding| !binding.source.as_str().is_empty() && is_kept(binding))
            .map(|binding| self::binding(binding))
            .collect(),
        queues: queues.into_iter().map(queue).collect(),
        policies: view.policies.clone(),
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
