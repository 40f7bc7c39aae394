//! Plays fresh random programs against two brokers and reports where they differ. `cargo xtask conformance` starts it.

use std::fs::File;
use std::io::Write;
use std::process::ExitCode;

use conformance_player::compare::{Brokers, Verdict};
use conformance_player::grammar::{Family, program};
use conformance_player::player::Rows;
use conformance_player::shrink::shrink;
use serde_json::{Value, json};

const HELP: &str = "\
conformance-player --real PORT --ours PORT --out FILE [--seed N] [--programs N] [--family NAME] [--again FILE]

  --real PORT      the broker that is right
  --ours PORT      the broker that is compared with it
  --out FILE       where disagreements are written, as JSON lines
  --seed N         other programs (1)
  --programs N     so many of each family (40)
  --family NAME    only this family
  --again FILE     the programs of such a file instead of fresh ones";

fn main() -> ExitCode {
    match run() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(why) => {
            eprintln!("error: {why}");
            ExitCode::from(2)
        }
    }
}

/// True if they agree everywhere.
fn run() -> Result<bool, String> {
    let options = Options::read(std::env::args().skip(1))?;
    let out = File::create(&options.out).map_err(|error| format!("{}: {error}", options.out))?;
    let mut report = Report { out, found: 0 };
    for (family, name) in Family::ALL {
        if options.family.as_ref().is_some_and(|it| it != name) {
            continue;
        }
        let mut count = Count::default();
        for number in 0..options.count(name) {
            let steps = options.program(family, name, number);
            match options
                .brokers
                .compare(&steps, family.looks(), PLAYS_TO_BELIEVE)
            {
                Verdict::Agree => count.agree += 1,
                Verdict::Unstable => count.unstable += 1,
                Verdict::Differ { at, .. } => match shortest(options.brokers, steps, at, family) {
                    None => count.unstable += 1,
                    Some(steps) => {
                        count.differ += 1;
                        report.tell(&options, family, name, number, &steps)?;
                    }
                },
            }
        }
        if count.agree + count.differ + count.unstable > 0 {
            println!("{name:9} {count}");
        }
    }
    if report.found > 0 {
        println!("{} disagreements, also in {}", report.found, options.out);
    }
    Ok(report.found == 0)
}

#[derive(Default)]
struct Count {
    agree: usize,
    differ: usize,
    unstable: usize,
}

impl std::fmt::Display for Count {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.agree, self.agree + self.differ)?;
        match self.unstable {
            0 => Ok(()),
            some => write!(f, "  (and {some} unstable: no answer that stays the same)"),
        }
    }
}

/// How often an answer must be the same again before a difference is believed. A real broker runs on several
/// schedulers: some answers are one thing six times in ten.
const PLAYS_TO_BELIEVE: usize = 4;
/// The same, before a difference is reported.
const PLAYS_TO_REPORT: usize = 10;
/// More attempts to shrink are not worth it: a program of 30 steps takes about half a second each time.
const ATTEMPTS_TO_SHRINK: usize = 150;

/// The shortest program that shows the difference; None if it goes away when it is played often.
fn shortest(
    brokers: Brokers,
    mut steps: Vec<Value>,
    at: usize,
    family: Family,
) -> Option<Vec<Value>> {
    let differ = |steps: &[Value], again: usize| match brokers.compare(steps, family.looks(), again)
    {
        Verdict::Differ { at, .. } => Some(at),
        Verdict::Agree | Verdict::Unstable => None,
    };
    steps.truncate(at + 1);
    let short = shrink(steps.clone(), ATTEMPTS_TO_SHRINK, |steps| differ(steps, 1));
    [short, steps]
        .into_iter()
        .find(|steps| differ(steps, PLAYS_TO_REPORT).is_some())
}

struct Report {
    out: File,
    found: usize,
}

impl Report {
    fn tell(
        &mut self,
        options: &Options,
        family: Family,
        name: &str,
        number: u64,
        steps: &[Value],
    ) -> Result<(), String> {
        self.found += 1;
        println!("--- {name}, seed {}, program {number}", options.seed);
        let answers = options.brokers.play(steps, family.looks());
        for (at, step) in steps.iter().enumerate() {
            println!("  {at:3} {step}");
            let none = Rows::new();
            let real = answers.real.get(at).unwrap_or(&none);
            let ours = answers.ours.get(at).unwrap_or(&none);
            if real != ours {
                real.iter().for_each(|row| println!("      expected {row}"));
                ours.iter().for_each(|row| println!("      got      {row}"));
            }
        }
        let line = json!({
            "family": name, "seed": options.seed, "program": number, "steps": steps,
            "expect": answers.real, "got": answers.ours});
        writeln!(self.out, "{line}").map_err(|error| format!("{}: {error}", options.out))
    }
}

struct Options {
    brokers: Brokers,
    out: String,
    seed: u64,
    programs: u64,
    family: Option<String>,
    /// Programs of a file, with their families.
    again: Option<Vec<(String, Vec<Value>)>>,
}

impl Options {
    fn read(words: impl Iterator<Item = String>) -> Result<Options, String> {
        let words: Vec<String> = words.collect();
        let value = |name: &str| {
            let at = words.iter().position(|word| word == name)?;
            words.get(at + 1).cloned()
        };
        let number = |name: &str, default: Option<u64>| {
            let given = value(name).map(|it| it.parse().map_err(|_| format!("{name} {it}?")));
            given
                .or(default.map(Ok))
                .unwrap_or_else(|| Err(HELP.to_owned()))
        };
        let port = |name: &str| {
            u16::try_from(number(name, None)?).map_err(|_| format!("{name} is not a port"))
        };
        let family = value("--family");
        if let Some(it) = &family
            && Family::ALL.iter().all(|(_, name)| name != it)
        {
            return Err(format!("there is no family {it}"));
        }
        Ok(Options {
            brokers: Brokers {
                real: port("--real")?,
                ours: port("--ours")?,
            },
            out: value("--out").ok_or(HELP)?,
            seed: number("--seed", Some(1))?,
            programs: number("--programs", Some(40))?,
            family,
            again: value("--again")
                .map(|file| read_programs(&file))
                .transpose()?,
        })
    }

    fn count(&self, name: &str) -> u64 {
        match &self.again {
            Some(all) => all.iter().filter(|(family, _)| family == name).count() as u64,
            None => self.programs,
        }
    }

    fn program(&self, family: Family, name: &str, number: u64) -> Vec<Value> {
        let recorded = self.again.iter().flatten();
        let mut recorded = recorded.filter(|(it, _)| it == name);
        match recorded.nth(number as usize) {
            Some((_, steps)) => steps.clone(),
            // Far apart, so that no two families or seeds share a program.
            None => program(family, (self.seed << 32) + ((family as u64) << 24) + number),
        }
    }
}

fn read_programs(file: &str) -> Result<Vec<(String, Vec<Value>)>, String> {
    let wrong = |error: &dyn std::fmt::Display| format!("{file}: {error}");
    let text = std::fs::read_to_string(file).map_err(|error| wrong(&error))?;
    let mut all = Vec::new();
    for line in text.lines() {
        let mut it: Value = serde_json::from_str(line).map_err(|error| wrong(&error))?;
        let family = it["family"].as_str().unwrap_or("mixed").to_owned();
        let steps = it["steps"].as_array_mut().map(std::mem::take);
        all.push((family, steps.ok_or_else(|| wrong(&"no steps"))?));
    }
    Ok(all)
}
