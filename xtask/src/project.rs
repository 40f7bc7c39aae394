//! Where things are: the clone, its build folder, and the cache that all clones of one user share.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use crate::problem::{Problem, Result, io};
use crate::process;

/// The folders that every command needs.
#[derive(Clone)]
pub struct Project {
    /// Top of the clone.
    pub root: PathBuf,
    /// Cargo's one target folder.
    pub target: PathBuf,
    /// Tools that were fetched once for all clones.
    pub cache: PathBuf,
}

impl Project {
    /// Finds them; asks cargo for the target folder, which a person may have configured anywhere.
    pub fn find() -> Result<Self> {
        let manifest = env::var_os("CARGO_MANIFEST_DIR")
            .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
        let root = manifest
            .parent()
            .map_or_else(|| manifest.clone(), Path::to_path_buf);
        let metadata = process::output_of(
            process::cargo()
                .args([
                    "metadata",
                    "--no-deps",
                    "--offline",
                    "--format-version",
                    "1",
                ])
                .current_dir(&root),
        );
        let target = metadata
            .as_deref()
            .and_then(|text| json_text(text, "target_directory"))
            .map_or_else(|| root.join("target"), PathBuf::from);
        Ok(Self {
            root,
            target,
            cache: cache_folder()?,
        })
    }

    /// Where xtask keeps its own marks and intermediate files.
    pub fn scratch(&self) -> Result<PathBuf> {
        let folder = self.target.join("xtask");
        fs::create_dir_all(&folder).map_err(io("create", &folder))?;
        Ok(folder)
    }

    /// Playwright's tests, with the only package.json of the project.
    pub fn e2e(&self) -> PathBuf {
        self.root.join("tests/e2e")
    }

    /// The version of a crate in Cargo.lock.
    pub fn locked_version(&self, name: &str) -> Result<String> {
        let path = self.root.join("Cargo.lock");
        let lock = fs::read_to_string(&path).map_err(io("read", &path))?;
        locked_version(&lock, name).ok_or_else(|| {
            Problem::new(
                format!("Cargo.lock names no {name}"),
                "restore it with: git checkout Cargo.lock",
            )
        })
    }

    /// `rust-version` of the package: the oldest Rust that builds it.
    pub fn rust_version(&self) -> Result<String> {
        let path = self.root.join("Cargo.toml");
        let manifest = fs::read_to_string(&path).map_err(io("read", &path))?;
        Ok(manifest
            .lines()
            .find_map(|line| line.strip_prefix("rust-version = "))
            .map(|value| value.trim().trim_matches('"').to_owned())
            .unwrap_or_default())
    }
}

fn cache_folder() -> Result<PathBuf> {
    let base = env::var_os("XDG_CACHE_HOME")
        .or_else(|| env::var_os("LOCALAPPDATA"))
        .map(PathBuf::from)
        .or_else(|| env::home_dir().map(|home| home.join(".cache")));
    let Some(base) = base else {
        return Err(Problem::new(
            "There is no home folder to keep fetched tools in",
            "name one with: export XDG_CACHE_HOME=/some/folder",
        ));
    };
    let folder = base.join("mq-playground");
    fs::create_dir_all(&folder).map_err(io("create", &folder))?;
    Ok(folder)
}

/// The text value of a key in cargo's own JSON; enough for a path, and saves a parser.
fn json_text(json: &str, key: &str) -> Option<String> {
    let start = json.find(&format!("\"{key}\":\""))? + key.len() + 4;
    let end = json[start..].find('"')? + start;
    Some(json[start..end].replace("\\\\", "\\"))
}

fn locked_version(lock: &str, name: &str) -> Option<String> {
    let wanted = format!("name = \"{name}\"");
    let mut lines = lock.lines().skip_while(|line| *line != wanted).skip(1);
    let version = lines.next()?.strip_prefix("version = ")?;
    Some(version.trim_matches('"').to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lock_file_gives_the_version_of_exactly_the_named_crate() {
        let lock = "[[package]]\nname = \"wasm-bindgen-macro\"\nversion = \"0.2.1\"\n\n[[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\n";
        assert_eq!(
            locked_version(lock, "wasm-bindgen").as_deref(),
            Some("0.2.130")
        );
        assert_eq!(locked_version(lock, "yew"), None);
    }

    #[test]
    fn the_target_folder_is_read_from_cargos_metadata() {
        let json = r#"{"packages":[],"target_directory":"C:\\t\\x","version":1}"#;
        assert_eq!(
            json_text(json, "target_directory").as_deref(),
            Some("C:\\t\\x")
        );
        assert_eq!(json_text(json, "missing"), None);
    }
}
