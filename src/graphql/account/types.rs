//! The account and its settings.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::{Enum, ID, Object, SimpleObject};
use entity::{AccountId, account};

use crate::graphql::context::Viewpoint;
use crate::graphql::error::Failure;

/// By what contacts are told to be the same.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "account::ContactDuplicates")]
pub enum ContactDuplicates {
    /// By nothing: any two may have the same addresses and numbers.
    Allow,
    /// By an e-mail address, without regard to case.
    ByEmail,
    /// By a phone number in E.164.
    ByPhone,
    /// By an e-mail address, then by a phone number.
    ByEmailThenPhone,
}

/// The settings that say who owns, who follows and what is a duplicate. The former are off in a new account, and
/// duplicates are allowed; any user reads them.
#[derive(SimpleObject, Clone, Copy, Debug)]
pub struct OwnershipSettings {
    /// *Allow different owners for contacts and its opportunities.* Off, a contact and its opportunities have one owner
    /// and change hands together. Switching it changes no owner.
    separate_owners: bool,
    /// *Automatically make opportunity owner follower of contact.* Whoever becomes the owner of an opportunity follows its
    /// contact. Without effect while owners are not separate.
    opportunity_owner_follows_contact: bool,
    /// *Automatically make contact owner follower of opportunity.* Whoever becomes the owner of a contact follows all its
    /// opportunities, and follows an opportunity that gets another owner. Without effect while owners are not separate.
    contact_owner_follows_opportunities: bool,
    /// Whether the previous owner of a record stays on as a follower where the call does not say.
    previous_owner_follows: bool,
    /// Whether a contact may have several open opportunities in one pipeline. Off, another one is refused with
    /// `DuplicateFound` to whoever sees the first, when it is made, opened again, moved or restored.
    allow_duplicate_opportunities: bool,
    /// By what contacts are told to be the same. Another one is refused with `DuplicateFound` to whoever sees the first,
    /// when it is made, changed or restored.
    contact_duplicates: ContactDuplicates,
    /// Raised by every save: give it as `expectedVersion`.
    version: i64,
}

impl From<&account::Model> for OwnershipSettings {
    fn from(row: &account::Model) -> Self {
        Self {
            separate_owners: row.separate_owners,
            opportunity_owner_follows_contact: row.opportunity_owner_follows_contact,
            contact_owner_follows_opportunities: row.contact_owner_follows_opportunities,
            previous_owner_follows: row.previous_owner_follows,
            allow_duplicate_opportunities: row.allow_duplicate_opportunities,
            contact_duplicates: row.contact_duplicates.into(),
            version: row.version,
        }
    }
}

/// The viewer's account.
#[derive(Clone, Debug)]
pub struct Account(Arc<Viewpoint>);

impl Account {
    /// The account of this viewer.
    #[must_use]
    pub fn of(viewpoint: &Arc<Viewpoint>) -> Self {
        Self(Arc::clone(viewpoint))
    }

    /// The viewer's own among these: no other one is visible. It was read when the request began.
    ///
    /// # Errors
    /// None; it looks like that of every other node.
    #[expect(clippy::unused_async, reason = "like that of every other node")]
    pub async fn all(
        viewpoint: &Arc<Viewpoint>,
        ids: &[AccountId],
    ) -> Result<HashMap<AccountId, Self>, Failure> {
        let own = viewpoint.access().account().id;
        Ok(ids.iter().filter(|id| **id == own).map(|id| (*id, Self::of(viewpoint))).collect())
    }

    fn row(&self) -> &account::Model {
        self.0.access().account()
    }
}

/// One tenant. Every record, user and pipeline belongs to exactly one, and nothing crosses.
#[Object]
impl Account {
    /// The global id, `account_…`. It stays the same for good.
    pub async fn id(&self) -> ID {
        self.row().id.into()
    }

    /// What people call it.
    async fn name(&self) -> &str {
        &self.row().name
    }

    /// Its country, as two letters of ISO 3166-1: how phone numbers without a country code are read.
    async fn country(&self) -> &str {
        &self.row().country
    }

    /// The currency of all its amounts, as three letters of ISO 4217.
    async fn currency(&self) -> &str {
        &self.row().currency
    }

    /// Whether people who lose an opportunity may give only reasons of the list `lostReasons`, or any text.
    /// `lostReasonSettingsSave` changes it.
    async fn only_listed_lost_reasons(&self) -> bool {
        self.row().only_listed_lost_reasons
    }

    /// Who owns and who follows, by setting. `ownershipSettingsSave` changes them.
    async fn ownership_settings(&self) -> OwnershipSettings {
        self.row().into()
    }
}
