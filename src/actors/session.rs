//! One client's connection and channel: opened when first needed, and opened again after a close.

use crate::amqp::command::{Capabilities, Connect, Password, Peer};
use crate::amqp::event::{ChannelEnd, ConnectionEnd};
use crate::amqp::protocol::ClientMethod;
use crate::amqp::{
    ChannelId, ChannelNumber, Command, ConnectionId, Event, Exception, UserName, VhostName,
};

/// As whom, and where to, a client connects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Login {
    pub user: UserName,
    pub vhost: VhostName,
}

impl Default for Login {
    /// Guest, to `/`: what every broker has from the start.
    fn default() -> Login {
        Login {
            user: UserName::from("guest"),
            vhost: VhostName::from("/"),
        }
    }
}

/// What a client knows about its own connection.
#[derive(Clone, Debug, PartialEq)]
pub struct Session {
    name: String,
    login: Login,
    connection: Option<ConnectionId>,
    /// The one that methods go to: the one opened last.
    channel: Option<ChannelId>,
    /// All that are open, the newest last.
    channels: Vec<ChannelId>,
}

/// What the broker did to the session.
#[derive(Clone, Debug, PartialEq)]
pub enum SessionChange {
    /// It closed a channel; the answer has to be sent.
    ChannelFailed {
        exception: Exception,
        answer: Command,
    },
    ConnectionFailed {
        exception: Exception,
    },
    /// The connection was closed by this client.
    Closed,
    Lost,
}

impl Session {
    /// Not connected yet.
    pub fn new(name: &str, login: Login) -> Session {
        Session {
            name: name.to_string(),
            login,
            connection: None,
            channel: None,
            channels: Vec::new(),
        }
    }

    /// As whom it connects.
    pub fn login(&self) -> &Login {
        &self.login
    }

    pub fn connection(&self) -> Option<ConnectionId> {
        self.connection
    }

    pub fn channel(&self) -> Option<ChannelId> {
        self.channel
    }

    /// Connects, as the number `connection`; an open connection is forgotten, so close it first.
    pub fn connect(&mut self, connection: ConnectionId) -> Command {
        self.connection = Some(connection);
        self.channel = None;
        self.channels.clear();
        Command::Connect(Box::new(Connect {
            connection,
            name: self.name.clone(),
            user: self.login.user.clone(),
            password: Password::Trusted,
            vhost: self.login.vhost.clone(),
            capabilities: Capabilities::ALL,
            peer: Peer::Loopback,
        }))
    }

    /// Opens the next channel; none if there is no connection.
    pub fn open_channel(&mut self) -> Option<Command> {
        let connection = self.connection?;
        let last = self.channels.last().map_or(0, |channel| channel.number.0);
        let channel = ChannelId {
            connection,
            number: ChannelNumber(last + 1),
        };
        self.channels.push(channel);
        self.channel = Some(channel);
        Some(Command::call(channel, ClientMethod::ChannelOpen))
    }

    /// What has to be done before a method can be called, with the channel it then goes to.
    pub fn ensure(
        &mut self,
        new_connection: impl FnOnce() -> ConnectionId,
        commands: &mut Vec<Command>,
    ) -> ChannelId {
        let connection = match self.connection {
            Some(connection) => connection,
            None => {
                let connection = new_connection();
                commands.push(self.connect(connection));
                connection
            }
        };
        if self.channel.is_none() {
            commands.extend(self.open_channel());
        }
        self.channel.unwrap_or(ChannelId {
            connection,
            number: ChannelNumber(1),
        })
    }

    /// channel.close on the channel in use.
    pub fn close_channel(&self) -> Option<Command> {
        let channel = self.channel?;
        let method = ClientMethod::ChannelClose {
            code: 200,
            text: "Normal shutdown".to_string(),
        };
        Some(Command::call(channel, method))
    }

    /// connection.close
    pub fn close(&self) -> Option<Command> {
        let connection = self.connection?;
        Some(Command::CloseConnection {
            connection,
            code: 200,
            text: "Normal shutdown".to_string(),
        })
    }

    /// The connection is lost without a word.
    pub fn drop_connection(&self) -> Option<Command> {
        let connection = self.connection?;
        Some(Command::DropConnection { connection })
    }

    /// Takes note of what happened; says what it means for this client, if anything.
    pub fn observe(&mut self, event: &Event) -> Option<SessionChange> {
        match event {
            Event::ConnectionClosed { connection, end } if self.connection == Some(*connection) => {
                self.forget();
                Some(match end {
                    ConnectionEnd::ByClient { .. } => SessionChange::Closed,
                    ConnectionEnd::Exception(exception) => SessionChange::ConnectionFailed {
                        exception: (**exception).clone(),
                    },
                    ConnectionEnd::Lost => SessionChange::Lost,
                })
            }
            Event::ConnectionRefused {
                connection,
                exception,
            } if self.connection == Some(*connection) => {
                self.forget();
                Some(SessionChange::ConnectionFailed {
                    exception: (**exception).clone(),
                })
            }
            Event::ChannelClosed { channel, end } if self.channels.contains(channel) => {
                self.channels.retain(|open| open != channel);
                self.channel = self.channels.last().copied();
                match end {
                    ChannelEnd::Exception(exception) => Some(SessionChange::ChannelFailed {
                        exception: (**exception).clone(),
                        answer: Command::call(*channel, ClientMethod::ChannelCloseOk),
                    }),
                    ChannelEnd::ByClient { .. } | ChannelEnd::WithConnection => None,
                }
            }
            _ => None,
        }
    }

    fn forget(&mut self) {
        self.connection = None;
        self.channel = None;
        self.channels.clear();
    }
}
