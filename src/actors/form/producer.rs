//! A producer: what it publishes, when, and what it does about notices.

use super::{connect, key, reaction, text};
use crate::actors::schedule::Schedule;
use crate::actors::script::{Reaction, quote};

/// When a producer publishes.
#[derive(Clone, Debug, PartialEq)]
pub enum When {
    /// When the person says so.
    ByHand,
    Once,
    Paced(Schedule),
    /// The next one when the answer to the last has come (RPC), or when that took too long.
    OnReply {
        timeout_ms: u64,
    },
}

/// A property or header with its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribute {
    pub name: String,
    pub value: String,
    /// It stays text, also where it looks like a number.
    pub is_text: bool,
}

/// What a person chooses for a producer.
#[derive(Clone, Debug, PartialEq)]
pub struct ProducerForm {
    /// "" is the default exchange.
    pub exchange: String,
    /// Key, payload and values may have places to be filled: `{n}`, `{pick:a|b}`.
    pub routing_key: String,
    pub payload: String,
    pub persistent: bool,
    pub mandatory: bool,
    /// By the names of the language: `priority`, `content-type` …
    pub properties: Vec<Attribute>,
    pub headers: Vec<Attribute>,
    pub when: When,
    /// So many messages, and then it closes; without, it goes on.
    pub times: Option<u32>,
    pub confirms: bool,
    pub on_nack: Reaction,
    pub on_return: Reaction,
    pub on_blocked: Reaction,
    pub reconnect_ms: Option<u64>,
}

impl Default for ProducerForm {
    fn default() -> ProducerForm {
        ProducerForm {
            exchange: String::new(),
            routing_key: String::new(),
            payload: String::new(),
            persistent: false,
            mandatory: false,
            properties: Vec::new(),
            headers: Vec::new(),
            when: When::ByHand,
            times: None,
            confirms: false,
            on_nack: Reaction::Ignore,
            on_return: Reaction::Ignore,
            on_blocked: Reaction::Ignore,
            reconnect_ms: None,
        }
    }
}

/// Where answers come without a queue.
const REPLIES: &str = "amq.rabbitmq.reply-to";

impl ProducerForm {
    /// The script it stands for.
    pub fn script(&self) -> String {
        let mut script = connect(self.reconnect_ms);
        script += "channel\n";
        if self.confirms {
            script += "confirm\n";
            script += &reaction("nack", self.on_nack);
        }
        if self.mandatory {
            script += &reaction("return", self.on_return);
        }
        script += &reaction("blocked", self.on_blocked);
        let times = self.times.map_or(String::new(), |n| format!(" times={n}"));
        match &self.when {
            When::ByHand => return script,
            When::Once => script += &format!("{}\n", self.publish()),
            When::Paced(schedule) => {
                script += &format!("{schedule}{times}\n  {}\nend\n", self.publish());
            }
            When::OnReply { timeout_ms } => {
                let rounds = self.times.map_or("forever".to_string(), |n| n.to_string());
                let timeout = crate::actors::chance::time(*timeout_ms);
                script += &format!(
                    "consume {REPLIES} auto\nrepeat {rounds}\n  {} reply-to={REPLIES} \
                     correlation-id={{n}}\n  wait reply timeout={timeout}\nend\n",
                    self.publish()
                );
            }
        }
        let ends = self.when == When::Once || self.times.is_some();
        if ends {
            if self.confirms {
                script += "wait confirms\n";
            }
            script += "close\n";
        }
        script
    }

    fn publish(&self) -> String {
        let mut line = format!(
            "publish {}{} {}",
            quote(&self.exchange),
            key(&self.routing_key),
            text(&self.payload)
        );
        for (flag, is_set) in [
            (" persistent", self.persistent),
            (" mandatory", self.mandatory),
        ] {
            if is_set {
                line += flag;
            }
        }
        for attribute in &self.properties {
            line += &format!(" {}={}", attribute.name, text(&attribute.value));
        }
        for header in &self.headers {
            let value = match header.is_text {
                true => text(&header.value),
                false => header.value.clone(),
            };
            line += &format!(" \"header.{}\"={value}", escaped(&header.name));
        }
        line
    }
}

/// The inside of a text in double quotes.
fn escaped(name: &str) -> String {
    let quoted = text(name);
    quoted
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'))
        .unwrap_or(name)
        .to_string()
}
