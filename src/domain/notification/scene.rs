//! Who stands where at the end of a change: around the records, appointments and tasks that something happened to.

use std::collections::{BTreeSet, HashMap};

use entity::{AppointmentId, CalendarId, ContactId, TaskId, UserId, appointment, appointment_attendee, task};
use policy::{Owner, Permissions, Relation};
use sea_orm::sea_query::{Expr, Query};
use sea_orm::{ColumnTrait, EntityTrait, ExprTrait, FromQueryResult, QueryFilter, QueryOrder};
use uuid::Uuid;

use super::tell::CHUNK;
use crate::domain::access::{MEMBER_COLUMNS, Member};
use crate::domain::activity::{Event, Subject};
use crate::domain::error::Result;
use crate::domain::record::RecordRef;
use crate::domain::unit_of_work::UnitOfWork;

/// An owner or a follower.
#[derive(Clone, Copy, Debug)]
pub(super) struct Related {
    pub user: UserId,
    pub relation: Relation,
    pub inherits_edit: bool,
    pub muted: bool,
}

/// An appointment as it stands.
#[derive(Clone, Debug)]
pub(super) struct Booking {
    pub calendar: CalendarId,
    pub contact: ContactId,
    pub assignee: UserId,
    pub attendees: Vec<UserId>,
}

/// Everybody whom the subjects of a change may concern.
#[derive(Debug, Default)]
pub(super) struct Scene {
    related: HashMap<RecordRef, Vec<Related>>,
    pub bookings: HashMap<AppointmentId, Booking>,
    assignees: HashMap<TaskId, UserId>,
}

impl Scene {
    /// Around the subjects of these events. Rosters that the change holds are asked of it, the others of the database.
    pub async fn of(unit: &UnitOfWork<'_>, events: &[&Event]) -> Result<Self> {
        let mut scene = Self::default();
        let mut appointments = BTreeSet::new();
        let mut tasks = BTreeSet::new();
        let mut unheld: BTreeSet<RecordRef> = BTreeSet::new();
        for event in events {
            let record = match event.subject {
                Subject::Appointment { appointment, contact } => {
                    appointments.insert(appointment);
                    Some(contact.into())
                }
                Subject::Task { task, on } => {
                    tasks.insert(task);
                    Some(on)
                }
                subject => subject.record(),
            };
            let Some(record) = record.filter(|record| !scene.related.contains_key(record)) else { continue };
            match unit.held(record) {
                Ok(held) => {
                    let members = held.roster.members();
                    scene.related.insert(record, members.filter_map(|it| related(unit, it)).collect());
                }
                Err(_) => {
                    unheld.insert(record);
                }
            }
        }
        scene.read_rosters(unit, &unheld).await?;
        scene.read_bookings(unit, &appointments.into_iter().collect::<Vec<_>>()).await?;
        scene.read_tasks(unit, &tasks.into_iter().collect::<Vec<_>>()).await?;
        Ok(scene)
    }

    /// The owner and the followers of a record.
    pub fn related(&self, record: RecordRef) -> &[Related] {
        self.related.get(&record).map_or(&[], Vec::as_slice)
    }

    /// How a person is related to a record.
    pub fn relation(&self, record: RecordRef, user: UserId) -> Option<Related> {
        self.related(record).iter().find(|related| related.user == user).copied()
    }

    /// The owner of a record.
    pub fn owner(&self, record: RecordRef) -> Option<UserId> {
        let owner = self.related(record).iter().find(|related| related.relation == Relation::Owner);
        owner.map(|related| related.user)
    }

    /// All owners, who matter to what others may do.
    pub fn owners(&self) -> impl Iterator<Item = UserId> {
        self.related.keys().filter_map(|record| self.owner(*record))
    }

    /// Whose a task is to do.
    pub fn assignee(&self, task: TaskId) -> Option<UserId> {
        self.assignees.get(&task).copied()
    }

    async fn read_rosters(&mut self, unit: &UnitOfWork<'_>, records: &BTreeSet<RecordRef>) -> Result<()> {
        for kind in
            [<policy::Contact as policy::Resource>::NAME, <policy::Opportunity as policy::Resource>::NAME]
        {
            let of_kind: HashMap<Uuid, RecordRef> = records
                .iter()
                .filter(|record| record.kind() == kind)
                .map(|record| (record.uuid(), *record))
                .collect();
            let ids: Vec<Uuid> = of_kind.keys().copied().collect();
            for ids in ids.chunks(CHUNK) {
                let Some(columns) = of_kind.get(&ids[0]).map(|record| record.columns()) else { continue };
                let select = Query::select()
                    .columns(MEMBER_COLUMNS)
                    .from(columns.members())
                    .and_where(Expr::col("record_id").is_in(ids.iter().copied()))
                    .order_by("slot", sea_orm::Order::Asc)
                    .take();
                for row in unit.query(&select).await? {
                    let member = Member::from_query_result(&row, "")?;
                    let record = of_kind.get(&member.record_id);
                    if let (Some(record), Some(related)) = (record, related(unit, &member)) {
                        self.related.entry(*record).or_default().push(related);
                    }
                }
            }
        }
        Ok(())
    }

    async fn read_bookings(&mut self, unit: &UnitOfWork<'_>, ids: &[AppointmentId]) -> Result<()> {
        for ids in ids.chunks(CHUNK) {
            let rows = appointment::Entity::find().filter(appointment::Column::Id.is_in(ids.iter().copied()));
            for row in unit.rows(rows).await? {
                let booking = Booking {
                    calendar: row.calendar_id,
                    contact: row.contact_id,
                    assignee: row.assignee_id,
                    attendees: Vec::new(),
                };
                self.bookings.insert(row.id, booking);
            }
            let rows = appointment_attendee::Entity::find()
                .filter(appointment_attendee::Column::AppointmentId.is_in(ids.iter().copied()))
                .order_by_asc(appointment_attendee::Column::UserId);
            for row in unit.rows(rows).await? {
                if let Some(booking) = self.bookings.get_mut(&row.appointment_id) {
                    booking.attendees.push(row.user_id);
                }
            }
        }
        Ok(())
    }

    async fn read_tasks(&mut self, unit: &UnitOfWork<'_>, ids: &[TaskId]) -> Result<()> {
        for ids in ids.chunks(CHUNK) {
            let rows = task::Entity::find().filter(task::Column::Id.is_in(ids.iter().copied()));
            let rows = unit.rows(rows).await?.into_iter();
            self.assignees.extend(rows.filter_map(|row| Some((row.id, row.assignee_id?))));
        }
        Ok(())
    }
}

/// The person of a membership; none when the follow has ended (F7).
fn related(unit: &UnitOfWork<'_>, member: &Member) -> Option<Related> {
    let relation = if member.is_owner() { Relation::Owner } else { Relation::Follower };
    (member.is_owner() || member.follows_at(unit.now())).then_some(Related {
        user: member.user_id,
        relation,
        inherits_edit: member.inherits_edit,
        muted: member.muted_at.is_some(),
    })
}

/// The owner for the policy.
pub(super) fn owner_of(row: &entity::user::Model) -> Owner {
    Owner::Assigned { active: row.active, permissions: Permissions::from_bits(row.effective_permissions) }
}
