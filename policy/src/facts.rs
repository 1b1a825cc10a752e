//! What a decision on one record needs to know of it.

use crate::Permissions;

/// How the actor is related to a record, or to a saved view. An ended follow is none (F7).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Relation {
    /// Owns it.
    Owner,
    /// Follows it.
    Follower,
    /// It is shared with the account that they are in. Only saved views are.
    Reader,
}

/// How the actor is tied to a calendar, an appointment, a blocked slot, a note or a task, beside whatever its record is to
/// them. One may be several of these at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tie {
    /// The appointment, or the blocked time, is theirs to hold; the task is theirs to do.
    Assignee,
    /// Takes part in the appointment beside its assignee.
    Attendee,
    /// Is a member of the calendar (C1).
    Member,
    /// Wrote the note (R5).
    Author,
}

/// The ties of one actor to one thing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ties {
    /// [`Tie::Assignee`].
    pub assignee: bool,
    /// [`Tie::Attendee`].
    pub attendee: bool,
    /// [`Tie::Member`].
    pub member: bool,
    /// [`Tie::Author`].
    pub author: bool,
}

impl Ties {
    /// No tie at all.
    pub const NONE: Self = Self { assignee: false, attendee: false, member: false, author: false };

    /// Whether `tie` is among them.
    #[must_use]
    pub const fn has(self, tie: Tie) -> bool {
        match tie {
            Tie::Assignee => self.assignee,
            Tie::Attendee => self.attendee,
            Tie::Member => self.member,
            Tie::Author => self.author,
        }
    }
}

/// The owner of a record, as far as it matters to others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner {
    /// Nobody.
    Unassigned,
    /// Somebody.
    Assigned {
        /// Whether that person is active.
        active: bool,
        /// What that person holds; nothing when inactive.
        permissions: Permissions,
    },
}

/// Whom a change of owner would put in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Wish {
    /// Nobody: the owner is cleared.
    Nobody,
    /// The actor.
    Oneself,
    /// Somebody else.
    Another,
}

/// What is linked to a record while `separateOwners` is off (O3).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// For an opportunity: its contact.
    pub contact: Option<Box<Facts>>,
    /// Whether the actor follows an opportunity that the change would reach.
    pub follows_reached: bool,
}

/// What is known of one record and one actor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    /// The actor's relation.
    pub relation: Option<Relation>,
    /// Whether the actor's follow inherits the owner's edit (A2).
    pub follow_inherits: bool,
    /// The owner.
    pub owner: Owner,
    /// Whom the change would put in; only `ChangeOwner` asks.
    pub wish: Wish,
    /// Present in linked mode, for `ChangeOwner`.
    pub link: Option<Link>,
    /// For calendars, appointments, blocked slots, notes and tasks: how the actor is tied to it.
    pub ties: Ties,
    /// For an appointment, a note or a task on a contact: that contact (C3, R5).
    pub contact: Option<Box<Facts>>,
    /// For a note or a task on an opportunity: that opportunity (R5).
    pub opportunity: Option<Box<Facts>>,
}

impl Facts {
    /// Of something that has neither owner nor followers, or is not there yet.
    #[must_use]
    pub const fn none() -> Self {
        Self {
            relation: None,
            follow_inherits: false,
            owner: Owner::Unassigned,
            wish: Wish::Nobody,
            link: None,
            ties: Ties::NONE,
            contact: None,
            opportunity: None,
        }
    }

    /// Of a calendar or a blocked slot, to which the actor has these ties.
    #[must_use]
    pub fn tied(ties: Ties) -> Self {
        Self { ties, ..Self::none() }
    }

    /// Of an appointment, to which the actor has these ties, with what is known of its contact.
    #[must_use]
    pub fn appointment(ties: Ties, contact: Self) -> Self {
        Self { ties, contact: Some(Box::new(contact)), ..Self::none() }
    }

    /// Of a note or a task on a contact, to which the actor has these ties, with what is known of that contact.
    #[must_use]
    pub fn on_contact(ties: Ties, contact: Self) -> Self {
        Self { ties, contact: Some(Box::new(contact)), ..Self::none() }
    }

    /// Of a note or a task on an opportunity, to which the actor has these ties, with what is known of that opportunity.
    #[must_use]
    pub fn on_opportunity(ties: Ties, opportunity: Self) -> Self {
        Self { ties, opportunity: Some(Box::new(opportunity)), ..Self::none() }
    }

    /// The same facts with another wish, down to the linked contact.
    #[must_use]
    pub fn wishing(&self, wish: Wish) -> Self {
        let mut facts = self.clone();
        facts.wish = wish;
        if let Some(contact) = facts.link.as_mut().and_then(|link| link.contact.as_mut()) {
            contact.wish = wish;
        }
        facts
    }
}
