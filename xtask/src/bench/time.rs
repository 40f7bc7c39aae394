//! `cargo xtask bench time`: goal P14, going anywhere in a run of 100,000 events and what such a run holds.

use std::process::Command;

use super::Settings;
use super::figures::{Figure, Goal, Report, Unit};
use crate::problem::{Problem, Result};
use crate::process::output_of;
use crate::project::Project;
use crate::tools;

/// What the program says, what it is, and the goal.
const FIGURES: [(&str, &str, &str, Unit, Option<Goal>); 9] = [
    (
        "P14",
        "seek_worst_ns",
        "seek, worst of 1,000",
        Unit::Milliseconds,
        Some(Goal::Limit(50.0)),
    ),
    (
        "P14",
        "seek_median_ns",
        "seek, median",
        Unit::Milliseconds,
        None,
    ),
    (
        "P14",
        "step_back_worst_ns",
        "one step back, worst of 1,000",
        Unit::Milliseconds,
        Some(Goal::Limit(50.0)),
    ),
    (
        "P14",
        "drag_worst_ns",
        "drag from end to end, worst of 1,000",
        Unit::Milliseconds,
        Some(Goal::Limit(50.0)),
    ),
    (
        "P14",
        "held_bytes",
        "a run of 100,000 events holds",
        Unit::Megabytes,
        Some(Goal::Limit(100.0)),
    ),
    (
        "-",
        "fork_ns",
        "a branch at three quarters",
        Unit::Milliseconds,
        None,
    ),
    (
        "-",
        "fork_held_bytes",
        "what the branch holds more",
        Unit::Megabytes,
        None,
    ),
    ("-", "switch_ns", "switching back", Unit::Milliseconds, None),
    (
        "-",
        "compare_ns",
        "comparing the two",
        Unit::Milliseconds,
        None,
    ),
];

/// Builds, measures, prints.
pub fn run(project: &Project, settings: &Settings, report: &mut Report) -> Result<()> {
    super::build(project, &["--package", super::PACKAGE])?;
    let program = tools::program(&project.target.join("release"), "time");
    let mut rounds = Vec::new();
    for _ in 0..settings.rounds {
        let said = output_of(&mut Command::new(&program)).ok_or_else(|| {
            Problem::new(
                "The bench time did not finish",
                "run it alone: target/release/time",
            )
        })?;
        rounds.push(said);
    }
    println!(
        "A shop with confirms, topics, time to live and dead letters; median of {} rounds, on the clock",
        rounds.len()
    );
    for (id, word, name, unit, goal) in FIGURES {
        let mut values: Vec<f64> = rounds.iter().filter_map(|said| value(said, word)).collect();
        values.sort_by(f64::total_cmp);
        let Some(value) = values.get(values.len() / 2) else {
            report.unmeasured(id, name, "the program did not say it");
            continue;
        };
        report.add(&Figure {
            id,
            name: name.to_owned(),
            value: value / 1e6,
            unit,
            peer: None,
            goal,
        });
    }
    Ok(())
}

/// What a program's line `WORD NUMBER` says.
fn value(said: &str, word: &str) -> Option<f64> {
    let mut lines = said.lines().filter_map(|line| line.split_once(' '));
    let (_, number) = lines.find(|(name, _)| *name == word)?;
    number.parse().ok()
}
