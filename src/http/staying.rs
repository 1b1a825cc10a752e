//! What the transports that stay open ask of the server behind them, and how long they may stay.

use std::time::Duration;

use entity::Timestamp;
use tokio::time::{Instant, MissedTickBehavior, interval_at};

use super::App;
use super::authenticate::{enter, identify, still_welcome};
use super::operation::{self, RequestBody, new_request_id};
use super::problem::Problem;
use crate::auth::Bearer;
use crate::graphql::Live;

/// How often the clock is asked whether a token has expired.
const CLOCK_STEP: Duration = Duration::from_millis(500);

/// How often it is asked whether a user is still there.
const WELCOME_STEP: Duration = Duration::from_secs(1);

/// The server behind a connection that stays open. [`App`] is the one; unit tests of the transports have their own.
pub trait Server: Clone + Send + Sync + 'static {
    /// This instant.
    fn now(&self) -> Timestamp;

    /// Who presents this token.
    fn admit(&self, token: Option<&str>) -> impl Future<Output = Result<Bearer, Problem>> + Send;

    /// Starts an operation of a bearer's, with their rights of this moment (P4); a subscription goes on after a cursor.
    fn open(
        &self,
        bearer: Bearer,
        body: RequestBody,
        resume_after: Option<String>,
    ) -> impl Future<Output = Result<Live, Problem>> + Send;

    /// Whether a bearer may stay.
    fn still_welcome(&self, bearer: Bearer) -> impl Future<Output = bool> + Send;
}

impl Server for App {
    fn now(&self) -> Timestamp {
        self.base.clock.now()
    }

    async fn admit(&self, token: Option<&str>) -> Result<Bearer, Problem> {
        let bearer = identify(self, token)?;
        enter(self, bearer).await?;
        Ok(bearer)
    }

    async fn open(
        &self,
        bearer: Bearer,
        body: RequestBody,
        resume_after: Option<String>,
    ) -> Result<Live, Problem> {
        let operation =
            body.check(&self.limits, new_request_id()).map_err(|refusal| Problem::of(&refusal))?;
        let app = self.clone();
        operation::open(self, async move { enter(&app, bearer).await }, operation, resume_after).await
    }

    async fn still_welcome(&self, bearer: Bearer) -> bool {
        still_welcome(self, bearer).await
    }
}

/// Waits until a bearer's token has expired or they have left.
pub async fn until_unwelcome<S: Server>(server: &S, bearer: Bearer) {
    let expired = async {
        let mut steps = steps(CLOCK_STEP);
        while server.now() < bearer.expires_at {
            steps.tick().await;
        }
    };
    let gone = async {
        let mut steps = steps(WELCOME_STEP);
        loop {
            steps.tick().await;
            if !server.still_welcome(bearer).await {
                return;
            }
        }
    };
    tokio::select! { () = expired => {}, () = gone => {} }
}

fn steps(step: Duration) -> tokio::time::Interval {
    let mut steps = interval_at(Instant::now() + step, step);
    steps.set_missed_tick_behavior(MissedTickBehavior::Delay);
    steps
}
