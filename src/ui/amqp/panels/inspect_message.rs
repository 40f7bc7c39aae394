//! A message in the panels: a button that leads to its journey, and what it carries.

use yew::prelude::*;

use crate::amqp::Message;
use crate::ui::amqp::page::{Page, Sheet};
use crate::ui::amqp::paint::payload_line;
use crate::ui::amqp::why;
use crate::ui::text::{Texts, fill_plain};

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
pub fn contents(message: &Message, t: &Texts) -> Html {
    let properties = &message.properties;
    let mut rows: Vec<(&str, String)> = vec![
        (
            t.exchange_title,
            if message.exchange.as_str().is_empty() {
                t.default_exchange.to_string()
            } else {
                message.exchange.to_string()
            },
        ),
        (t.routing_key, message.routing_key.to_text().into_owned()),
        (
            t.delivery_mode,
            if properties.is_persistent() {
                t.delivery_mode_2.to_string()
            } else {
                t.delivery_mode_1.to_string()
            },
        ),
    ];
    let texts = [
        ("content_type", &properties.content_type),
        ("content_encoding", &properties.content_encoding),
        ("correlation_id", &properties.correlation_id),
        ("reply_to", &properties.reply_to),
        ("expiration", &properties.expiration),
        ("message_id", &properties.message_id),
        ("type", &properties.kind),
        ("user_id", &properties.user_id),
        ("app_id", &properties.app_id),
        ("cluster_id", &properties.cluster_id),
    ];
    rows.extend(
        texts
            .into_iter()
            .filter_map(|(name, text)| Some((name, text.as_ref()?.to_string()))),
    );
    rows.extend(properties.priority.map(|n| ("priority", n.to_string())));
    rows.extend(properties.timestamp.map(|n| ("timestamp", n.to_string())));
    if let Some(headers) = &properties.headers {
        rows.push((t.headers, why::table(headers)));
    }
    let payload = String::from_utf8_lossy(&message.body);
    html! {
        <>
            <dl class="facts">
                { for rows.into_iter().map(|(name, value)| html! { <><dt>{ name }</dt><dd><code>{ value }</code></dd></> }) }
            </dl>
            <h3>{ t.payload }{ " " }<span class="count">{ fill_plain(t.payload_bytes, &[&message.body.len()]) }</span></h3>
            <pre class="payload" tabindex="0" aria-label={t.payload}>{ if payload.is_empty() { t.payload_empty.to_string() } else { payload.into_owned() } }</pre>
        </>
    }
}
