//! Takes a reason off the list (R1).

use entity::{LostReasonId, lost_reason};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::list::{arrange, one, require_manage, visible};
use crate::domain::access::Access;
use crate::domain::activity::{Change, Subject, What};
use crate::domain::error::Result;
use crate::domain::unit_of_work::{Committed, UnitOfWork};

/// Offers a reason no more. What was lost for it keeps the words.
///
/// # Errors
/// Not found, denied.
pub async fn delete(access: &Access, id: LostReasonId) -> Result<Committed> {
    let mut unit = UnitOfWork::begin_alone(access).await?;
    let listed = visible(&unit).await?;
    let reason = one(&listed, id)?;
    require_manage(&unit)?;

    unit.delete(lost_reason::Entity::delete_many().filter(lost_reason::Column::Id.eq(id))).await?;
    let rest: Vec<&lost_reason::Model> = listed.iter().filter(|other| other.id != id).collect();
    arrange(&unit, &rest).await?;
    let change = Change::between("name", Some(reason.name.clone()), None);
    unit.record(Subject::LostReason { reason: Some(id) }, What::Deleted, change.into_iter().collect(), None);
    unit.raise_access_version().await?;
    unit.commit().await
}
