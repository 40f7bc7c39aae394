//! What an operator does, as lines of a test:
//!
//! ```text
//! operator: policy NAME on PATTERN [queues|exchanges] [priority=1] [vhost=/] max-length=2 …
//! operator: vhost NAME · operator: user NAME [password=…] [tag=…]
//! operator: permissions USER VHOST configure=.* write= read=^a
//! operator: operator-policy NAME on PATTERN … · operator: default-queue-type VHOST quorum|none
//! operator: topic-permissions USER VHOST EXCHANGE write=^a read= · operator: no topic-permissions USER VHOST EXCHANGE
//! operator: memory-alarm · operator: disk-alarm
//! operator: no policy NAME · no vhost NAME · no user NAME · no permissions USER VHOST · no memory-alarm · no disk-alarm
//! ```

use mq_playground::amqp::command::{
    ApplyTo, OperatorCommand, Permissions, Policy, TopicPermissions,
};
use mq_playground::amqp::view::QueueKind;
use mq_playground::amqp::{Table, Value};

/// The command that a line after `operator:` means.
pub fn command(line: &str) -> OperatorCommand {
    let words: Vec<&str> = line.split_whitespace().collect();
    match words.as_slice() {
        ["policy", name, "on", pattern, rest @ ..] => policy(name, pattern, rest),
        ["no", "policy", name] => OperatorCommand::ClearPolicy {
            vhost: "/".into(),
            name: (*name).to_string(),
        },
        ["vhost", vhost] => OperatorCommand::AddVhost {
            vhost: (*vhost).into(),
        },
        ["no", "vhost", vhost] => OperatorCommand::DeleteVhost {
            vhost: (*vhost).into(),
        },
        ["user", user, rest @ ..] => OperatorCommand::AddUser {
            user: (*user).into(),
            password: pairs(rest, "password").next().unwrap_or("").to_string(),
            tags: pairs(rest, "tag").map(str::to_string).collect(),
        },
        ["no", "user", user] => OperatorCommand::DeleteUser {
            user: (*user).into(),
        },
        ["permissions", user, vhost, rest @ ..] => {
            let of = |key| pairs(rest, key).next().unwrap_or("").to_string();
            OperatorCommand::SetPermissions {
                user: (*user).into(),
                vhost: (*vhost).into(),
                permissions: Permissions {
                    configure: of("configure"),
                    write: of("write"),
                    read: of("read"),
                },
            }
        }
        ["no", "permissions", user, vhost] => OperatorCommand::ClearPermissions {
            user: (*user).into(),
            vhost: (*vhost).into(),
        },
        ["memory-alarm"] => OperatorCommand::SetMemoryAlarm { on: true },
        ["no", "memory-alarm"] => OperatorCommand::SetMemoryAlarm { on: false },
        ["disk-alarm"] => OperatorCommand::SetDiskAlarm { on: true },
        ["no", "disk-alarm"] => OperatorCommand::SetDiskAlarm { on: false },
        words => of_the_management_ui(words).unwrap_or_else(|| panic!("an operator cannot {line}")),
    }
}

fn of_the_management_ui(words: &[&str]) -> Option<OperatorCommand> {
    Some(match words {
        ["operator-policy", name, "on", pattern, rest @ ..] => match policy(name, pattern, rest) {
            OperatorCommand::SetPolicy(policy) => OperatorCommand::SetOperatorPolicy(policy),
            other => other,
        },
        ["no", "operator-policy", name] => OperatorCommand::ClearOperatorPolicy {
            vhost: "/".into(),
            name: (*name).to_string(),
        },
        ["default-queue-type", vhost, kind] => OperatorCommand::SetDefaultQueueType {
            vhost: (*vhost).into(),
            kind: QueueKind::parse(kind),
        },
        ["topic-permissions", user, vhost, exchange, rest @ ..] => {
            let of = |key| pairs(rest, key).next().unwrap_or("").to_string();
            OperatorCommand::SetTopicPermissions {
                user: (*user).into(),
                vhost: (*vhost).into(),
                exchange: (*exchange).into(),
                permissions: TopicPermissions {
                    write: of("write"),
                    read: of("read"),
                },
            }
        }
        ["no", "topic-permissions", user, vhost, exchange] => {
            OperatorCommand::ClearTopicPermissions {
                user: (*user).into(),
                vhost: (*vhost).into(),
                exchange: (*exchange).into(),
            }
        }
        _ => return None,
    })
}

/// The values of all `key=…` among `words`.
pub fn pairs<'a>(words: &'a [&'a str], key: &str) -> impl Iterator<Item = &'a str> {
    let prefix = format!("{key}=");
    words
        .iter()
        .filter_map(move |word| word.strip_prefix(prefix.as_str()))
}

fn policy(name: &str, pattern: &str, rest: &[&str]) -> OperatorCommand {
    let apply_to = match rest.first() {
        Some(word) => ApplyTo::parse(word).unwrap_or(ApplyTo::All),
        None => ApplyTo::All,
    };
    let mut definition = Table::new();
    for (key, value) in rest.iter().filter_map(|word| word.split_once('=')) {
        match (key, value.parse::<i64>()) {
            ("priority" | "vhost", _) => {}
            (_, Ok(number)) => definition.push(key, Value::I64(number)),
            (_, Err(_)) => definition.push(key, Value::from(value)),
        }
    }
    let priority = pairs(rest, "priority").next().unwrap_or("0");
    OperatorCommand::SetPolicy(Policy {
        vhost: pairs(rest, "vhost").next().unwrap_or("/").into(),
        name: name.to_string(),
        pattern: pattern.to_string(),
        apply_to,
        priority: priority.parse().expect("a priority is a number"),
        definition,
    })
}
