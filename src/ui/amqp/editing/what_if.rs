//! "Why?": a routing key and headers typed at an exchange, and what each binding would do, word by word, without
//! publishing. The canvas lights the same answer.

use yew::prelude::*;

use crate::amqp::view::ExchangeKind;
use crate::amqp::{Destination, ExchangeId, Properties, RoutingKey, Table};
use crate::engine::ExchangeVisit;
use crate::ui::amqp::forms::publish::PublishForm;
use crate::ui::amqp::forms::{Problems, rows};
use crate::ui::amqp::page::{Page, Sheet, use_page, words};
use crate::ui::amqp::panels::{
    Draft, close_button, exchange_choices, kind_of, row_errors, row_kinds, row_words, use_draft,
    why_list,
};
use crate::ui::amqp::picture::{Answer, Picture, Question};
use crate::ui::amqp::sentence::Teller;
use crate::ui::components::{Button, ButtonKind, Row, RowsEditor, Select, TextField, TextInput};
use crate::ui::shared::Shared;
use crate::ui::text::{fill, fill_plain};

#[derive(Properties, PartialEq)]
pub struct WhatIfProps {
    pub picture: Shared<Picture>,
    /// The exchange it begins at.
    pub exchange: AttrValue,
}

/// What is asked.
#[derive(Clone, Debug, Default, PartialEq)]
struct Typed {
    exchange: AttrValue,
    routing_key: AttrValue,
    headers: Vec<Row>,
}

impl Typed {
    fn question(&self, picture: &Picture) -> Option<Question> {
        let broker = &picture.world.broker;
        let mut exchanges = broker.exchanges.iter().map(|view| &view.id);
        let exchange: ExchangeId = exchanges
            .find(|id| id.as_str() == self.exchange.as_str())?
            .clone();
        let mut problems = Problems::default();
        let headers: Table = rows::table(&self.headers, &mut problems);
        let properties = Properties {
            headers: (!headers.is_empty()).then_some(headers),
            ..Properties::default()
        };
        Some(Question {
            exchange,
            routing_key: RoutingKey::from(self.routing_key.as_str()),
            properties,
        })
    }
}

/// The panel "Why?".
#[component]
pub fn WhatIf(props: &WhatIfProps) -> Html {
    let page = use_page();
    let (t, w) = (page.t(), page.lang.wiring());
    let draft = use_draft(|| {
        let is_headers = kind_of(&props.picture, &props.exchange) == Some(ExchangeKind::Headers);
        Typed {
            exchange: props.exchange.clone(),
            headers: if is_headers {
                vec![rows::row("", rows::RowKind::String, "")]
            } else {
                Vec::new()
            },
            ..Typed::default()
        }
    });
    {
        // What is typed is asked at once; whoever leaves stops asking.
        let (driver, picture) = (page.driver.clone(), props.picture.clone());
        let typed = draft.get().clone();
        use_effect_with(typed, move |typed| {
            driver.try_message(typed.question(&picture))
        });
        let driver = page.driver.clone();
        use_effect_with((), move |()| move || driver.try_message(None));
    }
    let state = draft.get().clone();
    let mut problems = Problems::default();
    rows::table(&state.headers, &mut problems);
    let shown = crate::ui::amqp::paint::shown_exchange(&state.exchange, t);
    let publish = PublishForm::new(&state.exchange, &state.routing_key);
    html! {
        <section class="sheet" aria-label={fill_plain(w.what_if_title, &[&shown])}>
            <header class="sheet-head">
                <h2>{ fill_plain(w.what_if_title, &[&shown]) }</h2>{ close_button(&page) }
            </header>
            <div class="sheet-body">
                <p class="muted">{ w.what_if_lead }</p>
                { asked(&draft, &props.picture, &page, &problems) }
                if let Some(answer) = &props.picture.answer {
                    <div class="what-if" role="status">{ summary(&page, answer) }</div>
                    { for answer.visits.iter().map(|visit| said(&page, &props.picture, answer, visit)) }
                }
            </div>
            <footer class="sheet-foot">
                <Button kind={ButtonKind::Primary} label={w.what_if_publish} onclick={page.opens(Sheet::Publish(None, publish))} />
            </footer>
        </section>
    }
}

fn asked(draft: &Draft<Typed>, picture: &Picture, page: &Page, problems: &Problems) -> Html {
    let t = page.t();
    let state = draft.get().clone();
    html! {
        <>
            <Select
                label={t.exchange_title} choices={exchange_choices(picture, t)} selected={state.exchange.clone()}
                onselect={draft.puts(|typed: &mut Typed, exchange| typed.exchange = exchange)}
            />
            <TextField
                label={t.routing_key} input={TextInput::Code} value={state.routing_key.clone()}
                oncommit={draft.puts(|typed: &mut Typed, key| typed.routing_key = key)}
                ontype={draft.puts(|typed: &mut Typed, key| typed.routing_key = key)}
            />
            <RowsEditor
                label={t.headers} words={row_words(t, t.add_header)} kinds={row_kinds(t)}
                rows={state.headers.clone()} errors={row_errors(problems, t)} hints={Vec::new()}
                onchange={draft.puts(|typed: &mut Typed, rows: Vec<Row>| typed.headers = rows)}
            />
        </>
    }
}

/// Where it would go, in one line.
fn summary(page: &Page, answer: &Answer) -> Html {
    let w = page.lang.wiring();
    let mut queues: Vec<String> = Vec::new();
    for explanation in answer.visits.iter().flat_map(|visit| &visit.explanations) {
        if let (true, Destination::Queue(queue)) =
            (explanation.matched, &explanation.binding.destination)
            && !queues.iter().any(|known| known == queue.as_str())
        {
            queues.push(queue.as_str().to_string());
        }
    }
    if queues.is_empty() {
        return html! { <p class="what-if-nowhere">{ w.what_if_nowhere }</p> };
    }
    html! { <p>{ words(&fill(w.what_if_goes, &[&queues.join(page.log().list_comma)])) }</p> }
}

/// What the bindings of one exchange say.
fn said(page: &Page, picture: &Picture, answer: &Answer, visit: &ExchangeVisit) -> Html {
    let book = picture.book();
    let teller = Teller::new(&book, page.lang);
    let (t, w) = (page.t(), page.lang.wiring());
    let name = teller.exchange(&visit.exchange);
    let key = answer.question.routing_key.to_text();
    let none_matched = !visit.explanations.iter().any(|it| it.matched);
    let has_alternate = picture
        .world
        .broker
        .exchanges
        .iter()
        .any(|view| view.id == visit.exchange && view.alternate.is_some());
    html! {
        <>
            <h3>{ fill_plain(w.what_if_at, &[&name]) }</h3>
            if visit.exchange.as_str().is_empty() {
                <p class="muted">{ t.why_default }</p>
            } else if visit.explanations.is_empty() {
                <p class="muted">{ fill_plain(w.what_if_none, &[&name]) }</p>
            }
            { why_list(teller, &visit.explanations, &key) }
            if none_matched && has_alternate { <p class="muted">{ w.what_if_alternate }</p> }
        </>
    }
}
