//! Script in, transcript out.
//!
//! The language is that of programs (`src/actors/script`), with a few words for tests:
//! - `A:`, `B:`, `A.2:` before a statement choose the connection and its channel; without, it is `A.1`. They are opened
//!   when they are first used, and that is not shown.
//! - `---` on a line of its own: what stands above is the set-up and not shown.
//! - `+500ms` lets time pass; what falls due then happens at its own time.
//! - `!close-ok` answers a channel.close of the broker. `!restart`, `!open`, `!flow-ok`, `!cancel-ok` do what they say.
//! - `A: !connect user=alice vhost=v` connects A with words of its own; also `password=…`, `remote`, and `mute`: without
//!   the capabilities that clients announce.
//! - `!headers` shows the headers of the channel's last delivery; `$reply` is that message's reply_to.
//! - `operator: …` is what an operator does (`operator.rs`).

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use expect_test::Expect;
use mq_playground::actors::script::{Filling, Publishing, Script, Statement, duration_ms};
use mq_playground::amqp::command::{Capabilities, Connect, OperatorCommand, Password, Peer};
use mq_playground::amqp::event::ChannelEnd;
use mq_playground::amqp::protocol::{ClientMethod, ServerMethod};
use mq_playground::amqp::{
    Broker, ChannelId, Command, Compatibility, Config, ConnectionId, DeliveryTag, Event,
    Properties, QueueName, transcript,
};
use mq_playground::machine::{Input, Machine, Origin, Rng, SimTime};

use crate::operator;

/// Runs `script` against a broker that behaves as RabbitMQ 4, and compares what happened.
pub fn check(script: &str, expected: Expect) {
    expected.assert_eq(&run(script, Compatibility::V4));
}

/// The same against one that behaves as RabbitMQ 3.10.8.
pub fn check_3_10(script: &str, expected: Expect) {
    expected.assert_eq(&run(script, Compatibility::V3_10));
}

/// The transcript of `script`.
pub fn run(script: &str, compatibility: Compatibility) -> String {
    let mut bench = Bench::new(compatibility);
    for line in script.lines() {
        bench.line(line.trim());
    }
    with_short_names(&bench.shown)
}

/// Everything that happened in `script`.
pub fn events(script: &str, compatibility: Compatibility) -> Vec<Event> {
    let mut bench = Bench::new(compatibility);
    for line in script.lines() {
        bench.line(line.trim());
    }
    bench.events
}

/// A broker on a test bench.
pub struct Bench {
    pub broker: Broker,
    pub now: SimTime,
    /// Answers every channel.close of the broker at once, as a client library does.
    pub answers_closes: bool,
    shown: String,
    pub events: Vec<Event>,
    /// Everything that went in.
    pub inputs: Vec<Input<Command>>,
    open: BTreeSet<ChannelId>,
    connections: BTreeSet<ConnectionId>,
    last_queue: BTreeMap<ChannelId, QueueName>,
    last_delivery: BTreeMap<ChannelId, DeliveryTag>,
    last_properties: BTreeMap<ChannelId, Rc<Properties>>,
    next_connection: u32,
    numbers: BTreeMap<char, u32>,
}

/// How every broker of a test is set up.
pub fn config(compatibility: Compatibility) -> Config {
    Config {
        compatibility,
        ..Config::default()
    }
}

impl Bench {
    pub fn new(compatibility: Compatibility) -> Bench {
        Bench::with(config(compatibility))
    }

    /// A bench whose broker is set up in a way of its own.
    pub fn with(config: Config) -> Bench {
        Bench {
            broker: Broker::new(config),
            now: SimTime::ZERO,
            answers_closes: false,
            shown: String::new(),
            events: Vec::new(),
            inputs: Vec::new(),
            open: BTreeSet::new(),
            connections: BTreeSet::new(),
            last_queue: BTreeMap::new(),
            last_delivery: BTreeMap::new(),
            last_properties: BTreeMap::new(),
            next_connection: 1,
            numbers: BTreeMap::new(),
        }
    }

    /// Carries one line out.
    pub fn line(&mut self, line: &str) {
        if line.is_empty() {
            return;
        }
        if line == "---" {
            self.shown.clear();
            return;
        }
        self.shown += &format!("> {line}\n");
        if let Some(time) = line.strip_prefix('+') {
            return self.pass(milliseconds(time));
        }
        if let Some(what) = line.strip_prefix("operator:") {
            return self.step(Command::Operator(operator::command(what)));
        }
        let (channel, rest) = self.addressee(line);
        match rest.strip_prefix('!') {
            Some(word) => self.test_word(channel, word),
            None => {
                let rest = &rest.replace("$reply", &self.reply_address(channel));
                let script = Script::parse(rest).unwrap_or_else(|e| panic!("{rest}: {e}"));
                for line in script.lines() {
                    self.statement(channel, &line.statement);
                }
            }
        }
    }

    /// `B.2: …` means channel 2 of the connection that is called B.
    fn addressee<'a>(&mut self, line: &'a str) -> (ChannelId, &'a str) {
        let prefix = line.split_once(':').and_then(|(prefix, rest)| {
            let mut parts = prefix.split('.');
            let name = parts.next()?;
            let letter = name.chars().next()?;
            let number = parts.next().map_or(Some(1), |n| n.parse().ok())?;
            let fits = name.len() == 1 && letter.is_ascii_uppercase();
            fits.then(|| (letter, number, rest.trim()))
        });
        let (letter, number, rest) = prefix.unwrap_or(('A', 1, line));
        let next = &mut self.next_connection;
        let connection = *self.numbers.entry(letter).or_insert_with(|| {
            *next += 1;
            *next - 1
        });
        (ChannelId::new(connection, number), rest)
    }

    /// The channel that `who` (`A`, `B.2`) means now, if its connection is open.
    pub fn channel(&self, who: &str) -> Option<ChannelId> {
        let (name, number) = who.split_once('.').unwrap_or((who, "1"));
        let connection = self.numbers.get(&name.chars().next()?)?;
        Some(ChannelId::new(*connection, number.parse().ok()?))
    }

    /// Where the last message that came to this channel wants its answer.
    fn reply_address(&self, channel: ChannelId) -> String {
        let reply_to = self
            .last_properties
            .get(&channel)
            .and_then(|properties| properties.reply_to.as_ref());
        reply_to.map_or(String::new(), |address| address.to_string())
    }

    fn show_headers(&mut self, channel: ChannelId) {
        let headers = self
            .last_properties
            .get(&channel)
            .and_then(|properties| properties.headers.as_ref());
        let headers = headers.map_or(String::new(), transcript::table);
        self.shown += &format!("headers    {headers}\n");
    }

    fn test_word(&mut self, channel: ChannelId, word: &str) {
        match word {
            "headers" => self.show_headers(channel),
            word if word.starts_with("connect") => {
                let words: Vec<&str> = word.split_whitespace().collect();
                self.connect_as(channel.connection, &words);
            }
            "close-ok" => {
                self.step(Command::call(channel, ClientMethod::ChannelCloseOk));
                self.open.remove(&channel);
            }
            "cancel-ok" => self.step(Command::call(
                channel,
                ClientMethod::BasicCancelOk {
                    consumer_tag: "c1".into(),
                },
            )),
            "open" => self.step(Command::call(channel, ClientMethod::ChannelOpen)),
            "flow-ok" => self.step(Command::call(channel, ClientMethod::ChannelFlowOk)),
            "access" => self.step(Command::call(channel, ClientMethod::AccessRequest)),
            "restart" => self.step(Command::Operator(OperatorCommand::Restart)),
            "kick" => self.step(Command::Operator(OperatorCommand::CloseConnection {
                connection: channel.connection,
                reason: "Closed via rabbitmqctl".to_string(),
            })),
            other => panic!("there is no test word {other}"),
        }
    }

    fn statement(&mut self, channel: ChannelId, statement: &Statement) {
        let connection = channel.connection;
        match statement {
            Statement::Connect { .. } => self.connect(connection),
            Statement::Channel => {
                self.quietly(|bench| bench.ensure_connection(connection));
                self.open.insert(channel);
                self.step(Command::call(channel, ClientMethod::ChannelOpen));
            }
            Statement::Close => self.step(Command::CloseConnection {
                connection,
                code: 200,
                text: "Goodbye".to_string(),
            }),
            Statement::Crash => self.step(Command::DropConnection { connection }),
            Statement::CloseChannel => self.call(
                channel,
                ClientMethod::ChannelClose {
                    code: 200,
                    text: "Goodbye".to_string(),
                },
            ),
            Statement::Publish(publishing) => self.publish(channel, publishing),
            Statement::Call(call) => {
                let queue = self.last_queue.get(&channel).cloned().unwrap_or_default();
                self.call(channel, call.fill(&queue));
            }
            Statement::Settle(settle) => {
                let last = self.last_delivery.get(&channel).copied();
                self.call(channel, settle.method(last.unwrap_or(DeliveryTag(0))));
            }
            Statement::Consume {
                consume, prefetch, ..
            } => {
                if let Some(prefetch_count) = *prefetch {
                    self.call(
                        channel,
                        ClientMethod::BasicQos {
                            prefetch_size: 0,
                            prefetch_count,
                            global: false,
                        },
                    );
                }
                self.call(channel, ClientMethod::BasicConsume(consume.clone()));
            }
            Statement::Sleep(_)
            | Statement::Work(_)
            | Statement::Print(_)
            | Statement::Hang
            | Statement::Repeat { .. }
            | Statement::Paced { .. }
            | Statement::Chance { .. }
            | Statement::Else { .. }
            | Statement::OnMessage { .. }
            | Statement::React
            | Statement::WaitReply { .. }
            | Statement::WaitConfirms { .. }
            | Statement::Trouble(_)
            | Statement::End { .. } => panic!("a test has no use for this statement"),
        }
    }

    fn publish(&mut self, channel: ChannelId, publishing: &Publishing) {
        let queue = self.last_queue.get(&channel).cloned().unwrap_or_default();
        let filling = Filling {
            number: 1,
            now: self.now,
            name: "test",
            queue: queue.as_str(),
            message: None,
        };
        let publish = publishing
            .fill(&queue, &filling, &mut Rng::new(1))
            .unwrap_or_else(|problem| panic!("{}", problem.what()));
        self.call(channel, ClientMethod::BasicPublish(Box::new(publish)));
    }

    fn call(&mut self, channel: ChannelId, method: ClientMethod) {
        self.quietly(|bench| {
            bench.ensure_connection(channel.connection);
            if bench.open.insert(channel) {
                bench.step(Command::call(channel, ClientMethod::ChannelOpen));
            }
        });
        self.step(Command::call(channel, method));
    }

    fn ensure_connection(&mut self, connection: ConnectionId) {
        if !self.connections.contains(&connection) {
            self.connect(connection);
        }
    }

    fn connect(&mut self, connection: ConnectionId) {
        self.connect_as(connection, &[]);
    }

    fn connect_as(&mut self, connection: ConnectionId, words: &[&str]) {
        self.connections.insert(connection);
        let letter = self.numbers.iter().find(|(_, n)| **n == connection.0);
        let name = letter.map_or(String::new(), |(letter, _)| letter.to_string());
        let of = |key| operator::pairs(words, key).next();
        self.step(Command::Connect(Box::new(Connect {
            connection,
            name,
            user: of("user").unwrap_or("guest").into(),
            password: of("password").map_or(Password::Trusted, |text| Password::Text(text.into())),
            vhost: of("vhost").unwrap_or("/").into(),
            capabilities: match words.contains(&"mute") {
                true => MUTE,
                false => Capabilities::ALL,
            },
            peer: match words.contains(&"remote") {
                true => Peer::Remote,
                false => Peer::Loopback,
            },
        })));
    }

    fn quietly(&mut self, what: impl FnOnce(&mut Bench)) {
        let shown = self.shown.len();
        what(self);
        self.shown.truncate(shown);
    }

    /// Lets `ms` pass, with everything that falls due at its own time.
    fn pass(&mut self, ms: u64) {
        let until = self.now + ms;
        while let Some(deadline) = self.broker.next_deadline()
            && deadline <= until
        {
            self.now = self.now.max(deadline);
            self.step(Command::Tick);
        }
        self.now = until;
    }

    /// Carries a command out that no line can say.
    pub fn step(&mut self, command: Command) {
        let mut events = Vec::new();
        let input = Input {
            at: self.now,
            origin: Origin::Api,
            command,
        };
        self.broker.step(&input, &mut events);
        self.inputs.push(input);
        for event in &events {
            self.notice(event);
        }
        self.shown += &transcript::lines(&events);
        self.events.extend(events.iter().cloned());
        if self.answers_closes {
            for channel in events.iter().filter_map(closed_by_broker) {
                self.open.remove(&channel);
                self.step(Command::call(channel, ClientMethod::ChannelCloseOk));
            }
        }
    }

    fn notice(&mut self, event: &Event) {
        match event {
            // After an exception the number is free only when close-ok was sent.
            Event::ChannelClosed { channel, .. } if closed_by_broker(event).is_none() => {
                self.open.remove(channel);
            }
            Event::ConnectionClosed { connection, .. }
            | Event::ConnectionRefused { connection, .. } => {
                // A number is used once: the next use of this letter is a new connection.
                self.connections.remove(connection);
                self.open.retain(|open| open.connection != *connection);
                self.numbers.retain(|_, number| *number != connection.0);
            }
            Event::Replied { channel, method } => {
                if let ServerMethod::QueueDeclareOk { queue, .. } = &**method {
                    self.last_queue.insert(*channel, queue.clone());
                }
            }
            Event::Delivered {
                channel,
                tag,
                message,
                properties,
                ..
            } => {
                self.last_delivery.insert(*channel, *tag);
                let properties = properties.as_ref().unwrap_or(&message.properties);
                self.last_properties.insert(*channel, Rc::clone(properties));
            }
            _ => {}
        }
    }
}

/// A client that understands no notices.
const MUTE: Capabilities = Capabilities {
    consumer_cancel_notify: false,
    connection_blocked: false,
    authentication_failure_close: false,
};

fn closed_by_broker(event: &Event) -> Option<ChannelId> {
    match event {
        Event::ChannelClosed {
            channel,
            end: ChannelEnd::Exception(_),
        } => Some(*channel),
        _ => None,
    }
}

fn milliseconds(text: &str) -> u64 {
    duration_ms(text).expect("a time with its unit")
}

/// Names that the server made are random: they are numbered in the order of their first appearance.
pub fn with_short_names(text: &str) -> String {
    let mut short = text.to_string();
    for prefix in ["amq.gen-", "amq.ctag-", "amq.rabbitmq.reply-to."] {
        let mut number = 0;
        let mut from = 0;
        while let Some(at) = short[from..].find(prefix).map(|at| at + from) {
            let name: String = short[at..].chars().take(prefix.len() + 22).collect();
            from = at + prefix.len();
            if name.len() == prefix.len() + 22 && !name.contains(char::is_whitespace) {
                number += 1;
                short = short.replace(&name, &format!("{prefix}{number}"));
            }
        }
    }
    short
}
