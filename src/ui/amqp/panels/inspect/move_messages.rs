//! "Move messages": to another queue, as a shovel does it.

use yew::prelude::*;

use crate::amqp::QueueName;
use crate::ui::amqp::forms::get::{forward, got, settle_forwarded, take};
use crate::ui::amqp::page::{Page, use_page, went_wrong};
use crate::ui::amqp::picture::Picture;
use crate::ui::components::{Button, Choice, Select};
use crate::ui::shared::Shared;
use crate::ui::text::fill_plain;

#[derive(Properties, PartialEq)]
pub struct MoveMessagesProps {
    pub picture: Shared<Picture>,
    pub queue: AttrValue,
    pub ready: u64,
}

/// "Move messages".
#[component]
pub fn MoveMessages(props: &MoveMessagesProps) -> Html {
    let page = use_page();
    let i = page.i();
    let chosen = use_state(|| None::<AttrValue>);
    let done = use_state(|| None::<AttrValue>);
    let others = props.picture.world.broker.queues.iter();
    let choices: Vec<Choice> = others
        .map(|queue| queue.id.to_string())
        .filter(|name| *name != *props.queue)
        .map(|name| Choice::new(name.clone(), name))
        .collect();
    let Some(first) = choices.first().map(|choice| choice.value.clone()) else {
        return html! { <p class="muted">{ i.move_none }</p> };
    };
    let selected = (*chosen).clone();
    let selected = selected
        .filter(|name| choices.iter().any(|choice| choice.value == *name))
        .unwrap_or(first);
    let onsubmit = {
        let (page, done, to) = (page.clone(), done.clone(), selected.clone());
        let (queue, ready) = (QueueName::from(props.queue.as_str()), props.ready);
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let (moved, whole) = move_all(&page, &queue, &to, ready);
            let template = if whole { i.moved } else { i.moved_partly };
            done.set(Some(fill_plain(template, &[&moved, &to]).into()));
        })
    };
    let onselect = {
        let chosen = chosen.clone();
        Callback::from(move |name: AttrValue| chosen.set(Some(name)))
    };
    html! {
        <form class="in-place" aria-label={i.move_messages} {onsubmit}>
            <Select
                label={i.move_to} {choices} {selected} {onselect} help={i.move_help} note={page.note("", "shovel")}
            />
            <div class="in-place-foot">
                <Button submits=true label={i.move_messages} onclick={|_| ()} />
                if let Some(done) = &*done { <p class="sheet-done" role="status">{ done }</p> }
            </div>
        </form>
    }
}

/// Moves what is ready now; says how many arrived, and whether that is all.
fn move_all(page: &Page, queue: &QueueName, to: &str, ready: u64) -> (usize, bool) {
    let mut left = ready;
    let mut moved = 0;
    while left > 0 {
        let steps = if left == ready {
            page.driver.call_all(take(queue, left))
        } else {
            page.driver.go_on(take(queue, left))
        };
        let found = got(&steps);
        if found.is_empty() || went_wrong(&steps) {
            return (moved, found.is_empty() && moved > 0);
        }
        let published = page.driver.go_on(forward(&found, to));
        let (settles, arrived) = settle_forwarded(&found, &published);
        page.driver.go_on(settles);
        moved += arrived;
        if arrived < found.len() {
            return (moved, false);
        }
        left = left.saturating_sub(found.len() as u64);
    }
    (moved, true)
}
