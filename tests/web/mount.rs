//! A component on the page for the length of a test.

use std::cell::RefCell;
use std::rc::Rc;

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};
use yew::prelude::*;

#[derive(Properties, PartialEq)]
struct StageProps {
    content: Html,
}

/// Yew starts with a component; this one shows whatever a test wrote.
#[component]
fn Stage(props: &StageProps) -> Html {
    props.content.clone()
}

/// Removes what was drawn, and its element, when the test ends.
pub struct Mounted {
    pub element: Element,
    app: Option<yew::AppHandle<Stage>>,
}

/// Draws `content` in an element of its own and waits until it stands there.
pub async fn mount(content: Html) -> Mounted {
    let document = web_sys::window()
        .and_then(|window| window.document())
        .expect("these tests run in a page");
    let element = document.create_element("div").expect("div is a name");
    document
        .body()
        .expect("the test page has a body")
        .append_child(&element)
        .expect("a new element can be put anywhere");
    let app = yew::Renderer::<Stage>::with_root_and_props(element.clone(), StageProps { content })
        .render();
    yew::scheduler::flush().await;
    Mounted {
        element,
        app: Some(app),
    }
}

/// Lets effects run that a first drawing asked for.
pub async fn settle() {
    for _ in 0..4 {
        yew::scheduler::flush().await;
    }
}

/// Draws the page and waits until its effects have run.
pub async fn page(content: Html) -> Mounted {
    let mounted = mount(content).await;
    settle().await;
    mounted
}

impl Mounted {
    /// The text of what a selector finds.
    pub fn text(&self, selector: &str) -> String {
        let found = self.find::<Element>(selector);
        found.text_content().unwrap_or_default()
    }

    /// The first element that a selector finds.
    pub fn find<E: JsCast>(&self, selector: &str) -> E {
        self.element
            .query_selector(selector)
            .expect("the selector is well written")
            .unwrap_or_else(|| panic!("{selector} is not in {}", self.element.inner_html()))
            .dyn_into()
            .expect("the element is of the type asked for")
    }

    /// Presses what a selector finds, and waits until that has had its effect.
    pub async fn press(&self, selector: &str) {
        self.find::<HtmlElement>(selector).click();
        yew::scheduler::flush().await;
    }
}

impl Drop for Mounted {
    fn drop(&mut self) {
        if let Some(app) = self.app.take() {
            app.destroy();
        }
        self.element.remove();
    }
}

/// Notes what a callback gets.
pub struct Heard<T>(Rc<RefCell<Vec<T>>>);

impl<T: Clone + 'static> Heard<T> {
    /// Nothing yet.
    pub fn new() -> Heard<T> {
        Heard(Rc::default())
    }

    /// The callback to hand to a component.
    pub fn callback(&self) -> Callback<T> {
        let notes = Rc::clone(&self.0);
        Callback::from(move |value| notes.borrow_mut().push(value))
    }

    /// All that came, in order.
    pub fn all(&self) -> Vec<T> {
        self.0.borrow().clone()
    }
}
