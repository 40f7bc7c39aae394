//! From a command to JSON, so that [`super::read`] gives it back.

use serde_json::{Map, Value as Json, json};

use super::content::{properties, put_table, text_or_bytes};
use super::operator;
use crate::actors::{Fault, ProgramId};
use crate::amqp::protocol::ClientMethod;
use crate::amqp::{self, Properties, RoutingKey, Table, VhostName};
use crate::engine::export;
use crate::engine::world::{ProgramCommand, WorldCommand};
use crate::scenario::program_to;

/// The command as JSON; none for what only a real client does (its connections are not part of a link).
pub fn write(command: &WorldCommand) -> Option<Json> {
    match command {
        WorldCommand::You(method) => client_method(method).map(Json::Object),
        WorldCommand::Program(command) => program(command),
        WorldCommand::ActAs(login) => {
            let it = Writer::of("session.login").text("user", login.user.as_str());
            Some(Json::Object(it.text("vhost", login.vhost.as_str()).0))
        }
        WorldCommand::Broker(amqp::Command::Operator(command)) => operator::write(command),
        WorldCommand::Together(commands) => {
            let commands: Option<Vec<Json>> = commands.iter().map(write).collect();
            Some(json!({ "method": "together", "commands": commands? }))
        }
        WorldCommand::Broker(_) | WorldCommand::Tick => None,
    }
}

/// An object that leaves out what is as it is without being said.
pub(super) struct Writer(pub(super) Map<String, Json>);

impl Writer {
    pub(super) fn of(method: &str) -> Writer {
        let mut object = Map::new();
        object.insert("method".to_string(), json!(method));
        Writer(object)
    }

    pub(super) fn text(mut self, key: &str, text: &str) -> Writer {
        if !text.is_empty() {
            self.0.insert(key.to_string(), json!(text));
        }
        self
    }

    pub(super) fn vhost(self, vhost: &VhostName) -> Writer {
        match vhost.as_str() {
            "/" => self,
            name => self.text("vhost", name),
        }
    }

    pub(super) fn list(mut self, key: &str, items: &[String]) -> Writer {
        if !items.is_empty() {
            self.0.insert(key.to_string(), json!(items));
        }
        self
    }

    fn key(self, key: &RoutingKey) -> Writer {
        self.text("routingKey", &key.to_text())
    }

    pub(super) fn flag(mut self, key: &str, flag: bool) -> Writer {
        if flag {
            self.0.insert(key.to_string(), json!(true));
        }
        self
    }

    pub(super) fn number(mut self, key: &str, number: u64) -> Writer {
        self.0.insert(key.to_string(), json!(number));
        self
    }

    fn arguments(mut self, table: &Table) -> Writer {
        put_table(&mut self.0, table);
        self
    }
}

fn client_method(method: &ClientMethod) -> Option<Map<String, Json>> {
    let it = Writer::of(method.name());
    let it = match method {
        ClientMethod::BasicCancel { consumer_tag, .. } => {
            it.text("consumerTag", consumer_tag.as_str())
        }
        ClientMethod::BasicAck { .. }
        | ClientMethod::BasicNack { .. }
        | ClientMethod::BasicReject { .. } => settlement(it, method),
        ClientMethod::BasicQos {
            prefetch_size,
            prefetch_count,
            global,
        } => it
            .number("prefetchCount", (*prefetch_count).into())
            .number("prefetchSize", (*prefetch_size).into())
            .flag("global", *global),
        ClientMethod::BasicRecover { requeue } => it.flag("requeue", *requeue),
        ClientMethod::ChannelFlow { active } => it.flag("active", *active),
        ClientMethod::BasicPublish(publish) => {
            let content = &publish.content;
            let mut it = it
                .text("exchange", publish.exchange.as_str())
                .key(&publish.routing_key)
                .flag("mandatory", publish.mandatory);
            if !content.body.is_empty() {
                it.0.insert("body".to_string(), text_or_bytes(&content.body));
            }
            if *content.properties != Properties::default() {
                it.0.insert("properties".to_string(), properties(&content.properties));
            }
            it
        }
        ClientMethod::BasicGet { queue, no_ack } => {
            it.text("queue", queue.as_str()).flag("noAck", *no_ack)
        }
        ClientMethod::BasicConsume(consume) => it
            .text("queue", consume.queue.as_str())
            .text("consumerTag", consume.consumer_tag.as_str())
            .flag("noAck", consume.no_ack)
            .flag("exclusive", consume.exclusive)
            .arguments(&consume.arguments),
        ClientMethod::ConfirmSelect { .. }
        | ClientMethod::TxSelect
        | ClientMethod::TxCommit
        | ClientMethod::TxRollback
        | ClientMethod::ChannelOpen
        | ClientMethod::ChannelClose { .. } => it,
        ClientMethod::ChannelFlowOk
        | ClientMethod::ChannelCloseOk
        | ClientMethod::AccessRequest
        | ClientMethod::BasicCancelOk { .. }
        | ClientMethod::BasicRecoverAsync { .. } => return None,
        ClientMethod::ExchangeDeclare(_)
        | ClientMethod::ExchangeDelete { .. }
        | ClientMethod::ExchangeBind { .. }
        | ClientMethod::ExchangeUnbind { .. }
        | ClientMethod::QueueDeclare(_)
        | ClientMethod::QueueBind { .. }
        | ClientMethod::QueueUnbind { .. }
        | ClientMethod::QueuePurge { .. }
        | ClientMethod::QueueDelete { .. } => declaration(it, method),
    };
    Some(it.0)
}

/// What becomes of a delivery.
fn settlement(it: Writer, method: &ClientMethod) -> Writer {
    match method {
        ClientMethod::BasicAck {
            delivery_tag,
            multiple,
        } => it
            .number("deliveryTag", delivery_tag.0)
            .flag("multiple", *multiple),
        ClientMethod::BasicNack {
            delivery_tag,
            multiple,
            requeue,
        } => it
            .number("deliveryTag", delivery_tag.0)
            .flag("multiple", *multiple)
            .flag("requeue", *requeue),
        ClientMethod::BasicReject {
            delivery_tag,
            requeue,
        } => it
            .number("deliveryTag", delivery_tag.0)
            .flag("requeue", *requeue),
        _ => it,
    }
}

/// The methods of exchanges and queues.
fn declaration(it: Writer, method: &ClientMethod) -> Writer {
    match method {
        ClientMethod::ExchangeDeclare(declare) => it
            .text("exchange", declare.exchange.as_str())
            .text("type", &declare.kind)
            .flag("passive", declare.passive)
            .flag("durable", declare.durable)
            .flag("autoDelete", declare.auto_delete)
            .flag("internal", declare.internal)
            .arguments(&declare.arguments),
        ClientMethod::ExchangeDelete {
            exchange,
            if_unused,
            ..
        } => it
            .text("exchange", exchange.as_str())
            .flag("ifUnused", *if_unused),
        ClientMethod::ExchangeBind {
            destination,
            source,
            routing_key,
            arguments,
            ..
        }
        | ClientMethod::ExchangeUnbind {
            destination,
            source,
            routing_key,
            arguments,
            ..
        } => it
            .text("destination", destination.as_str())
            .text("source", source.as_str())
            .key(routing_key)
            .arguments(arguments),
        ClientMethod::QueueDeclare(declare) => it
            .text("queue", declare.queue.as_str())
            .flag("passive", declare.passive)
            .flag("durable", declare.durable)
            .flag("exclusive", declare.exclusive)
            .flag("autoDelete", declare.auto_delete)
            .arguments(&declare.arguments),
        ClientMethod::QueueBind {
            queue,
            exchange,
            routing_key,
            arguments,
            ..
        }
        | ClientMethod::QueueUnbind {
            queue,
            exchange,
            routing_key,
            arguments,
        } => it
            .text("queue", queue.as_str())
            .text("exchange", exchange.as_str())
            .key(routing_key)
            .arguments(arguments),
        ClientMethod::QueuePurge { queue, .. } => it.text("queue", queue.as_str()),
        ClientMethod::QueueDelete {
            queue,
            if_unused,
            if_empty,
            ..
        } => it
            .text("queue", queue.as_str())
            .flag("ifUnused", *if_unused)
            .flag("ifEmpty", *if_empty),
        _ => it,
    }
}

fn program(command: &ProgramCommand) -> Option<Json> {
    let about = |what: &str, program: &ProgramId| {
        let it = Writer::of(what).number("by", program.0.into());
        Some(Json::Object(it.0))
    };
    match command {
        ProgramCommand::Add { program, spec } => {
            let mut json = program_to(&export::program(spec));
            let object = json.as_object_mut()?;
            object.insert("method".to_string(), json!("program.add"));
            object.insert("number".to_string(), json!(program.0));
            Some(json)
        }
        ProgramCommand::Edit { program, spec } => {
            let mut json = program_to(&export::program(spec));
            let object = json.as_object_mut()?;
            object.insert("method".to_string(), json!("program.edit"));
            object.insert("by".to_string(), json!(program.0));
            Some(json)
        }
        ProgramCommand::Fault { program, fault } => {
            let it = Writer::of("program.fault").number("by", program.0.into());
            let it = match fault {
                Fault::Slow(factor) => it.text("fault", "slow").number("factor", (*factor).into()),
                other => it.text("fault", &other.to_string()),
            };
            Some(Json::Object(it.0))
        }
        ProgramCommand::Remove { program } => about("program.remove", program),
        ProgramCommand::Crash { program } => about("program.crash", program),
        ProgramCommand::Restart { program } => about("program.restart", program),
        ProgramCommand::Close { program } => about("program.close", program),
        ProgramCommand::Call { program, method } => {
            let mut object = client_method(method)?;
            object.insert("by".to_string(), json!(program.0));
            Some(Json::Object(object))
        }
    }
}
