//! A box that is ticked or not, with its words and a line of help.

use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::ui::components::help::{Note, help as help_line};
use crate::ui::components::use_id;

#[derive(Properties, PartialEq)]
pub struct CheckboxProps {
    pub label: AttrValue,
    pub checked: bool,
    pub onchange: Callback<bool>,
    #[prop_or_default]
    pub help: Option<AttrValue>,
    /// An example and a page that says more, after the help.
    #[prop_or_default]
    pub note: Option<Note>,
    #[prop_or_default]
    pub disabled: bool,
}

/// A box that is ticked or not.
#[component]
pub fn Checkbox(props: &CheckboxProps) -> Html {
    let help_id = use_id();
    let onchange = props.onchange.reform(|event: Event| {
        event
            .target_dyn_into::<HtmlInputElement>()
            .is_some_and(|input| input.checked())
    });
    html! {
        <div class="field field-check">
            <label>
                <input
                    type="checkbox"
                    checked={props.checked}
                    disabled={props.disabled}
                    aria-describedby={props.help.is_some().then(|| help_id.clone())}
                    {onchange}
                />
                <span>{ &props.label }</span>
            </label>
            if let Some(help) = &props.help { { help_line(Some(help_id), help, props.note.as_ref()) } }
        </div>
    }
}
