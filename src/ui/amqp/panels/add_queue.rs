//! The form "Add a new queue".

use yew::prelude::*;

use crate::actors::ProgramId;
use crate::amqp::protocol::ClientMethod;
use crate::amqp::view::QueueKind;
use crate::ui::amqp::forms::Field;
use crate::ui::amqp::forms::arguments;
use crate::ui::amqp::forms::declare::QueueForm;
use crate::ui::amqp::page::{Sheet, use_page, went_wrong};
use crate::ui::amqp::panels::parts::{
    FormFrame, error, row_errors, row_kinds, row_words, use_draft,
};
use crate::ui::amqp::picture::Picture;
use crate::ui::components::{Checkbox, Choice, Row, RowsEditor, Select, TextField, TextInput};
use crate::ui::shared::Shared;
use crate::ui::text::{Lang, Texts};

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
    let (method, problems) = form.read();
    let a = page.lang.arguments();
    let kind = form.kind.unwrap_or_else(|| default_type(&props.picture));
    let doubts = match &method {
        ClientMethod::QueueDeclare(declare) => {
            let mut own = declare.arguments.clone();
            own.0.retain(|(name, _)| name.as_bytes() != b"x-queue-type");
            arguments::doubts(&own, kind, page.lang)
        }
        _ => Vec::new(),
    };
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
                label={a.queue_type} help={a.queue_type_help} choices={types(&props.picture, page.lang)}
                selected={form.kind.map_or("", QueueKind::as_str)}
                onselect={draft.puts(|draft, value: AttrValue| draft.form.kind = QueueKind::parse(&value))}
            />
            if !form.is_plain() { <p class="muted">{ a.only_classic }</p> } else {
            <>
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
            </>
            }
            <RowsEditor
                label={t.arguments} words={row_words(t, t.add_argument)} kinds={row_kinds(t)}
                rows={form.arguments.clone()} errors={row_errors(&problems, t)} hints={arguments::of_queue(&page, kind)}
                onchange={draft.puts(|draft, rows: Vec<Row>| draft.form.arguments = rows)}
            />
            { for doubts.iter().map(|doubt| html! { <p class="form-doubt" role="status">{ doubt }</p> }) }
        </FormFrame>
    }
}

/// The type of a queue that names none.
fn default_type(picture: &Picture) -> QueueKind {
    let world = &picture.world;
    let types = &world.broker.default_queue_types;
    let here = types.iter().find(|(vhost, _)| *vhost == world.login.vhost);
    here.map_or(QueueKind::Classic, |(_, kind)| *kind)
}

/// The types of queues, the virtual host's first.
fn types(picture: &Picture, lang: Lang) -> Vec<Choice> {
    let a = lang.arguments();
    let default = format!("{} ({})", a.type_default, default_type(picture).as_str());
    vec![
        Choice::new("", default),
        Choice::new("classic", a.type_classic),
        Choice::new("quorum", a.type_quorum),
        Choice::new("stream", a.type_stream),
    ]
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
