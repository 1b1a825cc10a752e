//! Gives a record another owner, and in linked mode whatever is linked to it (A5, O2, O3, O6, O7).

use entity::account;
use entity::member::Cause as MemberCause;
use entity::{ActivityId, UserId};
use policy::{Decision, Reason, Wish};
use serde::{Deserialize, Serialize};

use super::roster::{Added, Origin};
use crate::domain::access::Access;
use crate::domain::activity::{Change, What};
use crate::domain::error::{Refusal, RefusalKind, Result};
use crate::domain::idempotency::Outcome;
use crate::domain::record::RecordRef;
use crate::domain::unit_of_work::{Committed, Held, Reach, UnitOfWork};

/// The wish to give a record another owner.
#[derive(Clone, Copy, Debug)]
pub struct ChangeOwner {
    /// Which record.
    pub record: RecordRef,
    /// Whom to; nobody clears the owner.
    pub owner: Option<UserId>,
    /// Whether the previous owner joins the followers; what the account's setting says when not given (F4).
    pub previous_owner_follows: Option<bool>,
    /// The version that the caller has seen (R6).
    pub expected_version: Option<i64>,
}

/// What a change of owner came to.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct OwnerChanged {
    /// The owner before.
    pub previous: Option<UserId>,
    /// Everything that happened; nothing when that owner was set already (O7).
    pub committed: Committed,
}

impl Outcome for OwnerChanged {}

/// Gives a record another owner, or none.
///
/// # Errors
/// Not found, denied, invalid, stale: in this order (O7).
pub async fn change_owner(access: &Access, wish: &ChangeOwner) -> Result<OwnerChanged> {
    let mut unit = access.begin().await?;
    unit.hold(wish.record, reach(unit.account(), wish.record), "id").await?;
    if let Some(owner) = wish.owner {
        unit.active_user(owner, "ownerId").await?;
    }
    authorize(&unit, wish.record, wish.owner)?;
    unit.require_version(wish.record, wish.expected_version)?;

    let previous = unit.held(wish.record)?.owner;
    let previous_follows = wish.previous_owner_follows.unwrap_or(unit.account().previous_owner_follows);
    if !give(&mut unit, wish.record, wish.owner, previous_follows)? {
        return unit.unchanged(OwnerChanged { previous, committed: Committed::default() }).await;
    }
    unit.commit_as(|committed| OwnerChanged { previous, committed }).await
}

/// Refuses a change of a held record's owner that the actor may not make, as things stood when the change began (A5, O3).
///
/// # Errors
/// Denied; a bug, when the record or in linked mode its family is not held.
pub fn authorize(unit: &UnitOfWork<'_>, record: RecordRef, owner: Option<UserId>) -> Result<()> {
    match unit.decide_owner(unit.held(record)?, wish_of(unit, owner))? {
        Decision::Granted(_) => Ok(()),
        Decision::Refused(reason) => Err(denied("ownerId", reason).into()),
    }
}

/// Gives a held record and whatever is linked to it another owner; false when it has that one already (O7). It was
/// authorized before.
///
/// # Errors
/// A bug, when the record or in linked mode its family is not held.
pub fn give(
    unit: &mut UnitOfWork<'_>,
    record: RecordRef,
    owner: Option<UserId>,
    previous_follows: bool,
) -> Result<bool> {
    let held = unit.held(record)?;
    if held.owner == owner {
        return Ok(false);
    }
    let moved = reached(unit, held, owner)?;
    transfer(unit, &moved, owner, previous_follows, None)?;
    Ok(true)
}

/// How far a change of this record's owner may reach.
#[must_use]
pub const fn reach(account: &account::Model, record: RecordRef) -> Reach {
    match record {
        _ if !account.separate_owners => Reach::Family,
        // The new owner may become a follower of every opportunity (AF2).
        RecordRef::Contact(_) if account.contact_owner_follows_opportunities => Reach::Family,
        RecordRef::Contact(_) => Reach::Alone,
        RecordRef::Opportunity(_) => Reach::Contact,
    }
}

/// Who a wished owner is to the actor.
#[must_use]
pub fn wish_of(unit: &UnitOfWork<'_>, owner: Option<UserId>) -> Wish {
    match owner {
        None => Wish::Nobody,
        Some(owner) if Some(owner) == unit.actor().user => Wish::Oneself,
        Some(_) => Wish::Another,
    }
}

/// The records whose owner a change of `named` would change, the named one first.
///
/// # Errors
/// A bug, when the family is not held in linked mode.
pub fn reached(unit: &UnitOfWork<'_>, named: &Held, owner: Option<UserId>) -> Result<Vec<RecordRef>> {
    if unit.account().separate_owners {
        return Ok(vec![named.record]);
    }
    let contact = unit.held(named.contact.into())?;
    let wish = wish_of(unit, owner);
    let mut moved = vec![named.record];
    if contact.record != named.record && contact.owner != owner {
        moved.push(contact.record);
    }
    // One that differs moves only if the actor may move it on its own, else it stays.
    let opportunities = unit.family(named.contact).filter(|held| held.record != named.record);
    moved.extend(
        opportunities
            .filter(|held| held.owner != owner)
            .filter(|held| held.owner == contact.owner || unit.decide_owner_alone(held, wish).is_granted())
            .map(|held| held.record),
    );
    Ok(moved)
}

/// Moves records to an owner whom they do not have yet. Everything was authorized before; the first one is the cause of
/// the others.
///
/// # Errors
/// A bug, when a record is not held.
pub fn transfer(
    unit: &mut UnitOfWork<'_>,
    records: &[RecordRef],
    owner: Option<UserId>,
    previous_follows: bool,
    caused_by: Option<ActivityId>,
) -> Result<()> {
    let mut first = caused_by;
    for record in records {
        let event = move_one(unit, *record, owner, previous_follows, first)?;
        first = first.or(Some(event));
    }
    Ok(())
}

fn move_one(
    unit: &mut UnitOfWork<'_>,
    record: RecordRef,
    owner: Option<UserId>,
    previous_follows: bool,
    caused_by: Option<ActivityId>,
) -> Result<ActivityId> {
    let held = unit.held(record)?;
    let (previous, previous_is_active) = (held.owner, held.active_owner().is_some());
    let change = Change::between("owner", text(previous), text(owner));
    let what = What::OwnerChanged { from: previous, to: owner };
    let event = unit.record(record, what, change.into_iter().collect(), caused_by);

    let origin = origin(unit, record, MemberCause::Manual, event)?;
    let held = unit.held_mut(record)?;
    held.owner = owner;
    let followed_before = held.roster.set_owner(owner, origin);
    if let (true, Some(user)) = (followed_before, owner) {
        let change = Change::between("followers", text(owner), None);
        unit.record(record, What::FollowerRemoved { user }, change.into_iter().collect(), Some(event));
    }
    if let (true, true, Some(previous)) = (previous_follows, previous_is_active, previous) {
        add_derived(unit, record, previous, MemberCause::PreviousOwner, event)?;
    }
    Ok(event)
}

/// Adds somebody whom nobody named; where there is no room they are skipped, and that is told (F1, AF4).
///
/// # Errors
/// A bug, when the record is not held.
pub fn add_derived(
    unit: &mut UnitOfWork<'_>,
    record: RecordRef,
    user: UserId,
    cause: MemberCause,
    caused_by: ActivityId,
) -> Result<()> {
    let origin = origin(unit, record, cause, caused_by)?;
    let added = unit.held_mut(record)?.roster.add_follower(user, origin);
    let (what, change) = match added {
        Added::Added => (
            What::FollowerAdded { user, cause, until: None },
            Change::between("followers", None, text(Some(user))),
        ),
        Added::NoRoom => (What::FollowerSkipped { user, cause }, None),
        Added::Changed | Added::Follows | Added::Owns => return Ok(()),
    };
    let through = match cause {
        MemberCause::OpportunityOwnerFollowsContact | MemberCause::ContactOwnerFollowsOpportunities => {
            entity::activity::Cause::AutoFollow
        }
        _ => unit.cause(),
    };
    unit.record_as(through, record, what, change.into_iter().collect(), Some(caused_by));
    Ok(())
}

/// Where a membership that the actor causes comes from.
///
/// # Errors
/// A bug, when the record is not held.
pub fn origin(
    unit: &UnitOfWork<'_>,
    record: RecordRef,
    cause: MemberCause,
    event: ActivityId,
) -> Result<Origin> {
    Ok(Origin {
        cause,
        added_by: unit.actor().user,
        at: unit.now(),
        event,
        inherits_edit: unit.held(record)?.actor_could_edit,
        until: None,
    })
}

/// The refusal of a change of owner.
#[must_use]
pub fn denied(field: &str, reason: Reason) -> Refusal {
    let message = match reason {
        Reason::Follower => {
            "a follower never changes the owner: leave the followers first, or ask the owner".into()
        }
        Reason::OnlyOneself => "the record has no owner: you may only make yourself its owner".into(),
        Reason::LinkedContact => {
            "contact and opportunities have one owner here, and you may not change the contact's".into()
        }
        Reason::FollowsReached => {
            "the change would reach an opportunity that you follow: a follower never changes the owner".into()
        }
        Reason::MissingPermission(permission) => {
            format!("you need the permission `{permission}` to change this owner").into()
        }
        Reason::NotEntitled => "only its owner, an admin, or a holder of `CHANGE_OWNERS` may do this".into(),
    };
    let kind = RefusalKind::OwnerChangeDenied { reason };
    let refusal: std::borrow::Cow<'static, str> = message;
    Refusal::new(kind, field, refusal)
}

fn text(user: Option<UserId>) -> Option<String> {
    user.map(|user| user.to_string())
}
