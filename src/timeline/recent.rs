//! The events of recent steps: a page reads them often. Those of older ones are made again when asked for.

use std::rc::Rc;

use crate::timeline::Log;

/// How many events are kept.
pub(super) const KEPT_EVENTS: usize = 20_000;

/// The events of each step, as far as they are not forgotten.
#[derive(Clone, Debug)]
pub(super) struct Recent<E> {
    /// The step with which `steps` begins.
    start: usize,
    /// `None` where they are forgotten already.
    steps: Log<Option<Rc<[E]>>>,
    /// Every step before this one is forgotten.
    first: usize,
    /// How many events there are in all.
    count: usize,
}

impl<E: Clone> Recent<E> {
    /// No step yet.
    pub const fn new() -> Recent<E> {
        Recent {
            start: 0,
            steps: Log::new(),
            first: 0,
            count: 0,
        }
    }

    /// The first step that is not forgotten.
    pub fn first(&self) -> usize {
        self.first
    }

    /// What happened in the step at `index`, unless it is forgotten or has not happened.
    pub fn get(&self, index: usize) -> Option<&Rc<[E]>> {
        self.steps.get(index.checked_sub(self.start)?)?.as_ref()
    }

    /// Another step; old ones are forgotten.
    pub fn push(&mut self, events: Rc<[E]>) {
        self.count += events.len();
        self.steps.push(Some(events));
        let last = self.start + self.steps.len() - 1;
        while self.count > KEPT_EVENTS && self.first < last {
            let slot = self.steps.get_mut(self.first - self.start);
            self.count -= slot.and_then(Option::take).map_or(0, |old| old.len());
            self.first += 1;
        }
        while self.start + Log::<Option<Rc<[E]>>>::PIECE <= self.first {
            self.start += self.steps.drop_piece();
        }
    }

    /// Forgets what came after the first `len` steps.
    pub fn truncate(&mut self, len: usize) {
        for later in len.max(self.first)..self.start + self.steps.len() {
            self.count -= self.get(later).map_or(0, |events| events.len());
        }
        self.first = self.first.min(len);
        self.steps.truncate(len.saturating_sub(self.start));
        self.start = self.start.min(len);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(steps: usize, each: usize) -> Recent<usize> {
        let mut recent = Recent::new();
        for step in 0..steps {
            recent.push(vec![step; each].into());
        }
        recent
    }

    #[test]
    fn only_the_newest_are_kept_and_the_old_ones_weigh_nothing() {
        let recent = after(100_000, 4);
        assert_eq!(recent.first(), 95_000);
        assert!(recent.get(94_999).is_none());
        assert_eq!(recent.get(95_000).map(|events| events[0]), Some(95_000));
        assert_eq!(recent.get(99_999).map(|events| events[0]), Some(99_999));
        assert!(recent.get(100_000).is_none());
        assert!(recent.steps.len() < 5_300, "{}", recent.steps.len());
    }

    #[test]
    fn a_step_with_very_many_events_is_kept_as_long_as_it_is_the_last() {
        let mut recent = after(10, 4);
        recent.push(vec![7; KEPT_EVENTS * 2].into());
        assert_eq!(recent.first(), 10);
        recent.push(vec![8].into());
        assert_eq!((recent.first(), recent.count), (11, 1));
    }

    #[test]
    fn what_is_cut_off_comes_again_wherever_the_cut_is() {
        for cut in [99_990, 95_000, 94_999, 94_700, 50_000, 256, 1, 0] {
            let mut recent = after(100_000, 4);
            recent.truncate(cut);
            assert!(recent.get(cut).is_none());
            for step in cut..cut + 600 {
                recent.push(vec![step; 4].into());
                assert_eq!(recent.get(step).map(|events| events[0]), Some(step));
            }
            let kept = (recent.first()..cut + 600).filter_map(|at| recent.get(at));
            assert_eq!(kept.map(|events| events.len()).sum::<usize>(), recent.count);
        }
    }
}
