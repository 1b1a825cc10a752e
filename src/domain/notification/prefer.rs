//! Says of what kinds one wants to be told (N3).

use entity::notification::Kind;
use entity::notification_preference;
use sea_orm::{ColumnTrait, EntityTrait, ExprTrait, QueryFilter, Set};

use super::mark::owner;
use crate::domain::access::Access;
use crate::domain::error::Result;

/// The wish to be told of one kind, or not.
#[derive(Clone, Copy, Debug)]
pub struct SetPreference {
    /// Of which kind.
    pub kind: Kind,
    /// Whether to be told.
    pub wanted: bool,
}

/// Says whether one wants notices of a kind, from the next act on. Nothing happens when it was so already.
///
/// # Errors
/// A database that fails.
pub async fn set_preference(access: &Access, wish: &SetPreference) -> Result<()> {
    let mut unit = access.begin().await?;
    let user = owner(&unit)?;
    // One after the other: two calls of one person must not both find no row.
    unit.hold_people(&[user]).await?;
    let row = notification_preference::Column::UserId
        .eq(user)
        .and(notification_preference::Column::Kind.eq(wish.kind));
    let known = unit.rows(notification_preference::Entity::find().filter(row.clone())).await?.pop();
    if known.is_none_or(|known| known.wanted) == wish.wanted {
        return unit.unchanged(()).await;
    }
    unit.delete(notification_preference::Entity::delete_many().filter(row)).await?;
    unit.insert(notification_preference::ActiveModel {
        user_id: Set(user),
        kind: Set(wish.kind),
        account_id: Set(unit.account().id),
        wanted: Set(wish.wanted),
    })
    .await?;
    unit.commit_as(|_| ()).await
}
