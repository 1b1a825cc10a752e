//! A record as the viewer sees it, with the siblings of its page: what contacts and opportunities have in common.

use std::collections::HashMap;
use std::fmt;
use std::hash::Hash;
use std::sync::Arc;

use entity::UserId;
use policy::{Action, Decision, OwnerChange};

use super::activity::Activity;
use super::connection::{Connection, Paging};
use super::context::Viewpoint;
use super::error::Failure;
use super::follower::Follower;
use super::note::Note;
use super::siblings::{ByArguments, Once};
use super::task::Task;
use super::user::User;
use crate::domain::access::{Count, Family, Seen, Standing, TaskFilter};
use crate::domain::page::{Page, Window};
use crate::domain::record::{RecordRow, RecordTable};

/// The name of the history in cursors.
const HISTORY: &str = "activity";

/// A kind of record that has a face on the graph.
pub trait Surfaced: RecordTable {
    /// What siblings of this kind share beside what all records have.
    type Own: Default + std::fmt::Debug + Send + Sync;
}

/// What the records of one page share.
pub struct Siblings<R: Surfaced> {
    viewpoint: Arc<Viewpoint>,
    records: Vec<Arc<Seen<R>>>,
    owners: Once<HashMap<UserId, User>>,
    followers: Once<HashMap<R::Id, Vec<Follower>>>,
    owner_changes: Once<HashMap<R::Id, OwnerChange>>,
    activity: ByArguments<Window, Family<R::Id, Activity>>,
    activity_counts: Once<HashMap<R::Id, Count>>,
    notes: ByArguments<Window, Family<R::Id, Note>>,
    note_counts: Once<HashMap<R::Id, Count>>,
    tasks: ByArguments<(TaskFilter, Window), Family<R::Id, Task>>,
    task_counts: ByArguments<TaskFilter, HashMap<R::Id, Count>>,
    own: R::Own,
}

/// A record as the viewer sees it, one of the siblings of a page.
pub struct InView<R: Surfaced> {
    seen: Arc<Seen<R>>,
    siblings: Arc<Siblings<R>>,
}

impl<R: Surfaced> Clone for InView<R> {
    fn clone(&self) -> Self {
        Self { seen: Arc::clone(&self.seen), siblings: Arc::clone(&self.siblings) }
    }
}

impl<R: Surfaced> fmt::Debug for InView<R> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("InView").field(self.row()).finish()
    }
}

impl<R: Surfaced> InView<R> {
    /// The records of a page, siblings of one another.
    pub fn page(viewpoint: &Arc<Viewpoint>, page: Page<Seen<R>>) -> Page<Self> {
        let mut family = Self::families(viewpoint, HashMap::from([((), page)]));
        family.remove(&()).unwrap_or_else(Page::empty)
    }

    /// The records of the pages of several parents, all of them siblings of one another.
    pub fn families<P: Eq + Hash>(
        viewpoint: &Arc<Viewpoint>,
        pages: HashMap<P, Page<Seen<R>>>,
    ) -> HashMap<P, Page<Self>> {
        let pages: HashMap<P, Page<Arc<Seen<R>>>> =
            pages.into_iter().map(|(parent, page)| (parent, page.map(Arc::new))).collect();
        let records = pages.values().flat_map(|page| page.items.iter().map(|(_, seen)| Arc::clone(seen)));
        let siblings = Arc::new(Siblings::new(viewpoint, records.collect()));
        let in_view = |seen| Self { seen, siblings: Arc::clone(&siblings) };
        pages.into_iter().map(|(parent, page)| (parent, page.map(in_view))).collect()
    }

    /// The visible ones among these, siblings of one another, in one statement.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn all(viewpoint: &Arc<Viewpoint>, ids: &[R::Id]) -> Result<HashMap<R::Id, Self>, Failure> {
        let found = viewpoint.access().find::<R>(ids).await?;
        let found: Vec<Arc<Seen<R>>> = found.into_values().map(Arc::new).collect();
        let siblings = Arc::new(Siblings::new(viewpoint, found.clone()));
        let in_view = |seen: Arc<Seen<R>>| (seen.row.id(), Self { seen, siblings: Arc::clone(&siblings) });
        Ok(found.into_iter().map(in_view).collect())
    }

    /// A record that was seen already, without siblings.
    pub fn alone(viewpoint: &Arc<Viewpoint>, seen: Seen<R>) -> Self {
        let seen = Arc::new(seen);
        let siblings = Arc::new(Siblings::new(viewpoint, vec![Arc::clone(&seen)]));
        Self { seen, siblings }
    }

    /// This record, where the viewer may see it.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn one(viewpoint: &Arc<Viewpoint>, id: R::Id) -> Result<Option<Self>, Failure> {
        Ok(Self::all(viewpoint, &[id]).await?.remove(&id))
    }

    /// Through whose eyes it is seen.
    pub fn viewpoint(&self) -> &Arc<Viewpoint> {
        &self.siblings.viewpoint
    }

    /// Its row.
    pub fn row(&self) -> &R::Row {
        &self.seen.row
    }

    /// Its id.
    pub fn id(&self) -> R::Id {
        self.seen.row.id()
    }

    /// What siblings of its kind share.
    pub fn own(&self) -> &R::Own {
        &self.siblings.own
    }

    /// All its siblings' rows, its own among them.
    pub fn rows(&self) -> impl Iterator<Item = &R::Row> {
        self.siblings.records.iter().map(|seen| &seen.row)
    }

    /// How many siblings there are, itself among them.
    pub fn count(&self) -> usize {
        self.siblings.records.len()
    }

    /// All its siblings' ids, its own among them.
    pub fn ids(&self) -> Vec<R::Id> {
        self.siblings.ids()
    }

    /// How the viewer and its owner stand to it.
    pub fn standing(&self) -> &Standing {
        &self.seen.standing
    }

    /// Whether the viewer may do something to it.
    pub fn decide(&self, action: Action) -> Decision {
        self.viewpoint().access().decide(&self.seen, action)
    }

    /// Whether the viewer, who owns or follows it, wants no notices about it (F8).
    pub fn is_muted(&self) -> bool {
        let standing = &self.seen.standing;
        let related = standing.relation(self.viewpoint().access().now()).is_some();
        related && standing.mine.is_some_and(|mine| mine.muted_at.is_some())
    }

    /// To whom the viewer may give it.
    pub async fn owner_change(&self) -> Result<OwnerChange, Failure> {
        let load = async {
            let records: Vec<&Seen<R>> = self.siblings.records.iter().map(AsRef::as_ref).collect();
            Ok(self.viewpoint().access().owner_changes(&records).await?)
        };
        let changes = self.siblings.owner_changes.get(load).await?;
        changes.get(&self.id()).copied().ok_or_else(|| Failure::bug("a sibling has no decision on its owner"))
    }

    /// Its owner.
    pub async fn owner(&self) -> Result<Option<User>, Failure> {
        let load = async {
            let ids: Vec<UserId> = self.rows().filter_map(RecordRow::owner_id).collect();
            User::all(self.viewpoint(), &ids).await
        };
        let owners = self.siblings.owners.get(load).await?;
        Ok(self.row().owner_id().and_then(|owner| owners.get(&owner).cloned()))
    }

    /// Its followers, oldest first.
    pub async fn followers(&self) -> Result<Vec<Follower>, Failure> {
        let load = async { Follower::all::<R>(self.viewpoint(), &self.ids()).await };
        let followers = self.siblings.followers.get(load).await?;
        Ok(followers.get(&self.id()).cloned().unwrap_or_default())
    }

    /// A page of its history, newest first.
    pub async fn activity(&self, paging: Paging) -> Result<Connection<Activity>, Failure> {
        let window = paging.window(self.viewpoint(), HISTORY, self.count())?;
        let cell = self.siblings.activity.of(window.clone());
        let load = async {
            let found = self.viewpoint().access().activity_of::<R>(&self.ids(), &window).await?;
            Ok(Activity::families(self.viewpoint(), found))
        };
        let page = cell.get(load).await?.get(&self.id()).cloned().unwrap_or_else(Page::empty);
        let counted = self.clone();
        let counter = move || {
            let counted = counted.clone();
            Box::pin(async move { counted.count_activity().await }) as _
        };
        Ok(Connection::new(self.viewpoint(), HISTORY, page, Box::new(counter)))
    }

    async fn count_activity(&self) -> Result<Count, Failure> {
        let load = async { Ok(self.viewpoint().access().count_activity_of::<R>(&self.ids()).await?) };
        let counts = self.siblings.activity_counts.get(load).await?;
        Ok(counts.get(&self.id()).copied().unwrap_or(NONE))
    }

    /// A page of its notes, newest first.
    pub async fn notes(&self, paging: Paging) -> Result<Connection<Note>, Failure> {
        let window = paging.window(self.viewpoint(), Note::LIST, self.count())?;
        let load = async {
            let found = self.viewpoint().access().notes_of::<R>(&self.ids(), &window).await?;
            Ok(Note::families(self.viewpoint(), found))
        };
        let pages = self.siblings.notes.of(window.clone()).get(load).await?;
        let page = pages.get(&self.id()).cloned().unwrap_or_else(Page::empty);
        let counted = self.clone();
        let counter = move || {
            let counted = counted.clone();
            Box::pin(async move { counted.count_notes().await }) as _
        };
        Ok(Connection::new(self.viewpoint(), Note::LIST, page, Box::new(counter)))
    }

    async fn count_notes(&self) -> Result<Count, Failure> {
        let load = async { Ok(self.viewpoint().access().count_notes_of::<R>(&self.ids()).await?) };
        Ok(self.siblings.note_counts.get(load).await?.get(&self.id()).copied().unwrap_or(NONE))
    }

    /// A page of its tasks, open ones first.
    pub async fn tasks(&self, filter: TaskFilter, paging: Paging) -> Result<Connection<Task>, Failure> {
        let window = paging.window(self.viewpoint(), Task::LIST, self.count())?;
        let load = async {
            let found = self.viewpoint().access().tasks_of::<R>(&self.ids(), filter, &window).await?;
            Ok(Task::families(self.viewpoint(), found))
        };
        let pages = self.siblings.tasks.of((filter, window.clone())).get(load).await?;
        let page = pages.get(&self.id()).cloned().unwrap_or_else(Page::empty);
        let counted = self.clone();
        let counter = move || {
            let counted = counted.clone();
            Box::pin(async move { counted.count_tasks(filter).await }) as _
        };
        Ok(Connection::new(self.viewpoint(), Task::LIST, page, Box::new(counter)))
    }

    async fn count_tasks(&self, filter: TaskFilter) -> Result<Count, Failure> {
        let load = async { Ok(self.viewpoint().access().count_tasks_of::<R>(&self.ids(), filter).await?) };
        let counts = self.siblings.task_counts.of(filter).get(load).await?;
        Ok(counts.get(&self.id()).copied().unwrap_or(NONE))
    }
}

/// The count of nothing.
const NONE: Count = Count { value: 0, is_exact: true };

impl<R: Surfaced> Siblings<R> {
    fn new(viewpoint: &Arc<Viewpoint>, records: Vec<Arc<Seen<R>>>) -> Self {
        Self {
            viewpoint: Arc::clone(viewpoint),
            records,
            owners: Once::default(),
            followers: Once::default(),
            owner_changes: Once::default(),
            activity: ByArguments::default(),
            activity_counts: Once::default(),
            notes: ByArguments::default(),
            note_counts: Once::default(),
            tasks: ByArguments::default(),
            task_counts: ByArguments::default(),
            own: R::Own::default(),
        }
    }

    fn ids(&self) -> Vec<R::Id> {
        self.records.iter().map(|seen| seen.row.id()).collect()
    }
}
