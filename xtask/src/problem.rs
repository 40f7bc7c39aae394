//! What went wrong, in one sentence that ends with the command that mends it.

use std::fmt;

/// A failure to tell the person at the terminal.
#[derive(Debug)]
pub struct Problem(String);

/// The result of everything here that can fail.
pub type Result<T> = std::result::Result<T, Problem>;

impl Problem {
    /// Says what happened and, after a dash, what to type.
    pub fn new(what: impl Into<String>, mend: impl AsRef<str>) -> Self {
        Self(format!("{} - {}", what.into(), mend.as_ref()))
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What the person typed, to be typed again.
pub fn same_command() -> String {
    let words: Vec<String> = std::env::args().skip(1).collect();
    format!("cargo xtask {}", words.join(" "))
}

/// Turns an I/O error about a path into a [`Problem`].
pub fn io(doing: &str, path: &std::path::Path) -> impl FnOnce(std::io::Error) -> Problem {
    let text = format!("{doing} {}", path.display());
    move |error| {
        Problem::new(
            format!("Could not {text}: {error}"),
            "check the permissions and the free space",
        )
    }
}
