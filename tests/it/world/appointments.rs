//! Appointments of a world with their attendees, written straight into the tables: nothing stands in the way of a time,
//! and nothing is told of it.
#![allow(dead_code, reason = "a builder offers what the next test needs")]

use entity::appointment::{self, Status};
use entity::{AppointmentId, UserId, appointment_attendee, calendar_member};
use retinue::domain::calendar::diary::Span;
use sea_orm::{ColumnTrait as _, EntityTrait, IntoActiveModel as _, QueryFilter as _, QueryOrder as _};

use super::{Calendar, Contact, Person, World};

/// An appointment.
#[derive(Clone, Debug)]
pub struct Appointment {
    pub(super) world: World,
    /// Its id.
    pub id: AppointmentId,
}

/// An appointment in the making.
#[derive(Clone, Debug)]
pub struct AppointmentBuilder {
    world: World,
    calendar: Calendar,
    contact: Contact,
    assignee: Option<UserId>,
    attendees: Vec<UserId>,
    time: Span,
    status: Status,
    title: Option<String>,
    overbooked: bool,
}

impl World {
    /// A confirmed appointment of the calendar's first member, in an hour that no other one made so has.
    pub fn appointment(&self, calendar: &Calendar, contact: &Contact) -> AppointmentBuilder {
        let number = self.next_number();
        AppointmentBuilder {
            world: self.clone(),
            calendar: calendar.clone(),
            contact: contact.clone(),
            assignee: None,
            attendees: Vec::new(),
            time: self.hour(24 + i64::from(number)),
            status: Status::Confirmed,
            title: Some(format!("Appointment {number}")),
            overbooked: false,
        }
    }

    /// The appointment with this id.
    pub fn appointment_with(&self, id: AppointmentId) -> Appointment {
        Appointment { world: self.clone(), id }
    }

    /// Every appointment of the account, deleted ones too, by time.
    pub async fn all_appointments(&self) -> Vec<appointment::Model> {
        let found = appointment::Entity::find()
            .filter(appointment::Column::AccountId.eq(self.account))
            .order_by_asc(appointment::Column::StartsAt)
            .order_by_asc(appointment::Column::Id)
            .all(&self.sql)
            .await;
        found.expect("the appointments are read")
    }
}

impl AppointmentBuilder {
    /// Takes the time of this person, member or not.
    pub fn of(mut self, assignee: &Person) -> Self {
        self.assignee = Some(assignee.id);
        self
    }

    /// Has this attendee.
    pub fn attended_by(mut self, attendee: &Person) -> Self {
        self.attendees.push(attendee.id);
        self
    }

    /// Is at that time.
    pub fn at(mut self, time: Span) -> Self {
        self.time = time;
        self
    }

    /// Stands so.
    pub fn with_status(mut self, status: Status) -> Self {
        self.status = status;
        self
    }

    /// Is called so.
    pub fn titled(mut self, title: &str) -> Self {
        self.title = Some(title.to_owned());
        self
    }

    /// Was booked against whatever stood in the way.
    pub fn overbooked(mut self) -> Self {
        self.overbooked = true;
        self
    }

    /// Makes it. A second passes.
    pub async fn create(self) -> Appointment {
        const MINUTE: i64 = 60_000_000;
        let world = self.world;
        let calendar = self.calendar.row().await;
        let assignee_id = match self.assignee {
            Some(assignee) => assignee,
            None => self.calendar.first_member().await,
        };
        let now = world.now();
        let before = i64::from(calendar.buffer_before_minutes) * MINUTE;
        let after = i64::from(calendar.buffer_after_minutes) * MINUTE;
        let row = appointment::Model {
            id: world.base.ids.next(),
            account_id: world.account,
            calendar_id: calendar.id,
            contact_id: self.contact.id,
            assignee_id,
            title: self.title,
            location: None,
            description: None,
            status: self.status,
            starts_at: self.time.from,
            ends_at: self.time.until,
            busy_from: entity::Timestamp(self.time.from.0 - before),
            busy_until: entity::Timestamp(self.time.until.0 + after),
            zone: calendar.zone,
            overbooked: self.overbooked,
            booked_by: None,
            version: 1,
            created_at: now,
            updated_at: now,
            deleted_at: None,
            deletion_id: None,
        };
        let id = row.id;
        let row = row.into_active_model();
        appointment::Entity::insert(row).exec_without_returning(&world.sql).await.expect("an appointment");
        for user_id in self.attendees {
            let row = appointment_attendee::Model { appointment_id: id, user_id, account_id: world.account };
            let row = row.into_active_model();
            let added = appointment_attendee::Entity::insert(row).exec_without_returning(&world.sql).await;
            added.expect("an attendee");
        }
        world.clock.advance_seconds(1);
        Appointment { world, id }
    }
}

impl Calendar {
    async fn first_member(&self) -> UserId {
        let found = calendar_member::Entity::find()
            .filter(calendar_member::Column::CalendarId.eq(self.id))
            .order_by_asc(calendar_member::Column::Priority)
            .one(&self.world.sql)
            .await;
        found.expect("the members are read").expect("a calendar with a member, or an assignee").user_id
    }
}

impl Appointment {
    /// The row.
    pub async fn row(&self) -> appointment::Model {
        let found = appointment::Entity::find_by_id(self.id).one(&self.world.sql).await;
        found.expect("the appointment is read").expect("the appointment is there")
    }

    /// Its attendees, by id.
    pub async fn attendees(&self) -> Vec<UserId> {
        let found = appointment_attendee::Entity::find()
            .filter(appointment_attendee::Column::AppointmentId.eq(self.id))
            .order_by_asc(appointment_attendee::Column::UserId)
            .all(&self.world.sql)
            .await;
        found.expect("the attendees are read").into_iter().map(|row| row.user_id).collect()
    }

    /// The kinds of what happened to it, oldest first.
    pub async fn activity(&self) -> Vec<String> {
        let found = entity::activity::Entity::find()
            .filter(entity::activity::Column::AppointmentId.eq(self.id))
            .order_by_asc(entity::activity::Column::Id)
            .all(&self.world.sql)
            .await;
        found.expect("the history is read").into_iter().map(|entry| entry.kind).collect()
    }
}
