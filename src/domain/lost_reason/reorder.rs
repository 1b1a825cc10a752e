//! Puts the list into another order (R1).

use entity::{LostReasonId, lost_reason};

use super::list::{arrange, require_manage, visible};
use crate::domain::access::Access;
use crate::domain::activity::{Change, Subject, What};
use crate::domain::error::Result;
use crate::domain::pipeline::order::{named, require_each_once};
use crate::domain::unit_of_work::{Committed, UnitOfWork};

/// The wish to order the list.
#[derive(Clone, Debug)]
pub struct ReorderLostReasons {
    /// All reasons of the account, each once, in their new order.
    pub reasons: Vec<LostReasonId>,
}

/// Orders the list. Nothing happens when it stands so already.
///
/// # Errors
/// Not found, denied, invalid (an order that does not name every reason once).
pub async fn reorder(access: &Access, wish: &ReorderLostReasons) -> Result<Committed> {
    let mut unit = UnitOfWork::begin_alone(access).await?;
    let listed = visible(&unit).await?;
    let listed: Vec<&lost_reason::Model> = listed.iter().collect();
    let in_order = named(&listed, &wish.reasons, "lostReasonIds", "lost reason")?;
    require_manage(&unit)?;
    require_each_once(&listed, &in_order, "lostReasonIds", "lost reason")?;
    let Some(change) = Change::between("lostReasons", names(&listed), names(&in_order)) else {
        return unit.unchanged(Committed::default()).await;
    };

    arrange(&unit, &in_order).await?;
    unit.record(Subject::LostReason { reason: None }, What::Reordered, vec![change], None);
    unit.raise_access_version().await?;
    unit.commit().await
}

fn names(reasons: &[&lost_reason::Model]) -> Option<String> {
    let names: Vec<&str> = reasons.iter().map(|reason| reason.name.as_str()).collect();
    Some(names.join(", "))
}
