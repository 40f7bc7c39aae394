//! The voice for readers: one polite region that says the latest sentence once things are quiet.

use gloo_timers::callback::Timeout;
use yew::prelude::*;

/// How long it waits for a newer sentence.
const QUIET_MS: u32 = 500;

#[derive(Properties, PartialEq)]
pub struct AnnouncerProps {
    /// The latest sentence.
    pub sentence: AttrValue,
}

/// Says a sentence half a second after it came, unless a newer one came meanwhile.
#[component]
pub fn Announcer(props: &AnnouncerProps) -> Html {
    let said = use_state(AttrValue::default);
    {
        let said = said.clone();
        use_effect_with(props.sentence.clone(), move |sentence| {
            let sentence = sentence.clone();
            let timer = Timeout::new(QUIET_MS, move || said.set(sentence));
            move || drop(timer)
        });
    }
    html! { <div class="visually-hidden" role="status" aria-live="polite">{ &*said }</div> }
}
