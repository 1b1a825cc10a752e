//! Tags go to the contact, beside those that it has.

use entity::ContactId;

use super::batch::Batch;
use super::columns::Column;
use super::contacts::Contacts;
use super::deal::{Deal, refuse};
use crate::domain::contact::{self, ContactFields, UpdateContact};
use crate::domain::error::Result;
use crate::domain::patch::Patch;
use crate::domain::validate::MAX_PARTS;

/// Refuses more tags than a contact has places for.
///
/// # Errors
/// Invalid.
pub(super) fn require_room(contacts: &mut Contacts, contact: ContactId, deal: &Deal) -> Result<()> {
    let card = contacts.card(contact);
    let (has, missing) = (card.tags.len(), card.missing(&deal.tags).len());
    if missing == 0 || has + missing <= MAX_PARTS {
        return Ok(());
    }
    let message =
        format!("at most {MAX_PARTS} tags fit a contact, this one has {has} and would get {missing} more");
    Err(refuse(Column::Tags, message))
}

/// Adds the tags of a row that its contact lacks; false when it lacks none.
///
/// # Errors
/// What the act refuses.
pub(super) async fn add(batch: &mut Batch<'_>, contact: ContactId, deal: &Deal) -> Result<bool> {
    let card = batch.contacts.card(contact);
    let missing = card.missing(&deal.tags);
    if missing.is_empty() {
        return Ok(false);
    }
    let tags: Vec<String> = card.tags.iter().chain(missing).cloned().collect();
    let fields = ContactFields { tags: Patch::Set(tags.clone()), ..ContactFields::default() };
    let wish = UpdateContact { contact, fields, expected_version: None };
    let changed = contact::update_in(&mut batch.unit, &wish).await?;
    batch.contacts.card(contact).tags = tags;
    Ok(changed)
}
