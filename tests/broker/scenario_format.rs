//! The scenario format: what is read, what is written, and what is refused in which words.

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use mq_playground::amqp::{Compatibility, Table, Value};
use mq_playground::engine::Engine;
use mq_playground::scenario::{MAX_BYTES, Scenario};

/// Why `text` is refused, by the reader or by the broker.
fn refusal(text: &str) -> String {
    let scenario = match Scenario::parse(text) {
        Ok(scenario) => scenario,
        Err(error) => return error.to_string(),
    };
    match Engine::load(&scenario) {
        Ok(_) => panic!("this was taken: {text}"),
        Err(error) => error.to_string(),
    }
}

fn check(text: &str, expected: &str) {
    assert_eq!(refusal(text), expected);
}

#[test]
fn what_is_not_json_is_refused_with_line_and_column() {
    check(
        "{\n  \"version\": 1,\n  oops\n}",
        "this is not JSON: line 3, column 3: key must be a string. Mend it there.",
    );
    check(
        "",
        "this is not JSON: line 1, column 0: EOF while parsing a value. Mend it there.",
    );
}

#[test]
fn a_newer_version_is_refused_before_anything_else_is_looked_at() {
    check(
        r#"{ "version": 2, "something": "new" }"#,
        "At $.version: this scenario was made by a newer playground: it is of version 2, and this page reads up to 1. \
         Reload the page to get the newest one.",
    );
    check(
        r#"{ "title": "no version" }"#,
        "At $: \"version\" is missing here. Add it.",
    );
    check(
        r#"{ "version": "1" }"#,
        "At $.version: here should be a whole number from 0 to 18446744073709551615, not \"1\".",
    );
}

#[test]
fn a_misspelt_field_is_refused() {
    check(
        r#"{ "version": 1, "topology": { "queues": [{ "name": "a", "durabel": true }] } }"#,
        "At $.topology.queues[0].durabel: nothing is called \"durabel\" here; known are: name, durable, autoDelete, \
         arguments.",
    );
    check(
        r#"{ "version": 1, "topology": { "queues": [{ "name": "a", "durable": "yes" }] } }"#,
        "At $.topology.queues[0].durable: here should be true or false, not \"yes\".",
    );
}

#[test]
fn a_binding_must_lead_from_and_to_what_is_there() {
    let with = |binding: &str| {
        format!(
            r#"{{ "version": 1, "topology": {{
                "exchanges": [{{ "name": "logs", "type": "fanout" }}],
                "queues": [{{ "name": "work" }}],
                "bindings": [{binding}]
            }} }}"#
        )
    };
    check(
        &with(r#"{ "source": "logs", "queue": "wrk" }"#),
        "At $.topology.bindings[0].queue: there is no queue \"wrk\" in this scenario. Add it to $.topology.queues, or \
         take the binding out.",
    );
    check(
        &with(r#"{ "source": "log", "queue": "work" }"#),
        "At $.topology.bindings[0].source: there is no exchange \"log\" in this scenario. Add it to \
         $.topology.exchanges, or take the binding out.",
    );
    check(
        &with(r#"{ "source": "logs" }"#),
        "At $.topology.bindings[0]: a binding leads to one place: write \"queue\" or \"exchange\" with its name.",
    );
    let sound = with(r#"{ "source": "amq.topic", "exchange": "logs", "routingKey": "a.*" }"#);
    let scenario = Scenario::parse(&sound).expect("the broker's own exchanges are there");
    let engine = Engine::load(&scenario).expect("it can be set up");
    assert_eq!(engine.view().broker.bindings.len(), 1);
    assert!(
        engine.view().broker.connections.is_empty(),
        "the set-up is over"
    );
}

#[test]
fn names_are_bounded_and_not_the_brokers_own() {
    let long = "é".repeat(128);
    check(
        &format!(r#"{{ "version": 1, "topology": {{ "queues": [{{ "name": "{long}" }}] }} }}"#),
        &format!(
            "At $.topology.queues[0].name: the name \"{}…\" has 256 bytes of UTF-8, and 255 is the limit. Shorten it.",
            "é".repeat(20)
        ),
    );
    check(
        r#"{ "version": 1, "topology": { "exchanges": [{ "name": "amq.mine", "type": "direct" }] } }"#,
        "At $.topology.exchanges[0].name: the name \"amq.mine\" begins with amq., which is reserved for the broker. \
         Choose another.",
    );
}

#[test]
fn what_the_broker_refuses_is_refused_in_its_words() {
    check(
        r#"{ "version": 1, "topology": { "queues": [
            { "name": "a" }, { "name": "b", "arguments": { "x-message-ttl": "soon" } }
        ] } }"#,
        "At $.topology.queues[1]: the broker refuses this: 406 PRECONDITION_FAILED - invalid arg 'x-message-ttl' for \
         queue 'b' in vhost '/': \"expected integer, got longstr\". Change it or take it out.",
    );
}

#[test]
fn a_script_with_a_fault_is_refused_with_its_place() {
    check(
        r#"{ "version": 1, "programs": [{ "name": "p", "script": ["connect", "pulbish x"] }] }"#,
        "At $.programs[0].script: the script of \"p\", line 2, column 1: there is no statement `pulbish`. Did you mean \
         `publish`?",
    );
}

#[test]
fn a_scenario_is_measured_before_it_is_read() {
    let text = format!(
        "{{ \"version\": 1, \"notes\": \"{}\" }}",
        "x".repeat(MAX_BYTES)
    );
    let bytes = text.len();
    check(
        &text,
        &format!(
            "this scenario has {bytes} bytes, and 1048576 is the limit. Take something out of it."
        ),
    );
    let deep = "[".repeat(100_000);
    assert!(
        refusal(&deep).starts_with("this is not JSON"),
        "and it is not too deep"
    );
}

#[test]
fn a_refused_scenario_leaves_the_run_as_it_was() {
    let entry = mq_playground::scenario::catalog::CATALOG[0];
    let scenario = Scenario::parse(entry.json()).expect("it is sound");
    let mut engine = Engine::load(&scenario).expect("it can be set up");
    engine.step_one();
    let before = engine.transcript();
    let text = r#"{ "version": 1, "programs": [{ "name": "p", "script": ["oops"] }] }"#;
    let broken = Scenario::parse(text).expect("its shape is right");
    assert!(engine.replace(&broken).is_err());
    assert_eq!(engine.transcript(), before);
    let update = engine.replace(&scenario).expect("it can be set up");
    assert_eq!(update.rewritten, Some(0));
    assert_eq!(update.cursor.now.as_ms(), 0);
}

#[test]
fn every_type_of_argument_is_written_and_read_back() {
    let bytes = |bytes: &[u8]| -> std::rc::Rc<[u8]> { bytes.into() };
    let table = Table::new()
        .with("a", true)
        .with("b", Value::I8(-1))
        .with("c", Value::U8(255))
        .with("d", Value::I16(-300))
        .with("e", Value::U16(60_000))
        .with("f", 7)
        .with("g", Value::U32(u32::MAX))
        .with("h", 5i64)
        .with("i", i64::MIN)
        .with("j", Value::F32(0.5))
        .with("k", Value::F64(2.0))
        .with("l", Value::F64(0.1))
        .with("m", Value::Decimal(2, 314))
        .with("n", Value::Timestamp(1_767_225_600))
        .with("o", "text")
        .with("p", Value::LongString(bytes(&[0xff, 0])))
        .with("q", Value::Bytes(bytes(&[1, 2])))
        .with("r", Value::Void)
        .with("s", Value::Array(vec![Value::I32(1), Value::from("x")]))
        .with("t", Value::Table(Table::new().with("u", 1)));
    let mut scenario = Scenario {
        compatibility: Compatibility::V3_10,
        seed: 42,
        notes: "kept".to_string(),
        ..Scenario::default()
    };
    scenario.topology.queues.push(Default::default());
    scenario.topology.queues[0].queue = "work".into();
    scenario.topology.queues[0].arguments = table;
    let read = Scenario::parse(&scenario.to_json()).expect("what is written can be read");
    assert_eq!(read, scenario);
}

/// A virtual host that was deleted does not come back, not even the one that every broker begins with.
#[test]
fn a_deleted_root_stays_deleted() {
    let text = r#"{ "version": 1, "topology": null, "vhosts": [{ "name": "shop" }],
        "login": { "user": "guest", "vhost": "shop" } }"#;
    let scenario = Scenario::parse(text).expect("it is sound");
    assert_eq!(Scenario::parse(&scenario.to_json()).as_ref(), Ok(&scenario));
    assert_eq!(
        scenario.to_text(),
        None,
        "the short form has no words for it"
    );
    let engine = Engine::load(&scenario).expect("it can be set up");
    let view = engine.view();
    let names: Vec<&str> = view.broker.vhosts.iter().map(|it| it.as_str()).collect();
    assert_eq!(names, ["shop"]);
    let exported = engine.export();
    assert!(exported.lacks_root);
    assert_eq!(exported.vhosts, scenario.vhosts);
    let again = Engine::load(&exported).expect("what was saved can be loaded");
    assert_eq!(again.export(), exported);
}

/// What an administrator did is part of what is saved: nothing of it is lost by saving, sharing or a crash.
#[test]
fn virtual_hosts_users_and_their_rights_are_kept() {
    let text = r#"{
        "version": 1,
        "topology": {
            "queues": [{ "name": "main", "durable": true }],
            "operatorPolicies": [{ "name": "limit", "pattern": ".*", "applyTo": "queues", "priority": 0,
                "definition": { "max-length": 10 } }]
        },
        "vhosts": [{ "name": "shop", "topology": {
            "exchanges": [{ "name": "orders", "type": "topic", "durable": true }],
            "queues": [{ "name": "work", "durable": true }],
            "bindings": [{ "source": "orders", "queue": "work", "routingKey": "order.*" }],
            "policies": [{ "name": "short", "pattern": "^w", "applyTo": "queues", "priority": 1,
                "definition": { "message-ttl": 1000 } }],
            "defaultQueueType": "quorum"
        } }, { "name": "empty" }],
        "users": [
            { "name": "alice", "password": "secret", "tags": ["management"],
              "permissions": [{ "vhost": "shop", "configure": "", "write": "^orders$", "read": ".*" }],
              "topicPermissions": [{ "vhost": "shop", "exchange": "orders", "write": "^order", "read": "" }] },
            { "name": "guest", "password": "guest", "tags": ["administrator"],
              "permissions": [{ "vhost": "/", "configure": ".*", "write": ".*", "read": ".*" }] }
        ],
        "login": { "user": "alice", "vhost": "shop" },
        "programs": [{ "name": "clerk", "kind": "consumer", "user": "alice", "vhost": "shop",
            "script": ["connect", "channel", "consume work"] }]
    }"#;
    let scenario = Scenario::parse(text).expect("it is sound");
    assert_eq!(Scenario::parse(&scenario.to_json()).as_ref(), Ok(&scenario));
    assert_eq!(
        scenario.to_text(),
        None,
        "the short form has no words for it"
    );
    let engine = Engine::load(&scenario).expect("it can be set up");
    let view = engine.view();
    assert_eq!(view.login.vhost.as_str(), "shop");
    let alice = view
        .broker
        .users
        .iter()
        .find(|user| user.name.as_str() == "alice");
    assert_eq!(alice.map(|user| user.topic_permissions.len()), Some(1));
    let guest = view
        .broker
        .users
        .iter()
        .find(|user| user.name.as_str() == "guest");
    // It declared what is in the other virtual hosts, and keeps no rights there.
    assert_eq!(guest.map(|user| user.permissions.len()), Some(1));
    let work = view
        .broker
        .queues
        .iter()
        .find(|it| it.id.as_str() == "work");
    assert_eq!(work.map(|it| it.kind.as_str()), Some("quorum"));
    let saved = engine.export();
    assert_eq!(saved.vhosts.len(), 2);
    assert_eq!(saved.users, scenario.users);
    assert_eq!(saved.login, scenario.login);
    assert_eq!(saved.topology, scenario.topology);
    assert_eq!(saved.programs, scenario.programs);
    let again = Engine::load(&saved).expect("what is saved can be set up");
    assert_eq!(again.view().broker, view.broker);
    assert_eq!(again.export(), saved);
}

#[test]
fn a_user_list_without_guest_is_a_broker_without_guest() {
    let text = r#"{ "version": 1, "users": [{ "name": "alice", "password": "secret" }] }"#;
    let scenario = Scenario::parse(text).expect("it is sound");
    let engine = Engine::load(&scenario).expect("it can be set up");
    let view = engine.view();
    let names: Vec<&str> = view
        .broker
        .users
        .iter()
        .map(|it| it.name.as_str())
        .collect();
    assert_eq!(names, ["alice"]);
    assert_eq!(engine.export().users, scenario.users);
    check(
        r#"{ "version": 1, "vhosts": [{ "name": "/" }] }"#,
        "At $.vhosts[0].name: here should be another name: what stands in / is in \"topology\", not \"/\".",
    );
}

#[test]
fn a_policy_whose_pattern_is_broken_is_refused() {
    let text = r#"{ "version": 1, "topology": { "policies": [
        { "name": "p", "pattern": "(", "definition": { "max-length": 5 } }
    ] } }"#;
    let refusal = refusal(text);
    assert!(
        refusal.starts_with("At $.topology.policies[0]: "),
        "{refusal}"
    );
}

fn program(json: &str) -> String {
    format!(r#"{{ "version": 1, "programs": [{{ "name": "p", {json} }}] }}"#)
}

#[test]
fn programs_as_forms_are_written_and_read_back() {
    let forms = [
        r#""publish": {}"#,
        r#""publish": { "exchange": "x", "routingKey": "a.{n}", "payload": "{\"n\":{n}}", "persistent": true,
            "mandatory": true, "properties": { "priority": "{random:0..9}" }, "headers": { "a": "1", "b": 2, "c": true },
            "when": { "perSecond": 2.5, "poisson": true }, "times": 7, "confirms": true,
            "onNack": { "retryAfterMs": 250 }, "onReturn": "stop", "onBlocked": "wait", "reconnectMs": 500 }"#,
        r#""publish": { "when": "once" }"#,
        r#""publish": { "when": { "everyMs": 250 }, "onNack": "retry", "confirms": true }"#,
        r#""publish": { "when": { "burst": 10, "everyMs": 5000 } }"#,
        r#""publish": { "when": { "curve": [[0, 0], [5000, 20.5]], "again": true } }"#,
        r#""publish": { "when": { "onReplyMs": 1500 }, "times": 3 }"#,
        r#""consume": { "queue": "q" }"#,
        r#""consume": { "exchange": "x", "routingKey": "k", "prefetch": 0, "ack": "auto", "work": "exp(100ms)" }"#,
        r#""consume": { "queue": "q", "ack": { "batch": 5 }, "prefetch": 5, "work": "normal(1s,200ms)",
            "fails": { "percent": 12.5, "then": "hang" }, "publish": { "exchange": "y", "payload": "{body}" },
            "reply": "ok", "times": 9, "reconnectMs": 1000 }, "kind": "program", "startAfterMs": null"#,
    ];
    for form in forms {
        let scenario = Scenario::parse(&program(form)).unwrap_or_else(|e| panic!("{form}: {e}"));
        let again = Scenario::parse(&scenario.to_json()).expect("what is written can be read");
        assert_eq!(again, scenario, "{form}");
        let engine = Engine::load(&scenario).unwrap_or_else(|e| panic!("{form}: {e}"));
        assert_eq!(engine.export().programs, scenario.programs, "{form}");
    }
}

#[test]
fn a_form_with_a_fault_is_refused_with_its_place() {
    let cases = [
        (
            r#""publish": { "rate": 5 }"#,
            "At $.programs[0].publish.rate: nothing is called \"rate\" here; known are: exchange, routingKey, payload, \
             persistent, mandatory, properties, headers, when, times, confirms, onNack, onReturn, onBlocked, reconnectMs.",
        ),
        (
            r#""publish": {}, "script": []"#,
            "At $.programs[0]: a program does one thing: write \"script\" with its lines, or \"publish\", or \
             \"consume\".",
        ),
        (
            r#""publish": { "when": { "perSecond": 1000000 } }"#,
            "At $.programs[0].publish.when.perSecond: here should be a rate from 0 to 10000 a second, not 1000000.",
        ),
        (
            r#""publish": { "when": { "curve": [[5, 1], [5, 2]] } }"#,
            "At $.programs[0].publish.when.curve[1][0]: here should be a time later than that of the point before, not \
             5.",
        ),
        (
            r#""publish": { "payload": "{radnom:1..6}", "when": "once" }"#,
            "At $.programs[0].script: the script of \"p\", line 3, column 12: `{radnom:1..6}` is no place to be filled. \
             Did you mean `random`?",
        ),
        (
            r#""consume": { "queue": "q", "work": "soon" }"#,
            "At $.programs[0].consume.work: here should be a time: 200ms, 100ms..300ms, exp(200ms), normal(200ms,50ms), \
             not \"soon\".",
        ),
        (
            r#""consume": { "queue": "q", "exchange": "x" }"#,
            "At $.programs[0].consume: a consumer takes from one place: write \"queue\", or \"exchange\" for a queue \
             of its own that is bound there.",
        ),
        (
            r#""consume": { "queue": "q", "fails": { "percent": 10, "then": "explode" } }"#,
            "At $.programs[0].consume.fails.then: here should be one of: nack requeue, nack discard, reject requeue, \
             reject discard, crash, hang, not \"explode\".",
        ),
    ];
    for (json, expected) in cases {
        check(&program(json), expected);
    }
}

#[test]
fn notes_and_groups_are_part_of_the_layout() {
    let text = r#"{ "version": 1, "layout": {
        "queue:work": [10, 20.5],
        "notes": [{ "at": [1, 2], "text": "why?", "colour": 3 }],
        "groups": [{ "name": "shop", "members": ["queue:work"] }] } }"#;
    let scenario = Scenario::parse(text).expect("well written");
    assert_eq!((scenario.layout.len(), scenario.drawing.len()), (1, 2));
    let again = Scenario::parse(&scenario.to_json());
    assert_eq!(again.as_ref(), Ok(&scenario));
    check(
        r#"{ "version": 1, "layout": { "notes": [{ "at": [1], "text": "" }] } }"#,
        "At $.layout.notes[0].at: here should be a place [x, y], not an array.",
    );
    check(
        r#"{ "version": 1, "layout": { "groups": [{ "colour": 9 }] } }"#,
        "At $.layout.groups[0].colour: here should be a whole number from 0 to 7, not 9.",
    );
}
