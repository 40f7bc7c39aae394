//! Reading from what each runner prints how many tests passed and failed.

use std::ops::AddAssign;

/// Checks and tests that ran.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct Counts {
    pub passed: u32,
    pub failed: u32,
}

impl Counts {
    /// One check that went well.
    pub const PASSED: Self = Self {
        passed: 1,
        failed: 0,
    };
    /// One check that did not.
    pub const FAILED: Self = Self {
        passed: 0,
        failed: 1,
    };

    /// All that ran.
    pub fn ran(self) -> u32 {
        self.passed + self.failed
    }
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

/// Sums the lines `test result: ok. 3 passed; 0 failed; ...` of `cargo test` and of the browser's test runner.
pub fn of_cargo(text: &str) -> Counts {
    let mut counts = Counts::default();
    for line in plain(text).lines() {
        if let Some(result) = line.trim_start().strip_prefix("test result: ") {
            counts.passed += number_before(result, " passed");
            counts.failed += number_before(result, " failed");
        }
    }
    counts
}

/// Sums the closing lines of `node --test`: `# pass 3` (TAP) or `i pass 3` (spec). What was cancelled has failed.
pub fn of_node(text: &str) -> Counts {
    let mut counts = Counts::default();
    for line in plain(text).lines() {
        let words: Vec<&str> = line.split_whitespace().collect();
        let ["#" | "\u{2139}", what, number] = words[..] else {
            continue;
        };
        let number = number.parse().unwrap_or(0);
        match what {
            "pass" => counts.passed += number,
            "fail" | "cancelled" => counts.failed += number,
            _ => {}
        }
    }
    counts
}

fn number_before(text: &str, word: &str) -> u32 {
    let end = text.find(word).unwrap_or(0);
    let digits = text[..end]
        .rsplit(|letter: char| !letter.is_ascii_digit())
        .next();
    digits.and_then(|digits| digits.parse().ok()).unwrap_or(0)
}

/// The text without the escape sequences that colour it.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        if letter == '\u{1b}' {
            // An escape sequence ends with its first letter: `ESC [ 3 2 m`.
            letters.by_ref().find(char::is_ascii_alphabetic);
        } else {
            out.push(letter);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_result_line_of_cargo_counts() {
        let text = "test result: ok. 12 passed; 0 failed; 0 ignored; 0 measured; 3 filtered out\n\
                    \n     Running tests/broker/main.rs\n\
                    test result: \u{1b}[31mFAILED\u{1b}[0m. 100 passed; 2 failed; 0 ignored\n\
                    the text 'test result: ok. 9 passed' inside a line is no result\n";
        assert_eq!(
            of_cargo(text),
            Counts {
                passed: 112,
                failed: 2
            }
        );
    }

    #[test]
    fn node_counts_what_was_cancelled_as_failed() {
        let tap = "ok 1 - pass 77\n# tests 6\n# suites 0\n# pass 3\n# fail 1\n# cancelled 2\n# skipped 0\n";
        assert_eq!(
            of_node(tap),
            Counts {
                passed: 3,
                failed: 3
            }
        );
        let spec = "\u{1b}[34m\u{2139} tests 2\u{1b}[39m\n\u{1b}[34m\u{2139} pass 2\u{1b}[39m\n\u{2139} fail 0\n";
        assert_eq!(
            of_node(spec),
            Counts {
                passed: 2,
                failed: 0
            }
        );
    }

    #[test]
    fn no_result_is_no_test() {
        assert_eq!(of_cargo("error: could not compile").ran(), 0);
        assert_eq!(of_node("").ran(), 0);
    }
}
