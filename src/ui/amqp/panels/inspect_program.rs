//! Programs in the inspector: the script with its current line, what it printed, what is in its hands.

use yew::prelude::*;

use crate::actors::{Fault, ProgramId, ProgramKind, ProgramView};
use crate::amqp::protocol::ClientMethod;
use crate::amqp::view::{ChannelView, UnackedView};
use crate::amqp::{ChannelId, DeliveryTag};
use crate::engine::{ProgramCommand, WorldView};
use crate::ui::amqp::faults;
use crate::ui::amqp::page::{Page, Sheet, use_page};
use crate::ui::amqp::paint::state_words;
use crate::ui::amqp::panels::inspect_message::message_button;
use crate::ui::amqp::panels::parts::close_button;
use crate::ui::amqp::picture::Picture;
use crate::ui::components::{Button, ButtonKind};
use crate::ui::shared::Shared;
use crate::ui::text::fill_plain;
use crate::ui::text::said;

#[derive(Properties, PartialEq)]
pub struct InspectProgramProps {
    pub picture: Shared<Picture>,
    pub program: ProgramId,
}

/// A program.
#[component]
pub fn InspectProgram(props: &InspectProgramProps) -> Html {
    let page = use_page();
    let t = page.t();
    let world = &props.picture.world;
    let Some(program) = world.programs.iter().find(|p| p.id == props.program) else {
        return Html::default();
    };
    let channel = program.channel.and_then(|id| channel_of(world, id));
    html! {
        <section class="sheet" aria-label={program.name.to_string()}>
            <header class="sheet-head">
                <h2><small>{ t.program_title }</small><code>{ &*program.name }</code></h2>
                { close_button(&page) }
            </header>
            <div class="sheet-body">
                <p class="state">{ state_words(&program.state, page.lang) }
                    if let crate::actors::ProgramState::Failed(text) = &program.state { <code class="reply">{ &**text }</code> }
                </p>
                { numbers(&page, program) }
                if let Some(channel) = channel { { hands(&page, Some(program.id), channel) } }
                { script(&page, program) }
                { printed(&page, program) }
                { fault_buttons(&page, program) }
            </div>
            <footer class="sheet-foot">{ actions(&page, program) }</footer>
        </section>
    }
}

/// The channel as the broker sees it.
pub fn channel_of(world: &WorldView, id: ChannelId) -> Option<&ChannelView> {
    world
        .broker
        .connections
        .iter()
        .flat_map(|connection| &connection.channels)
        .find(|channel| channel.id == id)
}

fn script(page: &Page, program: &ProgramView) -> Html {
    let lines = program.lines.iter().enumerate().map(|(index, line)| {
        let current = program.current_line == Some(index);
        html! {
            <li key={index} class={classes!(current.then_some("current"))} aria-current={current.then_some("step")}>
                <code>{ &**line }</code>
            </li>
        }
    });
    html! {
        <>
            <h3>{ page.t().script }</h3>
            <ol class="script">{ for lines }</ol>
            if program.form.is_some() { <p class="field-help">{ page.lang.programs().from_form }</p> }
        </>
    }
}

/// What it has done, as far as it does such things.
fn numbers(page: &Page, program: &ProgramView) -> Html {
    let p = page.lang.programs();
    let counts = program.counts;
    let planned = program.planned.map(u64::from);
    let of = |count: u64| match planned {
        Some(planned) => fill_plain(p.of_planned, &[&count, &planned]),
        None => count.to_string(),
    };
    let mut rows: Vec<(&'static str, String)> = Vec::new();
    if counts.published > 0 || program.kind == ProgramKind::Producer {
        let plans = program.kind != ProgramKind::Consumer;
        let text = if plans {
            of(counts.published)
        } else {
            counts.published.to_string()
        };
        rows.push((p.published, text));
    }
    if counts.received > 0 || program.kind == ProgramKind::Consumer {
        rows.push((p.received, counts.received.to_string()));
        let plans = program.kind == ProgramKind::Consumer;
        let text = if plans {
            of(counts.done)
        } else {
            counts.done.to_string()
        };
        rows.push((p.done, text));
    }
    let some = [
        (p.confirmed, counts.confirmed),
        (p.unconfirmed, program.unconfirmed as u64),
        (p.nacked, counts.nacked),
        (p.returned, counts.returned),
        (p.retried, counts.retried),
        (p.waiting, program.waiting as u64),
    ];
    let some = some.into_iter().filter(|(_, count)| *count > 0);
    rows.extend(some.map(|(label, count)| (label, count.to_string())));
    if program.in_ten_seconds > 0 {
        let rate = f64::from(program.in_ten_seconds) / 10.0;
        rows.push((p.rate_title, rate.to_string()));
    }
    let rows = rows
        .into_iter()
        .map(|(label, text)| html! { <><dt>{ label }</dt><dd>{ text }</dd></> });
    html! { <dl class="facts">{ for rows }</dl> }
}

/// What can go wrong with it on purpose.
fn fault_buttons(page: &Page, program: &ProgramView) -> Html {
    let (t, p) = (page.t(), page.lang.programs());
    let id = program.id;
    let offered = faults::offered(program);
    if offered.is_empty() {
        return Html::default();
    }
    let buttons = offered.into_iter().map(|fault| {
        let command = ProgramCommand::Fault { program: id, fault };
        let onclick = page.on(move |page, _: MouseEvent| {
            page.driver.program(command.clone());
        });
        let kind = match fault {
            Fault::Resume | Fault::Slow(1) => ButtonKind::Plain,
            _ => ButtonKind::Danger,
        };
        html! {
            <Button
                key={faults::word(fault)} {kind} {onclick} label={faults::label(fault, p, t.drop_connection)}
                title={faults::help(fault, p).map(AttrValue::from)}
            />
        }
    });
    html! {
        <section class="faults" aria-label={p.faults}>
            <h3>{ p.faults }</h3>
            <p class="field-help">{ p.faults_lead }</p>
            <div class="buttons">{ for buttons }</div>
        </section>
    }
}

fn printed(page: &Page, program: &ProgramView) -> Html {
    let t = page.t();
    html! {
        <>
            <h3>{ t.printed }</h3>
            if program.printed.is_empty() {
                <p class="muted">{ t.printed_nothing }</p>
            } else {
                <pre class="printed" tabindex="0" aria-label={t.printed}>{ for program.printed.iter().map(|line| html! { <>{ said::printed(line, page.lang) }{ "\n" }</> }) }</pre>
            }
        </>
    }
}

/// What a channel's client holds unacked, with the buttons that settle it.
pub fn hands(page: &Page, program: Option<ProgramId>, channel: &ChannelView) -> Html {
    let t = page.t();
    let manual = channel.consumers.iter().any(|consumer| !consumer.no_ack);
    let consumers = channel.consumers.iter().map(|consumer| {
        let tag = consumer.id.tag.clone();
        let mode = if consumer.no_ack { t.mode_automatic } else { t.mode_manual };
        let prefetch = match consumer.prefetch {
            0 => t.no_limit.to_string(),
            count => count.to_string(),
        };
        let cancel = page.on(move |page, _: MouseEvent| {
            let consumer_tag = tag.clone();
            let nowait = false;
            page.driver
                .call_as(program, ClientMethod::BasicCancel { consumer_tag, nowait });
        });
        html! {
            <li key={consumer.id.tag.as_str()}>
                <span><code>{ consumer.queue.to_string() }</code>{ format!(" · {mode} · {} {prefetch}", t.prefetch) }</span>
                <Button kind={ButtonKind::Quiet} label={t.cancel_consumer} onclick={cancel} />
            </li>
        }
    });
    html! {
        <>
            if !channel.consumers.is_empty() {
                <h3>{ t.consumers }</h3>
                <ul class="things">{ for consumers }</ul>
            }
            if manual || !channel.unacked.is_empty() {
                <h3>{ t.in_its_hands }{ " " }<span class="count">{ channel.unacked.len() }</span></h3>
                if channel.unacked.is_empty() { <p class="muted">{ t.holds_nothing }</p> }
                <ul class="hands">{ for channel.unacked.iter().map(|held| delivery(page, program, held)) }</ul>
            }
        </>
    }
}

fn delivery(page: &Page, program: Option<ProgramId>, held: &UnackedView) -> Html {
    let t = page.t();
    let settle = |method: ClientMethod| {
        page.on(move |page, _: MouseEvent| {
            page.driver.call_as(program, method.clone());
        })
    };
    let tag = held.tag;
    html! {
        <li key={tag.0}>
            { message_button(page, &held.message, held.redelivered) }
            <span class="muted">{ fill_plain(t.delivery_tag, &[&tag]) }</span>
            <div class="buttons" role="group" aria-label={fill_plain(t.delivery_tag, &[&tag])}>
                <Button kind={ButtonKind::Primary} label={t.ack} onclick={settle(ack(tag))} />
                <Button label={t.nack} onclick={settle(nack(tag))} />
                <Button label={t.reject_requeue} onclick={settle(reject(tag, Requeue::Yes))} />
                <Button kind={ButtonKind::Danger} label={t.reject} onclick={settle(reject(tag, Requeue::No))} />
            </div>
        </li>
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Requeue {
    Yes,
    No,
}

fn ack(delivery_tag: DeliveryTag) -> ClientMethod {
    ClientMethod::BasicAck {
        delivery_tag,
        multiple: false,
    }
}

fn nack(delivery_tag: DeliveryTag) -> ClientMethod {
    ClientMethod::BasicNack {
        delivery_tag,
        multiple: false,
        requeue: true,
    }
}

fn reject(delivery_tag: DeliveryTag, requeue: Requeue) -> ClientMethod {
    ClientMethod::BasicReject {
        delivery_tag,
        requeue: requeue == Requeue::Yes,
    }
}

/// What can be done to a program.
fn actions(page: &Page, program: &ProgramView) -> Html {
    let (t, p) = (page.t(), page.lang.programs());
    let id = program.id;
    let command = |command: ProgramCommand| {
        page.on(move |page, _: MouseEvent| {
            page.driver.program(command.clone());
        })
    };
    let close_channel = page.on(move |page, _: MouseEvent| {
        let (code, text) = (200, "Goodbye".to_string());
        page.driver
            .call_as(Some(id), ClientMethod::ChannelClose { code, text });
    });
    let open = program.connection.is_some();
    // With its channel closed by an error its connection is still there, but it does nothing more.
    let failed = matches!(program.state, crate::actors::ProgramState::Failed(_));
    let begin = if program.state == crate::actors::ProgramState::NotStarted {
        t.menu_start
    } else {
        t.menu_restart
    };
    html! {
        <>
            if open && program.channel.is_some() {
                <Button label={t.close_channel} onclick={close_channel} />
            }
            if open {
                <Button label={t.close_connection} onclick={command(ProgramCommand::Close { program: id })} />
            }
            if !open || failed {
                <Button kind={ButtonKind::Primary} label={begin} onclick={command(ProgramCommand::Restart { program: id })} />
            }
            <Button label={p.edit} onclick={page.opens(Sheet::EditProgram(id))} />
            if program.form.is_some() { <Button label={p.edit_script} onclick={page.opens(Sheet::EditScript(id))} /> }
            <Button label={t.menu_remove} onclick={command(ProgramCommand::Remove { program: id })} />
        </>
    }
}
