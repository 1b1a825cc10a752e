//! Chance with a printed seed, so that what it found can be found again.

use std::time::{SystemTime, UNIX_EPOCH};

use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};

/// Set to repeat a run.
const SEED: &str = "RETINUE_TEST_SEED";

/// Where a test gets its choices from.
#[derive(Debug)]
pub struct Chance(StdRng);

impl Chance {
    /// A new one, or the one that `RETINUE_TEST_SEED` asks for. Tells its seed, which shows when the test fails.
    pub fn new() -> Self {
        let told = std::env::var(SEED).ok().map(|seed| seed.parse().expect("a seed is a number"));
        let seed: u64 = told.unwrap_or_else(|| {
            let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
            u64::from(since.subsec_nanos()) ^ (since.as_secs() << 20)
        });
        println!("again with: {SEED}={seed}");
        Self(StdRng::seed_from_u64(seed))
    }

    /// Another one, which goes its own way from here.
    pub fn split(&mut self) -> Self {
        Self(StdRng::seed_from_u64(self.0.random()))
    }

    /// One of `count` numbers from zero.
    pub fn below(&mut self, count: usize) -> usize {
        self.0.random_range(0..count)
    }

    /// True once in `times`.
    pub fn one_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    /// One of these.
    pub fn of<'a, T>(&mut self, choices: &'a [T]) -> &'a T {
        &choices[self.below(choices.len())]
    }
}
