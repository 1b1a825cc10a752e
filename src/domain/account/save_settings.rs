//! Saves the ownership settings, all of them together (O1, O9). Changes no owner and adds no follower (AF3).

use entity::account::{self, ContactDuplicates};
use policy::Action;
use sea_orm::{ActiveEnum, Set};

use crate::domain::access::Access;
use crate::domain::activity::{Change, Subject, What};
use crate::domain::error::{Refusal, RefusalKind, Result};
use crate::domain::unit_of_work::{Committed, UnitOfWork};

/// The wish to save the settings. What is left out stays.
#[derive(Clone, Copy, Debug, Default)]
pub struct SaveSettings {
    /// *Allow different owners for contacts and its opportunities*.
    pub separate_owners: Option<bool>,
    /// *Automatically make opportunity owner follower of contact*.
    pub opportunity_owner_follows_contact: Option<bool>,
    /// *Automatically make contact owner follower of opportunity*.
    pub contact_owner_follows_opportunities: Option<bool>,
    /// Whether previous owners join the followers when the call does not say.
    pub previous_owner_follows: Option<bool>,
    /// Whether a contact may have several open opportunities in one pipeline (R3).
    pub allow_duplicate_opportunities: Option<bool>,
    /// By what contacts are told to be the same (R3).
    pub contact_duplicates: Option<ContactDuplicates>,
    /// The version that the caller has seen.
    pub expected_version: i64,
}

/// Saves the settings. Nothing happens when they are so already.
///
/// # Errors
/// Denied, stale.
pub async fn save_settings(access: &Access, wish: &SaveSettings) -> Result<Committed> {
    let mut unit = UnitOfWork::begin_alone(access).await?;
    if let Some(reason) = access.may::<policy::Account>(Action::SaveSettings).reason() {
        return Err(Refusal::denied("", Some(reason)).into());
    }
    let before = unit.account().clone();
    if wish.expected_version != before.version {
        let current = before.version;
        let kind = RefusalKind::StaleVersion { current, record: None };
        let message =
            format!("the settings have changed since, they have version {current}: read them again");
        return Err(Refusal::new(kind, "expectedVersion", message).into());
    }

    let after = account::Model {
        separate_owners: wish.separate_owners.unwrap_or(before.separate_owners),
        opportunity_owner_follows_contact: wish
            .opportunity_owner_follows_contact
            .unwrap_or(before.opportunity_owner_follows_contact),
        contact_owner_follows_opportunities: wish
            .contact_owner_follows_opportunities
            .unwrap_or(before.contact_owner_follows_opportunities),
        previous_owner_follows: wish.previous_owner_follows.unwrap_or(before.previous_owner_follows),
        allow_duplicate_opportunities: wish
            .allow_duplicate_opportunities
            .unwrap_or(before.allow_duplicate_opportunities),
        contact_duplicates: wish.contact_duplicates.unwrap_or(before.contact_duplicates),
        ..before.clone()
    };
    let changes = changes(&before, &after);
    if changes.is_empty() {
        return unit.unchanged(Committed::default()).await;
    }
    unit.update(account::ActiveModel {
        id: Set(before.id),
        separate_owners: Set(after.separate_owners),
        opportunity_owner_follows_contact: Set(after.opportunity_owner_follows_contact),
        contact_owner_follows_opportunities: Set(after.contact_owner_follows_opportunities),
        previous_owner_follows: Set(after.previous_owner_follows),
        allow_duplicate_opportunities: Set(after.allow_duplicate_opportunities),
        contact_duplicates: Set(after.contact_duplicates),
        access_version: Set(before.access_version + 1),
        version: Set(before.version + 1),
        updated_at: Set(unit.now()),
        ..Default::default()
    })
    .await?;
    unit.record(Subject::Account, What::SettingsSaved, changes, None);
    unit.commit().await
}

fn changes(before: &account::Model, after: &account::Model) -> Vec<Change> {
    let between =
        |field, old: bool, new: bool| Change::between(field, Some(old.to_string()), Some(new.to_string()));
    [
        between("separateOwners", before.separate_owners, after.separate_owners),
        between(
            "opportunityOwnerFollowsContact",
            before.opportunity_owner_follows_contact,
            after.opportunity_owner_follows_contact,
        ),
        between(
            "contactOwnerFollowsOpportunities",
            before.contact_owner_follows_opportunities,
            after.contact_owner_follows_opportunities,
        ),
        between("previousOwnerFollows", before.previous_owner_follows, after.previous_owner_follows),
        between(
            "allowDuplicateOpportunities",
            before.allow_duplicate_opportunities,
            after.allow_duplicate_opportunities,
        ),
        Change::between(
            "contactDuplicates",
            Some(before.contact_duplicates.to_value()),
            Some(after.contact_duplicates.to_value()),
        ),
    ]
    .into_iter()
    .flatten()
    .collect()
}
