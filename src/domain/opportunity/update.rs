//! Changes an opportunity's own fields (A2, A9, R6).

use entity::{OpportunityId, opportunity, opportunity_token};
use policy::{Action, Record as _};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Set};

use super::create::read;
use super::fields::{self, OpportunityFields};
use crate::domain::access::Access;
use crate::domain::activity::{Change, What};
use crate::domain::error::Result;
use crate::domain::patch::Patch;
use crate::domain::record::RecordRef;
use crate::domain::search::opportunity_words;
use crate::domain::text;
use crate::domain::unit_of_work::{Committed, Reach, UnitOfWork};
use crate::domain::validate::Problems;

/// The wish to change an opportunity.
#[derive(Clone, Debug)]
pub struct UpdateOpportunity {
    /// Which.
    pub opportunity: OpportunityId,
    /// What.
    pub fields: OpportunityFields,
    /// The version that the caller has seen (R6).
    pub expected_version: Option<i64>,
}

/// Changes an opportunity. Nothing happens when every field has its value already.
///
/// # Errors
/// Not found, denied, invalid, stale.
pub async fn update(access: &Access, wish: &UpdateOpportunity) -> Result<Committed> {
    let mut unit = access.begin().await?;
    if !update_in(&mut unit, wish).await? {
        return unit.unchanged(Committed::default()).await;
    }
    unit.commit().await
}

/// Changes an opportunity as a part of a larger change; false when it was so already.
///
/// # Errors
/// As [`update`].
pub async fn update_in(unit: &mut UnitOfWork<'_>, wish: &UpdateOpportunity) -> Result<bool> {
    let record = RecordRef::Opportunity(wish.opportunity);
    unit.hold(record, Reach::Alone, "id").await?;
    unit.require(record, Action::Edit, "id")?;
    fields::require_value_right(unit, &wish.fields.value)?;

    let before = read(unit, wish.opportunity).await?;
    let currency = unit.account().currency.clone();
    let mut problems = Problems::new();
    let name = match &wish.fields.name {
        Patch::Keep => before.name.clone(),
        Patch::Clear => problems.required_line("name", ""),
        Patch::Set(name) => problems.required_line("name", name),
    };
    let value = fields::value(&mut problems, &wish.fields.value, before.value_minor, &currency);
    let source = fields::line(&mut problems, "source", &wish.fields.source, before.source.as_ref());
    problems.none()?;
    unit.require_version(record, wish.expected_version)?;

    let words = opportunity_words(&before.name);
    let changes: Vec<Change> = [
        Change::between("name", Some(before.name), Some(name.clone())),
        fields::value_change(before.value_minor, value, &currency),
        Change::between("source", before.source, source.clone()),
    ]
    .into_iter()
    .flatten()
    .collect();
    if changes.is_empty() {
        return Ok(false);
    }
    if words != opportunity_words(&name) {
        let of_it = opportunity_token::Column::OpportunityId.eq(wish.opportunity);
        unit.delete(opportunity_token::Entity::delete_many().filter(of_it)).await?;
        let account = unit.account().id;
        unit.insert_many(fields::token_rows(account, wish.opportunity, opportunity_words(&name))).await?;
    }
    write(
        unit,
        wish.opportunity,
        opportunity::ActiveModel {
            name_key: Set(text::fold(&name)),
            name: Set(name),
            value_minor: Set(value),
            source_key: Set(fields::key(source.as_ref())),
            source: Set(source),
            ..Default::default()
        },
    )
    .await?;
    unit.deal_mut(record)?.value_minor = value;
    unit.record(record, What::Updated, changes, None);
    Ok(true)
}

/// Writes columns of a held opportunity, with its new version and time.
pub(super) async fn write(
    unit: &mut UnitOfWork<'_>,
    id: OpportunityId,
    columns: opportunity::ActiveModel,
) -> Result<()> {
    let now = unit.now();
    let held = unit.held_mut(id.into())?;
    held.version += 1;
    held.updated_at = now;
    let version = held.version;
    unit.update(opportunity::ActiveModel {
        id: Set(id),
        version: Set(version),
        updated_at: Set(now),
        ..columns
    })
    .await?;
    unit.touch(policy::Opportunity::COLUMNS, &[id.0]).await
}
