//! The form "Add a new queue".

use yew::prelude::*;

use crate::actors::ProgramId;
use crate::ui::amqp::forms::Field;
use crate::ui::amqp::forms::declare::QueueForm;
use crate::ui::amqp::page::{Sheet, use_page, went_wrong};
use crate::ui::amqp::panels::parts::{
    FormFrame, error, row_errors, row_kinds, row_words, use_draft,
};
use crate::ui::amqp::picture::Picture;
use crate::ui::components::{
    Checkbox, Choice, Row, RowHint, RowsEditor, Select, TextField, TextInput,
};
use crate::ui::shared::Shared;
use crate::ui::text::Texts;

#[derive(Properties, PartialEq)]
pub struct AddQueueProps {
    pub picture: Shared<Picture>,
}

/// What is typed, by whom it is declared, and whether it was tried to send it.
struct Draft {
    form: QueueForm,
    by: Option<ProgramId>,
    tried: bool,
}

/// The form "Add a new queue".
#[component]
pub fn AddQueue(props: &AddQueueProps) -> Html {
    let page = use_page();
    let t = page.t();
    let draft = use_draft(|| Draft {
        form: QueueForm::default(),
        by: None,
        tried: false,
    });
    let onsubmit = {
        let (page, draft) = (page.clone(), draft.clone());
        Callback::from(move |()| {
            let (method, problems) = draft.get().form.read();
            let by = draft.get().by;
            if problems.forbids() {
                draft.change(|draft| draft.tried = true);
            } else if !went_wrong(&page.driver.call_as(by, method)) {
                page.open.emit(Sheet::Inspector);
            }
        })
    };
    let state = draft.get();
    let form = &state.form;
    let (_, problems) = form.read();
    let durability = vec![
        Choice::new("durable", t.durable),
        Choice::new("transient", t.transient),
    ];
    html! {
        <FormFrame
            title={t.add_queue} submit={t.add_queue_button} {onsubmit}
            wrong={(state.tried && problems.forbids()).then(|| AttrValue::from(t.form_has_problems))}
        >
            <TextField
                label={t.name} input={TextInput::Code} value={form.name.clone()} help={t.name_queue_help}
                error={error(&problems, Field::Name, state.tried, t)}
                oncommit={draft.puts(|draft, name| draft.form.name = name)}
                ontype={draft.puts(|draft, name| draft.form.name = name)}
            />
            <Select
                label={t.durability} choices={durability}
                selected={if form.durable { "durable" } else { "transient" }}
                onselect={draft.puts(|draft, value: AttrValue| draft.form.durable = value == "durable")}
            />
            <Checkbox
                label={t.exclusive} help={t.exclusive_help} checked={form.exclusive}
                onchange={draft.puts(|draft, on| draft.form.exclusive = on)}
            />
            if form.exclusive {
                <Select
                    label={t.declared_by} choices={declarers(&props.picture, t)}
                    selected={state.by.map_or_else(String::new, |id| id.0.to_string())}
                    onselect={draft.puts(|draft, value: AttrValue| draft.by = value.parse().ok().map(ProgramId))}
                />
            }
            <Checkbox
                label={t.auto_delete} help={t.auto_delete_queue_help} checked={form.auto_delete}
                onchange={draft.puts(|draft, on| draft.form.auto_delete = on)}
            />
            <RowsEditor
                label={t.arguments} words={row_words(t, t.add_argument)} kinds={row_kinds(t)}
                rows={form.arguments.clone()} errors={row_errors(&problems, t)} hints={hints(t)}
                onchange={draft.puts(|draft, rows: Vec<Row>| draft.form.arguments = rows)}
            />
        </FormFrame>
    }
}

/// Who may declare: the person, or a program that is connected.
fn declarers(picture: &Picture, t: &Texts) -> Vec<Choice> {
    let you = Choice::new("", t.operator_connection);
    let programs = picture.world.programs.iter();
    let connected = programs.filter(|program| program.connection.is_some());
    std::iter::once(you)
        .chain(
            connected
                .map(|program| Choice::new(program.id.0.to_string(), program.name.to_string())),
        )
        .collect()
}

/// The arguments the management UI offers for classic queues.
fn hints(t: &Texts) -> Vec<RowHint> {
    [
        ("x-message-ttl", "number", t.arg_ttl),
        ("x-dead-letter-exchange", "string", t.arg_dlx),
        ("x-dead-letter-routing-key", "string", t.arg_dlk),
        ("x-max-length", "number", t.arg_max_length),
        ("x-max-length-bytes", "number", t.arg_max_bytes),
        ("x-overflow", "string", t.arg_overflow),
        ("x-expires", "number", t.arg_expires),
        ("x-max-priority", "number", t.arg_max_priority),
        ("x-single-active-consumer", "boolean", t.arg_single_active),
    ]
    .into_iter()
    .map(|(name, kind, label)| RowHint {
        name: name.into(),
        kind: kind.into(),
        label: label.into(),
        help: name.into(),
        ..RowHint::default()
    })
    .collect()
}
