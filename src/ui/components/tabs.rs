//! Tabs as the ARIA practices draw them: one tab stop, arrows move, the panel is named by its tab.

use web_sys::HtmlElement;
use yew::prelude::*;

/// One tab.
#[derive(Clone, Debug, PartialEq)]
pub struct Tab {
    pub id: AttrValue,
    pub label: AttrValue,
    /// A number beside the words.
    pub count: Option<u64>,
}

impl Tab {
    /// A tab with its words.
    pub fn new(id: impl Into<AttrValue>, label: impl Into<AttrValue>) -> Tab {
        Tab {
            id: id.into(),
            label: label.into(),
            count: None,
        }
    }
}

#[derive(Properties, PartialEq)]
pub struct TabsProps {
    /// What the tabs are about, for readers.
    pub label: AttrValue,
    /// Begins the ids of tabs and panels; give the same to each [`TabPanel`].
    pub prefix: AttrValue,
    pub tabs: Vec<Tab>,
    pub selected: AttrValue,
    pub onselect: Callback<AttrValue>,
}

/// The row of tabs.
#[component]
pub fn Tabs(props: &TabsProps) -> Html {
    let list = use_node_ref();
    let onkeydown = {
        let (tabs, selected) = (props.tabs.clone(), props.selected.clone());
        let (onselect, list) = (props.onselect.clone(), list.clone());
        Callback::from(move |event: KeyboardEvent| {
            let at = tabs.iter().position(|tab| tab.id == selected).unwrap_or(0);
            let Some(next) = moved(&event.key(), at, tabs.len()) else {
                return;
            };
            event.prevent_default();
            focus_child(&list, next);
            if let Some(tab) = tabs.get(next) {
                onselect.emit(tab.id.clone());
            }
        })
    };
    let tabs = props.tabs.iter().map(|tab| {
        let selected = tab.id == props.selected;
        let onclick = {
            let (onselect, id) = (props.onselect.clone(), tab.id.clone());
            Callback::from(move |_| onselect.emit(id.clone()))
        };
        html! {
            <button
                key={tab.id.as_str()} class="tab" type="button" role="tab"
                id={tab_id(&props.prefix, &tab.id)} aria-controls={panel_id(&props.prefix, &tab.id)}
                aria-selected={if selected { "true" } else { "false" }}
                tabindex={if selected { "0" } else { "-1" }}
                {onclick}
            >
                { &tab.label }
                if let Some(count) = tab.count { <span class="tab-count">{ count }</span> }
            </button>
        }
    });
    html! {
        <div ref={list.clone()} class="tabs" role="tablist" aria-label={props.label.clone()} {onkeydown}>{ for tabs }</div>
    }
}

#[derive(Properties, PartialEq)]
pub struct TabPanelProps {
    pub prefix: AttrValue,
    /// The id of its tab.
    pub tab: AttrValue,
    #[prop_or_default]
    pub children: Html,
}

/// What the selected tab shows.
#[component]
pub fn TabPanel(props: &TabPanelProps) -> Html {
    html! {
        <div
            class="tab-panel" role="tabpanel" tabindex="0"
            id={panel_id(&props.prefix, &props.tab)} aria-labelledby={tab_id(&props.prefix, &props.tab)}
        >{ props.children.clone() }</div>
    }
}

fn tab_id(prefix: &AttrValue, tab: &AttrValue) -> AttrValue {
    AttrValue::from(format!("{prefix}-tab-{tab}"))
}

fn panel_id(prefix: &AttrValue, tab: &AttrValue) -> AttrValue {
    AttrValue::from(format!("{prefix}-panel-{tab}"))
}

/// The tab a key leads to from `at` of `count`.
fn moved(key: &str, at: usize, count: usize) -> Option<usize> {
    let last = count.checked_sub(1)?;
    match key {
        "ArrowRight" | "ArrowDown" => Some(if at >= last { 0 } else { at + 1 }),
        "ArrowLeft" | "ArrowUp" => Some(at.checked_sub(1).unwrap_or(last)),
        "Home" => Some(0),
        "End" => Some(last),
        _ => None,
    }
}

fn focus_child(list: &NodeRef, index: usize) {
    let child = list
        .cast::<HtmlElement>()
        .and_then(|list| list.children().item(index as u32));
    if let Some(tab) =
        child.and_then(|child| wasm_bindgen::JsCast::dyn_into::<HtmlElement>(child).ok())
    {
        // A tab that left the page in this very moment needs no focus.
        let _ = tab.focus();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrows_go_round() {
        assert_eq!(moved("ArrowRight", 2, 3), Some(0));
        assert_eq!(moved("ArrowLeft", 0, 3), Some(2));
        assert_eq!(moved("End", 0, 3), Some(2));
        assert_eq!(moved("a", 0, 3), None);
        assert_eq!(moved("End", 0, 0), None);
    }
}
