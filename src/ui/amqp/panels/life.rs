//! The Message tab: the life of one message and of what became of it, with the times it spent in each place.

use yew::prelude::*;

use crate::amqp::{ChannelId, MessageId};
use crate::engine::{Journey, JourneyEntry, Stay, Whereabouts};
use crate::machine::SimTime;
use crate::ui::amqp::log_lines::LineId;
use crate::ui::amqp::page::{Page, Sheet, use_page, words};
use crate::ui::amqp::paint::payload_line;
use crate::ui::amqp::picture::Picture;
use crate::ui::amqp::sentence::Teller;
use crate::ui::components::{Button, ButtonKind, Icon, IconButton};
use crate::ui::shared::Shared;
use crate::ui::text::fill_plain;

#[derive(Properties, PartialEq)]
pub struct LifeProps {
    pub picture: Shared<Picture>,
}

/// The life of the message that is chosen.
#[component]
pub fn Life(props: &LifeProps) -> Html {
    let page = use_page();
    let t = page.lang.charts();
    let picture = &props.picture;
    let Some(journey) = &picture.journey else {
        return html! { <p class="muted log-none">{ t.life_none }</p> };
    };
    let message = &journey.message;
    let others = journey.family.iter().filter(|id| **id != message.id);
    let others: Vec<MessageId> = others.copied().collect();
    let title = fill_plain(t.life_title, &[&message.id]);
    html! {
        <section class="life" aria-label={title.clone()}>
            <header class="life-head">
                <h3>{ title }{ " " }<code>{ payload_line(message, 40) }</code></h3>
                if !others.is_empty() {
                    <span class="muted">{ t.life_family }</span>
                    { for others.iter().map(|id| link(&page, *id)) }
                }
            </header>
            <ol class="life-events" tabindex="0" aria-label={t.message}>
                { for journey.entries.iter().map(|entry| row(&page, picture, journey, entry)) }
                if journey.is_over() { <li class="muted">{ t.life_end }</li> }
            </ol>
            { stays(&page, picture, journey) }
        </section>
    }
}

fn link(page: &Page, id: MessageId) -> Html {
    let label = fill_plain(page.lang.charts().life_of, &[&id]);
    let onclick = page.on(move |page, _: MouseEvent| {
        page.driver.explain(Some(id));
        page.open.emit(Sheet::Journey(id));
    });
    html! { <Button key={id.0} kind={ButtonKind::Quiet} {label} {onclick} /> }
}

/// One thing that happened; choosing it goes to that moment and lights it on the canvas.
fn row(page: &Page, picture: &Picture, journey: &Journey, entry: &JourneyEntry) -> Html {
    let t = page.lang.charts();
    let book = picture.book();
    let teller = Teller::new(&book, page.lang);
    let line = LineId {
        step: entry.step,
        event: entry.place,
    };
    let is_lit = picture.line == Some(line);
    let step = entry.step + 1;
    let onlight = page.on(move |page, _: MouseEvent| {
        page.driver.light((!is_lit).then_some(line));
    });
    let ongo = page.on(move |page, _: MouseEvent| page.driver.seek_step(step));
    let stayed = entry
        .stayed_ms
        .map(|ms| fill_plain(t.stayed, &[&SimTime(ms)]));
    let is_other = entry.message != journey.message.id;
    html! {
        <li key={format!("{}.{}", entry.step, entry.place)} class={classes!(is_other.then_some("other"))}>
            <button
                type="button" class={classes!("log-line", is_lit.then_some("lit"))}
                aria-pressed={if is_lit { "true" } else { "false" }} title={t.life_show} onclick={onlight}
            >
                <time>{ entry.at.to_string() }</time>
                <span>
                    { words(&teller.broker(&entry.event)) }
                    { for stayed.map(|stayed| html! { <i class="badge">{ stayed }</i> }) }
                </span>
            </button>
            <IconButton class="life-go" icon={Icon::ChevronRight} label={t.life_go} onclick={ongo} />
        </li>
    }
}

/// Where it was and for how long, as bars on its own time.
fn stays(page: &Page, picture: &Picture, journey: &Journey) -> Html {
    let t = page.lang.charts();
    let now = picture.cursor.now;
    let begin = journey.entries.first().map_or(now, |entry| entry.at);
    let end = match journey.is_over() {
        true => journey.entries.last().map_or(now, |entry| entry.at),
        false => now,
    };
    let whole = end.since(begin).max(1);
    let bar = |stay: &Stay| {
        let until = stay.until.unwrap_or(now);
        let (from, took) = (stay.from.since(begin), until.since(stay.from));
        let share = |ms: u64| format!("{:.2}%", ms as f64 * 100.0 / whole as f64);
        let (class, place) = match &stay.place {
            Whereabouts::Queue(queue) => ("stay-queue", fill_plain(t.stay_queue, &[queue])),
            Whereabouts::Hands(_, channel, _) => {
                let who = who(picture, *channel);
                ("stay-hands", fill_plain(t.stay_hands, &[&who]))
            }
        };
        let took = match stay.until {
            Some(_) => SimTime(took).to_string(),
            None => format!("{}, {}", SimTime(took), t.stay_now),
        };
        html! {
            <li>
                <span>{ stay.message.to_string() }{ " " }{ place }</span><b>{ took }</b>
                <svg class="stay" aria-hidden="true"><rect {class} x={share(from)} y="0" width={share(until.since(stay.from).max(whole / 200))} height="100%" rx="2" /></svg>
            </li>
        }
    };
    if journey.stays.is_empty() {
        return Html::default();
    }
    html! {
        <section class="stays" aria-label={t.stays}>
            <h4>{ t.stays }</h4>
            <ul>{ for journey.stays.iter().map(bar) }</ul>
        </section>
    }
}

fn who(picture: &Picture, channel: ChannelId) -> String {
    picture
        .book()
        .connection_name(channel.connection)
        .to_string()
}
