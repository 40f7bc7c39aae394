//! A message in the panels: a button that leads to its journey, and what it carries.

use yew::prelude::*;

use crate::amqp::Message;
use crate::ui::amqp::page::{Page, Sheet};
use crate::ui::amqp::paint::payload_line;
use crate::ui::amqp::panels::inspect::{Fact, facts, payload, properties};

/// A button that opens the journey of a message.
pub fn message_button(page: &Page, message: &Message, redelivered: bool) -> Html {
    let t = page.t();
    let id = message.id;
    let onclick = page.on(move |page, _: MouseEvent| {
        page.driver.explain(Some(id));
        page.open.emit(Sheet::Journey(id));
    });
    html! {
        <button type="button" class="message" title={t.show_journey} {onclick}>
            <span class="message-id">{ id.to_string() }</span>
            <code>{ payload_line(message, 48) }</code>
            if redelivered { <span class="badge">{ t.redelivered }</span> }
            if message.properties.is_persistent() { <span class="badge">{ t.persistent }</span> }
        </button>
    }
}

/// Everything a message carries, as a list of terms.
pub fn contents(page: &Page, message: &Message) -> Html {
    let t = page.t();
    let exchange = match message.exchange.as_str() {
        "" => t.default_exchange,
        name => name,
    };
    let key = message.routing_key.to_text().into_owned();
    let mut rows: Vec<Fact> = vec![
        (
            t.exchange_title,
            html! { <code>{ exchange.to_string() }</code> },
        ),
        (t.routing_key, html! { <code>{ key }</code> }),
    ];
    rows.extend(properties(page, &message.properties));
    html! {
        <>
            { facts(rows) }
            { payload(page, &message.body, false) }
        </>
    }
}
