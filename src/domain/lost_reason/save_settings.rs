//! Says whether people may give reasons that are not on the list (R1).

use entity::account;
use sea_orm::Set;

use super::list::require_manage;
use crate::domain::access::Access;
use crate::domain::activity::{Change, Subject, What};
use crate::domain::error::Result;
use crate::domain::unit_of_work::{Committed, UnitOfWork};

/// Takes only listed reasons from now on, or any text. What was lost before keeps its words. Nothing happens when it is
/// so already.
///
/// # Errors
/// Denied.
pub async fn save_settings(access: &Access, only_listed: bool) -> Result<Committed> {
    let mut unit = UnitOfWork::begin_alone(access).await?;
    require_manage(&unit)?;
    let before = unit.account().only_listed_lost_reasons;
    let change = Change::between("onlyListed", Some(before.to_string()), Some(only_listed.to_string()));
    let Some(change) = change else {
        return unit.unchanged(Committed::default()).await;
    };

    unit.update(account::ActiveModel {
        id: Set(unit.account().id),
        only_listed_lost_reasons: Set(only_listed),
        ..Default::default()
    })
    .await?;
    unit.record(Subject::LostReason { reason: None }, What::SettingsSaved, vec![change], None);
    unit.raise_access_version().await?;
    unit.commit().await
}
