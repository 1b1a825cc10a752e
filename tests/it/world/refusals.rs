//! What a refusal must prove: its kind, and that nothing at all has changed.

use std::fmt::Debug;
use std::future::Future;

use retinue::domain::error::{Error, Refusal, RefusalKind, Result};

use super::World;

impl World {
    /// The one refusal that `act` meets. Every row of the account is as it was, the history included.
    pub async fn refused<T: Debug>(&self, act: impl Future<Output = Result<T>>) -> Refusal {
        let mut refusals = self.refused_for(act).await;
        assert_eq!(refusals.len(), 1, "{refusals:#?}");
        refusals.remove(0)
    }

    /// The kind of the one refusal that `act` meets.
    pub async fn refusal<T: Debug>(&self, act: impl Future<Output = Result<T>>) -> RefusalKind {
        self.refused(act).await.kind
    }

    /// Everything for which `act` is refused.
    pub async fn refused_for<T: Debug>(&self, act: impl Future<Output = Result<T>>) -> Vec<Refusal> {
        let before = self.tables().await;
        let answer = act.await;
        before.assert_same(&self.tables().await);
        match answer {
            Err(Error::Refused(refusals)) => refusals,
            other => panic!("expected a refusal, got {other:#?}"),
        }
    }

    /// The answer of an act that succeeds and changes nothing at all.
    pub async fn unmoved<T>(&self, act: impl Future<Output = Result<T>>) -> T {
        let before = self.tables().await;
        let answer = act.await.expect("the act succeeds");
        before.assert_same(&self.tables().await);
        answer
    }
}
