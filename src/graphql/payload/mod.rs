//! What mutations answer: the record as the caller sees it after the act, and what they can mend.

mod acting;
mod canonical;
mod macros;

use std::sync::Arc;

use entity::UserId;
use futures_util::future::BoxFuture;
use policy::Record;

use crate::domain;
use crate::domain::error::Error;
use crate::domain::ownership::Skipped;
use crate::domain::unit_of_work::Committed;
use crate::graphql::answer::Answer;
use crate::graphql::context::Viewpoint;
use crate::graphql::error::Failure;
use crate::graphql::follower::{self, FollowChange, Follower, SkippedFollower};
use crate::graphql::in_view::{InView, Surfaced};
use crate::graphql::siblings::Once;
use crate::graphql::user::User;
use crate::graphql::user_errors::{self, UserError};

pub use acting::{Acting, IdempotencyInput};
pub(in crate::graphql) use macros::{payload, record_payloads};

/// What an act on one record came to, read through the caller's eyes as they are after it.
///
/// The commit has happened when this is made, so nothing here fails as a whole: each field that reads something fails
/// alone, and the id is always given.
#[derive(Debug)]
pub struct Outcome<R: Surfaced, T> {
    eyes: Eyes,
    done: Result<(R::Id, T), Vec<UserError>>,
    record: Once<Option<InView<R>>>,
}

/// The caller's eyes after an act; none when they may see nothing any more.
pub type Eyes = Result<Option<Arc<Viewpoint>>, Failure>;

/// What an act came to, now or when it was called before under the same idempotency key, and the eyes to read it with.
///
/// A replay asks nobody whether the act is allowed now: it does not act. What it tells is read with the rights of now.
///
/// # Errors
/// A server that failed, and did nothing.
pub async fn settled<T: domain::idempotency::Outcome>(
    acting: &Acting,
    result: domain::error::Result<T>,
) -> Result<(Result<T, Vec<UserError>>, Eyes), Failure> {
    let done = match result {
        Ok(done) => Ok(done),
        Err(Error::Replayed(earlier)) => Ok(earlier.recall()?),
        Err(Error::Refused(refusals)) => Err(refusals),
        Err(broken) => return Err(broken.into()),
    };
    let eyes: Eyes = acting.refreshed().await.map_err(Failure::from);
    let done =
        done.map_err(|refusals| user_errors::all(refusals, eyes.as_ref().ok().and_then(Option::as_ref)));
    Ok((done, eyes))
}

/// What a mutation of a record answers.
pub trait Payload: Send + Sized {
    /// The kind of record.
    type Kind: Surfaced;
    /// What the act tells.
    type Done: domain::idempotency::Outcome;
    /// The payload of an outcome.
    fn of(outcome: Outcome<Self::Kind, Self::Done>) -> Self;
}

/// Runs an act, and answers with the payload about the record that `which` names.
pub fn answered<'a, P: Payload>(
    acting: &'a Acting,
    act: impl Future<Output = domain::error::Result<P::Done>> + Send + 'a,
    which: impl FnOnce(&P::Done) -> <P::Kind as Record>::Id + Send + 'a,
) -> BoxFuture<'a, Answer<P>> {
    Answer::of(async {
        let (done, eyes) = settled(acting, act.await).await?;
        let done = done.map(|done| (which(&done), done));
        Ok::<P, Failure>(P::of(Outcome { eyes, done, record: Once::default() }))
    })
}

impl<R: Surfaced, T> Outcome<R, T> {
    /// The record's id, when the act was done.
    pub fn id(&self) -> Option<R::Id> {
        self.done.as_ref().ok().map(|(id, _)| *id)
    }

    /// What the act tells, when it was done.
    pub fn done(&self) -> Option<&T> {
        self.done.as_ref().ok().map(|(_, done)| done)
    }

    /// What the caller can mend; empty when the act was done.
    pub fn user_errors(&self) -> Vec<UserError> {
        self.done.as_ref().err().cloned().unwrap_or_default()
    }

    /// What was done, and the eyes to read it with.
    pub fn seen(&self) -> Result<Option<(&Arc<Viewpoint>, &T)>, Failure> {
        let eyes = self.eyes.as_ref().map_err(Clone::clone)?;
        Ok(eyes.as_ref().zip(self.done.as_ref().ok().map(|(_, done)| done)))
    }

    /// The record, when the act was done and did not end the caller's sight of it.
    pub async fn record(&self) -> Result<Option<InView<R>>, Failure> {
        let (Some((viewpoint, _)), Some(id)) = (self.seen()?, self.id()) else { return Ok(None) };
        Ok((*self.record.get(InView::one(viewpoint, id)).await?).clone())
    }

    /// Everybody who follows the record after the act.
    pub async fn followers(&self) -> Result<Option<Vec<Follower>>, Failure> {
        match self.record().await? {
            Some(record) => record.followers().await.map(Some),
            None => Ok(None),
        }
    }

    /// Somebody whom the act names.
    pub async fn person(&self, whom: impl FnOnce(&T) -> Option<UserId>) -> Result<Option<User>, Failure> {
        let people = self.people(|done| whom(done).into_iter().collect()).await?;
        Ok(people.into_iter().next())
    }

    /// The people whom the act names, in its order.
    pub async fn people(&self, whom: impl FnOnce(&T) -> Vec<UserId>) -> Result<Vec<User>, Failure> {
        let Some((viewpoint, done)) = self.seen()? else { return Ok(Vec::new()) };
        let ids = whom(done);
        let users = User::all(viewpoint, &ids).await?;
        Ok(ids.iter().filter_map(|id| users.get(id).cloned()).collect())
    }

    /// Those whom the act left as they were.
    pub async fn skipped(
        &self,
        whom: impl FnOnce(&T) -> &[Skipped],
    ) -> Result<Vec<SkippedFollower>, Failure> {
        let Some((viewpoint, done)) = self.seen()? else { return Ok(Vec::new()) };
        follower::skipped(viewpoint, whom(done)).await
    }

    /// What the act did to followers of records that the caller sees.
    pub async fn follow_changes(
        &self,
        committed: impl FnOnce(&T) -> &Committed,
    ) -> Result<Vec<FollowChange>, Failure> {
        let Some((viewpoint, done)) = self.seen()? else { return Ok(Vec::new()) };
        follower::follow_changes(viewpoint, &committed(done).events).await
    }
}
