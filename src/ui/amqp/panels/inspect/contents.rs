//! What a message carries: its properties, its headers with their history, its payload.

use yew::prelude::*;

use crate::amqp::message::Properties;
use crate::ui::amqp::forms::get::base64;
use crate::ui::amqp::page::Page;
use crate::ui::amqp::panels::inspect::overview::{Fact, table};
use crate::ui::text::fill_plain;

/// The properties that are there, in the order of the management UI.
pub fn properties(page: &Page, properties: &Properties) -> Vec<Fact> {
    let t = page.t();
    let mode = properties.delivery_mode.map(|mode| match mode {
        1 => t.delivery_mode_1.to_string(),
        2 => t.delivery_mode_2.to_string(),
        other => other.to_string(),
    });
    let mut rows: Vec<Fact> = Vec::new();
    rows.extend(mode.map(|mode| (t.delivery_mode, html! { { mode } })));
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
    let code = |text: String| html! { <code>{ text }</code> };
    rows.extend(
        texts
            .into_iter()
            .filter_map(|(name, text)| Some((name, code(text.as_ref()?.to_string())))),
    );
    let priority = properties.priority.map(|n| n.to_string());
    rows.extend(priority.map(|text| ("priority", code(text))));
    let timestamp = properties.timestamp.map(|n| n.to_string());
    rows.extend(timestamp.map(|text| ("timestamp", code(text))));
    let headers = properties.headers.as_ref();
    rows.extend(headers.map(|headers| (t.headers, table(headers))));
    rows
}

/// The payload as text, or in base64 where it is no text or base64 is asked for.
pub fn payload(page: &Page, body: &[u8], as_base64: bool) -> Html {
    let (t, i) = (page.t(), page.i());
    let text = std::str::from_utf8(body).ok().filter(|_| !as_base64);
    let (shown, encoding) = match text {
        Some("") => (t.payload_empty.to_string(), i.string),
        Some(text) => (text.to_string(), i.string),
        None => (base64(body), i.encoding_base64),
    };
    html! {
        <>
            <p class="muted payload-line">
                { format!("{} · {} · {}", t.payload, fill_plain(t.payload_bytes, &[&body.len()]), fill_plain(i.payload_encoding, &[&encoding])) }
            </p>
            <pre class="payload" tabindex="0" aria-label={t.payload}>{ shown }</pre>
        </>
    }
}
