//! What an embed costs: `benches/embed.mjs` in Chromium.

use std::process::Command;

use super::Settings;
use super::figures::Report;
use crate::page::{self, Flavour};
use crate::problem::{Problem, Result};
use crate::process::runs;
use crate::project::Project;
use crate::tools;

/// Builds the page and measures it inside other pages; the script prints its own table.
pub fn run(project: &Project, settings: &Settings, _report: &mut Report) -> Result<()> {
    page::build(project, Flavour::Release)?;
    let chromium = tools::chromium()?;
    tools::e2e_packages(project)?;
    let measured = runs(
        Command::new("node")
            .arg(project.root.join("benches/embed.mjs"))
            .env("CHROMIUM", chromium.browser)
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
