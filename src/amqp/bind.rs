//! Bindings: made, removed, and gone with either of their ends (semantics 5.6, 6.6, 6.7, 8.1, 8.2).

use std::rc::Rc;

use crate::amqp::arena::{ExchangeKey, Target, VhostKey};
use crate::amqp::broker::{Broker, Task};
use crate::amqp::declare_exchange::default_exchange_refused;
use crate::amqp::event::{Deletion, Event, Unbinding};
use crate::amqp::exception::Exception;
use crate::amqp::ids::{ChannelId, Destination, ExchangeName, QueueName, RoutingKey};
use crate::amqp::message::Table;
use crate::amqp::permission::{Access, On};
use crate::amqp::protocol::{ClientMethod, ServerMethod};
use crate::amqp::view::Binding;
use crate::ordered::Set;

/// The source, key and arguments of a bind or unbind.
struct Wire<'a> {
    source: &'a ExchangeName,
    routing_key: RoutingKey,
    arguments: &'a Table,
}

/// The destination of a bind or unbind, by name.
#[derive(Clone, Copy)]
enum End<'a> {
    Queue(&'a QueueName),
    Exchange(&'a ExchangeName),
}

impl Broker {
    pub(super) fn perform_binding(
        &mut self,
        channel: ChannelId,
        method: &ClientMethod,
        out: &mut Vec<Event>,
    ) -> Result<(), Exception> {
        match method {
            ClientMethod::ExchangeBind {
                destination,
                source,
                routing_key,
                nowait,
                arguments,
            } => {
                let wire = Wire {
                    source,
                    routing_key: routing_key.clone(),
                    arguments,
                };
                self.bind(channel, End::Exchange(destination), &wire, out)?;
                self.reply_unless(*nowait, channel, ServerMethod::ExchangeBindOk, out);
                Ok(())
            }
            ClientMethod::ExchangeUnbind {
                destination,
                source,
                routing_key,
                nowait,
                arguments,
            } => {
                let wire = Wire {
                    source,
                    routing_key: routing_key.clone(),
                    arguments,
                };
                self.unbind(channel, End::Exchange(destination), &wire, out)?;
                self.reply_unless(*nowait, channel, ServerMethod::ExchangeUnbindOk, out);
                Ok(())
            }
            ClientMethod::QueueBind {
                queue,
                exchange,
                routing_key,
                nowait,
                arguments,
            } => {
                let (queue, routing_key) = self.expand_bind(channel, queue, routing_key)?;
                let wire = Wire {
                    source: exchange,
                    routing_key,
                    arguments,
                };
                self.bind(channel, End::Queue(&queue), &wire, out)?;
                self.reply_unless(*nowait, channel, ServerMethod::QueueBindOk, out);
                Ok(())
            }
            ClientMethod::QueueUnbind {
                queue,
                exchange,
                routing_key,
                arguments,
            } => {
                let (queue, routing_key) = self.expand_bind(channel, queue, routing_key)?;
                let wire = Wire {
                    source: exchange,
                    routing_key,
                    arguments,
                };
                self.unbind(channel, End::Queue(&queue), &wire, out)?;
                self.reply(channel, ServerMethod::QueueUnbindOk, out);
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// An empty queue name means the channel's last queue; with an empty key, the key is its name (semantics 5.6).
    fn expand_bind(
        &self,
        channel: ChannelId,
        queue: &QueueName,
        key: &RoutingKey,
    ) -> Result<(QueueName, RoutingKey), Exception> {
        let name = self.expand_queue(channel, queue)?;
        let key = match queue.is_empty() && key.is_empty() {
            true => RoutingKey::from(name.as_str()),
            false => key.clone(),
        };
        Ok((name, key))
    }

    /// Removes every binding that leads to `target`; exchanges that lost their last one may be auto-deleted.
    pub(super) fn remove_bindings_to(
        &mut self,
        target: Target,
        why: Unbinding,
        out: &mut Vec<Event>,
    ) {
        let sources: Vec<ExchangeKey> = match target {
            Target::Queue(queue) => self
                .queues
                .get(queue)
                .map(|queue| queue.sources.iter().copied().collect()),
            Target::Exchange(exchange) => self
                .exchanges
                .get(exchange)
                .map(|exchange| exchange.sources.iter().copied().collect()),
        }
        .unwrap_or_default();
        for source in sources {
            let Some(exchange) = self.exchanges.get(source) else {
                continue;
            };
            for binding in exchange.bindings_to(target) {
                self.remove_binding(source, target, &binding, why, out);
            }
        }
    }

    pub(super) fn remove_binding(
        &mut self,
        source: ExchangeKey,
        target: Target,
        binding: &Rc<Binding>,
        why: Unbinding,
        out: &mut Vec<Event>,
    ) {
        let Some(exchange) = self.exchanges.get_mut(source) else {
            return;
        };
        exchange.remove(target, binding);
        let still_bound = !exchange.bindings_to(target).is_empty();
        if !still_bound && let Some(sources) = self.sources_of(target) {
            sources.remove(&source);
        }
        out.push(Event::Unbound {
            binding: Rc::clone(binding),
            why,
        });
        self.tasks.push_back(Task::BindingGone(source));
    }

    fn sources_of(&mut self, target: Target) -> Option<&mut Set<ExchangeKey>> {
        match target {
            Target::Queue(queue) => self.queues.get_mut(queue).map(|queue| &mut queue.sources),
            Target::Exchange(exchange) => self
                .exchanges
                .get_mut(exchange)
                .map(|exchange| &mut exchange.sources),
        }
    }

    /// An auto-delete exchange goes with its last binding (semantics 6.7).
    pub(super) fn after_binding_gone(&mut self, key: ExchangeKey, out: &mut Vec<Event>) {
        let Some(exchange) = self.exchanges.get(key) else {
            return;
        };
        if exchange.auto_delete && exchange.binding_count() == 0 && !self.stopping {
            self.delete_exchange(key, Deletion::AutoDelete, out);
        }
    }

    /// The ends of a bind or unbind; what is missing is a 404, exchanges first (semantics 8.1).
    fn ends(
        &self,
        vhost: VhostKey,
        end: End,
        source: &ExchangeName,
    ) -> Result<(ExchangeKey, Target), Exception> {
        let source = self.require_exchange(vhost, source)?;
        let target = match end {
            End::Exchange(name) => Target::Exchange(self.require_exchange(vhost, name)?),
            End::Queue(name) => Target::Queue(self.require_queue(vhost, name)?),
        };
        Ok((source, target))
    }

    /// The user needs the permissions, and neither end may be the default exchange, in RabbitMQ's order (ch
    /// binding_action).
    fn check_wire(&self, channel: ChannelId, end: End, wire: &Wire) -> Result<(), Exception> {
        let source = wire.source;
        let to = match end {
            End::Exchange(name) => On::Exchange(name.as_str()),
            End::Queue(name) => On::Queue(name.as_str()),
        };
        self.check_access(channel.connection, Access::Write, to)?;
        if source.is_empty() || to == On::Exchange("") {
            return Err(default_exchange_refused());
        }
        let connection = channel.connection;
        self.check_access(connection, Access::Read, On::Exchange(source.as_str()))?;
        match self.exchange_key(self.vhost_of(channel), source.as_str()) {
            Some(key) => self.check_topic_access(connection, Access::Read, key, &wire.routing_key),
            None => Ok(()),
        }
    }

    fn bind(
        &mut self,
        channel: ChannelId,
        end: End,
        wire: &Wire,
        out: &mut Vec<Event>,
    ) -> Result<(), Exception> {
        let vhost = self.vhost_of(channel);
        self.check_wire(channel, end, wire)?;
        let (source_key, target) = self.ends(vhost, end, wire.source)?;
        let source = self
            .exchanges
            .get(source_key)
            .expect("its key was just looked up");
        source.validate_binding(&wire.routing_key, wire.arguments)?;
        if let Target::Queue(queue) = target {
            self.check_exclusive(queue, channel)?;
        }
        if source
            .find(target, &wire.routing_key, wire.arguments)
            .is_some()
        {
            return Ok(());
        }
        let total: usize = source.binding_count();
        if total >= self.config.limits.bindings {
            return Err(self.limit_reached(
                "bindings of one exchange",
                self.config.limits.bindings,
                out,
            ));
        }
        let destination = self
            .destination(target)
            .expect("its key was just looked up");
        let binding = Rc::new(Binding {
            source: source.id.clone(),
            destination,
            routing_key: wire.routing_key.clone(),
            arguments: wire.arguments.clone(),
        });
        if let Some(source) = self.exchanges.get_mut(source_key) {
            source.add(target, &binding);
        }
        if let Some(sources) = self.sources_of(target) {
            sources.insert(source_key);
        }
        out.push(Event::Bound {
            binding,
            by: Some(channel),
        });
        Ok(())
    }

    /// Idempotent: what is missing is no error (semantics 8.2).
    fn unbind(
        &mut self,
        channel: ChannelId,
        end: End,
        wire: &Wire,
        out: &mut Vec<Event>,
    ) -> Result<(), Exception> {
        let vhost = self.vhost_of(channel);
        self.check_wire(channel, end, wire)?;
        let Ok((source_key, target)) = self.ends(vhost, end, wire.source) else {
            return Ok(());
        };
        let Some(source) = self.exchanges.get(source_key) else {
            return Ok(());
        };
        let Some(binding) = source.find(target, &wire.routing_key, wire.arguments) else {
            return Ok(());
        };
        if let Target::Queue(queue) = target {
            self.check_exclusive(queue, channel)?;
        }
        self.remove_binding(source_key, target, &binding, Unbinding::ByClient, out);
        // An exchange that goes with its last binding is gone before unbind-ok.
        self.work_off(out);
        Ok(())
    }

    pub(super) fn destination(&self, target: Target) -> Option<Destination> {
        match target {
            Target::Queue(queue) => self
                .queues
                .get(queue)
                .map(|queue| Destination::Queue(queue.id.clone())),
            Target::Exchange(exchange) => self
                .exchanges
                .get(exchange)
                .map(|exchange| Destination::Exchange(exchange.id.clone())),
        }
    }
}
