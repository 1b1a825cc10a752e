//! Records that a change holds, with the standing of the actor as it began.

use entity::opportunity::Status;
use entity::{ContactId, DeletionId, PipelineId, StageId, Timestamp, UserId};
use policy::Owner;

use super::UnitOfWork;
use crate::domain::access::Standing;
use crate::domain::error::{Error, Result};
use crate::domain::ownership::roster::Roster;
use crate::domain::record::RecordRef;

/// What totals and stages need to know of an opportunity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deal {
    /// Its pipeline.
    pub pipeline: PipelineId,
    /// Its stage.
    pub stage: StageId,
    /// How it stands.
    pub status: Status,
    /// What it is worth, in minor units.
    pub value_minor: Option<i64>,
}

/// A record that the change holds.
#[derive(Clone, Debug)]
pub struct Held {
    /// Which.
    pub record: RecordRef,
    /// The contact that it is, or belongs to.
    pub contact: ContactId,
    /// The owner, as the change leaves it.
    pub owner: Option<UserId>,
    /// The version, as the change leaves it so far: owner, stage and deletion raise it at the end.
    pub version: i64,
    /// When it last changed, as the change leaves it.
    pub updated_at: Timestamp,
    /// How actor and owner stood to it when the change began.
    pub standing: Standing,
    /// Whether the actor could edit it when the change began, or makes it (A2).
    pub actor_could_edit: bool,
    /// Owner and followers.
    pub roster: Roster,
    /// For an opportunity: where and how it stands, as the change leaves it. Another stage is written at the end; status
    /// and value are written by whoever changes them, and said here for the totals.
    pub deal: Option<Deal>,
    /// The deletion that it is under, as the change leaves it (R4).
    pub deletion: Option<DeletionId>,
    pub(super) first: First,
}

/// What a record was before the change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct First {
    pub made: bool,
    pub owner: Option<UserId>,
    pub deal: Option<Deal>,
    pub deletion: Option<DeletionId>,
    pub version: i64,
}

impl Held {
    /// A record that the change makes; `deal` says where an opportunity starts.
    #[must_use]
    pub fn made(
        record: RecordRef,
        contact: ContactId,
        owner: Option<UserId>,
        updated_at: Timestamp,
        deal: Option<Deal>,
    ) -> Self {
        Self {
            record,
            contact,
            owner,
            version: 1,
            updated_at,
            standing: Standing { mine: None, owner: Owner::Unassigned },
            actor_could_edit: true,
            roster: Roster::empty(record),
            deal,
            deletion: None,
            first: First { made: true, owner, deal: None, deletion: None, version: 1 },
        }
    }

    /// Whether there is an owner who is active. A new one was checked when it was put in (O8).
    #[must_use]
    pub fn active_owner(&self) -> Option<UserId> {
        match (self.owner, self.standing.owner) {
            (Some(owner), Owner::Assigned { active: false, .. }) if self.first.owner == Some(owner) => None,
            (owner, _) => owner,
        }
    }

    /// Whether the change makes it.
    #[must_use]
    pub const fn is_made(&self) -> bool {
        self.first.made
    }

    /// The owner before the change.
    #[must_use]
    pub const fn first_owner(&self) -> Option<UserId> {
        self.first.owner
    }

    /// The version before the change.
    #[must_use]
    pub const fn first_version(&self) -> i64 {
        self.first.version
    }

    /// How many of owner, stage and deletion the end of the change writes.
    pub(super) fn rewrites(&self) -> i64 {
        let owner = self.owner != self.first.owner;
        let deletion = self.deletion != self.first.deletion;
        i64::from(owner) + i64::from(self.changed_stage()) + i64::from(deletion)
    }

    pub(super) fn is_rewritten(&self) -> bool {
        self.rewrites() > 0
    }

    pub(super) fn changed_stage(&self) -> bool {
        self.first.deal.is_some()
            && self.first.deal.map(|deal| deal.stage) != self.deal.map(|deal| deal.stage)
    }
}

impl UnitOfWork<'_> {
    /// A record that the change holds.
    ///
    /// # Errors
    /// A bug, when it was not held before.
    pub fn held(&self, record: RecordRef) -> Result<&Held> {
        self.held.get(&record).ok_or_else(|| Error::bug("a record was used before it was held"))
    }

    /// The same, to change it.
    ///
    /// # Errors
    /// A bug, when it was not held before.
    pub fn held_mut(&mut self, record: RecordRef) -> Result<&mut Held> {
        self.held.get_mut(&record).ok_or_else(|| Error::bug("a record was used before it was held"))
    }

    /// Where and how a held opportunity stands.
    ///
    /// # Errors
    /// A bug, when it was not held before, or is a contact.
    pub fn deal_mut(&mut self, record: RecordRef) -> Result<&mut Deal> {
        let deal = self.held_mut(record)?.deal.as_mut();
        deal.ok_or_else(|| Error::bug("a contact is no deal"))
    }

    /// Everything that the change holds, contacts first, then opportunities by id.
    pub fn all_held(&self) -> impl Iterator<Item = &Held> {
        self.held.values()
    }

    /// Takes a record that the change makes into what it holds.
    pub fn hold_new(&mut self, held: Held) {
        self.keep_held(held);
    }

    pub(super) fn keep_held(&mut self, held: Held) {
        if matches!(held.record, RecordRef::Opportunity(_)) {
            self.families.entry(held.contact).or_default().insert(held.record);
        }
        self.held.insert(held.record, held);
    }

    /// The held opportunities of a contact, by id.
    pub fn family(&self, contact: ContactId) -> impl Iterator<Item = &Held> {
        self.families.get(&contact).into_iter().flatten().filter_map(|record| self.held.get(record))
    }
}
