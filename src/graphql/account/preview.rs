//! What saving the ownership settings would come to.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use async_graphql::{InputObject, SimpleObject};
use entity::UserId;

use crate::domain::error::Error;
use crate::domain::ownership::preview::{self, Numbers, Settings, SightChange};
use crate::graphql::context::Viewpoint;
use crate::graphql::error::Failure;
use crate::graphql::user::User;

/// Ownership settings to try out. What is left out is as it is.
#[derive(InputObject)]
pub struct OwnershipSettingsPreviewInput {
    /// *Allow different owners for contacts and its opportunities.*
    separate_owners: Option<bool>,
    /// *Automatically make opportunity owner follower of contact.*
    opportunity_owner_follows_contact: Option<bool>,
    /// *Automatically make contact owner follower of opportunity.*
    contact_owner_follows_opportunities: Option<bool>,
    /// Whether previous owners stay on as followers where a call does not say.
    previous_owner_follows: Option<bool>,
}

/// How many records of each kind.
#[derive(SimpleObject, Clone, Copy, Debug)]
pub struct RecordNumbers {
    /// The number of contacts.
    contacts: i64,
    /// The number of opportunities.
    opportunities: i64,
}

/// Somebody who would see more or less.
#[derive(SimpleObject, Clone, Debug)]
pub struct SightPreview {
    /// Whose sight would change: only people who see nothing but what they own or follow.
    user: User,
    /// Records that they do not see today and would see.
    gained: RecordNumbers,
    /// Records that they see today and would not see any more.
    lost: RecordNumbers,
}

/// Somebody who could not hand over any more what they own.
#[derive(SimpleObject, Clone, Debug)]
pub struct HandOverPreview {
    /// The owner.
    user: User,
    /// How many of their opportunities they could give away today and not under these settings, since the change would
    /// reach a contact that is not theirs to give.
    opportunities: i64,
}

/// Somebody to whom following would open records.
#[derive(SimpleObject, Clone, Debug)]
pub struct AutoFollowPreview {
    /// The person who would follow.
    user: User,
    /// Records that they do not see today, and would see by following them, if they became the owner under these settings
    /// of what they own.
    opened: RecordNumbers,
}

/// What saving ownership settings would come to. Saving itself changes no owner and adds no follower: this counts what the
/// next changes of owner would do, or `accountAlignOwners`. Only records that the viewer may see are counted.
#[derive(SimpleObject, Clone, Debug)]
pub struct OwnershipSettingsPreview {
    /// Opportunities that have another owner than their contact, and the contacts of these. They stay so until their next
    /// change.
    differing: RecordNumbers,
    /// Whose sight would change if each opportunity got its contact's owner. Empty where the settings let owners differ.
    if_aligned_to_contacts: Vec<SightPreview>,
    /// Whose sight would change if each contact got the one owner of its opportunities, with those of them that have none.
    /// Empty where the settings let owners differ.
    if_aligned_to_opportunities: Vec<SightPreview>,
    /// Owners who could give away less than today. Empty unless the settings switch `separateOwners` off.
    cannot_hand_over: Vec<HandOverPreview>,
    /// What following by the two automatic settings would open to the owners of today.
    auto_follow_opens: Vec<AutoFollowPreview>,
}

impl From<Numbers> for RecordNumbers {
    fn from(Numbers { contacts, opportunities }: Numbers) -> Self {
        Self { contacts, opportunities }
    }
}

/// The preview, for whoever may see it.
///
/// # Errors
/// Denied, a database that fails.
pub async fn ownership_settings_preview(
    viewpoint: &Arc<Viewpoint>,
    input: &OwnershipSettingsPreviewInput,
) -> Result<OwnershipSettingsPreview, Failure> {
    let wished = Settings {
        separate_owners: input.separate_owners,
        opportunity_owner_follows_contact: input.opportunity_owner_follows_contact,
        contact_owner_follows_opportunities: input.contact_owner_follows_opportunities,
        previous_owner_follows: input.previous_owner_follows,
    };
    let preview = match preview::preview(viewpoint.access(), &wished).await {
        Err(Error::Refused(refusals)) => return Err(Failure::refused(&refusals)),
        preview => preview?,
    };
    let sights = preview.aligned_to_contacts.keys().chain(preview.aligned_to_opportunities.keys());
    let named = sights.chain(preview.cannot_hand_over.keys()).chain(preview.auto_follow_opens.keys());
    let named: Vec<UserId> = named.copied().collect();
    let users = User::all(viewpoint, &named).await?;
    Ok(OwnershipSettingsPreview {
        differing: preview.differing.into(),
        if_aligned_to_contacts: sight(&users, preview.aligned_to_contacts),
        if_aligned_to_opportunities: sight(&users, preview.aligned_to_opportunities),
        cannot_hand_over: told(&users, preview.cannot_hand_over, |user, opportunities| HandOverPreview {
            user,
            opportunities,
        }),
        auto_follow_opens: told(&users, preview.auto_follow_opens, |user, opened| AutoFollowPreview {
            user,
            opened: opened.into(),
        }),
    })
}

fn sight(users: &HashMap<UserId, User>, changes: BTreeMap<UserId, SightChange>) -> Vec<SightPreview> {
    told(users, changes, |user, SightChange { gained, lost }| SightPreview {
        user,
        gained: gained.into(),
        lost: lost.into(),
    })
}

fn told<T, U>(
    users: &HashMap<UserId, User>,
    by_user: BTreeMap<UserId, T>,
    tell: impl Fn(User, T) -> U,
) -> Vec<U> {
    by_user.into_iter().filter_map(|(user, what)| Some(tell(users.get(&user)?.clone(), what))).collect()
}
