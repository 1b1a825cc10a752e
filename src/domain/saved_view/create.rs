//! Saves a view.

use entity::saved_view::{self, Kind};
use entity::{SavedViewId, UserId};
use sea_orm::Set;

use super::fields::{Checked, ViewFields, require_own_room, require_shared_room};
use super::standing::decide_create;
use crate::domain::access::Access;
use crate::domain::error::{Error, Refusal, Result};
use crate::domain::patch::Patch;
use crate::domain::text;
use crate::domain::unit_of_work::UnitOfWork;
use crate::domain::validate::Problems;

/// The wish to save a view.
#[derive(Clone, Debug)]
pub struct CreateSavedView {
    /// What it lists, for good.
    pub kind: Kind,
    /// The rest.
    pub fields: ViewFields,
}

/// Saves a view of whoever asks. The change is alone in the account, so that names and numbers are decided.
///
/// # Errors
/// Denied, invalid, limit.
pub async fn create(access: &Access, wish: &CreateSavedView) -> Result<SavedViewId> {
    let unit = UnitOfWork::begin_alone(access).await?;
    let owner: UserId = unit.actor().user.ok_or_else(|| Error::bug("the command line keeps no views"))?;
    if let Some(reason) = decide_create(unit.actor(), wish.kind).reason() {
        return Err(Refusal::denied("", Some(reason)).into());
    }
    wish.fields.require_rights(&unit)?;
    let mut problems = Problems::new();
    let nothing =
        Checked { name: String::new(), shared: false, filter: None, sort: None, columns: Vec::new() };
    let checked = wish.fields.over(&mut problems, nothing);
    if matches!(wish.fields.name, Patch::Keep) {
        problems.add("name", "must be given");
    }
    problems.none()?;
    checked.require_free_name(&unit, wish.kind, owner, None).await?;
    require_own_room(&unit, owner).await?;
    if checked.shared {
        require_shared_room(&unit, wish.kind).await?;
    }

    let id: SavedViewId = unit.new_id();
    unit.insert(saved_view::ActiveModel {
        id: Set(id),
        account_id: Set(unit.account().id),
        owner_id: Set(owner),
        kind: Set(wish.kind),
        name_key: Set(text::fold(&checked.name)),
        columns: Set(checked.columns_json()?),
        name: Set(checked.name),
        shared: Set(checked.shared),
        filter: Set(checked.filter),
        sort: Set(checked.sort),
        version: Set(1),
        created_at: Set(unit.now()),
        updated_at: Set(unit.now()),
    })
    .await?;
    unit.commit_as(|_| id).await
}
