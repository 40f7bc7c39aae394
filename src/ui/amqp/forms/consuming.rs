//! The form of a consumer: what is typed, and the consumer it describes.

use yew::AttrValue;

use crate::actors::chance::{Delay, time};
use crate::actors::form::{AckWhen, ConsumerForm, Failure, Form, Mishap, Onward, Source};
use crate::ui::amqp::forms::basics::Basics;
use crate::ui::amqp::forms::described::{Spot, Wrongs, duration, reads, short};
use crate::ui::text::Lang;

/// When it acknowledges, as the form asks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AckChoice {
    #[default]
    ByHand,
    Automatic,
    BeforeWork,
    AfterWork,
    Batch,
}

impl AckChoice {
    /// Every choice, in the order the form offers them.
    pub const ALL: [AckChoice; 5] = [
        AckChoice::ByHand,
        AckChoice::Automatic,
        AckChoice::AfterWork,
        AckChoice::BeforeWork,
        AckChoice::Batch,
    ];

    /// The value of its `<option>`.
    pub const fn as_str(self) -> &'static str {
        match self {
            AckChoice::ByHand => "manual",
            AckChoice::Automatic => "auto",
            AckChoice::BeforeWork => "before",
            AckChoice::AfterWork => "work",
            AckChoice::Batch => "batch",
        }
    }

    /// The choice of that `<option>`; by hand when there is none.
    pub fn parse(text: &str) -> AckChoice {
        AckChoice::ALL
            .into_iter()
            .find(|choice| choice.as_str() == text)
            .unwrap_or_default()
    }
}

/// How its time of work is drawn, as the form asks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Spell {
    #[default]
    Fixed,
    Range,
    Exponential,
    Normal,
}

impl Spell {
    /// Every choice, in the order the form offers them.
    pub const ALL: [Spell; 4] = [
        Spell::Fixed,
        Spell::Range,
        Spell::Exponential,
        Spell::Normal,
    ];

    /// The value of its `<option>`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Spell::Fixed => "fixed",
            Spell::Range => "range",
            Spell::Exponential => "exp",
            Spell::Normal => "normal",
        }
    }

    /// The choice of that `<option>`.
    pub fn parse(text: &str) -> Spell {
        Spell::ALL
            .into_iter()
            .find(|spell| spell.as_str() == text)
            .unwrap_or_default()
    }
}

/// What stands in the form of a consumer.
#[derive(Clone, Debug, PartialEq)]
pub struct ConsumerDraft {
    pub basics: Basics,
    /// It has a queue of its own.
    pub own: bool,
    pub queue: Option<AttrValue>,
    pub exchange: AttrValue,
    pub routing_key: AttrValue,
    pub prefetch: AttrValue,
    pub ack: AckChoice,
    pub batch: AttrValue,
    pub spell: Spell,
    pub work: AttrValue,
    /// The other end of a range, or the deviation.
    pub work_more: AttrValue,
    /// In per cent; 0 is never.
    pub fails: AttrValue,
    pub then: Mishap,
    pub onward: bool,
    pub onward_exchange: AttrValue,
    pub onward_key: AttrValue,
    pub onward_payload: AttrValue,
    pub onward_persistent: bool,
    pub reply: bool,
    pub reply_payload: AttrValue,
}

impl ConsumerDraft {
    /// A form for `queue`, under a name nobody has.
    pub fn new(name: String, queue: Option<AttrValue>) -> ConsumerDraft {
        ConsumerDraft {
            basics: Basics::new(name),
            own: false,
            queue,
            exchange: AttrValue::default(),
            routing_key: AttrValue::default(),
            prefetch: "1".into(),
            ack: AckChoice::ByHand,
            batch: "10".into(),
            spell: Spell::Fixed,
            work: "1s".into(),
            work_more: "2s".into(),
            fails: "0".into(),
            then: Mishap::NackRequeue,
            onward: false,
            onward_exchange: AttrValue::default(),
            onward_key: AttrValue::default(),
            onward_payload: "{body}".into(),
            onward_persistent: false,
            reply: false,
            reply_payload: "{body}".into(),
        }
    }

    /// The form of a consumer that is there.
    pub fn of(name: &str, form: &ConsumerForm) -> ConsumerDraft {
        let mut draft = ConsumerDraft {
            prefetch: form.prefetch.to_string().into(),
            onward: form.onward.is_some(),
            reply: form.reply.is_some(),
            basics: Basics::of(name, form.times, form.reconnect_ms),
            ..ConsumerDraft::new(name.to_string(), None)
        };
        match &form.source {
            Source::Queue(queue) => draft.queue = Some(queue.clone().into()),
            Source::Own {
                exchange,
                routing_key,
            } => {
                draft.own = true;
                draft.exchange = exchange.clone().into();
                draft.routing_key = routing_key.clone().into();
            }
        }
        draft.ack = match form.ack {
            AckWhen::Automatic => AckChoice::Automatic,
            AckWhen::ByHand => AckChoice::ByHand,
            AckWhen::BeforeWork => AckChoice::BeforeWork,
            AckWhen::AfterWork => AckChoice::AfterWork,
            AckWhen::Batch(size) => {
                draft.batch = size.to_string().into();
                AckChoice::Batch
            }
        };
        let (spell, work, more) = match form.work {
            Delay::Fixed(ms) => (Spell::Fixed, ms, None),
            Delay::Range(least, most) => (Spell::Range, least, Some(most)),
            Delay::Exponential(ms) => (Spell::Exponential, ms, None),
            Delay::Normal { mean, deviation } => (Spell::Normal, mean, Some(deviation)),
        };
        (draft.spell, draft.work) = (spell, time(work).into());
        if let Some(more) = more {
            draft.work_more = time(more).into();
        }
        if let Some(failure) = form.failure {
            draft.fails = (f64::from(failure.per_mille) / 10.0).to_string().into();
            draft.then = failure.then;
        }
        if let Some(onward) = &form.onward {
            draft.onward_exchange = onward.exchange.clone().into();
            draft.onward_key = onward.routing_key.clone().into();
            draft.onward_payload = onward.payload.clone().into();
            draft.onward_persistent = onward.persistent;
        }
        if let Some(reply) = &form.reply {
            draft.reply_payload = reply.clone().into();
        }
        draft
    }

    /// The consumer it describes, or what is wrong.
    pub fn read(&self, lang: Lang) -> (Option<Form>, Wrongs) {
        let mut wrongs = Wrongs::new(lang);
        wrongs.name(&self.basics.name);
        short(&mut wrongs, Spot::RoutingKey, &self.routing_key);
        let prefetch = wrongs.whole(Spot::Prefetch, &self.prefetch, 0, u64::from(u16::MAX));
        let prefetch = u16::try_from(prefetch).unwrap_or(u16::MAX);
        let ack = self.ack(prefetch, &mut wrongs);
        let works = self.ack != AckChoice::ByHand;
        let form = ConsumerForm {
            source: match (self.own, &self.queue) {
                (true, _) => Source::Own {
                    exchange: self.exchange.to_string(),
                    routing_key: self.routing_key.to_string(),
                },
                (false, Some(queue)) => Source::Queue(queue.to_string()),
                (false, None) => {
                    wrongs.no_queue();
                    Source::Queue(String::new())
                }
            },
            prefetch,
            ack,
            work: if works {
                self.work(&mut wrongs)
            } else {
                ConsumerForm::default().work
            },
            failure: if works {
                self.failure(&mut wrongs)
            } else {
                None
            },
            onward: (works && self.onward).then(|| Onward {
                exchange: self.onward_exchange.to_string(),
                routing_key: self.onward_key.to_string(),
                payload: self.onward_payload.to_string(),
                persistent: self.onward_persistent,
            }),
            reply: (works && self.reply).then(|| self.reply_payload.to_string()),
            times: match works {
                true => self.basics.read_times(&mut wrongs),
                false => None,
            },
            reconnect_ms: self.basics.read_reconnect(&mut wrongs),
        };
        let form = Form::Consumer(form);
        reads(&mut wrongs, &form);
        (wrongs.is_empty().then_some(form), wrongs)
    }

    fn ack(&self, prefetch: u16, wrongs: &mut Wrongs) -> AckWhen {
        match self.ack {
            AckChoice::ByHand => AckWhen::ByHand,
            AckChoice::Automatic => AckWhen::Automatic,
            AckChoice::BeforeWork => AckWhen::BeforeWork,
            AckChoice::AfterWork => AckWhen::AfterWork,
            AckChoice::Batch => {
                let size = wrongs.whole(Spot::Batch, &self.batch, 1, u64::from(u16::MAX));
                if prefetch > 0 && size > u64::from(prefetch) {
                    wrongs.batch_over_prefetch(size, prefetch);
                }
                AckWhen::Batch(u32::try_from(size).unwrap_or(1).max(1))
            }
        }
    }

    fn work(&self, wrongs: &mut Wrongs) -> Delay {
        let ms = duration(wrongs, Spot::Work, &self.work);
        match self.spell {
            Spell::Fixed => Delay::Fixed(ms),
            Spell::Exponential => Delay::Exponential(ms),
            Spell::Range => {
                let most = duration(wrongs, Spot::WorkMore, &self.work_more);
                Delay::Range(ms.min(most), ms.max(most))
            }
            Spell::Normal => Delay::Normal {
                mean: ms,
                deviation: duration(wrongs, Spot::WorkMore, &self.work_more),
            },
        }
    }

    fn failure(&self, wrongs: &mut Wrongs) -> Option<Failure> {
        let percent = self.fails.trim().trim_end_matches('%').parse::<f64>().ok();
        match percent {
            Some(percent) if (0.0..=100.0).contains(&percent) => {
                let per_mille = (percent * 10.0).round() as u16;
                (per_mille > 0).then_some(Failure {
                    per_mille,
                    then: self.then,
                })
            }
            Some(_) | None => {
                wrongs.percentage(Spot::Fails, &self.fails);
                None
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft() -> ConsumerDraft {
        ConsumerDraft::new("worker-1".into(), Some("work".into()))
    }

    #[test]
    fn a_worker_that_fails_becomes_a_readable_script() {
        let draft = ConsumerDraft {
            ack: AckChoice::AfterWork,
            spell: Spell::Range,
            work: "100ms".into(),
            work_more: "300ms".into(),
            fails: "12.5".into(),
            then: Mishap::RejectDiscard,
            onward: true,
            onward_exchange: "done".into(),
            onward_key: "{key}".into(),
            ..draft()
        };
        let (form, _) = draft.read(Lang::En);
        assert_eq!(
            form.expect("the form is whole").script(),
            "connect\nchannel\nqos 1\nconsume work manual\non message\n  work 100ms..300ms\n  chance 12.5%\n    reject \
             discard\n  else\n    publish done key=\"{key}\" \"{body}\"\n    ack\n  end\nend\n"
        );
    }

    #[test]
    fn what_is_read_can_be_shown_again() {
        for ack in AckChoice::ALL {
            for spell in Spell::ALL {
                let draft = ConsumerDraft {
                    own: spell == Spell::Range,
                    exchange: "logs".into(),
                    prefetch: "20".into(),
                    ack,
                    spell,
                    fails: "5".into(),
                    then: Mishap::Hang,
                    reply: true,
                    basics: Basics::of("worker-1", Some(7), Some(1_000)),
                    ..draft()
                };
                let (form, wrongs) = draft.read(Lang::En);
                let Some(Form::Consumer(form)) = form else {
                    panic!("{ack:?} {spell:?} {wrongs:?}")
                };
                let again = ConsumerDraft::of("worker-1", &form);
                assert_eq!(again.read(Lang::En).0, Some(Form::Consumer(form)));
            }
        }
    }

    #[test]
    fn a_prefetch_count_is_a_whole_number_of_two_bytes() {
        for wrong in ["65536", "-1", "a", "1.5", ""] {
            let draft = ConsumerDraft {
                prefetch: wrong.into(),
                ..draft()
            };
            let (form, wrongs) = draft.read(Lang::En);
            assert_eq!(form, None, "{wrong}");
            assert!(wrongs.tell(Spot::Prefetch).is_some(), "{wrong}");
        }
    }

    #[test]
    fn a_batch_that_prefetch_never_fills_is_refused() {
        let draft = ConsumerDraft {
            ack: AckChoice::Batch,
            prefetch: "5".into(),
            ..draft()
        };
        assert!(draft.read(Lang::En).1.tell(Spot::Batch).is_some());
    }

    #[test]
    fn without_a_queue_nothing_can_be_consumed() {
        let (form, wrongs) = ConsumerDraft::new("c".into(), None).read(Lang::En);
        assert_eq!(form, None);
        assert!(wrongs.tell(Spot::Queue).is_some());
    }
}
