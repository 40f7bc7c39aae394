//! `cargo xtask conformance`: fresh random programs against a real RabbitMQ and against ours, over TCP.

mod fetch;
mod real;

use std::net::{Ipv4Addr, TcpListener};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use crate::options::Options;
use crate::problem::{Problem, Result, io, same_command};
use crate::process::cargo;
use crate::project::Project;
use crate::tools;
pub use fetch::root;
pub use real::Real;

/// What it explains about itself.
pub const HELP: &str = "\
cargo xtask conformance --against 3.10|4.0 [options]
Plays fresh random programs against a real RabbitMQ (3.10.8 or 4.0.5, from Debian) and against the native program, and
says where they differ, shrunk to the shortest program that shows it; also in target/conformance-disagreements.jsonl.
  --seed N        other programs (1)
  --programs N    so many of each family (40)
  --family NAME   only routing, delivery, dlx, limits, errors, mixed, ttl, headers, priority, tx or quorum
  --again FILE    the programs of a file of disagreements instead of fresh ones
  --port P        the real one listens on P and ours on P + 1 (any free ports)
  --real-port P   take the broker that listens on P already instead of starting one";

/// A version of RabbitMQ that Debian carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Version {
    V3_10,
    V4_0,
}

impl Version {
    fn parse(text: Option<&str>) -> Result<Self> {
        match text {
            Some("3.10") => Ok(Self::V3_10),
            Some("4" | "4.0") => Ok(Self::V4_0),
            _ => Err(Problem::new(
                "Say which RabbitMQ to compare with",
                "cargo xtask conformance --against 3.10, or --against 4.0",
            )),
        }
    }

    /// As the native program calls it.
    fn compatibility(self) -> &'static str {
        match self {
            Self::V3_10 => "3.10",
            Self::V4_0 => "4",
        }
    }

    /// The Debian that carries it.
    fn suite(self) -> &'static str {
        match self {
            Self::V3_10 => "bookworm",
            Self::V4_0 => "trixie",
        }
    }
}

/// Runs the comparison; true if no program shows a difference.
pub fn run(project: &Project, mut options: Options) -> Result<bool> {
    let version = Version::parse(options.value("--against")?.as_deref())?;
    let port = port_of(&mut options, "--port")?;
    let real_port = port_of(&mut options, "--real-port")?;
    let mut passed_on = Vec::new();
    for name in ["--seed", "--programs", "--family", "--again"] {
        if let Some(value) = options.value(name)? {
            passed_on.extend([name.to_owned(), value]);
        }
    }
    options.finish("cargo xtask conformance --help")?;

    tools::rust(project)?;
    tools::crates(project)?;
    build(project, &["--bin", "mq-playground", "--features", "host"])?;
    build(project, &["--package", "conformance-player"])?;
    let started = match real_port {
        Some(_) => None,
        None => {
            let root = root(project, version)?;
            Some(Real::start(root, port.map_or_else(free_port, Ok)?)?)
        }
    };
    let real = real_port
        .or(started.as_ref().map(|it| it.port))
        .unwrap_or_default();
    let ours = Ours::start(
        project,
        Build::Debug,
        version,
        port.map_or_else(free_port, |it| Ok(it + 1))?,
    )?;
    let out = project.target.join("conformance-disagreements.jsonl");
    let status = Command::new(binary(project, Build::Debug, "conformance-player"))
        .args([
            "--real",
            &real.to_string(),
            "--ours",
            &ours.port.to_string(),
        ])
        .arg("--out")
        .arg(&out)
        .args(passed_on)
        .status()
        .map_err(io("write", &out))?;
    match status.code() {
        Some(0) => Ok(true),
        Some(1) => Ok(false),
        _ => Err(Problem::new(
            "The comparison broke off",
            format!("see what it says above, then: {}", same_command()),
        )),
    }
}

fn port_of(options: &mut Options, name: &str) -> Result<Option<u16>> {
    let Some(text) = options.value(name)? else {
        return Ok(None);
    };
    match text.parse() {
        Ok(port) if (1..u16::MAX).contains(&port) => Ok(Some(port)),
        _ => Err(Problem::new(
            format!("{name} {text} is no port"),
            format!("write for example: {name} 5690"),
        )),
    }
}

/// A port that nobody listens on just now.
pub fn free_port() -> Result<u16> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .and_then(|it| it.local_addr())
        .map(|it| it.port())
        .map_err(|error| {
            Problem::new(
                format!("No port is free: {error}"),
                "close some programs and try again",
            )
        })
}

fn build(project: &Project, what: &[&str]) -> Result<()> {
    let built = cargo()
        .args(["build", "--quiet"])
        .args(what)
        .current_dir(&project.root)
        .status();
    if built.is_ok_and(|status| status.success()) {
        return Ok(());
    }
    Err(Problem::new(
        "It does not build",
        format!(
            "see what cargo says above, then: cargo build {}",
            what.join(" ")
        ),
    ))
}

/// How a program of ours was built.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Build {
    Debug,
    Release,
}

fn binary(project: &Project, build: Build, name: &str) -> PathBuf {
    let folder = match build {
        Build::Debug => "debug",
        Build::Release => "release",
    };
    tools::program(&project.target.join(folder), name)
}

/// The native program, as long as this lives.
pub struct Ours {
    child: Child,
    /// Where it listens.
    pub port: u16,
}

impl Ours {
    /// Starts what was built, and waits until it listens.
    pub fn start(project: &Project, build: Build, version: Version, port: u16) -> Result<Self> {
        let path = binary(project, build, "mq-playground");
        let child = Command::new(&path)
            .args(["amqp", "--port", &port.to_string()])
            .args(["--compat", version.compatibility()])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .spawn()
            .map_err(io("start", &path))?;
        let mut ours = Self { child, port };
        if real::listens(port, || !ours.has_ended()) {
            return Ok(ours);
        }
        Err(Problem::new(
            format!("The native program does not listen on port {port}"),
            "see what it says above; another port: --port 5690",
        ))
    }

    fn has_ended(&mut self) -> bool {
        !matches!(self.child.try_wait(), Ok(None))
    }
}

impl Drop for Ours {
    fn drop(&mut self) {
        // It may have ended by itself; then there is nothing to end.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
