//! Runs an act again when the database chose it as the one to give way.

use std::time::Duration;

use super::error::Result;

/// How often an act is run again before its failure counts.
const ATTEMPTS: u32 = 3;

/// Runs `act`, and again up to three times after a deadlock, a serialization failure or a busy file.
///
/// # Errors
/// Whatever the last run answered.
pub async fn retrying<T, F, Running>(act: F) -> Result<T>
where
    F: Fn() -> Running + Send,
    Running: Future<Output = Result<T>> + Send,
{
    for attempt in 0..ATTEMPTS {
        match act().await {
            Err(error) if error.is_transient() => {
                tracing::debug!(attempt, %error, "the database asked to try again");
                tokio::time::sleep(pause(attempt)).await;
            }
            outcome => return outcome,
        }
    }
    act().await
}

/// 5 to 15 milliseconds, doubled with every attempt, so that rivals do not meet again.
fn pause(attempt: u32) -> Duration {
    Duration::from_millis(rand::random_range(5..15) << attempt)
}
