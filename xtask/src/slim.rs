//! What only readers of the source need does not travel: scripts and style sheets are published without their comments
//! and their indentation. Everything else stays as it is written, line by line.

use std::path::Path;

/// The text of a file as it is published; `None` for files that stay as they are.
pub fn slim(path: &Path, text: &str) -> Option<String> {
    match path.extension()?.to_str()? {
        "js" | "mjs" => Some(script(text)),
        "css" => Some(lines(text, |_| true)),
        _ => None,
    }
}

/// Lines within a template are part of what the script says.
fn script(text: &str) -> String {
    let mut in_template = false;
    let slimmed = lines(text, |line| {
        let was_in_template = in_template;
        let is_comment = ["//", "/*"]
            .iter()
            .any(|mark| line.trim().starts_with(mark));
        if is_comment && !was_in_template {
            return true;
        }
        let ticks = line.matches('`').count() - line.matches("\\`").count();
        in_template ^= ticks % 2 == 1;
        !was_in_template
    });
    // A backtick that begins no template was counted: better heavy than wrong.
    match in_template {
        true => text.to_owned(),
        false => slimmed,
    }
}

/// Without the lines that are only comment, and without indentation, where `is_code` says so of a line that stays.
fn lines(text: &str, mut is_code: impl FnMut(&str) -> bool) -> String {
    let mut out = String::with_capacity(text.len());
    let mut in_comment = false;
    for line in text.lines() {
        let bare = line.trim();
        if in_comment {
            in_comment = !bare.ends_with("*/");
            continue;
        }
        // A template is never left or entered by a line that would be a comment outside of one.
        let mut kept = line;
        if is_code(line) {
            let is_whole = bare.starts_with("/*") && bare.ends_with("*/") && bare.len() > 3;
            let is_begun = bare.starts_with("/*") && !bare.contains("*/");
            if bare.is_empty() || bare.starts_with("//") || is_whole || is_begun {
                in_comment = is_begun;
                continue;
            }
            kept = line.trim_start();
        }
        out.push_str(kept);
        out.push('\n');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(name: &str, text: &str) -> String {
        slim(Path::new(name), text).unwrap_or_default()
    }

    #[test]
    fn comments_and_indentation_go_and_all_else_stays() {
        let text = "// What it is.\n/**\n * Says it.\n * @returns {string} */\nfunction say() {\n\n  /* whole */\n  return 'http://x'; // why\n}\n";
        let slimmed = "function say() {\nreturn 'http://x'; // why\n}\n";
        assert_eq!(of("a.js", text), slimmed);
        assert_eq!(of("a.js", slimmed), slimmed);
        let sheet = "/* One.\n   Two. */\n.a {\n  color: red; /* warm */\n}\n";
        assert_eq!(of("a.css", sheet), ".a {\ncolor: red; /* warm */\n}\n");
    }

    #[test]
    fn templates_stay_letter_by_letter() {
        let text = "const a = `one\n   // two\n   /* three\n`;\n  b();\n";
        assert_eq!(
            of("a.js", text),
            "const a = `one\n   // two\n   /* three\n`;\nb();\n"
        );
    }

    #[test]
    fn ticks_in_comments_begin_nothing() {
        let text = "// Of a `b\n/* Of c` */\n  d();\n";
        assert_eq!(of("a.js", text), "d();\n");
    }

    #[test]
    fn a_script_that_is_not_understood_is_left_alone() {
        let text = "const tick = '`';\n  // said\n";
        assert_eq!(of("a.js", text), text);
        assert_eq!(slim(Path::new("a.wasm"), text), None);
    }
}
