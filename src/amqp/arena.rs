//! Where exchanges, queues and consumers live: by a key that is never used again, shared with snapshots until changed.

use std::marker::PhantomData;
use std::num::NonZeroU32;
use std::rc::Rc;

/// A key into an [`Arena`].
pub(super) trait Key: Copy {
    fn from_index(index: u32) -> Self;
    fn index(self) -> usize;
}

macro_rules! keys {
    ($($(#[$doc:meta])* $name:ident;)*) => { $(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub(super) struct $name(NonZeroU32);

        impl Key for $name {
            #[inline]
            fn from_index(index: u32) -> $name {
                $name(NonZeroU32::MIN.saturating_add(index))
            }
            #[inline]
            fn index(self) -> usize {
                self.0.get() as usize - 1
            }
        }
    )* };
}

keys! {
    /// A vhost.
    VhostKey;
    /// An exchange; one that is declared again after a deletion has a new key.
    ExchangeKey;
    /// A queue; one that is declared again after a deletion has a new key.
    QueueKey;
    /// A consumer.
    ConsumerKey;
    /// A channel; one that is opened again after it was closed has a new key.
    ChannelKey;
}

/// Where a binding leads, by key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Target {
    Queue(QueueKey),
    Exchange(ExchangeKey),
}

/// A list of things by key. A clone shares them; a change copies the one that is changed.
#[derive(Clone, Debug)]
pub(super) struct Arena<K, T> {
    slots: Vec<Option<Rc<T>>>,
    live: usize,
    keys: PhantomData<K>,
}

impl<K: Key, T: Clone> Arena<K, T> {
    pub(super) const fn new() -> Arena<K, T> {
        Arena {
            slots: Vec::new(),
            live: 0,
            keys: PhantomData,
        }
    }

    /// The key that the next [`Arena::insert`] will use.
    pub(super) fn next_key(&self) -> K {
        K::from_index(
            u32::try_from(self.slots.len()).expect("fewer than four billion things are ever made"),
        )
    }

    pub(super) fn insert(&mut self, value: T) -> K {
        let key = self.next_key();
        self.slots.push(Some(Rc::new(value)));
        self.live += 1;
        key
    }

    #[inline]
    pub(super) fn get(&self, key: K) -> Option<&T> {
        self.slots.get(key.index())?.as_deref()
    }

    #[inline]
    pub(super) fn get_mut(&mut self, key: K) -> Option<&mut T> {
        let slot = self.slots.get_mut(key.index())?.as_mut()?;
        if Rc::strong_count(slot) > 1 {
            copy(slot);
        }
        Rc::get_mut(slot)
    }

    pub(super) fn remove(&mut self, key: K) -> Option<Rc<T>> {
        let removed = self.slots.get_mut(key.index())?.take();
        self.live -= usize::from(removed.is_some());
        removed
    }

    /// How many things there are.
    pub(super) fn len(&self) -> usize {
        self.live
    }

    /// All things with their keys, oldest first.
    pub(super) fn iter(&self) -> impl Iterator<Item = (K, &T)> {
        self.slots.iter().enumerate().filter_map(|(index, slot)| {
            slot.as_deref()
                .map(|value| (K::from_index(index as u32), value))
        })
    }

    /// The keys of all things, oldest first.
    pub(super) fn keys(&self) -> Vec<K> {
        self.iter().map(|(key, _)| key).collect()
    }
}

/// Out of line: most of what is changed is shared with nobody.
#[cold]
#[inline(never)]
fn copy<T: Clone>(slot: &mut Rc<T>) {
    *slot = Rc::new(T::clone(slot));
}
