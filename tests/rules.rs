//! Which tests pin down which rule: `tests/rules.txt` has a line for each rule of RabbitMQ's behaviour (ARCHITECTURE.md
//! says what the numbers are about) with the tests that name it, or with the reason why there is none.
//!
//! A test names a rule in the comment above it or inside it: `/// 16.1, D4: …`. `UPDATE_EXPECT=1 cargo test --test rules`
//! writes the tests down anew; the rules, and the reasons, are written by hand. Native only: it reads the disk.
#![cfg(not(target_arch = "wasm32"))]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// A line of the list.
struct Rule {
    number: String,
    tests: Vec<String>,
    /// Why no test names it.
    reason: Option<String>,
}

fn top() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn list() -> PathBuf {
    top().join("tests/rules.txt")
}

fn rules() -> Vec<Rule> {
    let text = fs::read_to_string(list()).expect("the list of rules");
    let rule = |line: &str| {
        let (number, rest) = line.split_once(' ').unwrap_or((line, ""));
        let reason = rest.strip_prefix("- ").map(str::to_owned);
        let tests = match &reason {
            Some(_) => Vec::new(),
            None => rest.split_whitespace().map(str::to_owned).collect(),
        };
        Rule {
            number: number.to_owned(),
            tests,
            reason,
        }
    };
    text.lines()
        .filter(|line| !line.is_empty())
        .map(rule)
        .collect()
}

/// All Rust files below a folder, in a fixed order.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder of the clone") {
        let path = entry.expect("its entries too").path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// Numbers as `16.1`, `7.5a` or `D4` among the words of a comment.
fn numbers(comment: &str) -> impl Iterator<Item = &str> {
    comment
        .split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '.')
        .map(|word| word.trim_end_matches('.'))
        .filter(|word| {
            let digits =
                |text: &str| !text.is_empty() && text.bytes().all(|it| it.is_ascii_digit());
            match word.strip_prefix('D') {
                Some(rest) => digits(rest),
                None => word.split_once('.').is_some_and(|(section, rule)| {
                    digits(section)
                        && digits(rule.trim_end_matches(|it: char| it.is_ascii_lowercase()))
                }),
            }
        })
}

/// The comments of each test of a file: those above it and those in it.
fn comments(text: &str) -> BTreeMap<String, String> {
    let mut all: BTreeMap<String, String> = BTreeMap::new();
    let (mut above, mut inside, mut is_test) = (String::new(), None::<String>, false);
    for line in text.lines() {
        let comment = line
            .split_once("//")
            .map(|(_, comment)| comment.trim_start_matches('/'));
        let trimmed = line.trim_start();
        if trimmed.starts_with("#[test]") {
            is_test = true;
        } else if let Some(rest) = trimmed.strip_prefix("fn ") {
            let name = rest.split('(').next().unwrap_or(rest).to_owned();
            inside = is_test.then_some(name);
            is_test = false;
            if let Some(name) = &inside {
                all.entry(name.clone()).or_default().push_str(&above);
            }
            above.clear();
        } else if line == "}" || line == "    }" {
            inside = None;
        } else if let Some(comment) = comment {
            let place = match &inside {
                Some(name) => all.entry(name.clone()).or_default(),
                None => &mut above,
            };
            place.push(' ');
            place.push_str(comment);
        } else if !trimmed.starts_with("#[") && inside.is_none() {
            above.clear();
        }
    }
    all
}

/// The tests that name each rule.
fn named() -> BTreeMap<String, BTreeSet<String>> {
    let mut named: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let top = top();
    for folder in ["tests/broker", "tests/wire", "src/amqp", "src/wire"] {
        for path in files(&top.join(folder)) {
            let text = fs::read_to_string(&path).expect("source is UTF-8");
            let file = path.strip_prefix(&top).expect("it lies in the clone");
            let file = file.to_string_lossy().replace('\\', "/");
            for (test, comment) in comments(&text) {
                for number in numbers(&comment) {
                    let tests = named.entry(number.to_owned()).or_default();
                    tests.insert(format!("{file}::{test}"));
                }
            }
        }
    }
    named
}

/// Writes the tests of every rule down anew.
fn write_down(rules: &[Rule], named: &BTreeMap<String, BTreeSet<String>>) {
    let mut text = String::new();
    for Rule { number, reason, .. } in rules {
        let tests: Vec<&str> = named
            .get(number)
            .into_iter()
            .flatten()
            .map(String::as_str)
            .collect();
        let said = match (tests.is_empty(), reason) {
            (true, Some(reason)) => format!("- {reason}"),
            _ => tests.join(" "),
        };
        text.push_str(format!("{number} {said}").trim_end());
        text.push('\n');
    }
    fs::write(list(), text).expect("the list can be written");
}

#[test]
fn every_rule_is_named_by_a_test_or_says_why_not() {
    let named = named();
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        write_down(&rules(), &named);
    }
    let mut wrong = Vec::new();
    for Rule {
        number,
        tests,
        reason,
    } in rules()
    {
        if tests.is_empty() && reason.is_none() {
            wrong.push(format!("no test names {number}"));
        }
        let names = named.get(&number);
        for test in tests
            .iter()
            .filter(|test| names.is_none_or(|names| !names.contains(*test)))
        {
            wrong.push(format!("{test} does not name {number}, or is gone"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn no_test_names_a_rule_that_there_is_not() {
    let known: BTreeSet<String> = rules().into_iter().map(|rule| rule.number).collect();
    let sections: BTreeSet<&str> = known.iter().filter_map(|it| it.split('.').next()).collect();
    let unknown: Vec<String> = named()
        .into_iter()
        // Versions (3.10.8, 4.0) and sizes look alike; what begins with the number of a section is meant as a rule.
        .filter(|(number, _)| sections.contains(number.split('.').next().unwrap_or_default()))
        .filter(|(number, _)| {
            !known.contains(number) && !["3.10", "4.0", "4.3"].contains(&number.as_str())
        })
        .map(|(number, tests)| format!("{number}: {tests:?}"))
        .collect();
    assert!(unknown.is_empty(), "{unknown:#?}");
}
