//! Virtual hosts, users and what they may do, in version 1 of the format: from JSON and back. Older files have none of it.

use serde_json::{Map, Value as Json, json};

use crate::actors::Login;
use crate::amqp::command::{Permissions, TopicPermissions};
use crate::amqp::view::QueueKind;
use crate::amqp::{ExchangeName, VhostName};
use crate::scenario::error::ScenarioError;
use crate::scenario::format;
use crate::scenario::model::{Scenario, ScenarioUser, ScenarioVhost};
use crate::scenario::node::{Node, Object};

/// The type of queues that are declared without one.
pub fn default_queue_type(object: &Object<'_>) -> Result<Option<QueueKind>, ScenarioError> {
    let Some(node) = object.get("defaultQueueType") else {
        return Ok(None);
    };
    match QueueKind::parse(node.text()?) {
        Some(kind) => Ok(Some(kind)),
        None => Err(node.wrong("\"classic\", \"quorum\" or \"stream\"")),
    }
}

/// The other virtual hosts.
pub fn vhosts(object: &Object<'_>) -> Result<Vec<ScenarioVhost>, ScenarioError> {
    let read = |node: &Node<'_>| {
        let object = node.object(&["name", "topology"])?;
        let name = object.need("name")?;
        if matches!(name.name()?, "" | "/") {
            return Err(name.wrong("another name: what stands in / is in \"topology\""));
        }
        let name: VhostName = name.name()?.into();
        let topology = object.get("topology");
        Ok(ScenarioVhost {
            topology: topology.map_or(Ok(Default::default()), |node| {
                format::topology(&node, &name)
            })?,
            name,
        })
    };
    object.items("vhosts")?.iter().map(read).collect()
}

/// The users.
pub fn users(object: &Object<'_>) -> Result<Vec<ScenarioUser>, ScenarioError> {
    object.items("users")?.iter().map(user).collect()
}

fn user(node: &Node<'_>) -> Result<ScenarioUser, ScenarioError> {
    let object = node.object(&[
        "name",
        "password",
        "tags",
        "permissions",
        "topicPermissions",
    ])?;
    let tags = object.items("tags")?;
    let permissions = object.items("permissions")?;
    let topics = object.items("topicPermissions")?;
    Ok(ScenarioUser {
        name: object.need("name")?.own_name()?.into(),
        password: match object.get("password") {
            Some(password) => password.text()?.to_string(),
            None => String::new(),
        },
        tags: tags
            .iter()
            .map(|tag| Ok(tag.name()?.to_string()))
            .collect::<Result<_, ScenarioError>>()?,
        permissions: permissions
            .iter()
            .map(permission)
            .collect::<Result<_, _>>()?,
        topic_permissions: topics
            .iter()
            .map(topic_permission)
            .collect::<Result<_, _>>()?,
    })
}

/// A regular expression; none matches nothing.
fn pattern(object: &Object<'_>, key: &str) -> Result<String, ScenarioError> {
    let node = object.get(key);
    Ok(node.map_or(Ok(""), |node| node.text())?.to_string())
}

fn vhost_of(object: &Object<'_>) -> Result<VhostName, ScenarioError> {
    let node = object.get("vhost");
    Ok(node.map_or(Ok("/"), |node| node.name())?.into())
}

fn permission(node: &Node<'_>) -> Result<(VhostName, Permissions), ScenarioError> {
    let object = node.object(&["vhost", "configure", "write", "read"])?;
    Ok((vhost_of(&object)?, permissions(&object)?))
}

/// The three expressions of a permission.
pub(super) fn permissions(object: &Object<'_>) -> Result<Permissions, ScenarioError> {
    Ok(Permissions {
        configure: pattern(object, "configure")?,
        write: pattern(object, "write")?,
        read: pattern(object, "read")?,
    })
}

fn topic_permission(
    node: &Node<'_>,
) -> Result<(VhostName, ExchangeName, TopicPermissions), ScenarioError> {
    let object = node.object(&["vhost", "exchange", "write", "read"])?;
    let exchange = object.need("exchange")?.name()?.into();
    Ok((vhost_of(&object)?, exchange, topic_permissions(&object)?))
}

/// The two expressions of a topic permission.
pub(super) fn topic_permissions(object: &Object<'_>) -> Result<TopicPermissions, ScenarioError> {
    Ok(TopicPermissions {
        write: pattern(object, "write")?,
        read: pattern(object, "read")?,
    })
}

/// As whom the person acts.
pub fn login(object: &Object<'_>) -> Result<Login, ScenarioError> {
    let mut login = Login::default();
    if let Some(node) = object.get("login") {
        let object = node.object(&["user", "vhost"])?;
        if let Some(user) = object.get("user") {
            login.user = user.name()?.into();
        }
        login.vhost = vhost_of(&object)?;
    }
    Ok(login)
}

/// Writes what is not as it comes.
pub fn write(scenario: &Scenario, object: &mut Map<String, Json>) {
    if !scenario.vhosts.is_empty() {
        let vhosts = scenario.vhosts.iter().map(|vhost| {
            json!({
                "name": vhost.name.as_str(),
                "topology": format::write_topology(&vhost.topology),
            })
        });
        object.insert("vhosts".to_string(), vhosts.collect());
    }
    if !scenario.users.is_empty() {
        let users = scenario.users.iter().map(write_user);
        object.insert("users".to_string(), users.collect());
    }
    let login = &scenario.login;
    if *login != Login::default() {
        let login = json!({ "user": login.user.as_str(), "vhost": login.vhost.as_str() });
        object.insert("login".to_string(), login);
    }
}

fn write_user(user: &ScenarioUser) -> Json {
    let permissions = user.permissions.iter().map(|(vhost, set)| {
        json!({
            "vhost": vhost.as_str(),
            "configure": set.configure,
            "write": set.write,
            "read": set.read,
        })
    });
    let mut json = json!({
        "name": user.name.as_str(),
        "password": user.password,
        "tags": user.tags,
        "permissions": permissions.collect::<Vec<Json>>(),
    });
    if !user.topic_permissions.is_empty() {
        let topics = user.topic_permissions.iter().map(|(vhost, exchange, set)| {
            json!({
                "vhost": vhost.as_str(),
                "exchange": exchange.as_str(),
                "write": set.write,
                "read": set.read,
            })
        });
        json["topicPermissions"] = topics.collect();
    }
    json
}
