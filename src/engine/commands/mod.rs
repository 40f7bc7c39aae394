//! Commands as JSON, for the scripts of a page and for links that carry a run: one reader, one writer.
//!
//! A command is an object whose `method` is AMQP's own name: `{ "method": "queue.declare", "queue": "work" }`. With
//! `by`, a program's name or number, that program's channel is meant, else the person's. What is done to programs is
//! called `program.…`, what an operator does `operator.…`.

mod content;
mod operator;
mod read;
mod write;

pub use content::{properties, text_or_bytes};
pub use read::{read, read_among};
pub use write::write;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::actors::ProgramId;
    use serde_json::Value;

    fn round(text: &str) {
        let json: Value = serde_json::from_str(text).expect("the test writes JSON");
        let named = |name: &str| (name == "shop").then_some(ProgramId(3));
        let command = read(&json, &named).unwrap_or_else(|error| panic!("{text}: {error}"));
        let written = write(&command).expect("what was read can be written");
        let again = read(&written, &named).unwrap_or_else(|error| panic!("{written}: {error}"));
        assert_eq!(command, again, "{text}");
    }

    fn fault(text: &str) -> String {
        let json: Value = serde_json::from_str(text).expect("the test writes JSON");
        match read(&json, &|_| None) {
            Ok(command) => panic!("{text} was read as {command:?}"),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn what_is_read_can_be_written_and_read_again() {
        for text in [
            r#"{ "method": "exchange.declare", "exchange": "orders", "type": "topic", "durable": true }"#,
            r#"{ "method": "exchange.delete", "exchange": "orders", "ifUnused": true }"#,
            r#"{ "method": "exchange.bind", "destination": "a", "source": "b", "routingKey": "k" }"#,
            r#"{ "method": "exchange.unbind", "destination": "a", "source": "b" }"#,
            r#"{ "method": "queue.declare", "queue": "work", "arguments": { "x-message-ttl": 5000 } }"#,
            r#"{ "method": "queue.bind", "queue": "work", "exchange": "orders", "routingKey": "order.*" }"#,
            r#"{ "method": "queue.unbind", "queue": "work", "exchange": "orders" }"#,
            r#"{ "method": "queue.purge", "queue": "work" }"#,
            r#"{ "method": "queue.delete", "queue": "work", "ifEmpty": true }"#,
            r#"{ "method": "basic.publish", "by": "shop", "exchange": "orders", "routingKey": "k", "body": "one",
                 "mandatory": true, "properties": { "deliveryMode": 2, "headers": { "a": 1 }, "replyTo": "r" } }"#,
            r#"{ "method": "basic.publish", "body": [0, 255] }"#,
            r#"{ "method": "basic.get", "queue": "work", "noAck": true }"#,
            r#"{ "method": "basic.consume", "queue": "work", "consumerTag": "c", "exclusive": true }"#,
            r#"{ "method": "basic.cancel", "consumerTag": "c" }"#,
            r#"{ "method": "basic.ack", "by": 3, "deliveryTag": 1, "multiple": true }"#,
            r#"{ "method": "basic.nack", "deliveryTag": 1, "requeue": true }"#,
            r#"{ "method": "basic.reject", "deliveryTag": 1 }"#,
            r#"{ "method": "basic.qos", "prefetchCount": 3, "global": true }"#,
            r#"{ "method": "basic.recover", "requeue": true }"#,
            r#"{ "method": "confirm.select" }"#,
            r#"{ "method": "tx.commit" }"#,
            r#"{ "method": "channel.close" }"#,
            r#"{ "method": "program.add", "name": "p", "script": ["publish logs"], "kind": "producer", "number": 7 }"#,
            r#"{ "method": "program.add", "name": "p", "publish": { "exchange": "a", "when": { "perSecond": 5 } } }"#,
            r#"{ "method": "program.edit", "by": "shop", "name": "p", "script": ["publish logs"] }"#,
            r#"{ "method": "program.fault", "by": "shop", "fault": "slow", "factor": 10 }"#,
            r#"{ "method": "program.fault", "by": "shop", "fault": "hang" }"#,
            r#"{ "method": "program.crash", "by": "shop" }"#,
            r#"{ "method": "session.login", "user": "alice" }"#,
            r#"{ "method": "operator.restart" }"#,
            r#"{ "method": "operator.set_policy", "name": "p", "pattern": "^q", "definition": { "message-ttl": 1 } }"#,
            r#"{ "method": "operator.clear_policy", "name": "p" }"#,
            r#"{ "method": "operator.close_connection", "connection": 4, "reason": "bye" }"#,
            r#"{ "method": "operator.set_memory_alarm", "on": true }"#,
            r#"{ "method": "operator.set_policy", "vhost": "shop", "name": "p", "pattern": "", "definition": { "a": 1 } }"#,
            r#"{ "method": "operator.clear_policy", "vhost": "shop", "name": "p" }"#,
            r#"{ "method": "operator.set_operator_policy", "name": "p", "pattern": "", "definition": { "a": 1 } }"#,
            r#"{ "method": "operator.clear_operator_policy", "vhost": "shop", "name": "p" }"#,
            r#"{ "method": "operator.add_vhost", "vhost": "shop" }"#,
            r#"{ "method": "operator.delete_vhost", "vhost": "/" }"#,
            r#"{ "method": "operator.set_default_queue_type", "vhost": "shop", "type": "quorum" }"#,
            r#"{ "method": "operator.set_default_queue_type", "type": null }"#,
            r#"{ "method": "operator.add_user", "user": "alice", "password": "x", "tags": ["management"] }"#,
            r#"{ "method": "operator.delete_user", "user": "alice" }"#,
            r#"{ "method": "operator.set_permissions", "user": "alice", "vhost": "shop", "configure": "", "read": ".*" }"#,
            r#"{ "method": "operator.clear_permissions", "user": "alice" }"#,
            r#"{ "method": "operator.set_topic_permissions", "user": "alice", "exchange": "x", "write": "^a" }"#,
            r#"{ "method": "operator.clear_topic_permissions", "user": "alice", "vhost": "shop", "exchange": "x" }"#,
            r#"{ "method": "together", "commands": [{ "method": "queue.delete", "queue": "a" },
                 { "method": "program.remove", "by": "shop" }, { "method": "together", "commands": [] }] }"#,
        ] {
            round(text);
        }
    }

    #[test]
    fn a_fault_names_the_field_and_what_to_do() {
        let cases = [
            (
                r#"{ "method": "queue.declair" }"#,
                "At $.method: here should be a method such as queue.declare, basic.publish or program.add, not \
                 \"queue.declair\".",
            ),
            (
                r#"{ "method": "queue.declare", "nmae": "work" }"#,
                "At $.nmae: nothing is called \"nmae\" here; known are: method, by, queue, passive, durable, exclusive, \
                 autoDelete, arguments.",
            ),
            (
                r#"{ "method": "basic.ack", "deliveryTag": "one" }"#,
                "At $.deliveryTag: here should be a whole number from 0 to 9007199254740991, not \"one\".",
            ),
            (
                r#"{ "method": "basic.ack", "by": "nobody", "deliveryTag": 1 }"#,
                "At $.by: here should be a program of this playground, by its name or number, not \"nobody\".",
            ),
        ];
        for (text, expected) in cases {
            assert_eq!(fault(text), expected);
        }
    }
}
