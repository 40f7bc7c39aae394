//! The journey of a message: its steps with their times, and at every exchange why each binding let it through or not.

use yew::prelude::*;

use crate::amqp::MessageId;
use crate::amqp::view::Explanation;
use crate::engine::{ExchangeVisit, Journey, JourneyEntry};
use crate::ui::amqp::page::{Page, Sheet, use_page, words};
use crate::ui::amqp::panels::inspect_message::contents;
use crate::ui::amqp::panels::parts::close_button;
use crate::ui::amqp::picture::Picture;
use crate::ui::amqp::sentence::Teller;
use crate::ui::amqp::why;
use crate::ui::components::{Button, ButtonKind};
use crate::ui::shared::Shared;
use crate::ui::store::{Action, Area};
use crate::ui::text::{fill, fill_plain};

#[derive(Properties, PartialEq)]
pub struct JourneyProps {
    pub picture: Shared<Picture>,
    pub message: MessageId,
}

/// The journey of a message.
#[component]
pub fn JourneyPanel(props: &JourneyProps) -> Html {
    let page = use_page();
    let t = page.t();
    let title = fill_plain(t.journey, &[&props.message]);
    let journey = props
        .picture
        .journey
        .as_ref()
        .filter(|journey| journey.message.id == props.message);
    html! {
        <section class="sheet" aria-label={title.clone()}>
            <header class="sheet-head"><h2>{ title }</h2>{ close_button(&page) }</header>
            <div class="sheet-body">
                if let Some(journey) = journey {
                    { related(&page, journey) }
                    <Button kind={ButtonKind::Quiet} label={page.lang.charts().life_open} onclick={open_life(&page)} />
                    { steps(&page, &props.picture, journey) }
                    { for journey.visits.iter().map(|visit| why_here(&page, &props.picture, journey, visit)) }
                    <h3>{ t.message_title }</h3>
                    { contents(&page, &journey.message) }
                } else {
                    <p class="muted">{ t.message_gone }</p>
                }
            </div>
        </section>
    }
}

/// Shows the tab with the whole life.
fn open_life(page: &Page) -> Callback<MouseEvent> {
    page.on(|page, _: MouseEvent| {
        page.dispatch
            .dispatch(Action::OpenPanel(Area::Below, "message".into()));
    })
}

fn steps(page: &Page, picture: &Picture, journey: &Journey) -> Html {
    let book = picture.book();
    let teller = Teller::new(&book, page.lang);
    let entry = |entry: &JourneyEntry| {
        html! {
            <li>
                <time>{ entry.at.to_string() }</time>
                <span>{ words(&teller.broker(&entry.event)) }</span>
            </li>
        }
    };
    html! { <ol class="journey">{ for journey.entries.iter().map(entry) }</ol> }
}

fn why_here(page: &Page, picture: &Picture, journey: &Journey, visit: &ExchangeVisit) -> Html {
    let book = picture.book();
    let teller = Teller::new(&book, page.lang);
    let t = page.t();
    let name = teller.exchange(&visit.exchange);
    let key = journey.message.routing_key.to_text();
    html! {
        <>
            <h3>{ fill_plain(t.why_title, &[&name]) }</h3>
            if visit.exchange.as_str().is_empty() {
                <p class="muted">{ t.why_default }</p>
            } else if visit.explanations.is_empty() {
                <p class="muted">{ words(&fill(teller.t.why_none_bound, &[&name])) }</p>
            }
            { why_list(teller, &visit.explanations, &key) }
        </>
    }
}

/// Of each binding, whether it lets a message with `key` through and why.
pub fn why_list(teller: Teller<'_>, explanations: &[Explanation], key: &str) -> Html {
    let rows = explanations.iter().map(|explanation| {
        let (class, mark) = if explanation.matched {
            ("matched", "✓")
        } else {
            ("not-matched", "✕")
        };
        html! {
            <li {class}>
                <span class="mark" aria-hidden="true">{ mark }</span>
                <span>{ words(&why::tell(teller, explanation, key)) }</span>
            </li>
        }
    });
    html! { <ul class="why">{ for rows }</ul> }
}

/// The message it is a dead letter of, and those it became.
fn related(page: &Page, journey: &Journey) -> Html {
    let t = page.t();
    let link = |id: MessageId, label: String| {
        let onclick = page.on(move |page, _: MouseEvent| {
            page.driver.explain(Some(id));
            page.open.emit(Sheet::Journey(id));
        });
        html! { <Button key={id.0} kind={ButtonKind::Quiet} {label} {onclick} /> }
    };
    html! {
        <p class="related">
            { for journey.message.parent().map(|id| link(id, fill_plain(t.copy_of, &[&id]))) }
            { for journey.children.iter().map(|id| link(*id, fill_plain(t.journey, &[id]))) }
        </p>
    }
}
