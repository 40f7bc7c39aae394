//! Paints what flies: discs with letters, rings, ticks and crosses, streams and counts.

use std::f64::consts::TAU;

use web_sys::{CanvasRenderingContext2d, Element};

use crate::ui::canvas::flight_bundles::{Bundle, CROWD, Flying, bundles, streams};
use crate::ui::canvas::flight_path::{Aloft, Index, Tracks};
use crate::ui::canvas::geometry::{Point, Rect};
use crate::ui::canvas::route::Wire;
use crate::ui::canvas::scene::{EdgeId, Tone};
use crate::ui::choreography::{Choreographer, Goal, Look};
use crate::ui::dom;

/// Radius of a flying item.
const RADIUS: f64 = 7.5;
const LETTER_FONT: &str = "600 9px system-ui, sans-serif";
const COUNT_FONT: &str = "600 12px system-ui, sans-serif";

/// The colours of the theme, as they hold where the canvas stands.
#[derive(Debug, Default)]
pub struct Palette {
    /// By [`place`].
    colours: Vec<Option<String>>,
    paper: String,
}

/// The tones that are none of the [`Tone::COLOURS`].
const NAMED: [Tone; 6] = [
    Tone::Ink,
    Tone::Muted,
    Tone::Accent,
    Tone::Warning,
    Tone::Error,
    Tone::Success,
];
/// How many tones there are.
const TONES: usize = NAMED.len() + Tone::COLOURS as usize;

/// Where the colour of a tone stands; thousands ask for theirs in every frame.
const fn place(tone: Tone) -> usize {
    match tone {
        Tone::Ink => 0,
        Tone::Muted => 1,
        Tone::Accent => 2,
        Tone::Warning => 3,
        Tone::Error => 4,
        Tone::Success => 5,
        Tone::Colour(n) => NAMED.len() + (n % Tone::COLOURS) as usize,
    }
}

impl Palette {
    /// Reads the colours.
    pub fn of(element: &Element) -> Palette {
        let tones = NAMED
            .into_iter()
            .chain((0..Tone::COLOURS).map(Tone::Colour));
        let colours = tones.map(|tone| dom::variable(element, &format!("--mq-{}", tone.suffix())));
        Palette {
            colours: colours.collect(),
            paper: dom::variable(element, "--mq-paper").unwrap_or_else(|| "Canvas".to_owned()),
        }
    }

    fn colour(&self, tone: Tone) -> &str {
        let colour = self.colours.get(place(tone));
        colour.and_then(Option::as_deref).unwrap_or("CanvasText")
    }
}

/// What items fly over, and how much of it is seen.
pub struct Sky<'a> {
    pub index: &'a Index,
    /// The ways of all that flies.
    pub tracks: &'a Tracks,
    /// In the drawing's own coordinates.
    pub seen: Rect,
    pub scale: f64,
}

impl Sky<'_> {
    fn wire(&self, edge: &EdgeId) -> Option<&Wire> {
        let wire = self.index.wire(edge)?;
        wire.bounds.overlaps(self.seen).then_some(wire)
    }

    /// Whether letters and counts are too small to be read.
    fn is_far(&self) -> bool {
        self.scale < FAR
    }
}

/// From so far away nothing written can be read.
const FAR: f64 = 0.45;

/// A dot of a smaller radius in pixels looks the same as a square, and that is painted sooner.
const ROUND_FROM: f64 = 2.5;

/// Paints everything that is in the air, in the drawing's own coordinates. Returns how many items nobody could count:
/// because they fly in bundles, or are too far away.
pub fn paint(
    context: &CanvasRenderingContext2d,
    choreographer: &Choreographer,
    sky: &Sky<'_>,
    palette: &Palette,
) -> usize {
    let airborne = airborne(choreographer, sky);
    let streams = streams(&airborne);
    // Outside of what is seen, and within a stream, nothing is drawn by itself.
    let flying = airborne
        .iter()
        .filter(|item| !streams.contains_key(&item.track.way().0) && item.track.reaches(sky.seen));
    let flying: Vec<Flying<'_>> = flying.copied().collect();
    let is_crowd = flying.len() > CROWD;
    let bundles = bundles(&flying);
    if sky.is_far() {
        paint_dots(context, &bundles, sky, palette);
    } else {
        for bundle in &bundles {
            paint_item(context, bundle, bundle.track.at(bundle.share), palette);
        }
    }
    for (wire, count) in streams.values() {
        if wire.bounds.overlaps(sky.seen) {
            paint_stream(context, wire, *count, choreographer.clock(), sky, palette);
        }
    }
    for (edge, pulse) in choreographer.pulses() {
        if let Some(wire) = sky.wire(edge) {
            context.set_global_alpha(pulse.strength.sqrt());
            let colour = palette.colour(pulse.tone);
            if sky.is_far() {
                circle(context, wire.mark, RADIUS * 1.6);
                context.set_fill_style_str(colour);
                context.fill();
            } else {
                let words = format!("+{}", pulse.count);
                paint_count(context, wire.mark, &words, colour, palette);
            }
        }
    }
    context.set_global_alpha(1.0);
    if is_crowd || (sky.is_far() && !streams.is_empty()) {
        airborne.len()
    } else {
        0
    }
}

/// What is in the air, as far as its ends are in the drawing.
fn airborne<'a>(choreographer: &'a Choreographer, sky: &Sky<'a>) -> Vec<Flying<'a>> {
    let airborne = choreographer.airborne();
    let known = airborne.filter_map(|(flight, share)| {
        let track = sky.tracks.of(flight)?;
        Some(Flying {
            flight,
            share,
            track,
        })
    });
    known.collect()
}

/// Everything as plain discs, one path a colour.
fn paint_dots(
    context: &CanvasRenderingContext2d,
    bundles: &[Bundle<'_>],
    sky: &Sky<'_>,
    palette: &Palette,
) {
    let mut by_tone: [Vec<&Bundle<'_>>; TONES] = Default::default();
    for bundle in bundles {
        by_tone[place(tone(bundle))].push(bundle);
    }
    context.set_global_alpha(1.0);
    for bundles in by_tone {
        let Some(first) = bundles.first() else {
            continue;
        };
        context.begin_path();
        for bundle in &bundles {
            let at = bundle.track.at(bundle.share).at;
            let radius = match bundle.count {
                1 => RADIUS,
                count => RADIUS * (count as f64).powf(0.3),
            };
            if radius * sky.scale < ROUND_FROM {
                context.rect(at.x - radius, at.y - radius, radius * 2.0, radius * 2.0);
            } else {
                context.move_to(at.x + radius, at.y);
                // An arc fails only for a negative radius.
                let _ = context.arc(at.x, at.y, radius, 0.0, TAU);
            }
        }
        context.set_fill_style_str(palette.colour(tone(first)));
        context.fill();
    }
}

fn tone(bundle: &Bundle<'_>) -> Tone {
    match bundle.flight.hop.look {
        Look::Tick => Tone::Success,
        Look::Cross => Tone::Error,
        Look::Full | Look::Ring | Look::Returned | Look::Clock => bundle.tone,
    }
}

fn paint_item(
    context: &CanvasRenderingContext2d,
    bundle: &Bundle<'_>,
    aloft: Aloft,
    palette: &Palette,
) {
    let hop = &bundle.flight.hop;
    let colour = palette.colour(tone(bundle));
    context.set_global_alpha(aloft.opacity);
    match hop.look {
        Look::Full => disc(context, aloft.at, colour, colour, palette),
        Look::Ring | Look::Returned => {
            disc(context, aloft.at, &palette.paper, colour, palette);
            turning_arrow(context, aloft.at, colour);
        }
        Look::Tick => sign(context, aloft.at, colour, palette, &TICK),
        Look::Cross => {
            sign(context, aloft.at, colour, palette, &CROSS[0]);
            strokes(context, aloft.at, colour, &CROSS[1]);
        }
        Look::Clock => {
            context.set_global_alpha(aloft.opacity * 0.6);
            disc(context, aloft.at, &palette.paper, colour, palette);
            strokes(context, aloft.at, colour, &HANDS);
        }
    }
    let has_letter = matches!(hop.look, Look::Full | Look::Ring | Look::Returned);
    if bundle.count > 1 {
        let beside = aloft.at.shifted(RADIUS + 12.0, 0.0);
        let words = format!("×{}", bundle.count);
        paint_count(context, beside, &words, colour, palette);
    } else if let Some(letter) = hop.letter.filter(|_| has_letter) {
        let is_full = hop.look == Look::Full;
        let ink = if is_full { &palette.paper } else { colour };
        text(context, aloft.at, &letter.to_string(), LETTER_FONT, ink);
    }
    if hop.to == Goal::Nowhere {
        let colour = palette.colour(Tone::Error);
        let line = [(-RADIUS, RADIUS), (RADIUS, -RADIUS)];
        strokes(context, aloft.at, colour, &line);
    }
}

const TICK: [(f64, f64); 3] = [(-3.6, 0.2), (-1.0, 3.0), (3.8, -3.0)];
const CROSS: [[(f64, f64); 2]; 2] = [[(-3.0, -3.0), (3.0, 3.0)], [(3.0, -3.0), (-3.0, 3.0)]];
/// The hands of a clock: a little before the full hour.
const HANDS: [(f64, f64); 3] = [(0.0, -4.5), (0.0, 0.0), (3.0, 1.5)];

/// How many items are in the air, in the corner, in the window's coordinates.
pub fn paint_total(context: &CanvasRenderingContext2d, words: &str, palette: &Palette) {
    let width = words.chars().count() as f64 * 7.5 + 10.0;
    let at = Point::new(12.0 + width / 2.0, 21.0);
    paint_count(context, at, words, palette.colour(Tone::Ink), palette);
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
    // Setting it makes the browser look through the styles of the page, even if it is the same.
    if context.font() != font {
        context.set_font(font);
    }
    context.set_text_align("center");
    context.set_text_baseline("middle");
    context.set_fill_style_str(colour);
    // Drawing text fails only without a font.
    let _ = context.fill_text(words, at.x, at.y + 0.5);
}

/// A crowded edge: dots that run along it, and how many they stand for.
fn paint_stream(
    context: &CanvasRenderingContext2d,
    wire: &Wire,
    count: usize,
    clock: f64,
    sky: &Sky<'_>,
    palette: &Palette,
) {
    // From far away fewer and larger dots say the same.
    let far = 1.0 / sky.scale.min(1.0);
    let spacing = 11.0 * far;
    let dots = (wire.curve.length() / spacing).floor();
    let phase = (clock / 40.0 * far).rem_euclid(spacing) / spacing;
    context.set_global_alpha(1.0);
    context.set_fill_style_str(palette.colour(Tone::Accent));
    let radius = 3.0 * far;
    context.begin_path();
    for index in 0..dots as u32 {
        let at = wire.curve.at((f64::from(index) + phase) / dots);
        // The key on the edge stays readable.
        if wire
            .label
            .as_ref()
            .is_none_or(|label| !label.rect.contains(at))
        {
            context.move_to(at.x + radius, at.y);
            let _ = context.arc(at.x, at.y, radius, 0.0, TAU);
        }
    }
    context.fill();
    if sky.is_far() {
        return;
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_tone_has_a_place_of_its_own() {
        let tones = NAMED
            .into_iter()
            .chain((0..Tone::COLOURS).map(Tone::Colour));
        let places: Vec<usize> = tones.map(place).collect();
        assert_eq!(places, (0..TONES).collect::<Vec<_>>());
        assert_eq!(
            place(Tone::Colour(Tone::COLOURS + 1)),
            place(Tone::Colour(1))
        );
    }
}
