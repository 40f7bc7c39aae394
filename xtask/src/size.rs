//! What the first view downloads, gzipped, against its ceiling of 250 kB, and what comes behind it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::problem::{Problem, Result, io};
use crate::process::output_of;
use crate::project::Project;
use crate::{dist, tools};

/// Bytes, gzipped, that the first view weighs at most: above it, the tests fail.
pub const CEILING: u64 = 250_000;

/// Scripts that a first view does not fetch: dialogs, the iframe page, code blocks, the loader for old pages.
const NOT_FETCHED: [&str; 6] = [
    "share.js",
    "qr.js",
    "blocks.js",
    "embed.js",
    "frame.js",
    "element.classic.js",
];

/// The part of the wasm that the page fetches when its first view stands.
const REST: &str = "mq_playground_rest.wasm";

/// The files of the first view with their sizes.
pub struct Sizes {
    rows: Vec<Row>,
}

struct Row {
    name: String,
    plain: u64,
    gzip: u64,
    /// It is fetched behind the first view.
    is_behind: bool,
}

impl Sizes {
    /// The files of the first view together, gzipped.
    pub fn first_view(&self) -> u64 {
        self.sum(|row| !row.is_behind)
    }

    /// What comes behind it, gzipped.
    fn rest(&self) -> u64 {
        self.sum(|row| row.is_behind)
    }

    fn sum(&self, counts: impl Fn(&Row) -> bool) -> u64 {
        let rows = self.rows.iter().filter(|row| counts(row));
        rows.map(|row| row.gzip).sum()
    }

    /// The figure in one line.
    pub fn line(&self) -> String {
        format!(
            "First view: {} kB gzipped (HTML + CSS + JS + wasm; at most {} kB), and {} kB behind it",
            kilobytes(self.first_view()),
            kilobytes(CEILING),
            kilobytes(self.rest()),
        )
    }

    /// One line a file.
    pub fn table(&self) -> String {
        self.rows
            .iter()
            .map(|row| {
                format!(
                    "{:>9} kB gzip {:>9} kB plain  {}{}\n",
                    kilobytes(row.gzip),
                    kilobytes(row.plain),
                    row.name,
                    if row.is_behind { " (behind)" } else { "" },
                )
            })
            .collect()
    }
}

fn kilobytes(bytes: u64) -> String {
    format!("{}.{}", bytes / 1000, bytes % 1000 / 100)
}

/// Measures the page as it is published: `index.html`, the style sheets and scripts of `www/`, and `www/pkg/`.
pub fn measure(project: &Project) -> Result<Sizes> {
    let site = &project.scratch()?.join("size-site");
    dist::write(project, site)?;
    let files = first_view(site)?;
    tools::node()?;
    let script = "const {gzipSync}=require('zlib'),{readFileSync}=require('fs');\
        for(const p of process.argv.slice(1))console.log(gzipSync(readFileSync(p),{level:9}).length)";
    let printed = output_of(Command::new("node").arg("-e").arg(script).args(&files));
    let gzipped: Vec<u64> = printed
        .iter()
        .flat_map(|text| text.lines())
        .filter_map(|line| line.parse().ok())
        .collect();
    if gzipped.len() != files.len() {
        return Err(Problem::new(
            "Node.js could not measure the page",
            "build it first: cargo xtask serve",
        ));
    }
    let later = later_sheets(&site.join("www/playground.js"))?;
    let mut rows = Vec::new();
    for (file, gzip) in files.iter().zip(gzipped) {
        let plain = fs::metadata(file).map_err(io("read", file))?.len();
        let name = file
            .strip_prefix(site)
            .unwrap_or(file)
            .display()
            .to_string();
        let is_behind = file.ends_with(REST) || later.iter().any(|sheet| file.ends_with(sheet));
        rows.push(Row {
            name,
            plain,
            gzip,
            is_behind,
        });
    }
    Ok(Sizes { rows })
}

/// The style sheets that `www/playground.js` fetches behind the first view.
fn later_sheets(script: &Path) -> Result<Vec<String>> {
    let text = fs::read_to_string(script).map_err(io("read", script))?;
    let between = |from: &str, to: &str| Some(text.split_once(from)?.1.split_once(to)?.0);
    let names = between("const SHEETS = [", "]").unwrap_or_default();
    let first = between("const FIRST_SHEETS = ", ";").and_then(|count| count.parse().ok());
    let Some(first) = first else {
        return Err(Problem::new(
            "www/playground.js no longer says how many style sheets the first view has",
            "name them in it as xtask/src/size.rs reads them",
        ));
    };
    let names = names.split('\'').skip(1).step_by(2);
    Ok(names.skip(first).map(str::to_owned).collect())
}

fn first_view(site: &Path) -> Result<Vec<PathBuf>> {
    let mut files = vec![site.join("index.html")];
    for folder in [site.join("www"), site.join("www/pkg")] {
        let mut found = Vec::new();
        for entry in fs::read_dir(&folder).map_err(io("read", &folder))? {
            found.push(entry.map_err(io("read", &folder))?.path());
        }
        found.retain(|path| {
            path.extension()
                .is_some_and(|ending| ["css", "js", "wasm"].iter().any(|known| ending == *known))
        });
        found.retain(|path| !NOT_FETCHED.iter().any(|name| path.ends_with(name)));
        found.sort();
        files.extend(found);
    }
    Ok(files)
}
