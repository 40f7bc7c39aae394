//! The words after a command: flags, flags with a value, names.

use crate::problem::{Problem, Result};

/// What is left of the command line; each reader takes out what it knows.
pub struct Options(Vec<String>);

impl Options {
    /// The words after the command's name.
    pub fn new(words: impl IntoIterator<Item = String>) -> Self {
        Self(words.into_iter().collect())
    }

    /// Takes out a flag; true if it was there.
    pub fn flag(&mut self, name: &str) -> bool {
        let before = self.0.len();
        self.0.retain(|word| word != name);
        self.0.len() < before
    }

    /// Takes out `--name VALUE` or `--name=VALUE`.
    pub fn value(&mut self, name: &str) -> Result<Option<String>> {
        let prefix = format!("{name}=");
        if let Some(at) = self.0.iter().position(|word| word.starts_with(&prefix)) {
            return Ok(Some(self.0.remove(at)[prefix.len()..].to_owned()));
        }
        let Some(at) = self.0.iter().position(|word| word == name) else {
            return Ok(None);
        };
        self.0.remove(at);
        if at >= self.0.len() {
            return Err(Problem::new(
                format!("{name} needs a value"),
                format!("write for example: {name}=VALUE"),
            ));
        }
        Ok(Some(self.0.remove(at)))
    }

    /// Takes out everything that is not a flag.
    pub fn names(&mut self) -> Vec<String> {
        let (flags, names) = std::mem::take(&mut self.0)
            .into_iter()
            .partition(|word| word.starts_with('-'));
        self.0 = flags;
        names
    }

    /// Refuses what nobody took.
    pub fn finish(self, help: &str) -> Result<()> {
        match self.0.first() {
            None => Ok(()),
            Some(word) => Err(Problem::new(
                format!("{word} is not known here"),
                format!("see: {help}"),
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(text: &str) -> Options {
        Options::new(text.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn flags_values_and_names_come_in_any_order() {
        let mut given = options("native --port 0 --open web --base=/x/");
        assert_eq!(
            given.value("--port").expect("a value"),
            Some("0".to_owned())
        );
        assert_eq!(
            given.value("--base").expect("a value"),
            Some("/x/".to_owned())
        );
        assert_eq!(given.value("--out").expect("no value is fine"), None);
        assert!(given.flag("--open"));
        assert!(!given.flag("--watch"));
        assert_eq!(given.names(), ["native", "web"]);
        given.finish("help").expect("all was taken");
    }

    #[test]
    fn what_nobody_knows_is_refused() {
        let problem = options("--prot 1")
            .finish("cargo xtask serve --help")
            .expect_err("not known");
        assert_eq!(
            problem.to_string(),
            "--prot is not known here - see: cargo xtask serve --help"
        );
        assert!(options("--port").value("--port").is_err());
    }
}
