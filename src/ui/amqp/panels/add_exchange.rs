//! The form "Add a new exchange".

use yew::prelude::*;

use crate::amqp::protocol::ClientMethod;
use crate::amqp::view::ExchangeKind;
use crate::ui::amqp::forms::Field;
use crate::ui::amqp::forms::arguments;
use crate::ui::amqp::forms::declare::ExchangeForm;
use crate::ui::amqp::page::{Sheet, use_page, went_wrong};
use crate::ui::amqp::panels::parts::{
    FormFrame, error, row_errors, row_kinds, row_words, use_draft,
};
use crate::ui::components::{Checkbox, Choice, Row, RowsEditor, Select, TextField, TextInput};
use crate::ui::text::Lang;

/// The words that explain a type.
pub fn kind_help(kind: ExchangeKind, lang: Lang) -> &'static str {
    let (t, a) = (lang.texts(), lang.arguments());
    match kind {
        ExchangeKind::Direct => t.kind_direct,
        ExchangeKind::Fanout => t.kind_fanout,
        ExchangeKind::Topic => t.kind_topic,
        ExchangeKind::Headers => t.kind_headers,
        ExchangeKind::ConsistentHash => a.kind_hash,
        ExchangeKind::DelayedMessage => a.kind_delayed,
    }
}

/// The form "Add a new exchange".
#[component]
pub fn AddExchange() -> Html {
    let page = use_page();
    let t = page.t();
    let draft = use_draft(|| (ExchangeForm::default(), false));
    let onsubmit = {
        let (page, draft) = (page.clone(), draft.clone());
        Callback::from(move |()| {
            let (method, problems) = draft.get().0.read();
            if problems.forbids() {
                draft.change(|(_, tried)| *tried = true);
            } else if !went_wrong(&page.driver.call(method)) {
                page.open.emit(Sheet::Inspector);
            }
        })
    };
    let state = draft.get();
    let (form, tried) = (&state.0, state.1);
    let (_, problems) = form.read();
    let kinds: Vec<Choice> = ExchangeKind::ALL
        .into_iter()
        .map(|kind| Choice::new(kind.as_str(), kind.as_str()))
        .collect();
    let durability = vec![
        Choice::new("durable", t.durable),
        Choice::new("transient", t.transient),
    ];
    let hints = arguments::of_exchange(&page, form.kind);
    let doubts = match form.read().0 {
        ClientMethod::ExchangeDeclare(declare) => {
            arguments::exchange_doubts(&declare.arguments, form.kind, page.lang)
        }
        _ => Vec::new(),
    };
    html! {
        <FormFrame
            title={t.add_exchange} submit={t.add_exchange_button} {onsubmit}
            wrong={(tried && problems.forbids()).then(|| AttrValue::from(t.form_has_problems))}
        >
            <TextField
                label={t.name} input={TextInput::Code} value={form.name.clone()}
                error={error(&problems, Field::Name, tried, t)}
                oncommit={draft.puts(|(form, _), name| form.name = name)}
                ontype={draft.puts(|(form, _), name| form.name = name)}
            />
            <Select
                label={t.kind} choices={kinds} selected={form.kind.as_str()} help={kind_help(form.kind, page.lang)}
                onselect={draft.puts(|(form, _), kind: AttrValue| {
                    form.kind = ExchangeKind::parse(&kind).unwrap_or(ExchangeKind::Direct);
                })}
            />
            <Select
                label={t.durability} choices={durability}
                selected={if form.durable { "durable" } else { "transient" }}
                onselect={draft.puts(|(form, _), value: AttrValue| form.durable = value == "durable")}
            />
            <Checkbox
                label={t.auto_delete} help={t.auto_delete_exchange_help} checked={form.auto_delete}
                onchange={draft.puts(|(form, _), on| form.auto_delete = on)}
            />
            <Checkbox
                label={t.internal} help={t.internal_help} checked={form.internal}
                onchange={draft.puts(|(form, _), on| form.internal = on)}
            />
            <RowsEditor
                label={t.arguments} words={row_words(t, t.add_argument)} kinds={row_kinds(t)}
                rows={form.arguments.clone()} errors={row_errors(&problems, t)} {hints}
                onchange={draft.puts(|(form, _), rows: Vec<Row>| form.arguments = rows)}
            />
            { for doubts.iter().map(|doubt| html! { <p class="form-doubt" role="status">{ doubt }</p> }) }
        </FormFrame>
    }
}
