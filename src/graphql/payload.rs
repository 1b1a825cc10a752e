//! What mutations answer: the record as the caller sees it after the act, and what they can mend.

use std::sync::Arc;

use entity::UserId;
use futures_util::future::BoxFuture;
use policy::Record;

use super::answer::Answer;
use super::context::Viewpoint;
use super::error::Failure;
use super::follower::{self, FollowChange, Follower, SkippedFollower};
use super::in_view::{InView, Surfaced};
use super::siblings::Once;
use super::user::User;
use super::user_errors::{self, UserError};
use crate::domain;
use crate::domain::error::Error;
use crate::domain::ownership::Skipped;
use crate::domain::unit_of_work::Committed;

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

/// What an act came to, and the eyes to read it with.
///
/// # Errors
/// A server that failed, and did nothing.
pub async fn settled<T>(
    before: &Viewpoint,
    result: domain::error::Result<T>,
) -> Result<(Result<T, Vec<UserError>>, Eyes), Failure> {
    let done = match result {
        Ok(done) => Ok(done),
        Err(Error::Refused(refusals)) => Err(refusals),
        Err(broken) => return Err(broken.into()),
    };
    let eyes: Eyes = before.refreshed().await.map_err(Failure::from);
    let done =
        done.map_err(|refusals| user_errors::all(refusals, eyes.as_ref().ok().and_then(Option::as_ref)));
    Ok((done, eyes))
}

/// What a mutation of a record answers.
pub trait Payload: Send + Sized {
    /// The kind of record.
    type Kind: Surfaced;
    /// What the act tells.
    type Done: Send;
    /// The payload of an outcome.
    fn of(outcome: Outcome<Self::Kind, Self::Done>) -> Self;
}

/// Runs an act, and answers with the payload about the record that `which` names.
pub fn answered<'a, P: Payload>(
    before: &'a Viewpoint,
    act: impl Future<Output = domain::error::Result<P::Done>> + Send + 'a,
    which: impl FnOnce(&P::Done) -> <P::Kind as Record>::Id + Send + 'a,
) -> BoxFuture<'a, Answer<P>> {
    Answer::of(async {
        let (done, eyes) = settled(before, act.await).await?;
        let done = done.map(|done| (which(&done), done));
        Ok::<P, Failure>(P::of(Outcome { eyes, done, record: Once::default() }))
    })
}

impl<R: Surfaced, T> Outcome<R, T> {
    /// The record's id, when the act was done.
    pub fn id(&self) -> Option<R::Id> {
        self.done.as_ref().ok().map(|(id, _)| *id)
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

/// One payload: `id`, the record, `userErrors`, and what else the mutation has to say.
macro_rules! payload {
    ($(#[$doc:meta])* $name:ident($done:ty) of $kind:ty as $record:ident: $object:ident { $($more:tt)* }) => {
        $(#[$doc])*
        #[derive(Debug)]
        pub struct $name($crate::graphql::payload::Outcome<$kind, $done>);

        impl $crate::graphql::payload::Payload for $name {
            type Kind = $kind;
            type Done = $done;
            fn of(outcome: $crate::graphql::payload::Outcome<$kind, $done>) -> Self {
                Self(outcome)
            }
        }

        $(#[$doc])*
        #[async_graphql::Object]
        impl $name {
            /// The id of the record, also when the call itself ended the caller's sight of it. Null when the call was
            /// refused.
            async fn id(&self) -> Option<async_graphql::ID> {
                self.0.id().map(async_graphql::ID::from)
            }

            /// The record as the caller sees it after the call. Null when the call was refused, and, without an error,
            /// when the call itself ended the caller's sight of it.
            async fn $record(&self) -> $crate::graphql::answer::Answer<$object> {
                $crate::graphql::answer::Answer::of(async { Ok(self.0.record().await?.map($object::from)) }).await
            }

            /// Why the call was refused, as far as the caller can mend it. Empty when it was done; otherwise nothing was
            /// changed.
            async fn user_errors(&self) -> Vec<$crate::graphql::user_errors::UserError> {
                self.0.user_errors()
            }

            $($more)*
        }
    };
}

/// The payloads that contacts and opportunities have alike.
macro_rules! record_payloads {
    (
        $kind:ty as $record:ident: $object:ident;
        $(#[$on_create:meta])* create: $create:ident($made:ty);
        $(#[$on_update:meta])* update: $update:ident;
        $(#[$on_change:meta])* change_owner: $change_owner:ident;
        $(#[$on_add:meta])* add_followers: $add:ident;
        $(#[$on_remove:meta])* remove_followers: $remove:ident;
        $(#[$on_mute:meta])* set_muted: $mute:ident;
    ) => {
        $crate::graphql::payload::payload! {
            $(#[$on_create])*
            $create($made) of $kind as $record: $object {
                /// What the call did to followers of records that the caller sees: those whom it named, and those whom a
                /// setting added or, where there was no room, skipped.
                async fn follow_changes(&self) -> Answer<Vec<FollowChange>> {
                    Answer::of(self.0.follow_changes(|(_, committed)| committed)).await
                }
            }
        }

        $crate::graphql::payload::payload! {
            $(#[$on_update])*
            $update(Committed) of $kind as $record: $object {}
        }

        $crate::graphql::payload::payload! {
            $(#[$on_change])*
            $change_owner(OwnerChanged) of $kind as $record: $object {
                /// Who owned it before the call. Null when it was unassigned, and when the call was refused. When that
                /// owner was set already, nothing happened and they are named here.
                async fn previous_owner(&self) -> Answer<User> {
                    Answer::of(self.0.person(|changed| changed.previous)).await
                }

                /// What the call did to followers of records that the caller sees: previous owners who stay on, the new
                /// owner who leaves the list, and those whom a setting added or, where there was no room, skipped.
                async fn follow_changes(&self) -> Answer<Vec<FollowChange>> {
                    Answer::of(self.0.follow_changes(|changed| &changed.committed)).await
                }
            }
        }

        $crate::graphql::payload::payload! {
            $(#[$on_add])*
            $add(FollowersAdded) of $kind as $record: $object {
                /// Everybody who follows it after the call. Null when the call was refused.
                async fn followers(&self) -> Answer<Vec<Follower>> {
                    Answer::of(self.0.followers()).await
                }

                /// Those who follow it since this call.
                async fn added(&self) -> Answer<Vec<User>> {
                    Answer::of(self.0.people(|done| done.added.clone())).await
                }

                /// Those who followed it already and got another end.
                async fn changed(&self) -> Answer<Vec<User>> {
                    Answer::of(self.0.people(|done| done.changed.clone())).await
                }

                /// Those who were named and left as they were, with the reason.
                async fn skipped(&self) -> Answer<Vec<SkippedFollower>> {
                    Answer::of(self.0.skipped(|done| done.skipped.as_slice())).await
                }
            }
        }

        $crate::graphql::payload::payload! {
            $(#[$on_remove])*
            $remove(FollowersRemoved) of $kind as $record: $object {
                /// Everybody who follows it after the call. Null when the call was refused or ended the caller's sight of
                /// the record.
                async fn followers(&self) -> Answer<Vec<Follower>> {
                    Answer::of(self.0.followers()).await
                }

                /// Those who follow it no more since this call.
                async fn removed(&self) -> Answer<Vec<User>> {
                    Answer::of(self.0.people(|done| done.removed.clone())).await
                }

                /// Those who were named and left as they were, with the reason.
                async fn skipped(&self) -> Answer<Vec<SkippedFollower>> {
                    Answer::of(self.0.skipped(|done| done.skipped.as_slice())).await
                }
            }
        }

        $crate::graphql::payload::payload! {
            $(#[$on_mute])*
            $mute(()) of $kind as $record: $object {}
        }
    };
}

pub(in crate::graphql) use {payload, record_payloads};
