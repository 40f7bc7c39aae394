//! The track: what has happened so far, as marks on a line, and where the run is.

use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::ui::canvas::scene::{Text, Tone};
use crate::ui::shared::Shared;

/// The shape of a mark: kinds are told apart by shape, not only by colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MarkShape {
    /// A thin line: the many that are as they should be.
    #[default]
    Tick,
    Dot,
    Square,
    Triangle,
    Cross,
}

impl MarkShape {
    /// Its outline around the middle of the track.
    const fn path(self) -> &'static str {
        match self {
            MarkShape::Tick => "M0 -5V5",
            MarkShape::Dot => "M-3.5 0a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0-7 0",
            MarkShape::Square => "M-3.5 -3.5h7v7h-7z",
            MarkShape::Triangle => "M0 -4.5L4.5 3.5H-4.5z",
            MarkShape::Cross => "M-4 -4L4 4M4 -4L-4 4",
        }
    }
}

/// Something that happened.
#[derive(Clone, Debug, PartialEq)]
pub struct Mark {
    /// Milliseconds since the run began.
    pub at_ms: u64,
    pub shape: MarkShape,
    pub tone: Tone,
    pub title: Text,
}

/// More marks than this are thinned out: the plain ones first.
const DRAWN: usize = 300;

#[derive(Properties, PartialEq)]
pub struct TrackProps {
    /// Its name, for readers.
    pub label: AttrValue,
    pub marks: Shared<Vec<Mark>>,
    pub now_ms: u64,
    /// Where the track ends; never before now.
    pub end_ms: u64,
    /// The position in words.
    pub position: AttrValue,
    /// To go to a time; without it the track only shows.
    #[prop_or_default]
    pub onseek: Option<Callback<u64>>,
}

/// The track with its marks.
#[component]
pub fn Track(props: &TrackProps) -> Html {
    let end = props.end_ms.max(props.now_ms).max(1);
    let share = |at: u64| format!("{:.3}%", at.min(end) as f64 * 100.0 / end as f64);
    let marks = thinned(&props.marks, end).into_iter().map(|mark| {
        html! {
            <svg class={classes!("mark", format!("tone-{}", mark.tone.suffix()))} x={share(mark.at_ms)} y="50%" overflow="visible">
                <path d={mark.shape.path()} /><title>{ &*mark.title }</title>
            </svg>
        }
    });
    html! {
        <div class="track">
            <svg class="track-drawing" aria-hidden="true">
                <line class="track-line" x1="0" x2="100%" y1="50%" y2="50%" />
                <line class="track-done" x1="0" x2={share(props.now_ms)} y1="50%" y2="50%" />
                { for marks }
                <svg x={share(props.now_ms)} y="50%" overflow="visible"><path class="track-now" d="M0 -10V10M-3.5 -10h7L0 -5.5z" /></svg>
            </svg>
            { slider(props, end) }
        </div>
    }
}

fn slider(props: &TrackProps, end: u64) -> Html {
    let Some(onseek) = props.onseek.clone() else {
        return html! { <div class="visually-hidden" role="img" aria-label={format!("{}: {}", props.label, props.position)} /> };
    };
    let oninput = Callback::from(move |event: InputEvent| {
        let input = event.target_dyn_into::<HtmlInputElement>();
        if let Some(to) = input.and_then(|input| input.value().parse().ok()) {
            onseek.emit(to);
        }
    });
    html! {
        <input
            class="track-slider" type="range" min="0" max={end.to_string()} step="1" value={props.now_ms.to_string()}
            aria-label={props.label.clone()} aria-valuetext={props.position.clone()} {oninput}
        />
    }
}

/// At most [`DRAWN`] marks: plain ones that would lie on each other are left out, then all of those.
fn thinned(marks: &[Mark], end: u64) -> Vec<&Mark> {
    if marks.len() <= DRAWN {
        return marks.iter().collect();
    }
    let mut last_place = None;
    let apart = marks.iter().filter(|mark| {
        let place = (mark.shape, mark.at_ms * DRAWN as u64 / end);
        mark.shape != MarkShape::Tick || last_place.replace(place) != Some(place)
    });
    let mut kept: Vec<&Mark> = apart.collect();
    if kept.len() > DRAWN {
        kept.retain(|mark| mark.shape != MarkShape::Tick);
        // Still too many: the latest tell most.
        let surplus = kept.len().saturating_sub(DRAWN);
        kept.drain(..surplus);
    }
    kept
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
                title: "".into(),
            })
            .collect()
    }

    #[test]
    fn a_long_run_keeps_the_marks_that_tell_something() {
        let mut all = marks(10_000, MarkShape::Tick);
        all.push(Mark {
            shape: MarkShape::Cross,
            ..all[5000].clone()
        });
        let kept = thinned(&all, 10_000);
        assert!(kept.len() <= DRAWN + 1);
        assert!(kept.iter().any(|mark| mark.shape == MarkShape::Cross));
        assert_eq!(thinned(&marks(10_000, MarkShape::Dot), 10_000).len(), DRAWN);
        assert_eq!(thinned(&marks(10, MarkShape::Tick), 10).len(), 10);
    }
}
