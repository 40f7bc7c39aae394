//! Work kept in the browser, for a crash or a closed tab. Each page that is open writes under a name of its own, so that
//! two tabs never overwrite each other; what pages that are gone left is offered. Nothing here knows what the text is.

use js_sys::{Date, Math};
use web_sys::Storage;

use crate::ordered::sort_by;

/// Every key begins so; the number goes up when the form of an entry changes.
const PREFIX: &str = "mq-playground/1/";
/// Choices that outlive a visit.
const CHOICES: &str = "mq-playground/choices/";
/// The end of the key that tells when a page was last there.
const SEEN: &str = "/seen";
/// How often an open page says that it is there.
pub const HEARTBEAT_MS: u32 = 5_000;
/// A page that said nothing for so long is gone: it crashed.
pub const GONE_AFTER_MS: u32 = 15_000;
/// More entries than this are not kept; the oldest goes.
const AT_MOST: usize = 8;

/// Work that was saved.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The page that saved it.
    pub id: String,
    /// Milliseconds since 1970.
    pub saved_at: f64,
    /// A line about it.
    pub about: String,
    pub text: String,
}

/// The browser does not keep it: storage is full, or was forbidden meanwhile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotKept;

/// Where this page keeps its work.
pub struct Shelf {
    storage: Storage,
    own: String,
}

/// Keeps a choice of the person's for the next visit, where the browser lets it.
pub fn remember(choice: &str, value: &str) {
    if let Some(storage) = storage() {
        // A full storage forgets a choice: no harm.
        let _ = storage.set_item(&format!("{CHOICES}{choice}"), value);
    }
}

/// What was chosen at an earlier visit.
pub fn remembered(choice: &str) -> Option<String> {
    storage()?.get_item(&format!("{CHOICES}{choice}")).ok()?
}

/// The browser's storage, unless it is forbidden, as in a sandboxed frame.
fn storage() -> Option<Storage> {
    web_sys::window()?.local_storage().ok().flatten()
}

impl Shelf {
    /// The browser's storage, unless it is forbidden, as in a sandboxed frame.
    pub fn open() -> Option<Shelf> {
        let storage = storage()?;
        let own = format!(
            "{:x}-{:x}",
            Date::now() as u64,
            (Math::random() * 1e9) as u64
        );
        Some(Shelf { storage, own })
    }

    /// Keeps `text` as this page's work, in place of what it kept before.
    pub fn put(&self, about: &str, text: &str) -> Result<(), NotKept> {
        let entry = write(Date::now(), about, text);
        let key = format!("{PREFIX}{}", self.own);
        if self.storage.set_item(&key, &entry).is_err() {
            // The oldest of pages that are gone makes room.
            self.make_room(1);
            self.storage.set_item(&key, &entry).map_err(|_| NotKept)?;
        }
        self.make_room(AT_MOST);
        self.beat();
        Ok(())
    }

    /// Goes on with an entry under its own name, unless another page does already.
    pub fn adopt(&mut self, id: &str) {
        if !self.is_open(id) {
            self.own = id.to_string();
            self.beat();
        }
    }

    /// Says that this page is still there.
    pub fn beat(&self) {
        // Only worth a try: without it the work is offered a little early elsewhere.
        let _ = self
            .storage
            .set_item(&self.seen_key(&self.own), &Date::now().to_string());
    }

    /// The page goes: what it kept may be offered at once.
    pub fn leave(&self) {
        let _ = self.storage.remove_item(&self.seen_key(&self.own));
    }

    /// What pages that are gone left, the newest first.
    pub fn offers(&self) -> Vec<Entry> {
        let mut found: Vec<Entry> = self
            .ids()
            .into_iter()
            .filter(|id| *id != self.own && !self.is_open(id))
            .filter_map(|id| {
                let kept = self
                    .storage
                    .get_item(&format!("{PREFIX}{id}"))
                    .ok()
                    .flatten()?;
                read(id, &kept)
            })
            .collect();
        sort_by(&mut found, |one, other| {
            other.saved_at.total_cmp(&one.saved_at)
        });
        found
    }

    /// Lets an entry go.
    pub fn forget(&self, id: &str) {
        // What cannot be removed is offered again; nothing is lost by that.
        let _ = self.storage.remove_item(&format!("{PREFIX}{id}"));
        let _ = self.storage.remove_item(&self.seen_key(id));
    }

    fn seen_key(&self, id: &str) -> String {
        format!("{PREFIX}{id}{SEEN}")
    }

    /// Whether the page that wrote it still says that it is there.
    fn is_open(&self, id: &str) -> bool {
        let seen = self.storage.get_item(&self.seen_key(id)).ok().flatten();
        let at = seen.and_then(|text| text.parse::<f64>().ok());
        at.is_some_and(|at| Date::now() - at < f64::from(GONE_AFTER_MS))
    }

    fn ids(&self) -> Vec<String> {
        let count = self.storage.length().unwrap_or(0);
        (0..count)
            .filter_map(|index| self.storage.key(index).ok().flatten())
            .filter_map(|key| key.strip_prefix(PREFIX).map(str::to_string))
            .filter(|id| !id.ends_with(SEEN))
            .collect()
    }

    /// Lets the oldest offers go until at most `most` are left.
    fn make_room(&self, most: usize) {
        for entry in self.offers().into_iter().skip(most.saturating_sub(1)) {
            self.forget(&entry.id);
        }
    }
}

/// An entry as it is kept: when, what, and the text itself.
fn write(saved_at: f64, about: &str, text: &str) -> String {
    format!("{saved_at}\n{}\n{text}", about.replace('\n', " "))
}

fn read(id: String, kept: &str) -> Option<Entry> {
    let (saved_at, rest) = kept.split_once('\n')?;
    let (about, text) = rest.split_once('\n')?;
    Some(Entry {
        id,
        saved_at: saved_at.parse().ok()?,
        about: about.to_string(),
        text: text.to_string(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_is_read_as_it_was_written() {
        let kept = write(1_700_000_000_000.0, "two\nlines", "{\n}\n");
        let entry = read("a".to_string(), &kept).expect("it was written here");
        assert_eq!(entry.saved_at, 1_700_000_000_000.0);
        assert_eq!(entry.about, "two lines");
        assert_eq!(entry.text, "{\n}\n");
    }

    #[test]
    fn what_somebody_else_wrote_is_no_entry() {
        for kept in ["", "12", "12\nabout", "soon\nabout\ntext"] {
            assert_eq!(read("a".to_string(), kept), None, "{kept:?}");
        }
    }
}
