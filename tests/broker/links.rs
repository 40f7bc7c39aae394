//! Links: as short as promised, read again whatever was given out, and refused whole when something is wrong with them.

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use mq_playground::amqp::protocol::ClientMethod;
use mq_playground::amqp::{Content, protocol::method::BasicPublish};
use mq_playground::engine::share::{self, ShareError};
use mq_playground::engine::{Engine, WorldCommand, commands};
use mq_playground::machine::Origin;
use mq_playground::scenario::{Scenario, catalog};

/// Every link that was ever given out keeps being read: one line a link, and what it must come to.
const GIVEN_OUT: &str = include_str!("links/version-1.txt");

fn built_in(slug: &str) -> Scenario {
    let entry = catalog::find(slug).expect("it is in the catalog");
    Scenario::parse(entry.json()).expect("the catalog is sound")
}

/// Something like what people share: topic exchanges, queues with arguments, bindings, places.
fn topology(queues: usize) -> Scenario {
    let names = [
        "orders", "invoices", "shipping", "audit", "mail", "search", "stock", "prices", "returns",
        "reports",
    ];
    let list = |item: &dyn Fn(usize) -> String| (0..queues).map(item).collect::<Vec<_>>().join(",");
    let name = |n: usize| format!("{}-{}", names[n % names.len()], n);
    let declared = list(&|n| {
        format!(
            r#"{{"name":"{}","durable":true,"arguments":{{"x-message-ttl":{},"x-dead-letter-exchange":"graveyard"}}}}"#,
            name(n),
            60_000 * (n % 3 + 1)
        )
    });
    let bindings = list(&|n| {
        format!(
            r#"{{"source":"events","queue":"{}","routingKey":"{}.*"}}"#,
            name(n),
            names[n % names.len()]
        )
    });
    let layout = list(&|n| format!(r#""queue:{}":[420,{}]"#, name(n), 80 * n + 60));
    let text = format!(
        r#"{{"version":1,"title":"Shop","topology":{{"exchanges":[{{"name":"events","type":"topic","durable":true}},
        {{"name":"graveyard","type":"fanout","durable":true}}],"queues":[{declared}],"bindings":[{bindings}]}},
        "programs":[{{"name":"shop","kind":"producer","script":["publish events key=orders.new \"one\" persistent"]}}],
        "layout":{{"exchange:events":[180,140],{layout}}}}}"#
    );
    Scenario::parse(&text).expect("the topology is sound")
}

fn rounded(mut scenario: Scenario) -> Scenario {
    for (_, place) in scenario.layout.iter_mut() {
        (place.x, place.y) = (place.x.round(), place.y.round());
    }
    scenario
}

#[test]
fn a_link_is_as_short_as_promised_and_comes_back() {
    for (queues, at_most) in [(2, 484), (4, 554), (10, 687), (40, 1330)] {
        let scenario = topology(queues);
        let token = share::link(&scenario);
        assert!(
            token.len() <= at_most,
            "{queues} queues: {} characters, at most {at_most}",
            token.len()
        );
        let shared = share::read(&token).expect("a link of ours is sound");
        assert_eq!(shared.scenario, rounded(scenario));
        assert_eq!(shared.run, None);
    }
}

#[test]
fn every_built_in_scenario_fits_a_link() {
    for entry in catalog::CATALOG {
        let token = share::link(&built_in(entry.slug));
        assert!(
            token.len() < share::LONG_LINK,
            "{}: {}",
            entry.slug,
            token.len()
        );
        let shared = share::read(&token).expect("a link of ours is sound");
        assert_eq!(
            shared.scenario,
            rounded(built_in(entry.slug)),
            "{}",
            entry.slug
        );
    }
}

/// A run in which a person took part while it played and while it stood.
fn run() -> Engine {
    let mut engine = Engine::load(&built_in("work-queue")).expect("the catalog is sound");
    engine.play();
    for _ in 0..40 {
        engine.advance(100.0);
    }
    let publish = |body: &str| {
        ClientMethod::BasicPublish(Box::new(BasicPublish {
            exchange: "".into(),
            routing_key: "hello".into(),
            mandatory: true,
            immediate: false,
            content: Content::text(body),
        }))
    };
    engine.submit_you(publish("by hand"));
    engine.advance(37.0);
    engine.pause();
    engine.submit(Origin::Api, WorldCommand::You(publish("by a script")));
    engine.advance(0.0);
    engine.step_one();
    engine.step_one();
    engine.submit_you(publish("while it stands"));
    engine.advance(0.0);
    engine.play();
    for _ in 0..20 {
        engine.advance(90.0);
    }
    engine
}

#[test]
fn a_link_opens_at_this_very_moment_of_this_very_run() {
    let engine = run();
    let token = share::link_to_run(&engine, engine.origin()).expect("a person's run can be shared");
    assert!(
        token.starts_with("1r.") && token.len() < share::LONG_LINK,
        "{}",
        token.len()
    );
    let shared = share::read(&token).expect("a link of ours is sound");
    let opened = share::open(&shared).expect("a run of ours can be played again");
    assert_eq!(opened.transcript(), engine.transcript());
    assert_eq!(opened.view(), engine.view());
    assert_eq!(opened.cursor().now, engine.cursor().now);
    let inputs = |engine: &Engine| engine.timeline().inputs().iter().collect::<Vec<_>>();
    assert_eq!(inputs(&opened), inputs(&engine));
    // And it can be shared again.
    let again = share::link_to_run(&opened, opened.origin()).expect("it is the same run");
    assert_eq!(again.len(), token.len());
}

/// Whatever a person did by hand goes into the link: edits of several commands, and all that an operator does.
#[test]
fn a_link_carries_edits_and_administration() {
    let mut engine = Engine::load(&built_in("logs")).expect("it can be set up");
    let commands = [
        r#"{ "method": "together", "commands": [
            { "method": "queue.declare", "queue": "renamed" },
            { "method": "queue.bind", "queue": "renamed", "exchange": "logs" } ] }"#,
        r#"{ "method": "operator.add_vhost", "vhost": "shop" }"#,
        r#"{ "method": "operator.add_user", "user": "alice", "password": "secret", "tags": ["management"] }"#,
        r#"{ "method": "operator.set_permissions", "user": "alice", "vhost": "shop", "configure": ".*",
             "write": ".*", "read": ".*" }"#,
        r#"{ "method": "operator.set_policy", "vhost": "shop", "name": "short", "pattern": "^w",
             "definition": { "max-length": 1 } }"#,
        r#"{ "method": "operator.set_operator_policy", "name": "limit", "pattern": ".*",
             "definition": { "max-length": 9 } }"#,
        r#"{ "method": "operator.set_default_queue_type", "vhost": "shop", "type": "quorum" }"#,
        r#"{ "method": "session.login", "user": "alice", "vhost": "shop" }"#,
        r#"{ "method": "queue.declare", "queue": "work", "durable": true }"#,
    ];
    for text in commands {
        let json: serde_json::Value = serde_json::from_str(text).expect("the test writes JSON");
        let command = commands::read(&json, &|_| None).unwrap_or_else(|it| panic!("{text}: {it}"));
        engine.submit(Origin::User, command);
        engine.advance(0.0);
    }
    let view = engine.view();
    let work = view
        .broker
        .queues
        .iter()
        .find(|it| it.id.as_str() == "work");
    assert_eq!(work.and_then(|it| it.policy.as_deref()), Some("short"));
    let token = share::link_to_run(&engine, engine.origin()).expect("a person's run can be shared");
    let shared = share::read(&token).expect("a link of ours is sound");
    let opened = share::open(&shared).expect("a run of ours can be played again");
    assert_eq!(opened.transcript(), engine.transcript());
    assert_eq!(opened.view(), view);
}

#[test]
fn every_link_that_was_given_out_keeps_being_read() {
    let given = GIVEN_OUT
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'));
    let found: Vec<String> = given
        .clone()
        .map(|line| {
            let token = line.split(' ').next().unwrap_or_default();
            let shared = share::read(token).unwrap_or_else(|error| panic!("{token}: {error}"));
            let engine = share::open(&shared).unwrap_or_else(|error| panic!("{token}: {error}"));
            let view = engine.view();
            let ready = view.broker.queues.iter().map(|queue| queue.ready);
            format!(
                "{token} {} queues, {} ready, {} steps, {} ms",
                view.broker.queues.len(),
                ready.sum::<u64>(),
                engine.timeline().len(),
                engine.cursor().now.as_ms(),
            )
        })
        .collect();
    assert_eq!(found.join("\n"), given.collect::<Vec<_>>().join("\n"));
    assert!(found.len() >= 5);
}

#[test]
fn a_link_that_is_cut_or_changed_is_refused_with_a_sentence() {
    let token = share::link(&built_in("logs"));
    for end in 2..token.len() {
        let error = share::read(&token[..end]).expect_err("a part of it is missing");
        assert!(
            matches!(error, ShareError::Damaged | ShareError::Scenario(_)),
            "{end}: {error}"
        );
    }
    let cases = [
        ("", "no link of a playground"),
        ("hello", "no link of a playground"),
        ("0.abcd", "no link of a playground"),
        ("-1.abcd", "no link of a playground"),
        ("2.abcd", "made by a newer playground: it is of version 2"),
        (
            "999r.abcd",
            "made by a newer playground: it is of version 999",
        ),
        ("1.a*cd", "damaged"),
        ("1.", "damaged"),
    ];
    for (token, expected) in cases {
        let error = share::read(token).expect_err(token).to_string();
        assert!(error.contains(expected), "{token}: {error}");
    }
}

/// A link with whatever JSON in it.
fn forged(prefix: &str, json: &str) -> String {
    let packed = miniz_oxide::deflate::compress_to_vec(json.as_bytes(), 9);
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut token = prefix.to_string();
    for chunk in packed.chunks(3) {
        let byte = |index: usize| u32::from(chunk.get(index).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for place in 0..=chunk.len() {
            token.push(char::from(
                ALPHABET[((bits >> (18 - 6 * place)) & 63) as usize],
            ));
        }
    }
    token
}

#[test]
fn a_bomb_is_not_unpacked() {
    // 100 MB of blanks in some 130 kB.
    let blanks = " ".repeat(100_000_000);
    let token = forged("1.", &blanks);
    assert!(token.len() < 200_000);
    let error = share::read(&token).expect_err("it is larger than any scenario");
    assert_eq!(error, ShareError::TooLarge { limit: 1 << 20 });
    let long = format!("1.{}", "A".repeat(3_000_000));
    assert!(matches!(
        share::read(&long),
        Err(ShareError::TooLong { .. })
    ));
}

#[test]
fn a_hostile_run_is_refused_before_it_costs_anything() {
    let ticking =
        r#"{"name":"p","script":["repeat forever","publish amq.fanout","end"],"paceMs":1}"#;
    let scenario = format!(r#"{{"version":1,"programs":[{ticking}]}}"#);
    let cases = [
        // A billion messages.
        (
            format!(r#"{{"s":{scenario},"r":{{"m":[],"t":1000000000,"n":1}}}}"#),
            "from 0 to 200000",
        ),
        // The same in small pieces.
        (
            format!(
                r#"{{"s":{scenario},"r":{{"m":[{}],"t":0,"n":1}}}}"#,
                [r#"[150000,9000000,{"method":"queue.declare","queue":"q"}]"#; 3].join(",")
            ),
            "more than 200000 steps",
        ),
        // Waiting for what never comes.
        (
            r#"{"s":{"version":1},"r":{"m":[],"t":5,"n":1}}"#.to_string(),
            "never falls due",
        ),
        // Backwards.
        (
            r#"{"s":{"version":1},"r":{"m":[[0,9,{"method":"queue.declare","queue":"q"}],
            [0,3,{"method":"queue.declare","queue":"q"}]],"t":0,"n":1}}"#
                .to_string(),
            "not in the order of their time",
        ),
        (
            r#"{"s":{"version":1},"r":{"m":[[0,9]],"t":0,"n":1}}"#.to_string(),
            "a step [ticks, at, command]",
        ),
        (
            r#"{"s":{"version":1},"r":{"m":[],"t":0}}"#.to_string(),
            "\"n\" is missing",
        ),
    ];
    for (json, expected) in cases {
        let token = forged("1r.", &json);
        let opened = share::read(&token).and_then(|shared| share::open(&shared).map(|_| ()));
        let error = opened.expect_err(expected).to_string();
        assert!(error.contains(expected), "{error}");
    }
}
