//! The same model as tables: complete without the canvas, and the way in on small screens.

use yew::prelude::*;

use crate::amqp::view::{ExchangeView, QueueView};
use crate::ui::amqp::ids;
use crate::ui::amqp::page::{Page, Sheet, use_page};
use crate::ui::amqp::paint::{is_predeclared, state_words};
use crate::ui::amqp::picture::Picture;
use crate::ui::amqp::why;
use crate::ui::canvas::scene::{NodeId, Target};
use crate::ui::shared::Shared;
use crate::ui::store::Action;
use crate::ui::text::Texts;

#[derive(Properties, PartialEq)]
pub struct TableViewProps {
    pub picture: Shared<Picture>,
}

/// Exchanges, queues, bindings and programs as tables.
#[component]
pub fn TableView(props: &TableViewProps) -> Html {
    let page = use_page();
    let t = page.t();
    let broker = &props.picture.world.broker;
    let exchanges = broker
        .exchanges
        .iter()
        .filter(|exchange| !is_predeclared(exchange.id.as_str()));
    html! {
        <div class="tables" tabindex="0" role="region" aria-label={t.table}>
            { table(t.exchanges, &[t.name, t.kind, t.table_features], t,
                exchanges.map(|exchange| exchange_row(&page, &props.picture, exchange)).collect()) }
            { table(t.queues, &[t.name, t.table_features, t.ready, t.unacked, t.total, t.consumers], t,
                broker.queues.iter().map(|queue| queue_row(&page, &props.picture, queue)).collect()) }
            { table(t.bindings, &[t.source, t.destination, t.routing_key, t.arguments], t, bindings(&page, &props.picture)) }
            { table(t.programs, &[t.name, t.kind, t.details, t.queue_title, t.unacked], t, programs(&page, &props.picture)) }
        </div>
    }
}

fn table(title: &str, heads: &[&'static str], t: &Texts, rows: Vec<Html>) -> Html {
    let heads = heads
        .iter()
        .map(|head| html! { <th scope="col">{ *head }</th> });
    html! {
        <section class="table-block">
            <h2>{ title }{ " " }<span class="count">{ rows.len() }</span></h2>
            if rows.is_empty() {
                <p class="muted">{ t.table_none }</p>
            } else {
                <div class="table-scroll" tabindex="0" role="region" aria-label={title.to_string()}>
                    <table><thead><tr>{ for heads }</tr></thead><tbody>{ for rows }</tbody></table>
                </div>
            }
        </section>
    }
}

/// A name that opens what it names.
fn link(page: &Page, node: NodeId, name: &str) -> Html {
    let onclick = page.on(move |page, _: MouseEvent| {
        let target = Target::Node(node.clone());
        page.dispatch.dispatch(Action::Select(Some(target)));
        page.open.emit(Sheet::Inspector);
    });
    html! { <button type="button" class="link" {onclick}><code>{ name }</code></button> }
}

fn badges(picture: &Picture, node: &NodeId) -> Html {
    let badges = picture.scene.node(node).map(|node| {
        node.badges
            .iter()
            .map(|badge| html! { <abbr class="badge" title={badge.title.to_string()}>{ &*badge.text }</abbr> })
            .collect::<Html>()
    });
    badges.unwrap_or_default()
}

fn exchange_row(page: &Page, picture: &Picture, exchange: &ExchangeView) -> Html {
    let node = ids::exchange(&exchange.id);
    html! {
        <tr key={exchange.id.to_string()}>
            <td>{ link(page, node.clone(), exchange.id.as_str()) }</td>
            <td>{ exchange.kind.as_str() }</td>
            <td>{ badges(picture, &node) }</td>
        </tr>
    }
}

fn queue_row(page: &Page, picture: &Picture, queue: &QueueView) -> Html {
    let node = ids::queue(&queue.id);
    html! {
        <tr key={queue.id.to_string()}>
            <td>{ link(page, node.clone(), queue.id.as_str()) }</td>
            <td>{ badges(picture, &node) }</td>
            <td class="number">{ queue.ready }</td>
            <td class="number">{ queue.unacked }</td>
            <td class="number">{ queue.ready + queue.unacked }</td>
            <td class="number">{ queue.consumers.len() }</td>
        </tr>
    }
}

fn bindings(page: &Page, picture: &Picture) -> Vec<Html> {
    let broker = &picture.world.broker;
    broker
        .bindings
        .iter()
        .filter(|binding| !binding.source.as_str().is_empty())
        .map(|binding| {
            html! {
                <tr key={ids::binding(binding).to_string()}>
                    <td>{ link(page, ids::exchange(&binding.source), binding.source.as_str()) }</td>
                    <td>{ link(page, ids::destination(&binding.destination), binding.destination.as_str()) }</td>
                    <td><code>{ binding.routing_key.to_string() }</code></td>
                    <td><code>{ why::table(&binding.arguments) }</code></td>
                </tr>
            }
        })
        .collect()
}

fn programs(page: &Page, picture: &Picture) -> Vec<Html> {
    let t = page.t();
    let unacked = |program: &crate::actors::ProgramView| {
        let queues = picture.world.broker.connections.iter();
        queues
            .filter(|connection| program.connection == Some(connection.id))
            .flat_map(|connection| &connection.channels)
            .map(|channel| channel.unacked.len())
            .sum::<usize>()
    };
    picture
        .world
        .programs
        .iter()
        .map(|program| {
            let kind = match program.kind {
                crate::actors::ProgramKind::Producer => t.producer_title,
                crate::actors::ProgramKind::Consumer => t.consumer_title,
                crate::actors::ProgramKind::Program => t.program_title,
            };
            html! {
                <tr key={program.id.0}>
                    <td>{ link(page, ids::program(program), &program.name) }</td>
                    <td>{ kind }</td>
                    <td>{ state_words(&program.state, page.lang) }</td>
                    <td>{ program.queue.as_ref().map(|queue| html! { <code>{ queue.as_str() }</code> }) }</td>
                    <td class="number">{ unacked(program) }</td>
                </tr>
            }
        })
        .collect()
}
