//! Checks of the code itself: format, lints, and that the core depends on neither browser nor server.

use std::process::Command;

use super::counts::Counts;
use crate::problem::Result;
use crate::process::{cargo, output_of, runs};
use crate::project::Project;
use crate::tools;

/// Crates that would mean that the core has met a browser or a socket.
const FOREIGN: [&str; 8] = [
    "yew",
    "wasm-bindgen",
    "web-sys",
    "js-sys",
    "gloo-events",
    "tokio",
    "mio",
    "socket2",
];

fn check(name: &str, command: &mut Command) -> Counts {
    println!("--- {name}");
    let counts = if runs(command) {
        Counts::PASSED
    } else {
        Counts::FAILED
    };
    if counts == Counts::FAILED {
        println!("failed: {name}");
    }
    counts
}

pub fn fmt(project: &Project) -> Result<Counts> {
    Ok(check(
        "cargo fmt --check",
        cargo()
            .args(["fmt", "--all", "--check"])
            .current_dir(&project.root),
    ))
}

pub fn clippy(project: &Project) -> Result<Counts> {
    tools::rust(project)?;
    tools::wasm_target()?;
    tools::crates(project)?;
    let sets: [(&str, &[&str]); 7] = [
        (
            "the core alone",
            &["--all-targets", "--no-default-features"],
        ),
        ("ui", &["--all-targets", "--features", "ui"]),
        (
            "ui, js, host",
            &["--all-targets", "--features", "ui,js,host"],
        ),
        (
            "the page in the browser",
            // Benches are native: their library has no wasm.
            &[
                "--lib",
                "--test",
                "web",
                "--test",
                "broker",
                "--features",
                "js",
                "--target",
                tools::WASM,
            ],
        ),
        (
            "the engine for JavaScript",
            &["--lib", "--features", "engine-js", "--target", tools::WASM],
        ),
        (
            "the native program",
            &["--all-targets", "--features", "host"],
        ),
        ("xtask", &["--all-targets", "--package", "xtask"]),
    ];
    let mut counts = Counts::default();
    for (name, arguments) in sets {
        let mut command = cargo();
        command
            .args(["clippy", "--quiet"])
            .args(arguments)
            .args(["--", "--deny", "warnings"])
            .current_dir(&project.root);
        counts += check(&format!("clippy: {name}"), &mut command);
    }
    Ok(counts)
}

pub fn core_alone(project: &Project) -> Result<Counts> {
    tools::crates(project)?;
    let mut counts = check(
        "the core compiles without features",
        cargo()
            .args(["check", "--quiet", "--lib", "--no-default-features"])
            .current_dir(&project.root),
    );
    let mut tree = cargo();
    tree.args([
        "tree",
        "--no-default-features",
        "--edges",
        "normal",
        "--prefix",
        "none",
        "--format",
        "{p}",
    ])
    .current_dir(&project.root);
    println!("--- the core depends on no browser and no server");
    let tree = output_of(&mut tree);
    let names: Vec<&str> = tree
        .iter()
        .flat_map(|text| text.lines())
        .filter_map(|line| line.split(' ').next())
        .collect();
    for name in FOREIGN.iter().filter(|name| names.contains(name)) {
        println!(
            "failed: the core depends on {name} - make it optional in Cargo.toml, behind a feature"
        );
        counts += Counts::FAILED;
    }
    counts += if names.is_empty() {
        Counts::FAILED
    } else {
        Counts::PASSED
    };
    Ok(counts)
}
