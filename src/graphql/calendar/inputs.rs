//! What callers say of calendars, groups and blocked slots.

use async_graphql::{ID, InputObject, MaybeUndefined};

use super::availability::AvailabilityInput;
use super::types::Kind;
use crate::domain::calendar::blocked_slot::{Blocks, CreateBlockedSlot, DeleteBlockedSlot};
use crate::domain::calendar::group::{CreateCalendarGroup, DeleteCalendarGroup, RenameCalendarGroup};
use crate::domain::calendar::{
    CalendarFields, CreateCalendar, DeleteCalendar, SetCalendarMembers, UpdateCalendar,
};
use crate::domain::error::Result;
use crate::domain::patch::Patch;
use crate::graphql::id::named;
use crate::graphql::inputs::{patch, people, plain};
use crate::graphql::payload::IdempotencyInput;
use crate::graphql::scalars::DateTime;

/// A new group of calendars.
#[derive(InputObject)]
pub struct CalendarGroupCreateInput {
    /// What it is called, at most 200 characters. No other group of the account may have the name, whatever its case.
    name: String,
    #[graphql(flatten)]
    call: IdempotencyInput,
}

impl CalendarGroupCreateInput {
    pub(super) fn wish(self) -> CreateCalendarGroup {
        CreateCalendarGroup { name: self.name }
    }
}

/// Another name for a group of calendars.
#[derive(InputObject)]
pub struct CalendarGroupRenameInput {
    /// The group to rename.
    id: ID,
    /// What it is called from now on, at most 200 characters. No other group of the account may have the name, whatever its
    /// case.
    name: String,
    /// The `version` that the caller has seen. When the group has another one by now, nothing is changed, `StaleVersion` is
    /// answered, and the payload shows the group as it is. Left out, the last one wins.
    expected_version: Option<i64>,
    #[graphql(flatten)]
    call: IdempotencyInput,
}

impl CalendarGroupRenameInput {
    pub(super) fn wish(self) -> RenameCalendarGroup {
        RenameCalendarGroup {
            group: named(&self.id),
            name: self.name,
            expected_version: self.expected_version,
        }
    }
}

/// A group of calendars to delete.
#[derive(InputObject)]
pub struct CalendarGroupDeleteInput {
    /// The group to delete. Its calendars stand alone then.
    id: ID,
    /// The `version` that the caller has seen. When the group has another one by now, nothing is changed, `StaleVersion` is
    /// answered, and the payload shows the group as it is. Left out, the last one wins.
    expected_version: Option<i64>,
    #[graphql(flatten)]
    call: IdempotencyInput,
}

impl CalendarGroupDeleteInput {
    pub(super) fn wish(&self) -> DeleteCalendarGroup {
        DeleteCalendarGroup { group: named(&self.id), expected_version: self.expected_version }
    }
}

/// A new calendar.
#[derive(InputObject)]
pub struct CalendarCreateInput {
    /// What it is called, at most 200 characters. Others may have the same name.
    name: String,
    /// The IANA time zone in whose clocks its availability is meant, such as `Europe/Berlin`.
    zone: String,
    /// What it is for, at most 2,000 characters.
    description: Option<String>,
    /// The group that it is in. It stands alone when this is null or left out.
    group_id: Option<ID>,
    /// How it finds whom it books. `ROUND_ROBIN` when left out.
    kind: Option<Kind>,
    /// How long a slot is, in minutes: 5 to 1,440. 30 when left out.
    slot_minutes: Option<i32>,
    /// For how many minutes before an appointment its assignee cannot be booked: 0 to 720. 0 when left out.
    buffer_before_minutes: Option<i32>,
    /// For how many minutes after an appointment its assignee cannot be booked: 0 to 720. 0 when left out.
    buffer_after_minutes: Option<i32>,
    /// How many minutes ahead a slot is booked at the latest: 0 to 525,600, which is a year. 0 when left out.
    minimum_notice_minutes: Option<i32>,
    /// When it is open. From Monday to Friday, 09:00 to 17:00, when left out.
    availability: Option<AvailabilityInput>,
    /// Whether an appointment is `CONFIRMED` as soon as it is booked. On when left out.
    auto_confirm: Option<bool>,
    /// How many appointments fit into one slot of one member: 1 to 1,000, and more than 1 only with the kind `CLASS`. 1
    /// when left out.
    seats: Option<i32>,
    /// Whether booking makes the member who is booked the owner of the contact, where the person who books may change it.
    /// Off when left out.
    gives_contact: Option<bool>,
    /// Whether a contact that has an owner keeps that one, even when `givesContact` is on. Off when left out.
    keeps_owner: Option<bool>,
    /// Who can be booked in it, whoever is booked first in front: at most 100 active people of the account, and at most one
    /// with the kind `PERSONAL`. A restricted caller must be among them: they would not see what they made.
    #[graphql(default)]
    member_ids: Vec<ID>,
    #[graphql(flatten)]
    call: IdempotencyInput,
}

impl CalendarCreateInput {
    pub(super) fn wish(self) -> Result<CreateCalendar> {
        let members = people(&self.member_ids, "memberIds")?;
        let given = |text: Option<String>| text.map_or(Patch::Keep, Patch::Set);
        let fields = CalendarFields {
            group: self.group_id.map_or(Patch::Keep, |id| Patch::Set(named(&id))),
            name: Patch::Set(self.name),
            description: given(self.description),
            kind: self.kind.map(Into::into),
            zone: Patch::Set(self.zone),
            slot: self.slot_minutes,
            buffer_before: self.buffer_before_minutes,
            buffer_after: self.buffer_after_minutes,
            minimum_notice: self.minimum_notice_minutes,
            availability: self.availability.map(AvailabilityInput::decode),
            auto_confirm: self.auto_confirm,
            seats: self.seats,
            gives_contact: self.gives_contact,
            keeps_owner: self.keeps_owner,
        };
        Ok(CreateCalendar { fields, members })
    }
}

/// Changes of a calendar. What is left out stays as it is, and so does what has no empty value and is null. Its members are
/// set with `calendarSetMembers`.
#[derive(InputObject)]
pub struct CalendarUpdateInput {
    /// The calendar to change.
    id: ID,
    /// What it is called, at most 200 characters; not null.
    name: MaybeUndefined<String>,
    /// The IANA time zone in whose clocks its availability is meant, such as `Europe/Berlin`; not null. Appointments that
    /// are there stay at their instants.
    zone: MaybeUndefined<String>,
    /// What it is for, at most 2,000 characters. Null empties it.
    description: MaybeUndefined<String>,
    /// The group that it is in. Null lets it stand alone.
    group_id: MaybeUndefined<ID>,
    /// How it finds whom it books. A calendar that is no `CLASS` any more has one seat.
    kind: Option<Kind>,
    /// How long a slot is, in minutes: 5 to 1,440. Appointments that are there stay as long as they are.
    slot_minutes: Option<i32>,
    /// For how many minutes before an appointment its assignee cannot be booked: 0 to 720. Appointments that are there keep
    /// theirs.
    buffer_before_minutes: Option<i32>,
    /// For how many minutes after an appointment its assignee cannot be booked: 0 to 720. Appointments that are there keep
    /// theirs.
    buffer_after_minutes: Option<i32>,
    /// How many minutes ahead a slot is booked at the latest: 0 to 525,600, which is a year.
    minimum_notice_minutes: Option<i32>,
    /// When it is open, in the place of all that was said before.
    availability: Option<AvailabilityInput>,
    /// Whether an appointment is `CONFIRMED` as soon as it is booked.
    auto_confirm: Option<bool>,
    /// How many appointments fit into one slot of one member: 1 to 1,000, and more than 1 only with the kind `CLASS`.
    seats: Option<i32>,
    /// Whether booking makes the member who is booked the owner of the contact, where the person who books may change it.
    gives_contact: Option<bool>,
    /// Whether a contact that has an owner keeps that one, even when `givesContact` is on.
    keeps_owner: Option<bool>,
    /// The `version` that the caller has seen. When the calendar has another one by now, nothing is changed, `StaleVersion`
    /// is answered, and the payload shows the calendar as it is. Left out, the last one wins.
    expected_version: Option<i64>,
    #[graphql(flatten)]
    call: IdempotencyInput,
}

impl CalendarUpdateInput {
    pub(super) fn wish(self) -> UpdateCalendar {
        let fields = CalendarFields {
            group: patch(self.group_id, |id| named(&id)),
            name: plain(self.name),
            description: plain(self.description),
            kind: self.kind.map(Into::into),
            zone: plain(self.zone),
            slot: self.slot_minutes,
            buffer_before: self.buffer_before_minutes,
            buffer_after: self.buffer_after_minutes,
            minimum_notice: self.minimum_notice_minutes,
            availability: self.availability.map(AvailabilityInput::decode),
            auto_confirm: self.auto_confirm,
            seats: self.seats,
            gives_contact: self.gives_contact,
            keeps_owner: self.keeps_owner,
        };
        UpdateCalendar { calendar: named(&self.id), fields, expected_version: self.expected_version }
    }
}

/// The members of a calendar.
#[derive(InputObject)]
pub struct CalendarSetMembersInput {
    /// The calendar whose members are set.
    id: ID,
    /// All its members, whoever is booked first in front: at most 100, and at most one with the kind `PERSONAL`. Whoever is
    /// added must be active; a member who has left may stay.
    member_ids: Vec<ID>,
    /// The `version` that the caller has seen. When the calendar has another one by now, nothing is changed, `StaleVersion`
    /// is answered, and the payload shows the calendar as it is. Left out, the last one wins.
    expected_version: Option<i64>,
    #[graphql(flatten)]
    call: IdempotencyInput,
}

impl CalendarSetMembersInput {
    pub(super) fn calendar(&self) -> entity::CalendarId {
        named(&self.id)
    }

    pub(super) fn wish(&self) -> Result<SetCalendarMembers> {
        Ok(SetCalendarMembers {
            calendar: self.calendar(),
            members: people(&self.member_ids, "memberIds")?,
            expected_version: self.expected_version,
        })
    }
}

/// A calendar to delete.
#[derive(InputObject)]
pub struct CalendarDeleteInput {
    /// The calendar to delete. Its appointments stay.
    id: ID,
    /// The `version` that the caller has seen. When the calendar has another one by now, nothing is changed, `StaleVersion`
    /// is answered, and the payload shows the calendar as it is. Left out, the last one wins.
    expected_version: Option<i64>,
    #[graphql(flatten)]
    call: IdempotencyInput,
}

impl CalendarDeleteInput {
    pub(super) fn wish(&self) -> DeleteCalendar {
        DeleteCalendar { calendar: named(&self.id), expected_version: self.expected_version }
    }
}

/// A time to block, of a person or of a calendar.
#[derive(InputObject)]
pub struct BlockedSlotCreateInput {
    /// Who cannot be booked in any calendar. Give either this or `calendarId`.
    user_id: Option<ID>,
    /// The calendar in which nobody can be booked. Give either this or `userId`.
    calendar_id: Option<ID>,
    /// When it begins.
    starts_at: DateTime,
    /// When it ends, later than `startsAt` and not yet over; this instant can be booked.
    ends_at: DateTime,
    /// The IANA time zone that it is meant in, to show it by its clocks. That of the calendar, or `UTC`, when left out.
    zone: Option<String>,
    /// What it is for, at most 200 characters, such as `Holiday`. Whoever sees the blocked slot reads it.
    title: Option<String>,
    #[graphql(flatten)]
    call: IdempotencyInput,
}

impl BlockedSlotCreateInput {
    pub(super) fn wish(self) -> CreateBlockedSlot {
        let blocks = match (self.user_id, self.calendar_id) {
            (Some(user), None) => Blocks::Person(named(&user)),
            (None, Some(calendar)) => Blocks::Calendar(named(&calendar)),
            _ => Blocks::Unclear,
        };
        CreateBlockedSlot {
            blocks,
            starts_at: self.starts_at.0,
            ends_at: self.ends_at.0,
            zone: self.zone,
            title: self.title,
        }
    }
}

/// A blocked slot to delete.
#[derive(InputObject)]
pub struct BlockedSlotDeleteInput {
    /// The blocked slot to delete. Its time can be booked again.
    id: ID,
    #[graphql(flatten)]
    call: IdempotencyInput,
}

impl BlockedSlotDeleteInput {
    pub(super) fn wish(&self) -> DeleteBlockedSlot {
        DeleteBlockedSlot { slot: named(&self.id) }
    }
}
