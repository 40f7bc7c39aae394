//! RabbitMQ's own definitions files as scenarios.

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use mq_playground::amqp::Compatibility;
use mq_playground::engine::Engine;
use mq_playground::scenario::{Scenario, ScenarioUser};

/// A file that a real RabbitMQ 3.10.8 accepted at boot.
#[test]
fn the_brokers_own_definitions_are_read() {
    let scenario = Scenario::parse(include_str!("definitions.json")).expect("it is sound");
    let engine = Engine::load(&scenario).expect("it can be set up");
    let view = engine.view();
    let queues: Vec<&str> = view.broker.queues.iter().map(|q| q.id.as_str()).collect();
    assert_eq!(queues, ["orders.retry", "orders.work", "订单.审计"]);
    assert_eq!(view.broker.bindings.len(), 5);
    let orders = view
        .broker
        .exchanges
        .iter()
        .find(|e| e.id.as_str() == "orders");
    let alternate = orders.and_then(|exchange| exchange.alternate.clone());
    assert_eq!(
        alternate.map(|id| id.to_string()),
        Some("orders.unrouted".to_string())
    );
    let retry = &view.broker.queues[0];
    assert_eq!(retry.policy.as_deref(), Some("dlq-ttl"));
    let again = Scenario::parse(&scenario.to_json()).expect("what is written can be read");
    assert_eq!(again, scenario);
    let exported = engine.export();
    assert_eq!(exported.topology.policies, scenario.topology.policies);
    assert_eq!(exported.topology.queues.len(), 3);
}

#[test]
fn definitions_of_two_vhosts_stay_apart() {
    let text = r#"{ "rabbit_version": "3.10.8", "queues": [
        { "name": "a", "vhost": "/", "durable": true, "arguments": {} },
        { "name": "a", "vhost": "shop", "durable": false, "arguments": {} }
    ] }"#;
    let scenario = Scenario::parse(text).expect("it is sound");
    let view = Engine::load(&scenario).expect("it can be set up").view();
    let queues: Vec<String> = view
        .broker
        .queues
        .iter()
        .map(|it| format!("{:?}", it.id))
        .collect();
    assert_eq!(queues.len(), 2, "{queues:?}");
    assert!(
        view.broker
            .queues
            .iter()
            .any(|it| it.id.vhost().as_str() == "shop" && !it.durable)
    );
}

/// With their tags and rights; passwords are not in such a file, which is said, in both languages.
#[test]
fn users_come_with_their_tags_and_rights() {
    let text = r#"{ "rabbitmq_version": "4.0.5",
        "vhosts": [{ "name": "/" }, { "name": "shop" }, { "name": "empty" }],
        "users": [
            { "name": "alice", "password_hash": "x", "tags": ["management", "monitoring"] },
            { "name": "bob", "password_hash": "x", "tags": "administrator,policymaker" }
        ],
        "permissions": [
            { "user": "alice", "vhost": "shop", "configure": "", "write": "^orders$", "read": ".*" },
            { "user": "bob", "vhost": "empty", "configure": ".*", "write": ".*", "read": ".*" }
        ],
        "topic_permissions": [
            { "user": "alice", "vhost": "shop", "exchange": "orders", "write": "^order", "read": "" }
        ],
        "parameters": [{ "component": "shovel", "name": "s", "vhost": "/", "value": {} }],
        "policies": [
            { "name": "mirrors", "vhost": "shop", "pattern": ".*", "definition": { "ha-mode": "all" } },
            { "name": "short", "vhost": "shop", "pattern": ".*", "definition": { "max-length": 3 } }
        ],
        "queues": [
            { "name": "main", "vhost": "/", "durable": true },
            { "name": "work", "vhost": "shop", "durable": true }
        ]
    }"#;
    let scenario = Scenario::parse(text).expect("it is sound");
    let user = |name: &str| {
        let mut users = scenario.users.iter();
        let found = users.find(|user| user.name.as_str() == name);
        found.expect("the file has it").clone()
    };
    let may = |user: &ScenarioUser| -> Vec<String> {
        let permissions = user.permissions.iter();
        permissions
            .map(|(vhost, set)| format!("{vhost} {} {} {}", set.configure, set.write, set.read))
            .collect()
    };
    let (alice, bob, guest) = (user("alice"), user("bob"), user("guest"));
    assert_eq!(alice.tags, ["management", "monitoring"]);
    assert_eq!(alice.password, "");
    assert_eq!(may(&alice), ["shop  ^orders$ .*"]);
    assert_eq!(alice.topic_permissions.len(), 1);
    assert_eq!(bob.tags, ["administrator", "policymaker"]);
    assert_eq!(may(&bob), ["empty .* .* .*"]);
    assert_eq!(
        may(&guest),
        ["/ .* .* .*", "shop .* .* .*", "empty .* .* .*"],
        "the person acts as guest"
    );
    assert_eq!(
        scenario.description.en,
        "The definitions of a RabbitMQ 4.0.5. Passwords are not in such a file: alice, bob came with tags and \
         rights, but without a password. guest, as whom you act, was given all rights in /, shop, empty. Policies \
         that the broker here does not take were left out: mirrors ([{<<\"ha-mode\">>,<<\"all\">>}] are not \
         recognised policy settings). Parameters of plugins (1) were left out."
    );
    assert!(scenario.description.zh.contains("没有密码"));
    let engine = Engine::load(&scenario).expect("it can be set up");
    let view = engine.view();
    let vhosts: Vec<&str> = view.broker.vhosts.iter().map(|it| it.as_str()).collect();
    assert_eq!(vhosts, ["/", "empty", "shop"]);
    assert_eq!(engine.export().users.len(), 3);
}

/// What is all in one vhost goes to `/`, and so do the rights in it.
#[test]
fn rights_go_where_their_vhost_goes() {
    let text = r#"{ "rabbitmq_version": "3.13.7",
        "vhosts": [{ "name": "/" }, { "name": "shop" }],
        "users": [{ "name": "guest", "tags": [] }, { "name": "alice", "tags": [] }],
        "permissions": [
            { "user": "guest", "vhost": "/", "configure": ".*", "write": ".*", "read": ".*" },
            { "user": "alice", "vhost": "shop", "configure": "", "write": "", "read": ".*" }
        ],
        "queues": [{ "name": "work", "vhost": "shop", "durable": true }]
    }"#;
    let scenario = Scenario::parse(text).expect("it is sound");
    assert_eq!(scenario.vhosts, []);
    let of_root = |user: &ScenarioUser| {
        let vhosts = user.permissions.iter().map(|(vhost, _)| vhost.as_str());
        vhosts.collect::<Vec<_>>() == ["/"]
    };
    assert!(scenario.users.iter().all(of_root), "{:?}", scenario.users);
    assert!(scenario.description.en.contains("guest, as whom you act"));
    Engine::load(&scenario).expect("it can be set up");
}

/// The behaviour is that of the broker that wrote the file.
#[test]
fn a_file_of_an_old_broker_begins_an_old_broker() {
    for (version, expected) in [
        ("3.10.8", Compatibility::V3_10),
        ("3.12.1", Compatibility::V3_10),
        ("3.13.7", Compatibility::V4),
        ("4.0.5", Compatibility::V4),
        ("unknown", Compatibility::V4),
    ] {
        let text = format!(r#"{{ "rabbitmq_version": "{version}" }}"#);
        let scenario = Scenario::parse(&text).expect("it is sound");
        assert_eq!(scenario.compatibility, expected, "{version}");
    }
}
