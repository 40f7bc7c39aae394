//! The layout a person made: pinned nodes, and the way back, one step per drag.

use crate::ui::canvas::geometry::Point;
use crate::ui::canvas::layout::Pins;
use crate::ui::canvas::scene::NodeId;
use crate::ui::shared::Shared;

/// How many steps back there are.
const STEPS: usize = 100;

/// Pinned nodes with their history.
#[derive(Clone, Debug, Default)]
pub struct PinBoard {
    pins: Shared<Pins>,
    before: Vec<Shared<Pins>>,
    after: Vec<Shared<Pins>>,
    arrangement: u32,
}

impl PinBoard {
    /// Another scenario's pins, without a history.
    pub(super) fn load(&mut self, pins: Pins) {
        *self = PinBoard {
            pins: Shared::new(pins),
            before: Vec::new(),
            after: Vec::new(),
            arrangement: self.arrangement + 1,
        };
    }

    /// Changes whenever everything is to be arranged afresh.
    pub fn arrangement(&self) -> u32 {
        self.arrangement
    }

    /// The places people gave.
    pub fn pins(&self) -> &Shared<Pins> {
        &self.pins
    }

    pub fn can_undo(&self) -> bool {
        !self.before.is_empty()
    }

    pub fn can_redo(&self) -> bool {
        !self.after.is_empty()
    }

    pub(super) fn pin(&mut self, node: NodeId, to: Point) {
        let mut pins = (*self.pins).clone();
        if pins.insert(node, to) != Some(to) {
            self.replace(pins);
        }
    }

    pub(super) fn unpin_all(&mut self) {
        self.arrangement += 1;
        if !self.pins.is_empty() {
            self.replace(Pins::new());
        }
    }

    pub(super) fn undo(&mut self) {
        if let Some(pins) = self.before.pop() {
            self.after.push(std::mem::replace(&mut self.pins, pins));
        }
    }

    pub(super) fn redo(&mut self) {
        if let Some(pins) = self.after.pop() {
            self.before.push(std::mem::replace(&mut self.pins, pins));
        }
    }

    fn replace(&mut self, pins: Pins) {
        if self.before.len() == STEPS {
            self.before.remove(0);
        }
        self.before
            .push(std::mem::replace(&mut self.pins, Shared::new(pins)));
        self.after.clear();
    }
}
