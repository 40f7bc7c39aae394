//! What the forms for programs share: the choices they offer, and how a program comes onto the canvas.

use std::rc::Rc;

use yew::prelude::*;

use crate::actors::form::{Form, ProducerForm, When};
use crate::actors::{ProgramId, ProgramSpec, ProgramView};
use crate::ordered::sort_by_key;
use crate::ui::amqp::forms::names;
use crate::ui::amqp::forms::programs::Plan;
use crate::ui::amqp::page::{Page, Sheet};
use crate::ui::amqp::picture::Picture;
use crate::ui::canvas::scene::Tone;
use crate::ui::components::Choice;
use crate::ui::text::{Texts, script};

/// The colour after those that are there; the last is the person's own.
pub fn next_colour(picture: &Picture) -> u8 {
    u8::try_from(picture.world.programs.len() % 7).unwrap_or(0)
}

/// `base-1`, or the first number after it that no program has.
pub fn free_name(picture: &Picture, base: &str) -> String {
    names::free(base, |name| {
        picture
            .world
            .programs
            .iter()
            .any(|program| &*program.name == name)
    })
}

/// Puts a filled-in form on the canvas: a new program, or another one in its place.
pub fn put_on_canvas(
    page: &Page,
    picture: &Picture,
    program: Option<ProgramId>,
    name: &str,
    form: Form,
) {
    let plan = match &form {
        Form::Producer(ProducerForm {
            exchange,
            routing_key,
            when: When::ByHand,
            ..
        }) => Some(Plan {
            exchange: exchange.as_str().into(),
            routing_key: routing_key.as_str().into(),
        }),
        Form::Producer(_) | Form::Consumer(_) => None,
    };
    put(
        page,
        picture,
        program,
        ProgramSpec::filled(name, form),
        plan,
    );
}

/// Puts a program on the canvas: a new one, or another one in its place.
pub fn put(
    page: &Page,
    picture: &Picture,
    program: Option<ProgramId>,
    spec: ProgramSpec,
    plan: Option<Plan>,
) {
    let known = program.and_then(|id| find(picture, id));
    let spec = ProgramSpec {
        colour: known.map_or_else(|| next_colour(picture), |view| view.colour),
        ..spec
    };
    let done = match program {
        None => page.driver.add_program(spec, plan),
        Some(id) => {
            if let Some(plan) = plan {
                page.driver.plan(Rc::clone(&spec.name), plan);
            }
            page.driver.edit_program(id, spec)
        }
    };
    match done {
        Ok(()) => page.open.emit(Sheet::Inspector),
        Err(error) => page.notify(Tone::Error, script::error(&error, page.lang), None),
    }
}

/// The program of that number.
pub fn find(picture: &Picture, id: ProgramId) -> Option<&ProgramView> {
    picture.world.programs.iter().find(|p| p.id == id)
}

/// The script that a form stands for, to be read.
pub fn script_fold(form: Option<&Form>, t: &'static Texts) -> Html {
    let Some(form) = form else {
        return Html::default();
    };
    let text = form.script();
    let lines = text
        .lines()
        .map(|line| html! { <li><code>{ line }</code></li> });
    html! {
        <details class="fold">
            <summary>{ t.script }</summary>
            <ol class="script">{ for lines }</ol>
        </details>
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
