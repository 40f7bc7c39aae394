//! The code itself: who imports whom, how long files are, and that ARCHITECTURE.md speaks of what exists.
//!
//! Native only: it reads the disk.
#![cfg(not(target_arch = "wasm32"))]

use std::fs;
use std::path::{Path, PathBuf};

/// Which rooms each room may import from, besides itself. ARCHITECTURE.md draws the same table.
const ROOMS: [(&str, &[&str]); 12] = [
    ("limits", &[]),
    ("machine", &[]),
    ("ordered", &["machine"]),
    ("amqp", &["limits", "machine", "ordered"]),
    ("timeline", &["machine", "ordered"]),
    ("wire", &["limits", "machine", "ordered", "amqp"]),
    ("actors", &["machine", "ordered", "amqp", "timeline"]),
    (
        "scenario",
        &["machine", "ordered", "amqp", "timeline", "actors"],
    ),
    (
        "engine",
        &[
            "machine", "ordered", "amqp", "timeline", "actors", "scenario", "wire",
        ],
    ),
    (
        "ui",
        &[
            "machine", "ordered", "amqp", "timeline", "wire", "actors", "scenario", "engine",
        ],
    ),
    (
        "js",
        &[
            "machine", "ordered", "amqp", "timeline", "actors", "scenario", "engine", "ui",
        ],
    ),
    (
        "host",
        &[
            "limits", "machine", "ordered", "amqp", "timeline", "actors", "scenario", "engine",
            "wire",
        ],
    ),
];

/// Parts of the interface that know nodes, edges and sentences, and no broker.
const BROKERLESS: [&str; 4] = [
    "src/ui/canvas",
    "src/ui/store",
    "src/ui/components",
    "src/ui/timeline",
];

const MOST_LINES: usize = 600;

struct Source {
    /// Relative to the top of the clone, with `/`.
    path: String,
    text: String,
}

impl Source {
    /// The room a file of `src/` belongs to.
    fn room(&self) -> Option<&str> {
        let inside = self.path.strip_prefix("src/")?;
        Some(inside.split(['/', '.']).next().unwrap_or(inside))
    }

    /// The text without comments and without what only tests see; tests may look further.
    fn code(&self) -> String {
        let production = self
            .text
            .split("#[cfg(test)]\nmod ")
            .next()
            .unwrap_or_default();
        let lines = production
            .lines()
            .map(|line| line.split("//").next().unwrap_or_default());
        lines.collect::<Vec<_>>().join("\n")
    }
}

fn top() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// All Rust files below the given folders, in a fixed order.
fn sources(folders: &[&str]) -> Vec<Source> {
    let mut found = Vec::new();
    let mut left: Vec<PathBuf> = folders.iter().map(|folder| top().join(folder)).collect();
    while let Some(path) = left.pop() {
        if path.is_dir() {
            let entries = fs::read_dir(&path).expect("a folder of the clone can be read");
            let entries = entries.map(|entry| entry.expect("its entries too").path());
            left.extend(entries.filter(|entry| !entry.ends_with("node_modules")));
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            let relative = path.strip_prefix(top()).expect("it lies in the clone");
            let path_text = relative.to_string_lossy().replace('\\', "/");
            let text = fs::read_to_string(&path).expect("source is UTF-8");
            found.push(Source {
                path: path_text,
                text,
            });
        }
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

/// Fails with all findings at once, so that one run shows the whole work.
fn assert_none(findings: Vec<String>) {
    assert!(findings.is_empty(), "\n{}\n", findings.join("\n"));
}

/// Rooms that a text names as `crate::room`, also inside `use crate::{a, b}`.
fn imported_rooms(code: &str) -> Vec<&'static str> {
    let mut found = Vec::new();
    for (at, _) in code.match_indices("crate::") {
        let rest = &code[at + "crate::".len()..];
        let names: Vec<&str> = match rest.strip_prefix('{') {
            Some(list) => list
                .split('}')
                .next()
                .unwrap_or_default()
                .split(',')
                .map(str::trim)
                .collect(),
            None => vec![rest],
        };
        for name in names {
            let word = name
                .split(|letter: char| !letter.is_alphanumeric() && letter != '_')
                .next();
            found.extend(
                ROOMS
                    .iter()
                    .map(|(room, _)| *room)
                    .filter(|room| Some(*room) == word),
            );
        }
    }
    found
}

#[test]
fn a_module_imports_only_from_its_left() {
    let mut findings = Vec::new();
    for source in sources(&["src"]) {
        let Some((room, may)) = ROOMS.iter().find(|(room, _)| source.room() == Some(*room)) else {
            continue;
        };
        for other in imported_rooms(&source.code()) {
            if other != *room && !may.contains(&other) {
                findings.push(format!("{}: {room} may not know {other}", source.path));
            }
        }
    }
    assert_none(findings);
}

#[test]
fn every_room_of_the_library_stands_in_the_table() {
    let lib = fs::read_to_string(top().join("src/lib.rs")).expect("the library has a root");
    let rooms: Vec<&str> = lib
        .lines()
        .filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';'))
        .collect();
    assert!(!rooms.is_empty());
    let missing = rooms
        .iter()
        .filter(|room| ROOMS.iter().all(|(known, _)| known != *room));
    assert_none(
        missing
            .map(|room| format!("{room} has no row in the import table"))
            .collect(),
    );
}

#[test]
fn the_import_table_reads_paths_and_lists() {
    assert_eq!(imported_rooms("use crate::amqp::{Broker};"), ["amqp"]);
    assert_eq!(
        imported_rooms("use crate::{engine, wire::Codec};"),
        ["engine", "wire"]
    );
    assert_eq!(
        imported_rooms("let x = crate::machine::SimTime(1);"),
        ["machine"]
    );
    assert_eq!(
        imported_rooms("use crate::machinery::X;"),
        Vec::<&str>::new()
    );
}

#[test]
fn the_core_knows_no_browser_no_socket_and_its_model_no_format() {
    let browser = [
        "web_sys",
        "js_sys",
        "wasm_bindgen",
        "yew::",
        "gloo",
        "tokio",
        "std::net",
        "std::thread",
    ];
    let mut findings = Vec::new();
    for source in sources(&["src"]) {
        let Some(room) = source.room() else { continue };
        let code = source.code();
        if !["ui", "js", "host"].contains(&room) {
            let found = browser.iter().filter(|word| code.contains(**word));
            findings.extend(found.map(|word| format!("{}: {room} names {word}", source.path)));
        }
        if ["machine", "amqp", "timeline"].contains(&room) && code.contains("serde") {
            findings.push(format!("{}: core types are not serialized", source.path));
        }
    }
    assert_none(findings);
}

#[test]
fn the_drawing_has_never_heard_of_a_broker_and_the_page_never_holds_one() {
    let mut findings = Vec::new();
    for source in sources(&["src/ui"]) {
        let code = source.code();
        let brokerless = BROKERLESS.iter().any(|folder| {
            source.path.starts_with(&format!("{folder}/")) || source.path == format!("{folder}.rs")
        });
        if brokerless && (code.contains("crate::amqp") || code.contains("ui::amqp")) {
            findings.push(format!("{}: speaks AMQP", source.path));
        }
        let names_broker = code
            .split(|letter: char| !letter.is_alphanumeric() && letter != '_' && letter != '"')
            .any(|word| word == "Broker");
        if names_broker && (code.contains("amqp::Broker") || code.contains("broker::Broker")) {
            findings.push(format!(
                "{}: holds a broker instead of asking the engine",
                source.path
            ));
        }
        // A strict content security policy ignores style attributes; geometry goes into SVG attributes.
        if code.contains(" style=") {
            findings.push(format!("{}: writes a style attribute", source.path));
        }
    }
    assert_none(findings);
}

#[test]
fn files_are_short_and_begin_by_saying_what_they_are() {
    let mut findings = Vec::new();
    for source in sources(&["src", "tests", "benches", "xtask/src"]) {
        let lines = source.text.lines().count();
        if lines > MOST_LINES {
            findings.push(format!(
                "{}: {lines} lines, at most {MOST_LINES}",
                source.path
            ));
        }
        if !source.text.starts_with("//!") {
            findings.push(format!("{}: begins without a module comment", source.path));
        }
    }
    assert_none(findings);
}

#[test]
fn nothing_is_left_over() {
    // In two halves, so that this list does not find itself.
    let words = [
        "TO\u{44}O",
        "FIX\u{4d}E",
        "#[igno\u{72}e",
        "#[should_\u{70}anic",
        "\u{64}bg!(",
    ];
    let mut findings = Vec::new();
    for source in sources(&["src", "tests", "benches", "xtask/src"]) {
        for (number, line) in source.text.lines().enumerate() {
            let found = words
                .iter()
                .filter(|word| line.contains(**word) && !source.path.ends_with("tidy.rs"));
            findings.extend(found.map(|word| format!("{}:{}: {word}", source.path, number + 1)));
        }
    }
    assert_none(findings);
}

#[test]
fn pages_carry_no_inline_script_or_style() {
    let mut findings = Vec::new();
    let pages = ["index.html", "www/embed.html"].map(|page| top().join(page));
    for page in pages.iter().filter(|page| page.exists()) {
        let text = fs::read_to_string(page).expect("a page is UTF-8");
        let scripts = text
            .split("<script")
            .skip(1)
            .filter_map(|tag| tag.split('>').next());
        if scripts.clone().any(|tag| !tag.contains("src="))
            || text.contains("<style")
            || text.contains(" style=")
        {
            findings.push(format!("{}: has an inline script or style", page.display()));
        }
    }
    assert_none(findings);
}

/// With `:has()` the browser looks through the whole page whenever a node of it comes or goes, and a run that plays
/// brings some with every picture (about a sixth of a frame with 1,000 nodes in Chromium 156).
#[test]
fn no_style_asks_what_an_element_holds() {
    let mut findings = Vec::new();
    for entry in fs::read_dir(top().join("www")).expect("www is there") {
        let path = entry.expect("www can be read").path();
        if path.extension().is_some_and(|end| end == "css") {
            let text = fs::read_to_string(&path).expect("a style sheet is UTF-8");
            if text.contains(":has(") {
                findings.push(format!("{}: uses :has()", path.display()));
            }
        }
    }
    assert_none(findings);
}

#[test]
fn the_architecture_names_every_room_and_only_paths_that_exist() {
    let text = fs::read_to_string(top().join("ARCHITECTURE.md")).expect("ARCHITECTURE.md is there");
    let mut findings = Vec::new();
    let quoted = text.split('`').skip(1).step_by(2);
    let paths = quoted
        .filter(|word| word.contains('/') || word.ends_with(".rs") || word.ends_with(".toml"));
    for path in paths.filter(|path| !path.contains([' ', '*', ':', '<'])) {
        // What a build writes need not be there.
        let built = ["www/pkg", "dist", "target", "~"]
            .iter()
            .any(|prefix| path.starts_with(prefix));
        if !built && !Path::new(&top().join(path)).exists() {
            findings.push(format!(
                "ARCHITECTURE.md names {path}, which does not exist"
            ));
        }
    }
    for (room, _) in ROOMS {
        if !text.contains(&format!("| `{room}` |")) {
            findings.push(format!("ARCHITECTURE.md has no row for {room}"));
        }
    }
    assert_none(findings);
}
