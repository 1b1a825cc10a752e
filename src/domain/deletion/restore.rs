//! Brings back what a deletion took (A3, A6, R4).

use std::collections::{BTreeMap, HashSet};

use entity::opportunity::Status;
use entity::{ActivityId, AppointmentId, ContactId, DeletionId, OpportunityId, UserId, deletion};
use policy::Action;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde::{Deserialize, Serialize};

use super::delete::Along;
use crate::domain::access::Access;
use crate::domain::activity::What;
use crate::domain::appointment::{Undone, people_of, restore_with_contacts};
use crate::domain::duplicates;
use crate::domain::error::{Error, Refusal, Result};
use crate::domain::idempotency::Outcome;
use crate::domain::ownership::transfer;
use crate::domain::record::RecordRef;
use crate::domain::unit_of_work::{Committed, HeldAppointments, UnitOfWork};

use crate::domain::validate::rfc3339;

/// The wish to bring a deleted record back.
#[derive(Clone, Copy, Debug)]
pub struct Restore {
    /// Which.
    pub record: RecordRef,
}

/// What a restore came to.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Restored {
    /// The opportunities that came back with a contact, as far as the actor sees them (A7).
    pub opportunities: Vec<OpportunityId>,
    /// The appointments that came back with it, likewise. One whose slot was gone is cancelled.
    #[serde(default)]
    pub appointments: Vec<AppointmentId>,
    /// Everything that happened.
    pub committed: Committed,
}

impl Outcome for Restored {}

/// For each record that was to be restored: what came back with it and the actor sees, or what stands in the way.
pub type Back = BTreeMap<RecordRef, std::result::Result<Along, Refusal>>;

/// Brings back a deleted record, and with a contact the opportunities that its deletion took.
///
/// # Errors
/// Not found, also where the actor may not restore it; invalid, an opportunity of a deleted contact.
pub async fn restore(access: &Access, wish: &Restore) -> Result<Restored> {
    let mut unit = access.begin().await?;
    let mut back = restore_in(&mut unit, &[wish.record]).await?;
    let outcome = back.remove(&wish.record).ok_or_else(|| Error::bug("a restore has no outcome"))?;
    let Along { opportunities, appointments } = outcome?;
    unit.commit_as(|committed| Restored { opportunities, appointments, committed }).await
}

/// Brings deleted records back as a part of a larger change: contacts first. Holds and authorizes them itself, and
/// answers for each: what is refused stays deleted.
///
/// # Errors
/// A database that fails.
pub async fn restore_in(unit: &mut UnitOfWork<'_>, records: &[RecordRef]) -> Result<Back> {
    let mut records = records.to_vec();
    records.sort_unstable();
    records.dedup();
    let restorable = unit.hold_deleted(&records).await?;
    let appointments = appointments_under(unit, &restorable).await?;
    let active = active_people(unit, &restorable, &appointments).await?;

    let mut back = Back::new();
    let mut undone: Vec<DeletionId> = Vec::new();
    let mut returning = Undone::new();
    for record in records {
        let outcome = if restorable.contains(&record) {
            restore_one(unit, record, &active, &mut undone, &mut returning).await
        } else {
            Err(Refusal::not_found("id").into())
        };
        match outcome {
            Ok(opportunities) => back.insert(record, Ok(Along { opportunities, appointments: Vec::new() })),
            Err(Error::Refused(mut refusals)) if refusals.len() == 1 => {
                back.insert(record, Err(refusals.remove(0)))
            }
            Err(broken) => return Err(broken),
        };
    }
    for (contact, appointments) in restore_with_contacts(unit, &appointments, &returning).await? {
        if let Some(Ok(along)) = back.get_mut(&contact.into()) {
            along.appointments = appointments;
        }
    }
    if !undone.is_empty() {
        let rows = deletion::Entity::delete_many()
            .filter(deletion::Column::AccountId.eq(unit.account().id))
            .filter(deletion::Column::Id.is_in(undone));
        unit.delete(rows).await?;
    }
    Ok(back)
}

/// The appointments that the deletions of these contacts took.
async fn appointments_under(
    unit: &mut UnitOfWork<'_>,
    records: &HashSet<RecordRef>,
) -> Result<HeldAppointments> {
    let contacts = records.iter().filter(|record| matches!(record, RecordRef::Contact(_)));
    let deletions: Vec<DeletionId> =
        contacts.filter_map(|record| unit.held(*record).ok()?.deletion).collect();
    unit.hold_appointments_under(&deletions).await
}

/// Everybody who owns something that may come back, or has an appointment that may, and is active, and stays so until the
/// change ends (O8). All of them are held at once, in one order.
async fn active_people(
    unit: &mut UnitOfWork<'_>,
    records: &HashSet<RecordRef>,
    appointments: &HeldAppointments,
) -> Result<HashSet<UserId>> {
    let mut owners: Vec<UserId> = people_of(appointments);
    for record in records {
        let held = unit.held(*record)?;
        owners.extend(held.owner);
        owners.extend(unit.held(held.contact.into())?.owner);
        owners.extend(unit.family(held.contact).filter_map(|held| held.owner));
    }
    owners.sort_unstable();
    owners.dedup();
    if owners.is_empty() {
        return Ok(HashSet::new());
    }
    if appointments.is_empty() {
        return Ok(unit.active_users(&owners).await?.into_keys().collect());
    }
    Ok(unit.hold_people(&owners).await?.into_keys().collect())
}

async fn restore_one(
    unit: &mut UnitOfWork<'_>,
    record: RecordRef,
    active: &HashSet<UserId>,
    undone: &mut Vec<DeletionId>,
    returning: &mut Undone,
) -> Result<Vec<OpportunityId>> {
    let held = unit.held(record)?;
    let (contact, under) = (held.contact, held.deletion);
    // It came back with its contact in the same change.
    let Some(under) = under else { return Ok(Vec::new()) };
    if matches!(record, RecordRef::Opportunity(_)) {
        if let Some(of_contact) = unit.held(contact.into())?.deletion {
            return Err(deleted_with_contact(unit, of_contact).await?.into());
        }
        require_no_other(unit, record, contact).await?;
        lift(unit, record, active, None)?;
        undone.push(under);
        return Ok(Vec::new());
    }

    let marks = duplicates::marks_of(unit, contact).await?;
    duplicates::refuse_contact(unit, Some(contact), &marks).await.map_err(about_the_record)?;
    duplicates::flag_contact(unit, contact, &marks).await?;
    let event = lift(unit, record, active, None)?;
    let family: Vec<RecordRef> =
        unit.family(contact).filter(|held| held.deletion == Some(under)).map(|held| held.record).collect();
    let mut visible = Vec::new();
    for opportunity in family {
        lift(unit, opportunity, active, Some(event))?;
        if unit.decide(unit.held(opportunity)?, Action::View).is_granted()
            && let RecordRef::Opportunity(id) = opportunity
        {
            visible.push(id);
        }
    }
    undone.push(under);
    returning.insert(under, event);
    Ok(visible)
}

/// R3: what somebody has opened in its place meanwhile stands in the way of an open opportunity.
async fn require_no_other(unit: &UnitOfWork<'_>, record: RecordRef, contact: ContactId) -> Result<()> {
    let (RecordRef::Opportunity(id), Some(deal)) = (record, unit.held(record)?.deal) else { return Ok(()) };
    if deal.status != Status::Open {
        return Ok(());
    }
    duplicates::refuse_opportunity(unit, Some(id), contact, deal.pipeline, "id").await?;
    duplicates::flag_opportunity(unit, id, contact, deal.pipeline).await
}

/// A restore names the record alone.
fn about_the_record(error: Error) -> Error {
    let about = |refusal: Refusal| Refusal::new(refusal.kind, "id", refusal.message);
    match error {
        Error::Refused(refusals) => Error::Refused(refusals.into_iter().map(about).collect()),
        other => other,
    }
}

/// Takes the deletion off a record. An owner who has left does not come back: the record has none then, or in linked mode
/// its contact's. Nobody is asked whether they may change that owner (A6).
fn lift(
    unit: &mut UnitOfWork<'_>,
    record: RecordRef,
    active: &HashSet<UserId>,
    caused_by: Option<ActivityId>,
) -> Result<ActivityId> {
    let held = unit.held_mut(record)?;
    held.deletion = None;
    let (owner, contact) = (held.owner, held.contact);
    let event = unit.record(record, What::Restored, Vec::new(), caused_by);
    if owner.is_some_and(|owner| !active.contains(&owner)) {
        let is_linked = !unit.account().separate_owners;
        let heir = unit.held(contact.into())?.owner.filter(|owner| is_linked && active.contains(owner));
        transfer::transfer(unit, &[record], heir, false, Some(event))?;
    }
    Ok(event)
}

/// The answer to an opportunity that is to come back without its contact. It names the deletion by its time and not the
/// contact by its name: bulk acts keep what they were answered with their key (R6).
pub(in crate::domain) async fn deleted_with_contact(
    unit: &UnitOfWork<'_>,
    deletion: DeletionId,
) -> Result<Refusal> {
    let at = unit.rows(deletion::Entity::find_by_id(deletion)).await?.pop().map(|row| rfc3339(row.at));
    let message = format!(
        "its contact was deleted{}: restore the contact first, what went with it comes back with it",
        at.map(|at| format!(" at {at}")).unwrap_or_default()
    );
    Ok(Refusal::invalid("id", message))
}
