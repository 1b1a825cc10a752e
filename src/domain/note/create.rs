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

    let mentions = fields::mentions(&wish.mentions);
    let (note, row) = compose(&mut unit, wish.record, body, &mentions);
    let record = wish.record;
    unit.insert(row).await?;
    unit.insert_many(fields::mention_rows(unit.account().id, note, &mentions)).await?;
    unit.commit_as(|committed| NoteDone { note, record, committed }).await
}

/// A note on a held record, which is told as written: whoever calls has checked who writes what, and inserts it.
pub(in crate::domain) fn compose(
    unit: &mut UnitOfWork<'_>,
    record: RecordRef,
    body: String,
    mentions: &[UserId],
) -> (NoteId, note::ActiveModel) {
    let id: NoteId = unit.new_id();
    let changes = fields::changes(None, (&body, mentions));
    fields::tell(unit, id, record, What::Created, changes, mentions);
    let (contact, opportunity) = record.by_kind();
    let row = note::ActiveModel {
        id: Set(id),
        account_id: Set(unit.account().id),
        contact_id: Set(contact),
        opportunity_id: Set(opportunity),
        author_id: Set(unit.actor().user),
        body: Set(body),
        version: Set(1),
        created_at: Set(unit.now()),
        updated_at: Set(unit.now()),
    };
    (id, row)
}
