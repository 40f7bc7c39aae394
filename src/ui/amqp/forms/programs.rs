//! What a hand-made producer is going to do.

use std::rc::Rc;

/// Where a hand-made producer publishes to unless it is told otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    pub exchange: Rc<str>,
    pub routing_key: Rc<str>,
}
