//! The layout a person made: pinned nodes, notes and frames, and the way back, one step per gesture.
//!
//! Each step notes how long the run was when it was made, so that a page can take back layout and run in the one order
//! in which a person did them.

use crate::ui::canvas::geometry::Point;
use crate::ui::canvas::layout::Pins;
use crate::ui::canvas::scene::{NodeId, PatchId};
use crate::ui::canvas::sketch::{Sketch, SketchChange};
use crate::ui::shared::Shared;

/// How many steps back there are.
const STEPS: usize = 200;

/// What a step of the layout was, for a list with words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LayoutStep {
    /// So many nodes were moved.
    Move(usize),
    Arrange,
    /// A note or a frame was added, written, coloured, moved or removed.
    Sketch,
}

/// Places, notes and frames at one moment.
#[derive(Clone, Debug, Default, PartialEq)]
struct Drawn {
    pins: Shared<Pins>,
    sketch: Shared<Sketch>,
}

/// Which of two histories goes first when a person takes back, or does again, what they did last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    Layout,
    Run,
}

/// How long the run was when the layout's next steps back and forth were made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LayoutTimes {
    pub undo_at: Option<usize>,
    pub redo_at: Option<usize>,
}

impl LayoutTimes {
    /// Whose step was the latest; `run` is the number of the run's own.
    pub fn undo(self, run: Option<usize>) -> Option<Turn> {
        match (self.undo_at, run) {
            // A layout step that was made after so many steps of the run came after the last of them.
            (Some(layout), Some(run)) if layout <= run => Some(Turn::Run),
            (Some(_), _) => Some(Turn::Layout),
            (None, Some(_)) => Some(Turn::Run),
            (None, None) => None,
        }
    }

    /// Whose step was taken back last; `run` is how long the run is now, when it has a step to do again.
    pub fn redo(self, run: Option<usize>) -> Option<Turn> {
        match (self.redo_at, run) {
            (Some(layout), Some(run)) if layout > run => Some(Turn::Run),
            (Some(_), _) => Some(Turn::Layout),
            (None, Some(_)) => Some(Turn::Run),
            (None, None) => None,
        }
    }
}

/// A step and what stood on its other side.
#[derive(Clone, Debug, PartialEq)]
struct Step {
    what: LayoutStep,
    /// How many steps the run had.
    at: usize,
    other: Drawn,
}

/// Pins, notes and frames with their history.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Board {
    now: Drawn,
    before: Vec<Step>,
    after: Vec<Step>,
    arrangement: u32,
    /// The places that came with the scenario.
    given: Shared<Pins>,
}

impl Board {
    /// Another scenario's layout, without a history.
    pub(super) fn load(&mut self, pins: Pins, sketch: Sketch) {
        let pins = Shared::new(pins);
        *self = Board {
            given: pins.clone(),
            now: Drawn {
                pins,
                sketch: Shared::new(sketch),
            },
            arrangement: self.arrangement + 1,
            ..Board::default()
        };
    }

    /// Changes whenever everything is to be arranged afresh.
    pub fn arrangement(&self) -> u32 {
        self.arrangement
    }

    /// The places people gave.
    pub fn pins(&self) -> &Shared<Pins> {
        &self.now.pins
    }

    /// The places that came with the scenario, whatever people moved since.
    pub fn given(&self) -> &Shared<Pins> {
        &self.given
    }

    /// The notes and frames.
    pub fn sketch(&self) -> &Shared<Sketch> {
        &self.now.sketch
    }

    pub fn can_undo(&self) -> bool {
        !self.before.is_empty()
    }

    pub fn can_redo(&self) -> bool {
        !self.after.is_empty()
    }

    /// How long the run was when the next steps back and forth were made.
    pub fn times(&self) -> LayoutTimes {
        LayoutTimes {
            undo_at: self.before.last().map(|step| step.at),
            redo_at: self.after.last().map(|step| step.at),
        }
    }

    /// The steps that undo can take back, the oldest first: what each was, and how long the run was then.
    pub fn steps(&self) -> impl DoubleEndedIterator<Item = (LayoutStep, usize)> {
        self.before.iter().map(|step| (step.what, step.at))
    }

    pub(super) fn pin(&mut self, moves: Vec<(NodeId, Point)>, at: usize) {
        let mut pins = (*self.now.pins).clone();
        let mut changed = 0;
        for (node, to) in moves {
            changed += usize::from(pins.insert(node, to) != Some(to));
        }
        if changed > 0 {
            let now = Drawn {
                pins: Shared::new(pins),
                ..self.now.clone()
            };
            self.replace(now, LayoutStep::Move(changed), at);
        }
    }

    /// Gives new nodes their places. That belongs to what made the nodes, so it is no step of its own.
    pub(super) fn place(&mut self, places: &[(NodeId, Point)]) {
        let steps = self.before.iter_mut().chain(&mut self.after);
        for drawn in steps
            .map(|step| &mut step.other)
            .chain(std::iter::once(&mut self.now))
        {
            let mut pins = (*drawn.pins).clone();
            pins_at(&mut pins, places);
            drawn.pins = Shared::new(pins);
        }
    }

    pub(super) fn sketch_change(&mut self, change: &SketchChange, at: usize) {
        let sketch = self.now.sketch.changed(change);
        self.put_sketch(sketch, at);
    }

    pub(super) fn move_patch(&mut self, id: &PatchId, to: Point, at: usize) {
        let sketch = self.now.sketch.moved(id, to);
        self.put_sketch(sketch, at);
    }

    fn put_sketch(&mut self, sketch: Sketch, at: usize) {
        if sketch != *self.now.sketch {
            let now = Drawn {
                sketch: Shared::new(sketch),
                ..self.now.clone()
            };
            self.replace(now, LayoutStep::Sketch, at);
        }
    }

    pub(super) fn unpin_all(&mut self, at: usize) {
        self.arrangement += 1;
        if !self.now.pins.is_empty() {
            let now = Drawn {
                pins: Shared::default(),
                ..self.now.clone()
            };
            self.replace(now, LayoutStep::Arrange, at);
        }
    }

    pub(super) fn undo(&mut self) {
        if let Some(mut step) = self.before.pop() {
            std::mem::swap(&mut self.now, &mut step.other);
            self.after.push(step);
        }
    }

    pub(super) fn redo(&mut self) {
        if let Some(mut step) = self.after.pop() {
            std::mem::swap(&mut self.now, &mut step.other);
            self.before.push(step);
        }
    }

    fn replace(&mut self, now: Drawn, what: LayoutStep, at: usize) {
        if self.before.len() == STEPS {
            self.before.remove(0);
        }
        let other = std::mem::replace(&mut self.now, now);
        self.before.push(Step { what, at, other });
        self.after.clear();
    }
}

fn pins_at(pins: &mut Pins, places: &[(NodeId, Point)]) {
    for (node, at) in places {
        pins.insert(node.clone(), *at);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layout_and_run_are_taken_back_in_the_order_they_were_done() {
        let times = |undo_at, redo_at| LayoutTimes { undo_at, redo_at };
        // A move after 5 steps, then a step of the run, number 5: the run's is the later one.
        assert_eq!(times(Some(5), None).undo(Some(5)), Some(Turn::Run));
        // The same the other way round: step 4, then the move.
        assert_eq!(times(Some(5), None).undo(Some(4)), Some(Turn::Layout));
        // Taken back, they come again in the order they were done first.
        assert_eq!(times(None, Some(5)).redo(Some(5)), Some(Turn::Layout));
        assert_eq!(times(None, Some(5)).redo(Some(4)), Some(Turn::Run));
        assert_eq!(times(None, None).undo(None), None);
        assert_eq!(times(None, None).redo(Some(1)), Some(Turn::Run));
    }
}
