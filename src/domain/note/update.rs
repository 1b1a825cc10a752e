//! Changes the text of a note, or whom it mentions (R5).

use entity::{NoteId, UserId, note, note_mention};
use policy::Action;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Set};

use super::{NoteDone, fields};
use crate::domain::access::Access;
use crate::domain::activity::What;
use crate::domain::error::{Refusal, Result};
use crate::domain::patch::Patch;
use crate::domain::unit_of_work::{Committed, HeldNote, UnitOfWork, require_version_of};
use crate::domain::validate::Problems;

/// The wish to change a note. Its record and its author stay for good.
#[derive(Clone, Debug)]
pub struct UpdateNote {
    /// Which.
    pub note: NoteId,
    /// Its text.
    pub body: Patch<String>,
    /// Whom it mentions: all of them.
    pub mentions: Patch<Vec<UserId>>,
    /// The version that the caller has seen (R6).
    pub expected_version: Option<i64>,
}

/// Changes a note. Nothing happens when it is so already.
///
/// # Errors
/// Not found, denied, invalid, stale.
pub async fn update(access: &Access, wish: &UpdateNote) -> Result<NoteDone> {
    let mut unit = access.begin().await?;
    let held = unit.hold_note(wish.note, "id").await?;
    let (note, record) = (wish.note, held.on);
    if !update_held(&mut unit, &held, wish).await? {
        return unit.unchanged(NoteDone { note, record, committed: Committed::default() }).await;
    }
    unit.commit_as(|committed| NoteDone { note, record, committed }).await
}

async fn update_held(unit: &mut UnitOfWork<'_>, held: &HeldNote, wish: &UpdateNote) -> Result<bool> {
    let given: Option<&[UserId]> = match &wish.mentions {
        Patch::Keep => None,
        Patch::Clear => Some(&[]),
        Patch::Set(people) => Some(people),
    };
    fields::require_mentions(unit, held.on, given.unwrap_or_default(), &held.mentions).await?;
    require_words_of_ones_own(unit, held)?;
    let mut problems = Problems::new();
    let body = match &wish.body {
        Patch::Keep => held.row.body.clone(),
        Patch::Clear => fields::body(&mut problems, ""),
        Patch::Set(body) => fields::body(&mut problems, body),
    };
    fields::check_mentions(&mut problems, given.unwrap_or_default());
    problems.none()?;
    require_version_of("note", held.row.version, wish.expected_version)?;

    let mentions = given.map_or_else(|| held.mentions.clone(), fields::mentions);
    let changes = fields::changes(Some((&held.row.body, &held.mentions)), (&body, &mentions));
    if changes.is_empty() {
        return Ok(false);
    }
    unit.update(note::ActiveModel {
        id: Set(held.row.id),
        body: Set(body),
        version: Set(held.row.version + 1),
        updated_at: Set(unit.now()),
        ..Default::default()
    })
    .await?;
    let new: Vec<UserId> = mentions.iter().copied().filter(|user| !held.mentions.contains(user)).collect();
    if mentions != held.mentions {
        let left_out = note_mention::Entity::delete_many()
            .filter(note_mention::Column::NoteId.eq(held.row.id))
            .filter(note_mention::Column::UserId.is_not_in(mentions.iter().copied()));
        unit.delete(left_out).await?;
        unit.insert_many(fields::mention_rows(held.row.account_id, held.row.id, &new)).await?;
    }
    fields::tell(unit, held.row.id, held.on, What::Updated, changes, &new);
    Ok(true)
}

/// Refuses whoever may not change the note. To others than its author no permission helps.
fn require_words_of_ones_own(unit: &UnitOfWork<'_>, held: &HeldNote) -> Result<()> {
    let Some(reason) = unit.decide_note(held, Action::Edit)?.reason() else { return Ok(()) };
    let refusal = Refusal::denied("id", Some(reason));
    if matches!(reason, policy::Reason::MissingPermission(_)) {
        return Err(refusal.into());
    }
    let message = "only its author and an admin change what a note says, while they may edit the record";
    Err(Refusal { message: message.into(), ..refusal }.into())
}
