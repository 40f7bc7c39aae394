//! Figures: one line each on the screen, one object each in `target/bench.json`.

use std::borrow::Cow;
use std::fs;

use crate::problem::{Result, io};
use crate::project::Project;

/// What a figure is to reach.
#[derive(Clone, Copy, Debug)]
pub enum Goal {
    /// So many times the peer, or more.
    Times(f64),
    /// So many times the peer, or less.
    NoMoreTimes(f64),
    /// The figure itself, or less.
    Limit(f64),
}

/// What a figure counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Things per second; more is better.
    PerSecond,
    /// Nanoseconds a thing.
    Nanoseconds,
    Milliseconds,
    Bytes,
    Kilobytes,
    Megabytes,
}

impl Unit {
    fn name(self) -> &'static str {
        match self {
            Unit::PerSecond => "/s",
            Unit::Nanoseconds => "ns",
            Unit::Milliseconds => "ms",
            Unit::Bytes => "B",
            Unit::Kilobytes => "kB",
            Unit::Megabytes => "MB",
        }
    }

    fn show(self, value: f64) -> String {
        match self {
            Unit::PerSecond if value >= 999_500.0 => format!("{} M/s", short(value / 1e6)),
            Unit::PerSecond if value >= 1_000.0 => format!("{} k/s", short(value / 1e3)),
            unit => format!("{} {}", short(value), unit.name()),
        }
    }
}

/// Three digits or so.
fn short(value: f64) -> String {
    match value.abs() {
        it if it >= 100.0 => format!("{value:.0}"),
        it if it >= 10.0 => format!("{value:.1}"),
        _ => format!("{value:.2}"),
    }
}

/// Something to compare with, measured in the same run.
pub struct Peer {
    pub name: Cow<'static, str>,
    pub value: f64,
}

/// One line.
pub struct Figure {
    /// The goal's number, or `-`.
    pub id: &'static str,
    pub name: String,
    pub value: f64,
    pub unit: Unit,
    pub peer: Option<Peer>,
    pub goal: Option<Goal>,
}

impl Figure {
    /// How many times the peer: as fast, or as much.
    fn ratio(&self) -> Option<f64> {
        let peer = self.peer.as_ref()?;
        Some(self.value / peer.value)
    }

    fn met(&self) -> Option<bool> {
        match (self.goal?, self.ratio()) {
            (Goal::Times(times), Some(ratio)) => Some(ratio >= times),
            (Goal::NoMoreTimes(times), Some(ratio)) => Some(ratio <= times),
            (Goal::Limit(most), _) => Some(self.value <= most),
            (Goal::Times(_) | Goal::NoMoreTimes(_), None) => None,
        }
    }

    fn goal_text(&self) -> Option<String> {
        Some(match self.goal? {
            Goal::Times(times) => format!("{} x", trimmed(times)),
            Goal::NoMoreTimes(times) => format!("at most {} x", trimmed(times)),
            Goal::Limit(most) => format!("{} {}", trimmed(most), self.unit.name()),
        })
    }

    fn line(&self) -> String {
        let value = self.unit.show(self.value);
        let peer = self.peer.as_ref().map_or_else(String::new, |peer| {
            format!("{} {}", peer.name, self.unit.show(peer.value))
        });
        let ratio = self
            .ratio()
            .map_or_else(String::new, |ratio| format!("{} x", short(ratio)));
        let goal = self
            .goal_text()
            .map_or_else(String::new, |goal| format!("goal {goal}"));
        let met = match self.met() {
            None => "",
            Some(true) => "met",
            Some(false) => "MISSED",
        };
        let line = format!(
            "{:<4} {:<44} {value:>10}   {peer:<24} {ratio:>7}   {goal:<18} {met}",
            self.id, self.name
        );
        line.trim_end().to_owned()
    }

    fn json(&self, bench: &str) -> String {
        let text = |text: Option<String>| text.map_or("null".to_owned(), |it| quoted(&it));
        let number = |number: Option<f64>| number.map_or("null".to_owned(), |it| format!("{it}"));
        format!(
            "{{\"bench\":{},\"id\":{},\"name\":{},\"value\":{},\"unit\":{},\"peer\":{},\"ratio\":{},\"goal\":{},\"met\":{}}}",
            quoted(bench),
            quoted(self.id),
            quoted(&self.name),
            self.value,
            quoted(self.unit.name()),
            text(
                self.peer
                    .as_ref()
                    .map(|it| format!("{} {}", it.name, it.value))
            ),
            number(self.ratio()),
            text(self.goal_text()),
            self.met().map_or("null".to_owned(), |it| it.to_string()),
        )
    }
}

/// Without digits that say nothing.
fn trimmed(value: f64) -> String {
    format!("{}", (value * 100.0).round() / 100.0)
}

fn quoted(text: &str) -> String {
    let escaped = text
        .replace('\\', "\\\\")
        .replace('"', "\\\"")
        .replace('\n', "\\n");
    format!("\"{escaped}\"")
}

/// The figures of one bench.
pub struct Report {
    bench: &'static str,
    lines: Vec<String>,
}

impl Report {
    pub fn new(bench: &'static str) -> Report {
        Report {
            bench,
            lines: Vec::new(),
        }
    }

    /// Prints a figure and keeps it.
    pub fn add(&mut self, figure: &Figure) {
        println!("{}", figure.line());
        self.lines.push(figure.json(self.bench));
    }

    /// Says why there is no figure.
    pub fn unmeasured(&mut self, id: &'static str, name: &str, why: &str) {
        println!("{id:<4} {name:<44} not measured: {why}");
        self.lines.push(format!(
            "{{\"bench\":{},\"id\":{},\"name\":{},\"value\":null,\"why\":{}}}",
            quoted(self.bench),
            quoted(id),
            quoted(name),
            quoted(why)
        ));
    }

    /// Writes them to `target/bench.json`; what other benches wrote there stays.
    pub fn write(self, project: &Project) -> Result<()> {
        let path = project.target.join("bench.json");
        let old = fs::read_to_string(&path).unwrap_or_default();
        let ours = format!("{{\"bench\":{},", quoted(self.bench));
        let others = old
            .lines()
            .map(|line| line.trim_end_matches(','))
            .filter(|line| line.starts_with('{') && !line.starts_with(&ours))
            .map(str::to_owned);
        let all: Vec<String> = others.chain(self.lines).collect();
        fs::write(&path, format!("[\n{}\n]\n", all.join(",\n"))).map_err(io("write", &path))
    }
}

/// The machine's load, for the heading.
pub fn load() -> String {
    let text = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    match text.split(' ').next() {
        Some(load) if !load.is_empty() => load.to_owned(),
        _ => "unknown".to_owned(),
    }
}

/// The middle one.
pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    match values.len() {
        0 => f64::NAN,
        count if count % 2 == 1 => values[count / 2],
        count => (values[count / 2 - 1] + values[count / 2]) / 2.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_is_one_line_and_one_object() {
        let figure = Figure {
            id: "P1",
            name: "a direct + ack, events on".to_owned(),
            value: 9_800_000.0,
            unit: Unit::PerSecond,
            peer: Some(Peer {
                name: "smqp".into(),
                value: 250_000.0,
            }),
            goal: Some(Goal::Times(20.0)),
        };
        let words: Vec<String> = figure
            .line()
            .split_whitespace()
            .map(str::to_owned)
            .collect();
        assert_eq!(
            words.join(" "),
            "P1 a direct + ack, events on 9.80 M/s smqp 250 k/s 39.2 x goal 20 x met"
        );
        assert!(
            figure
                .json("engine")
                .contains("\"ratio\":39.2,\"goal\":\"20 x\",\"met\":true")
        );
    }

    #[test]
    fn the_median_is_the_middle() {
        assert_eq!(median(vec![3.0, 1.0, 2.0]), 2.0);
        assert_eq!(median(vec![4.0, 1.0, 2.0, 3.0]), 2.5);
        assert!(median(Vec::new()).is_nan());
    }
}
