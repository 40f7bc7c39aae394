//! Users and what they may do (semantics 26; RabbitMQ docs, Access Control).

use regex_lite::Regex;

use crate::amqp::broker::Broker;
use crate::amqp::command::{OperatorCommand, Permissions};
use crate::amqp::event::Event;
use crate::amqp::exception::Exception;
use crate::amqp::ids::{ConnectionId, UserName, VhostName};
use crate::amqp::protocol::ReplyCode;
use crate::ordered::Map;

#[derive(Clone, Debug)]
pub(super) struct User {
    pub(super) password: String,
    pub(super) tags: Vec<String>,
    pub(super) permissions: Map<VhostName, Permissions>,
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
        let all = || ".*".to_string();
        let permissions = Permissions {
            configure: all(),
            write: all(),
            read: all(),
        };
        let user = User {
            password: "guest".to_string(),
            tags: vec!["administrator".to_string()],
            permissions: Map::from([("/".into(), permissions)]),
        };
        self.users.insert("guest".into(), user);
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
            if let Some(state) = self.connections.get_mut(&connection) {
                state.unrestricted = unrestricted;
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

    /// Whether the user carries a tag.
    pub(super) fn has_tag(&self, user: &UserName, tag: &str) -> bool {
        self.users
            .get(user)
            .is_some_and(|user| user.tags.iter().any(|other| other == tag))
    }

    /// What an operator does to vhosts and users.
    pub(super) fn administer(&mut self, command: &OperatorCommand, out: &mut Vec<Event>) {
        let ignored = |why: String| Event::Ignored { why: why.into() };
        match command {
            OperatorCommand::AddVhost { vhost } => match self.add_vhost(vhost) {
                true => out.push(Event::VhostAdded {
                    vhost: vhost.clone(),
                }),
                false => out.push(ignored(format!("vhost '{vhost}' exists already"))),
            },
            OperatorCommand::DeleteVhost { vhost } => self.delete_vhost(vhost, out),
            OperatorCommand::AddUser {
                user,
                password,
                tags,
            } => {
                let permissions = self
                    .users
                    .remove(user)
                    .map(|user| user.permissions)
                    .unwrap_or_default();
                let state = User {
                    password: password.clone(),
                    tags: tags.clone(),
                    permissions,
                };
                self.users.insert(user.clone(), state);
                out.push(Event::UserChanged { user: user.clone() });
            }
            OperatorCommand::DeleteUser { user } => match self.users.remove(user) {
                Some(_) => {
                    self.disconnect_user(user, out);
                    out.push(Event::UserDeleted { user: user.clone() });
                }
                None => out.push(ignored(format!("there is no user '{user}'"))),
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
            OperatorCommand::Restart
            | OperatorCommand::CloseConnection { .. }
            | OperatorCommand::SetPolicy(_)
            | OperatorCommand::ClearPolicy { .. }
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
            (None, _, _) => format!("there is no user '{user}'"),
            (_, false, _) => format!("there is no vhost '{vhost}'"),
            (_, _, Some(pattern)) => format!("'{pattern}' is not a regular expression"),
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
