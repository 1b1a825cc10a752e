//! What belongs to contacts beside their row: e-mails, phones, tags.

use std::collections::HashMap;

use entity::{ContactId, contact_email, contact_phone, contact_tag};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use super::Access;
use crate::domain::error::Result;

/// The parts of contacts, each kind read for a whole page at once. The contacts must be visible.
#[derive(Clone, Copy, Debug)]
pub struct ContactParts<'a>(&'a Access);

impl Access {
    /// The parts of contacts.
    #[must_use]
    pub const fn contact_parts(&self) -> ContactParts<'_> {
        ContactParts(self)
    }
}

impl ContactParts<'_> {
    /// E-mail addresses, the primary one first.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn emails(&self, contacts: &[ContactId]) -> Result<HashMap<ContactId, Vec<String>>> {
        let rows = contact_email::Entity::find()
            .filter(contact_email::Column::AccountId.eq(self.0.actor().account))
            .filter(contact_email::Column::ContactId.is_in(contacts.iter().copied()))
            .order_by_asc(contact_email::Column::ContactId)
            .order_by_asc(contact_email::Column::Position)
            .all(self.0.reader())
            .await?;
        Ok(grouped(rows.into_iter().map(|row| (row.contact_id, row.address))))
    }

    /// Phone numbers in E.164, the primary one first.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn phones(&self, contacts: &[ContactId]) -> Result<HashMap<ContactId, Vec<String>>> {
        let rows = contact_phone::Entity::find()
            .filter(contact_phone::Column::AccountId.eq(self.0.actor().account))
            .filter(contact_phone::Column::ContactId.is_in(contacts.iter().copied()))
            .order_by_asc(contact_phone::Column::ContactId)
            .order_by_asc(contact_phone::Column::Position)
            .all(self.0.reader())
            .await?;
        Ok(grouped(rows.into_iter().map(|row| (row.contact_id, row.number))))
    }

    /// Tags, by their folded text.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn tags(&self, contacts: &[ContactId]) -> Result<HashMap<ContactId, Vec<String>>> {
        let rows = contact_tag::Entity::find()
            .filter(contact_tag::Column::AccountId.eq(self.0.actor().account))
            .filter(contact_tag::Column::ContactId.is_in(contacts.iter().copied()))
            .order_by_asc(contact_tag::Column::ContactId)
            .order_by_asc(contact_tag::Column::TagKey)
            .all(self.0.reader())
            .await?;
        Ok(grouped(rows.into_iter().map(|row| (row.contact_id, row.tag))))
    }
}

fn grouped(rows: impl Iterator<Item = (ContactId, String)>) -> HashMap<ContactId, Vec<String>> {
    let mut groups: HashMap<ContactId, Vec<String>> = HashMap::new();
    for (contact, text) in rows {
        groups.entry(contact).or_default().push(text);
    }
    groups
}
