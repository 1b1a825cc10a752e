//! Deletes a saved view.

use entity::{SavedViewId, saved_view};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::update::{find, require_edit, require_version};
use crate::domain::access::Access;
use crate::domain::error::Result;
use crate::domain::unit_of_work::UnitOfWork;

/// The wish to delete a view.
#[derive(Clone, Copy, Debug)]
pub struct DeleteSavedView {
    /// Which.
    pub view: SavedViewId,
    /// The version that the caller has seen (R6).
    pub expected_version: Option<i64>,
}

/// Deletes a view. The records that it listed stay as they are.
///
/// # Errors
/// Not found, denied, stale.
pub async fn delete(access: &Access, wish: &DeleteSavedView) -> Result<()> {
    let unit = UnitOfWork::begin_alone(access).await?;
    let view = find(&unit, wish.view).await?;
    require_edit(&unit, &view)?;
    require_version(&view, wish.expected_version)?;
    unit.delete(saved_view::Entity::delete_many().filter(saved_view::Column::Id.eq(wish.view))).await?;
    unit.commit_as(|_| ()).await
}
