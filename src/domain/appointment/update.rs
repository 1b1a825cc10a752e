//! Changes what an appointment is about, where, and who takes part (C4).

use entity::{AppointmentId, UserId, appointment, appointment_attendee};
use policy::Action;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::book::attendee_rows;
use super::fields;
use crate::domain::access::Access;
use crate::domain::activity::{Subject, What};
use crate::domain::error::Result;
use crate::domain::patch::Patch;
use crate::domain::search::set_appointment_words;
use crate::domain::unit_of_work::{Committed, UnitOfWork};
use crate::domain::validate::Problems;

/// The wish to change an appointment's own fields.
#[derive(Clone, Debug)]
pub struct UpdateAppointment {
    /// Which.
    pub appointment: AppointmentId,
    /// What it is about.
    pub title: Patch<String>,
    /// Where.
    pub location: Patch<String>,
    /// More of it.
    pub description: Patch<String>,
    /// Who takes part beside the assignee: all of them.
    pub attendees: Patch<Vec<UserId>>,
    /// The version that the caller has seen (R6).
    pub expected_version: Option<i64>,
}

/// Changes an appointment. Nothing happens when every field has its value already.
///
/// # Errors
/// Not found, denied, invalid, stale.
pub async fn update(access: &Access, wish: &UpdateAppointment) -> Result<Committed> {
    let mut unit = access.begin().await?;
    if !update_in(&mut unit, wish).await? {
        return unit.unchanged(Committed::default()).await;
    }
    unit.commit().await
}

async fn update_in(unit: &mut UnitOfWork<'_>, wish: &UpdateAppointment) -> Result<bool> {
    let held = unit.hold_appointment(wish.appointment, "id").await?;
    let given: Option<&[UserId]> = match &wish.attendees {
        Patch::Keep => None,
        Patch::Clear => Some(&[]),
        Patch::Set(attendees) => Some(attendees),
    };
    // Whoever has left may stay an attendee, and is not made one.
    let new: Vec<UserId> =
        given.unwrap_or_default().iter().copied().filter(|user| !held.attendees.contains(user)).collect();
    let active = unit.active_users(&new).await?;
    if active.len() < new.len() {
        let known = |user: &UserId| active.contains_key(user) || held.attendees.contains(user);
        return Err(fields::unknown_attendees(given.unwrap_or_default(), known));
    }
    unit.require_appointment(&held, Action::Edit, "id")?;

    let mut problems = Problems::new();
    let before = &held.row;
    let after = appointment::Model {
        title: fields::line(&mut problems, "title", &wish.title, before.title.as_ref()),
        location: fields::line(&mut problems, "location", &wish.location, before.location.as_ref()),
        description: fields::text(
            &mut problems,
            "description",
            &wish.description,
            before.description.as_ref(),
        ),
        ..before.clone()
    };
    fields::check_attendees(&mut problems, given.unwrap_or_default());
    problems.none()?;
    held.require_version(wish.expected_version)?;

    let attendees =
        given.map_or_else(|| held.attendees.clone(), |given| fields::attendees(given, before.assignee_id));
    let changes = fields::changes(Some((before, &held.attendees)), &after, &attendees);
    if changes.is_empty() {
        return Ok(false);
    }
    fields::write(unit, &held, &after).await?;
    if (&after.title, &after.location) != (&before.title, &before.location) {
        set_appointment_words(unit, before.id, after.title.as_deref(), after.location.as_deref()).await?;
    }
    if attendees != held.attendees {
        let of_it = appointment_attendee::Column::AppointmentId.eq(before.id);
        unit.delete(appointment_attendee::Entity::delete_many().filter(of_it)).await?;
        unit.insert_many(attendee_rows(before, &attendees)).await?;
    }
    let subject = Subject::Appointment { appointment: before.id, contact: before.contact_id };
    unit.record(subject, What::Updated, changes, None);
    Ok(true)
}
