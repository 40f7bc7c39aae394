//! One of several.

use web_sys::HtmlSelectElement;
use yew::prelude::*;

use crate::ui::components::field::{FieldIds, field};
use crate::ui::components::help::Note;
use crate::ui::components::use_id;

/// One of several.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice {
    pub value: AttrValue,
    pub label: AttrValue,
}

impl Choice {
    /// A choice and its words.
    pub fn new(value: impl Into<AttrValue>, label: impl Into<AttrValue>) -> Choice {
        Choice {
            value: value.into(),
            label: label.into(),
        }
    }
}

#[derive(Properties, PartialEq)]
pub struct SelectProps {
    pub label: AttrValue,
    pub choices: Vec<Choice>,
    pub selected: AttrValue,
    pub onselect: Callback<AttrValue>,
    #[prop_or_default]
    pub help: Option<AttrValue>,
    /// An example and a page that says more, after the help.
    #[prop_or_default]
    pub note: Option<Note>,
    #[prop_or_default]
    pub error: Option<AttrValue>,
    #[prop_or_default]
    pub disabled: bool,
    /// The label is only for readers.
    #[prop_or_default]
    pub bare: bool,
}

/// A native list of choices.
#[component]
pub fn Select(props: &SelectProps) -> Html {
    let id = use_id();
    let ids = FieldIds::new(&id);
    let onchange = {
        let onselect = props.onselect.clone();
        Callback::from(move |event: Event| {
            if let Some(select) = event.target_dyn_into::<HtmlSelectElement>() {
                onselect.emit(AttrValue::from(select.value()));
            }
        })
    };
    let options = props.choices.iter().map(|choice| {
        html! {
            <option
                key={choice.value.as_str()}
                value={choice.value.clone()}
                selected={choice.value == props.selected}
            >{ &choice.label }</option>
        }
    });
    let control = html! {
        <select
            id={ids.control.clone()}
            disabled={props.disabled}
            aria-label={props.bare.then(|| props.label.clone())}
            aria-invalid={props.error.is_some().then_some("true")}
            aria-describedby={ids.described_by(props.help.as_ref(), props.error.as_ref())}
            {onchange}
        >{ for options }</select>
    };
    if props.bare {
        return control;
    }
    field(
        &ids,
        &props.label,
        (props.help.as_ref(), props.note.as_ref()),
        props.error.as_ref(),
        control,
    )
}
