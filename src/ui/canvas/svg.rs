//! A drawing as one SVG file: for documents, printers and places without scripts. Every colour stands in it, so that
//! it looks the same wherever it is put, and nothing in it is a script or a style sheet.

use std::fmt::Write;

use crate::ui::canvas::geometry::{Point, Rect};
use crate::ui::canvas::layout::Layout;
use crate::ui::canvas::palette::Palette;
use crate::ui::canvas::scene::{
    Edge, EdgeKind, Emphasis, Marks, Node, Scene, Segment, Shape, Slot, Standing, Tone, Tube,
};
use crate::ui::canvas::sketch::{NOTE_LINE, PatchKind, Sketch, around, note_lines, rect_of};
use crate::ui::canvas::visible::visible;
use crate::ui::canvas::{measure, pace};

const FONT: &str = "system-ui, 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', sans-serif";
const MONO: &str =
    "ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, 'Noto Sans CJK SC', monospace";
const MARGIN: f64 = 16.0;

/// The picture of `scene` as it stands in `layout`.
pub fn picture(
    scene: &Scene,
    layout: &Layout,
    sketch: &Sketch,
    p: &Palette,
    (title, about): (&str, &str),
) -> String {
    let bounds = match scene.nodes.is_empty() && sketch.patches.is_empty() {
        true => Rect::around(Point::default(), 240.0, 80.0),
        false => around(layout.bounds, sketch, &layout.places).grown(MARGIN),
    };
    let (w, h) = (bounds.width().ceil(), bounds.height().ceil());
    let mut pen = Pen {
        out: String::with_capacity(8 * 1024),
        p,
    };
    pen.put(format_args!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" width=\"{w}\" height=\"{h}\" viewBox=\"{:.1} {:.1} {w} {h}\" \
         font-family=\"{FONT}\" font-size=\"12\">",
        bounds.left, bounds.top
    ));
    pen.element("title", title);
    if !about.is_empty() {
        pen.element("desc", about);
    }
    pen.put(format_args!(
        "<rect x=\"{:.1}\" y=\"{:.1}\" width=\"{w}\" height=\"{h}\" fill=\"{}\"/>",
        bounds.left, bounds.top, p.paper
    ));
    pen.patches(sketch, layout, true);
    for outline in &layout.outlines {
        let dash = match outline.group.standing {
            Standing::Whole => "",
            Standing::Struck => " stroke-dasharray=\"14 8\"",
            Standing::Outline => " stroke-dasharray=\"3 4\"",
        };
        pen.rect(outline.rect, 10.0, "none", p.lines, dash);
        let at = Point::new(outline.rect.left + 9.0, outline.rect.top + 14.0);
        pen.text(at, &outline.group.name, p.muted, "");
    }
    for edge in &scene.edges {
        pen.edge(edge, layout);
    }
    for node in &scene.nodes {
        if let Some(place) = layout.places.get(&node.id) {
            pen.put(format_args!(
                "<g transform=\"translate({:.1} {:.1})\">",
                place.center.x, place.center.y
            ));
            pen.node(node);
            pen.out.push_str("</g>");
        }
    }
    for edge in &scene.edges {
        pen.edge_label(edge, layout);
    }
    pen.patches(sketch, layout, false);
    pen.out.push_str("</svg>\n");
    pen.out
}

/// What makes text safe inside markup and attributes; what no XML may hold is left out.
fn escape(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            '\t' | '\n' => out.push(' '),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
}

struct Pen<'a> {
    out: String,
    p: &'a Palette,
}

impl Pen<'_> {
    fn put(&mut self, arguments: std::fmt::Arguments<'_>) {
        // Writing to a String cannot fail.
        let _ = self.out.write_fmt(arguments);
    }

    fn element(&mut self, name: &str, text: &str) {
        self.put(format_args!("<{name}>"));
        escape(text, &mut self.out);
        self.put(format_args!("</{name}>"));
    }

    fn text(&mut self, at: Point, text: &str, fill: &str, more: &str) {
        self.put(format_args!(
            "<text x=\"{:.1}\" y=\"{:.1}\" fill=\"{fill}\" {more}>",
            at.x, at.y
        ));
        escape(text, &mut self.out);
        self.out.push_str("</text>");
    }

    fn rect(&mut self, rect: Rect, radius: f64, fill: &str, stroke: &str, more: &str) {
        self.put(format_args!(
            "<rect x=\"{:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{:.1}\" rx=\"{radius}\" fill=\"{fill}\" \
             stroke=\"{stroke}\"{more}/>",
            rect.left,
            rect.top,
            rect.width(),
            rect.height()
        ));
    }

    /// Frames, or notes, as the canvas draws them.
    fn patches(&mut self, sketch: &Sketch, layout: &Layout, frames: bool) {
        for patch in &sketch.patches {
            let is_frame = matches!(patch.kind, PatchKind::Frame { .. });
            let rect = rect_of(patch, &layout.places).filter(|_| is_frame == frames);
            let Some(rect) = rect else { continue };
            let tone = self.p.tone(patch.tone);
            let (lines, ink) = if is_frame {
                self.rect(
                    rect,
                    6.0,
                    tone,
                    tone,
                    " fill-opacity=\"0.07\" stroke-width=\"1.5\"",
                );
                (vec![patch.text.to_string()], tone)
            } else {
                self.rect(rect, 6.0, self.p.surface, tone, "");
                (note_lines(&patch.text), self.p.ink)
            };
            for (index, line) in lines.iter().enumerate() {
                let down = 20.0 + index as f64 * NOTE_LINE;
                let at = Point::new(rect.left + 10.0, rect.top + down);
                self.text(at, &visible(line), ink, "");
            }
        }
    }

    fn edge(&mut self, edge: &Edge, layout: &Layout) {
        let Some(wire) = layout.wires.get(&edge.id) else {
            return;
        };
        let mut line = match edge.tone {
            Tone::Ink => self.p.muted,
            tone => self.p.tone(tone),
        };
        let (mut width, mut dash) = match edge.kind {
            EdgeKind::Wire => (1.4, ""),
            EdgeKind::Dashed => (1.4, "7 5"),
            EdgeKind::Dotted => (2.0, "0.1 4.5"),
            EdgeKind::Thin => (0.8, ""),
        };
        match edge.standing {
            Standing::Whole => {}
            Standing::Outline => dash = "2 4",
            Standing::Struck => (line, dash) = (self.p.error, "12 6"),
        }
        if edge.emphasis == Emphasis::Matched {
            (line, width) = (self.p.accent, 3.0);
        }
        self.put(format_args!(
            "<path d=\"{}\" fill=\"none\" stroke=\"{line}\" stroke-width=\"{width}\" stroke-linecap=\"round\"",
            wire.data
        ));
        if !dash.is_empty() {
            self.put(format_args!(" stroke-dasharray=\"{dash}\""));
        }
        self.put(format_args!(
            "/><path d=\"{}\" fill=\"{line}\"/>",
            wire.arrow
        ));
    }

    fn edge_label(&mut self, edge: &Edge, layout: &Layout) {
        let Some(wire) = layout.wires.get(&edge.id) else {
            return;
        };
        if let Some(label) = &wire.label {
            self.rect(label.rect, 4.0, self.p.paper, "none", "");
            let middle = label.rect.center().shifted(0.0, 4.0);
            self.mono(middle, &label.text, "middle");
        }
        if let Emphasis::NotMatched(_) = edge.emphasis {
            self.put(format_args!(
                "<path transform=\"translate({:.1} {:.1})\" d=\"M-5 -5l10 10m0 -10l-10 10\" fill=\"none\" \
                 stroke=\"{}\" stroke-width=\"2\"/>",
                wire.mark.x,
                wire.mark.y + 4.0,
                self.p.error
            ));
        }
    }

    fn mono(&mut self, at: Point, text: &str, anchor: &str) {
        let more = format!("font-family=\"{MONO}\" text-anchor=\"{anchor}\"");
        self.text(at, text, self.p.ink, &more);
    }

    fn node(&mut self, node: &Node) {
        let tone = self.p.tone(node.tone);
        let is_outline = node.standing == Standing::Outline;
        let mut look = format!(" stroke=\"{tone}\" stroke-width=\"1.5\"");
        if is_outline {
            look.push_str(" stroke-dasharray=\"4 3\"");
        }
        let is_filled = !is_outline && !matches!(node.tone, Tone::Ink | Tone::Muted);
        match &node.shape {
            Shape::Circle { letter } => {
                let fill = match (is_outline, is_filled) {
                    (true, _) => "none",
                    (_, true) => tone,
                    (_, false) => self.p.surface,
                };
                let radius = measure::CIRCLE_RADIUS;
                self.put(format_args!(
                    "<circle r=\"{radius}\" fill=\"{fill}\"{look}/>"
                ));
                let ink = if is_filled { self.p.paper } else { self.p.ink };
                self.letter(letter, ink);
            }
            Shape::Hexagon { letter } => {
                let (w, h) = measure::HEXAGON;
                let half = w * 0.52;
                let fill = if is_outline { "none" } else { self.p.surface };
                self.put(format_args!(
                    "<polygon points=\"{w},0 {half},{h} -{half},{h} -{w},0 -{half},-{h} {half},-{h}\" \
                     fill=\"{fill}\"{look}/>"
                ));
                self.letter(letter, self.p.ink);
            }
            Shape::Tube(tube) => self.tube(
                tube,
                &look,
                if is_outline { "none" } else { self.p.surface },
            ),
        }
        for (index, slot) in node
            .slots
            .iter()
            .enumerate()
            .take(measure::SLOTS.0 * measure::SLOTS.1)
        {
            self.slot(slot, measure::slot_center(node, index));
        }
        match &node.shape {
            Shape::Tube(tube) => self.labels_of_tube(node, tube),
            Shape::Circle { .. } | Shape::Hexagon { .. } => self.labels_below(node),
        }
        self.pace(node);
        if node.standing == Standing::Struck {
            let rect = measure::shape_rect(&node.shape).grown(6.0);
            self.put(format_args!(
                "<path d=\"M{:.1} {:.1}L{:.1} {:.1}\" stroke=\"{}\" stroke-width=\"2.5\"/>",
                rect.left, rect.bottom, rect.right, rect.top, self.p.error
            ));
        }
    }

    fn pace(&mut self, node: &Node) {
        let (at, tone) = (pace::place(node), self.p.tone(Tone::Warning));
        if let Some(strokes) = pace::strokes(node.pace) {
            self.put(format_args!(
                "<g transform=\"translate({:.1} {:.1})\" stroke=\"{tone}\" stroke-width=\"1.5\" fill=\"none\"><circle \
                 r=\"{}\" fill=\"{}\"/><path d=\"{strokes}\" stroke-linecap=\"round\"/></g>",
                at.x,
                at.y,
                pace::RADIUS,
                self.p.surface
            ));
        }
    }

    fn letter(&mut self, letter: &str, fill: &str) {
        let more = "font-size=\"16\" font-weight=\"600\" text-anchor=\"middle\"";
        self.text(Point::new(0.0, 6.0), letter, fill, more);
    }

    fn tube(&mut self, tube: &Tube, look: &str, fill: &str) {
        let (right, bottom, cap) = (
            measure::TUBE.0 / 2.0,
            measure::TUBE.1 / 2.0,
            measure::TUBE_CAP,
        );
        let left = -right;
        self.put(format_args!(
            "<path d=\"M{left} -{bottom}H{right}A{cap} {bottom} 0 0 1 {right} {bottom}H{left}A{cap} {bottom} 0 0 1 {left} \
             -{bottom}Z\" fill=\"{fill}\"{look}/>"
        ));
        let is_crowded = tube.total() > Tube::DRAWN as u64;
        let most = if is_crowded {
            measure::HEAD_SEGMENTS
        } else {
            Tube::DRAWN
        };
        let drawn = tube.segments.get(..most).unwrap_or(&tube.segments);
        if is_crowded {
            let start = left + cap + 3.0;
            let end = measure::segment_center(drawn.len()).x + measure::SEGMENT_PITCH / 2.0 - 2.0;
            let (start, end) = (start.min(end), start.max(end));
            let (_, h) = measure::SEGMENT;
            let bar = Rect::around(Point::new(f64::midpoint(start, end), 0.0), end - start, h);
            self.rect(bar, 2.5, self.p.lines, "none", " fill-opacity=\"0.55\"");
            let behind = (tube.total() - drawn.len() as u64).to_string();
            let at = Point::new(f64::midpoint(start, end), 4.0);
            self.text(
                at,
                &behind,
                self.p.ink,
                "font-weight=\"600\" text-anchor=\"middle\"",
            );
        }
        for (index, segment) in drawn.iter().enumerate() {
            self.segment(segment, measure::segment_center(index));
        }
        self.put(format_args!(
            "<ellipse cx=\"{left}\" rx=\"{cap}\" ry=\"{bottom}\" fill=\"{}\"{look}/>",
            self.p.sunken
        ));
    }

    fn segment(&mut self, segment: &Segment, at: Point) {
        let (w, h) = measure::SEGMENT;
        let tone = self.p.tone(segment.tone);
        let fill = if segment.marks.returned {
            self.p.surface
        } else {
            tone
        };
        let rect = Rect::around(at, w, h);
        self.rect(rect, 2.5, fill, tone, " stroke-width=\"1.5\"");
        let ink = if segment.marks.returned {
            tone
        } else {
            self.p.paper
        };
        let Marks {
            returned,
            kept,
            fading,
            crossed,
        } = segment.marks;
        let has_sign = returned || crossed || fading;
        if let Some(letter) = segment.letter {
            let y = at.y + if has_sign { 7.5 } else { 3.5 };
            let more = "font-size=\"9\" font-weight=\"600\" text-anchor=\"middle\"";
            self.text(Point::new(at.x, y), &letter.to_string(), ink, more);
        }
        let sign = if crossed {
            "M-2.6 -2.6l5.2 5.2m0 -5.2l-5.2 5.2"
        } else if returned {
            RETURN
        } else if fading {
            "M3 0A3 3 0 1 0 2.9 .5M0 -1.5V0H1.3"
        } else {
            ""
        };
        if !sign.is_empty() {
            self.sign(sign, at.shifted(0.0, -4.5), ink);
        }
        if kept {
            self.sign("M-5 0h10", at.shifted(0.0, h / 2.0 + 2.6), tone);
        }
    }

    fn sign(&mut self, d: &str, at: Point, stroke: &str) {
        self.put(format_args!(
            "<path transform=\"translate({:.1} {:.1})\" d=\"{d}\" fill=\"none\" stroke=\"{stroke}\" stroke-width=\"1.3\" \
             stroke-linecap=\"round\"/>",
            at.x, at.y
        ));
    }

    fn slot(&mut self, slot: &Slot, at: Point) {
        let tone = self.p.tone(slot.tone);
        let (stroke, width) = match slot.item {
            Some(_) => (tone, 2.6),
            None => (self.p.lines, 1.2),
        };
        self.put(format_args!(
            "<circle cx=\"{:.1}\" cy=\"{:.1}\" r=\"{}\" fill=\"{}\" stroke=\"{stroke}\" stroke-width=\"{width}\"/>",
            at.x,
            at.y,
            measure::SLOT_RADIUS,
            self.p.surface
        ));
        if slot.item.is_some() {
            let more = "font-size=\"10\" font-weight=\"600\" text-anchor=\"middle\"";
            self.text(at.shifted(0.0, 3.5), &slot.label, self.p.ink, more);
            if slot.marks.returned {
                self.sign(RETURN, at.shifted(8.0, -8.0), tone);
            }
        }
    }

    fn labels_below(&mut self, node: &Node) {
        let (_, rows) = measure::slot_grid(node);
        let bottom = measure::shape_rect(&node.shape)
            .bottom
            .max(rows as f64 * measure::SLOT_PITCH / 2.0);
        let mut y = bottom + measure::LINE - 2.0;
        if !node.name.is_empty() {
            let shown = measure::shortened(&node.name, measure::NAME_CHARS);
            self.mono(Point::new(0.0, y), &shown, "middle");
            y += measure::LINE;
        }
        if !node.sublabel.is_empty() {
            let at = Point::new(0.0, y - 1.0);
            self.text(at, &node.sublabel, self.p.muted, "text-anchor=\"middle\"");
            y += measure::LINE;
        }
        self.badges(
            node,
            Point::new(-measure::badges_width(node) / 2.0, y - 4.0),
        );
    }

    fn labels_of_tube(&mut self, node: &Node, tube: &Tube) {
        let (left, bottom) = (measure::TUBE.0 / -2.0, measure::TUBE.1 / 2.0);
        let shown = measure::shortened(&node.name, measure::NAME_CHARS);
        self.mono(Point::new(left, -bottom - 7.0), &shown, "start");
        let after_name = left + measure::mono_width(&shown) + 8.0;
        self.badges(node, Point::new(after_name, -bottom - 11.5));
        let mut y = bottom + measure::LINE;
        if !tube.counts.is_empty() {
            let counts = tube.counts.iter();
            let counts = counts.map(|count| format!("{} {}", count.label, count.value));
            let counts = counts.collect::<Vec<_>>().join("   ");
            self.text(
                Point::new(left, y),
                &counts,
                self.p.muted,
                "xml:space=\"preserve\"",
            );
            y += measure::LINE;
        }
        if !node.sublabel.is_empty() {
            self.text(Point::new(left, y), &node.sublabel, self.p.muted, "");
        }
    }

    fn badges(&mut self, node: &Node, start: Point) {
        let mut x = start.x;
        for badge in &node.badges {
            let width = measure::badge_width(&badge.text);
            let middle = Point::new(x + width / 2.0, start.y);
            let tone = match badge.tone {
                Tone::Ink => self.p.muted,
                tone => self.p.tone(tone),
            };
            let rect = Rect::around(middle, width, measure::BADGE_HEIGHT);
            self.rect(rect, 3.0, self.p.surface, tone, " stroke-width=\"0.8\"");
            let more = "font-size=\"10\" text-anchor=\"middle\"";
            self.text(middle.shifted(0.0, 3.5), &badge.text, tone, more);
            x += width + 3.0;
        }
    }
}

/// An arrow that turns back.
const RETURN: &str = "M3 2A3 3 0 1 0 -2.6 -1.4M-3 -3.8L-2.6 -1.2L-.1 -1.8";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::canvas::layout::{Flow, Pins};
    use crate::ui::canvas::palette::DAY;
    use crate::ui::canvas::scene::NodeId;
    use crate::ui::canvas::sketch::SketchChange;

    fn drawn(name: &str) -> String {
        let nodes = vec![
            Node::new("a", Shape::Hexagon { letter: "D".into() }, 0, name),
            Node::new("b", Shape::Tube(Tube::default()), 1, "b"),
        ];
        let edge = Edge::new("ab", NodeId::from("a"), NodeId::from("b"), "key");
        let scene = Scene::new(nodes, vec![edge], vec![]);
        let layout = Layout::arrange(&scene, &Pins::new(), Flow::LeftToRight, None);
        let written = |sketch: Sketch, change: SketchChange| sketch.changed(&change);
        let sketch = [
            SketchChange::AddNote(Point::new(-500.0, 0.0)),
            SketchChange::Write("1".into(), "mind the gap".into()),
            SketchChange::AddFrame(vec!["a".into()]),
            SketchChange::Write("2".into(), "ours".into()),
        ];
        let sketch = sketch.into_iter().fold(Sketch::default(), written);
        picture(&scene, &layout, &sketch, &DAY, (name, "what it shows"))
    }

    #[test]
    fn a_picture_holds_everything_and_only_text() {
        let svg = drawn("<script>alert(1)</script>\u{0}&\"");
        assert!(
            svg.contains("&lt;script&gt;alert(1)") && !svg.contains("<script"),
            "{svg}"
        );
        assert!(!svg.contains("style") && !svg.contains('\u{0}'), "{svg}");
        for part in [
            "<title>",
            "<desc>what it shows</desc>",
            "polygon",
            "ellipse",
            ">key<",
            ">mind the gap<",
            ">ours<",
            "viewBox=\"-516.0 ",
        ] {
            assert!(svg.contains(part), "{part}: {svg}");
        }
    }
}
