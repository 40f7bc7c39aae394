//! The form "Add binding", and the same fields as the small question after an edge was drawn by hand.

use yew::prelude::*;

use crate::amqp::view::ExchangeKind;
use crate::ordered::sort_by_key;
use crate::ui::amqp::forms::Field;
use crate::ui::amqp::forms::binding::{BindingForm, Target};
use crate::ui::amqp::page::{Page, Sheet, use_page, went_wrong};
use crate::ui::amqp::panels::parts::{
    Draft, FormFrame, error, row_errors, row_kinds, row_words, use_draft,
};
use crate::ui::amqp::picture::Picture;
use crate::ui::components::{
    Button, ButtonKind, Choice, Row, RowHint, RowsEditor, Select, TextField, TextInput,
};
use crate::ui::shared::Shared;
use crate::ui::text::{Texts, fill_plain};

#[derive(Properties, PartialEq)]
pub struct AddBindingProps {
    pub picture: Shared<Picture>,
    /// What stands in it at the beginning.
    pub form: BindingForm,
}

/// The exchanges one may bind from: not the default one.
pub(super) fn sources(picture: &Picture) -> Vec<Choice> {
    let exchanges = picture.world.broker.exchanges.iter();
    let mut names: Vec<&str> = exchanges
        .map(|exchange| exchange.id.as_str())
        .filter(|name| !name.is_empty())
        .collect();
    sort_by_key(&mut names, |name| (name.starts_with("amq."), *name));
    names
        .into_iter()
        .map(|name| Choice::new(name.to_string(), name.to_string()))
        .collect()
}

/// Everything one may bind to, queues first.
pub(super) fn destinations(picture: &Picture, t: &Texts) -> Vec<Choice> {
    let broker = &picture.world.broker;
    let queues = broker.queues.iter().map(|queue| {
        let target = Target::Queue(queue.id.to_string().into());
        Choice::new(target.option(), format!("{} {}", t.queue_title, queue.id))
    });
    let exchanges = broker
        .exchanges
        .iter()
        .filter(|exchange| !crate::ui::amqp::paint::is_predeclared(exchange.id.as_str()))
        .map(|exchange| {
            let target = Target::Exchange(exchange.id.to_string().into());
            Choice::new(
                target.option(),
                format!("{} {}", t.exchange_title, exchange.id),
            )
        });
    queues.chain(exchanges).collect()
}

/// The type of the exchange called `name`.
pub fn kind_of(picture: &Picture, name: &str) -> Option<ExchangeKind> {
    let exchanges = picture.world.broker.exchanges.iter();
    exchanges
        .filter(|exchange| exchange.id.as_str() == name)
        .map(|exchange| exchange.kind)
        .next()
}

/// The type of the exchange a form binds from.
fn source_kind(draft: &BindingDraft, picture: &Picture) -> Option<ExchangeKind> {
    let state = draft.get();
    let source = state.0.source.as_ref()?;
    kind_of(picture, source)
}

pub(super) type BindingDraft = Draft<(BindingForm, bool)>;

/// Sends it; whether it went well.
fn send(page: &Page, draft: &BindingDraft) -> bool {
    let (method, problems) = draft.get().0.read();
    match method {
        Some(method) if !problems.forbids() => !went_wrong(&page.driver.call(method)),
        _ => {
            draft.change(|(_, tried)| *tried = true);
            false
        }
    }
}

/// Routing key and arguments, with what the source's type makes of them.
pub(super) fn what_matches(
    draft: &BindingDraft,
    kind: Option<ExchangeKind>,
    t: &'static Texts,
) -> Html {
    let state = draft.get();
    let (form, tried) = (&state.0, state.1);
    let (_, problems) = form.read();
    let help = match kind {
        Some(ExchangeKind::Fanout) => Some(t.routing_key_fanout_help),
        Some(ExchangeKind::Headers) => Some(t.routing_key_headers_help),
        Some(ExchangeKind::Topic) => Some(t.kind_topic),
        Some(
            ExchangeKind::Direct | ExchangeKind::ConsistentHash | ExchangeKind::DelayedMessage,
        )
        | None => None,
    };
    let hints = vec![RowHint {
        name: "x-match".into(),
        kind: "string".into(),
        label: t.x_match.into(),
        help: format!("{} · {}", t.x_match_all, t.x_match_any).into(),
        ..RowHint::default()
    }];
    html! {
        <>
            <TextField
                label={t.routing_key} input={TextInput::Code} value={form.routing_key.clone()}
                help={help.map(AttrValue::from)} error={error(&problems, Field::RoutingKey, tried, t)}
                oncommit={draft.puts(|(form, _), key| form.routing_key = key)}
                ontype={draft.puts(|(form, _), key| form.routing_key = key)}
            />
            <RowsEditor
                label={t.arguments} words={row_words(t, t.add_argument)} kinds={row_kinds(t)}
                rows={form.arguments.clone()} errors={row_errors(&problems, t)} {hints}
                onchange={draft.puts(|(form, _), rows: Vec<Row>| form.arguments = rows)}
            />
        </>
    }
}

/// The form "Add binding".
#[component]
pub fn AddBinding(props: &AddBindingProps) -> Html {
    let page = use_page();
    let t = page.t();
    let (sources, destinations) = (sources(&props.picture), destinations(&props.picture, t));
    let draft: BindingDraft = use_draft(|| {
        let mut form = props.form.clone();
        // What a list shows first is what is meant.
        form.source = form
            .source
            .or_else(|| sources.first().map(|choice| choice.value.clone()));
        form.target = form.target.or_else(|| {
            destinations
                .iter()
                .filter_map(|choice| Target::parse(&choice.value))
                .find(|target| Some(target.name()) != form.source.as_ref())
        });
        (form, false)
    });
    let onsubmit = {
        let (page, draft) = (page.clone(), draft.clone());
        Callback::from(move |()| {
            if send(&page, &draft) {
                page.open.emit(Sheet::Inspector);
            }
        })
    };
    let state = draft.get();
    let (form, tried) = (&state.0, state.1);
    let (_, problems) = form.read();
    html! {
        <FormFrame
            title={t.add_binding} submit={t.bind_button} {onsubmit}
            wrong={(tried && problems.forbids()).then(|| AttrValue::from(t.form_has_problems))}
        >
            <Select
                label={t.source} choices={sources.clone()} selected={form.source.clone().unwrap_or_default()}
                error={error(&problems, Field::Source, tried, t)}
                onselect={draft.puts(|(form, _), source| form.source = Some(source))}
            />
            <Select
                label={t.destination} choices={destinations.clone()}
                selected={form.target.as_ref().map(Target::option).unwrap_or_default()}
                error={error(&problems, Field::Destination, tried, t)}
                onselect={draft.puts(|(form, _), option: AttrValue| form.target = Target::parse(&option))}
            />
            { what_matches(&draft, source_kind(&draft, &props.picture), t) }
        </FormFrame>
    }
}

#[derive(Properties, PartialEq)]
pub struct WireQuestionProps {
    pub picture: Shared<Picture>,
    pub form: BindingForm,
    pub onclose: Callback<()>,
}

/// The small question after an edge was drawn by hand.
#[component]
pub fn WireQuestion(props: &WireQuestionProps) -> Html {
    let page = use_page();
    let t = page.t();
    let draft: BindingDraft = use_draft(|| (props.form.clone(), false));
    let onsubmit = {
        let (page, draft, onclose) = (page.clone(), draft.clone(), props.onclose.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let (_, problems) = draft.get().0.read();
            if problems.forbids() {
                draft.change(|(_, tried)| *tried = true);
                return;
            }
            // A refusal is said by a notice.
            send(&page, &draft);
            onclose.emit(());
        })
    };
    let title = {
        let state = draft.get();
        let source = state.0.source.clone().unwrap_or_default();
        let target = state.0.target.as_ref().map(|target| target.name().clone());
        fill_plain(t.wire_title, &[&source, &target.unwrap_or_default()])
    };
    html! {
        <form class="wire-form" novalidate=true {onsubmit}>
            <h2 class="question-title">{ title }</h2>
            { what_matches(&draft, source_kind(&draft, &props.picture), t) }
            <div class="wire-buttons">
                <Button kind={ButtonKind::Primary} submits=true label={t.bind_button} onclick={|_| ()} />
                <Button label={t.cancel} onclick={props.onclose.reform(|_: MouseEvent| ())} />
            </div>
        </form>
    }
}
