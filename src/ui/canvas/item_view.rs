//! Items at rest: segments of a tube and filled slots. What they are is told by shape and colour.

use yew::prelude::*;

use crate::ui::canvas::geometry::{Point, Rect};
use crate::ui::canvas::measure;
use crate::ui::canvas::scene::{Marks, Segment, Slot, Tube};

/// How an item is drawn besides what it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct ItemLook {
    /// It is still flying here: its place is drawn empty.
    pub waiting: bool,
    pub selected: bool,
}

/// The body of a segment at its place in the tube, counted from the head.
pub(super) fn segment(item: &Segment, index: usize, look: ItemLook) -> Html {
    let (w, h) = measure::SEGMENT;
    let rect = Rect::around(Point::default(), w, h);
    html! {
        <g
            key={item.item.as_str()} class={item_classes("segment", item.tone.suffix(), item.marks, look)}
            data-item={AttrValue::from(item.item.text())} transform={place(measure::segment_center(index))}
        >
            <rect
                class="item-body" x={rect.left.to_string()} y={rect.top.to_string()}
                width={w.to_string()} height={h.to_string()} rx="2.5"
            />
            <title>{ &*item.title }</title>
        </g>
    }
}

/// The letter and the signs on a segment.
pub(super) fn segment_face(item: &Segment, index: usize, look: ItemLook) -> Html {
    let has_sign = item.marks.returned || item.marks.crossed || item.marks.fading;
    html! {
        <g
            key={item.item.as_str()} class={item_classes("segment", item.tone.suffix(), item.marks, look)}
            transform={place(measure::segment_center(index))}
        >
            if !look.waiting {
                if let Some(letter) = item.letter {
                    <text class="item-letter" y={if has_sign { "7.5" } else { "3.5" }}>{ letter }</text>
                }
                { marks(item.marks, Point::new(0.0, -4.5), measure::SEGMENT.1 / 2.0) }
                if let Some(level) = item.level {
                    <text class="item-level" y={(-measure::SEGMENT.1 / 2.0 - 1.5).to_string()}>{ level }</text>
                }
            }
        </g>
    }
}

/// The body of a slot, empty or filled.
pub(super) fn slot(slot: &Slot, at: Point, look: ItemLook) -> Html {
    let mut class = item_classes("slot", slot.tone.suffix(), slot.marks, look);
    class.push((slot.item.is_some() && !look.waiting).then_some("is-filled"));
    html! {
        <g {class} data-item={slot.item.as_ref().map(|item| AttrValue::from(item.text()))} transform={place(at)}>
            <circle class="item-body" r={measure::SLOT_RADIUS.to_string()} />
            if !slot.title.is_empty() { <title>{ &*slot.title }</title> }
        </g>
    }
}

/// The label and the sign on a filled slot.
pub(super) fn slot_face(slot: &Slot, at: Point, look: ItemLook) -> Html {
    if slot.item.is_none() || look.waiting {
        return Html::default();
    }
    html! {
        <g class={item_classes("slot", slot.tone.suffix(), slot.marks, look)} transform={place(at)}>
            <text class="slot-label" y="3.5">{ &*slot.label }</text>
            if slot.marks.returned {
                <circle class="slot-sign" cx="8" cy="-8" r="5.5" />
                { return_arrow(Point::new(8.0, -8.0)) }
            }
        </g>
    }
}

/// The bar of a tube with more in it than can be drawn one by one.
pub(super) fn tube_bar(tube: &Tube) -> Html {
    let (left, right) = bar_span(tube);
    let (_, h) = measure::SEGMENT;
    html! {
        <rect
            class="tube-bar-body" x={left.to_string()} y={(-h / 2.0).to_string()}
            width={(right - left).to_string()} height={h.to_string()} rx="2.5"
        />
    }
}

/// The number on that bar.
pub(super) fn tube_number(tube: &Tube) -> Html {
    let (left, right) = bar_span(tube);
    let behind = tube.total() - tube.segments.len().min(measure::HEAD_SEGMENTS) as u64;
    let x = f64::midpoint(left, right).to_string();
    html! { <text class="tube-bar-text" {x} y="4">{ grouped(behind) }</text> }
}

/// From where to where the bar reaches: behind the segments at the head.
fn bar_span(tube: &Tube) -> (f64, f64) {
    let head = tube.segments.len().min(measure::HEAD_SEGMENTS);
    let left = -measure::TUBE.0 / 2.0 + measure::TUBE_CAP + 3.0;
    (
        left,
        measure::segment_center(head).x + measure::SEGMENT_PITCH / 2.0 - 2.0,
    )
}

fn item_classes(kind: &'static str, tone: &'static str, marks: Marks, look: ItemLook) -> Classes {
    classes!(
        kind,
        format!("tone-{tone}"),
        marks.returned.then_some("is-returned"),
        marks.fading.then_some("is-fading"),
        look.waiting.then_some("is-waiting"),
        look.selected.then_some("is-selected"),
    )
}

/// The signs on an item: cross, arrow or clock at `sign`, the base line below `bottom`. A ring without an arrow still
/// tells that it has been out before, so the cross comes first.
fn marks(marks: Marks, sign: Point, bottom: f64) -> Html {
    html! {
        <>
            if marks.crossed {
                <path class="item-sign" transform={place(sign)} d="M-2.6 -2.6l5.2 5.2m0 -5.2l-5.2 5.2" />
            } else if marks.returned {
                { return_arrow(sign) }
            } else if marks.fading {
                <g class="item-sign" transform={place(sign)}><circle r="3" /><path d="M0 -1.5V0H1.3" /></g>
            }
            if marks.kept { <path class="item-base" d={format!("M-5 {y}h10", y = bottom + 2.6)} /> }
        </>
    }
}

fn place(at: Point) -> String {
    format!("translate({} {})", at.x, at.y)
}

/// An arrow that turns back.
fn return_arrow(at: Point) -> Html {
    let d = "M3 2A3 3 0 1 0 -2.6 -1.4M-3 -3.8L-2.6 -1.2L-.1 -1.8";
    html! { <path class="item-sign" transform={place(at)} {d} /> }
}

/// A number with its thousands apart: `12 345`.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            // A narrow space that does not break.
            text.push('\u{202f}');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_stand_apart() {
        assert_eq!(grouped(12), "12");
        assert_eq!(grouped(1234), "1\u{202f}234");
        assert_eq!(grouped(1_234_567), "1\u{202f}234\u{202f}567");
    }
}
