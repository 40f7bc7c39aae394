//! The whole page mounted: it draws the first scenario, steps it, says what is wrong, and survives a panic.

use mq_playground::ui::app::App;
use mq_playground::ui::panic_card;
use mq_playground::ui::text::Lang;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{Element, HtmlElement, HtmlTextAreaElement};
use yew::prelude::*;

use crate::mount::{mount, page, settle};

#[wasm_bindgen_test]
async fn the_page_begins_with_the_first_scenario_and_a_step_is_told_in_the_log() {
    let mounted = page(html! { <App /> }).await;
    let side = mounted.text(".side");
    assert!(side.contains("Hello, nobody"), "{side}");
    for _ in 0..4 {
        mounted.press(".bar-play button:nth-of-type(4)").await;
    }
    settle().await;
    let log = mounted.text(".log-lines");
    assert!(
        log.contains("Exchange logs declared, type fanout."),
        "{log}"
    );
    let time = mounted
        .find::<Element>(".page")
        .get_attribute("data-sim-time");
    assert!(time.is_some_and(|time| time != "0"));
}

#[wasm_bindgen_test]
async fn two_pages_are_two_worlds() {
    let first = page(html! { <App scenario="empty" /> }).await;
    let second = page(html! { <App scenario="empty" lang={Lang::Zh} /> }).await;
    first.press(".palette-button:nth-of-type(3)").await;
    first.press(".side .button-primary").await;
    settle().await;
    assert!(first.text(".log-lines").contains("Queue amq.gen-"));
    assert!(!second.text(".log-lines").contains("amq.gen-"));
    assert!(second.text(".palette").contains("队列 Queue"));
}

#[wasm_bindgen_test]
async fn an_exchange_without_a_name_is_not_sent_and_the_form_says_why() {
    let mounted = page(html! { <App scenario="empty" /> }).await;
    mounted.press(".palette-button:nth-of-type(2)").await;
    mounted.press(".side .button-primary").await;
    settle().await;
    let side = mounted.text(".side");
    assert!(side.contains("Give it a name."), "{side}");
    assert!(side.contains("Not sent: mend the marked field first."));
}

#[wasm_bindgen_test]
async fn a_panic_leaves_a_card_with_the_run_and_never_markup() {
    let mounted = mount(html! { <p>{ "before" }</p> }).await;
    let message = "panicked at <b>here</b>";
    panic_card::show(&mounted.element, message, "1: Queue declared", Lang::En);
    assert!(mounted.text(".panic").contains("The playground stopped"));
    let report = mounted
        .find::<HtmlTextAreaElement>(".panic textarea")
        .value();
    assert!(report.contains(message) && report.contains("1: Queue declared"));
    assert!(
        mounted
            .element
            .query_selector(".panic b")
            .is_ok_and(|b| b.is_none())
    );
    assert!(
        mounted
            .find::<HtmlElement>(".panic button")
            .inner_text()
            .contains("Copy")
    );
}
