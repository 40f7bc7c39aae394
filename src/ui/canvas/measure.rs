//! How big things are drawn. The drawing and the layout both ask here, so they cannot disagree.

use crate::ui::canvas::geometry::{Point, Rect};
use crate::ui::canvas::layout::Flow;
use crate::ui::canvas::scene::{Node, Shape};
use crate::ui::canvas::visible::visible;

/// Radius of a circle.
pub const CIRCLE_RADIUS: f64 = 22.0;
/// Half the width of a hexagon, and half its height.
pub const HEXAGON: (f64, f64) = (29.0, 25.0);
/// Width and height of a tube.
pub const TUBE: (f64, f64) = (196.0, 36.0);
/// Half the width of the ellipse at each end of a tube.
pub const TUBE_CAP: f64 = 6.0;
/// From one segment to the next.
pub const SEGMENT_PITCH: f64 = 14.5;
/// Width and height of a segment.
pub const SEGMENT: (f64, f64) = (12.5, 20.0);
/// How many segments are still drawn one by one at the head of a tube that shows a number.
pub const HEAD_SEGMENTS: usize = 4;
/// From one slot to the next.
pub const SLOT_PITCH: f64 = 22.0;
/// Radius of a slot.
pub const SLOT_RADIUS: f64 = 9.5;
/// Slots in one row, and rows.
pub const SLOTS: (usize, usize) = (5, 2);
/// Height of a line of small text.
pub const LINE: f64 = 16.0;
/// Space between a circle and its slots.
pub const SLOT_GAP: f64 = 8.0;
/// Names longer than this are cut in the drawing (and whole in their title).
pub const NAME_CHARS: usize = 26;
/// Height of a badge.
pub const BADGE_HEIGHT: f64 = 14.0;

/// About how wide a text is: monospace at 12 px, where a Chinese character takes a square.
pub fn mono_width(text: &str) -> f64 {
    text.chars()
        .map(|c| if is_wide(c) { 12.0 } else { 7.25 })
        .sum()
}

/// About how wide a text is: the page's own type at 12 px.
pub fn text_width(text: &str) -> f64 {
    text.chars()
        .map(|c| if is_wide(c) { 12.0 } else { 6.6 })
        .sum()
}

/// Whether a character takes a whole square.
fn is_wide(c: char) -> bool {
    matches!(c, '\u{1100}'..='\u{115f}' | '\u{2e80}'..='\u{a4cf}' | '\u{ac00}'..='\u{d7a3}' | '\u{f900}'..='\u{faff}'
        | '\u{fe30}'..='\u{fe6f}' | '\u{ff00}'..='\u{ff60}' | '\u{1f300}'..='\u{1faff}' | '\u{20000}'..='\u{3fffd}')
}

/// `text`, cut in the middle when it has more than `most` characters: beginnings and ends tell names apart.
pub fn shortened(text: &str, most: usize) -> String {
    let count = text.chars().count();
    if count <= most {
        return text.to_owned();
    }
    let tail = most / 3;
    let head: String = text.chars().take(most - tail - 1).collect();
    let end: String = text.chars().skip(count - tail).collect();
    format!("{head}…{end}")
}

/// `text` in lines of at most `width`, broken at blanks where there are some; its own line breaks stay.
pub fn wrapped(text: &str, width: f64) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in text.split('\n') {
        let mut line = String::new();
        for word in paragraph.split_inclusive(' ') {
            if !line.is_empty() && text_width(&line) + text_width(word.trim_end()) > width {
                lines.push(std::mem::take(&mut line));
            }
            for c in word.chars() {
                // A word longer than a line, or a language without blanks, is broken where the line is full.
                if text_width(&line) + text_width(c.encode_utf8(&mut [0; 4])) > width {
                    lines.push(std::mem::take(&mut line));
                }
                line.push(c);
            }
        }
        lines.push(line);
    }
    lines
}

/// How wide a badge is.
pub fn badge_width(text: &str) -> f64 {
    text_width(text) * 10.0 / 12.0 + 9.0
}

/// How wide a row of badges is.
pub fn badges_width(node: &Node) -> f64 {
    node.badges
        .iter()
        .map(|badge| badge_width(&badge.text) + 3.0)
        .sum()
}

/// How wide name and badges are where they stand in one line.
pub fn head_width(node: &Node) -> f64 {
    mono_width(&shortened(&visible(&node.name), NAME_CHARS)) + 8.0 + badges_width(node)
}

/// Columns and rows the slots of a node take.
pub fn slot_grid(node: &Node) -> (usize, usize) {
    let shown = node.slots.len().min(SLOTS.0 * SLOTS.1);
    (shown.min(SLOTS.0), shown.div_ceil(SLOTS.0))
}

/// How many filled slots are not drawn.
pub fn hidden_slots(node: &Node) -> u64 {
    let hidden = node
        .slots
        .iter()
        .skip(SLOTS.0 * SLOTS.1)
        .filter(|slot| slot.item.is_some())
        .count();
    node.more_slots + hidden as u64
}

/// The outline itself, around the node's centre.
pub fn shape_rect(shape: &Shape) -> Rect {
    let (width, height) = match shape {
        Shape::Circle { .. } => (CIRCLE_RADIUS * 2.0, CIRCLE_RADIUS * 2.0),
        Shape::Hexagon { .. } => (HEXAGON.0 * 2.0, HEXAGON.1 * 2.0),
        Shape::Tube(_) => TUBE,
    };
    Rect::around(Point::default(), width, height)
}

/// Everything of the node, labels and slots too, around its centre.
pub fn node_rect(node: &Node) -> Rect {
    let shape = shape_rect(&node.shape);
    match node.shape {
        Shape::Circle { .. } | Shape::Hexagon { .. } => round_rect(node, shape),
        Shape::Tube(ref tube) => {
            let head = head_width(node);
            let under = tube
                .counts
                .iter()
                .map(|count| text_width(&count.label) + 40.0)
                .sum::<f64>();
            let below = if tube.counts.is_empty() {
                4.0
            } else {
                LINE + 4.0
            };
            let sublabel = if node.sublabel.is_empty() { 0.0 } else { LINE };
            let width = TUBE.0.max(head).max(under);
            Rect::new(
                -TUBE.0 / 2.0 - TUBE_CAP,
                shape.top - LINE - 6.0,
                -TUBE.0 / 2.0 + width + TUBE_CAP,
                shape.bottom + below + sublabel,
            )
        }
    }
}

/// The second line may become a little longer and shorter without anything being arranged anew.
const SECOND_LINE_STEP: f64 = 24.0;

/// The room that is kept for a node, around its centre: all of it, and some for a second line that changes.
pub fn room(node: &Node) -> Rect {
    let rect = node_rect(node);
    if node.sublabel.is_empty() || matches!(node.shape, Shape::Tube(_)) {
        return rect;
    }
    let half = text_width(&node.sublabel) / 2.0;
    let half = (half / SECOND_LINE_STEP).ceil() * SECOND_LINE_STEP;
    Rect::new(
        rect.left.min(-half),
        rect.top,
        rect.right.max(half),
        rect.bottom,
    )
}

fn round_rect(node: &Node, shape: Rect) -> Rect {
    let name = mono_width(&shortened(&visible(&node.name), NAME_CHARS));
    let wide = name.max(text_width(&node.sublabel)).max(badges_width(node)) / 2.0;
    let lines = [
        !node.name.is_empty(),
        !node.sublabel.is_empty(),
        !node.badges.is_empty(),
    ]
    .into_iter()
    .filter(|&there| there)
    .count();
    let (columns, rows) = slot_grid(node);
    let more = if hidden_slots(node) > 0 { 30.0 } else { 0.0 };
    let slots = if columns == 0 {
        0.0
    } else {
        SLOT_GAP + columns as f64 * SLOT_PITCH + more
    };
    let tall = (rows as f64 * SLOT_PITCH / 2.0).max(shape.bottom);
    Rect::new(
        shape.left.min(-wide),
        -tall,
        (shape.right + slots).max(wide),
        tall + lines as f64 * LINE + 6.0,
    )
}

/// Where edges leave a node, around its centre: behind its slots, or below all of it where the flow comes from above.
pub fn out_port(node: &Node, flow: Flow) -> Point {
    let (columns, _) = slot_grid(node);
    let slots = if columns == 0 {
        0.0
    } else {
        SLOT_GAP + columns as f64 * SLOT_PITCH
    };
    let cap = if matches!(node.shape, Shape::Tube(_)) {
        TUBE_CAP
    } else {
        0.0
    };
    match flow {
        Flow::LeftToRight => Point::new(shape_rect(&node.shape).right + slots + cap, 0.0),
        Flow::TopToBottom => Point::new(0.0, node_rect(node).bottom),
    }
}

/// The middle of segment `index`, counted from the head, around the centre of its tube.
pub fn segment_center(index: usize) -> Point {
    Point::new(
        TUBE.0 / 2.0 - 3.0 - SEGMENT_PITCH / 2.0 - index as f64 * SEGMENT_PITCH,
        0.0,
    )
}

/// The middle of slot `index`, around the centre of its node.
pub fn slot_center(node: &Node, index: usize) -> Point {
    let (_, rows) = slot_grid(node);
    let (column, row) = (index % SLOTS.0, index / SLOTS.0);
    let left = shape_rect(&node.shape).right + SLOT_GAP + SLOT_PITCH / 2.0;
    let top = -(rows as f64 - 1.0) * SLOT_PITCH / 2.0;
    Point::new(
        left + column as f64 * SLOT_PITCH,
        top + row as f64 * SLOT_PITCH,
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::canvas::scene::{Slot, Tube};

    #[test]
    fn a_long_name_is_cut_in_the_middle() {
        assert_eq!(shortened("orders", 10), "orders");
        assert_eq!(shortened("orders.of.yesterday.eu", 12), "orders.…y.eu");
        assert_eq!(
            shortened("amq.gen-JzTY20BRgKO-HjmUJj0wLg", 12)
                .chars()
                .count(),
            12
        );
    }

    #[test]
    fn every_drawn_segment_lies_inside_its_tube() {
        let tube = shape_rect(&Shape::Tube(Tube::default()));
        for index in 0..Tube::DRAWN {
            let segment = Rect::around(segment_center(index), SEGMENT.0, SEGMENT.1);
            assert!(
                segment.left >= tube.left + TUBE_CAP && segment.right <= tube.right,
                "{index}"
            );
        }
    }

    #[test]
    fn every_drawn_slot_lies_inside_its_node() {
        let node = Node {
            slots: vec![Slot::default(); 13],
            ..Node::new("c", Shape::Circle { letter: "C".into() }, 3, "c")
        };
        let rect = node_rect(&node);
        for index in 0..SLOTS.0 * SLOTS.1 {
            let slot = Rect::around(
                slot_center(&node, index),
                SLOT_RADIUS * 2.0,
                SLOT_RADIUS * 2.0,
            );
            assert_eq!(rect.union(slot), rect, "{index}");
        }
    }

    #[test]
    fn a_long_text_is_broken_into_lines() {
        let check = |text: &str, width: f64, expected: &[&str]| {
            let lines = wrapped(text, width);
            let lines: Vec<&str> = lines.iter().map(|line| line.trim_end()).collect();
            assert_eq!(lines, expected);
        };
        check("one two three", 60.0, &["one two", "three"]);
        check("one\n\ntwo", 60.0, &["one", "", "two"]);
        check("abcdefghijkl", 40.0, &["abcdef", "ghijkl"]);
        check("队列里有什么", 36.0, &["队列里", "有什么"]);
    }

    #[test]
    fn chinese_is_wider_than_latin() {
        assert!(mono_width("订单") > mono_width("ab"));
    }
}
