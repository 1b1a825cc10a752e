//! A person of the account.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use async_graphql::{Enum, ID, Object};
use entity::{UserId, user};
use policy::{Permissions, USER_DETAILS};

use super::Permission;
use super::siblings::Siblings;
use crate::domain::access::Inbox;
use crate::domain::page::Page;
use crate::graphql::answer::Answer;
use crate::graphql::appointment::{Appointment, AppointmentFilterInput, AppointmentSort};
use crate::graphql::connection::{Connection, Listed, Paging};
use crate::graphql::context::Viewpoint;
use crate::graphql::error::Failure;
use crate::graphql::gated::{gated, needs};
use crate::graphql::notification::{Notification, Wanted, inbox, preferences, unread_count};
use crate::graphql::siblings::distinct;

/// What a person is in the account.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "entity::user::Role")]
pub enum Role {
    /// Holds every permission, is never restricted, and may change owners where a follower may not.
    Admin,
    /// Holds what was granted, and may be restricted to the records that they own or follow.
    User,
}

/// A person of the account, as the viewer may see them, one of the siblings of a page.
#[derive(Clone)]
pub struct User {
    pub(super) row: Arc<user::Model>,
    pub(super) siblings: Arc<Siblings>,
}

impl fmt::Debug for User {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "User({})", self.row.id)
    }
}

impl User {
    /// The person of this row, alone.
    #[must_use]
    pub fn new(viewpoint: &Arc<Viewpoint>, row: user::Model) -> Self {
        let siblings = Arc::new(Siblings::new(viewpoint, vec![row.id]));
        Self { row: Arc::new(row), siblings }
    }

    /// The people of a page, siblings of one another.
    #[must_use]
    pub fn page(viewpoint: &Arc<Viewpoint>, page: Page<user::Model>) -> Page<Self> {
        let ids = page.items.iter().map(|(_, row)| row.id).collect();
        let siblings = Arc::new(Siblings::new(viewpoint, ids));
        page.map(|row| Self { row: Arc::new(row), siblings: Arc::clone(&siblings) })
    }

    /// These people, in one statement.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn all(viewpoint: &Arc<Viewpoint>, ids: &[UserId]) -> Result<HashMap<UserId, Self>, Failure> {
        let rows = viewpoint.access().users(&distinct(ids.iter().copied())).await?;
        let siblings = Arc::new(Siblings::new(viewpoint, rows.keys().copied().collect()));
        let object = |row| Self { row: Arc::new(row), siblings: Arc::clone(&siblings) };
        Ok(rows.into_iter().map(|(id, row)| (id, object(row))).collect())
    }

    /// The viewer's eyes, where they look at themselves.
    fn oneself(&self) -> Result<&Arc<Viewpoint>, Failure> {
        let viewpoint = &self.siblings.viewpoint;
        let is_oneself = viewpoint.access().actor().user == Some(self.row.id);
        is_oneself.then_some(viewpoint).ok_or(Failure::NotOneself)
    }

    /// A detail that only oneself and whoever manages users may see.
    fn detail<T>(&self, value: T) -> Answer<T> {
        let viewpoint = &self.siblings.viewpoint;
        if viewpoint.access().actor().user == Some(self.row.id) {
            return Ok(Some(value)).into();
        }
        gated(viewpoint, USER_DETAILS, Some(value))
    }
}

impl Listed for User {
    const NAME: &'static str = "User";
}

/// A person of the account. Everybody of the account sees id, name and picture; the details need `MANAGE_USERS`, except
/// one's own, which are open to oneself.
#[Object]
impl User {
    /// The global id, `user_…`. It stays the same for good.
    pub async fn id(&self) -> ID {
        self.row.id.into()
    }

    /// First and last name, as shown to colleagues.
    async fn name(&self) -> &str {
        &self.row.name
    }

    /// The address of a picture of the person. Null when there is none.
    async fn picture(&self) -> Option<&str> {
        self.row.picture.as_deref()
    }

    /// The e-mail address that the person signs in with. Needs `MANAGE_USERS`, except one's own.
    #[graphql(directive = needs::apply(USER_DETAILS.needs.into()))]
    async fn email(&self) -> Answer<&str> {
        self.detail(self.row.email.as_str())
    }

    /// Whether the person is an admin or a user. Needs `MANAGE_USERS`, except one's own.
    #[graphql(directive = needs::apply(USER_DETAILS.needs.into()))]
    async fn role(&self) -> Answer<Role> {
        self.detail(self.row.role.into())
    }

    /// What the person holds at this moment: everything for an admin, nothing for somebody inactive. Needs
    /// `MANAGE_USERS`, except one's own.
    #[graphql(directive = needs::apply(USER_DETAILS.needs.into()))]
    async fn permissions(&self) -> Answer<Vec<Permission>> {
        let held = Permissions::from_bits(self.row.effective_permissions);
        self.detail(held.iter().map(Permission::from).collect())
    }

    /// Whether the person sees only records that they own or follow. Without effect for admins. Needs `MANAGE_USERS`,
    /// except one's own.
    #[graphql(directive = needs::apply(USER_DETAILS.needs.into()))]
    async fn only_assigned_data(&self) -> Answer<bool> {
        self.detail(self.row.only_assigned_data)
    }

    /// Whether the person may sign in, own and follow. Records keep naming people who have left. Needs `MANAGE_USERS`,
    /// except one's own.
    #[graphql(directive = needs::apply(USER_DETAILS.needs.into()))]
    async fn is_active(&self) -> Answer<bool> {
        self.detail(self.row.active)
    }

    /// The appointments that the person holds or attends and that the viewer may see, the one that begins first first
    /// unless sorted otherwise. Nested pages of a list of people are read together, and may hold at most 20,000 items over
    /// all people.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection")]
    async fn appointments(
        &self,
        #[graphql(desc = "Only appointments that pass all of it.")] filter: Option<AppointmentFilterInput>,
        #[graphql(desc = "The order; by beginning, the earliest first, when left out.")] sort: Option<
            AppointmentSort,
        >,
        #[graphql(
            desc = "At most so many, from the start of the list: 0 to 200, 50 when neither `first` nor `last` is given."
        )]
        first: Option<i64>,
        #[graphql(desc = "Only what comes after this cursor of the same list and order. Goes with `first`.")]
        after: Option<String>,
        #[graphql(desc = "At most so many, from the end of the list: 0 to 200. Not together with `first`.")]
        last: Option<i64>,
        #[graphql(desc = "Only what comes before this cursor of the same list and order. Goes with `last`.")]
        before: Option<String>,
    ) -> Answer<Connection<Appointment>> {
        Answer::of(self.its_appointments(filter, sort, Paging { first, after, last, before })).await
    }

    /// The viewer's own inbox: what they were told, newest first. On anybody else it is null, with a `FORBIDDEN` error.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection")]
    async fn notifications(
        &self,
        #[graphql(
            desc = "At most so many, from the start of the list: 0 to 200, 50 when neither `first` nor `last` is given."
        )]
        first: Option<i64>,
        #[graphql(desc = "Only what comes after this cursor of the same list and order. Goes with `first`.")]
        after: Option<String>,
        #[graphql(desc = "At most so many, from the end of the list: 0 to 200. Not together with `first`.")]
        last: Option<i64>,
        #[graphql(desc = "Only what comes before this cursor of the same list and order. Goes with `last`.")]
        before: Option<String>,
        #[graphql(desc = "Only what is not read. False when left out.")] unread_only: Option<bool>,
        #[graphql(desc = "The archive instead of the inbox. False when left out.")] archived: Option<bool>,
    ) -> Answer<Connection<Notification>> {
        let wanted =
            Inbox { unread_only: unread_only.unwrap_or_default(), archived: archived.unwrap_or_default() };
        Answer::of(async { inbox(self.oneself()?, wanted, Paging { first, after, last, before }).await })
            .await
    }

    /// How many notifications in the viewer's own inbox are neither read nor archived. On anybody else it is null, with a
    /// `FORBIDDEN` error.
    async fn unread_count(&self) -> Answer<u64> {
        Answer::of(async { unread_count(self.oneself()?).await }).await
    }

    /// Of every kind of notification, whether the viewer wants it. On anybody else it is null, with a `FORBIDDEN` error.
    async fn notification_preferences(&self) -> Answer<Vec<Wanted>> {
        Answer::of(async { preferences(self.oneself()?).await }).await
    }
}
