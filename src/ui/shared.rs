//! `Shared`: a big read-only thing that is cheap to hand on and cheap to compare.

use std::fmt;
use std::ops::Deref;
use std::rc::Rc;

/// An `Rc` compared by pointer: two are equal when they are the same thing, so a component whose props hold one
/// is drawn anew only when somebody made a new one.
pub struct Shared<T: ?Sized>(Rc<T>);

impl<T> Shared<T> {
    /// Puts `value` behind a pointer of its own.
    pub fn new(value: T) -> Shared<T> {
        Shared(Rc::new(value))
    }
}

impl<T: PartialEq> Shared<T> {
    /// `previous` if it says the same as `value`, else `value` behind a new pointer.
    pub fn keep(value: T, previous: Option<&Shared<T>>) -> Shared<T> {
        match previous {
            Some(previous) if **previous == value => previous.clone(),
            _ => Shared::new(value),
        }
    }
}

impl<T: ?Sized> Clone for Shared<T> {
    fn clone(&self) -> Shared<T> {
        Shared(Rc::clone(&self.0))
    }
}

/// So that props take it by reference and clone the pointer.
impl<T: ?Sized> yew::html::ImplicitClone for Shared<T> {}

impl<T: ?Sized> Deref for Shared<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: ?Sized> PartialEq for Shared<T> {
    fn eq(&self, other: &Shared<T>) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl<T: ?Sized> Eq for Shared<T> {}

impl<T: Default> Default for Shared<T> {
    fn default() -> Shared<T> {
        Shared::new(T::default())
    }
}

impl<T: ?Sized + fmt::Debug> fmt::Debug for Shared<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<T> From<T> for Shared<T> {
    fn from(value: T) -> Shared<T> {
        Shared::new(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_equal_value_keeps_the_old_pointer() {
        let old = Shared::new(vec![1, 2]);
        assert_eq!(Shared::keep(vec![1, 2], Some(&old)), old);
        assert_ne!(Shared::keep(vec![1, 3], Some(&old)), old);
        assert_ne!(Shared::keep(vec![1, 2], None), old);
    }
}
