//! The frames that clients see, step by step, as the page shows them.

use expect_test::{Expect, expect};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use mq_playground::amqp::command::Permissions;
use mq_playground::amqp::protocol::ClientMethod;
use mq_playground::amqp::protocol::method::{BasicPublish, QueueDeclare};
use mq_playground::amqp::{Command, Config, Content, OperatorCommand, Value};
use mq_playground::engine::{Engine, WorldCommand};
use mq_playground::machine::Origin;
use mq_playground::scenario::{Scenario, catalog};
use mq_playground::wire::fields::{self, Shown};
use mq_playground::wire::trace::{Direction, Frame};

/// `<` to the client, `>` to the broker; connection.channel, and what the frame says.
fn line(frame: &Frame) -> String {
    let arrow = match frame.direction {
        Direction::ToBroker => '>',
        Direction::ToClient => '<',
    };
    let (channel, shown) = fields::show(&frame.octets).expect("whole frames only");
    let says = match shown {
        Shown::ProtocolHeader => "protocol header".to_string(),
        Shown::Method {
            id,
            name,
            arguments,
        } => {
            format!("{name} ({},{}){}", id.class, id.method, list(&arguments))
        }
        Shown::Header {
            class,
            body_size,
            properties,
        } => format!(
            "header of class {class}: {body_size} bytes{}",
            list(&properties)
        ),
        Shown::Body => {
            let body = &frame.octets[7..frame.octets.len() - 1];
            format!("body {:?}", String::from_utf8_lossy(body))
        }
        Shown::Heartbeat => "heartbeat".to_string(),
    };
    format!("{arrow} {}.{channel} {says}\n", frame.connection.0)
}

fn list(fields: &[(&str, Value)]) -> String {
    fields
        .iter()
        .filter(|(name, _)| *name != "server-properties")
        .map(|(name, value)| format!(" {name}={}", fields::text(value)))
        .collect()
}

fn frames(engine: &Engine, from: usize) -> String {
    let mut text = String::new();
    for (index, _, frames) in engine.frames(from..usize::MAX) {
        if !frames.is_empty() {
            text += &format!("step {index}\n");
        }
        for frame in &frames {
            text += &line(frame);
        }
    }
    text
}

fn check(engine: &Engine, from: usize, expected: Expect) {
    expected.assert_eq(&frames(engine, from));
}

fn you(engine: &mut Engine, method: ClientMethod) {
    engine.submit_you(method);
    engine.advance(0.0);
}

fn operate(engine: &mut Engine, command: OperatorCommand) {
    let command = WorldCommand::Broker(Command::Operator(command));
    engine.submit(Origin::User, command);
    engine.advance(0.0);
}

fn declare(queue: &str) -> ClientMethod {
    ClientMethod::QueueDeclare(QueueDeclare {
        queue: queue.into(),
        ..QueueDeclare::default()
    })
}

fn publish(key: &str, body: &str) -> ClientMethod {
    ClientMethod::BasicPublish(Box::new(BasicPublish {
        exchange: "".into(),
        routing_key: key.into(),
        mandatory: true,
        immediate: false,
        content: Content::text(body),
    }))
}

#[test]
fn the_first_thing_a_person_does_begins_with_the_handshake() {
    let mut engine = Engine::new(Config::default());
    you(&mut engine, declare("work"));
    check(
        &engine,
        0,
        expect![[r#"
        step 0
        > 0.0 protocol header
        < 0.0 connection.start (10,10) version-major=0 version-minor=9 mechanisms="PLAIN AMQPLAIN ANONYMOUS" locales="en_US"
        > 0.0 connection.start-ok (10,11) client-properties={capabilities={consumer_cancel_notify=true connection.blocked=true authentication_failure_close=true publisher_confirms=true basic.nack=true} connection_name="you"} mechanism="PLAIN" response="\0guest\0***" locale="en_US"
        < 0.0 connection.tune (10,30) channel-max=2047 frame-max=131072 heartbeat=60
        > 0.0 connection.tune-ok (10,31) channel-max=2047 frame-max=131072 heartbeat=60
        > 0.0 connection.open (10,40) virtual-host="/"
        < 0.0 connection.open-ok (10,41)
        > 0.1 channel.open (20,10)
        < 0.1 channel.open-ok (20,11)
        > 0.1 queue.declare (50,10) queue="work" passive=false durable=false exclusive=false auto-delete=false no-wait=false arguments={}
        < 0.1 queue.declare-ok (50,11) queue="work" message-count=0 consumer-count=0
    "#]],
    );
}

#[test]
fn confirms_returns_gets_and_acks_are_frames() {
    let mut engine = Engine::new(Config::default());
    you(&mut engine, declare("work"));
    you(&mut engine, ClientMethod::ConfirmSelect { nowait: false });
    you(&mut engine, publish("work", "one"));
    you(&mut engine, publish("nowhere", "two"));
    you(
        &mut engine,
        ClientMethod::BasicGet {
            queue: "work".into(),
            no_ack: false,
        },
    );
    you(
        &mut engine,
        ClientMethod::BasicAck {
            delivery_tag: mq_playground::amqp::DeliveryTag(1),
            multiple: false,
        },
    );
    check(
        &engine,
        1,
        expect![[r#"
        step 1
        > 0.1 confirm.select (85,10) nowait=false
        < 0.1 confirm.select-ok (85,11)
        step 2
        > 0.1 basic.publish (60,40) exchange="" routing-key="work" mandatory=true immediate=false
        > 0.1 header of class 60: 3 bytes
        > 0.1 body "one"
        < 0.1 basic.ack (60,80) delivery-tag=1 multiple=false
        step 3
        > 0.1 basic.publish (60,40) exchange="" routing-key="nowhere" mandatory=true immediate=false
        > 0.1 header of class 60: 3 bytes
        > 0.1 body "two"
        < 0.1 basic.return (60,50) reply-code=312 reply-text="NO_ROUTE" exchange="" routing-key="nowhere"
        < 0.1 header of class 60: 3 bytes
        < 0.1 body "two"
        < 0.1 basic.ack (60,80) delivery-tag=2 multiple=false
        step 4
        > 0.1 basic.get (60,70) queue="work" no-ack=false
        < 0.1 basic.get-ok (60,71) delivery-tag=1 redelivered=false exchange="" routing-key="work" message-count=0
        < 0.1 header of class 60: 3 bytes
        < 0.1 body "one"
        step 5
        > 0.1 basic.ack (60,80) delivery-tag=1 multiple=false
    "#]],
    );
}

#[test]
fn a_refusal_closes_the_channel_and_the_client_answers() {
    let mut engine = Engine::new(Config::default());
    you(&mut engine, declare("work"));
    let permissions = Permissions {
        configure: String::new(),
        write: ".*".to_string(),
        read: ".*".to_string(),
    };
    operate(
        &mut engine,
        OperatorCommand::SetPermissions {
            user: "guest".into(),
            vhost: "/".into(),
            permissions,
        },
    );
    you(&mut engine, declare("other"));
    check(
        &engine,
        1,
        expect![[r#"
        step 2
        > 0.1 queue.declare (50,10) queue="other" passive=false durable=false exclusive=false auto-delete=false no-wait=false arguments={}
        < 0.1 channel.close (20,40) reply-code=403 reply-text="ACCESS_REFUSED - configure access to queue 'other' in vhost '/' refused for user 'guest'" class-id=50 method-id=10
        > 0.1 channel.close-ok (20,41)
    "#]],
    );
}

#[test]
fn an_alarm_blocks_who_publishes_and_a_restart_closes_connections() {
    let mut engine = Engine::new(Config::default());
    you(&mut engine, declare("work"));
    operate(&mut engine, OperatorCommand::SetMemoryAlarm { on: true });
    you(&mut engine, publish("work", "one"));
    operate(&mut engine, OperatorCommand::SetMemoryAlarm { on: false });
    operate(&mut engine, OperatorCommand::Restart);
    check(
        &engine,
        1,
        expect![[r#"
        step 2
        > 0.1 basic.publish (60,40) exchange="" routing-key="work" mandatory=true immediate=false
        > 0.1 header of class 60: 3 bytes
        > 0.1 body "one"
        < 0.0 connection.blocked (10,60) reason="low on memory"
        step 3
        < 0.0 connection.unblocked (10,61)
        step 4
        < 0.0 connection.close (10,50) reply-code=320 reply-text="CONNECTION_FORCED - broker forced connection closure with reason 'shutdown'" class-id=0 method-id=0
        > 0.0 connection.close-ok (10,51)
    "#]],
    );
}

#[test]
fn the_frames_of_a_scenario_can_be_looked_at_from_any_step() {
    let scenario = Scenario::parse(catalog::CATALOG[0].json()).expect("a built-in scenario");
    let mut engine = Engine::load(&scenario).expect("it can be set up");
    engine.play();
    for _ in 0..1000 {
        engine.advance(16.0);
    }
    let all = engine.frames(0..usize::MAX);
    assert!(all.iter().any(|(_, _, frames)| !frames.is_empty()));
    for (index, at, frames) in &all {
        let alone = engine.frames(*index..index + 1);
        assert_eq!(alone, [(*index, *at, frames.clone())], "step {index}");
    }
}
