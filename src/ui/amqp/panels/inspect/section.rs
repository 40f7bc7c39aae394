//! A section of a panel: it folds, and the page remembers how it was left.

use yew::prelude::*;

use crate::ui::amqp::page::use_page;
use crate::ui::components::Fold;

#[derive(Properties, PartialEq)]
pub struct SectionProps {
    /// Under which name it is remembered: `queue.get`.
    pub id: &'static str,
    pub title: AttrValue,
    #[prop_or_default]
    pub count: Option<u64>,
    /// Whether it is open for one who never touched it.
    #[prop_or_default]
    pub open: bool,
    #[prop_or_default]
    pub children: Html,
}

/// A section of a panel.
#[component]
pub fn Section(props: &SectionProps) -> Html {
    let page = use_page();
    let open = page.folds.is_open(props.id).unwrap_or(props.open);
    let ontoggle = {
        let (folds, id) = (page.folds.clone(), props.id);
        Callback::from(move |open: bool| folds.remember(id, open))
    };
    let place = use_node_ref();
    {
        let (place, folds, id) = (place.clone(), page.folds.clone(), props.id);
        use_effect_with((), move |()| {
            if folds.is_wanted(id)
                && let Some(place) = place.cast::<web_sys::Element>()
            {
                place.scroll_into_view();
            }
        });
    }
    html! { <div ref={place}><Fold title={props.title.clone()} count={props.count} {open} {ontoggle}>{ props.children.clone() }</Fold></div> }
}
