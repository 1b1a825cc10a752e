//! A time for an appointment: whether the calendar has it, and whether its people are free then (C7).

use std::collections::HashMap;

use entity::{AppointmentId, Timestamp, UserId, user};
use policy::{Action, Tied as _};
use sea_orm::ExprTrait;
use sea_orm::sea_query::{Expr, Query};

use crate::domain::calendar::HeldCalendar;
use crate::domain::calendar::diary::{Span, Wanted};
use crate::domain::calendar::slots::Schedule;
use crate::domain::error::{Refusal, RefusalKind, Result, SlotProblem};
use crate::domain::unit_of_work::UnitOfWork;
use crate::domain::validate::Problems;

/// For how many hours an appointment goes on at most.
pub const LONGEST_HOURS: i64 = 24;

const MICROSECONDS_AN_HOUR: i64 = 3_600_000_000;

/// The times that an instant of ours can have and still be told: the years 1 to 9998, with room for buffers.
const EARLIEST: i64 = -62_000_000_000_000_000;
const LATEST: i64 = 253_000_000_000_000_000;

/// A time as the caller gives it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asked {
    pub starts_at: Timestamp,
    pub ends_at: Option<Timestamp>,
    pub overbook: bool,
}

impl Asked {
    /// The span that it means: a slot of the calendar, unless it overbooks.
    pub fn span(&self, schedule: &Schedule, problems: &mut Problems) -> Span {
        let from = self.starts_at;
        if !(EARLIEST..LATEST).contains(&from.0) {
            problems.add("startsAt", "lies too far from now");
            return Span { from: Timestamp(0), until: Timestamp(1) };
        }
        let until = self.ends_at.unwrap_or_else(|| schedule.end_of(from));
        if until <= from {
            problems.add("endsAt", "ends before it begins");
        } else if until.0.saturating_sub(from.0) > LONGEST_HOURS * MICROSECONDS_AN_HOUR {
            problems.add("endsAt", format!("an appointment goes on for at most {LONGEST_HOURS} hours"));
        }
        Span { from, until }
    }

    /// Refuses a time that is no slot of the calendar, or comes too soon.
    pub fn require_slot(&self, unit: &UnitOfWork<'_>, schedule: &Schedule, time: Span) -> Result<()> {
        if self.overbook {
            return Ok(());
        }
        if !schedule.has(time) {
            return Err(unavailable(SlotProblem::NoSlot).into());
        }
        if schedule.is_too_soon(time.from, unit.now()) {
            return Err(unavailable(SlotProblem::TooSoon).into());
        }
        Ok(())
    }
}

/// Whoever of `people`, who must be held, can be booked, in their order.
pub(super) async fn free(unit: &UnitOfWork<'_>, wanted: &Wanted, people: &[UserId]) -> Result<Vec<UserId>> {
    let diary = unit.diary(&[wanted.calendar], people, wanted.busy).await?;
    Ok(people.iter().copied().filter(|person| diary.seats_left(*person, wanted) > 0).collect())
}

/// Refuses a time at which a person, who must be held, has something else.
pub(super) async fn require_free(unit: &UnitOfWork<'_>, wanted: &Wanted, person: UserId) -> Result<()> {
    if free(unit, wanted, &[person]).await?.is_empty() {
        return Err(unavailable(SlotProblem::Taken).into());
    }
    Ok(())
}

/// Whom a calendar books when nobody is named: among those who are free, the first by priority, then whoever has the
/// fewest appointments to come in it, as far as the actor sees them: what is hidden decides nothing (A7).
pub(super) async fn choose(
    unit: &UnitOfWork<'_>,
    calendar: &HeldCalendar,
    free: &[UserId],
) -> Result<Option<UserId>> {
    let columns = policy::Appointment::COLUMNS;
    let of = |column| Expr::col((columns.table(), column));
    let count = Query::select()
        .expr_as(of("assignee_id"), "assignee_id")
        .expr_as(Expr::cust("COUNT(*)"), "counted")
        .from(columns.table())
        .and_where(of("account_id").eq(unit.account().id))
        .and_where(of("calendar_id").eq(calendar.row.id))
        .and_where(of("deleted_at").is_null())
        .and_where(Expr::cust(r#""appointment"."status" NOT IN ('CANCELLED', 'INVALID')"#))
        .and_where(of("starts_at").gte(unit.now()))
        .cond_where(policy::tied_filter::<policy::Appointment>(unit.actor(), Action::View, unit.now()))
        .add_group_by([of("assignee_id")])
        .take();
    let mut load: HashMap<UserId, i64> = HashMap::new();
    for row in unit.query(&count).await? {
        load.insert(row.try_get("", "assignee_id")?, row.try_get("", "counted")?);
    }
    let rank = |user: UserId| {
        let member = calendar.members.iter().find(|member| member.user_id == user);
        (member.map_or(i32::MAX, |member| member.priority), load.get(&user).copied().unwrap_or(0), user)
    };
    Ok(free.iter().copied().min_by_key(|user| rank(*user)))
}

/// The members of a calendar who are active, by priority.
pub(super) fn active_members(calendar: &HeldCalendar, active: &HashMap<UserId, user::Model>) -> Vec<UserId> {
    let members = calendar.members.iter().map(|member| member.user_id);
    members.filter(|user| active.contains_key(user)).collect()
}

/// Refuses somebody whom the calendar does not book (C2).
pub(super) fn require_member(calendar: &HeldCalendar, user: UserId, field: &str) -> Result<()> {
    if calendar.has_member(user) {
        return Ok(());
    }
    Err(Refusal::invalid(field, "is no member of the calendar: name one of its members").into())
}

/// The wish for a time, by an appointment that is there.
pub(super) fn wanted(schedule: &Schedule, time: Span, itself: Option<AppointmentId>) -> Wanted {
    Wanted { itself, ..schedule.wanted(time) }
}

/// The refusal of a time.
pub(super) fn unavailable(reason: SlotProblem) -> Refusal {
    let message = match reason {
        SlotProblem::Taken => "the time is taken: choose one of the calendar's `freeSlots`",
        SlotProblem::NoSlot => {
            "the calendar has no slot that begins and ends then: choose one of its `freeSlots`, or give `overbook`"
        }
        SlotProblem::TooSoon => "it begins too soon for this calendar: choose one of its `freeSlots`",
    };
    Refusal::new(RefusalKind::SlotUnavailable { reason }, "startsAt", message)
}
