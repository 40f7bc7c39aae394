//! Ids for `for`, `aria-describedby` and their kin.

use std::sync::atomic::{AtomicU32, Ordering};

use yew::prelude::*;

static NEXT: AtomicU32 = AtomicU32::new(1);

/// An id that no other element on the page has; the same as long as the component lives.
#[hook]
pub fn use_id() -> AttrValue {
    let id = use_memo((), |()| next_id());
    (*id).clone()
}

/// A new id, for components that are not functions.
pub fn next_id() -> AttrValue {
    AttrValue::from(format!("mq-{}", NEXT.fetch_add(1, Ordering::Relaxed)))
}
