//! `cargo xtask dist`: the static site, with relative addresses only, for any host and any path.

use std::fs;
use std::path::{Path, PathBuf};

use crate::options::Options;
use crate::page::{self, Flavour};
use crate::problem::{Problem, Result, io};
use crate::project::Project;

pub const HELP: &str = "\
cargo xtask dist [--out DIR]
  --out DIR    where to write the site (dist)";

/// Builds the release page and writes the site.
pub fn run(project: &Project, mut options: Options) -> Result<()> {
    let out = options
        .value("--out")?
        .map_or_else(|| project.root.join("dist"), PathBuf::from);
    options.finish("cargo xtask dist --help")?;
    page::build(project, Flavour::Release)?;
    write(project, &out)?;
    println!(
        "The site is in {}: copy it to any static host, at any path",
        out.display()
    );
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
    let index = project.root.join("index.html");
    fs::copy(&index, out.join("index.html")).map_err(io("copy", &index))?;
    Ok(())
}

/// Pictures are for README; hidden files are ours.
fn belongs(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    !name.starts_with('.') && !path.ends_with("www/pictures")
}
