//! The suites that cargo and wasm-pack run.

use std::process::Command;

use super::counts::{self, Counts};
use crate::problem::{Problem, Result};
use crate::process::{cargo, show_and_keep};
use crate::project::Project;
use crate::tools;

/// Runs a command whose output is counted. One that fails without a failed test (it did not compile, it crashed)
/// counts as one failure.
pub fn counted(command: &mut Command, count: fn(&str) -> Counts) -> Result<Counts> {
    let shown = show_and_keep(command).map_err(|error| {
        let program = command.get_program().to_string_lossy().into_owned();
        Problem::new(
            format!("{program} could not be started: {error}"),
            "install it and run the suite again",
        )
    })?;
    let mut counts = count(&shown.text);
    if !shown.ended_well && counts.failed == 0 {
        counts += Counts::FAILED;
    }
    Ok(counts)
}

pub fn native(project: &Project) -> Result<Counts> {
    tools::rust(project)?;
    tools::crates(project)?;
    let features = "mq-playground/ui,mq-playground/js,mq-playground/host";
    counted(
        cargo()
            .args([
                "test",
                "--workspace",
                "--no-fail-fast",
                "--features",
                features,
            ])
            .current_dir(&project.root),
        counts::of_cargo,
    )
}

pub fn web(project: &Project) -> Result<Counts> {
    wasm_pack(project, &["--test", "web", "--features", "js"])
}

pub fn core_in_browser(project: &Project) -> Result<Counts> {
    wasm_pack(project, &["--test", "broker"])
}

/// `wasm-pack test --headless --chrome . ARGUMENTS`, with our tools first on its PATH: it would fetch others.
fn wasm_pack(project: &Project, arguments: &[&str]) -> Result<Counts> {
    tools::rust(project)?;
    tools::wasm_target()?;
    tools::crates(project)?;
    let chromium = tools::chromium()?;
    let wasm_bindgen = tools::wasm_bindgen(project)?;
    let wasm_opt = tools::wasm_opt(project)?;
    let wasm_pack = tools::wasm_pack(project)?;
    let mut command = Command::new(tools::program(&wasm_pack, "wasm-pack"));
    command
        .args(["test", "--headless", "--chrome", "."])
        .args(arguments)
        .env(
            "PATH",
            tools::path_with(&[&wasm_pack, &wasm_bindgen, &wasm_opt]),
        )
        .env("CHROMEDRIVER", chromium.driver)
        // The defaults of 20 s and 5 s are too short for a busy machine.
        .env("WASM_BINDGEN_TEST_TIMEOUT", "300")
        .env("WASM_BINDGEN_TEST_DRIVER_TIMEOUT", "60")
        .current_dir(&project.root);
    counted(&mut command, counts::of_cargo)
}
