//! A list that grows at its end and whose copies share what they have in common.

use std::rc::Rc;

/// How many items share one piece.
const PIECE: usize = 256;

/// A list in shared pieces: a copy costs a pointer a piece, whatever the pieces hold.
#[derive(Clone, Debug)]
pub struct Log<T> {
    pieces: Vec<Rc<Vec<T>>>,
    len: usize,
}

impl<T: Clone> Log<T> {
    /// How many items [`Log::drop_piece`] lets go.
    pub const PIECE: usize = PIECE;

    /// The empty list.
    pub const fn new() -> Log<T> {
        Log {
            pieces: Vec::new(),
            len: 0,
        }
    }

    /// How many items there are.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The item at `index`.
    pub fn get(&self, index: usize) -> Option<&T> {
        self.pieces.get(index / PIECE)?.get(index % PIECE)
    }

    /// The item at `index`, to change it; a piece that is shared is copied first.
    pub fn get_mut(&mut self, index: usize) -> Option<&mut T> {
        Rc::make_mut(self.pieces.get_mut(index / PIECE)?).get_mut(index % PIECE)
    }

    /// The newest item.
    pub fn last(&self) -> Option<&T> {
        self.pieces.last()?.last()
    }

    /// Adds an item at the end.
    pub fn push(&mut self, item: T) {
        match self.pieces.last_mut() {
            Some(piece) if piece.len() < PIECE => Rc::make_mut(piece).push(item),
            Some(_) | None => {
                let mut piece = Vec::with_capacity(PIECE);
                piece.push(item);
                self.pieces.push(Rc::new(piece));
            }
        }
        self.len += 1;
    }

    /// Forgets what comes after the first `len` items.
    pub fn truncate(&mut self, len: usize) {
        if len >= self.len {
            return;
        }
        self.pieces.truncate(len.div_ceil(PIECE));
        if let Some(last) = self.pieces.last_mut()
            && !len.is_multiple_of(PIECE)
        {
            Rc::make_mut(last).truncate(len % PIECE);
        }
        self.len = len;
    }

    /// Lets the oldest [`Log::PIECE`] items go, as far as there are so many; says how many those were. What is left
    /// begins with index 0.
    pub fn drop_piece(&mut self) -> usize {
        if self.len < PIECE {
            return 0;
        }
        self.pieces.remove(0);
        self.len -= PIECE;
        PIECE
    }

    /// How many items two lists have in common before the first that differs.
    pub fn common_with(&self, other: &Log<T>) -> usize
    where
        T: PartialEq,
    {
        let pairs = self.pieces.iter().zip(&other.pieces);
        let shared = pairs.take_while(|(mine, others)| Rc::ptr_eq(mine, others));
        let shared = (shared.count() * PIECE).min(self.len);
        let mut at = shared;
        while let (Some(mine), Some(others)) = (self.get(at), other.get(at))
            && mine == others
        {
            at += 1;
        }
        at
    }

    /// All items, oldest first.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &T> + Clone {
        self.pieces.iter().flat_map(|piece| piece.iter())
    }
}

impl<T: Clone> Default for Log<T> {
    fn default() -> Log<T> {
        Log::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_a_list() {
        let mut log = Log::new();
        for n in 0..1000 {
            log.push(n);
        }
        assert_eq!(
            (log.len(), log.get(999), log.get(1000)),
            (1000, Some(&999), None)
        );
        for len in [999, 512, 300, 256, 1, 0] {
            log.truncate(len);
            assert_eq!((log.len(), log.iter().count()), (len, len));
            assert_eq!(log.last().copied(), len.checked_sub(1));
        }
        log.push(7);
        assert_eq!(log.get(0), Some(&7));
    }

    #[test]
    fn copies_share_what_they_have_in_common() {
        let mut log = Log::new();
        for n in 0..1000 {
            log.push(n);
        }
        let mut copy = log.clone();
        assert!(Rc::ptr_eq(&log.pieces[3], &copy.pieces[3]));
        copy.truncate(900);
        copy.push(-1);
        if let Some(item) = copy.get_mut(0) {
            *item = -2;
        }
        assert!(Rc::ptr_eq(&log.pieces[1], &copy.pieces[1]));
        assert_eq!((log.get(900), copy.get(900)), (Some(&900), Some(&-1)));
        assert_eq!((log.get(0), copy.get(0)), (Some(&0), Some(&-2)));
    }
}
