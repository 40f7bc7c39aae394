//! The track: what has happened so far, as marks on a line, and where the run is.

use std::cell::RefCell;

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlInputElement};
use yew::prelude::*;

use crate::ui::canvas::scene::{Text, Tone};
use crate::ui::shared::Shared;
use crate::ui::text::fill_plain;
use crate::ui::timeline::scale::{labels, scale_end};

/// The shape of a mark: kinds are told apart by shape, not only by colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MarkShape {
    /// A thin line: the many that are as they should be.
    #[default]
    Tick,
    Dot,
    Ring,
    Square,
    Diamond,
    Triangle,
    Cross,
}

impl MarkShape {
    /// Its outline around the middle of its lane.
    const fn path(self) -> &'static str {
        match self {
            MarkShape::Tick => "M0 -4V4",
            MarkShape::Dot => "M-2.5 0a2.5 2.5 0 1 0 5 0a2.5 2.5 0 1 0-5 0",
            MarkShape::Ring => "M-3 0a3 3 0 1 0 6 0a3 3 0 1 0-6 0",
            MarkShape::Square => "M-3 -3h6v6h-6z",
            MarkShape::Diamond => "M0 -4.5L4 0L0 4.5L-4 0z",
            MarkShape::Triangle => "M0 -4L4 3H-4z",
            MarkShape::Cross => "M-3.5 -3.5L3.5 3.5M3.5 -3.5L-3.5 3.5",
        }
    }

    /// The class of its drawing: some are only strokes.
    const fn class(self) -> &'static str {
        match self {
            MarkShape::Tick | MarkShape::Cross | MarkShape::Ring => "mark mark-stroke",
            MarkShape::Dot | MarkShape::Square | MarkShape::Diamond | MarkShape::Triangle => "mark",
        }
    }

    /// What the person did stands above the line, what went wrong below it.
    const fn lane(self) -> &'static str {
        match self {
            MarkShape::Diamond => "7",
            MarkShape::Tick => "17",
            _ => "27",
        }
    }
}

/// Something that happened, so many times close together.
#[derive(Clone, Debug, PartialEq)]
pub struct Mark {
    /// Milliseconds since the run began; of the first.
    pub at_ms: u64,
    pub shape: MarkShape,
    pub tone: Tone,
    pub count: u32,
    /// What happened.
    pub title: Text,
}

/// So many places for marks of one kind there are on a track; what falls into one place is one mark.
const PLACES: u64 = 110;

#[derive(Properties, PartialEq)]
pub struct TrackProps {
    /// Its name, for readers.
    pub label: AttrValue,
    pub marks: Shared<Vec<Mark>>,
    /// The words of a mark that stands for several: how many, what, when the first.
    pub many: AttrValue,
    pub now_ms: u64,
    /// Up to where something is recorded.
    pub recorded_ms: u64,
    /// The position in words.
    pub position: AttrValue,
    /// To go to a time.
    pub onseek: Callback<u64>,
    /// One step back (false) or forward.
    pub onstep: Callback<bool>,
    /// To the beginning (false) or the end.
    pub onend: Callback<bool>,
}

/// The track with its marks.
#[component]
pub fn Track(props: &TrackProps) -> Html {
    let end = scale_end(props.recorded_ms.max(props.now_ms));
    html! {
        <div class="track" data-end={end.to_string()}>
            <svg class="track-drawing" aria-hidden="true">
                <Axis {end} recorded_ms={props.recorded_ms} />
                <line class="track-done" x1="0" x2={share(props.now_ms, end)} y1="17" y2="17" />
                <Marks marks={props.marks.clone()} {end} many={props.many.clone()} />
                <svg class="track-cursor" x={share(props.now_ms, end)} y="0" overflow="visible">
                    <path class="track-now" d="M0 0V34M-5 0h10L0 7z" />
                </svg>
            </svg>
            { slider(props, end) }
        </div>
    }
}

/// Moves the cursor of the track without drawing anything anew: time passes more often than things happen.
#[derive(Debug, Default)]
pub struct Follower(RefCell<Option<Parts>>);

/// What of a track moves.
#[derive(Debug)]
struct Parts {
    track: Element,
    lines: [(Element, &'static str); 2],
    slider: Option<HtmlInputElement>,
}

impl Parts {
    fn of(root: &Element) -> Option<Parts> {
        let track = root.query_selector(".track").ok()??;
        let part = |name: &str| track.query_selector(name).ok()?;
        let slider = part("input").and_then(|it| it.dyn_into::<HtmlInputElement>().ok());
        let lines = [(part(".track-cursor")?, "x"), (part(".track-done")?, "x2")];
        Some(Parts {
            track,
            lines,
            slider,
        })
    }
}

impl Follower {
    /// Shows a moment on the track inside `root`.
    pub fn follow(&self, root: &Element, now_ms: u64) {
        let mut parts = self.0.borrow_mut();
        // A track that left the page is looked for anew.
        parts.take_if(|parts| !parts.track.is_connected());
        if parts.is_none() {
            *parts = Parts::of(root);
        }
        let Some(parts) = &*parts else { return };
        let end = parts.track.get_attribute("data-end");
        let Some(end) = end.and_then(|end| end.parse::<u64>().ok()) else {
            return;
        };
        let at = share(now_ms, end);
        for (line, attribute) in &parts.lines {
            // A drawing that left the page shows no time.
            let _ = line.set_attribute(attribute, &at);
        }
        if let Some(slider) = &parts.slider {
            slider.set_value(&now_ms.to_string());
        }
    }
}

fn share(at: u64, end: u64) -> String {
    let end = end.max(1);
    format!("{:.3}%", at.min(end) as f64 * 100.0 / end as f64)
}

#[derive(Properties, PartialEq)]
struct AxisProps {
    end: u64,
    recorded_ms: u64,
}

/// The line with its labels.
#[component]
fn Axis(props: &AxisProps) -> Html {
    let end = props.end;
    let labels = labels(end).into_iter().map(|(at, text)| {
        let anchor = if at == 0 { "start" } else { "middle" };
        html! {
            <svg x={share(at, end)} y="0" overflow="visible">
                <path class="track-tick" d="M0 21v4" />
                <text class="track-label" x="0" y="44" text-anchor={anchor}>{ text }</text>
            </svg>
        }
    });
    html! {
        <>
            <line class="track-line" x1="0" x2="100%" y1="17" y2="17" />
            <line class="track-recorded" x1="0" x2={share(props.recorded_ms, end)} y1="17" y2="17" />
            { for labels }
        </>
    }
}

#[derive(Properties, PartialEq)]
struct MarksProps {
    marks: Shared<Vec<Mark>>,
    end: u64,
    many: AttrValue,
}

/// The marks; they change less often than the cursor.
#[component]
fn Marks(props: &MarksProps) -> Html {
    let end = props.end;
    let marks = bundled(&props.marks, end);
    let draw = |mark: &Mark| {
        let class = classes!(
            mark.shape.class(),
            format!("tone-{}", mark.tone.suffix()),
            (mark.count > 1).then_some("mark-many")
        );
        let at = crate::machine::SimTime(mark.at_ms);
        let title = match mark.count {
            1 => format!("{}, {at}", mark.title),
            count => fill_plain(&props.many, &[&count, &mark.title, &at]),
        };
        html! {
            <svg {class} x={share(mark.at_ms, end)} y={mark.shape.lane()} overflow="visible">
                <path d={mark.shape.path()} /><title>{ title }</title>
            </svg>
        }
    };
    html! { <>{ for marks.iter().map(draw) }</> }
}

fn slider(props: &TrackProps, end: u64) -> Html {
    let onseek = props.onseek.clone();
    let oninput = Callback::from(move |event: InputEvent| {
        let input = event.target_dyn_into::<HtmlInputElement>();
        if let Some(to) = input.and_then(|input| input.value().parse().ok()) {
            onseek.emit(to);
        }
    });
    let (onseek, onstep, onend) = (
        props.onseek.clone(),
        props.onstep.clone(),
        props.onend.clone(),
    );
    let (now, page) = (props.now_ms, (end / 10).max(1));
    // A millisecond an arrow would lead nowhere: keys go from step to step.
    let onkeydown = Callback::from(move |event: KeyboardEvent| {
        match event.key().as_str() {
            "ArrowLeft" | "ArrowDown" => onstep.emit(false),
            "ArrowRight" | "ArrowUp" => onstep.emit(true),
            "PageDown" => onseek.emit(now.saturating_sub(page)),
            "PageUp" => onseek.emit(now + page),
            "Home" => onend.emit(false),
            "End" => onend.emit(true),
            _ => return,
        }
        event.prevent_default();
        event.stop_propagation();
    });
    html! {
        <input
            class="track-slider" type="range" min="0" max={end.to_string()} step="1" value={props.now_ms.to_string()}
            aria-label={props.label.clone()} aria-valuetext={props.position.clone()} {oninput} {onkeydown}
        />
    }
}

/// Marks of one shape in one place are one.
fn bundled(marks: &[Mark], end: u64) -> Vec<Mark> {
    let mut bundles: Vec<Mark> = Vec::new();
    let place = |at: u64| at * PLACES / end.max(1);
    for mark in marks {
        let near = bundles.iter_mut().rev().take(16);
        let same = near
            .filter(|known| known.shape == mark.shape)
            .find(|known| place(known.at_ms) == place(mark.at_ms));
        match same {
            Some(known) => known.count += mark.count,
            None => bundles.push(mark.clone()),
        }
    }
    bundles
}

#[derive(Properties, PartialEq)]
pub struct MarkViewProps {
    pub shape: MarkShape,
    pub tone: Tone,
}

/// One mark by itself, for a legend.
#[component]
pub fn MarkView(props: &MarkViewProps) -> Html {
    let class = classes!(props.shape.class(), format!("tone-{}", props.tone.suffix()));
    html! {
        <svg {class} width="14" height="14" viewBox="-7 -7 14 14" aria-hidden="true"><path d={props.shape.path()} /></svg>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marks(count: u64, shape: MarkShape) -> Vec<Mark> {
        (0..count)
            .map(|at_ms| Mark {
                at_ms,
                shape,
                tone: Tone::Ink,
                count: 2,
                title: "".into(),
            })
            .collect()
    }

    #[test]
    fn dense_marks_are_bundled_and_none_is_lost() {
        let mut all = marks(10_000, MarkShape::Tick);
        all.insert(
            5_000,
            Mark {
                shape: MarkShape::Cross,
                count: 1,
                ..all[5000].clone()
            },
        );
        let drawn = bundled(&all, 10_000);
        assert!(drawn.len() as u64 <= PLACES + 2, "{}", drawn.len());
        assert!(drawn.iter().any(|mark| mark.shape == MarkShape::Cross));
        assert_eq!(drawn.iter().map(|mark| mark.count).sum::<u32>(), 20_001);
        assert_eq!(bundled(&marks(10, MarkShape::Tick), 10).len(), 10);
    }
}
