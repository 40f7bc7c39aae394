//! How often a run that plays is drawn: with every frame where that is cheap, and never so often that the page has no
//! time left to answer.

/// For every millisecond that drawing took, so many pass before it is drawn again …
const REST: f64 = 5.0;
/// … but whatever it takes, nobody waits longer than this for the next picture.
const LONGEST_REST_MS: f64 = 400.0;
/// While a person carries something or types, so long a time passes for every millisecond that a picture took …
const REST_OF_HANDS: f64 = 40.0;
/// … and at most so much more of it.
const LONGEST_REST_OF_HANDS_MS: f64 = 1_200.0;
/// So long after the last move or key somebody is still at it.
const HANDS_MS: f64 = 500.0;
/// What is drawn in less than this may be drawn with every frame, and all that goes with it.
const CHEAP_MS: f64 = 4.0;
/// Beside dear pictures, the clock is written so often.
const CLOCK_MS: f64 = 100.0;
/// The browser draws this long after the code is done, when it has to wait for the screen only.
const FRAME_MS: f64 = 17.0;
/// A picture that is still not drawn after this is given up: the page may have left the document.
const GIVEN_UP_MS: f64 = 2_000.0;

/// When pictures were handed over, and what drawing them took.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Pace {
    /// When the picture that is being drawn was begun.
    begun: Option<f64>,
    /// When the picture was begun that the browser may still be painting.
    painting: Option<f64>,
    drawn_at: f64,
    cost: f64,
    /// When the clock was written.
    told_at: f64,
    /// When somebody moved something or pressed a key.
    hand_at: Option<f64>,
}

impl Pace {
    /// A picture is put together, and drawn then.
    pub fn begin(&mut self, now: f64) {
        self.begun.get_or_insert(now);
    }

    /// What was handed over is drawn.
    pub fn drawn(&mut self, now: f64) {
        if let Some(begun) = self.begun.take() {
            self.cost = (now - begun).max(0.0);
            self.drawn_at = now;
            self.painting = Some(begun);
        }
    }

    /// Another frame begins: what the browser had to paint is painted. The first frame after a pause says nothing of
    /// how long that took.
    pub fn painted(&mut self, now: f64, is_first: bool) {
        let begun = self.painting.take().filter(|_| !is_first);
        if let Some(begun) = begun {
            self.cost = self.cost.max(now - begun - FRAME_MS);
        }
    }

    /// Whether it is time to write the clock; if so, it is taken for written.
    pub fn tells_time(&mut self, now: f64) -> bool {
        let is_due = self.cost < CHEAP_MS || now - self.told_at >= CLOCK_MS;
        if is_due {
            self.told_at = now;
        }
        is_due
    }

    /// A person carries something about, or pressed a key: what they do comes before what runs.
    pub fn hand(&mut self, now: f64) {
        self.hand_at = Some(now);
    }

    /// Whether it is time for another picture.
    pub fn is_due(&self, now: f64) -> bool {
        let (rest, longest) = match self.hand_at {
            Some(at) if self.cost >= CHEAP_MS && now - at < HANDS_MS => {
                (REST_OF_HANDS, LONGEST_REST_OF_HANDS_MS)
            }
            _ => (REST, LONGEST_REST_MS),
        };
        match self.begun {
            Some(begun) => now - begun > GIVEN_UP_MS,
            None => now - self.drawn_at >= (self.cost * rest).min(longest),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn_in(cost: f64) -> Pace {
        let mut pace = Pace::default();
        pace.begin(1_000.0);
        pace.drawn(1_000.0 + cost);
        pace
    }

    #[test]
    fn a_cheap_picture_comes_with_every_frame_and_a_dear_one_leaves_time_for_the_page() {
        assert!(drawn_in(2.0).is_due(1_016.0));
        assert!(!drawn_in(20.0).is_due(1_100.0));
        assert!(drawn_in(20.0).is_due(1_120.0));
        assert!(drawn_in(900.0).is_due(1_900.0 + LONGEST_REST_MS));
    }

    #[test]
    fn dear_pictures_leave_more_time_while_hands_are_busy() {
        let mut pace = drawn_in(20.0);
        pace.hand(1_100.0);
        assert!(!pace.is_due(1_120.0));
        assert!(pace.is_due(1_100.0 + HANDS_MS));
        pace.hand(1_020.0 + 20.0 * REST_OF_HANDS);
        assert!(pace.is_due(1_020.0 + 20.0 * REST_OF_HANDS));
        let mut pace = drawn_in(900.0);
        pace.hand(2_200.0);
        assert!(!pace.is_due(1_900.0 + LONGEST_REST_MS));
        assert!(pace.is_due(2_200.0 + HANDS_MS));
        let mut cheap = drawn_in(1.0);
        cheap.hand(1_010.0);
        assert!(cheap.is_due(1_017.0));
    }

    #[test]
    fn what_the_browser_paints_counts_too() {
        let mut pace = drawn_in(2.0);
        pace.painted(1_040.0, false);
        assert!(!pace.is_due(1_100.0));
        assert!(pace.is_due(1_002.0 + 23.0 * REST));
        let mut pace = drawn_in(2.0);
        pace.painted(1_016.0, false);
        assert!(pace.is_due(1_016.0));
        let mut pace = drawn_in(2.0);
        pace.painted(60_000.0, true);
        assert!(pace.is_due(60_000.0));
    }

    #[test]
    fn the_clock_is_written_with_every_frame_unless_pictures_are_dear() {
        let mut cheap = drawn_in(1.0);
        assert!(
            [1_016.0, 1_032.0]
                .into_iter()
                .all(|at| cheap.tells_time(at))
        );
        let mut dear = drawn_in(50.0);
        let told = [2_000.0, 2_016.0, 2_090.0, 2_100.0, 2_116.0].map(|at| dear.tells_time(at));
        assert_eq!(told, [true, false, false, true, false]);
    }

    #[test]
    fn there_is_never_a_second_picture_before_the_first_is_drawn() {
        let mut pace = drawn_in(1.0);
        pace.begin(1_100.0);
        assert!(!pace.is_due(1_900.0));
        assert!(pace.is_due(1_101.0 + GIVEN_UP_MS));
        pace.drawn(1_110.0);
        assert!(pace.is_due(1_160.0));
    }
}
