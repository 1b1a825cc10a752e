//! Appointments that a change holds. The order of locks: their contacts, the appointments, then the people.

use std::collections::{BTreeMap, HashMap};
use std::sync::PoisonError;

use entity::{
    AppointmentId, CalendarId, ContactId, TypedId, UserId, appointment, appointment_attendee, user,
};
use policy::{Action, Decision, Record as _, Tied as _};
use sea_orm::sea_query::{Alias, Expr, LockType, Query};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, FromQueryResult, IdenStatic, Iterable, QueryFilter,
    QueryOrder, QuerySelect,
};
use uuid::Uuid;

use super::UnitOfWork;
use super::hold::{CHUNK, Life};
use crate::domain::access::{AppointmentStanding, read_diary, select_appointment_standing};
use crate::domain::calendar::diary::{Diary, Span};
use crate::domain::deletion;
use crate::domain::error::{Refusal, RefusalKind, Result};

/// An appointment that the change holds, as it found it.
#[derive(Clone, Debug)]
pub struct HeldAppointment {
    /// Its row.
    pub row: appointment::Model,
    /// How the actor stands to it.
    pub standing: AppointmentStanding,
    /// Its attendees, by id.
    pub attendees: Vec<UserId>,
}

/// Held appointments by their ids.
pub type HeldAppointments = BTreeMap<AppointmentId, HeldAppointment>;

impl UnitOfWork<'_> {
    /// Locks an appointment that the actor may view, after its contact: whoever loses the right to see it meanwhile does
    /// so before or after, not in between.
    ///
    /// # Errors
    /// Not found.
    pub async fn hold_appointment(&mut self, id: AppointmentId, field: &str) -> Result<HeldAppointment> {
        let mut held = self.hold_appointments(&[id]).await?;
        held.remove(&id).ok_or_else(|| Refusal::not_found(field).into())
    }

    /// The same for several; answers those that the actor may view.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn hold_appointments(&mut self, ids: &[AppointmentId]) -> Result<HeldAppointments> {
        self.hold_living(ids, Life::There).await
    }

    /// Locks those deleted ones that the actor may restore and whose time is not over (R4).
    ///
    /// # Errors
    /// A database that fails.
    pub async fn hold_deleted_appointments(&mut self, ids: &[AppointmentId]) -> Result<HeldAppointments> {
        self.hold_living(ids, Life::Deleted).await
    }

    async fn hold_living(&mut self, ids: &[AppointmentId], life: Life) -> Result<HeldAppointments> {
        let columns = policy::Appointment::COLUMNS;
        let action = if life == Life::There { Action::View } else { Action::Restore };
        let mut found: Vec<(AppointmentId, ContactId)> = Vec::new();
        for ids in ids.chunks(CHUNK) {
            let mut select = Query::select();
            select
                .expr_as(Expr::col((columns.table(), "id")), "id")
                .expr_as(Expr::col((columns.table(), "contact_id")), "contact_id")
                .from(columns.table())
                .and_where(Expr::col((columns.table(), "id")).is_in(ids.iter().copied()))
                .and_where(Expr::col((columns.table(), "account_id")).eq(self.account.id))
                .cond_where(policy::tied_filter::<policy::Appointment>(self.actor(), action, self.now));
            let deleted_at = Expr::col((columns.table(), "deleted_at"));
            match life {
                Life::There => select.and_where(deleted_at.is_null()),
                Life::Deleted => select.and_where(deleted_at.gt(deletion::horizon(self.now))),
            };
            for row in self.transaction.query_all(&select).await? {
                found.push((row.try_get("", "id")?, row.try_get("", "contact_id")?));
            }
        }
        let contacts: Vec<Uuid> = found.iter().map(|(_, contact)| contact.uuid()).collect();
        self.lock(policy::Contact::COLUMNS, "id", &contacts, None).await?;
        let ids: Vec<Uuid> = found.iter().map(|(id, _)| id.uuid()).collect();
        let mut held = self.locked_appointments("id", &ids, life).await?;
        held.retain(|_, held| self.decide_appointment(held, action).is_granted());
        Ok(held)
    }

    /// Locks every appointment of these contacts, which must be held, whoever may view them: what is held so may not be
    /// told of without a look at who asks.
    ///
    /// # Errors
    /// A database that fails.
    pub(in crate::domain) async fn hold_appointments_of(
        &mut self,
        contacts: &[ContactId],
    ) -> Result<HeldAppointments> {
        let contacts: Vec<Uuid> = contacts.iter().map(|contact| contact.uuid()).collect();
        self.locked_appointments("contact_id", &contacts, Life::There).await
    }

    /// Locks every appointment that these deletions took, whoever may view them. Its contact must be held.
    ///
    /// # Errors
    /// A database that fails.
    pub(in crate::domain) async fn hold_appointments_under(
        &mut self,
        deletions: &[entity::DeletionId],
    ) -> Result<HeldAppointments> {
        let deletions: Vec<Uuid> = deletions.iter().map(|deletion| deletion.uuid()).collect();
        self.locked_appointments("deletion_id", &deletions, Life::Deleted).await
    }

    /// Decides an act on a held appointment, as things stood when the change began.
    #[must_use]
    pub fn decide_appointment(&self, held: &HeldAppointment, action: Action) -> Decision {
        policy::decide::<policy::Appointment>(self.actor(), action, &held.standing.facts(self.now))
    }

    /// Refuses an act on a held appointment that the actor may not do.
    ///
    /// # Errors
    /// Denied.
    pub fn require_appointment(&self, held: &HeldAppointment, action: Action, field: &str) -> Result<()> {
        match self.decide_appointment(held, action) {
            Decision::Granted(_) => Ok(()),
            Decision::Refused(reason) => Err(Refusal::denied(field, Some(reason)).into()),
        }
    }

    /// Locks people, so that nobody else books them until the change ends. Answers the active ones, who stay so. Lock all
    /// at once: their order is that of their ids.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn hold_people(&mut self, ids: &[UserId]) -> Result<HashMap<UserId, user::Model>> {
        let rows = user::Entity::find()
            .filter(user::Column::AccountId.eq(self.account.id))
            .filter(user::Column::Id.is_in(ids.iter().copied()))
            .order_by_asc(user::Column::Id)
            .lock(LockType::NoKeyUpdate)
            .all(&self.transaction)
            .await?;
        // Whoever was waited for has written a later time than that of the beginning.
        self.now = std::cmp::max(self.now, self.access.base().clock.now());
        let active: HashMap<UserId, user::Model> =
            rows.into_iter().filter(|row| row.active).map(|row| (row.id, row)).collect();
        let mut known = self.active.lock().unwrap_or_else(PoisonError::into_inner);
        known.extend(active.iter().map(|(id, row)| (*id, row.clone())));
        Ok(active)
    }

    /// What is in the way of people, who must be held, in some calendars.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn diary(&self, calendars: &[CalendarId], people: &[UserId], span: Span) -> Result<Diary> {
        read_diary(&self.transaction, self.account.id, calendars, people, span).await
    }

    async fn locked_appointments(
        &mut self,
        by: &'static str,
        of: &[Uuid],
        life: Life,
    ) -> Result<HeldAppointments> {
        let columns = policy::Appointment::COLUMNS;
        let mut locked: Vec<Uuid> = Vec::new();
        for of in of.chunks(CHUNK) {
            let id = (columns.table(), Alias::new("id"));
            let mut select = Query::select();
            select
                .column(id.clone())
                .from(columns.table())
                .and_where(Expr::col((columns.table(), by)).is_in(of.iter().copied()))
                .and_where(Expr::col((columns.table(), "account_id")).eq(self.account.id))
                .order_by(id, sea_orm::Order::Asc)
                .lock(LockType::NoKeyUpdate);
            let deleted_at = Expr::col((columns.table(), "deleted_at"));
            match life {
                Life::There => select.and_where(deleted_at.is_null()),
                Life::Deleted => select.and_where(deleted_at.is_not_null()),
            };
            for row in self.transaction.query_all(&select).await? {
                locked.push(row.try_get("", "id")?);
            }
        }
        self.now = std::cmp::max(self.now, self.access.base().clock.now());

        // Read with a statement of its own: one that waits for a lock sees joined tables as they were before.
        let mut held = HeldAppointments::new();
        for ids in locked.chunks(CHUNK) {
            let mut select = Query::select();
            for column in appointment::Column::iter() {
                select.column((columns.table(), Alias::new(column.as_str())));
            }
            select
                .from(columns.table())
                .and_where(Expr::col((columns.table(), "id")).is_in(ids.iter().copied()));
            select_appointment_standing(&mut select, self.actor().user);
            for row in self.transaction.query_all(&select).await? {
                let standing = AppointmentStanding::from_query_result(&row, "")?;
                let row = appointment::Model::from_query_result(&row, "")?;
                held.insert(row.id, HeldAppointment { row, standing, attendees: Vec::new() });
            }
            let attendees = appointment_attendee::Entity::find()
                .filter(appointment_attendee::Column::AppointmentId.is_in(ids.iter().copied()))
                .order_by_asc(appointment_attendee::Column::UserId);
            for attendee in self.rows(attendees).await? {
                if let Some(held) = held.get_mut(&attendee.appointment_id) {
                    held.attendees.push(attendee.user_id);
                }
            }
        }
        Ok(held)
    }
}

impl HeldAppointment {
    /// Refuses an act on an appointment that has changed since the caller read it (R6).
    ///
    /// # Errors
    /// Stale version, with the current one.
    pub fn require_version(&self, expected: Option<i64>) -> Result<()> {
        let current = self.row.version;
        if expected.is_none_or(|expected| expected == current) {
            return Ok(());
        }
        let kind = RefusalKind::StaleVersion { current, record: None };
        let message = format!("the appointment has changed since, it has version {current}: read it again");
        Err(Refusal::new(kind, "expectedVersion", message).into())
    }
}
