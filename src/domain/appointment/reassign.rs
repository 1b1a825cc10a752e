//! Gives an appointment to another member of its calendar (C4, C7).

use entity::{AppointmentId, UserId, appointment};
use policy::Action;

use super::place;
use super::reschedule::{move_to, require_open};
use crate::domain::access::{Access, takes_time};
use crate::domain::activity::What;
use crate::domain::calendar::HeldCalendar;
use crate::domain::calendar::diary::{Span, Wanted};
use crate::domain::error::Result;
use crate::domain::unit_of_work::{Committed, UnitOfWork, unknown_user};

/// The wish to give an appointment to somebody else.
#[derive(Clone, Copy, Debug)]
pub struct Reassign {
    /// Which.
    pub appointment: AppointmentId,
    /// To whom.
    pub assignee: UserId,
    /// Whether it goes to them whatever else they have (C7).
    pub overbook: bool,
    /// The version that the caller has seen (R6).
    pub expected_version: Option<i64>,
}

/// Gives an appointment to another member of its calendar. Nothing happens when it is theirs already.
///
/// # Errors
/// Not found, denied, invalid, stale, unavailable: in this order (O7).
pub async fn reassign(access: &Access, wish: &Reassign) -> Result<Committed> {
    let mut unit = access.begin().await?;
    if !reassign_in(&mut unit, wish).await? {
        return unit.unchanged(Committed::default()).await;
    }
    unit.commit().await
}

async fn reassign_in(unit: &mut UnitOfWork<'_>, wish: &Reassign) -> Result<bool> {
    let held = unit.hold_appointment(wish.appointment, "id").await?;
    let calendar = HeldCalendar::of_appointment(unit, held.row.calendar_id).await?;
    if !unit.hold_people(&[wish.assignee]).await?.contains_key(&wish.assignee) {
        return Err(unknown_user("assigneeId").into());
    }
    unit.require_appointment(&held, Action::Edit, "id")?;
    if wish.overbook {
        unit.require_appointment(&held, Action::Overbook, "overbook")?;
    }
    if wish.assignee != held.row.assignee_id {
        require_open(&calendar, "id")?;
        place::require_member(&calendar, wish.assignee, "assigneeId")?;
    }
    held.require_version(wish.expected_version)?;
    if wish.assignee == held.row.assignee_id {
        return Ok(false);
    }
    if takes_time(held.row.status) && !wish.overbook {
        place::require_free(unit, &as_it_stands(&held.row, &calendar), wish.assignee).await?;
    }
    let overbooked = wish.overbook || held.row.overbooked;
    let after = appointment::Model { assignee_id: wish.assignee, overbooked, ..held.row.clone() };
    let what = What::Reassigned { from: held.row.assignee_id, to: wish.assignee };
    move_to(unit, &held, &after, what).await
}

/// The time that an appointment takes, with the buffers that it has.
pub(super) fn as_it_stands(row: &appointment::Model, calendar: &HeldCalendar) -> Wanted {
    Wanted {
        calendar: row.calendar_id,
        time: Span { from: row.starts_at, until: row.ends_at },
        busy: Span { from: row.busy_from, until: row.busy_until },
        seats: usize::try_from(calendar.row.seats).unwrap_or(1),
        itself: Some(row.id),
    }
}
