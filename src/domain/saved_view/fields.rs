//! The fields of a saved view as callers give them, checked.

use entity::saved_view::{self, Kind};
use entity::{SavedViewId, UserId};
use policy::{Field, Reason};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter};

use crate::domain::error::{Error, Refusal, RefusalKind, Result};
use crate::domain::patch::Patch;
use crate::domain::text;
use crate::domain::unit_of_work::UnitOfWork;
use crate::domain::validate::Problems;

/// The most views that one person keeps, of both kinds together.
const MAX_OF_A_PERSON: usize = 100;

/// The most views of one kind that an account shares.
const MAX_SHARED: usize = 200;

/// The most columns that a view shows.
const MAX_COLUMNS: usize = 100;

/// The longest filter or order, in bytes of JSON.
const MAX_JSON: usize = 20_000;

/// A part of a view whose grammar is the surface's: it was read there, and is kept as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// JSON.
    pub json: String,
    /// The fields with a need of their own that it names (A9).
    pub names: Vec<Field>,
}

/// What a caller says of a view.
#[derive(Clone, Debug, Default)]
pub struct ViewFields {
    /// What it is called.
    pub name: Patch<String>,
    /// Whether the whole account sees it.
    pub shared: Option<bool>,
    /// Which records it lists; null lets everything pass.
    pub filter: Patch<Text>,
    /// In which order; null is the list's own.
    pub sort: Patch<Text>,
    /// The fields that it shows, in their order.
    pub columns: Patch<Vec<String>>,
    /// The fields with a need of their own among the columns (A9).
    pub columns_name: Vec<Field>,
    /// What the surface could not read of it, and left out of the rest.
    pub unreadable: Vec<Refusal>,
}

/// A view's own columns, as they are after a change.
#[derive(Clone, Debug)]
pub(super) struct Checked {
    pub name: String,
    pub shared: bool,
    pub filter: Option<String>,
    pub sort: Option<String>,
    pub columns: Vec<String>,
}

impl ViewFields {
    /// Refuses a filter, an order or a column that names what the actor may not see: such an argument is never just
    /// ignored (A9).
    pub(super) fn require_rights(&self, unit: &UnitOfWork<'_>) -> Result<()> {
        let of = |patch: &Patch<Text>| match patch {
            Patch::Set(text) => text.names.clone(),
            Patch::Keep | Patch::Clear => Vec::new(),
        };
        let denied = |named: Vec<Field>, field: &str| {
            let lacking = named.into_iter().find(|named| !unit.actor().holds(named.needs))?;
            Some(Refusal::denied(field, Some(Reason::MissingPermission(lacking.needs))))
        };
        let named =
            [(of(&self.filter), "filter"), (of(&self.sort), "sort"), (self.columns_name.clone(), "columns")];
        let refusals: Vec<Refusal> =
            named.into_iter().filter_map(|(named, field)| denied(named, field)).collect();
        if refusals.is_empty() { Ok(()) } else { Err(Error::Refused(refusals)) }
    }

    /// The columns after the change of a view that has been `before`.
    pub(super) fn over(&self, problems: &mut Problems, before: Checked) -> Checked {
        problems.include(self.unreadable.iter().cloned());
        let name = match &self.name {
            Patch::Keep => before.name,
            Patch::Clear => problems.required_line("name", ""),
            Patch::Set(name) => problems.required_line("name", name),
        };
        let json = |problems: &mut Problems, field, patch: &Patch<Text>, before: Option<String>| match patch {
            Patch::Keep => before,
            Patch::Clear => None,
            Patch::Set(text) if text.json.len() > MAX_JSON => {
                problems.add(field, format!("at most {MAX_JSON} bytes fit here"));
                before
            }
            Patch::Set(text) => Some(text.json.clone()),
        };
        let filter = json(problems, "filter", &self.filter, before.filter);
        let sort = json(problems, "sort", &self.sort, before.sort);
        let columns = self.columns.clone().over(Some(before.columns)).unwrap_or_default();
        if columns.len() > MAX_COLUMNS {
            problems.add("columns", format!("at most {MAX_COLUMNS} fit here"));
        }
        for (place, column) in columns.iter().enumerate() {
            if columns[..place].contains(column) {
                problems.add(&format!("columns.{place}"), format!("`{column}` stands here twice"));
            }
        }
        Checked { name, shared: self.shared.unwrap_or(before.shared), filter, sort, columns }
    }
}

impl Checked {
    /// Refuses a name that another view has where this one shall stand: the private ones of its owner, or the shared ones
    /// of the account.
    pub(super) async fn require_free_name(
        &self,
        unit: &UnitOfWork<'_>,
        kind: Kind,
        owner: UserId,
        own: Option<SavedViewId>,
    ) -> Result<()> {
        let mut among = Condition::all().add(saved_view::Column::Shared.eq(self.shared));
        if !self.shared {
            among = among.add(saved_view::Column::OwnerId.eq(owner));
        }
        let same = saved_view::Entity::find()
            .filter(saved_view::Column::AccountId.eq(unit.account().id))
            .filter(saved_view::Column::Kind.eq(kind))
            .filter(saved_view::Column::NameKey.eq(text::fold(&self.name)))
            .filter(among);
        if unit.rows(same).await?.into_iter().all(|other| Some(other.id) == own) {
            return Ok(());
        }
        let whose = if self.shared { "a shared view" } else { "a view of yours" };
        Err(Refusal::invalid("name", format!("{whose} is called `{}` already", self.name)).into())
    }

    /// The columns as they are kept.
    pub(super) fn columns_json(&self) -> Result<String> {
        serde_json::to_string(&self.columns)
            .map_err(|error| Error::bug(format!("unwritable columns: {error}")))
    }
}

/// Refuses one more view than a person keeps.
pub(super) async fn require_own_room(unit: &UnitOfWork<'_>, owner: UserId) -> Result<()> {
    let own = saved_view::Entity::find().filter(saved_view::Column::OwnerId.eq(owner));
    room(unit.rows(own).await?.len(), MAX_OF_A_PERSON, "you keep", "delete one first")
}

/// Refuses one more view than an account shares.
pub(super) async fn require_shared_room(unit: &UnitOfWork<'_>, kind: Kind) -> Result<()> {
    let shared = saved_view::Entity::find()
        .filter(saved_view::Column::AccountId.eq(unit.account().id))
        .filter(saved_view::Column::Kind.eq(kind))
        .filter(saved_view::Column::Shared.eq(true));
    room(unit.rows(shared).await?.len(), MAX_SHARED, "your account shares", "keep this one private")
}

fn room(current: usize, limit: usize, who: &str, hint: &str) -> Result<()> {
    if current < limit {
        return Ok(());
    }
    let message = format!("{who} {current} views, and {limit} are the most: {hint}");
    Err(Refusal::new(RefusalKind::LimitReached { limit, current }, "", message).into())
}
