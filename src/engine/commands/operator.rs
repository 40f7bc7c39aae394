//! What an operator does, as JSON and back.

use serde_json::{Value as Json, json};

use super::read::{Fields, no_such};
use super::write::Writer;
use crate::amqp::command::{OperatorCommand, Permissions, Policy, TopicPermissions};
use crate::amqp::view::QueueKind;
use crate::amqp::{ConnectionId, ExchangeName, UserName, VhostName};
use crate::scenario::node::Node;
use crate::scenario::{ScenarioError, policy_from, policy_to};

/// The command called `operator.` and `what`.
pub(super) fn read(
    what: &str,
    root: &Node<'_>,
    method: &Node<'_>,
) -> Result<OperatorCommand, ScenarioError> {
    let fields = |own: &[&str]| Fields::of(root, own);
    Ok(match what {
        "restart" => fields(&[]).map(|_| OperatorCommand::Restart)?,
        "close_connection" => {
            let it = fields(&["connection", "reason"])?;
            let number = it.0.need("connection")?.number(u32::MAX.into())?;
            OperatorCommand::CloseConnection {
                connection: ConnectionId(number as u32),
                reason: it.name("reason")?.to_string(),
            }
        }
        "set_policy" => OperatorCommand::SetPolicy(policy(root)?),
        "set_operator_policy" => OperatorCommand::SetOperatorPolicy(policy(root)?),
        "clear_policy" | "clear_operator_policy" => {
            let it = fields(&["name", "vhost"])?;
            let (vhost, name) = (vhost(&it)?, it.name("name")?.to_string());
            match what {
                "clear_policy" => OperatorCommand::ClearPolicy { vhost, name },
                _ => OperatorCommand::ClearOperatorPolicy { vhost, name },
            }
        }
        "set_memory_alarm" => OperatorCommand::SetMemoryAlarm {
            on: fields(&["on"])?.flag("on")?,
        },
        "set_disk_alarm" => OperatorCommand::SetDiskAlarm {
            on: fields(&["on"])?.flag("on")?,
        },
        "add_vhost" => OperatorCommand::AddVhost {
            vhost: named_vhost(&fields(&["vhost"])?)?,
        },
        "delete_vhost" => OperatorCommand::DeleteVhost {
            vhost: named_vhost(&fields(&["vhost"])?)?,
        },
        "set_default_queue_type" => {
            let it = fields(&["vhost", "type"])?;
            OperatorCommand::SetDefaultQueueType {
                vhost: vhost(&it)?,
                kind: queue_type(&it)?,
            }
        }
        _ => return user(what, root, method),
    })
}

/// What is done to users and their rights.
fn user(what: &str, root: &Node<'_>, method: &Node<'_>) -> Result<OperatorCommand, ScenarioError> {
    let own: &[&str] = match what {
        "add_user" => &["user", "password", "tags"],
        "delete_user" => &["user"],
        "set_permissions" => &["user", "vhost", "configure", "write", "read"],
        "clear_permissions" => &["user", "vhost"],
        "set_topic_permissions" => &["user", "vhost", "exchange", "write", "read"],
        "clear_topic_permissions" => &["user", "vhost", "exchange"],
        _ => return Err(no_such(method)),
    };
    let it = Fields::of(root, own)?;
    let user: UserName = it.0.need("user")?.own_name()?.into();
    let text = |key: &str| it.0.get(key).map_or(Ok(""), |node| node.text());
    let pattern = |key: &str| text(key).map(str::to_string);
    let exchange = || it.0.need("exchange")?.name().map(ExchangeName::from);
    Ok(match what {
        "add_user" => {
            let tags = it.0.items("tags")?;
            let tags = tags.iter().map(|tag| Ok(tag.name()?.to_string()));
            OperatorCommand::AddUser {
                user,
                password: pattern("password")?,
                tags: tags.collect::<Result<_, ScenarioError>>()?,
            }
        }
        "delete_user" => OperatorCommand::DeleteUser { user },
        "set_permissions" => OperatorCommand::SetPermissions {
            user,
            vhost: vhost(&it)?,
            permissions: Permissions {
                configure: pattern("configure")?,
                write: pattern("write")?,
                read: pattern("read")?,
            },
        },
        "clear_permissions" => OperatorCommand::ClearPermissions {
            user,
            vhost: vhost(&it)?,
        },
        "set_topic_permissions" => OperatorCommand::SetTopicPermissions {
            user,
            vhost: vhost(&it)?,
            exchange: exchange()?,
            permissions: TopicPermissions {
                write: pattern("write")?,
                read: pattern("read")?,
            },
        },
        _ => OperatorCommand::ClearTopicPermissions {
            user,
            vhost: vhost(&it)?,
            exchange: exchange()?,
        },
    })
}

fn policy(root: &Node<'_>) -> Result<Policy, ScenarioError> {
    let mut policy = policy_from(root, &["method", "vhost"])?;
    if let Some(node) = root.any_object()?.get("vhost") {
        policy.vhost = node.name()?.into();
    }
    Ok(policy)
}

/// Without, it is `/`.
fn vhost(it: &Fields<'_>) -> Result<VhostName, ScenarioError> {
    let node = it.0.get("vhost");
    Ok(node.map_or(Ok("/"), |node| node.name())?.into())
}

fn named_vhost(it: &Fields<'_>) -> Result<VhostName, ScenarioError> {
    let node = it.0.need("vhost")?;
    match node.name()? {
        "" => Err(node.wrong("a name that is not empty")),
        name => Ok(name.into()),
    }
}

fn queue_type(it: &Fields<'_>) -> Result<Option<QueueKind>, ScenarioError> {
    let Some(node) = it.0.get("type").filter(|node| !node.value().is_null()) else {
        return Ok(None);
    };
    match QueueKind::parse(node.text()?) {
        Some(kind) => Ok(Some(kind)),
        None => Err(node.wrong("\"classic\", \"quorum\", \"stream\" or null")),
    }
}

/// The command so that [`read`] gives it back.
pub(super) fn write(command: &OperatorCommand) -> Option<Json> {
    let it = |what: &str| Writer::of(&format!("operator.{what}"));
    let by_policy = |what: &str, policy: &Policy| {
        let mut json = policy_to(policy);
        let object = json.as_object_mut()?;
        object.insert("method".to_string(), json!(format!("operator.{what}")));
        if policy.vhost.as_str() != "/" {
            object.insert("vhost".to_string(), json!(policy.vhost.as_str()));
        }
        Some(json)
    };
    let it = match command {
        OperatorCommand::SetPolicy(policy) => return by_policy("set_policy", policy),
        OperatorCommand::SetOperatorPolicy(policy) => {
            return by_policy("set_operator_policy", policy);
        }
        OperatorCommand::Restart => it("restart"),
        OperatorCommand::CloseConnection { connection, reason } => it("close_connection")
            .number("connection", connection.0.into())
            .text("reason", reason),
        OperatorCommand::ClearPolicy { vhost, name } => {
            it("clear_policy").text("name", name).vhost(vhost)
        }
        OperatorCommand::ClearOperatorPolicy { vhost, name } => {
            it("clear_operator_policy").text("name", name).vhost(vhost)
        }
        OperatorCommand::SetMemoryAlarm { on } => it("set_memory_alarm").flag("on", *on),
        OperatorCommand::SetDiskAlarm { on } => it("set_disk_alarm").flag("on", *on),
        OperatorCommand::SetDefaultQueueType { vhost, kind } => it("set_default_queue_type")
            .vhost(vhost)
            .text("type", kind.map_or("", QueueKind::as_str)),
        OperatorCommand::AddVhost { vhost } => it("add_vhost").text("vhost", vhost.as_str()),
        OperatorCommand::DeleteVhost { vhost } => it("delete_vhost").text("vhost", vhost.as_str()),
        OperatorCommand::AddUser { .. }
        | OperatorCommand::DeleteUser { .. }
        | OperatorCommand::SetPermissions { .. }
        | OperatorCommand::ClearPermissions { .. }
        | OperatorCommand::SetTopicPermissions { .. }
        | OperatorCommand::ClearTopicPermissions { .. } => return write_user(command),
    };
    Some(Json::Object(it.0))
}

fn write_user(command: &OperatorCommand) -> Option<Json> {
    let it = |what: &str, user: &UserName| {
        Writer::of(&format!("operator.{what}")).text("user", user.as_str())
    };
    let it = match command {
        OperatorCommand::AddUser {
            user,
            password,
            tags,
        } => it("add_user", user)
            .text("password", password)
            .list("tags", tags),
        OperatorCommand::DeleteUser { user } => it("delete_user", user),
        OperatorCommand::SetPermissions {
            user,
            vhost,
            permissions,
        } => it("set_permissions", user)
            .vhost(vhost)
            .text("configure", &permissions.configure)
            .text("write", &permissions.write)
            .text("read", &permissions.read),
        OperatorCommand::ClearPermissions { user, vhost } => {
            it("clear_permissions", user).vhost(vhost)
        }
        OperatorCommand::SetTopicPermissions {
            user,
            vhost,
            exchange,
            permissions,
        } => it("set_topic_permissions", user)
            .vhost(vhost)
            .text("exchange", exchange.as_str())
            .text("write", &permissions.write)
            .text("read", &permissions.read),
        OperatorCommand::ClearTopicPermissions {
            user,
            vhost,
            exchange,
        } => it("clear_topic_permissions", user)
            .vhost(vhost)
            .text("exchange", exchange.as_str()),
        _ => return None,
    };
    Some(Json::Object(it.0))
}
