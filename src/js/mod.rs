//! The wasm-bindgen API: converts, calls the engine, converts back.

use std::cell::RefCell;

use wasm_bindgen::prelude::*;
use web_sys::Element;
use yew::{AppHandle, AttrValue, Callback};

use crate::ui::app::{App, AppProps, Start};
use crate::ui::driver::Driver;
use crate::ui::panic_card;
use crate::ui::store::Theme;
use crate::ui::text::Lang;

thread_local! {
    /// Every page that lives, so that a panic can be told on each: one instance of the code serves them all.
    static ALIVE: RefCell<Vec<Alive>> = const { RefCell::new(Vec::new()) };
}

struct Alive {
    number: u32,
    root: Element,
    driver: Option<Driver>,
}

/// A playground on a page.
#[wasm_bindgen]
pub struct Playground {
    app: Option<AppHandle<App>>,
    number: u32,
}

/// Starts a playground inside `root`. Every option is the text of an attribute; what is not understood is left out.
#[wasm_bindgen]
pub fn start(
    root: Element,
    lang: Option<String>,
    theme: Option<String>,
    scenario: Option<String>,
    start: Option<String>,
) -> Playground {
    yew::set_custom_panic_hook(Box::new(on_panic));
    let number = ALIVE.with_borrow_mut(|alive| {
        let number = alive.last().map_or(1, |last| last.number + 1);
        alive.push(Alive {
            number,
            root: root.clone(),
            driver: None,
        });
        number
    });
    let width = root.get_bounding_client_rect().width();
    let props = AppProps {
        lang: lang.and_then(|tag| Lang::parse(&tag)).unwrap_or_default(),
        theme: match theme.as_deref() {
            Some("light") => Theme::Light,
            Some("dark") => Theme::Dark,
            Some(_) | None => Theme::Auto,
        },
        scenario: scenario.map(AttrValue::from),
        start: match start.as_deref() {
            Some("auto") => Start::Auto,
            Some(_) | None => Start::Manual,
        },
        saves: root.has_attribute("data-save"),
        is_narrow: width > 0.0 && width < 600.0,
        ondriver: Callback::from(move |driver| remember(number, driver)),
    };
    let app = yew::Renderer::<App>::with_root_and_props(root, props).render();
    Playground {
        app: Some(app),
        number,
    }
}

#[wasm_bindgen]
impl Playground {
    /// Takes the playground off its page and frees it.
    pub fn destroy(&mut self) {
        if let Some(app) = self.app.take() {
            app.destroy();
        }
        let number = self.number;
        ALIVE.with_borrow_mut(|alive| alive.retain(|page| page.number != number));
    }
}

fn remember(number: u32, driver: Driver) {
    ALIVE.with_borrow_mut(|alive| {
        if let Some(page) = alive.iter_mut().find(|page| page.number == number) {
            page.driver = Some(driver);
        }
    });
}

/// Says it in the console and on every page that lived.
fn on_panic(info: &std::panic::PanicHookInfo<'_>) {
    let message = info.to_string();
    web_sys::console::error_1(&message.as_str().into());
    ALIVE.with(|alive| {
        // A panic while the list itself was in use leaves the console as the only witness.
        let Ok(alive) = alive.try_borrow() else {
            return;
        };
        for page in alive.iter() {
            let transcript = page.driver.as_ref().map(Driver::transcript);
            let lang = page.driver.as_ref().and_then(Driver::try_lang);
            panic_card::show(
                &page.root,
                &message,
                &transcript.unwrap_or_default(),
                lang.unwrap_or_default(),
            );
        }
    });
}
