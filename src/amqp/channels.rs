//! The open channels by their names. A client mostly stays on one channel, and a step asks for it many times over.

use std::cell::Cell;
use std::rc::Rc;

use rustc_hash::FxHashMap;

use crate::amqp::arena::{Arena, ChannelKey};
use crate::amqp::channel::Channel;
use crate::amqp::ids::ChannelId;

/// Channels; never iterated, for the order would be nobody's.
#[derive(Clone, Debug)]
pub(super) struct Channels {
    keys: FxHashMap<ChannelId, ChannelKey>,
    states: Arena<ChannelKey, Channel>,
    /// The one that was asked for last.
    last: Cell<Option<(ChannelId, ChannelKey)>>,
}

impl Channels {
    pub(super) fn new() -> Channels {
        Channels {
            keys: FxHashMap::default(),
            states: Arena::new(),
            last: Cell::new(None),
        }
    }

    #[inline]
    fn key(&self, id: ChannelId) -> Option<ChannelKey> {
        match self.last.get() {
            Some((last, key)) if last == id => Some(key),
            _ => self.look_up(id),
        }
    }

    fn look_up(&self, id: ChannelId) -> Option<ChannelKey> {
        let key = self.keys.get(&id).copied()?;
        self.last.set(Some((id, key)));
        Some(key)
    }

    #[inline]
    pub(super) fn get(&self, id: &ChannelId) -> Option<&Channel> {
        self.states.get(self.key(*id)?)
    }

    #[inline]
    pub(super) fn get_mut(&mut self, id: &ChannelId) -> Option<&mut Channel> {
        self.states.get_mut(self.key(*id)?)
    }

    pub(super) fn insert(&mut self, id: ChannelId, channel: Channel) {
        let key = self.states.insert(channel);
        self.keys.insert(id, key);
        self.last.set(None);
    }

    pub(super) fn remove(&mut self, id: &ChannelId) -> Option<Rc<Channel>> {
        self.last.set(None);
        self.states.remove(self.keys.remove(id)?)
    }
}
