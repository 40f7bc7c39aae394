//! Rectangles in a grid, so that asking what lies somewhere costs what lies there and not all there is.

use rustc_hash::FxHashMap;

use crate::ui::canvas::geometry::Rect;

/// Width and height of a cell of the grid.
const CELL: f64 = 256.0;
/// A rectangle over more cells than this is asked for every time.
const WIDE: i64 = 64;

/// Rectangles, each under a number.
#[derive(Debug, Default)]
pub(super) struct Boxes {
    rects: Vec<Rect>,
    cells: FxHashMap<(i64, i64), Vec<u32>>,
    wide: Vec<u32>,
}

/// The cells a rectangle touches: from and to, each way.
fn span(rect: Rect) -> (i64, i64, i64, i64) {
    let cell = |at: f64| (at / CELL).floor() as i64;
    (
        cell(rect.left),
        cell(rect.right),
        cell(rect.top),
        cell(rect.bottom),
    )
}

impl Boxes {
    /// Puts one in; its number is the count of those before.
    pub fn push(&mut self, rect: Rect) {
        let number = self.rects.len() as u32;
        self.rects.push(rect);
        let (left, right, top, bottom) = span(rect);
        if (right - left + 1) * (bottom - top + 1) > WIDE {
            self.wide.push(number);
            return;
        }
        for x in left..=right {
            for y in top..=bottom {
                self.cells.entry((x, y)).or_default().push(number);
            }
        }
    }

    /// Those that overlap `rect`, by number, each once, in the order they were put in.
    pub fn near(&self, rect: Rect, found: &mut Vec<(u32, Rect)>) {
        found.clear();
        let (left, right, top, bottom) = span(rect);
        let mut take = |number: u32| {
            let other = self.rects[number as usize];
            if other.overlaps(rect) {
                found.push((number, other));
            }
        };
        if (right - left + 1).saturating_mul(bottom - top + 1) > self.rects.len() as i64 {
            (0..self.rects.len() as u32).for_each(take);
            return;
        }
        self.wide.iter().copied().for_each(&mut take);
        for x in left..=right {
            for y in top..=bottom {
                let cell = self.cells.get(&(x, y));
                cell.into_iter().flatten().copied().for_each(&mut take);
            }
        }
        found.sort_unstable_by_key(|(number, _)| *number);
        found.dedup_by_key(|(number, _)| *number);
    }
}

impl FromIterator<Rect> for Boxes {
    fn from_iter<I: IntoIterator<Item = Rect>>(rects: I) -> Boxes {
        let mut boxes = Boxes::default();
        rects.into_iter().for_each(|rect| boxes.push(rect));
        boxes
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::canvas::geometry::Point;

    #[test]
    fn the_grid_finds_what_a_scan_finds() {
        // A fixed scatter of small and of very wide rectangles.
        let rects: Vec<Rect> = (0..400_u32)
            .map(|n| {
                let (x, y) = (f64::from(n * 7919 % 4001), f64::from(n * 104_729 % 3001));
                let wide = if n % 50 == 0 { 9000.0 } else { 90.0 };
                Rect::around(Point::new(x - 2000.0, y - 1500.0), wide, 60.0)
            })
            .collect();
        let boxes: Boxes = rects.iter().copied().collect();
        let mut found = Vec::new();
        for asked in rects.iter().step_by(7).map(|rect| rect.grown(40.0)) {
            boxes.near(asked, &mut found);
            let scan: Vec<u32> = (0..)
                .zip(&rects)
                .filter(|(_, rect)| rect.overlaps(asked))
                .map(|(number, _)| number)
                .collect();
            let numbers: Vec<u32> = found.iter().map(|(number, _)| *number).collect();
            assert_eq!(numbers, scan);
        }
    }
}
