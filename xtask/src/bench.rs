//! `cargo xtask bench`: the benchmarks, by name.

use crate::options::Options;
use crate::problem::{Problem, Result};
use crate::process::{cargo, runs};
use crate::project::Project;
use crate::tools;

struct Bench {
    name: &'static str,
    what: &'static str,
    run: fn(&Project) -> bool,
}

const BENCHES: [Bench; 1] = [Bench {
    name: "engine",
    what: "publish, route, deliver, ack; topic routing with 1,000 and 10,000 bindings",
    run: |project| cargo_bench(project, "engine"),
}];

/// The names to choose from.
pub fn help() -> String {
    let mut text = "cargo xtask bench [NAME...]\nWithout a name all of them:\n".to_owned();
    for bench in &BENCHES {
        text.push_str(&format!("  {:<8} {}\n", bench.name, bench.what));
    }
    text
}

/// Runs the named benches, or all.
pub fn run(project: &Project, mut options: Options) -> Result<()> {
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
        if !(bench.run)(project) {
            return Err(Problem::new(
                format!("The bench {} did not finish", bench.name),
                format!(
                    "see what it says above, then run again: cargo xtask bench {}",
                    bench.name
                ),
            ));
        }
    }
    Ok(())
}

fn cargo_bench(project: &Project, name: &str) -> bool {
    runs(
        cargo()
            .args(["bench", "--quiet", "--bench", name])
            .current_dir(&project.root),
    )
}
