//! Gives a reason of the list another name (R1).

use entity::{LostReasonId, lost_reason};
use sea_orm::Set;

use super::list::{one, require_manage, unique_name, visible};
use crate::domain::access::Access;
use crate::domain::activity::{Change, Subject, What};
use crate::domain::error::Result;
use crate::domain::text;
use crate::domain::unit_of_work::{Committed, UnitOfWork};
use crate::domain::validate::Problems;

/// The wish to rename a reason.
#[derive(Clone, Debug)]
pub struct RenameLostReason {
    /// Which.
    pub reason: LostReasonId,
    /// Unique in the account, whatever its case.
    pub name: String,
}

/// Renames a reason. What was lost for it keeps the old words: that is what was said then. Nothing happens when it is
/// called so already.
///
/// # Errors
/// Not found, denied, invalid.
pub async fn rename(access: &Access, wish: &RenameLostReason) -> Result<Committed> {
    let mut unit = UnitOfWork::begin_alone(access).await?;
    let listed = visible(&unit).await?;
    let reason = one(&listed, wish.reason)?;
    require_manage(&unit)?;
    let mut problems = Problems::new();
    let name = unique_name(&mut problems, &wish.name, &listed, Some(reason.id));
    problems.none()?;
    let Some(change) = Change::between("name", Some(reason.name.clone()), Some(name.clone())) else {
        return unit.unchanged(Committed::default()).await;
    };

    unit.update(lost_reason::ActiveModel {
        id: Set(reason.id),
        name_key: Set(text::fold(&name)),
        name: Set(name),
        ..Default::default()
    })
    .await?;
    unit.record(Subject::LostReason { reason: Some(reason.id) }, What::Renamed, vec![change], None);
    unit.raise_access_version().await?;
    unit.commit().await
}
