//! Open opportunities of one contact in one pipeline.

use entity::account;
use entity::duplicate_flag::Kind;
use entity::opportunity::Status;
use entity::{ContactId, OpportunityId, PipelineId, TypedId};
use policy::{Action, Wish};
use sea_orm::sea_query::{Expr, Query, SelectStatement};
use sea_orm::{ActiveEnum, ExprTrait};
use uuid::Uuid;

use crate::domain::error::{Refusal, RefusalKind, Result};
use crate::domain::record::RecordRef;
use crate::domain::unit_of_work::{Held, Reach, UnitOfWork};

/// How far a change that may open an opportunity must reach: under the rule its contact is locked too, so that two who
/// open one at once take turns.
#[must_use]
pub const fn reach(account: &account::Model) -> Reach {
    if account.allow_duplicate_opportunities { Reach::Alone } else { Reach::Contact }
}

/// Refuses an open opportunity of a contact in a pipeline where the actor sees another. The contact must be held.
///
/// # Errors
/// Duplicate found.
pub async fn refuse_opportunity(
    unit: &UnitOfWork<'_>,
    opportunity: Option<OpportunityId>,
    contact: ContactId,
    pipeline: PipelineId,
    field: &str,
) -> Result<()> {
    if unit.account().allow_duplicate_opportunities {
        return Ok(());
    }
    if let Some(found) = held_duplicate(unit, opportunity, contact, pipeline) {
        return Err(duplicate(found, field).into());
    }
    let visible =
        policy::filter::<policy::Opportunity>(unit.actor(), Action::View, Wish::Nobody, false, unit.now());
    let mut select = others(unit, opportunity, contact, pipeline);
    // What the change holds may stand elsewhere by now than its row says.
    let held: Vec<Uuid> = unit.family(contact).map(|held| held.record.uuid()).collect();
    if !held.is_empty() {
        select.and_where(Expr::col(("opportunity", "id")).is_not_in(held));
    }
    select
        .expr(Expr::col(("opportunity", "id")))
        .cond_where(visible)
        .order_by_expr(Expr::col(("opportunity", "created_at")), sea_orm::Order::Asc)
        .order_by_expr(Expr::col(("opportunity", "id")), sea_orm::Order::Asc)
        .limit(1);
    match unit.query(&select).await?.first() {
        None => Ok(()),
        Some(row) => {
            let found: OpportunityId = row.try_get("", "id")?;
            Err(duplicate(found.into(), field).into())
        }
    }
}

/// Flags an open opportunity beside which there is another. Whoever asked before that none is visible flags those that
/// are not.
///
/// # Errors
/// A database that fails.
pub async fn flag_opportunity(
    unit: &UnitOfWork<'_>,
    opportunity: OpportunityId,
    contact: ContactId,
    pipeline: PipelineId,
) -> Result<()> {
    if unit.account().allow_duplicate_opportunities {
        return Ok(());
    }
    let others = others(unit, Some(opportunity), contact, pipeline);
    unit.flag(Kind::OpenOpportunity, opportunity.into(), others).await
}

/// An open one that the change itself holds there and that the actor sees.
fn held_duplicate(
    unit: &UnitOfWork<'_>,
    opportunity: Option<OpportunityId>,
    contact: ContactId,
    pipeline: PipelineId,
) -> Option<RecordRef> {
    let is_open_there = |held: &&Held| {
        held.deletion.is_none()
            && held.deal.is_some_and(|deal| deal.pipeline == pipeline && deal.status == Status::Open)
    };
    unit.family(contact)
        .filter(|held| opportunity.is_none_or(|opportunity| held.record != opportunity.into()))
        .filter(is_open_there)
        .find(|held| held.is_made() || unit.decide(held, Action::View).is_granted())
        .map(|held| held.record)
}

/// Every other open opportunity of the contact in the pipeline, whoever sees it.
fn others(
    unit: &UnitOfWork<'_>,
    opportunity: Option<OpportunityId>,
    contact: ContactId,
    pipeline: PipelineId,
) -> SelectStatement {
    let column = |name: &'static str| Expr::col(("opportunity", name));
    let mut select = Query::select();
    select
        .from("opportunity")
        .and_where(column("account_id").eq(unit.account().id))
        .and_where(column("contact_id").eq(contact))
        .and_where(column("pipeline_id").eq(pipeline))
        .and_where(column("status").eq(Status::Open.to_value()))
        .and_where(unit.is_there::<policy::Opportunity>());
    if let Some(opportunity) = opportunity {
        select.and_where(column("id").ne(opportunity.uuid()));
    }
    select
}

fn duplicate(record: RecordRef, field: &str) -> Refusal {
    let message =
        "this contact has an open opportunity in that pipeline: carry on with that one, or close it first";
    Refusal::new(RefusalKind::DuplicateFound { record }, field, message)
}
