//! What a frame of the client means, state by state and channel by channel (semantics 2.6 to 2.13, 3.10, 3.18).

use crate::amqp::protocol::{ClientMethod, MethodId, ReplyCode};
use crate::amqp::{ChannelId, ChannelNumber, Command, Exception};
use crate::machine::SimTime;
use crate::wire::assembly::{Assembled, Assembly, Carrier, ContentHeader, OutOfTurn};
use crate::wire::confirms::Confirms;
use crate::wire::connection::{Channel, ChannelState, Connection, State};
use crate::wire::encode::ServerConnectionMethod;
use crate::wire::erlang;
use crate::wire::frame::FrameKind;
use crate::wire::limits::ASSEMBLING_BYTES;
use crate::wire::method::{self, Carries, ConnectionMethod, Fault, Method};

/// A frame whose type and shape are known.
enum Shaped<'a> {
    Method(MethodId, &'a [u8]),
    Header(ContentHeader<'a>),
    Body(&'a [u8]),
    Heartbeat,
}

fn shape(kind: u8, payload: &[u8]) -> Option<Shaped<'_>> {
    Some(match FrameKind::from_octet(kind)? {
        FrameKind::Method => {
            let (&[c1, c0, m1, m0], fields) = payload.split_first_chunk::<4>()?;
            let (class, method) = (u16::from_be_bytes([c1, c0]), u16::from_be_bytes([m1, m0]));
            Shaped::Method(MethodId { class, method }, fields)
        }
        FrameKind::Header => Shaped::Header(ContentHeader::read(payload).ok()?),
        FrameKind::Body => Shaped::Body(payload),
        FrameKind::Heartbeat => payload.is_empty().then_some(Shaped::Heartbeat)?,
    })
}

/// The beginning of a payload as RabbitMQ shows it: `all octets = <<…>>`.
pub(super) fn snippet(payload: &[u8]) -> String {
    match payload.get(..16) {
        Some(first) if payload.len() > 16 => format!("first 16 octets = {}", erlang::binary(first)),
        _ => format!("all octets = {}", erlang::binary(payload)),
    }
}

impl Connection {
    /// Takes one frame.
    pub(super) fn on_frame(&mut self, kind: u8, channel: u16, payload: &[u8], now: SimTime) {
        let running = self.state == State::Running;
        if matches!(self.state, State::Closing | State::Closed) {
            if channel == 0 {
                self.on_frame_while_stopping(kind, payload);
            }
            return;
        }
        if channel != 0 && !running {
            self.unexpected_frame(kind, payload, now);
            return;
        }
        let Some(frame) = shape(kind, payload) else {
            let text = format!("type {kind}, {}: unknown_frame", snippet(payload));
            self.fail(Exception::connection(ReplyCode::FrameError, text), now);
            return;
        };
        match frame {
            Shaped::Heartbeat if channel == 0 => {}
            Shaped::Method(id, fields) if channel == 0 => {
                self.on_connection_method(id, fields, now)
            }
            Shaped::Heartbeat => self.unexpected_frame(kind, payload, now),
            Shaped::Header(_) | Shaped::Body(_) if channel == 0 => {
                self.unexpected_frame(kind, payload, now);
            }
            Shaped::Method(id, fields) => self.on_channel_method(channel, id, fields, now),
            Shaped::Header(header) => {
                self.on_content(channel, now, |assembly| assembly.header(header));
            }
            Shaped::Body(part) => self.on_content(channel, now, |assembly| assembly.body(part)),
        }
    }

    fn unexpected_frame(&mut self, kind: u8, payload: &[u8], now: SimTime) {
        let text = format!("type {kind}, {}", snippet(payload));
        self.fail(Exception::connection(ReplyCode::UnexpectedFrame, text), now);
    }

    /// Only close and close-ok mean anything now (semantics 3.12).
    fn on_frame_while_stopping(&mut self, kind: u8, payload: &[u8]) {
        let Some(Shaped::Method(id, fields)) = shape(kind, payload) else {
            return;
        };
        match method::decode(id, fields) {
            Ok(Method::Connection(ConnectionMethod::Close { .. })) => {
                self.send(&ServerConnectionMethod::CloseOk);
            }
            Ok(Method::Connection(ConnectionMethod::CloseOk)) if self.state == State::Closed => {
                self.on_peer_closed();
            }
            Err(Fault::Unknown) => self.reset(),
            _ => {}
        }
    }

    fn on_connection_method(&mut self, id: MethodId, fields: &[u8], now: SimTime) {
        let decoded = match method::decode(id, fields) {
            Ok(decoded) => decoded,
            Err(fault) => return self.on_fault(fault, 0, id, fields, now),
        };
        if self.state != State::Running {
            return match decoded {
                Method::Connection(method) => self.on_handshake_method(id, method, now),
                Method::Call(_) | Method::Publish(_) | Method::ServerOnly(_) => {
                    self.on_unexpected_method(id, now);
                }
            };
        }
        match decoded {
            Method::Connection(ConnectionMethod::Close { code, text }) => {
                self.state = State::Closing;
                self.request(Command::CloseConnection {
                    connection: self.id,
                    code,
                    text,
                });
            }
            Method::Connection(ConnectionMethod::UpdateSecret) => {
                self.send(&ServerConnectionMethod::UpdateSecretOk);
            }
            _ => self.on_unexpected_method(id, now),
        }
    }

    /// What a method that cannot be read leads to (semantics 2.10 to 2.12).
    fn on_fault(&mut self, fault: Fault, channel: u16, id: MethodId, fields: &[u8], now: SimTime) {
        use ReplyCode::{FrameError, InternalError};
        let exception = match fault {
            Fault::Unknown => return self.reset(),
            Fault::Table if channel != 0 => return self.reset(),
            Fault::Table => Exception::connection(InternalError, ""),
            Fault::Fields => {
                let text = format!("cannot decode {}", erlang::octets(fields));
                Exception::connection(FrameError, text).raised_by(id)
            }
            Fault::Utf8 => {
                let exception = Exception::connection(FrameError, "Malformed UTF-8 in shortstr");
                match channel {
                    0 => exception.raised_by(id),
                    _ => exception,
                }
            }
        };
        self.fail(exception, now);
    }

    /// The channel of this number; it begins to be with its first frame. The count of channels is limited, not their
    /// numbers (semantics 3.18).
    fn channel(&mut self, number: u16, now: SimTime) -> Option<&mut Channel> {
        let open = self.channels.len();
        if open >= usize::from(self.channel_max) && !self.channels.contains_key(&number) {
            let most = self.channel_max;
            let text = format!(
                "number of channels opened ({open}) has reached the negotiated channel_max ({most})"
            );
            self.fail(Exception::connection(ReplyCode::NotAllowed, text), now);
            return None;
        }
        Some(self.channels.entry(number).or_insert(Channel {
            state: ChannelState::Fresh,
            assembly: Assembly::Method,
            confirms: Confirms::default(),
        }))
    }

    fn on_channel_method(&mut self, number: u16, id: MethodId, fields: &[u8], now: SimTime) {
        // A number that no method has kills the reader before anything else is looked at (semantics 2.10).
        let decoded = method::decode(id, fields);
        if decoded == Err(Fault::Unknown) {
            return self.reset();
        }
        let Some(channel) = self.channel(number, now) else {
            return;
        };
        if let Err(out_of_turn) = channel.assembly.method_is_due() {
            return self.fail(unexpected(out_of_turn), now);
        }
        match decoded {
            Err(fault) => self.on_fault(fault, number, id, fields, now),
            Ok(Method::Publish(head)) => {
                channel.assembly = Assembly::Header(Carrier::Publish(head));
            }
            Ok(Method::ServerOnly(Carries::Content)) => {
                channel.assembly = Assembly::Header(Carrier::ServerOnly(id));
            }
            Ok(Method::ServerOnly(Carries::Nothing) | Method::Connection(_)) => {
                self.on_server_only(number, id, now);
            }
            Ok(Method::Call(call)) => {
                if call == ClientMethod::ChannelCloseOk {
                    if channel.state == ChannelState::Fresh {
                        return self.on_server_only(number, id, now);
                    }
                    self.forget_channel(number);
                }
                self.call(number, call);
            }
        }
    }

    fn call(&mut self, number: u16, method: ClientMethod) {
        let channel = ChannelId {
            connection: self.id,
            number: ChannelNumber(number),
        };
        self.request(Command::Call { channel, method });
    }

    /// A method that only servers send: the channel refuses it as any other, in its state's words.
    fn on_server_only(&mut self, number: u16, id: MethodId, now: SimTime) {
        let exception =
            Exception::connection(ReplyCode::CommandInvalid, "unimplemented method").raised_by(id);
        self.fail_on_channel(number, id, exception, now);
    }

    fn fail_on_channel(&mut self, number: u16, id: MethodId, exception: Exception, now: SimTime) {
        let state = self
            .channels
            .get(&number)
            .map_or(ChannelState::Fresh, |it| it.state);
        match state {
            ChannelState::Closing => {}
            ChannelState::Open => self.fail(exception, now),
            ChannelState::Fresh => {
                let text = "expected 'channel.open'";
                let exception = Exception::connection(ReplyCode::ChannelError, text);
                self.fail(exception.raised_by(id), now);
            }
        }
    }

    fn on_content(
        &mut self,
        number: u16,
        now: SimTime,
        take: impl FnOnce(&mut Assembly) -> Result<Option<Assembled>, OutOfTurn>,
    ) {
        let Some(channel) = self.channel(number, now) else {
            return;
        };
        let before = channel.assembly.held();
        let taken = take(&mut channel.assembly);
        let after = channel.assembly.held();
        self.assembling = self.assembling - before + after;
        match taken {
            Err(out_of_turn) => self.fail(unexpected(out_of_turn), now),
            Ok(None) if self.assembling > ASSEMBLING_BYTES => {
                let text = format!(
                    "bodies under way on this connection exceed this broker's limit of \
                     {ASSEMBLING_BYTES} bytes"
                );
                self.fail(Exception::connection(ReplyCode::ResourceError, text), now);
            }
            Ok(None) => {}
            Ok(Some(Assembled::Publish(publish))) => {
                self.call(number, ClientMethod::BasicPublish(publish));
            }
            Ok(Some(Assembled::ServerOnly(id))) => self.on_server_only(number, id, now),
            Ok(Some(Assembled::Undecodable)) => {
                let id = MethodId {
                    class: 60,
                    method: 40,
                };
                let exception = Exception::connection(ReplyCode::InternalError, "");
                self.fail_on_channel(number, id, exception, now);
            }
        }
    }
}

fn unexpected(out_of_turn: OutOfTurn) -> Exception {
    Exception::connection(ReplyCode::UnexpectedFrame, out_of_turn.text)
        .raised_by(out_of_turn.method)
}
