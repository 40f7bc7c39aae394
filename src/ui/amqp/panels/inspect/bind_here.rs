//! "Add binding" in its place: one end is the thing that is looked at.

use yew::prelude::*;

use crate::ui::amqp::forms::Field;
use crate::ui::amqp::forms::binding::{BindingForm, Target};
use crate::ui::amqp::page::{use_page, went_wrong};
use crate::ui::amqp::panels::add_binding::{destinations, kind_of, sources, what_matches};
use crate::ui::amqp::panels::parts::{error, use_draft};
use crate::ui::amqp::picture::Picture;
use crate::ui::components::{Button, Select};
use crate::ui::shared::Shared;

/// The end that is looked at.
#[derive(Clone, Debug, PartialEq)]
pub enum End {
    Source(AttrValue),
    Destination(Target),
}

#[derive(Properties, PartialEq)]
pub struct BindHereProps {
    pub picture: Shared<Picture>,
    pub end: End,
}

/// "Add binding" in its place.
#[component]
pub fn BindHere(props: &BindHereProps) -> Html {
    let page = use_page();
    let (t, i) = (page.t(), page.i());
    let done = use_state(|| false);
    let (sources, destinations) = (sources(&props.picture), destinations(&props.picture, t));
    let draft = use_draft(|| (BindingForm::default(), false));
    let form = {
        let state = draft.get();
        let mut form = state.0.clone();
        match &props.end {
            End::Source(name) => {
                form.source = Some(name.clone());
                let mut known = destinations
                    .iter()
                    .filter_map(|choice| Target::parse(&choice.value));
                form.target = form
                    .target
                    .or_else(|| known.find(|target| target.name() != name));
            }
            End::Destination(target) => {
                form.target = Some(target.clone());
                let mut known = sources.iter().map(|choice| choice.value.clone());
                form.source = form
                    .source
                    .or_else(|| known.find(|name| name != target.name()));
            }
        }
        form
    };
    let tried = draft.get().1;
    let (_, problems) = form.read();
    let onsubmit = {
        let (page, draft, done, filled) = (page.clone(), draft.clone(), done.clone(), form.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            // The ends as they are shown, the rest as it was typed in the same moment.
            let typed = draft.get().0.clone();
            let form = BindingForm {
                source: filled.source.clone(),
                target: filled.target.clone(),
                ..typed
            };
            let (method, problems) = form.read();
            match method {
                Some(method) if !problems.forbids() => {
                    let went_well = !went_wrong(&page.driver.call(method));
                    done.set(went_well);
                    if went_well {
                        draft.change(|(form, tried)| {
                            form.routing_key = AttrValue::default();
                            form.arguments.clear();
                            *tried = false;
                        });
                    }
                }
                _ => draft.change(|(_, tried)| *tried = true),
            }
        })
    };
    let (title, other) = match &props.end {
        End::Source(_) => {
            let selected = form.target.as_ref().map(Target::option).unwrap_or_default();
            let onselect = draft.puts(|(form, _): &mut (BindingForm, bool), option: AttrValue| {
                form.target = Target::parse(&option);
            });
            (
                i.bind_from_exchange,
                html! {
                    <Select
                        label={t.destination} choices={destinations} {selected} {onselect}
                        error={error(&problems, Field::Destination, tried, t)}
                    />
                },
            )
        }
        End::Destination(_) => {
            let selected = form.source.clone().unwrap_or_default();
            let onselect = draft
                .puts(|(form, _): &mut (BindingForm, bool), source| form.source = Some(source));
            (
                i.bind_to_queue,
                html! {
                    <Select
                        label={t.source} choices={sources} {selected} {onselect}
                        error={error(&problems, Field::Source, tried, t)}
                    />
                },
            )
        }
    };
    let kind = form
        .source
        .as_ref()
        .and_then(|source| kind_of(&props.picture, source));
    html! {
        <details class="fold">
        <summary>{ title }</summary>
        <form class="in-place" aria-label={title} novalidate=true {onsubmit}>
            { other }
            { what_matches(&draft, kind, t) }
            <div class="in-place-foot">
                <Button submits=true label={t.bind_button} onclick={|_| ()} />
                if *done { <p class="sheet-done" role="status">{ i.bound }</p> }
            </div>
        </form>
        </details>
    }
}
