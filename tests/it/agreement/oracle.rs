//! A1 to A6 and O3 as the specification words them, written a second time on purpose: in plain Rust, over what the
//! test knows of its world, without the tables of the policy.

use entity::UserId;
use policy::Permission::{
    ChangeOwners, DeleteContacts, DeleteOpportunities, EditContacts, EditOpportunities, ViewContacts,
    ViewOpportunities,
};
use policy::{Action, Permission, Permissions, Wish};
use retinue::domain::record::RecordRef;

/// A person as the test made them.
#[derive(Clone, Debug)]
pub struct Somebody {
    /// None for the command line.
    pub user: Option<UserId>,
    pub admin: bool,
    pub restricted: bool,
    pub active: bool,
    pub granted: Permissions,
}

/// A follow as the test made it.
#[derive(Clone, Copy, Debug)]
pub struct Follow {
    pub user: UserId,
    pub inherits: bool,
    pub ended: bool,
}

/// A record as the test made it.
#[derive(Clone, Debug)]
pub struct Thing {
    pub record: RecordRef,
    pub contact: RecordRef,
    pub owner: Option<UserId>,
    pub follows: Vec<Follow>,
}

/// Everything that the rules depend on.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    pub separate: bool,
    pub people: Vec<Somebody>,
    pub things: Vec<Thing>,
}

impl Somebody {
    // P2
    pub fn holds(&self, permission: Permission) -> bool {
        self.active && (self.admin || self.granted.holds(permission))
    }
}

impl Thing {
    pub fn is_followed_by(&self, somebody: &Somebody) -> bool {
        self.follow_of(somebody).is_some()
    }

    pub fn is_owned_by(&self, somebody: &Somebody) -> bool {
        self.owner.is_some() && self.owner == somebody.user
    }

    fn follow_of(&self, somebody: &Somebody) -> Option<&Follow> {
        // F7: an ended follow is no follow.
        self.follows.iter().find(|follow| Some(follow.user) == somebody.user && !follow.ended)
    }

    pub fn is_contact(&self) -> bool {
        matches!(self.record, RecordRef::Contact(_))
    }
}

impl Facts {
    pub fn thing(&self, record: RecordRef) -> &Thing {
        self.things.iter().find(|thing| thing.record == record).expect("a known record")
    }

    pub fn somebody(&self, user: UserId) -> &Somebody {
        self.people.iter().find(|somebody| somebody.user == Some(user)).expect("a known person")
    }

    /// What the specification says.
    pub fn may(&self, who: &Somebody, thing: &Thing, action: Action, wish: Wish) -> bool {
        match action {
            Action::View => self.may_view(who, thing),
            Action::Edit | Action::ManageFollowers => self.may_edit(who, thing),
            Action::RemoveFollowers => self.may_view(who, thing) && Self::may_edit_at_all(who, thing),
            // A3
            Action::Delete | Action::Restore => {
                self.may_view(who, thing) && Self::may_delete_at_all(who, thing)
            }
            Action::Unfollow => self.may_view(who, thing),
            Action::ChangeOwner => self.may_change_owner(who, thing, wish),
            other => unreachable!("{other} is not asked of a record"),
        }
    }

    // A1: the module's VIEW, and (admin, or not restricted, or related).
    pub fn may_view(&self, who: &Somebody, thing: &Thing) -> bool {
        let view = if thing.is_contact() { ViewContacts } else { ViewOpportunities };
        let related = thing.is_owned_by(who) || thing.is_followed_by(who);
        who.holds(view) && (who.admin || !who.restricted || related)
    }

    fn may_edit_at_all(who: &Somebody, thing: &Thing) -> bool {
        who.holds(if thing.is_contact() { EditContacts } else { EditOpportunities })
    }

    fn may_delete_at_all(who: &Somebody, thing: &Thing) -> bool {
        who.holds(if thing.is_contact() { DeleteContacts } else { DeleteOpportunities })
    }

    // A2
    pub fn may_edit(&self, who: &Somebody, thing: &Thing) -> bool {
        if !self.may_view(who, thing) {
            return false;
        }
        if Self::may_edit_at_all(who, thing) {
            return true;
        }
        let owner_may = thing.owner.is_some_and(|owner| {
            let owner = self.somebody(owner);
            owner.active && Self::may_edit_at_all(owner, thing)
        });
        owner_may && thing.follow_of(who).is_some_and(|follow| follow.inherits)
    }

    // A5, first match wins.
    pub fn may_change_owner_alone(&self, who: &Somebody, thing: &Thing, wish: Wish) -> bool {
        if !self.may_view(who, thing) {
            return false;
        }
        if who.admin || (thing.is_owned_by(who) && self.may_edit(who, thing)) {
            return true;
        }
        if thing.is_followed_by(who) {
            return false;
        }
        let claims = thing.owner.is_none() && Self::may_edit_at_all(who, thing) && wish == Wish::Oneself;
        who.holds(ChangeOwners) || claims
    }

    // O3: A5 on the contact and on the record named; whoever follows one that it would reach is refused, unless admin.
    pub fn may_change_owner(&self, who: &Somebody, thing: &Thing, wish: Wish) -> bool {
        let alone = self.may_change_owner_alone(who, thing, wish);
        if self.separate || !alone {
            return alone;
        }
        let contact = self.thing(thing.contact);
        let reached = |other: &&Thing| {
            other.contact == contact.record && !other.is_contact() && other.owner == contact.owner
        };
        let follows_one = self.things.iter().filter(reached).any(|other| other.is_followed_by(who));
        self.may_change_owner_alone(who, contact, wish) && (who.admin || !follows_one)
    }

    // A12
    pub fn may_create_contact(who: &Somebody) -> bool {
        who.holds(ViewContacts) && who.holds(EditContacts)
    }

    // A12
    pub fn may_create_opportunity(&self, who: &Somebody, contact: &Thing) -> bool {
        who.holds(ViewOpportunities) && who.holds(EditOpportunities) && self.may_view(who, contact)
    }
}
