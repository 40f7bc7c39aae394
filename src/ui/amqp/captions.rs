//! What stands in every picture, made once: a full picture shows thousands of messages, queues and exchanges many times
//! a second.

use std::cell::RefCell;

use rustc_hash::FxHashMap;

use crate::amqp::{Message, MessageId};
use crate::ui::amqp::ids;
use crate::ui::canvas::scene::{Choice, Choices, ItemId, Text};
use crate::ui::text::Lang;

/// With more captions than this all are forgotten, and those that are still needed are made again.
const KEPT: usize = 20_000;

/// The item of a message, and the message in words.
#[derive(Clone, Debug, PartialEq)]
pub struct Caption {
    pub item: ItemId,
    pub title: Text,
}

/// Captions by message, menus by name and words, in one language.
#[derive(Clone, Debug, Default)]
pub struct Captions(RefCell<Made>);

#[derive(Clone, Debug, Default)]
struct Made {
    lang: Lang,
    messages: FxHashMap<MessageId, Caption>,
    menus: FxHashMap<&'static str, Choices>,
    words: FxHashMap<&'static str, Text>,
}

impl Made {
    fn speak(&mut self, lang: Lang) {
        if self.lang != lang {
            *self = Made {
                lang,
                ..Made::default()
            };
        }
    }
}

impl Captions {
    /// The caption of `message`; `title` puts it in words when that has not been done.
    pub fn of(&self, message: &Message, lang: Lang, title: impl FnOnce() -> Text) -> Caption {
        let made = &mut *self.0.borrow_mut();
        made.speak(lang);
        if made.messages.len() >= KEPT {
            made.messages.clear();
        }
        let make = || Caption {
            item: ids::message(message.id),
            title: title(),
        };
        let messages = &mut made.messages;
        messages.entry(message.id).or_insert_with(make).clone()
    }

    /// The menu called `name`; `choices` makes it when that has not been done.
    pub fn menu(
        &self,
        name: &'static str,
        lang: Lang,
        choices: impl FnOnce() -> Vec<Choice>,
    ) -> Choices {
        let made = &mut *self.0.borrow_mut();
        made.speak(lang);
        let make = || choices().into();
        made.menus.entry(name).or_insert_with(make).clone()
    }

    /// A word that stands on many things.
    pub fn word(&self, word: &'static str) -> Text {
        let words = &mut self.0.borrow_mut().words;
        words.entry(word).or_insert_with(|| word.into()).clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::canvas::scene::Tone;

    #[test]
    fn menus_are_made_once_in_each_language() {
        let captions = Captions::default();
        let menu = |lang, label: &'static str| {
            let made = captions.menu("queue", lang, || {
                vec![Choice {
                    id: "purge".into(),
                    label: label.into(),
                    tone: Tone::Error,
                    disabled: None,
                }]
            });
            made[0].label.to_string()
        };
        assert_eq!(menu(Lang::En, "Purge"), "Purge");
        assert_eq!(menu(Lang::En, "not asked for again"), "Purge");
        assert_eq!(menu(Lang::Zh, "清空"), "清空");
        assert_eq!(captions.word("ready"), captions.word("ready"));
    }
}
