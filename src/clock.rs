//! The time and the ids, as parameters: tests move the clock, and ids grow with it.

use std::fmt;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use entity::{Timestamp, TypedId};
use uuid::{ContextV7, Uuid};

/// Tells the time.
pub trait Clock: Send + Sync + fmt::Debug {
    /// This instant.
    fn now(&self) -> Timestamp;

    /// How long whoever waits for `until` may sleep before they look at the clock again.
    fn nap(&self, until: Timestamp) -> Duration;
}

/// The machine's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Timestamp(i64::try_from(since_epoch.as_micros()).unwrap_or(i64::MAX))
    }

    fn nap(&self, until: Timestamp) -> Duration {
        let left = Duration::from_micros(u64::try_from(until.0 - self.now().0).unwrap_or_default());
        // Not for too long: somebody may set the machine's clock.
        left.clamp(Duration::from_millis(1), Duration::from_secs(60))
    }
}

/// A clock that stands still until it is moved.
#[derive(Debug)]
pub struct ManualClock(AtomicI64);

impl ManualClock {
    /// Standing at `start`.
    #[must_use]
    pub const fn new(start: Timestamp) -> Self {
        Self(AtomicI64::new(start.0))
    }

    /// Moves it forward.
    pub fn advance_seconds(&self, seconds: i64) {
        self.0.fetch_add(seconds * 1_000_000, Ordering::SeqCst);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.load(Ordering::SeqCst))
    }

    /// It is moved by hand, at any time.
    fn nap(&self, _: Timestamp) -> Duration {
        Duration::from_millis(50)
    }
}

/// Makes ids: UUIDv7, so that they grow with the clock, within one millisecond too.
#[derive(Clone)]
pub struct Ids {
    clock: Arc<dyn Clock>,
    context: Arc<Mutex<ContextV7>>,
}

impl Ids {
    /// Ids that follow `clock`.
    #[must_use]
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock, context: Arc::new(Mutex::new(ContextV7::new())) }
    }

    /// A new one.
    #[must_use]
    pub fn next<I: TypedId>(&self) -> I {
        let micros = u64::try_from(self.clock.now().0).unwrap_or_default();
        let nanos = u32::try_from(micros % 1_000_000).unwrap_or_default() * 1_000;
        let context = self.context.lock().unwrap_or_else(PoisonError::into_inner);
        let time = uuid::Timestamp::from_unix(&*context, micros / 1_000_000, nanos);
        I::from_uuid(Uuid::new_v7(time))
    }
}

impl fmt::Debug for Ids {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Ids").finish_non_exhaustive()
    }
}
