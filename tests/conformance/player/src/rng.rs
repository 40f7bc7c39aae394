//! Chance that can be had again: SplitMix64, from a seed.

/// A source of numbers.
pub struct Rng(u64);

impl Rng {
    /// The same seed gives the same numbers.
    pub fn new(seed: u64) -> Rng {
        Rng(seed)
    }

    /// Any number.
    pub fn any(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number from `least` to `most`, both included.
    pub fn between(&mut self, least: u64, most: u64) -> u64 {
        least + self.any() % (most - least + 1)
    }

    /// True so many times in a hundred.
    pub fn percent(&mut self, chance: u64) -> bool {
        self.any() % 100 < chance
    }

    /// One of them.
    pub fn one<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.between(1, of.len() as u64) as usize - 1]
    }

    /// One of them, the heavier the likelier.
    pub fn weighed<T: Copy>(&mut self, of: &[(T, u64)]) -> T {
        let total: u64 = of.iter().map(|(_, weight)| weight).sum();
        let mut left = self.any() % total;
        for (it, weight) in of {
            if left < *weight {
                return *it;
            }
            left -= weight;
        }
        unreachable!("the weights sum up to the total")
    }
}
