//! Checks the colours of `www/tokens.css`: text at 4.5 to 1 and drawings at 3 to 1, by day and by night.

#[cfg(test)]
use std::collections::BTreeMap;

const TOKENS: &str = include_str!("../../www/tokens.css");

type Theme = BTreeMap<&'static str, &'static str>;

/// The variables between `/* name */` and `/* end of name */`.
fn theme(name: &str) -> Theme {
    let begin = format!("/* {name} */");
    let end = format!("/* end of {name} */");
    let start = TOKENS.find(&begin).expect("the section begins") + begin.len();
    let length = TOKENS[start..].find(&end).expect("the section ends");
    TOKENS[start..start + length]
        .lines()
        .filter_map(|line| {
            line.trim()
                .strip_prefix("--mq-")?
                .strip_suffix(';')?
                .split_once(": ")
        })
        .collect()
}

fn luminance(hex: &str) -> f64 {
    let channel = |at: usize| {
        let value = u8::from_str_radix(&hex[at..at + 2], 16).expect("a colour is six digits");
        let value = f64::from(value) / 255.0;
        if value <= 0.04045 {
            value / 12.92
        } else {
            ((value + 0.055) / 1.055).powf(2.4)
        }
    };
    0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
}

fn contrast(one: &str, other: &str) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

fn check(theme: &Theme, front: &str, back: &str, least: f64) {
    let found = contrast(theme[front], theme[back]);
    assert!(
        found >= least,
        "{front} on {back} has {found:.2}, not {least}"
    );
}

#[test]
fn text_can_be_read_on_everything_it_stands_on() {
    for theme in [theme("day"), theme("night by choice")] {
        for back in ["paper", "surface", "sunken"] {
            for front in ["ink", "muted", "accent", "warning", "error", "success"] {
                check(&theme, front, back, 4.5);
            }
        }
        check(&theme, "on-accent", "accent", 4.5);
        for (front, back) in [
            ("warning", "warning-wash"),
            ("error", "error-wash"),
            ("success", "success-wash"),
        ] {
            check(&theme, front, back, 4.5);
            check(&theme, "ink", back, 4.5);
        }
        for front in ["ink", "muted", "accent"] {
            check(&theme, front, "accent-wash", 4.5);
        }
    }
}

#[test]
fn drawings_and_frames_of_fields_can_be_seen() {
    for theme in [theme("day"), theme("night by choice")] {
        for back in ["paper", "surface"] {
            check(&theme, "border", back, 3.0);
        }
        for colour in ["c0", "c1", "c2", "c3", "c4", "c5", "c6", "c7"] {
            // Their letters are drawn in the colour of the paper, so this is text.
            check(&theme, colour, "paper", 4.5);
            check(&theme, colour, "sunken", 3.0);
        }
    }
}

#[test]
fn night_is_the_same_by_choice_and_by_the_system() {
    assert_eq!(theme("night by choice"), theme("night by the system"));
    assert_eq!(theme("day").len(), theme("night by choice").len());
}
