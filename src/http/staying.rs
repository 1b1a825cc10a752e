//! What the transports that stay open ask of the server behind them, and how long they may stay.

use std::sync::Arc;
use std::time::Duration;

use entity::Timestamp;
use tokio::time::sleep;

use super::App;
use super::authenticate::{enter, identify};
use super::operation::{self, RequestBody, new_request_id};
use super::problem::Problem;
use crate::auth::Bearer;
use crate::graphql::Live;

/// How long it takes to ask again whether a user is still there when the database did not answer.
const PATIENCE: Duration = Duration::from_millis(500);

/// The server behind a connection that stays open. [`Arc<App>`] is the one; unit tests of the transports have their own.
pub trait Server: Clone + Send + Sync + 'static {
    /// This instant.
    fn now(&self) -> Timestamp;

    /// How long whoever waits for `until` may sleep before they ask for the time again.
    fn nap(&self, until: Timestamp) -> Duration;

    /// Who presents this token.
    fn admit(&self, token: Option<&str>) -> impl Future<Output = Result<Bearer, Problem>> + Send;

    /// Starts an operation of a bearer's, with their rights of this moment (P4); a subscription goes on after a cursor.
    fn open(
        &self,
        bearer: Bearer,
        body: RequestBody,
        resume_after: Option<String>,
    ) -> impl Future<Output = Result<Live, Problem>> + Send;

    /// Waits until a bearer is no active user any more.
    fn until_gone(&self, bearer: Bearer) -> impl Future<Output = ()> + Send;
}

impl Server for Arc<App> {
    fn now(&self) -> Timestamp {
        self.base.clock.now()
    }

    fn nap(&self, until: Timestamp) -> Duration {
        self.base.clock.nap(until)
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
        let app = Arc::clone(self);
        operation::open(self, async move { enter(&app, bearer).await }, operation, resume_after).await
    }

    /// Nobody polls here: the hub tells of changes of rights, and reads a viewer once for all their sockets. A database
    /// that does not answer throws nobody out: each operation and each event is authorized on its own.
    async fn until_gone(&self, bearer: Bearer) {
        let mut rights = self.hub.changes_of_rights(bearer.account);
        loop {
            rights.borrow_and_update();
            match self.hub.viewer(bearer.account, bearer.user).await {
                Ok(None) => return,
                Ok(Some(_)) => {
                    if rights.changed().await.is_err() {
                        return;
                    }
                }
                Err(error) => {
                    tracing::warn!(%error, "whether a viewer may stay could not be read");
                    sleep(PATIENCE).await;
                }
            }
        }
    }
}

/// Waits until a bearer's token has expired or they have left.
pub async fn until_unwelcome<S: Server>(server: &S, bearer: Bearer) {
    let expired = async {
        while server.now() < bearer.expires_at {
            sleep(server.nap(bearer.expires_at)).await;
        }
    };
    tokio::select! { () = expired => {}, () = server.until_gone(bearer) => {} }
}
