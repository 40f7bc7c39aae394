//! The bar: play, pause, one step, speed, back and again, and the track with its marks. It knows times, no events.

mod controls;
mod track;

pub use controls::{ControlWords, Controls, SPEEDS};
pub use track::{Mark, MarkShape, Track};
