//! C1, C3, C4, C5, C7 and C9 as the specification words them, written a second time on purpose: in plain Rust, over what
//! the test knows of its world, without the tables of the policy.

use policy::Permission::{ManageAppointments, ManageCalendars, ViewCalendars, ViewContacts};
use policy::{Action, Permission, Permissions};

/// A person as the test made them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Who {
    pub admin: bool,
    /// `onlyAssignedData`; it says nothing of an admin.
    pub flag: bool,
    pub granted: Permissions,
}

/// How somebody is related to a contact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Related {
    Stranger,
    Owner,
    Follower,
    /// Their follow has ended: F7.
    FollowedOnce,
}

/// How one person and one appointment stand to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Case {
    pub contact: Related,
    /// Follows an opportunity of its contact.
    pub follows_opportunity: bool,
    pub assignee: bool,
    pub attendee: bool,
    /// Of its calendar.
    pub member: bool,
}

impl Related {
    pub const ALL: [Self; 4] = [Self::Stranger, Self::Owner, Self::Follower, Self::FollowedOnce];

    // §1: owner or follower of that record; F7: an ended follow is no follow.
    const fn is_related(self) -> bool {
        matches!(self, Self::Owner | Self::Follower)
    }
}

impl Case {
    /// Somebody who has nothing to do with it.
    pub const NOBODY: Self = Self {
        contact: Related::Stranger,
        follows_opportunity: false,
        assignee: false,
        attendee: false,
        member: false,
    };

    /// Every combination.
    pub fn all() -> Vec<Self> {
        let mut all = Vec::new();
        for contact in Related::ALL {
            for bits in 0..16_u8 {
                let has = |bit: u8| bits & bit != 0;
                all.push(Self {
                    contact,
                    follows_opportunity: has(1),
                    assignee: has(2),
                    attendee: has(4),
                    member: has(8),
                });
            }
        }
        all
    }
}

impl Who {
    /// Every combination of role, flag and what bears on appointments.
    pub fn all() -> Vec<Self> {
        let mut all = Vec::new();
        for (admin, flag) in [(false, false), (false, true), (true, false), (true, true)] {
            for bits in 0..16_u8 {
                let permissions = [ViewCalendars, ManageAppointments, ManageCalendars, ViewContacts];
                let held = permissions.into_iter().enumerate().filter(|(place, _)| bits & (1 << place) != 0);
                all.push(Self { admin, flag, granted: held.map(|(_, permission)| permission).collect() });
            }
        }
        all
    }

    // P2
    fn holds(self, permission: Permission) -> bool {
        self.admin || self.granted.holds(permission)
    }

    // §1: role `USER` with the flag on.
    const fn is_restricted(self) -> bool {
        self.flag && !self.admin
    }

    // A1
    pub fn may_view_contact(self, related: Related) -> bool {
        self.holds(ViewContacts) && (self.admin || !self.is_restricted() || related.is_related())
    }

    // C1: admin, or not restricted, or member.
    const fn has_calendar_access(self, member: bool) -> bool {
        self.admin || !self.is_restricted() || member
    }

    // C9
    pub fn may_view_calendar(self, member: bool) -> bool {
        self.holds(ViewCalendars) && self.has_calendar_access(member)
    }

    // C5, but for the contact.
    pub fn may_book_in(self, member: bool) -> bool {
        self.holds(ViewCalendars) && self.holds(ManageAppointments) && self.has_calendar_access(member)
    }

    // C5
    pub fn may_book(self, member: bool, contact: Related) -> bool {
        self.may_book_in(member) && self.may_view_contact(contact)
    }

    // C3
    pub fn may_view(self, case: Case) -> bool {
        let by_contact = case.contact.is_related() && self.may_view_contact(case.contact);
        let tied = case.assignee || case.attendee || by_contact;
        self.holds(ViewCalendars) && (self.admin || !self.is_restricted() || tied)
    }

    // C4
    pub fn may_manage(self, case: Case) -> bool {
        let access = self.has_calendar_access(case.member) || case.assignee;
        self.may_view(case) && self.holds(ManageAppointments) && access
    }

    /// What the specification says of an appointment.
    pub fn may(self, action: Action, case: Case) -> bool {
        match action {
            Action::View => self.may_view(case),
            Action::Edit | Action::Delete | Action::Restore => self.may_manage(case),
            // C4: moving it to another calendar needs access to both; this is the one that it leaves.
            Action::ChangeCalendar => self.may_manage(case) && self.has_calendar_access(case.member),
            // C7
            Action::Overbook => self.may_manage(case) && self.holds(ManageCalendars),
            other => unreachable!("{other} is not asked of an appointment"),
        }
    }

    /// What it says of a calendar.
    pub fn may_in_calendar(self, action: Action, member: bool) -> bool {
        match action {
            Action::View => self.may_view_calendar(member),
            Action::Book => self.may_book_in(member),
            // C7
            Action::Overbook => self.may_book_in(member) && self.holds(ManageCalendars),
            Action::Edit | Action::Delete => self.may_view_calendar(member) && self.holds(ManageCalendars),
            other => unreachable!("{other} is not asked of a calendar"),
        }
    }
}

// C6
#[test]
fn the_table_has_every_combination() {
    let (people, cases) = (Who::all(), Case::all());
    // Two roles, the flag, four permissions; three relations and the ended one, and four ties.
    assert_eq!((people.len(), cases.len()), (64, 64));
    for (place, who) in people.iter().enumerate() {
        assert!(!people[..place].contains(who), "{who:?} twice");
    }
    for (place, case) in cases.iter().enumerate() {
        assert!(!cases[..place].contains(case), "{case:?} twice");
    }
}

// C3, C4: lines that a reader of the specification would look up first.
#[test]
fn the_oracle_says_what_is_written() {
    let everything = [ViewCalendars, ManageAppointments, ManageCalendars, ViewContacts];
    let restricted = Who { admin: false, flag: true, granted: everything.into_iter().collect() };
    let member = Case { member: true, ..Case::NOBODY };
    assert!(!restricted.may_view(member), "membership alone shows nothing");
    let of_deal = Case { follows_opportunity: true, ..member };
    assert!(!restricted.may_view(of_deal), "nor does an opportunity");
    let follower = Case { contact: Related::Follower, ..Case::NOBODY };
    assert!(restricted.may_view(follower) && !restricted.may_manage(follower), "sees and cannot touch");
    let tied = Case { member: true, ..follower };
    assert!(restricted.may_manage(tied), "who follows and is a member manages");
    let without_contacts = Who { granted: restricted.granted.without(ViewContacts), ..restricted };
    assert!(!without_contacts.may_view(follower), "related to its contact and able to view it");
    assert!(without_contacts.may_view(Case { attendee: true, ..Case::NOBODY }));
    assert!(Who { admin: true, ..restricted }.may_manage(Case::NOBODY), "admins are never restricted");
}
