//! What is selected: an exchange, a queue, a binding; a channel without a program.

use std::rc::Rc;

use yew::prelude::*;

use crate::amqp::protocol::ClientMethod;
use crate::amqp::view::{Binding, ExchangeView, QueueView};
use crate::amqp::{Destination, ExchangeName, QueueName};
use crate::ui::amqp::forms::binding::{BindingForm, unbind};
use crate::ui::amqp::forms::publish::PublishForm;
use crate::ui::amqp::page::{Page, Sheet, use_page};
use crate::ui::amqp::paint::is_predeclared;
use crate::ui::amqp::panels::inspect_message::message_button;
use crate::ui::amqp::panels::parts::close_button;
use crate::ui::amqp::picture::Picture;
use crate::ui::amqp::why;
use crate::ui::components::{Button, ButtonKind};
use crate::ui::shared::Shared;
use crate::ui::text::{Texts, fill_plain};

/// How many waiting messages the inspector lists.
const LISTED: usize = 20;

#[derive(Properties, PartialEq)]
pub struct InspectNamedProps {
    pub picture: Shared<Picture>,
    pub name: AttrValue,
}

fn yes_no(yes: bool, t: &'static Texts) -> &'static str {
    if yes { t.yes } else { t.no }
}

fn facts(rows: Vec<(&'static str, String)>) -> Html {
    html! {
        <dl class="facts">
            { for rows.into_iter().map(|(name, value)| html! { <><dt>{ name }</dt><dd>{ value }</dd></> }) }
        </dl>
    }
}

/// The bindings among `all` that `fits` chooses, each with a button that takes it away.
fn bindings(page: &Page, all: &[Rc<Binding>], fits: impl Fn(&Binding) -> bool) -> Html {
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
                    <code>{ binding.source.to_string() }</code>{ " → " }<code>{ binding.destination.to_string() }</code>
                    if !binding.routing_key.is_empty() { { " · " }<code class="key">{ binding.routing_key.to_string() }</code> }
                    if !arguments.is_empty() { { " · " }<code>{ arguments }</code> }
                </span>
                <Button kind={ButtonKind::Quiet} label={t.unbind} {onclick} />
            </li>
        }
    });
    html! {
        <>
            <h3>{ t.bindings }{ " " }<span class="count">{ fitting.len() }</span></h3>
            if fitting.is_empty() { <p class="muted">{ t.no_bindings }</p> }
            <ul class="things">{ for rows }</ul>
        </>
    }
}

/// An exchange.
#[component]
pub fn InspectExchange(props: &InspectNamedProps) -> Html {
    let page = use_page();
    let t = page.t();
    let broker = &props.picture.world.broker;
    let name = props.name.as_str();
    let Some(view) = broker.exchanges.iter().find(|x| x.id.as_str() == name) else {
        return Html::default();
    };
    let title = if name.is_empty() {
        t.default_exchange
    } else {
        name
    };
    let fits = |binding: &Binding| {
        binding.source == view.id || binding.destination == Destination::Exchange(view.id.clone())
    };
    html! {
        <section class="sheet" aria-label={title.to_string()}>
            <header class="sheet-head">
                <h2><small>{ t.exchange_title }</small><code>{ title }</code></h2>
                { close_button(&page) }
            </header>
            <div class="sheet-body">
                { facts(exchange_facts(view, t)) }
                if name.is_empty() {
                    <p>{ t.default_binding }</p>
                } else {
                    { bindings(&page, &broker.bindings, fits) }
                }
            </div>
            <footer class="sheet-foot">{ exchange_actions(&page, name) }</footer>
        </section>
    }
}

fn exchange_facts(view: &ExchangeView, t: &'static Texts) -> Vec<(&'static str, String)> {
    let durability = if view.durable { t.durable } else { t.transient };
    let mut rows = vec![
        (t.kind, view.kind.as_str().to_string()),
        (t.durability, durability.to_string()),
        (t.auto_delete, yes_no(view.auto_delete, t).to_string()),
        (t.internal, yes_no(view.internal, t).to_string()),
    ];
    if let Some(alternate) = &view.alternate {
        rows.push((t.alternate_exchange, alternate.to_string()));
    }
    if !view.arguments.is_empty() {
        rows.push((t.arguments, why::table(&view.arguments)));
    }
    rows
}

fn exchange_actions(page: &Page, name: &str) -> Html {
    let t = page.t();
    let publish = Sheet::Publish(None, PublishForm::new(name, ""));
    let bind = Sheet::AddBinding(BindingForm {
        source: Some(AttrValue::from(name.to_string())),
        ..BindingForm::default()
    });
    let delete = ClientMethod::ExchangeDelete {
        exchange: ExchangeName::from(name),
        if_unused: false,
        nowait: false,
    };
    let ondelete = page.on(move |page, _: MouseEvent| {
        page.driver.call(delete.clone());
    });
    html! {
        <>
            <Button kind={ButtonKind::Primary} label={t.publish_message} onclick={page.opens(publish)} />
            if !name.is_empty() { <Button label={t.add_binding} onclick={page.opens(bind)} /> }
            if !is_predeclared(name) {
                <Button kind={ButtonKind::Danger} label={t.delete_exchange} onclick={ondelete} />
            }
        </>
    }
}

/// A queue.
#[component]
pub fn InspectQueue(props: &InspectNamedProps) -> Html {
    let page = use_page();
    let t = page.t();
    let broker = &props.picture.world.broker;
    let name = props.name.as_str();
    let Some(view) = broker.queues.iter().find(|queue| queue.id.as_str() == name) else {
        return Html::default();
    };
    let fits = |binding: &Binding| binding.destination == Destination::Queue(view.id.clone());
    let waiting = view
        .head
        .iter()
        .take(LISTED)
        .map(|ready| html! { <li key={ready.message.id.0}>{ message_button(&page, &ready.message, ready.redelivered) }</li> });
    let more = view
        .ready
        .saturating_sub(LISTED.min(view.head.len()) as u64);
    html! {
        <section class="sheet" aria-label={name.to_string()}>
            <header class="sheet-head">
                <h2><small>{ t.queue_title }</small><code>{ name }</code></h2>
                { close_button(&page) }
            </header>
            <div class="sheet-body">
                <dl class="numbers">
                    <div><dt>{ t.ready }</dt><dd>{ view.ready }</dd></div>
                    <div><dt>{ t.unacked }</dt><dd>{ view.unacked }</dd></div>
                    <div><dt>{ t.total }</dt><dd>{ view.ready + view.unacked }</dd></div>
                </dl>
                <h3>{ t.waiting }</h3>
                if view.ready == 0 { <p class="muted">{ t.waiting_none }</p> }
                <ol class="waiting">{ for waiting }</ol>
                if more > 0 { <p class="muted">{ fill_plain(t.and_more, &[&more]) }</p> }
                { consumers(&props.picture, view, t) }
                { bindings(&page, &broker.bindings, fits) }
                { facts(queue_facts(&props.picture, view, t)) }
            </div>
            <footer class="sheet-foot">{ queue_actions(&page, name) }</footer>
        </section>
    }
}

fn consumers(picture: &Picture, view: &QueueView, t: &'static Texts) -> Html {
    let book = picture.book();
    let rows = view.consumers.iter().map(|consumer| {
        let name = book.connection_name(consumer.id.channel.connection);
        let mode = if consumer.no_ack { t.mode_automatic } else { t.mode_manual };
        html! { <li><span><code>{ &*name }</code>{ format!(" · {mode} · {} {}", t.unacked, consumer.unacked) }</span></li> }
    });
    html! {
        <>
            <h3>{ t.consumers }{ " " }<span class="count">{ view.consumers.len() }</span></h3>
            if view.consumers.is_empty() { <p class="muted">{ t.no_consumers }</p> }
            <ul class="things">{ for rows }</ul>
        </>
    }
}

fn queue_facts(
    picture: &Picture,
    view: &QueueView,
    t: &'static Texts,
) -> Vec<(&'static str, String)> {
    let durability = if view.durable { t.durable } else { t.transient };
    let exclusive = match view.exclusive {
        Some(connection) => picture.book().connection_name(connection).to_string(),
        None => t.no.to_string(),
    };
    let mut rows = vec![
        (t.durability, durability.to_string()),
        (t.exclusive, exclusive),
        (t.auto_delete, yes_no(view.auto_delete, t).to_string()),
    ];
    if let Some(exchange) = &view.dead_letter_exchange {
        rows.push((t.dead_letter_exchange, exchange.to_string()));
    }
    if !view.arguments.is_empty() {
        rows.push((t.arguments, why::table(&view.arguments)));
    }
    rows
}

fn queue_actions(page: &Page, name: &str) -> Html {
    let t = page.t();
    let publish = Sheet::Publish(None, PublishForm::new("", name));
    let consume = Sheet::AddConsumer(Some(AttrValue::from(name.to_string())));
    let call = |method: ClientMethod| {
        page.on(move |page, _: MouseEvent| {
            page.driver.call(method.clone());
        })
    };
    let queue = QueueName::from(name);
    html! {
        <>
            <Button kind={ButtonKind::Primary} label={t.publish_message} onclick={page.opens(publish)} />
            <Button label={t.add_consumer} onclick={page.opens(consume)} />
            <Button label={t.get_message} title={t.get_warning} onclick={call(get(&queue))} />
            <Button kind={ButtonKind::Danger} label={t.purge_queue} onclick={call(purge(&queue))} />
            <Button kind={ButtonKind::Danger} label={t.delete_queue} onclick={call(delete_queue(&queue))} />
        </>
    }
}

/// basic.get, to be settled by hand.
pub fn get(queue: &QueueName) -> ClientMethod {
    ClientMethod::BasicGet {
        queue: queue.clone(),
        no_ack: false,
    }
}

/// queue.purge
pub fn purge(queue: &QueueName) -> ClientMethod {
    ClientMethod::QueuePurge {
        queue: queue.clone(),
        nowait: false,
    }
}

/// queue.delete, whatever is in it.
pub fn delete_queue(queue: &QueueName) -> ClientMethod {
    ClientMethod::QueueDelete {
        queue: queue.clone(),
        if_unused: false,
        if_empty: false,
        nowait: false,
    }
}

#[derive(Properties, PartialEq)]
pub struct InspectBindingProps {
    pub picture: Shared<Picture>,
    /// The id of its edge.
    pub edge: AttrValue,
}

/// A binding.
#[component]
pub fn InspectBinding(props: &InspectBindingProps) -> Html {
    let page = use_page();
    let t = page.t();
    let all = &props.picture.world.broker.bindings;
    let Some(binding) = crate::ui::amqp::paint::binding_of(&props.edge, all) else {
        let edge = props
            .picture
            .scene
            .edges
            .iter()
            .find(|edge| *edge.id.as_str() == *props.edge);
        return html! {
            <section class="sheet">
                <header class="sheet-head"><h2>{ t.details }</h2>{ close_button(&page) }</header>
                <div class="sheet-body"><p>{ edge.map(|edge| edge.describe.to_string()) }</p></div>
            </section>
        };
    };
    let kind = crate::ui::amqp::panels::kind_of(&props.picture, binding.source.as_str());
    let method = unbind(binding);
    let onclick = page.on(move |page, _: MouseEvent| {
        page.driver.call(method.clone());
        crate::ui::amqp::panels::parts::close(page);
    });
    let mut rows = vec![
        (t.source, binding.source.to_string()),
        (t.destination, binding.destination.to_string()),
        (t.routing_key, binding.routing_key.to_string()),
    ];
    if !binding.arguments.is_empty() {
        rows.push((t.arguments, why::table(&binding.arguments)));
    }
    html! {
        <section class="sheet" aria-label={t.binding_title}>
            <header class="sheet-head"><h2>{ t.binding_title }</h2>{ close_button(&page) }</header>
            <div class="sheet-body">
                { facts(rows) }
                if let Some(kind) = kind {
                    <p class="muted">{ super::add_exchange::kind_help(kind, t) }</p>
                }
            </div>
            <footer class="sheet-foot"><Button kind={ButtonKind::Danger} label={t.unbind} {onclick} /></footer>
        </section>
    }
}
