//! A button that opens a list of choices: the browser's popover, placed under its button.

use web_sys::HtmlElement;
use yew::prelude::*;

use crate::ui::canvas::scene::{Choice, Text, Tone};
use crate::ui::components::context_menu;
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
                context_menu::focus_item(&list, 0);
            }
        })
    };
    let onkeydown = {
        let (button, list) = (button.clone(), list.clone());
        Callback::from(move |event: KeyboardEvent| {
            let Some(open) = list.cast::<HtmlElement>() else {
                return;
            };
            event.stop_propagation();
            let onclose = {
                let (button, open) = (button.clone(), open.clone());
                Callback::from(move |()| {
                    // It may be closed already; then the focus still belongs to its button.
                    let _ = open.hide_popover();
                    if let Some(button) = button.cast::<HtmlElement>() {
                        let _ = button.focus();
                    }
                })
            };
            context_menu::on_key(&event, &open, &onclose);
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
    let (width, height) = dom::window_size();
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
