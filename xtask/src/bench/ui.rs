//! `cargo xtask bench ui`: goals P9 to P12, the release page and React Flow in headless Chromium.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::Settings;
use super::figures::{Figure, Goal, Peer, Report, Unit, load};
use crate::page::{self, Flavour};
use crate::problem::{Problem, Result, io, same_command};
use crate::process::runs;
use crate::project::Project;
use crate::{dist, tools};

/// React Flow and what it needs, in the versions that are compared with.
const PACKAGES: [(&str, &str); 4] = [
    ("@xyflow/react", "12.12.1"),
    ("react", "19.0.9"),
    ("react-dom", "19.0.9"),
    ("esbuild", "0.28.2"),
];

/// Builds both pages, drives them, prints.
pub fn run(project: &Project, settings: &Settings, report: &mut Report) -> Result<()> {
    let chromium = tools::chromium()?;
    tools::e2e_packages(project)?;
    page::build(project, Flavour::Release)?;
    let site = project.scratch()?.join("bench-site");
    dist::write(project, &site)?;
    let peer = react_flow(project)?;
    println!(
        "React Flow {}, React {}; load before {}",
        PACKAGES[0].1,
        PACKAGES[1].1,
        load()
    );
    let busy = settings.minutes * 60;
    let started = Command::new("node")
        .arg(project.root.join("benches/node/ui.mjs"))
        .args([&site, &peer])
        .args([settings.rounds.to_string(), busy.to_string()])
        .env("CHROMIUM", chromium.browser)
        .stdout(Stdio::piped())
        .spawn();
    let mut child = started.map_err(|error| broke_off(&error.to_string()))?;
    if let Some(output) = child.stdout.take() {
        for line in BufReader::new(output)
            .lines()
            .map_while(std::io::Result::ok)
        {
            hear(&line, report);
        }
    }
    let ended = child
        .wait()
        .map_err(|error| broke_off(&error.to_string()))?;
    if !ended.success() {
        return Err(broke_off("see above"));
    }
    println!("load after {}", load());
    Ok(())
}

fn broke_off(why: &str) -> Problem {
    Problem::new(
        format!("The browser's bench broke off: {why}"),
        format!("run again: {}", same_command()),
    )
}

/// A line of the driver: a figure or a remark.
fn hear(line: &str, report: &mut Report) {
    if let Some(fields) = line.strip_prefix("figure ") {
        match figure(fields) {
            Some(figure) => report.add(&figure),
            None => println!("what is this? {line}"),
        }
    } else {
        println!("{}", line.strip_prefix("note ").unwrap_or(line));
    }
}

fn figure(fields: &str) -> Option<Figure> {
    let mut fields = fields.split('|');
    let id = match fields.next()? {
        "P9" => "P9",
        "P10" => "P10",
        "P11" => "P11",
        "P12" => "P12",
        _ => "-",
    };
    let name = fields.next()?.to_owned();
    let value = fields.next()?.parse().ok()?;
    let unit = match fields.next()? {
        "kB" => Unit::Kilobytes,
        "MB" => Unit::Megabytes,
        _ => Unit::Milliseconds,
    };
    let peer_name = fields.next().unwrap_or_default().to_owned();
    let peer = fields.next().and_then(|text| text.parse().ok());
    let goal = match (fields.next(), fields.next().and_then(|it| it.parse().ok())) {
        (Some("times"), Some(times)) => Some(Goal::NoMoreTimes(times)),
        (Some("limit"), Some(most)) => Some(Goal::Limit(most)),
        _ => None,
    };
    Some(Figure {
        id,
        name,
        value,
        unit,
        peer: peer.map(|value| Peer {
            name: peer_name.into(),
            value,
        }),
        goal,
    })
}

/// The folder of the React Flow page, bundled.
fn react_flow(project: &Project) -> Result<PathBuf> {
    let why = "the same graph in React Flow, to be measured against; 20 MB";
    let packages = tools::npm_packages(project, "react-flow", why, &PACKAGES)?;
    let source = project.root.join("benches/node/react-flow");
    let out = project.scratch()?.join("react-flow");
    fs::create_dir_all(&out).map_err(io("create", &out))?;
    // esbuild looks for packages beside the source, so the source goes to the packages.
    for name in ["page.mjs", "page.css"] {
        copy(&source.join(name), &packages.join(name))?;
    }
    copy(&source.join("index.html"), &out.join("index.html"))?;
    let bundled = runs(
        Command::new("node")
            .arg(packages.join("node_modules/esbuild/bin/esbuild"))
            .arg("page.mjs")
            .args([
                "--bundle",
                "--minify",
                "--format=esm",
                "--log-level=warning",
            ])
            .arg("--define:process.env.NODE_ENV=\"production\"")
            .arg(format!("--outfile={}", out.join("bundle.js").display()))
            .current_dir(&packages),
    );
    match bundled {
        true => Ok(out),
        false => Err(broke_off("esbuild could not bundle React Flow")),
    }
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::copy(from, to).map(drop).map_err(io("copy", from))
}
