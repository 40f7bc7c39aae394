//! What stands on the page after a panic: a card that says so and offers the run, never a dead page.
//!
//! It is built through the DOM alone: whatever panicked may have been Yew itself.

use gloo_events::EventListener;
use wasm_bindgen::JsCast;
use web_sys::{Document, Element, HtmlElement, HtmlTextAreaElement};

use crate::ui::text::Lang;

/// Replaces everything in `root` by the card.
pub fn show(root: &Element, message: &str, transcript: &str, lang: Lang) {
    let Some(document) = root.owner_document() else {
        return;
    };
    root.set_text_content(None);
    let t = lang.texts();
    let Some(card) = append(&document, root, "section", "panic") else {
        return;
    };
    // The attributes are valid names; a refusal would leave the card as it is.
    let _ = card.set_attribute("role", "alert");
    let _ = card.set_attribute("lang", lang.tag());
    say(&document, &card, "h2", t.panic_title);
    say(&document, &card, "p", t.panic_lead);
    let report = format!("{message}\n\n{transcript}");
    let area = append(&document, &card, "textarea", "input code");
    if let Some(area) = area.and_then(|area| area.dyn_into::<HtmlTextAreaElement>().ok()) {
        area.set_read_only(true);
        area.set_rows(12);
        area.set_value(&report);
        let _ = area.set_attribute("aria-label", t.panic_copy);
    }
    button(&document, &card, t.panic_copy, move |button| {
        copy(&report);
        button.set_text_content(Some(t.panic_copied));
    });
    button(&document, &card, t.panic_reload, |_| {
        if let Some(window) = web_sys::window() {
            // A page that may not reload stays as it is.
            let _ = window.location().reload();
        }
    });
}

fn append(document: &Document, to: &Element, tag: &str, class: &str) -> Option<Element> {
    let element = document.create_element(tag).ok()?;
    element.set_class_name(class);
    to.append_child(&element).ok()?;
    Some(element)
}

fn say(document: &Document, to: &Element, tag: &str, text: &str) {
    if let Some(element) = append(document, to, tag, "") {
        element.set_text_content(Some(text));
    }
}

fn button(document: &Document, to: &Element, label: &str, press: impl Fn(&HtmlElement) + 'static) {
    let element = append(document, to, "button", "button button-plain");
    let Some(button) = element.and_then(|element| element.dyn_into::<HtmlElement>().ok()) else {
        return;
    };
    button.set_text_content(Some(label));
    let pressed = button.clone();
    // The card is the last thing on this page: its listeners live as long as it does.
    EventListener::new(&button, "click", move |_| press(&pressed)).forget();
}

fn copy(text: &str) {
    if let Some(window) = web_sys::window() {
        // Without the right to write, the text can still be selected in the field.
        let _ = window.navigator().clipboard().write_text(text);
    }
}
