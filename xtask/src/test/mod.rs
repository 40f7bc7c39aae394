//! `cargo xtask test`: every check and test of the project, counted, with one closing line.

mod checks;
mod counts;
mod runners;
mod site;

use std::time::Instant;

use crate::options::Options;
use crate::problem::{Problem, Result};
use crate::project::Project;
use counts::Counts;

struct Suite {
    name: &'static str,
    what: &'static str,
    /// Fewer tests than this and the suite fails: tests that silently stopped running look like success otherwise.
    /// Raise it when tests come.
    floor: u32,
    run: fn(&Project) -> Result<Counts>,
}

const SUITES: [Suite; 10] = [
    Suite {
        name: "fmt",
        what: "cargo fmt --check",
        floor: 1,
        run: checks::fmt,
    },
    Suite {
        name: "clippy",
        what: "clippy, warnings denied, on every feature set",
        floor: 7,
        run: checks::clippy,
    },
    Suite {
        name: "check",
        what: "the core alone sees no browser and no server",
        floor: 2,
        run: checks::core_alone,
    },
    Suite {
        name: "native",
        what: "cargo test: unit, broker, scenario and documentation tests",
        floor: 830,
        run: runners::native,
    },
    Suite {
        name: "web",
        what: "components mounted in Chromium (wasm-pack)",
        floor: 27,
        run: runners::web,
    },
    Suite {
        name: "core-in-browser",
        what: "the broker's tests again, as wasm in Chromium",
        floor: 441,
        run: runners::core_in_browser,
    },
    Suite {
        name: "e2e",
        what: "journeys through the served release page (Playwright)",
        floor: 275,
        run: site::e2e,
    },
    Suite {
        name: "dist",
        what: "the static site has relative addresses only and works below any path",
        floor: 3,
        run: site::dist,
    },
    Suite {
        name: "packages",
        what: "the npm package in VitePress and Node.js, the site in MkDocs and mdBook, the one HTML file from a disk",
        floor: 8,
        run: site::packages,
    },
    Suite {
        name: "size",
        what: "what a first visit downloads",
        floor: 1,
        run: site::size,
    },
];

/// The options, and the suites by name.
pub fn help() -> String {
    let mut text =
        "cargo xtask test [SUITE...] [--list]\nWithout a name all of them, in this order:\n"
            .to_owned();
    for suite in &SUITES {
        text.push_str(&format!("  {:<16} {}\n", suite.name, suite.what));
    }
    text
}

/// Runs the named suites, or all; true if nothing failed. The last line of the output is the sum.
pub fn run(project: &Project, mut options: Options) -> Result<bool> {
    if options.flag("--list") {
        SUITES.iter().for_each(|suite| println!("{}", suite.name));
        return Ok(true);
    }
    let names = options.names();
    options.finish("cargo xtask test --help")?;
    if let Some(unknown) = names
        .iter()
        .find(|name| SUITES.iter().all(|suite| suite.name != **name))
    {
        return Err(Problem::new(
            format!("There is no suite {unknown}"),
            "see: cargo xtask test --list",
        ));
    }
    let chosen = SUITES
        .iter()
        .filter(|suite| names.is_empty() || names.iter().any(|name| name == suite.name));
    let mut sum = Counts::default();
    let mut table = String::new();
    for suite in chosen {
        let (counts, line) = run_one(project, suite);
        sum += counts;
        table.push_str(&line);
    }
    print!("\n{table}\n{} passed, {} failed\n", sum.passed, sum.failed);
    Ok(sum.failed == 0)
}

fn run_one(project: &Project, suite: &Suite) -> (Counts, String) {
    println!("\n=== {}: {}", suite.name, suite.what);
    let started = Instant::now();
    let (mut counts, mut remark) = match (suite.run)(project) {
        Ok(counts) => (counts, String::new()),
        Err(problem) => {
            println!("error: {problem}");
            (Counts::FAILED, format!("  {problem}"))
        }
    };
    // What already failed needs no second reason.
    if counts.failed == 0 && counts.ran() < suite.floor {
        remark = format!(
            "  {} tests ran, at least {} expected",
            counts.ran(),
            suite.floor
        );
        println!("error:{remark}");
        counts += Counts::FAILED;
    }
    let seconds = started.elapsed().as_secs();
    let line = format!(
        "{:<16} {:>5} passed {:>4} failed {seconds:>5} s{remark}\n",
        suite.name, counts.passed, counts.failed
    );
    (counts, line)
}
