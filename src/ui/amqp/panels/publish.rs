//! The form "Publish message". It stays open, so that one can publish again.

use yew::prelude::*;

use crate::actors::{ProgramId, ProgramKind};
use crate::amqp::Event;
use crate::engine::{StepRecord, WorldEvent};
use crate::ui::amqp::forms::programs::Plan;
use crate::ui::amqp::forms::publish::{PROPERTIES, PublishForm};
use crate::ui::amqp::forms::{Field, Problems};
use crate::ui::amqp::page::{Page, use_page, went_wrong};
use crate::ui::amqp::panels::add_program::exchange_choices;
use crate::ui::amqp::panels::parts::{
    Draft, FormFrame, error, property_errors, row_errors, row_kinds, row_words, use_draft,
};
use crate::ui::amqp::picture::Picture;
use crate::ui::components::{
    Checkbox, Choice, Note, Row, RowHint, RowsEditor, Select, TextField, TextInput,
};
use crate::ui::shared::Shared;
use crate::ui::text::{InspectTexts, Texts};

#[derive(Properties, PartialEq)]
pub struct PublishProps {
    pub picture: Shared<Picture>,
    /// On whose channel; without one, on the person's own.
    #[prop_or_default]
    pub via: Option<ProgramId>,
    pub form: PublishForm,
}

/// What is typed, on whose channel, and what sending it did.
pub(super) struct PublishDraft {
    pub(super) form: PublishForm,
    pub(super) via: Option<ProgramId>,
    pub(super) tried: bool,
    pub(super) done: Option<&'static str>,
}

impl PublishDraft {
    pub(super) fn new(form: PublishForm, via: Option<ProgramId>) -> PublishDraft {
        PublishDraft {
            form,
            via,
            tried: false,
            done: None,
        }
    }
}

/// The form "Publish message".
#[component]
pub fn Publish(props: &PublishProps) -> Html {
    let page = use_page();
    let t = page.t();
    let draft = use_draft(|| PublishDraft::new(props.form.clone(), props.via));
    let onsubmit = {
        let (page, draft, picture) = (page.clone(), draft.clone(), props.picture.clone());
        Callback::from(move |()| {
            let (method, count, problems) = draft.get().form.read();
            if problems.forbids() {
                draft.change(|draft| draft.tried = true);
                return;
            }
            let via = draft.get().via;
            remember(&page, &picture, via, &draft.get().form);
            let mut steps = Vec::new();
            for _ in 0..count {
                steps.extend(page.driver.call_as(via, method.clone()));
            }
            draft.change(|draft| draft.done = outcome(&steps, t));
        })
    };
    let state = draft.get();
    let form = &state.form;
    let (_, _, problems) = form.read();
    html! {
        <FormFrame
            title={t.publish_message} submit={t.publish_message} {onsubmit}
            wrong={(state.tried && problems.forbids()).then(|| AttrValue::from(t.form_has_problems))}
            done={state.done.map(AttrValue::from)}
        >
            <Select
                label={t.publish_via} choices={publishers(&props.picture, t)}
                selected={state.via.map_or_else(String::new, |id| id.0.to_string())}
                onselect={draft.puts(|draft: &mut PublishDraft, value: AttrValue| draft.via = value.parse().ok().map(ProgramId))}
            />
            <Select
                label={t.exchange_title} choices={exchange_choices(&props.picture, t)} selected={form.exchange.clone()}
                help={form.exchange.is_empty().then(|| AttrValue::from(t.to_default_exchange))}
                onselect={draft.puts(|draft: &mut PublishDraft, exchange| draft.form.exchange = exchange)}
            />
            <TextField
                label={t.routing_key} input={TextInput::Code} value={form.routing_key.clone()}
                help={page.i().help_routing_key} note={page.note("order.new", "exchanges")}
                error={error(&problems, Field::RoutingKey, state.tried, t)}
                oncommit={draft.puts(|draft: &mut PublishDraft, key| draft.form.routing_key = key)}
                ontype={draft.puts(|draft: &mut PublishDraft, key| draft.form.routing_key = key)}
            />
            { content_fields(&draft, &problems, &page) }
        </FormFrame>
    }
}

/// Everything but where it goes: payload, delivery mode, headers, properties, how many.
pub(super) fn content_fields(
    draft: &Draft<PublishDraft>,
    problems: &Problems,
    page: &Page,
) -> Html {
    let (t, i) = (page.t(), page.i());
    let state = draft.get();
    let form = &state.form;
    let encodings = vec![
        Choice::new("string", i.encoding_string),
        Choice::new("base64", i.encoding_base64),
    ];
    html! {
        <>
            <TextField
                label={t.payload} help={i.help_payload} note={page.note("{\"order\": 7}", "publishers")} input={TextInput::Area} value={form.payload.clone()}
                error={error(problems, Field::Payload, state.tried, t)}
                oncommit={draft.puts(|draft: &mut PublishDraft, payload| draft.form.payload = payload)}
            />
            <Select
                label={i.encoding} help={i.encoding_help} choices={encodings} selected={if form.base64.is_some() { "base64" } else { "string" }}
                onselect={draft.puts(move |draft: &mut PublishDraft, word: AttrValue| {
                    draft.form.base64 = (word == "base64").then_some(i.problem_base64);
                })}
            />
            <Select
                label={t.delivery_mode} help={i.help_delivery_mode} note={page.note("", "queues#durability")} choices={modes(t)} selected={if form.persistent { "2" } else { "1" }}
                onselect={draft.puts(|draft: &mut PublishDraft, mode: AttrValue| draft.form.persistent = mode == "2")}
            />
            <Checkbox
                label={t.mandatory} help={t.mandatory_help} note={page.note("", "publishers#unroutable")} checked={form.mandatory}
                onchange={draft.puts(|draft: &mut PublishDraft, on| draft.form.mandatory = on)}
            />
            <RowsEditor
                label={t.headers} words={row_words(t, t.add_header)} kinds={row_kinds(t)}
                rows={form.headers.clone()} errors={row_errors(problems, t)}
                onchange={draft.puts(|draft: &mut PublishDraft, rows: Vec<Row>| draft.form.headers = rows)}
            />
            <details class="fold">
                <summary>{ t.properties }</summary>
                <RowsEditor
                    label={t.properties} words={row_words(t, t.add_property)}
                    kinds={vec![Choice::new("string", t.type_string)]} hints={properties(i)}
                    rows={form.properties.clone()} errors={property_errors(problems, t)}
                    onchange={draft.puts(|draft: &mut PublishDraft, rows: Vec<Row>| draft.form.properties = rows)}
                />
                <TextField
                    label={t.how_many} input={TextInput::Number} value={form.count.clone()}
                    error={error(problems, Field::Count, state.tried, t)}
                    oncommit={draft.puts(|draft: &mut PublishDraft, count| draft.form.count = count)}
                />
            </details>
        </>
    }
}

fn modes(t: &Texts) -> Vec<Choice> {
    vec![
        Choice::new("1", t.delivery_mode_1),
        Choice::new("2", t.delivery_mode_2),
    ]
}

/// The properties one may set, each with a sentence and an example.
fn properties(i: &InspectTexts) -> Vec<RowHint> {
    PROPERTIES
        .into_iter()
        .map(|name| {
            let (help, example) = match name {
                "content_type" => (i.prop_content_type, "application/json"),
                "content_encoding" => (i.prop_content_encoding, "gzip"),
                "priority" => (i.prop_priority, "5"),
                "correlation_id" => (i.prop_correlation_id, "request-7"),
                "reply_to" => (i.prop_reply_to, "amq.rabbitmq.reply-to"),
                "expiration" => (i.prop_expiration, "60000"),
                "message_id" => (i.prop_message_id, "order-7"),
                "timestamp" => (i.prop_timestamp, "1767225600"),
                "type" => (i.prop_type, "order.created"),
                "user_id" => (i.prop_user_id, "guest"),
                "app_id" => (i.prop_app_id, "shop"),
                _ => (i.prop_cluster_id, ""),
            };
            RowHint {
                name: name.into(),
                kind: "string".into(),
                label: name.into(),
                help: help.into(),
                note: Some(Note {
                    example_label: i.help_example.into(),
                    example: example.into(),
                    link: "https://www.rabbitmq.com/docs/publishers#message-properties".into(),
                    link_label: i.help_link.into(),
                }),
            }
        })
        .collect()
}

/// Who may publish: the person, or a program; one that is not connected connects for it.
fn publishers(picture: &Picture, t: &Texts) -> Vec<Choice> {
    let programs = picture.world.programs.iter();
    let programs = programs.filter(|program| program.kind != ProgramKind::Consumer);
    std::iter::once(Choice::new("", t.operator_connection))
        .chain(
            programs.map(|program| Choice::new(program.id.0.to_string(), program.name.to_string())),
        )
        .collect()
}

/// A producer goes on publishing to where it last did.
fn remember(page: &Page, picture: &Picture, via: Option<ProgramId>, form: &PublishForm) {
    let program = via.and_then(|id| picture.world.programs.iter().find(|p| p.id == id));
    if let Some(program) = program.filter(|program| program.kind == ProgramKind::Producer) {
        let plan = Plan {
            exchange: form.exchange.as_str().into(),
            routing_key: form.routing_key.as_str().into(),
        };
        page.driver.plan(std::rc::Rc::clone(&program.name), plan);
    }
}

/// What the management UI would say.
pub(super) fn outcome(steps: &[StepRecord], t: &'static Texts) -> Option<&'static str> {
    if went_wrong(steps) {
        return None;
    }
    let mut events = steps.iter().flat_map(|step| step.events.iter());
    let unroutable =
        events.any(|event| matches!(event, WorldEvent::Broker(Event::Unroutable { .. })));
    Some(if unroutable {
        t.published_not_routed
    } else {
        t.published
    })
}
