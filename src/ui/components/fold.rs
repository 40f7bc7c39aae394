//! A section that folds: the browser's own, so that its heading is a button and readers hear whether it is open.

use web_sys::Element;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct FoldProps {
    pub title: AttrValue,
    /// A number beside the title.
    #[prop_or_default]
    pub count: Option<u64>,
    /// Whether it begins open.
    pub open: bool,
    /// The person opened or folded it.
    #[prop_or_default]
    pub ontoggle: Callback<bool>,
    #[prop_or_default]
    pub children: Html,
}

/// A section that folds; what is inside is there only while it is open.
#[component]
pub fn Fold(props: &FoldProps) -> Html {
    let open = use_state(|| props.open);
    let details = use_node_ref();
    let ontoggle = {
        let (details, open, ontoggle) = (details.clone(), open.clone(), props.ontoggle.clone());
        // Of the section itself, not of one inside it that tells of its own toggling here too.
        Callback::from(move |_: Event| {
            let Some(details) = details.cast::<Element>() else {
                return;
            };
            let now = details.has_attribute("open");
            if now != *open {
                open.set(now);
                ontoggle.emit(now);
            }
        })
    };
    html! {
        <details ref={details} class="section" open={*open} {ontoggle}>
            <summary>
                <h3>
                    { &props.title }
                    if let Some(count) = props.count { { " " }<span class="count">{ count }</span> }
                </h3>
            </summary>
            if *open { <div class="section-body">{ props.children.clone() }</div> }
        </details>
    }
}
