//! The card over the canvas: what to do first on an empty one, and what a scenario is about.

use yew::prelude::*;

use crate::machine::SimTime;
use crate::scenario::Localized;
use crate::scenario::catalog::CATALOG;
use crate::ui::amqp::beginnings::{self, Beginning};
use crate::ui::amqp::files;
use crate::ui::amqp::page::{Page, Sheet, use_page};
use crate::ui::amqp::panels::toolbar::{again_button, scenario_name};
use crate::ui::amqp::picture::Picture;
use crate::ui::components::{Button, ButtonKind, Icon};
use crate::ui::driver::EMPTY;
use crate::ui::shared::Shared;
use crate::ui::text::Lang;

/// So many stories are offered on an empty canvas; the list in the bar has them all.
const STORIES: usize = 3;

#[derive(Properties, PartialEq)]
pub struct CardProps {
    pub picture: Shared<Picture>,
}

/// What to do first on an empty canvas. On narrow pages, where the side is folded away, also what the story is about.
#[component]
pub fn Card(props: &CardProps) -> Html {
    let page = use_page();
    let picture = &props.picture;
    if picture.scene.nodes.is_empty() && picture.slug == Some(EMPTY) {
        return empty(&page);
    }
    let is_start = picture.cursor.now == SimTime::ZERO && !picture.cursor.playing;
    if is_start && picture.story.is_some() {
        return html! { <section class="card card-narrow">{ story(&page, picture) }</section> };
    }
    Html::default()
}

/// What a scenario is about, and how to begin, or begin again.
pub fn story(page: &Page, picture: &Picture) -> Html {
    let Some(story) = &picture.story else {
        return Html::default();
    };
    let cursor = picture.cursor;
    let ended = cursor.at_end && cursor.now > SimTime::ZERO;
    html! {
        <div class="story">
            if !in_lang(&story.title, page.lang).is_empty() { <h2>{ in_lang(&story.title, page.lang) }</h2> }
            if !in_lang(&story.description, page.lang).is_empty() { <p>{ in_lang(&story.description, page.lang) }</p> }
            if ended { <p>{ page.t().card_end }</p> }
            <div class="card-buttons">
                if ended {
                    { for picture.slug.map(|slug| again_button(page, slug)) }
                } else if !cursor.playing {
                    { start_buttons(page) }
                }
            </div>
        </div>
    }
}

pub fn in_lang(text: &Localized, lang: Lang) -> &str {
    match lang {
        Lang::Zh if !text.zh.is_empty() => &text.zh,
        Lang::Zh | Lang::En => &text.en,
    }
}

fn start_buttons(page: &Page) -> Html {
    let t = page.t();
    let play = page.on(|page, _: MouseEvent| page.driver.play());
    let step = page.on(|page, _: MouseEvent| {
        page.driver.step();
    });
    html! {
        <>
            <Button kind={ButtonKind::Primary} icon={Icon::Play} label={t.card_play} onclick={play} />
            <Button icon={Icon::Step} label={t.card_step} onclick={step} />
        </>
    }
}

fn empty(page: &Page) -> Html {
    let (t, i) = (page.t(), page.i());
    let stories = CATALOG.iter().take(STORIES).map(|entry| {
        let slug = entry.slug;
        let onclick = page.on(move |page, _: MouseEvent| files::begin(page, slug));
        html! { <Button key={slug} kind={ButtonKind::Quiet} label={scenario_name(slug, page.lang)} {onclick} /> }
    });
    let begins = Beginning::ALL.into_iter().map(|beginning| {
        let onclick = page.on(move |page, _: MouseEvent| beginnings::begin(page, beginning));
        html! { <li><Button label={beginning.label(i)} {onclick} /></li> }
    });
    html! {
        <section class="card card-middle" aria-label={t.empty_title}>
            <h2>{ t.empty_title }</h2>
            <p>{ i.begin_lead }</p>
            <ul class="begins">{ for begins }</ul>
            <p class="muted">{ i.begin_or }</p>
            <div class="card-buttons">
                <Button kind={ButtonKind::Primary} label={t.empty_first} onclick={page.opens(Sheet::AddExchange)} />
                <Button label={t.empty_second} onclick={page.opens(Sheet::AddQueue)} />
                <Button label={t.empty_third} onclick={page.opens(Sheet::AddConsumer(None))} />
            </div>
            <p class="muted">{ t.empty_or }</p>
            <div class="card-buttons">{ for stories }</div>
        </section>
    }
}
