//! `cargo xtask serve`: builds the page and serves it, and with `--watch` does both again on every change.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, SystemTime};

use crate::options::Options;
use crate::page::{self, Flavour};
use crate::problem::{Problem, Result};
use crate::project::Project;
use crate::server::{self, Site};

const DEFAULT_PORT: u16 = 8080;

pub const HELP: &str = "\
cargo xtask serve [--port N] [--open] [--watch] [--dev] [--no-build] [--base PATH]
  --port N     listen on this port (8080); 0 takes any that is free
  --open       open the page in the browser
  --watch      build again and reload the page when a file changes
  --dev        build quickly: larger and slower, with readable stack traces
  --no-build   serve what is built already
  --base PATH  serve it below this path too, as a host that gives one a folder would";

/// Runs until it is interrupted.
pub fn run(project: &Project, mut options: Options) -> Result<()> {
    let port = options.value("--port")?;
    let port = port.map_or(Ok(DEFAULT_PORT), |text| {
        text.parse().map_err(|_| {
            Problem::new(
                format!("{text} is no port"),
                "use 0 to 65535: cargo xtask serve --port 8080",
            )
        })
    })?;
    let base = options.value("--base")?;
    let open = options.flag("--open");
    let watch = options.flag("--watch");
    let no_build = options.flag("--no-build");
    let flavour = if options.flag("--dev") {
        Flavour::Dev
    } else {
        Flavour::Release
    };
    options.finish("cargo xtask serve --help")?;

    // The port first: nobody wants to learn after two minutes of building that it is taken.
    let listener = server::listen(port)?;
    if no_build {
        must_be_built(project)?;
    } else {
        page::build(project, flavour)?;
    }
    let address = server::address(&listener, "/");
    println!("mq-playground is on {address} (Ctrl+C stops it)");
    if open {
        open_browser(&address);
    }
    let builds = watch.then(|| watch_for_changes(project, flavour));
    let mut sites = vec![Site {
        root: project.root.clone(),
        base: "/".to_owned(),
        builds,
    }];
    if let Some(base) = base {
        let base = format!("/{}/", base.trim_matches('/'));
        sites.push(Site {
            root: project.root.clone(),
            base,
            builds: None,
        });
    }
    server::serve(&listener, sites);
    Ok(())
}

fn must_be_built(project: &Project) -> Result<()> {
    if project.root.join("www/pkg").is_dir() {
        return Ok(());
    }
    Err(Problem::new(
        "Nothing is built yet",
        "build and serve with: cargo xtask serve",
    ))
}

fn open_browser(address: &str) {
    let (program, arguments): (&str, &[&str]) = match std::env::consts::OS {
        "macos" => ("open", &[]),
        "windows" => ("cmd", &["/C", "start", ""]),
        _ => ("xdg-open", &[]),
    };
    let mut command = Command::new(program);
    command
        .args(arguments)
        .arg(address)
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    if command.spawn().is_err() {
        eprintln!("==> No browser could be opened ({program} is missing); open {address} yourself");
    }
}

/// Starts the watcher; the number it returns moves with every finished build.
fn watch_for_changes(project: &Project, flavour: Flavour) -> Arc<AtomicU64> {
    let builds = Arc::new(AtomicU64::new(0));
    let counter = Arc::clone(&builds);
    let project = project.clone();
    thread::spawn(move || {
        let mut seen = state_of(&project.root);
        loop {
            thread::sleep(Duration::from_millis(400));
            let now = state_of(&project.root);
            if now == seen {
                continue;
            }
            seen = now;
            match page::build(&project, flavour) {
                Ok(()) => drop(counter.fetch_add(1, Ordering::Relaxed)),
                Err(problem) => eprintln!("error: {problem} (the page shows the last good build)"),
            }
        }
    });
    builds
}

/// Everything that the page is made of, with its times: comparing two of these finds any change.
fn state_of(root: &Path) -> Vec<(PathBuf, SystemTime, u64)> {
    let mut state = Vec::new();
    let mut left = ["src", "www", "index.html", "Cargo.toml", "Cargo.lock"]
        .map(|name| root.join(name))
        .to_vec();
    while let Some(path) = left.pop() {
        let Ok(metadata) = fs::metadata(&path) else {
            continue;
        };
        if metadata.is_file() {
            let modified = metadata.modified().unwrap_or(SystemTime::UNIX_EPOCH);
            state.push((path, modified, metadata.len()));
        } else if !path.ends_with("www/pkg") {
            let entries = fs::read_dir(&path).into_iter().flatten().flatten();
            left.extend(entries.map(|entry| entry.path()));
        }
    }
    state.sort();
    state
}
