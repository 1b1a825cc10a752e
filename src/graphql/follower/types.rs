//! Somebody who follows a record.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::{Enum, Object};
use entity::UserId;

use crate::domain::access::Member;
use crate::domain::record::RecordTable;
use crate::graphql::activity::{Activity, Causes};
use crate::graphql::answer::Answer;
use crate::graphql::context::Viewpoint;
use crate::graphql::error::Failure;
use crate::graphql::scalars::DateTime;
use crate::graphql::siblings::distinct;
use crate::graphql::user::User;

/// Why somebody follows a record.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "entity::member::Cause")]
pub enum FollowCause {
    /// A person added them.
    Manual,
    /// They made the record and would not have seen it otherwise.
    Created,
    /// They own an opportunity of this contact, and the setting `opportunityOwnerFollowsContact` was on.
    OpportunityOwnerFollowsContact,
    /// They own the contact of this opportunity, and the setting `contactOwnerFollowsOpportunities` was on.
    ContactOwnerFollowsOpportunities,
    /// A file that was imported named them.
    Import,
    /// They owned the record before, and stayed on as a follower.
    PreviousOwner,
}

/// Somebody who follows a record.
#[derive(Clone, Debug)]
pub struct Follower {
    member: Member,
    user: User,
    added_by: Option<User>,
    causes: Arc<Causes>,
}

impl Follower {
    /// The followers of each of these visible records: one statement for them and one for the people.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn all<R: RecordTable>(
        viewpoint: &Arc<Viewpoint>,
        records: &[R::Id],
    ) -> Result<HashMap<R::Id, Vec<Self>>, Failure> {
        let members = viewpoint.access().followers::<R>(records).await?;
        let everybody = || members.values().flatten();
        let people: Vec<UserId> =
            everybody().flat_map(|member| [Some(member.user_id), member.added_by]).flatten().collect();
        let causes = distinct(everybody().filter_map(|member| member.event_id));
        let causes = Arc::new(Causes::new(viewpoint, causes));
        let users = User::all(viewpoint, &people).await?;
        let follower = |member: Member| {
            let user = users.get(&member.user_id)?.clone();
            let added_by = member.added_by.and_then(|id| users.get(&id).cloned());
            Some(Self { member, user, added_by, causes: Arc::clone(&causes) })
        };
        Ok(members
            .into_iter()
            .map(|(record, members)| (record, members.into_iter().filter_map(follower).collect()))
            .collect())
    }
}

/// Somebody who follows a record beside its owner: they see what the owner sees of it, and can never take it away. A
/// follow that has ended is none, and is not listed.
#[Object]
impl Follower {
    /// Who follows.
    async fn user(&self) -> &User {
        &self.user
    }

    /// Why they follow. It is shown even where `causedBy` is hidden.
    async fn cause(&self) -> FollowCause {
        self.member.cause.into()
    }

    /// Whose request made them a follower. Null for the command line.
    async fn added_by(&self) -> Option<&User> {
        self.added_by.as_ref()
    }

    /// When they became a follower.
    async fn added_at(&self) -> DateTime {
        self.member.added_at.into()
    }

    /// When the follow ends by itself. Null when it has no end.
    async fn until(&self) -> Option<DateTime> {
        self.member.until.map(DateTime)
    }

    /// Whether they may edit the record where its active owner may, because whoever added them could. Their own
    /// permission to edit counts beside it.
    async fn inherits_edit(&self) -> bool {
        self.member.inherits_edit
    }

    /// The activity that made them a follower. Null when there is none, and when it happened to a record that the viewer
    /// may not see.
    async fn caused_by(&self) -> Answer<Activity> {
        Answer::of(self.causes.of(self.member.event_id)).await
    }
}
