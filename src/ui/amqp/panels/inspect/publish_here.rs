//! "Publish message" in its place, by the person: to an exchange, or to a queue through the default exchange.

use yew::prelude::*;

use crate::ui::amqp::forms::Field;
use crate::ui::amqp::forms::publish::PublishForm;
use crate::ui::amqp::page::use_page;
use crate::ui::amqp::panels::parts::{error, use_draft};
use crate::ui::amqp::panels::publish::{PublishDraft, content_fields, outcome};
use crate::ui::components::{Button, ButtonKind, TextField, TextInput};
use crate::ui::text::fill_plain;

#[derive(Properties, PartialEq)]
pub struct PublishHereProps {
    /// "" is the default exchange.
    pub exchange: AttrValue,
    /// Publishing to a queue: its name is the key.
    #[prop_or_default]
    pub queue: Option<AttrValue>,
}

/// "Publish message" in its place.
#[component]
pub fn PublishHere(props: &PublishHereProps) -> Html {
    let page = use_page();
    let (t, i) = (page.t(), page.i());
    let draft = use_draft(|| {
        let key = props.queue.clone().unwrap_or_default();
        PublishDraft::new(PublishForm::new(&props.exchange, &key), None)
    });
    let onsubmit = {
        let (page, draft) = (page.clone(), draft.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let (method, count, problems) = draft.get().form.read();
            if problems.forbids() {
                draft.change(|draft| draft.tried = true);
                return;
            }
            let methods = (0..count).map(|_| method.clone()).collect();
            let steps = page.driver.call_all(methods);
            draft.change(|draft| draft.done = outcome(&steps, t));
        })
    };
    let state = draft.get();
    let form = &state.form;
    let (_, _, problems) = form.read();
    html! {
        <form class="in-place" aria-label={t.publish_message} novalidate=true {onsubmit}>
            if let Some(queue) = &props.queue {
                <p class="muted">{ fill_plain(i.publish_to_queue, &[queue]) }</p>
            } else {
                <TextField
                    label={t.routing_key} input={TextInput::Code} value={form.routing_key.clone()}
                    help={i.help_routing_key} note={page.note("order.new", "exchanges")}
                    error={error(&problems, Field::RoutingKey, state.tried, t)}
                    oncommit={draft.puts(|draft: &mut PublishDraft, key| draft.form.routing_key = key)}
                    ontype={draft.puts(|draft: &mut PublishDraft, key| draft.form.routing_key = key)}
                />
            }
            { content_fields(&draft, &problems, &page) }
            <div class="in-place-foot">
                <Button kind={ButtonKind::Primary} submits=true label={t.publish_message} onclick={|_| ()} />
                if state.tried && problems.forbids() { <p class="field-error" role="alert">{ t.form_has_problems }</p> }
                if let Some(done) = state.done { <p class="sheet-done" role="status">{ done }</p> }
            </div>
        </form>
    }
}
