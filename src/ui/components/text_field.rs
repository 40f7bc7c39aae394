//! Fields in which one types. What is typed stays the person's until it is committed: on change, blur or Enter.

use web_sys::{HtmlInputElement, HtmlTextAreaElement};
use yew::prelude::*;

use crate::ui::components::field::{FieldIds, field};
use crate::ui::components::help::Note;
use crate::ui::components::use_id;
use crate::ui::dom;

/// What kind of text it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TextInput {
    #[default]
    Line,
    /// A name or key, in monospace.
    Code,
    /// A whole number; the phone shows digits.
    Number,
    /// Several lines, in monospace.
    Area,
    /// A line to search by: commits while typing.
    Search,
}

#[derive(Properties, PartialEq)]
pub struct TextFieldProps {
    pub label: AttrValue,
    pub value: AttrValue,
    /// Gets the raw text when it is committed.
    pub oncommit: Callback<AttrValue>,
    /// Gets the raw text at every stroke, for what is shown live and stored nowhere.
    #[prop_or_default]
    pub ontype: Option<Callback<AttrValue>>,
    #[prop_or_default]
    pub input: TextInput,
    #[prop_or_default]
    pub help: Option<AttrValue>,
    /// An example and a page that says more, after the help.
    #[prop_or_default]
    pub note: Option<Note>,
    #[prop_or_default]
    pub error: Option<AttrValue>,
    #[prop_or_default]
    pub placeholder: Option<AttrValue>,
    /// Words it offers.
    #[prop_or_default]
    pub suggestions: Vec<AttrValue>,
    #[prop_or_default]
    pub disabled: bool,
    #[prop_or_default]
    pub read_only: bool,
    /// The label is only for readers.
    #[prop_or_default]
    pub bare: bool,
    /// To focus it from outside.
    #[prop_or_default]
    pub node_ref: NodeRef,
}

/// A field in which one types.
#[component]
pub fn TextField(props: &TextFieldProps) -> Html {
    let id = use_id();
    let ids = FieldIds::new(&id);
    // Raw text lives here, not in the store: a store that trims would break the composition of Chinese words.
    let typed = use_state(|| None::<AttrValue>);
    {
        let typed = typed.clone();
        use_effect_with(props.value.clone(), move |_| typed.set(None));
    }
    let shown = (*typed).clone().unwrap_or_else(|| props.value.clone());
    let oninput = {
        let (typed, ontype) = (typed.clone(), props.ontype.clone());
        let live = (props.input == TextInput::Search).then(|| props.oncommit.clone());
        Callback::from(move |event: InputEvent| {
            let text = typed_text(&event);
            typed.set(Some(text.clone()));
            if let Some(live) = live.as_ref().filter(|_| !event.is_composing()) {
                live.emit(text.clone());
            }
            if let Some(ontype) = &ontype {
                ontype.emit(text);
            }
        })
    };
    let onchange = props.oncommit.reform(|event: Event| typed_text(&event));
    let onkeydown = {
        let (oncommit, shown) = (props.oncommit.clone(), shown.clone());
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Enter" && !dom::is_composing(&event) {
                oncommit.emit(shown.clone());
            } else if event.key() == "Enter" {
                // This Enter ends a composition; it must not send the form.
                event.prevent_default();
            }
        })
    };
    let control = control(props, &ids, &shown, oninput, onchange, onkeydown);
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

fn control(
    props: &TextFieldProps,
    ids: &FieldIds,
    shown: &AttrValue,
    oninput: Callback<InputEvent>,
    onchange: Callback<Event>,
    onkeydown: Callback<KeyboardEvent>,
) -> Html {
    let described_by = ids.described_by(props.help.as_ref(), props.error.as_ref());
    let invalid = props.error.is_some().then_some("true");
    let label = props.bare.then(|| props.label.clone());
    let (class, kind, mode) = match props.input {
        TextInput::Line => ("input", "text", None),
        TextInput::Code => ("input code", "text", None),
        TextInput::Number => ("input code", "text", Some("numeric")),
        TextInput::Search => ("input", "search", None),
        TextInput::Area => {
            return html! {
                <textarea
                    ref={props.node_ref.clone()} id={ids.control.clone()} class="input code" rows="4" spellcheck="false"
                    value={shown.clone()} placeholder={props.placeholder.clone()}
                    disabled={props.disabled} readonly={props.read_only}
                    aria-label={label} aria-invalid={invalid} aria-describedby={described_by}
                    {oninput} {onchange}
                />
            };
        }
    };
    let list =
        (!props.suggestions.is_empty()).then(|| AttrValue::from(format!("{}-list", ids.control)));
    html! {
        <>
            <input
                ref={props.node_ref.clone()} id={ids.control.clone()} {class} type={kind} inputmode={mode}
                value={shown.clone()} placeholder={props.placeholder.clone()}
                disabled={props.disabled} readonly={props.read_only}
                autocomplete="off" autocapitalize="off" spellcheck="false" list={list.clone()}
                aria-label={label} aria-invalid={invalid} aria-describedby={described_by}
                {oninput} {onchange} {onkeydown}
            />
            if let Some(list) = list {
                <datalist id={list}>
                    { for props.suggestions.iter().map(|word| html! { <option key={word.as_str()} value={word.clone()} /> }) }
                </datalist>
            }
        </>
    }
}

/// The raw text of the field an event comes from.
fn typed_text(event: &Event) -> AttrValue {
    let text = event
        .target_dyn_into::<HtmlInputElement>()
        .map(|input| input.value())
        .or_else(|| {
            event
                .target_dyn_into::<HtmlTextAreaElement>()
                .map(|area| area.value())
        });
    AttrValue::from(text.unwrap_or_default())
}
