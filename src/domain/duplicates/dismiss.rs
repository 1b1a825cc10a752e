//! Takes a flag off the admins' list (R3).

use entity::{DuplicateFlagId, duplicate_flag};
use policy::Action;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Set};

use crate::domain::access::Access;
use crate::domain::error::{Refusal, Result};
use crate::domain::unit_of_work::UnitOfWork;

/// The wish to take a flag off the list.
#[derive(Clone, Copy, Debug)]
pub struct DismissFlag {
    /// Which.
    pub flag: DuplicateFlagId,
}

/// Takes a flag off the list. The two records stay as they are, and are not flagged again. Nothing happens when that was
/// done already.
///
/// # Errors
/// Denied, to all but admins; not found.
pub async fn dismiss(access: &Access, wish: &DismissFlag) -> Result<()> {
    let unit = UnitOfWork::begin(access).await?;
    if let Some(reason) = access.may::<policy::DuplicateFlag>(Action::Manage).reason() {
        return Err(Refusal::denied("", Some(reason)).into());
    }
    let flag = duplicate_flag::Entity::find_by_id(wish.flag)
        .filter(duplicate_flag::Column::AccountId.eq(unit.account().id));
    let Some(flag) = unit.rows(flag).await?.pop() else { return Err(Refusal::not_found("id").into()) };
    if flag.dismissed_at.is_some() {
        return unit.unchanged(()).await;
    }
    unit.update(duplicate_flag::ActiveModel {
        id: Set(flag.id),
        dismissed_at: Set(Some(unit.now())),
        dismissed_by: Set(unit.actor().user),
        ..Default::default()
    })
    .await?;
    unit.commit_as(|_| ()).await
}
