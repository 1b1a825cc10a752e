//! Takes deleted records away for good when nobody can restore them any more, with what their history held of people (R4).
//! The history itself stays, with the hashes of what it held.

use entity::activity::Cause;
use entity::{
    AccountId, AppointmentId, ContactId, DeletionId, OpportunityId, TypedId, activity_value, appointment,
    appointment_attendee, contact, contact_email, contact_member, contact_phone, contact_tag, contact_token,
    deletion, duplicate_flag, import_row, note, opportunity, opportunity_member, opportunity_token, task,
};
use sea_orm::sea_query::{Alias, Expr, LockType, Query};
use sea_orm::{ColumnTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect};

use super::horizon;
use crate::domain::access::{Access, Base};
use crate::domain::activity::{Subject, What};
use crate::domain::error::{Error, Result};
use crate::domain::record::RecordRef;
use crate::domain::retry::retrying;
use crate::domain::unit_of_work::UnitOfWork;

/// How many deletions one round ends.
const ROUND: u64 = 200;

/// How many rows one statement names.
const CHUNK: usize = 5_000;

/// Ends every deletion whose time is over, in every account; answers how many records went. Each round is one change of its own, so that
/// whoever stops it, or purges at the same time, does no harm.
///
/// # Errors
/// A database that fails; what went before is gone.
pub async fn purge(base: &Base) -> Result<usize> {
    let mut purged = 0;
    for account in base.accounts_with_deletions_until(horizon(base.clock.now())).await? {
        let access = base.account(&account.to_string()).await?;
        let access = access.ok_or_else(|| Error::bug("a deletion is of no account"))?;
        purged += purge_of(&access).await?;
    }
    Ok(purged)
}

/// The same for one account.
///
/// # Errors
/// As [`purge`].
pub async fn purge_of(access: &Access) -> Result<usize> {
    let (base, account) = (access.base(), access.actor().account);
    let mut purged = 0;
    loop {
        let over = base.deletions_until(account, horizon(base.clock.now()), ROUND).await?;
        if over.is_empty() {
            return Ok(purged);
        }
        purged += retrying(|| round(access, &over)).await?;
    }
}

async fn round(access: &Access, deletions: &[DeletionId]) -> Result<usize> {
    let mut unit = access.begin().await?;
    let account = unit.account().id;
    // Contacts first, each kind by id: the order of locks. What was restored meanwhile is found no more.
    let contacts = locked_contacts(&unit, deletions).await?;
    let opportunities = locked_opportunities(&unit, deletions, &contacts).await?;

    let appointments = locked_appointments(&unit, deletions, &contacts).await?;

    let ids: Vec<AppointmentId> = appointments.iter().map(|(id, _)| *id).collect();
    let subjects = [
        ("contact_id", uuids(&contacts)),
        ("opportunity_id", uuids(&opportunities)),
        ("appointment_id", uuids(&ids)),
    ];
    for (column, ids) in subjects {
        for ids in ids.chunks(CHUNK) {
            forget_values(&unit, account, column, ids).await?;
            if column != "appointment_id" {
                forget_names(&unit, account, column, ids).await?;
            }
        }
    }
    for ids in ids.chunks(CHUNK) {
        delete_appointments(&unit, ids).await?;
    }
    for ids in opportunities.chunks(CHUNK) {
        delete_opportunities(&unit, ids).await?;
    }
    for ids in contacts.chunks(CHUNK) {
        delete_contacts(&unit, ids).await?;
    }
    let over = deletion::Entity::delete_many()
        .filter(deletion::Column::AccountId.eq(account))
        .filter(deletion::Column::Id.is_in(deletions.iter().copied()));
    unit.delete(over).await?;

    let contacts = contacts.into_iter().map(RecordRef::Contact);
    let gone: Vec<RecordRef> =
        contacts.chain(opportunities.into_iter().map(RecordRef::Opportunity)).collect();
    for record in &gone {
        unit.record_as(Cause::Clock, *record, What::Purged, Vec::new(), None);
    }
    for (appointment, contact) in &appointments {
        let subject = Subject::Appointment { appointment: *appointment, contact: *contact };
        unit.record_as(Cause::Clock, subject, What::Purged, Vec::new(), None);
    }
    unit.commit().await?;
    Ok(gone.len() + appointments.len())
}

async fn locked_contacts(unit: &UnitOfWork<'_>, deletions: &[DeletionId]) -> Result<Vec<ContactId>> {
    let rows = contact::Entity::find()
        .filter(contact::Column::AccountId.eq(unit.account().id))
        .filter(contact::Column::DeletionId.is_in(deletions.iter().copied()))
        .order_by_asc(contact::Column::Id)
        .lock(LockType::Update);
    Ok(unit.rows(rows).await?.into_iter().map(|row| row.id).collect())
}

/// Those of the deletions themselves, and whatever else is left of the contacts that go: it was deleted before them.
async fn locked_opportunities(
    unit: &UnitOfWork<'_>,
    deletions: &[DeletionId],
    contacts: &[ContactId],
) -> Result<Vec<OpportunityId>> {
    let going = opportunity::Column::DeletionId
        .is_in(deletions.iter().copied())
        .or(opportunity::Column::ContactId.is_in(contacts.iter().copied()));
    let rows = opportunity::Entity::find()
        .filter(opportunity::Column::AccountId.eq(unit.account().id))
        .filter(going)
        .order_by_asc(opportunity::Column::Id)
        .lock(LockType::Update);
    Ok(unit.rows(rows).await?.into_iter().map(|row| row.id).collect())
}

/// Those of the deletions themselves, and whatever else is left of the contacts that go, each with its contact.
async fn locked_appointments(
    unit: &UnitOfWork<'_>,
    deletions: &[DeletionId],
    contacts: &[ContactId],
) -> Result<Vec<(AppointmentId, ContactId)>> {
    let going = appointment::Column::DeletionId
        .is_in(deletions.iter().copied())
        .or(appointment::Column::ContactId.is_in(contacts.iter().copied()));
    let rows = appointment::Entity::find()
        .filter(appointment::Column::AccountId.eq(unit.account().id))
        .filter(going)
        .order_by_asc(appointment::Column::Id)
        .lock(LockType::Update);
    Ok(unit.rows(rows).await?.into_iter().map(|row| (row.id, row.contact_id)).collect())
}

/// Erases what the history of these records held. Entries of other records name them by id alone.
async fn forget_values(
    unit: &UnitOfWork<'_>,
    account: AccountId,
    column: &'static str,
    ids: &[uuid::Uuid],
) -> Result<()> {
    let entries = Query::select()
        .column("id")
        .from(Alias::new("activity"))
        .and_where(Expr::col("account_id").eq(account))
        .and_where(Expr::col(column).is_in(ids.iter().copied()))
        .take();
    let values = activity_value::Entity::delete_many()
        .filter(activity_value::Column::AccountId.eq(account))
        .filter(activity_value::Column::ActivityId.in_subquery(entries));
    unit.delete(values).await?;
    Ok(())
}

/// Erases what these records were called from the notices that say so.
async fn forget_names(
    unit: &UnitOfWork<'_>,
    account: AccountId,
    column: &'static str,
    ids: &[uuid::Uuid],
) -> Result<()> {
    let update = Query::update()
        .table(Alias::new("notification"))
        .value("display_name", None::<String>)
        .and_where(Expr::col("account_id").eq(account))
        .and_where(Expr::col(column).is_in(ids.iter().copied()))
        .and_where(Expr::col("display_name").is_not_null())
        .take();
    unit.execute(&update).await
}

async fn delete_appointments(unit: &UnitOfWork<'_>, ids: &[AppointmentId]) -> Result<()> {
    macro_rules! of {
        ($($table:ident by $column:ident),*) => {$(
            let rows = $table::Entity::delete_many().filter($table::Column::$column.is_in(ids.iter().copied()));
            unit.delete(rows).await?;
        )*};
    }
    // One that was deleted before its contact had a deletion of its own.
    of!(appointment_attendee by AppointmentId, deletion by AppointmentId, appointment by Id);
    Ok(())
}

async fn delete_opportunities(unit: &UnitOfWork<'_>, ids: &[OpportunityId]) -> Result<()> {
    macro_rules! of {
        ($($table:ident by $column:ident),*) => {$(
            let rows = $table::Entity::delete_many().filter($table::Column::$column.is_in(ids.iter().copied()));
            unit.delete(rows).await?;
        )*};
    }
    // Whom a note mentions goes with it.
    of!(note by OpportunityId, task by OpportunityId);
    of!(duplicate_flag by OpportunityId, duplicate_flag by OtherOpportunityId);
    of!(opportunity_token by OpportunityId, opportunity_member by RecordId, import_row by OpportunityId);
    // One that was deleted before its contact had a deletion of its own.
    of!(deletion by OpportunityId, opportunity by Id);
    Ok(())
}

async fn delete_contacts(unit: &UnitOfWork<'_>, ids: &[ContactId]) -> Result<()> {
    macro_rules! of {
        ($($table:ident by $column:ident),*) => {$(
            let rows = $table::Entity::delete_many().filter($table::Column::$column.is_in(ids.iter().copied()));
            unit.delete(rows).await?;
        )*};
    }
    of!(note by ContactId, task by ContactId);
    of!(duplicate_flag by ContactId, duplicate_flag by OtherContactId);
    of!(contact_token by ContactId, contact_email by ContactId, contact_phone by ContactId);
    of!(contact_tag by ContactId, contact_member by RecordId, contact by Id);
    Ok(())
}

fn uuids<I: TypedId>(ids: &[I]) -> Vec<uuid::Uuid> {
    ids.iter().map(|id| id.uuid()).collect()
}
