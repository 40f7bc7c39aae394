//! The handshake, step by step: protocol header, start, tune, open (semantics 3.1 to 3.10).

use crate::amqp::command::{Connect, Password};
use crate::amqp::protocol::MethodId;
use crate::amqp::{Command, Exception, UserName};
use crate::machine::SimTime;
use crate::wire::connection::{CloseKind, Connection, Request, State};
use crate::wire::encode::{CloseReason, ServerConnectionMethod};
use crate::wire::handshake::{self, Credentials};
use crate::wire::heartbeat::Heartbeats;
use crate::wire::limits::{CHANNEL_MAX, FRAME_MAX, HEARTBEAT};
use crate::wire::method::ConnectionMethod;

impl Connection {
    pub(super) fn on_protocol_header(&mut self, header: &[u8]) {
        let compatibility = self.config.compatibility;
        if !handshake::is_spoken(header) {
            self.output
                .extend_from_slice(handshake::refusal(header, compatibility));
            self.state = State::Ended(CloseKind::Graceful);
            return;
        }
        self.send(&ServerConnectionMethod::Start {
            server_properties: handshake::server_properties(compatibility),
            mechanisms: handshake::mechanisms(compatibility),
        });
        self.state = State::AwaitStartOk;
    }

    /// Carries on with the handshake, or ends if the method is not the one that is due (semantics 3.10).
    pub(super) fn on_handshake_method(
        &mut self,
        id: MethodId,
        method: ConnectionMethod,
        now: SimTime,
    ) {
        match (self.state, method) {
            (
                State::AwaitStartOk,
                ConnectionMethod::StartOk {
                    client_properties,
                    mechanism,
                    response,
                },
            ) => {
                self.capabilities = handshake::capabilities(&client_properties);
                let name = client_properties.get("connection_name");
                if let Some(name) = name.and_then(|value| value.as_str()) {
                    self.name = name.to_string();
                }
                let compatibility = self.config.compatibility;
                match handshake::credentials(&mechanism, &response, compatibility) {
                    Some(credentials) => {
                        self.user = UserName::from(credentials.user.as_str());
                        self.state = State::Authenticating;
                        self.requests.push_back(Request::Authenticate(credentials));
                    }
                    None => self.fall_silent(now),
                }
            }
            (
                State::AwaitTuneOk,
                ConnectionMethod::TuneOk {
                    channel_max,
                    frame_max,
                    heartbeat,
                },
            ) => {
                if !handshake::agrees(channel_max, frame_max) {
                    self.fall_silent(now);
                    return;
                }
                self.channel_max = channel_max;
                self.frame_max = frame_max;
                self.heartbeat_seconds = heartbeat;
                self.heartbeats = Heartbeats::start(heartbeat, now);
                self.state = State::AwaitOpen;
            }
            (State::AwaitOpen, ConnectionMethod::Open { vhost }) => {
                self.state = State::Connecting;
                self.known = true;
                self.request(Command::Connect(Box::new(Connect {
                    connection: self.id,
                    name: self.name.clone(),
                    user: self.user.clone(),
                    password: Password::Trusted,
                    vhost: vhost.into(),
                    capabilities: self.capabilities,
                    peer: self.config.peer,
                })));
            }
            _ => self.on_unexpected_method(id, now),
        }
    }

    /// The answer to [`Request::Authenticate`].
    pub fn authenticated(
        &mut self,
        credentials: &Credentials,
        answer: Result<(), Exception>,
        now: SimTime,
    ) {
        if self.state != State::Authenticating {
            return;
        }
        if answer.is_ok() {
            self.send(&ServerConnectionMethod::Tune {
                channel_max: CHANNEL_MAX,
                frame_max: FRAME_MAX,
                heartbeat: HEARTBEAT,
            });
            self.state = State::AwaitTuneOk;
            return;
        }
        if self.capabilities.authentication_failure_close {
            let mechanism = credentials.mechanism;
            self.send(&ServerConnectionMethod::Close(CloseReason {
                code: 403,
                text: format!(
                    "ACCESS_REFUSED - Login was refused using authentication mechanism {mechanism}. \
                     For details see the broker logfile."
                ),
                method: MethodId::NONE,
            }));
        }
        self.fall_silent(now);
    }
}
