//! The queues a message goes to: each once (semantics 8.4), in the order of their names.

use std::rc::Rc;

use crate::amqp::arena::{Arena, Key, QueueKey};
use crate::amqp::queue::Queue;
use crate::ordered::{sort_by, sort_by_key};

/// Memory of routings, kept between them.
#[derive(Clone, Debug)]
pub(super) struct Targets {
    /// Numbers the routings.
    routing: u64,
    /// For each queue the last routing that took it.
    taken: Vec<u64>,
    order: Rc<Order>,
    /// One bit for each place in that order, all clear between routings.
    bits: Vec<u64>,
    /// How many queues were sorted by comparing names since some are missing in the order.
    compared: usize,
}

/// All queues in the order of their names, as it was when it was made. Comparing names is what a fanout would spend its
/// time on.
#[derive(Debug, Default)]
struct Order {
    keys: Vec<QueueKey>,
    /// The place of each queue, by its key.
    places: Vec<u32>,
}

impl Order {
    fn of(queues: &Arena<QueueKey, Queue>) -> Order {
        let mut keys = queues.keys();
        sort_by_key(&mut keys, |key| queues.get(*key).map(|queue| &queue.id));
        let mut places = vec![u32::MAX; queues.next_key().index()];
        for (place, key) in keys.iter().enumerate() {
            places[key.index()] = place as u32;
        }
        Order { keys, places }
    }
}

impl Targets {
    pub(super) fn new() -> Targets {
        Targets {
            routing: 0,
            taken: Vec::new(),
            order: Rc::default(),
            bits: Vec::new(),
            compared: 0,
        }
    }

    /// A message is to be routed, while so many queues were ever made.
    pub(super) fn begin(&mut self, queues: usize) {
        self.routing += 1;
        self.taken.resize(queues, 0);
    }

    /// Whether the message is not yet on its way to this queue.
    pub(super) fn take(&mut self, key: QueueKey) -> bool {
        let last = self.taken.get_mut(key.index());
        last.is_some_and(|last| std::mem::replace(last, self.routing) != self.routing)
    }

    /// Sorts by name (ex route, lists:usort); none stands there twice.
    pub(super) fn sort(&mut self, list: &mut Vec<QueueKey>, queues: &Arena<QueueKey, Queue>) {
        if self.order.places.len() != queues.next_key().index() {
            self.compared += list.len();
            // A new order must not cost more than the comparing that it saves.
            if self.compared * 4 < queues.len() {
                let name = |key: &QueueKey| queues.get(*key).map(|queue| &queue.id);
                return sort_by(list, |a, b| name(a).cmp(&name(b)));
            }
            self.compared = 0;
            self.order = Rc::new(Order::of(queues));
            self.bits.resize(self.order.keys.len().div_ceil(64), 0);
        }
        let order = &self.order;
        for key in list.drain(..) {
            let place = order.places[key.index()];
            self.bits[place as usize / 64] |= 1 << (place % 64);
        }
        for (word, bits) in self.bits.iter_mut().enumerate() {
            while *bits != 0 {
                list.push(order.keys[word * 64 + bits.trailing_zeros() as usize]);
                *bits &= *bits - 1;
            }
        }
    }
}
