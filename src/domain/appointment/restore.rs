//! Brings back a deleted appointment, alone or with its contact. One whose slot is gone comes back cancelled (R4).

use std::collections::HashMap;

use entity::appointment::{self, Status};
use entity::{ActivityId, AppointmentId, CalendarId, ContactId, DeletionId, UserId, contact, deletion};
use policy::Action;
use sea_orm::sea_query::{Expr, Query, Value};
use sea_orm::{ActiveEnum, ColumnTrait, EntityTrait, ExprTrait, QueryFilter};
use serde::{Deserialize, Serialize};

use super::fields;
use crate::domain::access::{Access, takes_time};
use crate::domain::activity::{Subject, What};
use crate::domain::calendar::diary::{Span, Taken, Wanted};
use crate::domain::error::{Error, Result};
use crate::domain::idempotency::Outcome;
use crate::domain::unit_of_work::{Committed, HeldAppointment, HeldAppointments, UnitOfWork};

/// The wish to bring back an appointment.
#[derive(Clone, Copy, Debug)]
pub struct RestoreAppointment {
    /// Which.
    pub appointment: AppointmentId,
}

/// What a restore came to.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Restored {
    /// Whether its slot was gone, so that it came back cancelled.
    pub slot_was_gone: bool,
    /// Everything that happened.
    pub committed: Committed,
}

impl Outcome for Restored {}

/// Brings back an appointment that was deleted by itself.
///
/// # Errors
/// Not found, also where the actor may not restore it; invalid, where its contact is deleted.
pub async fn restore(access: &Access, wish: &RestoreAppointment) -> Result<Restored> {
    let mut unit = access.begin().await?;
    let mut found = unit.hold_deleted_appointments(&[wish.appointment]).await?;
    let Some(held) = found.remove(&wish.appointment) else {
        return Err(crate::domain::error::Refusal::not_found("id").into());
    };
    let of_it = contact::Entity::find_by_id(held.row.contact_id);
    let of_it = unit.rows(of_it).await?.pop().ok_or_else(|| Error::bug("an appointment has no contact"))?;
    if let Some(of_contact) = of_it.deletion_id {
        return Err(crate::domain::deletion::deleted_with_contact(&unit, of_contact).await?.into());
    }
    let under = held.row.deletion_id.ok_or_else(|| Error::bug("deleted by no deletion"))?;
    unit.hold_people(&[held.row.assignee_id]).await?;
    let gone = bring_back(&mut unit, &HeldAppointments::from([(held.row.id, held)]), |_| None).await?;
    let undone = deletion::Entity::delete_many()
        .filter(deletion::Column::AccountId.eq(unit.account().id))
        .filter(deletion::Column::Id.eq(under));
    unit.delete(undone).await?;
    unit.commit_as(|committed| Restored { slot_was_gone: !gone.is_empty(), committed }).await
}

/// The event of each deletion that is undone.
pub(in crate::domain) type Undone = HashMap<DeletionId, ActivityId>;

/// Brings back what the deletions of contacts took, whoever may view it. Answers those that the actor may view, by
/// contact. Their assignees, whom [`people_of`] names, are held already.
///
/// # Errors
/// A database that fails.
pub(in crate::domain) async fn restore_with_contacts(
    unit: &mut UnitOfWork<'_>,
    taken: &HeldAppointments,
    undone: &Undone,
) -> Result<HashMap<ContactId, Vec<AppointmentId>>> {
    let back: HeldAppointments = taken
        .iter()
        .filter(|(_, held)| held.row.deletion_id.is_some_and(|deletion| undone.contains_key(&deletion)))
        .map(|(id, held)| (*id, held.clone()))
        .collect();
    bring_back(unit, &back, |held| undone.get(&held.row.deletion_id?).copied()).await?;
    let mut visible: HashMap<ContactId, Vec<AppointmentId>> = HashMap::new();
    for (id, held) in &back {
        if unit.decide_appointment(held, Action::View).is_granted() {
            visible.entry(held.row.contact_id).or_default().push(*id);
        }
    }
    Ok(visible)
}

/// Whoever must be held before appointments come back.
pub(in crate::domain) fn people_of(appointments: &HeldAppointments) -> Vec<UserId> {
    appointments.values().map(|held| held.row.assignee_id).collect()
}

/// Takes the deletion off held appointments, whose assignees are held; answers those whose slot was gone.
async fn bring_back(
    unit: &mut UnitOfWork<'_>,
    back: &HeldAppointments,
    cause: impl Fn(&HeldAppointment) -> Option<ActivityId>,
) -> Result<Vec<AppointmentId>> {
    if back.is_empty() {
        return Ok(Vec::new());
    }
    let gone = whose_slot_is_gone(unit, back).await?;

    for held in back.values() {
        let mut after = held.row.clone();
        if gone.contains(&held.row.id) {
            after.status = Status::Cancelled;
        }
        let changes = fields::changes(Some((&held.row, &held.attendees)), &after, &held.attendees);
        let subject = Subject::Appointment { appointment: held.row.id, contact: held.row.contact_id };
        let event = unit.record(subject, What::Restored, Vec::new(), cause(held));
        if !changes.is_empty() {
            unit.record(subject, What::StatusChanged, changes, Some(event));
        }
    }
    let ids: Vec<AppointmentId> = back.keys().copied().collect();
    unit.lift_appointments(&ids, &[]).await?;
    let cancelled = [("status", Value::from(Status::Cancelled.to_value()))];
    unit.lift_appointments(&gone, &cancelled).await?;
    Ok(gone)
}

async fn whose_slot_is_gone(unit: &UnitOfWork<'_>, back: &HeldAppointments) -> Result<Vec<AppointmentId>> {
    // What was set against everything on purpose stands so.
    let asked: Vec<&appointment::Model> =
        back.values().map(|held| &held.row).filter(|row| takes_time(row.status) && !row.overbooked).collect();
    let Some(from) = asked.iter().map(|row| row.busy_from).min() else { return Ok(Vec::new()) };
    let until = asked.iter().map(|row| row.busy_until).max().unwrap_or(from);
    let mut people: Vec<UserId> = asked.iter().map(|row| row.assignee_id).collect();
    people.sort_unstable();
    people.dedup();
    let mut calendars: Vec<CalendarId> = asked.iter().map(|row| row.calendar_id).collect();
    calendars.sort_unstable();
    calendars.dedup();
    let seats = unit.seats_of(&calendars).await?;
    let mut diary = unit.diary(&calendars, &people, Span { from, until }).await?;

    let mut gone = Vec::new();
    for row in asked {
        let (calendar, assignee) = (row.calendar_id, row.assignee_id);
        let time = Span { from: row.starts_at, until: row.ends_at };
        let busy = Span { from: row.busy_from, until: row.busy_until };
        let seats = seats.get(&calendar).copied().unwrap_or(1);
        let wanted = Wanted { calendar, time, busy, seats, itself: Some(row.id) };
        if diary.seats_left(assignee, &wanted) == 0 {
            gone.push(row.id);
        } else {
            // It takes a seat from those that come after it.
            diary.taken.push(Taken { appointment: row.id, calendar, assignee, time, busy });
        }
    }
    Ok(gone)
}

impl UnitOfWork<'_> {
    async fn lift_appointments(&self, ids: &[AppointmentId], values: &[(&'static str, Value)]) -> Result<()> {
        for ids in ids.chunks(500) {
            let mut update = Query::update();
            update.table("appointment").and_where(Expr::col("id").is_in(ids.iter().copied()));
            if values.is_empty() {
                update
                    .value("deletion_id", None::<uuid::Uuid>)
                    .value("deleted_at", None::<i64>)
                    .value("version", Expr::col("version").add(1_i64))
                    .value("updated_at", self.now());
            }
            for (column, value) in values {
                update.value(*column, value.clone());
            }
            self.execute(&update).await?;
        }
        Ok(())
    }

    async fn seats_of(&self, calendars: &[CalendarId]) -> Result<HashMap<CalendarId, usize>> {
        let select = Query::select()
            .columns(["id", "seats"])
            .from("calendar")
            .and_where(Expr::col("account_id").eq(self.account().id))
            .and_where(Expr::col("id").is_in(calendars.iter().copied()))
            .take();
        let mut seats = HashMap::new();
        for row in self.query(&select).await? {
            let count: i32 = row.try_get("", "seats")?;
            seats.insert(row.try_get("", "id")?, usize::try_from(count).unwrap_or(1));
        }
        Ok(seats)
    }
}
