//! The recorded programs, and the comparison with what this broker does.

use std::fmt::Write as _;
use std::io::Read as _;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::OnceLock;

use conformance_player::player::{Looks, Player, Rows};
use flate2::read::GzDecoder;
use mq_playground::amqp::Compatibility;
use serde_json::{Value, json};

use crate::world::{World, replay};

/// A program and what RabbitMQ answered.
#[derive(Clone)]
pub struct Program {
    seed: u64,
    family: String,
    steps: Vec<Value>,
    expect: Vec<Rows>,
}

fn load(compressed: &[u8]) -> Vec<Program> {
    let mut text = String::new();
    GzDecoder::new(compressed)
        .read_to_string(&mut text)
        .expect("gzipped text");
    text.lines()
        .map(|line| {
            let Value::Object(mut it) = serde_json::from_str(line).expect("JSON") else {
                panic!("a program is an object");
            };
            let mut field = |name: &str| it.remove(name).expect("a program's field");
            Program {
                seed: field("seed").as_u64().expect("a number"),
                family: field("family").as_str().expect("a name").to_string(),
                steps: serde_json::from_value(field("steps")).expect("a list"),
                expect: serde_json::from_value(field("expect")).expect("a list of lists"),
            }
        })
        .collect()
}

/// The programs with the answers of one version; where 4.0.5 answered as 3.10.8 did, only the one is recorded.
fn programs(version: Compatibility) -> &'static [Program] {
    static V3_10: OnceLock<Vec<Program>> = OnceLock::new();
    static V4: OnceLock<Vec<Program>> = OnceLock::new();
    match version {
        Compatibility::V3_10 => V3_10.get_or_init(|| {
            let mut all = load(include_bytes!("golden/golden.jsonl.gz"));
            all.extend(load(include_bytes!("golden/golden-quorum.jsonl.gz")));
            all
        }),
        Compatibility::V4 => V4.get_or_init(|| {
            let mut all = load(include_bytes!("golden/golden.jsonl.gz"));
            for other in load(include_bytes!("golden/golden-4.0.5.jsonl.gz")) {
                let place = all
                    .iter()
                    .position(|it| (it.seed, &it.family) == (other.seed, &other.family))
                    .expect("it differs from a recorded one");
                all[place] = other;
            }
            all.extend(load(include_bytes!("golden/golden-quorum-4.0.5.jsonl.gz")));
            all
        }),
    }
}

fn setting(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

/// Plays all programs of a family and panics with the first differences. `CONFORMANCE_SHOW=N` shows N of them,
/// `CONFORMANCE_SEED=N` plays only that program and shows all its steps.
pub fn check(version: Compatibility, family: &str) {
    let only = setting("CONFORMANCE_SEED");
    let show = setting("CONFORMANCE_SHOW").unwrap_or(2);
    let looks = if family == "quorum" {
        Looks::AtFramesOnly
    } else {
        Looks::AtQueues
    };
    let (mut played, mut equal, mut report) = (0, 0, String::new());
    let chosen = programs(version)
        .iter()
        .filter(|it| it.family == family && only.is_none_or(|seed| seed == it.seed));
    for program in chosen {
        played += 1;
        let got = catch_unwind(AssertUnwindSafe(|| play(&program.steps, version, looks)));
        let difference = match got {
            Ok(got) => difference(program, &got, only.is_some()),
            Err(_) => Some(format!(
                "seed {}: panicked (its message is above)\n",
                program.seed
            )),
        };
        match difference {
            None => equal += 1,
            Some(text) if played - equal <= show => report += &text,
            Some(_) => {}
        }
    }
    println!("{version:?} {family:9} {equal}/{played}");
    assert!(
        equal == played,
        "{version:?} {family}: {equal} of {played} are equal\n{report}"
    );
}

/// What this broker answers to a program.
pub fn play(steps: &[Value], version: Compatibility, looks: Looks) -> Vec<Rows> {
    Player::new(World::new(version), looks)
        .and_then(|mut player| player.play(steps))
        .unwrap_or_else(|why| vec![vec![json!(["!", 0, "no connection", {"why": why}])]])
}

/// Plays every recorded program with its clients attached, and what they did to the broker again without them: the same
/// must happen, input by input.
pub fn replays(version: Compatibility) {
    let (mut inputs, mut differing) = (0, Vec::new());
    for program in programs(version) {
        let world = World::new(version);
        let record = world.record();
        // What the clients see is compared elsewhere.
        if let Ok(mut player) = Player::new(world, Looks::AtFramesOnly) {
            let _ = player.play(&program.steps);
        }
        match replay(version, &record) {
            Ok(count) => inputs += count,
            Err(why) => differing.push(format!("{} {}: {why}", program.family, program.seed)),
        }
    }
    assert!(
        inputs > 10_000,
        "{inputs} inputs are too few to say anything"
    );
    assert!(differing.is_empty(), "{}", differing.join("\n"));
}

/// The first step that differs, in words.
fn difference(program: &Program, got: &[Rows], whole: bool) -> Option<String> {
    let at = (0..program.steps.len()).find(|&i| program.expect.get(i) != got.get(i))?;
    let mut text = String::new();
    let mut line = |it: String| writeln!(text, "{it}").expect("writing to a string");
    line(format!(
        "--- seed {} ({}), step {at}",
        program.seed, program.family
    ));
    if whole {
        for (i, (step, rows)) in program.steps.iter().zip(got).take(at).enumerate() {
            line(format!("  {i:3} {step}"));
            rows.iter().for_each(|row| line(format!("          {row}")));
        }
    }
    line(format!("  {at:3} {}", program.steps[at]));
    for row in &program.expect[at] {
        let mark = if got[at].contains(row) { "  " } else { "- " };
        line(format!("        {mark}{row}"));
    }
    for row in got[at]
        .iter()
        .filter(|row| !program.expect[at].contains(row))
    {
        line(format!("        + {row}"));
    }
    Some(text)
}
