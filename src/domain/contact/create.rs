//! Makes a contact (A12, O5, F12).

use entity::member::Cause;
use entity::{ContactId, Timestamp, UserId, activity, contact};
use policy::Action;
use sea_orm::Set;

use super::fields::{ContactFields, Shape, token_rows};
use crate::domain::access::Access;
use crate::domain::activity::{Change, What};
use crate::domain::duplicates;
use crate::domain::error::{Refusal, Result};
use crate::domain::ownership::newborn;
use crate::domain::patch::Patch;
use crate::domain::record::RecordRef;
use crate::domain::unit_of_work::{Committed, Held, UnitOfWork};

/// The wish to make a contact.
#[derive(Clone, Debug, Default)]
pub struct CreateContact {
    /// Its fields.
    pub fields: ContactFields,
    /// Its owner: given, none on purpose, or left out (O5).
    pub owner: Patch<UserId>,
    /// Its followers.
    pub followers: Vec<UserId>,
    /// When it was made, where that is not now.
    pub made_at: Option<Timestamp>,
}

/// Makes a contact.
///
/// # Errors
/// Not found (an owner or follower who is no active user), denied, invalid, limit.
pub async fn create(access: &Access, wish: &CreateContact) -> Result<(ContactId, Committed)> {
    let mut unit = access.begin().await?;
    let contact = create_in(&mut unit, wish).await?;
    unit.commit_as(|committed| (contact, committed)).await
}

/// Makes a contact as a part of a larger change. Nothing is written when it is refused.
///
/// # Errors
/// As [`create`].
pub async fn create_in(unit: &mut UnitOfWork<'_>, wish: &CreateContact) -> Result<ContactId> {
    newborn::require_people(unit, &wish.owner, &wish.followers).await?;
    if let Some(reason) = unit.access().may::<policy::Contact>(Action::Create).reason() {
        return Err(Refusal::denied("", Some(reason)).into());
    }
    let shape = Shape::default().patched(&wish.fields, &unit.account().country)?;
    let owner = match &wish.owner {
        Patch::Set(owner) => Some(*owner),
        Patch::Clear => None,
        // Nobody loses sight of what they just made.
        Patch::Keep if unit.actor().restricted => unit.actor().user,
        Patch::Keep => None,
    };
    newborn::require_room(unit, owner, &wish.followers)?;
    let marks = shape.marks(unit.account());
    duplicates::refuse_contact(unit, None, &marks).await?;

    let id: ContactId = unit.new_id();
    let made_at = wish.made_at.unwrap_or(unit.now());
    unit.insert(contact::ActiveModel {
        id: Set(id),
        account_id: Set(unit.account().id),
        owner_id: Set(owner),
        version: Set(1),
        created_at: Set(made_at),
        updated_at: Set(made_at),
        last_activity_at: Set(unit.now()),
        ..shape.columns()
    })
    .await?;
    let account = unit.account().id;
    unit.insert_many(shape.email_rows(account, id)).await?;
    unit.insert_many(shape.phone_rows(account, id)).await?;
    unit.insert_many(shape.tag_rows(account, id)).await?;
    unit.insert_many(token_rows(account, id, shape.words())).await?;
    duplicates::flag_contact(unit, id, &marks).await?;

    let record = RecordRef::Contact(id);
    unit.hold_new(Held::made(record, id, owner, made_at, None));
    let mut changes = shape.changes_since(&Shape::default());
    changes.extend(Change::between("owner", None, owner.map(|owner| owner.to_string())));
    let created = unit.record(record, What::Created, changes, None);
    let cause = if unit.cause() == activity::Cause::Import { Cause::Import } else { Cause::Manual };
    newborn::settle(unit, record, owner, &wish.followers, cause, created)?;
    Ok(id)
}
