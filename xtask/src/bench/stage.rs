//! What the engine's benchmarks need to run: peers and builds, and who runs a workload.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::contestant::{Contestant, WarmUp, take_turns};
use super::{PACKAGE, Settings, build, does_not_build};
use crate::dist;
use crate::problem::{Result, io};
use crate::process::{cargo, output_of, runs};
use crate::project::Project;
use crate::tools;

/// The peers, and their versions.
pub const SMQP: &str = "15.0.0";
pub const QLOBBER: &str = "8.0.1";
pub const MOCK: &str = "1.8.2";

/// Who can be asked to run a workload.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Who {
    Native,
    Wasm(Level),
    /// The package for JavaScript, through its public classes.
    Package,
    Smqp,
    Qlobber,
    Mock,
}

/// How the wasm is built.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// As the package for JavaScript is: quick before small.
    Engine,
    /// As the page is: small before quick.
    Page,
    /// Between the two.
    S,
}

impl Level {
    /// The profile that builds it, and how that differs from the page's.
    fn profile(self) -> (&'static str, Option<&'static str>) {
        match self {
            Level::Engine => ("engine", None),
            Level::Page => ("web", None),
            Level::S => ("web-s", Some("\"s\"")),
        }
    }
}

/// Whether somebody keeps the events.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Events {
    Kept,
    Dropped,
}

impl Events {
    fn word(self) -> &'static str {
        match self {
            Events::Kept => "kept",
            Events::Dropped => "dropped",
        }
    }
}

/// What was built and fetched for the run.
pub struct Stage<'a> {
    project: &'a Project,
    /// Holds the npm packages and the topics.
    folder: PathBuf,
    native: PathBuf,
    /// The module of the package.
    package: PathBuf,
    pub rounds: usize,
}

/// How many of what, and by whom.
pub struct Heat<'a> {
    pub workload: &'a str,
    pub size: u32,
    pub by: &'a [(Who, Events)],
}

impl<'a> Stage<'a> {
    /// Fetches and builds all of it.
    pub fn set(project: &'a Project, settings: &Settings) -> Result<Stage<'a>> {
        tools::node()?;
        tools::wasm_target()?;
        let packages = [("smqp", SMQP), ("qlobber", QLOBBER), ("mock-amqplib", MOCK)];
        let folder = tools::npm_packages(project, "bench", "to be measured against", &packages)?;
        build(project, &["--package", PACKAGE])?;
        let mut levels = vec![Level::Engine];
        if settings.levels {
            levels.extend([Level::Page, Level::S]);
        }
        let stage = Stage {
            project,
            native: tools::program(&project.target.join("release"), "engine"),
            folder,
            package: dist::engine(project)?.join("mq_engine.js"),
            rounds: settings.rounds,
        };
        for level in &levels {
            build_wasm(project, *level)?;
        }
        stage.write_topics()?;
        Ok(stage)
    }

    /// Runs a heat in turns.
    pub fn heat(&self, heat: &Heat<'_>) -> Result<Vec<Contestant>> {
        let mut all = self.start(heat)?;
        take_turns(&mut all, self.rounds, WarmUp::Yes)?;
        Ok(all)
    }

    /// Starts who takes part in a heat.
    pub fn start(&self, heat: &Heat<'_>) -> Result<Vec<Contestant>> {
        let commands = heat.by.iter().map(|(who, events)| {
            let mut command = self.command(*who);
            command.args([heat.workload, &heat.size.to_string(), events.word()]);
            if *who != Who::Native {
                command.arg(&self.folder);
            }
            Contestant::start(&mut command)
        });
        commands.collect()
    }

    fn command(&self, who: Who) -> Command {
        let script = self.project.root.join("benches/node/contestant.mjs");
        let mut command = Command::new(match who {
            Who::Native => self.native.clone(),
            _ => PathBuf::from("node"),
        });
        if who != Who::Native {
            command.arg("--expose-gc").arg(script);
        }
        match who {
            Who::Native => {}
            Who::Wasm(level) => {
                command.arg(wasm_file(self.project, level));
            }
            Who::Package => {
                command.arg(&self.package);
            }
            Who::Smqp => {
                command.arg("smqp");
            }
            Who::Qlobber => {
                command.arg("qlobber");
            }
            Who::Mock => {
                command.arg("mock-amqplib");
            }
        }
        command
    }

    /// Patterns and keys, for those who do not draw them themselves.
    fn write_topics(&self) -> Result<()> {
        for count in ["1000", "10000"] {
            let text = output_of(Command::new(&self.native).args(["topics", count]));
            let path = self.folder.join(format!("topics-{count}.txt"));
            fs::write(&path, text.unwrap_or_default()).map_err(io("write", &path))?;
        }
        Ok(())
    }
}

/// The wasm, as the package's and the page's are made: the same profile, the same wasm-opt.
fn build_wasm(project: &Project, level: Level) -> Result<()> {
    let (profile, opt_level) = level.profile();
    let mut command = cargo();
    if let Some(opt_level) = opt_level {
        command
            .args(["--config", &format!("profile.{profile}.inherits=\"web\"")])
            .args([
                "--config",
                &format!("profile.{profile}.opt-level={opt_level}"),
            ]);
    }
    command
        .args(["build", "--quiet", "--lib", "--package", PACKAGE])
        .args(["--profile", profile, "--target", tools::WASM])
        .current_dir(&project.root);
    if !runs(&mut command) {
        return Err(does_not_build(
            "cargo build --lib --package mq-playground-bench",
        ));
    }
    let raw = project
        .target
        .join(tools::WASM)
        .join(profile)
        .join("mq_playground_bench.wasm");
    let wasm_opt = tools::wasm_opt(project)?;
    let flag = match level {
        Level::Engine => "-O3",
        Level::Page => "-Oz",
        Level::S => "-Os",
    };
    let mut shrink = tools::wasm_opt_command(&wasm_opt);
    shrink
        .args([flag, "--strip-debug", "--strip-producers"])
        .arg(&raw)
        .arg("-o")
        .arg(wasm_file(project, level));
    match runs(&mut shrink) {
        true => Ok(()),
        false => Err(does_not_build("cargo xtask bench engine")),
    }
}

fn wasm_file(project: &Project, level: Level) -> PathBuf {
    let (profile, _) = level.profile();
    let folder: &Path = &project.target;
    folder
        .join(tools::WASM)
        .join(profile)
        .join("bench.opt.wasm")
}
