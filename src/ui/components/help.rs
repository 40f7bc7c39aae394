//! Help where one is: one sentence about an option, an example, and the page that says more.

use yew::prelude::*;

/// What a line of help has besides its sentence.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Note {
    /// The word before the example.
    pub example_label: AttrValue,
    /// Something one could type; nothing is shown for an empty one.
    pub example: AttrValue,
    /// The address that says more; nothing is shown for an empty one.
    pub link: AttrValue,
    /// The words of the link.
    pub link_label: AttrValue,
}

#[derive(Properties, PartialEq)]
pub struct HelpProps {
    /// So that a control can be described by it.
    #[prop_or_default]
    pub id: Option<AttrValue>,
    /// The sentence.
    pub text: AttrValue,
    #[prop_or_default]
    pub note: Option<Note>,
}

/// A line of help below a field.
#[component]
pub fn Help(props: &HelpProps) -> Html {
    help(props.id.clone(), &props.text, props.note.as_ref())
}

/// The same as a piece of another component.
pub(super) fn help(id: Option<AttrValue>, text: &AttrValue, note: Option<&Note>) -> Html {
    html! { <p {id} class="field-help">{ text }{ for note.map(note_html) }</p> }
}

fn note_html(note: &Note) -> Html {
    html! {
        <>
            if !note.example.is_empty() { <span>{ " " }{ &note.example_label }{ " " }<code>{ &note.example }</code></span> }
            if !note.link.is_empty() {
                { " " }
                <a class="help-link" href={note.link.clone()} target="_blank" rel="noopener noreferrer">{ &note.link_label }</a>
            }
        </>
    }
}
