//! Programs that `cargo xtask conformance` found and shrank, with what a real RabbitMQ answers: one file each, its name
//! says the rule.

use std::fs;
use std::path::Path;

use conformance_player::compare::first_difference;
use conformance_player::grammar::Family;
use conformance_player::player::Rows;
use mq_playground::amqp::Compatibility;
use serde_json::Value;

use crate::golden::play;

fn version(name: &Value) -> Compatibility {
    match name.as_str() {
        Some("3.10") => Compatibility::V3_10,
        Some("4.0") => Compatibility::V4,
        _ => panic!("no version {name}"),
    }
}

#[test]
fn what_was_found_once_stays_as_it_is() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/conformance/regressions");
    let mut played = 0;
    for file in fs::read_dir(folder).expect("a folder of programs") {
        let path = file.expect("a file").path();
        let text = fs::read_to_string(&path).expect("a program");
        let program: Value = serde_json::from_str(&text).expect("JSON");
        let field = |name: &str| program[name].as_array().expect("a list");
        let looks = Family::ALL
            .iter()
            .find(|(_, name)| program["family"] == **name)
            .map(|(family, _)| family.looks())
            .expect("a family");
        let expect: Vec<Rows> =
            serde_json::from_value(program["expect"].clone()).expect("rows of every step");
        for name in field("against") {
            let got = play(field("steps"), version(name), looks);
            if let Some(at) = first_difference(&expect, &got) {
                panic!(
                    "{} against {name}, step {at}: {}\nexpected {:#?}\ngot {:#?}",
                    path.display(),
                    program["why"],
                    expect.get(at),
                    got.get(at)
                );
            }
            played += 1;
        }
    }
    assert!(played >= 3, "only {played} programs were found");
}
