//! lapin, a client that others wrote for RabbitMQ: what its users do every day.

use futures_lite::StreamExt;
use lapin::options::{
    BasicAckOptions, BasicConsumeOptions, BasicGetOptions, BasicNackOptions, BasicPublishOptions,
    BasicQosOptions, ConfirmSelectOptions, ExchangeDeclareOptions, QueueBindOptions,
    QueueDeclareOptions,
};
use lapin::types::{AMQPValue, FieldTable, LongString};
use lapin::{
    BasicProperties, Channel, Confirmation, Connection, ConnectionProperties, Consumer,
    ExchangeKind,
};

use crate::program::{PATIENCE, Program};

/// Runs a conversation with a program of its own.
pub fn converse(program: &Program, conversation: impl AsyncFnOnce(Connection)) {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .expect("a runtime");
    let address = format!("amqp://guest:guest@127.0.0.1:{}/%2f", program.port);
    runtime.block_on(async {
        let all = async {
            let connection = Connection::connect(&address, ConnectionProperties::default()).await;
            conversation(connection.expect("it connects")).await;
        };
        let ended = tokio::time::timeout(PATIENCE, all).await;
        ended.expect("the conversation ends");
    });
}

async fn declare(channel: &Channel, name: &str, arguments: FieldTable) {
    let declared = channel.queue_declare(name.into(), QueueDeclareOptions::default(), arguments);
    declared.await.expect("declared");
}

pub async fn publish(channel: &Channel, exchange: &str, key: &str, body: &[u8]) -> Confirmation {
    let (options, properties) = (BasicPublishOptions::default(), BasicProperties::default());
    let sent = channel.basic_publish(exchange.into(), key.into(), options, body, properties);
    sent.await.expect("sent").await.expect("settled")
}

async fn consume(channel: &Channel, queue: &str) -> Consumer {
    let (options, none) = (BasicConsumeOptions::default(), FieldTable::default());
    let consumer = channel.basic_consume(queue.into(), "".into(), options, none);
    consumer.await.expect("consuming")
}

/// Declares a queue, puts a message in and takes it out again.
pub async fn works_for(connection: &Connection, queue: &str) {
    let channel = connection.create_channel().await.expect("a channel");
    declare(&channel, queue, FieldTable::default()).await;
    publish(&channel, "", queue, b"hello").await;
    let got = channel.basic_get(queue.into(), BasicGetOptions::default());
    let got = got.await.expect("answered").expect("a message");
    assert_eq!(got.delivery.data, b"hello");
    let acked = got.delivery.ack(BasicAckOptions::default());
    acked.await.expect("acknowledged");
}

#[test]
fn lapin_publishes_with_confirms_and_consumes_with_acks() {
    converse(&Program::start(), async |connection: Connection| {
        let channel = connection.create_channel().await.expect("a channel");
        let confirms = channel.confirm_select(ConfirmSelectOptions::default());
        confirms.await.expect("confirms");
        let qos = channel.basic_qos(2, BasicQosOptions::default());
        qos.await.expect("a prefetch");
        declare(&channel, "work", FieldTable::default()).await;
        let mut consumer = consume(&channel, "work").await;
        for number in 0..10u8 {
            let confirmation = publish(&channel, "", "work", &[number]).await;
            assert_eq!(confirmation, Confirmation::Ack(None));
        }
        for number in 0..10u8 {
            let delivery = consumer.next().await.expect("a delivery").expect("whole");
            assert_eq!(delivery.data, [number]);
            assert!(!delivery.redelivered);
            delivery
                .ack(BasicAckOptions::default())
                .await
                .expect("acknowledged");
        }
        // 200,000 octets need two frames, both ways.
        let large = vec![b'x'; 200_000];
        publish(&channel, "", "work", &large).await;
        let delivery = consumer.next().await.expect("a delivery").expect("whole");
        assert_eq!(delivery.data, large);
    });
}

#[test]
fn lapin_sees_redelivery_dead_letters_and_their_history() {
    converse(&Program::start(), async |connection: Connection| {
        let channel = connection.create_channel().await.expect("a channel");
        let mut dead = FieldTable::default();
        let text = |text: &str| AMQPValue::LongString(LongString::from(text));
        dead.insert("x-dead-letter-exchange".into(), text(""));
        dead.insert("x-dead-letter-routing-key".into(), text("graveyard"));
        declare(&channel, "work", dead).await;
        declare(&channel, "graveyard", FieldTable::default()).await;
        publish(&channel, "", "work", b"fragile").await;
        let mut consumer = consume(&channel, "work").await;
        for requeue in [true, false] {
            let delivery = consumer.next().await.expect("a delivery").expect("whole");
            assert_eq!(delivery.redelivered, !requeue);
            let nack = BasicNackOptions {
                requeue,
                ..BasicNackOptions::default()
            };
            delivery.nack(nack).await.expect("settled");
        }
        let mut graveyard = consume(&channel, "graveyard").await;
        let delivery = graveyard.next().await.expect("a delivery").expect("whole");
        let headers = delivery.properties.headers().clone().expect("headers");
        let Some(AMQPValue::FieldArray(deaths)) = headers.inner().get("x-death") else {
            panic!("no x-death in {headers:?}");
        };
        assert_eq!(deaths.as_slice().len(), 1);
        assert_eq!(
            headers.inner().get("x-first-death-reason"),
            Some(&text("rejected"))
        );
    });
}

#[test]
fn lapin_routes_by_topic_and_gets_back_what_nobody_takes() {
    converse(&Program::start(), async |connection: Connection| {
        let channel = connection.create_channel().await.expect("a channel");
        let confirms = channel.confirm_select(ConfirmSelectOptions::default());
        confirms.await.expect("confirms");
        let options = ExchangeDeclareOptions::default();
        let declared = channel.exchange_declare(
            "news".into(),
            ExchangeKind::Topic,
            options,
            FieldTable::default(),
        );
        declared.await.expect("declared");
        declare(&channel, "sport", FieldTable::default()).await;
        let bound = channel.queue_bind(
            "sport".into(),
            "news".into(),
            "sport.#".into(),
            QueueBindOptions::default(),
            FieldTable::default(),
        );
        bound.await.expect("bound");
        assert_eq!(
            publish(&channel, "news", "sport.ski", b"1").await,
            Confirmation::Ack(None)
        );
        let mandatory = BasicPublishOptions {
            mandatory: true,
            ..BasicPublishOptions::default()
        };
        let lost = channel.basic_publish(
            "news".into(),
            "weather".into(),
            mandatory,
            b"2",
            BasicProperties::default(),
        );
        let confirmation = lost.await.expect("sent").await.expect("settled");
        let Confirmation::Ack(Some(returned)) = confirmation else {
            panic!("it was not returned: {confirmation:?}");
        };
        assert_eq!(returned.reply_text.as_str(), "NO_ROUTE");
        assert_eq!(returned.delivery.data, b"2");
    });
}

#[test]
fn lapin_is_told_why_its_channel_was_closed_and_goes_on_with_another() {
    converse(&Program::start(), async |connection: Connection| {
        let channel = connection.create_channel().await.expect("a channel");
        let got = channel.basic_get("nowhere".into(), BasicGetOptions::default());
        let error = got.await.expect_err("there is no such queue").to_string();
        assert!(error.contains("no queue 'nowhere' in vhost '/'"), "{error}");
        works_for(&connection, "q").await;
    });
}
