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
        }
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
