//! Wins, loses, gives up or reopens an opportunity (R1).

use entity::OpportunityId;
use entity::opportunity::{self, Status};
use policy::Action;
use sea_orm::Set;

use super::create::read;
use super::fields;
use super::update::write;
use crate::domain::access::Access;
use crate::domain::activity::{Change, What};
use crate::domain::duplicates;
use crate::domain::error::Result;
use crate::domain::patch::Patch;
use crate::domain::record::RecordRef;
use crate::domain::unit_of_work::{Committed, UnitOfWork};
use crate::domain::validate::Problems;

/// The wish to say how an opportunity stands.
#[derive(Clone, Debug)]
pub struct SetStatus {
    /// Which.
    pub opportunity: OpportunityId,
    /// How it stands.
    pub status: Status,
    /// Why it was lost; only with `LOST`.
    pub lost_reason: Patch<String>,
    /// The version that the caller has seen (R6).
    pub expected_version: Option<i64>,
}

/// Sets the status. Nothing happens when it stands so already, for the same reason.
///
/// # Errors
/// Not found, denied, invalid (a reason without `LOST`), stale.
pub async fn set_status(access: &Access, wish: &SetStatus) -> Result<Committed> {
    let mut unit = access.begin().await?;
    if !set_status_in(&mut unit, wish).await? {
        return unit.unchanged(Committed::default()).await;
    }
    unit.commit().await
}

/// Sets the status as a part of a larger change; false when it stands so already, for the same reason.
///
/// # Errors
/// As [`set_status`].
pub async fn set_status_in(unit: &mut UnitOfWork<'_>, wish: &SetStatus) -> Result<bool> {
    let record = RecordRef::Opportunity(wish.opportunity);
    unit.hold(record, duplicates::reach(unit.account()), "id").await?;
    unit.require(record, Action::Edit, "id")?;
    let before = read(unit, wish.opportunity).await?;
    let mut problems = Problems::new();
    let current = before.lost_reason.as_ref();
    let given = fields::given_reason(unit, &mut problems, wish.status, &wish.lost_reason, current).await?;
    let reason = fields::lost_reason(&mut problems, wish.status, &given, current);
    problems.none()?;
    unit.require_version(record, wish.expected_version)?;

    let changes: Vec<Change> = [
        Change::between(
            "status",
            Some(fields::status_text(before.status)),
            Some(fields::status_text(wish.status)),
        ),
        Change::between("lostReason", before.lost_reason, reason.clone()),
    ]
    .into_iter()
    .flatten()
    .collect();
    if changes.is_empty() {
        return Ok(false);
    }
    let opens = wish.status == Status::Open && before.status != Status::Open;
    if opens {
        let (contact, pipeline) = (before.contact_id, before.pipeline_id);
        duplicates::refuse_opportunity(unit, Some(wish.opportunity), contact, pipeline, "status").await?;
        duplicates::flag_opportunity(unit, wish.opportunity, contact, pipeline).await?;
    }
    let status_changed_at = if before.status == wish.status { before.status_changed_at } else { unit.now() };
    write(
        unit,
        wish.opportunity,
        opportunity::ActiveModel {
            status: Set(wish.status),
            lost_reason_key: Set(fields::key(reason.as_ref())),
            lost_reason: Set(reason),
            status_changed_at: Set(status_changed_at),
            ..Default::default()
        },
    )
    .await?;
    unit.deal_mut(record)?.status = wish.status;
    unit.record(record, What::StatusChanged, changes, None);
    Ok(true)
}
