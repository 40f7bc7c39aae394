//! Why nothing was done, where what was asked for makes no sense: kinds, so that pages can say them in their own language.

use std::fmt;
use std::rc::Rc;

use crate::amqp::{ConnectionId, UserName, VhostName};

/// Why nothing was done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Idle {
    NoVhost(VhostName),
    VhostExists(VhostName),
    NoUser(UserName),
    NoPolicy {
        name: Rc<str>,
        vhost: VhostName,
    },
    NotAPattern(Rc<str>),
    /// In RabbitMQ's own words, which stay as they are.
    Refused(Rc<str>),
    /// 3.10 has none.
    NoDefaultQueueType,
    OpenAlready(ConnectionId),
    NotOpen(ConnectionId),
}

impl fmt::Display for Idle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Idle::NoVhost(vhost) => write!(f, "there is no vhost '{vhost}'"),
            Idle::VhostExists(vhost) => write!(f, "vhost '{vhost}' exists already"),
            Idle::NoUser(user) => write!(f, "there is no user '{user}'"),
            Idle::NoPolicy { name, vhost } => {
                write!(f, "there is no policy '{name}' in vhost '{vhost}'")
            }
            Idle::NotAPattern(pattern) => write!(f, "'{pattern}' is not a regular expression"),
            Idle::Refused(why) => f.write_str(why),
            Idle::NoDefaultQueueType => f.write_str("RabbitMQ 3.10 has no default queue type"),
            Idle::OpenAlready(connection) => write!(f, "{connection} is open already"),
            Idle::NotOpen(connection) => write!(f, "{connection} is not open"),
        }
    }
}
