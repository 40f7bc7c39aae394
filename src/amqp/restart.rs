//! The node stops and starts again: what is durable survives (semantics 24).

use crate::amqp::arena::{ExchangeKey, QueueKey};
use crate::amqp::broker::Broker;
use crate::amqp::event::{ConnectionEnd, Deletion, DropReason, Event};
use crate::amqp::exception::Exception;
use crate::amqp::ids::ConnectionId;
use crate::amqp::protocol::ReplyCode;
use crate::amqp::view::QueueKind;

impl Broker {
    pub(super) fn restart(&mut self, out: &mut Vec<Event>) {
        out.push(Event::BrokerStopped);
        self.stopping = true;
        let connections: Vec<ConnectionId> = self.connections.keys().copied().collect();
        for connection in connections {
            let text = "broker forced connection closure with reason 'shutdown'";
            let exception = Box::new(Exception::connection(ReplyCode::ConnectionForced, text));
            self.close_connection(connection, ConnectionEnd::Exception(exception), out);
        }
        let transient: Vec<QueueKey> = self
            .queues
            .iter()
            .filter(|(_, queue)| !queue.durable)
            .map(|(key, _)| key)
            .collect();
        for queue in transient {
            self.delete_queue(queue, Deletion::Restart, out);
        }
        let transient: Vec<ExchangeKey> = self
            .exchanges
            .iter()
            .filter(|(_, exchange)| !exchange.durable)
            .map(|(key, _)| key)
            .collect();
        for exchange in transient {
            self.delete_exchange(exchange, Deletion::Restart, out);
        }
        self.tasks.clear();
        for queue in self.queues.keys() {
            self.forget_transient(queue, out);
        }
        self.stopping = false;
        self.set_alarms(false, false, out);
        out.push(Event::BrokerStarted);
        for queue in self.queues.keys() {
            // The lease starts anew; what expired meanwhile is dropped at boot (semantics 24.4).
            self.renew_lease(queue);
            self.drop_expired(queue, out);
        }
    }

    /// Transient messages of a durable classic queue are gone; quorum queues and streams keep everything.
    fn forget_transient(&mut self, key: QueueKey, out: &mut Vec<Event>) {
        let Some(queue) = self.queues.get_mut(key) else {
            return;
        };
        if queue.kind != QueueKind::Classic {
            return;
        }
        let id = queue.id.clone();
        let mut lost = Vec::new();
        for entry in queue.store.take_all() {
            match entry.message.properties.is_persistent() {
                true => queue.store.push(entry),
                false => lost.push(entry),
            }
        }
        for entry in lost {
            self.copies -= 1;
            self.copy_bytes -= entry.message.body.len() as u64;
            out.push(Event::Dropped {
                queue: id.clone(),
                message: entry.message.id,
                why: DropReason::Restart,
            });
        }
    }
}
