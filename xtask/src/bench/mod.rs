//! `cargo xtask bench`: ours and its peers take turns, one line a figure, the goal's number first.

mod contestant;
mod embed;
mod engine;
mod figures;
mod stage;
mod time;
mod ui;
mod wire;

use crate::options::Options;
use crate::problem::{Problem, Result};
use crate::process::{cargo, runs};
use crate::project::Project;
use crate::tools;
use figures::Report;

struct Bench {
    name: &'static str,
    what: &'static str,
    run: fn(&Project, &Settings, &mut Report) -> Result<()>,
}

/// How thoroughly is measured.
struct Settings {
    /// Rounds of which the median is taken.
    rounds: usize,
    /// Whether the page's level of optimisation is compared with the package's.
    levels: bool,
    /// How long the page is busy before its memory is looked at again.
    minutes: u32,
}

const BENCHES: [Bench; 5] = [
    Bench {
        name: "embed",
        what: "an embed in Chromium: seen until usable, wake-ups at rest, the memory of ten",
        run: embed::run,
    },
    Bench {
        name: "engine",
        what: "the workloads a to e, matching and memory: natively, as wasm in Node.js, and what people use instead",
        run: engine::run,
    },
    Bench {
        name: "time",
        what: "going anywhere in a run of 100,000 events, branches, and what such a run holds",
        run: time::run,
    },
    Bench {
        name: "wire",
        what: "the native program against RabbitMQ 3.10.8 over TCP, with the same client",
        run: wire::run,
    },
    Bench {
        name: "ui",
        what: "the release page against React Flow in headless Chromium: frames, dragging, first view, memory",
        run: ui::run,
    },
];

/// The package with the workloads.
const PACKAGE: &str = "mq-playground-bench";

const ROUNDS: usize = 5;
/// Ten are what the goal speaks of; one shows a leak as well.
const MINUTES: u32 = 1;

/// The names to choose from.
pub fn help() -> String {
    let mut text = "\
cargo xtask bench [NAME...] [options]
Prints one line a figure and writes the same to target/bench.json. Without a name all of them:
"
    .to_owned();
    for bench in &BENCHES {
        text.push_str(&format!("  {:<8} {}\n", bench.name, bench.what));
    }
    text.push_str(&format!(
        "  --rounds N  so many rounds, of which the median counts ({ROUNDS})\n  \
           --levels    engine: compare the wasm of opt-level 3, s and z too\n  \
           --minutes N ui: memory after so many minutes of a busy run ({MINUTES}; the goal is meant for 10)\n"
    ));
    text
}

/// Runs the named benches, or all.
pub fn run(project: &Project, mut options: Options) -> Result<()> {
    let rounds = match options.value("--rounds")? {
        None => ROUNDS,
        Some(text) => text
            .parse()
            .ok()
            .filter(|it| (1..=1_000).contains(it))
            .ok_or_else(|| {
                Problem::new(
                    format!("--rounds {text} is no number of rounds"),
                    "write for example: --rounds 5",
                )
            })?,
    };
    let minutes = match options.value("--minutes")? {
        None => MINUTES,
        Some(text) => text.parse().map_err(|_| {
            Problem::new(
                format!("--minutes {text} is no number of minutes"),
                "write for example: --minutes 10",
            )
        })?,
    };
    let settings = Settings {
        rounds,
        minutes,
        levels: options.flag("--levels"),
    };
    let names = options.names();
    options.finish("cargo xtask bench --help")?;
    if let Some(unknown) = names
        .iter()
        .find(|name| BENCHES.iter().all(|bench| bench.name != **name))
    {
        return Err(Problem::new(
            format!("There is no bench {unknown}"),
            "see: cargo xtask bench --help",
        ));
    }
    tools::rust(project)?;
    tools::crates(project)?;
    for bench in BENCHES
        .iter()
        .filter(|bench| names.is_empty() || names.iter().any(|name| name == bench.name))
    {
        println!("=== {}: {}", bench.name, bench.what);
        let mut report = Report::new(bench.name);
        (bench.run)(project, &settings, &mut report)?;
        report.write(project)?;
    }
    Ok(())
}

/// Quick code of what is named.
fn build(project: &Project, what: &[&str]) -> Result<()> {
    let built = runs(
        cargo()
            .args(["build", "--quiet", "--release"])
            .args(what)
            .current_dir(&project.root),
    );
    match built {
        true => Ok(()),
        false => Err(does_not_build(&format!(
            "cargo build --release {}",
            what.join(" ")
        ))),
    }
}

fn does_not_build(again: &str) -> Problem {
    Problem::new(
        "The workloads do not build",
        format!("see what is said above, then: {again}"),
    )
}
