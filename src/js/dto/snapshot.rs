//! The world as it is, as one plain value.

use serde_json::{Value, json};

use super::{channel, message};
use crate::actors::{ProgramKind, ProgramState, ProgramView};
use crate::amqp::Destination;
use crate::amqp::view::{ChannelMode, ChannelView, ConsumerView, QueueKind, QueueView, View};
use crate::engine::{Cursor, WorldView};
use crate::js::value::number;
use crate::scenario::value::write_table;

/// Everything that stands, and where the run is.
pub fn snapshot(world: &WorldView, cursor: &Cursor) -> Value {
    let view = &*world.broker;
    let mut value = json!({
        "version": 1,
        "now": number(cursor.now.as_ms()),
        "steps": cursor.index,
        "exchanges": exchanges(view),
        "queues": view.queues.iter().map(queue).collect::<Vec<_>>(),
        "bindings": bindings(view),
        "programs": world.programs.iter().map(program).collect::<Vec<_>>(),
    });
    let connections = view.connections.iter().map(|connection| {
        json!({
            "id": connection.id.0,
            "name": &*connection.name,
            "user": connection.user.as_str(),
            "blocked": connection.blocked,
            "channels": connection.channels.iter().map(open_channel).collect::<Vec<_>>(),
        })
    });
    value["connections"] = connections.collect();
    value["alarms"] = json!({ "memory": view.memory_alarm, "disk": view.disk_alarm });
    value
}

fn exchanges(view: &View) -> Value {
    let exchanges = view.exchanges.iter().map(|exchange| {
        json!({
            "name": exchange.id.as_str(),
            "type": exchange.kind.as_str(),
            "durable": exchange.durable,
            "autoDelete": exchange.auto_delete,
            "internal": exchange.internal,
            "arguments": write_table(&exchange.arguments),
            "alternate": exchange.alternate.as_ref().map(|id| id.as_str()),
        })
    });
    exchanges.collect()
}

fn bindings(view: &View) -> Value {
    let bindings = view.bindings.iter().map(|binding| {
        let (kind, name) = match &binding.destination {
            Destination::Queue(queue) => ("queue", queue.as_str()),
            Destination::Exchange(exchange) => ("exchange", exchange.as_str()),
        };
        json!({
            "exchange": binding.source.as_str(),
            "toKind": kind,
            "to": name,
            "routingKey": binding.routing_key.to_text(),
            "arguments": write_table(&binding.arguments),
        })
    });
    bindings.collect()
}

fn queue(queue: &QueueView) -> Value {
    let head = queue.head.iter().map(|ready| {
        json!({
            "message": message(&ready.message),
            "redelivered": ready.redelivered,
            "expiresAt": ready.expires_at.map(|at| number(at.as_ms())),
        })
    });
    json!({
        "name": queue.id.as_str(),
        "type": match queue.kind {
            QueueKind::Classic => "classic",
            QueueKind::Quorum => "quorum",
            QueueKind::Stream => "stream",
        },
        "durable": queue.durable,
        "autoDelete": queue.auto_delete,
        "exclusive": queue.exclusive.is_some(),
        "arguments": write_table(&queue.arguments),
        "ready": number(queue.ready),
        "unacked": number(queue.unacked),
        "head": head.collect::<Vec<_>>(),
        "consumers": queue.consumers.iter().map(consumer).collect::<Vec<_>>(),
    })
}

fn consumer(consumer: &ConsumerView) -> Value {
    json!({
        "tag": consumer.id.tag.as_str(),
        "channel": channel(consumer.id.channel),
        "queue": consumer.queue.as_str(),
        "noAck": consumer.no_ack,
        "prefetch": consumer.prefetch,
        "unacked": consumer.unacked,
        "active": consumer.active,
    })
}

fn open_channel(view: &ChannelView) -> Value {
    let unacked = view.unacked.iter().map(|delivery| {
        json!({
            "deliveryTag": number(delivery.tag.0),
            "message": number(delivery.message.id.0),
            "queue": delivery.queue.as_str(),
            "redelivered": delivery.redelivered,
        })
    });
    json!({
        "id": channel(view.id),
        "mode": match view.mode {
            ChannelMode::Normal => "normal",
            ChannelMode::Confirm => "confirm",
            ChannelMode::Tx => "tx",
        },
        "prefetch": view.prefetch,
        "unacked": unacked.collect::<Vec<_>>(),
        "unconfirmed": view.unconfirmed,
    })
}

fn program(program: &ProgramView) -> Value {
    json!({
        "number": program.id.0,
        "name": &*program.name,
        "kind": match program.kind {
            ProgramKind::Producer => "producer",
            ProgramKind::Consumer => "consumer",
            ProgramKind::Program => "program",
        },
        "state": match &program.state {
            ProgramState::NotStarted => "not-started",
            ProgramState::Running => "running",
            ProgramState::Waiting => "waiting",
            ProgramState::Sleeping => "sleeping",
            ProgramState::Blocked => "blocked",
            ProgramState::Hung => "hung",
            ProgramState::Reconnecting => "reconnecting",
            ProgramState::Finished => "finished",
            ProgramState::Crashed => "crashed",
            ProgramState::Failed(_) => "failed",
        },
        "line": program.current_line,
        "printed": program.printed.iter().map(ToString::to_string).collect::<Vec<_>>(),
    })
}
