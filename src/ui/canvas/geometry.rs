//! Points, rectangles and curves, in CSS pixels at zoom 1. The y axis points down.

/// A place.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Point {
    pub x: f64,
    pub y: f64,
}

impl Point {
    /// The place at `x`, `y`.
    pub const fn new(x: f64, y: f64) -> Point {
        Point { x, y }
    }

    /// The place `dx` to the right of here and `dy` below.
    pub fn shifted(self, dx: f64, dy: f64) -> Point {
        Point::new(self.x + dx, self.y + dy)
    }

    /// The nearest place with whole numbers.
    pub fn rounded(self) -> Point {
        Point::new(self.x.round(), self.y.round())
    }

    /// How far it is from here to `other`.
    pub fn distance(self, other: Point) -> f64 {
        (self.x - other.x).hypot(self.y - other.y)
    }

    /// The place a share of the way from here to `other`.
    pub fn towards(self, other: Point, share: f64) -> Point {
        Point::new(
            self.x + (other.x - self.x) * share,
            self.y + (other.y - self.y) * share,
        )
    }
}

/// An upright rectangle.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Rect {
    pub left: f64,
    pub top: f64,
    pub right: f64,
    pub bottom: f64,
}

impl Rect {
    /// The rectangle between two edges each way.
    pub const fn new(left: f64, top: f64, right: f64, bottom: f64) -> Rect {
        Rect {
            left,
            top,
            right,
            bottom,
        }
    }

    /// A rectangle around a place.
    pub fn around(center: Point, width: f64, height: f64) -> Rect {
        Rect::new(
            center.x - width / 2.0,
            center.y - height / 2.0,
            center.x + width / 2.0,
            center.y + height / 2.0,
        )
    }

    pub fn width(self) -> f64 {
        self.right - self.left
    }

    pub fn height(self) -> f64 {
        self.bottom - self.top
    }

    pub fn center(self) -> Point {
        Point::new(
            (self.left + self.right) / 2.0,
            (self.top + self.bottom) / 2.0,
        )
    }

    /// The rectangle with a margin around it (a negative one makes it smaller).
    pub fn grown(self, by: f64) -> Rect {
        Rect::new(
            self.left - by,
            self.top - by,
            self.right + by,
            self.bottom + by,
        )
    }

    /// The rectangle moved.
    pub fn shifted(self, dx: f64, dy: f64) -> Rect {
        Rect::new(
            self.left + dx,
            self.top + dy,
            self.right + dx,
            self.bottom + dy,
        )
    }

    /// The smallest rectangle with both inside.
    pub fn union(self, other: Rect) -> Rect {
        Rect::new(
            self.left.min(other.left),
            self.top.min(other.top),
            self.right.max(other.right),
            self.bottom.max(other.bottom),
        )
    }

    /// What both have in common; without area, or turned inside out, when they have nothing.
    pub fn intersection(self, other: Rect) -> Rect {
        Rect::new(
            self.left.max(other.left),
            self.top.max(other.top),
            self.right.min(other.right),
            self.bottom.min(other.bottom),
        )
    }

    /// The rectangle with these two corners, whichever is which.
    pub fn between(one: Point, other: Point) -> Rect {
        Rect::new(
            one.x.min(other.x),
            one.y.min(other.y),
            one.x.max(other.x),
            one.y.max(other.y),
        )
    }

    /// Whether the insides of both have something in common.
    pub fn overlaps(self, other: Rect) -> bool {
        self.left < other.right
            && other.left < self.right
            && self.top < other.bottom
            && other.top < self.bottom
    }

    /// Whether a place lies inside.
    pub fn contains(self, point: Point) -> bool {
        point.x >= self.left
            && point.x <= self.right
            && point.y >= self.top
            && point.y <= self.bottom
    }
}

/// One piece of a curve: a cubic Bézier from the end of the piece before.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cubic {
    pub one: Point,
    pub two: Point,
    pub to: Point,
}

/// A smooth line that knows where it is after any share of its length.
#[derive(Clone, Debug, PartialEq)]
pub struct Curve {
    start: Point,
    pieces: Vec<Cubic>,
    /// Places along it at equal steps of length.
    samples: Vec<Point>,
    length: f64,
}

/// How many steps of equal length a curve remembers.
const STEPS: usize = 48;

impl Curve {
    /// A curve of one or more pieces.
    pub fn new(start: Point, pieces: Vec<Cubic>) -> Curve {
        let fine = flatten(start, &pieces);
        let length = fine.windows(2).map(|pair| pair[0].distance(pair[1])).sum();
        let samples = equal_steps(&fine, length);
        Curve {
            start,
            pieces,
            samples,
            length,
        }
    }

    /// A straight line.
    pub fn line(from: Point, to: Point) -> Curve {
        let cubic = Cubic {
            one: from.towards(to, 1.0 / 3.0),
            two: from.towards(to, 2.0 / 3.0),
            to,
        };
        Curve::new(from, vec![cubic])
    }

    /// A line through corners, each rounded with at most this radius.
    pub fn rounded(corners: &[Point], radius: f64) -> Curve {
        let (Some(&start), Some(&end)) = (corners.first(), corners.last()) else {
            return Curve::line(Point::default(), Point::default());
        };
        let mut pieces = Vec::new();
        let mut at = start;
        for window in corners.windows(3) {
            let (before, corner, after) = (window[0], window[1], window[2]);
            let reach = radius
                .min(before.distance(corner) / 2.0)
                .min(corner.distance(after) / 2.0);
            let into = corner.towards(before, share_of(reach, corner.distance(before)));
            let out = corner.towards(after, share_of(reach, corner.distance(after)));
            pieces.push(straight(at, into));
            pieces.push(Cubic {
                one: into.towards(corner, 0.55),
                two: out.towards(corner, 0.55),
                to: out,
            });
            at = out;
        }
        pieces.push(straight(at, end));
        Curve::new(start, pieces)
    }

    pub fn start(&self) -> Point {
        self.start
    }

    pub fn end(&self) -> Point {
        self.pieces.last().map_or(self.start, |piece| piece.to)
    }

    pub fn length(&self) -> f64 {
        self.length
    }

    /// The place after a share (0 to 1) of its length.
    pub fn at(&self, share: f64) -> Point {
        let steps = share.clamp(0.0, 1.0) * STEPS as f64;
        let index = (steps as usize).min(STEPS - 1);
        match (self.samples.get(index), self.samples.get(index + 1)) {
            (Some(&from), Some(&to)) => from.towards(to, steps - index as f64),
            _ => self.start,
        }
    }

    /// Places along it, from start to end.
    pub fn samples(&self) -> &[Point] {
        &self.samples
    }

    /// The direction in which it ends, as a unit vector.
    pub fn end_direction(&self) -> Point {
        let end = self.end();
        let from = self.at(1.0 - 4.0 / self.length.max(8.0));
        let distance = from.distance(end).max(1e-6);
        Point::new((end.x - from.x) / distance, (end.y - from.y) / distance)
    }

    /// As the `d` of an SVG path.
    pub fn path_data(&self) -> String {
        use std::fmt::Write;
        let mut data = format!("M{:.1} {:.1}", self.start.x, self.start.y);
        for Cubic { one, two, to } in &self.pieces {
            // Writing into a String cannot fail.
            let _ = write!(
                data,
                "C{:.1} {:.1} {:.1} {:.1} {:.1} {:.1}",
                one.x, one.y, two.x, two.y, to.x, to.y
            );
        }
        data
    }
}

fn share_of(part: f64, whole: f64) -> f64 {
    if whole > 0.0 { part / whole } else { 0.0 }
}

fn straight(from: Point, to: Point) -> Cubic {
    Cubic {
        one: from.towards(to, 1.0 / 3.0),
        two: from.towards(to, 2.0 / 3.0),
        to,
    }
}

/// Many places along the pieces, close enough to measure by.
fn flatten(start: Point, pieces: &[Cubic]) -> Vec<Point> {
    let mut points = vec![start];
    let mut from = start;
    for piece in pieces {
        points.extend((1..=24).map(|step| on_cubic(from, piece, f64::from(step) / 24.0)));
        from = piece.to;
    }
    points
}

fn on_cubic(from: Point, Cubic { one, two, to }: &Cubic, t: f64) -> Point {
    let u = 1.0 - t;
    let (a, b, c, d) = (u * u * u, 3.0 * u * u * t, 3.0 * u * t * t, t * t * t);
    Point::new(
        a * from.x + b * one.x + c * two.x + d * to.x,
        a * from.y + b * one.y + c * two.y + d * to.y,
    )
}

/// `STEPS + 1` places along `fine`, at equal distances.
fn equal_steps(fine: &[Point], length: f64) -> Vec<Point> {
    let mut samples = Vec::with_capacity(STEPS + 1);
    let mut walked = 0.0;
    let mut wanted = 0.0;
    let step = length / STEPS as f64;
    for pair in fine.windows(2) {
        let leg = pair[0].distance(pair[1]);
        while samples.len() < STEPS && wanted <= walked + leg && leg > 0.0 {
            samples.push(pair[0].towards(pair[1], (wanted - walked) / leg));
            wanted += step;
        }
        walked += leg;
    }
    let last = fine.last().copied().unwrap_or_default();
    samples.resize(STEPS + 1, last);
    samples
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_curve_is_walked_at_even_speed() {
        let curve = Curve::rounded(
            &[
                Point::new(0.0, 0.0),
                Point::new(100.0, 0.0),
                Point::new(100.0, 100.0),
            ],
            20.0,
        );
        let legs: Vec<f64> = curve
            .samples()
            .windows(2)
            .map(|pair| pair[0].distance(pair[1]))
            .collect();
        let mean = legs.iter().sum::<f64>() / legs.len() as f64;
        assert!(
            legs.iter().all(|leg| (leg - mean).abs() < mean * 0.1),
            "{legs:?}"
        );
        assert_eq!(curve.at(0.0), Point::new(0.0, 0.0));
        assert_eq!(curve.at(1.0), Point::new(100.0, 100.0));
        assert!((curve.end_direction().y - 1.0).abs() < 0.01);
    }

    #[test]
    fn a_curve_without_length_stays_where_it_is() {
        let point = Point::new(3.0, 4.0);
        let curve = Curve::line(point, point);
        assert_eq!(curve.at(0.7), point);
        assert!(curve.end_direction().x.is_finite());
    }

    #[test]
    fn rectangles_that_only_touch_do_not_overlap() {
        let left = Rect::new(0.0, 0.0, 10.0, 10.0);
        assert!(!left.overlaps(left.shifted(10.0, 0.0)));
        assert!(left.overlaps(left.shifted(9.0, 9.0)));
    }
}
