//! Our codec against `amq-protocol`, which shares nothing with it: what one writes the other reads, and writes again
//! octet by octet.

use amq_protocol::frame::{AMQPFrame, WriteContext, gen_frame, parse_frame};
use amq_protocol::protocol::{AMQPClass, basic, exchange, queue};
use amq_protocol::types::FieldTable;
use mq_playground::amqp::protocol::method::{BasicConsume, ExchangeDeclare, QueueDeclare};
use mq_playground::amqp::protocol::{ClientMethod, MethodId, ServerMethod};
use mq_playground::amqp::{Properties, ShortString, Table, Value};
use mq_playground::machine::Rng;
use mq_playground::wire::encode::{
    self, CloseReason, Payload, ServerConnectionMethod, ServerContentMethod, ServerNotice,
};
use mq_playground::wire::method::{Method, decode};
use mq_playground::wire::{properties, table};

/// Reads every frame as the other codec does, and writes it again.
fn again(octets: &[u8]) -> Vec<u8> {
    let mut rest = octets;
    let mut out = Vec::new();
    while !rest.is_empty() {
        let (left, frame) = parse_frame(rest).expect("the other codec can read it");
        out.extend(written(&frame));
        rest = left;
    }
    out
}

fn written(frame: &AMQPFrame) -> Vec<u8> {
    let context = WriteContext::from(Vec::new());
    gen_frame(frame)(context)
        .expect("the other codec can write it")
        .into_inner()
        .0
}

/// Checks what `write` appends.
fn check(write: impl FnOnce(&mut Vec<u8>)) {
    let mut octets = Vec::new();
    write(&mut octets);
    assert_eq!(again(&octets), octets);
}

fn text(rng: &mut Rng) -> String {
    (0..rng.below(12))
        .map(|_| char::from(b'a' + rng.below(26) as u8))
        .collect()
}

/// A table with its keys in order and once, since the other codec keeps tables sorted.
fn random_table(rng: &mut Rng, depth: u32) -> Table {
    let mut table = Table::new();
    for key in 0..rng.below(6) {
        let value = random_value(rng, depth);
        table
            .0
            .push((ShortString::from(format!("{key}{}", text(rng))), value));
    }
    table
}

fn random_value(rng: &mut Rng, depth: u32) -> Value {
    let n = rng.next_u64();
    match rng.below(if depth == 0 { 15 } else { 17 }) {
        0 => Value::LongString(text(rng).into_bytes().into()),
        1 => Value::I32(n as i32),
        2 => Value::U32(n as u32),
        3 => Value::Decimal(n as u8, (n >> 8) as u32),
        4 => Value::Timestamp(n),
        5 => Value::I8(n as i8),
        6 => Value::U8(n as u8),
        7 => Value::I16(n as i16),
        8 => Value::U16(n as u16),
        9 => Value::I64(n as i64),
        10 => Value::Bool(n & 1 == 1),
        11 => Value::F32(n as f32),
        12 => Value::F64(n as f64),
        13 => Value::Bytes(text(rng).into_bytes().into()),
        14 => Value::Void,
        15 => Value::Table(random_table(rng, depth - 1)),
        _ => Value::Array(
            (0..rng.below(4))
                .map(|_| random_value(rng, depth - 1))
                .collect(),
        ),
    }
}

fn random_properties(rng: &mut Rng) -> Properties {
    let mut short = || (rng.below(2) == 0).then(|| ShortString::from(text(rng)));
    Properties {
        content_type: short(),
        content_encoding: short(),
        correlation_id: short(),
        reply_to: short(),
        expiration: short(),
        message_id: short(),
        kind: short(),
        user_id: short(),
        app_id: short(),
        cluster_id: short(),
        headers: (rng.below(2) == 0).then(|| random_table(rng, 2)),
        delivery_mode: (rng.below(2) == 0).then(|| rng.below(3) as u8),
        priority: (rng.below(2) == 0).then(|| rng.below(256) as u8),
        timestamp: (rng.below(2) == 0).then(|| rng.next_u64()),
    }
}

/// Semantics 2.14, 2.15.
#[test]
fn messages_with_any_properties_are_read_as_they_were_written() {
    let mut rng = Rng::new(1);
    for _ in 0..500 {
        let properties = random_properties(&mut rng);
        let mut octets = Vec::new();
        properties::encode(&properties, &mut octets);
        assert_eq!(properties::decode(&octets), Ok(properties.clone()));
        let body = vec![b'x'; rng.below(10_000) as usize];
        let payload = Payload {
            exchange: "x",
            routing_key: b"k",
            properties: &properties,
            body: &body,
        };
        let (delivery_tag, redelivered) = (rng.next_u64(), rng.below(2) == 0);
        let methods = [
            ServerContentMethod::Deliver {
                consumer_tag: "c",
                delivery_tag,
                redelivered,
            },
            ServerContentMethod::GetOk {
                delivery_tag,
                redelivered,
                message_count: 7,
            },
            ServerContentMethod::Return,
        ];
        for method in methods {
            check(|out| encode::content(9, &method, payload, 4096, out));
        }
    }
}

fn reason() -> CloseReason {
    CloseReason {
        code: 406,
        text: "PRECONDITION_FAILED - é".to_string(),
        method: MethodId {
            class: 50,
            method: 10,
        },
    }
}

#[test]
fn what_the_server_says_of_a_connection_is_read_as_it_was_written() {
    for method in [
        ServerConnectionMethod::Start {
            server_properties: Table::new()
                .with("product", "RabbitMQ")
                .with("version", "4.0.5"),
            mechanisms: "PLAIN",
        },
        ServerConnectionMethod::Tune {
            channel_max: 2047,
            frame_max: 131_072,
            heartbeat: 60,
        },
        ServerConnectionMethod::OpenOk,
        ServerConnectionMethod::Close(reason()),
        ServerConnectionMethod::CloseOk,
        ServerConnectionMethod::Blocked {
            reason: "low on memory",
        },
        ServerConnectionMethod::Unblocked,
        ServerConnectionMethod::UpdateSecretOk,
    ] {
        check(|out| encode::connection_method(&method, out));
    }
    check(encode::heartbeat);
}

#[test]
fn what_the_server_says_on_a_channel_is_read_as_it_was_written() {
    let (queue, consumer_tag) = ("q".into(), "c".into());
    for method in [
        ServerMethod::ChannelOpenOk,
        ServerMethod::ChannelFlowOk { active: true },
        ServerMethod::ChannelCloseOk,
        ServerMethod::AccessRequestOk,
        ServerMethod::ExchangeDeclareOk,
        ServerMethod::ExchangeDeleteOk,
        ServerMethod::ExchangeBindOk,
        ServerMethod::ExchangeUnbindOk,
        ServerMethod::QueueDeclareOk {
            queue,
            message_count: 3,
            consumer_count: 70_000,
        },
        ServerMethod::QueueBindOk,
        ServerMethod::QueueUnbindOk,
        ServerMethod::QueuePurgeOk { message_count: 1 },
        ServerMethod::QueueDeleteOk { message_count: 2 },
        ServerMethod::BasicQosOk,
        ServerMethod::BasicConsumeOk { consumer_tag },
        ServerMethod::BasicCancelOk {
            consumer_tag: "d".into(),
        },
        ServerMethod::BasicGetEmpty,
        ServerMethod::BasicRecoverOk,
        ServerMethod::ConfirmSelectOk,
        ServerMethod::TxSelectOk,
        ServerMethod::TxCommitOk,
        ServerMethod::TxRollbackOk,
    ] {
        check(|out| encode::server_method(4, &method, out));
    }
    for notice in [
        ServerNotice::ChannelClose(reason()),
        ServerNotice::BasicCancel { consumer_tag: "c" },
        ServerNotice::BasicAck {
            delivery_tag: 1 << 40,
            multiple: true,
        },
        ServerNotice::BasicNack {
            delivery_tag: 2,
            multiple: false,
        },
    ] {
        check(|out| encode::notice(4, &notice, out));
    }
}

/// The same table, as the other codec reads it.
fn theirs(ours: &Table) -> FieldTable {
    let mut octets = Vec::new();
    table::encode(ours, &mut octets);
    let (rest, table) = amq_protocol::types::parsing::parse_field_table(&octets[..])
        .expect("the other codec can read it");
    assert!(rest.is_empty());
    table
}

/// What we read of a method that the other codec wrote.
fn read(class: AMQPClass) -> ClientMethod {
    let octets = written(&AMQPFrame::Method(1, class));
    let id = |at: usize| u16::from_be_bytes([octets[at], octets[at + 1]]);
    let (class, method) = (id(7), id(9));
    let fields = &octets[11..octets.len() - 1];
    match decode(MethodId { class, method }, fields) {
        Ok(Method::Call(call)) => call,
        other => panic!("{other:?}"),
    }
}

/// Semantics 2.2.
#[test]
fn declares_that_another_codec_wrote_are_understood() {
    let mut rng = Rng::new(2);
    for _ in 0..300 {
        let arguments = random_table(&mut rng, 3);
        let mut name = || text(&mut rng);
        let (a, b) = (name(), name());
        let mut bit = || rng.below(2) == 0;
        let (passive, durable, exclusive, auto_delete, nowait) =
            (bit(), bit(), bit(), bit(), bit());
        let declare = queue::Declare {
            queue: a.as_str().into(),
            passive,
            durable,
            exclusive,
            auto_delete,
            nowait,
            arguments: theirs(&arguments),
        };
        let expected = QueueDeclare {
            queue: a.as_str().into(),
            passive,
            durable,
            exclusive,
            auto_delete,
            nowait,
            arguments: arguments.clone(),
        };
        let read_declare = read(AMQPClass::Queue(queue::AMQPMethod::Declare(declare)));
        assert_eq!(read_declare, ClientMethod::QueueDeclare(expected));
        let declare = exchange::Declare {
            exchange: a.as_str().into(),
            kind: b.as_str().into(),
            passive,
            durable,
            auto_delete,
            internal: exclusive,
            nowait,
            arguments: theirs(&arguments),
        };
        let expected = ExchangeDeclare {
            exchange: a.as_str().into(),
            kind: b.clone(),
            passive,
            durable,
            auto_delete,
            internal: exclusive,
            nowait,
            arguments: arguments.clone(),
        };
        let read_declare = read(AMQPClass::Exchange(exchange::AMQPMethod::Declare(declare)));
        assert_eq!(read_declare, ClientMethod::ExchangeDeclare(expected));
    }
}

#[test]
fn a_consume_that_another_codec_wrote_is_understood() {
    let mut rng = Rng::new(3);
    for _ in 0..300 {
        let arguments = random_table(&mut rng, 3);
        let (a, b) = (text(&mut rng), text(&mut rng));
        let mut bit = || rng.below(2) == 0;
        let (passive, durable, exclusive, nowait) = (bit(), bit(), bit(), bit());
        let consume = basic::Consume {
            queue: a.as_str().into(),
            consumer_tag: b.as_str().into(),
            no_local: passive,
            no_ack: durable,
            exclusive,
            nowait,
            arguments: theirs(&arguments),
        };
        let expected = BasicConsume {
            queue: a.as_str().into(),
            consumer_tag: b.as_str().into(),
            no_local: passive,
            no_ack: durable,
            exclusive,
            nowait,
            arguments: arguments.clone(),
        };
        let read_consume = read(AMQPClass::Basic(basic::AMQPMethod::Consume(consume)));
        assert_eq!(read_consume, ClientMethod::BasicConsume(expected));
    }
}
