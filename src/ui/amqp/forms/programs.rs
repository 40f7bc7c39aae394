//! "Add a producer" and "Add a consumer": each becomes a program with a connection of its own.

use std::rc::Rc;

use yew::AttrValue;

use crate::actors::{AckMode, ProgramSpec};
use crate::amqp::QueueName;
use crate::ui::amqp::forms::{Field, Problem, Problems, names, whole};

/// The longest work a form takes, in milliseconds.
const MAX_WORK_MS: u64 = 600_000;

/// How a consumer acknowledges, as the form asks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AckChoice {
    #[default]
    ByHand,
    Automatic,
    AfterWork,
}

impl AckChoice {
    /// Every choice, in the order the form offers them.
    pub const ALL: [AckChoice; 3] = [
        AckChoice::ByHand,
        AckChoice::Automatic,
        AckChoice::AfterWork,
    ];

    /// The value of its `<option>`.
    pub const fn as_str(self) -> &'static str {
        match self {
            AckChoice::ByHand => "manual",
            AckChoice::Automatic => "auto",
            AckChoice::AfterWork => "work",
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

/// What stands in the form of a consumer.
#[derive(Clone, Debug, PartialEq)]
pub struct ConsumerForm {
    pub name: AttrValue,
    pub queue: Option<AttrValue>,
    pub prefetch: AttrValue,
    pub ack: AckChoice,
    pub work_ms: AttrValue,
}

impl ConsumerForm {
    /// A form for `queue`, under a name nobody has.
    pub fn new(name: String, queue: Option<AttrValue>) -> ConsumerForm {
        ConsumerForm {
            name: name.into(),
            queue,
            prefetch: "1".into(),
            ack: AckChoice::ByHand,
            work_ms: "1000".into(),
        }
    }

    /// What is wrong with it, or the program it asks for.
    pub fn read(&self, colour: u8) -> (Option<ProgramSpec>, Problems) {
        let mut problems = Problems::default();
        problems.extend(Field::Name, program_name(&self.name));
        let prefetch = note(
            &mut problems,
            Field::Prefetch,
            whole(&self.prefetch, 0, u64::from(u16::MAX)),
        );
        let mode = match self.ack {
            AckChoice::ByHand => AckMode::ByHand,
            AckChoice::Automatic => AckMode::Automatic,
            AckChoice::AfterWork => AckMode::AfterWork(note(
                &mut problems,
                Field::Work,
                whole(&self.work_ms, 0, MAX_WORK_MS),
            )),
        };
        let Some(queue) = &self.queue else {
            problems.push(Field::Queue, Problem::NoQueue);
            return (None, problems);
        };
        let prefetch = u16::try_from(prefetch).unwrap_or(u16::MAX);
        let queue = QueueName::from(queue.as_str());
        let spec = ProgramSpec {
            colour,
            ..ProgramSpec::consumer(&self.name, &queue, prefetch, mode)
        };
        (Some(spec), problems)
    }
}

/// What stands in the form of a producer.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ProducerForm {
    pub name: AttrValue,
    /// The exchange it is going to publish to; "" is the default exchange.
    pub exchange: AttrValue,
    pub routing_key: AttrValue,
}

/// Where a hand-made producer publishes to unless it is told otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    pub exchange: Rc<str>,
    pub routing_key: Rc<str>,
}

impl ProducerForm {
    /// What is wrong with it, and the program it asks for.
    pub fn read(&self, colour: u8) -> (ProgramSpec, Problems) {
        let mut problems = Problems::default();
        problems.extend(Field::Name, program_name(&self.name));
        problems.extend(Field::RoutingKey, names::short_string(&self.routing_key));
        let spec = ProgramSpec {
            colour,
            ..ProgramSpec::producer(&self.name)
        };
        (spec, problems)
    }

    /// Where it is going to publish to.
    pub fn plan(&self) -> Plan {
        Plan {
            exchange: self.exchange.as_str().into(),
            routing_key: self.routing_key.as_str().into(),
        }
    }
}

/// A program may have any name that a short string can hold.
fn program_name(name: &str) -> Option<Problem> {
    if name.is_empty() {
        return Some(Problem::NameMissing);
    }
    names::short_string(name)
}

/// The number, or zero and a problem.
fn note(problems: &mut Problems, field: Field, number: Result<u64, Problem>) -> u64 {
    match number {
        Ok(number) => number,
        Err(problem) => {
            problems.push(field, problem);
            0
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::actors::ProgramKind;

    #[test]
    fn a_consumer_form_becomes_a_program() {
        let mut form = ConsumerForm::new("consumer-1".into(), Some("hello".into()));
        form.ack = AckChoice::AfterWork;
        form.work_ms = "250".into();
        let (spec, problems) = form.read(3);
        assert_eq!(problems, Problems::default());
        let spec = spec.expect("the form is whole");
        assert_eq!((spec.kind, spec.colour), (ProgramKind::Consumer, 3));
        assert!(
            spec.script
                .contains("consume hello manual\non message\n  work 250ms\n  ack")
        );
        assert!(spec.script.contains("qos 1"));
    }

    #[test]
    fn a_prefetch_count_is_a_whole_number_of_two_bytes() {
        for wrong in ["65536", "-1", "a", "1.5", ""] {
            let mut form = ConsumerForm::new("c".into(), Some("q".into()));
            form.prefetch = wrong.into();
            let (_, problems) = form.read(0);
            assert_eq!(problems.0[0].0, Field::Prefetch, "{wrong}");
        }
    }

    #[test]
    fn without_a_queue_nothing_can_be_consumed() {
        let (spec, problems) = ConsumerForm::new("c".into(), None).read(0);
        assert_eq!(spec, None);
        assert_eq!(problems.0, [(Field::Queue, Problem::NoQueue)]);
    }

    #[test]
    fn a_producer_keeps_its_plan() {
        let form = ProducerForm {
            name: "p".into(),
            exchange: "logs".into(),
            routing_key: "a.b".into(),
        };
        assert_eq!(&*form.plan().exchange, "logs");
        assert_eq!(form.read(0).0.kind, ProgramKind::Producer);
    }
}
