//! What the actor may do to records that a change holds, as things stood when it began.

use policy::{Action, Decision, Facts, Link, Relation, Wish};

use super::{Held, UnitOfWork};
use crate::domain::error::{Refusal, RefusalKind, Result};
use crate::domain::record::RecordRef;

impl UnitOfWork<'_> {
    /// Decides an act on a held record, as things stood when the change began.
    #[must_use]
    pub fn decide(&self, held: &Held, action: Action) -> Decision {
        decide(self.actor(), held.record, action, &held.standing.facts(self.now))
    }

    /// Decides a change of owner on a held record: alone, whatever is linked to it.
    #[must_use]
    pub fn decide_owner_alone(&self, held: &Held, wish: Wish) -> Decision {
        let facts = Facts { wish, ..held.standing.facts(self.now) };
        decide(self.actor(), held.record, Action::ChangeOwner, &facts)
    }

    /// Decides a change of owner with everything that is linked (O3). In linked mode the family must be held.
    ///
    /// # Errors
    /// A bug, when the contact is not held.
    pub fn decide_owner(&self, held: &Held, wish: Wish) -> Result<Decision> {
        if self.account.separate_owners {
            return Ok(self.decide_owner_alone(held, wish));
        }
        let contact = self.held(held.contact.into())?;
        let follows_reached = self.family(held.contact).any(|opportunity| {
            opportunity.first_owner() == contact.first_owner()
                && opportunity.standing.relation(self.now) == Some(Relation::Follower)
        });
        let is_contact = matches!(held.record, RecordRef::Contact(_));
        let link = Link {
            contact: (!is_contact).then(|| Box::new(contact.standing.facts(self.now))),
            follows_reached,
        };
        let facts = Facts { link: Some(link), ..held.standing.facts(self.now) }.wishing(wish);
        Ok(decide(self.actor(), held.record, Action::ChangeOwner, &facts))
    }

    /// Refuses an act that the actor may not do to a record that they may see.
    ///
    /// # Errors
    /// Permission denied, with the permission that would mend it where one alone would.
    pub fn require(&self, record: RecordRef, action: Action, field: &str) -> Result<()> {
        match self.decide(self.held(record)?, action) {
            Decision::Granted(_) => Ok(()),
            Decision::Refused(reason) => Err(Refusal::denied(field, Some(reason)).into()),
        }
    }

    /// Refuses an act on a record that has changed since the caller read it (R6).
    ///
    /// # Errors
    /// Stale version, with the current one.
    pub fn require_version(&self, record: RecordRef, expected: Option<i64>) -> Result<()> {
        let current = self.held(record)?.version;
        if expected.is_none_or(|expected| expected == current) {
            return Ok(());
        }
        let kind = RefusalKind::StaleVersion { current, record: Some(record) };
        let message = format!("the record has changed since, it has version {current}: read it again");
        Err(Refusal::new(kind, "expectedVersion", message).into())
    }
}

/// Decides by the rules of whichever record it is.
pub(in crate::domain) fn decide(
    actor: &policy::Actor,
    record: RecordRef,
    action: Action,
    facts: &Facts,
) -> Decision {
    match record {
        RecordRef::Contact(_) => policy::decide::<policy::Contact>(actor, action, facts),
        RecordRef::Opportunity(_) => policy::decide::<policy::Opportunity>(actor, action, facts),
    }
}
