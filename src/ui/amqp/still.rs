//! Still pictures: a scene, or a whole scenario at a moment, as an SVG file.

use std::rc::Rc;

use crate::engine::Engine;
use crate::machine::SimTime;
use crate::scenario::{Localized, Scenario, ScenarioError, catalog};
use crate::ui::amqp::book::Book;
use crate::ui::amqp::files;
use crate::ui::amqp::paint::{Painter, Plans};
use crate::ui::canvas::layout::{Flow, Layout, Pins};
use crate::ui::canvas::palette::{DAY, NIGHT};
use crate::ui::canvas::scene::Scene;
use crate::ui::canvas::sketch::Sketch;
use crate::ui::canvas::svg::picture;
use crate::ui::driver::EMPTY;
use crate::ui::text::Lang;

/// What a picture says of itself.
pub struct Words {
    pub title: String,
    pub about: String,
}

impl Words {
    /// The person's own, else those of the scenario.
    pub fn of(
        scenario: &Scenario,
        lang: Lang,
        title: Option<String>,
        about: Option<String>,
    ) -> Words {
        let own = |text: Option<String>| text.filter(|text| !text.trim().is_empty());
        let said = |text: &Localized| match lang {
            Lang::En => text.en.clone(),
            Lang::Zh => text.zh.clone(),
        };
        let mut words = Words {
            title: own(title).unwrap_or_else(|| said(&scenario.title)),
            about: own(about).unwrap_or_else(|| said(&scenario.description)),
        };
        if words.title.is_empty() {
            words.title = lang.texts().title.to_string();
        }
        words
    }
}

/// `scene` as an SVG file; `theme` is `light` or `dark`.
pub fn drawing(scene: &Scene, pins: &Pins, sketch: &Sketch, theme: &str, words: &Words) -> String {
    let layout = Layout::arrange(scene, pins, Flow::LeftToRight, None);
    let palette = if theme == "dark" { &NIGHT } else { &DAY };
    picture(
        scene,
        &layout,
        sketch,
        palette,
        (&words.title, &words.about),
    )
}

/// A built-in scenario at its beginning; without a name the first.
pub fn built_in(slug: Option<&str>) -> Result<Engine, ScenarioError> {
    let first = catalog::CATALOG.first().map_or(EMPTY, |entry| entry.slug);
    match catalog::find(slug.unwrap_or(first)) {
        Some(entry) => Engine::load(&Scenario::parse(entry.json())?),
        None => Engine::load(&Scenario::default()),
    }
}

/// The picture of a run that is let go on by itself until `until`.
pub fn of_engine(mut engine: Engine, until: Option<SimTime>, lang: Lang, theme: &str) -> String {
    if let Some(until) = until {
        engine.play();
        // An endless storm within a moment is cut, as the page itself cuts it.
        for _ in 0..100 {
            let left = until.since(engine.cursor().now) + 1;
            engine.advance(left as f64);
            if engine.cursor().now > until {
                break;
            }
        }
        engine.pause();
    }
    let mut book = Book::default();
    let update = engine.opened();
    book.take(&update);
    let painter = Painter {
        world: &update.view,
        book: &book,
        plans: &Rc::<Plans>::default(),
        lang,
        journey: None,
        answer: None,
    };
    let origin = engine.origin();
    let words = Words::of(origin, lang, None, None);
    let (pins, sketch) = (files::pins(origin), files::sketch(origin));
    drawing(&painter.scene(), &pins, &sketch, theme, &words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_built_in_scenario_has_a_picture_by_day_and_by_night() {
        for entry in catalog::CATALOG {
            for theme in ["light", "dark"] {
                let engine = built_in(Some(entry.slug)).expect("the catalog is sound");
                let svg = of_engine(engine, Some(SimTime(4_000)), Lang::Zh, theme);
                assert!(svg.contains("<circle") && svg.contains("</svg>"), "{svg}");
            }
        }
    }
}
