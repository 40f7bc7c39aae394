//! Virtual hosts and users of a scenario: as commands, and as they stand now.

use crate::actors::Login;
use crate::amqp::command::{OperatorCommand, Permissions};
use crate::amqp::view::{UserView, View};
use crate::amqp::{Broker, Command, UserName, VhostName};
use crate::scenario::{Scenario, ScenarioUser};

fn guest() -> UserName {
    Login::default().user
}

/// A new virtual host, in which guest declares what the scenario says.
pub fn open(vhost: &VhostName, path: &str, push: &mut impl FnMut(String, Command)) {
    let add = OperatorCommand::AddVhost {
        vhost: vhost.clone(),
    };
    let permit = OperatorCommand::SetPermissions {
        user: guest(),
        vhost: vhost.clone(),
        permissions: Permissions::everything(),
    };
    push(path.to_string(), Command::Operator(add));
    push(path.to_string(), Command::Operator(permit));
}

/// The users, when everything is declared. guest had rights for declaring; now it has its own.
pub fn users(scenario: &Scenario, push: &mut impl FnMut(String, Command)) {
    let mut operate = |path: &str, command| push(path.to_string(), Command::Operator(command));
    let known = |user: &UserName| scenario.users.iter().find(|it| it.name == *user);
    let own = known(&guest());
    for (index, user) in scenario.users.iter().enumerate() {
        let path = format!("$.users[{index}]");
        operate(
            &path,
            OperatorCommand::AddUser {
                user: user.name.clone(),
                password: user.password.clone(),
                tags: user.tags.clone(),
            },
        );
        for (vhost, permissions) in &user.permissions {
            operate(
                &path,
                OperatorCommand::SetPermissions {
                    user: user.name.clone(),
                    vhost: vhost.clone(),
                    permissions: permissions.clone(),
                },
            );
        }
        for (vhost, exchange, permissions) in &user.topic_permissions {
            operate(
                &path,
                OperatorCommand::SetTopicPermissions {
                    user: user.name.clone(),
                    vhost: vhost.clone(),
                    exchange: exchange.clone(),
                    permissions: permissions.clone(),
                },
            );
        }
    }
    if own.is_none() && !scenario.users.is_empty() {
        return operate("$.users", OperatorCommand::DeleteUser { user: guest() });
    }
    let root = Login::default().vhost;
    let lent = scenario.vhosts.iter().map(|vhost| &vhost.name);
    let lent = lent.chain(own.map(|_| &root));
    let may = |vhost: &VhostName| {
        own.is_some_and(|user| user.permissions.iter().any(|(known, _)| known == vhost))
    };
    for vhost in lent.filter(|vhost| !may(vhost)) {
        operate(
            "$.users",
            OperatorCommand::ClearPermissions {
                user: guest(),
                vhost: vhost.clone(),
            },
        );
    }
}

/// All users as they are now; none where there is only guest, as RabbitMQ comes.
pub fn users_of(broker: &Broker, view: &View) -> Vec<ScenarioUser> {
    let read = |user: &UserView| ScenarioUser {
        name: user.name.clone(),
        password: broker
            .password_of(&user.name)
            .unwrap_or_default()
            .to_string(),
        tags: user.tags.clone(),
        permissions: user.permissions.clone(),
        topic_permissions: user.topic_permissions.clone(),
    };
    let users: Vec<ScenarioUser> = view.users.iter().map(read).collect();
    let as_it_comes = ScenarioUser {
        name: guest(),
        password: "guest".to_string(),
        tags: vec!["administrator".to_string()],
        permissions: vec![(Login::default().vhost, Permissions::everything())],
        topic_permissions: Vec::new(),
    };
    if users == [as_it_comes] {
        Vec::new()
    } else {
        users
    }
}
