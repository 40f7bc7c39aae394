//! A small chart over time: areas and lines, a cursor that it shares with the track, and its values in words.

use web_sys::Element;
use yew::prelude::*;

use crate::machine::SimTime;
use crate::ui::canvas::scene::{Text, Tone};

/// How a line is drawn: told apart by more than its colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineLook {
    Area,
    Solid,
    Dashed,
}

impl LineLook {
    const fn class(self) -> &'static str {
        match self {
            LineLook::Area => "line-area",
            LineLook::Solid => "line-solid",
            LineLook::Dashed => "line-dashed",
        }
    }
}

/// What the values count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    Count,
    PerSecond,
    Milliseconds,
}

impl Unit {
    /// A value with its unit.
    pub fn show(self, value: f64) -> String {
        match self {
            Unit::Count => format!("{value:.0}"),
            Unit::PerSecond => format!("{value:.1}/s"),
            Unit::Milliseconds => SimTime(value as u64).to_string(),
        }
    }
}

/// Values over time, one a piece.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    pub name: Text,
    pub tone: Tone,
    pub look: LineLook,
    pub values: Vec<f64>,
    /// The value at the cursor.
    pub at_cursor: f64,
}

#[derive(Properties, PartialEq)]
pub struct ChartProps {
    /// What it shows, for readers: the picture itself says nothing to them.
    pub summary: AttrValue,
    pub lines: Vec<Line>,
    pub unit: Unit,
    /// How long a piece is.
    pub width_ms: u64,
    /// Where the axis ends.
    pub end_ms: u64,
    /// Where the run is.
    pub now_ms: u64,
    /// The time somebody points at.
    pub pointed_ms: Option<u64>,
    pub onpoint: Callback<Option<u64>>,
    /// To go to a time.
    pub onseek: Callback<u64>,
}

/// The picture's own units; it is stretched to its place.
const WIDTH: f64 = 1000.0;
const HEIGHT: f64 = 100.0;

/// A small chart.
#[component]
pub fn Chart(props: &ChartProps) -> Html {
    let end = props.end_ms;
    let picture = use_node_ref();
    let onpointermove = {
        let (onpoint, picture) = (props.onpoint.clone(), picture.clone());
        Callback::from(move |event: PointerEvent| onpoint.emit(time_under(&picture, &event, end)))
    };
    let onpointerleave = props.onpoint.reform(|_: PointerEvent| None);
    let onclick = {
        let (onseek, picture) = (props.onseek.clone(), picture.clone());
        Callback::from(move |event: MouseEvent| {
            if let Some(at) = time_under(&picture, &event, end) {
                onseek.emit(at);
            }
        })
    };
    let x = |at: u64| format!("{:.1}", at as f64 * WIDTH / end.max(1) as f64);
    let cursor = |at: u64, class: &'static str| {
        html! { <line {class} x1={x(at)} x2={x(at)} y1="0" y2={HEIGHT.to_string()} /> }
    };
    html! {
        <figure class="chart">
            <svg
                ref={picture} role="img" aria-label={props.summary.clone()} viewBox={format!("0 0 {WIDTH} {HEIGHT}")}
                preserveAspectRatio="none" {onpointermove} {onpointerleave} {onclick}
            >
                <Lines
                    lines={props.lines.iter().map(Drawn::of).collect::<Vec<_>>()} width_ms={props.width_ms} {end}
                />
                { cursor(props.now_ms, "chart-now") }
                { for props.pointed_ms.map(|at| cursor(at, "chart-pointed")) }
            </svg>
            <figcaption>
                { for props.lines.iter().map(|line| key(line, props.unit)) }
            </figcaption>
        </figure>
    }
}

fn key(line: &Line, unit: Unit) -> Html {
    let class = classes!(
        "key",
        line.look.class(),
        format!("tone-{}", line.tone.suffix())
    );
    html! {
        <span {class}>
            <svg width="16" height="10" viewBox="0 0 16 10" aria-hidden="true"><path d="M0 9V4H16V9" /></svg>
            { &*line.name }{ " " }<b>{ unit.show(line.at_cursor) }</b>
        </span>
    }
}

/// The time at which the pointer is.
fn time_under(picture: &NodeRef, event: &MouseEvent, end: u64) -> Option<u64> {
    let element = picture.cast::<Element>()?;
    let place = element.get_bounding_client_rect();
    let share = (f64::from(event.client_x()) - place.left()) / place.width().max(1.0);
    Some((share.clamp(0.0, 1.0) * end as f64) as u64)
}

/// What is drawn of a line: the value at the cursor is not.
#[derive(Clone, Debug, PartialEq)]
struct Drawn {
    tone: Tone,
    look: LineLook,
    values: Vec<f64>,
}

impl Drawn {
    fn of(line: &Line) -> Drawn {
        Drawn {
            tone: line.tone,
            look: line.look,
            values: line.values.clone(),
        }
    }
}

#[derive(Properties, PartialEq)]
struct LinesProps {
    lines: Vec<Drawn>,
    width_ms: u64,
    end: u64,
}

/// The lines; they change less often than the cursor.
#[component]
fn Lines(props: &LinesProps) -> Html {
    let values = props.lines.iter().flat_map(|line| line.values.iter());
    let most = values.fold(1.0_f64, |most, value| most.max(*value));
    let draw = |line: &Drawn| {
        let class = classes!(
            "chart-line",
            line.look.class(),
            format!("tone-{}", line.tone.suffix())
        );
        let d = path(&line.values, props.width_ms, props.end, most, line.look);
        html! { <path {class} {d} vector-effect="non-scaling-stroke" /> }
    };
    html! { <>{ for props.lines.iter().map(draw) }</> }
}

/// A line through the ends of the pieces; an area stands on the ground.
fn path(values: &[f64], width_ms: u64, end: u64, most: f64, look: LineLook) -> String {
    let x =
        |piece: usize| ((piece as u64 * width_ms) as f64 * WIDTH / end.max(1) as f64).min(WIDTH);
    let y = |value: f64| HEIGHT - 2.0 - value / most * (HEIGHT - 6.0);
    let mut text = match look {
        LineLook::Area => format!("M0 {HEIGHT}L0 {HEIGHT}"),
        LineLook::Solid | LineLook::Dashed => {
            format!("M0 {:.1}", y(values.first().copied().unwrap_or(0.0)))
        }
    };
    for (piece, value) in values.iter().enumerate() {
        text += &format!("L{:.1} {:.1}", x(piece + 1), y(*value));
    }
    if look == LineLook::Area {
        text += &format!("V{HEIGHT}z");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_goes_through_the_ends_of_its_pieces() {
        let line = path(&[0.0, 10.0], 500, 1000, 10.0, LineLook::Solid);
        assert_eq!(line, "M0 98.0L500.0 98.0L1000.0 4.0");
        let area = path(&[10.0], 500, 1000, 10.0, LineLook::Area);
        assert_eq!(area, "M0 100L0 100L500.0 4.0V100z");
    }

    #[test]
    fn values_have_units() {
        assert_eq!(Unit::Count.show(3.0), "3");
        assert_eq!(Unit::PerSecond.show(2.25), "2.2/s");
        assert_eq!(Unit::Milliseconds.show(1_500.0), "1.500 s");
    }
}
