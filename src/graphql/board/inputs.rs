//! What callers say of boards.

use async_graphql::InputObject;

use crate::domain::access::BoardFilter;
use crate::graphql::error::Failure;
use crate::graphql::lists::{UserFilter, choices};
use crate::graphql::opportunity::Status;

/// Which opportunities a board holds: its cards, and its counts and sums alike. Everything that is given must hold; an
/// empty filter lets everything pass.
#[derive(InputObject, Clone, Debug, Default)]
#[graphql(name = "BoardFilter")]
pub struct BoardFilterInput {
    /// By who owns them.
    owner: Option<UserFilter>,
    /// By who follows them.
    followers: Option<UserFilter>,
    /// Only those that stand in one of these ways; `[OPEN]` is the board that most people work on.
    statuses: Option<Vec<Status>>,
}

impl BoardFilterInput {
    /// The filter of the domain.
    ///
    /// # Errors
    /// Bad input.
    pub fn decode(self) -> Result<BoardFilter, Failure> {
        let statuses = choices(self.statuses, "statuses")?;
        Ok(BoardFilter {
            owner: self.owner.map(UserFilter::decode).transpose()?,
            followers: self.followers.map(UserFilter::decode).transpose()?,
            statuses: statuses.map(|all| all.into_iter().map(Into::into).collect()),
        })
    }
}
