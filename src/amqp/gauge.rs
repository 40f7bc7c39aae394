//! How full things are: cheap questions for those who count, without a picture of everything.

use crate::amqp::broker::Broker;
use crate::amqp::ids::QueueId;
use crate::amqp::view::QueueKind;
use crate::machine::SimTime;

/// How full a queue is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Gauge {
    pub ready: u64,
    pub unacked: u64,
    /// When the one that came first of those that are ready was published.
    pub oldest: Option<SimTime>,
    /// What is read from a stream stays in it.
    pub is_stream: bool,
}

impl Broker {
    /// How full `queue` is; none if there is no such queue.
    pub fn gauge(&self, queue: &QueueId) -> Option<Gauge> {
        let vhost = self.vhost_names.get(queue.vhost())?;
        let key = self.queue_key(*vhost, queue.as_str())?;
        let queue = self.queues.get(key)?;
        Some(Gauge {
            ready: queue.store.count(),
            unacked: queue.unacked,
            oldest: queue.store.oldest(),
            is_stream: queue.kind == QueueKind::Stream,
        })
    }

    /// How many copies of messages wait or are out.
    pub fn copies_held(&self) -> u64 {
        let queues = self.queues.iter();
        queues
            .map(|(_, queue)| queue.store.count() + queue.unacked)
            .sum()
    }
}
