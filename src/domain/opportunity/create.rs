//! Makes an opportunity (A12, O4, O5, F12).

use entity::member::Cause;
use entity::opportunity::{self, Status};
use entity::{ContactId, OpportunityId, PipelineId, StageId, Timestamp, UserId};
use policy::{Action, Decision};
use rust_decimal::Decimal;
use sea_orm::Set;

use super::fields;
use crate::domain::access::Access;
use crate::domain::activity::{Change, What};
use crate::domain::duplicates;
use crate::domain::error::{Error, Refusal, Result};
use crate::domain::ownership::{newborn, transfer};
use crate::domain::patch::Patch;
use crate::domain::pipeline;
use crate::domain::record::RecordRef;
use crate::domain::search::opportunity_words;
use crate::domain::text;
use crate::domain::unit_of_work::{Committed, Deal, Held, Reach, UnitOfWork};
use crate::domain::validate::Problems;

/// The wish to make an opportunity.
#[derive(Clone, Debug)]
pub struct CreateOpportunity {
    /// Its contact, for good (A12).
    pub contact: ContactId,
    /// Its pipeline.
    pub pipeline: PipelineId,
    /// Its stage; the pipeline's first when left out.
    pub stage: Option<StageId>,
    /// Its name.
    pub name: String,
    /// What it is worth, in the account's currency.
    pub value: Patch<Decimal>,
    /// How it stands; open when left out.
    pub status: Option<Status>,
    /// Why it was lost.
    pub lost_reason: Patch<String>,
    /// Where it came from.
    pub source: Patch<String>,
    /// Its owner: given, none on purpose, or left out, which means the contact's (O4).
    pub owner: Patch<UserId>,
    /// Its followers.
    pub followers: Vec<UserId>,
    /// Whether previous owners join the followers, where the owner moves others with it (O4, F4).
    pub previous_owner_follows: Option<bool>,
    /// When it was made and last changed, where that is not now.
    pub dates: Option<(Timestamp, Timestamp)>,
}

impl CreateOpportunity {
    /// An opportunity of a contact in a pipeline, everything else left out.
    #[must_use]
    pub fn new(contact: ContactId, pipeline: PipelineId, name: impl Into<String>) -> Self {
        Self {
            contact,
            pipeline,
            stage: None,
            name: name.into(),
            value: Patch::Keep,
            status: None,
            lost_reason: Patch::Keep,
            source: Patch::Keep,
            owner: Patch::Keep,
            followers: Vec::new(),
            previous_owner_follows: None,
            dates: None,
        }
    }
}

/// Makes an opportunity.
///
/// # Errors
/// Not found, denied, invalid, limit.
pub async fn create(access: &Access, wish: &CreateOpportunity) -> Result<(OpportunityId, Committed)> {
    let mut unit = access.begin().await?;
    let opportunity = create_in(&mut unit, wish, Cause::Manual).await?;
    unit.commit_as(|committed| (opportunity, committed)).await
}

/// Makes an opportunity as a part of a larger change. Nothing is written when it is refused.
///
/// # Errors
/// As [`create`].
pub async fn create_in(
    unit: &mut UnitOfWork<'_>,
    wish: &CreateOpportunity,
    cause: Cause,
) -> Result<OpportunityId> {
    let reach = if unit.account().separate_owners { Reach::Alone } else { Reach::Family };
    unit.hold(wish.contact.into(), reach, "contactId").await?;
    let stages = pipeline::stages(unit, wish.pipeline, "pipelineId").await?;
    let stage = pipeline::stage_of(&stages, wish.stage, "stageId")?;
    newborn::require_people(unit, &wish.owner, &wish.followers).await?;

    if let Some(reason) = unit.access().may::<policy::Opportunity>(Action::Create).reason() {
        return Err(Refusal::denied("", Some(reason)).into());
    }
    fields::require_value_right(unit, &wish.value)?;
    let owner = owner(unit, wish)?;
    let moved = linked_move(unit, wish, owner)?;
    let columns = columns(unit, wish).await?;
    newborn::require_room(unit, owner, &wish.followers)?;
    let is_open = wish.status.unwrap_or(Status::Open) == Status::Open;
    if is_open {
        duplicates::refuse_opportunity(unit, None, wish.contact, wish.pipeline, "pipelineId").await?;
    }

    let id: OpportunityId = unit.new_id();
    let (made_at, updated_at) = wish.dates.unwrap_or((unit.now(), unit.now()));
    let changes = changes(unit, wish, &columns, &stage, owner);
    let deal = Deal {
        pipeline: wish.pipeline,
        stage: stage.id,
        status: wish.status.unwrap_or(Status::Open),
        value_minor: columns.value_minor.try_as_ref().copied().flatten(),
    };
    let words = opportunity_words(columns.name.as_ref());
    unit.insert(opportunity::ActiveModel {
        id: Set(id),
        account_id: Set(unit.account().id),
        contact_id: Set(wish.contact),
        pipeline_id: Set(wish.pipeline),
        stage_id: Set(stage.id),
        owner_id: Set(owner),
        stage_changed_at: Set(updated_at),
        status_changed_at: Set(updated_at),
        version: Set(1),
        created_at: Set(made_at),
        updated_at: Set(updated_at),
        last_activity_at: Set(unit.now()),
        ..columns
    })
    .await?;
    unit.insert_many(fields::token_rows(unit.account().id, id, words)).await?;
    if is_open {
        duplicates::flag_opportunity(unit, id, wish.contact, wish.pipeline).await?;
    }

    let record = RecordRef::Opportunity(id);
    unit.hold_new(Held::made(record, wish.contact, owner, updated_at, Some(deal)));
    let created = unit.record(record, What::Created, changes, None);
    newborn::settle(unit, record, owner, &wish.followers, cause, created)?;
    let previous_follows = wish.previous_owner_follows.unwrap_or(unit.account().previous_owner_follows);
    transfer::transfer(unit, &moved, owner, previous_follows, Some(created))?;
    Ok(id)
}

/// The contact's owner unless another is given (O4). Somebody who has left is nobody's owner anew (O8).
fn owner(unit: &UnitOfWork<'_>, wish: &CreateOpportunity) -> Result<Option<UserId>> {
    Ok(match &wish.owner {
        Patch::Set(owner) => Some(*owner),
        Patch::Clear => None,
        Patch::Keep => unit.held(wish.contact.into())?.active_owner(),
    })
}

/// In linked mode another owner than the contact's is a change of the contact's owner too, and moves what that reaches
/// (O3, O4).
fn linked_move(
    unit: &UnitOfWork<'_>,
    wish: &CreateOpportunity,
    owner: Option<UserId>,
) -> Result<Vec<RecordRef>> {
    let contact = unit.held(wish.contact.into())?;
    if unit.account().separate_owners || !wish.owner.is_given() || contact.owner == owner {
        return Ok(Vec::new());
    }
    let decision = unit.decide_owner(contact, transfer::wish_of(unit, owner))?;
    if let Decision::Refused(reason) = decision {
        return Err(transfer::denied("ownerId", reason).into());
    }
    transfer::reached(unit, contact, owner)
}

async fn columns(unit: &UnitOfWork<'_>, wish: &CreateOpportunity) -> Result<opportunity::ActiveModel> {
    let currency = &unit.account().currency;
    let status = wish.status.unwrap_or(Status::Open);
    let mut problems = Problems::new();
    let name = problems.required_line("name", &wish.name);
    let value_minor = fields::value(&mut problems, &wish.value, None, currency);
    let reason = fields::given_reason(unit, &mut problems, status, &wish.lost_reason, None).await?;
    let lost_reason = fields::lost_reason(&mut problems, status, &reason, None);
    let source = fields::line(&mut problems, "source", &wish.source, None);
    let columns = opportunity::ActiveModel {
        name_key: Set(text::fold(&name)),
        name: Set(name),
        value_minor: Set(value_minor),
        status: Set(status),
        lost_reason_key: Set(fields::key(lost_reason.as_ref())),
        lost_reason: Set(lost_reason),
        source_key: Set(fields::key(source.as_ref())),
        source: Set(source),
        ..Default::default()
    };
    if wish.dates.is_some_and(|(made_at, updated_at)| updated_at < made_at) {
        problems.add("updatedAt", "lies before the day on which it was made");
    }
    problems.none()?;
    Ok(columns)
}

fn changes(
    unit: &UnitOfWork<'_>,
    wish: &CreateOpportunity,
    columns: &opportunity::ActiveModel,
    stage: &entity::stage::Model,
    owner: Option<UserId>,
) -> Vec<Change> {
    let given = |field, value: Option<String>| Change::between(field, None, value);
    [
        given("name", columns.name.try_as_ref().cloned()),
        given("contact", Some(wish.contact.to_string())),
        given("stage", Some(stage.id.to_string())),
        given("status", columns.status.try_as_ref().map(|status| fields::status_text(*status))),
        given("lostReason", columns.lost_reason.try_as_ref().cloned().flatten()),
        given("source", columns.source.try_as_ref().cloned().flatten()),
        given("owner", owner.map(|owner| owner.to_string())),
        fields::value_change(
            None,
            columns.value_minor.try_as_ref().copied().flatten(),
            &unit.account().currency,
        ),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Reads a held opportunity's row.
pub(super) async fn read(unit: &UnitOfWork<'_>, id: OpportunityId) -> Result<opportunity::Model> {
    use sea_orm::EntityTrait;
    let row = unit.rows(opportunity::Entity::find_by_id(id)).await?.pop();
    row.ok_or_else(|| Error::bug("a held opportunity has no row"))
}
