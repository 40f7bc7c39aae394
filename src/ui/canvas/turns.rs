//! Presses and keys one after the other: each finds what the one before it has changed.
//!
//! What a press means depends on what is selected and on what is being connected, and the page tells the canvas of that
//! with the next drawing. A busy page gets several presses before it draws, so all but the first wait here.

use std::collections::VecDeque;

/// Whether a message keeps its place among presses and keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    /// Whenever it comes.
    Free,
    /// Not before what came before it; the next need not wait for its drawing.
    Follow,
    /// The next one waits until what this one changed is drawn.
    Turn,
}

/// What waits for its turn.
#[derive(Debug)]
pub(super) struct Turns<M> {
    waiting: VecDeque<M>,
    /// A drawing, or the message that it was drawn, is still to come. True while anything waits.
    is_busy: bool,
}

impl<M> Default for Turns<M> {
    fn default() -> Turns<M> {
        Turns {
            waiting: VecDeque::new(),
            is_busy: false,
        }
    }
}

impl<M> Turns<M> {
    /// The message, if nobody is before it; else it waits.
    pub(super) fn admit(&mut self, message: M, order: Order) -> Option<M> {
        if order == Order::Free || !self.is_busy {
            return Some(message);
        }
        self.waiting.push_back(message);
        None
    }

    /// The first that waited; ask when `drawn` has said so.
    pub(super) fn next(&mut self) -> Option<M> {
        self.is_busy = false;
        self.waiting.pop_front()
    }

    /// A message was obeyed. Gives the one that can follow at once; none if what was obeyed `is_to_be_drawn` first.
    pub(super) fn after(&mut self, is_to_be_drawn: bool) -> Option<M> {
        self.is_busy |= is_to_be_drawn;
        if self.is_busy {
            return None;
        }
        self.waiting.pop_front()
    }

    /// A drawing is done. Whether somebody waits, who is to get their turn now.
    pub(super) fn drawn(&mut self) -> bool {
        self.is_busy = !self.waiting.is_empty();
        self.is_busy
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Obeys like the canvas: capitals change something.
    fn obey(turns: &mut Turns<char>, first: Option<char>, done: &mut String) {
        let mut next = first;
        while let Some(letter) = next {
            done.push(letter);
            next = turns.after(letter.is_uppercase());
        }
    }

    fn come(turns: &mut Turns<char>, letters: &str, done: &mut String) {
        for letter in letters.chars() {
            let order = if letter.is_uppercase() {
                Order::Turn
            } else {
                Order::Follow
            };
            let admitted = turns.admit(letter, order);
            obey(turns, admitted, done);
        }
    }

    #[test]
    fn each_waits_for_the_drawing_of_the_one_before() {
        let (mut turns, mut done) = (Turns::default(), String::new());
        come(&mut turns, "AB", &mut done);
        assert_eq!(done, "A");
        assert!(turns.drawn());
        // One that comes now does not overtake.
        come(&mut turns, "C", &mut done);
        assert_eq!(done, "A");
        let next = turns.next();
        obey(&mut turns, next, &mut done);
        assert_eq!(done, "AB");
        assert!(turns.drawn());
        let next = turns.next();
        obey(&mut turns, next, &mut done);
        assert!(!turns.drawn());
        come(&mut turns, "D", &mut done);
        assert_eq!(done, "ABCD");
    }

    #[test]
    fn moves_keep_their_place_and_do_not_wait_for_each_other() {
        let (mut turns, mut done) = (Turns::default(), String::new());
        come(&mut turns, "ab", &mut done);
        assert_eq!(done, "ab");
        come(&mut turns, "AcdB", &mut done);
        assert_eq!(done, "abA");
        assert!(turns.drawn());
        let next = turns.next();
        obey(&mut turns, next, &mut done);
        assert_eq!(done, "abAcdB");
        assert!(!turns.drawn());
    }

    #[test]
    fn what_is_free_never_waits() {
        let mut turns = Turns::default();
        assert_eq!(turns.after(true), None);
        assert_eq!(turns.admit('x', Order::Free), Some('x'));
        assert_eq!(turns.after(false), None);
        assert_eq!(turns.admit('y', Order::Turn), None);
        assert_eq!(turns.next(), Some('y'));
    }
}
