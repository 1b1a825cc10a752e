//! A task.

use std::collections::HashMap;
use std::fmt;
use std::hash::Hash;
use std::sync::Arc;

use async_graphql::{ID, Object};
use entity::{ContactId, OpportunityId, TaskId, UserId, task};
use policy::{Action, Ties};

use crate::domain::access::{Family, Standing};
use crate::domain::contact::UNNAMED;
use crate::domain::page::Page;
use crate::domain::record::RecordRef;
use crate::graphql::answer::Answer;
use crate::graphql::connection::Listed;
use crate::graphql::context::Viewpoint;
use crate::graphql::error::Failure;
use crate::graphql::hanging::{On, Records};
use crate::graphql::node::Record;
use crate::graphql::scalars::DateTime;
use crate::graphql::siblings::{Once, distinct};
use crate::graphql::user::User;
use crate::graphql::viewer_access::AccessDecision;

/// A task, as the viewer sees it, one of the siblings of a page.
#[derive(Clone)]
pub struct Task {
    row: Arc<task::Model>,
    siblings: Arc<Siblings>,
}

/// What the tasks of one page share.
struct Siblings {
    viewpoint: Arc<Viewpoint>,
    all: Vec<Arc<task::Model>>,
    records: Records,
    contact_names: Once<HashMap<ContactId, String>>,
    opportunity_names: Once<HashMap<OpportunityId, String>>,
    contacts: Once<HashMap<ContactId, Standing>>,
    opportunities: Once<HashMap<OpportunityId, Standing>>,
    people: Once<HashMap<UserId, User>>,
}

impl fmt::Debug for Task {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Task({})", self.row.id)
    }
}

impl Listed for Task {
    const NAME: &'static str = "Task";
}

impl Siblings {
    fn new(viewpoint: &Arc<Viewpoint>, all: Vec<Arc<task::Model>>) -> Self {
        Self {
            viewpoint: Arc::clone(viewpoint),
            records: Records::new(viewpoint, all.iter().map(AsRef::as_ref).map(on)),
            all,
            contact_names: Once::default(),
            opportunity_names: Once::default(),
            contacts: Once::default(),
            opportunities: Once::default(),
            people: Once::default(),
        }
    }
}

impl Task {
    /// The name of lists of tasks in cursors.
    pub const LIST: &'static str = "tasks";

    /// The tasks of a page, siblings of one another.
    pub fn page(viewpoint: &Arc<Viewpoint>, page: Page<task::Model>) -> Page<Self> {
        let mut family = Self::families(viewpoint, HashMap::from([((), page)]));
        family.remove(&()).unwrap_or_else(Page::empty)
    }

    /// The tasks of several records, all of them siblings of one another.
    pub fn families<P: Eq + Hash>(
        viewpoint: &Arc<Viewpoint>,
        pages: Family<P, task::Model>,
    ) -> HashMap<P, Page<Self>> {
        let pages: HashMap<P, Page<Arc<task::Model>>> =
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
    pub async fn all(viewpoint: &Arc<Viewpoint>, ids: &[TaskId]) -> Result<HashMap<TaskId, Self>, Failure> {
        let found = viewpoint.access().find_tasks(ids).await?;
        let found: Vec<Arc<task::Model>> = found.into_values().map(Arc::new).collect();
        let siblings = Arc::new(Siblings::new(viewpoint, found.clone()));
        let object = |row: Arc<task::Model>| (row.id, Self { row, siblings: Arc::clone(&siblings) });
        Ok(found.into_iter().map(object).collect())
    }

    /// This one, where the viewer may see it.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn one(viewpoint: &Arc<Viewpoint>, id: TaskId) -> Result<Option<Self>, Failure> {
        Ok(Self::all(viewpoint, &[id]).await?.remove(&id))
    }

    /// What its record is called, also where the record is hidden (A8). Both kinds are always asked for.
    async fn its_record_name(&self) -> Result<String, Failure> {
        let (siblings, access) = (&self.siblings, self.siblings.viewpoint.access());
        let load = async { Ok(access.contact_names(&siblings.records.contact_ids()).await?) };
        let contacts = siblings.contact_names.get(load).await?;
        let load = async { Ok(access.opportunity_names(&siblings.records.opportunity_ids()).await?) };
        let opportunities = siblings.opportunity_names.get(load).await?;
        let of_contact = self.row.contact_id.and_then(|id| contacts.get(&id));
        let name = of_contact.or_else(|| self.row.opportunity_id.and_then(|id| opportunities.get(&id)));
        Ok(name.cloned().unwrap_or_else(|| UNNAMED.to_owned()))
    }

    /// Its assignee, its author, or whoever did it.
    async fn person(&self, user: Option<UserId>) -> Result<Option<User>, Failure> {
        let siblings = &self.siblings;
        let load = async {
            let people =
                siblings.all.iter().flat_map(|row| [row.assignee_id, row.completed_by, row.author_id]);
            User::all(&siblings.viewpoint, &distinct(people.flatten())).await
        };
        let people = siblings.people.get(load).await?;
        Ok(user.and_then(|user| people.get(&user).cloned()))
    }

    async fn decide(&self, action: Action) -> Result<Option<AccessDecision>, Failure> {
        let (siblings, access) = (&self.siblings, self.siblings.viewpoint.access());
        let load = async { Ok(access.standings::<policy::Contact>(&siblings.records.contact_ids()).await?) };
        let contacts = siblings.contacts.get(load).await?;
        let load =
            async { Ok(access.standings::<policy::Opportunity>(&siblings.records.opportunity_ids()).await?) };
        let opportunities = siblings.opportunities.get(load).await?;
        let on_contact = self.row.contact_id.and_then(|id| Some((RecordRef::from(id), contacts.get(&id)?)));
        let on_opportunity =
            self.row.opportunity_id.and_then(|id| Some((RecordRef::from(id), opportunities.get(&id)?)));

        let assignee = self.row.assignee_id.is_some() && self.row.assignee_id == access.actor().user;
        let ties = Ties { assignee, ..Ties::NONE };
        let decided = on_contact.or(on_opportunity).map(|(record, standing)| {
            access.decide_hanging::<policy::ContactTask, policy::OpportunityTask>(
                record, standing, ties, action,
            )
        });
        Ok(decided.map(AccessDecision::from))
    }
}

fn on(row: &task::Model) -> On {
    (row.contact_id, row.opportunity_id)
}

/// What is to be done about a contact or an opportunity. Whoever sees the record sees its tasks; whose a task is to do sees
/// it too, with the record's name and nothing more of a record that they do not see.
#[Object]
impl Task {
    /// The global id, `task_…`. It stays the same for good.
    pub async fn id(&self) -> ID {
        self.row.id.into()
    }

    /// The contact or opportunity that it is on, for good. Null when the viewer may not see the record: `recordName`
    /// still says what it is called.
    async fn record(&self) -> Answer<Record> {
        Answer::of(self.siblings.records.record(on(&self.row))).await
    }

    /// What the record is called: the name of an opportunity; of a contact its name parts, else its company, else `Unnamed
    /// contact`. It is all that is shown of a record that the viewer may not see.
    async fn record_name(&self) -> Answer<String> {
        Answer::of(self.its_record_name()).await
    }

    /// What is to be done.
    async fn title(&self) -> &str {
        &self.row.title
    }

    /// More about it. Null when nobody said.
    async fn body(&self) -> Option<&str> {
        self.row.body.as_deref()
    }

    /// Whose it is to do. They may have left since. Null when it is nobody's.
    async fn assignee(&self) -> Answer<User> {
        Answer::of(self.person(self.row.assignee_id)).await
    }

    /// Until when it is to be done. Null when there is no end.
    async fn due_at(&self) -> Option<DateTime> {
        self.row.due_at.map(DateTime::from)
    }

    /// Whether it is done.
    async fn is_done(&self) -> bool {
        self.row.completed_at.is_some()
    }

    /// When it was done. Null while it is open.
    async fn completed_at(&self) -> Option<DateTime> {
        self.row.completed_at.map(DateTime::from)
    }

    /// Who said that it is done. Null while it is open, and for the command line.
    async fn completed_by(&self) -> Answer<User> {
        Answer::of(self.person(self.row.completed_by)).await
    }

    /// Who made it, for good. They may have left since. Null for the command line.
    async fn author(&self) -> Answer<User> {
        Answer::of(self.person(self.row.author_id)).await
    }

    /// What the viewer may do to it at this moment, and why not.
    async fn viewer_access(&self) -> TaskAccess {
        TaskAccess(self.clone())
    }

    /// Raised by every change of the task. Give it as `expectedVersion` to be refused when somebody else was faster.
    async fn version(&self) -> i64 {
        self.row.version
    }

    /// When it was made.
    async fn created_at(&self) -> DateTime {
        self.row.created_at.into()
    }

    /// When it last changed; being done, and being opened again, count.
    async fn updated_at(&self) -> DateTime {
        self.row.updated_at.into()
    }
}

/// What the viewer may do to a task.
#[derive(Clone, Debug)]
pub struct TaskAccess(Task);

/// What the viewer may do to a task at this moment, and why not. It is true exactly when the mutation would pass
/// authorization.
#[Object]
impl TaskAccess {
    /// Change what it is about, until when it is to be done, and by whom. Needs to be able to edit the record.
    async fn edit(&self) -> Answer<AccessDecision> {
        Answer::of(self.0.decide(Action::Edit)).await
    }

    /// Say that it is done, or is to be done after all: its assignee may, and whoever may edit the record.
    async fn complete(&self) -> Answer<AccessDecision> {
        Answer::of(self.0.decide(Action::Complete)).await
    }

    /// Delete it. Needs to be able to edit the record.
    async fn delete(&self) -> Answer<AccessDecision> {
        Answer::of(self.0.decide(Action::Delete)).await
    }
}
