//! What a client is shown to send is what the server reads, and every frame can be taken apart by the names of its
//! fields.

use mq_playground::amqp::protocol::method::{
    BasicConsume, BasicPublish, ExchangeDeclare, QueueDeclare,
};
use mq_playground::amqp::protocol::{ClientMethod, MethodId};
use mq_playground::amqp::{Content, DeliveryTag, Table};
use mq_playground::wire::fields::{self, Shown};
use mq_playground::wire::frame::Splitter;
use mq_playground::wire::method::{self, Method};
use mq_playground::wire::{client, limits};

fn arguments() -> Table {
    Table::new()
        .with("x-message-ttl", 5000)
        .with("x-name", "dlx")
        .with("x-on", true)
}

/// One of every method, its bits unlike each other.
fn methods() -> Vec<ClientMethod> {
    [of_channels(), of_exchanges(), of_queues(), of_basic()].concat()
}

fn of_channels() -> Vec<ClientMethod> {
    vec![
        ClientMethod::ChannelOpen,
        ClientMethod::ChannelFlow { active: true },
        ClientMethod::ChannelFlowOk,
        ClientMethod::ChannelClose {
            code: 200,
            text: "Normal shutdown".to_string(),
        },
        ClientMethod::ChannelCloseOk,
        ClientMethod::AccessRequest,
        ClientMethod::ConfirmSelect { nowait: true },
        ClientMethod::TxSelect,
        ClientMethod::TxCommit,
        ClientMethod::TxRollback,
    ]
}

fn of_exchanges() -> Vec<ClientMethod> {
    vec![
        ClientMethod::ExchangeDeclare(ExchangeDeclare {
            exchange: "logs".into(),
            kind: "fanout".to_string(),
            durable: true,
            internal: true,
            arguments: arguments(),
            ..ExchangeDeclare::default()
        }),
        ClientMethod::ExchangeDelete {
            exchange: "logs".into(),
            if_unused: false,
            nowait: true,
        },
        ClientMethod::ExchangeBind {
            destination: "a".into(),
            source: "b".into(),
            routing_key: "k".into(),
            nowait: true,
            arguments: arguments(),
        },
        ClientMethod::ExchangeUnbind {
            destination: "a".into(),
            source: "b".into(),
            routing_key: "k".into(),
            nowait: false,
            arguments: Table::new(),
        },
    ]
}

fn of_queues() -> Vec<ClientMethod> {
    vec![
        ClientMethod::QueueDeclare(QueueDeclare {
            queue: "订单".into(),
            passive: true,
            exclusive: true,
            nowait: true,
            arguments: arguments(),
            ..QueueDeclare::default()
        }),
        ClientMethod::QueueBind {
            queue: "q".into(),
            exchange: "e".into(),
            routing_key: "k".into(),
            nowait: false,
            arguments: arguments(),
        },
        ClientMethod::QueueUnbind {
            queue: "q".into(),
            exchange: "e".into(),
            routing_key: "k".into(),
            arguments: arguments(),
        },
        ClientMethod::QueuePurge {
            queue: "q".into(),
            nowait: true,
        },
        ClientMethod::QueueDelete {
            queue: "q".into(),
            if_unused: false,
            if_empty: true,
            nowait: false,
        },
    ]
}

fn of_basic() -> Vec<ClientMethod> {
    let tag = DeliveryTag(1 << 40);
    vec![
        ClientMethod::BasicQos {
            prefetch_size: 0,
            prefetch_count: 20,
            global: true,
        },
        ClientMethod::BasicConsume(BasicConsume {
            queue: "q".into(),
            consumer_tag: "c1".into(),
            no_ack: true,
            nowait: true,
            arguments: arguments(),
            ..BasicConsume::default()
        }),
        ClientMethod::BasicCancel {
            consumer_tag: "c1".into(),
            nowait: true,
        },
        ClientMethod::BasicCancelOk {
            consumer_tag: "c1".into(),
        },
        ClientMethod::BasicGet {
            queue: "q".into(),
            no_ack: true,
        },
        ClientMethod::BasicAck {
            delivery_tag: tag,
            multiple: true,
        },
        ClientMethod::BasicNack {
            delivery_tag: tag,
            multiple: false,
            requeue: true,
        },
        ClientMethod::BasicReject {
            delivery_tag: tag,
            requeue: true,
        },
        ClientMethod::BasicRecover { requeue: true },
        ClientMethod::BasicRecoverAsync { requeue: false },
    ]
}

#[test]
fn what_a_client_sends_is_what_the_server_reads() {
    for sent in methods() {
        let mut octets = Vec::new();
        client::call(7, &sent, limits::FRAME_MAX, &mut octets);
        let payload = &octets[7..octets.len() - 1];
        let id = MethodId {
            class: u16::from_be_bytes([payload[0], payload[1]]),
            method: u16::from_be_bytes([payload[2], payload[3]]),
        };
        assert_eq!(id, sent.id());
        assert_eq!(
            method::decode(id, &payload[4..]),
            Ok(Method::Call(sent.clone()))
        );
        let Some((7, Shown::Method { name, .. })) = fields::show(&octets) else {
            panic!("{} cannot be shown", sent.name());
        };
        assert_eq!(name, sent.name());
    }
}

#[test]
fn a_publish_is_a_method_a_header_and_bodies_of_at_most_frame_max() {
    let publish = ClientMethod::BasicPublish(Box::new(BasicPublish {
        exchange: "logs".into(),
        routing_key: "k".into(),
        mandatory: true,
        immediate: false,
        content: Content::text(&"x".repeat(5000)),
    }));
    let mut octets = Vec::new();
    client::call(3, &publish, 4096, &mut octets);
    let mut splitter = Splitter::default();
    splitter.push(&octets);
    let mut sizes = Vec::new();
    while let Ok(Some(frame)) = splitter.next_frame(4096) {
        sizes.push((frame.kind, frame.payload.len()));
    }
    assert!(splitter.is_empty());
    assert_eq!(sizes.len(), 4);
    assert_eq!((sizes[0].0, sizes[1].0), (1, 2));
    assert_eq!(sizes[2..], [(3, 4088), (3, 912)]);
}

#[test]
fn no_octets_make_the_reader_of_frames_panic() {
    let mut octets = Vec::new();
    for sent in methods() {
        octets.clear();
        client::call(1, &sent, limits::FRAME_MAX, &mut octets);
        for cut in 0..octets.len() {
            fields::show(&octets[..cut]);
            let mut broken = octets.clone();
            broken[cut] ^= 0xFF;
            fields::show(&broken);
        }
    }
}
