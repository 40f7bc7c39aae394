//! Building the page: Rust to wasm, wasm-bindgen, wasm-opt, split in two, into `www/pkg`.

mod profile;
mod split;

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use crate::problem::{Problem, Result, io};
use crate::process::{cargo, runs};
use crate::project::Project;
use crate::{size, tools};

pub use profile::{HELP as PROFILE_HELP, run as profile};

/// Which page is built.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Flavour {
    /// Small and quick: what is published and tested.
    Release,
    /// Quickly built, with names in stack traces.
    Dev,
}

/// What cargo calls the library of the package.
const NAME: &str = "mq_playground";
/// Written last into `www/pkg`: says from what it was made.
const MARK: &str = ".made-from";

/// Gets what is missing and builds the page, doing only what a change made necessary.
pub fn build(project: &Project, flavour: Flavour) -> Result<()> {
    let started = Instant::now();
    tools::rust(project)?;
    tools::wasm_target()?;
    if flavour == Flavour::Release {
        tools::node()?;
    }
    tools::crates(project)?;
    let wasm_bindgen = tools::wasm_bindgen(project)?;
    let wasm_opt = match flavour {
        Flavour::Release => Some(tools::wasm_opt(project)?),
        Flavour::Dev => None,
    };
    let wasm = compile(project, flavour)?;
    let made_from = fingerprint(project, &wasm, flavour)?;
    let pkg = project.root.join("www/pkg");
    if fs::read_to_string(pkg.join(MARK)).is_ok_and(|mark| mark == made_from) {
        eprintln!(
            "==> The page is up to date ({} s)",
            started.elapsed().as_secs()
        );
    } else {
        let draft = project.scratch()?.join("pkg");
        match wasm_opt {
            Some(wasm_opt) => {
                let data = bind_and_shrink(project, (&wasm_bindgen, &wasm_opt), &wasm, &draft)?;
                keep_whole(project, &wasm_opt, &draft)?;
                split::split(project, &wasm_opt, &draft, &data)?;
            }
            None => bind(&wasm_bindgen, &wasm, &draft)?,
        }
        publish(&draft, &pkg, &made_from)?;
        eprintln!("==> The page is built ({} s)", started.elapsed().as_secs());
    }
    if flavour == Flavour::Release {
        eprintln!("==> {}", size::measure(project)?.line());
    }
    Ok(())
}

/// The release page's wasm, small but with its names, and its JavaScript in `draft`; returns the notes about its data.
fn bind_and_shrink(
    project: &Project,
    (wasm_bindgen, wasm_opt): (&Path, &Path),
    wasm: &Path,
    draft: &Path,
) -> Result<PathBuf> {
    let room = project.scratch()?.join("split");
    fs::create_dir_all(&room).map_err(io("create", &room))?;
    let (plain, data) = (room.join(format!("{NAME}.wasm")), room.join("data.json"));
    split::take_notes(project, wasm, &plain, &data)?;
    bind(wasm_bindgen, &plain, draft)?;
    shrink(wasm_opt, draft)?;
    Ok(data)
}

/// Where the page's code in one piece is, for a page in one file: the same JavaScript and wasm, not split.
pub fn whole_folder(project: &Project) -> Result<PathBuf> {
    Ok(project.scratch()?.join("whole"))
}

fn keep_whole(project: &Project, wasm_opt: &Path, draft: &Path) -> Result<()> {
    let whole = whole_folder(project)?;
    copy_folder(draft, &whole, &|_| true)?;
    let wasm = whole.join(format!("{NAME}_bg.wasm"));
    let mut command = tools::wasm_opt_command(wasm_opt);
    command
        .args(["--strip-debug", "--strip-producers"])
        .arg(&wasm)
        .arg("-o")
        .arg(&wasm);
    if runs(&mut command) {
        return Ok(());
    }
    Err(Problem::new(
        "wasm-opt could not strip the wasm (it says why above)",
        "build without it: cargo xtask serve --dev",
    ))
}

fn compile(project: &Project, flavour: Flavour) -> Result<PathBuf> {
    let (profile, folder) = match flavour {
        Flavour::Release => ("web", "web"),
        Flavour::Dev => ("dev", "debug"),
    };
    eprintln!("==> Compiling the page (profile {profile})");
    let mut command = cargo();
    command
        .args(["build", "--lib", "--profile", profile, "--target"])
        .args([tools::WASM, "--features", "js"])
        .current_dir(&project.root);
    if flavour == Flavour::Release {
        command.env(
            "CARGO_ENCODED_RUSTFLAGS",
            split::rustc_flags(project).join("\u{1f}"),
        );
    }
    if !runs(&mut command) {
        return Err(Problem::new(
            "The page does not compile",
            "mend what cargo names above, then run again: cargo xtask serve",
        ));
    }
    Ok(project
        .target
        .join(tools::WASM)
        .join(folder)
        .join(format!("{NAME}.wasm")))
}

/// Changes whenever `www/pkg` would come out differently.
fn fingerprint(project: &Project, wasm: &Path, flavour: Flavour) -> Result<String> {
    let mut hasher = DefaultHasher::new();
    fs::read(wasm).map_err(io("read", wasm))?.hash(&mut hasher);
    flavour.hash(&mut hasher);
    project.locked_version("wasm-bindgen")?.hash(&mut hasher);
    tools::BINARYEN.hash(&mut hasher);
    for file in split::inputs(project)? {
        fs::read(&file)
            .map_err(io("read", &file))?
            .hash(&mut hasher);
    }
    Ok(format!("{:016x}", hasher.finish()))
}

fn bind(wasm_bindgen: &Path, wasm: &Path, draft: &Path) -> Result<()> {
    // The folder may not exist yet; anything else shows when wasm-bindgen writes there.
    let _ = fs::remove_dir_all(draft);
    let mut command = Command::new(tools::program(wasm_bindgen, "wasm-bindgen"));
    command
        .args(["--target", "web", "--no-typescript", "--out-dir"])
        .arg(draft)
        .arg(wasm);
    if runs(&mut command) {
        return Ok(());
    }
    Err(Problem::new(
        "wasm-bindgen could not connect the wasm to JavaScript (it says why above)",
        "if it speaks of versions, make the pin in Cargo.toml and Cargo.lock agree: cargo update -p wasm-bindgen",
    ))
}

fn shrink(wasm_opt: &Path, draft: &Path) -> Result<()> {
    eprintln!("==> Making the wasm small (wasm-opt -Oz; skipped when nothing changed)");
    let wasm = draft.join(format!("{NAME}_bg.wasm"));
    let small = draft.join("small.wasm");
    let mut command = tools::wasm_opt_command(wasm_opt);
    command
        .args(["-Oz", "-g"])
        // Functions that stay apart can be fetched apart; tiny ones are not worth it.
        .args(["--one-caller-inline-max-function-size", "20"])
        .args(["--always-inline-max-function-size", "8"])
        .arg(&wasm)
        .arg("-o")
        .arg(&small);
    if !runs(&mut command) {
        return Err(Problem::new(
            "wasm-opt could not make the wasm small (it says why above)",
            "build without it: cargo xtask serve --dev",
        ));
    }
    fs::rename(&small, &wasm).map_err(io("replace", &wasm))
}

/// Puts the finished files in place at once, so that a page that is being served never sees half a build.
fn publish(draft: &Path, pkg: &Path, made_from: &str) -> Result<()> {
    fs::write(draft.join(MARK), made_from).map_err(io("write", draft))?;
    if pkg.exists() {
        fs::remove_dir_all(pkg).map_err(io("empty", pkg))?;
    }
    copy_folder(draft, pkg, &|_| true)
}

/// Copies a folder with all that is in it, as far as `wanted` agrees.
pub fn copy_folder(from: &Path, to: &Path, wanted: &dyn Fn(&Path) -> bool) -> Result<()> {
    fs::create_dir_all(to).map_err(io("create", to))?;
    for entry in fs::read_dir(from).map_err(io("read", from))? {
        let path = entry.map_err(io("read", from))?.path();
        let Some(name) = path.file_name().filter(|_| wanted(&path)) else {
            continue;
        };
        let copy = to.join(name);
        if path.is_dir() {
            copy_folder(&path, &copy, wanted)?;
        } else {
            fs::copy(&path, &copy).map_err(io("copy", &path))?;
        }
    }
    Ok(())
}
