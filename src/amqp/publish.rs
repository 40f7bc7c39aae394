//! basic.publish: checks, routing, enqueueing, returns and confirms (semantics 8, 9, 10, 16, 17).

use std::collections::BTreeSet;
use std::rc::Rc;

use crate::amqp::arena::{ExchangeKey, QueueKey, Target};
use crate::amqp::broker::{Broker, Compatibility, Timer};
use crate::amqp::channel::Mode;
use crate::amqp::dead_letter::Death;
use crate::amqp::declare_exchange::described;
use crate::amqp::event::{Confirm, DeathReason, DropReason, Event, Via};
use crate::amqp::exception::Exception;
use crate::amqp::ids::{ChannelId, DeliveryTag, MessageId, RoutingKey};
use crate::amqp::message::{Message, Properties, Value};
use crate::amqp::permission::{Access, On};
use crate::amqp::protocol::ReplyCode;
use crate::amqp::protocol::method::BasicPublish;
use crate::amqp::queue::arguments::Overflow;
use crate::amqp::queue::store::Entry;
use crate::amqp::view::QueueKind;

fn refuse<T>(text: String) -> Result<T, Exception> {
    Err(Exception::channel(ReplyCode::PreconditionFailed, text))
}

/// Where a message goes.
#[derive(Clone, Debug, Default)]
pub(super) struct Routes {
    pub(super) queues: Vec<QueueKey>,
    /// The channel whose reply consumer gets it (semantics 19).
    pub(super) reply: Option<ChannelId>,
}

impl Routes {
    pub(super) fn is_empty(&self) -> bool {
        self.queues.is_empty() && self.reply.is_none()
    }
}

/// What a queue did with a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Taken {
    Yes,
    Refused,
}

impl Broker {
    pub(super) fn publish(
        &mut self,
        channel: ChannelId,
        publish: &BasicPublish,
        out: &mut Vec<Event>,
    ) -> Result<(), Exception> {
        self.block_if_alarmed(channel.connection, out);
        let exchange = self.check_publish(channel, publish)?;
        let keys = routing_keys(&publish.routing_key, &publish.content.properties)?;
        let limits = self.config.limits;
        if self.copies >= limits.messages || self.copy_bytes >= limits.message_bytes {
            return Err(self.limit_reached(
                "messages in all queues",
                limits.messages as usize,
                out,
            ));
        }
        let properties =
            self.with_reply_address(channel, without_bcc(&publish.content.properties))?;
        let message = Rc::new(Message {
            id: MessageId(self.next_message),
            parent: None,
            publisher: Some(channel),
            published_at: self.now,
            exchange: self
                .exchanges
                .get(exchange)
                .map(|exchange| exchange.id.clone())
                .expect("its key was just looked up"),
            routing_key: publish.routing_key.clone(),
            extra: keys
                .clone()
                .and_then(|keys| Message::extra(keys, Vec::new())),
            properties,
            body: Rc::clone(&publish.content.body),
        });
        self.next_message += 1;
        out.push(Event::Published {
            message: Rc::clone(&message),
            mandatory: publish.mandatory,
        });
        let routes = match self.delay(exchange, &message) {
            true => self.route_alternate_only(exchange, &message, out),
            false => self.route(exchange, &message, keys.as_deref(), out),
        };
        let Some(state) = self.channels.get_mut(&channel) else {
            return Ok(());
        };
        match &mut state.mode {
            Mode::Tx(transaction) => transaction.publish(message, routes, publish.mandatory),
            Mode::Normal => {
                self.distribute(channel, &message, routes, publish.mandatory, out);
            }
            Mode::Confirm { next } => {
                let tag = DeliveryTag(*next);
                *next += 1;
                let taken = self.distribute(channel, &message, routes, publish.mandatory, out);
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
        Ok(())
    }

    /// Everything that can be wrong with a publish, in RabbitMQ's order (semantics 9.1).
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
        let vhost = self.vhost_of(channel);
        let name = publish.exchange.as_str();
        self.check_access(channel.connection, Access::Write, On::Exchange(name))?;
        let key = self.exchange_key(vhost, name).ok_or_else(|| {
            let text = format!("no exchange '{name}' in vhost '{}'", self.vhost_name(vhost));
            Exception::channel(ReplyCode::NotFound, text)
        })?;
        let exchange = self.exchanges.get(key).expect("its key was just looked up");
        if exchange.internal {
            let text = format!("cannot publish to internal {}", described(&exchange.id));
            return Err(Exception::channel(ReplyCode::AccessRefused, text));
        }
        self.check_properties(channel, &publish.content.properties)?;
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
        match properties.delivery_mode {
            Some(mode)
                if mode != 1 && mode != 2 && self.config.compatibility == Compatibility::V3_10 =>
            {
                refuse(format!("invalid message: {{delivery_mode_unknown,{mode}}}"))
            }
            _ => Ok(()),
        }
    }

    /// Finds the queues for a message: each exchange is visited once, each queue taken once (semantics 6.9, 8.4).
    ///
    /// `keys` are given where there are more than the message's own.
    pub(super) fn route(
        &mut self,
        start: ExchangeKey,
        message: &Rc<Message>,
        keys: Option<&[RoutingKey]>,
        out: &mut Vec<Event>,
    ) -> Routes {
        let keys = keys.unwrap_or(std::slice::from_ref(&message.routing_key));
        self.routing += 1;
        let mut routes = Routes::default();
        let mut to_visit = vec![start];
        let mut next = 0;
        while let Some(key) = to_visit.get(next).copied() {
            next += 1;
            self.visit(key, message, keys, &mut to_visit, &mut routes, out);
        }
        if self.is_v4() && routes.queues.len() > 1 {
            // 4.x serves the queues in the order of their names, 3.10 in the order in which bindings matched.
            routes
                .queues
                .sort_by_key(|key| self.queues.get(*key).map(|queue| queue.id.clone()));
        }
        if routes.is_empty() {
            out.push(Event::Unroutable {
                message: message.id,
                exchange: message.exchange.clone(),
            });
        }
        routes
    }

    fn visit(
        &mut self,
        key: ExchangeKey,
        message: &Rc<Message>,
        keys: &[RoutingKey],
        to_visit: &mut Vec<ExchangeKey>,
        routes: &mut Routes,
        out: &mut Vec<Event>,
    ) {
        let routing = self.routing;
        let compatibility = self.config.compatibility;
        let Some(exchange) = self.exchanges.get_mut(key) else {
            return;
        };
        if std::mem::replace(&mut exchange.visited, routing) == routing {
            return;
        }
        if exchange.id.as_str().is_empty() {
            return self.visit_default(key, message, keys, routes, out);
        }
        let mut hits = std::mem::take(&mut self.hits);
        exchange.route(keys, &message.properties, compatibility, &mut hits);
        let (from, vhost, alternate) = (
            exchange.id.clone(),
            exchange.vhost,
            exchange.alternate.clone(),
        );
        let matched_nothing = hits.is_empty();
        for hit in hits.drain(..) {
            let is_new = match hit.target {
                Target::Queue(queue) => self
                    .queues
                    .get_mut(queue)
                    .is_some_and(|queue| std::mem::replace(&mut queue.visited, routing) != routing),
                Target::Exchange(exchange) => {
                    self.exchanges
                        .get(exchange)
                        .is_some_and(|exchange| exchange.visited != routing)
                        && !to_visit.contains(&exchange)
                }
            };
            if !is_new {
                continue;
            }
            match hit.target {
                Target::Queue(queue) => routes.queues.push(queue),
                Target::Exchange(exchange) => to_visit.push(exchange),
            }
            let to = hit.binding.destination.clone();
            out.push(Event::Hopped {
                message: message.id,
                from: from.clone(),
                to,
                via: Via::Binding(hit.binding),
            });
        }
        self.hits = hits;
        // The alternate exchange is asked only when no binding at all matched (semantics 6.9).
        if matched_nothing
            && let Some(name) = alternate
            && let Some(target) = self.exchange_key(vhost, name.as_str())
            && let Some(to) = self.destination(Target::Exchange(target))
        {
            if !to_visit.contains(&target) {
                out.push(Event::Hopped {
                    message: message.id,
                    from,
                    to,
                    via: Via::Alternate,
                });
                to_visit.push(target);
            }
        }
    }

    /// The default exchange leads to the queue of that name (semantics 8.3).
    fn visit_default(
        &mut self,
        key: ExchangeKey,
        message: &Rc<Message>,
        keys: &[RoutingKey],
        routes: &mut Routes,
        out: &mut Vec<Event>,
    ) {
        let Some(exchange) = self.exchanges.get(key) else {
            return;
        };
        let (from, vhost) = (exchange.id.clone(), exchange.vhost);
        // RabbitMQ sorts the keys here (ex route, lists:usort), which decides who is served first.
        let sorted: Vec<RoutingKey>;
        let keys = match keys {
            [_] => keys,
            _ => {
                sorted = BTreeSet::from_iter(keys.iter().cloned())
                    .into_iter()
                    .collect();
                &sorted
            }
        };
        for key in keys {
            let Some(name) = key.as_str() else { continue };
            if let Some(channel) = self.reply_target(name) {
                routes.reply = Some(channel);
                continue;
            }
            let Some(queue_key) = self.queue_key(vhost, name) else {
                continue;
            };
            let routing = self.routing;
            let Some(queue) = self.queues.get_mut(queue_key) else {
                continue;
            };
            if std::mem::replace(&mut queue.visited, routing) == routing {
                continue;
            }
            routes.queues.push(queue_key);
            let to = crate::amqp::ids::Destination::Queue(queue.id.clone());
            out.push(Event::Hopped {
                message: message.id,
                from: from.clone(),
                to,
                via: Via::DefaultExchange,
            });
        }
    }

    /// A delayed message is held; but for now it matched nothing, so that an alternate exchange gets a copy (semantics 22.2).
    fn route_alternate_only(
        &mut self,
        exchange: ExchangeKey,
        message: &Rc<Message>,
        out: &mut Vec<Event>,
    ) -> Routes {
        let Some(state) = self.exchanges.get(exchange) else {
            return Routes::default();
        };
        let (from, vhost) = (state.id.clone(), state.vhost);
        let alternate = state
            .alternate
            .clone()
            .and_then(|name| self.exchange_key(vhost, name.as_str()));
        let Some(alternate) = alternate else {
            return Routes::default();
        };
        let Some(to) = self.destination(Target::Exchange(alternate)) else {
            return Routes::default();
        };
        out.push(Event::Hopped {
            message: message.id,
            from,
            to,
            via: Via::Alternate,
        });
        self.route(alternate, message, None, out)
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
        if let Some(target) = routes.reply {
            self.deliver_reply(target, message, out);
        }
        let mut taken = Taken::Yes;
        for queue in routes.queues {
            if self.enqueue(queue, message, out) == Taken::Refused {
                taken = Taken::Refused;
            }
        }
        taken
    }

    /// One copy for one queue: refused, handed over at once, or stored (semantics 13.6, 16, 17).
    pub(super) fn enqueue(
        &mut self,
        key: QueueKey,
        message: &Rc<Message>,
        out: &mut Vec<Event>,
    ) -> Taken {
        let now = self.now;
        let Some(queue) = self.queues.get_mut(key) else {
            return Taken::Yes;
        };
        if queue.kind == QueueKind::Stream {
            return self.append_to_stream(key, message, out);
        }
        if queue.settings.overflow != Overflow::DropHead
            && queue.would_overflow(message.body.len() as u64)
        {
            return self.refuse_publish(key, message, out);
        }
        let level = queue
            .settings
            .max_priority
            .unwrap_or(0)
            .min(message.properties.priority.unwrap_or(0));
        let own_ttl = message
            .properties
            .expiration
            .as_ref()
            .and_then(|text| parse_expiration(text.as_bytes()).ok());
        let ttl = [queue.settings.message_ttl, own_ttl]
            .into_iter()
            .flatten()
            .min();
        let entry = Entry {
            message: Rc::clone(message),
            sequence: queue.next_sequence,
            expires_at: ttl.map(|ttl| now + ttl),
            deliveries: 0,
            priority: if queue.kind == QueueKind::Quorum {
                0
            } else {
                level
            },
        };
        queue.next_sequence += 1;
        self.copies += 1;
        self.copy_bytes += message.body.len() as u64;
        // While anything waits nobody is hungry, so only an empty queue hands over at once.
        let was_empty = queue.store.is_empty();
        if was_empty && let Some(consumer) = self.next_eligible(key) {
            self.deliver_to(key, consumer, entry, out);
            return Taken::Yes;
        }
        let Some(queue) = self.queues.get_mut(key) else {
            return Taken::Yes;
        };
        let position = queue.store.position(entry.priority, entry.sequence);
        queue.store.push(entry);
        out.push(Event::Enqueued {
            queue: queue.id.clone(),
            message: message.id,
            position,
        });
        self.apply_limits(key, out);
        self.drop_expired(key, out);
        Taken::Yes
    }

    fn refuse_publish(
        &mut self,
        key: QueueKey,
        message: &Rc<Message>,
        out: &mut Vec<Event>,
    ) -> Taken {
        let Some(queue) = self.queues.get(key) else {
            return Taken::Yes;
        };
        out.push(Event::Refused {
            queue: queue.id.clone(),
            message: message.id,
        });
        if queue.settings.overflow == Overflow::RejectPublishDlx && queue.kind == QueueKind::Classic
        {
            self.die(key, message, DeathReason::MaxLength);
        }
        Taken::Refused
    }

    /// Drops from the head what is over the limits (semantics 16.2).
    pub(super) fn apply_limits(&mut self, key: QueueKey, out: &mut Vec<Event>) {
        loop {
            let Some(queue) = self.queues.get_mut(key) else {
                return;
            };
            // A queue that refuses what is too much never drops for length (qp maybe_drop_head).
            if queue.settings.overflow != Overflow::DropHead || !queue.is_over_limit() {
                return;
            }
            let Some(entry) = queue.store.pop() else {
                return;
            };
            self.drop_entry(key, entry, DropReason::MaxLength, out);
        }
    }

    /// Drops what has expired at the head, and sets the timer for the next (semantics 17.2).
    pub(super) fn drop_expired(&mut self, key: QueueKey, out: &mut Vec<Event>) {
        let now = self.now;
        loop {
            let Some(queue) = self.queues.get_mut(key) else {
                return;
            };
            let Some(expires_at) = queue.store.head().and_then(|head| head.expires_at) else {
                return;
            };
            if expires_at > now {
                if queue
                    .expiry_timer
                    .is_none_or(|set| set > expires_at || set <= now)
                {
                    queue.expiry_timer = Some(expires_at);
                    self.set_timer(expires_at, Timer::HeadExpiry(key));
                }
                return;
            }
            let Some(entry) = queue.store.pop() else {
                return;
            };
            self.drop_entry(key, entry, DropReason::Expired, out);
        }
    }

    pub(super) fn head_expiry_due(&mut self, key: QueueKey, out: &mut Vec<Event>) {
        if let Some(queue) = self.queues.get_mut(key) {
            queue.expiry_timer = None;
            self.drop_expired(key, out);
        }
    }

    /// The broker discards a copy: a dead letter if the queue says so.
    pub(super) fn drop_entry(
        &mut self,
        key: QueueKey,
        entry: Entry,
        why: DropReason,
        out: &mut Vec<Event>,
    ) {
        self.copies -= 1;
        self.copy_bytes -= entry.message.body.len() as u64;
        let Some(queue) = self.queues.get(key) else {
            return;
        };
        out.push(Event::Dropped {
            queue: queue.id.clone(),
            message: entry.message.id,
            why,
        });
        let reason = match why {
            DropReason::Expired => DeathReason::Expired,
            DropReason::MaxLength => DeathReason::MaxLength,
            DropReason::DeliveryLimit => DeathReason::DeliveryLimit,
            DropReason::Purged
            | DropReason::QueueDeleted
            | DropReason::Restart
            | DropReason::Cycle
            | DropReason::Retention => return,
        };
        self.die(key, &entry.message, reason);
    }

    /// Leaves a death to be carried on to the dead-letter exchange, if the queue has one (semantics 18.1).
    pub(super) fn die(&mut self, key: QueueKey, message: &Rc<Message>, reason: DeathReason) {
        let Some(queue) = self.queues.get(key) else {
            return;
        };
        let Some(exchange) = queue.settings.dead_letter_exchange.clone() else {
            return;
        };
        let death = Death {
            message: Rc::clone(message),
            queue: queue.id.clone(),
            vhost: queue.vhost,
            exchange,
            routing_key: queue.settings.dead_letter_routing_key.clone(),
            reason,
        };
        self.push_death(death);
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
