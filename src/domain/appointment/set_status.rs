//! Says what became of an appointment, calls it off, or takes it up again (C4, C7).

use entity::AppointmentId;
use entity::appointment::{self, Status};
use policy::Action;

use super::place;
use super::reassign::as_it_stands;
use super::reschedule::move_to;
use crate::domain::access::{Access, takes_time};
use crate::domain::activity::What;
use crate::domain::calendar::HeldCalendar;
use crate::domain::error::Result;
use crate::domain::unit_of_work::{Committed, UnitOfWork};

/// The wish to say what became of an appointment.
#[derive(Clone, Copy, Debug)]
pub struct SetStatus {
    /// Which.
    pub appointment: AppointmentId,
    /// What became of it.
    pub status: Status,
    /// Whether one that was called off comes back whatever its assignee has meanwhile (C7).
    pub overbook: bool,
    /// The version that the caller has seen (R6).
    pub expected_version: Option<i64>,
}

/// Says what became of an appointment. One that was cancelled or invalid needs its time to be free again.
///
/// # Errors
/// Not found, denied, stale, unavailable: in this order (O7).
pub async fn set_status(access: &Access, wish: &SetStatus) -> Result<Committed> {
    let mut unit = access.begin().await?;
    if !set_status_in(&mut unit, wish).await? {
        return unit.unchanged(Committed::default()).await;
    }
    unit.commit().await
}

async fn set_status_in(unit: &mut UnitOfWork<'_>, wish: &SetStatus) -> Result<bool> {
    let held = unit.hold_appointment(wish.appointment, "id").await?;
    let comes_back = takes_time(wish.status) && !takes_time(held.row.status);
    if comes_back {
        unit.hold_people(&[held.row.assignee_id]).await?;
    }
    unit.require_appointment(&held, Action::Edit, "id")?;
    if wish.overbook {
        unit.require_appointment(&held, Action::Overbook, "overbook")?;
    }
    held.require_version(wish.expected_version)?;
    if comes_back && !wish.overbook {
        let calendar = HeldCalendar::of_appointment(unit, held.row.calendar_id).await?;
        place::require_free(unit, &as_it_stands(&held.row, &calendar), held.row.assignee_id).await?;
    }
    let overbooked = held.row.overbooked || (comes_back && wish.overbook);
    let after = appointment::Model { status: wish.status, overbooked, ..held.row.clone() };
    move_to(unit, &held, &after, What::StatusChanged).await
}
