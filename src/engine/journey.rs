//! One message's life, and for every exchange it met, which bindings let it through and why.

use std::rc::Rc;

use crate::amqp::view::Explanation;
use crate::amqp::{self, ExchangeId, Message, MessageId};
use crate::machine::SimTime;

/// What a message found at one exchange, judged by the bindings of the moment it was published.
#[derive(Clone, Debug, PartialEq)]
pub struct ExchangeVisit {
    pub exchange: ExchangeId,
    pub explanations: Vec<Explanation>,
}

/// One thing that happened to a message.
#[derive(Clone, Debug, PartialEq)]
pub struct JourneyEntry {
    pub at: SimTime,
    /// The step it happened in.
    pub step: usize,
    pub event: amqp::Event,
}

/// A message from its publishing to its end.
#[derive(Clone, Debug, PartialEq)]
pub struct Journey {
    pub message: Rc<Message>,
    /// The step that published it.
    pub published: usize,
    /// In the order of its visits; the first is the exchange it was published to.
    pub visits: Vec<ExchangeVisit>,
    /// Everything that names it, in order.
    pub entries: Vec<JourneyEntry>,
    /// The messages it became when it was dead-lettered.
    pub children: Vec<MessageId>,
}
