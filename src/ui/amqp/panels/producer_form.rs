//! The form of a producer, a new one or one that is there.

use std::rc::Rc;

use yew::prelude::*;

use crate::actors::ProgramId;
use crate::actors::form::{Form, When};
use crate::ui::amqp::forms::described::Spot;
use crate::ui::amqp::forms::producing::{ProducerDraft, Timing};
use crate::ui::amqp::page::use_page;
use crate::ui::amqp::panels::add_program::{exchange_choices, free_name, queue_choices};
use crate::ui::amqp::panels::curve_pad::CurvePad;
use crate::ui::amqp::panels::inputs::{Line, Typed};
use crate::ui::amqp::panels::parts::{row_kinds, row_words};
use crate::ui::amqp::panels::program_form::{Fields, use_program_form};
use crate::ui::amqp::picture::Picture;
use crate::ui::components::{Choice, Row, RowHint, RowsEditor};
use crate::ui::shared::Shared;
use crate::ui::text::{ProgramTexts, Texts};

#[derive(Properties, PartialEq)]
pub struct ProducerSheetProps {
    pub picture: Shared<Picture>,
    /// The one that is edited; without, a new one.
    #[prop_or_default]
    pub program: Option<ProgramId>,
}

/// The form of a producer.
#[component]
pub fn ProducerSheet(props: &ProducerSheetProps) -> Html {
    let page = use_page();
    let (t, p) = (page.t(), page.lang.programs());
    let form = use_program_form(&props.picture, props.program, || {
        begin(&props.picture, props.program, t)
    });
    let titles = match props.program {
        Some(_) => (p.edit_producer, p.save),
        None => (t.add_producer, t.add_producer_button),
    };
    form.view(titles, |fields| {
        html! {
            <>
                { who(&fields, &props.picture) }
                <fieldset class="group"><legend>{ p.group_when }</legend>{ when(&fields) }</fieldset>
                <details class="fold">
                    <summary>{ p.group_message }</summary>
                    { message(&fields) }
                </details>
                <details class="fold">
                    <summary>{ p.group_notices }</summary>
                    { notices(&fields) }
                </details>
                <details class="fold">
                    <summary>{ p.group_connection }</summary>
                    { fields.reconnect() }
                </details>
            </>
        }
    })
}

/// What stands in the form at first.
fn begin(picture: &Picture, program: Option<ProgramId>, t: &Texts) -> ProducerDraft {
    let found = program.and_then(|id| picture.world.programs.iter().find(|p| p.id == id));
    if let Some(view) = found
        && let Some(Form::Producer(form)) = view.form.as_deref()
    {
        let mut draft = ProducerDraft::of(&view.name, form);
        if let Some(plan) = picture.plans.get(&view.name)
            && form.when == When::ByHand
        {
            draft.exchange = AttrValue::from(Rc::clone(&plan.exchange));
            draft.routing_key = AttrValue::from(Rc::clone(&plan.routing_key));
        }
        return draft;
    }
    let exchanges = exchange_choices(picture, t);
    let own = exchanges
        .get(1)
        .filter(|choice| !choice.value.starts_with("amq."));
    let queues = queue_choices(picture);
    ProducerDraft {
        exchange: own.map(|choice| choice.value.clone()).unwrap_or_default(),
        routing_key: match (own, queues.first()) {
            (None, Some(queue)) => queue.value.clone(),
            _ => AttrValue::default(),
        },
        ..ProducerDraft::new(free_name(picture, "producer"))
    }
}

fn who(fields: &Fields<'_, ProducerDraft>, picture: &Picture) -> Html {
    let (inputs, form, t) = (&fields.inputs, fields.form, fields.t);
    html! {
        <>
            { fields.name() }
            { inputs.choice(t.publishes_to, exchange_choices(picture, t), form.exchange.clone(), |form, name| form.exchange = name) }
            { inputs.line(Line::code(t.routing_key, Spot::RoutingKey), &form.routing_key, |form, key| form.routing_key = key) }
        </>
    }
}

fn when(fields: &Fields<'_, ProducerDraft>) -> Html {
    let (inputs, form, p) = (&fields.inputs, fields.form, fields.p);
    let poisson = || {
        inputs.tick(p.poisson, Some(p.poisson_help), form.poisson, |form, on| {
            form.poisson = on
        })
    };
    let details = match form.timing {
        Timing::ByHand | Timing::Once => Html::default(),
        Timing::Every => inputs.line(
            Line::code(p.every, Spot::Every),
            &form.every,
            |form, text| form.every = text,
        ),
        Timing::Rate => html! {
            <>
                { inputs.line(Line::number(p.per_second, Spot::Rate), &form.rate, |form, text| form.rate = text) }
                { poisson() }
            </>
        },
        Timing::Burst => html! {
            <>
                { inputs.line(Line::number(p.burst, Spot::Burst), &form.burst, |form, text| form.burst = text) }
                { inputs.line(Line::code(p.burst_every, Spot::BurstEvery), &form.burst_every, |form, text| form.burst_every = text) }
                { inputs.line(Line::code(p.burst_gap, Spot::BurstGap), &form.burst_gap, |form, text| form.burst_gap = text) }
            </>
        },
        Timing::Curve => html! {
            <>
                <CurvePad
                    label={p.curve_pad} points={form.curve.clone()}
                    ondraw={inputs.draft.puts(|typed: &mut Typed<ProducerDraft>, text| typed.form.curve = text)}
                />
                { inputs.line(Line::code(p.curve, Spot::Curve).help(p.curve_help), &form.curve, |form, text| form.curve = text) }
                { inputs.tick(p.again, None, form.again, |form, on| form.again = on) }
                { poisson() }
            </>
        },
        Timing::OnReply => inputs.line(
            Line::code(p.timeout, Spot::Timeout),
            &form.timeout,
            |form, text| form.timeout = text,
        ),
    };
    let ends = !matches!(form.timing, Timing::ByHand | Timing::Once);
    html! {
        <>
            { inputs.choice(p.when, timings(p), form.timing.as_str(), |form, word| form.timing = Timing::parse(&word)) }
            { details }
            if ends {
                { fields.times(p.times) }
            }
        </>
    }
}

fn message(fields: &Fields<'_, ProducerDraft>) -> Html {
    let draft = fields.inputs.draft;
    let (inputs, form, t, p) = (&fields.inputs, fields.form, fields.t, fields.p);
    let hints: Vec<RowHint> = crate::actors::script::PROPERTIES
        .into_iter()
        .map(|name| RowHint {
            name: name.into(),
            kind: "string".into(),
            label: name.into(),
            help: name.into(),
            ..RowHint::default()
        })
        .collect();
    let modes = vec![
        Choice::new("1", t.delivery_mode_1),
        Choice::new("2", t.delivery_mode_2),
    ];
    html! {
        <>
            { inputs.line(Line::area(t.payload, Spot::Whole).help(p.payload_help), &form.payload, |form, text| form.payload = text) }
            { inputs.choice(t.delivery_mode, modes, if form.persistent { "2" } else { "1" }, |form, mode| form.persistent = mode == "2") }
            { inputs.tick(t.mandatory, Some(t.mandatory_help), form.mandatory, |form, on| form.mandatory = on) }
            <RowsEditor
                label={t.headers} words={row_words(t, t.add_header)} kinds={row_kinds(t)}
                rows={form.headers.clone()} errors={inputs.wrongs.rows(Spot::Headers)}
                onchange={draft.puts(|typed: &mut Typed<ProducerDraft>, rows: Vec<Row>| typed.form.headers = rows)}
            />
            <RowsEditor
                label={t.properties} words={row_words(t, t.add_property)} {hints}
                kinds={vec![Choice::new("string", t.type_string)]}
                rows={form.properties.clone()} errors={inputs.wrongs.rows(Spot::Properties)}
                onchange={draft.puts(|typed: &mut Typed<ProducerDraft>, rows: Vec<Row>| typed.form.properties = rows)}
            />
        </>
    }
}

fn notices(fields: &Fields<'_, ProducerDraft>) -> Html {
    let (inputs, form, p) = (&fields.inputs, fields.form, fields.p);
    let retries = form.on_nack == "retry" || form.on_return == "retry";
    html! {
        <>
            { inputs.tick(p.confirms, Some(p.confirms_help), form.confirms, |form, on| form.confirms = on) }
            if form.confirms {
                { inputs.choice(p.on_nack, reactions(p, p.retry), form.on_nack.clone(), |form, word| form.on_nack = word) }
            }
            if form.mandatory {
                { inputs.choice(p.on_return, reactions(p, p.retry), form.on_return.clone(), |form, word| form.on_return = word) }
            }
            if retries {
                { inputs.line(Line::code(p.retry_after, Spot::RetryAfter), &form.retry_after, |form, text| form.retry_after = text) }
            }
            { inputs.choice(p.on_blocked, reactions(p, p.wait), form.on_blocked.clone(), |form, word| form.on_blocked = word) }
        </>
    }
}

fn timings(p: &ProgramTexts) -> Vec<Choice> {
    Timing::ALL
        .into_iter()
        .map(|timing| {
            let label = match timing {
                Timing::ByHand => p.when_hand,
                Timing::Once => p.when_once,
                Timing::Every => p.when_every,
                Timing::Rate => p.when_rate,
                Timing::Burst => p.when_burst,
                Timing::Curve => p.when_curve,
                Timing::OnReply => p.when_reply,
            };
            Choice::new(timing.as_str(), label)
        })
        .collect()
}

fn reactions(p: &ProgramTexts, again: &'static str) -> Vec<Choice> {
    vec![
        Choice::new("ignore", p.ignore),
        Choice::new("retry", again),
        Choice::new("stop", p.stop),
    ]
}
