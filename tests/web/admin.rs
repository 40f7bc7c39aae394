//! The dock with its tabs, the frames and the Admin panel, mounted as parts of the page.

use mq_playground::ui::app::App;
use mq_playground::ui::text::Lang;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::Element;
use yew::prelude::*;

use crate::mount::{page, settle};

#[wasm_bindgen_test]
async fn the_frames_of_a_step_are_those_of_the_handshake_and_the_declare() {
    let mounted = page(html! { <App scenario="empty" /> }).await;
    mounted.press(".palette-button:nth-of-type(3)").await;
    mounted.press(".side .button-primary").await;
    settle().await;
    mounted.press("#dock-tab-frames").await;
    settle().await;
    let frames = mounted.text(".frames");
    for words in [
        "connection.start (10, 10)",
        "connection.open-ok (10, 41)",
        "queue.declare (50, 10)",
        "queue.declare-ok (50, 11) queue=\"amq.gen-",
    ] {
        assert!(frames.contains(words), "{words} is not in {frames}");
    }
    mounted.press(".dock-head > .button-icon").await;
    settle().await;
    let is_there = mounted.element.query_selector(".frames");
    assert!(is_there.is_ok_and(|frames| frames.is_none()));
}

#[wasm_bindgen_test]
async fn the_admin_panel_switches_the_alarm_and_asks_before_the_version_changes() {
    let mounted = page(html! { <App scenario="empty" lang={Lang::Zh} /> }).await;
    let buttons = mounted
        .element
        .query_selector_all(".bar button")
        .expect("the selector is well written");
    let admin = (0..buttons.length())
        .filter_map(|index| buttons.get(index))
        .find(|button| button.text_content().as_deref() == Some("管理 Admin"));
    let admin = admin.expect("the bar has the way to the panel");
    wasm_bindgen::JsCast::unchecked_ref::<web_sys::HtmlElement>(&admin).click();
    settle().await;
    mounted.press(".admin input[type=checkbox]").await;
    settle().await;
    assert!(mounted.text(".log-lines").contains("内存"));
    let alarm = mounted.find::<Element>(".bar-alarm");
    assert_eq!(
        alarm.get_attribute("aria-label").as_deref(),
        Some("内存告警")
    );
    assert!(mounted.text(".admin").contains("被阻塞的连接"));
}
