//! What belongs to contacts beside their row: e-mails, phones, tags.

use std::collections::HashMap;

use entity::{ContactId, contact, contact_email, contact_phone, contact_tag};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::Access;
use crate::domain::contact::display_name;
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

impl Access {
    /// What these contacts are called (A8). Their names may be shown on every *visible* opportunity, appointment or task
    /// of theirs, and nothing else of a contact that is not visible itself: ask for no other contacts.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn contact_names(&self, contacts: &[ContactId]) -> Result<HashMap<ContactId, String>> {
        let rows = contact::Entity::find()
            .filter(contact::Column::AccountId.eq(self.actor().account))
            .filter(contact::Column::Id.is_in(contacts.iter().copied()))
            .select_only()
            .columns([contact::Column::Id, contact::Column::FirstName])
            .columns([contact::Column::LastName, contact::Column::Company])
            .into_tuple::<(ContactId, Option<String>, Option<String>, Option<String>)>()
            .all(self.reader())
            .await?;
        Ok(rows
            .into_iter()
            .map(|(id, first, last, company)| {
                (id, display_name(first.as_deref(), last.as_deref(), company.as_deref()))
            })
            .collect())
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
