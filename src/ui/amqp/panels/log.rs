//! The event log in words. Not live: the announcer tells readers what matters; this is for reading back.

use yew::prelude::*;

use crate::engine::WorldEvent;
use crate::ui::amqp::log_lines::{LineId, LogFilter, LogKind, kind, lines, message_of};
use crate::ui::amqp::page::{Page, Sheet, use_page, words};
use crate::ui::amqp::panels::follow::use_following;
use crate::ui::amqp::panels::inside::coming;
use crate::ui::amqp::picture::Picture;
use crate::ui::amqp::sentence::Teller;
use crate::ui::components::{Choice, Select, TextField, TextInput};
use crate::ui::shared::Shared;
use crate::ui::store::Action;
use crate::ui::text::{Texts, fill_plain};

/// At most so many lines are drawn …
const DRAWN: usize = 250;
/// … and so many while a run plays: each picture of a busy one brings others.
const DRAWN_PLAYING: usize = 40;

#[derive(Properties, PartialEq)]
pub struct LogProps {
    pub picture: Shared<Picture>,
    /// What the lines must contain.
    pub needle: AttrValue,
}

/// The event log.
#[component]
pub fn Log(props: &LogProps) -> Html {
    let page = use_page();
    let t = page.t();
    let filter = use_state(LogFilter::default);
    let picture = &props.picture;
    let list = use_following(picture.cursor.index, picture.cursor.within);
    let (rows, count) = {
        let book = picture.book();
        let teller = Teller::new(&book, page.lang);
        let most = match picture.cursor.playing {
            true => DRAWN_PLAYING,
            false => DRAWN,
        };
        let (lines, count) = lines(&book, teller, *filter, &props.needle, most);
        let rows: Vec<Html> = lines
            .iter()
            .map(|line| {
                row(
                    &page,
                    teller,
                    picture.line,
                    line.id,
                    line.step.at.to_string(),
                    line.event,
                )
            })
            .collect();
        (rows, count)
    };
    let none = if picture.cursor.index == 0 {
        t.log_empty
    } else {
        t.log_none_match
    };
    let onneedle = page.on(|page, text: AttrValue| {
        page.dispatch.dispatch(Action::Filter(text.as_str().into()));
    });
    let onkind = {
        let filter = filter.clone();
        Callback::from(move |value: AttrValue| filter.set(LogFilter::parse(&value)))
    };
    let chosen = LogFilter::ALL
        .into_iter()
        .find(|(_, known)| *known == *filter);
    html! {
        <section class="log" aria-label={t.log_title}>
            <header class="dock-tools">
                <Select
                    bare=true label={t.log_kind} choices={kinds(t)} selected={chosen.map_or("story", |(name, _)| name)}
                    onselect={onkind}
                />
                <TextField
                    bare=true input={TextInput::Search} label={t.log_filter} placeholder={t.log_filter}
                    value={props.needle.clone()} oncommit={onneedle}
                />
                <span class="muted">{ fill_plain(t.log_count, &[&count]) }</span>
            </header>
            if rows.is_empty() { <p class="muted log-none">{ none }</p> }
            <ol ref={list} class="log-lines" tabindex="0" aria-label={t.log_title}>
                if picture.book().forgot { <li class="muted">{ t.log_older }</li> }
                { for rows }
                { coming(&page, picture, *filter) }
            </ol>
        </section>
    }
}

fn kinds(t: &Texts) -> Vec<Choice> {
    LogFilter::ALL
        .into_iter()
        .map(|(name, filter)| {
            let label = match filter {
                LogFilter::Story => t.log_story,
                LogFilter::Everything => t.log_all,
                LogFilter::Only(LogKind::Topology) => t.log_topology,
                LogFilter::Only(LogKind::Messages) => t.log_messages,
                LogFilter::Only(LogKind::Connections) => t.log_programs,
                LogFilter::Only(LogKind::Errors) => t.log_errors,
                LogFilter::Only(LogKind::Replies) => t.log_replies,
            };
            Choice::new(name, label)
        })
        .collect()
}

const fn kind_class(kind: LogKind) -> &'static str {
    match kind {
        LogKind::Topology => "log-topology",
        LogKind::Messages => "log-messages",
        LogKind::Connections => "log-connections",
        LogKind::Errors => "log-errors",
        LogKind::Replies => "log-replies",
    }
}

fn row(
    page: &Page,
    teller: Teller<'_>,
    lit: Option<LineId>,
    id: LineId,
    at: String,
    event: &WorldEvent,
) -> Html {
    let is_lit = lit == Some(id);
    let message = message_of(event);
    let onclick = page.on(move |page, _: MouseEvent| {
        page.driver.light((!is_lit).then_some(id));
        if let Some(message) = message.filter(|_| !is_lit) {
            page.driver.explain(Some(message));
            page.open.emit(Sheet::Journey(message));
        }
    });
    html! {
        <li key={format!("{}.{}", id.step, id.event)}>
            <button
                type="button" class={classes!("log-line", kind_class(kind(event)), is_lit.then_some("lit"))}
                aria-pressed={if is_lit { "true" } else { "false" }} {onclick}
            >
                <time>{ at }</time><span>{ words(&teller.tell(event)) }</span>
            </button>
        </li>
    }
}
