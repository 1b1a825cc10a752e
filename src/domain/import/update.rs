//! Carries a row that has changed since it was taken in over to its opportunity.

use entity::import_row;
use entity::member::Cause;
use entity::opportunity::Status;
use policy::Action;
use sea_orm::Set;

use super::batch::Batch;
use super::columns::Column;
use super::create::{followers, ids};
use super::deal::Deal;
use super::identity::{content, has_new_note, note};
use super::people::Person;
use super::tags;
use super::take::Outcome;
use crate::domain::error::{Error, Result};
use crate::domain::opportunity::{self, MoveStage, OpportunityFields, SetStatus, UpdateOpportunity};
use crate::domain::ownership::AddFollowers;
use crate::domain::ownership::follow;
use crate::domain::patch::Patch;
use crate::domain::record::RecordRef;
use crate::domain::unit_of_work::Reach;

/// Carries value, stage, status, lost reason, source, followers, tags and the note over; followers, tags and notes are only added. The
/// owner stays: it is part of what the row is known by.
///
/// # Errors
/// Every cell that cannot be taken.
pub(super) async fn update(
    batch: &mut Batch<'_>,
    deal: &Deal,
    before: &import_row::Model,
) -> Result<Outcome> {
    let id = before.opportunity_id;
    let record = RecordRef::Opportunity(id);
    let contact = batch.contact_of.get(&id).copied();
    let contact = contact.ok_or_else(|| Error::bug("an imported opportunity is gone"))?;
    batch.unit.hold(record, Reach::Alone, "").await?;
    let people = followers(&batch.people, deal)?;
    require_room(batch, record, &people)?;
    tags::require_room(&mut batch.contacts, contact, deal)?;

    let (pipeline, stage) = batch.pipelines.stage(&batch.unit, batch.plan, deal).await?;
    let users = ids(batch, people).await?;
    let unit = &mut batch.unit;
    let wish = MoveStage { opportunity: id, stage, pipeline: Some(pipeline), expected_version: None };
    let mut changed = opportunity::move_stage_in(unit, &wish).await?;
    let fields = OpportunityFields {
        name: Patch::Keep,
        value: deal.value.map_or(Patch::Clear, Patch::Set),
        source: deal.source.clone().map_or(Patch::Clear, Patch::Set),
    };
    let wish = UpdateOpportunity { opportunity: id, fields, expected_version: None };
    changed |= opportunity::update_in(unit, &wish).await?;
    let lost_reason = match &deal.lost_reason {
        Some(reason) => Patch::Set(reason.clone()),
        None if deal.status == Status::Lost => Patch::Clear,
        None => Patch::Keep,
    };
    let wish = SetStatus { opportunity: id, status: deal.status, lost_reason, expected_version: None };
    changed |= opportunity::set_status_in(unit, &wish).await?;
    unit.require(record, Action::ManageFollowers, Column::Followers.name())?;
    let wish = AddFollowers { record, users, until: None };
    changed |= !follow::place(unit, &wish, Cause::Import, None)?.added.is_empty();
    changed |= tags::add(batch, contact, deal).await?;
    if has_new_note(deal, before) {
        batch.write(deal, id);
        changed = true;
    }

    let unit = &mut batch.unit;
    unit.update(import_row::ActiveModel {
        account_id: Set(before.account_id),
        identity: Set(before.identity.clone()),
        content: Set(content(deal)),
        // A cell that was emptied takes nothing away, and what was in it is no new note when it comes back.
        note: Set(note(deal).or_else(|| before.note.clone())),
        imported_at: Set(unit.now()),
        ..Default::default()
    })
    .await?;
    Ok(if changed { Outcome::Updated } else { Outcome::Unchanged })
}

/// F1, before anybody is made.
fn require_room(batch: &Batch<'_>, record: RecordRef, people: &[Person]) -> Result<()> {
    let roster = &batch.unit.held(record)?.roster;
    let newcomers = people.iter().filter(|person| match person {
        Person::Known(user) => roster.member(*user).is_none(),
        Person::New(_) => true,
    });
    follow::limit(roster.followers().len(), newcomers.count(), Column::Followers.name())
}
