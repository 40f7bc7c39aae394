//! "Delete" and "Purge": what destroys, with what goes along said before.

use yew::prelude::*;

use crate::amqp::protocol::ClientMethod;
use crate::amqp::{ExchangeName, QueueName};
use crate::ui::amqp::forms::get::purged;
use crate::ui::amqp::page::use_page;
use crate::ui::components::{Button, ButtonKind, Checkbox};
use crate::ui::text::fill_plain;

#[derive(Properties, PartialEq)]
pub struct RemoveProps {
    pub name: AttrValue,
    /// What goes with it, in words.
    pub takes: AttrValue,
}

/// "Delete queue".
#[component]
pub fn DeleteQueue(props: &RemoveProps) -> Html {
    let page = use_page();
    let i = page.i();
    let (if_unused, if_empty) = (use_state(|| false), use_state(|| false));
    let onclick = {
        let (queue, if_unused, if_empty) =
            (QueueName::from(props.name.as_str()), *if_unused, *if_empty);
        page.on(move |page, _: MouseEvent| {
            page.driver.call(ClientMethod::QueueDelete {
                queue: queue.clone(),
                if_unused,
                if_empty,
                nowait: false,
            });
        })
    };
    html! {
        <>
            <p class="muted">{ &props.takes }</p>
            <Checkbox label={i.if_unused} help={i.if_unused_queue_help} checked={*if_unused} onchange={sets(&if_unused)} />
            <Checkbox label={i.if_empty} help={i.if_empty_help} checked={*if_empty} onchange={sets(&if_empty)} />
            <Button kind={ButtonKind::Danger} label={i.delete_queue} {onclick} />
        </>
    }
}

/// "Delete this exchange".
#[component]
pub fn DeleteExchange(props: &RemoveProps) -> Html {
    let page = use_page();
    let i = page.i();
    let if_unused = use_state(|| false);
    let onclick = {
        let (exchange, if_unused) = (ExchangeName::from(props.name.as_str()), *if_unused);
        page.on(move |page, _: MouseEvent| {
            page.driver.call(ClientMethod::ExchangeDelete {
                exchange: exchange.clone(),
                if_unused,
                nowait: false,
            });
        })
    };
    html! {
        <>
            <p class="muted">{ &props.takes }</p>
            <Checkbox label={i.if_unused} help={i.if_unused_exchange_help} checked={*if_unused} onchange={sets(&if_unused)} />
            <Button kind={ButtonKind::Danger} label={i.delete_exchange} {onclick} />
        </>
    }
}

fn sets(state: &UseStateHandle<bool>) -> Callback<bool> {
    let state = state.clone();
    Callback::from(move |on: bool| state.set(on))
}

#[derive(Properties, PartialEq)]
pub struct PurgeProps {
    pub queue: AttrValue,
}

/// "Purge messages".
#[component]
pub fn PurgeQueue(props: &PurgeProps) -> Html {
    let page = use_page();
    let i = page.i();
    let done = use_state(|| None::<u32>);
    let onclick = {
        let (queue, done) = (QueueName::from(props.queue.as_str()), done.clone());
        page.on(move |page, _: MouseEvent| {
            let steps = page.driver.call(ClientMethod::QueuePurge {
                queue: queue.clone(),
                nowait: false,
            });
            done.set(purged(&steps));
        })
    };
    html! {
        <>
            <p class="muted">{ i.purge_help }</p>
            <div class="in-place-foot">
                <Button kind={ButtonKind::Danger} label={i.purge_button} {onclick} />
                if let Some(count) = *done { <p class="sheet-done" role="status">{ fill_plain(i.purged, &[&count]) }</p> }
            </div>
        </>
    }
}
