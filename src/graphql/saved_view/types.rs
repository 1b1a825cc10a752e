//! A saved view.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::{Enum, ID, Object};
use entity::{SavedViewId, UserId, saved_view};
use policy::{Action, Field};

use super::reading;
use crate::domain::error::Error;
use crate::domain::saved_view::decide;
use crate::graphql::answer::Answer;
use crate::graphql::context::Viewpoint;
use crate::graphql::error::Failure;
use crate::graphql::scalars::{DateTime, Json};
use crate::graphql::siblings::{Once, distinct};
use crate::graphql::user::User;

/// What a view lists.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(name = "SavedViewKind", remote = "entity::saved_view::Kind")]
pub enum Kind {
    /// Contacts. Such views are there only for whoever holds `VIEW_CONTACTS`.
    Contacts,
    /// Opportunities. Such views are there only for whoever holds `VIEW_OPPORTUNITIES`.
    Opportunities,
}

/// A saved view, one of the siblings of a list.
#[derive(Clone, Debug)]
pub struct SavedView {
    row: Arc<saved_view::Model>,
    siblings: Arc<Siblings>,
}

#[derive(Debug)]
struct Siblings {
    viewpoint: Arc<Viewpoint>,
    owner_ids: Vec<UserId>,
    owners: Once<HashMap<UserId, User>>,
}

impl SavedView {
    /// These views, siblings of one another.
    pub fn siblings(viewpoint: &Arc<Viewpoint>, rows: Vec<saved_view::Model>) -> Vec<Self> {
        let siblings = Arc::new(Siblings {
            viewpoint: Arc::clone(viewpoint),
            owner_ids: distinct(rows.iter().map(|row| row.owner_id)),
            owners: Once::default(),
        });
        rows.into_iter().map(|row| Self { row: Arc::new(row), siblings: Arc::clone(&siblings) }).collect()
    }

    /// The visible ones among these.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn all(
        viewpoint: &Arc<Viewpoint>,
        ids: &[SavedViewId],
    ) -> Result<HashMap<SavedViewId, Self>, Failure> {
        let rows = viewpoint.access().find_saved_views(ids).await?.into_values().collect();
        Ok(Self::siblings(viewpoint, rows).into_iter().map(|view| (view.row.id, view)).collect())
    }

    /// This one, where the viewer may see it.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn one(viewpoint: &Arc<Viewpoint>, id: SavedViewId) -> Result<Option<Self>, Failure> {
        Ok(Self::all(viewpoint, &[id]).await?.remove(&id))
    }

    async fn its_owner(&self) -> Result<Option<User>, Failure> {
        let siblings = &self.siblings;
        let load = User::all(&siblings.viewpoint, &siblings.owner_ids);
        Ok(siblings.owners.get(load).await?.get(&self.row.owner_id).cloned())
    }

    /// A part of the view, unless it names what the viewer may not see (A9).
    fn part(
        &self,
        text: Option<&String>,
        needs: impl Fn(saved_view::Kind, &serde_json::Value) -> Vec<Field>,
    ) -> Result<Option<Json>, Failure> {
        let Some(text) = text else { return Ok(None) };
        let json = serde_json::from_str(text)
            .map_err(|error| Error::bug(format!("unreadable part of a view: {error}")))?;
        let actor = self.siblings.viewpoint.access().actor();
        match needs(self.row.kind, &json).into_iter().find(|field| !actor.holds(field.needs)) {
            Some(field) => Err(Failure::Forbidden(field)),
            None => Ok(Some(Json(json))),
        }
    }

    fn its_columns(&self) -> Result<Vec<String>, Failure> {
        let columns = serde_json::from_str(&self.row.columns);
        Ok(columns.map_err(|error| Error::bug(format!("unreadable columns: {error}")))?)
    }
}

/// A list that somebody keeps under a name: which records, in which order, with which columns. A private one is its
/// owner's alone, a shared one is read by everybody in the account who may see such records at all. It gives no access:
/// whoever opens it sees of its list what they may see anyway.
#[Object]
impl SavedView {
    /// The global id, `savedview_…`. It stays the same for good.
    pub async fn id(&self) -> ID {
        self.row.id.into()
    }

    /// What it is called. No two private views of one owner and kind have the same name, nor two shared ones of the
    /// account.
    async fn name(&self) -> &str {
        &self.row.name
    }

    /// What it lists. It stays the same for good.
    async fn kind(&self) -> Kind {
        self.row.kind.into()
    }

    /// Whether everybody in the account reads it who may see such records at all, or its owner alone.
    async fn is_shared(&self) -> bool {
        self.row.shared
    }

    /// Whoever saved it first, for good. When they leave, what they shared stays, and an admin may change or delete it.
    async fn owner(&self) -> Answer<User> {
        Answer::of(self.its_owner()).await
    }

    /// Which records it lists: a `ContactFilter` or an `OpportunityFilter`, to be given to the list as its `filter`. Null
    /// lets everything pass. It is text of its owner: ids in it may name what the viewer does not see, or what is no more.
    /// Null with one `FORBIDDEN` error for the field and list, where it filters by what an opportunity is worth and the
    /// viewer lacks `VIEW_LEAD_VALUE`.
    async fn filter(&self) -> Answer<Json> {
        self.part(self.row.filter.as_ref(), reading::filter_needs).into()
    }

    /// In which order, to be given to the list as its `sort`. Null is the list's own order. Null with one `FORBIDDEN` error
    /// for the field and list, where it sorts by what an opportunity is worth and the viewer lacks `VIEW_LEAD_VALUE`.
    async fn sort(&self) -> Answer<Json> {
        self.part(self.row.sort.as_ref(), reading::sort_needs).into()
    }

    /// The fields of `Contact` or `Opportunity` that it shows, in their order. A name says nothing: the field itself
    /// answers what the viewer may see.
    async fn columns(&self) -> Answer<Vec<String>> {
        self.its_columns().into()
    }

    /// Whether the viewer may change and delete it: its owner may, and an admin where it is shared.
    async fn viewer_may_edit(&self) -> bool {
        let actor = self.siblings.viewpoint.access().actor();
        decide(actor, &self.row, Action::Edit).is_granted()
    }

    /// Raised by every change. Give it as `expectedVersion` to be refused when somebody else was faster.
    async fn version(&self) -> i64 {
        self.row.version
    }

    /// When it was saved first.
    async fn created_at(&self) -> DateTime {
        self.row.created_at.into()
    }

    /// When it last changed.
    async fn updated_at(&self) -> DateTime {
        self.row.updated_at.into()
    }
}
