//! Idempotency keys: a call that is sent again under the same key changes nothing, and is answered from what the first
//! one came to (R6).

mod call;
mod forget;
mod outcome;
pub(in crate::domain) mod words;

pub use call::Call;
pub use forget::forget_old;
pub use outcome::{Outcome, Remembered};

/// How long a key belongs to its call, in microseconds: 24 hours. Afterwards it is free again.
pub const LIFETIME_MICROSECONDS: i64 = 24 * 60 * 60 * 1_000_000;
