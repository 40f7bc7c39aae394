//! Connections: how they begin and all the ways in which they end (semantics 3).

use std::rc::Rc;

use crate::amqp::Idle;
use crate::amqp::arena::VhostKey;
use crate::amqp::broker::Broker;
use crate::amqp::command::{Capabilities, Connect, Password, Peer};
use crate::amqp::event::{ChannelEnd, ConnectionEnd, Deletion, Event};
use crate::amqp::exception::Exception;
use crate::amqp::ids::{ChannelId, ChannelNumber, ConnectionId, UserName};
use crate::amqp::protocol::method::BasicPublish;
use crate::amqp::protocol::{ClientMethod, ReplyCode};
use crate::ordered::Set;

#[derive(Clone, Debug)]
pub(super) struct Connection {
    pub(super) name: Rc<str>,
    pub(super) user: UserName,
    pub(super) vhost: VhostKey,
    pub(super) capabilities: Capabilities,
    pub(super) channels: Set<ChannelNumber>,
    pub(super) blocked: bool,
    /// What it published since then.
    pub(super) waiting: Vec<(ChannelId, Box<BasicPublish>)>,
    /// The user may do everything in this vhost, as guest may: permissions need not be asked one by one.
    pub(super) unrestricted: bool,
    /// Routing keys have to be looked at (semantics 26.3).
    pub(super) has_topic_permissions: bool,
    /// What dies with it (semantics 7.16).
    pub(super) exclusive_queues: Set<crate::amqp::arena::QueueKey>,
}

impl Broker {
    pub(super) fn connect(&mut self, connect: &Connect, out: &mut Vec<Event>) {
        let connection = connect.connection;
        if self.connections.contains_key(&connection) {
            return out.push(Event::Ignored {
                why: Idle::OpenAlready(connection).into(),
            });
        }
        if let Err(exception) = self.admit(connect) {
            return out.push(Event::ConnectionRefused {
                connection,
                exception: Box::new(exception),
            });
        }
        let limit = self.config.limits.connections;
        if self.connections.len() >= limit {
            out.push(Event::LimitReached {
                what: "connections",
                limit: limit as u64,
            });
            let text = format!(
                "access to vhost '{}' refused for user '{}': connection limit ({limit}) is reached",
                connect.vhost, connect.user
            );
            let exception = Box::new(Exception::connection(ReplyCode::NotAllowed, text));
            return out.push(Event::ConnectionRefused {
                connection,
                exception,
            });
        }
        let Some(vhost) = self.vhost_names.get(&connect.vhost).copied() else {
            return;
        };
        let name: Rc<str> = connect.name.as_str().into();
        let state = Connection {
            name: Rc::clone(&name),
            user: connect.user.clone(),
            vhost,
            capabilities: connect.capabilities,
            channels: Set::new(),
            blocked: false,
            waiting: Vec::new(),
            unrestricted: self.is_unrestricted(&connect.user, &connect.vhost),
            has_topic_permissions: self.has_topic_permissions(&connect.user),
            exclusive_queues: Set::new(),
        };
        self.connections.insert(connection, state);
        out.push(Event::ConnectionOpened {
            connection,
            name,
            user: connect.user.clone(),
            vhost: connect.vhost.clone(),
        });
    }

    /// Whether this client may connect: its password, its place, its vhost (semantics 3.5, 3.9, 26.1).
    fn admit(&self, connect: &Connect) -> Result<(), Exception> {
        match &connect.password {
            Password::Trusted => self.check_login(
                self.users.contains_key(&connect.user),
                &connect.user,
                connect.peer,
            )?,
            Password::Text(text) => self.authenticate(&connect.user, text, connect.peer)?,
        }
        let refuse = |text| Err(Exception::connection(ReplyCode::NotAllowed, text));
        if !self.vhost_names.contains_key(&connect.vhost) {
            return refuse(format!("vhost {} not found", connect.vhost));
        }
        if !self.has_access(&connect.user, &connect.vhost) {
            return refuse(format!(
                "access to vhost '{}' refused for user '{}'",
                connect.vhost, connect.user
            ));
        }
        Ok(())
    }

    /// Whether `user` may log in with `password`, which must not be blank, from where it sits: what the wire asks before it answers start-ok
    /// (semantics 3.5). It changes nothing; rights in a vhost are checked by [`crate::amqp::Command::Connect`], for
    /// which the wire then vouches with [`Password::Trusted`].
    pub fn authenticate(
        &self,
        user: &UserName,
        password: &str,
        peer: Peer,
    ) -> Result<(), Exception> {
        let proved = self
            .users
            .get(user)
            .is_some_and(|known| !password.is_empty() && known.password == password);
        self.check_login(proved, user, peer)
    }

    /// guest may only come from the broker's own machine (semantics 26.1).
    fn check_login(&self, proved: bool, user: &UserName, peer: Peer) -> Result<(), Exception> {
        if proved && (peer == Peer::Loopback || user.as_str() != "guest") {
            return Ok(());
        }
        let text = "Login was refused using authentication mechanism PLAIN. For details see the broker logfile.";
        Err(Exception::connection(ReplyCode::AccessRefused, text))
    }

    pub(super) fn close_connection(
        &mut self,
        connection: ConnectionId,
        end: ConnectionEnd,
        out: &mut Vec<Event>,
    ) {
        if !self.connections.contains_key(&connection) {
            return out.push(Event::Ignored {
                why: Idle::NotOpen(connection).into(),
            });
        }
        self.end_connection(connection, end, out);
    }

    /// A hard error: connection.close with its reason.
    pub(super) fn fail_connection(
        &mut self,
        connection: ConnectionId,
        exception: Exception,
        out: &mut Vec<Event>,
    ) {
        if self.connections.contains_key(&connection) {
            self.end_connection(
                connection,
                ConnectionEnd::Exception(Box::new(exception)),
                out,
            );
        }
    }

    /// Ends channels, deletes exclusive queues, and only then the connection is closed (semantics 3.11, 3.12).
    fn end_connection(
        &mut self,
        connection: ConnectionId,
        end: ConnectionEnd,
        out: &mut Vec<Event>,
    ) {
        let Some(state) = self.connections.get(&connection) else {
            return;
        };
        let numbers: Vec<ChannelNumber> = state.channels.iter().copied().collect();
        let channels: Vec<ChannelId> = numbers
            .into_iter()
            .map(|number| ChannelId { connection, number })
            .collect();
        for channel in &channels {
            self.detach_channel(*channel, out);
        }
        for channel in channels {
            let was_closing = self
                .channels
                .remove(&channel)
                .is_some_and(|state| state.closing);
            if !was_closing {
                out.push(Event::ChannelClosed {
                    channel,
                    end: ChannelEnd::WithConnection,
                });
            }
        }
        let Some(state) = self.connections.remove(&connection) else {
            return;
        };
        for queue in state.exclusive_queues {
            self.delete_queue(queue, Deletion::Exclusive, out);
        }
        self.work_off(out);
        out.push(Event::ConnectionClosed { connection, end });
    }

    /// Closes a connection on an operator's order (semantics 3.16).
    pub(super) fn force_close(
        &mut self,
        connection: ConnectionId,
        reason: &str,
        out: &mut Vec<Event>,
    ) {
        let exception = Exception::connection(ReplyCode::ConnectionForced, reason);
        self.close_connection(
            connection,
            ConnectionEnd::Exception(Box::new(exception)),
            out,
        );
    }

    /// Blocks a connection that publishes while an alarm is on; true if the publish has to wait for the end of the alarm.
    ///
    /// The content header is what blocks, and then nothing is read any more: a body waits in the socket. A message without
    /// one is whole by then and goes through (semantics 25.1, asked of live 3.10.8 and 4.0.5).
    pub(super) fn waits_for_alarm(
        &mut self,
        channel: ChannelId,
        publish: &BasicPublish,
        out: &mut Vec<Event>,
    ) -> bool {
        let (connection, limit) = (channel.connection, self.config.limits.waiting_publishes);
        let Some(reason) = self.alarm_reason() else {
            return false;
        };
        let Some(state) = self.connections.get_mut(&connection) else {
            return false;
        };
        let was_blocked = std::mem::replace(&mut state.blocked, true);
        if !was_blocked {
            out.push(Event::ConnectionBlocked { connection, reason });
            if publish.content.body.is_empty() {
                return false;
            }
        }
        if state.waiting.len() >= limit {
            let (what, limit) = ("publishes of a blocked connection", limit as u64);
            out.push(Event::LimitReached { what, limit });
        } else {
            state.waiting.push((channel, Box::new(publish.clone())));
        }
        true
    }

    fn publish_what_waited(&mut self, connection: ConnectionId, out: &mut Vec<Event>) {
        let Some(state) = self.connections.get_mut(&connection) else {
            return;
        };
        for (channel, publish) in std::mem::take(&mut state.waiting) {
            // Its channel may have been closed meanwhile.
            if self.channels.get(&channel).is_some_and(|it| !it.closing) {
                self.call(channel, &ClientMethod::BasicPublish(publish), out);
                self.work_off(out);
            }
        }
    }

    pub(super) fn alarm_reason(&self) -> Option<&'static str> {
        match (self.memory_alarm, self.disk_alarm) {
            (false, false) => None,
            (true, false) => Some("low on memory"),
            (false, true) => Some("low on disk"),
            (true, true) => Some("low on disk & memory"),
        }
    }

    pub(super) fn set_alarms(&mut self, memory: bool, disk: bool, out: &mut Vec<Event>) {
        if (memory, disk) == (self.memory_alarm, self.disk_alarm) {
            return;
        }
        (self.memory_alarm, self.disk_alarm) = (memory, disk);
        out.push(Event::AlarmChanged { memory, disk });
        if self.alarm_reason().is_none() {
            let blocked: Vec<ConnectionId> = self
                .connections
                .iter()
                .filter(|(_, state)| state.blocked)
                .map(|(id, _)| *id)
                .collect();
            for connection in blocked {
                if let Some(state) = self.connections.get_mut(&connection) {
                    state.blocked = false;
                }
                out.push(Event::ConnectionUnblocked { connection });
                self.publish_what_waited(connection, out);
            }
        }
    }
}
