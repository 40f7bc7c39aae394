//! A menu at a place on the screen, for what a pointer or a key asks about.

use wasm_bindgen::JsCast;
use web_sys::HtmlElement;
use yew::prelude::*;

use crate::ui::canvas::geometry::Point;
use crate::ui::canvas::scene::{Choice, Text, Tone};
use crate::ui::dom;

#[derive(Properties, PartialEq)]
pub struct ContextMenuProps {
    /// What the choices are about.
    pub label: AttrValue,
    /// Where, in the window; `None` hides it.
    pub at: Option<Point>,
    pub choices: Vec<Choice>,
    /// It was opened by a finger that still rests: lifting it would close a menu that the browser looks after.
    #[prop_or_default]
    pub by_finger: bool,
    /// Gets the id of what was chosen.
    pub onchoose: Callback<Text>,
    pub onclose: Callback<()>,
}

/// A menu at a place on the screen.
#[component]
pub fn ContextMenu(props: &ContextMenuProps) -> Html {
    let list = use_node_ref();
    {
        let list = list.clone();
        use_effect_with(props.at, move |at| {
            if let Some(list) = list.cast::<HtmlElement>() {
                match at {
                    Some(at) => open(&list, *at),
                    // It may be closed already.
                    None => drop(list.hide_popover()),
                }
            }
        });
    }
    use_presses_outside(props.by_finger && props.at.is_some(), &list, &props.onclose);
    let ontoggle = {
        let (list, onclose, is_open) = (list.clone(), props.onclose.clone(), props.at.is_some());
        Callback::from(move |_: Event| {
            let shown = list
                .cast::<HtmlElement>()
                .is_some_and(|list| list.matches(":popover-open") == Ok(true));
            if is_open && !shown {
                onclose.emit(());
            }
        })
    };
    let onkeydown = {
        let (list, onclose) = (list.clone(), props.onclose.clone());
        Callback::from(move |event: KeyboardEvent| {
            event.stop_propagation();
            if let Some(list) = list.cast::<HtmlElement>() {
                on_key(&event, &list, &onclose);
            }
        })
    };
    // The finger that opened it may lie on an entry: lifting it is no press.
    let is_pressed = use_mut_ref(|| false);
    if props.at.is_none() {
        is_pressed.replace(false);
    }
    let onpointerdown = {
        let is_pressed = is_pressed.clone();
        Callback::from(move |_: PointerEvent| {
            is_pressed.replace(true);
        })
    };
    let means_it = {
        let by_finger = props.by_finger;
        Callback::from(move |event: MouseEvent| {
            // Keys press too, without a pointer and without a count of presses.
            !by_finger || event.detail() == 0 || *is_pressed.borrow()
        })
    };
    let items = props
        .choices
        .iter()
        .map(|choice| item(choice, props, &means_it));
    let popover = if props.by_finger { "manual" } else { "auto" };
    html! {
        <div ref={list.clone()} class="menu" {popover} role="menu" aria-label={props.label.clone()} {ontoggle} {onkeydown} {onpointerdown}>
            { for items }
        </div>
    }
}

/// A press beside a menu that the browser does not look after closes it.
#[hook]
fn use_presses_outside(is_on: bool, list: &NodeRef, onclose: &Callback<()>) {
    let (list, onclose) = (list.clone(), onclose.clone());
    use_effect_with(is_on, move |&is_on| {
        let document = web_sys::window().and_then(|window| window.document());
        let listener = document.filter(|_| is_on).map(|document| {
            dom::listen_active(&document, "pointerdown", move |event| {
                let list = list.cast::<HtmlElement>();
                let path = event.composed_path();
                let is_inside = list.is_some_and(|list| path.includes(&list, 0));
                if !is_inside {
                    onclose.emit(());
                }
            })
        });
        move || drop(listener)
    });
}

fn item(choice: &Choice, props: &ContextMenuProps, means_it: &Callback<MouseEvent, bool>) -> Html {
    let onclick = {
        let (id, means_it, onchoose, onclose) = (
            choice.id.clone(),
            means_it.clone(),
            props.onchoose.clone(),
            props.onclose.clone(),
        );
        let enabled = choice.disabled.is_none();
        Callback::from(move |event: MouseEvent| {
            if enabled && means_it.emit(event) {
                // What was chosen comes first: whoever closes the menu forgets what it was about.
                onchoose.emit(id.clone());
                onclose.emit(());
            }
        })
    };
    html! {
        <button
            key={&*choice.id} class={classes!("menu-item", (choice.tone == Tone::Error).then_some("menu-danger"))}
            type="button" role="menuitem" tabindex="-1"
            title={choice.disabled.clone().map(AttrValue::from)}
            aria-disabled={choice.disabled.is_some().then_some("true")}
            {onclick}
        >{ &*choice.label }</button>
    }
}

fn open(list: &HtmlElement, at: Point) {
    // Refused only for an element that has left the page.
    let _ = list.show_popover();
    let own = list.get_bounding_client_rect();
    let (width, height) = dom::window_size();
    let left = at.x.min(width - own.width() - 8.0).max(8.0);
    let top = at.y.min(height - own.height() - 8.0).max(8.0);
    dom::set_variable(list, "--menu-left", &format!("{left}px"));
    dom::set_variable(list, "--menu-top", &format!("{top}px"));
    focus_item(list, 0);
}

/// Keys inside a menu: arrows go round, Escape and Tab close it.
pub(super) fn on_key(event: &KeyboardEvent, list: &HtmlElement, onclose: &Callback<()>) {
    let count = list.children().length();
    let target = event.target_dyn_into::<HtmlElement>();
    let at = (0..count).find(|&index| {
        list.children().item(index).as_ref() == target.as_ref().map(|target| target.as_ref())
    });
    let next = match (event.key().as_str(), at) {
        ("ArrowDown", Some(at)) => (at + 1) % count.max(1),
        ("ArrowUp", Some(at)) => at.checked_sub(1).unwrap_or(count.saturating_sub(1)),
        ("ArrowDown" | "Home", _) => 0,
        ("ArrowUp" | "End", _) => count.saturating_sub(1),
        ("Escape" | "Tab", _) => {
            event.prevent_default();
            onclose.emit(());
            return;
        }
        _ => return,
    };
    event.prevent_default();
    focus_item(list, next);
}

/// Gives the focus to an item.
pub(super) fn focus_item(list: &HtmlElement, index: u32) {
    let item = list
        .children()
        .item(index)
        .and_then(|item| item.dyn_into::<HtmlElement>().ok());
    if let Some(item) = item {
        // An item that left the page needs no focus.
        let _ = item.focus();
    }
}
