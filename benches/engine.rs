//! What a step of the broker costs, natively: `cargo bench`. The figures against peers are printed by `cargo xtask bench`.
//!
//! Every message carries 100 bytes. Words and patterns come from one seed, so that runs can be compared.

use std::rc::Rc;

use divan::Bencher;
use divan::counter::ItemsCount;
use mq_playground::amqp::command::{Capabilities, Connect, Password, Peer};
use mq_playground::amqp::ids::{ChannelId, ConnectionId, DeliveryTag, UserName, VhostName};
use mq_playground::amqp::message::{Content, Properties, Table};
use mq_playground::amqp::protocol::method::{
    BasicConsume, BasicPublish, ClientMethod, ExchangeDeclare, QueueDeclare,
};
use mq_playground::amqp::{Broker, Command, Config, Event};
use mq_playground::machine::{Input, Machine, Origin, SimTime};

const MESSAGES: u64 = 10_000;
/// One a key of the topics.
const TOPIC_MESSAGES: u64 = 1_000;
const CHANNEL: ChannelId = ChannelId::new(1, 1);
/// The patterns and keys that `cargo xtask bench` takes too.
#[path = "src/topics.rs"]
#[allow(dead_code)]
mod topics;

fn main() {
    divan::main();
}

/// A broker with one open channel, and the events of its last step.
#[derive(Clone)]
struct Bench {
    broker: Broker,
    events: Vec<Event>,
}

impl Bench {
    fn new() -> Bench {
        let mut bench = Bench {
            broker: Broker::new(Config::default()),
            events: Vec::new(),
        };
        bench.step(Command::Connect(Box::new(Connect {
            connection: ConnectionId(1),
            name: "bench".to_owned(),
            user: UserName::from("guest"),
            password: Password::Trusted,
            vhost: VhostName::from("/"),
            capabilities: Capabilities::ALL,
            peer: Peer::Loopback,
        })));
        bench.call(ClientMethod::ChannelOpen);
        bench
    }

    fn step(&mut self, command: Command) {
        self.events.clear();
        let input = Input {
            at: SimTime::ZERO,
            origin: Origin::User,
            command,
        };
        self.broker.step(&input, &mut self.events);
    }

    fn call(&mut self, method: ClientMethod) {
        self.step(Command::call(CHANNEL, method));
    }

    fn exchange(&mut self, name: &str, kind: &str) {
        self.call(ClientMethod::ExchangeDeclare(ExchangeDeclare {
            exchange: name.into(),
            kind: kind.to_owned(),
            ..ExchangeDeclare::default()
        }));
    }

    fn queue(&mut self, name: &str) {
        self.call(ClientMethod::QueueDeclare(QueueDeclare {
            queue: name.into(),
            ..QueueDeclare::default()
        }));
    }

    fn bind(&mut self, queue: &str, exchange: &str, key: &str) {
        self.call(ClientMethod::QueueBind {
            queue: queue.into(),
            exchange: exchange.into(),
            routing_key: key.into(),
            nowait: true,
            arguments: Table::new(),
        });
    }

    fn consume(&mut self, queue: &str) {
        self.call(ClientMethod::BasicConsume(BasicConsume {
            queue: queue.into(),
            ..BasicConsume::default()
        }));
    }

    fn publish(&mut self, exchange: &str, key: &str, content: &Content) {
        self.call(ClientMethod::BasicPublish(Box::new(BasicPublish {
            exchange: exchange.into(),
            routing_key: key.into(),
            mandatory: false,
            immediate: false,
            content: content.clone(),
        })));
    }

    /// Delivery tags of the last step, in the order of delivery.
    fn delivered(&self) -> Vec<DeliveryTag> {
        self.events
            .iter()
            .filter_map(|event| match event {
                Event::Delivered { tag, .. } => Some(*tag),
                _ => None,
            })
            .collect()
    }

    /// Acknowledges each delivery of the last step, and what is delivered because of that; returns how many.
    fn ack_all(&mut self) -> u64 {
        let mut acked = 0;
        let mut tags = self.delivered();
        while let Some(delivery_tag) = tags.pop() {
            self.call(ClientMethod::BasicAck {
                delivery_tag,
                multiple: false,
            });
            tags.extend(self.delivered());
            acked += 1;
        }
        acked
    }

    /// Copies that the last publish put into queues.
    fn enqueued(&self) -> u64 {
        let copies = self
            .events
            .iter()
            .filter(|event| matches!(event, Event::Enqueued { .. }));
        copies.count() as u64
    }
}

fn content() -> Content {
    Content {
        properties: Rc::new(Properties::default()),
        body: Rc::from([b'x'; 100]),
    }
}

/// Workload a: publish -> route -> deliver -> ack, prefetch 100.
#[divan::bench]
fn a_direct_publish_deliver_ack(bencher: Bencher) {
    let mut ready = Bench::new();
    ready.queue("work");
    ready.call(ClientMethod::BasicQos {
        prefetch_size: 0,
        prefetch_count: 100,
        global: false,
    });
    ready.consume("work");
    let content = content();
    bencher
        .counter(ItemsCount::new(MESSAGES))
        .with_inputs(|| ready.clone())
        .bench_local_values(|mut bench| {
            let mut acked = 0;
            for _ in 0..MESSAGES {
                bench.publish("", "work", &content);
                acked += bench.ack_all();
            }
            assert_eq!(
                acked, MESSAGES,
                "a bench that delivers nothing measures nothing"
            );
            bench
        });
}

/// Workload a': all messages first, then the consumer.
#[divan::bench]
fn a_backlog_then_consume(bencher: Bencher) {
    let mut ready = Bench::new();
    ready.queue("work");
    ready.call(ClientMethod::BasicQos {
        prefetch_size: 0,
        prefetch_count: 100,
        global: false,
    });
    let content = content();
    bencher
        .counter(ItemsCount::new(MESSAGES))
        .with_inputs(|| ready.clone())
        .bench_local_values(|mut bench| {
            for _ in 0..MESSAGES {
                bench.publish("", "work", &content);
            }
            bench.consume("work");
            assert_eq!(bench.ack_all(), MESSAGES);
            bench
        });
}

/// Workload b: routing alone, one queue a binding. Ten times the bindings should cost little more.
#[divan::bench(args = [1_000, 10_000])]
fn b_topic_with_wildcards(bencher: Bencher, bindings: usize) {
    let topics = topics::Topics::new(bindings);
    let mut ready = Bench::new();
    ready.exchange("news", "topic");
    // One queue a pattern, as the peers were measured; at most 1,000, so that copies stay comparable.
    for (number, pattern) in topics.patterns.iter().enumerate() {
        let queue = format!("q{}", number % topics::MATCHING);
        if number < topics::MATCHING {
            ready.queue(&queue);
        }
        ready.bind(&queue, "news", pattern);
    }
    let keys = topics.keys;
    let content = content();
    bencher
        .counter(ItemsCount::new(TOPIC_MESSAGES))
        .with_inputs(|| {
            let mut bench = ready.clone();
            // What a first step after a clone may have to copy is not the cost of routing.
            bench.publish("news", "none", &content);
            bench
        })
        .bench_local_values(|mut bench| {
            let mut copies = 0;
            for key in &keys {
                bench.publish("news", key, &content);
                copies += bench.enqueued();
            }
            assert!(
                copies >= TOPIC_MESSAGES,
                "the binding # alone takes every message"
            );
            bench
        });
}

/// Workload c: fanout to 100 queues, each copy delivered and acknowledged.
#[divan::bench]
fn c_fanout_to_100_queues(bencher: Bencher) {
    let mut ready = Bench::new();
    ready.exchange("all", "fanout");
    for number in 0..100 {
        let queue = format!("q{number}");
        ready.queue(&queue);
        ready.bind(&queue, "all", "");
        ready.consume(&queue);
    }
    let content = content();
    bencher
        .counter(ItemsCount::new(MESSAGES))
        .with_inputs(|| ready.clone())
        .bench_local_values(|mut bench| {
            let mut acked = 0;
            for _ in 0..MESSAGES / 100 {
                bench.publish("all", "", &content);
                acked += bench.ack_all();
            }
            assert_eq!(acked, MESSAGES);
            bench
        });
}
