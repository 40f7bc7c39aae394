//! The form of a producer: what is typed, and the producer it describes.

use yew::AttrValue;

use crate::actors::chance::time;
use crate::actors::form::{Attribute, Form, ProducerForm, When};
use crate::actors::schedule::{MAX_RATE, Schedule, Spread};
use crate::actors::script::{PROPERTIES, Reaction};
use crate::ui::amqp::forms::basics::Basics;
use crate::ui::amqp::forms::described::{Spot, Wrongs, count, duration, reads, short};
use crate::ui::amqp::forms::rows::RowKind;
use crate::ui::components::Row;
use crate::ui::text::Lang;

/// When it publishes, as the form asks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Timing {
    #[default]
    ByHand,
    Once,
    Every,
    Rate,
    Burst,
    Curve,
    OnReply,
}

impl Timing {
    /// Every choice, in the order the form offers them.
    pub const ALL: [Timing; 7] = [
        Timing::ByHand,
        Timing::Once,
        Timing::Every,
        Timing::Rate,
        Timing::Burst,
        Timing::Curve,
        Timing::OnReply,
    ];

    /// The value of its `<option>`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Timing::ByHand => "by-hand",
            Timing::Once => "once",
            Timing::Every => "every",
            Timing::Rate => "rate",
            Timing::Burst => "burst",
            Timing::Curve => "curve",
            Timing::OnReply => "on-reply",
        }
    }

    /// The choice of that `<option>`.
    pub fn parse(text: &str) -> Timing {
        Timing::ALL
            .into_iter()
            .find(|timing| timing.as_str() == text)
            .unwrap_or_default()
    }
}

/// What it does about a notice, as the form asks.
pub fn reaction_word(reaction: Reaction) -> &'static str {
    match reaction {
        Reaction::Ignore => "ignore",
        Reaction::Retry { .. } => "retry",
        Reaction::Stop => "stop",
    }
}

/// What stands in the form of a producer.
#[derive(Clone, Debug, PartialEq)]
pub struct ProducerDraft {
    pub basics: Basics,
    pub exchange: AttrValue,
    pub routing_key: AttrValue,
    pub payload: AttrValue,
    pub persistent: bool,
    pub mandatory: bool,
    pub headers: Vec<Row>,
    pub properties: Vec<Row>,
    pub timing: Timing,
    pub every: AttrValue,
    pub rate: AttrValue,
    pub poisson: bool,
    pub burst: AttrValue,
    pub burst_every: AttrValue,
    pub burst_gap: AttrValue,
    pub curve: AttrValue,
    pub again: bool,
    pub timeout: AttrValue,
    pub confirms: bool,
    pub on_nack: AttrValue,
    pub on_return: AttrValue,
    pub on_blocked: AttrValue,
    pub retry_after: AttrValue,
}

impl ProducerDraft {
    /// A form under a name nobody has.
    pub fn new(name: String) -> ProducerDraft {
        ProducerDraft {
            basics: Basics::new(name),
            exchange: AttrValue::default(),
            routing_key: AttrValue::default(),
            payload: "Message {n}".into(),
            persistent: false,
            mandatory: false,
            headers: Vec::new(),
            properties: Vec::new(),
            timing: Timing::ByHand,
            every: "1s".into(),
            rate: "5".into(),
            poisson: false,
            burst: "20".into(),
            burst_every: "10s".into(),
            burst_gap: "10ms".into(),
            curve: "0s=1 10s=20 20s=1".into(),
            again: true,
            timeout: "5s".into(),
            confirms: false,
            on_nack: "ignore".into(),
            on_return: "ignore".into(),
            on_blocked: "ignore".into(),
            retry_after: "1s".into(),
        }
    }

    /// The form of a producer that is there.
    pub fn of(name: &str, form: &ProducerForm) -> ProducerDraft {
        let mut draft = ProducerDraft {
            exchange: form.exchange.clone().into(),
            routing_key: form.routing_key.clone().into(),
            payload: form.payload.clone().into(),
            persistent: form.persistent,
            mandatory: form.mandatory,
            headers: form.headers.iter().map(row).collect(),
            properties: form.properties.iter().map(row).collect(),
            basics: Basics::of(name, form.times, form.reconnect_ms),
            confirms: form.confirms,
            on_nack: reaction_word(form.on_nack).into(),
            on_return: reaction_word(form.on_return).into(),
            on_blocked: reaction_word(form.on_blocked).into(),
            ..ProducerDraft::new(name.to_string())
        };
        if let Reaction::Retry { after_ms } = form.on_nack {
            draft.retry_after = time(after_ms).into();
        } else if let Reaction::Retry { after_ms } = form.on_return {
            draft.retry_after = time(after_ms).into();
        }
        draft.show_when(&form.when);
        draft
    }

    fn show_when(&mut self, when: &When) {
        match when {
            When::ByHand => self.timing = Timing::ByHand,
            When::Once => self.timing = Timing::Once,
            When::OnReply { timeout_ms } => {
                self.timing = Timing::OnReply;
                self.timeout = time(*timeout_ms).into();
            }
            When::Paced(Schedule::Every(ms)) => {
                self.timing = Timing::Every;
                self.every = time(*ms).into();
            }
            When::Paced(Schedule::Rate { per_second, spread }) => {
                self.timing = Timing::Rate;
                self.rate = per_second.to_string().into();
                self.poisson = *spread == Spread::Poisson;
            }
            When::Paced(Schedule::Burst {
                count,
                every_ms,
                gap_ms,
            }) => {
                self.timing = Timing::Burst;
                self.burst = count.to_string().into();
                self.burst_every = time(*every_ms).into();
                self.burst_gap = time(*gap_ms).into();
            }
            When::Paced(Schedule::Curve {
                points,
                spread,
                again,
            }) => {
                self.timing = Timing::Curve;
                let points: Vec<String> = points
                    .iter()
                    .map(|point| format!("{}={}", time(point.at_ms), point.per_second))
                    .collect();
                self.curve = points.join(" ").into();
                self.poisson = *spread == Spread::Poisson;
                self.again = *again;
            }
        }
    }

    /// The producer it describes, or what is wrong.
    pub fn read(&self, lang: Lang) -> (Option<Form>, Wrongs) {
        let mut wrongs = Wrongs::new(lang);
        wrongs.name(&self.basics.name);
        short(&mut wrongs, Spot::RoutingKey, &self.routing_key);
        let when = self.when(&mut wrongs);
        let retry_ms = duration(&mut wrongs, Spot::RetryAfter, &self.retry_after);
        let reaction = |word: &AttrValue| match word.as_str() {
            "retry" => Reaction::Retry {
                after_ms: retry_ms.max(1),
            },
            "stop" => Reaction::Stop,
            _ => Reaction::Ignore,
        };
        let reconnect_ms = self.basics.read_reconnect(&mut wrongs);
        let form = ProducerForm {
            exchange: self.exchange.to_string(),
            routing_key: self.routing_key.to_string(),
            payload: self.payload.to_string(),
            persistent: self.persistent,
            mandatory: self.mandatory,
            properties: attributes(&self.properties, Spot::Properties, &mut wrongs),
            headers: attributes(&self.headers, Spot::Headers, &mut wrongs),
            when,
            times: match self.timing {
                Timing::ByHand | Timing::Once => None,
                _ => self.basics.read_times(&mut wrongs),
            },
            confirms: self.confirms,
            on_nack: reaction(&self.on_nack),
            on_return: reaction(&self.on_return),
            on_blocked: reaction(&self.on_blocked),
            reconnect_ms,
        };
        let form = Form::Producer(form);
        reads(&mut wrongs, &form);
        (wrongs.is_empty().then_some(form), wrongs)
    }

    fn when(&self, wrongs: &mut Wrongs) -> When {
        let spread = match self.poisson {
            true => Spread::Poisson,
            false => Spread::Even,
        };
        match self.timing {
            Timing::ByHand => When::ByHand,
            Timing::Once => When::Once,
            Timing::Every => When::Paced(Schedule::Every(
                duration(wrongs, Spot::Every, &self.every).max(1),
            )),
            Timing::Rate => {
                let rate = self.rate.trim().parse::<f64>().ok();
                let rate = rate.filter(|rate| *rate > 0.0 && *rate <= MAX_RATE);
                if rate.is_none() {
                    wrongs.rate(Spot::Rate, &self.rate);
                }
                When::Paced(Schedule::Rate {
                    per_second: rate.unwrap_or(1.0),
                    spread,
                })
            }
            Timing::Burst => {
                let burst = count(wrongs, Spot::Burst, &self.burst).unwrap_or(1);
                When::Paced(Schedule::Burst {
                    count: burst.max(1),
                    every_ms: duration(wrongs, Spot::BurstEvery, &self.burst_every).max(1),
                    gap_ms: duration(wrongs, Spot::BurstGap, &self.burst_gap),
                })
            }
            Timing::Curve => When::Paced(Schedule::Curve {
                points: wrongs.curve(&self.curve),
                spread,
                again: self.again,
            }),
            Timing::OnReply => When::OnReply {
                timeout_ms: duration(wrongs, Spot::Timeout, &self.timeout),
            },
        }
    }
}

fn row(attribute: &Attribute) -> Row {
    let kind = match (attribute.is_text, attribute.value.as_str()) {
        (true, _) => RowKind::String,
        (false, "true" | "false") => RowKind::Boolean,
        (false, _) => RowKind::Number,
    };
    Row {
        name: attribute.name.clone().into(),
        kind: kind.as_str().into(),
        value: attribute.value.clone().into(),
    }
}

/// Rows in which nothing was written are passed over.
fn attributes(rows: &[Row], spot: Spot, wrongs: &mut Wrongs) -> Vec<Attribute> {
    let mut attributes = Vec::new();
    for (index, row) in rows.iter().enumerate() {
        if row.name.is_empty() && row.value.is_empty() {
            continue;
        }
        let known = PROPERTIES.contains(&row.name.as_str());
        if row.name.is_empty() || (spot == Spot::Properties && !known) {
            wrongs.row(spot, index, &row.name);
            continue;
        }
        let is_text = !matches!(
            RowKind::parse(&row.kind),
            RowKind::Number | RowKind::Boolean | RowKind::List
        );
        let value = match RowKind::parse(&row.kind) {
            RowKind::List => {
                let items = row.value.split(',').map(str::trim);
                let items: Vec<&str> = items.filter(|item| !item.is_empty()).collect();
                format!("[{}]", items.join(","))
            }
            RowKind::Number | RowKind::Boolean => row.value.trim().to_string(),
            RowKind::String => row.value.to_string(),
        };
        let plain = value
            .chars()
            .all(|c| c.is_alphanumeric() || "[],.-_{}:|".contains(c));
        if !is_text && (value.is_empty() || !plain) {
            wrongs.row(spot, index, &row.value);
            continue;
        }
        attributes.push(Attribute {
            name: row.name.to_string(),
            value,
            is_text,
        });
    }
    attributes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn script(draft: &ProducerDraft) -> String {
        let (form, wrongs) = draft.read(Lang::En);
        let wrong = format!("{wrongs:?}");
        form.expect(&wrong).script()
    }

    #[test]
    fn a_producer_at_a_rate_becomes_a_readable_script() {
        let draft = ProducerDraft {
            exchange: "orders".into(),
            routing_key: "order.{pick:new|old}".into(),
            timing: Timing::Rate,
            rate: "20".into(),
            poisson: true,
            basics: Basics::of("shop", Some(100), None),
            confirms: true,
            on_nack: "retry".into(),
            persistent: true,
            headers: vec![Row {
                name: "colour".into(),
                kind: "string".into(),
                value: "red".into(),
            }],
            ..ProducerDraft::new("shop".into())
        };
        assert_eq!(
            script(&draft),
            "connect\nchannel\nconfirm\non nack retry after=1s\nrate 20 poisson times=100\n  publish orders \
             key=\"order.{pick:new|old}\" \"Message {n}\" persistent \"header.colour\"=\"red\"\nend\nwait \
             confirms\nclose\n"
        );
    }

    #[test]
    fn what_is_read_can_be_shown_again() {
        for timing in Timing::ALL {
            let draft = ProducerDraft {
                exchange: "x".into(),
                timing,
                confirms: true,
                on_return: "stop".into(),
                mandatory: true,
                basics: Basics::of("p", None, Some(1_000)),
                ..ProducerDraft::new("p".into())
            };
            let (form, _) = draft.read(Lang::En);
            let Some(Form::Producer(form)) = form else {
                panic!("{timing:?}")
            };
            let again = ProducerDraft::of("p", &form);
            assert_eq!(again.read(Lang::En).0, Some(Form::Producer(form)));
        }
    }

    #[test]
    fn a_million_messages_a_second_are_refused_with_the_limit() {
        let draft = ProducerDraft {
            timing: Timing::Rate,
            rate: "1000000".into(),
            ..ProducerDraft::new("p".into())
        };
        let (form, wrongs) = draft.read(Lang::En);
        assert_eq!(form, None);
        let said = wrongs.tell(Spot::Rate).expect("it is said");
        assert!(said.contains("10000"), "{said}");
    }
}
