//! Choreography: which item flies along which edge, and when. It reads what happened and never feeds back into it.

use crate::ui::canvas::scene::{EdgeId, ItemId, NodeId, Text, Tone};

/// How a flying item looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Look {
    /// A full disc.
    #[default]
    Full,
    /// A ring with a returning arrow: it has been out before, or goes back.
    Ring,
    /// Turned round: sent back to where it came from.
    Returned,
    /// A tick: good news going back.
    Tick,
    /// A cross: bad news going back, or an item that died.
    Cross,
}

/// Where a hop ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Goal {
    /// It arrives at a node and stays there until it leaves by another hop.
    Node(NodeId),
    /// It falls off the drawing: nobody took it.
    Nowhere,
}

/// One item crosses one edge. Hops come in causal order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hop {
    pub item: ItemId,
    pub from: NodeId,
    pub to: Goal,
    /// The edge it follows, in either direction; without one it goes straight.
    pub edge: Option<EdgeId>,
    /// The item in whose footsteps it sets out, when that is another one (a copy, an answer).
    pub follows: Option<ItemId>,
    pub tone: Tone,
    pub look: Look,
    /// One letter inside.
    pub letter: Option<char>,
    /// In words, for readers and for edges where nothing flies.
    pub label: Text,
}
