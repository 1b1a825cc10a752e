//! Duplicates (R3): refused to whoever sees the other one, passed and flagged where they do not.

mod contacts;
mod opportunities;
mod races;

use entity::account::ContactDuplicates;
use entity::{DuplicateFlagId, duplicate_flag};
use retinue::domain::account::{SaveSettings, save_settings};
use retinue::domain::contact::{ContactFields, CreateContact};
use retinue::domain::patch::Patch;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use crate::world::{Acts as _, World};

impl World {
    /// Saves what is a duplicate.
    pub async fn tells_apart(&self, contact_duplicates: ContactDuplicates, allow_opportunities: bool) {
        let wish = SaveSettings {
            contact_duplicates: Some(contact_duplicates),
            allow_duplicate_opportunities: Some(allow_opportunities),
            expected_version: self.settings().await.version,
            ..SaveSettings::default()
        };
        save_settings(&self.command_line().access().await, &wish).await.expect("saved");
    }

    /// Every flag, oldest first.
    pub async fn flags(&self) -> Vec<duplicate_flag::Model> {
        let flags = duplicate_flag::Entity::find()
            .filter(duplicate_flag::Column::AccountId.eq(self.account))
            .order_by_asc(duplicate_flag::Column::At)
            .all(&self.sql)
            .await;
        flags.expect("flags")
    }

    /// Two contacts with one address, of which the second was made by somebody who does not see the first.
    pub async fn flags_twins(&self) -> DuplicateFlagId {
        self.tells_apart(ContactDuplicates::ByEmail, true).await;
        let saga = self.user("Saga").restricted().create().await;
        self.command_line().makes_contact(reached_by("twin@example.com", None)).await.expect("one");
        saga.makes_contact(reached_by("TWIN@example.com", None)).await.expect("the other");
        self.flags().await.pop().expect("a flag").id
    }
}

/// A contact with an address and a number.
pub fn reached_by(email: &str, phone: Option<&str>) -> CreateContact {
    CreateContact { fields: reach(email, phone), ..CreateContact::default() }
}

/// The same as fields.
pub fn reach(email: &str, phone: Option<&str>) -> ContactFields {
    ContactFields {
        emails: if email.is_empty() { Patch::Keep } else { Patch::Set(vec![email.into()]) },
        phones: phone.map_or(Patch::Keep, |phone| Patch::Set(vec![phone.into()])),
        ..ContactFields::default()
    }
}
