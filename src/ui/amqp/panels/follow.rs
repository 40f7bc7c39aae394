//! Lists that grow at their end: whoever is there is taken along, whoever reads back further up is left alone.

use gloo_events::EventListener;
use web_sys::HtmlElement;
use yew::prelude::*;

/// How near the end counts as being there, in pixels.
const NEAR: i32 = 80;

/// For the element that scrolls. `index` counts what the list tells, `moment` is another one whenever it may be longer;
/// where there is less to tell than before, one looks at the end of it.
///
/// Whether one is at the end is asked when somebody scrolls: a busy run may replace all lines at once.
#[hook]
pub fn use_following<M: PartialEq + 'static>(index: usize, moment: M) -> NodeRef {
    let list = use_node_ref();
    let follows = use_mut_ref(|| true);
    let before = use_mut_ref(|| 0usize);
    {
        let (list, follows) = (list.clone(), follows.clone());
        use_effect_with((), move |()| {
            let listener = list.cast::<HtmlElement>().map(|list| {
                EventListener::new(&list.clone(), "scroll", move |_| {
                    let away = list.scroll_height() - list.client_height() - list.scroll_top();
                    *follows.borrow_mut() = away < NEAR;
                })
            });
            move || drop(listener)
        });
    }
    {
        let list = list.clone();
        use_effect_with((index, moment), move |_| {
            let is_back = before.replace(index) > index;
            if is_back || *follows.borrow() {
                go_to_end(&list);
            }
        });
    }
    list
}

fn go_to_end(list: &NodeRef) {
    if let Some(list) = list.cast::<HtmlElement>() {
        list.set_scroll_top(list.scroll_height());
    }
}
