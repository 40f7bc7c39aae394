//! `cargo xtask profile`: measures what the first view runs, in Chromium, and writes `xtask/split/first-view.txt`.

use std::fs;
use std::path::Path;
use std::process::Command;

use super::{Flavour, NAME, bind_and_shrink, compile, copy_folder, split};
use crate::options::Options;
use crate::problem::{Problem, Result, io};
use crate::process::runs;
use crate::project::Project;
use crate::tools;

pub const HELP: &str = "\
cargo xtask profile
Runs an instrumented page in Chromium, notes which of its code the first view runs, and writes that to
xtask/split/first-view.txt, by which the page's wasm is split. Run it when the size suite says that the first view has
become too heavy, or a journey that it called what is not in its part, and commit the file. It takes some eight minutes.";

/// Measures and writes.
pub fn run(project: &Project, options: Options) -> Result<()> {
    options.finish("cargo xtask profile --help")?;
    tools::rust(project)?;
    tools::wasm_target()?;
    tools::node()?;
    tools::crates(project)?;
    let chromium = tools::chromium()?;
    tools::e2e_packages(project)?;
    let wasm_bindgen = tools::wasm_bindgen(project)?;
    let wasm_opt = tools::wasm_opt(project)?;
    let wasm = compile(project, Flavour::Release)?;
    let room = project.scratch()?.join("profile");
    let site = room.join("site");
    fs::create_dir_all(&site).map_err(io("create", &site))?;
    let index = project.root.join("index.html");
    fs::copy(&index, site.join("index.html")).map_err(io("copy", &index))?;
    copy_folder(&project.root.join("www"), &site.join("www"), &|path| {
        !path.ends_with("www/pkg")
    })?;
    let pkg = site.join("www/pkg");
    bind_and_shrink(project, (&wasm_bindgen, &wasm_opt), &wasm, &pkg)?;
    let whole = pkg.join(format!("{NAME}_bg.wasm"));
    let (instrumented, marks) = (room.join("instrumented.wasm"), room.join("marks"));
    let (from, count) = split::instrument(project, &whole, &instrumented)?;
    let glue = pkg.join(format!("{NAME}.js"));
    split::script(project, "glue.mjs", &[&glue, Path::new("alone")])?;
    eprintln!("==> Looking at the first view in its forms");
    let mut command = Command::new("node");
    command
        .arg("first-view.mjs")
        .args([&site, &instrumented])
        .args([from, count])
        .arg(&marks)
        .env("CHROMIUM", chromium.browser)
        .current_dir(project.e2e());
    if !runs(&mut command) {
        return Err(Problem::new(
            "The first view could not be measured (Node.js says why above)",
            "see whether the page works: cargo xtask serve --dev",
        ));
    }
    let profile = split::profile_file(project);
    split::script(project, "profile.mjs", &[&whole, &marks, &profile])?;
    eprintln!("==> Written: {}", profile.display());
    Ok(())
}
