//! A rule is a line: name, effect, acts, and what must hold.

use crate::{Action, Permission, Reason, Relation, Tie};

/// Permits or forbids. Forbid beats permit; silence refuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Grants the act when every condition holds.
    Permit,
    /// Takes it away when every condition holds.
    Forbid,
}

/// One thing that must hold for a rule to speak.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Condition {
    /// The actor holds the permission.
    Holding(Permission),
    /// The actor is an admin (true) or is not (false).
    Admin(bool),
    /// The actor is not restricted.
    Unrestricted,
    /// The actor is related to the record in one of these ways.
    RelatedAs(&'static [Relation]),
    /// The actor's follow inherits the owner's edit (A2).
    FollowInherits,
    /// The record has an active owner, who holds the permission.
    OwnerHolding(Permission),
    /// The record has no owner.
    Unassigned,
    /// The wished owner is the actor.
    NamingOneself,
    /// The actor may also do this to the same record.
    Passing(Action),
    /// Contacts and opportunities have one owner, and the actor may not do this to the record's contact (O3).
    LinkedContactRefuses(Action),
    /// Contacts and opportunities have one owner, and the actor follows one that the change would reach (O3).
    LinkedFollow,
    /// The actor is tied to the calendar, the appointment, the blocked slot, the note or the task in one of these ways.
    TiedAs(&'static [Tie]),
    /// The actor is related to the appointment's contact in one of these ways (C3).
    ContactRelatedAs(&'static [Relation]),
    /// The actor may do this to the contact of the appointment, the note or the task (C3, R5).
    ContactPasses(Action),
    /// The actor may do this to the opportunity of the note or the task (R5).
    OpportunityPasses(Action),
}

/// One line of a table.
#[derive(Clone, Debug)]
pub struct Rule {
    /// `contact.view.related`.
    pub name: &'static str,
    /// Permit or forbid.
    pub effect: Effect,
    /// The acts that it speaks of.
    pub acts: &'static [Action],
    /// All must hold.
    pub conditions: Vec<Condition>,
    /// What a refusal by this rule is called; only forbids need one.
    pub reason: Option<Reason>,
}

/// Starts a rule that grants.
pub(crate) fn permit(name: &'static str) -> Rule {
    Rule { name, effect: Effect::Permit, acts: &[], conditions: Vec::new(), reason: None }
}

/// Starts a rule that takes away.
pub(crate) fn forbid(name: &'static str) -> Rule {
    Rule { name, effect: Effect::Forbid, acts: &[], conditions: Vec::new(), reason: None }
}

impl Rule {
    pub(crate) fn to(mut self, acts: &'static [Action]) -> Self {
        self.acts = acts;
        self
    }

    pub(crate) fn holding(self, permission: Permission) -> Self {
        self.when(Condition::Holding(permission))
    }

    pub(crate) fn admin(self) -> Self {
        self.when(Condition::Admin(true))
    }

    pub(crate) fn unless_admin(self) -> Self {
        self.when(Condition::Admin(false))
    }

    pub(crate) fn unrestricted(self) -> Self {
        self.when(Condition::Unrestricted)
    }

    pub(crate) fn related_as(self, relations: &'static [Relation]) -> Self {
        self.when(Condition::RelatedAs(relations))
    }

    pub(crate) fn whose_follow_inherits(self) -> Self {
        self.when(Condition::FollowInherits)
    }

    pub(crate) fn owner_holding(self, permission: Permission) -> Self {
        self.when(Condition::OwnerHolding(permission))
    }

    pub(crate) fn unassigned(self) -> Self {
        self.when(Condition::Unassigned)
    }

    pub(crate) fn naming_oneself(self) -> Self {
        self.when(Condition::NamingOneself)
    }

    pub(crate) fn passing(self, action: Action) -> Self {
        self.when(Condition::Passing(action))
    }

    pub(crate) fn linked_contact_refuses(self, action: Action) -> Self {
        self.when(Condition::LinkedContactRefuses(action))
    }

    pub(crate) fn linked_follow(self) -> Self {
        self.when(Condition::LinkedFollow)
    }

    pub(crate) fn tied_as(self, ties: &'static [Tie]) -> Self {
        self.when(Condition::TiedAs(ties))
    }

    pub(crate) fn contact_related_as(self, relations: &'static [Relation]) -> Self {
        self.when(Condition::ContactRelatedAs(relations))
    }

    pub(crate) fn contact_passes(self, action: Action) -> Self {
        self.when(Condition::ContactPasses(action))
    }

    pub(crate) fn opportunity_passes(self, action: Action) -> Self {
        self.when(Condition::OpportunityPasses(action))
    }

    pub(crate) fn because(mut self, reason: Reason) -> Self {
        self.reason = Some(reason);
        self
    }

    fn when(mut self, condition: Condition) -> Self {
        self.conditions.push(condition);
        self
    }
}
