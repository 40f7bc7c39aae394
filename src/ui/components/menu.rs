//! A button that opens a list of choices: the browser's popover, placed under its button.

use wasm_bindgen::JsCast;
use web_sys::HtmlElement;
use yew::prelude::*;

use crate::ui::canvas::scene::{Choice, Text, Tone};
use crate::ui::components::icon::{Icon, IconView};
use crate::ui::components::use_id;
use crate::ui::dom;

#[derive(Properties, PartialEq)]
pub struct MenuProps {
    /// The name of the button.
    pub label: AttrValue,
    pub choices: Vec<Choice>,
    /// Gets the id of what was chosen.
    pub onchoose: Callback<Text>,
    /// Shown instead of the words.
    #[prop_or_default]
    pub icon: Option<Icon>,
}

/// A button with a menu.
#[component]
pub fn Menu(props: &MenuProps) -> Html {
    let (button, list) = (use_node_ref(), use_node_ref());
    let id = use_id();
    let onclick = {
        let (button, list) = (button.clone(), list.clone());
        Callback::from(move |_: MouseEvent| {
            let (Some(button), Some(list)) =
                (button.cast::<HtmlElement>(), list.cast::<HtmlElement>())
            else {
                return;
            };
            if list.toggle_popover() == Ok(true) {
                place(&button, &list);
                focus_item(&list, 0);
            }
        })
    };
    let onkeydown = {
        let (button, list) = (button.clone(), list.clone());
        Callback::from(move |event: KeyboardEvent| {
            if let Some(list) = list.cast::<HtmlElement>() {
                on_key(&event, &list, &button);
            }
        })
    };
    let items = props
        .choices
        .iter()
        .map(|choice| item(choice, &props.onchoose, &list));
    html! {
        <>
            <button
                ref={button} class={classes!("button", props.icon.map_or("button-plain", |_| "button-icon"))}
                type="button" aria-haspopup="menu" aria-controls={id.clone()}
                aria-label={props.icon.map(|_| props.label.clone())} title={props.icon.map(|_| props.label.clone())}
                {onclick}
            >
                if let Some(icon) = props.icon {
                    <IconView {icon} />
                } else {
                    { &props.label }<IconView icon={Icon::ChevronDown} />
                }
            </button>
            <div ref={list.clone()} {id} class="menu" popover="auto" role="menu" aria-label={props.label.clone()} {onkeydown}>
                { for items }
            </div>
        </>
    }
}

fn item(choice: &Choice, onchoose: &Callback<Text>, list: &NodeRef) -> Html {
    let onclick = {
        let (id, onchoose, list) = (choice.id.clone(), onchoose.clone(), list.clone());
        let enabled = choice.disabled.is_none();
        Callback::from(move |_: MouseEvent| {
            if !enabled {
                return;
            }
            if let Some(list) = list.cast::<HtmlElement>() {
                // It may have been closed by the same press.
                let _ = list.hide_popover();
            }
            onchoose.emit(id.clone());
        })
    };
    let danger = choice.tone == Tone::Error;
    html! {
        <button
            key={&*choice.id} class={classes!("menu-item", danger.then_some("menu-danger"))}
            type="button" role="menuitem" tabindex="-1"
            title={choice.disabled.clone().map(AttrValue::from)}
            aria-disabled={choice.disabled.is_some().then_some("true")}
            {onclick}
        >{ &*choice.label }</button>
    }
}

/// Puts the list under its button, and inside the window.
fn place(button: &HtmlElement, list: &HtmlElement) {
    let under = button.get_bounding_client_rect();
    let own = list.get_bounding_client_rect();
    let window = web_sys::window();
    let width = window
        .as_ref()
        .and_then(|window| window.inner_width().ok())
        .and_then(|width| width.as_f64())
        .unwrap_or(f64::INFINITY);
    let height = window
        .and_then(|window| window.inner_height().ok())
        .and_then(|height| height.as_f64())
        .unwrap_or(f64::INFINITY);
    let left = under.left().min(width - own.width() - 8.0).max(8.0);
    let below = under.bottom() + 4.0;
    let top = if below + own.height() > height {
        (under.top() - own.height() - 4.0).max(8.0)
    } else {
        below
    };
    dom::set_variable(list, "--menu-left", &format!("{left}px"));
    dom::set_variable(list, "--menu-top", &format!("{top}px"));
}

fn on_key(event: &KeyboardEvent, list: &HtmlElement, button: &NodeRef) {
    let count = list.children().length();
    let target = event.target_dyn_into::<HtmlElement>();
    let at = (0..count).find(|&index| {
        list.children().item(index).as_ref() == target.as_ref().map(|target| target.as_ref())
    });
    let next = match (event.key().as_str(), at) {
        ("ArrowDown", Some(at)) => (at + 1) % count.max(1),
        ("ArrowUp", Some(at)) => at.checked_sub(1).unwrap_or(count.saturating_sub(1)),
        ("Home", _) => 0,
        ("End", _) => count.saturating_sub(1),
        ("Escape" | "Tab", _) => {
            event.stop_propagation();
            // Escape closes a popover by itself; hiding it here gives the focus back in every browser.
            let _ = list.hide_popover();
            if let Some(button) = button.cast::<HtmlElement>() {
                let _ = button.focus();
            }
            return;
        }
        _ => return,
    };
    event.prevent_default();
    focus_item(list, next);
}

fn focus_item(list: &HtmlElement, index: u32) {
    let item = list
        .children()
        .item(index)
        .and_then(|item| item.dyn_into::<HtmlElement>().ok());
    if let Some(item) = item {
        // An item that left the page needs no focus.
        let _ = item.focus();
    }
}
