//! Playing, pausing and speed: how much virtual time passes in one animation frame.

/// The slowest and the quickest speed.
pub const SPEEDS: std::ops::RangeInclusive<f64> = 0.1..=1000.0;

/// The playback of one run.
#[derive(Clone, Debug, PartialEq)]
pub struct Playback {
    playing: bool,
    speed: f64,
    /// Virtual time in milliseconds, with its fraction.
    clock_ms: f64,
}

impl Playback {
    /// Paused at the beginning, at the pace of real time.
    pub fn new() -> Playback {
        Playback {
            playing: false,
            speed: 1.0,
            clock_ms: 0.0,
        }
    }

    pub fn playing(&self) -> bool {
        self.playing
    }

    pub fn set_playing(&mut self, playing: bool) {
        self.playing = playing;
    }

    pub fn speed(&self) -> f64 {
        self.speed
    }

    /// Brought into [`SPEEDS`]; what is not a number is no change.
    pub fn set_speed(&mut self, speed: f64) {
        if !speed.is_nan() {
            self.speed = speed.clamp(*SPEEDS.start(), *SPEEDS.end());
        }
    }

    /// The whole milliseconds of the virtual clock.
    pub fn now_ms(&self) -> u64 {
        self.clock_ms as u64
    }

    /// Puts the clock to a moment (a step forward, an undo).
    pub fn set_now_ms(&mut self, ms: u64) {
        self.clock_ms = ms as f64;
    }

    /// Lets `elapsed_ms` of real time pass and says where the clock should be then.
    pub fn pass(&mut self, elapsed_ms: f64) -> u64 {
        if self.playing && elapsed_ms.is_finite() && elapsed_ms > 0.0 {
            self.clock_ms += elapsed_ms * self.speed;
        }
        self.now_ms()
    }
}

impl Default for Playback {
    fn default() -> Playback {
        Playback::new()
    }
}
