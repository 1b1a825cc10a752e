//! Writes a note on a record (R5).

use entity::{NoteId, UserId, note};
use policy::{Action, Ties};
use sea_orm::Set;

use super::{NoteDone, fields};
use crate::domain::access::Access;
use crate::domain::activity::What;
use crate::domain::error::Result;
use crate::domain::record::RecordRef;
use crate::domain::unit_of_work::{Reach, UnitOfWork, require_granted};
use crate::domain::validate::Problems;

/// The wish to write a note.
#[derive(Clone, Debug)]
pub struct CreateNote {
    /// On what.
    pub record: RecordRef,
    /// Its text.
    pub body: String,
    /// Whom it mentions.
    pub mentions: Vec<UserId>,
}

/// Writes a note.
///
/// # Errors
/// Not found (the record, or somebody mentioned who may not view it), denied, invalid.
pub async fn create(access: &Access, wish: &CreateNote) -> Result<NoteDone> {
    let mut unit = access.begin().await?;
    unit.hold(wish.record, Reach::Alone, "recordId").await?;
    fields::require_mentions(&unit, wish.record, &wish.mentions, &[]).await?;
    let decision = unit.decide_on::<policy::ContactNote, policy::OpportunityNote>(
        wish.record,
        Ties::NONE,
        Action::Create,
    )?;
    require_granted(&decision, "recordId")?;
    let mut problems = Problems::new();
    let body = fields::body(&mut problems, &wish.body);
    fields::check_mentions(&mut problems, &wish.mentions);
    problems.none()?;

    let note = write(&mut unit, wish.record, body, &fields::mentions(&wish.mentions)).await?;
    let record = wish.record;
    unit.commit_as(|committed| NoteDone { note, record, committed }).await
}

/// Writes a note on a held record as a part of a larger change. Whoever calls has checked who writes what.
pub(in crate::domain) async fn write(
    unit: &mut UnitOfWork<'_>,
    record: RecordRef,
    body: String,
    mentions: &[UserId],
) -> Result<NoteId> {
    let id: NoteId = unit.new_id();
    let account = unit.account().id;
    let changes = fields::changes(None, (&body, mentions));
    unit.insert(row(unit, id, record, body)).await?;
    unit.insert_many(fields::mention_rows(account, id, mentions)).await?;
    fields::tell(unit, id, record, What::Created, changes, mentions);
    Ok(id)
}

fn row(unit: &UnitOfWork<'_>, id: NoteId, record: RecordRef, body: String) -> note::ActiveModel {
    let (contact, opportunity) = record.by_kind();
    note::ActiveModel {
        id: Set(id),
        account_id: Set(unit.account().id),
        contact_id: Set(contact),
        opportunity_id: Set(opportunity),
        author_id: Set(unit.actor().user),
        body: Set(body),
        version: Set(1),
        created_at: Set(unit.now()),
        updated_at: Set(unit.now()),
    }
}
