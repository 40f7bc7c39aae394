//! basic.publish: what may be wrong with it, and its returns and confirms (semantics 9, 10).

use std::rc::Rc;

use crate::amqp::arena::ExchangeKey;
use crate::amqp::broker::{Broker, Compatibility};
use crate::amqp::channel::Mode;
use crate::amqp::declare_exchange::described;
use crate::amqp::enqueue::Taken;
use crate::amqp::event::{Confirm, Event};
use crate::amqp::exception::Exception;
use crate::amqp::ids::{ChannelId, DeliveryTag, MessageId, RoutingKey};
use crate::amqp::message::{Extra, Message, Properties, Value};
use crate::amqp::permission::{Access, On};
use crate::amqp::protocol::ReplyCode;
use crate::amqp::protocol::method::BasicPublish;
use crate::amqp::routing::Routes;

fn refuse<T>(text: String) -> Result<T, Exception> {
    Err(Exception::channel(ReplyCode::PreconditionFailed, text))
}

impl Broker {
    pub(super) fn publish(
        &mut self,
        channel: ChannelId,
        publish: &BasicPublish,
        out: &mut Vec<Event>,
    ) -> Result<(), Exception> {
        if self.waits_for_alarm(channel, publish, out) {
            return Ok(());
        }
        let exchange = self.check_publish(channel, publish)?;
        let properties =
            self.with_reply_address(channel, without_bcc(&publish.content.properties))?;
        self.check_properties(channel, &publish.content.properties)?;
        let keys = routing_keys(&publish.routing_key, &publish.content.properties)?;
        self.check_delivery_mode(&publish.content.properties)?;
        let limits = self.config.limits;
        if self.copies >= limits.messages || self.copy_bytes >= limits.message_bytes {
            return Err(self.limit_reached(
                "messages in all queues",
                limits.messages as usize,
                out,
            ));
        }
        let message = Rc::new(Message {
            id: MessageId(self.next_message),
            publisher: Some(channel),
            published_at: self.now,
            exchange: self
                .exchanges
                .get(exchange)
                .map(|exchange| exchange.id.clone())
                .expect("its key was just looked up"),
            routing_key: publish.routing_key.clone(),
            extra: keys.map(|routing_keys| {
                Box::new(Extra {
                    routing_keys,
                    ..Extra::default()
                })
            }),
            properties,
            body: Rc::clone(&publish.content.body),
        });
        self.next_message += 1;
        out.push(Event::Published {
            message: Rc::clone(&message),
            mandatory: publish.mandatory,
        });
        let mut routes = self.route(exchange, &message, out);
        if !self.is_v4() {
            // A channel of 3.10 hands out through delegate:invoke_no_result, which turns the list round; dead letters go
            // to one queue after the other.
            routes.queues.reverse();
        }
        self.finish_publish(channel, message, routes, publish.mandatory, out);
        Ok(())
    }

    /// A routed message waits for its transaction, or goes into its queues, confirmed if that was asked for.
    fn finish_publish(
        &mut self,
        channel: ChannelId,
        message: Rc<Message>,
        routes: Routes,
        mandatory: bool,
        out: &mut Vec<Event>,
    ) {
        let Some(state) = self.channels.get_mut(&channel) else {
            return;
        };
        match &mut state.mode {
            Mode::Tx(transaction) => {
                let found = routes.queues.iter().filter_map(|key| self.queues.get(*key));
                let names = found.map(|queue| queue.id.name()).collect();
                transaction.publish(message, names, mandatory);
            }
            Mode::Normal => {
                self.distribute(channel, &message, routes, mandatory, out);
            }
            Mode::Confirm { next } => {
                let tag = DeliveryTag(*next);
                *next += 1;
                let taken = self.distribute(channel, &message, routes, mandatory, out);
                let how = if taken == Taken::Yes {
                    Confirm::Ack
                } else {
                    Confirm::Nack
                };
                out.push(Event::Confirmed {
                    channel,
                    tag,
                    multiple: false,
                    how,
                    message: message.id,
                });
            }
        }
    }

    /// What can be wrong with a publish before its properties are looked at, in RabbitMQ's order (semantics 9.1).
    fn check_publish(
        &self,
        channel: ChannelId,
        publish: &BasicPublish,
    ) -> Result<ExchangeKey, Exception> {
        if publish.immediate {
            return Err(Exception::connection(
                ReplyCode::NotImplemented,
                "immediate=true",
            ));
        }
        let largest = if self.is_v4() {
            LARGEST_MESSAGE_V4
        } else {
            LARGEST_MESSAGE
        };
        let size = publish.content.body.len();
        if size > largest {
            return refuse(format!(
                "message size {size} is larger than configured max size {largest}"
            ));
        }
        let connection = self.connections.get(&channel.connection);
        let connection = connection.expect("a method comes on an open connection");
        let (vhost, name) = (connection.vhost, publish.exchange.as_str());
        if !connection.unrestricted {
            self.check_access(channel.connection, Access::Write, On::Exchange(name))?;
        }
        let key = self.exchange_key(vhost, name).ok_or_else(|| {
            let text = format!("no exchange '{name}' in vhost '{}'", self.vhost_name(vhost));
            Exception::channel(ReplyCode::NotFound, text)
        })?;
        let exchange = self.exchanges.get(key).expect("its key was just looked up");
        if exchange.internal {
            let text = format!("cannot publish to internal {}", described(&exchange.id));
            return Err(Exception::channel(ReplyCode::AccessRefused, text));
        }
        if connection.has_topic_permissions {
            let (connection, routing_key) = (channel.connection, &publish.routing_key);
            self.check_topic_access(connection, Access::Write, key, routing_key)?;
        }
        Ok(key)
    }

    fn check_properties(
        &self,
        channel: ChannelId,
        properties: &Properties,
    ) -> Result<(), Exception> {
        if let Some(claimed) = &properties.user_id
            && let Some(connection) = self.connections.get(&channel.connection)
            && claimed.as_bytes() != connection.user.as_str().as_bytes()
            && !self.has_tag(&connection.user, "impersonator")
        {
            let user = &connection.user;
            return refuse(format!(
                "user_id property set to '{claimed}' but authenticated user was '{user}'"
            ));
        }
        if let Some(expiration) = &properties.expiration
            && let Err(reason) = parse_expiration(expiration.as_bytes())
        {
            return refuse(format!("invalid expiration '{expiration}': {reason}"));
        }
        Ok(())
    }

    /// 3.10 knows two delivery modes.
    fn check_delivery_mode(&self, properties: &Properties) -> Result<(), Exception> {
        match properties.delivery_mode {
            Some(mode)
                if mode != 1 && mode != 2 && self.config.compatibility == Compatibility::V3_10 =>
            {
                refuse(format!("invalid message: {{delivery_mode_unknown,{mode}}}"))
            }
            _ => Ok(()),
        }
    }

    /// Puts a routed message into its queues; what nobody takes goes back if it is mandatory (semantics 9.4).
    pub(super) fn distribute(
        &mut self,
        channel: ChannelId,
        message: &Rc<Message>,
        routes: Routes,
        mandatory: bool,
        out: &mut Vec<Event>,
    ) -> Taken {
        if routes.is_empty() && mandatory {
            out.push(Event::Returned {
                channel,
                message: Rc::clone(message),
            });
        }
        let mut taken = Taken::Yes;
        let mut queues = routes.queues;
        for queue in queues.drain(..) {
            if self.enqueue(queue, message, out) == Taken::Refused {
                taken = Taken::Refused;
            }
        }
        self.route_buffer = queues;
        taken
    }
}

/// max_message_size of 3.10.
const LARGEST_MESSAGE: usize = 134_217_728;
/// max_message_size since 4.0 (D11).
const LARGEST_MESSAGE_V4: usize = 16_777_216;
/// Ten years of 365 days in milliseconds.
const LONGEST_EXPIRATION_MS: u64 = 315_360_000_000;

/// The routing keys, where there are more than one: the key, then CC, then BCC (semantics 8.8).
fn routing_keys(
    key: &RoutingKey,
    properties: &Properties,
) -> Result<Option<Vec<RoutingKey>>, Exception> {
    let Some(headers) = &properties.headers else {
        return Ok(None);
    };
    let mut keys = vec![key.clone()];
    for name in ["CC", "BCC"] {
        match headers.get(name) {
            None => {}
            Some(Value::Array(items)) => keys.extend(items.iter().filter_map(|item| match item {
                Value::LongString(text) => Some(RoutingKey::from(&**text)),
                _ => None,
            })),
            Some(other) => {
                let kind = other.type_name();
                return refuse(format!(
                    "invalid message: {{unacceptable_type_in_header,\"{name}\",{kind}}}"
                ));
            }
        }
    }
    Ok((keys.len() > 1).then_some(keys))
}

/// BCC is not shown to receivers (semantics 8.8).
fn without_bcc(properties: &Rc<Properties>) -> Rc<Properties> {
    match &properties.headers {
        Some(headers) if headers.get("BCC").is_some() => {
            let mut shown = (**properties).clone();
            if let Some(headers) = &mut shown.headers {
                headers.remove("BCC");
            }
            Rc::new(shown)
        }
        Some(_) | None => Rc::clone(properties),
    }
}

/// Milliseconds, or the reason as RabbitMQ prints it (semantics 9.3).
pub(super) fn parse_expiration(text: &[u8]) -> Result<u64, String> {
    let text = String::from_utf8_lossy(text);
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(&text);
    let digits = unsigned.bytes().take_while(u8::is_ascii_digit).count();
    if digits == 0 {
        return Err("no_integer".to_string());
    }
    let rest = &unsigned[digits..];
    if !rest.is_empty() {
        return Err(format!("{{leftover_string,\"{rest}\"}}"));
    }
    let value: i128 = unsigned.parse().unwrap_or(i128::MAX);
    let value = if text.starts_with('-') { -value } else { value };
    match u64::try_from(value) {
        Err(_) if value < 0 => Err(format!("{{value_negative,{value}}}")),
        Ok(ms) if ms <= LONGEST_EXPIRATION_MS => Ok(ms),
        _ => Err(format!("{{value_too_large,{value}}}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_expiration_is_read_as_erlang_reads_integers() {
        // Semantics 9.3.
        for (text, expected) in [
            ("10", Ok(10)),
            ("+10", Ok(10)),
            ("abc", Err("no_integer")),
            ("", Err("no_integer")),
            (" 10", Err("no_integer")),
            ("10s", Err("{leftover_string,\"s\"}")),
            ("-1", Err("{value_negative,-1}")),
            ("315360000001", Err("{value_too_large,315360000001}")),
        ] {
            assert_eq!(
                parse_expiration(text.as_bytes()),
                expected.map_err(str::to_string),
                "{text:?}"
            );
        }
    }
}
