//! The button that asks the page around for the share dialog: that is made of the public API, and fetched only then.

use web_sys::{Event, EventInit, HtmlElement};
use yew::prelude::*;

use crate::ui::components::{Icon, IconButton};

#[derive(Properties, PartialEq)]
pub struct ShareButtonProps {
    pub label: AttrValue,
}

/// Asks by the event `mq-share`, which does not leave the shadow root.
#[component]
pub fn ShareButton(props: &ShareButtonProps) -> Html {
    let place = use_node_ref();
    let onclick = {
        let place = place.clone();
        Callback::from(move |_: MouseEvent| {
            let init = EventInit::new();
            init.set_bubbles(true);
            let event = Event::new_with_event_init_dict("mq-share", &init);
            if let (Some(place), Ok(event)) = (place.cast::<HtmlElement>(), event) {
                // Nobody can refuse it: it is not cancelable.
                let _ = place.dispatch_event(&event);
            }
        })
    };
    html! {
        <span ref={place}><IconButton icon={Icon::Share} label={props.label.clone()} {onclick} /></span>
    }
}
