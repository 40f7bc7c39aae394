//! `cargo xtask bench wire`: goal P13, the native program and a real RabbitMQ with the same client.

use std::process::Command;

use super::Settings;
use super::contestant::{Contestant, WarmUp, take_turns};
use super::figures::{Figure, Goal, Peer, Report, Unit, load};
use crate::conformance::{Build, Ours, Real, Version, free_port, root};
use crate::problem::Result;
use crate::project::Project;
use crate::tools;

/// Messages a round: some seconds of a real one.
const SIZE: &str = "30000";

/// Builds, starts both, measures, prints.
pub fn run(project: &Project, settings: &Settings, report: &mut Report) -> Result<()> {
    super::build(project, &["--package", super::PACKAGE])?;
    super::build(project, &["--bin", "mq-playground", "--features", "host"])?;
    let version = Version::V3_10;
    let root = match root(project, version) {
        Ok(root) => root,
        Err(problem) => {
            report.unmeasured("P13", "native program, workload a", &problem.to_string());
            return Ok(());
        }
    };
    let real = Real::start(root, free_port()?)?;
    let ours = Ours::start(project, Build::Release, version, free_port()?)?;
    println!(
        "RabbitMQ 3.10.8 and the native program (--compat 3.10) on loopback; {SIZE} messages of 100 bytes; median of {} \
         rounds, on the clock; load before {}",
        settings.rounds,
        load()
    );
    for (mode, name) in [
        ("plain", "a over TCP, prefetch 100, each acknowledged"),
        ("confirms", "a over TCP, with confirms too"),
    ] {
        let client = |port: u16| {
            let program = tools::program(&project.target.join("release"), "wire");
            Contestant::start(Command::new(program).args([&port.to_string(), SIZE, mode]))
        };
        let mut both = vec![client(ours.port)?, client(real.port)?];
        take_turns(&mut both, settings.rounds, WarmUp::Yes)?;
        report.add(&Figure {
            id: "P13",
            name: name.to_owned(),
            value: both[0].rate(),
            unit: Unit::PerSecond,
            peer: Some(Peer {
                name: "RabbitMQ".into(),
                value: both[1].rate(),
            }),
            goal: Some(Goal::Times(5.0)),
        });
    }
    println!("load after {}", load());
    Ok(())
}
