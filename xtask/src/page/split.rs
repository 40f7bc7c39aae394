//! Splitting the page's wasm: what the first view runs stands in one file, everything else in a second that the page
//! fetches behind the first view. The scripts of `xtask/split` do it, with npm's binaryen; each explains itself.
//!
//! What the first view runs is measured: `cargo xtask profile` runs an instrumented page in Chromium and writes
//! `xtask/split/first-view.txt`. A page that changed since is split by what is still the same, and works whatever the
//! profile says; it only loads more than it need.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::problem::{Problem, Result, io};
use crate::process::{output_of, runs};
use crate::project::Project;

/// What cargo is told beyond the profile `web`: names that say which function is which, small functions (what is not
/// called is then not fetched), the linker's notes about data, and no paths of this machine.
pub fn rustc_flags(project: &Project) -> Vec<String> {
    let mut flags: Vec<String> = [
        "-Csymbol-mangling-version=v0",
        "-Cllvm-args=-inline-threshold=-14000",
        "-Clink-arg=--emit-relocs",
    ]
    .map(str::to_owned)
    .into();
    flags.push(format!(
        "--remap-path-prefix={}=",
        project.root.to_string_lossy()
    ));
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".cargo")));
    let registries = home.and_then(|home| fs::read_dir(home.join("registry/src")).ok());
    for registry in registries.into_iter().flatten().flatten() {
        flags.push(format!(
            "--remap-path-prefix={}=",
            registry.path().to_string_lossy()
        ));
    }
    flags
}

/// The scripts' folder.
fn scripts(project: &Project) -> PathBuf {
    project.root.join("xtask/split")
}

/// The profile of the first view.
pub fn profile_file(project: &Project) -> PathBuf {
    scripts(project).join("first-view.txt")
}

/// Everything that decides how the page is split.
pub fn inputs(project: &Project) -> Result<Vec<PathBuf>> {
    let folder = scripts(project);
    let mut files = Vec::new();
    for entry in fs::read_dir(&folder).map_err(io("read", &folder))? {
        files.push(entry.map_err(io("read", &folder))?.path());
    }
    files.sort();
    Ok(files)
}

/// Runs one of the scripts.
pub fn script(project: &Project, name: &str, arguments: &[&Path]) -> Result<()> {
    let mut command = Command::new("node");
    command
        .arg(scripts(project).join(name))
        .args(arguments)
        .stdout(std::process::Stdio::null());
    if runs(&mut command) {
        return Ok(());
    }
    Err(failed(name))
}

fn failed(name: &str) -> Problem {
    Problem::new(
        format!("xtask/split/{name} could not do its part (it says why above)"),
        "build without splitting: cargo xtask serve --dev",
    )
}

/// Takes the linker's notes out of `wasm`, and keeps what they say about data.
pub fn take_notes(project: &Project, wasm: &Path, out: &Path, data: &Path) -> Result<()> {
    script(project, "symbols.mjs", &[wasm, out, data])
}

/// Splits `draft/mq_playground_bg.wasm`, which still has its names, into itself and `draft/mq_playground_rest.wasm`;
/// `wasm_opt` is the folder in which npm's binaryen has its programs.
pub fn split(project: &Project, wasm_opt: &Path, draft: &Path, data: &Path) -> Result<()> {
    let room = project.scratch()?.join("split");
    fs::create_dir_all(&room).map_err(io("create", &room))?;
    let binaryen = wasm_opt.join("../..");
    let whole = draft.join("mq_playground_bg.wasm");
    let rest = draft.join("mq_playground_rest.wasm");
    let (outlined, first) = (room.join("outlined.wasm"), room.join("first.json"));
    let profile = profile_file(project);
    script(
        project,
        "outline.mjs",
        &[&whole, &profile, &outlined, &first],
    )?;
    script(
        project,
        "split.mjs",
        &[&binaryen, &outlined, &first, &whole, &rest],
    )?;
    script(project, "data.mjs", &[data, &whole, &rest])?;
    let glue = draft.join("mq_playground.js");
    script(project, "glue.mjs", &[&glue, &whole, &rest])
}

/// Makes `wasm` mark what runs; returns the first mark's address and how many there are.
pub fn instrument(project: &Project, wasm: &Path, out: &Path) -> Result<(String, String)> {
    let mut command = Command::new("node");
    command
        .arg(scripts(project).join("instrument.mjs"))
        .args([wasm, out]);
    let printed = output_of(&mut command).unwrap_or_default();
    let mut words = printed.split(' ').map(str::to_owned);
    words
        .next()
        .zip(words.next())
        .ok_or_else(|| failed("instrument.mjs"))
}
