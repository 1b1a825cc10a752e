//! The groups of an account, while nobody else changes them.

use entity::{CalendarGroupId, calendar_group};
use policy::Action;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use crate::domain::error::{Refusal, RefusalKind, Result};
use crate::domain::text;
use crate::domain::unit_of_work::UnitOfWork;
use crate::domain::validate::Problems;

/// All groups by name; none for whoever may see none.
pub(super) async fn all(unit: &UnitOfWork<'_>) -> Result<Vec<calendar_group::Model>> {
    let groups = calendar_group::Entity::find()
        .filter(calendar_group::Column::AccountId.eq(unit.account().id))
        .order_by_asc(calendar_group::Column::NameKey);
    let mut groups = unit.rows(groups).await?;
    if !unit.access().may::<policy::CalendarGroup>(Action::View).is_granted() {
        groups.clear();
    }
    Ok(groups)
}

/// One of them.
pub(super) fn one(
    groups: &[calendar_group::Model],
    id: CalendarGroupId,
    field: &str,
) -> Result<calendar_group::Model> {
    let found = groups.iter().find(|group| group.id == id).cloned();
    found.ok_or_else(|| {
        let message = "there is no such group of calendars, or you may not see it";
        Refusal { message: message.into(), ..Refusal::not_found(field) }.into()
    })
}

/// Refuses a group that is not there, where one is named.
pub(in crate::domain::calendar) async fn require(
    unit: &UnitOfWork<'_>,
    group: Option<CalendarGroupId>,
    field: &str,
) -> Result<()> {
    let Some(group) = group else { return Ok(()) };
    one(&all(unit).await?, group, field).map(|_| ())
}

/// Refuses whoever may not arrange groups.
pub(super) fn require_manage(unit: &UnitOfWork<'_>) -> Result<()> {
    match unit.access().may::<policy::CalendarGroup>(Action::Manage).reason() {
        Some(reason) => Err(Refusal::denied("", Some(reason)).into()),
        None => Ok(()),
    }
}

/// A name that no other group has.
pub(super) fn unique_name(
    problems: &mut Problems,
    name: &str,
    groups: &[calendar_group::Model],
    own: Option<CalendarGroupId>,
) -> String {
    let name = problems.required_line("name", name);
    let key = text::fold(&name);
    if groups.iter().any(|other| Some(other.id) != own && other.name_key == key) {
        problems.add("name", format!("there is a group `{name}` already: choose another name"));
    }
    name
}

/// Refuses a change of a group that has changed since the caller read it (R6).
pub(super) fn require_version(group: &calendar_group::Model, expected: Option<i64>) -> Result<()> {
    let current = group.version;
    if expected.is_none_or(|expected| expected == current) {
        return Ok(());
    }
    let kind = RefusalKind::StaleVersion { current, record: None };
    let message = format!("the group has changed since, it has version {current}: read it again");
    Err(Refusal::new(kind, "expectedVersion", message).into())
}
