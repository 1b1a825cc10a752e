//! What an act did to followers, as the caller sees it afterwards.

use std::sync::Arc;

use async_graphql::{Enum, SimpleObject};
use entity::{ContactId, OpportunityId, UserId};

use super::FollowCause;
use crate::domain::activity::{Event, Subject, What};
use crate::domain::ownership::{SkipReason as Reason, Skipped};
use crate::domain::record::RecordRef;
use crate::graphql::contact::Contact;
use crate::graphql::context::Viewpoint;
use crate::graphql::error::Failure;
use crate::graphql::node::Record;
use crate::graphql::opportunity::Opportunity;
use crate::graphql::user::User;

/// Why somebody was left as they were.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "Reason")]
pub enum SkipReason {
    /// They own the record, and an owner is never a follower too.
    IsOwner,
    /// They follow it already, with the same end.
    AlreadyFollows,
    /// They do not follow it.
    DoesNotFollow,
}

/// Somebody who was named and left as they were. That is no error.
#[derive(SimpleObject, Clone, Debug)]
pub struct SkippedFollower {
    /// Who was left as they were.
    user: User,
    /// Why nothing was done for them.
    reason: SkipReason,
}

/// Those who were left as they were.
///
/// # Errors
/// A database that fails.
pub async fn skipped(
    viewpoint: &Arc<Viewpoint>,
    skipped: &[Skipped],
) -> Result<Vec<SkippedFollower>, Failure> {
    let ids: Vec<UserId> = skipped.iter().map(|skipped| skipped.user).collect();
    let users = User::all(viewpoint, &ids).await?;
    let told = |skipped: &Skipped| {
        let user = users.get(&skipped.user)?.clone();
        Some(SkippedFollower { user, reason: skipped.reason.into() })
    };
    Ok(skipped.iter().filter_map(told).collect())
}

/// What became of a follow.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum FollowOutcome {
    /// They follow the record now.
    Added,
    /// They should have followed the record by a setting, but it has 10 followers already. The call itself succeeded.
    SkippedNoRoom,
    /// They follow it no more, as the new owner of the record does.
    Removed,
}

/// What a call did to a follower of a record, be it the record that the call named or one that it reached.
#[derive(SimpleObject, Clone, Debug)]
pub struct FollowChange {
    /// The record. Entries about records that the caller may not see are left out.
    record: Record,
    /// Whose follow it is.
    user: User,
    /// What became of it.
    outcome: FollowOutcome,
    /// Why they follow, or should have. Null where they follow no more.
    cause: Option<FollowCause>,
}

/// What events did to followers of visible records, in the order in which it happened.
///
/// # Errors
/// A database that fails.
pub async fn follow_changes(
    viewpoint: &Arc<Viewpoint>,
    events: &[Event],
) -> Result<Vec<FollowChange>, Failure> {
    let told: Vec<_> = events.iter().filter_map(follow_change).collect();
    let contacts: Vec<ContactId> = told.iter().filter_map(|(record, ..)| contact(*record)).collect();
    let opportunities: Vec<OpportunityId> =
        told.iter().filter_map(|(record, ..)| opportunity(*record)).collect();
    let people: Vec<UserId> = told.iter().map(|(_, user, ..)| *user).collect();
    let contacts = Contact::all(viewpoint, &contacts).await?;
    let opportunities = Opportunity::all(viewpoint, &opportunities).await?;
    let users = User::all(viewpoint, &people).await?;

    let visible = |(record, user, outcome, cause)| {
        let record = match record {
            RecordRef::Contact(id) => contacts.get(&id)?.clone().into(),
            RecordRef::Opportunity(id) => opportunities.get(&id)?.clone().into(),
        };
        Some(FollowChange { record, user: users.get(&user)?.clone(), outcome, cause })
    };
    Ok(told.into_iter().filter_map(visible).collect())
}

type Told = (RecordRef, UserId, FollowOutcome, Option<FollowCause>);

fn follow_change(event: &Event) -> Option<Told> {
    let Subject::Record(record) = event.subject else { return None };
    match event.what {
        What::FollowerAdded { user, cause, .. } => {
            Some((record, user, FollowOutcome::Added, Some(cause.into())))
        }
        What::FollowerSkipped { user, cause } => {
            Some((record, user, FollowOutcome::SkippedNoRoom, Some(cause.into())))
        }
        What::FollowerRemoved { user } => Some((record, user, FollowOutcome::Removed, None)),
        _ => None,
    }
}

const fn contact(record: RecordRef) -> Option<ContactId> {
    match record {
        RecordRef::Contact(id) => Some(id),
        RecordRef::Opportunity(_) => None,
    }
}

const fn opportunity(record: RecordRef) -> Option<OpportunityId> {
    match record {
        RecordRef::Opportunity(id) => Some(id),
        RecordRef::Contact(_) => None,
    }
}
