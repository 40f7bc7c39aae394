//! A consumer: what it consumes, how it works, how it fails, and what it sends on.

use super::{connect, key, text};
use crate::actors::chance::Delay;
use crate::actors::script::quote;

/// Where its messages come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    Queue(String),
    /// An exclusive queue of its own, bound to an exchange.
    Own {
        exchange: String,
        routing_key: String,
    },
}

/// When it acknowledges.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AckWhen {
    /// `no_ack`: a delivery is settled by being sent.
    Automatic,
    /// The person presses Ack, Nack or Reject.
    ByHand,
    BeforeWork,
    AfterWork,
    /// Every so many messages, all of them at once.
    Batch(u32),
}

/// What follows when the work fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mishap {
    NackRequeue,
    NackDiscard,
    RejectRequeue,
    RejectDiscard,
    /// Its connection is lost.
    Crash,
    /// It stands still and acknowledges nothing any more.
    Hang,
}

impl Mishap {
    /// Every one, in the order forms offer them.
    pub const ALL: [Mishap; 6] = [
        Mishap::NackRequeue,
        Mishap::NackDiscard,
        Mishap::RejectRequeue,
        Mishap::RejectDiscard,
        Mishap::Crash,
        Mishap::Hang,
    ];

    /// The statement of the language.
    pub const fn statement(self) -> &'static str {
        match self {
            Mishap::NackRequeue => "nack requeue",
            Mishap::NackDiscard => "nack discard",
            Mishap::RejectRequeue => "reject requeue",
            Mishap::RejectDiscard => "reject discard",
            Mishap::Crash => "crash",
            Mishap::Hang => "hang",
        }
    }
}

/// How often the work fails, and what follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Failure {
    /// In thousandths.
    pub per_mille: u16,
    pub then: Mishap,
}

/// What it publishes when the work is done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Onward {
    pub exchange: String,
    pub routing_key: String,
    pub payload: String,
    pub persistent: bool,
}

/// What a person chooses for a consumer.
#[derive(Clone, Debug, PartialEq)]
pub struct ConsumerForm {
    pub source: Source,
    /// 0 is no limit.
    pub prefetch: u16,
    pub ack: AckWhen,
    pub work: Delay,
    pub failure: Option<Failure>,
    pub onward: Option<Onward>,
    /// Answers who asked (RPC): to reply_to, under the correlation id.
    pub reply: Option<String>,
    /// So many messages, and then it closes.
    pub times: Option<u32>,
    pub reconnect_ms: Option<u64>,
}

impl Default for ConsumerForm {
    fn default() -> ConsumerForm {
        ConsumerForm {
            source: Source::Queue(String::new()),
            prefetch: 1,
            ack: AckWhen::AfterWork,
            work: Delay::Fixed(1_000),
            failure: None,
            onward: None,
            reply: None,
            times: None,
            reconnect_ms: None,
        }
    }
}

impl ConsumerForm {
    /// The script it stands for.
    pub fn script(&self) -> String {
        let mut script = connect(self.reconnect_ms);
        script += "channel\n";
        let queue = match &self.source {
            Source::Queue(name) => quote(name),
            Source::Own {
                exchange,
                routing_key,
            } => {
                script += "queue \"\" exclusive\n";
                let (exchange, key) = (quote(exchange), key(routing_key));
                script += &format!("bind {exchange} -> $queue{key}\n");
                "$queue".to_string()
            }
        };
        if self.prefetch > 0 && self.ack != AckWhen::Automatic {
            script += &format!("qos {}\n", self.prefetch);
        }
        let mode = match self.ack {
            AckWhen::Automatic => "auto",
            AckWhen::ByHand | AckWhen::BeforeWork | AckWhen::AfterWork | AckWhen::Batch(_) => {
                "manual"
            }
        };
        script += &format!("consume {queue} {mode}\n");
        if self.ack != AckWhen::ByHand {
            script += &self.handler();
        }
        script
    }

    fn handler(&self) -> String {
        let times = self.times.map_or(String::new(), |n| format!(" times={n}"));
        let mut script = format!("on message{times}\n");
        if self.ack == AckWhen::BeforeWork {
            script += "  ack\n";
        }
        script += &format!("  work {}\n", self.work);
        let done = self.done();
        match self.failure {
            None => script += &indented(&done, 1),
            Some(failure) => {
                let percent = f64::from(failure.per_mille) / 10.0;
                let then = failure.then.statement();
                script += &format!("  chance {percent}%\n    {then}\n");
                if !done.is_empty() {
                    script += "  else\n";
                    script += &indented(&done, 2);
                }
                script += "  end\n";
            }
        }
        script + "end\n"
    }

    /// What it does when the work went well.
    fn done(&self) -> Vec<String> {
        let mut lines = Vec::new();
        if let Some(onward) = &self.onward {
            let persistent = if onward.persistent { " persistent" } else { "" };
            lines.push(format!(
                "publish {}{} {}{persistent}",
                quote(&onward.exchange),
                key(&onward.routing_key),
                text(&onward.payload)
            ));
        }
        if let Some(reply) = &self.reply {
            lines.push(format!("reply {}", text(reply)));
        }
        match self.ack {
            AckWhen::AfterWork => lines.push("ack".to_string()),
            AckWhen::Batch(size) => lines.push(format!("ack batch={size}")),
            AckWhen::Automatic | AckWhen::ByHand | AckWhen::BeforeWork => {}
        }
        lines
    }

    /// Whether a mishap can be answered: with `no_ack`, or after an early ack, there is nothing left to nack.
    pub fn can_settle(&self) -> bool {
        matches!(self.ack, AckWhen::AfterWork | AckWhen::Batch(_))
    }
}

fn indented(lines: &[String], depth: usize) -> String {
    lines
        .iter()
        .map(|line| format!("{}{line}\n", "  ".repeat(depth)))
        .collect()
}
