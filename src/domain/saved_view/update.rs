//! Changes a saved view.

use entity::SavedViewId;
use entity::saved_view::{self, Model};
use policy::Action;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Set};

use super::decide;
use super::fields::{Checked, ViewFields, require_shared_room};
use crate::domain::access::Access;
use crate::domain::error::{Error, Refusal, RefusalKind, Result};
use crate::domain::text;
use crate::domain::unit_of_work::UnitOfWork;
use crate::domain::validate::Problems;

/// The wish to change a view. Its kind and its owner stay for good.
#[derive(Clone, Debug)]
pub struct UpdateSavedView {
    /// Which.
    pub view: SavedViewId,
    /// What.
    pub fields: ViewFields,
    /// The version that the caller has seen (R6).
    pub expected_version: Option<i64>,
}

/// Changes a view. Nothing happens when it is so already.
///
/// # Errors
/// Not found, denied, invalid, stale, limit.
pub async fn update(access: &Access, wish: &UpdateSavedView) -> Result<()> {
    let unit = UnitOfWork::begin_alone(access).await?;
    let before = find(&unit, wish.view).await?;
    require_edit(&unit, &before)?;
    let unshares = before.shared && wish.fields.shared == Some(false);
    if unshares && !decide(unit.actor(), &before, Action::Unshare).is_granted() {
        let message = "only its owner makes a shared view private: delete it, or leave it shared";
        return Err(Refusal { message: message.into(), ..Refusal::denied("isShared", None) }.into());
    }
    wish.fields.require_rights(&unit)?;
    let mut problems = Problems::new();
    let after = wish.fields.over(&mut problems, read(&before)?);
    problems.none()?;
    after.require_free_name(&unit, before.kind, before.owner_id, Some(before.id)).await?;
    require_version(&before, wish.expected_version)?;
    if after.shared && !before.shared {
        require_shared_room(&unit, before.kind).await?;
    }
    let columns = after.columns_json()?;
    let same = Model {
        name: after.name.clone(),
        shared: after.shared,
        filter: after.filter.clone(),
        sort: after.sort.clone(),
        columns: columns.clone(),
        ..before.clone()
    };
    if same == before {
        return unit.unchanged(()).await;
    }

    unit.update(saved_view::ActiveModel {
        id: Set(before.id),
        name_key: Set(text::fold(&after.name)),
        name: Set(after.name),
        shared: Set(after.shared),
        filter: Set(after.filter),
        sort: Set(after.sort),
        columns: Set(columns),
        version: Set(before.version + 1),
        updated_at: Set(unit.now()),
        ..Default::default()
    })
    .await?;
    unit.commit_as(|_| ()).await
}

/// The view, if the actor may see it.
pub(super) async fn find(unit: &UnitOfWork<'_>, id: SavedViewId) -> Result<Model> {
    let of_account =
        saved_view::Entity::find_by_id(id).filter(saved_view::Column::AccountId.eq(unit.account().id));
    let found = unit.rows(of_account).await?.pop();
    let visible = found.filter(|view| decide(unit.actor(), view, Action::View).is_granted());
    visible.ok_or_else(|| {
        Refusal {
            message: "there is no such view, or it is not shared with you".into(),
            ..Refusal::not_found("id")
        }
        .into()
    })
}

/// Refuses whoever may only read it.
pub(super) fn require_edit(unit: &UnitOfWork<'_>, view: &Model) -> Result<()> {
    if decide(unit.actor(), view, Action::Edit).is_granted() {
        return Ok(());
    }
    let message = "only its owner or an admin changes a shared view: save one of your own";
    Err(Refusal { message: message.into(), ..Refusal::denied("id", None) }.into())
}

/// Refuses a change of a view that has changed since the caller read it (R6).
pub(super) fn require_version(view: &Model, expected: Option<i64>) -> Result<()> {
    let current = view.version;
    if expected.is_none_or(|expected| expected == current) {
        return Ok(());
    }
    let kind = RefusalKind::StaleVersion { current, record: None };
    let message = format!("the view has changed since, it has version {current}: read it again");
    Err(Refusal::new(kind, "expectedVersion", message).into())
}

fn read(row: &Model) -> Result<Checked> {
    let columns = serde_json::from_str(&row.columns)
        .map_err(|error| Error::bug(format!("unreadable columns: {error}")))?;
    Ok(Checked {
        name: row.name.clone(),
        shared: row.shared,
        filter: row.filter.clone(),
        sort: row.sort.clone(),
        columns,
    })
}
