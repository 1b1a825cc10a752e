//! Deletes an appointment so that it can be restored, alone or with its contact (C4, R4).

use std::collections::HashMap;

use entity::{ActivityId, AppointmentId, ContactId, DeletionId, appointment, deletion};
use policy::Action;
use sea_orm::sea_query::{Expr, Query};
use sea_orm::{ExprTrait, Set};

use crate::domain::access::Access;
use crate::domain::activity::{Subject, What};
use crate::domain::error::Result;
use crate::domain::unit_of_work::{Committed, UnitOfWork};

/// The wish to delete an appointment.
#[derive(Clone, Copy, Debug)]
pub struct DeleteAppointment {
    /// Which.
    pub appointment: AppointmentId,
    /// The version that the caller has seen (R6).
    pub expected_version: Option<i64>,
}

/// Deletes an appointment; its slot is free.
///
/// # Errors
/// Not found, denied, stale.
pub async fn delete(access: &Access, wish: &DeleteAppointment) -> Result<Committed> {
    let mut unit = access.begin().await?;
    let held = unit.hold_appointment(wish.appointment, "id").await?;
    unit.require_appointment(&held, Action::Delete, "id")?;
    held.require_version(wish.expected_version)?;

    let id: DeletionId = unit.new_id();
    unit.insert(deletion::ActiveModel {
        id: Set(id),
        account_id: Set(unit.account().id),
        at: Set(unit.now()),
        actor_id: Set(unit.actor().user),
        contact_id: Set(None),
        opportunity_id: Set(None),
        appointment_id: Set(Some(held.row.id)),
    })
    .await?;
    unit.update(appointment::ActiveModel {
        id: Set(held.row.id),
        deletion_id: Set(Some(id)),
        deleted_at: Set(Some(unit.now())),
        version: Set(held.row.version + 1),
        updated_at: Set(unit.now()),
        ..Default::default()
    })
    .await?;
    let subject = Subject::Appointment { appointment: held.row.id, contact: held.row.contact_id };
    unit.record(subject, What::Deleted, Vec::new(), None);
    unit.commit().await
}

/// The deletion of each contact that goes, with the event that says so.
pub(in crate::domain) type Going = HashMap<ContactId, (DeletionId, ActivityId)>;

/// Takes the appointments of held contacts along with them, whoever may view them. Answers those that the actor could
/// view, by contact (A7). The number of statements does not grow with the contacts.
///
/// # Errors
/// A database that fails.
pub(in crate::domain) async fn delete_with_contacts(
    unit: &mut UnitOfWork<'_>,
    going: &Going,
) -> Result<HashMap<ContactId, Vec<AppointmentId>>> {
    let contacts: Vec<ContactId> = going.keys().copied().collect();
    let held = unit.hold_appointments_of(&contacts).await?;
    let mut visible: HashMap<ContactId, Vec<AppointmentId>> = HashMap::new();
    let mut taken = Vec::new();
    for (id, held) in &held {
        let contact = held.row.contact_id;
        let Some((deletion, event)) = going.get(&contact) else { continue };
        if unit.decide_appointment(held, Action::View).is_granted() {
            visible.entry(contact).or_default().push(*id);
        }
        let subject = Subject::Appointment { appointment: *id, contact };
        unit.record(subject, What::Deleted, Vec::new(), Some(*event));
        taken.push((*id, *deletion));
    }
    unit.stamp_appointments(&taken).await?;
    Ok(visible)
}

impl UnitOfWork<'_> {
    /// Says on appointments that these deletions took them.
    async fn stamp_appointments(&self, taken: &[(AppointmentId, DeletionId)]) -> Result<()> {
        for taken in taken.chunks(200) {
            let mut which = sea_orm::sea_query::CaseStatement::new();
            for (id, deletion) in taken {
                which = which.case(Expr::col("id").eq(*id), Expr::val(*deletion));
            }
            let update = Query::update()
                .table("appointment")
                .value("deletion_id", which)
                .value("deleted_at", self.now())
                .value("version", Expr::col("version").add(1_i64))
                .value("updated_at", self.now())
                .and_where(Expr::col("id").is_in(taken.iter().map(|(id, _)| *id)))
                .take();
            self.execute(&update).await?;
        }
        Ok(())
    }
}
