//! The users of a definitions file: names, tags and rights. Their passwords are not in it.

use crate::actors::Login;
use crate::amqp::command::Permissions;
use crate::amqp::{UserName, VhostName};
use crate::scenario::administration::{permissions, topic_permissions};
use crate::scenario::definitions::Places;
use crate::scenario::error::ScenarioError;
use crate::scenario::model::ScenarioUser;
use crate::scenario::node::{Node, Object};

/// The users with what they may do in the vhosts that come along.
pub(super) fn read(root: &Object<'_>, places: &Places) -> Result<Vec<ScenarioUser>, ScenarioError> {
    let mut users = Vec::new();
    for node in root.items("users")? {
        let object = node.any_object()?;
        users.push(ScenarioUser {
            name: object.need("name")?.own_name()?.into(),
            password: String::new(),
            tags: tags(object.get("tags"))?,
            permissions: Vec::new(),
            topic_permissions: Vec::new(),
        });
    }
    let place = |object: &Object<'_>| {
        let vhost = object.get("vhost").map_or(Ok("/"), |node| node.name())?;
        Ok(places.of(vhost))
    };
    for node in root.items("permissions")? {
        let object = node.any_object()?;
        if let (Some(vhost), Some(user)) = (place(&object)?, user_of(&object, &mut users)?) {
            user.permissions.push((vhost, permissions(&object)?));
        }
    }
    for node in root.items("topic_permissions")? {
        let object = node.any_object()?;
        if let (Some(vhost), Some(user)) = (place(&object)?, user_of(&object, &mut users)?) {
            let exchange = object.need("exchange")?.name()?.into();
            let set = topic_permissions(&object)?;
            user.topic_permissions.push((vhost, exchange, set));
        }
    }
    Ok(users)
}

/// A list of words; older brokers wrote them into one text, with commas.
fn tags(node: Option<Node<'_>>) -> Result<Vec<String>, ScenarioError> {
    let Some(node) = node else {
        return Ok(Vec::new());
    };
    if let Ok(text) = node.text() {
        let words = text.split(',').map(str::trim).filter(|it| !it.is_empty());
        return Ok(words.map(str::to_string).collect());
    }
    let tag = |node: &Node<'_>| Ok(node.name()?.to_string());
    node.items()?.iter().map(tag).collect()
}

fn user_of<'a>(
    object: &Object<'_>,
    users: &'a mut [ScenarioUser],
) -> Result<Option<&'a mut ScenarioUser>, ScenarioError> {
    let name = object.need("user")?.name()?;
    Ok(users.iter_mut().find(|user| user.name.as_str() == name))
}

/// The person acts as guest, who has to be there and may do everything where it had no rights; says where. The password
/// is the one that it has in every new broker.
pub(super) fn let_guest_act(users: &mut Vec<ScenarioUser>, places: &Places) -> Vec<VhostName> {
    if users.is_empty() && places.all().len() == 1 {
        // As RabbitMQ comes.
        return Vec::new();
    }
    let name: UserName = Login::default().user;
    let place = users.iter().position(|user| user.name == name);
    let place = place.unwrap_or_else(|| {
        users.push(ScenarioUser {
            name,
            password: String::new(),
            tags: vec!["administrator".to_string()],
            permissions: Vec::new(),
            topic_permissions: Vec::new(),
        });
        users.len() - 1
    });
    let guest = &mut users[place];
    guest.password = "guest".to_string();
    let mut lent = Vec::new();
    for vhost in places.all() {
        if !guest.permissions.iter().any(|(known, _)| *known == vhost) {
            guest
                .permissions
                .push((vhost.clone(), Permissions::everything()));
            lent.push(vhost);
        }
    }
    lent
}
