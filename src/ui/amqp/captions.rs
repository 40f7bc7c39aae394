//! What stands on messages in every picture, made once: a full picture shows thousands of them many times a second.

use std::cell::RefCell;

use rustc_hash::FxHashMap;

use crate::amqp::{Message, MessageId};
use crate::ui::amqp::ids;
use crate::ui::canvas::scene::{ItemId, Text};
use crate::ui::text::Lang;

/// With more captions than this all are forgotten, and those that are still needed are made again.
const KEPT: usize = 20_000;

/// The item of a message, and the message in words.
#[derive(Clone, Debug, PartialEq)]
pub struct Caption {
    pub item: ItemId,
    pub title: Text,
}

/// Captions by message, in one language.
#[derive(Clone, Debug, Default)]
pub struct Captions(RefCell<(Lang, FxHashMap<MessageId, Caption>)>);

impl Captions {
    /// The caption of `message`; `title` puts it in words when that has not been done.
    pub fn of(&self, message: &Message, lang: Lang, title: impl FnOnce() -> Text) -> Caption {
        let (language, captions) = &mut *self.0.borrow_mut();
        if *language != lang || captions.len() >= KEPT {
            *language = lang;
            captions.clear();
        }
        let make = || Caption {
            item: ids::message(message.id),
            title: title(),
        };
        captions.entry(message.id).or_insert_with(make).clone()
    }
}
