//! The parts every panel is built from, pressed and typed into.

use mq_playground::ui::components::{Button, Dialog, TextField};
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{Event, EventInit, HtmlDialogElement, HtmlInputElement};
use yew::prelude::*;

use crate::mount::{Heard, mount};

#[wasm_bindgen_test]
async fn a_button_that_cannot_be_pressed_says_why_and_does_nothing() {
    let heard = Heard::new();
    let onclick = heard.callback().reform(|_: MouseEvent| "pressed");
    let able = mount(html! { <Button label="Publish" onclick={onclick.clone()} /> }).await;
    able.press("button").await;
    assert_eq!(heard.all(), ["pressed"]);

    let why = AttrValue::from("The queue is gone");
    let unable = mount(html! { <Button label="Publish" {onclick} disabled={why} /> }).await;
    unable.press("button").await;
    assert_eq!(heard.all(), ["pressed"]);
    let button = unable.find::<web_sys::Element>("button");
    assert_eq!(
        button.get_attribute("aria-disabled").as_deref(),
        Some("true")
    );
    assert_eq!(
        button.get_attribute("title").as_deref(),
        Some("The queue is gone")
    );
}

#[wasm_bindgen_test]
async fn a_field_commits_what_was_typed_when_it_changes() {
    let heard = Heard::new();
    let oncommit = heard.callback().reform(|text: AttrValue| text.to_string());
    let field = mount(html! { <TextField label="Name" value="" {oncommit} /> }).await;
    let input = field.find::<HtmlInputElement>("input");
    input.set_value("<b>orders</b>");
    dispatch(&input, "input").await;
    assert_eq!(heard.all(), Vec::<String>::new());
    dispatch(&input, "change").await;
    assert_eq!(heard.all(), ["<b>orders</b>"]);
}

#[wasm_bindgen_test]
async fn what_a_person_wrote_appears_as_text_and_never_as_html() {
    let field = mount(html! {
        <TextField label="<img src=x>" value="" oncommit={Callback::noop()} help="<script>alert(1)</script>" />
    })
    .await;
    let html = field
        .element
        .query_selector_all("img, script")
        .expect("well written");
    assert_eq!(html.length(), 0);
    let label = field.find::<web_sys::Element>("label");
    assert_eq!(label.text_content().as_deref(), Some("<img src=x>"));
}

#[wasm_bindgen_test]
async fn escape_asks_the_owner_of_a_dialog_to_close_it() {
    let heard = Heard::new();
    let onclose = heard.callback();
    let shown =
        mount(html! { <Dialog open=true title="Declare a queue" close_label="Close" {onclose} /> })
            .await;
    let dialog = shown.find::<HtmlDialogElement>("dialog");
    assert!(dialog.open());
    // The browser turns Escape into this event.
    dispatch(&dialog, "cancel").await;
    assert_eq!(heard.all().len(), 1);
    assert!(dialog.open(), "only its owner closes it");
}

async fn dispatch(element: &web_sys::EventTarget, name: &str) {
    let options = EventInit::new();
    options.set_bubbles(true);
    options.set_cancelable(true);
    let event =
        Event::new_with_event_init_dict(name, &options).expect("a plain event can always be made");
    element
        .dispatch_event(&event)
        .expect("the element takes events");
    yew::scheduler::flush().await;
}
