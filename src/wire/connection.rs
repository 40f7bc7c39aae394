//! The server's side of one connection: a state machine of octets, events, deadlines and requests.

use std::collections::VecDeque;

use rustc_hash::FxHashMap;

use crate::amqp::command::{Capabilities, Peer};
use crate::amqp::event::{ChannelEnd, Confirm, ConnectionEnd};
use crate::amqp::protocol::{MethodId, ReplyCode, ServerMethod};
use crate::amqp::{Command, Compatibility, ConnectionId, Event, Exception, UserName};
use crate::machine::SimTime;
use crate::wire::assembly::Assembly;
use crate::wire::confirms::Confirms;
use crate::wire::encode::{self, CloseReason, ServerConnectionMethod};
use crate::wire::frame::{Broken, RawFrame, Splitter};
use crate::wire::handshake::{Credentials, PROTOCOL_HEADER_LEN};
use crate::wire::heartbeat::{Heartbeats, Pulse};
use crate::wire::limits::{
    CHANNEL_MAX, CLOSING_SECONDS, FRAME_MAX, HANDSHAKE_MS, INITIAL_FRAME_MAX, SILENCE_MS,
};
use crate::wire::translate;

/// What a connection is told at its beginning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConnectionConfig {
    pub compatibility: Compatibility,
    pub peer: Peer,
    /// The display name, unless the client brings one of its own: `127.0.0.1:50612 -> 127.0.0.1:5672`.
    pub name: String,
}

/// What a connection wants from the broker.
#[derive(Clone, Debug, PartialEq)]
pub enum Request {
    /// May they log in? The answer is given by [`Connection::authenticated`].
    Authenticate(Credentials),
    Command(Command),
}

/// How the TCP connection is to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CloseKind {
    /// What was written is sent first.
    Graceful,
    /// What the peer has not read yet is lost, as whenever RabbitMQ hangs up without having been asked to: its
    /// sockets do not linger.
    Reset,
}

/// How far a connection is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    AwaitHeader,
    AwaitStartOk,
    /// The broker is asked whether the login is good.
    Authenticating,
    AwaitTuneOk,
    AwaitOpen,
    /// The broker is asked to open it.
    Connecting,
    Running,
    /// The broker was told to end it, and has not yet.
    Closing,
    /// connection.close or its answer was sent; only those two methods are still read (semantics 3.11, 3.12).
    Closed,
    /// Nothing is read or said any more; it ends at the deadline.
    Silent,
    Ended(CloseKind),
}

/// How far a channel is, as the wire must know it for what never reaches the broker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ChannelState {
    Fresh,
    Open,
    /// The server closed it and waits for close-ok (semantics 5.2).
    Closing,
}

#[derive(Clone, Debug)]
pub(super) struct Channel {
    pub(super) state: ChannelState,
    pub(super) assembly: Assembly,
    pub(super) confirms: Confirms,
}

/// The server's side of one connection.
#[derive(Clone, Debug)]
pub struct Connection {
    pub(super) id: ConnectionId,
    pub(super) config: ConnectionConfig,
    pub(super) state: State,
    /// When the present state ends by itself.
    pub(super) deadline: Option<SimTime>,
    pub(super) heartbeats: Option<Heartbeats>,
    splitter: Splitter,
    pub(super) output: Vec<u8>,
    pub(super) received: u64,
    /// Octets of output that were taken away.
    sent: u64,
    pub(super) frame_max: u32,
    pub(super) channel_max: u16,
    pub(super) heartbeat_seconds: u16,
    pub(super) capabilities: Capabilities,
    pub(super) name: String,
    pub(super) user: UserName,
    pub(super) channels: FxHashMap<u16, Channel>,
    /// Channels whose confirms wait to be written.
    confirming: Vec<u16>,
    /// Octets of bodies under way on all channels.
    pub(super) assembling: usize,
    blocked: bool,
    /// Whether the broker knows this connection.
    pub(super) known: bool,
    /// The octets that come are broken: after the close nothing is read (semantics 2.4).
    fatal: bool,
    pub(super) requests: VecDeque<Request>,
}

impl Connection {
    /// A connection that was accepted just now. `id` must be new to the broker.
    pub fn new(id: ConnectionId, config: ConnectionConfig, now: SimTime) -> Connection {
        Connection {
            id,
            state: State::AwaitHeader,
            deadline: Some(now + HANDSHAKE_MS),
            heartbeats: None,
            splitter: Splitter::default(),
            output: Vec::new(),
            received: 0,
            sent: 0,
            frame_max: INITIAL_FRAME_MAX,
            channel_max: CHANNEL_MAX,
            heartbeat_seconds: 0,
            capabilities: Capabilities {
                consumer_cancel_notify: false,
                connection_blocked: false,
                authentication_failure_close: false,
            },
            name: config.name.clone(),
            user: UserName::default(),
            config,
            channels: FxHashMap::default(),
            confirming: Vec::new(),
            assembling: 0,
            blocked: false,
            known: false,
            fatal: false,
            requests: VecDeque::new(),
        }
    }

    /// A connection that has been open for a while, with all that current clients can do: for whoever looks at some
    /// steps of a run and not at the handshake before them.
    pub(super) fn resumed(id: ConnectionId, config: ConnectionConfig, now: SimTime) -> Connection {
        Connection {
            state: State::Running,
            deadline: None,
            frame_max: FRAME_MAX,
            capabilities: Capabilities::ALL,
            known: true,
            ..Connection::new(id, config, now)
        }
    }

    /// From here on the confirms of a channel are waited for; publishes before `next` are confirmed already.
    pub(super) fn follow_channel(&mut self, number: u16, next: u64) {
        self.channels.entry(number).or_insert_with(|| Channel {
            state: ChannelState::Open,
            assembly: Assembly::Method,
            confirms: Confirms::from(next),
        });
    }

    /// The number by which the broker knows it.
    pub fn id(&self) -> ConnectionId {
        self.id
    }

    /// Where the client sits.
    pub fn peer(&self) -> Peer {
        self.config.peer
    }

    /// Takes octets from the peer. What they ask for is told by [`Connection::poll`].
    pub fn receive(&mut self, octets: &[u8]) {
        self.received += octets.len() as u64;
        if !matches!(self.state, State::Silent | State::Ended(_)) {
            self.splitter.push(octets);
        }
    }

    /// Whether more octets should be read: not while the connection is blocked (semantics 25.3), nor while what came
    /// waits for an answer of the broker.
    pub fn want_read(&self) -> bool {
        match self.state {
            State::Authenticating | State::Connecting => false,
            State::Silent | State::Ended(_) => false,
            State::Closing | State::Closed => true,
            State::AwaitHeader
            | State::AwaitStartOk
            | State::AwaitTuneOk
            | State::AwaitOpen
            | State::Running => !self.blocked,
        }
    }

    /// How the TCP connection is to be ended, once it is.
    pub fn wants_close(&self) -> Option<CloseKind> {
        match self.state {
            State::Ended(kind) => Some(kind),
            _ => None,
        }
    }

    /// Whether the broker has opened it and not yet closed it.
    pub fn is_running(&self) -> bool {
        self.state == State::Running
    }

    /// How many octets wait to be taken.
    pub fn output_len(&self) -> usize {
        self.output.len()
    }

    /// How many octets of the client it holds: those of an unfinished frame and of unfinished bodies.
    pub fn held(&self) -> usize {
        self.splitter.len() + self.assembling
    }

    /// Moves what is to be sent to the end of `into`.
    pub fn take_output(&mut self, into: &mut Vec<u8>) {
        self.write_confirms();
        self.sent += self.output.len() as u64;
        if into.is_empty() {
            std::mem::swap(into, &mut self.output);
        } else {
            into.append(&mut self.output);
        }
    }

    /// The next thing the peer asks of the broker. It is to be done, and its events given to
    /// [`Connection::on_event`], before this is called again.
    pub fn poll(&mut self, now: SimTime) -> Option<Request> {
        loop {
            if let Some(request) = self.requests.pop_front() {
                return Some(request);
            }
            if !self.want_read() {
                return None;
            }
            // Taken out while its payloads are read.
            let mut splitter = std::mem::take(&mut self.splitter);
            let went_on = self.advance(&mut splitter, now);
            self.splitter = splitter;
            if !went_on {
                return None;
            }
        }
    }

    /// Uses up one frame, or the protocol header. False if none is whole.
    fn advance(&mut self, splitter: &mut Splitter, now: SimTime) -> bool {
        if self.state == State::AwaitHeader {
            let Some(header) = splitter.take(PROTOCOL_HEADER_LEN) else {
                return false;
            };
            self.on_protocol_header(header);
            return true;
        }
        match splitter.next_frame(self.frame_max) {
            Ok(None) => false,
            Ok(Some(RawFrame {
                kind,
                channel,
                payload,
            })) => {
                self.on_frame(kind, channel, splitter.payload(&payload), now);
                true
            }
            Err(Broken::TooLarge { kind, size, limit }) => {
                let text =
                    format!("type {kind}, all octets = <<>>: {{frame_too_large,{size},{limit}}}");
                splitter.clear();
                self.fail_fatally(text, now);
                true
            }
            Err(Broken::EndMarker {
                kind,
                payload,
                found,
            }) => {
                let snippet = super::dispatch::snippet(splitter.payload(&payload));
                let text = format!("type {kind}, {snippet}: {{invalid_frame_end_marker,{found}}}");
                splitter.clear();
                self.fail_fatally(text, now);
                true
            }
        }
    }

    /// Tells what the broker did. Events of other connections change nothing.
    pub fn on_event(&mut self, event: &Event, now: SimTime) {
        match event {
            Event::ConnectionOpened { connection, .. } if *connection == self.id => {
                if self.state == State::Connecting {
                    self.state = State::Running;
                    self.deadline = None;
                    self.send(&ServerConnectionMethod::OpenOk);
                }
            }
            Event::ConnectionRefused {
                connection,
                exception,
            } if *connection == self.id => {
                let mut exception = exception.clone();
                if exception.method == MethodId::NONE {
                    exception.method = MethodId {
                        class: 10,
                        method: 40,
                    };
                }
                self.close_with(&exception, now);
            }
            Event::ConnectionClosed { connection, end } if *connection == self.id => match end {
                ConnectionEnd::ByClient { .. } => {
                    self.write_confirms();
                    self.send(&ServerConnectionMethod::CloseOk);
                    self.enter_closed(now);
                }
                ConnectionEnd::Exception(exception) => self.close_with(exception, now),
                ConnectionEnd::Lost => self.known = false,
            },
            Event::ConnectionBlocked { connection, reason } if *connection == self.id => {
                self.blocked = true;
                if self.capabilities.connection_blocked {
                    self.send(&ServerConnectionMethod::Blocked { reason });
                }
            }
            Event::ConnectionUnblocked { connection } if *connection == self.id => {
                self.blocked = false;
                if self.capabilities.connection_blocked {
                    self.send(&ServerConnectionMethod::Unblocked);
                }
            }
            _ => self.on_channel_event(event),
        }
    }

    fn on_channel_event(&mut self, event: &Event) {
        let Some(channel) = translate::channel(event) else {
            return;
        };
        if channel.connection != self.id || !matches!(self.state, State::Running | State::Closing) {
            return;
        }
        let number = channel.number.0;
        if let Event::Confirmed {
            tag, multiple, how, ..
        } = event
        {
            self.confirm(number, tag.0, *multiple, *how);
            return;
        }
        // Whatever closes a channel or answers to a method comes after the confirms that it found.
        if !matches!(event, Event::Delivered { .. } | Event::Returned { .. }) {
            self.write_confirms();
        }
        match event {
            Event::Replied { method, .. } if **method == ServerMethod::ChannelOpenOk => {
                if let Some(channel) = self.channels.get_mut(&number) {
                    channel.state = ChannelState::Open;
                }
            }
            Event::ChannelClosed {
                end: ChannelEnd::ByClient { .. },
                ..
            } => {
                self.forget_channel(number);
            }
            Event::ChannelClosed {
                end: ChannelEnd::Exception(_),
                ..
            } => {
                if let Some(channel) = self.channels.get_mut(&number) {
                    channel.state = ChannelState::Closing;
                }
            }
            _ => {}
        }
        translate::write(event, self.frame_max, &mut self.output);
    }

    /// Keeps a confirm until the output is taken, so that those of one chunk of input go together.
    fn confirm(&mut self, number: u16, tag: u64, multiple: bool, how: Confirm) {
        let Some(channel) = self.channels.get_mut(&number) else {
            return;
        };
        if channel.confirms.is_empty() {
            self.confirming.push(number);
        }
        channel.confirms.push(tag, multiple, how);
    }

    fn write_confirms(&mut self) {
        for number in std::mem::take(&mut self.confirming) {
            if let Some(channel) = self.channels.get_mut(&number) {
                channel.confirms.write(number, &mut self.output);
            }
        }
    }

    /// When [`Connection::on_deadline`] is to be called.
    pub fn next_deadline(&self) -> Option<SimTime> {
        if matches!(self.state, State::Ended(_)) {
            return None;
        }
        let beat = self.heartbeats.as_ref().map(Heartbeats::deadline);
        [self.deadline, beat].into_iter().flatten().min()
    }

    /// Lets time pass.
    pub fn on_deadline(&mut self, now: SimTime) {
        if self.deadline.is_some_and(|deadline| deadline <= now) {
            self.deadline = None;
            match self.state {
                State::Ended(_) => {}
                _ => self.end(CloseKind::Reset),
            }
        }
        if matches!(self.state, State::Silent | State::Ended(_)) {
            return;
        }
        let sent = self.sent + self.output.len() as u64;
        let (received, paused) = (self.received, self.blocked);
        let Some(heartbeats) = &mut self.heartbeats else {
            return;
        };
        match heartbeats.look(now, sent, received, paused) {
            Pulse::Fine => {}
            Pulse::Send => encode::heartbeat(&mut self.output),
            Pulse::Dead => self.end(CloseKind::Reset),
        }
    }

    /// The peer closed its side, or was lost.
    pub fn on_peer_closed(&mut self) {
        self.end(CloseKind::Graceful);
    }

    pub(super) fn request(&mut self, command: Command) {
        self.requests.push_back(Request::Command(command));
    }

    pub(super) fn send(&mut self, method: &ServerConnectionMethod) {
        encode::connection_method(method, &mut self.output);
    }

    /// Ends the connection with connection.close. While it is not yet opening, RabbitMQ says nothing (semantics 3.10).
    pub(super) fn fail(&mut self, exception: Exception, now: SimTime) {
        match self.state {
            State::Running => {
                self.state = State::Closing;
                let (connection, exception) = (self.id, Box::new(exception));
                self.request(Command::FailConnection {
                    connection,
                    exception,
                });
            }
            State::AwaitOpen => self.close_with(&exception, now),
            _ => self.fall_silent(now),
        }
    }

    /// A method of class connection, or of another class on channel 0, that is not due.
    pub(super) fn on_unexpected_method(&mut self, id: MethodId, now: SimTime) {
        let state = match self.state {
            State::Running => "running",
            _ => "opening",
        };
        let text = format!("unexpected method in connection state {state}");
        self.fail(
            Exception::connection(ReplyCode::ChannelError, text).raised_by(id),
            now,
        );
    }

    fn fail_fatally(&mut self, text: String, now: SimTime) {
        self.fatal = true;
        match self.state {
            State::Closing | State::Closed => self.fall_silent(now),
            _ => self.fail(Exception::connection(ReplyCode::FrameError, text), now),
        }
    }

    /// Ends without a word: the reader has died (semantics 2.10).
    pub(super) fn reset(&mut self) {
        self.end(CloseKind::Reset);
    }

    pub(super) fn fall_silent(&mut self, now: SimTime) {
        self.drop_from_broker();
        self.state = State::Silent;
        self.deadline = Some(now + SILENCE_MS);
        self.splitter.clear();
    }

    fn end(&mut self, kind: CloseKind) {
        self.drop_from_broker();
        if !matches!(self.state, State::Ended(_)) {
            self.state = State::Ended(kind);
        }
        self.splitter.clear();
    }

    fn drop_from_broker(&mut self) {
        self.channels.clear();
        self.assembling = 0;
        if std::mem::take(&mut self.known) {
            self.request(Command::DropConnection {
                connection: self.id,
            });
        }
    }

    fn close_with(&mut self, exception: &Exception, now: SimTime) {
        self.write_confirms();
        if matches!(self.state, State::Silent | State::Ended(_)) {
            self.known = false;
            return;
        }
        self.send(&ServerConnectionMethod::Close(close_reason(exception)));
        if self.fatal {
            self.known = false;
            self.fall_silent(now);
        } else {
            self.enter_closed(now);
        }
    }

    fn enter_closed(&mut self, now: SimTime) {
        self.known = false;
        self.channels.clear();
        self.assembling = 0;
        self.blocked = false;
        self.state = State::Closed;
        let seconds = match self.heartbeat_seconds {
            0 => CLOSING_SECONDS,
            seconds => seconds.min(CLOSING_SECONDS),
        };
        self.deadline = Some(now + u64::from(seconds) * 1000);
    }

    /// Forgets a channel: its number is free again.
    pub(super) fn forget_channel(&mut self, number: u16) {
        if let Some(channel) = self.channels.remove(&number) {
            self.assembling -= channel.assembly.held();
        }
    }
}

/// The fields of a close method for an exception.
pub(super) fn close_reason(exception: &Exception) -> CloseReason {
    CloseReason {
        code: exception.code.code(),
        text: exception.reply_text(),
        method: exception.method,
    }
}
