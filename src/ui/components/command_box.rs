//! A box in which everything that has a name is found by typing and done by Enter.

use gloo_timers::callback::Timeout;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, HtmlInputElement};
use yew::prelude::*;

use crate::ordered::sort_by_key;
use crate::ui::components::dialog::Dialog;
use crate::ui::components::fuzzy::fit;
use crate::ui::components::use_id;
use crate::ui::dom;
use crate::ui::shared::Shared;

/// At most so many are shown; more letters find the rest.
const SHOWN: usize = 50;

/// Something that can be done.
#[derive(Clone, Debug, PartialEq)]
pub struct Command {
    pub label: AttrValue,
    /// Other words by which it is found: its name in another language.
    pub also: AttrValue,
    /// What kind of thing it is, at the right.
    pub group: AttrValue,
    /// Keys that do the same.
    pub keys: AttrValue,
}

#[derive(Properties, PartialEq)]
pub struct CommandBoxProps {
    pub open: bool,
    pub title: AttrValue,
    pub close_label: AttrValue,
    pub placeholder: AttrValue,
    pub none: AttrValue,
    pub commands: Shared<Vec<Command>>,
    /// Gets the place of what was chosen, once the box is closed and the focus is back.
    pub onrun: Callback<usize>,
    pub onclose: Callback<()>,
}

/// The box.
#[component]
pub fn CommandBox(props: &CommandBoxProps) -> Html {
    html! {
        <Dialog open={props.open} title={props.title.clone()} close_label={props.close_label.clone()} onclose={props.onclose.clone()}>
            if props.open {
                <Search
                    title={props.title.clone()} placeholder={props.placeholder.clone()} none={props.none.clone()}
                    commands={props.commands.clone()} onrun={props.onrun.clone()} onclose={props.onclose.clone()}
                />
            }
        </Dialog>
    }
}

#[derive(Properties, PartialEq)]
struct SearchProps {
    title: AttrValue,
    placeholder: AttrValue,
    none: AttrValue,
    commands: Shared<Vec<Command>>,
    onrun: Callback<usize>,
    onclose: Callback<()>,
}

/// What is typed and what it finds; new each time the box opens.
#[component]
fn Search(props: &SearchProps) -> Html {
    let id = use_id();
    let (typed, at) = (use_state(String::new), use_state(|| 0_usize));
    let list = use_node_ref();
    let texts = use_memo(props.commands.clone(), |commands| search_texts(commands));
    let found = {
        let key = (props.commands.clone(), (*typed).clone());
        use_memo(key, |(_, typed)| find(&texts, typed))
    };
    {
        let list = list.clone();
        use_effect_with(*at, move |at| scroll_to(&list, *at));
    }
    let run = {
        let (onrun, onclose) = (props.onrun.clone(), props.onclose.clone());
        Callback::from(move |index: usize| {
            onclose.emit(());
            // The closing dialog gives the focus back; what is done next may want it.
            let onrun = onrun.clone();
            Timeout::new(0, move || onrun.emit(index)).forget();
        })
    };
    // The field keeps its own text: writing it back would break the composition of Chinese words.
    let oninput = {
        let (typed, at) = (typed.clone(), at.clone());
        Callback::from(move |event: InputEvent| {
            let input = event.target_dyn_into::<HtmlInputElement>();
            typed.set(
                input
                    .map(|input| input.value().to_lowercase())
                    .unwrap_or_default(),
            );
            at.set(0);
        })
    };
    let onkeydown = {
        let (at, found, run) = (at.clone(), found.clone(), run.clone());
        Callback::from(move |event: KeyboardEvent| {
            if dom::is_composing(&event) {
                return;
            }
            let last = found.len().saturating_sub(1);
            match event.key().as_str() {
                "ArrowDown" => at.set(if *at >= last { 0 } else { *at + 1 }),
                "ArrowUp" => at.set(at.checked_sub(1).unwrap_or(last)),
                "Home" if event.ctrl_key() => at.set(0),
                "End" if event.ctrl_key() => at.set(last),
                "Enter" => {
                    if let Some(index) = found.get(*at) {
                        run.emit(*index);
                    }
                }
                _ => return,
            }
            event.prevent_default();
            event.stop_propagation();
        })
    };
    let list_id = format!("{id}-list");
    let option_id = |place: usize| format!("{id}-option-{place}");
    let options = found.iter().enumerate().filter_map(|(place, &index)| {
        let command = props.commands.get(index)?;
        let run = run.clone();
        let onclick = Callback::from(move |_: MouseEvent| run.emit(index));
        Some(html! {
            <li
                key={index} id={option_id(place)} class="command" role="option"
                aria-selected={if place == *at { "true" } else { "false" }} {onclick}
            >
                <span class="command-label">{ &command.label }</span>
                <span class="command-group">{ &command.group }</span>
                if !command.keys.is_empty() { <kbd>{ &command.keys }</kbd> }
            </li>
        })
    });
    html! {
        <div class="commands">
            // The dialog gives it the focus when it opens, which is after all in it is drawn.
            <input
                autofocus=true class="input" type="text" role="combobox" autocomplete="off" spellcheck="false"
                aria-label={props.title.clone()} aria-expanded="true" aria-autocomplete="list" aria-controls={list_id.clone()}
                aria-activedescendant={(!found.is_empty()).then(|| option_id(*at))}
                placeholder={props.placeholder.clone()} {oninput} {onkeydown}
            />
            <ul ref={list} id={list_id} class="command-list" role="listbox" aria-label={props.title.clone()}>{ for options }</ul>
            if found.is_empty() { <p class="muted" role="status">{ &props.none }</p> }
        </div>
    }
}

/// The words by which each is found.
fn search_texts(commands: &[Command]) -> Vec<String> {
    let text = |command: &Command| {
        format!("{} {} {}", command.label, command.also, command.group).to_lowercase()
    };
    commands.iter().map(text).collect()
}

/// The places of the commands that fit, the best first.
fn find(texts: &[String], typed: &str) -> Vec<usize> {
    let mut found: Vec<(i32, usize)> = texts
        .iter()
        .enumerate()
        .filter_map(|(index, text)| Some((-fit(typed, text)?, index)))
        .collect();
    sort_by_key(&mut found, |(score, index)| (*score, *index));
    found.truncate(SHOWN);
    found.into_iter().map(|(_, index)| index).collect()
}

fn scroll_to(list: &NodeRef, at: usize) {
    let option = list
        .cast::<HtmlElement>()
        .and_then(|list| list.children().item(u32::try_from(at).unwrap_or(0)))
        .and_then(|option| option.dyn_into::<HtmlElement>().ok());
    if let (Some(option), Some(list)) = (option, list.cast::<HtmlElement>()) {
        let top = option.offset_top() - list.offset_top();
        let bottom = top + option.offset_height();
        if top < list.scroll_top() {
            list.set_scroll_top(top);
        } else if bottom > list.scroll_top() + list.client_height() {
            list.set_scroll_top(bottom - list.client_height());
        }
    }
}
