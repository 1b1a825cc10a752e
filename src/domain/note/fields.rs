//! The fields of notes: checks, and what of them the history tells.

use std::collections::HashMap;

use entity::{AccountId, NoteId, UserId, note_mention, user};
use sea_orm::Set;

use crate::domain::activity::{Change, Subject, What};
use crate::domain::error::{Error, Result};
use crate::domain::record::RecordRef;
use crate::domain::unit_of_work::{UnitOfWork, unknown_user};
use crate::domain::validate::Problems;

/// The longest note, in characters.
pub const MAX_BODY: usize = 20_000;

/// The most people that a note mentions.
pub const MAX_MENTIONS: usize = 50;

/// The text of a note: several lines, trimmed, not empty.
pub(super) fn body(problems: &mut Problems, value: &str) -> String {
    problems.required_text("body", value, MAX_BODY)
}

/// Notes too many mentions.
pub(super) fn check_mentions(problems: &mut Problems, given: &[UserId]) {
    if given.len() > MAX_MENTIONS {
        problems.add("mentionIds", format!("a note mentions at most {MAX_MENTIONS} people"));
    }
}

/// Distinct people, by id.
pub(super) fn mentions(given: &[UserId]) -> Vec<UserId> {
    let mut people = given.to_vec();
    people.sort_unstable();
    people.dedup();
    people
}

/// Refuses whoever is no active user of the account, or may not view the held record, alike. Whom the note mentions
/// already stays mentioned.
pub(super) async fn require_mentions(
    unit: &UnitOfWork<'_>,
    record: RecordRef,
    given: &[UserId],
    already: &[UserId],
) -> Result<()> {
    let new: Vec<UserId> = given.iter().copied().filter(|user| !already.contains(user)).collect();
    let active: HashMap<UserId, user::Model> = unit.active_users(&new).await?;
    let held = unit.held(record)?;
    let is_known = |user: &UserId| {
        already.contains(user) || active.get(user).is_some_and(|user| unit.may_be_seen_by(held, user))
    };
    let unknown = given.iter().enumerate().filter(|(_, user)| !is_known(user));
    let refusals: Vec<_> = unknown.map(|(place, _)| unknown_user(&format!("mentionIds.{place}"))).collect();
    if refusals.is_empty() { Ok(()) } else { Err(Error::Refused(refusals)) }
}

/// What changed between two states of a note; everything that is set, when there was none before.
pub(super) fn changes(before: Option<(&str, &[UserId])>, after: (&str, &[UserId])) -> Vec<Change> {
    let list = |people: &[UserId]| {
        let people: Vec<String> = people.iter().map(ToString::to_string).collect();
        (!people.is_empty()).then(|| people.join(", "))
    };
    [
        Change::between("body", before.map(|(body, _)| body.to_owned()), Some(after.0.to_owned())),
        Change::between("mentions", before.and_then(|(_, people)| list(people)), list(after.1)),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Says what happened to a note, and whom it mentions since.
pub(super) fn tell(
    unit: &mut UnitOfWork<'_>,
    note: NoteId,
    on: RecordRef,
    what: What,
    changes: Vec<Change>,
    mentioned: &[UserId],
) {
    let subject = Subject::Note { note, on };
    let happened = unit.record(subject, what, changes, None);
    for user in mentioned {
        let change = Change::between("mentions", None, Some(user.to_string()));
        let mentioned = What::Mentioned { user: *user };
        unit.record(subject, mentioned, change.into_iter().collect(), Some(happened));
    }
}

/// The rows of mentions.
pub(super) fn mention_rows(
    account: AccountId,
    note: NoteId,
    people: &[UserId],
) -> Vec<note_mention::ActiveModel> {
    let of = |user: &UserId| note_mention::ActiveModel {
        note_id: Set(note),
        user_id: Set(*user),
        account_id: Set(account),
    };
    people.iter().map(of).collect()
}
