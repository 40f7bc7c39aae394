//! "Get messages": the four ack modes of the management UI, and holding; what came, with all it carries.

use yew::prelude::*;

use crate::amqp::QueueName;
use crate::ui::amqp::forms::get::{GetForm, GetMode, Got, got, was_empty};
use crate::ui::amqp::page::{Page, use_page};
use crate::ui::amqp::panels::inspect::contents::{payload, properties};
use crate::ui::amqp::panels::inspect::overview::{Fact, fact, facts};
use crate::ui::amqp::panels::inspect_message::message_button;
use crate::ui::amqp::panels::parts::use_draft;
use crate::ui::components::{Button, Choice, Select, TextField, TextInput};
use crate::ui::text::{InspectTexts, fill_plain};

#[derive(Properties, PartialEq)]
pub struct GetMessagesProps {
    pub queue: AttrValue,
    /// How many are ready now.
    pub ready: u64,
}

/// What stands in the form, and what the last press brought.
#[derive(Default)]
struct Draft {
    form: GetForm,
    got: Vec<Got>,
    empty: bool,
    /// How the shown messages are encoded: as it was asked for when they were got.
    base64: bool,
}

/// "Get messages".
#[component]
pub fn GetMessages(props: &GetMessagesProps) -> Html {
    let page = use_page();
    let (t, i) = (page.t(), page.i());
    let draft = use_draft(Draft::default);
    let onsubmit = {
        let (page, draft) = (page.clone(), draft.clone());
        let (queue, ready) = (QueueName::from(props.queue.as_str()), props.ready);
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let form = draft.get().form.clone();
            if form.count().is_err() {
                return;
            }
            let steps = page.driver.call_all(form.methods(&queue, ready));
            let found = got(&steps);
            let settles = form.settles(&found);
            if !settles.is_empty() {
                page.driver.go_on(settles);
            }
            draft.change(|draft| {
                draft.empty = found.is_empty() && was_empty(&steps);
                draft.got = found;
                draft.base64 = form.base64;
            });
        })
    };
    let state = draft.get();
    let form = &state.form;
    let encodings = vec![
        Choice::new("auto", i.encoding_auto),
        Choice::new("base64", i.encoding_base64),
    ];
    let problem = form
        .count()
        .err()
        .map(|problem| AttrValue::from(problem.tell(t)));
    html! {
        <form class="in-place" aria-label={i.get_messages} novalidate=true {onsubmit}>
            <p class="warning">{ t.get_warning }</p>
            <Select
                label={t.get_ack_mode} choices={modes(i)} selected={form.mode.as_str()} help={i.get_mode_help}
                note={page.note("", "consumers")}
                onselect={draft.puts(|draft: &mut Draft, value: AttrValue| draft.form.mode = GetMode::parse(&value))}
            />
            <Select
                label={i.encoding} choices={encodings} selected={if form.base64 { "base64" } else { "auto" }}
                onselect={draft.puts(|draft: &mut Draft, value: AttrValue| draft.form.base64 = value == "base64")}
            />
            <TextField
                label={i.messages_count} input={TextInput::Number} value={form.count.clone()} error={problem}
                oncommit={draft.puts(|draft: &mut Draft, count| draft.form.count = count)}
                ontype={draft.puts(|draft: &mut Draft, count| draft.form.count = count)}
            />
            <div class="in-place-foot"><Button submits=true label={i.get_button} onclick={|_| ()} /></div>
            <div class="got" role="region" aria-label={i.get_messages} aria-live="polite">
                if state.empty { <p class="sheet-done">{ i.queue_is_empty }</p> }
                { for state.got.iter().enumerate().map(|(index, one)| shown(&page, index, one, state.base64)) }
            </div>
        </form>
    }
}

fn modes(i: &InspectTexts) -> Vec<Choice> {
    GetMode::ALL
        .into_iter()
        .map(|mode| {
            let label = match mode {
                GetMode::NackRequeue => i.get_nack,
                GetMode::Automatic => i.get_automatic,
                GetMode::RejectRequeue => i.get_reject_requeue,
                GetMode::RejectDiscard => i.get_reject,
                GetMode::Hold => i.get_hold,
            };
            Choice::new(mode.as_str(), label)
        })
        .collect()
}

fn shown(page: &Page, index: usize, one: &Got, base64: bool) -> Html {
    let (t, i) = (page.t(), page.i());
    let message = &one.message;
    let exchange = match message.exchange.as_str() {
        "" => t.default_exchange,
        name => name,
    };
    let redelivered = if one.redelivered { t.yes } else { t.no };
    let mut rows: Vec<Fact> = vec![
        (
            t.exchange_title,
            html! { <code>{ exchange.to_string() }</code> },
        ),
        (
            t.routing_key,
            html! { <code>{ message.routing_key.to_text().into_owned() }</code> },
        ),
        fact(i.is_redelivered, redelivered),
    ];
    rows.extend(properties(page, &one.properties));
    html! {
        <article key={one.tag.0} class="got-message" aria-label={fill_plain(i.message_n, &[&(index + 1)])}>
            <h4>{ fill_plain(i.message_n, &[&(index + 1)]) }</h4>
            <p>{ fill_plain(i.remaining, &[&one.remaining]) }</p>
            { facts(rows) }
            { payload(page, &message.body, base64) }
            { message_button(page, message, one.redelivered) }
        </article>
    }
}
