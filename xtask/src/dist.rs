//! `cargo xtask dist`: the static site with relative addresses only, the npm package, and one HTML file with everything
//! in it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::options::Options;
use crate::page::{self, Flavour};
use crate::problem::{Problem, Result, io};
use crate::process::{cargo, npm, runs};
use crate::project::Project;
use crate::slim::slim;
use crate::tools;

pub const HELP: &str = "\
cargo xtask dist [--out DIR]
  --out DIR    where to write the site (dist), with playground.html (the page as one file) and
               packages/mq-playground-VERSION.tgz (for npm) in it";

/// Makes the packages out of the built site.
const PACK: &str = "xtask/src/pack.mjs";
/// What wasm-bindgen calls the engine.
const ENGINE: &str = "mq_engine";

/// Builds the release page and writes everything.
pub fn run(project: &Project, mut options: Options) -> Result<()> {
    let out = options
        .value("--out")?
        .map_or_else(|| project.root.join("dist"), PathBuf::from);
    options.finish("cargo xtask dist --help")?;
    page::build(project, Flavour::Release)?;
    let engine = engine(project)?;
    write(project, &out)?;
    let tarball = packages(project, &engine, &out)?;
    println!(
        "The site is in {}: copy it to any static host, at any path",
        out.display()
    );
    println!(
        "The page as one file is {}: it opens from a disk",
        out.join("playground.html").display()
    );
    println!("The npm package is {}", tarball.display());
    Ok(())
}

/// Copies the built page to `out`, which may exist only if an earlier run made it.
pub fn write(project: &Project, out: &Path) -> Result<()> {
    if out.exists() {
        let ours = out.join("www").is_dir()
            || fs::read_dir(out).is_ok_and(|mut entries| entries.next().is_none());
        if !ours {
            return Err(Problem::new(
                format!("{} is not empty and not an earlier dist", out.display()),
                "choose another with: cargo xtask dist --out NEW_FOLDER",
            ));
        }
        fs::remove_dir_all(out).map_err(io("empty", out))?;
    }
    page::copy_folder(&project.root.join("www"), &out.join("www"), &belongs)?;
    slim_folder(&out.join("www"))?;
    let index = project.root.join("index.html");
    fs::copy(&index, out.join("index.html")).map_err(io("copy", &index))?;
    Ok(())
}

/// Leaves out of every script and style sheet what only readers of the source need.
fn slim_folder(folder: &Path) -> Result<()> {
    for entry in fs::read_dir(folder).map_err(io("read", folder))? {
        let path = entry.map_err(io("read", folder))?.path();
        if path.is_dir() {
            slim_folder(&path)?;
        } else if let Ok(text) = fs::read_to_string(&path)
            && let Some(slimmed) = slim(&path, &text)
        {
            fs::write(&path, slimmed).map_err(io("write", &path))?;
        }
    }
    Ok(())
}

/// Pictures are for README; hidden files are ours.
fn belongs(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    !name.starts_with('.') && !path.ends_with("www/pictures") && !path.ends_with("engine/pkg")
}

/// Builds the engine for JavaScript: the broker without the page, quick rather than small.
pub fn engine(project: &Project) -> Result<PathBuf> {
    eprintln!("==> Compiling the engine (profile engine)");
    let compiled = runs(
        cargo()
            .args(["build", "--lib", "--profile", "engine"])
            .args(["--no-default-features", "--features", "engine-js"])
            .args(["--target", tools::WASM])
            .current_dir(&project.root),
    );
    if !compiled {
        return Err(Problem::new(
            "The engine does not compile",
            "mend what cargo names above, then run again: cargo xtask dist",
        ));
    }
    let wasm = project
        .target
        .join(tools::WASM)
        .join("engine/mq_playground.wasm");
    let pkg = project.scratch()?.join("engine-pkg");
    // The folder may not exist yet; anything else shows when wasm-bindgen writes there.
    let _ = fs::remove_dir_all(&pkg);
    let wasm_bindgen = tools::wasm_bindgen(project)?;
    let bound = runs(
        Command::new(tools::program(&wasm_bindgen, "wasm-bindgen"))
            .args(["--target", "web", "--out-name", ENGINE, "--out-dir"])
            .arg(&pkg)
            .arg(&wasm),
    );
    let wasm = pkg.join(format!("{ENGINE}_bg.wasm"));
    let small = pkg.join("small.wasm");
    let wasm_opt = tools::wasm_opt(project)?;
    let shrunk = bound
        && runs(
            tools::wasm_opt_command(&wasm_opt)
                .args(["-O3", "--strip-debug", "--strip-producers"])
                .arg(&wasm)
                .arg("-o")
                .arg(&small),
        );
    if !shrunk {
        return Err(Problem::new(
            "The engine could not be connected to JavaScript (it says why above)",
            "run again: cargo xtask dist",
        ));
    }
    fs::rename(&small, &wasm).map_err(io("replace", &wasm))?;
    Ok(pkg)
}

/// Writes `playground.html` and the npm package into `out`; gives the package.
pub fn packages(project: &Project, engine: &Path, out: &Path) -> Result<PathBuf> {
    let version = project.locked_version("mq-playground")?;
    let staging = project.scratch()?.join("packages");
    fs::create_dir_all(&staging).map_err(io("create", &staging))?;
    tools::node()?;
    let packed = runs(
        Command::new("node")
            .arg(project.root.join(PACK))
            .args([out, &page::whole_folder(project)?, engine, &staging])
            .arg(&version),
    );
    if !packed {
        return Err(Problem::new(
            "The packages could not be made (it says why above)",
            "mend it, then run again: cargo xtask dist",
        ));
    }
    let single = out.join("playground.html");
    fs::copy(staging.join("playground.html"), &single).map_err(io("copy", &single))?;
    for licence in ["LICENSE-MIT", "LICENSE-APACHE"] {
        let to = staging.join("npm").join(licence);
        fs::copy(project.root.join(licence), &to).map_err(io("copy", &to))?;
    }
    let folder = out.join("packages");
    fs::create_dir_all(&folder).map_err(io("create", &folder))?;
    let made = runs(
        npm()
            .args(["pack", "--silent", "--pack-destination"])
            .arg(&folder)
            .current_dir(staging.join("npm")),
    );
    let tarball = folder.join(format!("mq-playground-{version}.tgz"));
    if made && tarball.is_file() {
        return Ok(tarball);
    }
    Err(Problem::new(
        "npm could not make the package (it says why above)",
        "run again: cargo xtask dist",
    ))
}
