//! Changes a contact's own fields (A2, R6).

use entity::{ContactId, contact, contact_email, contact_phone, contact_tag, contact_token};
use policy::{Action, Record as _};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, Set};

use super::fields::{ContactFields, Shape, token_rows};
use crate::domain::access::Access;
use crate::domain::activity::What;
use crate::domain::duplicates;
use crate::domain::error::{Error, Result};
use crate::domain::record::RecordRef;
use crate::domain::unit_of_work::{Committed, Reach, UnitOfWork};

/// The wish to change a contact.
#[derive(Clone, Debug)]
pub struct UpdateContact {
    /// Which.
    pub contact: ContactId,
    /// What.
    pub fields: ContactFields,
    /// The version that the caller has seen (R6).
    pub expected_version: Option<i64>,
}

/// Changes a contact. Nothing happens when every field has its value already.
///
/// # Errors
/// Not found, denied, invalid, stale.
pub async fn update(access: &Access, wish: &UpdateContact) -> Result<Committed> {
    let mut unit = access.begin().await?;
    if !update_in(&mut unit, wish).await? {
        return unit.unchanged(Committed::default()).await;
    }
    unit.commit().await
}

/// Changes a contact as a part of a larger change; false when it was so already.
///
/// # Errors
/// As [`update`].
pub async fn update_in(unit: &mut UnitOfWork<'_>, wish: &UpdateContact) -> Result<bool> {
    let record = RecordRef::Contact(wish.contact);
    unit.hold(record, Reach::Alone, "id").await?;
    unit.require(record, Action::Edit, "id")?;
    let before = read(unit, wish.contact).await?;
    let after = before.patched(&wish.fields, &unit.account().country)?;
    unit.require_version(record, wish.expected_version)?;
    if after == before {
        return Ok(false);
    }
    let marks = after.marks(unit.account()).since(&before.marks(unit.account()));
    duplicates::refuse_contact(unit, Some(wish.contact), &marks).await?;

    write(unit, wish.contact, &before, &after).await?;
    duplicates::flag_contact(unit, wish.contact, &marks).await?;
    unit.record(record, What::Updated, after.changes_since(&before), None);
    Ok(true)
}

async fn read(unit: &UnitOfWork<'_>, id: ContactId) -> Result<Shape> {
    let row = unit.rows(contact::Entity::find_by_id(id)).await?.pop();
    let row = row.ok_or_else(|| Error::bug("a held contact has no row"))?;
    let emails = contact_email::Entity::find()
        .filter(contact_email::Column::ContactId.eq(id))
        .order_by_asc(contact_email::Column::Position);
    let phones = contact_phone::Entity::find()
        .filter(contact_phone::Column::ContactId.eq(id))
        .order_by_asc(contact_phone::Column::Position);
    let tags = contact_tag::Entity::find()
        .filter(contact_tag::Column::ContactId.eq(id))
        .order_by_asc(contact_tag::Column::TagKey);
    Ok(Shape::of(
        row,
        unit.rows(emails).await?.into_iter().map(|row| row.address).collect(),
        unit.rows(phones).await?.into_iter().map(|row| row.number).collect(),
        unit.rows(tags).await?.into_iter().map(|row| row.tag).collect(),
    ))
}

async fn write(unit: &mut UnitOfWork<'_>, id: ContactId, before: &Shape, after: &Shape) -> Result<()> {
    let (account, now) = (unit.account().id, unit.now());
    let held = unit.held_mut(id.into())?;
    held.version += 1;
    held.updated_at = now;
    let version = held.version;
    unit.update(contact::ActiveModel {
        id: Set(id),
        version: Set(version),
        updated_at: Set(now),
        ..after.columns()
    })
    .await?;
    unit.touch(policy::Contact::COLUMNS, &[id.0]).await?;
    if before.emails != after.emails {
        let old = contact_email::Entity::delete_many().filter(contact_email::Column::ContactId.eq(id));
        unit.delete(old).await?;
        unit.insert_many(after.email_rows(account, id)).await?;
    }
    if before.phones != after.phones {
        let old = contact_phone::Entity::delete_many().filter(contact_phone::Column::ContactId.eq(id));
        unit.delete(old).await?;
        unit.insert_many(after.phone_rows(account, id)).await?;
    }
    if before.tags != after.tags {
        let old = contact_tag::Entity::delete_many().filter(contact_tag::Column::ContactId.eq(id));
        unit.delete(old).await?;
        unit.insert_many(after.tag_rows(account, id)).await?;
    }
    let words = after.words();
    if before.words() != words {
        let old = contact_token::Entity::delete_many().filter(contact_token::Column::ContactId.eq(id));
        unit.delete(old).await?;
        unit.insert_many(token_rows(account, id, words)).await?;
    }
    Ok(())
}
