//! The rules of calendars, their groups, and blocked slots (C1, C5, C7, C9).

use std::sync::LazyLock;

use entity::{BlockedSlotId, CalendarId};

use crate::Action::{Book, Create, Delete, Edit, Manage, Overbook, View};
use crate::Permission::{ManageAppointments, ManageCalendars, ViewCalendars};
use crate::Tie::{Assignee, Member};
use crate::rule::permit;
use crate::{Resource, Rule, Tied, TiedColumns};

/// A calendar.
#[derive(Debug)]
pub struct Calendar;

/// A group of calendars: a name to find them by, which tells nothing of them.
#[derive(Debug)]
pub struct CalendarGroup;

/// A time that a person or a calendar cannot be booked in.
#[derive(Debug)]
pub struct BlockedSlot;

static OF_CALENDARS: LazyLock<Vec<Rule>> = LazyLock::new(|| {
    vec![
        // C1, C9
        permit("calendar.view.unrestricted").to(&[View]).holding(ViewCalendars).unrestricted(),
        permit("calendar.view.member").to(&[View]).holding(ViewCalendars).tied_as(&[Member]),
        // C5; that the contact can be viewed is asked of the contact.
        permit("calendar.book").to(&[Book]).passing(View).holding(ManageAppointments),
        // C7
        permit("calendar.overbook").to(&[Overbook]).passing(Book).holding(ManageCalendars),
        permit("calendar.manage").to(&[Edit, Delete]).passing(View).holding(ManageCalendars),
        permit("calendar.create").to(&[Create]).holding(ViewCalendars).holding(ManageCalendars),
    ]
});

static OF_GROUPS: LazyLock<Vec<Rule>> = LazyLock::new(|| {
    vec![
        permit("calendar_group.view").to(&[View]).holding(ViewCalendars),
        permit("calendar_group.manage").to(&[Manage]).passing(View).holding(ManageCalendars),
    ]
});

static OF_BLOCKED_SLOTS: LazyLock<Vec<Rule>> = LazyLock::new(|| {
    vec![
        permit("blocked_slot.view.unrestricted").to(&[View]).holding(ViewCalendars).unrestricted(),
        permit("blocked_slot.view.tied").to(&[View]).holding(ViewCalendars).tied_as(&[Assignee, Member]),
        permit("blocked_slot.manage").to(&[Create, Delete]).passing(View).holding(ManageCalendars),
        // One's own time is one's own to block.
        permit("blocked_slot.manage.own")
            .to(&[Create, Delete])
            .passing(View)
            .holding(ManageAppointments)
            .tied_as(&[Assignee]),
    ]
});

impl Resource for Calendar {
    const NAME: &'static str = "calendar";
    fn rules() -> &'static [Rule] {
        &OF_CALENDARS
    }
}

impl Tied for Calendar {
    type Id = CalendarId;
    const COLUMNS: TiedColumns = TiedColumns { calendar: Some("id"), ..TiedColumns::of("calendar") };
}

impl Resource for CalendarGroup {
    const NAME: &'static str = "calendar_group";
    fn rules() -> &'static [Rule] {
        &OF_GROUPS
    }
}

impl Resource for BlockedSlot {
    const NAME: &'static str = "blocked_slot";
    fn rules() -> &'static [Rule] {
        &OF_BLOCKED_SLOTS
    }
}

impl Tied for BlockedSlot {
    type Id = BlockedSlotId;
    const COLUMNS: TiedColumns = TiedColumns {
        calendar: Some("calendar_id"),
        assignee: Some("user_id"),
        ..TiedColumns::of("blocked_slot")
    };
}
