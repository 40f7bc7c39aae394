//! "Get messages" and "Move messages": which methods they are, and what came of them.

use std::rc::Rc;

use yew::AttrValue;

use crate::amqp::event::DeliveredTo;
use crate::amqp::message::{Content, Message, Properties};
use crate::amqp::protocol::method::BasicPublish;
use crate::amqp::protocol::{ClientMethod, ServerMethod};
use crate::amqp::{DeliveryTag, Event, ExchangeName, MessageId, QueueName, RoutingKey};
use crate::engine::{StepRecord, WorldEvent};
use crate::ui::amqp::forms::{Problem, whole};

/// How many messages one press may get.
pub const MOST: u64 = 1_000;

/// What becomes of a message that was got, in the order the management UI offers it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum GetMode {
    #[default]
    NackRequeue,
    Automatic,
    RejectRequeue,
    RejectDiscard,
    /// It stays unacked in the person's hands: only this playground offers that.
    Hold,
}

impl GetMode {
    /// Every mode, in the order forms offer them.
    pub const ALL: [GetMode; 5] = [
        GetMode::NackRequeue,
        GetMode::Automatic,
        GetMode::RejectRequeue,
        GetMode::RejectDiscard,
        GetMode::Hold,
    ];

    /// The name RabbitMQ's HTTP API has for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            GetMode::NackRequeue => "ack_requeue_true",
            GetMode::Automatic => "ack_requeue_false",
            GetMode::RejectRequeue => "reject_requeue_true",
            GetMode::RejectDiscard => "reject_requeue_false",
            GetMode::Hold => "hold",
        }
    }

    /// The mode of that name; the first when there is none.
    pub fn parse(name: &str) -> GetMode {
        let mut all = GetMode::ALL.into_iter();
        all.find(|mode| mode.as_str() == name).unwrap_or_default()
    }

    /// What settles a message that was got so; nothing where the broker has done it, or the person will.
    fn settle(self, delivery_tag: DeliveryTag) -> Option<ClientMethod> {
        match self {
            GetMode::NackRequeue => Some(ClientMethod::BasicNack {
                delivery_tag,
                multiple: false,
                requeue: true,
            }),
            GetMode::RejectRequeue | GetMode::RejectDiscard => Some(ClientMethod::BasicReject {
                delivery_tag,
                requeue: self == GetMode::RejectRequeue,
            }),
            GetMode::Automatic | GetMode::Hold => None,
        }
    }
}

/// What stands in the form.
#[derive(Clone, Debug, PartialEq)]
pub struct GetForm {
    pub mode: GetMode,
    pub base64: bool,
    pub count: AttrValue,
}

impl Default for GetForm {
    fn default() -> GetForm {
        GetForm {
            mode: GetMode::default(),
            base64: false,
            count: "1".into(),
        }
    }
}

impl GetForm {
    /// How many are asked for.
    pub fn count(&self) -> Result<u64, Problem> {
        whole(&self.count, 1, MOST)
    }

    /// The gets; no more than `ready`, so that only an empty queue is asked in vain.
    pub fn methods(&self, queue: &QueueName, ready: u64) -> Vec<ClientMethod> {
        let count = self.count().unwrap_or(1).min(ready.max(1));
        (0..count).map(|_| get(queue, self.mode)).collect()
    }

    /// What settles what was got. Only once all are here: one that goes back at once would be got again.
    pub fn settles(&self, got: &[Got]) -> Vec<ClientMethod> {
        got.iter()
            .filter_map(|one| self.mode.settle(one.tag))
            .collect()
    }
}

fn get(queue: &QueueName, mode: GetMode) -> ClientMethod {
    ClientMethod::BasicGet {
        queue: queue.clone(),
        no_ack: mode == GetMode::Automatic,
    }
}

/// A message that was got.
#[derive(Clone, Debug, PartialEq)]
pub struct Got {
    pub message: Rc<Message>,
    /// As they were sent: a queue may have added headers.
    pub properties: Rc<Properties>,
    pub redelivered: bool,
    /// How many stayed ready.
    pub remaining: u32,
    pub tag: DeliveryTag,
}

/// What gets brought.
pub fn got(steps: &[StepRecord]) -> Vec<Got> {
    let events = steps.iter().flat_map(|step| step.events.iter());
    events
        .filter_map(|event| match event {
            WorldEvent::Broker(Event::Delivered {
                message,
                tag,
                to: DeliveredTo::Get { remaining },
                redelivered,
                properties,
                ..
            }) => Some(Got {
                message: Rc::clone(message),
                properties: Rc::clone(properties.as_ref().unwrap_or(&message.properties)),
                redelivered: *redelivered,
                remaining: *remaining,
                tag: *tag,
            }),
            _ => None,
        })
        .collect()
}

/// Whether the broker said that there is nothing to get.
pub fn was_empty(steps: &[StepRecord]) -> bool {
    let mut events = steps.iter().flat_map(|step| step.events.iter());
    events.any(|event| {
        matches!(event, WorldEvent::Broker(Event::Replied { method, .. })
            if matches!(**method, ServerMethod::BasicGetEmpty))
    })
}

/// How many messages a purge took.
pub fn purged(steps: &[StepRecord]) -> Option<u32> {
    let mut events = steps.iter().flat_map(|step| step.events.iter());
    events.find_map(|event| match event {
        WorldEvent::Broker(Event::Replied { method, .. }) => match **method {
            ServerMethod::QueuePurgeOk { message_count } => Some(message_count),
            _ => None,
        },
        _ => None,
    })
}

/// How many messages are moved at a time.
pub const MOVED_AT_ONCE: u64 = 500;

/// Gets up to `count` messages of `queue` into the hand, as a shovel with acks on confirm does.
pub fn take(queue: &QueueName, count: u64) -> Vec<ClientMethod> {
    (0..count.min(MOVED_AT_ONCE))
        .map(|_| get(queue, GetMode::Hold))
        .collect()
}

/// Publishes what was got to `destination`, through the default exchange.
pub fn forward(got: &[Got], destination: &str) -> Vec<ClientMethod> {
    let publish = |one: &Got| BasicPublish {
        exchange: ExchangeName::from(""),
        routing_key: RoutingKey::from(destination),
        mandatory: false,
        immediate: false,
        content: Content {
            properties: Rc::clone(&one.properties),
            body: Rc::clone(&one.message.body),
        },
    };
    got.iter()
        .map(|one| ClientMethod::BasicPublish(Box::new(publish(one))))
        .collect()
}

/// Settles what was forwarded: what arrived is acked, what did not goes back. Says how many arrived.
pub fn settle_forwarded(got: &[Got], steps: &[StepRecord]) -> (Vec<ClientMethod>, usize) {
    let mut arrived = 0;
    let mut settles = Vec::with_capacity(got.len());
    for (index, one) in got.iter().enumerate() {
        let delivery_tag = one.tag;
        settles.push(if steps.get(index).is_some_and(reached_a_queue) {
            arrived += 1;
            ClientMethod::BasicAck {
                delivery_tag,
                multiple: false,
            }
        } else {
            ClientMethod::BasicReject {
                delivery_tag,
                requeue: true,
            }
        });
    }
    (settles, arrived)
}

/// Whether what a step published is in a queue, or was there and went on.
fn reached_a_queue(step: &StepRecord) -> bool {
    let events = || {
        step.events.iter().filter_map(|event| match event {
            WorldEvent::Broker(event) => Some(event),
            WorldEvent::Program(_) => None,
        })
    };
    let published: Option<MessageId> = events().find_map(|event| match event {
        Event::Published { message, .. } => Some(message.id),
        _ => None,
    });
    let is_lost = |event: &Event| match event {
        Event::Unroutable { message, .. } | Event::Refused { message, .. } => {
            Some(*message) == published
        }
        _ => false,
    };
    published.is_some() && !events().any(is_lost)
}

/// Standard base64, with padding.
pub fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let mut group = 0u32;
        for index in 0..3 {
            group = group << 8 | u32::from(chunk.get(index).copied().unwrap_or(0));
        }
        for place in 0..4 {
            let sextet = (group >> (18 - 6 * place)) & 63;
            let is_padding = place > chunk.len();
            text.push(if is_padding {
                '='
            } else {
                char::from(LETTERS[sextet as usize])
            });
        }
    }
    text
}

/// The bytes of standard base64; blanks and line breaks in it mean nothing.
pub fn bytes_of_base64(text: &str) -> Option<Vec<u8>> {
    let letters: Vec<u8> = text.bytes().filter(|c| !c.is_ascii_whitespace()).collect();
    if !letters.len().is_multiple_of(4) {
        return None;
    }
    let mut bytes = Vec::with_capacity(letters.len() / 4 * 3);
    let last = letters.len() / 4;
    for (at, chunk) in letters.chunks(4).enumerate() {
        let padding = chunk.iter().rev().take_while(|&&c| c == b'=').count();
        if padding > 2 || (padding > 0 && at + 1 < last) {
            return None;
        }
        let mut group = 0u32;
        for &letter in &chunk[..4 - padding] {
            let sextet = match letter {
                b'A'..=b'Z' => letter - b'A',
                b'a'..=b'z' => letter - b'a' + 26,
                b'0'..=b'9' => letter - b'0' + 52,
                b'+' => 62,
                b'/' => 63,
                _ => return None,
            };
            group = group << 6 | u32::from(sextet);
        }
        group <<= 6 * padding;
        bytes.extend(&group.to_be_bytes()[1..4 - padding]);
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_pads_to_fours() {
        for (bytes, text) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("你好", "5L2g5aW9"),
        ] {
            assert_eq!(base64(bytes.as_bytes()), text);
            assert_eq!(bytes_of_base64(text).as_deref(), Some(bytes.as_bytes()));
        }
        for wrong in ["Zg", "Zg=", "Z===", "Zg==Zg==", "Zm9v!A==", "你好AA"] {
            assert_eq!(bytes_of_base64(wrong), None, "{wrong}");
        }
        assert_eq!(
            bytes_of_base64(" Zm9v\nYg== ").as_deref(),
            Some(&b"foob"[..])
        );
    }

    #[test]
    fn only_as_many_are_asked_for_as_are_there() {
        let form = GetForm {
            count: "10".into(),
            ..GetForm::default()
        };
        let queue = QueueName::from("work");
        assert_eq!(form.methods(&queue, 3).len(), 3);
        assert_eq!(form.methods(&queue, 0).len(), 1);
        assert_eq!(form.methods(&queue, 50).len(), 10);
    }

    #[test]
    fn only_the_automatic_ack_is_asked_of_the_broker() {
        for mode in GetMode::ALL {
            let form = GetForm {
                mode,
                ..GetForm::default()
            };
            let no_ack = match form.methods(&QueueName::from("q"), 1).pop() {
                Some(ClientMethod::BasicGet { no_ack, .. }) => no_ack,
                _ => panic!("a get form gets"),
            };
            assert_eq!(no_ack, mode == GetMode::Automatic);
            assert_eq!(GetMode::parse(mode.as_str()), mode);
        }
    }
}
