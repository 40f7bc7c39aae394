//! The workloads, each made ready and then run. Every message carries 100 bytes.

use std::fmt::Write as _;
use std::rc::Rc;
use std::str::FromStr;

use mq_playground::amqp::message::{Content, Properties, Table};
use mq_playground::amqp::{Command, DeliveryTag, TopicMatcher};
use mq_playground::machine::{Input, Rng};

pub use crate::desk::Events;
use crate::desk::{Desk, publish};
use crate::topics::{self, Topics};

const FANOUT: u64 = 100;
const SIDE: u64 = 10;

/// What is done so many times.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Workload {
    /// a: publish to a direct exchange, deliver, acknowledge; prefetch 100.
    Direct,
    /// a': publish everything, then attach the consumer.
    Backlog,
    /// b: a topic exchange with 1,000 bindings to 1,000 queues, each with a consumer.
    Topic,
    /// The same with 9,000 bindings more, which match nothing.
    TopicCrowded,
    /// c: fanout to 100 queues, each copy acknowledged.
    Fanout,
    /// d: a headers exchange with 100 bindings, x-match all.
    Headers,
    /// e: reject, dead letter, acknowledge.
    DeadLetter,
    /// The topic index alone, 1,000 patterns.
    Matching,
    /// The topic index alone, one pattern with two `#`, a key of 24 words.
    TwoHashes,
    /// The same with six.
    SixHashes,
    /// Messages wait in a queue.
    Waiting,
}

/// The names that contestants are called by, in the order in which the wasm numbers them.
pub const NAMES: [(&str, Workload); 11] = [
    ("direct", Workload::Direct),
    ("backlog", Workload::Backlog),
    ("topic", Workload::Topic),
    ("topic-crowded", Workload::TopicCrowded),
    ("fanout", Workload::Fanout),
    ("headers", Workload::Headers),
    ("dead-letter", Workload::DeadLetter),
    ("matching", Workload::Matching),
    ("two-hashes", Workload::TwoHashes),
    ("six-hashes", Workload::SixHashes),
    ("waiting", Workload::Waiting),
];

impl FromStr for Workload {
    type Err = String;

    fn from_str(name: &str) -> Result<Workload, String> {
        let found = NAMES.iter().find(|(other, _)| *other == name);
        found
            .map(|(_, workload)| *workload)
            .ok_or_else(|| format!("no workload is called {name}"))
    }
}

/// A workload that is about to run.
pub struct Ready {
    workload: Workload,
    size: u64,
    desk: Desk,
    /// What it publishes, one after the other and then from the beginning: made before the clock runs, as for the peers.
    publishes: Vec<Input<Command>>,
    topics: Topics,
    matcher: TopicMatcher,
    tags: Vec<DeliveryTag>,
}

impl Ready {
    /// Declares, binds and subscribes what the workload needs.
    pub fn new(workload: Workload, size: u64, events: Events) -> Ready {
        let topics = topics(workload);
        let mut ready = Ready {
            workload,
            size,
            desk: Desk::new(events),
            publishes: publishes(workload, size, &topics),
            topics,
            matcher: TopicMatcher::default(),
            tags: Vec::new(),
        };
        ready.prepare();
        ready
    }

    fn prepare(&mut self) {
        let desk = &mut self.desk;
        match self.workload {
            Workload::Direct | Workload::Backlog | Workload::Waiting => {
                desk.exchange("jobs", "direct");
                desk.queue("work", Table::new());
                desk.bind("work", "jobs", "work", Table::new());
                desk.prefetch(100);
                if self.workload == Workload::Direct {
                    desk.consume("work", false);
                }
            }
            Workload::Topic | Workload::TopicCrowded => {
                desk.exchange("news", "topic");
                for (number, pattern) in self.topics.patterns.iter().enumerate() {
                    let queue = format!("q{}", number % topics::MATCHING);
                    if number < topics::MATCHING {
                        desk.queue(&queue, Table::new());
                        desk.consume(&queue, true);
                    }
                    desk.bind(&queue, "news", pattern, Table::new());
                }
            }
            Workload::Fanout => {
                desk.exchange("all", "fanout");
                for number in 0..FANOUT {
                    let queue = format!("q{number}");
                    desk.queue(&queue, Table::new());
                    desk.bind(&queue, "all", "", Table::new());
                    desk.consume(&queue, false);
                }
            }
            Workload::Headers => {
                desk.exchange("all", "headers");
                for number in 0..SIDE * SIDE {
                    let queue = format!("q{number}");
                    desk.queue(&queue, Table::new());
                    let wanted = headers(number).with("x-match", "all");
                    desk.bind(&queue, "all", "", wanted);
                    desk.consume(&queue, false);
                }
            }
            Workload::DeadLetter => {
                desk.exchange("jobs", "direct");
                desk.exchange("graveyard", "direct");
                let dead = Table::new().with("x-dead-letter-exchange", "graveyard");
                desk.queue("work", dead);
                desk.queue("dead", Table::new());
                desk.bind("work", "jobs", "work", Table::new());
                desk.bind("dead", "graveyard", "work", Table::new());
                desk.consume("work", false);
                desk.consume("dead", false);
            }
            Workload::Matching | Workload::TwoHashes | Workload::SixHashes => {
                for pattern in &self.topics.patterns {
                    self.matcher.insert(pattern.as_bytes());
                }
            }
        }
    }

    /// Runs it; says how many deliveries (or matches, or waiting messages) there were.
    pub fn run(&mut self) -> u64 {
        let Ready {
            desk,
            publishes,
            tags,
            ..
        } = self;
        let publishes = publishes.iter().cycle();
        let mut count = 0;
        match self.workload {
            Workload::Direct | Workload::Headers => {
                for publish in publishes.take(self.size as usize) {
                    desk.send(publish);
                    count += desk.ack_all(tags);
                }
            }
            Workload::Backlog => {
                publishes
                    .take(self.size as usize)
                    .for_each(|it| desk.send(it));
                desk.consume("work", false);
                count += desk.ack_all(tags);
            }
            Workload::Topic | Workload::TopicCrowded => {
                for publish in publishes.take(self.size as usize) {
                    desk.send(publish);
                    count += desk.deliveries();
                }
            }
            Workload::Fanout => {
                for publish in publishes.take((self.size / FANOUT) as usize) {
                    desk.send(publish);
                    count += desk.ack_all(tags);
                }
            }
            Workload::DeadLetter => {
                for publish in publishes.take(self.size as usize) {
                    desk.send(publish);
                    desk.reject();
                    count += desk.ack_all(tags);
                }
            }
            Workload::Matching | Workload::TwoHashes | Workload::SixHashes => {
                for key in self.topics.keys.iter().cycle().take(self.size as usize) {
                    count += u64::from(self.matcher.count(key.as_bytes()));
                }
            }
            Workload::Waiting => count += self.run_waiting(),
        }
        count
    }

    /// Bodies of their own, as messages have that come from outside.
    fn run_waiting(&mut self) -> u64 {
        let (mut body, properties) = (String::new(), Rc::default());
        for number in 0..self.size {
            body.clear();
            let _ = write!(body, "{number:0>100}");
            let content = Content {
                properties: Rc::clone(&properties),
                body: Rc::from(body.as_bytes()),
            };
            self.desk.send(&publish("jobs", "work", content));
        }
        self.size
    }
}

fn publishes(workload: Workload, size: u64, topics: &Topics) -> Vec<Input<Command>> {
    let body: Rc<[u8]> = Rc::from([b'x'; 100]);
    let content = |properties: &Rc<Properties>| Content {
        properties: Rc::clone(properties),
        body: Rc::clone(&body),
    };
    let plain = content(&Rc::default());
    match workload {
        Workload::Direct | Workload::Backlog | Workload::DeadLetter => {
            vec![publish("jobs", "work", plain)]
        }
        Workload::Topic | Workload::TopicCrowded => {
            let keys = topics.keys.iter();
            keys.map(|key| publish("news", key, plain.clone()))
                .collect()
        }
        Workload::Fanout => vec![publish("all", "", plain)],
        Workload::Headers => {
            let mut rng = Rng::new(7);
            let draw = |_| {
                let drawn = headers(rng.below(SIDE * SIDE)).with("more", "of no interest");
                let properties = Rc::new(Properties {
                    headers: Some(drawn),
                    ..Properties::default()
                });
                publish("all", "", content(&properties))
            };
            (0..size).map(draw).collect()
        }
        Workload::Matching | Workload::TwoHashes | Workload::SixHashes | Workload::Waiting => {
            Vec::new()
        }
    }
}

fn topics(workload: Workload) -> Topics {
    match workload {
        Workload::Topic | Workload::Matching => Topics::new(topics::MATCHING),
        Workload::TopicCrowded => Topics::new(10 * topics::MATCHING),
        Workload::TwoHashes => topics::hashes(2),
        Workload::SixHashes => topics::hashes(6),
        Workload::Direct
        | Workload::Backlog
        | Workload::Fanout
        | Workload::Headers
        | Workload::DeadLetter
        | Workload::Waiting => Topics {
            patterns: Vec::new(),
            keys: Vec::new(),
        },
    }
}

/// One of 100 pairs of headers.
fn headers(number: u64) -> Table {
    Table::new()
        .with("region", format!("r{}", number / SIDE).as_str())
        .with("kind", format!("k{}", number % SIDE).as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_workload_delivers_what_it_publishes() {
        for (name, workload) in NAMES {
            let count = Ready::new(workload, 200, Events::Dropped).run();
            let expected = match workload {
                Workload::Topic | Workload::TopicCrowded | Workload::Matching => 500..800,
                _ => 200..201,
            };
            assert!(expected.contains(&count), "{name}: {count}");
        }
    }

    #[test]
    fn bindings_that_do_not_match_change_no_answer() {
        let count = |workload| Ready::new(workload, 300, Events::Kept).run();
        assert_eq!(count(Workload::Topic), count(Workload::TopicCrowded));
        assert_eq!(count(Workload::Topic), count(Workload::Matching));
    }
}
