//! Deletes a contact with its opportunities and appointments, or an opportunity, so that it can be restored (A3, R4).

use std::collections::BTreeMap;

use entity::{ActivityId, AppointmentId, DeletionId, OpportunityId, deletion};
use policy::Action;
use sea_orm::Set;
use serde::{Deserialize, Serialize};

use crate::domain::access::Access;
use crate::domain::activity::What;
use crate::domain::appointment::{Going, delete_with_contacts};
use crate::domain::error::Result;
use crate::domain::idempotency::Outcome;
use crate::domain::record::RecordRef;
use crate::domain::unit_of_work::{Committed, Reach, UnitOfWork};

/// How many rows one statement inserts, as for every other table.
const CHUNK: usize = 40;

/// The wish to delete a record.
#[derive(Clone, Copy, Debug)]
pub struct Delete {
    /// Which.
    pub record: RecordRef,
    /// The version that the caller has seen (R6).
    pub expected_version: Option<i64>,
}

/// What a deletion came to.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Deleted {
    /// The opportunities that went with a contact, as far as the actor could see them (A7).
    pub opportunities: Vec<OpportunityId>,
    /// The appointments that went with it, likewise.
    #[serde(default)]
    pub appointments: Vec<AppointmentId>,
    /// Everything that happened.
    pub committed: Committed,
}

impl Outcome for Deleted {}

/// For each deleted record, what went with it and what the actor could see of that.
pub type Taken = BTreeMap<RecordRef, Along>;

/// What goes, or comes back, with a contact, as far as the actor sees it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Along {
    /// Its opportunities.
    pub opportunities: Vec<OpportunityId>,
    /// Its appointments.
    pub appointments: Vec<AppointmentId>,
}

/// Deletes a record. A contact takes all its opportunities and appointments along, whoever may see them.
///
/// # Errors
/// Not found, denied, stale.
pub async fn delete(access: &Access, wish: &Delete) -> Result<Deleted> {
    let mut unit = access.begin().await?;
    unit.hold(wish.record, reach(wish.record), "id").await?;
    unit.require(wish.record, Action::Delete, "id")?;
    unit.require_version(wish.record, wish.expected_version)?;
    let mut taken = delete_in(&mut unit, &[wish.record]).await?;
    let Along { opportunities, appointments } = taken.remove(&wish.record).unwrap_or_default();
    unit.commit_as(|committed| Deleted { opportunities, appointments, committed }).await
}

/// How far a deletion of this record reaches: hold it so.
#[must_use]
pub const fn reach(record: RecordRef) -> Reach {
    match record {
        RecordRef::Contact(_) => Reach::Family,
        RecordRef::Opportunity(_) => Reach::Alone,
    }
}

/// Deletes held records as a part of a larger change: contacts first, each with its family, which must be held. Whoever
/// calls has asked for [`Action::Delete`] on each of them. Each becomes a deletion of its own; one that went with its
/// contact already is left out of the answer.
///
/// # Errors
/// A bug, when a record is not held.
pub async fn delete_in(unit: &mut UnitOfWork<'_>, records: &[RecordRef]) -> Result<Taken> {
    let mut records = records.to_vec();
    // Contacts come first, in the order of references too.
    records.sort_unstable();
    records.dedup();
    let mut taken = Taken::new();
    let mut rows = Vec::new();
    let mut going = Going::new();
    for record in records {
        if unit.held(record)?.deletion.is_some() {
            continue;
        }
        let id: DeletionId = unit.new_id();
        let event = stamp(unit, record, id, None)?;
        let mut visible = Vec::new();
        if let RecordRef::Contact(contact) = record {
            going.insert(contact, (id, event));
            let family = unit.family(contact).filter(|held| held.deletion.is_none());
            let family: Vec<RecordRef> = family.map(|held| held.record).collect();
            for opportunity in family {
                if unit.decide(unit.held(opportunity)?, Action::View).is_granted()
                    && let RecordRef::Opportunity(id) = opportunity
                {
                    visible.push(id);
                }
                stamp(unit, opportunity, id, Some(event))?;
            }
        }
        rows.push(row(unit, id, record));
        taken.insert(record, Along { opportunities: visible, appointments: Vec::new() });
    }
    for (contact, appointments) in delete_with_contacts(unit, &going).await? {
        taken.entry(contact.into()).or_default().appointments = appointments;
    }
    for rows in rows.chunks(CHUNK) {
        unit.insert_many(rows.to_vec()).await?;
    }
    Ok(taken)
}

fn stamp(
    unit: &mut UnitOfWork<'_>,
    record: RecordRef,
    deletion: DeletionId,
    caused_by: Option<ActivityId>,
) -> Result<ActivityId> {
    unit.held_mut(record)?.deletion = Some(deletion);
    Ok(unit.record(record, What::Deleted, Vec::new(), caused_by))
}

fn row(unit: &UnitOfWork<'_>, id: DeletionId, record: RecordRef) -> deletion::ActiveModel {
    let (contact, opportunity) = match record {
        RecordRef::Contact(id) => (Some(id), None),
        RecordRef::Opportunity(id) => (None, Some(id)),
    };
    deletion::ActiveModel {
        id: Set(id),
        account_id: Set(unit.account().id),
        at: Set(unit.now()),
        actor_id: Set(unit.actor().user),
        contact_id: Set(contact),
        opportunity_id: Set(opportunity),
        appointment_id: Set(None),
    }
}
