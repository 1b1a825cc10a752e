//! Deleted records, as whoever may restore them sees them.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use async_graphql::{ID, Object};
use entity::{DeletionId, TypedId, UserId};

use crate::domain::access::{self, Deleted};
use crate::domain::deletion::end;
use crate::domain::page::Page;
use crate::graphql::answer::Answer;
use crate::graphql::connection::Listed;
use crate::graphql::context::Viewpoint;
use crate::graphql::error::Failure;
use crate::graphql::scalars::DateTime;
use crate::graphql::siblings::{Once, distinct};
use crate::graphql::user::User;

/// A deleted record, with the siblings of its page.
struct InTrash<I> {
    row: Arc<Deleted<I>>,
    siblings: Arc<Siblings<I>>,
}

/// What the deleted records of a page share.
struct Siblings<I> {
    viewpoint: Arc<Viewpoint>,
    rows: Vec<Arc<Deleted<I>>>,
    people: Once<HashMap<UserId, User>>,
    taken: Once<HashMap<DeletionId, u64>>,
}

impl<I> Clone for InTrash<I> {
    fn clone(&self) -> Self {
        Self { row: Arc::clone(&self.row), siblings: Arc::clone(&self.siblings) }
    }
}

impl<I: TypedId> fmt::Debug for InTrash<I> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "InTrash({})", self.row.id)
    }
}

impl<I: TypedId> InTrash<I> {
    fn page(viewpoint: &Arc<Viewpoint>, page: Page<Deleted<I>>) -> Page<Self> {
        let page = page.map(Arc::new);
        let siblings = Arc::new(Siblings {
            viewpoint: Arc::clone(viewpoint),
            rows: page.items.iter().map(|(_, row)| Arc::clone(row)).collect(),
            people: Once::default(),
            taken: Once::default(),
        });
        page.map(|row| Self { row, siblings: Arc::clone(&siblings) })
    }

    async fn person(&self, user: Option<UserId>) -> Result<Option<User>, Failure> {
        let load = async {
            let people = self.siblings.rows.iter().flat_map(|row| row.owner.into_iter().chain(row.by));
            User::all(&self.siblings.viewpoint, &distinct(people)).await
        };
        let people = self.siblings.people.get(load).await?;
        Ok(user.and_then(|user| people.get(&user).cloned()))
    }

    async fn taken(&self) -> Result<Option<u64>, Failure> {
        let load = async {
            let deletions = distinct(self.siblings.rows.iter().map(|row| row.deletion));
            Ok(self.siblings.viewpoint.access().count_taken(&deletions).await?)
        };
        let taken = self.siblings.taken.get(load).await?;
        Ok(Some(taken.get(&self.row.deletion).copied().unwrap_or_default()))
    }
}

/// A deleted contact.
#[derive(Clone, Debug)]
pub struct DeletedContact(InTrash<entity::ContactId>);

impl Listed for DeletedContact {
    const NAME: &'static str = "DeletedContact";
}

impl DeletedContact {
    /// The deleted contacts of a page, siblings of one another.
    pub fn page(viewpoint: &Arc<Viewpoint>, page: Page<access::DeletedContact>) -> Page<Self> {
        InTrash::page(viewpoint, page).map(Self)
    }
}

/// A deleted contact, as whoever may restore it sees it. It answers as not there everywhere else.
#[Object]
impl DeletedContact {
    /// The id that the contact had and will have again, `contact_…`: give it to `contactRestore`.
    async fn contact_id(&self) -> ID {
        self.0.row.id.into()
    }

    /// What it is called: its name parts, else its company, else `Unnamed contact`.
    async fn display_name(&self) -> &str {
        &self.0.row.name
    }

    /// Who owned it when it was deleted. Null when it was unassigned.
    async fn owner(&self) -> Answer<User> {
        Answer::of(self.0.person(self.0.row.owner)).await
    }

    /// Who deleted it. Null for the command line.
    async fn deleted_by(&self) -> Answer<User> {
        Answer::of(self.0.person(self.0.row.by)).await
    }

    /// When it was deleted.
    async fn deleted_at(&self) -> DateTime {
        self.0.row.at.into()
    }

    /// Until when it can be restored: then it is purged for good, and the values of its history with it.
    async fn purged_at(&self) -> DateTime {
        end(self.0.row.at).into()
    }

    /// How many opportunities went with it that the viewer could see if they were there. Restoring the contact brings
    /// back all that went with it.
    async fn opportunity_count(&self) -> Answer<u64> {
        Answer::of(self.0.taken()).await
    }
}

/// A deleted opportunity.
#[derive(Clone, Debug)]
pub struct DeletedOpportunity(InTrash<entity::OpportunityId>);

impl Listed for DeletedOpportunity {
    const NAME: &'static str = "DeletedOpportunity";
}

impl DeletedOpportunity {
    /// The deleted opportunities of a page, siblings of one another.
    pub fn page(viewpoint: &Arc<Viewpoint>, page: Page<access::DeletedOpportunity>) -> Page<Self> {
        InTrash::page(viewpoint, page).map(Self)
    }
}

/// A deleted opportunity, as whoever may restore it sees it. It answers as not there everywhere else.
#[Object]
impl DeletedOpportunity {
    /// The id that the opportunity had and will have again, `opportunity_…`: give it to `opportunityRestore`.
    async fn opportunity_id(&self) -> ID {
        self.0.row.id.into()
    }

    /// What the deal is called.
    async fn name(&self) -> &str {
        &self.0.row.name
    }

    /// What its contact is called, which is all that is shown of it.
    async fn contact_name(&self) -> &str {
        &self.0.row.contact_name
    }

    /// Whether it went with its contact. Then it comes back with the contact only, and `opportunityRestore` refuses it.
    async fn deleted_with_contact(&self) -> bool {
        self.0.row.with_contact
    }

    /// Who owned it when it was deleted. Null when it was unassigned.
    async fn owner(&self) -> Answer<User> {
        Answer::of(self.0.person(self.0.row.owner)).await
    }

    /// Who deleted it, or its contact. Null for the command line.
    async fn deleted_by(&self) -> Answer<User> {
        Answer::of(self.0.person(self.0.row.by)).await
    }

    /// When it was deleted.
    async fn deleted_at(&self) -> DateTime {
        self.0.row.at.into()
    }

    /// Until when it can be restored: then it is purged for good, and the values of its history with it.
    async fn purged_at(&self) -> DateTime {
        end(self.0.row.at).into()
    }
}
