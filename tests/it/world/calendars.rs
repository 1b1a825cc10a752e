//! Calendars of a world with their groups, members and blocked slots, written straight into the tables: what stands on
//! them need not wait for the acts that make them.
#![allow(dead_code, reason = "a builder offers what the next test needs")]

use entity::calendar::{self, Kind};
use entity::{
    BlockedSlotId, CalendarGroupId, CalendarId, Timestamp, UserId, blocked_slot, calendar_group,
    calendar_member,
};
use retinue::domain::calendar::availability::{Availability, Opening};
use retinue::domain::calendar::diary::Span;
use retinue::domain::text;
use sea_orm::{ActiveModelTrait as _, EntityTrait, IntoActiveModel as _, Set};

use super::{Person, World};

/// A calendar.
#[derive(Clone, Debug)]
pub struct Calendar {
    pub(super) world: World,
    /// Its id.
    pub id: CalendarId,
}

/// A calendar in the making.
#[derive(Clone, Debug)]
pub struct CalendarBuilder {
    world: World,
    row: calendar::Model,
    availability: Availability,
    members: Vec<(UserId, i32)>,
}

impl World {
    /// A calendar without members that is open all day, every day, in UTC, for an hour at a time; no buffers, no notice.
    pub fn calendar(&self) -> CalendarBuilder {
        let now = self.now();
        let row = calendar::Model {
            id: self.base.ids.next(),
            account_id: self.account,
            group_id: None,
            name: format!("Calendar {}", self.next_number()),
            name_key: String::new(),
            description: None,
            kind: Kind::RoundRobin,
            zone: "UTC".into(),
            slot_minutes: 60,
            buffer_before_minutes: 0,
            buffer_after_minutes: 0,
            minimum_notice_minutes: 0,
            availability: String::new(),
            auto_confirm: true,
            seats: 1,
            gives_contact: false,
            keeps_owner: false,
            version: 1,
            created_at: now,
            updated_at: now,
            deleted_at: None,
        };
        let all_day = Opening { from: 0, until: 24 * 60 };
        let availability =
            Availability { weekdays: std::array::from_fn(|_| vec![all_day]), ..Availability::default() };
        CalendarBuilder { world: self.clone(), row, availability, members: Vec::new() }
    }

    /// A group of calendars.
    pub async fn calendar_group(&self, name: &str) -> CalendarGroupId {
        let now = self.now();
        let row = calendar_group::Model {
            id: self.base.ids.next(),
            account_id: self.account,
            name: name.to_owned(),
            name_key: text::fold(name),
            version: 1,
            created_at: now,
            updated_at: now,
        };
        let id = row.id;
        let row = row.into_active_model();
        calendar_group::Entity::insert(row).exec_without_returning(&self.sql).await.expect("a group");
        id
    }

    /// The calendar with this id.
    pub fn calendar_with(&self, id: CalendarId) -> Calendar {
        Calendar { world: self.clone(), id }
    }

    async fn block(
        &self,
        user_id: Option<UserId>,
        calendar_id: Option<CalendarId>,
        time: Span,
    ) -> BlockedSlotId {
        let row = blocked_slot::Model {
            id: self.base.ids.next(),
            account_id: self.account,
            user_id,
            calendar_id,
            starts_at: time.from,
            ends_at: time.until,
            zone: "UTC".into(),
            title: Some(format!("Blocked {}", self.next_number())),
            created_by: None,
            created_at: self.now(),
        };
        let id = row.id;
        let row = row.into_active_model();
        blocked_slot::Entity::insert(row).exec_without_returning(&self.sql).await.expect("a blocked slot");
        id
    }

    /// An hour that begins this many hours after the beginning of the present one.
    pub fn hour(&self, hours: i64) -> Span {
        const HOUR: i64 = 3_600_000_000;
        let from = (self.now().0.div_euclid(HOUR) + hours) * HOUR;
        Span { from: Timestamp(from), until: Timestamp(from + HOUR) }
    }
}

impl CalendarBuilder {
    /// Is called so.
    pub fn named(mut self, name: &str) -> Self {
        self.row.name = name.to_owned();
        self
    }

    /// Is in that group.
    pub fn in_group(mut self, group: CalendarGroupId) -> Self {
        self.row.group_id = Some(group);
        self
    }

    /// Its weekdays and times of day are meant in that zone.
    pub fn in_zone(mut self, zone: &str) -> Self {
        self.row.zone = zone.to_owned();
        self
    }

    /// Has these members, the first of whom is booked first.
    pub fn of<'a>(mut self, people: impl IntoIterator<Item = &'a Person>) -> Self {
        for person in people {
            let priority = i32::try_from(self.members.len()).unwrap_or(i32::MAX);
            self.members.push((person.id, priority));
        }
        self
    }

    /// Is of one person.
    pub fn personal(mut self) -> Self {
        self.row.kind = Kind::Personal;
        self
    }

    /// Is a class with so many seats.
    pub fn seating(mut self, seats: i32) -> Self {
        self.row.kind = Kind::Class;
        self.row.seats = seats;
        self
    }

    /// Its slots have that length.
    pub fn slots_of_minutes(mut self, minutes: i32) -> Self {
        self.row.slot_minutes = minutes;
        self
    }

    /// Its assignees are busy for so many minutes before and after.
    pub fn buffered(mut self, before: i32, after: i32) -> Self {
        self.row.buffer_before_minutes = before;
        self.row.buffer_after_minutes = after;
        self
    }

    /// Has to be booked so many minutes ahead.
    pub fn noticed(mut self, minutes: i32) -> Self {
        self.row.minimum_notice_minutes = minutes;
        self
    }

    /// Is open so, and at no other time.
    pub fn open(mut self, availability: Availability) -> Self {
        self.availability = availability;
        self
    }

    /// Appointments begin as `NEW`.
    pub fn awaiting_confirmation(mut self) -> Self {
        self.row.auto_confirm = false;
        self
    }

    /// Booking gives the contact to the member.
    pub fn giving_the_contact(mut self) -> Self {
        self.row.gives_contact = true;
        self
    }

    /// Booking gives the contact to the member, unless it has an owner.
    pub fn giving_the_contact_if_unowned(mut self) -> Self {
        self.row.gives_contact = true;
        self.row.keeps_owner = true;
        self
    }

    /// Makes it. No time passes.
    pub async fn create(self) -> Calendar {
        let Self { world, mut row, availability, members } = self;
        row.name_key = text::fold(&row.name);
        row.availability = availability.written().expect("it can be written");
        let id = row.id;
        let row = row.into_active_model();
        calendar::Entity::insert(row).exec_without_returning(&world.sql).await.expect("a calendar");
        let calendar = Calendar { world, id };
        for (user, priority) in members {
            calendar.takes_in(user, priority).await;
        }
        calendar
    }
}

impl Calendar {
    /// The row.
    pub async fn row(&self) -> calendar::Model {
        let found = calendar::Entity::find_by_id(self.id).one(&self.world.sql).await;
        found.expect("the calendar is read").expect("the calendar is there")
    }

    /// Somebody becomes a member.
    pub async fn takes_in(&self, user: UserId, priority: i32) {
        let row = calendar_member::Model {
            calendar_id: self.id,
            user_id: user,
            account_id: self.world.account,
            priority,
        };
        let row = row.into_active_model();
        calendar_member::Entity::insert(row).exec_without_returning(&self.world.sql).await.expect("a member");
    }

    /// Somebody is no member any more.
    pub async fn lets_go(&self, user: UserId) {
        let gone = calendar_member::Entity::delete_by_id((self.id, user)).exec(&self.world.sql).await;
        assert_eq!(gone.expect("a member goes").rows_affected, 1);
    }

    /// Takes no more appointments.
    pub async fn closes(&self) {
        let row = calendar::ActiveModel {
            id: Set(self.id),
            deleted_at: Set(Some(self.world.now())),
            ..Default::default()
        };
        row.update(&self.world.sql).await.expect("the calendar is deleted");
    }

    /// Nobody can be booked in it then.
    pub async fn is_blocked(&self, time: Span) -> BlockedSlotId {
        self.world.block(None, Some(self.id), time).await
    }
}

impl Person {
    /// Cannot be booked in any calendar then.
    pub async fn is_blocked(&self, time: Span) -> BlockedSlotId {
        self.world.block(Some(self.id), None, time).await
    }
}
