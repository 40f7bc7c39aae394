//! The contract with JavaScript: shapes are plain, errors have codes that stay, pages are worlds of their own.

use js_sys::{Array, Function, JSON, Reflect};
use mq_playground::js::{Playground, start};
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::Element;

fn js(json: &str) -> JsValue {
    JSON::parse(json).expect("the test writes JSON")
}

fn text(value: &JsValue, path: &[&str]) -> String {
    let found = path.iter().fold(value.clone(), |value, key| {
        Reflect::get(&value, &(*key).into()).expect("an object has fields")
    });
    match found.as_string() {
        Some(text) => text,
        None => JSON::stringify(&found).map_or_else(|_| "?".to_string(), String::from),
    }
}

fn code(result: Result<JsValue, JsValue>) -> String {
    let error = result.expect_err("this is refused");
    assert_eq!(text(&error, &["name"]), "MqError");
    text(&error, &["code"])
}

struct Page {
    element: Element,
    playground: Playground,
}

impl Drop for Page {
    fn drop(&mut self) {
        self.playground.destroy();
        self.element.remove();
    }
}

fn place() -> Element {
    let document = web_sys::window()
        .and_then(|window| window.document())
        .expect("these tests run in a page");
    let element = document.create_element("div").expect("div is a name");
    let body = document.body().expect("the test page has a body");
    body.append_child(&element)
        .expect("a new element can be put anywhere");
    element
}

fn deaf() -> Function {
    Function::new_no_args("")
}

async fn page(options: &str) -> Page {
    let element = place();
    let playground = start(element.clone(), js(options), deaf()).expect("the options are sound");
    for _ in 0..4 {
        yew::scheduler::flush().await;
    }
    Page {
        element,
        playground,
    }
}

#[wasm_bindgen_test]
async fn commands_give_plain_events_and_change_one_world_only() {
    let (one, two) = (
        page(r#"{"scenario":"empty"}"#).await,
        page(r#"{"scenario":"empty","lang":"zh"}"#).await,
    );
    let submit = |command: &str| one.playground.submit(js(command)).expect("it is taken");
    submit(r#"{"method":"queue.declare","queue":"work"}"#);
    let events = Array::from(&submit(
        r#"{"method":"basic.publish","routingKey":"work","body":"hi","properties":{"headers":{"a":1}}}"#,
    ));
    let kinds: Vec<String> = events.iter().map(|event| text(&event, &["kind"])).collect();
    assert!(kinds.contains(&"published".to_string()) && kinds.contains(&"enqueued".to_string()));
    let published = events.get(0);
    assert_eq!(text(&published, &["content", "body"]), "hi");
    assert_eq!(
        text(&published, &["content", "properties", "headers", "a"]),
        "1"
    );
    let snapshot = one.playground.snapshot().expect("it lives");
    assert_eq!(text(&snapshot, &["queues", "0", "ready"]), "1");
    let other = two.playground.snapshot().expect("it lives");
    assert_eq!(text(&other, &["queues", "length"]), "0");
    assert_eq!(two.playground.lang().expect("it lives"), "zh-Hans");
    let waiting = one.playground.drain(true).expect("it lives");
    assert_ne!(text(&waiting, &["messages", "length"]), "0");
}

#[wasm_bindgen_test]
async fn an_edited_program_stays_who_it_was() {
    let page = page(r#"{"scenario":"empty"}"#).await;
    let submit = |command: &str| page.playground.submit(js(command)).expect("it is taken");
    submit(
        r#"{"method":"program.add","name":"shop","user":"alice","colour":3,"script":["connect"]}"#,
    );
    submit(r#"{"method":"program.edit","by":"shop","name":"shop","script":["connect","channel"]}"#);
    let scenario = page.playground.scenario_json().expect("it lives");
    let scenario = js(&scenario);
    assert_eq!(text(&scenario, &["programs", "0", "user"]), "alice");
    assert_eq!(text(&scenario, &["programs", "0", "colour"]), "3");
    assert_eq!(
        text(&scenario, &["programs", "0", "script", "1"]),
        "channel"
    );
}

#[wasm_bindgen_test]
async fn what_is_refused_has_a_code_and_changes_nothing() {
    let page = page(r#"{"scenario":"work-queue"}"#).await;
    let submit = |command: &str| page.playground.submit(js(command));
    assert_eq!(code(submit(r#"{"method":"queue.declair"}"#)), "command");
    assert_eq!(
        code(submit(
            r#"{"method":"basic.ack","by":"nobody","deliveryTag":1}"#
        )),
        "command"
    );
    let load = |text: &str| page.playground.load(text).map(|()| JsValue::NULL);
    assert_eq!(code(load("{ oops")), "syntax");
    assert_eq!(code(load("queu work")), "syntax");
    assert_eq!(code(load(r#"{ "version": 9 }"#)), "newer");
    let open = |token: &str| page.playground.open(token).map(|()| JsValue::NULL);
    assert_eq!(code(open("1.abc")), "link");
    assert_eq!(code(open("7.abc")), "newer");
    assert_eq!(code(open("nowhere")), "unknown-scenario");
    let state = page.playground.state().expect("it lives");
    assert_eq!(text(&state, &["now"]), "0");
    let started = start(place(), js(r#"{"state":"1.abc"}"#), deaf()).map(|_| JsValue::NULL);
    assert_eq!(code(started), "link");
}

#[wasm_bindgen_test]
async fn a_run_goes_forth_and_back_and_into_a_link() {
    let page = page(r#"{"scenario":"work-queue"}"#).await;
    let playground = &page.playground;
    assert_eq!(playground.link(false).expect("it lives"), "work-queue");
    let first = Array::from(&playground.step(3).expect("it lives"));
    assert_ne!(first.length(), 0);
    let steps = |playground: &Playground| {
        text(&playground.state().expect("it lives"), &["steps"])
            .parse::<u32>()
            .expect("a number")
    };
    let after = steps(playground);
    assert!(playground.back().expect("it lives"));
    assert_eq!(steps(playground), after - 1);
    let link = playground.link(true).expect("a person's run can be shared");
    let transcript = playground.transcript().expect("it lives");
    playground.reset().expect("it began once");
    playground.open(&link).expect("a link of ours is sound");
    assert_eq!(playground.transcript().expect("it lives"), transcript);
    let svg = playground.to_svg("dark", Some("A <b>title</b>".to_string()), None);
    assert!(svg.expect("it lives").contains("A &lt;b&gt;title"));
}

#[wasm_bindgen_test]
async fn a_page_that_was_taken_away_answers_nobody_and_frees_its_world() {
    let mut page = page(r#"{"scenario":"empty"}"#).await;
    page.playground.destroy();
    for _ in 0..4 {
        yew::scheduler::flush().await;
    }
    assert_eq!(code(page.playground.snapshot()), "not-ready");
    assert_eq!(page.element.child_element_count(), 0);
}
