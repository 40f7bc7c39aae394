//! The tab of time: what the person did, the branches and how they differ, and waiting for something.

use yew::prelude::*;

use crate::engine::{BranchId, BranchView, Comparison, Deed, Difference, Ending, Until};
use crate::ui::amqp::course::{branch_name, deed};
use crate::ui::amqp::page::{Page, Sheet, use_page, words};
use crate::ui::amqp::paint::payload_line;
use crate::ui::amqp::panels::time_bar::legend;
use crate::ui::amqp::picture::Picture;
use crate::ui::amqp::sentence::drop_reason;
use crate::ui::components::{
    Button, ButtonKind, Choice, Icon, IconButton, Select, TextField, TextInput,
};
use crate::ui::shared::Shared;
use crate::ui::text::{Sentence, fill, fill_plain};

#[derive(Properties, PartialEq)]
pub struct TimeTabProps {
    pub picture: Shared<Picture>,
}

/// History, branches, waiting.
#[component]
pub fn TimeTab(props: &TimeTabProps) -> Html {
    let page = use_page();
    let picture = &props.picture;
    let compared = picture.course.comparison.as_ref();
    html! {
        <div class="time-tab">
            if let Some(comparison) = compared {
                { comparison_view(&page, picture, comparison) }
            } else {
                { history(&page, picture) }
                <section class="time-part" aria-label={page.lang.time().branches}>
                    <h3>{ page.lang.time().branches }</h3>
                    if picture.course.branches.len() == 1 { <p class="muted">{ page.lang.time().branch_none }</p> }
                    <ul class="branches">
                        { for picture.course.branches.iter().map(|branch| html! {
                            <BranchRow key={branch.id.0} picture={picture.clone()} branch={branch.clone()} />
                        }) }
                    </ul>
                </section>
                <section class="time-part" aria-label={page.lang.time().until_title}>
                    <h3>{ page.lang.time().until_title }</h3>
                    <UntilForm picture={picture.clone()} />
                    { legend(&page) }
                </section>
            }
        </div>
    }
}

fn history(page: &Page, picture: &Shared<Picture>) -> Html {
    let known = picture.clone();
    let undo = page.on(move |page, _: MouseEvent| page.undo(&known));
    let known = picture.clone();
    let redo = page.on(move |page, _: MouseEvent| page.redo(&known));
    let t = page.lang.time();
    let book = picture.book();
    let index = picture.cursor.index;
    let entry = |it: &Deed| {
        let (step, what) = (it.step, deed(&it.command, &book, page.lang));
        let is_ahead = step >= index;
        let onclick = page.on(move |page, _: MouseEvent| page.driver.seek_step(step + 1));
        let is_here = step + 1 == index;
        html! {
            <li key={step} class={classes!(is_ahead.then_some("ahead"))}>
                <button
                    type="button" class="log-line" {onclick} aria-current={is_here.then_some("step")}
                    title={fill_plain(t.history_to, &[&what.to_string()])}
                >
                    <time>{ it.at.to_string() }</time>
                    <span>{ words(&what) }if is_ahead { <i class="badge">{ t.history_to_come }</i> }</span>
                </button>
            </li>
        }
    };
    let nothing = |can: bool| (!can).then(|| AttrValue::from(page.t().said_nothing));
    html! {
        <section class="time-part" aria-label={t.history}>
            <header class="time-part-head">
                <h3>{ t.history }</h3>
                <IconButton
                    icon={Icon::Undo} label={page.t().undo} disabled={nothing(page.can_undo(picture))}
                    onclick={undo}
                />
                <IconButton
                    icon={Icon::Redo} label={page.i().redo} disabled={nothing(page.can_redo(picture))}
                    onclick={redo}
                />
            </header>
            if picture.course.deeds.is_empty() {
                <p class="muted">{ t.history_none }</p>
            } else {
                <p class="muted">{ t.history_help }</p>
            }
            <ol class="history">{ for picture.course.deeds.iter().map(entry) }</ol>
        </section>
    }
}

#[derive(Properties, PartialEq)]
struct BranchRowProps {
    picture: Shared<Picture>,
    branch: BranchView,
}

/// One branch: switch to it, name it, delete it, compare it with where one is.
#[component]
fn BranchRow(props: &BranchRowProps) -> Html {
    let page = use_page();
    let t = page.lang.time();
    let renaming = use_state(|| false);
    let (picture, branch) = (&props.picture, &props.branch);
    let id = branch.id;
    let name = branch_name(id, branch.name.as_deref(), page.lang);
    let toggle = {
        let renaming = renaming.clone();
        Callback::from(move |_: MouseEvent| renaming.set(!*renaming))
    };
    let oncommit = {
        let renaming = renaming.setter();
        page.on(move |page, text: AttrValue| {
            page.driver.name_branch(id, &text);
            renaming.set(false);
        })
    };
    let current = picture.course.current().map(|it| it.id);
    let compare = page.on(move |page, _: MouseEvent| {
        page.driver.compare(current.map(|current| (current, id)));
    });
    html! {
        <li class="branch" aria-current={branch.is_current.then_some("true")}>
            <div class="branch-head">
                if *renaming {
                    <TextField bare=true label={t.branch_name} value={name.clone()} {oncommit} />
                } else {
                    <b>{ &name }</b>
                }
                if branch.is_current { <span class="badge">{ t.branch_here }</span> }
                <span class="muted">{ branch.end.to_string() }</span>
            </div>
            { origin(&page, picture, branch) }
            <div class="branch-buttons">
                if !branch.is_current {
                    <Button
                        kind={ButtonKind::Plain} label={t.branch_switch}
                        onclick={page.on(move |page, _: MouseEvent| page.driver.switch_branch(id))}
                    />
                    <Button kind={ButtonKind::Quiet} label={t.compare} onclick={compare} />
                }
                <Button kind={ButtonKind::Quiet} label={t.branch_rename} onclick={toggle} />
                if !branch.is_current {
                    <Button
                        kind={ButtonKind::Quiet} label={t.branch_delete}
                        onclick={page.on(move |page, _: MouseEvent| page.driver.delete_branch(id))}
                    />
                }
            </div>
        </li>
    }
}

/// Where a branch comes from and with what it begins.
fn origin(page: &Page, picture: &Picture, branch: &BranchView) -> Html {
    let (Some(parent), Some(first)) = (branch.parent, &branch.first) else {
        return Html::default();
    };
    let known = picture.course.branches.iter().find(|it| it.id == parent);
    let name = branch_name(parent, known.and_then(|it| it.name.as_deref()), page.lang);
    let what = deed(first, &picture.book(), page.lang);
    let template = page.lang.time().branch_from;
    let text = fill_plain(template, &[&name, &branch.from, &what.to_string()]);
    html! { <p class="muted">{ text }</p> }
}

/// What is typed into the form for waiting.
#[derive(Clone, PartialEq)]
struct Wanted {
    what: AttrValue,
    number: AttrValue,
    queue: AttrValue,
}

/// The form for waiting.
#[component]
fn UntilForm(props: &TimeTabProps) -> Html {
    let page = use_page();
    let t = page.lang.time();
    let wanted = use_state(|| Wanted {
        what: "redelivered".into(),
        number: "10".into(),
        queue: "".into(),
    });
    let queues = &props.picture.world.broker.queues;
    let set = |change: fn(&mut Wanted, AttrValue)| {
        let wanted = wanted.clone();
        Callback::from(move |value: AttrValue| {
            let mut next = (*wanted).clone();
            change(&mut next, value);
            wanted.set(next);
        })
    };
    let whats = [
        ("redelivered", t.until_redelivered),
        ("dead", t.until_dead),
        ("unroutable", t.until_unroutable),
        ("acked", t.until_acked),
        ("time", t.until_time),
        ("empty", t.until_empty),
    ];
    let whats: Vec<Choice> = whats
        .into_iter()
        .filter(|(what, _)| *what != "empty" || !queues.is_empty())
        .map(|(what, label)| Choice::new(what, label))
        .collect();
    let names: Vec<Choice> = queues
        .iter()
        .map(|queue| Choice::new(queue.id.to_string(), queue.id.to_string()))
        .collect();
    let queue = names
        .iter()
        .find(|name| name.value == wanted.queue)
        .or(names.first())
        .map(|name| name.value.clone())
        .unwrap_or_default();
    let needs_number = matches!(wanted.what.as_str(), "acked" | "time");
    let until = asked(&wanted, &queue, &props.picture);
    let error = (needs_number && until.is_none()).then(|| AttrValue::from(t.until_bad_number));
    let onclick = {
        let until = until.clone();
        page.on(move |page, _: MouseEvent| {
            if let Some(until) = &until {
                page.driver.start_until(until.clone());
            }
        })
    };
    let number_label = if wanted.what == "time" {
        t.until_seconds
    } else {
        t.until_number
    };
    html! {
        <div class="until">
            <Select label={t.until_what} choices={whats} selected={wanted.what.clone()} onselect={set(|it, value| it.what = value)} />
            if needs_number {
                <TextField
                    input={TextInput::Number} label={number_label} value={wanted.number.clone()} {error}
                    oncommit={set(|it, value| it.number = value)}
                />
            }
            if wanted.what == "empty" {
                <Select label={t.until_queue} choices={names} selected={queue} onselect={set(|it, value| it.queue = value)} />
            }
            <Button
                kind={ButtonKind::Primary} label={t.until_go} {onclick}
                disabled={until.is_none().then(|| AttrValue::from(t.until_bad_number))}
            />
        </div>
    }
}

/// The most that can be asked for.
const MOST: u64 = 1_000_000;

fn asked(wanted: &Wanted, queue: &str, picture: &Picture) -> Option<Until> {
    let number = || {
        let number: u64 = wanted.number.trim().parse().ok()?;
        (1..=MOST).contains(&number).then_some(number)
    };
    match wanted.what.as_str() {
        "redelivered" => Some(Until::Redelivered),
        "dead" => Some(Until::DeadLettered),
        "unroutable" => Some(Until::Unroutable),
        "acked" => Some(Until::Acked(number()?)),
        "time" => Some(Until::Time(picture.cursor.now + number()? * 1000)),
        "empty" => {
            let mut queues = picture.world.broker.queues.iter();
            let found = queues.find(|it| it.id.to_string() == queue)?;
            Some(Until::Empty(found.id.clone()))
        }
        _ => None,
    }
}

fn comparison_view(page: &Page, picture: &Picture, comparison: &Comparison) -> Html {
    let t = page.lang.time();
    let name = |id: BranchId| {
        let known = picture.course.branches.iter().find(|it| it.id == id);
        branch_name(id, known.and_then(|it| it.name.as_deref()), page.lang)
    };
    let (first, second) = (name(comparison.first), name(comparison.second));
    let parted = comparison.parted;
    let summary = fill_plain(
        t.compare_summary,
        &[
            &first,
            &second,
            &parted,
            &comparison.alike,
            &comparison.different,
        ],
    );
    let shown = comparison.differences.len();
    html! {
        <section class="time-part time-wide" aria-label={t.compare_show}>
            <header class="time-part-head">
                <h3>{ t.compare_show }</h3>
                <IconButton
                    icon={Icon::Close} label={t.compare_close}
                    onclick={page.on(|page, _: MouseEvent| page.driver.compare(None))}
                />
            </header>
            <p role="status">{ summary }{ " " }if comparison.different == 0 { { t.compare_same } }</p>
            if comparison.different > 0 {
                <div class="table-scroll" tabindex="0" role="group" aria-label={t.compare_show}>
                <table class="table">
                    <thead><tr><th scope="col">{ t.compare_message }</th><th scope="col">{ &first }</th><th scope="col">{ &second }</th></tr></thead>
                    <tbody>{ for comparison.differences.iter().map(|it| difference(page, picture, comparison, it)) }</tbody>
                </table>
                </div>
            }
            if shown < comparison.different {
                <p class="muted">{ fill_plain(t.compare_cut, &[&shown, &comparison.different]) }</p>
            }
        </section>
    }
}

fn difference(
    page: &Page,
    picture: &Picture,
    comparison: &Comparison,
    difference: &Difference,
) -> Html {
    let message = &difference.message;
    let current = picture.course.current().map(|it| it.id);
    let here = match current {
        Some(id) if id == comparison.first => difference.first.as_ref(),
        Some(id) if id == comparison.second => difference.second.as_ref(),
        Some(_) | None => None,
    };
    let name =
        html! { <>{ message.id.to_string() }{ " " }<code>{ payload_line(message, 32) }</code></> };
    let label = match here.map(|(id, _)| *id) {
        Some(id) => {
            let onclick = page.on(move |page, _: MouseEvent| {
                page.driver.explain(Some(id));
                page.open.emit(Sheet::Journey(id));
            });
            html! { <button type="button" class="message" {onclick}>{ name }</button> }
        }
        None => name,
    };
    let side = |side: &Option<(crate::amqp::MessageId, Vec<Ending>)>| match side {
        None => html! { <td class="muted">{ page.lang.time().compare_missing }</td> },
        Some((_, ends)) => html! {
            <td><ul class="ends">{ for ends.iter().map(|end| html! { <li>{ words(&ending(page, end)) }</li> }) }</ul></td>
        },
    };
    html! { <tr><th scope="row">{ label }</th>{ side(&difference.first) }{ side(&difference.second) }</tr> }
}

/// Where a copy ended, in words.
fn ending(page: &Page, end: &Ending) -> Sentence {
    let t = page.lang.time();
    match end {
        Ending::Ready(queue) => fill(t.end_ready, &[queue]),
        Ending::Unacked(queue, who) => fill(t.end_unacked, &[queue, who]),
        Ending::Acked(queue, who) => fill(t.end_acked, &[queue, who]),
        Ending::Discarded(queue) => fill(t.end_discarded, &[queue]),
        Ending::Dropped(queue, why) => {
            let why = drop_reason(page.log(), why.reason());
            fill(t.end_dropped, &[queue, &why])
        }
        Ending::Refused(queue) => fill(t.end_refused, &[queue]),
        Ending::QueueGone(queue) => fill(t.end_queue_gone, &[queue]),
        Ending::Lost(queue) => fill(t.end_lost, &[queue]),
        Ending::Returned => fill(t.end_returned, &[]),
        Ending::Unroutable => fill(t.end_unroutable, &[]),
        Ending::Held => fill(t.end_held, &[]),
    }
}
