//! A broker with one open channel, and short words for what the workloads do there.

use mq_playground::amqp::command::{Capabilities, Connect, Password, Peer};
use mq_playground::amqp::message::{Content, Table};
use mq_playground::amqp::protocol::method::{
    BasicConsume, BasicPublish, ClientMethod, ExchangeDeclare, QueueDeclare,
};
use mq_playground::amqp::{
    Broker, ChannelId, Command, Config, ConnectionId, ConsumerTag, DeliveryTag, Event, UserName,
    VhostName,
};
use mq_playground::machine::{Input, Machine, Origin, SimTime};

const CHANNEL: ChannelId = ChannelId::new(1, 1);

/// What happens with the events of a step once the client has seen them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Events {
    /// Somebody listens: all are kept, in one list.
    Kept,
    /// Nobody listens.
    Dropped,
}

/// A client of a broker.
pub(crate) struct Desk {
    broker: Broker,
    events: Vec<Event>,
    policy: Events,
    /// Where the events of the last step begin.
    step: usize,
}

impl Desk {
    pub(crate) fn new(policy: Events) -> Desk {
        let mut desk = Desk {
            broker: Broker::new(Config::default()),
            events: Vec::new(),
            policy,
            step: 0,
        };
        desk.step(Command::Connect(Box::new(Connect {
            connection: ConnectionId(1),
            name: "bench".to_owned(),
            user: UserName::from("guest"),
            password: Password::Trusted,
            vhost: VhostName::from("/"),
            capabilities: Capabilities::ALL,
            peer: Peer::Loopback,
        })));
        desk.call(ClientMethod::ChannelOpen);
        desk
    }

    /// Sends what was made before.
    pub(crate) fn send(&mut self, input: &Input<Command>) {
        if self.policy == Events::Dropped {
            self.events.clear();
        }
        self.step = self.events.len();
        self.broker.step(input, &mut self.events);
    }

    fn step(&mut self, command: Command) {
        self.send(&input(command));
    }

    fn call(&mut self, method: ClientMethod) {
        self.step(Command::call(CHANNEL, method));
    }

    pub(crate) fn exchange(&mut self, name: &str, kind: &str) {
        self.call(ClientMethod::ExchangeDeclare(ExchangeDeclare {
            exchange: name.into(),
            kind: kind.to_owned(),
            ..ExchangeDeclare::default()
        }));
    }

    pub(crate) fn queue(&mut self, name: &str, arguments: Table) {
        self.call(ClientMethod::QueueDeclare(QueueDeclare {
            queue: name.into(),
            arguments,
            ..QueueDeclare::default()
        }));
    }

    pub(crate) fn bind(&mut self, queue: &str, exchange: &str, key: &str, arguments: Table) {
        self.call(ClientMethod::QueueBind {
            queue: queue.into(),
            exchange: exchange.into(),
            routing_key: key.into(),
            nowait: true,
            arguments,
        });
    }

    pub(crate) fn prefetch(&mut self, prefetch_count: u16) {
        self.call(ClientMethod::BasicQos {
            prefetch_size: 0,
            prefetch_count,
            global: false,
        });
    }

    /// The consumer's tag is the queue's name.
    pub(crate) fn consume(&mut self, queue: &str, no_ack: bool) {
        self.call(ClientMethod::BasicConsume(BasicConsume {
            queue: queue.into(),
            consumer_tag: ConsumerTag::from(queue),
            no_ack,
            ..BasicConsume::default()
        }));
    }

    fn delivered(&self) -> impl Iterator<Item = DeliveryTag> {
        self.events[self.step..]
            .iter()
            .filter_map(|event| match event {
                Event::Delivered { tag, .. } => Some(*tag),
                _ => None,
            })
    }

    /// How much the last step delivered.
    pub(crate) fn deliveries(&self) -> u64 {
        self.delivered().count() as u64
    }

    /// Acknowledges each delivery of the last step, and what is delivered because of that; returns how many.
    pub(crate) fn ack_all(&mut self, tags: &mut Vec<DeliveryTag>) -> u64 {
        tags.extend(self.delivered());
        let mut next = 0;
        while let Some(delivery_tag) = tags.get(next).copied() {
            next += 1;
            self.call(ClientMethod::BasicAck {
                delivery_tag,
                multiple: false,
            });
            tags.extend(self.delivered());
        }
        tags.clear();
        next as u64
    }

    /// Rejects the one delivery of the last step; then the last step is that one.
    pub(crate) fn reject(&mut self) {
        let tag = self.delivered().next();
        if let Some(delivery_tag) = tag {
            self.call(ClientMethod::BasicReject {
                delivery_tag,
                requeue: false,
            });
        }
    }
}

fn input(command: Command) -> Input<Command> {
    Input {
        at: SimTime::ZERO,
        origin: Origin::User,
        command,
    }
}

/// basic.publish, to be sent any number of times.
pub(crate) fn publish(exchange: &str, key: &str, content: Content) -> Input<Command> {
    let publish = BasicPublish {
        exchange: exchange.into(),
        routing_key: key.into(),
        mandatory: false,
        immediate: false,
        content,
    };
    let method = ClientMethod::BasicPublish(Box::new(publish));
    input(Command::call(CHANNEL, method))
}
