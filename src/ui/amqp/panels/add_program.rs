//! The forms "Add a producer" and "Add a consumer".

use yew::prelude::*;

use crate::actors::ProgramSpec;
use crate::ordered::sort_by_key;
use crate::ui::amqp::forms::programs::{AckChoice, ConsumerForm, Plan, ProducerForm};
use crate::ui::amqp::forms::{Field, names};
use crate::ui::amqp::page::{Page, Sheet, use_page};
use crate::ui::amqp::panels::parts::{FormFrame, error, use_draft};
use crate::ui::amqp::picture::Picture;
use crate::ui::canvas::scene::Tone;
use crate::ui::components::{Choice, Select, TextField, TextInput};
use crate::ui::shared::Shared;
use crate::ui::text::Texts;

#[derive(Properties, PartialEq)]
pub struct AddProgramProps {
    pub picture: Shared<Picture>,
    /// For a consumer: the queue that is meant already.
    #[prop_or_default]
    pub queue: Option<AttrValue>,
}

/// The colour after those that are there; the last is the person's own.
fn next_colour(picture: &Picture) -> u8 {
    u8::try_from(picture.world.programs.len() % 7).unwrap_or(0)
}

fn free_name(picture: &Picture, base: &str) -> String {
    names::free(base, |name| {
        picture
            .world
            .programs
            .iter()
            .any(|program| &*program.name == name)
    })
}

/// Puts a new program on the canvas.
fn add(page: &Page, spec: ProgramSpec, plan: Option<Plan>) {
    match page.driver.add_program(spec, plan) {
        Ok(()) => page.open.emit(Sheet::Inspector),
        Err(error) => page.notify(Tone::Error, error.to_string(), None),
    }
}

/// The exchanges one may publish to, the default one first.
pub fn exchange_choices(picture: &Picture, t: &Texts) -> Vec<Choice> {
    let mut exchanges: Vec<&str> = picture
        .world
        .broker
        .exchanges
        .iter()
        .map(|exchange| exchange.id.as_str())
        .filter(|name| !name.is_empty())
        .collect();
    // A person's own come before the predeclared.
    sort_by_key(&mut exchanges, |name| (name.starts_with("amq."), *name));
    std::iter::once(Choice::new("", t.default_exchange))
        .chain(
            exchanges
                .into_iter()
                .map(|name| Choice::new(name.to_string(), name.to_string())),
        )
        .collect()
}

/// The queues there are.
pub fn queue_choices(picture: &Picture) -> Vec<Choice> {
    picture
        .world
        .broker
        .queues
        .iter()
        .map(|queue| Choice::new(queue.id.to_string(), queue.id.to_string()))
        .collect()
}

/// The form "Add a producer".
#[component]
pub fn AddProducer(props: &AddProgramProps) -> Html {
    let page = use_page();
    let t = page.t();
    let draft = use_draft(|| {
        let exchanges = exchange_choices(&props.picture, t);
        let own = exchanges
            .get(1)
            .filter(|choice| !choice.value.starts_with("amq."));
        let queues = queue_choices(&props.picture);
        let form = ProducerForm {
            name: free_name(&props.picture, "producer").into(),
            exchange: own.map(|choice| choice.value.clone()).unwrap_or_default(),
            routing_key: match (own, queues.first()) {
                (None, Some(queue)) => queue.value.clone(),
                _ => AttrValue::default(),
            },
        };
        (form, false)
    });
    let colour = next_colour(&props.picture);
    let onsubmit = {
        let (page, draft) = (page.clone(), draft.clone());
        Callback::from(move |()| {
            let (spec, problems) = draft.get().0.read(colour);
            if problems.forbids() {
                draft.change(|(_, tried)| *tried = true);
                return;
            }
            let plan = draft.get().0.plan();
            add(&page, spec, Some(plan));
        })
    };
    let state = draft.get();
    let (form, tried) = (&state.0, state.1);
    let (_, problems) = form.read(colour);
    html! {
        <FormFrame
            title={t.add_producer} submit={t.add_producer_button} {onsubmit}
            wrong={(tried && problems.forbids()).then(|| AttrValue::from(t.form_has_problems))}
        >
            <TextField
                label={t.program_name} input={TextInput::Code} value={form.name.clone()}
                error={error(&problems, Field::Name, tried, t)}
                oncommit={draft.puts(|(form, _), name| form.name = name)}
                ontype={draft.puts(|(form, _), name| form.name = name)}
            />
            <Select
                label={t.publishes_to} choices={exchange_choices(&props.picture, t)} selected={form.exchange.clone()}
                onselect={draft.puts(|(form, _), exchange| form.exchange = exchange)}
            />
            <TextField
                label={t.routing_key} input={TextInput::Code} value={form.routing_key.clone()}
                error={error(&problems, Field::RoutingKey, tried, t)}
                oncommit={draft.puts(|(form, _), key| form.routing_key = key)}
                ontype={draft.puts(|(form, _), key| form.routing_key = key)}
            />
        </FormFrame>
    }
}

/// The form "Add a consumer".
#[component]
pub fn AddConsumer(props: &AddProgramProps) -> Html {
    let page = use_page();
    let t = page.t();
    let queues = queue_choices(&props.picture);
    let draft = use_draft(|| {
        let first = queues.first().map(|choice| choice.value.clone());
        let queue = props.queue.clone().or(first);
        (
            ConsumerForm::new(free_name(&props.picture, "consumer"), queue),
            false,
        )
    });
    let colour = next_colour(&props.picture);
    let onsubmit = {
        let (page, draft) = (page.clone(), draft.clone());
        Callback::from(move |()| {
            let (spec, problems) = draft.get().0.read(colour);
            match spec {
                Some(spec) if !problems.forbids() => add(&page, spec, None),
                _ => draft.change(|(_, tried)| *tried = true),
            }
        })
    };
    let state = draft.get();
    let (form, tried) = (&state.0, state.1);
    let (_, problems) = form.read(colour);
    html! {
        <FormFrame
            title={t.add_consumer} submit={t.add_consumer_button} {onsubmit}
            wrong={(tried && problems.forbids()).then(|| AttrValue::from(t.form_has_problems))}
        >
            <TextField
                label={t.program_name} input={TextInput::Code} value={form.name.clone()}
                error={error(&problems, Field::Name, tried, t)}
                oncommit={draft.puts(|(form, _), name| form.name = name)}
                ontype={draft.puts(|(form, _), name| form.name = name)}
            />
            <Select
                label={t.queue_title} choices={queues.clone()} selected={form.queue.clone().unwrap_or_default()}
                error={error(&problems, Field::Queue, tried, t)}
                onselect={draft.puts(|(form, _), queue| form.queue = Some(queue))}
            />
            <TextField
                label={t.prefetch} help={t.prefetch_help} input={TextInput::Number} value={form.prefetch.clone()}
                error={error(&problems, Field::Prefetch, tried, t)}
                oncommit={draft.puts(|(form, _), count| form.prefetch = count)}
            />
            <Select
                label={t.ack_mode} choices={ack_choices(t)} selected={form.ack.as_str()}
                onselect={draft.puts(|(form, _), choice: AttrValue| form.ack = AckChoice::parse(&choice))}
            />
            if form.ack == AckChoice::AfterWork {
                <TextField
                    label={t.work_ms} input={TextInput::Number} value={form.work_ms.clone()}
                    error={error(&problems, Field::Work, tried, t)}
                    oncommit={draft.puts(|(form, _), ms| form.work_ms = ms)}
                />
            }
        </FormFrame>
    }
}

fn ack_choices(t: &Texts) -> Vec<Choice> {
    AckChoice::ALL
        .into_iter()
        .map(|choice| {
            let label = match choice {
                AckChoice::ByHand => t.ack_manual,
                AckChoice::Automatic => t.ack_automatic,
                AckChoice::AfterWork => t.ack_after_work,
            };
            Choice::new(choice.as_str(), label)
        })
        .collect()
}
