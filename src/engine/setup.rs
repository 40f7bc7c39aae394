//! From a scenario to the inputs that build it, and whether the broker took them.

use std::rc::Rc;

use crate::actors::{Login, ProgramId, ProgramKind, ProgramSpec, Script};
use crate::amqp::command::{Capabilities, Connect, OperatorCommand, Password, Peer};
use crate::amqp::event::{ChannelEnd, ConnectionEnd};
use crate::amqp::protocol::ClientMethod;
use crate::amqp::{ChannelId, ChannelNumber, Command, Event, UserName, VhostName};
use crate::engine::administration;
use crate::engine::world::{
    ProgramCommand, ProgramEvent, SETUP_CONNECTION, WorldCommand, WorldEvent,
};
use crate::scenario::{
    Scenario, ScenarioBinding, ScenarioDestination, ScenarioError, ScenarioProblem,
    ScenarioProgram, ScenarioProgramKind, Topology,
};

/// One input, and the place in the scenario that asks for it.
pub struct SetupStep {
    pub path: String,
    pub command: WorldCommand,
}

/// The channel on which the topology is declared.
const CHANNEL: ChannelId = ChannelId {
    connection: SETUP_CONNECTION,
    number: ChannelNumber(1),
};

/// The inputs that build `scenario`, in order.
pub fn steps(scenario: &Scenario) -> Result<Vec<SetupStep>, ScenarioError> {
    let mut steps = Vec::new();
    let mut push = |path: String, command: Command| {
        steps.push(SetupStep {
            path,
            command: WorldCommand::Broker(command),
        });
    };
    let root = VhostName::from("/");
    if scenario.topology != Topology::default() {
        declare(&scenario.topology, &root, "$.topology", &mut push);
    }
    for (index, vhost) in scenario.vhosts.iter().enumerate() {
        let path = format!("$.vhosts[{index}]");
        administration::open(&vhost.name, &path, &mut push);
        if vhost.topology != Topology::default() {
            declare(
                &vhost.topology,
                &vhost.name,
                &format!("{path}.topology"),
                &mut push,
            );
        }
    }
    administration::users(scenario, &mut push);
    if scenario.lacks_root {
        let command = OperatorCommand::DeleteVhost { vhost: root };
        push("$.topology".to_string(), Command::Operator(command));
    }
    if scenario.login != Login::default() {
        steps.push(SetupStep {
            path: "$.login".to_string(),
            command: WorldCommand::ActAs(scenario.login.clone()),
        });
    }
    for (index, program) in scenario.programs.iter().enumerate() {
        let path = format!("$.programs[{index}]");
        steps.push(add(&path, index, program)?);
    }
    Ok(steps)
}

/// Whether the broker took what stands at `path`.
pub fn check(path: &str, events: &[WorldEvent]) -> Result<(), ScenarioError> {
    for event in events {
        let reply_text = match event {
            WorldEvent::Broker(Event::ChannelClosed {
                end: ChannelEnd::Exception(exception),
                ..
            })
            | WorldEvent::Broker(Event::ConnectionClosed {
                end: ConnectionEnd::Exception(exception),
                ..
            }) => format!("{} {}", exception.code.code(), exception.reply_text()),
            WorldEvent::Broker(Event::LimitReached { what, limit }) => {
                format!("{what}: there may be {limit}")
            }
            WorldEvent::Broker(Event::Ignored { why }) => why.to_string(),
            WorldEvent::Program(ProgramEvent::Refused { why, .. }) => why.to_string(),
            WorldEvent::Broker(_) | WorldEvent::Program(_) => continue,
        };
        return Err(ScenarioError {
            path: path.to_string(),
            problem: ScenarioProblem::Broker { reply_text },
        });
    }
    Ok(())
}

fn declare(
    topology: &Topology,
    vhost: &VhostName,
    path: &str,
    push: &mut impl FnMut(String, Command),
) {
    if topology.default_queue_type.is_some() {
        let command = OperatorCommand::SetDefaultQueueType {
            vhost: vhost.clone(),
            kind: topology.default_queue_type,
        };
        push(
            format!("{path}.defaultQueueType"),
            Command::Operator(command),
        );
    }
    for (index, policy) in topology.policies.iter().enumerate() {
        let command = OperatorCommand::SetPolicy(policy.clone());
        push(
            format!("{path}.policies[{index}]"),
            Command::Operator(command),
        );
    }
    for (index, policy) in topology.operator_policies.iter().enumerate() {
        let command = OperatorCommand::SetOperatorPolicy(policy.clone());
        push(
            format!("{path}.operatorPolicies[{index}]"),
            Command::Operator(command),
        );
    }
    push(path.to_string(), connect(vhost));
    let mut call = |path: String, method| push(path, Command::call(CHANNEL, method));
    call(path.to_string(), ClientMethod::ChannelOpen);
    for (index, exchange) in topology.exchanges.iter().enumerate() {
        let method = ClientMethod::ExchangeDeclare(exchange.clone());
        call(format!("{path}.exchanges[{index}]"), method);
    }
    for (index, queue) in topology.queues.iter().enumerate() {
        let method = ClientMethod::QueueDeclare(queue.clone());
        call(format!("{path}.queues[{index}]"), method);
    }
    for (index, binding) in topology.bindings.iter().enumerate() {
        call(format!("{path}.bindings[{index}]"), bind(binding));
    }
    push(
        path.to_string(),
        Command::CloseConnection {
            connection: SETUP_CONNECTION,
            code: 200,
            text: "Normal shutdown".to_string(),
        },
    );
}

fn connect(vhost: &VhostName) -> Command {
    Command::Connect(Box::new(Connect {
        connection: SETUP_CONNECTION,
        name: "scenario".to_string(),
        user: UserName::from("guest"),
        password: Password::Trusted,
        vhost: vhost.clone(),
        capabilities: Capabilities::ALL,
        peer: Peer::Loopback,
    }))
}

fn bind(binding: &ScenarioBinding) -> ClientMethod {
    let source = binding.source.clone();
    let routing_key = binding.routing_key.clone();
    let arguments = binding.arguments.clone();
    let nowait = false;
    match &binding.destination {
        ScenarioDestination::Queue(queue) => ClientMethod::QueueBind {
            queue: queue.clone(),
            exchange: source,
            routing_key,
            nowait,
            arguments,
        },
        ScenarioDestination::Exchange(destination) => ClientMethod::ExchangeBind {
            destination: destination.clone(),
            source,
            routing_key,
            nowait,
            arguments,
        },
    }
}

fn add(path: &str, index: usize, program: &ScenarioProgram) -> Result<SetupStep, ScenarioError> {
    Script::parse(&script_of(program)).map_err(|error| ScenarioError {
        path: format!("{path}.script"),
        problem: ScenarioProblem::Script {
            program: program.name.clone(),
            error: Box::new(error),
        },
    })?;
    let number = u32::try_from(index).unwrap_or(u32::MAX - 1) + 1;
    Ok(SetupStep {
        path: path.to_string(),
        command: WorldCommand::Program(ProgramCommand::Add {
            program: ProgramId(number),
            spec: Rc::new(spec(program)),
        }),
    })
}

/// Its own lines, or those of its form.
fn script_of(program: &ScenarioProgram) -> String {
    match &program.form {
        Some(form) => form.script(),
        None => program.script.join("\n"),
    }
}

/// What a program of a scenario is before it runs.
pub fn spec(program: &ScenarioProgram) -> ProgramSpec {
    ProgramSpec {
        name: program.name.as_str().into(),
        kind: match program.kind {
            ScenarioProgramKind::Producer => ProgramKind::Producer,
            ScenarioProgramKind::Consumer => ProgramKind::Consumer,
            ScenarioProgramKind::Program => ProgramKind::Program,
        },
        login: program.login.clone(),
        colour: program.colour,
        script: script_of(program).into(),
        form: program.form.clone().map(Rc::new),
        pace_ms: program.pace_ms,
        start_after_ms: program.start_after_ms,
    }
}
