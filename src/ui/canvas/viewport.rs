//! Which part of the drawing is seen, and how large.

use crate::ui::canvas::geometry::{Point, Rect};

/// The smallest and the largest zoom.
pub const ZOOM: (f64, f64) = (0.05, 3.0);
/// A whole drawing is never shown larger than this.
const FIT_AT_MOST: f64 = 1.2;
/// Between the drawing and the border of the canvas.
const MARGIN: f64 = 28.0;
/// One step of zooming by key or button.
pub const ZOOM_STEP: f64 = 1.25;

/// From the drawing's places to the canvas's: first scaled, then moved.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Viewport {
    pub x: f64,
    pub y: f64,
    pub scale: f64,
}

impl Default for Viewport {
    fn default() -> Viewport {
        Viewport {
            x: 0.0,
            y: 0.0,
            scale: 1.0,
        }
    }
}

impl Viewport {
    /// Shows all of `bounds` in the middle of a canvas; an empty drawing has its origin there.
    pub fn fit(bounds: Rect, width: f64, height: f64) -> Viewport {
        let room = (width - 2.0 * MARGIN, height - 2.0 * MARGIN);
        let scale = if bounds.width() > 0.0 && bounds.height() > 0.0 && room.0 > 0.0 && room.1 > 0.0
        {
            (room.0 / bounds.width())
                .min(room.1 / bounds.height())
                .clamp(ZOOM.0, FIT_AT_MOST)
        } else {
            1.0
        };
        let center = bounds.center();
        Viewport {
            x: width / 2.0 - center.x * scale,
            y: height / 2.0 - center.y * scale,
            scale,
        }
    }

    /// The place in the drawing under a place on the canvas.
    pub fn to_drawing(self, at: Point) -> Point {
        Point::new((at.x - self.x) / self.scale, (at.y - self.y) / self.scale)
    }

    /// The place on the canvas of a place in the drawing.
    pub fn to_canvas(self, at: Point) -> Point {
        Point::new(at.x * self.scale + self.x, at.y * self.scale + self.y)
    }

    /// Larger or smaller; what is at `at` on the canvas stays there.
    pub fn zoomed(self, factor: f64, at: Point) -> Viewport {
        let scale = (self.scale * factor).clamp(ZOOM.0, ZOOM.1);
        let fixed = self.to_drawing(at);
        Viewport {
            x: at.x - fixed.x * scale,
            y: at.y - fixed.y * scale,
            scale,
        }
    }

    /// Moved by so many pixels of the canvas.
    pub fn panned(self, dx: f64, dy: f64) -> Viewport {
        Viewport {
            x: self.x + dx,
            y: self.y + dy,
            ..self
        }
    }

    /// Two fingers went from `before` to `after` on the canvas: what was under each is under it still, as far as
    /// moving and zooming alone can do it.
    pub fn pinched(self, before: (Point, Point), after: (Point, Point)) -> Viewport {
        let middle = |(one, other): (Point, Point)| one.towards(other, 0.5);
        let (from, to) = (middle(before), middle(after));
        let apart = before.0.distance(before.1).max(1.0);
        self.zoomed(after.0.distance(after.1) / apart, from)
            .panned(to.x - from.x, to.y - from.y)
    }

    /// The part of the drawing that a canvas of this size shows.
    pub fn window(self, width: f64, height: f64) -> Rect {
        let from = self.to_drawing(Point::default());
        let to = self.to_drawing(Point::new(width, height));
        Rect::new(from.x, from.y, to.x, to.y)
    }

    /// With that place of the drawing in the middle of the canvas.
    pub fn centered(self, at: Point, width: f64, height: f64) -> Viewport {
        Viewport {
            x: width / 2.0 - at.x * self.scale,
            y: height / 2.0 - at.y * self.scale,
            ..self
        }
    }

    /// Moved just so far that `rect` of the drawing is seen, with some room around it; not at all if it is seen already.
    pub fn showing(self, rect: Rect, width: f64, height: f64) -> Viewport {
        if self.shows_all(rect, width, height) {
            return self;
        }
        let from = self.to_canvas(Point::new(rect.left, rect.top));
        let to = self.to_canvas(Point::new(rect.right, rect.bottom));
        let shift = |low: f64, high: f64, room: f64| {
            if low < MARGIN {
                MARGIN - low
            } else if high > room - MARGIN {
                (room - MARGIN - high).max(MARGIN - low)
            } else {
                0.0
            }
        };
        self.panned(shift(from.x, to.x, width), shift(from.y, to.y, height))
    }

    /// Whether all of `bounds` is seen.
    pub fn shows_all(self, bounds: Rect, width: f64, height: f64) -> bool {
        let from = self.to_canvas(Point::new(bounds.left, bounds.top));
        let to = self.to_canvas(Point::new(bounds.right, bounds.bottom));
        from.x >= 0.0 && from.y >= 0.0 && to.x <= width && to.y <= height
    }

    /// As the `transform` of an SVG group.
    pub fn transform(self) -> String {
        format!(
            "translate({:.2} {:.2}) scale({:.4})",
            self.x, self.y, self.scale
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOUNDS: Rect = Rect::new(-100.0, 0.0, 900.0, 400.0);

    #[test]
    fn a_fitted_drawing_is_seen_whole() {
        for (width, height) in [(320.0, 480.0), (1200.0, 700.0), (4000.0, 3000.0)] {
            let viewport = Viewport::fit(BOUNDS, width, height);
            assert!(viewport.shows_all(BOUNDS, width, height), "{width}");
            assert!(viewport.scale <= FIT_AT_MOST);
        }
        assert_eq!(
            Viewport::fit(Rect::default(), 200.0, 100.0).to_canvas(Point::default()),
            Point::new(100.0, 50.0)
        );
    }

    #[test]
    fn zooming_keeps_what_is_under_the_pointer() {
        let at = Point::new(50.0, 70.0);
        let before = Viewport::fit(BOUNDS, 800.0, 600.0);
        let after = before.zoomed(1.7, at);
        assert!(before.to_drawing(at).distance(after.to_drawing(at)) < 1e-9);
        assert_eq!(before.zoomed(1e9, at).scale, ZOOM.1);
    }

    #[test]
    fn two_fingers_keep_what_is_under_them() {
        let before = (Point::new(100.0, 100.0), Point::new(200.0, 100.0));
        let after = (Point::new(90.0, 150.0), Point::new(290.0, 150.0));
        let start = Viewport::default();
        let pinched = start.pinched(before, after);
        assert!((pinched.scale - 2.0).abs() < 1e-9);
        for (from, to) in [(before.0, after.0), (before.1, after.1)] {
            let still = pinched.to_canvas(start.to_drawing(from));
            assert!(still.distance(to) < 1e-9, "{still:?}");
        }
        let apart = start.pinched((before.0, before.0), after);
        assert!(apart.scale.is_finite() && apart.x.is_finite());
    }

    #[test]
    fn the_window_is_what_the_canvas_shows() {
        let viewport = Viewport::default().zoomed(2.0, Point::default());
        let window = viewport.window(400.0, 300.0);
        assert_eq!((window.width(), window.height()), (200.0, 150.0));
        let at = Point::new(1000.0, -70.0);
        let middle = viewport.centered(at, 400.0, 300.0).window(400.0, 300.0);
        assert!(middle.center().distance(at) < 1e-9);
    }

    #[test]
    fn a_node_outside_is_brought_inside() {
        let far = Rect::new(2000.0, 2000.0, 2050.0, 2050.0);
        let viewport = Viewport::default().showing(far, 400.0, 300.0);
        assert!(viewport.shows_all(far, 400.0, 300.0));
        assert_eq!(viewport.showing(far, 400.0, 300.0), viewport);
        let at_the_border = Rect::new(2.0, 2.0, 60.0, 60.0);
        let start = Viewport::default();
        assert_eq!(start.showing(at_the_border, 400.0, 300.0), start);
    }
}
