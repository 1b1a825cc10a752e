//! What callers say of saved views.

use async_graphql::{ID, InputObject, MaybeUndefined};
use entity::{SavedViewId, saved_view};

use super::reading;
use super::types::Kind;
use crate::domain::error::{Error, Refusal, Result};
use crate::domain::patch::Patch;
use crate::domain::saved_view::{CreateSavedView, DeleteSavedView, Text, UpdateSavedView, ViewFields};
use crate::graphql::context::Viewpoint;
use crate::graphql::id::named;
use crate::graphql::inputs::{few, plain};
use crate::graphql::payload::IdempotencyInput;
use crate::graphql::scalars::Json;

/// A view to save.
#[derive(InputObject)]
pub struct SavedViewCreateInput {
    /// What it lists. It stays the same for good.
    kind: Kind,
    /// What it is called, at most 200 characters. No other view of the caller's own, or no other shared one, of this kind
    /// may have the name, whatever its case.
    name: String,
    /// Whether the whole account reads it. Private when left out.
    #[graphql(default)]
    is_shared: bool,
    /// Which records it lists: what the list of this kind takes as its `filter`, a `ContactFilter` or an
    /// `OpportunityFilter`. It is checked as the list would, and kept; ids in it are not looked up. Everything passes when
    /// it is null or left out. Filtering by what an opportunity is worth needs `VIEW_LEAD_VALUE`.
    filter: Option<Json>,
    /// In which order: what the list of this kind takes as its `sort`. The list's own order when it is null or left out.
    /// Sorting by what an opportunity is worth needs `VIEW_LEAD_VALUE`.
    sort: Option<Json>,
    /// The names of the fields of `Contact` or `Opportunity` that it shows, in their order: at most 100, each once. A field
    /// with a need of its own needs that here too.
    #[graphql(default)]
    columns: Vec<String>,
    #[graphql(flatten)]
    call: IdempotencyInput,
}

/// Changes of a view. What is left out stays as it is. Its kind and its owner stay for good.
#[derive(InputObject)]
pub struct SavedViewUpdateInput {
    /// The view to change.
    id: ID,
    /// What it is called, at most 200 characters; not null. No other view of its owner's own, or no other shared one, of
    /// its kind may have the name, whatever its case.
    name: MaybeUndefined<String>,
    /// Whether the whole account reads it. Only its owner makes a shared one private again. Null leaves it as it is.
    is_shared: Option<bool>,
    /// Which records it lists: what the list of its kind takes as its `filter`. Null lets everything pass.
    filter: MaybeUndefined<Json>,
    /// In which order: what the list of its kind takes as its `sort`. Null is the list's own order.
    sort: MaybeUndefined<Json>,
    /// The names of the fields that it shows, in their order: at most 100, each once. Null shows none.
    columns: MaybeUndefined<Vec<String>>,
    /// The `version` that the caller has seen. When the view has another one by now, nothing is changed, `StaleVersion` is
    /// answered, and the payload shows the view as it is. Left out, the last one wins.
    expected_version: Option<i64>,
    #[graphql(flatten)]
    call: IdempotencyInput,
}

/// A view to delete.
#[derive(InputObject)]
pub struct SavedViewDeleteInput {
    /// The view to delete. The records that it lists stay as they are.
    id: ID,
    /// The `version` that the caller has seen. When the view has another one by now, nothing is changed, `StaleVersion` is
    /// answered, and the payload shows the view as it is. Left out, the last one wins.
    expected_version: Option<i64>,
    #[graphql(flatten)]
    call: IdempotencyInput,
}

impl SavedViewCreateInput {
    pub(super) fn wish(self, viewpoint: &Viewpoint) -> Result<CreateSavedView> {
        let given = |json: Option<Json>| json.map_or(Patch::Keep, Patch::Set);
        let fields = Given {
            name: Patch::Set(self.name),
            shared: Some(self.is_shared),
            filter: given(self.filter),
            sort: given(self.sort),
            columns: Patch::Set(self.columns),
        };
        let kind = self.kind.into();
        Ok(CreateSavedView { kind, fields: fields.read(viewpoint, Some(kind))? })
    }
}

impl SavedViewUpdateInput {
    pub(super) fn view(&self) -> SavedViewId {
        named(&self.id)
    }

    /// The wish, for a view of `kind`; none for one that the caller does not see, which is not found anyway.
    pub(super) fn wish(
        self,
        viewpoint: &Viewpoint,
        kind: Option<saved_view::Kind>,
    ) -> Result<UpdateSavedView> {
        let (view, expected_version) = (self.view(), self.expected_version);
        let fields = Given {
            name: plain(self.name),
            shared: self.is_shared,
            filter: plain(self.filter),
            sort: plain(self.sort),
            columns: plain(self.columns),
        };
        Ok(UpdateSavedView { view, fields: fields.read(viewpoint, kind)?, expected_version })
    }
}

impl SavedViewDeleteInput {
    pub(super) fn wish(&self) -> DeleteSavedView {
        DeleteSavedView { view: named(&self.id), expected_version: self.expected_version }
    }
}

/// What callers say of a view, not read yet.
struct Given {
    name: Patch<String>,
    shared: Option<bool>,
    filter: Patch<Json>,
    sort: Patch<Json>,
    columns: Patch<Vec<String>>,
}

impl Given {
    fn read(self, viewpoint: &Viewpoint, kind: Option<saved_view::Kind>) -> Result<ViewFields> {
        let mut fields = ViewFields { name: self.name, shared: self.shared, ..ViewFields::default() };
        let Some(kind) = kind else { return Ok(fields) };
        let mut unreadable = Vec::new();
        let filter = part(self.filter, |json| reading::filter(viewpoint, kind, json));
        fields.filter = noted(filter, &mut unreadable)?;
        fields.sort = noted(part(self.sort, |json| reading::sort(kind, json)), &mut unreadable)?;
        if let Patch::Set(columns) = &self.columns {
            let named = few(columns, "columns").and_then(|()| reading::columns(kind, columns));
            fields.columns_name = noted(named, &mut unreadable)?;
        }
        fields.columns = self.columns;
        fields.unreadable = unreadable;
        Ok(fields)
    }
}

fn part(json: Patch<Json>, read: impl FnOnce(&serde_json::Value) -> Result<Text>) -> Result<Patch<Text>> {
    Ok(match json {
        Patch::Keep => Patch::Keep,
        Patch::Clear => Patch::Clear,
        Patch::Set(json) => Patch::Set(read(&json.0)?),
    })
}

/// What was read. What could not be is told where it is its turn: not found and denied come first.
fn noted<T: Default>(read: Result<T>, unreadable: &mut Vec<Refusal>) -> Result<T> {
    match read {
        Err(Error::Refused(refusals)) => {
            unreadable.extend(refusals);
            Ok(T::default())
        }
        read => read,
    }
}
