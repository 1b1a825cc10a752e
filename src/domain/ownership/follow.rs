//! Adds followers and takes them off (A4, F1 to F7, F9, F11).

use entity::member::{Cause, FOLLOWER_LIMIT};
use entity::{ActivityId, Timestamp, UserId, user};
use policy::Action;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde::{Deserialize, Serialize};

use super::roster::{Added, Origin};
use crate::domain::access::Access;
use crate::domain::activity::{Change, What};
use crate::domain::error::{Error, Refusal, RefusalKind, Result};
use crate::domain::idempotency::Outcome;
use crate::domain::record::RecordRef;
use crate::domain::unit_of_work::{Committed, Reach, UnitOfWork, unknown_user};

/// The wish to add followers.
#[derive(Clone, Debug)]
pub struct AddFollowers {
    /// To which record.
    pub record: RecordRef,
    /// Whom.
    pub users: Vec<UserId>,
    /// When their follow ends; never when not given (F7).
    pub until: Option<Timestamp>,
}

/// The wish to take followers off.
#[derive(Clone, Debug)]
pub struct RemoveFollowers {
    /// Off which record.
    pub record: RecordRef,
    /// Whom.
    pub whom: Whom,
}

/// Which followers.
#[derive(Clone, Debug)]
pub enum Whom {
    /// These people.
    People(Vec<UserId>),
    /// Everybody who follows for one of these causes (F11).
    Causes(Vec<Cause>),
    /// All of them.
    Everybody,
}

/// Why somebody was left as they were.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum SkipReason {
    /// Owns the record (F3).
    IsOwner,
    /// Follows already.
    AlreadyFollows,
    /// Does not follow.
    DoesNotFollow,
}

/// Somebody who was left as they were.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Skipped {
    /// Who.
    pub user: UserId,
    /// Why.
    pub reason: SkipReason,
}

/// What an add came to.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct FollowersAdded {
    /// Follow now.
    pub added: Vec<UserId>,
    /// Followed already and got another end.
    pub changed: Vec<UserId>,
    /// Were left as they were.
    pub skipped: Vec<Skipped>,
    /// Everything that happened.
    pub committed: Committed,
}

impl Outcome for FollowersAdded {}

/// What a removal came to.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct FollowersRemoved {
    /// Follow no more.
    pub removed: Vec<UserId>,
    /// Were left as they were.
    pub skipped: Vec<Skipped>,
    /// Everything that happened.
    pub committed: Committed,
}

impl Outcome for FollowersRemoved {}

/// Adds followers to a record.
///
/// # Errors
/// Not found (the record, or somebody who is no active user), denied, invalid (an end in the past), limit.
pub async fn add_followers(access: &Access, wish: &AddFollowers) -> Result<FollowersAdded> {
    let mut unit = access.begin().await?;
    unit.hold(wish.record, Reach::Alone, "id").await?;
    require_known(&unit, &wish.users, "userIds").await?;
    unit.require(wish.record, Action::ManageFollowers, "id")?;
    require_future(&unit, wish.until)?;
    require_room(&unit, wish.record, &wish.users, "userIds")?;

    let answer = place(&mut unit, wish, Cause::Manual, None)?;
    unit.commit_as(|committed| FollowersAdded { committed, ..answer }).await
}

/// Takes followers off a record. Whoever can view a record may take themselves off.
///
/// # Errors
/// Not found (the record, or somebody who is not of the account), denied.
pub async fn remove_followers(access: &Access, wish: &RemoveFollowers) -> Result<FollowersRemoved> {
    let mut unit = access.begin().await?;
    unit.hold(wish.record, Reach::Alone, "id").await?;
    if let Whom::People(people) = &wish.whom {
        require_of_account(&unit, people).await?;
    }
    let whom = authorize_removal(&unit, wish.record, &wish.whom)?;
    let answer = take_off(&mut unit, wish.record, &whom)?;
    unit.commit_as(|committed| FollowersRemoved { committed, ..answer }).await
}

/// Whom a removal takes off a held record, where the actor may do it (A4). People were checked before.
///
/// # Errors
/// Denied; a bug, when the record is not held.
pub(in crate::domain) fn authorize_removal(
    unit: &UnitOfWork<'_>,
    record: RecordRef,
    whom: &Whom,
) -> Result<Vec<UserId>> {
    let followers = unit.held(record)?.roster.followers().into_iter();
    let (users, action) = match whom {
        Whom::People(people) => {
            let only_oneself = people.iter().all(|person| Some(*person) == unit.actor().user);
            (people.clone(), if only_oneself { Action::Unfollow } else { Action::RemoveFollowers })
        }
        Whom::Causes(causes) => {
            let of_causes = followers.filter(|member| causes.contains(&member.cause));
            (of_causes.map(|member| member.user_id).collect(), Action::RemoveFollowers)
        }
        Whom::Everybody => (followers.map(|member| member.user_id).collect(), Action::RemoveFollowers),
    };
    unit.require(record, action, "id")?;
    Ok(users)
}

/// Takes followers off a held roster. It was authorized before.
///
/// # Errors
/// A bug, when the record is not held.
pub(in crate::domain) fn take_off(
    unit: &mut UnitOfWork<'_>,
    record: RecordRef,
    whom: &[UserId],
) -> Result<FollowersRemoved> {
    let mut answer = FollowersRemoved::default();
    for user in whom.iter().copied() {
        let roster = &mut unit.held_mut(record)?.roster;
        if roster.remove_follower(user) {
            let change = Change::between("followers", Some(user.to_string()), None);
            unit.record(record, What::FollowerRemoved { user }, change.into_iter().collect(), None);
            answer.removed.push(user);
        } else if !answer.removed.contains(&user) {
            let is_owner = roster.owner() == Some(user);
            let reason = if is_owner { SkipReason::IsOwner } else { SkipReason::DoesNotFollow };
            answer.skipped.push(Skipped { user, reason });
        }
    }
    Ok(answer)
}

/// Puts named followers on a held roster. Known people and room were checked before.
///
/// # Errors
/// A bug, when the record is not held.
pub(in crate::domain) fn place(
    unit: &mut UnitOfWork<'_>,
    wish: &AddFollowers,
    cause: Cause,
    caused_by: Option<ActivityId>,
) -> Result<FollowersAdded> {
    let mut answer = FollowersAdded::default();
    for user in &wish.users {
        let (user, until) = (*user, wish.until);
        let event = unit.new_id();
        let origin = Origin {
            cause,
            added_by: unit.actor().user,
            at: unit.now(),
            event: caused_by.unwrap_or(event),
            inherits_edit: unit.held(wish.record)?.actor_could_edit,
            until,
        };
        match unit.held_mut(wish.record)?.roster.add_follower(user, origin) {
            Added::Added => {
                let change = Change::between("followers", None, Some(user.to_string()));
                let what = What::FollowerAdded { user, cause, until };
                unit.record_with_id(event, wish.record, what, change.into_iter().collect(), caused_by);
                answer.added.push(user);
            }
            Added::Changed => {
                unit.record(wish.record, What::FollowerChanged { user, until }, Vec::new(), caused_by);
                answer.changed.push(user);
            }
            Added::Follows if answer.added.contains(&user) || answer.changed.contains(&user) => {}
            Added::Follows => {
                answer.skipped.push(Skipped { user, reason: SkipReason::AlreadyFollows });
            }
            Added::Owns => answer.skipped.push(Skipped { user, reason: SkipReason::IsOwner }),
            Added::NoRoom => return Err(Error::bug("room for followers was not checked")),
        }
    }
    Ok(answer)
}

/// Refuses followers who are not active users of the account (F5).
pub(in crate::domain) async fn require_known(
    unit: &UnitOfWork<'_>,
    users: &[UserId],
    field: &str,
) -> Result<()> {
    let known = unit.active_users(users).await?;
    let unknown: Vec<Refusal> = users
        .iter()
        .enumerate()
        .filter(|(_, user)| !known.contains_key(user))
        .map(|(place, _)| unknown_user(&format!("{field}.{place}")))
        .collect();
    if unknown.is_empty() { Ok(()) } else { Err(Error::Refused(unknown)) }
}

/// Refuses people who are not of the account, active or not.
pub(in crate::domain) async fn require_of_account(unit: &UnitOfWork<'_>, users: &[UserId]) -> Result<()> {
    // Inside the change: a second connection from the same pool would wait for the first ones of others.
    let known = unit
        .rows(
            user::Entity::find()
                .filter(user::Column::AccountId.eq(unit.account().id))
                .filter(user::Column::Id.is_in(users.iter().copied())),
        )
        .await?;
    match users.iter().position(|id| known.iter().all(|user| user.id != *id)) {
        None => Ok(()),
        Some(place) => Err(Refusal {
            message: "there is no user with this id in your account".into(),
            ..Refusal::not_found(&format!("userIds.{place}"))
        }
        .into()),
    }
}

/// Refuses an end of a follow that has come already (F7).
pub(in crate::domain) fn require_future(unit: &UnitOfWork<'_>, until: Option<Timestamp>) -> Result<()> {
    match until {
        Some(until) if until <= unit.now() => {
            Err(Refusal::invalid("until", "the end of a follow must lie in the future").into())
        }
        _ => Ok(()),
    }
}

/// Refuses, whole, a batch that would exceed the limit (F1).
pub(in crate::domain) fn require_room(
    unit: &UnitOfWork<'_>,
    record: RecordRef,
    users: &[UserId],
    field: &str,
) -> Result<()> {
    let roster = &unit.held(record)?.roster;
    let (current, newcomers) = (roster.followers().len(), roster.newcomers(users.iter().copied()).len());
    limit(current, newcomers, field)
}

/// Refuses when `newcomers` do not fit beside `current` followers.
pub(in crate::domain) fn limit(current: usize, newcomers: usize, field: &str) -> Result<()> {
    let limit = usize::from(FOLLOWER_LIMIT.unsigned_abs());
    if current + newcomers <= limit {
        return Ok(());
    }
    let kind = RefusalKind::FollowerLimitReached { limit, current };
    let message = format!(
        "a record has at most {limit} followers, this one has {current} and would get {newcomers} more: remove some first"
    );
    Err(Refusal::new(kind, field, message).into())
}
