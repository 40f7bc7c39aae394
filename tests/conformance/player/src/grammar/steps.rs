//! One step of a program: a method with arguments as its family likes them.

use serde_json::{Map, Value, json};

use super::{Family, Writer};

/// The kinds of steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Op {
    DeclareExchange,
    DeleteExchange,
    BindExchange,
    UnbindExchange,
    DeclareQueue,
    DeleteQueue,
    Purge,
    Bind,
    Unbind,
    Publish,
    Consume,
    Cancel,
    Get,
    Ack,
    Nack,
    Reject,
    Recover,
    Qos,
    Confirm,
    TxSelect,
    TxCommit,
    TxRollback,
    CloseChannel,
    Drop,
}

pub const EXCHANGES: &[(&str, u64)] = &[("x0", 55), ("x1", 30), ("x2", 15)];
pub const QUEUES: &[(&str, u64)] = &[("q0", 60), ("q1", 27), ("q2", 13)];
const KEYS: &[&str] = &[
    "a", "b", "a.b", "b.c", "a.b.c", "c.a.b", "a..b", "a.", ".", "",
];
const PATTERNS: &[&str] = &[
    "", "#", "*", "a", "*.*", "a.*", "a.#", "*.#", "#.*", "#.#", "#.c", "*.b.*", "#.b.#", "a.#.c",
    "a.*.#.c", "a..",
];
const DEAD_LETTER_EXCHANGES: &[&str] = &["x0", "x1", "", "missing", "amq.fanout"];
/// Arguments of queues, to be given wrong values.
const QUEUE_ARGUMENTS: &[&str] = &[
    "x-message-ttl",
    "x-expires",
    "x-max-length",
    "x-max-length-bytes",
    "x-max-priority",
    "x-overflow",
    "x-dead-letter-exchange",
    "x-dead-letter-routing-key",
    "x-single-active-consumer",
    "x-queue-type",
    "x-queue-mode",
];

impl Writer {
    pub(super) fn write(&mut self, op: Op) {
        match op {
            Op::DeclareExchange => {
                let name = self.exchange_to_declare();
                self.declare_exchange(name);
            }
            Op::DeclareQueue => {
                let name = self.queue_to_declare();
                self.declare_queue(name);
            }
            Op::DeleteExchange => self.delete_exchange(),
            Op::DeleteQueue => self.delete_queue(),
            Op::Bind => self.bind(),
            Op::BindExchange => self.bind_exchange(),
            Op::Unbind => self.unbind("queue.bind", "queue.unbind"),
            Op::UnbindExchange => self.unbind("exchange.bind", "exchange.unbind"),
            Op::Publish => self.publish(),
            Op::Consume => self.consume(),
            Op::Cancel => {
                let tag = self.known_tag();
                self.push("basic.cancel", json!({"consumer_tag": tag}));
            }
            Op::Get => {
                let queue = self.queue();
                let no_ack = self
                    .rng
                    .percent(if self.family == Family::Ttl { 70 } else { 38 });
                self.push("basic.get", json!({"queue": queue, "no_ack": no_ack}));
            }
            Op::Purge => {
                let queue = self.queue();
                self.push("queue.purge", json!({"queue": queue}));
            }
            Op::Ack => self.settle("basic.ack"),
            Op::Nack => self.settle("basic.nack"),
            Op::Reject => self.settle("basic.reject"),
            Op::Recover => {
                let requeue = self.family != Family::Errors || self.rng.percent(75);
                self.push("basic.recover", json!({"requeue": requeue}));
            }
            Op::Qos => self.qos(),
            Op::Confirm => self.push("confirm.select", json!({})),
            Op::TxSelect => self.transaction("tx.select"),
            Op::TxCommit => self.transaction("tx.commit"),
            Op::TxRollback => self.transaction("tx.rollback"),
            Op::CloseChannel => self.push("channel.close", json!({})),
            Op::Drop => {
                let conn = self.rng.one(&["A", "B"]);
                self.push_at((conn, 1), "drop_connection", json!({}));
            }
        }
    }

    fn queue(&mut self) -> &'static str {
        if self.family == Family::Errors && self.rng.percent(5) {
            return "";
        }
        self.rng.weighed(QUEUES)
    }

    fn exchange(&mut self) -> &'static str {
        self.rng.weighed(EXCHANGES)
    }

    fn exchange_to_declare(&mut self) -> &'static str {
        if self.family == Family::Errors && self.rng.percent(15) {
            return self.rng.one(&["amq.mine", "amq.direct", ""]);
        }
        self.exchange()
    }

    fn queue_to_declare(&mut self) -> &'static str {
        if self.family == Family::Errors && self.rng.percent(6) {
            return "amq.mine";
        }
        if self.rng.percent(12) {
            ""
        } else {
            self.queue()
        }
    }

    pub(super) fn declare_exchange(&mut self, name: &str) {
        use Family::{Errors, Headers, Mixed, Routing};
        let family = self.family;
        let kind = match family {
            Routing => self
                .rng
                .weighed(&[("topic", 5), ("fanout", 3), ("direct", 3)]),
            Headers => "headers",
            Errors if self.rng.percent(3) => "bogus",
            _ => self.rng.one(&["direct", "fanout", "topic", "headers"]),
        };
        let changes = family.is_one_of(&[Routing, Mixed, Errors]);
        let mut arguments = Map::new();
        if self.rng.percent(22) {
            arguments.insert("alternate-exchange".into(), json!(self.exchange()));
        } else if family == Errors && self.rng.percent(4) {
            arguments.insert("alternate-exchange".into(), json!(5));
        }
        let args = json!({
            "exchange": name, "type": kind, "durable": self.rng.percent(32),
            "auto_delete": self.rng.percent(if changes { 25 } else { 5 }), "internal": self.rng.percent(7),
            "passive": changes && self.rng.percent(10), "arguments": arguments});
        self.push("exchange.declare", args);
    }

    pub(super) fn declare_queue(&mut self, name: &str) {
        use Family::{Delivery, Errors, Mixed};
        let family = self.family;
        let often = |chance: u64| {
            if family.is_one_of(&[Delivery, Mixed, Errors]) {
                chance
            } else {
                3
            }
        };
        let args = json!({
            "queue": name, "durable": self.rng.percent(30), "exclusive": self.rng.percent(often(15)),
            "auto_delete": self.rng.percent(often(20)),
            "passive": self.rng.percent(if family == Errors { 8 } else { 1 }),
            "arguments": self.queue_arguments()});
        self.push("queue.declare", args);
    }

    fn queue_arguments(&mut self) -> Map<String, Value> {
        use Family::{Delivery, Dlx, Errors, Limits, Mixed, Priority, Ttl};
        let (family, rng) = (self.family, &mut self.rng);
        let mut arguments = Map::new();
        let mut put = |name: &str, value: Value| arguments.insert(name.into(), value);
        if family.is_one_of(&[Dlx, Limits, Mixed, Ttl, Priority]) && rng.percent(68) {
            put(
                "x-dead-letter-exchange",
                json!(rng.one(DEAD_LETTER_EXCHANGES)),
            );
            if rng.percent(62) {
                put(
                    "x-dead-letter-routing-key",
                    json!(rng.one(&["q0", "q1", "q2", "a.b"])),
                );
            }
        }
        if family.is_one_of(&[Limits, Mixed]) {
            if rng.percent(70) {
                put("x-max-length", json!(rng.between(0, 3)));
            }
            if rng.percent(22) {
                put("x-max-length-bytes", json!(rng.one(&[3, 10, 40])));
            }
            if rng.percent(40) {
                put(
                    "x-overflow",
                    json!(rng.one(&["drop-head", "reject-publish", "reject-publish-dlx"])),
                );
            }
        }
        if family.is_one_of(&[Delivery, Mixed]) && rng.percent(18) {
            put("x-single-active-consumer", json!(true));
        }
        if family == Ttl && rng.percent(48) {
            put("x-message-ttl", json!(rng.one(&[0, 700])));
        }
        if family == Priority && rng.percent(78) {
            put("x-max-priority", json!(rng.one(&[1, 3, 10])));
        }
        if family == Errors && rng.percent(35) {
            let name = rng.one(QUEUE_ARGUMENTS);
            let values = [json!(-1), json!(0), json!(300), json!(true), json!("oops")];
            let mut value = values[rng.between(0, 4) as usize].clone();
            // A program must not depend on how long it takes.
            if value == 300 && matches!(name, "x-expires" | "x-message-ttl") {
                value = json!(60_000);
            }
            put(name, value);
        }
        arguments
    }

    fn delete_exchange(&mut self) {
        let mut name = self.exchange();
        if self.family == Family::Errors && self.rng.percent(40) {
            name = self.rng.one(&["amq.direct", ""]);
        }
        let if_unused = self.rng.percent(45);
        self.push(
            "exchange.delete",
            json!({"exchange": name, "if_unused": if_unused}),
        );
    }

    fn delete_queue(&mut self) {
        let queue = self.queue();
        let (if_unused, if_empty) = (self.rng.percent(38), self.rng.percent(35));
        let args = json!({"queue": queue, "if_unused": if_unused, "if_empty": if_empty});
        self.push("queue.delete", args);
    }

    fn binding_key(&mut self) -> &'static str {
        if self.rng.percent(12) {
            return self.rng.weighed(QUEUES);
        }
        self.rng.one(PATTERNS)
    }

    fn bind(&mut self) {
        let errors = self.family == Family::Errors;
        let source = if errors && self.rng.percent(10) {
            ""
        } else if self.rng.percent(28) {
            self.rng.one(&["amq.fanout", "amq.topic"])
        } else {
            self.exchange()
        };
        let key = self.binding_key();
        let args = json!({
            "queue": self.queue(), "exchange": source, "routing_key": key,
            "arguments": self.binding_arguments()});
        self.bindings.push(("queue.bind", args.clone()));
        self.push("queue.bind", args);
    }

    fn bind_exchange(&mut self) {
        let source = if self.rng.percent(22) {
            "amq.fanout"
        } else {
            self.exchange()
        };
        let key = self.binding_key();
        let args = json!({
            "destination": self.exchange(), "source": source, "routing_key": key,
            "arguments": self.binding_arguments()});
        self.bindings.push(("exchange.bind", args.clone()));
        self.push("exchange.bind", args);
    }

    /// Undoes a binding, or one that never was.
    fn unbind(&mut self, bind: &str, op: &str) {
        let made: Vec<Value> = self
            .bindings
            .iter()
            .filter(|(of, _)| *of == bind)
            .map(|(_, args)| args.clone())
            .collect();
        if !made.is_empty() && self.rng.percent(70) {
            let place = self.rng.between(1, made.len() as u64) as usize - 1;
            self.push(op, made[place].clone());
            return;
        }
        let target = if bind == "queue.bind" {
            "queue"
        } else {
            "destination"
        };
        let source = if bind == "queue.bind" {
            "exchange"
        } else {
            "source"
        };
        let name = if bind == "queue.bind" {
            self.queue()
        } else {
            self.exchange()
        };
        let (from, key) = (self.exchange(), self.binding_key());
        let mut args = json!({"routing_key": key, "arguments": self.binding_arguments()});
        args[target] = json!(name);
        args[source] = json!(from);
        self.push(op, args);
    }

    fn binding_arguments(&mut self) -> Value {
        let chance = if self.family == Family::Headers {
            92
        } else {
            18
        };
        if !self.rng.percent(chance) {
            return json!({});
        }
        let mut table = self.headers(55);
        if self.rng.percent(85) {
            let kind = if self.family == Family::Errors && self.rng.percent(30) {
                "bogus"
            } else {
                self.rng.one(&["all", "any", "all-with-x", "any-with-x"])
            };
            table.insert("x-match".into(), json!(kind));
        }
        Value::Object(table)
    }

    fn headers(&mut self, chance: u64) -> Map<String, Value> {
        let mut table = Map::new();
        for name in ["h1", "h2", "x-h"] {
            if self.rng.percent(chance) {
                let values = [json!(1), json!(2), json!("1"), json!("s"), json!(true)];
                table.insert(name.into(), values[self.rng.between(0, 4) as usize].clone());
            }
        }
        table
    }

    fn publish(&mut self) {
        use Family::{Errors, Headers, Routing};
        let by_routing = self.family.is_one_of(&[Errors, Headers, Routing]);
        let exchange = if self.family.is_one_of(&[Errors, Family::Mixed]) && self.rng.percent(8) {
            self.rng.one(&["missing", "amq.headers"])
        } else if self.rng.percent(if by_routing { 14 } else { 64 }) {
            ""
        } else if self.rng.percent(18) {
            "amq.topic"
        } else {
            self.exchange()
        };
        let key = if exchange.is_empty() || self.rng.percent(12) {
            self.rng.weighed(QUEUES)
        } else {
            self.rng.one(KEYS)
        };
        self.bodies += 1;
        let body = format!("m{}", self.bodies);
        let args = json!({
            "exchange": exchange, "key": key, "props": self.properties(&body), "body": body,
            "mandatory": self.rng.percent(27),
            "immediate": self.family == Errors && self.rng.percent(1)});
        self.push("publish", args);
    }

    fn properties(&mut self, body: &str) -> Value {
        let mut props = Map::new();
        if self.rng.percent(38) {
            props.insert("delivery_mode".into(), json!(self.rng.between(1, 2)));
        }
        if self.rng.percent(11) {
            let all = [
                ("content_type", "text/plain"),
                ("message_id", body),
                ("correlation_id", "c"),
                ("reply_to", "q0"),
                ("app_id", "t"),
                ("type", "k"),
            ];
            props.extend(all.map(|(name, value)| (name.into(), json!(value))));
        }
        let chance = if self.family == Family::Headers {
            80
        } else {
            10
        };
        let mut headers = if self.rng.percent(chance) {
            self.headers(60)
        } else {
            Map::new()
        };
        if self.rng.percent(5) {
            let places = ["q0", "q1", "q2", "a.b"];
            let keys = [self.rng.one(&places), self.rng.one(&places)];
            headers.insert(self.rng.one(&["CC", "BCC"]).into(), json!(keys));
        }
        if !headers.is_empty() {
            props.insert("headers".into(), Value::Object(headers));
        }
        match self.family {
            Family::Ttl if self.rng.percent(46) => {
                props.insert("expiration".into(), json!(self.rng.one(&["0", "700"])));
            }
            Family::Priority if self.rng.percent(82) => {
                props.insert("priority".into(), json!(self.rng.one(&[0, 1, 2, 5, 255])));
            }
            Family::Errors if self.rng.percent(11) => {
                props.insert(
                    "expiration".into(),
                    json!(self.rng.one(&["", "oops", "-1"])),
                );
            }
            Family::Errors if self.rng.percent(7) => {
                props.insert("user_id".into(), json!(self.rng.one(&["guest", "mallory"])));
            }
            _ => {}
        }
        Value::Object(props)
    }

    fn consume(&mut self) {
        let tag = if self.tags > 0 && self.rng.percent(25) {
            self.known_tag()
        } else {
            self.tags += 1;
            format!("c{}", self.tags)
        };
        let mut arguments = Map::new();
        if self.rng.percent(16) {
            arguments.insert("x-priority".into(), json!(self.rng.one(&[5, -1])));
        }
        let args = json!({
            "queue": self.queue(), "consumer_tag": tag, "no_ack": self.rng.percent(27),
            "exclusive": self.rng.percent(9), "arguments": arguments});
        self.push("basic.consume", args);
    }

    fn known_tag(&mut self) -> String {
        format!("c{}", self.rng.between(1, self.tags.max(1)))
    }

    /// Settles something that is outstanding, or now and then what may not be.
    fn settle(&mut self, op: &str) {
        let mut args = json!({"delivery_tag": self.rng.between(1, 6)});
        if op != "basic.reject" {
            args["multiple"] = json!(self.rng.percent(30));
        }
        if op != "basic.ack" {
            args["requeue"] = json!(self.rng.percent(52));
        }
        let pick = self.rng.between(0, 999) as f64 / 1000.0;
        self.push(op, args);
        if self.rng.percent(94)
            && let Some(step) = self.steps.last_mut()
        {
            step["pick"] = json!(pick);
        }
    }

    fn qos(&mut self) {
        let size = if self.family == Family::Errors && self.rng.percent(20) {
            8
        } else {
            0
        };
        let args = json!({
            "prefetch_count": self.rng.between(0, 3), "global_qos": self.rng.percent(20), "prefetch_size": size});
        self.push("basic.qos", args);
    }

    /// Mostly on one channel, so that what it selects is used.
    fn transaction(&mut self, op: &str) {
        let place = if self.rng.percent(90) {
            ("A", 1)
        } else {
            self.place()
        };
        self.push_at(place, op, json!({}));
    }
}
