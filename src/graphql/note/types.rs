//! A note.

use std::collections::HashMap;
use std::fmt;
use std::hash::Hash;
use std::sync::Arc;

use async_graphql::{ID, Object};
use entity::{NoteId, UserId, note};
use policy::{Action, Ties};

use crate::domain::access::Family;
use crate::domain::page::Page;
use crate::graphql::answer::Answer;
use crate::graphql::connection::Listed;
use crate::graphql::context::Viewpoint;
use crate::graphql::error::Failure;
use crate::graphql::hanging::Records;
use crate::graphql::node::Record;
use crate::graphql::scalars::DateTime;
use crate::graphql::siblings::{Once, distinct};
use crate::graphql::user::User;
use crate::graphql::viewer_access::AccessDecision;

/// A note, as the viewer sees it, one of the siblings of a page.
#[derive(Clone)]
pub struct Note {
    row: Arc<note::Model>,
    siblings: Arc<Siblings>,
}

/// What the notes of one page share.
struct Siblings {
    viewpoint: Arc<Viewpoint>,
    all: Vec<Arc<note::Model>>,
    records: Records,
    authors: Once<HashMap<UserId, User>>,
    mentions: Once<HashMap<NoteId, Vec<UserId>>>,
    mentioned: Once<HashMap<UserId, User>>,
}

impl fmt::Debug for Note {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Note({})", self.row.id)
    }
}

impl Listed for Note {
    const NAME: &'static str = "Note";
}

impl Siblings {
    fn new(viewpoint: &Arc<Viewpoint>, all: Vec<Arc<note::Model>>) -> Self {
        Self {
            viewpoint: Arc::clone(viewpoint),
            records: Records::new(viewpoint, all.iter().map(|row| (row.contact_id, row.opportunity_id))),
            all,
            authors: Once::default(),
            mentions: Once::default(),
            mentioned: Once::default(),
        }
    }
}

impl Note {
    /// The name of lists of notes in cursors.
    pub const LIST: &'static str = "notes";

    /// The notes of several records, all of them siblings of one another.
    pub fn families<P: Eq + Hash>(
        viewpoint: &Arc<Viewpoint>,
        pages: Family<P, note::Model>,
    ) -> HashMap<P, Page<Self>> {
        let pages: HashMap<P, Page<Arc<note::Model>>> =
            pages.into_iter().map(|(record, page)| (record, page.map(Arc::new))).collect();
        let all = pages.values().flat_map(|page| page.items.iter().map(|(_, row)| Arc::clone(row)));
        let siblings = Arc::new(Siblings::new(viewpoint, all.collect()));
        let object = |row| Self { row, siblings: Arc::clone(&siblings) };
        pages.into_iter().map(|(record, page)| (record, page.map(object))).collect()
    }

    /// The visible ones among these, siblings of one another, in one statement.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn all(viewpoint: &Arc<Viewpoint>, ids: &[NoteId]) -> Result<HashMap<NoteId, Self>, Failure> {
        let found = viewpoint.access().find_notes(ids).await?;
        let found: Vec<Arc<note::Model>> = found.into_values().map(Arc::new).collect();
        let siblings = Arc::new(Siblings::new(viewpoint, found.clone()));
        let object = |row: Arc<note::Model>| (row.id, Self { row, siblings: Arc::clone(&siblings) });
        Ok(found.into_iter().map(object).collect())
    }

    /// This one, where the viewer may see it.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn one(viewpoint: &Arc<Viewpoint>, id: NoteId) -> Result<Option<Self>, Failure> {
        Ok(Self::all(viewpoint, &[id]).await?.remove(&id))
    }

    async fn its_author(&self) -> Result<Option<User>, Failure> {
        let siblings = &self.siblings;
        let load = async {
            let ids = distinct(siblings.all.iter().filter_map(|row| row.author_id));
            User::all(&siblings.viewpoint, &ids).await
        };
        let authors = siblings.authors.get(load).await?;
        Ok(self.row.author_id.and_then(|author| authors.get(&author).cloned()))
    }

    async fn its_mentions(&self) -> Result<Vec<User>, Failure> {
        let siblings = &self.siblings;
        let load = async {
            let notes: Vec<NoteId> = siblings.all.iter().map(|row| row.id).collect();
            Ok(siblings.viewpoint.access().mentions(&notes).await?)
        };
        let mentions = siblings.mentions.get(load).await?;
        let load = async {
            let ids = distinct(mentions.values().flatten().copied());
            User::all(&siblings.viewpoint, &ids).await
        };
        let people = siblings.mentioned.get(load).await?;
        let its = mentions.get(&self.row.id).map(Vec::as_slice).unwrap_or_default();
        Ok(its.iter().filter_map(|user| people.get(user).cloned()).collect())
    }

    async fn decide(&self, action: Action) -> Result<Option<AccessDecision>, Failure> {
        let access = self.siblings.viewpoint.access();
        let author = self.row.author_id.is_some() && self.row.author_id == access.actor().user;
        let of = (self.row.contact_id, self.row.opportunity_id);
        let decided = self.siblings.records.standing(of).await?.map(|(record, standing)| {
            let ties = Ties { author, ..Ties::NONE };
            access.decide_hanging::<policy::ContactNote, policy::OpportunityNote>(
                record, &standing, ties, action,
            )
        });
        Ok(decided.map(AccessDecision::from))
    }
}

/// What somebody wrote on a contact or an opportunity. Whoever sees the record sees its notes.
#[Object]
impl Note {
    /// The global id, `note_…`. It stays the same for good.
    pub async fn id(&self) -> ID {
        self.row.id.into()
    }

    /// The contact or opportunity that it is on, for good.
    async fn record(&self) -> Answer<Record> {
        Answer::of(self.siblings.records.record((self.row.contact_id, self.row.opportunity_id))).await
    }

    /// Who wrote it, for good. They may have left since. Null for the command line.
    async fn author(&self) -> Answer<User> {
        Answer::of(self.its_author()).await
    }

    /// What it says: plain text on one or several lines, at most 20,000 characters.
    async fn body(&self) -> &str {
        &self.row.body
    }

    /// The colleagues whom it mentions, by when they joined the account. They could see the record when they were
    /// mentioned.
    async fn mentions(&self) -> Answer<Vec<User>> {
        Answer::of(self.its_mentions()).await
    }

    /// What the viewer may do to it at this moment, and why not.
    async fn viewer_access(&self) -> NoteAccess {
        NoteAccess(self.clone())
    }

    /// Raised by every change of the note. Give it as `expectedVersion` to be refused when somebody else was faster.
    async fn version(&self) -> i64 {
        self.row.version
    }

    /// When it was written.
    async fn created_at(&self) -> DateTime {
        self.row.created_at.into()
    }

    /// When it was last changed.
    async fn updated_at(&self) -> DateTime {
        self.row.updated_at.into()
    }
}

/// What the viewer may do to a note.
#[derive(Clone, Debug)]
pub struct NoteAccess(Note);

/// What the viewer may do to a note at this moment, and why not. It is true exactly when the mutation would pass
/// authorization. All of it needs to be able to edit the record.
#[Object]
impl NoteAccess {
    /// Change what it says and whom it mentions: its author may, and an admin.
    async fn edit(&self) -> Answer<AccessDecision> {
        Answer::of(self.0.decide(Action::Edit)).await
    }

    /// Delete it: its author may, and whoever holds `EDIT_CONTACTS` or `EDIT_OPPORTUNITIES` of their own, as its record is.
    async fn delete(&self) -> Answer<AccessDecision> {
        Answer::of(self.0.decide(Action::Delete)).await
    }
}
