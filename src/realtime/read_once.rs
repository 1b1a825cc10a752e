//! What is read once for everybody who asks while it is fresh.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::OnceCell;

/// How long something counts as fresh without a sign that it has changed. Signs come at once or with the next poll; this
/// bounds what a lost one costs (P4).
const LIFETIME: Duration = Duration::from_millis(900);

/// Something that is there, or is being read by one task for all that wait for it.
pub type Reading<V> = Arc<OnceCell<V>>;

/// Values by their keys.
#[derive(Debug)]
pub struct ReadOnce<K, V> {
    kept: Mutex<HashMap<K, Begun<V>>>,
    most: usize,
}

#[derive(Debug)]
struct Begun<V> {
    moment: u64,
    at: Instant,
    reading: Reading<V>,
}

impl<V> Begun<V> {
    fn is_young(&self) -> bool {
        self.at.elapsed() < LIFETIME
    }
}

impl<K: Eq + Hash, V> ReadOnce<K, V> {
    /// Keeps so many at most; what finds no room is read again.
    pub fn keeping(most: usize) -> Self {
        Self { kept: Mutex::default(), most }
    }

    /// Where the value of this key is, or is put by whoever comes first. `moment` counts the signs of change: a value
    /// that was begun at another one is stale.
    pub fn get(&self, key: K, moment: u64) -> Reading<V> {
        let mut kept = self.lock();
        let fresh = kept.get(&key).filter(|begun| begun.moment == moment && begun.is_young());
        if let Some(begun) = fresh {
            return Arc::clone(&begun.reading);
        }
        if kept.len() >= self.most {
            kept.retain(|_, begun| begun.moment == moment && begun.is_young());
        }
        if kept.len() >= self.most {
            kept.clear();
        }
        let reading = Reading::default();
        kept.insert(key, Begun { moment, at: Instant::now(), reading: Arc::clone(&reading) });
        reading
    }

    /// Gives back what is too old to be used.
    pub fn tidy(&self) {
        let mut kept = self.lock();
        kept.retain(|_, begun| begun.is_young());
        kept.shrink_to_fit();
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<K, Begun<V>>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // N5
    #[test]
    fn a_value_is_shared_until_something_changes() {
        let kept: ReadOnce<u8, u8> = ReadOnce::keeping(8);
        let first = kept.get(1, 7);
        first.set(5).unwrap();
        assert_eq!(kept.get(1, 7).get(), Some(&5));
        assert_eq!(kept.get(2, 7).get(), None);
        assert_eq!(kept.get(1, 8).get(), None, "something has changed");
    }

    #[test]
    fn no_more_are_kept_than_there_is_room_for() {
        let kept: ReadOnce<usize, ()> = ReadOnce::keeping(8);
        for key in 0..25 {
            kept.get(key, 0);
            assert!(kept.lock().len() <= 8);
        }
    }
}
