//! The stage: one choreographer shared by who schedules (the driver) and who draws (the canvas).

use std::cell::{Ref, RefCell};
use std::rc::Rc;

use crate::ui::choreography::{Choreographer, Hop, Motion};

/// A handle to the choreographer; clones share it, and two are equal when they do.
#[derive(Clone, Default)]
pub struct Stage {
    inner: Rc<Inner>,
}

#[derive(Default)]
struct Inner {
    choreographer: RefCell<Choreographer>,
    waker: RefCell<Option<Rc<dyn Fn()>>>,
}

impl PartialEq for Stage {
    fn eq(&self, other: &Stage) -> bool {
        Rc::ptr_eq(&self.inner, &other.inner)
    }
}

impl Stage {
    /// Lets hops fly. Call it before the scene that contains their results is handed to the canvas: then the places
    /// they fly to are drawn empty from the first frame on.
    pub fn schedule(&self, hops: impl IntoIterator<Item = Hop>) {
        self.change(|choreographer| choreographer.schedule(hops));
    }

    /// Stops everything in the air.
    pub fn freeze(&self) {
        self.change(Choreographer::freeze);
    }

    /// Lets everything go on.
    pub fn thaw(&self) {
        self.change(Choreographer::thaw);
    }

    /// Takes over the speed of the run.
    pub fn set_speed(&self, speed: f64) {
        self.change(|choreographer| choreographer.set_speed(speed));
    }

    /// Takes over what the person prefers.
    pub fn set_motion(&self, motion: Motion) {
        self.change(|choreographer| choreographer.set_motion(motion));
    }

    /// Nothing flies any more.
    pub fn clear(&self) {
        self.change(Choreographer::clear);
    }

    /// To look at what flies.
    pub fn look(&self) -> Ref<'_, Choreographer> {
        self.inner.choreographer.borrow()
    }

    /// Lets time pass; only the canvas does that, once per animation frame.
    pub(super) fn advance(&self, elapsed_ms: f64) {
        self.inner.choreographer.borrow_mut().advance(elapsed_ms);
    }

    /// Whom to wake when something changes.
    pub(super) fn wake_with(&self, waker: Option<Rc<dyn Fn()>>) {
        *self.inner.waker.borrow_mut() = waker;
    }

    fn change(&self, change: impl FnOnce(&mut Choreographer)) {
        change(&mut self.inner.choreographer.borrow_mut());
        let waker = self.inner.waker.borrow().clone();
        if let Some(waker) = waker {
            waker();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    #[test]
    fn a_change_wakes_who_draws() {
        let stage = Stage::default();
        let woken = Rc::new(Cell::new(0));
        let counter = Rc::clone(&woken);
        stage.wake_with(Some(Rc::new(move || counter.set(counter.get() + 1))));
        stage.clone().freeze();
        stage.thaw();
        assert_eq!(woken.get(), 2);
        assert!(stage == stage.clone() && stage != Stage::default());
    }
}
