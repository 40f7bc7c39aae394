//! Plays one recorded program and tells, step by step, the rows of what was received.

mod monitor;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::client::{Client, Received};
use crate::transport::{Patience, Transport};

/// Rows of one step.
pub type Rows = Vec<Value>;

/// Whether queues are looked at after every step. Quorum programs were recorded without.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Looks {
    AtQueues,
    AtFramesOnly,
}

/// The clients of one program, and what they know.
pub struct Player<T: Transport> {
    transport: T,
    looks: Looks,
    clients: BTreeMap<String, Client<T::Link>>,
    monitor: Client<T::Link>,
    step: Rows,
    /// Server-made names and what they are called in rows.
    generated: Vec<(String, String)>,
    /// Deliveries not settled yet: (connection, channel) -> tags.
    held: BTreeMap<(String, u16), BTreeSet<u64>>,
    /// Consumer tags that take no acknowledgements.
    no_ack: BTreeSet<String>,
    get_no_ack: bool,
    seen_queues: BTreeSet<String>,
}

/// The method of a step and the replies to it.
fn method_of(op: &str) -> (String, &'static [&'static str]) {
    let (class, method) = op.split_once('.').expect("class.method");
    let capital = |text: &str| text[..1].to_uppercase() + &text[1..];
    let replies: &[&str] = match op {
        "exchange.declare" => &["Exchange.DeclareOk"],
        "exchange.delete" => &["Exchange.DeleteOk"],
        "exchange.bind" => &["Exchange.BindOk"],
        "exchange.unbind" => &["Exchange.UnbindOk"],
        "queue.declare" => &["Queue.DeclareOk"],
        "queue.delete" => &["Queue.DeleteOk"],
        "queue.purge" => &["Queue.PurgeOk"],
        "queue.bind" => &["Queue.BindOk"],
        "queue.unbind" => &["Queue.UnbindOk"],
        "basic.qos" => &["Basic.QosOk"],
        "basic.consume" => &["Basic.ConsumeOk"],
        "basic.cancel" => &["Basic.CancelOk"],
        "basic.get" => &["Basic.GetOk", "Basic.GetEmpty"],
        "basic.recover" => &["Basic.RecoverOk"],
        "confirm.select" => &["Confirm.SelectOk"],
        "tx.select" => &["Tx.SelectOk"],
        "tx.commit" => &["Tx.CommitOk"],
        "tx.rollback" => &["Tx.RollbackOk"],
        "channel.close" => &["Channel.CloseOk"],
        "basic.ack" | "basic.nack" | "basic.reject" => &[],
        other => panic!("no step {other}"),
    };
    (format!("{}.{}", capital(class), capital(method)), replies)
}

impl<T: Transport> Player<T> {
    /// Connects the one who looks at the queues.
    pub fn new(mut transport: T, looks: Looks) -> Result<Player<T>, String> {
        let monitor = Client::connect(&mut transport)?;
        Ok(Player {
            transport,
            looks,
            clients: BTreeMap::new(),
            monitor,
            step: Vec::new(),
            generated: Vec::new(),
            held: BTreeMap::new(),
            no_ack: BTreeSet::new(),
            get_no_ack: false,
            seen_queues: BTreeSet::new(),
        })
    }

    /// Plays a program; an error tells why a connection could not be opened.
    pub fn play(&mut self, steps: &[Value]) -> Result<Vec<Rows>, String> {
        steps.iter().map(|step| self.play_step(step)).collect()
    }

    fn play_step(&mut self, step: &Value) -> Result<Rows, String> {
        self.transport.begin_step();
        self.act(step)?;
        // With nothing outstanding nothing is sent, and nobody looks.
        let first = self.step.first();
        if first.is_none_or(|row| row[2] != "nothing outstanding") {
            self.settle();
        }
        Ok(std::mem::take(&mut self.step))
    }

    fn act(&mut self, step: &Value) -> Result<(), String> {
        let op = step["op"].as_str().expect("an op");
        if op == "wait" {
            self.transport
                .pass(step["ms"].as_u64().expect("milliseconds"));
            return Ok(());
        }
        let mut connection = step["conn"].as_str().expect("a connection").to_string();
        let mut channel = step["chan"].as_u64().expect("a channel") as u16;
        let mut args = step["args"].clone();
        if let Some(pick) = step["pick"].as_f64() {
            let Some(picked) = self.pick(&connection, channel, pick, &args) else {
                self.step.push(json!(["-", 0, "nothing outstanding", {}]));
                return Ok(());
            };
            (connection, channel) = (picked.0, picked.1);
            args["delivery_tag"] = json!(picked.2);
        }
        if op == "drop_connection" {
            self.held.retain(|(of, _), _| *of != connection);
            if let Some(client) = self.clients.get_mut(&connection) {
                client.hang_up(&mut self.transport);
                self.transport.rest(MS_TO_NOTICE_A_LOSS);
            }
            return Ok(());
        }
        self.ensure_channel(&connection, channel)?;
        let queue = args.get("queue").and_then(Value::as_str);
        let known = self
            .generated
            .iter()
            .find(|(_, alias)| Some(alias.as_str()) == queue);
        if let Some((real, _)) = known {
            args["queue"] = json!(real);
        }
        if op == "publish" {
            self.publish(&connection, channel, &args);
        } else {
            self.call(op, &connection, channel, &args);
        }
        Ok(())
    }

    /// Chooses a delivery that is really outstanding, and takes it as settled.
    fn pick(
        &mut self,
        connection: &str,
        channel: u16,
        pick: f64,
        args: &Value,
    ) -> Option<(String, u16, u64)> {
        let is_open = |(of, channel): &(String, u16)| {
            self.clients
                .get(of)
                .is_some_and(|client| client.open_channels.contains(channel))
        };
        let all: Vec<(String, u16, u64)> = self
            .held
            .iter()
            .filter(|(key, _)| is_open(key))
            .flat_map(|(key, tags)| tags.iter().map(|tag| (key.0.clone(), key.1, *tag)))
            .collect();
        let own: Vec<_> = all
            .iter()
            .filter(|it| it.0 == connection && it.1 == channel)
            .cloned()
            .collect();
        let from = if own.is_empty() { all } else { own };
        let index = ((pick * from.len() as f64) as usize).min(from.len().checked_sub(1)?);
        let (connection, channel, tag) = from.get(index)?.clone();
        let row = json!({"conn": connection, "chan": channel, "tag": tag});
        self.step.push(json!(["-", 0, "picked", row]));
        let multiple = args["multiple"] == json!(true);
        if let Some(tags) = self.held.get_mut(&(connection.clone(), channel)) {
            tags.retain(|it| *it != tag && !(multiple && *it <= tag));
        }
        Some((connection, channel, tag))
    }

    fn client(&mut self, connection: &str) -> &mut Client<T::Link> {
        self.clients.get_mut(connection).expect("it was connected")
    }

    fn ensure_channel(&mut self, connection: &str, channel: u16) -> Result<(), String> {
        if !self
            .clients
            .get(connection)
            .is_some_and(|client| client.alive)
        {
            let client = Client::connect(&mut self.transport)?;
            self.clients.insert(connection.to_string(), client);
        }
        if !self.client(connection).open_channels.contains(&channel) {
            self.exchange(
                connection,
                channel,
                "Channel.Open",
                &json!({}),
                &["Channel.OpenOk"],
            );
            self.client(connection).open_channels.insert(channel);
        }
        Ok(())
    }

    fn publish(&mut self, connection: &str, channel: u16, args: &Value) {
        let client = self.clients.get_mut(connection).expect("it was connected");
        if let Some(number) = client.confirming.get_mut(&channel) {
            *number += 1;
            client
                .unconfirmed
                .entry(channel)
                .or_default()
                .insert(*number);
        }
        client.publish(&mut self.transport, channel, args);
        self.collect(connection, channel, &[], &[]);
    }

    fn call(&mut self, op: &str, connection: &str, channel: u16, args: &Value) {
        let no_ack = args["no_ack"] == json!(true);
        if op == "basic.consume" && no_ack {
            self.no_ack
                .insert(args["consumer_tag"].as_str().expect("a tag").to_string());
        }
        self.get_no_ack = op == "basic.get" && no_ack;
        let (name, replies) = method_of(op);
        let close = json!({"reply_code": 200, "reply_text": "bye"});
        let args = if op == "channel.close" { &close } else { args };
        self.client_send(connection, channel, &name, args);
        let reply = self.collect(connection, channel, replies, &[]);
        let client = self.client(connection);
        match reply {
            Some("Confirm.SelectOk") => {
                client.confirming.entry(channel).or_default();
                client.unconfirmed.entry(channel).or_default();
            }
            Some("Channel.CloseOk") => {
                client.open_channels.remove(&channel);
                client.confirming.remove(&channel);
                client.unconfirmed.remove(&channel);
            }
            _ => {}
        }
    }

    fn client_send(&mut self, connection: &str, channel: u16, name: &str, args: &Value) {
        let client = self.clients.get_mut(connection).expect("it was connected");
        client.send(&mut self.transport, channel, name, args);
    }

    /// Sends a method whose reply makes no row.
    fn exchange(
        &mut self,
        connection: &str,
        channel: u16,
        name: &str,
        args: &Value,
        quiet: &[&'static str],
    ) {
        self.client_send(connection, channel, name, args);
        self.collect(connection, channel, &[], quiet);
    }

    /// Reads what has come and makes its rows; of `quiet`, the first makes none. Tells which of `replies` came.
    fn collect(
        &mut self,
        connection: &str,
        channel: u16,
        replies: &[&'static str],
        quiet: &[&'static str],
    ) -> Option<&'static str> {
        let mut reply = None;
        let mut closed = false;
        let mut quiet_left = !quiet.is_empty();
        loop {
            let is_due = quiet_left || (reply.is_none() && !replies.is_empty());
            let client = self.clients.get_mut(connection).expect("it was connected");
            let patience = if is_due {
                Patience::ForReply
            } else {
                Patience::None
            };
            let all = client.receive(&mut self.transport, patience);
            let nothing = all.is_empty();
            for received in all {
                let here = received.channel == channel;
                if quiet_left && here && quiet.contains(&received.name) {
                    quiet_left = false;
                    continue;
                }
                if here && reply.is_none() && replies.contains(&received.name) {
                    reply = Some(received.name);
                }
                closed |= here && received.name == "Channel.Close";
                self.handle(connection, received);
            }
            let is_due = quiet_left || (reply.is_none() && !replies.is_empty());
            if !is_due || closed || !self.client(connection).alive {
                return reply;
            }
            if nothing {
                self.nothing_came(connection, channel, replies, quiet);
                return reply;
            }
        }
    }

    fn nothing_came(
        &mut self,
        connection: &str,
        channel: u16,
        replies: &[&'static str],
        quiet: &[&'static str],
    ) {
        let client = self.clients.get_mut(connection).expect("it was connected");
        if client.is_hung_up {
            client.hang_up(&mut self.transport);
            self.held.retain(|(of, _), _| of != connection);
            self.step.push(json!([connection, 0, "EOF", {}]));
        } else {
            let waiting = [replies, quiet].concat();
            self.step
                .push(json!([connection, channel, "TIMEOUT", {"waiting": waiting}]));
        }
    }

    fn handle(&mut self, connection: &str, received: Received) {
        let Received {
            channel,
            name,
            args,
            ..
        } = &received;
        let channel = *channel;
        let client = self.clients.get_mut(connection).expect("it was connected");
        let kind = if *name == "Basic.Ack" {
            "confirm"
        } else {
            "refuse"
        };
        if let ("Basic.Ack" | "Basic.Nack", Some(unconfirmed)) =
            (*name, client.unconfirmed.get_mut(&channel))
        {
            let (tag, multiple) = (
                args["delivery_tag"].as_u64().expect("a tag"),
                &args["multiple"],
            );
            let covers = |it: &u64| *it == tag || (*multiple == json!(true) && *it <= tag);
            let tags: Vec<u64> = unconfirmed.iter().copied().filter(covers).collect();
            for tag in tags {
                unconfirmed.remove(&tag);
                self.step
                    .push(json!([connection, channel, kind, {"tag": tag}]));
            }
            return;
        }
        match *name {
            "Channel.Close" => {
                client.send(&mut self.transport, channel, "Channel.CloseOk", &json!({}));
                client.open_channels.remove(&channel);
                client.confirming.remove(&channel);
                client.unconfirmed.remove(&channel);
            }
            "Connection.Close" => {
                client.send(&mut self.transport, 0, "Connection.CloseOk", &json!({}));
                client.hang_up(&mut self.transport);
            }
            _ => {}
        }
        self.log(connection, received);
    }

    fn log(&mut self, connection: &str, received: Received) {
        let Received {
            channel,
            name,
            args,
            content,
        } = received;
        match name {
            "Queue.DeclareOk" => {
                let queue = args["queue"].as_str().expect("a name");
                self.seen_queues.insert(queue.to_string());
                let is_known = self.generated.iter().any(|(real, _)| real == queue);
                if queue.starts_with("amq.gen") && !is_known {
                    let alias = format!("gen#{}", self.generated.len());
                    self.generated.push((queue.to_string(), alias));
                }
            }
            "Basic.Deliver" | "Basic.GetOk" => {
                let acks = match args["consumer_tag"].as_str() {
                    Some(tag) => !self.no_ack.contains(tag),
                    None => !self.get_no_ack,
                };
                if acks {
                    let tags = self
                        .held
                        .entry((connection.to_string(), channel))
                        .or_default();
                    tags.insert(args["delivery_tag"].as_u64().expect("a tag"));
                }
            }
            "Channel.Close" | "Channel.CloseOk" => {
                self.held.remove(&(connection.to_string(), channel));
            }
            "Connection.Close" => self.held.retain(|(of, _), _| of != connection),
            _ => {}
        }
        let args = self.named(args);
        self.step.push(match content {
            Some((props, body)) => {
                json!([connection, channel, name, args, self.named(props), body])
            }
            None => json!([connection, channel, name, args]),
        });
    }

    /// Server-made names read as in the record.
    fn named(&self, value: Value) -> Value {
        match value {
            Value::String(mut text) => {
                for (real, alias) in &self.generated {
                    text = text.replace(real, alias);
                }
                Value::String(without_generated(text))
            }
            Value::Array(items) => items.into_iter().map(|it| self.named(it)).collect(),
            Value::Object(table) => table
                .into_iter()
                .map(|(key, value)| (key, self.named(value)))
                .collect(),
            other => other,
        }
    }

    /// Lets the broker come to rest, looks at the queues, and puts the rows in order.
    fn settle(&mut self) {
        for _ in 0..T::ROUNDS {
            self.sync_all();
            match self.looks {
                Looks::AtQueues => drop(self.look_at_queues()),
                // Quorum queues answer after a round of Raft.
                Looks::AtFramesOnly => self.transport.rest(MS_OF_RAFT),
            }
        }
        self.await_confirms();
        self.sync_all();
        for (name, client) in &self.clients {
            for (channel, tags) in &client.unconfirmed {
                if client.alive && !tags.is_empty() {
                    self.step
                        .push(json!([name, channel, "UNCONFIRMED", {"tags": tags}]));
                }
            }
        }
        if self.looks == Looks::AtQueues {
            let rows = self.look_at_queues();
            self.step.extend(rows);
        }
        let order = |row: &Value| {
            let text = |index: usize| row[index].as_str().unwrap_or_default().to_string();
            let is_confirm = matches!(text(2).as_str(), "confirm" | "refuse");
            (text(0), row[1].as_u64(), is_confirm)
        };
        self.step.sort_by_key(order);
    }

    /// Confirms come when the broker is ready; waits for those that are due.
    fn await_confirms(&mut self) {
        let names: Vec<String> = self.clients.keys().cloned().collect();
        for name in names {
            loop {
                let client = self.client(&name);
                let is_due = client.unconfirmed.values().any(|tags| !tags.is_empty());
                let Some(client) = self.clients.get_mut(&name).filter(|it| it.alive && is_due)
                else {
                    break;
                };
                let all = client.receive(&mut self.transport, Patience::ForConfirm);
                if all.is_empty() {
                    break;
                }
                all.into_iter().for_each(|it| self.handle(&name, it));
            }
        }
    }

    fn sync_all(&mut self) {
        let open: Vec<(String, u16)> = self
            .clients
            .iter()
            .flat_map(|(name, client)| client.open_channels.iter().map(|it| (name.clone(), *it)))
            .collect();
        for (connection, channel) in open {
            if self.client(&connection).open_channels.contains(&channel) {
                let args = json!({"exchange": "amq.direct", "passive": true});
                let quiet = &["Exchange.DeclareOk"];
                self.exchange(&connection, channel, "Exchange.Declare", &args, quiet);
            }
        }
    }
}

const MS_TO_NOTICE_A_LOSS: u64 = 150;
const MS_OF_RAFT: u64 = 40;

/// A server-made name that no declare-ok ever told reads `gen#?`.
fn without_generated(mut text: String) -> String {
    const PREFIX: &str = "amq.gen-";
    while let Some(start) = text.find(PREFIX) {
        let end = start + PREFIX.len() + 22;
        text.replace_range(start..end.min(text.len()), "gen#?");
    }
    text
}
