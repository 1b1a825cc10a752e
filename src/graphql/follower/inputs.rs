//! Whom to add and whom to take off.

use async_graphql::{ID, InputObject};
use entity::{Timestamp, UserId};

use super::FollowCause;
use crate::domain::error::{Refusal, Result};
use crate::domain::ownership::{AddFollowers, RemoveFollowers, Whom};
use crate::domain::record::RecordRef;
use crate::graphql::inputs::{few, people};
use crate::graphql::scalars::DateTime;

/// Whom to add.
#[derive(InputObject)]
pub struct AddFollowersInput {
    /// The people to add: active users of the account, at most 10 followers in all. Adding the owner or somebody who
    /// follows already is skipped, and is no error.
    user_ids: Vec<ID>,
    /// When the follow ends by itself; it must lie in the future. Left out, it has no end; given for somebody who
    /// follows already, it changes the end that they have.
    until: Option<DateTime>,
}

impl AddFollowersInput {
    /// The wish to add them to a record.
    ///
    /// # Errors
    /// Invalid, when there are too many.
    pub fn wish(&self, record: RecordRef) -> Result<AddFollowers> {
        let (users, until) = self.people()?;
        Ok(AddFollowers { record, users, until })
    }

    /// Whom, and until when.
    ///
    /// # Errors
    /// Invalid, when there are too many.
    pub fn people(&self) -> Result<(Vec<UserId>, Option<Timestamp>)> {
        Ok((people(&self.user_ids, "userIds")?, self.until.map(|until| until.0)))
    }
}

/// Whom to take off.
#[derive(InputObject)]
pub struct RemoveFollowersInput {
    /// Take these people off. Somebody who does not follow is skipped, and is no error.
    user_ids: Option<Vec<ID>>,
    /// Take off everybody who follows for one of these causes, such as all whom a setting added.
    causes: Option<Vec<FollowCause>>,
    /// Take everybody off; only `true` means something.
    all: Option<bool>,
}

impl RemoveFollowersInput {
    /// The wish to take them off a record.
    ///
    /// # Errors
    /// Invalid, unless exactly one of the three is given.
    pub fn wish(&self, record: RecordRef) -> Result<RemoveFollowers> {
        Ok(RemoveFollowers { record, whom: self.whom()? })
    }

    /// Whom to take off.
    ///
    /// # Errors
    /// Invalid, unless exactly one of the three is given.
    pub fn whom(&self) -> Result<Whom> {
        Ok(match (&self.user_ids, &self.causes, self.all) {
            (Some(ids), None, None) => Whom::People(people(ids, "userIds")?),
            (None, Some(causes), None) => {
                few(causes, "causes")?;
                Whom::Causes(causes.iter().map(|cause| (*cause).into()).collect())
            }
            (None, None, Some(true)) => Whom::Everybody,
            (None, None, Some(false)) => {
                return Err(Refusal::invalid("all", "must be `true`, or be left out").into());
            }
            _ => {
                let message = "say whom to take off: give exactly one of `userIds`, `causes` and `all`";
                return Err(Refusal::invalid("", message).into());
            }
        })
    }
}
