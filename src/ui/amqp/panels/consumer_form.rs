//! The form of a consumer, a new one or one that is there.

use yew::prelude::*;

use crate::actors::ProgramId;
use crate::actors::form::{Form, Mishap};
use crate::ui::amqp::forms::consuming::{AckChoice, ConsumerDraft, Spell};
use crate::ui::amqp::forms::described::Spot;
use crate::ui::amqp::page::use_page;
use crate::ui::amqp::panels::add_program::{exchange_choices, free_name, queue_choices};
use crate::ui::amqp::panels::inputs::Line;
use crate::ui::amqp::panels::program_form::{Fields, use_program_form};
use crate::ui::amqp::picture::Picture;
use crate::ui::components::Choice;
use crate::ui::shared::Shared;
use crate::ui::text::ProgramTexts;

#[derive(Properties, PartialEq)]
pub struct ConsumerSheetProps {
    pub picture: Shared<Picture>,
    /// The queue that is meant already.
    #[prop_or_default]
    pub queue: Option<AttrValue>,
    /// The one that is edited; without, a new one.
    #[prop_or_default]
    pub program: Option<ProgramId>,
}

/// The form of a consumer.
#[component]
pub fn ConsumerSheet(props: &ConsumerSheetProps) -> Html {
    let page = use_page();
    let (t, p) = (page.t(), page.lang.programs());
    let form = use_program_form(&props.picture, props.program, || begin(props));
    let titles = match props.program {
        Some(_) => (p.edit_consumer, p.save),
        None => (t.add_consumer, t.add_consumer_button),
    };
    form.view(titles, |fields| {
        let typed = fields.form;
        let works = typed.ack != AckChoice::ByHand;
        html! {
            <>
                { fields.name() }
                { source(&fields, &props.picture) }
                <fieldset class="group"><legend>{ p.group_work }</legend>{ work(&fields) }</fieldset>
                if works {
                    <details class="fold" open={typed.fails != "0"}>
                        <summary>{ p.group_failure }</summary>
                        { failure(&fields) }
                    </details>
                    <details class="fold" open={typed.onward || typed.reply}>
                        <summary>{ p.group_onward }</summary>
                        { onward(&fields, &props.picture) }
                    </details>
                }
                <details class="fold">
                    <summary>{ p.group_connection }</summary>
                    if works { { fields.times(p.handled) } }
                    { fields.reconnect() }
                </details>
            </>
        }
    })
}

/// What stands in the form at first.
fn begin(props: &ConsumerSheetProps) -> ConsumerDraft {
    let picture = &props.picture;
    let mut programs = picture.world.programs.iter();
    let found = props.program.and_then(|id| programs.find(|p| p.id == id));
    if let Some(view) = found
        && let Some(Form::Consumer(form)) = view.form.as_deref()
    {
        return ConsumerDraft::of(&view.name, form);
    }
    let first = queue_choices(picture).first().map(|c| c.value.clone());
    let queue = props.queue.clone().or(first);
    ConsumerDraft::new(free_name(picture, "consumer"), queue)
}

fn source(fields: &Fields<'_, ConsumerDraft>, picture: &Picture) -> Html {
    let (inputs, form, t, p) = (&fields.inputs, fields.form, fields.t, fields.p);
    let sources = vec![
        Choice::new("queue", p.source_queue),
        Choice::new("own", p.source_own),
    ];
    let mut queues = queue_choices(picture);
    if let Some(queue) = &form.queue
        && !queues.iter().any(|choice| choice.value == *queue)
    {
        queues.push(Choice::new(queue.clone(), queue.clone()));
    }
    let missing = inputs.wrongs.tell(Spot::Queue).map(str::to_string);
    let prefetch = Line::number(t.prefetch, Spot::Prefetch)
        .help(fields.page.i().help_prefetch)
        .note(fields.page.note("1", "consumer-prefetch"));
    html! {
        <fieldset class="group">
            <legend>{ p.group_source }</legend>
            { inputs.choice(p.source, sources, if form.own { "own" } else { "queue" }, |form, word| form.own = word == "own") }
            if form.own {
                { inputs.choice(p.bound_to, exchange_choices(picture, t).into_iter().skip(1).collect(), form.exchange.clone(),
                    |form, name| form.exchange = name) }
                { inputs.line(Line::code(t.routing_key, Spot::RoutingKey), &form.routing_key, |form, key| form.routing_key = key) }
            } else {
                { inputs.choice(t.queue_title, queues, form.queue.clone().unwrap_or_default(), |form, name| form.queue = Some(name)) }
                if let Some(missing) = missing { <p class="field-error">{ missing }</p> }
            }
            { inputs.line(prefetch, &form.prefetch, |form, count| form.prefetch = count) }
        </fieldset>
    }
}

fn work(fields: &Fields<'_, ConsumerDraft>) -> Html {
    let (inputs, form, t, p) = (&fields.inputs, fields.form, fields.t, fields.p);
    let acks = AckChoice::ALL
        .into_iter()
        .map(|choice| {
            let label = match choice {
                AckChoice::ByHand => t.ack_manual,
                AckChoice::Automatic => t.ack_automatic,
                AckChoice::BeforeWork => p.ack_before,
                AckChoice::AfterWork => t.ack_after_work,
                AckChoice::Batch => p.ack_batch,
            };
            Choice::new(choice.as_str(), label)
        })
        .collect();
    let (first, second) = match form.spell {
        Spell::Fixed => (p.spell_time, None),
        Spell::Range => (p.spell_from, Some(p.spell_to)),
        Spell::Exponential => (p.spell_mean, None),
        Spell::Normal => (p.spell_mean, Some(p.spell_deviation)),
    };
    let about = (
        t.ack_mode,
        Some(fields.page.i().help_ack_mode),
        fields.page.note("", "confirms#acknowledgement-modes"),
    );
    html! {
        <>
            { inputs.explained(about, acks, form.ack.as_str(), |form, word| form.ack = AckChoice::parse(&word)) }
            if form.ack == AckChoice::Batch {
                { inputs.line(Line::number(p.batch, Spot::Batch), &form.batch, |form, size| form.batch = size) }
            }
            if form.ack != AckChoice::ByHand {
                { inputs.choice(p.spell, spells(p), form.spell.as_str(), |form, word| form.spell = Spell::parse(&word)) }
                { inputs.line(Line::code(first, Spot::Work), &form.work, |form, text| form.work = text) }
                if let Some(second) = second {
                    { inputs.line(Line::code(second, Spot::WorkMore), &form.work_more, |form, text| form.work_more = text) }
                }
            }
        </>
    }
}

fn failure(fields: &Fields<'_, ConsumerDraft>) -> Html {
    let (inputs, form, p) = (&fields.inputs, fields.form, fields.p);
    let can_settle = matches!(form.ack, AckChoice::AfterWork | AckChoice::Batch);
    let mishaps = Mishap::ALL
        .into_iter()
        .filter(|mishap| can_settle || matches!(mishap, Mishap::Crash | Mishap::Hang))
        .map(|mishap| Choice::new(mishap.statement(), mishap_words(mishap, p)))
        .collect();
    html! {
        <>
            { inputs.line(Line::number(p.fails, Spot::Fails), &form.fails, |form, text| form.fails = text) }
            { inputs.choice(p.then, mishaps, form.then.statement(), |form, word| {
                form.then = Mishap::ALL.into_iter().find(|m| m.statement() == word).unwrap_or(Mishap::Crash);
            }) }
        </>
    }
}

fn onward(fields: &Fields<'_, ConsumerDraft>, picture: &Picture) -> Html {
    let (inputs, form, t, p) = (&fields.inputs, fields.form, fields.t, fields.p);
    html! {
        <>
            { inputs.tick(p.onward, Some(p.onward_help), form.onward, |form, on| form.onward = on) }
            if form.onward {
                { inputs.choice(p.onward_exchange, exchange_choices(picture, t), form.onward_exchange.clone(),
                    |form, name| form.onward_exchange = name) }
                { inputs.line(Line::code(p.onward_key, Spot::Whole), &form.onward_key, |form, key| form.onward_key = key) }
                { inputs.line(Line::code(p.onward_payload, Spot::Whole).help(p.payload_help), &form.onward_payload,
                    |form, text| form.onward_payload = text) }
                { inputs.tick(p.persistent, None, form.onward_persistent, |form, on| form.onward_persistent = on) }
            }
            { inputs.tick(p.reply, Some(p.reply_help), form.reply, |form, on| form.reply = on) }
            if form.reply {
                { inputs.line(Line::code(p.reply_payload, Spot::Whole), &form.reply_payload, |form, text| form.reply_payload = text) }
            }
        </>
    }
}

fn mishap_words(mishap: Mishap, p: &ProgramTexts) -> &'static str {
    match mishap {
        Mishap::NackRequeue => p.then_nack_requeue,
        Mishap::NackDiscard => p.then_nack_discard,
        Mishap::RejectRequeue => p.then_reject_requeue,
        Mishap::RejectDiscard => p.then_reject_discard,
        Mishap::Crash => p.then_crash,
        Mishap::Hang => p.then_hang,
    }
}

fn spells(p: &ProgramTexts) -> Vec<Choice> {
    Spell::ALL
        .into_iter()
        .map(|spell| {
            let label = match spell {
                Spell::Fixed => p.spell_fixed,
                Spell::Range => p.spell_range,
                Spell::Exponential => p.spell_exp,
                Spell::Normal => p.spell_normal,
            };
            Choice::new(spell.as_str(), label)
        })
        .collect()
}
