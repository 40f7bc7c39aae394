//! Whether all of the page's code is there. The first view comes with little code; what is not drawn in it (the side, the
//! dock, dialogs) waits for the rest, which is fetched behind it. A page whose code is in one piece never waits.

use std::cell::{Cell, RefCell};

use yew::prelude::*;

thread_local! {
    static IS_WHOLE: Cell<bool> = const { Cell::new(true) };
    /// Who wants to know, each under its number.
    static WAITING: RefCell<Vec<(u32, Callback<bool>)>> = const { RefCell::new(Vec::new()) };
}

/// Says that only the first part is there.
pub fn hold() {
    IS_WHOLE.set(false);
}

/// Says that everything is there now.
pub fn complete() {
    IS_WHOLE.set(true);
    let waiting = WAITING.take();
    waiting.iter().for_each(|(_, told)| told.emit(true));
}

/// Whether everything is there, at this moment.
pub fn is_whole() -> bool {
    IS_WHOLE.get()
}

/// Whether everything is there; draws the component again when it is.
#[hook]
pub fn use_whole() -> bool {
    let whole = use_state(|| IS_WHOLE.get());
    let setter = whole.setter();
    use_effect_with((), move |()| {
        let told = Callback::from(move |is_whole| setter.set(is_whole));
        let number = wait(told);
        move || WAITING.with_borrow_mut(|waiting| waiting.retain(|(who, _)| *who != number))
    });
    *whole
}

/// Puts a callback on the list, or tells it at once if there is nothing to wait for.
fn wait(told: Callback<bool>) -> u32 {
    if IS_WHOLE.get() {
        told.emit(true);
        return 0;
    }
    WAITING.with_borrow_mut(|waiting| {
        let number = waiting.last().map_or(1, |(last, _)| last + 1);
        waiting.push((number, told));
        number
    })
}
