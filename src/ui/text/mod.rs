//! Every sentence a person can read, in English and Chinese: one typed table, so that a missing translation does
//! not compile.
//!
//! A sentence is a template with `{0}`, `{1}` … for what is put in. What stands between backticks is a name or a
//! value and is set in monospace; it comes out as a [`Piece::Name`], never as markup.

mod admin;
mod arguments;
mod columns;
mod dock;
mod embed;
mod en;
mod en_log;
mod fields;
mod frames;
mod inspect;
mod looks;
mod programs;
pub mod said;
pub mod script;
mod steps;
mod time;
mod wiring;
mod zh;
mod zh_log;

use std::fmt;

pub use admin::AdminTexts;
pub use arguments::ArgumentsTexts;
pub use dock::DockTexts;
pub use embed::EmbedTexts;
pub use fields::{LogTexts, Texts};
pub use frames::FramesTexts;
pub use inspect::InspectTexts;
pub use looks::LooksTexts;
pub use programs::ProgramTexts;
pub use steps::StepTexts;
pub use time::{ChartTexts, TimeTexts};
pub use wiring::WiringTexts;

/// The languages of the page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lang {
    #[default]
    En,
    Zh,
}

impl Lang {
    /// The words of the optional arguments of queues and exchanges.
    pub const fn arguments(self) -> &'static ArgumentsTexts {
        match self {
            Lang::En => &arguments::EN,
            Lang::Zh => &arguments::ZH,
        }
    }

    /// The words of the Frames tab.
    pub const fn frames(self) -> &'static FramesTexts {
        match self {
            Lang::En => &frames::EN,
            Lang::Zh => &frames::ZH,
        }
    }

    /// The value of the `lang` attribute.
    pub const fn tag(self) -> &'static str {
        match self {
            Lang::En => "en",
            Lang::Zh => "zh-Hans",
        }
    }

    /// The language meant by a `lang` value such as `zh`, `zh-CN` or `en-GB`.
    pub fn parse(tag: &str) -> Option<Lang> {
        match tag.get(..2)? {
            "en" => Some(Lang::En),
            "zh" => Some(Lang::Zh),
            _ => None,
        }
    }

    /// The other one.
    pub const fn other(self) -> Lang {
        match self {
            Lang::En => Lang::Zh,
            Lang::Zh => Lang::En,
        }
    }
}

/// A part of a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Words of the language.
    Words(String),
    /// A name, key, number or payload: shown in monospace, never as markup.
    Name(String),
}

impl Piece {
    /// What it says, whatever it is.
    pub fn as_str(&self) -> &str {
        match self {
            Piece::Words(text) | Piece::Name(text) => text,
        }
    }
}

/// A filled sentence.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sentence(pub Vec<Piece>);

impl Sentence {
    /// Appends another sentence after a space.
    pub fn then(mut self, next: Sentence) -> Sentence {
        if !self.0.is_empty() && !next.0.is_empty() {
            self.0.push(Piece::Words(" ".to_string()));
        }
        self.0.extend(next.0);
        self
    }

    /// Whether `needle` (in lower case) occurs in it.
    pub fn contains(&self, needle: &str) -> bool {
        needle.is_empty() || self.to_string().to_lowercase().contains(needle)
    }
}

impl fmt::Display for Sentence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0
            .iter()
            .try_for_each(|piece| f.write_str(piece.as_str()))
    }
}

/// Puts `values` into `template`. A place without a value stays empty.
pub fn fill(template: &str, values: &[&dyn fmt::Display]) -> Sentence {
    let mut pieces = Vec::new();
    for (index, part) in template.split('`').enumerate() {
        let text = fill_plain(part, values);
        if text.is_empty() {
            continue;
        }
        pieces.push(if index % 2 == 0 {
            Piece::Words(text)
        } else {
            Piece::Name(text)
        });
    }
    Sentence(pieces)
}

/// Puts `values` into `template` and gives plain text; backticks stay.
pub fn fill_plain(template: &str, values: &[&dyn fmt::Display]) -> String {
    let mut text = String::with_capacity(template.len() + 16);
    let mut rest = template;
    while let Some(start) = rest.find('{') {
        text.push_str(&rest[..start]);
        let Some(length) = rest[start..].find('}') else {
            break;
        };
        let place = rest[start + 1..start + length].parse::<usize>();
        if let Some(value) = place.ok().and_then(|index| values.get(index)) {
            text.push_str(&value.to_string());
        }
        rest = &rest[start + length + 1..];
    }
    text.push_str(rest);
    text
}

/// Picks the English singular or plural; Chinese has one form and repeats it.
pub fn plural<'a>(count: u64, one: &'a str, many: &'a str) -> &'a str {
    if count == 1 { one } else { many }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_template_takes_its_values_and_marks_names() {
        let sentence = fill("Queue `{0}` has {1} ready.", &[&"<b>", &3]);
        assert_eq!(sentence.to_string(), "Queue <b> has 3 ready.");
        assert_eq!(sentence.0[1], Piece::Name("<b>".to_string()));
    }

    #[test]
    fn a_value_with_backticks_or_braces_stays_a_value() {
        let sentence = fill("`{0}` and {1}", &[&"a`{1}`b", &"c"]);
        assert_eq!(sentence.to_string(), "a`{1}`b and c");
        assert_eq!(sentence.0.len(), 2);
    }

    #[test]
    fn both_languages_ask_for_the_same_values_and_marks() {
        let places = |text: &str| {
            let mut found: Vec<&str> = text
                .split('{')
                .skip(1)
                .filter_map(|rest| rest.split_once('}').map(|(place, _)| place))
                .collect();
            found.sort_unstable();
            found.dedup();
            found.join(",")
        };
        // Every area's table; a new one is one more entry here.
        let all = |lang: Lang| {
            [
                lang.texts().all(),
                lang.inspect().all(),
                lang.dock().all(),
                lang.looks().all(),
                lang.steps().all(),
                lang.admin().all(),
                lang.arguments().all(),
                lang.frames().all(),
                lang.programs().all(),
                lang.wiring().all(),
            ]
            .concat()
        };
        for ((name, en), (_, zh)) in all(Lang::En).into_iter().zip(all(Lang::Zh)) {
            assert_eq!(places(en), places(zh), "{name}");
            assert_eq!(en.matches('`').count() % 2, 0, "{name}");
            assert_eq!(zh.matches('`').count() % 2, 0, "{name}");
            assert!(!en.is_empty() && !zh.is_empty(), "{name}");
        }
    }

    #[test]
    fn a_language_is_known_by_its_tag() {
        assert_eq!(Lang::parse("zh-CN"), Some(Lang::Zh));
        assert_eq!(Lang::parse("en"), Some(Lang::En));
        assert_eq!(Lang::parse("fr"), None);
        assert_eq!(Lang::parse("e"), None);
    }
}
