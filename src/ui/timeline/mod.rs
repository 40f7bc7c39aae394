//! The bar's track with its marks, and charts that share its cursor. It knows times and numbers, no events.

mod chart;
mod scale;
mod track;

pub use chart::{Chart, Line, LineLook, Unit};
pub use scale::scale_end;
pub use track::{Follower, Mark, MarkShape, MarkView, Track};
