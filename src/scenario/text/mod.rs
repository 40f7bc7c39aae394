//! The short text form of scenarios, for fenced code blocks and for typing: one line a thing.
//!
//! ```text
//! title Orders                              # title.zh, about, about.zh
//! exchange orders topic durable             # as in scripts: NAME TYPE and flags and arguments
//! queue work durable ttl=60s dlx=graveyard
//! bind orders -> work key=order.*           # `-> exchange NAME` for an exchange
//! policy short ^tmp message-ttl=1000 max-length=10 @apply=queues @priority=1
//!
//! producer shop colour=2 pace=300ms         # what stands indented below is its script
//!   publish orders key=order.new "one book" persistent
//! consumer clerk after=2s                   # after=never: it waits until somebody starts it
//!   consume work work=800ms
//! program both
//! producer till                             # or a form, a line a choice: see `src/actors/form/lines.rs`
//!   sends orders key=order.{n} "book {n}" persistent
//!   every 500ms times=100
//! consumer packer
//!   takes work
//!   qos 5
//!   fails 10% nack requeue
//!
//! place queue:work 420 220                  # where it stands on the canvas
//! seed 7
//! rabbitmq 3.10                             # whose behaviour; 4 if it is not said
//! notes "for whoever wrote it"
//! ```
//!
//! `#` begins a comment, names with blanks stand in quotes. What has no line here (an argument of a rare type, say)
//! is written as JSON instead: both forms say the same.

mod read;
mod write;

pub use read::read;
pub use write::write;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{Scenario, catalog};

    const ORDERS: &str = "\
title Orders
title.zh 订单
about \"Two queues; one topic\"
exchange orders topic durable
exchange \"a b\" fanout auto-delete internal ae=orders
queue work durable ttl=60s dlx=\"a b\" x-max-length=10
queue 日志
bind orders -> work key=order.*
bind orders -> exchange \"a b\" key=#
bind amq.headers -> 日志 x-match=any region=eu size=5
policy short ^tmp message-ttl=1000 @apply=queues @priority=1

# A comment stands where it likes.
producer shop colour=2 pace=300ms
  publish orders key=order.new \"one; book # 1\" persistent   # and a comment

  close
consumer clerk after=2s
\tconsume work work=800ms
program both after=never
place queue:work 420 220
place program:shop -80 1.5
seed 7
rabbitmq 3.10
notes \"line one\\nline two\"
";

    #[test]
    fn both_forms_say_the_same() {
        let scenario = read(ORDERS).expect("the text is sound");
        let json = Scenario::parse(&scenario.to_json()).expect("what is written is sound");
        assert_eq!(scenario, json);
        assert_eq!(scenario.title.zh, "订单");
        assert_eq!(scenario.topology.queues.len(), 2);
        assert_eq!(scenario.topology.bindings.len(), 3);
        assert_eq!(scenario.programs[0].script.len(), 2);
        assert_eq!(scenario.programs[1].start_after_ms, Some(2_000));
        assert_eq!(scenario.programs[2].start_after_ms, None);
        assert_eq!(scenario.seed, 7);
    }

    #[test]
    fn what_is_written_reads_back() {
        let mut scenarios = vec![
            read(ORDERS).expect("the text is sound"),
            Scenario::default(),
        ];
        let built_in = catalog::CATALOG.iter();
        scenarios.extend(built_in.map(|entry| Scenario::parse(entry.json()).expect("sound")));
        for mut scenario in scenarios {
            scenario.seed = scenario.seed.max(1);
            if let Some(text) = write(&scenario) {
                let again = read(&text).unwrap_or_else(|error| panic!("{error}\n{text}"));
                assert_eq!(again, scenario, "{text}");
            }
        }
        let orders = read(ORDERS).expect("the text is sound");
        assert!(write(&orders).is_some_and(|text| text.len() < ORDERS.len() + 40));
    }

    #[test]
    fn what_has_no_line_is_not_written_wrongly() {
        let json = r#"{"version":1,"topology":{"queues":[{"name":"q","arguments":{"x-a":{"$type":"short","value":5}}}]}}"#;
        let scenario = Scenario::parse(json).expect("the scenario is sound");
        assert_eq!(write(&scenario), None);
    }

    const FAULTS: &[(&str, &str)] = &[
        (
            "exchange logs\n",
            "line 1, column 10: `exchange` needs a type. For example: exchange logs fanout durable",
        ),
        (
            "\n  queue work\n",
            "line 2, column 3: an indented line belongs to a program. Begin one first: producer NAME",
        ),
        (
            "queu work",
            "line 1, column 1: there is no line `queu`. Did you mean `queue`?",
        ),
        (
            "publish logs \"x\"",
            "line 1, column 1: `publish` is what a program does. Put it, indented, below a line such as: producer NAME",
        ),
        (
            "queue work\nbind logs -> work",
            "line 2, column 6: there is no exchange `logs` here. Declare it first: exchange logs fanout",
        ),
        (
            "exchange logs fanout\nbind logs -> work",
            "line 2, column 14: there is no queue `work` here. Declare it first: queue work",
        ),
        (
            "queue amq.mine",
            "line 1, column 7: the name `amq.mine` begins with amq., which is reserved for the broker. Choose another",
        ),
        (
            "queue \"\"",
            "line 1, column 7: a queue of a scenario needs a name. For example: queue work durable",
        ),
        (
            "queue work exclusive",
            "line 1, column 12: a queue of a scenario cannot be exclusive: that belongs to one connection. Let a program declare it",
        ),
        (
            "producer p\n  pulbish logs",
            "line 2, column 3: there is no statement `pulbish`. Did you mean `publish`?",
        ),
        (
            "producer p pace=fast",
            "line 1, column 12: `fast` is no time. Write a number and its unit: 500ms, 2s, 1.5s, 1m.",
        ),
        (
            "producer p colour=9",
            "line 1, column 12: `9` is no colour. It goes from 0 to 7.",
        ),
        (
            "place queue:work 1",
            "line 1, column 1: `place` needs a thing and two numbers. For example: place queue:work 420 220",
        ),
        (
            "seed x",
            "line 1, column 6: `x` is no seed. It goes from 0 to 9007199254740991.",
        ),
        (
            "rabbitmq 5",
            "line 1, column 10: `5` is no version that is known here. Write 4 or 3.10.",
        ),
        (
            "title \"Orders",
            "line 1, column 7: this text has no end. Close it with \" on the same line.",
        ),
        (
            "queue work; queue work2",
            "line 1, column 11: here one line says one thing. Write what follows on a line of its own.",
        ),
    ];

    #[test]
    fn a_fault_is_named_with_line_and_column() {
        for (text, expected) in FAULTS {
            match read(text) {
                Ok(scenario) => panic!("{text} was read as {scenario:?}"),
                Err(error) => {
                    let error = error.to_string();
                    assert!(error.contains(expected), "{text}\n  {error}\n  {expected}");
                }
            }
        }
    }
}
