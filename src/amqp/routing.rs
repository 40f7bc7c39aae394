//! From an exchange to queues: which bindings match, which alternate is asked (semantics 6.9, 8).

use std::rc::Rc;

use crate::amqp::arena::{ExchangeKey, Key, QueueKey, Target};
use crate::amqp::broker::Broker;
use crate::amqp::event::{Event, Via};
use crate::amqp::exchange::{Exchange, Hit};
use crate::amqp::ids::{Destination, RoutingKey};
use crate::amqp::message::Message;
use crate::amqp::view::ExchangeKind;
use crate::ordered::Set;

/// Where a message goes.
#[derive(Clone, Debug, Default)]
pub(super) struct Routes {
    pub(super) queues: Vec<QueueKey>,
    /// A reply consumer got it already, or a delayed-message exchange holds it, which makes it no less unroutable
    /// (semantics 19.3, 22.2).
    pub(super) is_elsewhere: bool,
}

impl Routes {
    pub(super) fn is_empty(&self) -> bool {
        self.queues.is_empty()
    }
}

impl Broker {
    /// Finds the queues for a message: each exchange is visited once, each queue taken once (semantics 6.9, 8.4).
    pub(super) fn route(
        &mut self,
        start: ExchangeKey,
        message: &Rc<Message>,
        out: &mut Vec<Event>,
    ) -> Routes {
        let own = std::slice::from_ref(&message.routing_key);
        let keys = message.routing_keys().unwrap_or(own);
        self.targets.begin(self.queues.next_key().index());
        let mut routes = Routes {
            queues: std::mem::take(&mut self.route_buffer),
            is_elsewhere: false,
        };
        // Those that were visited stay in the list, so that none is visited twice.
        let mut to_visit = std::mem::take(&mut self.visit_buffer);
        to_visit.clear();
        to_visit.push(start);
        let mut next = 0;
        while let Some(key) = to_visit.get(next).copied() {
            next += 1;
            self.visit(key, message, keys, &mut to_visit, &mut routes, out);
        }
        self.visit_buffer = to_visit;
        if routes.queues.len() > 1 {
            self.targets.sort(&mut routes.queues, &self.queues);
            // Measured on a live 4.0.5: what the default exchange finds is served from the last name to the first.
            let by_default = |it: &Exchange| it.id.as_str().is_empty();
            if self.is_v4() && self.exchanges.get(start).is_some_and(by_default) {
                routes.queues.reverse();
            }
        }
        if routes.is_empty() && !routes.is_elsewhere {
            out.push(Event::Unroutable {
                message: message.id,
                exchange: message.exchange.clone(),
            });
        }
        routes
    }

    #[inline]
    fn visit(
        &mut self,
        key: ExchangeKey,
        message: &Rc<Message>,
        keys: &[RoutingKey],
        to_visit: &mut Vec<ExchangeKey>,
        routes: &mut Routes,
        out: &mut Vec<Event>,
    ) {
        let compatibility = self.config.compatibility;
        let Some(exchange) = self.exchanges.get(key) else {
            return;
        };
        // It leads to queues by their names when it is published to, but not as an alternate.
        if exchange.id.as_str().is_empty() && to_visit.first() == Some(&key) {
            return self.visit_default(key, message, keys, routes, out);
        }
        if exchange.kind == ExchangeKind::DelayedMessage && self.hold(key, message) {
            // For now it matches nothing, so that an alternate exchange gets a copy at once (semantics 22.2).
            routes.is_elsewhere = true;
            return self.visit_alternate(key, message, to_visit, out);
        }
        let Some(exchange) = self.exchanges.get(key) else {
            return;
        };
        let (targets, scratch) = (&mut self.targets, &mut self.trie_scratch);
        let mut matched_nothing = true;
        let mut found = |hit: &Hit| {
            matched_nothing = false;
            match hit.target {
                Target::Queue(queue) if targets.take(queue) => routes.queues.push(queue),
                Target::Exchange(exchange) if !to_visit.contains(&exchange) => {
                    to_visit.push(exchange);
                }
                Target::Queue(_) | Target::Exchange(_) => return,
            }
            out.push(Event::Hopped {
                message: message.id,
                from: exchange.id.clone(),
                to: hit.binding.destination.clone(),
                via: Via::Binding(Rc::clone(&hit.binding)),
            });
        };
        let properties = &message.properties;
        exchange.route(keys, properties, compatibility, scratch, &mut found);
        if matched_nothing && exchange.alternate.is_some() {
            self.visit_alternate(key, message, to_visit, out);
        }
    }

    /// The alternate exchange, asked only when no binding at all matched (semantics 6.9).
    fn visit_alternate(
        &mut self,
        key: ExchangeKey,
        message: &Rc<Message>,
        to_visit: &mut Vec<ExchangeKey>,
        out: &mut Vec<Event>,
    ) {
        if let Some(exchange) = self.exchanges.get(key)
            && let Some(name) = &exchange.alternate
            && let Some(target) = self.exchange_key(exchange.vhost, name.as_str())
            && let Some(to) = self.destination(Target::Exchange(target))
            && !to_visit.contains(&target)
        {
            out.push(Event::Hopped {
                message: message.id,
                from: exchange.id.clone(),
                to,
                via: Via::Alternate,
            });
            to_visit.push(target);
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
                sorted = Set::from_iter(keys.iter().cloned()).into_iter().collect();
                &sorted
            }
        };
        for key in keys {
            let Some(name) = key.as_str() else { continue };
            if let Some(channel) = self.reply_target(name) {
                self.deliver_reply(channel, message, out);
                routes.is_elsewhere = true;
                continue;
            }
            let Some(queue_key) = self.queue_key(vhost, name) else {
                continue;
            };
            let Some(queue) = self.queues.get(queue_key) else {
                continue;
            };
            if !self.targets.take(queue_key) {
                continue;
            }
            routes.queues.push(queue_key);
            let to = Destination::Queue(queue.id.clone());
            out.push(Event::Hopped {
                message: message.id,
                from: from.clone(),
                to,
                via: Via::DefaultExchange,
            });
        }
    }
}
