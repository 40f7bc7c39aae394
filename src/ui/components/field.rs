//! What surrounds every field: its label above, a line of help or an error below.

use yew::prelude::*;

use crate::ui::components::help::{Note, help as help_line};

/// The ids under which a control finds its label, help and error.
#[derive(Clone, PartialEq)]
pub(super) struct FieldIds {
    pub control: AttrValue,
    pub help: AttrValue,
    pub error: AttrValue,
}

impl FieldIds {
    pub fn new(id: &AttrValue) -> FieldIds {
        FieldIds {
            control: id.clone(),
            help: AttrValue::from(format!("{id}-help")),
            error: AttrValue::from(format!("{id}-error")),
        }
    }

    /// `aria-describedby` of the control: the error first, since it is news.
    pub fn described_by(
        &self,
        help: Option<&AttrValue>,
        error: Option<&AttrValue>,
    ) -> Option<AttrValue> {
        let ids: Vec<&str> = [(error, &self.error), (help, &self.help)]
            .into_iter()
            .filter(|(text, _)| text.is_some())
            .map(|(_, id)| id.as_str())
            .collect();
        (!ids.is_empty()).then(|| AttrValue::from(ids.join(" ")))
    }
}

/// Puts a control between its label and its lines.
pub(super) fn field(
    ids: &FieldIds,
    label: &AttrValue,
    help: (Option<&AttrValue>, Option<&Note>),
    error: Option<&AttrValue>,
    control: Html,
) -> Html {
    html! {
        <div class={classes!("field", error.is_some().then_some("field-wrong"))}>
            <label for={ids.control.clone()}>{ label }</label>
            { control }
            if let Some(error) = error { <p id={ids.error.clone()} class="field-error" role="alert">{ error }</p> }
            if let (Some(text), note) = help { { help_line(Some(ids.help.clone()), text, note) } }
        </div>
    }
}
