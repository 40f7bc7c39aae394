//! Chance in programs: how long something takes, drawn from a seeded generator.
//!
//! Only operations that IEEE 754 fixes to the last bit are used (no `ln`, no `cos` of the platform), so that a run is
//! the same natively and in every browser.

use std::fmt;

use crate::machine::Rng;

/// The longest pause or piece of work: a day.
pub const MAX_DELAY_MS: u64 = 86_400_000;

/// How long something takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delay {
    /// `200ms`
    Fixed(u64),
    /// `100ms..300ms`: anything in between is as likely, both ends included.
    Range(u64, u64),
    /// `exp(200ms)`: exponential with this mean; many short ones and a few long.
    Exponential(u64),
    /// `normal(200ms,50ms)`: around the mean, with this standard deviation; never below zero.
    Normal { mean: u64, deviation: u64 },
}

impl Delay {
    /// So many milliseconds this time.
    pub fn draw(self, rng: &mut Rng) -> u64 {
        match self {
            Delay::Fixed(ms) => ms,
            Delay::Range(least, most) => {
                let (least, most) = (least.min(most), least.max(most));
                least + rng.below(most - least + 1)
            }
            Delay::Exponential(mean) => rounded(exponential(rng) * mean as f64),
            Delay::Normal { mean, deviation } => {
                rounded(mean as f64 + bell(rng) * deviation as f64)
            }
        }
    }

    /// Its mean in milliseconds; for a bell that touches zero, that of the bell.
    pub fn mean_ms(self) -> u64 {
        match self {
            Delay::Fixed(ms) | Delay::Exponential(ms) | Delay::Normal { mean: ms, .. } => ms,
            Delay::Range(least, most) => u64::midpoint(least, most),
        }
    }
}

impl fmt::Display for Delay {
    /// As the language of programs writes it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Delay::Fixed(ms) => f.write_str(&time(*ms)),
            Delay::Range(least, most) => write!(f, "{}..{}", time(*least), time(*most)),
            Delay::Exponential(mean) => write!(f, "exp({})", time(*mean)),
            Delay::Normal { mean, deviation } => {
                write!(f, "normal({},{})", time(*mean), time(*deviation))
            }
        }
    }
}

/// Milliseconds as the language writes them: whole seconds in seconds.
pub fn time(ms: u64) -> String {
    match ms {
        0 => "0ms".to_string(),
        ms if ms % 1000 == 0 => format!("{}s", ms / 1000),
        ms => format!("{ms}ms"),
    }
}

fn rounded(ms: f64) -> u64 {
    // A cast brings what is below zero to zero.
    ((ms + 0.5) as u64).min(MAX_DELAY_MS)
}

/// An exponential draw with the mean 1.
pub fn exponential(rng: &mut Rng) -> f64 {
    -ln(1.0 - rng.unit())
}

/// A draw around 0 with the standard deviation 1: the sum of twelve even ones (Irwin and Hall), so within ±6.
fn bell(rng: &mut Rng) -> f64 {
    (0..12).map(|_| rng.unit()).sum::<f64>() - 6.0
}

/// The natural logarithm of a number in `0.0..=1.0` that is not zero, by the series of the inverse hyperbolic tangent.
fn ln(x: f64) -> f64 {
    const LN_2: f64 = std::f64::consts::LN_2;
    let bits = x.to_bits();
    let exponent = (bits >> 52) as i64 - 1023;
    // The fraction as a number from 1 to 2.
    let mantissa = f64::from_bits((bits & ((1 << 52) - 1)) | (1023 << 52));
    let s = (mantissa - 1.0) / (mantissa + 1.0);
    let square = s * s;
    let mut power = s;
    let mut sum = 0.0;
    for odd in (1..40).step_by(2) {
        sum += power / f64::from(odd);
        power *= square;
    }
    exponent as f64 * LN_2 + 2.0 * sum
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Mean and standard deviation of many draws.
    fn measured(delay: Delay) -> (f64, f64) {
        const DRAWS: u32 = 20_000;
        let mut rng = Rng::new(11);
        let drawn: Vec<f64> = (0..DRAWS).map(|_| delay.draw(&mut rng) as f64).collect();
        let mean = drawn.iter().sum::<f64>() / f64::from(DRAWS);
        let variance = drawn
            .iter()
            .map(|ms| (ms - mean) * (ms - mean))
            .sum::<f64>();
        (mean, (variance / f64::from(DRAWS)).sqrt())
    }

    #[test]
    fn the_logarithm_is_that_of_the_platform() {
        let mut rng = Rng::new(3);
        for _ in 0..10_000 {
            let x = 1.0 - rng.unit();
            assert!((ln(x) - x.ln()).abs() < 1e-13, "{x}");
        }
        assert_eq!(ln(1.0), 0.0);
    }

    /// The mean of 20,000 draws strays from the true one by deviation / √20,000, so 0.71 % of the deviation; five times
    /// that is 3.6 %, which one seed in two million passes. The measured deviation strays about as much.
    #[test]
    fn draws_have_the_mean_and_the_deviation_they_promise() {
        let cases = [
            (Delay::Fixed(250), 250.0, 0.0),
            // (b - a) / √12
            (Delay::Range(100, 300), 200.0, 58.0),
            (Delay::Exponential(400), 400.0, 400.0),
            (
                Delay::Normal {
                    mean: 500,
                    deviation: 80,
                },
                500.0,
                80.0,
            ),
        ];
        for (delay, mean, deviation) in cases {
            let (found_mean, found_deviation) = measured(delay);
            let slack = deviation * 0.036;
            assert!((found_mean - mean).abs() <= slack, "{delay}: {found_mean}");
            // The fourth moment of an exponential is large: its deviation strays three times as much.
            assert!(
                (found_deviation - deviation).abs() <= 3.0 * slack,
                "{delay}: {found_deviation}"
            );
        }
    }

    #[test]
    fn no_draw_is_negative_or_outside_its_range() {
        let mut rng = Rng::new(5);
        let narrow = Delay::Normal {
            mean: 1,
            deviation: 100,
        };
        for _ in 0..1_000 {
            assert!(narrow.draw(&mut rng) < 1_000);
            assert!((7..=9).contains(&Delay::Range(9, 7).draw(&mut rng)));
        }
        assert_eq!(Delay::Range(4, 4).draw(&mut rng), 4);
    }

    #[test]
    fn a_delay_is_written_as_it_is_read() {
        assert_eq!(Delay::Range(100, 3_000).to_string(), "100ms..3s");
        let normal = Delay::Normal {
            mean: 1_000,
            deviation: 250,
        };
        assert_eq!(normal.to_string(), "normal(1s,250ms)");
    }
}
