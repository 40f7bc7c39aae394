//! From JSON to a command.

use std::rc::Rc;

use serde_json::Value as Json;

use super::content::{bytes, read_properties};
use super::operator;
use crate::actors::{Fault, Login, ProgramId, ProgramSpec, ProgramView, Script};
use crate::amqp::protocol::ClientMethod;
use crate::amqp::protocol::method::{BasicConsume, BasicPublish, ExchangeDeclare, QueueDeclare};
use crate::amqp::{self, Content, DeliveryTag, RoutingKey, UserName, VhostName};
use crate::engine::setup;
use crate::engine::world::{ProgramCommand, WorldCommand};
use crate::scenario::node::{Node, Object};
use crate::scenario::{ScenarioError, ScenarioProblem, program_from, value};

/// What a number of JavaScript holds exactly.
const MAX_NUMBER: u64 = (1 << 53) - 1;

/// Finds a program by its name.
type Named<'a> = &'a dyn Fn(&str) -> Option<ProgramId>;

/// Reads a command; `named` knows the programs of this playground.
pub fn read(json: &Json, named: Named<'_>) -> Result<WorldCommand, ScenarioError> {
    read_one(&Node::root(json), named)
}

fn read_one(root: &Node<'_>, named: Named<'_>) -> Result<WorldCommand, ScenarioError> {
    let any = root.any_object()?;
    let method = any.need("method")?;
    let name = method.text()?;
    if let Some(what) = name.strip_prefix("program.") {
        return program(what, root, &any, named);
    }
    if let Some(what) = name.strip_prefix("operator.") {
        let command = operator::read(what, root, &method)?;
        return Ok(WorldCommand::Broker(amqp::Command::Operator(command)));
    }
    if name == "together" {
        let items = root.object(&["method", "commands"])?.items("commands")?;
        let commands = items.iter().map(|item| read_one(item, named));
        return Ok(WorldCommand::Together(commands.collect::<Result<_, _>>()?));
    }
    if name == "session.login" {
        let it = Fields::of(root, &["user", "vhost"])?;
        let known = Login::default();
        return Ok(WorldCommand::ActAs(Login {
            user: it
                .0
                .get("user")
                .map_or(Ok(known.user), |n| n.name().map(UserName::from))?,
            vhost: it
                .0
                .get("vhost")
                .map_or(Ok(known.vhost), |n| n.name().map(VhostName::from))?,
        }));
    }
    let by = by(&any, named)?;
    let call = client_method(name, root, &method)?;
    Ok(match by {
        Some(program) => WorldCommand::Program(ProgramCommand::Call {
            program,
            method: call,
        }),
        None => WorldCommand::You(call),
    })
}

/// Reads a command as a script means it, which knows the programs that are there by their names. What it does not say of
/// the user, the virtual host and the colour of a program that it edits stays as it is.
pub fn read_among(programs: &[ProgramView], json: &Json) -> Result<WorldCommand, ScenarioError> {
    let named = |name: &str| {
        let found = programs.iter().find(|program| &*program.name == name);
        found.map(|program| program.id)
    };
    let mut command = read(json, &named)?;
    if let WorldCommand::Program(ProgramCommand::Edit { program, spec }) = &mut command
        && let Some(known) = programs.iter().find(|it| it.id == *program)
    {
        let says = |key: &str| json.get(key).is_some();
        let spec = Rc::make_mut(spec);
        if !says("user") {
            spec.login.user = known.login.user.clone();
        }
        if !says("vhost") {
            spec.login.vhost = known.login.vhost.clone();
        }
        if !says("colour") {
            spec.colour = known.colour;
        }
    }
    Ok(command)
}

pub(super) fn no_such(method: &Node<'_>) -> ScenarioError {
    method.wrong("a method such as queue.declare, basic.publish or program.add")
}

fn by(object: &Object<'_>, named: Named<'_>) -> Result<Option<ProgramId>, ScenarioError> {
    let Some(node) = object.get("by") else {
        return Ok(None);
    };
    let found = match node.value().as_u64() {
        Some(number) => u32::try_from(number).ok().map(ProgramId),
        None => node.value().as_str().and_then(named),
    };
    match found {
        Some(program) => Ok(Some(program)),
        None => Err(node.wrong("a program of this playground, by its name or number")),
    }
}

/// An object with the fields of one method, besides those that all have.
pub(super) struct Fields<'a>(pub(super) Object<'a>);

impl<'a> Fields<'a> {
    pub(super) fn of(root: &Node<'a>, own: &[&str]) -> Result<Fields<'a>, ScenarioError> {
        let mut known = vec!["method", "by"];
        known.extend(own);
        root.object(&known).map(Fields)
    }

    pub(super) fn name(&self, key: &str) -> Result<&'a str, ScenarioError> {
        self.0.get(key).map_or(Ok(""), |node| node.name())
    }

    fn key(&self) -> Result<RoutingKey, ScenarioError> {
        self.name("routingKey").map(RoutingKey::from)
    }

    pub(super) fn flag(&self, key: &str) -> Result<bool, ScenarioError> {
        self.0.flag(key)
    }

    fn number(&self, key: &str, most: u64) -> Result<u64, ScenarioError> {
        self.0.get(key).map_or(Ok(0), |node| node.number(most))
    }

    fn tag(&self) -> Result<DeliveryTag, ScenarioError> {
        let tag = self.0.need("deliveryTag")?.number(MAX_NUMBER)?;
        Ok(DeliveryTag(tag))
    }

    fn arguments(&self) -> Result<amqp::Table, ScenarioError> {
        value::arguments(&self.0)
    }
}

fn client_method(
    name: &str,
    root: &Node<'_>,
    method: &Node<'_>,
) -> Result<ClientMethod, ScenarioError> {
    let fields = |own: &[&str]| Fields::of(root, own);
    Ok(match name {
        "basic.cancel" => ClientMethod::BasicCancel {
            consumer_tag: fields(&["consumerTag"])?.name("consumerTag")?.into(),
            nowait: false,
        },
        "basic.ack" => {
            let it = fields(&["deliveryTag", "multiple"])?;
            ClientMethod::BasicAck {
                delivery_tag: it.tag()?,
                multiple: it.flag("multiple")?,
            }
        }
        "basic.nack" => {
            let it = fields(&["deliveryTag", "multiple", "requeue"])?;
            ClientMethod::BasicNack {
                delivery_tag: it.tag()?,
                multiple: it.flag("multiple")?,
                requeue: it.flag("requeue")?,
            }
        }
        "basic.reject" => {
            let it = fields(&["deliveryTag", "requeue"])?;
            ClientMethod::BasicReject {
                delivery_tag: it.tag()?,
                requeue: it.flag("requeue")?,
            }
        }
        "basic.qos" => {
            let it = fields(&["prefetchCount", "prefetchSize", "global"])?;
            ClientMethod::BasicQos {
                prefetch_count: it.number("prefetchCount", u16::MAX.into())? as u16,
                prefetch_size: it.number("prefetchSize", u32::MAX.into())? as u32,
                global: it.flag("global")?,
            }
        }
        "basic.recover" => ClientMethod::BasicRecover {
            requeue: fields(&["requeue"])?.flag("requeue")?,
        },
        "confirm.select" => fields(&[]).map(|_| ClientMethod::ConfirmSelect { nowait: false })?,
        "tx.select" => fields(&[]).map(|_| ClientMethod::TxSelect)?,
        "tx.commit" => fields(&[]).map(|_| ClientMethod::TxCommit)?,
        "tx.rollback" => fields(&[]).map(|_| ClientMethod::TxRollback)?,
        "channel.open" => fields(&[]).map(|_| ClientMethod::ChannelOpen)?,
        "channel.close" => fields(&[]).map(|_| ClientMethod::ChannelClose {
            code: 200,
            text: "Normal shutdown".to_string(),
        })?,
        "channel.flow" => ClientMethod::ChannelFlow {
            active: fields(&["active"])?.flag("active")?,
        },
        "basic.publish" => publish(root)?,
        "basic.get" => {
            let it = fields(&["queue", "noAck"])?;
            ClientMethod::BasicGet {
                queue: it.name("queue")?.into(),
                no_ack: it.flag("noAck")?,
            }
        }
        "basic.consume" => consume(root)?,
        _ => match declaration(name, root)? {
            Some(declaration) => declaration,
            None => return Err(no_such(method)),
        },
    })
}

/// The methods of exchanges and queues.
fn declaration(name: &str, root: &Node<'_>) -> Result<Option<ClientMethod>, ScenarioError> {
    let fields = |own: &[&str]| Fields::of(root, own);
    let nowait = false;
    Ok(Some(match name {
        "exchange.declare" => declare_exchange(root)?,
        "queue.declare" => declare_queue(root)?,
        "exchange.delete" => {
            let it = fields(&["exchange", "ifUnused"])?;
            ClientMethod::ExchangeDelete {
                exchange: it.name("exchange")?.into(),
                if_unused: it.flag("ifUnused")?,
                nowait,
            }
        }
        "exchange.bind" | "exchange.unbind" => {
            let it = fields(&["destination", "source", "routingKey", "arguments"])?;
            let destination = it.name("destination")?.into();
            let source = it.name("source")?.into();
            let (routing_key, arguments) = (it.key()?, it.arguments()?);
            match name {
                "exchange.bind" => ClientMethod::ExchangeBind {
                    destination,
                    source,
                    routing_key,
                    nowait,
                    arguments,
                },
                _ => ClientMethod::ExchangeUnbind {
                    destination,
                    source,
                    routing_key,
                    nowait,
                    arguments,
                },
            }
        }
        "queue.bind" | "queue.unbind" => {
            let it = fields(&["queue", "exchange", "routingKey", "arguments"])?;
            let (queue, exchange) = (it.name("queue")?.into(), it.name("exchange")?.into());
            let (routing_key, arguments) = (it.key()?, it.arguments()?);
            match name {
                "queue.bind" => ClientMethod::QueueBind {
                    queue,
                    exchange,
                    routing_key,
                    nowait,
                    arguments,
                },
                _ => ClientMethod::QueueUnbind {
                    queue,
                    exchange,
                    routing_key,
                    arguments,
                },
            }
        }
        "queue.purge" => ClientMethod::QueuePurge {
            queue: fields(&["queue"])?.name("queue")?.into(),
            nowait,
        },
        "queue.delete" => {
            let it = fields(&["queue", "ifUnused", "ifEmpty"])?;
            ClientMethod::QueueDelete {
                queue: it.name("queue")?.into(),
                if_unused: it.flag("ifUnused")?,
                if_empty: it.flag("ifEmpty")?,
                nowait,
            }
        }
        _ => return Ok(None),
    }))
}

fn declare_exchange(root: &Node<'_>) -> Result<ClientMethod, ScenarioError> {
    let it = Fields::of(
        root,
        &[
            "exchange",
            "type",
            "passive",
            "durable",
            "autoDelete",
            "internal",
            "arguments",
        ],
    )?;
    Ok(ClientMethod::ExchangeDeclare(ExchangeDeclare {
        exchange: it.name("exchange")?.into(),
        kind: match it.name("type")? {
            "" => "direct".to_string(),
            kind => kind.to_string(),
        },
        passive: it.flag("passive")?,
        durable: it.flag("durable")?,
        auto_delete: it.flag("autoDelete")?,
        internal: it.flag("internal")?,
        nowait: false,
        arguments: it.arguments()?,
    }))
}

fn declare_queue(root: &Node<'_>) -> Result<ClientMethod, ScenarioError> {
    let it = Fields::of(
        root,
        &[
            "queue",
            "passive",
            "durable",
            "exclusive",
            "autoDelete",
            "arguments",
        ],
    )?;
    Ok(ClientMethod::QueueDeclare(QueueDeclare {
        queue: it.name("queue")?.into(),
        passive: it.flag("passive")?,
        durable: it.flag("durable")?,
        exclusive: it.flag("exclusive")?,
        auto_delete: it.flag("autoDelete")?,
        nowait: false,
        arguments: it.arguments()?,
    }))
}

fn publish(root: &Node<'_>) -> Result<ClientMethod, ScenarioError> {
    let it = Fields::of(
        root,
        &["exchange", "routingKey", "body", "mandatory", "properties"],
    )?;
    let properties = it.0.get("properties").map(|node| read_properties(&node));
    let body = it.0.get("body").map(|node| bytes(&node));
    Ok(ClientMethod::BasicPublish(Box::new(BasicPublish {
        exchange: it.name("exchange")?.into(),
        routing_key: it.key()?,
        mandatory: it.flag("mandatory")?,
        immediate: false,
        content: Content {
            properties: Rc::new(properties.transpose()?.unwrap_or_default()),
            body: body.transpose()?.unwrap_or_default().into(),
        },
    })))
}

fn consume(root: &Node<'_>) -> Result<ClientMethod, ScenarioError> {
    let it = Fields::of(
        root,
        &["queue", "consumerTag", "noAck", "exclusive", "arguments"],
    )?;
    Ok(ClientMethod::BasicConsume(BasicConsume {
        queue: it.name("queue")?.into(),
        consumer_tag: it.name("consumerTag")?.into(),
        no_local: false,
        no_ack: it.flag("noAck")?,
        exclusive: it.flag("exclusive")?,
        nowait: false,
        arguments: it.arguments()?,
    }))
}

fn program(
    what: &str,
    root: &Node<'_>,
    any: &Object<'_>,
    named: Named<'_>,
) -> Result<WorldCommand, ScenarioError> {
    if what == "add" {
        // A number of its own is only there in a run that is played again.
        let number = any
            .get("number")
            .map_or(Ok(0), |n| n.number(u32::MAX.into()))?;
        let program = ProgramId(number as u32);
        let spec = spec(root, &["method", "number"])?;
        return Ok(WorldCommand::Program(ProgramCommand::Add { program, spec }));
    }
    let Some(program) = by(any, named)? else {
        any.need("by")?;
        return Err(no_such(&any.need("method")?));
    };
    if what == "edit" {
        let spec = spec(root, &["method", "by"])?;
        return Ok(WorldCommand::Program(ProgramCommand::Edit {
            program,
            spec,
        }));
    }
    let own: &[&str] = if what == "fault" {
        &["fault", "factor"]
    } else {
        &[]
    };
    let it = Fields::of(root, own)?;
    Ok(WorldCommand::Program(match what {
        "remove" => ProgramCommand::Remove { program },
        "crash" => ProgramCommand::Crash { program },
        "restart" => ProgramCommand::Restart { program },
        "close" => ProgramCommand::Close { program },
        "fault" => ProgramCommand::Fault {
            program,
            fault: fault(&it)?,
        },
        _ => return Err(no_such(&any.need("method")?)),
    }))
}

/// A program whose script is sound.
fn spec(root: &Node<'_>, other: &[&str]) -> Result<Rc<ProgramSpec>, ScenarioError> {
    let program = program_from(root, other)?;
    let spec = setup::spec(&program);
    Script::parse(&spec.script).map_err(|error| {
        let problem = ScenarioProblem::Script {
            program: program.name.clone(),
            error: Box::new(error),
        };
        ScenarioError::new("$.script", problem)
    })?;
    Ok(Rc::new(spec))
}

fn fault(it: &Fields<'_>) -> Result<Fault, ScenarioError> {
    let node = it.0.need("fault")?;
    Ok(match node.text()? {
        "kill" => Fault::Kill,
        "drop" => Fault::Drop,
        "close-channel" => Fault::CloseChannel,
        "hang" => Fault::Hang,
        "resume" => Fault::Resume,
        "slow" => Fault::Slow(it.0.need("factor")?.number(1_000)?.max(1) as u32),
        "before-ack" => Fault::BeforeAck,
        _ => {
            return Err(node.wrong(
                "kill, drop, close-channel, hang, resume, slow (with a factor) or before-ack",
            ));
        }
    })
}
