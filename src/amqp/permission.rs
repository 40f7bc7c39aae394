//! Users and what they may do (semantics 26; RabbitMQ docs, Access Control).

use regex_lite::Regex;

use crate::amqp::Idle;
use crate::amqp::arena::ExchangeKey;
use crate::amqp::broker::Broker;
use crate::amqp::command::{OperatorCommand, Permissions, TopicPermissions};
use crate::amqp::event::Event;
use crate::amqp::exception::Exception;
use crate::amqp::ids::{ConnectionId, ExchangeName, RoutingKey, UserName, VhostName};
use crate::amqp::protocol::ReplyCode;
use crate::amqp::view::ExchangeKind;
use crate::ordered::Map;

#[derive(Clone, Debug)]
pub(super) struct User {
    pub(super) password: String,
    pub(super) tags: Vec<String>,
    pub(super) permissions: Map<VhostName, Permissions>,
    /// By vhost and topic exchange.
    pub(super) topic_permissions: Map<(VhostName, ExchangeName), TopicPermissions>,
}

/// What a permission is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Access {
    Configure,
    Write,
    Read,
}

/// What kind of thing a permission is asked on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum On<'a> {
    Exchange(&'a str),
    Queue(&'a str),
}

/// A topic pattern as it is once its variables are filled in with something plain.
fn without_variables(pattern: &str) -> String {
    pattern.replace("{username}", "u").replace("{vhost}", "v")
}

/// Whether this can be the expression of a permission or a policy.
pub fn is_pattern(text: &str) -> bool {
    Regex::new(text).is_ok()
}

/// Whether a name matches a permission's or policy's expression, anywhere in it.
pub(super) fn matches(pattern: &str, name: &str) -> bool {
    match pattern {
        ".*" => true,
        // An empty expression grants nothing.
        "" => name.is_empty(),
        _ => Regex::new(pattern).is_ok_and(|regex| regex.is_match(name)),
    }
}

impl Broker {
    /// guest, who may do everything in `/` (semantics 26.1).
    pub(super) fn add_default_user(&mut self) {
        let user = User {
            password: "guest".to_string(),
            tags: vec!["administrator".to_string()],
            permissions: Map::from([("/".into(), Permissions::everything())]),
            topic_permissions: Map::new(),
        };
        self.users.insert("guest".into(), user);
    }

    /// A user's password, to be saved with a scenario; none if there is no such user.
    pub fn password_of(&self, user: &UserName) -> Option<&str> {
        self.users.get(user).map(|user| user.password.as_str())
    }

    /// Whether the user has any permissions in the vhost.
    pub(super) fn has_access(&self, user: &UserName, vhost: &VhostName) -> bool {
        self.users
            .get(user)
            .is_some_and(|user| user.permissions.contains_key(vhost))
    }

    /// Whether the user may do everything in the vhost.
    pub(super) fn is_unrestricted(&self, user: &UserName, vhost: &VhostName) -> bool {
        let permissions = self
            .users
            .get(user)
            .and_then(|user| user.permissions.get(vhost));
        permissions.is_some_and(|set| {
            [&set.configure, &set.write, &set.read]
                .iter()
                .all(|pattern| *pattern == ".*")
        })
    }

    /// After a change of users or permissions.
    fn refresh_restrictions(&mut self) {
        for connection in self.connections.keys().copied().collect::<Vec<_>>() {
            let Some(state) = self.connections.get(&connection) else {
                continue;
            };
            let unrestricted = self.is_unrestricted(&state.user, &self.vhost_name(state.vhost));
            let has_topics = self.has_topic_permissions(&state.user);
            if let Some(state) = self.connections.get_mut(&connection) {
                state.unrestricted = unrestricted;
                state.has_topic_permissions = has_topics;
            }
        }
    }

    /// Refuses with 403 what the connection's user may not do (semantics 26.2, D2).
    pub(super) fn check_access(
        &self,
        connection: ConnectionId,
        access: Access,
        on: On,
    ) -> Result<(), Exception> {
        let Some(state) = self
            .connections
            .get(&connection)
            .filter(|state| !state.unrestricted)
        else {
            return Ok(());
        };
        let Some(vhost) = self.vhosts.get(state.vhost).map(|vhost| &vhost.name) else {
            return Ok(());
        };
        let (what, name) = match on {
            // The default exchange is matched under a name of its own.
            On::Exchange("") => ("exchange", "amq.default"),
            On::Exchange(name) => ("exchange", name),
            On::Queue(name) => ("queue", name),
        };
        let permissions = self
            .users
            .get(&state.user)
            .and_then(|user| user.permissions.get(vhost));
        let allowed = permissions.is_some_and(|permissions| {
            let pattern = match access {
                Access::Configure => &permissions.configure,
                Access::Write => &permissions.write,
                Access::Read => &permissions.read,
            };
            matches(pattern, name)
        });
        if allowed {
            return Ok(());
        }
        let word = match (self.is_v4(), access) {
            (false, _) => "",
            (true, Access::Configure) => "configure ",
            (true, Access::Write) => "write ",
            (true, Access::Read) => "read ",
        };
        let text = format!(
            "{word}access to {what} '{name}' in vhost '{vhost}' refused for user '{}'",
            state.user
        );
        Err(Exception::channel(ReplyCode::AccessRefused, text))
    }

    /// Whether routing keys have to be looked at when this user publishes or binds.
    pub(super) fn has_topic_permissions(&self, user: &UserName) -> bool {
        self.users
            .get(user)
            .is_some_and(|user| !user.topic_permissions.is_empty())
    }

    /// Refuses with 403 a routing key that the connection's user may not write to, or bind from, a topic exchange
    /// (semantics 26.3). Without a rule for the exchange everything is allowed.
    pub(super) fn check_topic_access(
        &self,
        connection: ConnectionId,
        access: Access,
        exchange: ExchangeKey,
        key: &RoutingKey,
    ) -> Result<(), Exception> {
        let state = self.connections.get(&connection);
        let Some(state) = state.filter(|state| state.has_topic_permissions) else {
            return Ok(());
        };
        let exchange = self.exchanges.get(exchange);
        let Some(exchange) = exchange.filter(|exchange| exchange.kind == ExchangeKind::Topic)
        else {
            return Ok(());
        };
        let (vhost, name) = (exchange.id.vhost(), exchange.id.name());
        let rules = self
            .users
            .get(&state.user)
            .and_then(|user| user.topic_permissions.get(&(vhost.clone(), name.clone())));
        let Some(rules) = rules else {
            return Ok(());
        };
        let (pattern, word) = match access {
            Access::Write => (&rules.write, "write "),
            Access::Read | Access::Configure => (&rules.read, "read "),
        };
        let pattern = pattern
            .replace("{username}", state.user.as_str())
            .replace("{vhost}", vhost.as_str());
        let key = key.to_text();
        if matches(&pattern, &key) {
            return Ok(());
        }
        let word = if self.is_v4() { word } else { "" };
        let text = format!(
            "{word}access to topic '{key}' in exchange '{name}' in vhost '{vhost}' refused for user '{}'",
            state.user
        );
        Err(Exception::channel(ReplyCode::AccessRefused, text))
    }

    /// Whether the user carries a tag.
    pub(super) fn has_tag(&self, user: &UserName, tag: &str) -> bool {
        self.users
            .get(user)
            .is_some_and(|user| user.tags.iter().any(|other| other == tag))
    }

    /// What an operator does to vhosts and users.
    pub(super) fn administer(&mut self, command: &OperatorCommand, out: &mut Vec<Event>) {
        let ignored = |why: Idle| Event::Ignored { why: why.into() };
        match command {
            OperatorCommand::AddVhost { vhost } => match self.add_vhost(vhost) {
                true => out.push(Event::VhostAdded {
                    vhost: vhost.clone(),
                }),
                false => out.push(ignored(Idle::VhostExists(vhost.clone()))),
            },
            OperatorCommand::DeleteVhost { vhost } => self.delete_vhost(vhost, out),
            OperatorCommand::AddUser {
                user,
                password,
                tags,
            } => {
                let before = self.users.remove(user);
                let (permissions, topic_permissions) = before
                    .map(|user| (user.permissions, user.topic_permissions))
                    .unwrap_or_default();
                let state = User {
                    password: password.clone(),
                    tags: tags.clone(),
                    permissions,
                    topic_permissions,
                };
                self.users.insert(user.clone(), state);
                out.push(Event::UserChanged { user: user.clone() });
            }
            OperatorCommand::DeleteUser { user } => match self.users.remove(user) {
                Some(_) => {
                    self.disconnect_user(user, out);
                    out.push(Event::UserDeleted { user: user.clone() });
                }
                None => out.push(ignored(Idle::NoUser(user.clone()))),
            },
            OperatorCommand::SetPermissions {
                user,
                vhost,
                permissions,
            } => {
                self.set_permissions(user, vhost, Some(permissions.clone()), out);
            }
            OperatorCommand::ClearPermissions { user, vhost } => {
                self.set_permissions(user, vhost, None, out)
            }
            OperatorCommand::SetTopicPermissions {
                user,
                vhost,
                exchange,
                permissions,
            } => {
                self.set_topic_permissions(user, vhost, exchange, Some(permissions), out);
            }
            OperatorCommand::ClearTopicPermissions {
                user,
                vhost,
                exchange,
            } => self.set_topic_permissions(user, vhost, exchange, None, out),
            OperatorCommand::Restart
            | OperatorCommand::CloseConnection { .. }
            | OperatorCommand::SetPolicy(_)
            | OperatorCommand::ClearPolicy { .. }
            | OperatorCommand::SetOperatorPolicy(_)
            | OperatorCommand::ClearOperatorPolicy { .. }
            | OperatorCommand::SetDefaultQueueType { .. }
            | OperatorCommand::SetMemoryAlarm { .. }
            | OperatorCommand::SetDiskAlarm { .. } => {}
        }
        self.refresh_restrictions();
    }

    /// A user's connections end with it (rabbit_connection_tracking, user_deleted).
    fn disconnect_user(&mut self, user: &UserName, out: &mut Vec<Event>) {
        let theirs: Vec<ConnectionId> = self
            .connections
            .iter()
            .filter(|(_, state)| state.user == *user)
            .map(|(id, _)| *id)
            .collect();
        for connection in theirs {
            self.force_close(connection, &format!("user '{user}' is deleted"), out);
        }
    }

    fn set_topic_permissions(
        &mut self,
        user: &UserName,
        vhost: &VhostName,
        exchange: &ExchangeName,
        permissions: Option<&TopicPermissions>,
        out: &mut Vec<Event>,
    ) {
        let mut patterns = permissions.iter().flat_map(|set| [&set.write, &set.read]);
        let broken = patterns.find(|pattern| Regex::new(&without_variables(pattern)).is_err());
        let known = self.vhost_names.contains_key(vhost);
        let why = match (self.users.get_mut(user), broken) {
            (None, _) => Idle::NoUser(user.clone()),
            _ if !known => Idle::NoVhost(vhost.clone()),
            (_, Some(pattern)) => Idle::NotAPattern(pattern.as_str().into()),
            (Some(state), None) => {
                let key = (vhost.clone(), exchange.clone());
                match permissions {
                    Some(set) => state.topic_permissions.insert(key, set.clone()),
                    None => state.topic_permissions.remove(&key),
                };
                return out.push(Event::PermissionsChanged {
                    user: user.clone(),
                    vhost: vhost.clone(),
                });
            }
        };
        out.push(Event::Ignored { why: why.into() });
    }

    fn set_permissions(
        &mut self,
        user: &UserName,
        vhost: &VhostName,
        permissions: Option<Permissions>,
        out: &mut Vec<Event>,
    ) {
        let patterns = permissions
            .iter()
            .flat_map(|set| [&set.configure, &set.write, &set.read]);
        let broken = patterns
            .into_iter()
            .find(|pattern| Regex::new(pattern).is_err());
        let why = match (
            self.users.get_mut(user),
            self.vhost_names.contains_key(vhost),
            broken,
        ) {
            (None, _, _) => Idle::NoUser(user.clone()),
            (_, false, _) => Idle::NoVhost(vhost.clone()),
            (_, _, Some(pattern)) => Idle::NotAPattern(pattern.as_str().into()),
            (Some(state), true, None) => {
                match permissions {
                    Some(permissions) => state.permissions.insert(vhost.clone(), permissions),
                    None => state.permissions.remove(vhost),
                };
                return out.push(Event::PermissionsChanged {
                    user: user.clone(),
                    vhost: vhost.clone(),
                });
            }
        };
        out.push(Event::Ignored { why: why.into() });
    }
}
