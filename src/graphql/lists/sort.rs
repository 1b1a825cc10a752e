//! The orders of lists of records.

use async_graphql::{Enum, InputObject};
use policy::MONETARY_VALUE;

use crate::domain::access::{Sort, SortKey};
use crate::graphql::context::Viewpoint;
use crate::graphql::error::Failure;
use crate::graphql::gated::needs;

/// What contacts can be sorted by.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum ContactSortKey {
    /// When the contact itself last changed. Followers, mutes and notes do not count as a change of it.
    UpdatedAt,
    /// When the contact was made.
    CreatedAt,
    /// The display name, without regard to case.
    Name,
    /// When anything last happened to the contact itself: a change, another owner, a follower who came or went.
    LastActivityAt,
}

/// What opportunities can be sorted by.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum OpportunitySortKey {
    /// When the opportunity itself last changed. Followers, mutes and notes do not count as a change of it.
    UpdatedAt,
    /// When the opportunity was made.
    CreatedAt,
    /// The name of the opportunity, without regard to case.
    Name,
    /// What the deal is worth. Those of unknown value come below everything else: last when the largest comes first. Needs
    /// `VIEW_LEAD_VALUE`: without it the list is refused.
    #[graphql(directive = needs::apply(MONETARY_VALUE.needs.into()))]
    MonetaryValue,
    /// When the deal came into its stage.
    StageChangedAt,
    /// When the status last changed.
    StatusChangedAt,
    /// When anything last happened to the opportunity itself: a change, another stage, status or owner, a follower who
    /// came or went.
    LastActivityAt,
}

/// Which end comes first.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum SortDirection {
    /// Smallest or oldest first, or A before Z.
    Asc,
    /// Largest or newest first, or Z before A.
    Desc,
}

/// The order of a list of contacts. Where it is left out, the most recently updated one comes first. Contacts that sort
/// alike are told apart by their id, so that pages never overlap.
#[derive(InputObject, Clone, Copy, Debug)]
pub struct ContactSort {
    /// What to sort by.
    by: ContactSortKey,
    /// Which end comes first; newest, or Z, when it is left out.
    #[graphql(default_with = "SortDirection::Desc")]
    direction: SortDirection,
}

/// The order of a list of opportunities. Where it is left out, the most recently updated one comes first. Opportunities
/// that sort alike are told apart by their id, so that pages never overlap.
#[derive(InputObject, Clone, Copy, Debug)]
pub struct OpportunitySort {
    /// What to sort by.
    by: OpportunitySortKey,
    /// Which end comes first; newest, largest, or Z, when it is left out.
    #[graphql(default_with = "SortDirection::Desc")]
    direction: SortDirection,
}

impl ContactSort {
    /// The order that is wanted, and the name of the list in that order, for its cursors.
    pub fn order(list: &str, sort: Option<Self>) -> (Sort, String) {
        let sort = sort.unwrap_or(Self { by: ContactSortKey::UpdatedAt, direction: SortDirection::Desc });
        let key = match sort.by {
            ContactSortKey::UpdatedAt => SortKey::Updated,
            ContactSortKey::CreatedAt => SortKey::Created,
            ContactSortKey::Name => SortKey::Name,
            ContactSortKey::LastActivityAt => SortKey::LastActivity,
        };
        named(list, key, sort.direction)
    }
}

impl OpportunitySort {
    /// The order that is wanted, and the name of the list in that order, for its cursors.
    ///
    /// # Errors
    /// Forbidden, when the order needs a permission that the viewer lacks (A9).
    pub fn order(viewpoint: &Viewpoint, list: &str, sort: Option<Self>) -> Result<(Sort, String), Failure> {
        let sort = sort.unwrap_or(Self { by: OpportunitySortKey::UpdatedAt, direction: SortDirection::Desc });
        let key = match sort.by {
            OpportunitySortKey::UpdatedAt => SortKey::Updated,
            OpportunitySortKey::CreatedAt => SortKey::Created,
            OpportunitySortKey::Name => SortKey::Name,
            OpportunitySortKey::MonetaryValue => SortKey::Value,
            OpportunitySortKey::StageChangedAt => SortKey::StageChanged,
            OpportunitySortKey::StatusChangedAt => SortKey::StatusChanged,
            OpportunitySortKey::LastActivityAt => SortKey::LastActivity,
        };
        if key == SortKey::Value && !viewpoint.access().actor().holds(MONETARY_VALUE.needs) {
            return Err(Failure::Forbidden(MONETARY_VALUE));
        }
        Ok(named(list, key, sort.direction))
    }
}

fn named(list: &str, key: SortKey, direction: SortDirection) -> (Sort, String) {
    let sort = Sort { key, descending: direction == SortDirection::Desc };
    let name = format!("{list}:{key:?}:{}", if sort.descending { "DESC" } else { "ASC" });
    (sort, name)
}
