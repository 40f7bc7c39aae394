//! The list of notices: short, and never twice the same in a row.

use crate::ui::canvas::scene::{Text, Tone};
use crate::ui::components::{Notice, NoticeId};
use crate::ui::shared::Shared;

/// More than this many are not shown; the oldest goes.
const AT_MOST: usize = 4;

/// Notices, the oldest first.
#[derive(Clone, Debug, Default)]
pub struct NoticeList {
    list: Vec<Shared<Notice>>,
    last: u32,
}

impl NoticeList {
    /// The notices to show.
    pub fn list(&self) -> &[Shared<Notice>] {
        &self.list
    }

    pub(super) fn add(&mut self, tone: Tone, text: Text, detail: Option<Text>) {
        if let Some(latest) = self.list.last_mut()
            && latest.text == text
            && latest.detail == detail
        {
            *latest = Shared::new(Notice {
                times: latest.times + 1,
                ..(**latest).clone()
            });
            return;
        }
        if self.list.len() == AT_MOST {
            self.list.remove(0);
        }
        self.last += 1;
        let id = NoticeId(self.last);
        self.list.push(Shared::new(Notice {
            id,
            tone,
            text,
            detail,
            times: 1,
        }));
    }

    pub(super) fn dismiss(&mut self, id: NoticeId) {
        self.list.retain(|notice| notice.id != id);
    }

    pub(super) fn clear(&mut self) {
        self.list.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_short_and_says_nothing_twice() {
        let mut notices = NoticeList::default();
        for text in ["a", "a", "b", "c", "d", "e"] {
            notices.add(Tone::Ink, text.into(), None);
        }
        let said: Vec<&str> = notices.list().iter().map(|notice| &*notice.text).collect();
        assert_eq!(said, ["b", "c", "d", "e"]);
        notices.add(Tone::Ink, "e".into(), None);
        assert_eq!(notices.list().last().map(|notice| notice.times), Some(2));
        let id = notices.list()[0].id;
        notices.dismiss(id);
        assert_eq!(notices.list().len(), 3);
    }
}
