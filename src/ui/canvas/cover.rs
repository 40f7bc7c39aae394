//! What lies over the canvas, the sheet of a phone say: what is selected is moved out from under it, and goes back to
//! where it was when the sheet is gone.

use gloo_timers::callback::Timeout;
use web_sys::Element;
use yew::prelude::*;

use crate::ui::canvas::geometry::{Point, Rect};
use crate::ui::canvas::message::Msg;
use crate::ui::canvas::scene::Target;
use crate::ui::canvas::view::Canvas;
use crate::ui::canvas::viewport::Viewport;
use crate::ui::dom::SizeObserver;

/// Between what is selected and the border of what is left free.
const MARGIN: f64 = 10.0;
/// In less than this nothing can be shown.
const LEAST: f64 = 32.0;
/// While a hand is on the drawing it stays; after so long one looks again, in milliseconds.
const AGAIN_MS: u32 = 150;

/// What is known of what lies over the canvas.
#[derive(Default)]
pub(super) struct Cover {
    /// What was last looked for under it.
    pub about: Option<Target>,
    watched: Option<(Element, Option<SizeObserver>)>,
    later: Option<Timeout>,
    /// What was seen before the drawing made way, and since.
    way: Option<(Viewport, Viewport)>,
    /// What was seen when one looked last; whoever has moved the drawing since wants it so.
    stood: Option<Viewport>,
}

/// The larger part of `canvas` beside what lies over it; all of it if nothing does.
fn free_part(canvas: Rect, cover: Rect) -> Rect {
    if !canvas.overlaps(cover) {
        return canvas;
    }
    let over = canvas.intersection(cover);
    let parts = [
        Rect {
            bottom: over.top,
            ..canvas
        },
        Rect {
            top: over.bottom,
            ..canvas
        },
        Rect {
            right: over.left,
            ..canvas
        },
        Rect {
            left: over.right,
            ..canvas
        },
    ];
    let area = |part: &Rect| part.width() * part.height();
    parts.into_iter().fold(parts[0], |best, part| {
        if area(&part) > area(&best) {
            part
        } else {
            best
        }
    })
}

/// A part of the drawing on the canvas.
fn on_canvas(viewport: Viewport, rect: Rect) -> Rect {
    let from = viewport.to_canvas(Point::new(rect.left, rect.top));
    let to = viewport.to_canvas(Point::new(rect.right, rect.bottom));
    Rect::new(from.x, from.y, to.x, to.y)
}

/// Moved so far that all of `rect` of the drawing lies within `free` on the canvas, if it does not already. Of what is
/// larger than that, the part around `mark` counts.
fn within(viewport: Viewport, rect: Rect, mark: Rect, free: Rect) -> Viewport {
    let room = free.grown(-MARGIN);
    let whole = on_canvas(viewport, rect);
    let fits = whole.width() <= free.width() && whole.height() <= free.height();
    let place = if fits {
        whole
    } else {
        on_canvas(viewport, mark)
    };
    if place.intersection(free) == place {
        return viewport;
    }
    let shift = |low: f64, high: f64, from: f64, to: f64| {
        if high - low > to - from {
            (from + to - low - high) / 2.0
        } else {
            (from - low).max(0.0) + (to - high).min(0.0)
        }
    };
    viewport.panned(
        shift(place.left, place.right, room.left, room.right),
        shift(place.top, place.bottom, room.top, room.bottom),
    )
}

impl Canvas {
    /// Something else is selected, or everything was fitted: as soon as the page around is drawn, too.
    pub(super) fn attend(&mut self, ctx: &Context<Self>) {
        self.cover.about.clone_from(&ctx.props().selected);
        self.cover.stood = None;
        let over = ctx.props().over.cast::<Element>();
        if self.cover.watched.as_ref().map(|(known, _)| known) != over.as_ref() {
            let link = ctx.link().clone();
            self.cover.watched = over.map(|over| {
                let told = move |_, _| link.send_message(Msg::Uncover);
                let observer = SizeObserver::new(&over, told);
                (over, observer)
            });
        }
        ctx.link().send_message(Msg::Uncover);
    }

    /// Moves the drawing if something lies over what is selected, and back when it is gone; not below a hand.
    pub(super) fn uncover(&mut self, ctx: &Context<Self>) -> bool {
        self.cover.later = None;
        if self.is_pressed() {
            let link = ctx.link().clone();
            self.cover.later = Some(Timeout::new(AGAIN_MS, move || {
                link.send_message(Msg::Uncover);
            }));
            return false;
        }
        let canvas = Rect::new(0.0, 0.0, self.size.0, self.size.1);
        let free = self
            .over(canvas)
            .map_or(canvas, |over| free_part(canvas, over));
        let selected = ctx.props().selected.as_ref();
        let rect = selected.and_then(|target| self.rect_of(ctx, target));
        let Some(rect) = rect.filter(|_| free != canvas) else {
            return self.come_back();
        };
        let is_moved = self.cover.stood.is_some_and(|stood| stood != self.viewport);
        if is_moved || free.width() < LEAST || free.height() < LEAST {
            return false;
        }
        let mark = match selected {
            Some(Target::Edge(id)) => self.layout.wires.get(id).map(|wire| wire.mark),
            _ => None,
        };
        let mark = Rect::around(mark.unwrap_or(rect.center()), 0.0, 0.0);
        let next = within(self.viewport, rect, mark, free);
        self.cover.stood = Some(next);
        if next == self.viewport {
            return false;
        }
        let before = match self.cover.way {
            Some((before, now)) if now == self.viewport => before,
            _ => self.viewport,
        };
        self.viewport = next;
        self.cover.way = Some((before, next));
        true
    }

    /// Nothing lies over the drawing any more: what was seen before is seen again, unless somebody moved it since.
    fn come_back(&mut self) -> bool {
        match self.cover.way.take() {
            Some((before, now)) if now == self.viewport => {
                self.viewport = before;
                true
            }
            _ => false,
        }
    }

    /// What lies over the canvas, on the canvas.
    fn over(&self, canvas: Rect) -> Option<Rect> {
        let host = self.host.cast::<Element>()?.get_bounding_client_rect();
        let over = self.cover.watched.as_ref()?.0.get_bounding_client_rect();
        let over = Rect::new(over.left(), over.top(), over.right(), over.bottom());
        let over = over.shifted(-host.left(), -host.top());
        (over.width() > 0.0 && canvas.overlaps(over)).then_some(over)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CANVAS: Rect = Rect::new(0.0, 0.0, 400.0, 600.0);
    const SHEET: Rect = Rect::new(0.0, 250.0, 400.0, 700.0);

    #[test]
    fn what_is_left_free_is_beside_what_lies_over_it() {
        assert_eq!(free_part(CANVAS, SHEET), Rect::new(0.0, 0.0, 400.0, 250.0));
        let aside = Rect::new(150.0, 0.0, 400.0, 600.0);
        assert_eq!(free_part(CANVAS, aside), Rect::new(0.0, 0.0, 150.0, 600.0));
        let elsewhere = Rect::new(0.0, 600.0, 400.0, 700.0);
        assert_eq!(free_part(CANVAS, elsewhere), CANVAS);
        assert_eq!(free_part(CANVAS, Rect::default()), CANVAS);
    }

    #[test]
    fn what_is_covered_comes_into_what_is_free_and_nothing_else_moves() {
        let free = free_part(CANVAS, SHEET);
        let seen = |viewport: Viewport, rect: Rect| {
            let place = on_canvas(viewport, rect);
            place.intersection(free) == place
        };
        let start = Viewport::default();
        for (top, moves) in [(20.0, false), (200.0, true), (500.0, true), (-30.0, true)] {
            let node = Rect::new(100.0, top, 180.0, top + 60.0);
            let mark = Rect::around(node.center(), 0.0, 0.0);
            let next = within(start, node, mark, free);
            assert!(seen(next, node), "{top}");
            assert_eq!(next != start, moves, "{top}");
            assert_eq!(next.x, start.x);
            assert_eq!(within(next, node, mark, free), next);
        }
        let long = Rect::new(0.0, 0.0, 50.0, 590.0);
        let mark = Rect::around(long.center(), 0.0, 0.0);
        let next = within(start, long, mark, free);
        assert!(seen(next, mark));
        assert_eq!(within(next, long, mark, free), next);
    }
}
