//! Who the members of a calendar shall be (C1).

use std::collections::HashSet;

use entity::calendar::Kind;
use entity::{CalendarId, UserId, calendar_member};
use sea_orm::Set;

use super::MAX_MEMBERS;
use crate::domain::error::{Error, Refusal, RefusalKind, Result};
use crate::domain::unit_of_work::{UnitOfWork, unknown_user};
use crate::domain::validate::Problems;

/// The field of the input that names members.
pub(super) const FIELD: &str = "memberIds";

/// Refuses members who are no active people of the account. Whoever is one already may stay, and have left.
pub(super) async fn require_known(
    unit: &UnitOfWork<'_>,
    members: &[UserId],
    before: &[calendar_member::Model],
) -> Result<()> {
    let active = unit.active_users(members).await?;
    let known = |member: &UserId| {
        active.contains_key(member) || before.iter().any(|before| before.user_id == *member)
    };
    let unknown = members.iter().enumerate().filter(|(_, member)| !known(member));
    let unknown: Vec<Refusal> = unknown.map(|(place, _)| unknown_user(&format!("{FIELD}.{place}"))).collect();
    if unknown.is_empty() { Ok(()) } else { Err(Error::Refused(unknown)) }
}

/// Notes what is wrong with a list of members.
pub(super) fn check(problems: &mut Problems, kind: Kind, members: &[UserId]) {
    let mut named = HashSet::new();
    for (place, _) in members.iter().enumerate().filter(|(_, member)| !named.insert(**member)) {
        problems.add(&format!("{FIELD}.{place}"), "this person is named twice: give each one once");
    }
    if kind == Kind::Personal && members.len() > 1 {
        problems
            .add(FIELD, "a calendar of the kind `PERSONAL` has one member: name one, or choose another kind");
    }
}

/// Refuses more members than fit.
pub(super) fn require_room(members: &[UserId], current: usize) -> Result<()> {
    if members.len() <= MAX_MEMBERS {
        return Ok(());
    }
    let message = format!("a calendar has at most {MAX_MEMBERS} members: leave some out");
    Err(Refusal::new(RefusalKind::LimitReached { limit: MAX_MEMBERS, current }, FIELD, message).into())
}

/// Inserts the members of a calendar that has none, in the order in which they are booked.
pub(super) async fn insert(unit: &UnitOfWork<'_>, calendar: CalendarId, members: &[UserId]) -> Result<()> {
    let rows = (0..).zip(members).map(|(priority, user)| calendar_member::ActiveModel {
        calendar_id: Set(calendar),
        user_id: Set(*user),
        account_id: Set(unit.account().id),
        priority: Set(priority),
    });
    unit.insert_many(rows.collect()).await
}

/// As the history tells them; none when there are none.
pub(super) fn written(members: impl IntoIterator<Item = UserId>) -> Option<String> {
    let members: Vec<String> = members.into_iter().map(|member| member.to_string()).collect();
    (!members.is_empty()).then(|| members.join(", "))
}
