//! Paints what flies: discs with letters, rings, ticks and crosses, streams and counts.

use std::f64::consts::TAU;

use web_sys::{CanvasRenderingContext2d, Element};

use crate::ordered::Map;
use crate::ui::canvas::flight_path::{Aloft, aloft};
use crate::ui::canvas::geometry::Point;
use crate::ui::canvas::layout::Layout;
use crate::ui::canvas::scene::{EdgeId, Scene, Tone};
use crate::ui::choreography::{Choreographer, Flight, Goal, Look};
use crate::ui::dom;

/// Radius of a flying item.
const RADIUS: f64 = 7.5;
const LETTER_FONT: &str = "600 9px system-ui, sans-serif";
const COUNT_FONT: &str = "600 12px system-ui, sans-serif";

/// The colours of the theme, as they hold where the canvas stands.
#[derive(Debug, Default)]
pub struct Palette {
    colours: Map<&'static str, String>,
    paper: String,
}

impl Palette {
    /// Reads the colours.
    pub fn of(element: &Element) -> Palette {
        let named = [
            Tone::Ink,
            Tone::Muted,
            Tone::Accent,
            Tone::Warning,
            Tone::Error,
            Tone::Success,
        ];
        let tones = named
            .into_iter()
            .chain((0..Tone::COLOURS).map(Tone::Colour));
        let colours = tones.filter_map(|tone| {
            let value = dom::variable(element, &format!("--mq-{}", tone.suffix()))?;
            Some((tone.suffix(), value))
        });
        Palette {
            colours: colours.collect(),
            paper: dom::variable(element, "--mq-paper").unwrap_or_else(|| "Canvas".to_owned()),
        }
    }

    fn colour(&self, tone: Tone) -> &str {
        self.colours
            .get(tone.suffix())
            .map_or("CanvasText", String::as_str)
    }
}

/// Paints everything that is in the air, in the drawing's own coordinates.
pub fn paint(
    context: &CanvasRenderingContext2d,
    choreographer: &Choreographer,
    scene: &Scene,
    layout: &Layout,
    palette: &Palette,
) {
    let streams = choreographer.streams();
    for (flight, share) in choreographer.airborne() {
        let in_stream = flight
            .hop
            .edge
            .as_ref()
            .is_some_and(|edge| streams.contains_key(edge));
        if !in_stream && let Some(aloft) = aloft(&flight.hop, share, scene, layout) {
            paint_item(context, flight, aloft, palette);
        }
    }
    for (edge, count) in &streams {
        paint_stream(
            context,
            edge,
            *count,
            choreographer.clock(),
            layout,
            palette,
        );
    }
    for (edge, pulse) in choreographer.pulses() {
        if let Some(wire) = layout.wires.get(edge) {
            context.set_global_alpha(pulse.strength.sqrt());
            paint_count(
                context,
                wire.mark,
                &format!("+{}", pulse.count),
                palette.colour(pulse.tone),
                palette,
            );
        }
    }
    context.set_global_alpha(1.0);
}

fn paint_item(
    context: &CanvasRenderingContext2d,
    flight: &Flight,
    aloft: Aloft,
    palette: &Palette,
) {
    let colour = match flight.hop.look {
        Look::Tick => palette.colour(Tone::Success),
        Look::Cross => palette.colour(Tone::Error),
        Look::Full | Look::Ring | Look::Returned | Look::Clock => palette.colour(flight.hop.tone),
    };
    context.set_global_alpha(aloft.opacity);
    match flight.hop.look {
        Look::Full => disc(context, aloft.at, colour, colour, palette),
        Look::Ring | Look::Returned => {
            disc(context, aloft.at, &palette.paper, colour, palette);
            turning_arrow(context, aloft.at, colour);
        }
        Look::Tick => sign(
            context,
            aloft.at,
            colour,
            palette,
            &[(-3.6, 0.2), (-1.0, 3.0), (3.8, -3.0)],
        ),
        Look::Cross => {
            sign(
                context,
                aloft.at,
                colour,
                palette,
                &[(-3.0, -3.0), (3.0, 3.0)],
            );
            strokes(context, aloft.at, colour, &[(3.0, -3.0), (-3.0, 3.0)]);
        }
        Look::Clock => {
            context.set_global_alpha(aloft.opacity * 0.6);
            disc(context, aloft.at, &palette.paper, colour, palette);
            // Two hands: a little before the full hour.
            strokes(
                context,
                aloft.at,
                colour,
                &[(0.0, -4.5), (0.0, 0.0), (3.0, 1.5)],
            );
        }
    }
    let letter = flight
        .hop
        .letter
        .filter(|_| matches!(flight.hop.look, Look::Full | Look::Ring | Look::Returned));
    if let Some(letter) = letter {
        let ink = if flight.hop.look == Look::Full {
            &palette.paper
        } else {
            colour
        };
        text(context, aloft.at, &letter.to_string(), LETTER_FONT, ink);
    }
    if flight.hop.to == Goal::Nowhere {
        strokes(
            context,
            aloft.at,
            palette.colour(Tone::Error),
            &[(-RADIUS, RADIUS), (RADIUS, -RADIUS)],
        );
    }
}

/// A disc with a rim of paper, so that it stands out from the lines below.
fn disc(context: &CanvasRenderingContext2d, at: Point, fill: &str, rim: &str, palette: &Palette) {
    circle(context, at, RADIUS + 2.0);
    context.set_fill_style_str(&palette.paper);
    context.fill();
    circle(context, at, RADIUS);
    context.set_fill_style_str(fill);
    context.fill();
    context.set_stroke_style_str(rim);
    context.set_line_width(2.0);
    context.stroke();
}

fn circle(context: &CanvasRenderingContext2d, at: Point, radius: f64) {
    context.begin_path();
    // An arc fails only for a negative radius.
    let _ = context.arc(at.x, at.y, radius, 0.0, TAU);
}

/// A curved arrow around the upper half of a disc.
fn turning_arrow(context: &CanvasRenderingContext2d, at: Point, colour: &str) {
    context.set_stroke_style_str(colour);
    context.set_line_width(1.5);
    context.begin_path();
    let _ = context.arc_with_anticlockwise(at.x, at.y, RADIUS + 3.5, -TAU * 0.06, -TAU * 0.4, true);
    context.stroke();
    let angle = -TAU * 0.4;
    let tip = at.shifted((RADIUS + 3.5) * angle.cos(), (RADIUS + 3.5) * angle.sin());
    strokes(
        context,
        tip,
        colour,
        &[(3.8, -1.2), (-0.4, 1.4), (-1.6, -3.0)],
    );
}

fn sign(
    context: &CanvasRenderingContext2d,
    at: Point,
    colour: &str,
    palette: &Palette,
    line: &[(f64, f64)],
) {
    circle(context, at, RADIUS);
    context.set_fill_style_str(&palette.paper);
    context.fill();
    strokes(context, at, colour, line);
}

fn strokes(context: &CanvasRenderingContext2d, at: Point, colour: &str, line: &[(f64, f64)]) {
    context.begin_path();
    for (index, (dx, dy)) in line.iter().enumerate() {
        if index == 0 {
            context.move_to(at.x + dx, at.y + dy);
        } else {
            context.line_to(at.x + dx, at.y + dy);
        }
    }
    context.set_stroke_style_str(colour);
    context.set_line_width(2.0);
    context.set_line_cap("round");
    context.set_line_join("round");
    context.stroke();
}

fn text(context: &CanvasRenderingContext2d, at: Point, words: &str, font: &str, colour: &str) {
    context.set_font(font);
    context.set_text_align("center");
    context.set_text_baseline("middle");
    context.set_fill_style_str(colour);
    // Drawing text fails only without a font.
    let _ = context.fill_text(words, at.x, at.y + 0.5);
}

/// A crowded edge: dots that run along it, and how many they stand for.
fn paint_stream(
    context: &CanvasRenderingContext2d,
    edge: &EdgeId,
    count: usize,
    clock: f64,
    layout: &Layout,
    palette: &Palette,
) {
    let Some(wire) = layout.wires.get(edge) else {
        return;
    };
    let spacing = 11.0;
    let dots = (wire.curve.length() / spacing).floor();
    let phase = (clock / 40.0).rem_euclid(spacing) / spacing;
    context.set_global_alpha(1.0);
    context.set_fill_style_str(palette.colour(Tone::Accent));
    for index in 0..dots as u32 {
        let at = wire.curve.at((f64::from(index) + phase) / dots);
        // The key on the edge stays readable.
        if wire
            .label
            .as_ref()
            .is_none_or(|label| !label.rect.contains(at))
        {
            circle(context, at, 3.0);
            context.fill();
        }
    }
    paint_count(
        context,
        wire.mark,
        &format!("×{count}"),
        palette.colour(Tone::Accent),
        palette,
    );
}

fn paint_count(
    context: &CanvasRenderingContext2d,
    at: Point,
    words: &str,
    colour: &str,
    palette: &Palette,
) {
    let width = words.chars().count() as f64 * 7.5 + 10.0;
    context.begin_path();
    // Refused only for negative radii.
    let _ = context.round_rect_with_f64(at.x - width / 2.0, at.y - 9.0, width, 18.0, 9.0);
    context.set_fill_style_str(&palette.paper);
    context.fill();
    context.set_stroke_style_str(colour);
    context.set_line_width(1.5);
    context.stroke();
    text(context, at, words, COUNT_FONT, colour);
}
