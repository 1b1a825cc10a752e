//! Who owns and follows a record that is being made (O5, F12).

use entity::member::Cause;
use entity::{ActivityId, UserId};

use super::follow::{self, AddFollowers};
use super::transfer::{add_derived, origin};
use crate::domain::error::Result;
use crate::domain::patch::Patch;
use crate::domain::record::RecordRef;
use crate::domain::unit_of_work::UnitOfWork;

/// Refuses an owner or followers who are not active users of the account (O8, F5): also a creator who is to own or follow
/// it without being named, and has left since their request began.
///
/// # Errors
/// Not found, for each of them.
pub async fn require_people(
    unit: &UnitOfWork<'_>,
    owner: &Patch<UserId>,
    followers: &[UserId],
) -> Result<()> {
    if let Patch::Set(owner) = owner {
        unit.active_user(*owner, "ownerId").await?;
    }
    let named = if let Patch::Set(owner) = owner { Some(*owner) } else { None };
    if let Some(creator) = creator_who_must_follow(unit, named) {
        unit.active_user(creator, "ownerId").await?;
    }
    follow::require_known(unit, followers, "followerIds").await
}

/// Refuses more followers than a record has places for, the creator's own counted (O5).
///
/// # Errors
/// Limit.
pub fn require_room(unit: &UnitOfWork<'_>, owner: Option<UserId>, followers: &[UserId]) -> Result<()> {
    let mut places: Vec<UserId> = Vec::new();
    for user in followers.iter().copied().chain(creator_who_must_follow(unit, owner)) {
        if Some(user) != owner && !places.contains(&user) {
            places.push(user);
        }
    }
    follow::limit(0, places.len(), "followerIds")
}

/// Puts owner, named followers and, where they would not see it otherwise, the creator onto the new record's roster.
///
/// # Errors
/// A bug, when the record is not held.
pub fn settle(
    unit: &mut UnitOfWork<'_>,
    record: RecordRef,
    owner: Option<UserId>,
    followers: &[UserId],
    cause: Cause,
    created: ActivityId,
) -> Result<()> {
    let as_owner = origin(unit, record, cause, created)?;
    unit.held_mut(record)?.roster.set_owner(owner, as_owner);
    let named = AddFollowers { record, users: followers.to_vec(), until: None };
    follow::place(unit, &named, cause, Some(created))?;
    if let Some(creator) = creator_who_must_follow(unit, owner) {
        add_derived(unit, record, creator, Cause::Created, created)?;
    }
    Ok(())
}

/// A restricted creator sees only what they own or follow.
fn creator_who_must_follow(unit: &UnitOfWork<'_>, owner: Option<UserId>) -> Option<UserId> {
    unit.actor().user.filter(|creator| unit.actor().restricted && owner != Some(*creator))
}
