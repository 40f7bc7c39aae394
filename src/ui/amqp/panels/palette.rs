//! The palette: what can be added.

use yew::prelude::*;

use crate::ui::amqp::editing::new_thing::Sort;
use crate::ui::amqp::forms::binding::BindingForm;
use crate::ui::amqp::page::{Sheet, use_page};
use crate::ui::amqp::panels::restore::hour;
use crate::ui::canvas::PART;
use crate::ui::text::{Lang, ProgramTexts, Texts, fill_plain};

#[derive(Properties, PartialEq)]
pub struct PaletteProps {
    /// What the side shows, so that its button stays pressed.
    pub sheet: Sheet,
    /// When the work was last kept in the browser.
    #[prop_or_default]
    pub saved_at: Option<f64>,
}

/// The drawings of the six things, on a grid of 24.
const DRAWINGS: [&str; 6] = [
    "M12 4a8 8 0 1 0 0 16 8 8 0 1 0 0-16M10 16V8h3a2 2 0 0 1 0 4.6h-3",
    "M7.5 4h9l4.5 8-4.5 8h-9L3 12z",
    "M2 8h20v8H2zM9 8v8M15.5 8v8",
    "M12 4a8 8 0 1 0 0 16 8 8 0 1 0 0-16M14.6 9.4a3.6 3.6 0 1 0 0 5.2",
    "M3 12h16M14.5 7.5 19 12l-4.5 4.5",
    "M5 3h14v18H5zM8.5 8h7M8.5 12h7M8.5 16h4",
];

/// What can be added: one button each.
#[component]
pub fn Palette(props: &PaletteProps) -> Html {
    let page = use_page();
    let t = page.t();
    let buttons = entries(t, page.lang.programs()).into_iter().zip(DRAWINGS).map(|((label, title, key, sheet), path)| {
        let part = part_of(&sheet);
        let ondragstart = Callback::from(move |event: DragEvent| {
            if let (Some(data), Some(part)) = (event.data_transfer(), part) {
                // Refused only outside of the start of a drag, and this is one.
                let _ = data.set_data(PART, part.as_str());
                data.set_effect_allowed("copy");
            }
        });
        let pressed = std::mem::discriminant(&sheet) == std::mem::discriminant(&props.sheet);
        html! {
            <button
                key={key} type="button" class="palette-button" title={title} aria-keyshortcuts={key}
                aria-label={format!("{title}: {label}")} aria-pressed={if pressed { "true" } else { "false" }}
                draggable={part.map(|_| "true")} {ondragstart} onclick={page.opens(sheet)}
            >
                <svg viewBox="0 0 24 24" width="24" height="24" aria-hidden="true" focusable="false"><path d={path} /></svg>
                <span>{ label }</span>
            </button>
        }
    });
    html! {
        <div class="palette-side">
            <nav class="palette" aria-label={t.add_heading}>{ for buttons }</nav>
            if let Some(at) = props.saved_at {
                <p class="saved" title={page.i().saved_what}>{ fill_plain(page.i().saved_at, &[&hour(at, page.lang)]) }</p>
            }
        </div>
    }
}

/// What can be dragged onto the canvas: a binding needs two ends and no place.
fn part_of(sheet: &Sheet) -> Option<Sort> {
    match sheet {
        Sheet::AddProducer => Some(Sort::Producer),
        Sheet::AddExchange => Some(Sort::Exchange),
        Sheet::AddQueue => Some(Sort::Queue),
        Sheet::AddConsumer(_) => Some(Sort::Consumer),
        _ => None,
    }
}

fn entries(
    t: &'static Texts,
    p: &'static ProgramTexts,
) -> [(&'static str, &'static str, &'static str, Sheet); 6] {
    [
        (t.producer_title, t.add_producer, "o", Sheet::AddProducer),
        (t.exchange_title, t.add_exchange, "e", Sheet::AddExchange),
        (t.queue_title, t.add_queue, "q", Sheet::AddQueue),
        (
            t.consumer_title,
            t.add_consumer,
            "u",
            Sheet::AddConsumer(None),
        ),
        (
            t.binding_title,
            t.add_binding,
            "b",
            Sheet::AddBinding(BindingForm::default()),
        ),
        (t.program_title, p.add_program, "s", Sheet::AddProgram),
    ]
}

/// The sheet that a single letter opens.
pub fn sheet_of(key: &str, lang: Lang) -> Option<Sheet> {
    entries(lang.texts(), lang.programs())
        .into_iter()
        .find(|(_, _, known, _)| *known == key)
        .map(|(_, _, _, sheet)| sheet)
}
