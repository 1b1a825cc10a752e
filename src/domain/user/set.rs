//! Changes a person's role, permissions, flag or activity (P4). Only the command line does, as an admin.

use entity::activity::Cause;
use entity::user::{self, Role};
use entity::{UserId, contact_member, member_stage_total, opportunity_member};
use policy::{Permission, Permissions};
use sea_orm::{ActiveEnum, ColumnTrait, EntityTrait, QueryFilter, Set};

use super::create::permissions_text;
use super::effective;
use crate::domain::access::Access;
use crate::domain::activity::{Change, Subject, What};
use crate::domain::error::{Refusal, Result};
use crate::domain::record::RecordRef;
use crate::domain::text;
use crate::domain::unit_of_work::{Committed, UnitOfWork};

/// The wish to change a person. What is left out stays.
#[derive(Clone, Debug, Default)]
pub struct SetUser {
    /// Admin or user.
    pub role: Option<Role>,
    /// Granted in addition.
    pub grant: Vec<Permission>,
    /// Taken back.
    pub revoke: Vec<Permission>,
    /// *Only assigned data*.
    pub only_assigned_data: Option<bool>,
    /// Whether the person may act, own and follow.
    pub active: Option<bool>,
}

/// The user with this e-mail or id.
///
/// # Errors
/// Not found.
pub async fn find(access: &Access, email_or_id: &str) -> Result<user::Model> {
    let unit = access.begin().await?;
    let by = match email_or_id.parse::<UserId>() {
        Ok(id) => user::Column::Id.eq(id),
        Err(_) => user::Column::EmailKey.eq(text::fold(email_or_id)),
    };
    let rows = user::Entity::find().filter(user::Column::AccountId.eq(unit.account().id)).filter(by);
    unit.rows(rows).await?.pop().ok_or_else(|| {
        let message = format!("there is no user `{email_or_id}` in this account");
        Refusal { message: message.into(), ..Refusal::not_found("user") }.into()
    })
}

/// Changes a person. Whoever becomes inactive follows nothing any more (F5); what they own keeps them as its owner, who
/// passes nothing on (A2), until it is handed over.
///
/// # Errors
/// Not found; invalid, when the account would be left without an active admin (P5).
pub async fn set(access: &Access, id: UserId, wish: &SetUser) -> Result<Committed> {
    let mut unit = UnitOfWork::begin_alone(access).await?;
    let account = unit.account().id;
    let people = unit.rows(user::Entity::find().filter(user::Column::AccountId.eq(account))).await?;
    let Some(before) = people.iter().find(|user| user.id == id) else {
        return Err(Refusal::not_found("user").into());
    };
    let role = wish.role.unwrap_or(before.role);
    let active = wish.active.unwrap_or(before.active);
    let granted = Permissions::from_bits(before.permissions);
    let permissions = wish.grant.iter().copied().fold(granted, Permissions::with);
    let permissions = wish.revoke.iter().copied().fold(permissions, Permissions::without);
    let only_assigned_data = wish.only_assigned_data.unwrap_or(before.only_assigned_data);

    let is_admin = |user: &user::Model| user.active && user.role == Role::Admin;
    let another_admin = people.iter().any(|user| user.id != id && is_admin(user));
    if is_admin(before) && !(active && role == Role::Admin) && !another_admin {
        return Err(Refusal::invalid("user", "the last active admin stays: make another one first").into());
    }
    let changes: Vec<Change> = [
        Change::between("role", Some(before.role.to_value()), Some(role.to_value())),
        Change::between("permissions", permissions_text(granted), permissions_text(permissions)),
        Change::between(
            "onlyAssignedData",
            Some(before.only_assigned_data.to_string()),
            Some(only_assigned_data.to_string()),
        ),
        Change::between("active", Some(before.active.to_string()), Some(active.to_string())),
    ]
    .into_iter()
    .flatten()
    .collect();
    if changes.is_empty() {
        return unit.unchanged(Committed::default()).await;
    }

    unit.update(user::ActiveModel {
        id: Set(id),
        role: Set(role),
        permissions: Set(permissions.bits()),
        effective_permissions: Set(effective(role, permissions, active).bits()),
        only_assigned_data: Set(only_assigned_data),
        active: Set(active),
        updated_at: Set(unit.now()),
        ..Default::default()
    })
    .await?;
    let event = unit.record(Subject::User(id), What::Updated, changes, None);
    if !active {
        end_follows(&mut unit, id, event).await?;
    }
    unit.raise_access_version().await?;
    unit.commit().await
}

async fn end_follows(unit: &mut UnitOfWork<'_>, user: UserId, event: entity::ActivityId) -> Result<()> {
    let account = unit.account().id;
    let contacts = contact_member::Entity::find()
        .filter(contact_member::Column::AccountId.eq(account))
        .filter(contact_member::Column::UserId.eq(user))
        .filter(contact_member::Column::Slot.gt(0));
    let contacts = unit.rows(contacts).await?;
    let opportunities = opportunity_member::Entity::find()
        .filter(opportunity_member::Column::AccountId.eq(account))
        .filter(opportunity_member::Column::UserId.eq(user))
        .filter(opportunity_member::Column::Slot.gt(0));
    let opportunities = unit.rows(opportunities).await?;

    unit.delete(
        contact_member::Entity::delete_many()
            .filter(contact_member::Column::UserId.eq(user))
            .filter(contact_member::Column::Slot.gt(0)),
    )
    .await?;
    unit.delete(
        opportunity_member::Entity::delete_many()
            .filter(opportunity_member::Column::UserId.eq(user))
            .filter(opportunity_member::Column::Slot.gt(0)),
    )
    .await?;
    unit.delete(
        member_stage_total::Entity::delete_many()
            .filter(member_stage_total::Column::UserId.eq(user))
            .filter(member_stage_total::Column::Owns.eq(false)),
    )
    .await?;
    let contacts = contacts.into_iter().map(|row| (RecordRef::from(row.record_id), row.until));
    let opportunities = opportunities.into_iter().map(|row| (RecordRef::from(row.record_id), row.until));
    for (record, until) in contacts.chain(opportunities) {
        let changes = Change::between("followers", Some(user.to_string()), None).into_iter().collect();
        if until.is_some_and(|until| until <= unit.now()) {
            // It had ended by itself, and only nobody had written it down yet (F7).
            unit.record_as(Cause::Clock, record, What::FollowEnded { user }, changes, None);
        } else {
            unit.record(record, What::FollowerRemoved { user }, changes, Some(event));
        }
    }
    Ok(())
}
