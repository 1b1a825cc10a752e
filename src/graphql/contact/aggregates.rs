//! How many contacts have what in common.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::{Enum, SimpleObject};
use entity::UserId;

use super::filter::ContactFilterInput;
use crate::domain::access::{Common, ContactGrouping, Group};
use crate::graphql::context::Viewpoint;
use crate::graphql::error::Failure;
use crate::graphql::user::User;

/// What contacts can be grouped by.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "crate::domain::access::ContactGrouping")]
pub enum ContactGroupBy {
    /// Who owns them. Unassigned ones are a group too.
    Owner,
    /// Their tags: a contact with several tags counts in each of the groups, one without any in a group without a text.
    Tag,
    /// Where they came from, without regard to case. Those without a source are a group too.
    Source,
    /// The country. Those without one are a group too.
    Country,
    /// The city, without regard to case. Those without one are a group too.
    City,
}

/// Contacts in groups, the largest first.
#[derive(SimpleObject)]
pub struct ContactAggregates {
    /// At most 500 groups; those that are of one size in the order of what they have in common.
    groups: Vec<ContactGroup>,
    /// Whether these are all groups. False when smaller ones were left out.
    is_complete: bool,
}

/// Contacts that have something in common.
#[derive(SimpleObject)]
pub struct ContactGroup {
    /// Who owns them, when grouped by owner. Null for those that are unassigned.
    owner: Option<User>,
    /// The tag, source, country or city that they have in common, as one of them writes it. Null for those without, and
    /// when grouped by owner.
    text: Option<String>,
    /// How many of the contacts that the viewer may see there are, exactly.
    count: u64,
}

/// The groups of the contacts that a filter lets pass.
pub(super) async fn aggregates(
    viewpoint: &Arc<Viewpoint>,
    filter: Option<ContactFilterInput>,
    by: ContactGroupBy,
) -> Result<ContactAggregates, Failure> {
    let filter = filter.unwrap_or_default().decode(viewpoint)?;
    let found = viewpoint.access().contact_groups(&filter, ContactGrouping::from(by)).await?;
    let owners: Vec<UserId> = found
        .groups
        .iter()
        .filter_map(|group| match group.common {
            Common::Owner(owner) => owner,
            _ => None,
        })
        .collect();
    // Asked whether there are any or not: the number of statements depends on the question alone.
    let owners = match by {
        ContactGroupBy::Owner => User::all(viewpoint, &owners).await?,
        _ => HashMap::new(),
    };
    let group = |group: Group| match group.common {
        Common::Owner(owner) => ContactGroup {
            owner: owner.and_then(|owner| owners.get(&owner).cloned()),
            text: None,
            count: group.count,
        },
        Common::Text(text) => ContactGroup { owner: None, text, count: group.count },
        _ => ContactGroup { owner: None, text: None, count: group.count },
    };
    Ok(ContactAggregates {
        groups: found.groups.into_iter().map(group).collect(),
        is_complete: found.is_complete,
    })
}
