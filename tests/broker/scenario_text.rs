//! The short text form of scenarios: what it writes reads back, whatever the programs are, and each fault is told with
//! its line.

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use mq_playground::actors::form::{
    AckWhen, Attribute, ConsumerForm, Failure, Mishap, Onward, ProducerForm, Source, When,
};
use mq_playground::actors::schedule::{Point, Spread};
use mq_playground::actors::{Delay, Form, Login, Reaction, Schedule};
use mq_playground::engine::Engine;
use mq_playground::machine::Rng;
use mq_playground::scenario::{Scenario, ScenarioProgram, ScenarioProgramKind, catalog};

const SHOP: &str = "\
exchange orders topic durable
queue work durable
bind orders -> work key=order.*
producer till colour=2
  # how it sends
  sends orders key=order.{n} \"book {n}\" persistent mandatory priority=3 colour=red header.type=\"5\" n=5
  rate 20 poisson times=100; confirm
  on nack retry after=2s
  on return stop
  on blocked wait
  connect reconnect=2s
producer by-hand
  sends \"\" key=work \"x\"
producer asker pace=50ms
  sends \"\" key=rpc \"{n}\"
  wait reply timeout=5s
  times 3
consumer packer after=2s
  takes work
  qos 5
  ack batch=10
  work 100ms..300ms
  fails 12.5% nack requeue
  publish orders key=done \"{body}\" persistent
  reply \"done {body}\"
  times 100
  connect reconnect
consumer own
  takes from orders key=order.new
  ack by-hand
";

fn form(scenario: &Scenario, number: usize) -> Form {
    let program = &scenario.programs[number];
    program.form.clone().expect("it has a form")
}

#[test]
fn a_program_may_be_said_a_line_a_choice() {
    let scenario = Scenario::parse_any(SHOP).expect("the text is sound");
    let Form::Producer(till) = form(&scenario, 0) else {
        panic!("the till is a producer");
    };
    assert_eq!(till.exchange, "orders");
    assert_eq!(till.routing_key, "order.{n}");
    assert_eq!((till.times, till.confirms), (Some(100), true));
    assert_eq!(till.on_nack, Reaction::Retry { after_ms: 2_000 });
    let headers: Vec<(&str, bool)> = till.headers.iter().map(|h| (&*h.name, h.is_text)).collect();
    assert_eq!(headers, [("colour", true), ("type", true), ("n", false)]);
    let Form::Consumer(packer) = form(&scenario, 3) else {
        panic!("the packer is a consumer");
    };
    assert_eq!(packer.ack, AckWhen::Batch(10));
    assert_eq!(packer.work, Delay::Range(100, 300));
    assert_eq!(
        packer.failure,
        Some(Failure {
            per_mille: 125,
            then: Mishap::NackRequeue
        })
    );
    assert_eq!(packer.reconnect_ms, Some(1_000));
    assert_eq!(
        (scenario.programs[0].pace_ms, scenario.programs[2].pace_ms),
        (0, 50)
    );
    Engine::load(&scenario).expect("it can be played");
}

#[test]
fn both_forms_say_the_same_of_a_program() {
    let scenario = Scenario::parse_any(SHOP).expect("the text is sound");
    let json = Scenario::parse(&scenario.to_json()).expect("what is written is sound");
    // A JSON object's fields have no order of their own.
    let sorted = |mut scenario: Scenario| {
        for program in &mut scenario.programs {
            if let Some(Form::Producer(form)) = &mut program.form {
                form.headers.sort_by(|a, b| a.name.cmp(&b.name));
            }
        }
        scenario
    };
    assert_eq!(sorted(scenario), sorted(json));
}

#[test]
fn every_built_in_scenario_has_a_text() {
    for entry in catalog::CATALOG {
        let scenario = Scenario::parse(entry.json()).expect("the catalog is sound");
        let written = scenario.to_text();
        let written = written.unwrap_or_else(|| panic!("{} cannot be said", entry.slug));
        assert_eq!(
            Scenario::parse_any(&written).as_ref(),
            Ok(&scenario),
            "{written}"
        );
        assert!(written.len() < scenario.to_json().len());
    }
}

#[test]
fn whatever_a_form_says_is_written_and_read_back() {
    for seed in 1..=3_000 {
        let mut rng = Rng::new(seed);
        let mut scenario = Scenario {
            seed: 1,
            ..Scenario::default()
        };
        for number in 0..2 {
            scenario.programs.push(program(&mut rng, number));
        }
        let written = scenario.to_text();
        let written = written.unwrap_or_else(|| panic!("seed {seed} cannot be said: {scenario:?}"));
        assert_eq!(
            Scenario::parse_any(&written),
            Ok(scenario),
            "seed {seed}\n{written}"
        );
    }
}

fn pick<'a, T>(rng: &mut Rng, from: &'a [T]) -> &'a T {
    &from[rng.below(from.len() as u64) as usize]
}

fn maybe<T>(rng: &mut Rng, make: impl FnOnce(&mut Rng) -> T) -> Option<T> {
    (rng.below(2) == 0).then(|| make(rng))
}

const NAMES: &[&str] = &[
    "",
    "work",
    "from",
    "a b",
    "mandatory",
    "header.x",
    "key",
    "type",
    "日志",
    "#",
    "->",
    "a=b",
    "\"q\"",
    "\\",
    "a;b",
    "sends",
    "5",
    "true",
    "x\ny",
    "{n}",
    "-1",
    "1e5",
    "$queue",
    "every",
    "tab\there",
];

fn name(rng: &mut Rng) -> String {
    (*pick(rng, NAMES)).to_string()
}

fn program(rng: &mut Rng, number: usize) -> ScenarioProgram {
    let is_producer = rng.below(2) == 0;
    ScenarioProgram {
        name: format!("program {number}"),
        kind: *pick(
            rng,
            &[
                ScenarioProgramKind::Producer,
                ScenarioProgramKind::Consumer,
                ScenarioProgramKind::Program,
            ],
        ),
        login: Login::default(),
        colour: rng.below(8) as u8,
        pace_ms: *pick(rng, &[0, 1, 600, 1_500]),
        start_after_ms: maybe(rng, |rng| rng.below(3_000)),
        form: Some(match is_producer {
            true => Form::Producer(producer(rng)),
            false => Form::Consumer(consumer(rng)),
        }),
        script: Vec::new(),
    }
}

fn attributes(rng: &mut Rng, names: &[&str]) -> Vec<Attribute> {
    let mut attributes: Vec<Attribute> = Vec::new();
    for _ in 0..rng.below(3) {
        let name = (*pick(rng, names)).to_string();
        if attributes.iter().any(|other| other.name == name) {
            continue;
        }
        // A priority must be a number, so the values are.
        let (value, is_text) = *pick(
            rng,
            &[
                ("5", true),
                ("5", false),
                ("{random:1..6}", true),
                ("7", true),
            ],
        );
        attributes.push(Attribute {
            name,
            value: value.to_string(),
            is_text,
        });
    }
    attributes
}

fn producer(rng: &mut Rng) -> ProducerForm {
    let spread = *pick(rng, &[Spread::Even, Spread::Poisson]);
    let per_second = *pick(rng, &[0.25, 1.0, 20.0, 333.333, 10_000.0]);
    let paced = [
        Schedule::Every(1 + rng.below(5_000)),
        Schedule::Rate { per_second, spread },
        Schedule::Burst {
            count: 1 + rng.below(100) as u32,
            every_ms: 1 + rng.below(9_000),
            gap_ms: rng.below(9),
        },
        Schedule::Curve {
            points: vec![
                Point {
                    at_ms: 0,
                    per_second: 0.0,
                },
                Point {
                    at_ms: 1_500,
                    per_second,
                },
            ],
            spread,
            again: rng.below(2) == 0,
        },
    ];
    let when = match rng.below(7) {
        0 => When::ByHand,
        1 => When::Once,
        2 => When::OnReply {
            timeout_ms: rng.below(9_000),
        },
        _ => When::Paced(pick(rng, &paced).clone()),
    };
    let again = [
        Reaction::Ignore,
        Reaction::Stop,
        Reaction::Retry { after_ms: 1_000 },
        Reaction::Retry { after_ms: 1 },
    ];
    ProducerForm {
        exchange: name(rng),
        routing_key: name(rng),
        payload: name(rng),
        persistent: rng.below(2) == 0,
        mandatory: rng.below(2) == 0,
        properties: attributes(rng, &["priority", "type", "content-type", "expiration"]),
        headers: attributes(rng, NAMES),
        when,
        times: maybe(rng, |rng| rng.below(1_000) as u32),
        confirms: rng.below(2) == 0,
        on_nack: *pick(rng, &again),
        on_return: *pick(rng, &again),
        on_blocked: *pick(rng, &again[..3]),
        reconnect_ms: maybe(rng, |rng| 1 + rng.below(3_000)),
    }
}

fn consumer(rng: &mut Rng) -> ConsumerForm {
    let work = [
        Delay::Fixed(rng.below(3_000)),
        Delay::Range(5, 3_000),
        Delay::Exponential(200),
        Delay::Normal {
            mean: 1_000,
            deviation: 50,
        },
    ];
    let acks = [
        AckWhen::Automatic,
        AckWhen::ByHand,
        AckWhen::BeforeWork,
        AckWhen::AfterWork,
        AckWhen::Batch(7),
    ];
    ConsumerForm {
        source: match rng.below(3) {
            0 => Source::Own {
                exchange: name(rng),
                routing_key: name(rng),
            },
            _ => Source::Queue(name(rng)),
        },
        prefetch: *pick(rng, &[0, 1, 5, u16::MAX]),
        ack: *pick(rng, &acks),
        work: *pick(rng, &work),
        failure: maybe(rng, |rng| Failure {
            per_mille: rng.below(1_001) as u16,
            then: *pick(rng, &Mishap::ALL),
        }),
        onward: maybe(rng, |rng| Onward {
            exchange: name(rng),
            routing_key: name(rng),
            payload: name(rng),
            persistent: rng.below(2) == 0,
        }),
        reply: maybe(rng, name),
        times: maybe(rng, |rng| rng.below(1_000) as u32),
        reconnect_ms: maybe(rng, |rng| 1 + rng.below(3_000)),
    }
}

/// What follows `producer p` or `consumer c` on lines of its own, and where the fault is told.
const FAULTS: &[(&str, &str)] = &[
    (
        "sends",
        "line 2, column 1: `sends` needs an exchange (\"\" is the default one). For example: sends logs key=info",
    ),
    (
        "sends a\n  evry 5s",
        "line 3, column 3: there is no statement `evry`. Did you mean `every`?",
    ),
    ("sends a\n  every 5", "line 3, column 9: `5` is no time."),
    (
        "sends a\n  every 5s\n  once",
        "line 4, column 3: `once, every, rate, burst, curve or wait reply` is there already.",
    ),
    (
        "sends a\n  rate 20000",
        "line 3, column 8: `20000` is no rate.",
    ),
    (
        "sends a \"x\" \"y\"",
        "line 2, column 15: `sends` does not know `y`.",
    ),
    (
        "sends a \"{randon:1..6}\"",
        "line 2, column 11: `{randon:1..6}` is no place to be filled. Did you mean `random`?",
    ),
    (
        "sends a priority=high",
        "line 2, column 11: `high` is not a number that `priority` can be.",
    ),
    (
        "sends a\n  on message",
        "line 3, column 6: `on` does not know `message`.",
    ),
    (
        "sends a\n  on nack wait",
        "line 3, column 11: `on nack` does not know `wait`.",
    ),
    (
        "sends a\n  wait confirms",
        "line 3, column 8: `wait` does not know `confirms`.",
    ),
    (
        "sends a\n  wait reply",
        "line 3, column 8: `wait` needs a time. For example: wait reply timeout=5s",
    ),
    (
        "sends a\n  takes work",
        "line 3, column 3: there is no statement `takes`.",
    ),
    (
        "takes",
        "line 2, column 1: `takes` needs a name. For example: takes work",
    ),
    (
        "takes from",
        "line 2, column 9: `takes` needs an exchange. For example: takes from orders key=order.*",
    ),
    (
        "takes work key=a",
        "line 2, column 14: `takes` does not know `key`.",
    ),
    (
        "takes work\n  qos many",
        "line 3, column 7: `many` is no prefetch count.",
    ),
    (
        "takes work\n  ack later",
        "line 3, column 7: `ack` does not know `later`.",
    ),
    (
        "takes work\n  fails 10%",
        "line 3, column 9: `fails` needs what follows: nack requeue, reject discard, crash ….",
    ),
    (
        "takes work\n  fails 10% nack",
        "line 3, column 13: `fails` does not know `nack`.",
    ),
    (
        "takes work\n  fails often crash",
        "line 3, column 9: `often` is no percentage.",
    ),
    (
        "takes work\n  publish a x=1",
        "line 3, column 13: `publish` does not know `x`.",
    ),
    (
        "takes work\n  qos 1\n  qos 2",
        "line 4, column 3: `qos` is there already.",
    ),
    (
        "takes work\n  times x",
        "line 3, column 9: `x` is not a number that `times` can be.",
    ),
];

#[test]
fn a_fault_in_a_form_is_told_with_its_line() {
    let mut wrong = String::new();
    for (lines, expected) in FAULTS {
        let error = Scenario::parse_any(&format!("consumer c\n  {lines}\n"));
        let error = error.expect_err(lines).to_string();
        if !error.contains(expected) {
            wrong += &format!("{lines}\n  {error}\n  {expected}\n");
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}
