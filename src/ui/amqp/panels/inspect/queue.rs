//! A queue: Overview, Consumers, Bindings, Publish message, Get messages, Move messages, Delete, Purge.

use yew::prelude::*;

use crate::amqp::Destination;
use crate::amqp::protocol::ClientMethod;
use crate::amqp::view::{Binding, ConsumerView, QueueKind, QueueView, ReadyView};
use crate::ui::amqp::forms::binding::Target;
use crate::ui::amqp::ids;
use crate::ui::amqp::page::{Page, Sheet, program_on, use_page};
use crate::ui::amqp::panels::inspect::bind_here::{BindHere, End};
use crate::ui::amqp::panels::inspect::binding::list as binding_list;
use crate::ui::amqp::panels::inspect::get_messages::GetMessages;
use crate::ui::amqp::panels::inspect::move_messages::MoveMessages;
use crate::ui::amqp::panels::inspect::overview::{
    Fact, fact, facts, features, link, link_to, numbers, policy, table,
};
use crate::ui::amqp::panels::inspect::publish_here::PublishHere;
use crate::ui::amqp::panels::inspect::remove::{DeleteQueue, PurgeQueue};
use crate::ui::amqp::panels::inspect::section::Section;
use crate::ui::amqp::panels::inspect::{InspectNamedProps, sheet};
use crate::ui::amqp::panels::inspect_message::message_button;
use crate::ui::amqp::picture::Picture;
use crate::ui::components::{Button, ButtonKind};
use crate::ui::text::{InspectTexts, fill_plain};

/// How many waiting messages the inspector lists.
const LISTED: usize = 20;

/// The word for a type of queue, as `x-queue-type` says it.
pub const fn kind_word(kind: QueueKind) -> &'static str {
    match kind {
        QueueKind::Classic => "classic",
        QueueKind::Quorum => "quorum",
        QueueKind::Stream => "stream",
    }
}

/// The word for how a queue is: idle when nobody uses it.
pub fn queue_state(view: &QueueView, i: &'static InspectTexts) -> &'static str {
    if view.ready + view.unacked == 0 && view.consumers.is_empty() {
        i.state_idle
    } else {
        i.state_running
    }
}

/// A queue.
#[component]
pub fn InspectQueue(props: &InspectNamedProps) -> Html {
    let page = use_page();
    let (t, i) = (page.t(), page.i());
    let picture = &props.picture;
    let broker = &picture.world.broker;
    let name = &props.name;
    let Some(view) = broker
        .queues
        .iter()
        .find(|queue| queue.id.as_str() == name.as_str())
    else {
        return Html::default();
    };
    let here = Destination::Queue(view.id.clone());
    let fits =
        |binding: &Binding| binding.destination == here && !binding.source.as_str().is_empty();
    let (bindings, bound) = binding_list(&page, &broker.bindings, fits);
    let takes = fill_plain(
        i.delete_takes,
        &[&bound, &(view.ready + view.unacked), &view.consumers.len()],
    );
    let end = End::Destination(Target::Queue(name.clone()));
    let body = html! {
        <>
            <Section id="queue.overview" title={t.overview} open=true>{ overview(&page, picture, view) }</Section>
            <Section id="queue.waiting" title={t.waiting} count={view.ready} open=true>{ waiting(&page, view) }</Section>
            <Section id="queue.consumers" title={t.consumers} count={view.consumers.len() as u64} open=true>
                { consumers(&page, picture, view) }
            </Section>
            <Section id="queue.bindings" title={t.bindings} count={bound as u64} open=true>
                { bindings }
                <p class="muted">{ t.default_binding }</p>
                <BindHere picture={picture.clone()} {end} />
            </Section>
            <Section id="queue.publish" title={t.publish_message}><PublishHere exchange="" queue={name.clone()} /></Section>
            <Section id="queue.get" title={i.get_messages}><GetMessages queue={name.clone()} ready={view.ready} /></Section>
            <Section id="queue.move" title={i.move_messages}>
                <MoveMessages picture={picture.clone()} queue={name.clone()} ready={view.ready} />
            </Section>
            <Section id="queue.delete" title={i.delete}><DeleteQueue name={name.clone()} takes={AttrValue::from(takes)} /></Section>
            <Section id="queue.purge" title={i.purge}><PurgeQueue queue={name.clone()} /></Section>
        </>
    };
    sheet(&page, t.queue_title, name, body)
}

fn overview(page: &Page, picture: &Picture, view: &QueueView) -> Html {
    let (t, i) = (page.t(), page.i());
    let durability = if view.durable { t.durable } else { t.transient };
    let auto_delete = if view.auto_delete { t.yes } else { t.no };
    let mut rows: Vec<Fact> = vec![
        (t.features, features(page, picture, &ids::queue(&view.id))),
        fact(i.queue_type, kind_word(view.kind)),
        fact(i.state, queue_state(view, i)),
        fact(t.durability, durability),
        fact(t.auto_delete, auto_delete),
    ];
    if let Some(connection) = view.exclusive {
        let name = picture.book().connection_name(connection);
        rows.push((i.owner, link_to(page, Sheet::Connection(connection), &name)));
    }
    if let Some(exchange) = &view.dead_letter_exchange {
        let name = match exchange.as_str() {
            "" => t.default_exchange,
            name => name,
        };
        rows.push((
            t.dead_letter_exchange,
            link(page, ids::exchange(exchange), name),
        ));
    }
    rows.extend(policy(page, picture, view.policy.as_deref()));
    if let Some(name) = &view.operator_policy {
        let label = page.lang.arguments().operator_policy;
        rows.push((label, html! { <code>{ name.to_string() }</code> }));
        rows.retain(|(label, _)| *label != i.effective_policy);
        rows.push((i.effective_policy, table(&view.effective_policy)));
    }
    if !view.arguments.is_empty() {
        rows.push((t.arguments, table(&view.arguments)));
    }
    html! {
        <>
            { numbers(&[(t.ready, view.ready), (t.unacked, view.unacked), (t.total, view.ready + view.unacked)]) }
            { facts(rows) }
        </>
    }
}

fn waiting(page: &Page, view: &QueueView) -> Html {
    let t = page.t();
    let listed = view.head.iter().take(LISTED).map(|ready| {
        html! {
            <li key={ready.message.id.0}>
                { message_button(page, &ready.message, ready.redelivered) }
                { ready_signs(page, view, ready) }
            </li>
        }
    });
    let more = view
        .ready
        .saturating_sub(LISTED.min(view.head.len()) as u64);
    html! {
        <>
            if view.ready == 0 { <p class="muted">{ t.waiting_none }</p> }
            <ol class="waiting">{ for listed }</ol>
            if more > 0 { <p class="muted">{ fill_plain(t.and_more, &[&more]) }</p> }
        </>
    }
}

/// What decides when a waiting message is served, or no longer is: its priority, and the end of its time.
fn ready_signs(page: &Page, view: &QueueView, ready: &ReadyView) -> Html {
    let t = page.lang.arguments();
    let by_priority = view.arguments.get("x-max-priority").is_some();
    html! {
        <>
            if by_priority { <span class="badge">{ fill_plain(t.ready_priority, &[&ready.priority]) }</span> }
            if let Some(at) = ready.expires_at {
                { " " }<span class="badge">{ fill_plain(t.ready_expires, &[&at]) }</span>
            }
        </>
    }
}

fn consumers(page: &Page, picture: &Picture, view: &QueueView) -> Html {
    let t = page.t();
    let add = Sheet::AddConsumer(Some(AttrValue::from(view.id.to_string())));
    html! {
        <>
            if view.consumers.is_empty() { <p class="muted">{ t.no_consumers }</p> }
            <ul class="things">{ for view.consumers.iter().map(|consumer| html! { <li>{ consumer_row(page, picture, consumer) }</li> }) }</ul>
            <Button label={t.add_consumer} onclick={page.opens(add)} />
        </>
    }
}

/// A consumer with the columns of the management UI.
pub fn consumer_row(page: &Page, picture: &Picture, consumer: &ConsumerView) -> Html {
    let (t, i) = (page.t(), page.i());
    let channel = consumer.id.channel;
    let name = format!(
        "{} ({})",
        picture.book().connection_name(channel.connection),
        channel.number.0
    );
    let program = program_on(&picture.world, channel).map(|program| program.id);
    let tag = consumer.id.tag.clone();
    let cancel = page.on(move |page, _: MouseEvent| {
        let method = ClientMethod::BasicCancel {
            consumer_tag: tag.clone(),
            nowait: false,
        };
        page.driver.call_as(program, method);
    });
    let prefetch = match consumer.prefetch {
        0 => t.no_limit.to_string(),
        count => count.to_string(),
    };
    let yes_no = |yes: bool| if yes { t.yes } else { t.no };
    let mut rows: Vec<Fact> = vec![
        (
            t.channel_title,
            link_to(page, Sheet::Channel(channel), &name),
        ),
        (
            i.consumer_tag,
            html! { <code>{ consumer.id.tag.to_string() }</code> },
        ),
        fact(i.ack_required, yes_no(!consumer.no_ack)),
        fact(t.exclusive, yes_no(consumer.exclusive)),
        fact(t.prefetch, prefetch),
        fact(t.unacked, consumer.unacked),
        fact(i.active, yes_no(consumer.active)),
        fact(i.priority, consumer.priority),
    ];
    if !consumer.arguments.is_empty() {
        rows.push((t.arguments, table(&consumer.arguments)));
    }
    html! {
        <>
            { facts(rows) }
            <Button kind={ButtonKind::Quiet} label={t.cancel_consumer} onclick={cancel} />
        </>
    }
}
