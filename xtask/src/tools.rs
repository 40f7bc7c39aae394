//! Getting what is missing: each function makes sure of one tool, says what it fetches and why, and never installs
//! anything outside the user's cache (except Rust's own wasm target and, for the tests, Debian's Chromium).

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use crate::problem::{Problem, Result, io, same_command};
use crate::process::{cargo, npm, output_of, runs, runs_with_clock};
use crate::project::Project;

/// The target that a browser runs.
pub const WASM: &str = "wasm32-unknown-unknown";
/// wasm-opt of npm's binaryen; Debian's is too old for what Rust writes today.
pub const BINARYEN: &str = "132.0.0";
const WASM_PACK: &str = "0.15.1";
/// `node --test` with globs and TAP, and the syntax that binaryen's wasm-opt is written in.
const NODE_MAJOR: u32 = 20;

const NETWORK: &str = "check the network or the proxy, then run";

fn say(what: &str) {
    eprintln!("==> {what}");
}

/// Rust is new enough for the package.
pub fn rust(project: &Project) -> Result<()> {
    let wanted = project.rust_version()?;
    let found = output_of(Command::new("rustc").arg("--version")).unwrap_or_default();
    let version = found.split(' ').nth(1).unwrap_or("none");
    if numbers(version) >= numbers(&wanted) {
        return Ok(());
    }
    Err(Problem::new(
        format!("Rust {wanted} or newer is needed, found {version}"),
        "get it with: rustup update stable && rustup default stable",
    ))
}

/// Rust's standard library for wasm.
pub fn wasm_target() -> Result<()> {
    let there =
        output_of(Command::new("rustc").args(["--print", "target-libdir", "--target", WASM]))
            .is_some_and(|folder| Path::new(&folder).is_dir());
    if there {
        return Ok(());
    }
    say(&format!(
        "Fetching Rust's {WASM} (the page's code runs as wasm; once per toolchain)"
    ));
    if runs(Command::new("rustup").args(["target", "add", WASM])) {
        return Ok(());
    }
    Err(Problem::new(
        format!("Rust's target {WASM} is missing and could not be fetched"),
        format!("with rustup from https://rustup.rs, {NETWORK}: rustup target add {WASM}"),
    ))
}

/// The crates of Cargo.lock; a separate step, so that a missing network is not mistaken for a compile error.
pub fn crates(project: &Project) -> Result<()> {
    let offline = cargo()
        .args(["fetch", "--quiet", "--offline"])
        .current_dir(&project.root)
        .stderr(Stdio::null())
        .status();
    if offline.is_ok_and(|status| status.success()) {
        return Ok(());
    }
    say(
        "Fetching the crates of Cargo.lock (what the page and its tests are built from; once per machine)",
    );
    if runs(cargo().arg("fetch").current_dir(&project.root)) {
        return Ok(());
    }
    Err(Problem::new(
        "The crates of Cargo.lock could not be fetched",
        format!("{NETWORK}: cargo fetch"),
    ))
}

/// Node.js with npm.
pub fn node() -> Result<()> {
    let found = output_of(Command::new("node").arg("--version")).unwrap_or_default();
    let major = numbers(found.trim_start_matches('v'))
        .first()
        .copied()
        .unwrap_or(0);
    if major < NODE_MAJOR {
        let found = if found.is_empty() { "none" } else { &found };
        return Err(Problem::new(
            format!(
                "Node.js {NODE_MAJOR} or newer is needed (wasm-opt makes the page small with it), found {found}"
            ),
            "install it from https://nodejs.org, or build without it: cargo xtask serve --dev",
        ));
    }
    if output_of(npm().arg("--version")).is_none() {
        return Err(Problem::new(
            "Node.js is there but npm is not",
            "on Debian get it with: sudo apt-get install npm",
        ));
    }
    Ok(())
}

/// The folder with wasm-bindgen and wasm-bindgen-test-runner of exactly the version in Cargo.lock.
pub fn wasm_bindgen(project: &Project) -> Result<PathBuf> {
    let version = project.locked_version("wasm-bindgen")?;
    let folder = project.cache.join(format!("wasm-bindgen-{version}"));
    let is_right = || {
        output_of(Command::new(program(&folder.join("bin"), "wasm-bindgen")).arg("--version"))
            .is_some_and(|found| found == format!("wasm-bindgen {version}"))
            && program(&folder.join("bin"), "wasm-bindgen-test-runner").is_file()
    };
    if !is_right() {
        // Without --locked: the lock file of 0.2.130 asks for a webpki-roots that a mirror may not have yet.
        install(project, "wasm-bindgen-cli", &version, &folder, &[])?;
        if !is_right() {
            return Err(Problem::new(
                format!("{} is not wasm-bindgen {version}", folder.display()),
                format!(
                    "fetch it again with: rm -r {} && cargo xtask serve",
                    folder.display()
                ),
            ));
        }
    }
    Ok(folder.join("bin"))
}

/// The folder with wasm-pack, which runs the tests inside the browser.
pub fn wasm_pack(project: &Project) -> Result<PathBuf> {
    let folder = project.cache.join(format!("wasm-pack-{WASM_PACK}"));
    let bin = folder.join("bin");
    let is_right = || {
        output_of(Command::new(program(&bin, "wasm-pack")).arg("--version"))
            .is_some_and(|found| found == format!("wasm-pack {WASM_PACK}"))
    };
    if !is_right() {
        install(project, "wasm-pack", WASM_PACK, &folder, &["--locked"])?;
    }
    Ok(bin)
}

/// Compiles a tool from crates.io into the cache. Its build folder survives an interruption, not success.
fn install(
    project: &Project,
    name: &str,
    version: &str,
    folder: &Path,
    options: &[&str],
) -> Result<()> {
    let why = match name {
        "wasm-pack" => "runs the tests inside the browser",
        _ => "connects the page's wasm to JavaScript; must be the version of the crate",
    };
    say(&format!(
        "Fetching and compiling {name} {version} ({why}; once per user, about two minutes) into {}",
        folder.display()
    ));
    let build = project.cache.join("build").join(name);
    let started = Instant::now();
    let mut command = cargo();
    command
        .args(["install", name, "--version", version, "--force"])
        .args(options)
        .arg("--root")
        .arg(folder)
        .arg("--target-dir")
        .arg(&build)
        // These run for a second; whether they compile in one minute or in three is what one notices.
        .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1")
        .env("CARGO_PROFILE_RELEASE_DEBUG", "false")
        .stdin(Stdio::null())
        .current_dir(&project.cache);
    if !runs(&mut command) {
        return Err(Problem::new(
            format!("{name} {version} could not be installed (cargo says why above)"),
            format!("{NETWORK} again: {}", same_command()),
        ));
    }
    say(&format!(
        "{name} {version} is ready after {} s",
        started.elapsed().as_secs()
    ));
    // Only space is lost if this fails.
    let _ = fs::remove_dir_all(&build);
    Ok(())
}

/// The folder with wasm-opt.
pub fn wasm_opt(project: &Project) -> Result<PathBuf> {
    let why = "makes the page small; once per user, about 90 MB unpacked";
    let folder = npm_packages(project, "binaryen", why, &[("binaryen", BINARYEN)])?;
    Ok(folder.join("node_modules/.bin"))
}

/// A folder of the cache with these packages of npm in these versions; `set` is what the folder is called.
pub fn npm_packages(
    project: &Project,
    set: &str,
    why: &str,
    packages: &[(&str, &str)],
) -> Result<PathBuf> {
    let names: Vec<String> = packages
        .iter()
        .map(|(name, version)| format!("{name}@{version}"))
        .collect();
    let versions: Vec<&str> = packages.iter().map(|(_, version)| *version).collect();
    let folder = project.cache.join(format!("{set}-{}", versions.join("-")));
    let is_there = || {
        let modules = folder.join("node_modules");
        packages
            .iter()
            .all(|(name, _)| modules.join(name).join("package.json").is_file())
    };
    if is_there() {
        return Ok(folder);
    }
    node()?;
    let list = names.join(", ");
    say(&format!("Fetching {list} from npm ({why})"));
    fs::create_dir_all(&folder).map_err(io("create", &folder))?;
    let mut command = npm();
    command
        .args(["install", "--no-audit", "--no-fund", "--no-save"])
        .args(["--ignore-scripts", "--prefix"])
        .arg(&folder)
        .args(&names)
        .current_dir(&folder);
    if runs_with_clock(&mut command) && is_there() {
        return Ok(folder);
    }
    Err(Problem::new(
        format!("{list} could not be fetched"),
        format!("{NETWORK} again: {}", same_command()),
    ))
}

/// A command that runs wasm-opt by Node.js, which works where the file has no execute bit too.
pub fn wasm_opt_command(bin: &Path) -> Command {
    let mut command = Command::new("node");
    command.arg(bin.join("../binaryen/bin/wasm-opt"));
    command
}

/// Packages of tests/e2e, exactly those of its lock file.
pub fn e2e_packages(project: &Project) -> Result<()> {
    let folder = project.e2e();
    let lock = folder.join("package-lock.json");
    let wanted = fs::read(&lock).map_err(io("read", &lock))?;
    let mark = folder.join("node_modules/.mq-playground-lock");
    if fs::read(&mark).is_ok_and(|found| found == wanted) {
        return Ok(());
    }
    node()?;
    say(
        "Fetching playwright-core and axe-core from npm (they drive and check the page; once per clone, 15 MB)",
    );
    let mut command = npm();
    command
        .args(["ci", "--no-audit", "--no-fund"])
        .current_dir(&folder);
    if !runs_with_clock(&mut command) {
        return Err(Problem::new(
            "The packages of tests/e2e could not be fetched",
            format!("{NETWORK}: npm ci --prefix tests/e2e"),
        ));
    }
    fs::write(&mark, wanted).map_err(io("write", &mark))
}

/// Chromium and its driver, for the tests that run in a browser.
pub struct Chromium {
    /// The browser.
    pub browser: PathBuf,
    /// chromedriver, of the same version.
    pub driver: PathBuf,
}

const DEBIAN: [&str; 3] = ["chromium", "chromium-driver", "fonts-noto-cjk"];

/// Finds them, or installs Debian's when it may.
pub fn chromium() -> Result<Chromium> {
    if let Some(found) = find_chromium() {
        return Ok(found);
    }
    debian_packages(
        &DEBIAN,
        "the tests run in a real browser, with chromedriver; 350 MB",
    )?;
    find_chromium().ok_or_else(|| {
        Problem::new(
            "The browser tests need Chromium and chromedriver on the PATH",
            "put them there, or name them with: export CHROMIUM=... CHROMEDRIVER=...",
        )
    })
}

/// Installs packages of Debian when it may; else says how.
pub fn debian_packages(names: &[&str], why: &str) -> Result<()> {
    let list = names.join(" ");
    let missing = || {
        Problem::new(
            format!("{list} is missing ({why})"),
            format!(
                "on Debian get it with: sudo apt-get update && sudo apt-get install -y --no-install-recommends {list}"
            ),
        )
    };
    let Some(apt) = apt() else {
        return Err(missing());
    };
    say(&format!("Fetching Debian's {list} ({why})"));
    // A list that could not be refreshed may still be good enough; the installation decides.
    runs(apt_get(&apt).args(["-q", "update"]));
    let install = [
        "-q",
        "-o",
        "DPkg::Lock::Timeout=120",
        "install",
        "-y",
        "--no-install-recommends",
    ];
    if runs(apt_get(&apt).args(install).args(names)) {
        return Ok(());
    }
    Err(missing())
}

fn find_chromium() -> Option<Chromium> {
    let browser = env::var_os("CHROMIUM").map(PathBuf::from).or_else(|| {
        ["chromium", "chromium-browser", "google-chrome", "chrome"]
            .iter()
            .find_map(|name| on_path(name))
    })?;
    let driver = env::var_os("CHROMEDRIVER")
        .map(PathBuf::from)
        .or_else(|| on_path("chromedriver"))?;
    Some(Chromium { browser, driver })
}

/// The words in front of `apt-get` with which we may install.
fn apt() -> Option<Vec<&'static str>> {
    on_path("apt-get")?;
    let mut words = as_root().ok()?;
    words.push("apt-get");
    Some(words)
}

/// The words in front of a command that only root may run: none but `env` for root, `sudo -n` where it asks nothing.
pub fn as_root() -> Result<Vec<&'static str>> {
    if output_of(Command::new("id").arg("-u")).as_deref() == Some("0") {
        return Ok(vec!["env"]);
    }
    if output_of(Command::new("sudo").args(["-n", "true"])).is_some() {
        return Ok(vec!["sudo", "-n"]);
    }
    Err(Problem::new(
        "This needs to install or start something as root",
        format!("type: sudo true && {}", same_command()),
    ))
}

fn apt_get(words: &[&str]) -> Command {
    let mut command = Command::new(words.first().copied().unwrap_or("apt-get"));
    command
        .args(words.iter().skip(1))
        .env("DEBIAN_FRONTEND", "noninteractive");
    command
}

fn on_path(name: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path)
        .map(|folder| program(&folder, name))
        .find(|file| file.is_file())
}

/// PATH with our folders first.
pub fn path_with(folders: &[&Path]) -> OsString {
    let old = env::var_os("PATH").unwrap_or_default();
    let all = folders
        .iter()
        .map(|folder| folder.to_path_buf())
        .chain(env::split_paths(&old));
    env::join_paths(all).unwrap_or(old)
}

/// A program in a folder, with the ending that programs have here.
pub fn program(folder: &Path, name: &str) -> PathBuf {
    folder.join(format!("{name}{}", env::consts::EXE_SUFFIX))
}

/// The numbers of a version, so that 1.100 is more than 1.95.
fn numbers(version: &str) -> Vec<u32> {
    version
        .split(['.', '-'])
        .map_while(|part| part.parse().ok())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_compared_as_numbers() {
        assert!(numbers("1.100.0") > numbers("1.95"));
        assert!(numbers("1.95.0") >= numbers("1.95"));
        assert!(numbers("1.94.1-nightly") < numbers("1.95"));
        assert!(numbers("none") < numbers("1.95"));
    }
}
