//! Puts a reason on the list (R1).

use entity::{LostReasonId, lost_reason};
use sea_orm::Set;

use super::list::{MAX_REASONS, arrange, require_manage, unique_name, visible};
use crate::domain::access::Access;
use crate::domain::activity::{Change, Subject, What};
use crate::domain::error::Result;
use crate::domain::pipeline::{place, require_room};
use crate::domain::text;
use crate::domain::unit_of_work::{Committed, UnitOfWork};
use crate::domain::validate::Problems;

/// The wish to offer a reason.
#[derive(Clone, Debug)]
pub struct CreateLostReason {
    /// Unique in the account, whatever its case.
    pub name: String,
    /// Its place, from 0; the last one when left out.
    pub position: Option<i32>,
}

/// Offers a reason. Those that stand at its place and after it move on by one.
///
/// # Errors
/// Denied, invalid, limit.
pub async fn create(access: &Access, wish: &CreateLostReason) -> Result<(LostReasonId, Committed)> {
    let mut unit = UnitOfWork::begin_alone(access).await?;
    let listed = visible(&unit).await?;
    require_manage(&unit)?;
    let mut problems = Problems::new();
    let name = unique_name(&mut problems, &wish.name, &listed, None);
    let place = place(&mut problems, wish.position, listed.len());
    problems.none()?;
    require_room(listed.len(), MAX_REASONS, "lost reasons", "")?;

    let made = lost_reason::Model {
        id: unit.new_id(),
        account_id: unit.account().id,
        name_key: text::fold(&name),
        name,
        position: i32::try_from(place).unwrap_or(i32::MAX),
    };
    let mut in_order: Vec<&lost_reason::Model> = listed.iter().collect();
    in_order.insert(place, &made);
    arrange(&unit, &in_order).await?;
    unit.insert(lost_reason::ActiveModel {
        id: Set(made.id),
        account_id: Set(made.account_id),
        name: Set(made.name.clone()),
        name_key: Set(made.name_key.clone()),
        position: Set(made.position),
    })
    .await?;
    let change = Change::between("name", None, Some(made.name.clone()));
    unit.record(
        Subject::LostReason { reason: Some(made.id) },
        What::Created,
        change.into_iter().collect(),
        None,
    );
    unit.raise_access_version().await?;
    unit.commit_as(|committed| (made.id, committed)).await
}
