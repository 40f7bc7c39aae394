//! `cargo xtask`: the project's own commands. They get what is missing, say what they fetch and why, and where
//! something fails they name the command that mends it.

// The core may not look at clocks (clippy.toml); these commands may.
#![allow(clippy::disallowed_methods)]

mod bench;
mod conformance;
mod dist;
mod options;
mod page;
mod problem;
mod process;
mod project;
mod serve;
mod server;
mod size;
mod slim;
mod test;
mod tools;

use std::env;
use std::process::ExitCode;

use options::Options;
use problem::{Problem, Result};
use project::Project;

const HELP: &str = "\
cargo xtask serve        build the playground and serve it on http://127.0.0.1:8080
cargo xtask test         run every check and test
cargo xtask dist         write the static site into dist/
cargo xtask profile      measure what the first view runs, by which the page's wasm is split
cargo xtask bench        run the benchmarks
cargo xtask conformance  compare with a real RabbitMQ, program by program
Each of them explains itself with --help.";

fn main() -> ExitCode {
    match run() {
        Ok(code) => code,
        Err(problem) => {
            eprintln!("error: {problem}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<ExitCode> {
    let mut words = env::args().skip(1);
    let command = words.next().unwrap_or_default();
    let mut options = Options::new(words);
    let help = options.flag("--help") || options.flag("-h");
    match command.as_str() {
        "serve" if help => println!("{}", serve::HELP),
        "serve" => serve::run(&Project::find()?, options)?,
        "test" if help => print!("{}", test::help()),
        "test" => {
            return Ok(code(test::run(&Project::find()?, options)?));
        }
        "dist" if help => println!("{}", dist::HELP),
        "dist" => dist::run(&Project::find()?, options)?,
        "profile" if help => println!("{}", page::PROFILE_HELP),
        "profile" => page::profile(&Project::find()?, options)?,
        "bench" if help => print!("{}", bench::help()),
        "bench" => bench::run(&Project::find()?, options)?,
        "conformance" if help => println!("{}", conformance::HELP),
        "conformance" => return Ok(code(conformance::run(&Project::find()?, options)?)),
        "" | "help" | "--help" | "-h" => println!("{HELP}"),
        unknown => {
            return Err(Problem::new(
                format!("There is no command {unknown}"),
                "see: cargo xtask --help",
            ));
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn code(all_well: bool) -> ExitCode {
    if all_well {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
