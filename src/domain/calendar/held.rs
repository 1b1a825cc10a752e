//! A calendar as a change finds it. Whoever changes a calendar is alone in the account: it stays as it is until the end.

use entity::{CalendarId, UserId, calendar, calendar_member};
use policy::{Action, Decision, Facts, Tied as _, Ties};
use sea_orm::sea_query::{Alias, Cond, Expr, Query};
use sea_orm::{
    ColumnTrait, EntityTrait, ExprTrait, FromQueryResult, IdenStatic, Iterable, QueryFilter, QueryOrder,
};

use super::availability::Availability;
use super::slots::Schedule;
use super::zone;
use crate::domain::access::{read_ties, select_ties};
use crate::domain::error::{Error, Refusal, RefusalKind, Result};
use crate::domain::unit_of_work::UnitOfWork;

/// A calendar that the actor may view.
#[derive(Clone, Debug)]
pub struct HeldCalendar {
    /// Its row.
    pub row: calendar::Model,
    /// Its members, by priority.
    pub members: Vec<calendar_member::Model>,
    /// How the actor is tied to it.
    pub ties: Ties,
}

impl HeldCalendar {
    /// Finds a calendar that is there and that the actor may view.
    ///
    /// # Errors
    /// Not found.
    pub async fn find(unit: &UnitOfWork<'_>, id: CalendarId, field: &str) -> Result<Self> {
        let may_view = policy::tied_filter::<policy::Calendar>(unit.actor(), Action::View, unit.now());
        let there = Expr::col((policy::Calendar::COLUMNS.table(), "deleted_at")).is_null();
        let found = Self::read(unit, id, may_view.add(there)).await?;
        found.ok_or_else(|| {
            let message = "there is no such calendar, or you have no access to it";
            Refusal { message: message.into(), ..Refusal::not_found(field) }.into()
        })
    }

    /// The calendar of an appointment that is held, deleted or not, whoever may view it: what is read so decides about
    /// the appointment and is told to nobody.
    ///
    /// # Errors
    /// A bug: there is none.
    pub async fn of_appointment(unit: &UnitOfWork<'_>, id: CalendarId) -> Result<Self> {
        let found = Self::read(unit, id, Cond::all()).await?;
        found.ok_or_else(|| Error::bug("an appointment is in no calendar"))
    }

    async fn read(unit: &UnitOfWork<'_>, id: CalendarId, condition: Cond) -> Result<Option<Self>> {
        let columns = policy::Calendar::COLUMNS;
        let mut select = Query::select();
        for column in calendar::Column::iter() {
            select.column((columns.table(), Alias::new(column.as_str())));
        }
        select
            .from(columns.table())
            .and_where(Expr::col((columns.table(), "id")).eq(id))
            .and_where(Expr::col((columns.table(), "account_id")).eq(unit.account().id))
            .cond_where(condition);
        select_ties(&mut select, columns, unit.actor().user);
        let found = unit.query(&select).await?.pop();
        // Asked in any case: what is hidden costs what is not there (A7).
        let members = calendar_member::Entity::find()
            .filter(calendar_member::Column::AccountId.eq(unit.account().id))
            .filter(calendar_member::Column::CalendarId.eq(id))
            .order_by_asc(calendar_member::Column::Priority)
            .order_by_asc(calendar_member::Column::UserId);
        let members = unit.rows(members).await?;
        let Some(found) = found else { return Ok(None) };
        let row = calendar::Model::from_query_result(&found, "")?;
        Ok(Some(Self { row, members, ties: read_ties(&found)? }))
    }

    /// Decides an act on it.
    #[must_use]
    pub fn decide(&self, unit: &UnitOfWork<'_>, action: Action) -> Decision {
        policy::decide::<policy::Calendar>(unit.actor(), action, &Facts::tied(self.ties))
    }

    /// Refuses an act on it that the actor may not do.
    ///
    /// # Errors
    /// Denied.
    pub fn require(&self, unit: &UnitOfWork<'_>, action: Action, field: &str) -> Result<()> {
        match self.decide(unit, action) {
            Decision::Granted(_) => Ok(()),
            Decision::Refused(reason) => Err(Refusal::denied(field, Some(reason)).into()),
        }
    }

    /// Refuses a change of a calendar that has changed since the caller read it (R6).
    ///
    /// # Errors
    /// Stale version, with the current one.
    pub fn require_version(&self, expected: Option<i64>) -> Result<()> {
        let current = self.row.version;
        if expected.is_none_or(|expected| expected == current) {
            return Ok(());
        }
        let kind = RefusalKind::StaleVersion { current, record: None };
        let message = format!("the calendar has changed since, it has version {current}: read it again");
        Err(Refusal::new(kind, "expectedVersion", message).into())
    }

    /// Whether somebody is a member.
    #[must_use]
    pub fn has_member(&self, user: UserId) -> bool {
        self.members.iter().any(|member| member.user_id == user)
    }

    /// Where its slots lie, with `members` as those who can be booked.
    ///
    /// # Errors
    /// A bug: it cannot be read.
    pub fn schedule(&self, members: Vec<UserId>) -> Result<Schedule> {
        schedule_of(&self.row, members)
    }
}

/// Where the slots of a calendar lie, with `members` as those who can be booked in it.
///
/// # Errors
/// A bug: it cannot be read.
pub fn schedule_of(row: &calendar::Model, members: Vec<UserId>) -> Result<Schedule> {
    Ok(Schedule {
        calendar: row.id,
        zone: zone::stored(&row.zone)?,
        availability: Availability::read(&row.availability)?,
        slot: row.slot_minutes.into(),
        buffer_before: row.buffer_before_minutes.into(),
        buffer_after: row.buffer_after_minutes.into(),
        minimum_notice: row.minimum_notice_minutes.into(),
        seats: usize::try_from(row.seats).unwrap_or(1),
        members,
    })
}
