//! What an embed costs: `benches/embed.mjs` in Chromium.

use std::path::PathBuf;
use std::process::Command;

use super::figures::Report;
use super::{PACKAGE, Settings, does_not_build};
use crate::page::{self, Flavour};
use crate::problem::{Problem, Result};
use crate::process::{cargo, runs};
use crate::project::Project;
use crate::tools;

/// Builds the page and measures it inside other pages; the script prints its own table.
pub fn run(project: &Project, settings: &Settings, _report: &mut Report) -> Result<()> {
    page::build(project, Flavour::Release)?;
    let worlds = worlds(project)?;
    let chromium = tools::chromium()?;
    tools::e2e_packages(project)?;
    let measured = runs(
        Command::new("node")
            .arg(project.root.join("benches/embed.mjs"))
            .env("CHROMIUM", chromium.browser)
            .env("MQ_WORLDS", worlds)
            .env("MQ_ROUNDS", settings.rounds.to_string()),
    );
    if measured {
        return Ok(());
    }
    Err(Problem::new(
        "The embeds could not be measured (Node.js says why above)",
        "run again: cargo xtask bench embed",
    ))
}

/// The engine alone, built as the page is: what ten of its worlds take is the measure for ten playgrounds.
fn worlds(project: &Project) -> Result<PathBuf> {
    let built = runs(
        cargo()
            .args(["build", "--quiet", "--lib", "--profile", "web"])
            .args(["--target", tools::WASM, "--package", PACKAGE])
            .current_dir(&project.root),
    );
    if !built {
        return Err(does_not_build("cargo xtask bench embed"));
    }
    let folder = project.target.join(tools::WASM).join("web");
    Ok(folder.join("mq_playground_bench.wasm"))
}
