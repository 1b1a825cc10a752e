//! Work that is too large for one transaction: batches that are atomic each, run by the worker with the rights that
//! whoever started it has at that moment, resumed after a crash.

mod cancel;
mod run;

pub use cancel::cancel;
pub use run::{LEASE_MICROSECONDS, run_next};

use serde::{Deserialize, Serialize};

use super::idempotency;

/// A job that was started, or called off.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Started {
    /// Which.
    pub job: entity::JobId,
}

impl idempotency::Outcome for Started {}
