//! The broker alone, for people's own JavaScript: `www/engine/` makes the classes of the package out of it. Names and
//! bytes go across the border, batches as typed arrays; objects only where speed does not matter.

use std::collections::VecDeque;
use std::rc::Rc;

use js_sys::{Float64Array, Uint8Array, Uint32Array};
use serde_json::{Value, json};
use wasm_bindgen::prelude::*;

use crate::amqp::command::{Capabilities, Connect, Password, Peer};
use crate::amqp::event::{ChannelEnd, ConnectionEnd, DeliveredTo};
use crate::amqp::protocol::ClientMethod;
use crate::amqp::protocol::method::BasicPublish;
use crate::amqp::{
    self, ChannelId, Command, Compatibility, ConsumerId, Content, DeliveryTag, Event, ExchangeId,
    ExchangeName, Message, Properties, RoutingKey, UserName, VhostName,
};
use crate::engine::{Cursor, StepRecord, WorldCommand, WorldEvent, WorldView, commands};
use crate::js::dto;
use crate::js::error::ApiError;
use crate::js::value::{number, out, take};
use crate::machine::{Input, Machine, Origin, SimTime};

const CONNECTION: u32 = 1;

/// A message on its way to a consumer, or the answer to a get.
struct Delivery {
    channel: u16,
    tag: DeliveryTag,
    consumer: Rc<str>,
    redelivered: bool,
    message: Rc<Message>,
}

/// Whom a delivery is for, and where its message was published to.
#[derive(PartialEq)]
struct Told {
    consumer: Rc<str>,
    exchange: ExchangeId,
    key: RoutingKey,
}

/// What `next` says of a delivery, as bits.
mod mark {
    pub const THERE_IS_ONE: u32 = 1;
    /// For another consumer than the one before.
    pub const OTHER_CONSUMER: u32 = 2;
    /// From another exchange or with another key than the one before.
    pub const OTHER_NAMES: u32 = 4;
    pub const REDELIVERED: u32 = 8;
    pub const HAS_PROPERTIES: u32 = 16;
    pub const BITS: u32 = 5;
}

/// A broker with one connection and as many channels as are asked for.
#[wasm_bindgen(js_name = RawBroker)]
pub struct RawBroker {
    broker: amqp::Broker,
    now: SimTime,
    steps: usize,
    events: Vec<Event>,
    next_channel: u16,
    deliveries: VecDeque<Delivery>,
    /// Those of consumers that take batches.
    batches: VecDeque<Delivery>,
    /// The consumers that do, and whether the next one will.
    batched: Vec<ConsumerId>,
    batch_next: bool,
    current: Option<Delivery>,
    /// What a get found.
    found: Option<Delivery>,
    /// The names of the last publish: the next one is mostly to the same place.
    exchange: ExchangeName,
    key: RoutingKey,
    /// What the script was told of the delivery before, in words: it is mostly the same again.
    told: Option<Told>,
    plain: Rc<Properties>,
}

#[wasm_bindgen(js_class = RawBroker)]
impl RawBroker {
    /// A fresh broker; `compatibility` is `4` or `3.10`.
    #[wasm_bindgen(constructor)]
    pub fn new(compatibility: &str, seed: f64) -> Result<RawBroker, JsValue> {
        let compatibility = match compatibility {
            "4" => Compatibility::V4,
            "3.10" => Compatibility::V3_10,
            _ => {
                let message = "compatibility is \"4\" or \"3.10\".";
                return Err(ApiError::new("option", message).into());
            }
        };
        let config = amqp::Config {
            compatibility,
            seed: seed as u64,
            ..amqp::Config::default()
        };
        let mut raw = RawBroker {
            broker: amqp::Broker::new(config),
            now: SimTime::ZERO,
            steps: 0,
            events: Vec::new(),
            next_channel: 1,
            deliveries: VecDeque::new(),
            batches: VecDeque::new(),
            batched: Vec::new(),
            batch_next: false,
            current: None,
            found: None,
            exchange: ExchangeName::default(),
            key: RoutingKey::default(),
            told: None,
            plain: Rc::new(Properties::default()),
        };
        raw.run(Command::Connect(Box::new(Connect {
            connection: amqp::ConnectionId(CONNECTION),
            name: "script".to_string(),
            user: UserName::from("guest"),
            password: Password::Trusted,
            vhost: VhostName::from("/"),
            capabilities: Capabilities::ALL,
            peer: Peer::Loopback,
        })))?;
        Ok(raw)
    }

    /// A new channel; gives its number.
    #[wasm_bindgen(js_name = openChannel)]
    pub fn open_channel(&mut self) -> Result<u16, JsValue> {
        let number = self.next_channel;
        self.next_channel += 1;
        self.call(number, ClientMethod::ChannelOpen)?;
        Ok(number)
    }

    /// A message without properties; gives the number of queues that took it.
    pub fn publish(
        &mut self,
        channel: u16,
        exchange: &str,
        key: &str,
        body: &[u8],
    ) -> Result<u32, JsValue> {
        self.aim(exchange, key);
        Ok(self.publish_body(channel, body)?)
    }

    /// The same, to where the last one went.
    #[wasm_bindgen(js_name = publishAgain)]
    pub fn publish_again(&mut self, channel: u16, body: &[u8]) -> Result<u32, JsValue> {
        Ok(self.publish_body(channel, body)?)
    }

    /// Many messages without properties to one place: message n is `bodies[ends[n - 1]..ends[n]]`.
    #[wasm_bindgen(js_name = publishBatch)]
    pub fn publish_batch(
        &mut self,
        channel: u16,
        exchange: &str,
        key: &str,
        bodies: &[u8],
        ends: &[u32],
    ) -> Result<u32, JsValue> {
        self.aim(exchange, key);
        let mut taken = 0;
        let mut start = 0;
        for end in ends {
            let end = *end as usize;
            let Some(body) = bodies.get(start..end) else {
                let message = "ends must grow and stay within bodies.";
                return Err(ApiError::new("command", message).into());
            };
            start = end;
            taken += self.publish_body(channel, body)?;
        }
        Ok(taken)
    }

    /// Any command, as an object; gives the events it caused.
    pub fn submit(&mut self, channel: u16, command: JsValue) -> Result<JsValue, JsValue> {
        let json = take(command)?;
        let command = commands::read(&json, &|_| None).map_err(|e| ApiError::command(&e))?;
        match command {
            WorldCommand::You(method) => self.call(channel, method)?,
            WorldCommand::Broker(command) => self.run(command)?,
            WorldCommand::Program(_)
            | WorldCommand::ActAs(_)
            | WorldCommand::Together(_)
            | WorldCommand::Tick => {
                let message = "There are no programs here: call the channel yourself.";
                return Err(ApiError::new("command", message).into());
            }
        }
        let events = self.events.iter().cloned().map(WorldEvent::Broker);
        let step = StepRecord {
            first_event: 0,
            index: self.steps - 1,
            at: self.now,
            origin: Origin::Api,
            command: WorldCommand::Tick,
            events: events.collect(),
        };
        let sorted = dto::events(&[step], &|id| id.to_string(), dto::Heard::Everything);
        let replies = self.events.iter().filter_map(reply);
        let all = replies
            .chain(sorted.messages)
            .chain(sorted.changes)
            .chain(sorted.errors);
        Ok(out(&Value::Array(all.collect()))?)
    }

    /// Takes a message out of a queue: it becomes the current delivery. Says what `next` says.
    pub fn get(&mut self, channel: u16, queue: &str, no_ack: bool) -> Result<u32, JsValue> {
        self.found = None;
        let queue = queue.into();
        self.call(channel, ClientMethod::BasicGet { queue, no_ack })?;
        self.current = self.found.take();
        Ok(self.describe_current())
    }

    pub fn ack(&mut self, channel: u16, tag: f64, multiple: bool) -> Result<(), JsValue> {
        let delivery_tag = DeliveryTag(tag as u64);
        let method = ClientMethod::BasicAck {
            delivery_tag,
            multiple,
        };
        Ok(self.call(channel, method)?)
    }

    pub fn nack(
        &mut self,
        channel: u16,
        tag: f64,
        multiple: bool,
        requeue: bool,
    ) -> Result<(), JsValue> {
        let delivery_tag = DeliveryTag(tag as u64);
        let method = ClientMethod::BasicNack {
            delivery_tag,
            multiple,
            requeue,
        };
        Ok(self.call(channel, method)?)
    }

    /// Lets virtual time pass: what falls due happens.
    pub fn advance(&mut self, ms: f64) -> Result<(), JsValue> {
        let target = self.now + ms.max(0.0) as u64;
        while let Some(deadline) = self.broker.next_deadline()
            && deadline <= target
        {
            self.now = self.now.max(deadline);
            self.run(Command::Tick)?;
        }
        self.now = target;
        Ok(())
    }

    /// The virtual clock in milliseconds.
    pub fn now(&self) -> f64 {
        self.now.as_ms() as f64
    }

    /// Whether the next consumer takes batches instead of one delivery after the other.
    #[wasm_bindgen(js_name = batchNext)]
    pub fn batch_next(&mut self, is_batched: bool) {
        self.batch_next = is_batched;
    }

    /// How many deliveries wait to be taken in batches.
    pub fn pending(&self) -> u32 {
        self.batches.len() as u32
    }

    /// The next delivery becomes the current one; says what it is as bits and, above those, how long its body is; 0 if
    /// there is none.
    #[wasm_bindgen(js_name = next)]
    pub fn take_next(&mut self) -> u32 {
        self.current = self.deliveries.pop_front();
        self.describe_current()
    }
    #[wasm_bindgen(js_name = currentChannel)]
    pub fn current_channel(&self) -> u16 {
        self.current.as_ref().map_or(0, |delivery| delivery.channel)
    }

    #[wasm_bindgen(js_name = currentTag)]
    pub fn current_tag(&self) -> f64 {
        self.current
            .as_ref()
            .map_or(0.0, |delivery| delivery.tag.0 as f64)
    }

    #[wasm_bindgen(js_name = currentConsumer)]
    pub fn current_consumer(&self) -> String {
        let current = self.current.as_ref();
        current.map_or(String::new(), |delivery| delivery.consumer.to_string())
    }

    /// The body, written to `pool` from `at` on, which has room for it: an array of its own for each costs more than all
    /// else together.
    #[wasm_bindgen(js_name = currentBody)]
    pub fn current_body(&self, pool: &Uint8Array, at: u32) -> Uint8Array {
        let body: &[u8] = self.current.as_ref().map_or(&[], |it| &it.message.body);
        let place = pool.subarray(at, at + body.len() as u32);
        place.copy_from(body);
        place
    }

    /// Exchange, key and properties of the current delivery.
    #[wasm_bindgen(js_name = currentFields)]
    pub fn current_fields(&self) -> Result<JsValue, JsValue> {
        let fields = self.current.as_ref().map(|delivery| {
            let message = &delivery.message;
            json!({
                "exchange": message.exchange.as_str(),
                "routingKey": message.routing_key.to_text(),
                "properties": commands::properties(&message.properties),
            })
        });
        Ok(out(&fields.unwrap_or_default())?)
    }

    /// Up to `most` waiting deliveries of one channel at once.
    #[wasm_bindgen(js_name = takeBatch)]
    pub fn take_batch(&mut self, channel: u16, most: u32) -> Batch {
        let mut batch = Batch::default();
        let mut others = VecDeque::new();
        while batch.tags.len() < most as usize
            && let Some(delivery) = self.batches.pop_front()
        {
            if delivery.channel != channel {
                others.push_back(delivery);
                continue;
            }
            batch.tags.push(delivery.tag.0 as f64);
            batch.redelivered.push(u8::from(delivery.redelivered));
            batch.bodies.extend_from_slice(&delivery.message.body);
            batch.ends.push(batch.bodies.len() as u32);
        }
        others.append(&mut self.batches);
        self.batches = others;
        batch
    }

    /// The broker as it is.
    pub fn snapshot(&self) -> Result<JsValue, JsValue> {
        let world = WorldView {
            broker: Rc::new(self.broker.view()),
            ..WorldView::default()
        };
        let cursor = Cursor {
            now: self.now,
            index: self.steps,
            recorded: self.steps,
            within: None,
            end: self.now,
            playing: false,
            speed: 1.0,
            at_end: self.broker.next_deadline().is_none(),
        };
        Ok(out(&dto::snapshot(&world, &cursor))?)
    }
}

impl RawBroker {
    fn describe_current(&mut self) -> u32 {
        let Some(delivery) = &self.current else {
            return 0;
        };
        let message = &delivery.message;
        let bit = |is: bool, bit: u32| if is { bit } else { 0 };
        let before = self.told.as_ref();
        let other_consumer = before.is_none_or(|it| it.consumer != delivery.consumer);
        let other_names = before
            .is_none_or(|it| it.exchange != message.exchange || it.key != message.routing_key);
        if other_consumer || other_names {
            self.told = Some(Told {
                consumer: Rc::clone(&delivery.consumer),
                exchange: message.exchange.clone(),
                key: message.routing_key.clone(),
            });
        }
        mark::THERE_IS_ONE
            | bit(other_consumer, mark::OTHER_CONSUMER)
            | bit(other_names, mark::OTHER_NAMES)
            | bit(delivery.redelivered, mark::REDELIVERED)
            | bit(*message.properties != *self.plain, mark::HAS_PROPERTIES)
            | (message.body.len() as u32) << mark::BITS
    }

    /// Where the next publishes go.
    fn aim(&mut self, exchange: &str, key: &str) {
        if self.exchange.as_str() != exchange {
            self.exchange = ExchangeName::from(exchange);
        }
        if self.key.as_bytes() != key.as_bytes() {
            self.key = RoutingKey::from(key);
        }
    }

    fn publish_body(&mut self, channel: u16, body: &[u8]) -> Result<u32, ApiError> {
        let content = Content {
            properties: Rc::clone(&self.plain),
            body: body.into(),
        };
        let publish = BasicPublish {
            exchange: self.exchange.clone(),
            routing_key: self.key.clone(),
            mandatory: false,
            immediate: false,
            content,
        };
        self.call(channel, ClientMethod::BasicPublish(Box::new(publish)))?;
        let taken = self.events.iter();
        let taken = taken.filter(|event| {
            matches!(
                event,
                Event::Hopped {
                    to: amqp::Destination::Queue(_),
                    ..
                }
            )
        });
        Ok(taken.count() as u32)
    }

    fn call(&mut self, channel: u16, method: ClientMethod) -> Result<(), ApiError> {
        self.run(Command::call(ChannelId::new(CONNECTION, channel), method))
    }

    /// One command. What closed a channel or the connection becomes an error; the channel is open again afterwards.
    fn run(&mut self, command: Command) -> Result<(), ApiError> {
        self.step(command);
        let mut closed = None;
        for event in &self.events {
            match event {
                Event::Delivered {
                    message,
                    channel,
                    tag,
                    to,
                    redelivered,
                    ..
                } => {
                    let delivery = Delivery {
                        channel: channel.number.0,
                        tag: *tag,
                        consumer: match to {
                            DeliveredTo::Consumer(tag) => tag.shared(),
                            DeliveredTo::Get { .. } => Rc::from(""),
                        },
                        redelivered: *redelivered,
                        message: Rc::clone(message),
                    };
                    match to {
                        DeliveredTo::Consumer(tag) => {
                            let is_batched =
                                |it: &ConsumerId| it.channel == *channel && it.tag == *tag;
                            match self.batched.iter().any(is_batched) {
                                true => self.batches.push_back(delivery),
                                false => self.deliveries.push_back(delivery),
                            }
                        }
                        DeliveredTo::Get { .. } => self.found = Some(delivery),
                    }
                }
                Event::ConsumerAdded { consumer, .. } if self.batch_next => {
                    self.batched.push(consumer.clone());
                    self.batch_next = false;
                }
                Event::ConsumerCancelled { consumer, .. } => {
                    self.batched.retain(|known| known != consumer);
                }
                Event::ChannelClosed {
                    channel,
                    end: ChannelEnd::Exception(why),
                } => {
                    closed = Some((Some(*channel), why.clone()));
                }
                Event::ConnectionClosed {
                    end: ConnectionEnd::Exception(why),
                    ..
                } => {
                    closed = Some((None, why.clone()));
                }
                _ => {}
            }
        }
        let Some((channel, why)) = closed else {
            return Ok(());
        };
        if let Some(channel) = channel {
            for queue in [&mut self.deliveries, &mut self.batches] {
                queue.retain(|delivery| delivery.channel != channel.number.0);
            }
            for method in [ClientMethod::ChannelCloseOk, ClientMethod::ChannelOpen] {
                self.step(Command::call(channel, method));
            }
        }
        let text = format!("{} {}", why.code.code(), why.reply_text());
        Err(ApiError::new("broker", text))
    }

    fn step(&mut self, command: Command) {
        self.events.clear();
        self.steps += 1;
        let input = Input {
            at: self.now,
            origin: Origin::Api,
            command,
        };
        self.broker.step(&input, &mut self.events);
    }
}

/// What a method answers, where the answer says something.
fn reply(event: &Event) -> Option<Value> {
    use crate::amqp::protocol::ServerMethod;
    let Event::Replied { method, .. } = event else {
        return None;
    };
    let mut json = json!({ "kind": "reply", "method": method.name() });
    match &**method {
        ServerMethod::QueueDeclareOk {
            queue,
            message_count,
            consumer_count,
        } => {
            json["queue"] = json!(queue.as_str());
            json["messageCount"] = number((*message_count).into());
            json["consumerCount"] = number((*consumer_count).into());
        }
        ServerMethod::QueuePurgeOk { message_count }
        | ServerMethod::QueueDeleteOk { message_count } => {
            json["messageCount"] = number((*message_count).into());
        }
        ServerMethod::BasicConsumeOk { consumer_tag } => {
            json["consumerTag"] = json!(consumer_tag.as_str());
        }
        _ => {}
    }
    Some(json)
}

/// Many deliveries: message n is `bodies[ends[n - 1]..ends[n]]`.
#[wasm_bindgen]
#[derive(Default)]
pub struct Batch {
    tags: Vec<f64>,
    redelivered: Vec<u8>,
    bodies: Vec<u8>,
    ends: Vec<u32>,
}

#[wasm_bindgen]
impl Batch {
    pub fn tags(&self) -> Float64Array {
        Float64Array::from(&self.tags[..])
    }

    pub fn redelivered(&self) -> Uint8Array {
        Uint8Array::from(&self.redelivered[..])
    }

    pub fn bodies(&self) -> Uint8Array {
        Uint8Array::from(&self.bodies[..])
    }

    pub fn ends(&self) -> Uint32Array {
        Uint32Array::from(&self.ends[..])
    }
}
