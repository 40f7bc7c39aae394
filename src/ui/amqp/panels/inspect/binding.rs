//! Bindings: a list of them, and the panel of one.

use std::rc::Rc;

use yew::prelude::*;

use crate::amqp::view::Binding;
use crate::ui::amqp::forms::binding::unbind;
use crate::ui::amqp::ids;
use crate::ui::amqp::page::{Page, use_page};
use crate::ui::amqp::panels::inspect::overview::{Fact, facts, link, table};
use crate::ui::amqp::panels::inspect::sheet;
use crate::ui::amqp::panels::parts::close;
use crate::ui::amqp::picture::Picture;
use crate::ui::amqp::why;
use crate::ui::components::{Button, ButtonKind};
use crate::ui::shared::Shared;

/// The bindings among `all` that `fits` chooses, each with a button that takes it away; and how many they are.
pub fn list(page: &Page, all: &[Rc<Binding>], fits: impl Fn(&Binding) -> bool) -> (Html, usize) {
    let t = page.t();
    let fitting: Vec<&Rc<Binding>> = all.iter().filter(|binding| fits(binding)).collect();
    let rows = fitting.iter().map(|binding| {
        let method = unbind(binding);
        let onclick = page.on(move |page, _: MouseEvent| {
            page.driver.call(method.clone());
        });
        let arguments = why::table(&binding.arguments);
        html! {
            <li>
                <span>
                    { link(page, ids::exchange(&binding.source), binding.source.as_str()) }{ " → " }
                    { link(page, ids::destination(&binding.destination), binding.destination.as_str()) }
                    if !binding.routing_key.is_empty() { { " · " }<code class="key">{ binding.routing_key.to_string() }</code> }
                    if !arguments.is_empty() { { " · " }<code>{ arguments }</code> }
                </span>
                <Button kind={ButtonKind::Quiet} label={t.unbind} {onclick} />
            </li>
        }
    });
    let html = html! {
        <>
            if fitting.is_empty() { <p class="muted">{ t.no_bindings }</p> }
            <ul class="things">{ for rows }</ul>
        </>
    };
    (html, fitting.len())
}

#[derive(Properties, PartialEq)]
pub struct InspectBindingProps {
    pub picture: Shared<Picture>,
    /// The id of its edge.
    pub edge: AttrValue,
}

/// A binding, or what another kind of edge says.
#[component]
pub fn InspectBinding(props: &InspectBindingProps) -> Html {
    let page = use_page();
    let t = page.t();
    let picture = &props.picture;
    let Some(binding) =
        crate::ui::amqp::paint::binding_of(&props.edge, &picture.world.broker.bindings)
    else {
        let edges = &picture.scene.edges;
        let edge = edges.iter().find(|edge| *edge.id.as_str() == *props.edge);
        let body = html! { <p>{ edge.map(|edge| edge.describe.to_string()) }</p> };
        return sheet(&page, "", t.details, body);
    };
    let kind = crate::ui::amqp::panels::kind_of(picture, binding.source.as_str());
    let method = unbind(binding);
    let onclick = page.on(move |page, _: MouseEvent| {
        page.driver.call(method.clone());
        close(page);
    });
    let mut rows: Vec<Fact> = vec![
        (
            t.source,
            link(
                &page,
                ids::exchange(&binding.source),
                binding.source.as_str(),
            ),
        ),
        (
            t.destination,
            link(
                &page,
                ids::destination(&binding.destination),
                binding.destination.as_str(),
            ),
        ),
        (
            t.routing_key,
            html! { <code>{ binding.routing_key.to_string() }</code> },
        ),
    ];
    if !binding.arguments.is_empty() {
        rows.push((t.arguments, table(&binding.arguments)));
    }
    let body = html! {
        <div class="section-body">
            { facts(rows) }
            if let Some(kind) = kind {
                <p class="muted">{ crate::ui::amqp::panels::add_exchange::kind_help(kind, page.lang) }</p>
            }
            <Button kind={ButtonKind::Danger} label={t.unbind} {onclick} />
        </div>
    };
    let name = format!("{} → {}", binding.source, binding.destination);
    sheet(&page, t.binding_title, &name, body)
}
