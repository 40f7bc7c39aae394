//! exchange.declare, exchange.delete and all bindings (semantics 6 and 8).

use std::rc::Rc;

use crate::amqp::arena::{ExchangeKey, QueueKey, Target, VhostKey};
use crate::amqp::broker::Broker;
use crate::amqp::event::{Deletion, Event, Unbinding};
use crate::amqp::exception::Exception;
use crate::amqp::exchange::{Declaration, Exchange, validate_declaration};
use crate::amqp::ids::{ChannelId, ExchangeId, ExchangeName, QueueName};
use crate::amqp::message::Value;
use crate::amqp::permission::{Access, On};
use crate::amqp::protocol::method::ExchangeDeclare;
use crate::amqp::protocol::{ClientMethod, ReplyCode, ServerMethod};
use crate::amqp::queue::arguments::difference;
use crate::amqp::view::{Binding, ExchangeKind};

/// RabbitMQ takes line breaks out of names (semantics 5.8).
pub(super) fn without_line_breaks(name: &str) -> Option<String> {
    name.contains(['\r', '\n'])
        .then(|| name.replace(['\r', '\n'], ""))
}

pub(super) fn default_exchange_refused() -> Exception {
    Exception::channel(
        ReplyCode::AccessRefused,
        "operation not permitted on the default exchange".to_string(),
    )
}

impl Broker {
    pub(super) fn perform_exchange(
        &mut self,
        channel: ChannelId,
        method: &ClientMethod,
        out: &mut Vec<Event>,
    ) -> Result<(), Exception> {
        match method {
            ClientMethod::ExchangeDeclare(declare) => self.declare_exchange(channel, declare, out),
            ClientMethod::ExchangeDelete {
                exchange,
                if_unused,
                nowait,
            } => {
                self.delete_exchange_method(channel, exchange, *if_unused, out)?;
                self.reply_unless(*nowait, channel, ServerMethod::ExchangeDeleteOk, out);
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn declare_exchange(
        &mut self,
        channel: ChannelId,
        declare: &ExchangeDeclare,
        out: &mut Vec<Event>,
    ) -> Result<(), Exception> {
        let vhost = self.vhost_of(channel);
        let clean = without_line_breaks(declare.exchange.as_str());
        let name = clean
            .map(ExchangeName::from)
            .unwrap_or_else(|| declare.exchange.clone());
        if declare.passive {
            if name.is_empty() {
                return Err(default_exchange_refused());
            }
            self.require_exchange(vhost, &name)?;
            self.reply_unless(
                declare.nowait,
                channel,
                ServerMethod::ExchangeDeclareOk,
                out,
            );
            return Ok(());
        }
        let kind = self.exchange_kind(&declare.kind)?;
        if name.is_empty() {
            return Err(default_exchange_refused());
        }
        self.check_access(
            channel.connection,
            Access::Configure,
            On::Exchange(name.as_str()),
        )?;
        match self
            .exchange_key(vhost, name.as_str())
            .and_then(|key| self.exchanges.get(key))
        {
            Some(current) => self.check_equivalent(current, kind, declare)?,
            None => self.create_exchange(channel, vhost, &name, kind, declare, out)?,
        }
        self.reply_unless(
            declare.nowait,
            channel,
            ServerMethod::ExchangeDeclareOk,
            out,
        );
        Ok(())
    }

    /// The type by name; an unknown one is a hard error in 3.10 and a soft one since (D1).
    fn exchange_kind(&self, name: &str) -> Result<ExchangeKind, Exception> {
        ExchangeKind::parse(name).ok_or_else(|| match self.is_v4() {
            false => Exception::connection(
                ReplyCode::CommandInvalid,
                format!("unknown exchange type '{name}'"),
            ),
            true => Exception::channel(
                ReplyCode::PreconditionFailed,
                format!("unknown exchange type '{name}'"),
            ),
        })
    }

    fn create_exchange(
        &mut self,
        channel: ChannelId,
        vhost: VhostKey,
        name: &ExchangeName,
        kind: ExchangeKind,
        declare: &ExchangeDeclare,
        out: &mut Vec<Event>,
    ) -> Result<(), Exception> {
        if name.as_str().starts_with("amq.") {
            let text = format!("exchange name '{name}' contains reserved prefix 'amq.*'");
            return Err(Exception::channel(ReplyCode::AccessRefused, text));
        }
        match declare.arguments.get("alternate-exchange") {
            None => {}
            Some(Value::LongString(alternate)) => {
                let alternate = String::from_utf8_lossy(alternate).into_owned();
                self.check_access(
                    channel.connection,
                    Access::Read,
                    On::Exchange(name.as_str()),
                )?;
                self.check_access(channel.connection, Access::Write, On::Exchange(&alternate))?;
            }
            Some(other) => {
                let vhost = self.vhost_name(vhost);
                let kind = other.type_name();
                let text = format!(
                    "invalid type '{kind}' for arg 'alternate-exchange' in exchange '{name}' in vhost '{vhost}'"
                );
                return Err(Exception::channel(ReplyCode::PreconditionFailed, text));
            }
        }
        validate_declaration(kind, &declare.arguments)?;
        if self.exchanges.len() >= self.config.limits.exchanges {
            return Err(self.limit_reached("exchanges", self.config.limits.exchanges, out));
        }
        let declared = Declaration {
            kind,
            durable: declare.durable,
            auto_delete: declare.auto_delete,
            internal: declare.internal,
            arguments: declare.arguments.clone(),
        };
        let key = self.insert_exchange(vhost, name, declared);
        self.apply_exchange_policy(key);
        let exchange = ExchangeId::new(&self.vhost_name(vhost), name);
        out.push(Event::ExchangeDeclared {
            exchange,
            kind: kind.as_str().into(),
            by: Some(channel),
        });
        Ok(())
    }

    /// This playground's own limit: the event says so, the exception keeps the client in the protocol.
    pub(super) fn limit_reached(
        &self,
        what: &'static str,
        limit: usize,
        out: &mut Vec<Event>,
    ) -> Exception {
        out.push(Event::LimitReached {
            what,
            limit: limit as u64,
        });
        Exception::channel(
            ReplyCode::PreconditionFailed,
            format!("this broker holds at most {limit} {what}"),
        )
    }

    /// A second declaration must be the same (semantics 6.4).
    fn check_equivalent(
        &self,
        current: &Exchange,
        kind: ExchangeKind,
        declare: &ExchangeDeclare,
    ) -> Result<(), Exception> {
        let what = described(&current.id);
        let differs = |argument: &str, received: &str, is: &str| {
            let text = format!(
                "inequivalent arg '{argument}' for {what}: received '{received}' but current is '{is}'"
            );
            Err(Exception::channel(ReplyCode::PreconditionFailed, text))
        };
        if current.kind != kind {
            return differs("type", kind.as_str(), current.kind.as_str());
        }
        let flags = [
            ("durable", declare.durable, current.durable),
            ("auto_delete", declare.auto_delete, current.auto_delete),
            ("internal", declare.internal, current.internal),
        ];
        for (argument, received, is) in flags {
            if received != is {
                return differs(argument, &received.to_string(), &is.to_string());
            }
        }
        let compared = [
            "alternate-exchange",
            "hash-header",
            "hash-property",
            "x-delayed-type",
        ];
        let compared =
            if kind == ExchangeKind::ConsistentHash || kind == ExchangeKind::DelayedMessage {
                &compared[..]
            } else {
                &compared[..1]
            };
        for argument in compared {
            let (is, received) = (
                current.arguments.get(argument).cloned(),
                declare.arguments.get(argument).cloned(),
            );
            if let Some(text) = difference(is, received) {
                return Err(Exception::channel(
                    ReplyCode::PreconditionFailed,
                    format!("inequivalent arg '{argument}' for {what}: {text}"),
                ));
            }
        }
        Ok(())
    }

    pub(super) fn require_exchange(
        &self,
        vhost: VhostKey,
        name: &ExchangeName,
    ) -> Result<ExchangeKey, Exception> {
        self.exchange_key(vhost, name.as_str()).ok_or_else(|| {
            let vhost = self.vhost_name(vhost);
            Exception::channel(
                ReplyCode::NotFound,
                format!("no exchange '{name}' in vhost '{vhost}'"),
            )
        })
    }

    fn delete_exchange_method(
        &mut self,
        channel: ChannelId,
        name: &ExchangeName,
        if_unused: bool,
        out: &mut Vec<Event>,
    ) -> Result<(), Exception> {
        let vhost = self.vhost_of(channel);
        let clean = without_line_breaks(name.as_str());
        let name = clean
            .map(ExchangeName::from)
            .unwrap_or_else(|| name.clone());
        if name.is_empty() {
            return Err(default_exchange_refused());
        }
        if name.as_str().starts_with("amq.") {
            let text = format!(
                "deletion of system exchange '{name}' in vhost '{}' not allowed",
                self.vhost_name(vhost)
            );
            return Err(Exception::channel(ReplyCode::AccessRefused, text));
        }
        self.check_access(
            channel.connection,
            Access::Configure,
            On::Exchange(name.as_str()),
        )?;
        let Some(key) = self.exchange_key(vhost, name.as_str()) else {
            return Ok(());
        };
        let Some(exchange) = self.exchanges.get(key) else {
            return Ok(());
        };
        if if_unused && exchange.binding_count() > 0 {
            return Err(Exception::channel(
                ReplyCode::PreconditionFailed,
                format!("{} in use", described(&exchange.id)),
            ));
        }
        self.delete_exchange(key, Deletion::ByClient, out);
        Ok(())
    }

    /// Deletes an exchange with its bindings on either side (semantics 6.6).
    pub(super) fn delete_exchange(
        &mut self,
        key: ExchangeKey,
        why: Deletion,
        out: &mut Vec<Event>,
    ) {
        let Some(exchange) = self.exchanges.get(key) else {
            return;
        };
        let (id, vhost) = (exchange.id.clone(), exchange.vhost);
        let outgoing: Vec<(Target, Rc<Binding>)> = exchange
            .bindings()
            .map(|(target, binding)| (target, Rc::clone(binding)))
            .collect();
        for (target, binding) in outgoing {
            self.remove_binding(key, target, &binding, ending(why), out);
        }
        self.remove_bindings_to(Target::Exchange(key), ending(why), out);
        self.exchanges.remove(key);
        if let Some(vhost) = self.vhosts.get_mut(vhost) {
            vhost.exchanges.remove(id.as_str());
        }
        out.push(Event::ExchangeDeleted { exchange: id, why });
    }

    /// The vhost of a channel's connection.
    pub(super) fn vhost_of(&self, channel: ChannelId) -> VhostKey {
        self.connections
            .get(&channel.connection)
            .map(|state| state.vhost)
            .expect("a method comes on an open connection")
    }

    /// 404 for a queue that does not exist.
    pub(super) fn require_queue(
        &self,
        vhost: VhostKey,
        name: &QueueName,
    ) -> Result<QueueKey, Exception> {
        self.queue_key(vhost, name.as_str()).ok_or_else(|| {
            let vhost = self.vhost_name(vhost);
            Exception::channel(
                ReplyCode::NotFound,
                format!("no queue '{name}' in vhost '{vhost}'"),
            )
        })
    }
}

fn ending(why: Deletion) -> Unbinding {
    match why {
        Deletion::Restart => Unbinding::Restart,
        Deletion::ByClient
        | Deletion::AutoDelete
        | Deletion::Exclusive
        | Deletion::Expired
        | Deletion::Vhost => Unbinding::EndDeleted,
    }
}

/// `exchange 'x' in vhost '/'`
pub(super) fn described(exchange: &ExchangeId) -> String {
    format!(
        "exchange '{}' in vhost '{}'",
        exchange.as_str(),
        exchange.vhost()
    )
}
